"""What is wanted of a timeline for a review, held to what can be answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from api.clocks import Clocks
from domain.refusal import Refused
from domain.words import ReviewRef


class Naming(StrEnum):
    """Who is called what: as it was recorded, by name too, or by pseudonym throughout."""

    RECORDED = "recorded"
    NAMED = "named"
    PSEUDONYMS = "pseudonyms"


KINDS: Final = ("csv", "xlsx", "docx", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days a review looks at; open where a side is None."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which cases and persons, of which time, as known when and to whom, and in which form.

    `clocks` has `as_at` and, with `known_to`, the day `on` by which that agency knew. `gaps` is how
    many days without an entry are a line of their own; None: none are. `review` is the review it is
    for: what is called by pseudonyms is called otherwise for another.
    """

    clocks: Clocks
    cases: tuple[UUID, ...] = ()
    persons: tuple[UUID, ...] = ()
    period: Period = Period()
    before_period: bool = False
    naming: Naming = Naming.RECORDED
    gaps: int | None = None
    review: ReviewRef | None = None
    kind: str = "csv"


def check(asked: Asked) -> Asked:
    """Hold what is asked to what can be answered. Raises Refused, naming the field."""
    since, until = asked.period.since, asked.period.until
    if not asked.cases and not asked.persons:
        raise _wrong("case", "Name a case or a person at least.")
    if since is not None and until is not None and until < since:
        raise _wrong("to", "The period ends before it begins.")
    if asked.before_period and since is None:
        raise _wrong("before_period", "What came before a period needs its first day (from).")
    if asked.gaps is not None and asked.gaps < 1:
        raise _wrong("gaps", "A silence has a day at least.")
    return asked


def _wrong(field: str, words: str) -> Refused:
    return Refused("option", "usage", words, field=field)
