"""When something was, as somebody types it: a day with a time of day, or words for what is known.

A time is what a clock in London showed, as everybody who types one has it from there. Where the
clocks went back it came twice, and which is meant is asked; where they went forward it never came.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from api.chronologies.dates import at_time, read_date
from domain import when
from domain.when import LONDON, on_day

_CLOCK: Final = r"\d{1,2}[:.]\d\d(?:\s*[ap]m)?(?:\s*(?:gmt|bst))?"
_A_CLOCK: Final = re.compile(_CLOCK, re.ASCII | re.IGNORECASE)
_TIMED: Final = re.compile(rf"(.+?)[\s,]+(?:at\s+)?({_CLOCK})", re.ASCII | re.IGNORECASE)
_JOINED: Final = re.compile(r"(?<=\d)T(?=\d\d:\d\d)", re.ASCII)  # a day and its time, as systems do
_ZONE: Final = re.compile(r"\s*(gmt|bst)$", re.IGNORECASE)
NOT_A_CLOCK: Final = "Give the time in hours and minutes, such as 14:30."
NOT_A_TIME: Final = (
    "Write it as 6 July 2026, 6 July 2026 14:30, July 2026 or 2026, by 6 July 2026, from 6 July "
    "2026, 6 July 2026 to 9 July 2026, with ? in front where it is uncertain and ~ where it is "
    "about then, or the word unknown."
)
_TWICE: Final = (
    "That time came twice that night, as the clocks went back: write {0} BST for the first, or {0} "
    "GMT for the second."
)
_NEVER: Final = "There was no such time that night: the clocks went forward over it."
_OTHER: Final = "That day the clocks showed {0}: write the time by {0}, or leave the letters out."
_ONE_DAY: Final = "Give one certain day beside a time, or leave the time out."


def is_clock(text: str) -> bool:
    """Whether a text is a time of day and nothing else."""
    return _A_CLOCK.fullmatch(text) is not None


def at_clock(day: date, clock: str) -> str:
    """The moment of a day at which a clock in London showed that. Raises ValueError: in words."""
    plain = _ZONE.sub("", clock.strip())
    try:
        first = at_time(on_day(day), plain)
    except ValueError as wrong:
        raise ValueError(_NEVER if "forward" in str(wrong) else NOT_A_CLOCK) from None
    second = at_time(on_day(day), f"{plain} GMT")
    zone = _ZONE.search(clock.strip())
    if zone is None:
        if first != second:
            raise ValueError(_TWICE.format(plain))
        return first.text
    found = second if zone[1].upper() == "GMT" else first
    shown = None if found.earliest is None else found.earliest.astimezone(LONDON).tzname()
    if shown != zone[1].upper():
        raise ValueError(_OTHER.format(shown))
    return found.text


def in_words(text: str) -> str:
    """What somebody wrote of a time, as it is recorded. Raises ValueError: how to write it."""
    try:
        when.read(text)
    except ValueError:
        pass
    else:
        return text
    found = _TIMED.fullmatch(_JOINED.sub(" ", text))
    try:
        told = read_date(text if found is None else found[1])
    except ValueError:
        raise ValueError(NOT_A_TIME) from None
    if found is None:
        return told.text
    if told.day is None or told.uncertain:
        raise ValueError(_ONE_DAY)
    return at_clock(told.day, found[2])
