"""How long a request for access waited for whoever made it, and by which limit it is answered.

UK GDPR, Article 12A: the days on which proof of identity, or what is asked for, had to be waited
for do not count (L1 to L4).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from domain.stage import Mark

_DAY: Final = timedelta(days=1)
# By whether two months more were taken: the limit a request is answered by.
LIMITS: Final[Mapping[bool, str]] = {False: "subject_access", True: "subject_access_extended"}


def days_waited(stopped: Mark | None, again: date | None) -> tuple[date, ...]:
    """The days on which the requester was waited for: none that may not have been.

    From the last day on which the clock can have stopped to the first on which it can have started.
    """
    first = None if stopped is None else stopped.last
    if first is None or again is None:
        return ()
    return tuple(first + _DAY * number for number in range(max((again - first).days, 0)))
