"""The open cases of a team, a worker or the authority, as known then and judged by a day."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from psycopg import Connection
from starlette.responses import Response

from api.clocks import POSITION_DIGITS
from api.problems import invalid
from api.routes.door import PROBLEM, ReaderOf, StandingOf
from api.routes.waiting import Wait
from domain.words import Slug
from projections.caseload import CASELOAD, Held, caseload
from projections.health import position_of

router: Final = APIRouter(tags=["views"], responses=PROBLEM)
MOST: Final = 500


@router.get("/v1/cases", operation_id="caseload")
def cases(
    reader: ReaderOf,
    standing: StandingOf,
    _wait: Wait,
    *,
    team: Annotated[str | None, Query()] = None,
    worker: Annotated[UUID | None, Query()] = None,
    cursor: Annotated[str | None, Query(description="Of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> Response:
    """The open cases, the longest waiting first, and the totals of all that was asked for.

    The first page settles `as_at` and `on` for those its cursor leads to, so that every page is of
    one moment.
    """
    reader.may("caseload")
    with reader.office.pool.connection() as conn:
        at = Moment(as_at=as_at_of(conn, CASELOAD.name, standing.as_at), on=standing.on, skip=0)
        if cursor is not None:
            at = _read_cursor(cursor)
        found = caseload(conn, on=at.on, as_at=at.as_at, team=team_of(team), worker=worker)
    # All of them, since the totals open to their cases.
    reader.viewed("caseload", among=(one.case for one in found.rows), as_at=at.as_at)
    rest = at.skip + limit
    page = found.rows[at.skip : rest]
    body = {
        "as_at": at.as_at,
        "on": at.on,
        "cases": [_row(one) for one in page],
        "totals": [asdict(one) for one in found.totals],
        "count": len(found.rows),
        "next": _cursor(replace(at, skip=rest)) if rest < len(found.rows) else None,
    }
    return Response(orjson.dumps(body), media_type="application/json")


def as_at_of(conn: Connection[Any], view: str, asked: int | None) -> int:
    """The position an answer is of: the one asked for, else where the view stands now.

    Not the log's last: a view may be a moment behind, and the same question asked again by the
    position it was told must have the same answer.
    """
    return position_of(conn, view) if asked is None else asked


def _row(one: Held) -> dict[str, Any]:
    return {**asdict(one), "links": {"case": f"/v1/cases/{one.case}"}}


def team_of(text: str | None) -> Slug | None:
    """A team as a query names it. Raises Problem `invalid`."""
    try:
        return Slug(text) if text else None
    except ValueError:
        raise invalid("/query/team", "This is not a team's identifier.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where a page of the list begins, and by which clocks all its pages are."""

    as_at: int
    on: date
    skip: int


def _cursor(at: Moment) -> str:
    text = f"{at.as_at}.{at.skip}.{at.on.isoformat()}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(text: str) -> Moment:
    wrong = invalid("/query/cursor", "This is not a cursor that a page gave.")
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        as_at, skip, on = plain.split(".")
        day = date.fromisoformat(on)
    except (binascii.Error, ValueError):
        raise wrong from None
    if not all(one.isdigit() and len(one) <= POSITION_DIGITS for one in (as_at, skip)):
        raise wrong
    return Moment(as_at=int(as_at), skip=int(skip), on=day)
