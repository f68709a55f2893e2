"""A class counted from the closing is counted from the day the case closed, as that is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.corrected import standing
from domain.correction import CorrectRecord
from domain.retaining import RetentionClassSet
from domain.when import on_day, read
from domain.words import Code
from tests.controls import a_referral
from tests.given import Given, Outcome, given
from tests.spec.governing.test_open_and_kept import CLASS, CLOSE, stands

RULES = ("R166",)

COUNTED = replace(CLASS, review_on=None)


def closed() -> Outcome:
    """A case that was closed in 2016."""
    return given(a_referral("2016-11-01")).when(CLOSE, on="2016-11-30")


def due(history: Given | Outcome) -> date | None:
    """By when it is to be looked at again, as now understood."""
    told = history.history if isinstance(history, Outcome) else history
    (event,) = (
        one.event for one in standing(told.facts) if isinstance(one.event, RetentionClassSet)
    )
    return None if event.review_due is None else event.review_due.on


def test_a_class_set_years_after_counts_from_the_closing() -> None:
    """Nobody named a day: it is the closing's, not the one on which the class is set (L15)."""
    late = closed().when(COUNTED, on="2026-11-30")
    (event,) = late.events
    assert isinstance(event, RetentionClassSet)
    assert event.started == read("2016-11-30")
    assert due(late) == date(2022, 11, 30)
    assert stands(late, "2026-12-01").stands == "due"
    named = closed().when(replace(COUNTED, started=read("2020-11-30")), on="2026-11-30")
    assert due(named) == date(2026, 11, 30)
    other = closed().when(replace(COUNTED, trigger=Code("last_contact")), on="2026-11-30")
    assert due(other) == date(2032, 11, 30)


def test_a_closing_that_is_dated_anew_moves_the_review() -> None:
    """Closed on another day than was thought: it is looked at by that day (L15, I12)."""
    late = closed().when(COUNTED, on="2026-11-30")
    earlier = CorrectRecord(
        target=2, reason=Code("entered_wrongly"), occurred=on_day(date(2018, 11, 30))
    )
    assert due(late.when(earlier, on="2026-12-01")) == date(2024, 11, 30)
    for apart in (
        replace(COUNTED, trigger=Code("last_contact"), started=read("2016-11-30")),
        replace(COUNTED, started=read("2020-11-30")),
    ):
        was = closed().when(apart, on="2026-11-30")
        assert due(was.when(earlier, on="2026-12-01")) == due(was)
