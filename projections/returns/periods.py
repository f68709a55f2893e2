"""Which period of a return is meant: a financial year, or one of its quarters.

The first quarter of 2025 is April to June 2025, its fourth January to March 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from projections.returns.facts import Period, financial_year

_TEXT: Final = re.compile(r"(20\d\d|21[0-4]\d)(?:[-/](\d\d)|-[Qq]([1-4]))?")
_APRIL, _OF_A_QUARTER = 4, 3
_QUARTERS: Final = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A financial year, by the year it begins in, or a quarter of it (1 to 4)."""

    year: int
    quarter: int | None = None

    @property
    def period(self) -> Period:
        """Its days."""
        if self.quarter is None:
            return financial_year(self.year)
        return financial_quarter(self.year, self.quarter)

    @property
    def quarters(self) -> tuple[Span, ...]:
        """The quarters of its year, in their order."""
        return tuple(Span(year=self.year, quarter=number) for number in _QUARTERS)

    @property
    def text(self) -> str:
        """As it stands in an address: `2025`, `2025-Q3`."""
        return f"{self.year}" if self.quarter is None else f"{self.year}-Q{self.quarter}"

    @property
    def name(self) -> str:
        """As people write it: `2025-26`, `2025-Q3`."""
        return f"{self.year}-{(self.year + 1) % 100:02}" if self.quarter is None else self.text


def span(text: str) -> Span | None:
    """Read `2025-26`, `2025` or `2025-Q3`; None where it is none of these."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    year = int(found[1])
    if found[2] is not None and int(found[2]) != (year + 1) % 100:
        return None
    return Span(year=year, quarter=None if found[3] is None else int(found[3]))


def said_of(spans: Iterable[Span]) -> str:
    """Some periods as people write them, one after another."""
    return ", ".join(one.name for one in spans)


def covering(first: date, last: date) -> Span:
    """The year or quarter of these days, as what was filed says them."""
    year = first.year if first.month >= _APRIL else first.year - 1
    whole = Span(year=year)
    if whole.period == Period(first=first, last=last):
        return whole
    return Span(year=year, quarter=(first.month - _APRIL) % 12 // _OF_A_QUARTER + 1)


def financial_quarter(year: int, quarter: int) -> Period:
    """The days of a quarter of the financial year that begins in a year."""
    return Period(first=_begins(year, quarter), last=_begins(year, quarter + 1) - timedelta(days=1))


def quarter_of(day: date) -> Period:
    """The financial quarter a day lies in."""
    year = day.year if day.month >= _APRIL else day.year - 1
    return financial_quarter(year, (day.month - _APRIL) % 12 // _OF_A_QUARTER + 1)


def quarters_in(period: Period) -> Iterator[Period]:
    """The financial quarters that a period has days of, in their order."""
    day = period.first
    while day <= period.last:
        quarter = quarter_of(day)
        yield quarter
        day = quarter.last + timedelta(days=1)


def _begins(year: int, quarter: int) -> date:
    months = _APRIL - 1 + (quarter - 1) * _OF_A_QUARTER
    return date(year + months // 12, months % 12 + 1, 1)
