"""Which open cases are past their review, or were never reviewed at all."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.routes.caseload import team_of
from api.routes.door import PROBLEM, ReaderOf, StandingOf
from api.routes.waiting import Wait
from projections.reviews import overdue as overdue_reviews

router: Final = APIRouter(tags=["views"], responses=PROBLEM)


@router.get("/v1/reviews/overdue", operation_id="reviews-overdue")
def overdue(
    reader: ReaderOf,
    standing: StandingOf,
    _wait: Wait,
    *,
    team: Annotated[str | None, Query()] = None,
    worker: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Open cases past a recorded date by the day judged by, and those never reviewed.

    A due date is the one that was recorded; nothing is reckoned anew.
    """
    reader.may("caseload")
    reader.viewed("caseload", as_at=standing.as_at)
    with reader.office.pool.connection() as conn:
        found = overdue_reviews(
            conn, on=standing.on, as_at=standing.as_at, team=team_of(team), worker=worker
        )
    body = {
        "as_at": standing.as_at,
        "on": standing.on,
        "cases": [{**asdict(one), "links": {"case": f"/v1/cases/{one.case}"}} for one in found],
    }
    return Response(orjson.dumps(body), media_type="application/json")
