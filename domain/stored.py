"""How events stand in the record: names to classes and back, and old shapes brought up to date.

This module is what the record is given as its catalogue (`domain.record.encoding.Catalogue`).
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from uuid import UUID

from domain.catalogue import AUTHORITY, CASE, EVENTS
from domain.words import Digest, DocumentRef

_DIGESTS: Final = (Digest, Digest | None)
# Digests of something else than the document that is named: of what a copy was made of, and of the
# figures of a return as they are handed over.
_OF_OTHERS: Final = frozenset({"source", "sha256"})
_DOCUMENTS: Final = (DocumentRef, DocumentRef | None)
_NAMES: Final = {kind.cls: name for name, kind in EVENTS.items()}


def answered(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What was yes or no, and since version 2 may be not recorded.

    What was `no` stays so: it is what the record says, and was hashed. Whether somebody answered,
    or left the question as it stood, no later step can know; whoever does says so by a correction.
    """
    return lambda data: data | {name: "yes" if data[name] else "no" for name in names}


def unrecorded(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What was not asked before: it is not recorded."""
    return lambda data: data | dict.fromkeys(names, "not_recorded")


# (name, version) → the step from that version to the next. A step never changes meaning.
UPCASTERS: Final[Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = {
    # Due dates stayed as they were stored: none was reckoned anew, and the list of them is empty.
    ("record-corrected", 1): dict,
    # It was not asked which referral an answer is of.
    ("feedback-given", 1): dict,
    # Whoever put them was told by their role alone.
    ("adult-views-presented", 1): dict,
    # Which edition of the rule it was decided by was not asked.
    ("concern-counted", 1): dict,
    # On which entries they rest, and what else was weighed, was not asked.
    ("section42-duty-decided", 1): dict,
    ("three-point-criteria-determined", 1): dict,
    ("conference-not-required", 1): dict,
    # It could not say who may chair: that is as the nation has it.
    ("policy-adopted", 1): dict,
    # The post of a chair was one of the list.
    ("chair-appointed", 1): dict,
    ("referral-received", 1): answered("referrer_confidential"),
    ("referral-linked", 1): answered("referrer_confidential"),
    # Whether the adult was told, and of consent and another authority, it was not asked.
    ("referral-linked", 2): unrecorded("adult_told", "consent"),
    ("advocacy-information-given", 1): answered("access_explained"),
    ("chronology-tabled", 1): answered("multi_agency"),
    ("report-considered", 1): answered("stated_wishes", "proposed_outcomes"),
    # How its source writes the agencies was not kept, and nobody can tell it from what was.
    ("chronology-entry-recorded", 1): dict,
}


def describe(cls: type) -> tuple[str, int]:
    """Give the stored name and current version of an event class."""
    name = _NAMES[cls]
    return name, EVENTS[name].current_version


def resolve(name: str) -> type:
    """Give the class of a stored name."""
    return EVENTS[name].cls


def naming_documents() -> dict[str, tuple[str, ...]]:
    """Give the events that name a document, by name and version, and the fields of its digest."""
    return {
        f"{name}.v{version}": _digests(kind.cls)
        for name, kind in EVENTS.items()
        if kind.stream in {CASE, AUTHORITY}
        and typing.get_type_hints(kind.cls).get("document") in _DOCUMENTS
        for version in range(1, kind.current_version + 1)
    }


def digests_of(document: UUID, told: object) -> tuple[Digest, ...]:
    """Give the digests that an event, or a command, holds of a document; none of any other.

    What a manifest says of it, entry by entry, is among them.
    """
    rows = (getattr(told, one.name) for one in dataclasses.fields(cast("Any", told)))
    within = (one for row in rows if isinstance(row, tuple) for one in row)
    return tuple(
        digest
        for one in (told, *within)
        if getattr(one, "document", None) == document
        for name in _digests(type(one))
        if (digest := getattr(one, name)) is not None
    )


def _digests(cls: type) -> tuple[str, ...]:
    """The fields of an event, or of a command, with a digest of the document it names."""
    hints = typing.get_type_hints(cls)
    return tuple(one for one, hint in hints.items() if hint in _DIGESTS and one not in _OF_OTHERS)


def upcast(name: str, version: int, data: dict[str, Any]) -> dict[str, Any]:
    """Bring the data of an older version to the current shape, one version at a time."""
    for older in range(version, EVENTS[name].current_version):
        data = UPCASTERS[(name, older)](data)
    return data


def kind_of(event: object) -> str:
    """Give the kind of stream an event belongs to: case, person, authority, worker, access."""
    return EVENTS[_NAMES[type(event)]].stream


def is_case(event: object) -> bool:
    """Whether the event belongs to a case's stream."""
    return kind_of(event) == CASE
