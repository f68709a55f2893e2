"""The first page: whose cases, how far each has come, and how long nobody has held it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.names import Names
from api.pages.page import asked_by, clocks_of, kept, render, shown
from api.problems import invalid
from api.routes.caseload import team_of
from api.routes.door import THROUGH_RESTRICTION, Reader
from api.routes.waiting import BRIEFLY_S, viewing
from domain.words import PersonRef, WorkerRef
from projections.caseload import CASELOAD, Caseload, Held, Total
from projections.caseload import caseload as caseload_of
from projections.health import wait_for

router: Final = APIRouter(include_in_schema=False)
A_PAGE: Final = 50
_EVER_RESTRICTED: Final = (
    "SELECT DISTINCT stream FROM record.cases WHERE stream = ANY(%s)"
    " AND name LIKE 'processing-restricted.v%%'"
)


@router.get("/")
@shown("team", "worker", "as_at", "on", "page")
def caseload(request: Request, reader: Reader) -> Response:
    """The open cases: those without a worker first, then by the day they were received."""
    query = request.query_params
    reader.may("caseload")
    clocks = clocks_of(request, reader.office)
    team, worker = team_of(query.get("team")), _worker(query.get("worker"))
    lately = _waited_for(reader) if clocks.as_at is None else 0
    with viewing(reader.office, (CASELOAD.name,), clocks.as_at) as (conn, position):
        whole = caseload_of(conn, on=clocks.on, as_at=clocks.as_at)
    found = held_by(whole, team, worker)
    number = _number(query.get("page"))
    names, hidden = Names(reader.office, clocks.as_at), frozenset[UUID]()
    page = found[(number - 1) * A_PAGE : number * A_PAGE]
    reader.viewed("caseload", among=(one.case for one in page), as_at=clocks.as_at)
    if reader.reads("details"):
        hidden = _restricted(reader, [one.case for one in page])
        names.learn([PersonRef(one.adult) for one in page if one.case not in hidden])
    return render(
        "caseload.html",
        reader.office,
        rows=[(one, _adult(reader, one, names, hidden), _held_by(one, names)) for one in page],
        count=len(found),
        waiting=sum(1 for one in found if one.worker is None),
        totals=[(one, _held_by(one, names)) for one in whole.totals],
        teams=sorted({one.team for one in whole.totals if one.team is not None}),
        workers=_workers(whole.totals, names),
        chosen={name: query.get(name, "") for name in ("team", "worker", "as_at", "on", "purpose")},
        asked=asked_by(clocks, position),
        opens=kept(request, "as_at", "on", "purpose"),
        rest=kept(request, "team", "worker", "as_at", "on", "purpose"),
        behind=position < lately,
        number=number,
        pages=max(1, -(-len(found) // A_PAGE)),
    )


def _waited_for(reader: Reader) -> int:
    """What was recorded a moment ago; the view is waited for a little, and may still lack it."""
    tail = reader.office.record.log.tail()
    with reader.office.pool.connection() as conn:
        wait_for(conn, [CASELOAD.name], tail, timeout_s=BRIEFLY_S)
    return tail


def _adult(reader: Reader, one: Held, names: Names, hidden: frozenset[UUID]) -> str:
    """Whose case it is, as far as this role and this purpose may see it (I16)."""
    reference = f"case {str(one.case)[:8]}"
    if not reader.reads("details"):
        return reference
    return f"restricted ({reference})" if one.case in hidden else names.person(PersonRef(one.adult))


def _restricted(reader: Reader, cases: list[UUID]) -> frozenset[UUID]:
    """Those of the cases that this purpose may not open.

    As they stand now, from the record: a restriction holds over the past too, and at once.
    """
    if reader.purpose in THROUGH_RESTRICTION:
        return frozenset()
    with reader.office.pool.connection() as conn:
        found = conn.execute(_EVER_RESTRICTED, (cases,)).fetchall()
    return frozenset(one for (one,) in found if reader.office.handler.case(one)[0].restricted)


def _held_by(one: Held | Total, names: Names) -> str:
    """Who holds a case, or several."""
    return names.worker(None if one.worker is None else WorkerRef(one.worker))


def held_by(whole: Caseload, team: str | None, worker: UUID | None) -> list[Held]:
    """The cases of a team, a worker, both or everybody."""
    return [one for one in whole.rows if team in (None, one.team) and worker in (None, one.worker)]


def _workers(totals: tuple[Total, ...], names: Names) -> list[tuple[str, str]]:
    """Each worker who holds a case: the reference and the name, by name."""
    held = {one.worker for one in totals if one.worker is not None}
    named = [(names.worker(WorkerRef(one)), str(one)) for one in held]
    return [(ref, name) for name, ref in sorted(named)]


def _worker(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise invalid("/query/worker", "This is not a worker's reference.") from None


def _number(text: str | None) -> int:
    """The number of the page of the list, from 1."""
    plain = text or "1"
    return max(1, int(plain)) if plain.isascii() and plain.isdigit() and len(plain) < 7 else 1  # noqa: PLR2004 — no list is that long
