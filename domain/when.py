"""When something was so: EDTF level 1 text with its earliest and latest bound beside it.

Plain days, months, years, instants and ranges of days are read here in microseconds. Only
uncertain and partial texts go through the `edtf` library (milliseconds a parse), once, at a door;
the bounds are stored, so that no view ever parses. A day is a day: it has no midnight.

Source: Extended Date/Time Format (ISO 8601-2), levels 0 and 1.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
UNKNOWN = "unknown"

# ASCII throughout: `\d` alone is the digits of every script, which EDTF has not.
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_ZONELESS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
# What of EDTF level 1 we hand to the library; anything else it may print or misread.
_FUZZY = re.compile(
    r"(\d{4}|\d{3}X|\d\dXX|\d{4}-(\d\d|XX)|\d{4}-(\d\d-(\d\d|XX)|XX-XX))[?~%]?", re.ASCII
)
_DECEMBER = 12
_MONTHS = (  # never the machine's language
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MICROSECOND = timedelta(microseconds=1)
Apart: TypeAlias = tuple[int | None, int | None]  # the least and the most; None where open


@dataclass(frozen=True, slots=True)
class When:
    """An instant, a day, a longer or uncertain time, or unknown.

    `text` is the EDTF (or `unknown`); `earliest` and `latest` are UTC instants, both inclusive,
    None where that side is open or unknown. Days are days in Europe/London.
    """

    text: str
    earliest: datetime | None
    latest: datetime | None

    @property
    def unknown(self) -> bool:
        """Stated not to be known (I2 allows it)."""
        return self.text == UNKNOWN

    @property
    def uncertain(self) -> bool:
        """Anything that is not exactly one day or instant: shown with a leading `?` or as text."""
        return self.day is None or self.text[-1] in "?~%"

    @property
    def first_day(self) -> date | None:
        """The earliest local day it can have been."""
        return None if self.earliest is None else self.earliest.astimezone(LONDON).date()

    @property
    def last_day(self) -> date | None:
        """The latest local day it can have been."""
        return None if self.latest is None else self.latest.astimezone(LONDON).date()

    @property
    def day(self) -> date | None:
        """The local day, where there is exactly one; None where it is not that precise."""
        first = self.first_day
        return first if first is not None and first == self.last_day else None

    def __str__(self) -> str:
        return self.text


def unknown() -> When:
    """A time stated as not known."""
    return When(UNKNOWN, None, None)


def instant(moment: datetime) -> When:
    """A moment to the second or better; must carry a time zone."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    utc = moment.astimezone(UTC)
    text = utc.isoformat(timespec="microseconds" if utc.microsecond else "seconds")
    return When(text.replace("+00:00", "Z"), utc, utc)


@lru_cache(maxsize=4096)
def on_day(day: date) -> When:
    """A whole local day."""
    return When(day.isoformat(), start_of(day), end_of(day))


def month_in_words(year: int, month: int) -> str:
    """`November 2026`."""
    return f"{_MONTHS[month - 1]} {year}"


def in_words(day: date) -> str:
    """`2 November 2026`: a day in a sentence, wherever somebody reads it."""
    return f"{day.day} {month_in_words(day.year, day.month)}"


def between(first: date | None, last: date | None) -> When:
    """A range of days, either side open."""
    if first is not None and last is not None and last < first:
        raise ValueError("a range must not end before it begins")
    text = f"{first.isoformat() if first else ''}/{last.isoformat() if last else ''}"
    if text == "/":
        return unknown()
    return When(text, start_of(first) if first else None, end_of(last) if last else None)


def in_order(when: When) -> tuple[bool, datetime, str]:
    """A key to sort times by: as early as each can have been, those of no known beginning last."""
    earliest = when.earliest
    return earliest is None, earliest or datetime.max.replace(tzinfo=UTC), when.text


