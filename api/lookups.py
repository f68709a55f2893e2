"""What a decision needs from other streams, read from the record itself by reference.

The number of cases about one adult is small; their references come from the caseload view, which
is waited for so that a referral recorded a moment ago is counted.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.words import PersonRef

if TYPE_CHECKING:
    from api.office import Office


class ViewLookups:
    """Answers `domain.handle.Lookups`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def earlier_referrals(self, adult: PersonRef) -> tuple[date, ...]:
        """The days on which referrals about this adult were received before, in any case."""
        days: list[date] = []
        with self._office.pool.connection() as conn:
            rows = conn.execute(
                'SELECT DISTINCT "case" FROM views.caseload WHERE adult = %s', (adult,)
            ).fetchall()
        for (stream,) in rows:
            case, _facts = self._office.handler.case(stream)
            days.extend(mark.day for mark in case.referrals if mark.day is not None)
        return tuple(sorted(days))
