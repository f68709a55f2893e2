"""What can be of an outcome: not what was certainly said before anything had come of the case.

Something comes of it when a conference is held, an enquiry is concluded, or the case is closed.
"""

from __future__ import annotations

from domain.known import Known
from domain.stage import Mark


def of_an_outcome(at: Mark, known: Known) -> bool:
    """Whether something may have been said once a first outcome was there, by the days."""
    ends = [one.held for one in known.sittings.values()]
    ends += [one for one in (known.concluded, known.last_closed) if one is not None]
    return any(may_follow(at, end) for end in ends)


def may_follow(at: Mark, end: Mark) -> bool:
    """Whether something may have been on the day of something else, or after it."""
    return at.last is None or end.first is None or at.last >= end.first
