"""A case's timeline: which facts are asked for, and the order in which things happened.

A time that is not a day stands where it can earliest have been; nothing is given a midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from domain import correction
from domain.when import days_apart, end_of, start_of
from domain.words import Fact, Slug

_LAST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which facts of a case are asked for.

    `as_of`: what can have happened by the end of that day. `known_to`: what that agency can have
    known by the end of the day judged by, `on`. Doubt counts as yes.
    """

    on: date
    as_of: date | None = None
    known_to: Slug | None = None

    def holds(self, fact: Fact[Any]) -> bool:
        """Whether a fact is asked for."""
        earliest = fact.occurred.earliest
        if self.as_of is not None and earliest is not None and earliest > end_of(self.as_of):
            return False
        return self.known_to is None or self._knew(fact, self.known_to)

    def _knew(self, fact: Fact[Any], agency: Slug) -> bool:
        """Whether it is the agency's own, and on its record by then; or is said to be known."""
        header, until = fact.header, end_of(self.on)
        if any(
            known.agency == agency
            and (known.since.earliest is None or known.since.earliest <= until)
            for known in header.known_to
        ):
            return True
        if header.organisation == agency and fact.recorded_at <= until:
            return True
        written = header.source_recorded
        since = fact.recorded_at if written is None else (written.earliest or fact.recorded_at)
        return getattr(fact.event, "agency", None) == agency and since <= until


def as_understood(facts: Sequence[Fact[Any]]) -> tuple[list[Fact[Any]], frozenset[int]]:
    """The facts at the times now understood, and the versions of those that were withdrawn."""
    standing = {fact.version: fact for fact in correction.standing(facts)}
    withdrawn = frozenset(fact.version for fact in facts if fact.version not in standing)
    return [standing.get(fact.version, fact) for fact in facts], withdrawn


def gaps(facts: Sequence[Fact[Any]], days: int) -> list[tuple[Fact[Any], Fact[Any], int]]:
    """Silences: two entries next to each other with at least so many days surely between them.

    `facts` are in order. What is at an unknown time breaks no silence.
    """
    found = []
    last: Fact[Any] | None = None
    for fact in facts:
        if fact.occurred.latest is None:
            continue
        if last is not None:
            apart = days_apart(last.occurred, fact.occurred)[0]
            if apart is not None and apart >= days:
                found.append((last, fact, apart))
        if last is None or fact.occurred.latest >= (last.occurred.latest or fact.occurred.latest):
            last = fact
    return found


def last_seen(facts: Sequence[Fact[Any]]) -> Fact[Any] | None:
    """The last entry, of facts in order, that says the adult was seen or heard."""
    seen = [fact for fact in facts if getattr(fact.event, "seen", None) is not None]
    return seen[-1] if seen else None


def in_order(facts: Iterable[Fact[Any]]) -> list[Fact[Any]]:
    """As things happened: by when each can earliest have been, then latest.

    What is only known to have been by a day stands at that day; what happened at a time nobody
    knows, where it was written down. Things of one time stand by the number their chronology gives
    them, then as they were recorded.
    """
    return sorted(facts, key=_place)


def _place(fact: Fact[Any]) -> tuple[datetime, datetime, float, int]:
    when, written = fact.occurred, fact.header.source_recorded
    number = getattr(fact.event, "number", None)
    order = (float("inf") if number is None else float(number), fact.position)
    if when.unknown:
        at = fact.recorded_at if written is None else (written.earliest or fact.recorded_at)
        return (at, _LAST, *order)
    earliest = when.earliest
    if earliest is None and when.last_day is not None:
        earliest = start_of(when.last_day)
    return (earliest or fact.recorded_at, when.latest or _LAST, *order)
