"""What of a year is to be put right before its return is sent: by case, enquiry and entry.

Three kinds: something a table asks for is not known, or was recorded wrongly and is not told
otherwise; an enquiry was concluded without an answer; or two things recorded cannot both be so. A
pure function of the facts, and of the tables they fill, so that a table that comes later has its
exceptions too: whatever one leaves out for want of an answer (`LeftOut.remedy`) is named, once
where several do for the same. What was lawfully forgotten is not: nothing may be recorded of it
again. Nor is a reason or a condition that no enquiry was concluded to tell: it is asked for when
one is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from projections.returns.adults import PEOPLE
from projections.returns.answered import BY_CASE
from projections.returns.at_odds import at_odds
from projections.returns.facts import Facts
from projections.returns.rows import CONCLUDED, DECIDED, UNSURE
from projections.returns.table import Cell, Counted, Filled, concluded_by
from projections.returns.unready import (
    IMPOSSIBLE,
    MISSING,
    UNANSWERED,
    Unready,
    of_concern,
    of_counted,
    of_enquiry,
)

SUPPORTED: Final = (
    "Of the enquiries recorded as Yes, in how many of these cases was support provided by an "
    "advocate, family or friend"
)
# Categories of a table that mean that nobody knows, or nobody wrote it down.
NOT_SAID: Final[Mapping[str, frozenset[str]]] = {
    "SG1a": frozenset({"Not Known"}),
    "SG1b": frozenset({"Not Known"}),
    "SG1c": frozenset({"Undeclared / Not Known"}),
    "SG1d": frozenset({"Not Known"}),
    "SG1e": frozenset({"Not Known"}),
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
    "SG1e": (
        MISSING,
        "the health conditions are not known",
        "Reopen the enquiry and conclude it with them, or with none where there are none.",
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
# Rules a concern is counted by that are a council's own, and are made anew from time to time.
EDITIONS: Final = frozenset({"local_threshold"})
_EDITION: Final = (
    "the edition of the council's own threshold that decided whether it counts is not recorded",
    "Decide it again and name the edition; of an earlier concern withdraw the decision first.",
)
_PERSONAL: Final = frozenset({"SG1a", "SG1b", "SG1c"})  # what is asked of a person is forgotten
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


_COUNTED_WRONGLY: Final = (
    "by a correction {} that is counted here was recorded wrongly, and none is told instead"
)
_WRONG_OF_THEM: Final = (
    _COUNTED_WRONGLY.format("a detail of the person"),
    "Record the detail anew, as it is understood; of a wrong day of death correct the time.",
)
_AGAIN: Final = (
    "Reopen the enquiry and conclude it with what is understood; of a wrong day correct the time."
)
_WRONG: Final = {
    CONCLUDED: (_COUNTED_WRONGLY.format("an answer"), _AGAIN),
    DECIDED: (
        _COUNTED_WRONGLY.format("a decision on a concern"),
        "Withdraw the decision by a correction and record it anew.",
    ),
    **dict.fromkeys(PEOPLE.events, _WRONG_OF_THEM),
}
_WRONG_ELSE: Final = (
    _COUNTED_WRONGLY.format("a detail"),
    "Withdraw the entry by a correction and record it anew; of a wrong day correct the time.",
)
_WHEN: Final = (
    "by a correction it is not known well enough when it was: it may be of another period",
    "Correct its time to one that lies in a single period.",
)


def exceptions(
    facts: Facts, filled: Iterable[Filled], more: Iterable[Unready] = ()
) -> tuple[Unready, ...]:
    """Everything to put right, in order; what is wrong in several populations is told once.

    `more` is what a nation's own answers have that cannot be so.
    """
    every = list(filled)
    there = {_code(one) for one in every}
    found = [*_of_concerns(facts), *_of_enquiries(facts), *_unplaced(every), *more]
    found += [*_unsure(facts, every), *at_odds(facts, in_each="SG1f" in there)]
    for one in every:
        found += [*_not_said(facts, one.cells), *_not_under(one.cells)]
    possible = (one for one in found if _can_be(one, facts))
    once: dict[tuple[str, ...], Unready] = {}
    for each in sorted(one if one.table in there else replace(one, table="") for one in possible):
        about = (each.kind, each.table, str(each.case), str(each.subject), each.says)
        once.setdefault(about, each)
    return tuple(sorted([*once.values(), *_doubted(facts, every)]))


def _can_be(one: Unready, facts: Facts) -> bool:
    """Whether it can be put right: of a case that was forgotten only in a person's own record."""
    return one.position not in facts.gone or one.table in _PERSONAL


