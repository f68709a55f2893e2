"""What of the open cases is to be reviewed: due when, held when, and whose."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.clocks import Clocks
from api.office import Office
from api.routes import shown
from api.routes.caseload import as_at_of, team_of
from api.routes.door import PROBLEM, ClocksOf, ReaderOf, StandingOf
from api.routes.waiting import Wait
from domain.words import Slug
from projections.refold import LeftOut, Review, Reviews
from projections.refold import reviews as reviews_of
from projections.reviews import REVIEWS
from projections.reviews import overdue as overdue_reviews

router: Final = APIRouter(tags=["views"], responses=PROBLEM)
TeamQuery = Annotated[str | None, Query()]
WorkerQuery = Annotated[UUID | None, Query()]


@router.get("/v1/reviews", operation_id="reviews")
def reviews(
    reader: ReaderOf,
    clocks: ClocksOf,
    _wait: Wait,
    *,
    overdue: Annotated[
        bool, Query(description="Only those past their day, or without one.")
    ] = False,
    team: TeamQuery = None,
    worker: WorkerQuery = None,
) -> Response:
    """Every review of a plan or enquiry of the open cases, the earliest due first.

    A due date is the one that was recorded; nothing is reckoned anew. Under `as_of` only what had
    certainly happened by then counts; `left_out` names what may have, and may not.
    """
    reader.may("caseload")
    if clocks.as_at is None:
        clocks = replace(clocks, as_at=_stands(reader.office))
    found = reviews_by(reader.office, clocks, team=team_of(team), worker=worker, overdue=overdue)
    reader.viewed("caseload", among=cases_of(found), as_at=clocks.as_at)
    body = {
        **clocks.told(),
        "overdue_only": overdue,
        "reviews": [
            {**_review(one), "links": {"case": f"/v1/cases/{one.case}"}} for one in found.rows
        ],
        "left_out": [left_out(one) for one in found.left_out],
    }
    return Response(orjson.dumps(body), media_type="application/json")


@router.get("/v1/reviews/overdue", operation_id="reviews-overdue")
def overdue(
    reader: ReaderOf,
    standing: StandingOf,
    _wait: Wait,
    *,
    team: TeamQuery = None,
    worker: WorkerQuery = None,
) -> Response:
    """Open cases past a recorded date by the day judged by, and those without one; one line each.

    A due date is the one that was recorded; nothing is reckoned anew.
    """
    reader.may("caseload")
    with reader.office.pool.connection() as conn:
        at = as_at_of(conn, REVIEWS.name, standing.as_at)
        found = overdue_reviews(conn, on=standing.on, as_at=at, team=team_of(team), worker=worker)
    reader.viewed("caseload", among=(one.case for one in found), as_at=at)
    body = {
        "as_at": at,
        "on": standing.on,
        "cases": [{**asdict(one), "links": {"case": f"/v1/cases/{one.case}"}} for one in found],
    }
    return Response(orjson.dumps(body), media_type="application/json")


def _stands(office: Office) -> int:
    with office.pool.connection() as conn:
        return as_at_of(conn, REVIEWS.name, None)


def reviews_by(
    office: Office, clocks: Clocks, *, team: Slug | None, worker: UUID | None, overdue: bool
) -> Reviews:
    """The reviews by the clocks of a question."""
    with office.pool.connection() as conn:
        found = reviews_of(
            conn,
            on=clocks.on,
            as_at=clocks.as_at,
            as_of=clocks.as_of,
            known_to=clocks.known_to,
            team=team,
            worker=worker,
        )
    rows = tuple(one for one in found.rows if one.overdue) if overdue else found.rows
    return Reviews(rows=rows, left_out=found.left_out)


def cases_of(found: Reviews) -> set[UUID]:
    """Every case that an answer about reviews names."""
    return {one.case for one in found.rows} | {one.case for one in found.left_out}


def _review(one: Review) -> dict[str, Any]:
    return {**asdict(one), "overdue": one.overdue}


def left_out(one: LeftOut) -> dict[str, Any]:
    """An event that may have happened by the day asked about, as an answer names it."""
    return {**asdict(one), "occurred": shown.when(one.occurred)}
