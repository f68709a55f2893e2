"""What an erasure leaves, and what it takes in other cases: said as it is approved, and answered.

Of a person, what is told about them is gone. A passage about the case or about somebody else is
theirs, and may give the person's name: somebody has to read it, and erase it by itself.
Of a case, what is read in it alone is gone (`domain/along.py`). A case merged into it is erased by
itself, and what was split off from it goes with the case in which it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson

from api.lookups import cases_naming
from domain.along import along, own
from domain.corrected import Correction, understood
from domain.correction import ErasureApproved, PersonalDataErased
from domain.holds import WithoutWords
from domain.joined import leading, readers
from domain.person import PersonErased
from domain.reading import joined_facts
from domain.record.encoding import passages
from domain.words import Fact

if TYPE_CHECKING:
    from api.office import Office

STILL_TELLS: Final = (
    "What is told there about the case or about other people is left, and may give this person's "
    "name: read it, and erase each passage that does by itself (scope passage)."
)
# Of cases joined to one whose data go, or went: what of each is to be known before and after.
MERGED: Final = (
    "That case is read in this one and is not erased with it: what it tells is told here after it. "
    "Approve and erase it by itself, or end the merge before this one is erased."
)
KEPT: Final = (
    "Entries that were recorded here are read in that case alone: they are kept with it, and go "
    "when it is erased."
)
ALONG: Final = (
    "Entries that were recorded in that case are read in this one alone: what they tell about it "
    "goes with this one."
)
THERE: Final = "What goes here is read in that case as well, and says Forgotten there."
LATE: Final = (
    "These data were erased before this hold was recorded: it keeps what is recorded from now on, "
    "and nothing of what went."
)
# Of a correction: what was recorded stays as it was understood, and whoever made it is to know.
CORRECTS_NOTHING: Final = (
    "This correction says neither when it was, nor what is now understood, nor that it is "
    "withdrawn: it changes nothing. Correct the entry once more, and name this correction as the "
    "one that is replaced."
)


def changes_nothing(office: Office, stream: UUID, event: Any) -> bool:  # noqa: ANN401 — any event
    """Whether a correction says nothing, and takes nothing back that another said before it."""
    if not isinstance(event, Correction) or not event.bare:
        return False
    if event.fields or event.supersedes is None:
        return True
    rows = [row for row in office.record.log.stream(stream) if row.version <= event.supersedes]
    before = understood(office.record.open(rows))[event.target]
    return not (before.withdrawn or before.wrong)


def left(
    office: Office,
    stream: UUID,
    event: Any,  # noqa: ANN401 — an approval or an erasure, of whatever
) -> Iterator[tuple[str, Collection[UUID], str]]:
    """What an erasure, or the approval of one, leaves or takes elsewhere: code, cases, in words."""
    person = stream if isinstance(event, PersonErased) else getattr(event, "person", None)
    match event:
        case PersonErased() | PersonalDataErased(scope="person"):
            cases = [] if person is None else telling(office, person)
            yield "still-tells", cases, STILL_TELLS
        case PersonalDataErased(scope="case") | ErasureApproved(scope="case"):
            yield from _of_case(office, stream)
        case PersonalDataErased() | ErasureApproved() if event.scope == "passage" and not person:
            read = readers(stream, _bound(office, stream))
            there = {one for one, of in read if of is None or event.target in of}
            yield "gone-elsewhere", sorted(there), THERE
        case _:
            return


def _of_case(office: Office, case: UUID) -> Iterator[tuple[str, Collection[UUID], str]]:
    streams, keyring = _bound(office, case), office.keyring
    merged = sorted(one for one in streams if case in leading(one, streams))
    yield "merged-still-tells", [one for one in merged if still_told(office, one)], MERGED
    read = along(office.record.log, case)
    kept = {read.left[key] for key in keyring.find(read.left.keys())}
    yield "kept-elsewhere", sorted(one for one in kept if not keyring.destroyed(one)), KEPT
    yield "goes-along", sorted(read.brought), ALONG
    there = [one for one in leading(case, streams) if not keyring.destroyed(one)]
    yield "gone-elsewhere", there, THERE


def still_told(office: Office, case: UUID) -> bool:
    """Whether anything still opens of what a case tells about itself, where that is read."""
    return bool(office.keyring.find(own(office.record.log, case)))


def _bound(office: Office, case: UUID) -> dict[UUID, list[Fact[Any]]]:
    """The entries of a case and of those joined to it, without words."""
    silent = WithoutWords(office.record)
    return joined_facts(silent, case, silent.facts(case))


def telling(office: Office, person: UUID) -> list[UUID]:
    """The cases that name somebody and in which any passage still opens, in their order."""
    return sorted(one for one in cases_naming(office, person) if _tells(office, one))


def _tells(office: Office, case: UUID) -> bool:
    keys = {
        UUID(sealed["key"])
        for row in office.record.log.stream(case)
        for sealed in passages(orjson.loads(row.payload)["data"])
    }
    return bool(office.keyring.find(keys))
