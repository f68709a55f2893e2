"""The open cases of a team, a worker or the authority, as known then and judged by a day."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.problems import invalid
from api.routes.door import POSITION_DIGITS, PROBLEM, ReaderOf, StandingOf
from api.routes.waiting import Wait
from domain.words import Slug
from projections.caseload import Caseload, Held, caseload

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

    Where `as_at` is left out the first page settles it, so that every page is of one moment.
    """
    reader.may("caseload")
    as_at, skip = standing.as_at, 0
    if cursor is not None:
        as_at, skip = _read_cursor(cursor)
    elif as_at is None:
        as_at = reader.office.record.log.tail()
    with reader.office.pool.connection() as conn:
        found = caseload(conn, on=standing.on, as_at=as_at, team=team_of(team), worker=worker)
    reader.viewed("caseload", as_at=as_at)
    page = found.rows[skip : skip + limit]
    more = skip + limit < len(found.rows)
    body = {
        "as_at": as_at,
        "on": standing.on,
        "cases": [_row(one) for one in page],
        "totals": [asdict(one) for one in found.totals],
        "count": len(found.rows),
        "next": _cursor(as_at, skip + limit) if more else None,
    }
    return Response(orjson.dumps(body), media_type="application/json")


def held(
    reader: ReaderOf, standing: StandingOf, team: Slug | None, worker: UUID | None
) -> Caseload:
    """The caseload of a page; its reading is recorded first."""
    reader.may("caseload")
    reader.viewed("caseload", as_at=standing.as_at)
    with reader.office.pool.connection() as conn:
        return caseload(conn, on=standing.on, as_at=standing.as_at, team=team, worker=worker)


def _row(one: Held) -> dict[str, Any]:
    return {**asdict(one), "links": {"case": f"/v1/cases/{one.case}"}}


def team_of(text: str | None) -> Slug | None:
    """A team as a query names it. Raises Problem `invalid`."""
    try:
        return Slug(text) if text else None
    except ValueError:
        raise invalid("/query/team", "This is not a team's identifier.") from None


def _cursor(as_at: int, skip: int) -> str:
    return base64.urlsafe_b64encode(f"{as_at}.{skip}".encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[int, int]:
    wrong = invalid("/query/cursor", "This is not a cursor that a page gave.")
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        raise wrong from None
    as_at, _, skip = plain.partition(".")
    if not all(one.isdigit() and len(one) <= POSITION_DIGITS for one in (as_at, skip)):
        raise wrong
    return int(as_at), int(skip)