def _doubted(facts: Facts, filled: Iterable[Filled]) -> Iterator[Unready]:
    """Each entry that a table reads and of which something was recorded wrongly."""
    for one in filled:
        for each in one.doubted:
            event = facts.doubted[each.position].event
            yield of_counted(each, MISSING, _code(one), *_WRONG.get(event, _WRONG_ELSE))


def _of_concerns(facts: Facts) -> Iterator[Unready]:
    for one in facts.doubtful:
        yield of_concern(
            one,
            MISSING,
            "it is not known well enough when the concern was received: it counts in no year",
            "Correct the time it was received to one that lies in a single year.",
        )
    for one in facts.concerns:
        if one.adult is None:
            yield of_concern(
                one,
                MISSING,
                "the concern names no adult: the case stands for them",
                "Register the adult, and record whose case it is.",
            )
    for one in (*facts.concerns, *facts.doubtful, *facts.contacts):
        if one.edition is None and one.rule in EDITIONS and one.adult not in facts.forgotten:
            yield replace(of_concern(one, MISSING, *_EDITION), position=one.decided or one.position)


def _of_enquiries(facts: Facts) -> Iterator[Unready]:
    for one in facts.concluded:
        opened_from = one.opened_from or one.opened_on
        if one.concluded_on is not None and one.concluded_on < opened_from:
            yield of_enquiry(
                one,
                IMPOSSIBLE,
                "the enquiry was concluded before it was begun",
                "Correct the day of the one or the other.",
            )


def _unplaced(filled: Iterable[Filled]) -> Iterator[Unready]:
    """What tables leave out for want of an answer; by one remedy, in the first of them."""
    named = set[tuple[UUID, UUID, str]]()
    for left in (left for one in filled for left in one.left_out if left.remedy):
        for each in left.counted:
            about = (each.case, each.subject, left.remedy)
            if about not in named:
                named.add(about)
                yield of_counted(each, UNANSWERED, left.table, left.why, left.remedy)


def _unsure(facts: Facts, filled: Iterable[Filled]) -> Iterator[Unready]:
    """What tables leave out since its time was corrected to one that may be of another period."""
    unsure = {one.position for one in facts.beside if one.why == UNSURE}
    for left in (left for one in filled for left in one.left_out):
        for each in left.counted:
            if each.position in unsure:
                unsure.discard(each.position)
                yield of_counted(each, MISSING, left.table, *_WHEN)


def _code(one: Filled) -> str:
    return one.cells[0].table if one.cells else ""


def _not_said(facts: Facts, cells: Iterable[Cell]) -> Iterator[Unready]:
    """Whoever stands in a category that says that it is not known."""
    ended = concluded_by(facts)
    for cell in cells:
        if cell.category not in NOT_SAID.get(cell.table, frozenset()):
            continue
        kind, says, remedy = _ASKS[cell.table]
        for one in cell.counted:
            if cell.table in _PERSONAL and one.subject in facts.forgotten:
                continue
            if cell.table not in BY_CASE:
                yield of_counted(one, kind, cell.table, says, remedy)
            elif one.subject in ended:
                subject, position = ended[one.subject]
                told = Counted(one.case, subject, position)
                yield of_counted(told, kind, cell.table, says, remedy)


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
                        yield of_counted(one, IMPOSSIBLE, table, says, remedy)
