"""How old somebody can be on a day, by what is told of the day they were born."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from domain.when import read

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch


says_about: Final = re.compile("[?~%]").search  # of a day that is said to be approximate


def ages_on(born: str, day: date, until: date | None = None) -> tuple[int, ...]:
    """The youngest and oldest a person can be on a day, or on one from a day until another.

    Nothing where the text cannot be read, or says of one side that it is not known.
    """
    first: date | None
    last: date | None
    try:
        if _DAY(born):  # as nearly all are: reading any form takes ten times as long
            first = last = date.fromisoformat(born)
        else:
            when = read(born)
            first, last = when.first_day, when.last_day
    except ValueError:
        return ()
    if first is None or last is None:
        return ()
    if first is last and until in {None, day}:
        return (_years(first, day),) * 2
    return (_years(last, day), _years(first, until or day))


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
