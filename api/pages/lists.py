"""What lists of several cases have alike: who may be named in them, and by whom they are held."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.names import Names
from api.problems import invalid
from api.routes.door import Reader
from api.routes.people import restricted_among, withheld_among
from api.routes.waiting import BRIEFLY_S
from domain.words import PersonRef, WorkerRef
from projections.health import wait_for

A_PAGE: Final = 50


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
            closed = restricted_among(reader, {case for case, _ in about})
            adults = {adult for case, adult in about if adult is not None and case not in closed}
            # Whom another case restricts is not named beside this one either.
            unnamed = withheld_among(reader, adults)
            hidden = closed | {case for case, adult in about if adult in unnamed}
            names.learn([PersonRef(one) for one in sorted(adults - unnamed)])
        return cls(reader=reader, names=names, hidden=hidden)

    def called(self, case: UUID, adult: UUID | None) -> str:
        """Whom a case is about, or the case where that is not shown."""
        reference = f"case {str(case)[:8]}"
        if not self.reader.reads("details"):
            return reference
        if case in self.hidden:
            return f"restricted ({reference})"
        return self.names.person(None if adult is None else PersonRef(adult))


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
