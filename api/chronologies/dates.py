"""How a cell of a chronology says when: read into `When`, and written so that it reads the same.

A leading `?` says that a date is uncertain, `~` that it is approximate, `?~` both. A month, a year
or a range stays one; `by` a day has no beginning. Nothing becomes a midnight.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Final

from domain.when import LONDON, UNKNOWN, When, instant, read, unknown

_UNKNOWN: Final = {UNKNOWN, "?", "-", "not known", "n/k", "nk", "date unknown", "undated"}
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DOUBT = re.compile(
    r"(?P<mark>\?\s*~|~\s*\?|\?|~)\s*|(?P<word>c\.|circa\b|approx(?:imately|\.)?(?=\s)|about\b)\s*"
)
_BY = re.compile(r"(?:by|on or before|no later than)\s+(.+)")
_FROM = re.compile(r"(?:from|since|on or after)\s+(.+)")
_RANGES: Final = (
    re.compile(r"(.+?)\s*(?:\.\.|\s-\s|\s–\s|\sto\s)\s*(.+)"),
    re.compile(r"(.+?)\s*/\s*(.+)"),
)
_ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?[?~%]?|\d{3}X|\d{4}-XX|\d{4}-\d\d-XX")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.](\d{4})")
_WORDS = re.compile(
    r"(?:(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s-]+)?([a-z]{3,9})[\s-]+(\d{4})"
)
_DECADE = re.compile(r"(\d{3})0s")
_TIMED = re.compile(r"(\S+(?:\s[a-z]+\s\d{4})?)[\sT]+(\d{1,2}[:.]\d\d(?:[:.]\d\d(?:\.\d{1,6})?)?)")
_TIME = re.compile(
    r"(\d{1,2})[:.]?(\d\d)(?:[:.](\d\d)(?:\.(\d{1,6}))?)?\s*(am|pm)?(?:\s*(gmt|bst))?"
)
_MARKS: Final = {"?": "?", "~": "~", "%": "?~"}
_SUFFIX: Final = {mark: suffix for suffix, mark in _MARKS.items()} | {"~?": "%"}

NOT_A_DATE: Final = (
    "write a date as 2006-07-06, 6 July 2006 or 06/07/2006, a month as 2006-07, a year as 2006, a "
    "span as 2006-07/2006-08, by 2006-07-06 or from 2006-07-06, with ? in front where it is "
    "uncertain and ~ where it is approximate, or the word unknown"
)
NOT_A_TIME: Final = "write a time as 14:30, with ? in front where it is uncertain"


def read_date(cell: str) -> When:
    """When a cell says something was.

    Raises:
        ValueError: it says none of what can be read; the message is the remedy.
    """
    text = " ".join(cell.replace("\N{NO-BREAK SPACE}", " ").split())
    if text.lower() in _UNKNOWN:
        return unknown()
    with suppress(ValueError):
        return read(text)  # EDTF itself: also what we write where no shorter form is exact
    try:
        return _read_words(text.lower())
    except ValueError:
        raise ValueError(NOT_A_DATE) from None


def _read_words(low: str) -> When:
    doubt = ""
    if found := _DOUBT.match(low):
        mark = (found["mark"] or "~").replace(" ", "")
        doubt, low = _SUFFIX[mark], low[found.end() :]
    if found := _TIMED.fullmatch(low):
        return at_time(read(_single(found[1], "")), found[2])
    return _spanning(low, doubt)


def _spanning(text: str, doubt: str) -> When:
    """A date, a span of two, or a span with one open side; the doubt is about each side."""
    if found := _BY.fullmatch(text):
        return read(f"/{_single(found[1], doubt)}")
    if found := _FROM.fullmatch(text):
        return read(f"{_single(found[1], doubt)}/")
    if _DAY_FIRST.fullmatch(text) or _MONTH_YEAR.fullmatch(text):
        return read(_single(text, doubt))
    for span in _RANGES:
        if found := span.fullmatch(text):
            return read(f"{_single(found[1], doubt)}/{_single(found[2], doubt)}")
    return read(_single(text, doubt))


def _single(text: str, doubt: str) -> str:
    """One date as EDTF."""
    if _ISO.fullmatch(text):
        return text + doubt
    if found := _DAY_FIRST.fullmatch(text):
        return f"{date(int(found[3]), int(found[2]), int(found[1])).isoformat()}{doubt}"
    if found := _MONTH_YEAR.fullmatch(text):
        return f"{date(int(found[2]), int(found[1]), 1).isoformat()[:7]}{doubt}"
    if found := _DECADE.fullmatch(text):
        return f"{found[1]}X{doubt}"
    if found := _WORDS.fullmatch(text):
        month = _month(found[2])
        if found[1] is None:
            return f"{date(int(found[3]), month, 1).isoformat()[:7]}{doubt}"
        return f"{date(int(found[3]), month, int(found[1])).isoformat()}{doubt}"
    raise ValueError(NOT_A_DATE)


def _month(word: str) -> int:
    for number, name in enumerate(_MONTHS, start=1):
        if name.startswith(word) or word == "sept" == name[:4]:
            return number
    raise ValueError(NOT_A_DATE)


def at_time(day: When, cell: str) -> When:
    """The moment of a day that a time of day gives, in Europe/London.

    Raises:
        ValueError: it is no time, the day is not exactly one, or the clocks passed over it.
    """
    if day.day is None or day.uncertain:
        raise ValueError("a time needs one certain day beside it; leave the time out")
    found = _TIME.fullmatch(cell.strip().lower())
    if found is None:
        raise ValueError(NOT_A_TIME)
    hour = int(found[1])
    if found[5]:
        hour = hour % 12 + (12 if found[5] == "pm" else 0)
    fraction = int((found[4] or "0").ljust(6, "0"))
    try:
        clock = time(hour, int(found[2]), int(found[3] or 0), fraction)
    except ValueError:
        raise ValueError(NOT_A_TIME) from None
    local = datetime.combine(day.day, clock, LONDON)
    # In autumn an hour comes twice; the first is meant unless the cell says GMT.
    moment = local.replace(fold=1 if found[6] == "gmt" else 0)
    utc = moment.astimezone(UTC)
    if utc.astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError("the clocks went forward over that time: it did not happen that day")
    return instant(utc)


def write_date(when: When) -> str:
    """The cell of a date; `read_date` of it gives the same, except for the time of a moment."""
    if when.unknown:
        return UNKNOWN
    if _moment(when) is not None and when.first_day is not None:
        return when.first_day.isoformat()
    left, slash, right = when.text.partition("/")
    if not slash:
        return _marked(left)
    if ".." in (left, right):
        return when.text  # a side that is not is more than one that is not known
    if not left:
        return _worded("by ", right)
    if not right:
        return _worded("from ", left)
    marks = {side[-1] if side[-1] in _MARKS else "" for side in (left, right)}
    if len(marks) > 1:
        return when.text  # one side certain and the other not: no shorter form says that
    (mark,) = marks
    return f"{_MARKS.get(mark, '')}{left.rstrip(mark)}/{right.rstrip(mark)}"


def _marked(text: str) -> str:
    """A date with its doubt in front, where people look for it."""
    return f"{_MARKS[text[-1]]}{text[:-1]}" if text[-1] in _MARKS else text


def _worded(word: str, text: str) -> str:
    """A span with one open side, its doubt in front of the word."""
    return f"{_MARKS[text[-1]]}{word}{text[:-1]}" if text[-1] in _MARKS else f"{word}{text}"


def write_time(when: When) -> str:
    """The cell of a time of day: empty unless `when` is a moment."""
    moment = _moment(when)
    if moment is None:
        return ""
    local = moment.astimezone(LONDON)
    text = local.time().isoformat()
    if local.second == 0 and local.microsecond == 0:
        text = text[:5]
    return f"{text} GMT" if local.fold else text


def _moment(when: When) -> datetime | None:
    return when.earliest if when.earliest is not None and when.earliest == when.latest else None
