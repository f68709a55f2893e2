"""Of which days a quarter is, and which nation's return has any."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from domain.jurisdictions.england import ENGLAND
from projections.returns import scotland, tables, tables_of
from projections.returns.periods import Span, quarter_of, span
from tests.projections.scottish import NATION, Q1


def test_quarters() -> None:
    """A quarter is three months of a financial year; the four of a year follow one another."""
    asked = [span(text) for text in ("2027-Q1", "2027-q4", "2027-28", "2027")]
    assert [one.name for one in asked if one] == ["2027-Q1", "2027-Q4", "2027-28", "2027-28"]
    assert [span(text) for text in ("2027-Q5", "2027-29", "25", "")] == [None] * 4
    days = [Span(year=2027, quarter=number).period for number in (1, 2, 3, 4)]
    year = Span(year=2027).period
    assert (days[0].first, days[3].last) == (year.first, year.last)
    for before, after in pairwise(days):
        assert after.first - before.last == timedelta(days=1)
    assert [quarter_of(one.first) for one in days] == days
    assert [quarter_of(one.last) for one in days] == days


def test_which_nation_has_quarters() -> None:
    """Scotland's dataset is there from April 2024, by year and quarter; England has no quarters."""
    assert tables_of(NATION, Q1) == tables(NATION, 2027) == scotland.TABLES
    assert tables(NATION, 2023) == tables_of(ENGLAND.code, Q1) == ()
