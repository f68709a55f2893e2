"""Long silences: an open case of which nothing was recorded for months (procedure C.7).

A silence is between two entries as they were written down, whenever what they tell was: something
told late of that time shows that it was lived, not that it was recorded. What is recorded of a
closed case ends no silence, since none is expected there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from domain.finding import Finding
from domain.known import Known
from domain.stage import Looking, Mark, found, mark
from domain.when import LONDON
from domain.words import Fact

_LIMIT: Final = "nothing_recorded"
_KEPT_DAYS: Final = 30  # shorter ones are not kept: no authority's limit is shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing was recorded from one entry to the next, that many days."""

    since: Mark
    days: int


def silence_before(last: Mark | None, fact: Fact[Any], *, closed: bool) -> tuple[Silence, ...]:
    """The silence a fact ends; none where it is short, or the case was closed, or begins."""
    if last is None or closed or fact.version < 0:
        return ()
    days = (_written(mark(fact)) - _written(last)).days
    return (Silence(since=last, days=days),) if days > _KEPT_DAYS else ()


def broken(
    silences: Iterable[Silence], last: Mark | None, known: Known, context: Looking
) -> Iterator[Finding]:
    """Name the silences longer than the authority's limit, the one that lasts too (R150)."""
    limit = context.jurisdiction.limits.get(_LIMIT)
    if limit is None:
        return
    for one in silences:
        if one.days > limit.amount:
            words = f"Nothing was recorded of the open case for {one.days} days."
            yield _finding(one.since, words)
    if last is None or known.closed_at is not None or known.erased:
        return
    days = (context.on - _written(last)).days
    if days > limit.amount:
        yield _finding(last, f"Nothing has been recorded of the open case for {days} days.")


def _finding(since: Mark, words: str) -> Finding:
    return found("nothing_recorded", "R150", "medium", words, at=since)


def _written(at: Mark) -> date:
    """The local day an entry was written down."""
    if at.recorded_at is None:
        raise ValueError("an entry of a case has the moment it was recorded")
    return at.recorded_at.astimezone(LONDON).date()
