"""What nearly counts in a figure of Scotland's dataset: what the block beside it counts instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from projections.returns.dataset import USING, WITHOUT
from projections.returns.facts import Facts
from projections.returns.scotland.choosing import of_decided, triggered
from projections.returns.scotland.words import (
    APPLIED,
    CONFERENCES,
    GRANTED,
    INQUIRIES,
    MOVED,
    ORDERS,
)
from projections.returns.table import Cell, Counted, Filled

Reasons: TypeAlias = Sequence[tuple[str, Iterable[Counted]]]

# Of the inquiries of one kind why they count not in a table of the other.
OTHER_INQUIRY: Final = {
    USING: "an inquiry using investigatory powers: it has its own count",
    WITHOUT: "an inquiry concluded without use of investigatory powers: it has its own count",
}
OTHER_CONFERENCE: Final = "a case conference of another kind: it has its own count"
OTHER_ORDER: Final = "an order of another kind: it has its own count"
NOT_GRANTED: Final = "applied for in the period, and not granted in it: a grant counts by its day"
NOT_APPLIED: Final = (
    "granted in the period, and not applied for in it: an application counts by its day"
)


def reasons(cell: Cell, facts: Facts, filled: Filled) -> Reasons:
    """Why what stands beside a figure is not counted in it, and what that is; none of others.

    Beside what the table leaves out, which says it of itself.
    """
    if cell.enquiry_type == CONFERENCES:
        return [(OTHER_CONFERENCE, _beside(cell, filled))]
    if cell.enquiry_type == ORDERS:
        return [(OTHER_ORDER, _beside(cell, filled)), _of_the_other_day(cell, filled)]
    for kind, other in ((WITHOUT, USING), (USING, WITHOUT)):
        if cell.enquiry_type == INQUIRIES[kind]:
            named = {one for left in filled.left_out if left.why == MOVED for one in left.counted}
            found = map(of_decided, triggered(facts.dataset, facts.period).by_kind[other])
            return [(OTHER_INQUIRY[other], (one for one in found if one not in named))]
    return []


def _beside(cell: Cell, filled: Filled) -> Iterable[Counted]:
    """What the other categories of its block count."""
    return (
        one
        for other in filled.cells
        if other.subcategory == cell.subcategory and other.category != cell.category
        for one in other.counted
    )


def _of_the_other_day(cell: Cell, filled: Filled) -> tuple[str, Iterable[Counted]]:
    """The orders of its kind that were only applied for in the period, or only granted in it."""
    here = {
        one.subject
        for other in filled.cells
        if other.subcategory == cell.subcategory
        for one in other.counted
    }
    told = (
        one
        for other in filled.cells
        if other.subcategory != cell.subcategory and _one_kind(cell, other)
        for one in other.counted
        if one.subject not in here
    )
    return (NOT_GRANTED if cell.subcategory == GRANTED else NOT_APPLIED), told


def _one_kind(one: Cell, other: Cell) -> bool:
    """Whether an application and a grant are of one kind: the grant's says of an arrest besides."""
    applied, granted = (one, other) if one.subcategory == APPLIED else (other, one)
    return granted.category.startswith(applied.category)
