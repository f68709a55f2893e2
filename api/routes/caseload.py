"""The open cases of a team, a worker or the authority, as known then and judged by a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.problems import invalid
from api.routes.door import PROBLEM, ReaderOf
from api.routes.paging import PagedStanding
from api.routes.people import open_among
from api.routes.waiting import Wait, viewing
from domain.words import Slug
from projections.caseload import CASELOAD, Held, Total, caseload

router: Final = APIRouter(tags=["views"], responses=PROBLEM)


@router.get("/v1/cases", operation_id="caseload")
def cases(
    reader: ReaderOf,
    paging: PagedStanding,
    wait: Wait,
    *,
    team: Annotated[str | None, Query()] = None,
    worker: Annotated[UUID | None, Query()] = None,
) -> Response:
    """The open cases, the longest waiting first, and the totals of all that was asked for.

    The first page settles `as_at` and `on` for those its cursor leads to (`next`), so that every
    page is of one moment. `led_by` is another authority that accepted the case and leads it: no
    days are counted for which nobody here holds it. A page holds `cases`, then `totals`, each of
    all the cases of one worker in one team; `count` is of `cases` alone. A page leaves out the
    cases that are closed to this reader and says how many (`restricted`); figures count them.
    """
    reader.may("caseload")
    at = paging.clocks
    with viewing(reader.office, (CASELOAD.name,), at.as_at, wait=wait) as (conn, as_at):
        found = caseload(conn, on=at.on, as_at=at.as_at, team=team_of(team), worker=worker)
    page, opened = paging.part(found.rows), open_among(reader, found.rows)
    known = {one.case for one in opened}
    # All of them, since the totals open to their cases.
    reader.viewed("caseload", among=known, as_at=as_at)
    body = {
        "as_at": as_at,
        "on": at.on,
        "cases": [_row(one) for one in page if one.case in known],
        "totals": [
            asdict(total_of(one, known))
            for one in paging.part(found.totals, before=len(found.rows))
        ],
        "count": len(found.rows),
        "restricted": sum(one.case not in known for one in page),
        "next": paging.next(as_at, len(found.rows) + len(found.totals)),
    }
    return Response(orjson.dumps(body), media_type="application/json")


def _row(one: Held) -> dict[str, Any]:
    return {**asdict(one), "links": {"case": f"/v1/cases/{one.case}"}}


def total_of(one: Total, known: Collection[UUID]) -> Total:
    """A total with those of its cases that are known to whoever asks; it counts all."""
    return replace(one, cases=tuple(case for case in one.cases if case in known))


def team_of(text: str | None) -> Slug | None:
    """A team as a query names it. Raises Problem `invalid`."""
    try:
        return Slug(text) if text else None
    except ValueError:
        raise invalid("/query/team", "This is not a team's identifier.") from None
