"""Since when what days alone bring is said to stand: held wherever a test expects it.

The day that passed is the last on which nothing was to be said; from the day after it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta

from domain.finding import Finding
from domain.words import Digest

_DAY = timedelta(days=1)

Standing = Callable[[date], Collection[Digest]]


def hold_since(found: Iterable[Finding], recorded: date, on: date, standing: Standing) -> None:
    """Hold what stands by a day to when it began to, if it did not when its case was last told of.

    `standing` gives the identities of what stands in the case by a day.

    Raises:
        AssertionError: it stands earlier or later than from the day after the one it says.
    """
    if on <= recorded:
        return
    then = standing(recorded)
    for one in found:
        last = None if one.since is None else one.since.last_day
        vague = one.since is not None and one.since.uncertain and one.due is None
        if one.identity in then or last is None or vague:  # vague: see `stage.passed`
            continue
        says = f"{one.code} says since {last}"
        assert recorded <= last < on, f"{says}, and began to stand after {recorded}"
        assert one.identity not in standing(last), f"{says}, and stands on that day already"
        assert one.identity in standing(last + _DAY), f"{says}, and not from the day after"
