"""What a case's page and a person's have alike: entries of a timeline, and findings in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request

from api.forms import labels
from api.names import Names
from api.pages import words
from api.pages.page import Turned
from api.routes.paging import Paging
from api.routes.timeline import Told
from domain.calendar import PolicyCalendar
from domain.finding import Finding, gravity
from domain.jurisdictions import Jurisdiction
from domain.when import in_order, unknown
from domain.words import Fact

A_PAGE: Final = 100  # of a timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the timeline as a page shows it."""

    told: Told
    title: str
    recorded_by: str
    performed_by: str
    role: str
    lines: tuple[words.Line, ...]

    @property
    def fact(self) -> Fact[Any]:
        """The fact as it was recorded."""
        return self.told.fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A page of a timeline, and where each entry of the whole stands, by its position."""

    entries: list[Entry]
    turned: Turned
    rows: Mapping[int, int]

    def place(self, position: int) -> str:
        """The address of an entry, on this page or on the one that has it."""
        row = self.rows.get(position)
        return f"{'' if row is None else self.turned.page_of(row)}#entry-{position}"


def timeline(
    told: Sequence[Told],
    turned: Turned,
    names: Names,
    nation: Jurisdiction,
    place: Callable[[UUID, int], int | None] | None = None,
    *,
    days: PolicyCalendar | None = None,
) -> Timeline:
    """The page of a timeline that is asked for, with names and words.

    `place` gives the position of an entry by a case and its version there; by `days` a due date
    that falls on no working day says so.
    """
    return Timeline(
        entries=entries(turned.paging.part(told), names, nation, place, days=days),
        turned=turned,
        rows={one.fact.position: row for row, one in enumerate(told)},
    )


def entries(
    told: Iterable[Told],
    names: Names,
    nation: Jurisdiction,
    place: Callable[[UUID, int], int | None] | None = None,
    *,
    days: PolicyCalendar | None = None,
) -> list[Entry]:
    """Entries with their names and words."""
    return [
        Entry(
            told=one,
            title=labels.title(one.fact.header.name, nation),
            recorded_by=names.worker(one.fact.header.recorded_by),
            performed_by=names.worker(one.fact.header.performed_by),
            role=labels.role(one.fact.header.role, nation),
            lines=tuple(
                words.lines(
                    one.understood.event,
                    one.fact.header.name,
                    nation,
                    place=None if place is None else partial(place, one.fact.stream),
                    days=days,
                )
            ),
        )
        for one in told
    ]


def with_entry(request: Request, paging: Paging, told: Sequence[Told]) -> Paging:
    """The page that holds the entry a link leads to, by its position; else the one asked for."""
    asked = request.query_params.get("entry", "")
    for row, one in enumerate(told):
        if str(one.fact.position) == asked:
            return replace(paging, skip=row - row % paging.limit)
    return paging


def recorded(
    request: Request, told: Sequence[Told], nation: Jurisdiction
) -> tuple[str, int] | None:
    """What a page is told was just recorded: its title and position; None where it is not here."""
    asked = request.query_params.get("recorded", "")
    for one in told:
        if str(one.fact.position) == asked:
            return labels.title(one.fact.header.name, nation), one.fact.position
    return None


def gravest_first(found: Iterable[Finding]) -> list[Finding]:
    """The gravest first, then as long as each has stood."""

    def order(one: Finding) -> tuple[int, tuple[bool, datetime, str]]:
        return gravity(one.severity), in_order(one.since or unknown())

    return sorted(found, key=order)
