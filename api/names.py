"""The names behind references, for whoever may be shown them."""

from __future__ import annotations

from uuid import UUID

from api.office import Office
from domain.refusal import NotFound
from domain.words import Forgotten, PersonRef, WorkerRef
from domain.worker import WorkerRegistered


class Names:
    """The names behind references, each read once for an answer; a reference where there is none.

    A person is named as they were known at `as_at`. A worker is registered under one name.
    """

    def __init__(self, office: Office, as_at: int | None = None) -> None:
        self._office, self._as_at = office, as_at
        self._workers: dict[UUID, str] = {}
        self._people: dict[UUID, str] = {}

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
        facts = self._office.record.facts(ref)
        event = facts[0].event if facts else None
        if not isinstance(event, WorkerRegistered) or event.name is None:
            return f"worker {str(ref)[:8]}"
        return str(event.name) if isinstance(event.name, Forgotten) else event.name.text

    def _read_person(self, ref: PersonRef) -> str:
        try:
            name = self._office.handler.person(ref, as_at=self._as_at).details.get("name")
        except NotFound:  # a referral may name somebody nobody has registered yet
            name = None
        if name is None:
            return f"person {str(ref)[:8]}"
        return str(name) if isinstance(name, Forgotten) else name.text
