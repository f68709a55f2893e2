"""What of the open cases is to be reviewed: due when, held when, and whose."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from psycopg import Connection
from starlette.responses import Response

from api.clocks import Clocks
from api.office import Office
from api.routes import shown
from api.routes.caseload import team_of
from api.routes.door import PROBLEM, Reader, ReaderOf
from api.routes.paging import PagedClocks, PagedStanding, Paging
from api.routes.people import open_among
from api.routes.waiting import BRIEFLY_S, Wait, viewing
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
    paging: PagedClocks,
    wait: Wait,
    *,
    overdue: Annotated[
        bool, Query(description="Only those past their day, or without one.")
    ] = False,
    team: TeamQuery = None,
    worker: WorkerQuery = None,
) -> Response:
    """Every review of a plan or enquiry of the open cases, the earliest due first.

    A due date is the one that was recorded; nothing is reckoned anew. Under `as_of` only what had
    certainly happened by then counts; `led_by` is another authority that accepted the case and
    leads it now: nothing in it is overdue here. `left_out` names what may have, and may not. A page
    holds `reviews`, then `left_out`; `count` is of `reviews` alone. A page leaves out what is of
    cases that are closed to this reader and says how many lines (`restricted`); `count` is of all.
    """
    reader.may("caseload")
    clocks, whose = paging.clocks, Whose(team=team_of(team), worker=worker)
    as_at, whole = reviews_by(reader.office, clocks, whose, overdue=overdue, wait=wait)
    count = len(whole.rows)
    page = page_of(whole, paging)
    found = opened_of(reader, page)
    reader.viewed("caseload", among=cases_of(found), as_at=as_at)
    body = {
        **clocks.told(),
        "as_at": as_at,
        "overdue_only": overdue,
        "reviews": [
            {**_review(one), "links": {"case": f"/v1/cases/{one.case}"}} for one in found.rows
        ],
        "left_out": [left_out(one) for one in found.left_out],
        "count": count,
        "restricted": lines_of(page) - lines_of(found),
        "next": paging.next(as_at, count + len(whole.left_out)),
    }
    return Response(orjson.dumps(body), media_type="application/json")


@router.get("/v1/reviews/overdue", operation_id="reviews-overdue")
def overdue(
    reader: ReaderOf,
    paging: PagedStanding,
    wait: Wait,
    *,
    team: TeamQuery = None,
    worker: WorkerQuery = None,
) -> Response:
    """Open cases past a recorded date by the day judged by, and those without one; one line each.

    A due date is the one that was recorded; nothing is reckoned anew. A case that another authority
    accepted and leads is not among them. A page leaves out the cases that are closed to this reader
    and says how many (`restricted`); `count` is of all.
    """
    reader.may("caseload")
    asked, on = paging.clocks.as_at, paging.clocks.on
    with viewing(reader.office, (REVIEWS.name,), asked, wait=wait) as (conn, at):
        found = overdue_reviews(conn, on=on, as_at=asked, team=team_of(team), worker=worker)
    page = paging.part(found)
    opened = open_among(reader, page)
    reader.viewed("caseload", among=(one.case for one in opened), as_at=at)
    body = {
        "as_at": at,
        "on": on,
        "cases": [{**asdict(one), "links": {"case": f"/v1/cases/{one.case}"}} for one in opened],
        "count": len(found),
        "restricted": len(page) - len(opened),
        "next": paging.next(at, len(found)),
    }
    return Response(orjson.dumps(body), media_type="application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose reviews are asked for; None where it may be anybody's."""

    team: Slug | None
    worker: UUID | None


def reviews_by(
    office: Office, clocks: Clocks, whose: Whose, *, overdue: bool, wait: float = BRIEFLY_S
) -> tuple[int, Reviews]:
    """The reviews by the clocks of a question, and the position they are of.

    Under `as_of` and `known_to` they are reckoned anew from the record itself, which no view need
    have reached.

    Raises:
        Behind: the view has not reached `as_at` in `wait` seconds.
    """
    if clocks.narrowed:
        as_at = office.record.log.tail() if clocks.as_at is None else clocks.as_at
        with office.pool.connection() as conn:
            found = _reviews(conn, clocks, whose, as_at)
    else:
        with viewing(office, (REVIEWS.name,), clocks.as_at, wait=wait) as (conn, as_at):
            found = _reviews(conn, clocks, whose, clocks.as_at)
    rows = tuple(one for one in found.rows if one.overdue) if overdue else found.rows
    return as_at, Reviews(rows=rows, left_out=found.left_out)


def _reviews(conn: Connection[Any], clocks: Clocks, whose: Whose, as_at: int | None) -> Reviews:
    return reviews_of(
        conn,
        on=clocks.on,
        as_at=as_at,
        as_of=clocks.as_of,
        known_to=clocks.known_to,
        team=whose.team,
        worker=whose.worker,
    )


def page_of(whole: Reviews, paging: Paging) -> Reviews:
    """What of an answer about reviews stands on a page of it."""
    return Reviews(
        rows=tuple(paging.part(whole.rows)),
        left_out=tuple(paging.part(whole.left_out, before=len(whole.rows))),
    )


def opened_of(reader: Reader, found: Reviews) -> Reviews:
    """What of an answer about reviews is of cases that this purpose may open."""
    rows, left_out = open_among(reader, found.rows), open_among(reader, found.left_out)
    return Reviews(rows=tuple(rows), left_out=tuple(left_out))


def lines_of(found: Reviews) -> int:
    """How many lines an answer about reviews has."""
    return len(found.rows) + len(found.left_out)


def cases_of(found: Reviews) -> set[UUID]:
    """Every case that an answer about reviews names."""
    return {one.case for one in found.rows} | {one.case for one in found.left_out}


def _review(one: Review) -> dict[str, Any]:
    return {**asdict(one), "overdue": one.overdue}


def left_out(one: LeftOut) -> dict[str, Any]:
    """An event that may have happened by the day asked about, as an answer names it."""
    return {**asdict(one), "occurred": shown.when(one.occurred)}
