"""The names behind references, for whoever may be shown them."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from typing import Final
from uuid import UUID

from psycopg import sql

from api.office import Office
from domain import person
from domain.corrected import standing
from domain.record.envelope import Row
from domain.refusal import NotFound
from domain.words import Forgotten, Passage, PersonRef, WorkerRef
from domain.worker import WorkerRegistered

_STREAMS: Final = sql.SQL(
    'SELECT "position", stream, version, recorded_us, name, header, payload, leaf'
    " FROM record.cases WHERE stream = ANY(%s)"
    ' AND (%s::int8 IS NULL OR "position" <= %s::int8) ORDER BY stream, version'
)


class Names:
    """The names behind references, each read once for an answer; a reference where there is none.

    A person is named as they were known at `as_at`, and a worker who was registered by then; None
    is now, which no answer that names its basis asks.
    """

    def __init__(self, office: Office, as_at: int | None) -> None:
        self._office, self._as_at = office, as_at
        self._workers: dict[UUID, str] = {}
        self._people: dict[UUID, str] = {}

    def learn(self, people: Collection[PersonRef]) -> None:
        """Read the names of many people at once, for a list that shows them."""
        with self._office.pool.connection() as conn:
            asked = (list(people), self._as_at, self._as_at)
            found = conn.execute(_STREAMS, asked, binary=True).fetchall()
        rows = [Row(*row) for row in found]
        for row in rows:
            self._office.record.log.check(row)
        for ref, facts in groupby(self._office.record.open(rows), key=lambda one: one.stream):
            told = tuple(facts)
            if isinstance(told[0].event, person.PersonRegistered):
                name = person.replay(standing(told)).details.get("name")
                self._people[ref] = _called(PersonRef(ref), name)

    def worker(self, ref: WorkerRef | None) -> str:
        """Whoever records or holds a case."""
        if ref is None:
            return "nobody"
        if ref not in self._workers:
            self._workers[ref] = self._read_worker(ref)
        return self._workers[ref]

    def person(self, ref: PersonRef | None) -> str:
        """Whoever a case is about."""
        if ref is None:
            return "nobody yet"
        if ref not in self._people:
            self._people[ref] = self._read_person(ref)
        return self._people[ref]

    def _read_worker(self, ref: WorkerRef) -> str:
        if ref == self._office.system_actor.worker:
            return "Holdfast"
        facts = self._office.record.facts(ref, as_at=self._as_at)
        return worker_called(facts[0].event if facts else None, ref)

    def _read_person(self, ref: PersonRef) -> str:
        try:
            name = self._office.handler.person(ref, as_at=self._as_at).details.get("name")
        except NotFound:  # a referral may name somebody nobody has registered yet
            name = None
        return _called(ref, name)


def worker_called(event: object, ref: UUID) -> str:
    """What a worker is called by the event that registered them; a reference where by none."""
    if not isinstance(event, WorkerRegistered) or event.name is None:
        return f"worker {str(ref)[:8]}"
    return str(event.name) if isinstance(event.name, Forgotten) else event.name.text


def _called(ref: PersonRef, name: Passage | None) -> str:
    if name is None:
        return f"person {str(ref)[:8]}"
    return str(name) if isinstance(name, Forgotten) else name.text
