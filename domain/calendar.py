"""An authority's working days: the nation's public holidays, and its own exceptions.

The only module of the domain that knows a library's table of days, because due dates are stored
with the name of the calendar that set them (`holidays-0.109/sct`), the version of the policy that
gave the limit, and never reckoned again.
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from types import MappingProxyType
from typing import Final

import holidays

from domain.jurisdictions import COUNTED_BACK, Jurisdiction, Limit
from domain.policy import Policy, in_force, laid_over
from domain.stage import CHOSEN, months_after
from domain.words import Code, Due, Slug

_NONE: Final[Mapping[date, str]] = MappingProxyType({})
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_HOURS_A_DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """Why a due date falls on no working day, and the working days before and after it."""

    why: str
    before: date
    after: date


class Calendar:
    """The working days of one authority, and its limits, by one policy or none.

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
        self.limits: Final = jurisdiction.limits
        self._policy = Slug(jurisdiction.policy)
        self._public = holidays.country_holidays("GB", subdiv=jurisdiction.subdivision)
        self._closed = dict(closed)
        self._worked = worked
        self.name: Final = self._named(jurisdiction.subdivision)

    def due(self, rule: str, start: date) -> Due:
        """Reckon the due date of the limit `rule`, counting the day after `start` as the first.

        `skipped` are the weekdays not counted; weekends go without saying. A date reckoned in
        weeks or months stays where it falls, even on a holiday, and says so where it is shown
        (`PolicyCalendar.landing`). A limit before a
        planned day is counted back from it, the day before being the first.

        Raises:
            KeyError: the jurisdiction has no such limit: ask `limits` first.
        """
        on, skipped = self._count(self.limits[rule], start, -1 if rule in COUNTED_BACK else 1)
        return Due(
            on=on,
            rule=Code(rule),
            start=start,
            calendar=self.name,
            skipped=skipped,
            policy=self._policy,
        )

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

    def _count(self, limit: Limit, start: date, way: int) -> tuple[date, tuple[date, ...]]:
        """Count a limit on (1) or back (-1) from its start: the day, and weekdays passed over."""
        match str(limit.unit):
            case "working_days":
                return self._count_working(limit.amount, start, way)
            case "calendar_days":
                return start + way * timedelta(days=limit.amount), ()
            case "hours":  # a day has no hour: the limit ends with the day on which it runs out
                return start + way * timedelta(days=-(-limit.amount // _HOURS_A_DAY)), ()
            case "weeks":
                return start + way * timedelta(weeks=limit.amount), ()
            case "months":
                return months_after(start, way * limit.amount), ()
            case unit:
                raise ValueError(f"{unit} is not a unit of time limits")

    def _count_working(self, amount: int, start: date, way: int) -> tuple[date, tuple[date, ...]]:
        """Walk day by day; the walk is short and shows what was skipped."""
        day, left, skipped = start, amount, list[date]()
        while left:
            day += way * _DAY
            if self.works(day):
                left -= 1
            elif day.weekday() < _SATURDAY:
                skipped.append(day)
        return day, tuple(skipped)


class PolicyCalendar:
    """The working days of an authority under its policies (implements `words.WorkingDays`).

    A limit is reckoned by the policy that holds on the day it starts, to its end, also where
    another takes effect in between; the due date names which it was.
    """

    def __init__(
        self,
        nation: Jurisdiction,
        known: Sequence[Policy] = (),
        *,
        closed: Mapping[date, str] = _NONE,
        worked: frozenset[date] = frozenset(),
    ) -> None:
        """`known` are the policies in the order they were adopted, each under its own version.

        `closed` and `worked` are what a setting of the service says of days. What a policy says of
        the same day goes before it, from the day that policy holds.

        Raises:
            ValueError: two have one version, so that a due date could not say which it was.
        """
        if len({one.version for one in known}) < len(known):
            raise ValueError("two policies have one version")
        self._nation = nation
        self._known = tuple(known)
        self._closed, self._worked = closed, worked
        self._calendars: dict[Slug | None, Calendar] = {}

    def due(self, rule: str, start: date) -> Due | None:
        """Reckon the limit `rule` from `start`, by the policy of that day.

        None where neither that policy nor the nation has such a limit.
        """
        days = self._of(in_force(self._known, start))
        return days.due(rule, start) if rule in days.limits else None

    def works(self, day: date) -> bool:
        """Whether the authority's office works on that day, by the policy of that day."""
        return self._of(in_force(self._known, day)).works(day)

    def landing(self, due: Due) -> Landing | None:
        """Where a due date falls on no working day: why, and the working days beside it (B.4).

        It stays the day it is: which of the two a council keeps to is its own affair. None where it
        is a working day, and of a day somebody chose.
        """
        why = None if due.rule == CHOSEN else self.why_not(due.on)
        if why is None:
            return None
        return Landing(why=why, before=self._next(due.on, -_DAY), after=self._next(due.on, _DAY))

    def why_not(self, day: date) -> str | None:
        """Say why the office does not work on a day, by the policy of that day; None: it does."""
        return self._of(in_force(self._known, day)).why_not(day)

    def _next(self, day: date, step: timedelta) -> date:
        day += step
        while not self.works(day):
            day += step
        return day

    def _of(self, policy: Policy | None) -> Calendar:
        key = None if policy is None else policy.version
        if key not in self._calendars:
            ours = Policy(version=Slug("none"), effective=date.min) if policy is None else policy
            closed = {day: why for day, why in self._closed.items() if day not in ours.worked}
            self._calendars[key] = Calendar(
                laid_over(self._nation, policy),
                closed={**closed, **ours.closed},
                worked=self._worked.difference(ours.closed) | ours.worked,
            )
        return self._calendars[key]
