"""What moved since a quarter ended, and the indicators that are not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from projections.returns import inquiries as steps
from projections.returns.dataset import NOT_CONCLUDED, NOT_RECORDED, WITHOUT, Inquiry
from projections.returns.facts import Facts
from projections.returns.periods import quarter_of
from projections.returns.scotland.choosing import gone, undone
from projections.returns.scotland.words import DATASET, INDICATORS, INQUIRIES, TRIGGER, UNKNOWN
from projections.returns.table import Cell, Counted, Filled, cell, table

BEFORE: Final[Mapping[str, str]] = {
    NOT_RECORDED: "Not recorded",
    NOT_CONCLUDED: "Not concluded",
    WITHOUT: INQUIRIES[WITHOUT],
}
NOW: Final[Mapping[str, str]] = {**INQUIRIES, NOT_CONCLUDED: "Not concluded"}


@table(
    "Restated",
    title="Inquiries that count otherwise than by what was recorded when their quarter ended",
    cites=f"{DATASET}; {TRIGGER}: so a power used later moves an inquiry in a quarter that was "
    "submitted (derived). The row is what it was by all that had been recorded on the last day of "
    "its quarter, the column what it is now; each opens to the event that moved it. What was "
    "withdrawn is named apart. What moved since a position is the table at both",
)
def restated(facts: Facts) -> Filled:
    """Each inquiry of the period that moved since its quarter ended, from what to what."""
    moves: dict[tuple[str, str], list[Counted]] = {
        (before, now): [] for before in BEFORE for now in NOW if before != now
    }
    for one in facts.dataset.inquiries:
        if one.trigger not in facts.period or one.goes_on_in is not None:
            continue
        before = one.recorded_by(quarter_of(one.trigger).last)
        if before != one.kind:
            moves[before, one.kind].append(_moved(one))
    left = (*gone("Restated", facts, steps.OPENED), *undone("Restated", facts))
    return Filled(
        cells=tuple(
            cell("Restated", "Inquiries", BEFORE[before], NOW[now], told)
            for (before, now), told in moves.items()
        ),
        left_out=left,
    )


def _moved(one: Inquiry) -> Counted:
    """An inquiry with the event that moved it: one that goes on, by what reopened it."""
    by = one.decided
    if one.kind == NOT_CONCLUDED and one.endings:
        by = one.endings[-1]
    return Counted(one.opened.case, one.inquiry, by.position)


_NUMBERED: Final = frozenset({1, 2, 3, 10, 11, 15, 17})


@table(
    "Unknown",
    title="Indicators that are not known here",
    cites=f"{DATASET}, 2024-25: it has {INDICATORS} indicators, whose list was not obtained. That "
    "they are numbered from 1 to 19 is derived. Some of these may be what this record counts under "
    "a name (source of referral, age, gender, conferences, plans, orders, large scale "
    "investigations); others, such as ethnicity or location of harm, it does not count here",
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
