"""What of a period's cases is recorded and does not go together, though each table has its answer.

Nothing here moves a figure: it counts as it was recorded, and whoever sends the return is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from projections.returns.besides import CaseTold, Placed
from projections.returns.facts import Concern, Enquiry, Facts
from projections.returns.table import Counted, of_begun, of_concern
from projections.returns.transferring import ALONE, ORDER, UNDECIDED
from projections.returns.unready import (
    IMPOSSIBLE,
    MISSING,
    UNANSWERED,
    Unready,
    of_counted,
    of_enquiry,
)

_THEIRS: Final = "where it is the other authority's, record the transfer anew."
# Why it is doubtful where something of a case that was transferred counts: kind, words, remedy.
_TRANSFERRED: Final = {
    UNDECIDED: (
        MISSING,
        "its case was transferred, and it is not said which authority counts it: it counts here",
        "Record the transfer anew, and say which of the two counts the case.",
    ),
    ORDER: (
        IMPOSSIBLE,
        "it may have come before its case was transferred, and was recorded after: it counts here",
        f"Correct the day of the one or the other; {_THEIRS}",
    ),
    ALONE: (
        IMPOSSIBLE,
        "the enquiry was begun here after its case was given away, and no concern came since",
        f"Record the concern it is about; {_THEIRS}",
    ),
}


BEFORE: Final = (
    "the enquiry was begun before its concern was received",
    "Correct the day of the one or the other.",
)
_NOT_COUNTED: Final = (
    "the enquiry counts, and it was decided of every concern of its case that it does not",
    "Decide anew whether the concern counts, or withdraw the enquiry by a correction.",
)
_WITHDRAWN: Final = (
    "the enquiry counts, and the concern of its case was withdrawn by a correction",
    "Withdraw the enquiry too, or link the concern that it is about.",
)
_GOING_ON: Final = (
    "the case is closed, and its enquiry was never concluded",
    "Conclude the enquiry, with the day it ended on; one that the adult asked to end too.",
)
_LINKED: Final = (
    "a large-scale enquiry links the case, and no enquiry was begun in it: its adult is in none",
    "Open an enquiry in the case of each adult at risk; where they are none, unlink the case.",
)
_TWICE: Final = (
    "its adult was registered twice, and by this case under the one given up counts as two people",
    "Merge this case too, as of one registered twice, into a case of the other registration.",
)
_BETWEEN: Final = "Correct it to the days between which it was, where they are known."
_ABOUT: Final = (
    "its day is said to be approximate or uncertain: it counts by the day as it is written",
    _BETWEEN,
)
_BORN: Final = (
    "the day of birth is said to be approximate: the age is told by it",
    _BETWEEN,
)
_DIED: Final = (
    "the day of death is said to be approximate: the age is told by it",
    _BETWEEN,
)
_UNBORN: Final = (
    "by what is recorded the adult was not born by the day that their age is told of",
    "Correct the day of birth, or of death; until then the age counts as not known.",
)


def at_odds(facts: Facts, *, in_each: bool) -> Iterator[Unready]:
    """Everything that does not go together, in no order.

    `in_each`: a large-scale enquiry counts by an enquiry in the case of each adult.
    """
    yield from _transferred(facts)
    for one in _once((*facts.begun, *facts.concluded)):
        yield from _without_concern(facts, one)
    yield from _before_their_concern(facts)
    for placed in facts.besides.going_on:
        yield _placed(placed, UNANSWERED, "", *_GOING_ON)
    for placed in facts.besides.linked if in_each else ():
        yield _placed(placed, MISSING, "SG1f", *_LINKED)
    for placed in facts.besides.twice:
        if placed.position not in facts.gone:
            yield _placed(placed, IMPOSSIBLE, "SG1a", *_TWICE)
    yield from _of_people(facts)
    yield from _about(facts)
    yield from _about_people(facts)


def _once(enquiries: Iterable[Enquiry]) -> Iterable[Enquiry]:
    return {(one.case, one.enquiry): one for one in enquiries}.values()


def _without_concern(facts: Facts, one: Enquiry) -> Iterator[Unready]:
    """An enquiry that counts, of a case of which no concern does."""
    told = facts.besides.cases.get(one.case)
    if told is None or any(each.counts for each in told.concerns):
        return
    if told.concerns or told.withdrawn:
        what = _NOT_COUNTED if told.concerns else _WITHDRAWN
        yield of_enquiry(one, IMPOSSIBLE, *what, table="SG1f", at=one.opened_at)


def _before_their_concern(facts: Facts) -> Iterator[Unready]:
    """The enquiries begun before the first concern of their case, in the years of both."""
    begun = {one.opened_at for one in facts.begun}
    received = {one.position for one in facts.concerns}
    for case, told in facts.besides.cases.items():
        days = [(one.first, one.position) for one in told.concerns if one.counts]
        if not days or any(first is None for first, _ in days):
            continue
        first, position = min(days)
        for one in told.begun:
            here = one.position in begun or position in received
            if here and first is not None and one.day < first:
                placed = Placed(case, one.enquiry, one.position)
                yield _placed(placed, IMPOSSIBLE, "", *BEFORE)


def _of_people(facts: Facts) -> Iterator[Unready]:
    """What a person's own record says, and a case of theirs cannot be so by it."""
    every: tuple[Concern | Enquiry, ...] = (*facts.concerns, *facts.begun, *facts.concluded)
    first = {one.adult: one for one in reversed(every) if one.adult in facts.unborn}
    for adult, one in first.items():
        if adult is not None:
            placed = Placed(one.case, adult, _counted(one).position)
            yield _placed(placed, IMPOSSIBLE, "SG1a", *_UNBORN, personal=True)


