"""Long silences: an open case of which nothing was recorded for months (procedure C.7).

A silence is between two entries as they were written down, whenever what they tell was: something
told late of that time shows that it was lived, not that it was recorded. What is recorded of a
closed case ends no silence, since none is expected there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from domain.finding import Finding
from domain.known import Known
from domain.lasting import until
from domain.policy import SILENCE
from domain.stage import Looking, Mark, found, mark
from domain.when import LONDON, in_words
from domain.words import Fact, Slug

_KEPT_DAYS: Final = 6  # shorter ones are not kept: within a week nobody expects an entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing was recorded from one entry to the next, that many days."""

    since: Mark
    days: int


def silence_before(last: Mark | None, fact: Fact[Any], *, closed: bool) -> tuple[Silence, ...]:
    """The silence a fact ends; none where it is short, or the case was closed, or begins.

    What is read of another case was recorded too, once this one had begun.
    """
    if last is None or closed:
        return ()
    days = (_written(mark(fact)) - _written(last)).days
    return (Silence(since=last, days=days),) if days > _KEPT_DAYS else ()


def broken(
    silences: Iterable[Silence], last: Mark | None, known: Known, context: Looking
) -> Iterator[Finding]:
    """Name the silences longer than the authority's limit, the one that lasts too (R150)."""
    for one in silences:
        words = f"Nothing was recorded of the open case for {one.days} days."
        yield from _lasted(one.since, one.days, words, context)
    elsewhere = known.led_from is not None  # there what follows is recorded
    if last is None or known.closed_at is not None or known.erased or elsewhere:
        return
    days = (context.on - _written(last)).days
    words = f"Nothing has been recorded of the open case for {days} days."
    yield from _lasted(last, days, words, context)


def _lasted(since: Mark, days: int, words: str, context: Looking) -> Iterator[Finding]:
    """Name a silence of more days than the limit of the policy under which it began."""
    law = context.law_of(since.position, since.when)
    limit, begun = law.limits.get(SILENCE), _written(since)
    if limit is None:
        return
    last = until(limit, begun)
    if begun + timedelta(days=days) > last:
        words = f"{words} The limit ended on {in_words(last)}."
        one = found("nothing_recorded", "R150", "medium", words, at=since, since=last)
        yield replace(one, policy=Slug(law.policy))  # not of the day the limit ran out


def _written(at: Mark) -> date:
    """The local day an entry was written down."""
    if at.recorded_at is None:
        raise ValueError("an entry of a case has the moment it was recorded")
    return at.recorded_at.astimezone(LONDON).date()
