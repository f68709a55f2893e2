"""A return that was filed, as the log says it: what is told of it at every door, and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.filing import FilingErased, ReturnFiled
from domain.handle import local_day
from domain.words import Fact, Personal
from projections.returns.filed import FiledReturn
from projections.returns.longform import SIMULATED
from projections.returns.periods import Span, covering


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A return as it was filed: the nth of its period, its entry, and what lies kept."""

    number: int
    fact: Fact[ReturnFiled]
    simulated: bool
    erased: Fact[FilingErased] | None = None  # by what it was made unreadable

    @property
    def event(self) -> ReturnFiled:
        """What the log says of it."""
        return self.fact.event

    @property
    def of(self) -> Span:
        """The year or quarter it is of."""
        return covering(self.event.first, self.event.last)

    def forgotten(self) -> str | None:
        """What is said where what was filed was erased; None where it is kept."""
        if self.erased is None:
            return None
        day = local_day(self.erased.recorded_at)
        return f"Forgotten: what was filed was erased on {day}, entry {self.erased.position}."

    def nonetheless(self) -> str | None:
        """What is said where it was filed although hard rules did not hold; None: they did."""
        if not self.event.broken:
            return None
        rules = ", ".join(one.upper() for one in self.event.broken)
        by = self.fact.header.recorded_by
        return f"Filed nonetheless by {by}: hard rules did not hold when it was filed: {rules}."

    def said(self, filed: FiledReturn) -> list[str]:
        """Each hard rule that did not hold, and where it did not."""
        return [
            f"{one['rule']}: {one['holds']} {'. '.join(one['faults'])}."
            for one in filed.heading.get("broken", ())
        ]

    @property
    def stamp(self) -> str | None:
        """What it says of itself where every case is made up."""
        return SIMULATED if self.simulated else None

    def told(self) -> dict[str, Any]:
        """What is said of it at every door."""
        event, note = self.event, self.event.note
        return {
            "filing": self.number,
            "stamp": self.stamp,
            "annual_return": event.annual_return,
            "year": event.year,
            "first": event.first.isoformat(),
            "last": event.last.isoformat(),
            "as_at": event.as_at,
            "filed_at": self.fact.recorded_at.isoformat(),
            "position": self.fact.position,
            "filed_by": str(self.fact.header.recorded_by),
            "note": note.text if isinstance(note, Personal) else note and str(note),
            "sha256": event.sha256,
            "broken": [one.upper() for one in event.broken],
            "entry": self.fact.version,
            "forgotten": self.erased is not None,
            "document": str(event.document),
            "digest": event.digest,
        }
