"""A case's timeline: which facts are asked for, and the order in which things happened.

A time that is not a day stands where it can earliest have been; nothing is given a midnight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from domain.when import end_of, start_of
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
        """Whether the record says so; else whether it is the agency's own, and when."""
        header = fact.header
        stated = [known.since for known in header.known_to if known.agency == agency]
        owner = getattr(fact.event, "agency", None) if header.source else header.organisation
        if not stated and owner == agency:
            stated = [header.source_recorded or header.occurred]
        until = end_of(self.on)
        return any(since.earliest is None or since.earliest <= until for since in stated)


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
