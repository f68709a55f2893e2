"""Limits in hours, as an order of a court has: judged by the hour where the hours are recorded.

A day has no hour, so that of a day only what is certainly late is late: the kindest reading counts,
here as everywhere (decision 8).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from domain.jurisdictions import Jurisdiction
from domain.stage import Mark
from domain.when import LONDON, When
from domain.words import Due

_HOURS: Final = "hours"  # of `Limit.unit`


def to_the_hour(due: Due | None, start: When, nation: Jurisdiction) -> Due | None:
    """Move a limit in hours to the day on which its last hour falls, where it has a first one."""
    hours = _length(due, nation)
    if due is None or hours is None or start.earliest is None or start.earliest != start.latest:
        return due
    return replace(due, on=(start.earliest + hours).astimezone(LONDON).date())


def done_late(done: Mark, by: Due, start: Mark, nation: Jurisdiction) -> bool:
    """Whether something was certainly done after its time, which `start` begins.

    What is told without a time has the moment of its entry, and may have been done hours before:
    that is judged by its day, and so is a start that is no longer of the day the limit counts from.
    """
    hours, began, earliest = _length(by, nation), start.latest, done.when.earliest
    by_the_hour = done.stated and by.start == start.last
    if hours is not None and began is not None and earliest is not None and by_the_hour:
        return earliest > began + hours
    return done.first is not None and done.first > by.on


def _length(due: Due | None, nation: Jurisdiction) -> timedelta | None:
    """How long a limit is, where it is one in hours."""
    limit = None if due is None else nation.limits.get(due.rule)
    return timedelta(hours=limit.amount) if limit and limit.unit == _HOURS else None
