"""Limits in hours, as an order of a court has: judged by the hour where the hours are recorded.

How many they are is what the law of the day says, an authority's own policy with it: the one by
which the due date was reckoned, and that it names.
A day has no hour, so that of a day only what is certainly late is late: the kindest reading counts,
here as everywhere (decision 8).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from domain.jurisdictions import Jurisdiction
from domain.policy import laid_over
from domain.stage import Context, Looking, Mark
from domain.when import LONDON, When, on_day
from domain.words import Due

_HOURS: Final = "hours"  # of `Limit.unit`


def to_the_hour(due: Due | None, start: When, context: Context) -> Due | None:
    """Move a limit in hours to the day on which its last hour falls, where it has a first one."""
    if due is None or start.earliest is None or start.earliest != start.latest:
        return due
    hours = _length(due, context.law(due.start))
    if hours is None:
        return due
    return replace(due, on=(start.earliest + hours).astimezone(LONDON).date())


def done_late(done: Mark, by: Due, start: Mark, context: Looking) -> bool:
    """Whether something was certainly done after its time, which `start` begins.

    What is told without a time has the moment of its entry, and may have been done hours before:
    that is judged by its day, and so is a start that is no longer of the day the limit counts from.
    """
    hours, began, earliest = _length(by, _law(by, start, context)), start.latest, done.when.earliest
    by_the_hour = done.stated and by.start == start.last
    if hours is not None and began is not None and earliest is not None and by_the_hour:
        return earliest > began + hours
    return done.first is not None and done.first > by.on


def _law(due: Due, start: Mark, context: Looking) -> Jurisdiction:
    """The law a due date was reckoned by: it names its policy; where it does not, that of its day.

    One reckoned anew, for a time that was corrected, may be by a policy adopted since.
    """
    named = str(due.policy or "").partition("/")[2]
    policy = next((one for one in context.policies if named and one.version == named), None)
    if policy is not None:
        return laid_over(context.jurisdiction, policy)
    return context.law_of(start.position, on_day(due.start))


def _length(due: Due, law: Jurisdiction) -> timedelta | None:
    """How long a limit is, where it is one in hours."""
    limit = law.limits.get(due.rule)
    return timedelta(hours=limit.amount) if limit and limit.unit == _HOURS else None
