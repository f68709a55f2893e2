"""Who looked at a case or a person, when and why: asked by those who answer for it.

A reading names one case or person, or is one answer about several cases and names each of them. An
index of the log of readings finds what names a reference (`record/schema/90_named.sql`). Which
cases name a person is asked of `api.lookups`, as every door asks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import sql

from api.clocks import Clocks
from api.lookups import cases_that_named
from api.office import Office
from domain.access import RecordViewed
from domain.record.envelope import Row
from domain.when import end_of
from domain.words import Code, Slug, WorkerRef
from projections.projection import stored_names

# + 0: by the index of what is named, never along that of positions.
_NAMING: Final = sql.SQL(
    'SELECT "position", stream, version, recorded_us, name, header, payload, leaf'
    " FROM record.readings WHERE record.named(payload) && %s::uuid[]"
    ' AND "position" + 0 > %s AND "position" + 0 <= %s'
    ' AND name = ANY(%s::text[]) ORDER BY "position" + 0 LIMIT %s'
)

_VIEWED: Final = stored_names(["record-viewed"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look: who, when, what of it, through which door and for what purpose.

    `position` is in the log of readings, `as_at` in that of cases (None: the present). `among` is
    how many cases were shown together; 1 where it was one alone. `person` says whether it was a
    look at the person asked about, `cases` which of the cases asked about were looked at.
    `exceptions` are the positions, in the log of cases, of the access exceptions that let them in.
    """

    position: int
    at: datetime
    worker: WorkerRef
    role: Code
    organisation: Slug
    what: Code
    door: Code
    purpose: Code
    as_at: int | None
    among: int
    person: bool = False
    cases: tuple[UUID, ...] = ()
    exceptions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What was looked at: a case; or a person, and every case that names them."""

    cases: frozenset[UUID]
    person: UUID | None = None

    @property
    def references(self) -> list[UUID]:
        """All of them."""
        return sorted(self.cases | ({self.person} if self.person else set()))


def about_person(office: Office, person: UUID, as_at: int) -> About:
    """A person and every case that named them by then, or in which a passage is about them."""
    return About(cases=cases_that_named(office, person, as_at), person=person)


def last_reading(office: Office, clocks: Clocks) -> int:
    """The last position of the log of readings by the time that `as_at` names; now, its last."""
    log = office.readings.log
    if clocks.known_on is not None:
        return log.position_at(end_of(clocks.known_on))
    if clocks.asked_at is None:
        return log.tail()
    entries = office.record.log.at([clocks.asked_at])
    return log.position_at(entries[0].recorded_at) if entries else 0


def readings_of(
    office: Office, about: About, *, after: int = 0, upto: int, limit: int
) -> list[Reading]:
    """Up to `limit` readings of something, in order.

    They stand after one position of the log of readings and not after another.
    """
    with office.pool.connection() as conn:
        found = conn.execute(
            _NAMING, (about.references, after, upto, _VIEWED, limit), binary=True
        ).fetchall()
    rows = [Row(*row) for row in found]
    for row in rows:
        office.readings.log.check(row)
    return list(_readings(office, rows, about))


def _readings(office: Office, rows: list[Row], about: About) -> Iterator[Reading]:
    for fact in office.readings.open(rows):
        event, header = fact.event, fact.header
        if not isinstance(event, RecordViewed):
            continue
        shown = {event.case, *event.cases} & about.cases
        person = about.person is not None and event.person == about.person
        if person or shown:
            yield Reading(
                position=fact.position,
                at=fact.recorded_at,
                worker=header.recorded_by,
                role=header.role,
                organisation=header.organisation,
                what=event.what,
                door=event.door,
                purpose=event.purpose,
                as_at=event.as_at,
                among=max(1, len(event.cases)),
                person=person,
                cases=tuple(sorted(one for one in shown if one is not None)),
                exceptions=event.exceptions,
            )
