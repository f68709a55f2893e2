"""How long something may last unanswered: limits that are judged as they pass, not stored.

They start with no command that could store a due date, so they are counted in units that need no
calendar of an office (`policy.check` takes no other); of one in working days it is known at least
by when it was over for certain.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from domain.jurisdictions import Limit
from domain.stage import months_after

_WORKING: Final = 5  # days of a week
_WITH_HOLIDAYS: Final = 4  # weeks of which the holidays are less than one
_HOURS: Final = 24  # of a day


def until(limit: Limit, begun: date) -> date:
    """Give the last day within a limit that began on a day."""
    match str(limit.unit):
        case "months":
            return months_after(begun, limit.amount)
        case "weeks":
            return begun + timedelta(weeks=limit.amount)
        case _:  # calendar days
            return begun + timedelta(days=limit.amount)


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
