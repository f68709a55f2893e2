"""Times of which no entry tells: days that surely lie between two entries (Staffordshire, 3b)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from api.timelines.asked import Period

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days an entry may have been in; a side that is not known is None."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Days without an entry, both included; `before` is the place of the entry that ends them."""

    since: date
    until: date
    before: int
    perhaps: tuple[int, ...]  # places of entries that are so uncertain that they may fall in it

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.until - self.since).days + 1


def silences(spans: Sequence[Span], days: int, period: Period) -> Iterator[Silence]:
    """Silences of so many days at least, of entries in their order.

    Of an uncertain entry every day counts on which it can have been, so that a silence is certain;
    one that is known to have been by a day alone, or from one, counts on that day, and what is
    not known at all on none. These are named where they may fall in the silence.
    """
    reached = None if period.since is None else period.since - _DAY
    end = 0  # the place behind the last that was at a known time
    for place, span in enumerate(spans):
        first, last = span.first or span.last, span.last or span.first
        if first is None or last is None or (period.until is not None and first > period.until):
            continue
        yield from _between(reached, first, place, spans, days)
        reached, end = last if reached is None else max(reached, last), place + 1
    if period.until is not None:
        yield from _between(reached, period.until + _DAY, end, spans, days)


def _between(
    reached: date | None, first: date, place: int, spans: Sequence[Span], days: int
) -> Iterator[Silence]:
    if reached is None or (first - reached).days - 1 < days:
        return
    since, until = reached + _DAY, first - _DAY
    perhaps = tuple(at for at, one in enumerate(spans) if _perhaps(one, since, until))
    yield Silence(since=since, until=until, before=place, perhaps=perhaps)


def _perhaps(span: Span, since: date, until: date) -> bool:
    """Whether an entry with an open side may have been then."""
    if span.first is not None and span.last is not None:
        return False
    return (span.first is None or span.first <= until) and (span.last is None or span.last >= since)
