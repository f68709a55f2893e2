"""The clocks of a question: read alike, and refused in the same words, at every door.

`as_at` (a position, or a day: its end in the United Kingdom): as it was known then. `on`: the day
to judge by. `as_of`: as it was true then. `known_to`: what that agency knew by the day judged by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from api.office import Office
from domain.handle import local_day
from domain.when import end_of
from domain.words import Slug

POSITION_DIGITS: Final = 18  # a position is a signed 64-bit number
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_A_POSITION: Final = "This is a position, or a day of the calendar as 2026-11-02."
_NOT_YET: Final = (
    "This is a position of the record; nothing is recorded there yet, so ask up to its last."
)
_NOT_COME: Final = "This is a position, or a day up to today: that day has not come yet."
_A_DAY: Final = "This is a day of the calendar as 2026-11-02."
_AN_AGENCY: Final = "This is an agency's identifier, such as police."


class UnreadableError(ValueError):
    """A clock that cannot be read: which, and what it should be; never what was sent."""

    def __init__(self, clock: str, words: str) -> None:
        super().__init__(words)
        self.clock = clock
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The clocks as somebody sent them; None where they were left out."""

    as_at: str | None = None
    on: str | None = None
    as_of: str | None = None
    known_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The clocks as read: `as_at` a position (None: now), judged `on` a day.

    `known_on` is the day of which `as_at` is the end, where a day was asked for; today is known
    `so_far`: the same question has another answer later, and `as_at` is what this one is of.
    """

    as_at: int | None
    on: date
    as_of: date | None = None
    known_to: Slug | None = None
    known_on: date | None = None
    so_far: bool = False
    by_basis: bool = False  # `as_at` was left out, and is that of the basis
    sent: bool = False  # and that basis was sent, so it is as known then

    @property
    def asked_at(self) -> int | None:
        """The position that was asked for; None where it was left out."""
        return None if self.by_basis else self.as_at

    @property
    def looked_at(self) -> int | None:
        """The position that somebody looks at, for the trace; None for the present."""
        return None if self.by_basis and not self.sent else self.as_at

    @property
    def narrowed(self) -> bool:
        """Whether it is asked for less than everything recorded."""
        return self.as_of is not None or self.known_to is not None

    def told(self) -> dict[str, int | str | None]:
        """How an answer says by which clocks it was given."""
        return {
            "as_at": self.asked_at,
            "on": self.on.isoformat(),
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "known_to": self.known_to,
        }


def read_clocks(office: Office, typed: Typed) -> Clocks:
    """Read the clocks. Left out, `on` is the day of `as_of`, else that of `as_at`, else today.

    Raises:
        UnreadableError: one of them cannot be read.
    """
    today = local_day(office.clock.now())
    position, recorded_on, known_on = _position(office, typed.as_at, today)
    as_of = None if typed.as_of is None else read_day("as_of", typed.as_of)
    judged = None if typed.on is None else read_day("on", typed.on)
    return Clocks(
        as_at=position,
        on=judged or as_of or recorded_on or today,
        as_of=as_of,
        known_to=_agency(typed.known_to),
        known_on=known_on,
        so_far=known_on is not None and known_on >= today,
    )


def read_position(office: Office, text: str) -> tuple[int, date | None]:
    """A position that something is recorded at, with its day; or 0, before anything was.

    Raises:
        UnreadableError: it is no position, or nothing is recorded there yet.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= POSITION_DIGITS):
        raise UnreadableError("as_at", _A_POSITION)
    position = int(text)
    rows = office.record.log.at([position])
    if not rows and position > 0:
        raise UnreadableError("as_at", _NOT_YET)
    return position, local_day(rows[0].recorded_at) if rows else None


def read_day(clock: str, text: str, words: str = _A_DAY) -> date:
    """A day of the calendar. Raises UnreadableError."""
    if not _DAY.fullmatch(text):
        raise UnreadableError(clock, words)
    try:
        day = date.fromisoformat(text)
        end_of(day)
    except (ValueError, OverflowError):
        raise UnreadableError(clock, words) from None
    return day


def _position(
    office: Office, text: str | None, today: date
) -> tuple[int | None, date | None, date | None]:
    """A position with the day it was recorded; or the last one by the end of a day, with that day.

    The third is the day, where one was asked for.
    """
    if text is None:
        return None, None, None
    if text.isascii() and text.isdigit():
        return *read_position(office, text), None
    day = read_day("as_at", text, _A_POSITION)
    if day > today and day > _last_day(office):
        raise UnreadableError("as_at", _NOT_COME)
    return office.record.log.position_at(end_of(day)), day, day


def _last_day(office: Office) -> date:
    """The day of what was recorded last: it has come, even where this clock is behind it."""
    _, day = read_position(office, str(office.record.log.tail()))
    return day or date.min


def _agency(text: str | None) -> Slug | None:
    try:
        return None if text is None else Slug(text)
    except ValueError:
        raise UnreadableError("known_to", _AN_AGENCY) from None
