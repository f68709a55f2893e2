"""An authority's working days: the nation's public holidays, and its own exceptions.

The only module of the domain that knows a library's table of days, because due dates are stored
with the name of the calendar that set them (`holidays-0.109/sct`) and never reckoned again.
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.metadata import version
from types import MappingProxyType
from typing import Final

import holidays

from domain.jurisdictions import Jurisdiction, Limit
from domain.stage import months_after
from domain.words import Code, Due, Slug

_NONE: Final[Mapping[date, str]] = MappingProxyType({})
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_HOURS_A_DAY: Final = 24


class Calendar:
    """The working days of one authority (implements `domain.words.WorkingDays`).

    `closed` are days the office is shut besides the nation's holidays, with the reason; `worked`
    are public holidays it works (not every council keeps St Andrew's Day). The nation's part of
    the United Kingdom is always named: without it the library leaves out Easter Monday and more.
    """

    def __init__(
        self,
        jurisdiction: Jurisdiction,
        *,
        closed: Mapping[date, str] = _NONE,
        worked: frozenset[date] = frozenset(),
    ) -> None:
        self._limits = jurisdiction.limits
        self._public = holidays.country_holidays("GB", subdiv=jurisdiction.subdivision)
        self._closed = dict(closed)
        self._worked = worked
        self.name: Final = self._named(jurisdiction.subdivision)

    def due(self, rule: str, start: date) -> Due:
        """Reckon the due date of the limit `rule`, counting the day after `start` as the first.

        `skipped` are the weekdays not counted; weekends go without saying. A date reckoned in
        weeks or months stays where it falls, even on a holiday: see `works`.

        Raises:
            KeyError: the jurisdiction has no such limit (a programmer's error).
        """
        limit = self._limits[rule]
        on, skipped = self._count(limit, start)
        return Due(on=on, rule=Code(rule), start=start, calendar=self.name, skipped=skipped)

    def works(self, day: date) -> bool:
        """Whether the authority's office works on that day."""
        return self.why_not(day) is None

    def why_not(self, day: date) -> str | None:
        """Say why the office does not work on that day; None where it does."""
        if day.weekday() >= _SATURDAY:
            return calendar.day_name[day.weekday()]
        if day in self._closed:
            return self._closed[day]
        if day in self._worked:
            return None
        return self._public.get(day)

    def _named(self, subdivision: str) -> Slug:
        """Name the table used; an authority's own days are told apart by their digest."""
        name = f"holidays-{version('holidays')}/{subdivision.lower()}"
        own = sorted([*self._closed, *self._worked])
        if not own:
            return Slug(name)
        text = " ".join(f"{day.isoformat()}{'+' if day in self._worked else '-'}" for day in own)
        return Slug(f"{name}/{hashlib.sha256(text.encode()).hexdigest()[:8]}")

    def _count(self, limit: Limit, start: date) -> tuple[date, tuple[date, ...]]:
        """Count a limit from its start: the due day, and the weekdays passed over."""
        match str(limit.unit):
            case "working_days":
                return self._count_working(limit.amount, start)
            case "calendar_days":
                return start + timedelta(days=limit.amount), ()
            case "hours":  # a day has no hour: the limit ends with the day on which it runs out
                return start + timedelta(days=-(-limit.amount // _HOURS_A_DAY)), ()
            case "weeks":
                return start + timedelta(weeks=limit.amount), ()
            case "months":
                return months_after(start, limit.amount), ()
            case unit:
                raise ValueError(f"{unit} is not a unit of time limits")

    def _count_working(self, amount: int, start: date) -> tuple[date, tuple[date, ...]]:
        """Walk day by day; the walk is short and shows what was skipped."""
        day, left, skipped = start, amount, list[date]()
        while left:
            day += _DAY
            if self.works(day):
                left -= 1
            elif day.weekday() < _SATURDAY:
                skipped.append(day)
        return day, tuple(skipped)
