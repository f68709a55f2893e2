"""The entries of one case as they are now understood, in the order in which things happened.

Read from the record itself and not from the chronology view: a case is few events, each proves
itself as it is read, and what was recorded a moment ago is there. A test holds the two to the same
answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from api.problems import invalid
from api.routes.door import day_of
from domain.correction import ChronologyEntryRecorded, RecordCorrected
from domain.when import When, end_of, start_of
from domain.words import Fact, Slug

_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_LAST_NUMBER: Final = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An entry as now understood; `stated` is when it was first said to have been, if otherwise.

    `corrected_by` is the position of its last correction.
    """

    fact: Fact[Any]
    occurred: When
    stated: When | None = None
    corrected_by: int | None = None
    withdrawn: bool = False

    @property
    def number(self) -> int | None:
        """Its own number in the chronology it came from."""
        event = self.fact.event
        return event.number if isinstance(event, ChronologyEntryRecorded) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which entries are asked for: what may have been so by a day, what an agency knew by one."""

    as_of: date | None = None
    known_to: Slug | None = None
    by: date

    @classmethod
    def read(cls, as_of: str | None, known_to: str | None, by: date) -> Which:
        """Read a query. Raises Problem `invalid`."""
        try:
            agency = Slug(known_to) if known_to else None
        except ValueError:
            raise invalid("/query/known_to", "This is not an agency's identifier.") from None
        return cls(as_of=day_of("as_of", as_of) if as_of else None, known_to=agency, by=by)

    def holds(self, told: Told) -> bool:
        """Whether an entry is asked for; what may have been counts."""
        earliest = told.occurred.earliest
        if self.as_of is not None and earliest is not None and earliest > end_of(self.as_of):
            return False
        return self.known_to is None or self._knew(told.fact, self.known_to)

    def _knew(self, fact: Fact[Any], agency: Slug) -> bool:
        """Whether an agency knew of it, or had it on record, by the end of the day."""
        by, header = end_of(self.by), fact.header
        written = None if header.source_recorded is None else header.source_recorded.earliest
        theirs = getattr(fact.event, "agency", header.organisation)
        if theirs == agency and (written or fact.recorded_at) <= by:
            return True
        if header.organisation == agency and fact.recorded_at <= by:
            return True
        return any(
            known.agency == agency and (known.since.earliest or _FIRST) <= by
            for known in header.known_to
        )


def timeline(facts: Iterable[Fact[Any]], which: Which) -> list[Told]:
    """The entries asked for, by their earliest, then latest possible time; the unknown last.

    What is only known to have been by a day stands at that day.
    """
    return sorted((one for one in _understood(facts) if which.holds(one)), key=_order)


def _understood(facts: Iterable[Fact[Any]]) -> list[Told]:
    """Each fact with what its corrections made of it, one after another."""
    found: dict[int, Told] = {}
    for fact in facts:
        found[fact.version] = Told(fact=fact, occurred=fact.occurred)
        event = fact.event
        if isinstance(event, RecordCorrected) and event.target in found:
            found[event.target] = _corrected(found[event.target], event, fact.position)
    return list(found.values())


def _corrected(told: Told, event: RecordCorrected, position: int) -> Told:
    moved = event.occurred is not None
    return Told(
        fact=told.fact,
        occurred=event.occurred or told.occurred,
        stated=(told.stated or told.occurred) if moved else told.stated,
        corrected_by=position,
        withdrawn=event.withdrawn,
    )


def _order(told: Told) -> tuple[Any, ...]:
    when = told.occurred
    return (
        when.earliest is None and when.latest is None,
        when.earliest or (_FIRST if when.last_day is None else start_of(when.last_day)),
        when.latest or _LAST,
        _LAST_NUMBER if told.number is None else told.number,
        told.fact.position,
    )
