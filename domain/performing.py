"""Who did a thing, where that is not who recorded it: a worker the record knows, or a slip.

Any event may name somebody else as who did it. That it is a registered worker is looked up as it is
recorded and kept in its header, so that a case needs nothing but itself; it is no refusal, since
the integrity rules ask that an actor is there (I2) and not that the record has met them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from domain.finding import Finding
from domain.stage import Mark, found, mark
from domain.words import Fact


def by_strangers(fact: Fact[Any]) -> tuple[Mark, ...]:
    """The fact, where whoever is said to have done it was not registered as it was recorded."""
    return (mark(fact),) if fact.header.performer_unknown else ()


def unrecognised(marks: Iterable[Mark]) -> Iterator[Finding]:
    """Ask who did a thing that somebody this record did not know is said to have done (R150)."""
    for at in marks:
        words = "This is recorded as done by a worker whom this record did not know."
        yield found("performer_not_registered", "R150", "medium", words, at=at)
