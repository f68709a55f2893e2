"""Which minutes a copy is of: as they were approved, when, and whether others took their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.pages import words
from domain.minutes import MinutesApproved
from domain.when import When
from domain.words import ConferenceRef, Digest, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Minutes as they were approved: by which entry, when, and whether others are since."""

    position: int
    approved: When
    replaced: bool

    @property
    def words(self) -> str:
        """`approved on 4 December 2026, replaced since`."""
        day = None if self.approved.uncertain else self.approved.day
        told = words.time(self.approved).removeprefix("? ")
        on = "" if self.approved.unknown else f" ({told})"
        on = on if day is None else f" on {words.day(day)}"
        return f"approved{on}{', replaced since' if self.replaced else ''}"


def editions(understood: Iterable[Fact[Any]]) -> Mapping[Digest, Edition]:
    """The approved minutes of a case by their digest, as its entries are understood.

    Approved once more, they are those of the day on which they first were, unless others had taken
    their place in between.
    """
    approved, last = dict[Digest, Fact[MinutesApproved]](), dict[ConferenceRef, Digest]()
    for fact in understood:
        if isinstance(event := fact.event, MinutesApproved):
            if last.get(event.conference) != event.master:
                approved[event.master] = fact
            last[event.conference] = event.master
    return {
        master: Edition(
            position=fact.position,
            approved=fact.occurred,
            replaced=last[fact.event.conference] != master,
        )
        for master, fact in approved.items()
    }
