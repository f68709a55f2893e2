"""What a decision needs from other streams, read from the record itself by reference.

The number of cases about one adult is small; their references come from the caseload view, and
from the record for what the view has not reached yet. So a referral recorded a moment ago is
counted, and a view that has stopped keeps nobody from recording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

import orjson
import psycopg
from psycopg import sql

from domain.catalogue import EVENTS
from domain.when import When, in_order
from domain.words import PersonRef
from projections.caseload import CASELOAD
from projections.table import valid_at

if TYPE_CHECKING:
    from api.office import Office

_REFERRAL: Final = "referral-received"
_NAMES: Final = [
    f"{_REFERRAL}.v{version}" for version in range(1, EVENTS[_REFERRAL].current_version + 1)
]
_PAGE: Final = 1000


class ViewLookups:
    """Answers `domain.handle.Lookups`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def earlier_referrals(self, adult: PersonRef) -> tuple[When, ...]:
        """When referrals about this adult were received before, in any case."""
        received: list[When] = []
        for stream in self.cases_about(adult):
            case, _facts = self._office.handler.case(stream)
            received.extend(mark.when for mark in case.referrals)
        return tuple(sorted(received, key=in_order))

    def cases_about(self, adult: PersonRef) -> tuple[UUID, ...]:
        """Every case about the adult, those the view has not reached yet included."""
        reached, streams = self._seen(adult)
        return tuple(sorted(streams | self._since(reached, adult)))

    def _seen(self, adult: PersonRef) -> tuple[int, set[UUID]]:
        """How far the view has come, and the cases it shows about the adult."""
        query = sql.SQL('SELECT "case" FROM views.caseload WHERE adult = {} AND {}').format(
            adult, valid_at(None)
        )
        with self._office.pool.connection() as conn:
            try:
                # In this order: what the view takes in after the first look is merely found twice.
                row = conn.execute(
                    'SELECT "position" FROM views.tracking WHERE application = %s', (CASELOAD.name,)
                ).fetchone()
                found = conn.execute(query).fetchall()
            except psycopg.errors.UndefinedTable:  # no view was ever made
                return 0, set()
        return (0 if row is None else int(row[0])), {stream for (stream,) in found}

    def _since(self, reached: int, adult: PersonRef) -> set[UUID]:
        """The cases about the adult that began after a position."""
        streams: set[UUID] = set()
        while True:
            rows = self._office.record.log.read(reached, names=_NAMES, limit=_PAGE)
            for row in rows:
                if orjson.loads(row.payload)["data"]["adult"] == str(adult):
                    streams.add(row.stream)
            if len(rows) < _PAGE:
                return streams
            reached = rows[-1].position