def _about(facts: Facts) -> Iterator[Unready]:
    """What is counted by a day that is said to be approximate, and has no bounds."""
    cases, none = facts.besides.cases, CaseTold()
    begun: tuple[Concern | Enquiry, ...] = (*facts.concerns, *facts.begun)
    told = [(one, _counted(one).position) for one in begun]
    told += [(one, one.concluded_at or 0) for one in facts.concluded]
    for one, position in told:
        if position in cases.get(one.case, none).about:
            subject = one.case if isinstance(one, Concern) else one.enquiry
            yield _placed(Placed(one.case, subject, position), MISSING, "", *_ABOUT)


def _about_people(facts: Facts) -> Iterator[Unready]:
    """Whose age is told by such a day."""
    every: tuple[Concern | Enquiry, ...] = (*facts.concerns, *facts.begun, *facts.concluded)
    first = {one.adult: one for one in reversed(every) if one.adult in facts.ages}
    for adult, one in first.items():
        for what, about in ((_BORN, facts.born_about), (_DIED, facts.besides.died_about)):
            if adult is not None and adult in about:
                placed = Placed(one.case, adult, _counted(one).position)
                yield _placed(placed, MISSING, "SG1a", *what, personal=True)


def _placed(
    one: Placed, kind: str, table: str, says: str, remedy: str, *, personal: bool = False
) -> Unready:
    counted = Counted(one.case, one.subject, one.position)
    return replace(of_counted(counted, kind, table, says, remedy), personal=personal)


def _counted(one: Concern | Enquiry) -> Counted:
    return of_concern(one) if isinstance(one, Concern) else of_begun(one)


def _transferred(facts: Facts) -> Iterator[Unready]:
    """What counts here, and perhaps at the authority to which its case was transferred."""
    every: tuple[Concern | Enquiry, ...] = (*facts.concerns, *facts.begun, *facts.concluded)
    for one in every:
        if not one.unsettled:
            continue
        why, transfer = one.unsettled
        kind, says, remedy = _TRANSFERRED[why]
        subject, position = one.case, transfer
        if why != UNDECIDED:
            counted = _counted(one)
            subject, position = counted.subject, counted.position
        yield _placed(Placed(one.case, subject, position), kind, "SG1f", says, remedy)
