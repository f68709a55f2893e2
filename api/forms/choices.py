"""What a form offers where a reference is asked for: what the case, or the person, holds so far.

Gathered from the types of the fields of its entries, so that a new kind of reference needs nothing
here. A reference that is not among them may still be given as it is.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any
from uuid import UUID

from api.forms.labels import label, title
from api.names import Names, worker_called
from api.pages import words
from api.routes.door import Reader
from api.routes.people import withheld_among
from domain.authority import ROLES
from domain.jurisdictions import Jurisdiction
from domain.stage import CHOSEN
from domain.words import Code, Digest, Due, Fact, PersonRef

DIGEST, ENTRY, FINDING, DETAIL = "Digest", "entry", "finding", "detail"
WORKER, PERSON, CASE = "WorkerRef", "PersonRef", "CaseRef"
LARGE_SCALE = "large-scale enquiry"  # of those there are, whichever case is linked to them
MERGED_WITH, SPLIT_TO = "case merged with", "case split to"  # of the cases that may be parted
Choice = tuple[str, str]  # the value that is sent, and what a person reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What may be chosen, by the kind of reference; `unseen` where none of it may be read."""

    by: Mapping[str, Sequence[Choice]]
    unseen: bool = False

    def of(self, kind: str | None) -> Sequence[Choice]:
        """The choices for a kind of reference; none for one nobody holds here."""
        return () if kind is None else self.by.get(kind, ())


def choices(
    reader: Reader,
    facts: Sequence[Fact[Any]],
    names: Names,
    found: Sequence[Choice] = (),
    *,
    beside: Sequence[Fact[Any]] = (),
    joined: Mapping[str, Sequence[Choice]] | None = None,
) -> Choices:
    """What the entries of a stream hold; `found` are the findings that stand today.

    `beside` is what other cases bring to this one: what they hold may be chosen, and none of their
    entries by its number, which is of its own case. `joined` are the cases this one is read with.
    """
    nation = reader.office.jurisdiction
    by: dict[str, dict[str, str]] = {}
    for fact in (*facts, *beside):
        entry = f"{title(fact.header.name, nation)}, {words.time(fact.occurred)}"
        if fact.stream == facts[0].stream:
            by.setdefault(ENTRY, {})[str(fact.version)] = f"{fact.version}: {entry}"
        for kind, value, told in references(fact.event, nation):
            by.setdefault(kind, {}).setdefault(value, f"{entry}{told and ': '}{told}")
    by[DETAIL] = _details(facts, nation)
    # Another case is named here by nobody who may not read it, and only to be parted from this.
    by.pop(CASE, None)
    by |= {kind: dict(cases) for kind, cases in (joined or {}).items()}
    by[PERSON] = _people(reader, by.get(PERSON, {}), names)
    by[WORKER] = _workers(reader)
    by[FINDING] = dict(found)
    return Choices(by={kind: tuple(held.items()) for kind, held in by.items()})


def _details(facts: Sequence[Fact[Any]], nation: Jurisdiction) -> dict[str, str]:
    """What the entries tell, by its names in them; what nobody corrects is left out.

    That is references, and what the record reckoned itself, which follows what it rests on: a due
    date but one that somebody chose.
    """
    events: dict[type, list[Fact[Any]]] = {}
    for fact in facts:
        events.setdefault(type(fact.event), []).append(fact)
    found = {
        one.name: label(told[0].header.name, one.name, nation)
        for cls, told in events.items()
        for one in fields(cls)
        if one.name not in _kinds(cls)
        and "derived" not in one.metadata
        and (one.name not in _dues(cls) or any(_chosen(fact.event, one.name) for fact in told))
    }
    return dict(sorted(found.items(), key=lambda one: one[1].lower()))


@cache
def _dues(cls: type[Any]) -> frozenset[str]:
    """The fields of a class that hold a due date."""
    hints = typing.get_type_hints(cls)
    return frozenset(
        one.name
        for one in fields(cls)
        if Due in (hints[one.name], *typing.get_args(hints[one.name]))
    )


def _chosen(event: object, name: str) -> bool:
    """Whether a due date is one that somebody chose."""
    due = getattr(event, name)
    return isinstance(due, Due) and due.rule == CHOSEN


def _people(reader: Reader, told: Mapping[str, str], names: Names) -> dict[str, str]:
    """The people a stream names, by name where this role and purpose may read it."""
    refs = [PersonRef(UUID(one)) for one in told]
    if not reader.reads("details"):
        return {str(one): f"person {str(one)[:8]}" for one in refs}
    hidden = withheld_among(reader, refs)
    shown = [one for one in refs if one not in hidden]
    names.learn(shown)
    called = {str(one): names.person(one) for one in shown}
    return called | {str(one): f"restricted (person {str(one)[:8]})" for one in hidden}


def _workers(reader: Reader) -> dict[str, str]:
    """Everybody who ever asked anything of this record, whoever asks now first."""
    me = reader.actor.worker
    found = {str(me): f"{Names(reader.office, None).worker(me)} (you)"}
    for fact in reader.office.workers.registered():
        role = ROLES.get(fact.header.role, fact.header.role).lower()
        found.setdefault(str(fact.stream), f"{worker_called(fact.event, fact.stream)}, {role}")
    return found


def roles(nation: Jurisdiction) -> tuple[Choice, ...]:
    """Every role somebody can be said to have acted in: those here, then those of the lists."""
    found: dict[str, str] = dict(ROLES)
    for name in sorted(nation.lists):
        if name.endswith("_role"):
            for code, label in nation.lists[name].items():
                found.setdefault(code, label)
    return tuple(found.items())


def references(value: object, nation: Jurisdiction) -> Iterator[tuple[str, str, str]]:
    """Every reference within a value: its kind, itself, and the codes that stand beside it."""
    if isinstance(value, tuple):
        for one in value:
            yield from references(one, nation)
    elif is_dataclass(value) and not isinstance(value, type):
        kinds = _kinds(type(value))
        told = _codes(value, nation)
        for one in fields(value):
            content = getattr(value, one.name)
            if one.name in kinds:
                for each in content if isinstance(content, tuple) else (content,):
                    if each is not None:
                        yield kinds[one.name], str(each), told
            else:
                yield from references(content, nation)


def _codes(value: Any, nation: Jurisdiction) -> str:  # noqa: ANN401 — any value of an event
    """The first codes a value has, in words: enough to tell it from its like."""
    said = [
        nation.label(one.metadata["list"], content)
        for one in fields(value)
        if "list" in one.metadata and isinstance(content := getattr(value, one.name), Code)
    ]
    return ", ".join(said[:2])


@cache
def _kinds(cls: type[Any]) -> Mapping[str, str]:
    """The fields of a class that hold references, with the kind of each."""
    hints = typing.get_type_hints(cls)
    found = {one.name: _kind(hints[one.name]) for one in fields(cls)}
    return {name: kind for name, kind in found.items() if kind is not None}


def _kind(hint: Any) -> str | None:  # noqa: ANN401 — an annotation is any object
    if hasattr(hint, "__supertype__"):
        return str(hint.__name__)
    if hint is Digest:
        return DIGEST
    if typing.get_origin(hint) in (tuple, typing.Union, types.UnionType):
        found = (_kind(one) for one in typing.get_args(hint) if one not in {type(None), ...})
        return next((one for one in found if one is not None), None)
    return None