def start_of(day: date) -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last microsecond of a local day, in UTC; a summer-time day has 23 or 25 hours."""
    if day == date.max:
        raise ValueError("a day must have a following day")
    return start_of(day + timedelta(days=1)) - _MICROSECOND


def days_apart(first: When, last: When) -> Apart:
    """Whole days from one time to a later one."""
    return _apart(first, last, lambda one, other: (other - one).days)


def months_apart(first: When, last: When) -> Apart:
    """Calendar months from one time to a later one: September to July are ten, whatever the day.

    That is how people count who know only months; nothing finer is claimed.
    """
    return _apart(
        first,
        last,
        lambda one, other: (other.year - one.year) * 12 + other.month - one.month,
    )


def years_apart(first: When, last: When) -> Apart:
    """Completed years from one time to a later one: an age."""
    return _apart(
        first,
        last,
        lambda one, other: (
            other.year - one.year - ((other.month, other.day) < (one.month, one.day))
        ),
    )


def _apart(first: When, last: When, count: Callable[[date, date], int]) -> Apart:
    """The least and the most it can be, from the days that each side can have been."""
    least = most = None
    if first.last_day is not None and last.first_day is not None:
        least = count(first.last_day, last.first_day)
    if first.first_day is not None and last.last_day is not None:
        most = count(first.first_day, last.last_day)
    return least, most


def read(text: str) -> When:
    """Read EDTF level 0 or 1, or `unknown`.

    Raises:
        ValueError: it is not a date, an instant, or EDTF; the message says what is accepted.
    """
    text = text.strip()
    if text == UNKNOWN:
        return unknown()
    try:
        plain = _read_plain(text)
        if plain is not None:
            return plain
        if "/" in text:
            return _read_range(text)
        return _read_fuzzy(text)
    except (ValueError, OverflowError) as error:
        raise ValueError(_whats_wrong(text, error)) from error


class _ReversedError(ValueError):
    """A range that ends before it begins: each side can be read."""


def _whats_wrong(text: str, error: Exception) -> str:
    """Why it cannot be read, without a word of it: what was sent may be anything."""
    if isinstance(error, _ReversedError):
        return "the end of this range lies before its start: the earlier day stands first"
    if any(_DAY.fullmatch(side) and not _exists(side) for side in text.split("/")):
        return "there is no such day in the calendar"
    if _ZONELESS.fullmatch(text):
        return "a moment needs its time zone, as in 2026-11-02T09:30:00Z or +01:00"
    return (
        "a date is YYYY-MM-DD, YYYY-MM, YYYY, a moment with its time zone, a range A/B, "
        "any of them with ? for uncertain or ~ for approximate, or the word unknown"
    )


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _read_plain(text: str) -> When | None:
    """The common forms, without the library."""
    if _DAY.fullmatch(text):
        return on_day(date.fromisoformat(text))
    if _INSTANT.fullmatch(text):
        return instant(datetime.fromisoformat(text))
    if match := _MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2])
        if not 1 <= month <= _DECEMBER:  # 21–41 are EDTF seasons: the library's affair
            return None
        last = date(year, month, calendar.monthrange(year, month)[1])
        return When(text, start_of(date(year, month, 1)), end_of(last))
    if _YEAR.fullmatch(text):
        return When(text, start_of(date(int(text), 1, 1)), end_of(date(int(text), 12, 31)))
    return None


def _read_range(text: str) -> When:
    """A range: each side read alone, since the library refuses an open beginning as `../`."""
    left, _, right = text.partition("/")
    if "/" in right:
        raise ValueError("a range has two sides")
    first, last = _read_side(left), _read_side(right)
    earliest = first.earliest if first else None
    latest = last.latest if last else None
    if earliest is None and latest is None:
        raise ValueError("a range needs at least one side")
    if earliest is not None and latest is not None and latest < earliest:
        raise _ReversedError("a range must not end before it begins")
    return When(text, earliest, latest)


def _read_side(text: str) -> When | None:
    """One side of a range as it is written, without spaces; None where it is open or not known.

    `..` says that there is no such side (it goes on, or always was), nothing that it is not known;
    neither has a bound, and the text keeps which it was.
    """
    if text in {"", ".."}:
        return None
    return _read_plain(text) or _read_fuzzy(text)


@lru_cache(maxsize=1024)
def _read_fuzzy(text: str) -> When:
    """Uncertain, approximate or partly unspecified: bounds widened as the library widens them."""
    if not _FUZZY.fullmatch(text):
        raise ValueError("not EDTF level 1")
    from edtf import parse_edtf  # noqa: PLC0415 — slow to import, and rarely needed
    from edtf.parser.edtf_exceptions import EDTFParseException  # noqa: PLC0415

    try:
        parsed: Any = parse_edtf(text)
    except EDTFParseException as error:
        raise ValueError("not EDTF") from error
    # The strict bounds: what the text literally covers. The doubt itself is kept in the text
    # ("?", "~"); a widened bound would be a precision nobody stated.
    first, last = parsed.lower_strict(), parsed.upper_strict()
    return When(text, start_of(date(*first[:3])), end_of(date(*last[:3])))
