"""The policy the made-up authority adopts halfway through, announced before it holds.

Local procedures are revised every few years. Due dates that start before its day are the nation's,
those after it the policy's, and each names which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from domain.adopting import AdoptPolicy, ClosedDay, OwnLimit
from domain.stage import months_after
from domain.words import Code, Personal, Slug

VERSION: Final = Slug("local-1")
ANNOUNCED_DAYS: Final = 28  # before its day, at least; assumed
_HALFWAY_MONTHS: Final = 18
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """What one nation's authority asks of its own, in working days; `nation` has what it leaves."""

    document: str
    limits: Mapping[str, tuple[int, str]]
    works_on: tuple[tuple[int, int], ...] = ()  # public holidays, as month and day
    chairs: tuple[str, ...] = ()  # in which posts somebody may chair; none as the nation has it
    posts: str = ""  # and which of them on no list
    repeats: tuple[int | None, int | None] = (None, None)  # how many referrals, in how many months


# Assumed, every one; for amendments shorter than the nation's default, for the others longer.
_BOTH: Final = {
    "minutes_circulated": (15, "section 8.3"),
    "amendment_answered": (5, "section 8.6"),
    "feedback_to_adult": (5, "section 9.1"),
}
_OWN: Final[Mapping[str, _Own]] = MappingProxyType(
    {
        "england": _Own(
            document="Safeguarding adults procedures, second edition",
            limits={**_BOTH, "duty_decision": (2, "section 3.2"), "enquiry": (30, "section 5.4")},
            chairs=(
                "safeguarding_adults_manager",
                "service_manager",
                "manager_other_agency",
                "other",
            ),
            posts="Head of adult care; Duty manager",
        ),
        "scotland": _Own(
            document="Adult support and protection procedures, second edition",
            limits={**_BOTH, "enquiry": (10, "section 5.4")},
            works_on=((11, 30),),  # St Andrew's Day, which not every council keeps
            repeats=(3, 6),  # as the nation has it, said again
        ),
    }
)


def effective(until: date) -> date:
    """Give the day the policy holds from: the first of the month halfway through."""
    return months_after(until, -_HALFWAY_MONTHS).replace(day=1)


def own_policy(nation: str, until: date, authority: UUID) -> AdoptPolicy:
    """Give the policy an authority of a nation adopts, in a history that ends on a day."""
    own, first = _OWN[nation], effective(until)
    referrals, months = own.repeats

    def said(text: str) -> Personal:
        return Personal(authority, text)

    return AdoptPolicy(
        version=VERSION,
        effective=first,
        document=said(own.document),
        limits=tuple(
            OwnLimit(name=Code(name), amount=amount, unit=Code("working_days"), cite=said(cite))
            for name, (amount, cite) in own.limits.items()
        ),
        closed=tuple(
            ClosedDay(day=day, reason=said("The office is closed between the years"))
            for day in _between_the_years(first, until)
        ),
        worked=tuple(
            _observed(date(year, *on))
            for year in range(first.year, until.year + 1)
            for on in own.works_on
            if first <= date(year, *on) <= until
        ),
        repeat_referrals=referrals,
        repeat_window_months=months,
        chair_roles=tuple(map(Code, own.chairs)),
        chair_roles_other=said(own.posts) if own.posts else None,
    )


def _between_the_years(first: date, until: date) -> Iterator[date]:
    """Give the weekdays after Boxing Day of each year that the policy covers."""
    for year in range(first.year, until.year + 1):
        days = (date(year, 12, day) for day in range(27, 32))
        yield from (day for day in days if day >= first and day.weekday() < _SATURDAY)


def _observed(day: date) -> date:
    """Give a holiday's own day, or the Monday after, where it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= _SATURDAY else 0)
