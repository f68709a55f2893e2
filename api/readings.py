"""Who looked at a case or a person, when and why: asked by those who answer for it.

A reading names one case or person, or is one answer about several cases and names each of them. An
index of the log of readings finds what names a reference (`record/schema/90_named.sql`). Which
cases name a person is read from the payloads of the log of cases, from end to end: the question is
seldom asked, and an index of them would be paid for at every entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import sql

from api.office import Office
from domain.access import RecordViewed
from domain.catalogue import CASE, EVENTS
from domain.record.envelope import Row
from domain.words import Code, Slug, WorkerRef
from projections.projection import stored_names

# + 0: by the index of what is named, never along that of positions.
_NAMING: Final = sql.SQL(
    'SELECT "position", stream, version, recorded_us, name, header, payload, leaf'
    ' FROM record.readings WHERE record.named(payload) && %s::uuid[] AND "position" + 0 > %s'
    ' AND name = ANY(%s::text[]) ORDER BY "position" + 0 LIMIT %s'
)
# A payload is canonical JSON, in which a reference stands in quotation marks as it is.
_CASES: Final = sql.SQL(
    "SELECT DISTINCT stream FROM record.cases WHERE name = ANY(%s::text[])"
    " AND position(%s::bytea in payload) > 0 ORDER BY stream"
)


_VIEWED: Final = stored_names(["record-viewed"])
_OF_CASES: Final = stored_names([name for name, kind in EVENTS.items() if kind.stream == CASE])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look: who, when, what of it, through which door and for what purpose.

    `position` is in the log of readings, `as_at` in that of cases (None: the present). `among` is
    how many cases were shown together; 1 where it was one alone. `person` says whether it was a
    look at the person asked about, `cases` which of the cases asked about were looked at.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What was looked at: a case; or a person, and every case that names them."""

    cases: frozenset[UUID]
    person: UUID | None = None

    @property
    def references(self) -> list[UUID]:
        """All of them."""
        return sorted(self.cases | ({self.person} if self.person else set()))


def about_person(office: Office, person: UUID) -> About:
    """A person and every case that ever named them, or in which a passage is about them."""
    needle = f'"{person}"'.encode()
    with office.pool.connection() as conn:
        found = conn.execute(_CASES, (_OF_CASES, needle)).fetchall()
    return About(cases=frozenset(stream for (stream,) in found), person=person)


def readings_of(office: Office, about: About, *, after: int = 0, limit: int) -> list[Reading]:
    """Up to `limit` readings of something after a position of the log of readings, in order."""
    with office.pool.connection() as conn:
        found = conn.execute(
            _NAMING, (about.references, after, _VIEWED, limit), binary=True
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
            )
