"""The open cases of a team, a worker or the authority, as known then and judged by a day."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.clocks import POSITION_DIGITS, read_day, read_position
from api.office import Office
from api.problems import invalid
from api.routes.door import PROBLEM, ReaderOf, StandingOf
from api.routes.waiting import Wait, viewing
from domain.words import Slug
from projections.caseload import CASELOAD, Held, caseload

router: Final = APIRouter(tags=["views"], responses=PROBLEM)
MOST: Final = 500


@router.get("/v1/cases", operation_id="caseload")
def cases(
    reader: ReaderOf,
    standing: StandingOf,
    wait: Wait,
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
    office = reader.office
    at = Moment(as_at=standing.as_at, on=standing.on, skip=0)
    if cursor is not None:
        at = _read_cursor(office, cursor)
    with viewing(office, (CASELOAD.name,), at.as_at, wait=wait) as (conn, as_at):
        found = caseload(conn, on=at.on, as_at=at.as_at, team=team_of(team), worker=worker)
    # All of them, since the totals open to their cases.
    reader.viewed("caseload", among=(one.case for one in found.rows), as_at=as_at)
    rest = at.skip + limit
    page = found.rows[at.skip : rest]
    body = {
        "as_at": as_at,
        "on": at.on,
        "cases": [_row(one) for one in page],
        "totals": [asdict(one) for one in found.totals],
        "count": len(found.rows),
        "next": _cursor(as_at, at.on, rest) if rest < len(found.rows) else None,
    }
    return Response(orjson.dumps(body), media_type="application/json")


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
    """Where a page of the list begins, and by which clocks all its pages are; `as_at` None: now."""

    as_at: int | None
    on: date
    skip: int


def _cursor(as_at: int, on: date, skip: int) -> str:
    text = f"{as_at}.{skip}.{on.isoformat()}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(office: Office, text: str) -> Moment:
    """Read a cursor, held to the same law as clocks that are sent. Raises Problem `invalid`."""
    wrong = invalid("/query/cursor", "This is not a cursor that a page gave.")
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        as_at, skip, on = plain.split(".")
        position, _ = read_position(office, as_at)
        day = read_day("on", on)
    except (binascii.Error, ValueError):
        raise wrong from None
    if not (skip.isdigit() and len(skip) <= POSITION_DIGITS):
        raise wrong
    return Moment(as_at=position, skip=int(skip), on=day)
