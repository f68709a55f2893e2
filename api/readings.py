"""Who looked at a case, when and why: asked of the log of readings by those who answer for it.

A reading names one case, or is one answer about several and names each of them. The log has no
index by case and is searched from end to end: the question is seldom asked, and a reading is
written at every look.
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
from domain.record.envelope import Row
from domain.words import Code, Slug, WorkerRef

# A payload is canonical JSON, in which a reference stands in quotation marks as it is.
_NAMING: Final = sql.SQL(
    'SELECT "position", stream, version, recorded_us, name, header, payload, leaf'
    ' FROM record.readings WHERE "position" > %s AND name LIKE %s'
    ' AND position(%s::bytea in payload) > 0 ORDER BY "position" LIMIT %s'
)
_VIEWED: Final = "record-viewed.v%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look at a case: who, when, what of it, through which door and for what purpose.

    `position` is in the log of readings, `as_at` in that of cases (None: the present). `among` is
    how many cases were shown together; 1 where it was this one alone.
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


def readings_of(office: Office, case: UUID, *, after: int = 0, limit: int) -> list[Reading]:
    """Up to `limit` readings of a case after a position of the log of readings, in order."""
    needle = f'"{case}"'.encode()
    with office.pool.connection() as conn:
        found = conn.execute(_NAMING, (after, _VIEWED, needle, limit), binary=True).fetchall()
    rows = [Row(*row) for row in found]
    for row in rows:
        office.readings.log.check(row)
    return list(_readings(office, rows, case))


def _readings(office: Office, rows: list[Row], case: UUID) -> Iterator[Reading]:
    for fact in office.readings.open(rows):
        event, header = fact.event, fact.header
        if isinstance(event, RecordViewed) and (event.case == case or case in event.cases):
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
            )
