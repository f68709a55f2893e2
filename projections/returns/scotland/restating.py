"""What moved since a quarter ended, and the indicators that are not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from projections.returns import inquiries as steps
from projections.returns.dataset import NOT_CONCLUDED, NOT_RECORDED, Inquiry, inquiries_by
from projections.returns.facts import Facts, Period
from projections.returns.periods import quarter_of
from projections.returns.scotland.choosing import certain, gone, undone
from projections.returns.scotland.words import DATASET, INDICATORS, INQUIRIES, TRIGGER, UNKNOWN
from projections.returns.table import Cell, Counted, Filled, cell, table

NOT_OF_IT: Final = "not_of_it"
# What an inquiry can have been when its quarter ended, and can be now.
BEFORE: Final[Mapping[str, str]] = {
    NOT_RECORDED: "Not recorded",
    NOT_OF_IT: "Not of the quarter",
    NOT_CONCLUDED: "Not concluded",
    **INQUIRIES,
}
NOW: Final[Mapping[str, str]] = {
    **INQUIRIES,
    NOT_CONCLUDED: "Not concluded",
    NOT_OF_IT: "Not of the quarter",
}
_NONE: Final = frozenset({NOT_RECORDED, NOT_OF_IT})


@table(
    "Restated",
    title="Inquiries that count otherwise than by what was recorded when their quarter ended",
    cites=f"{DATASET}; {TRIGGER}: so a power used later, and a trigger corrected later, move an "
    "inquiry in or out of a quarter that was submitted (derived). The row is what it was by all "
    "that had been recorded on the last day of the quarter, the column what it is now, each of "
    "every inquiry that was or is of the quarter; one is not of it that is triggered in another, "
    "perhaps in another, or goes on in another inquiry. Each opens to the event that moved it. An "
    "inquiry that was withdrawn is named apart, as is a power or conclusion withdrawn. What moved "
    "since a position is the table at both",
)
def restated(facts: Facts) -> Filled:
    """Each inquiry that was or is of the period and moved since its quarter ended."""
    moves: dict[tuple[str, str], dict[UUID, Counted]] = {
        (before, now): {}
        for before in BEFORE
        for now in NOW
        if before != now and not {before, now} <= _NONE
    }
    for quarter in _quarters(facts.period):
        then = inquiries_by(facts.dataset, quarter.last)
        for one in facts.dataset.inquiries:
            was = then.get((one.opened.case, one.inquiry))
            before, now = _of(was, quarter), _of(one, quarter)
            if (before, now) in moves:
                moved = _moved(facts, one, quarter, of_it=not {before, now} & _NONE)
                moves[before, now].setdefault(one.inquiry, moved)
    left = (*gone("Restated", facts, steps.OPENED), *undone("Restated", facts))
    return Filled(
        cells=tuple(
            cell("Restated", "Inquiries", BEFORE[before], NOW[now], told.values())
            for (before, now), told in moves.items()
        ),
        left_out=left,
    )


def _quarters(period: Period) -> Iterator[Period]:
    day = period.first
    while day <= period.last:
        quarter = quarter_of(day)
        yield quarter
        day = quarter.last + timedelta(days=1)


def _of(one: Inquiry | None, quarter: Period) -> str:
    """What an inquiry counts as in a quarter."""
    if one is None:
        return NOT_RECORDED
    there = certain(one.opened, quarter) and one.goes_on_in is None
    return one.kind if there else NOT_OF_IT


def _moved(facts: Facts, one: Inquiry, quarter: Period, *, of_it: bool) -> Counted:
    """An inquiry with the event that moved it.

    One of the quarter before and now: by what decides it, where that was recorded since, or by what
    reopened it; else by the last correction of what was done in it. One that came into the quarter
    or left it: by the correction of its trigger.
    """
    late = [
        told.by
        for step in ((one.opened,) if not of_it else facts.dataset.told)
        if step.about == one.inquiry
        for told in step.understood
        if told.since > quarter.last
    ]
    by = one.decided
    if one.kind == NOT_CONCLUDED and one.endings:
        by = one.endings[-1]
    corrected = late and (not of_it or by.recorded_on <= quarter.last)
    return Counted(one.opened.case, one.inquiry, max(late) if corrected else by.position)


_NUMBERED: Final = frozenset({1, 2, 3, 10, 11, 15, 17})


@table(
    "Unknown",
    title="Indicators that are not known here",
    cites=f"{DATASET}, 2024-25: it has {INDICATORS} indicators, whose list was not obtained. That "
    "they are numbered from 1 to 19 is derived. Some of these may be what this record counts under "
    "a name (source of referral, age, gender, conferences, plans, orders, large scale "
    "investigations); others, such as ethnicity or location of harm, it does not count here",
    needs=(),
)
def unknown(_facts: Facts) -> Filled:
    """The indicators whose content is not known: no figure, and none invented."""
    return Filled(
        cells=tuple(
            Cell(
                table="Unknown",
                enquiry_type=UNKNOWN,
                category=f"Indicator {number}",
                subcategory="",
                value=None,
                counted=(),
            )
            for number in range(1, INDICATORS + 1)
            if number not in _NUMBERED
        )
    )
