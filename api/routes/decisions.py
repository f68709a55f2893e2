"""The register of decisions: over all cases, by day, kind, role and team, as known then."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deciding import Register, register
from api.problems import invalid
from api.routes.caseload import team_of
from api.routes.door import PROBLEM, BasisOf, Reader, ReaderOf
from api.routes.paging import PagedStanding
from api.routes.waiting import BRIEFLY_S, Wait, viewing
from domain.decisions import decisions as table
from domain.decisions import kinds
from projections.caseload import CASELOAD
from projections.decisions import DECISIONS, Wanted
from projections.decisions import decisions as found_in_view

router: Final = APIRouter(tags=["audit"], responses=PROBLEM)
A_ROLE: Final = "^[a-z][a-z0-9_]{0,63}$"


@router.get("/v1/decisions", operation_id="decisions")
def decisions(
    reader: ReaderOf,
    basis: BasisOf,
    paging: PagedStanding,
    wait: Wait,
    *,
    first: Annotated[date | None, Query(alias="from", description="The first day.")] = None,
    last: Annotated[date | None, Query(alias="to", description="The last day.")] = None,
    kind: Annotated[
        str | None, Query(description="A kind of decision, or the name of an entry.")
    ] = None,
    by: Annotated[
        str | None, Query(pattern=A_ROLE, description="In which role it was taken.")
    ] = None,
    team: Annotated[str | None, Query(description="Of the cases this team holds.")] = None,
) -> Response:
    """Every decision in every case, in the order of the days on which they were taken.

    Each with its day (`decided_on`: the one it names, else when it occurred), who took it in which
    role, what was decided (`outcome`), the answers to the test it went by (`criteria`), why
    (`rationale`), and what it rests on: `evidence` has the positions of the entries of its case
    that it names, or `all`, those up to `upto`. `policy` is the version in force on its day, of
    those known then; `links` lead to the case as known at the decision.

    A page leaves out the decisions of cases that are closed to this reader and says how many
    (`restricted`); `count` is of all. One that was withdrawn stays, and says so.
    """
    may_read(reader)
    if first is not None and last is not None and first > last:
        raise invalid("/query/to", "The last day comes before the first: exchange them.")
    if not a_kind(kind):
        raise invalid("/query/kind", f"This is {KINDS}.")
    wanted = Wanted(first=first, last=last, kind=kind, role=by, team=team_of(team))
    as_at, page, count = asked(
        reader, wanted, paging.clocks.as_at, skip=paging.skip, limit=paging.limit, wait=wait
    )
    body = {
        "as_at": as_at,
        "basis": basis.named(),
        "decisions": page.rows,
        "count": count,
        "restricted": page.restricted,
        "next": paging.next(as_at, count),
    }
    return Response(orjson.dumps(body), media_type="application/json")


KINDS: Final = (
    f"one of {', '.join(kinds())}, or the name of an entry that decides, such as case-closed"
)


def a_kind(text: str | None) -> bool:
    """Whether decisions can be asked for by this."""
    return text is None or text in kinds() or text in table()


def may_read(reader: Reader) -> None:
    """Turn away a role that reads no cases, or none but its own. Raises Problem."""
    reader.may("caseload")
    reader.may("case")


def asked(
    reader: Reader,
    wanted: Wanted,
    as_at: int | None,
    *,
    skip: int,
    limit: int,
    wait: float = BRIEFLY_S,
) -> tuple[int, Register, int]:
    """A page of the register with the position it is of and how many there are; leaves the trace.

    Raises:
        Behind: a view has not come to the position asked about.
    """
    views = (CASELOAD.name, DECISIONS.name)
    with viewing(reader.office, views, as_at, wait=wait) as (conn, position):
        page, count = found_in_view(conn, wanted, as_at=position, skip=skip, limit=limit)
    told = register(reader, page, position)
    reader.viewed("decisions", among=told.cases, as_at=position)
    return position, told, count
