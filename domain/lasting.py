"""How long something may last unanswered: limits that are judged as they pass, not stored.

They start with no command that could store a due date, so they are counted in units that need no
calendar of an office (`policy.check` takes no other).
"""

from __future__ import annotations

from datetime import date, timedelta

from domain.jurisdictions import Limit
from domain.stage import months_after


def until(limit: Limit, begun: date) -> date:
    """Give the last day within a limit that began on a day."""
    match str(limit.unit):
        case "months":
            return months_after(begun, limit.amount)
        case "weeks":
            return begun + timedelta(weeks=limit.amount)
        case _:  # calendar days
            return begun + timedelta(days=limit.amount)
