"""How long something may last unanswered: limits that are judged as they pass, not stored.

They start with no command that could store a due date, so they are counted in units that need no
calendar of an office (`policy.check` takes no other); of one in working days it is known at least
by when it was over for certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from domain.finding import Finding
from domain.jurisdictions import Jurisdiction, Limit
from domain.stage import Looking, Mark, months_after
from domain.words import Slug

_WORKING: Final = 5  # days of a week
_WITH_HOLIDAYS: Final = 4  # weeks of which the holidays are less than one
_HOURS: Final = 24  # of a day
# Within what a plan is reviewed whose date had passed as it came from another system: the cycle of
# reviews or, where there is none, the longest that may pass with nothing recorded.
REVIEW_ANEW: Final = ("review_conference", "nothing_recorded")


def until(limit: Limit, begun: date) -> date:
    """Give the last day within a limit that began on a day."""
    match str(limit.unit):
        case "months":
            return months_after(begun, limit.amount)
        case "weeks":
            return begun + timedelta(weeks=limit.amount)
        case _:  # calendar days
            return begun + timedelta(days=limit.amount)


def last_day(name: str, begun: Mark, context: Looking) -> date | None:
    """Give the last day within a limit of the policy that was in force as something began.

    Of those adopted before that was recorded. None where there is no such limit, or nobody knows
    when it began.
    """
    limit = context.law_of(begun.position, begun.when).limits.get(name)
    return None if limit is None or begun.last is None else until(limit, begun.last)


def by_its_policy(one: Finding, begun: Mark, context: Looking) -> Finding:
    """Name that policy in what is said of such a limit: not the one of the day it ran out."""
    return replace(one, policy=Slug(context.law_of(begun.position, begun.when).policy))


def latest_of(names: Iterable[str], law: Jurisdiction, begun: date) -> date | None:
    """Give the latest last day (`at_latest_until`) of the first of these limits that a law has."""
    limit = next((law.limits[name] for name in names if name in law.limits), None)
    return None if limit is None else at_latest_until(limit, begun)


def at_latest_until(limit: Limit, begun: date) -> date:
    """Give the latest day that can be the last within a limit, of whatever office's calendar.

    Five working days are a week at the latest with a week more for the holidays of every four.
    """
    match str(limit.unit):
        case "working_days":
            weeks = -(-limit.amount // _WORKING) - (-limit.amount // (_WORKING * _WITH_HOLIDAYS))
            return begun + timedelta(weeks=weeks)
        case "hours":
            return begun + timedelta(days=-(-limit.amount // _HOURS))
        case _:
            return until(limit, begun)
