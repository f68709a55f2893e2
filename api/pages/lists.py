"""What lists of several cases have alike: who may be named in them, and by whom they are held."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.names import Names
from api.problems import invalid
from api.routes.door import THROUGH_RESTRICTION, Reader
from api.routes.waiting import BRIEFLY_S
from domain.words import PersonRef, WorkerRef
from projections.health import wait_for

A_PAGE: Final = 50
_EVER_RESTRICTED: Final = (
    "SELECT DISTINCT stream FROM record.cases WHERE stream = ANY(%s)"
    " AND name LIKE 'processing-restricted.v%%'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adults:
    """Whose cases a list shows, as far as this role and this purpose may see it (I16)."""

    reader: Reader
    names: Names
    hidden: frozenset[UUID]

    @classmethod
    def of(
        cls, reader: Reader, names: Names, about: Collection[tuple[UUID, UUID | None]]
    ) -> Adults:
        """The adults of some cases, each case with its adult; their names are read at once."""
        hidden = frozenset[UUID]()
        if reader.reads("details"):
            hidden = _restricted(reader, sorted({case for case, _ in about}))
            known = {adult for case, adult in about if adult is not None and case not in hidden}
            names.learn([PersonRef(one) for one in sorted(known)])
        return cls(reader=reader, names=names, hidden=hidden)

    def called(self, case: UUID, adult: UUID | None) -> str:
        """Whom a case is about, or the case where that is not shown."""
        reference = f"case {str(case)[:8]}"
        if not self.reader.reads("details"):
            return reference
        if case in self.hidden:
            return f"restricted ({reference})"
        return self.names.person(None if adult is None else PersonRef(adult))


def _restricted(reader: Reader, cases: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the cases that this purpose may not open.

    As they stand now, from the record: a restriction holds over the past too, and at once.
    """
    if reader.purpose in THROUGH_RESTRICTION:
        return frozenset()
    with reader.office.pool.connection() as conn:
        found = conn.execute(_EVER_RESTRICTED, (list(cases),)).fetchall()
    return frozenset(one for (one,) in found if reader.office.handler.case(one)[0].restricted)


def waited_for(reader: Reader, view: str) -> int:
    """What was recorded a moment ago; the view is waited for a little, and may still lack it."""
    tail = reader.office.record.log.tail()
    with reader.office.pool.connection() as conn:
        wait_for(conn, [view], tail, timeout_s=BRIEFLY_S)
    return tail


def holder(worker: UUID | None, names: Names) -> str:
    """Who holds a case, or several."""
    return names.worker(None if worker is None else WorkerRef(worker))


def workers_in(held: Iterable[UUID | None], names: Names) -> list[tuple[str, str]]:
    """Each worker who holds a case: the reference and the name, by name."""
    named = [(holder(one, names), str(one)) for one in {*held} if one is not None]
    return [(ref, name) for name, ref in sorted(named)]


def teams_in(teams: Iterable[str | None]) -> list[str]:
    """Each team that holds a case, by name."""
    return sorted({one for one in teams if one is not None})


def worker_of(text: str | None) -> UUID | None:
    """A worker as a query names them. Raises Problem `invalid`."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise invalid("/query/worker", "This is not a worker's reference.") from None
