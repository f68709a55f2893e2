"""The first page: whose cases, how far each has come, and how long nobody has held it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.names import Names
from api.pages.lists import (
    A_PAGE,
    Adults,
    holder,
    teams_in,
    waited_for,
    worker_of,
    workers_in,
)
from api.pages.page import asked_by, foot, kept, page_asked, render, shown, turned
from api.routes.caseload import team_of
from api.routes.door import Reader
from api.routes.people import open_among
from api.routes.waiting import viewing
from projections.caseload import CASELOAD, Caseload, Held
from projections.caseload import caseload as caseload_of

router: Final = APIRouter(include_in_schema=False)
_FIELDS: Final = ("team", "worker", "as_at", "on")


@router.get("/")
@shown(*_FIELDS, "cursor")
def caseload(request: Request, reader: Reader) -> Response:
    """The open cases: those without a worker first, then by the day they were received."""
    query = request.query_params
    reader.may("caseload")
    paging = page_asked(request, reader.office, A_PAGE)
    clocks = paging.clocks
    team, worker = team_of(query.get("team")), worker_of(query.get("worker"))
    lately = waited_for(reader, CASELOAD.name) if clocks.as_at is None else 0
    with viewing(reader.office, (CASELOAD.name,), clocks.as_at) as (conn, position):
        whole = caseload_of(conn, on=clocks.on, as_at=clocks.as_at)
    found = held_by(whole, team, worker)
    every = paging.part(found)
    page = open_among(reader, every)
    reader.viewed("caseload", among=(one.case for one in page), as_at=clocks.as_at)
    names = Names(reader.office, position)
    adults = Adults.of(reader, names, [(one.case, one.adult) for one in page])
    return render(
        "caseload.html",
        reader.office,
        rests=foot(request, position, clocks.on),
        rows=[(one, adults.called(one.case, one.adult), holder(one.worker, names)) for one in page],
        count=len(found),
        restricted=len(every) - len(page),
        waiting=sum(1 for one in found if one.worker is None),
        totals=[(one, holder(one.worker, names)) for one in whole.totals],
        teams=teams_in(one.team for one in whole.totals),
        workers=workers_in((one.worker for one in whole.totals), names),
        chosen={name: query.get(name, "") for name in (*_FIELDS, "purpose")},
        asked=asked_by(clocks, position),
        opens=kept(request, "as_at", "on", "purpose"),
        beside=kept(request, *_FIELDS, "purpose"),
        findings_of=kept(request, "team", "as_at", "on", "purpose"),
        enquiries_of=kept(request, "as_at", "purpose"),
        behind=position < lately,
        turned=turned(request, paging, position, len(found)),
    )


def held_by(whole: Caseload, team: str | None, worker: UUID | None) -> list[Held]:
    """The cases of a team, a worker, both or everybody."""
    return [one for one in whole.rows if team in (None, one.team) and worker in (None, one.worker)]
