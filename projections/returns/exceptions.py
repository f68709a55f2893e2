"""What of a year is to be put right before its return is sent: by case, enquiry and entry.

Three kinds: something a table asks for is not known; an enquiry was concluded without an answer; or
two things recorded cannot both be so. A pure function of the facts, and of the tables they fill, so
that a table that comes later has its exceptions too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from projections.returns.facts import Concern, Enquiry, Facts
from projections.returns.table import Cell, Counted, Filled

MISSING: Final = "missing"
UNANSWERED: Final = "unanswered"
IMPOSSIBLE: Final = "impossible"
SUPPORTED: Final = (
    "Of the enquiries recorded as Yes, in how many of these cases was support provided by an "
    "advocate, family or friend"
)
_UNKNOWN: Final = frozenset({"not_recorded", "not_known"})

# Categories of a table that mean that nobody knows, or nobody wrote it down.
NOT_SAID: Final[Mapping[str, frozenset[str]]] = {
    "SG1a": frozenset({"Not Known"}),
    "SG1b": frozenset({"Not Known"}),
    "SG1c": frozenset({"Undeclared / Not Known"}),
    "SG1d": frozenset({"Not Known"}),
    "SG3a": frozenset({"Don't know", "Not recorded"}),
    "SG4a": frozenset({"Don't Know", "Not Recorded"}),
}
_ASKS: Final[Mapping[str, tuple[str, str, str]]] = {
    "SG1a": (
        MISSING,
        "an age that falls into one band is not known",
        "Record the day of birth, or a narrower one; and of somebody who died, the day.",
    ),
    "SG1b": (MISSING, "the gender is not known", "Record it, or leave it where they were asked."),
    "SG1c": (
        MISSING,
        "the ethnicity is not declared or not known",
        "Record it as they describe it, or leave it where they were asked.",
    ),
    "SG1d": (
        MISSING,
        "the primary support reason is not known",
        "Reopen the enquiry and conclude it with the reason, if there is one to tell.",
    ),
    "SG3a": (
        UNANSWERED,
        "whether the adult lacked capacity for the enquiry's decisions is not recorded",
        "Reopen the enquiry and conclude it with the answer; what was never found out stays so.",
    ),
    "SG4a": (
        UNANSWERED,
        "whether the adult was asked what they wanted is not recorded",
        "Reopen the enquiry and conclude it with the answer; what was never found out stays so.",
    ),
}
# What is asked only under another answer: the part, and where it belongs.
_UNDER: Final[Mapping[str, tuple[frozenset[str], str, str]]] = {
    "SG3a": (
        frozenset({SUPPORTED}),
        "Yes, they lacked capacity",
        "support is recorded, and not that the adult lacked capacity",
    ),
    "SG4a": (
        frozenset({"Fully Achieved", "Partially Achieved", "Not Achieved"}),
        "Yes they were asked and outcomes were expressed",
        "whether outcomes were achieved is recorded, and not that any were expressed",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unready:
    """One thing to put right: what it is about, where it was recorded, and what to do.

    `subject` is the enquiry, the adult or the case; `table` is where it shows, "" if in none.
    """

    kind: str
    table: str
    case: UUID
    subject: UUID
    position: int
    says: str
    remedy: str


def exceptions(facts: Facts, filled: Iterable[Filled]) -> tuple[Unready, ...]:
    """Everything to put right, in order; what is wrong in several populations is told once."""
    found = [*_of_concerns(facts), *_of_enquiries(facts)]
    for one in filled:
        found += [*_not_said(one.cells), *_not_under(one.cells)]
    once: dict[tuple[str, ...], Unready] = {}
    for each in sorted(found):
        about = (each.kind, each.table, str(each.case), str(each.subject), each.says)
        once.setdefault(about, each)
    return tuple(once.values())


def _of_concerns(facts: Facts) -> Iterator[Unready]:
    for one in facts.doubtful:
        yield _unready(
            one,
            MISSING,
            "it is not known well enough when the concern was received: it counts in no year",
            "Correct the time it was received to one that lies in a single year.",
        )
    for one in facts.concerns:
        if one.adult is None:
            yield _unready(
                one,
                MISSING,
                "the concern names no adult: the case stands for them",
                "Register the adult, and record whose case it is.",
            )


def _unready(one: Concern, kind: str, says: str, remedy: str) -> Unready:
    return Unready(
        kind=kind,
        table="SG1f",
        case=one.case,
        subject=one.case,
        position=one.position,
        says=says,
        remedy=remedy,
    )


def _of_enquiries(facts: Facts) -> Iterator[Unready]:
    raised = {one.case: one.first_day for one in reversed(facts.concerns)}
    for one in facts.begun:
        received = raised.get(one.case)
        if received is not None and one.opened_on < received:
            yield _of_enquiry(
                one,
                IMPOSSIBLE,
                "the enquiry was begun before its concern was received",
                "Correct the day of the one or the other.",
                at=one.opened_at,
            )
    for one in facts.concluded:
        if one.concluded_on is not None and one.concluded_on < one.opened_on:
            yield _of_enquiry(
                one,
                IMPOSSIBLE,
                "the enquiry was concluded before it was begun",
                "Correct the day of the one or the other.",
            )
        if not one.triples:
            yield _of_enquiry(
                one,
                UNANSWERED,
                "no type, source and location of a risk is recorded",
                "Reopen the enquiry and conclude it with what it was about.",
                table="SG2a",
            )
        elif any(part in _UNKNOWN for triple in one.triples for part in triple):
            yield _of_enquiry(
                one,
                UNANSWERED,
                "a type, source or location of a risk is not recorded",
                "Reopen the enquiry and conclude it with all three.",
                table="SG2a",
            )


def _of_enquiry(
    one: Enquiry, kind: str, says: str, remedy: str, *, table: str = "", at: int | None = None
) -> Unready:
    return Unready(
        kind=kind,
        table=table,
        case=one.case,
        subject=one.enquiry,
        position=at or one.concluded_at or one.opened_at,
        says=says,
        remedy=remedy,
    )


def _not_said(cells: Iterable[Cell]) -> Iterator[Unready]:
    """Whoever stands in a category that says that it is not known."""
    for cell in cells:
        if cell.category not in NOT_SAID.get(cell.table, frozenset()):
            continue
        kind, says, remedy = _ASKS[cell.table]
        for one in cell.counted:
            yield _counted(one, kind, cell.table, says, remedy)


def _not_under(cells: Iterable[Cell]) -> Iterator[Unready]:
    """Whoever has an answer to what is asked only under another, which they have not."""
    of = [cell for cell in cells if cell.table in _UNDER]
    for table in {cell.table for cell in of}:
        parts, under, says = _UNDER[table]
        right = {
            (cell.enquiry_type, one)
            for cell in of
            if cell.table == table and cell.category == under
            for one in cell.counted
        }
        for cell in of:
            if cell.table == table and cell.category in parts:
                for one in cell.counted:
                    if (cell.enquiry_type, one) not in right:
                        remedy = "Reopen the enquiry and conclude it with answers that agree."
                        yield _counted(one, IMPOSSIBLE, table, says, remedy)


def _counted(one: Counted, kind: str, table: str, says: str, remedy: str) -> Unready:
    return Unready(
        kind=kind,
        table=table,
        case=one.case,
        subject=one.subject,
        position=one.position,
        says=says,
        remedy=remedy,
    )
