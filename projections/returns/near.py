"""What nearly counts in a figure of a return, each reason with its rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from projections.returns.england.counting import NOT_A_CONCERN
from projections.returns.facts import Enquiry, Facts
from projections.returns.scotland.nearly import reasons as of_scotland
from projections.returns.table import (
    Cell,
    Counted,
    Filled,
    LeftOut,
    named,
    of_begun,
    of_concern,
    of_concluded,
)

_OF_KIND: Final = {
    "Safeguarding Concerns": None,
    "Section 42 Enquiries": "section_42",
    "Other Enquiries": "other_enquiry",
    "Concluded Section 42 Enquiries": "section_42",
    "Concluded Other Enquiries": "other_enquiry",
}
_CONCERNS: Final = "Safeguarding Concerns"
ONCE: Final = "of an adult who is counted already: each adult is counted once"
ANOTHER_KIND: Final = "an enquiry of the other kind: it has its own count"
NOT_CONCLUDED: Final = (
    "begun in the year and not concluded in it: an enquiry's details count when it is concluded"
)
BEGUN_BEFORE: Final = (
    "concluded in the year and not begun in it: what is begun counts in the year it began in"
)


def nearly(cell: Cell, facts: Facts, filled: Filled) -> list[LeftOut]:
    """What a figure does not count, and might have: a line for each reason, with what it is of.

    First what the whole table leaves out. The contacts that were decided not to count nearly count
    in the figures of concerns alone, and there each of them, also of an adult whom another counts.
    """
    code, kind = cell.table, _OF_KIND.get(cell.enquiry_type)
    reasons = [*of_scotland(cell, facts, filled)]
    if cell.enquiry_type == _CONCERNS:
        raised = ((one.adult or one.case, of_concern(one)) for one in facts.concerns)
        reasons = [(NOT_A_CONCERN, map(of_concern, facts.contacts)), (ONCE, _more(cell, raised))]
    elif kind is not None and cell.enquiry_type.startswith("Concluded"):
        done = {one.enquiry for one in facts.concluded}
        done |= {one.subject for one in facts.beside if one.what == "concluded"}
        begun = (one for one in facts.begun if one.kind == kind and one.enquiry not in done)
        reasons = [
            (NOT_CONCLUDED, map(of_begun, begun)),
            (ANOTHER_KIND, map(of_concluded, _others(facts.concluded, kind))),
        ]
    elif kind is not None:
        here = {one.enquiry for one in facts.begun}
        before = (one for one in facts.concluded if one.kind == kind and one.enquiry not in here)
        mine = ((one.adult or one.case, of_begun(one)) for one in facts.begun if one.kind == kind)
        reasons = [
            (ONCE, _more(cell, mine)),
            (BEGUN_BEFORE, map(of_concluded, before)),
            (ANOTHER_KIND, map(of_begun, _others(facts.begun, kind))),
        ]
    left = (one for one in filled.left_out if one.why != NOT_A_CONCERN)
    return [*left, *(one for why, of in reasons for one in named(code, why, of))]


def _others(enquiries: Iterable[Enquiry], kind: str) -> Iterator[Enquiry]:
    return (one for one in enquiries if one.kind != kind)


def _more(cell: Cell, events: Iterable[tuple[UUID, Counted]]) -> list[Counted]:
    """What else there is of the adults that a figure counts by an earlier event."""
    subjects = {one.subject for one in cell.counted}
    counted = {one.position for one in cell.counted}
    return [one for who, one in events if who in subjects and one.position not in counted]
