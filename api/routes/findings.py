"""Findings over the open cases of a team, of a rule, of a severity: those not answered first.

They are computed when they are asked for, case by case, since what is late depends on the day that
is judged by. No view keeps them, so an answer reads at most `MOST_READ` cases, those that wait the
longest, and says how many it did not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.clocks import Clocks
from api.routes import shown
from api.routes.caseload import team_of
from api.routes.choosing import PRESSING, Show, chosen
from api.routes.door import PROBLEM, THROUGH_RESTRICTION, Reader, ReaderOf
from api.routes.paging import PagedStanding
from api.routes.waiting import Wait, viewing
from api.standing import stands
from domain.finding import Finding, gravity
from projections.caseload import CASELOAD, caseload

MOST_READ: Final = 200  # cases in one answer
router: Final = APIRouter(tags=["views"], responses=PROBLEM)
Rule = Annotated[
    str | None,
    Query(pattern="^[A-Z][0-9]{1,3}$", description="A rule of the sources, such as R53."),
]
Severity = Annotated[Literal["high", "medium", "low"] | None, Query()]
Raised = tuple[UUID, Finding]


@router.get("/v1/findings", operation_id="findings")
def findings(
    reader: ReaderOf,
    paging: PagedStanding,
    wait: Wait,
    *,
    team: Annotated[str | None, Query()] = None,
    rule: Rule = None,
    severity: Severity = None,
    show: Show = PRESSING,
) -> Response:
    """What the sources would criticise in the open cases of a team, or of everybody.

    Those not answered come first, then the gravest. `cases_read` are judged, those waiting the
    longest first and never more than 200; `cases_not_read` were not: ask by team. `restricted`
    counts those a restriction closes, of which nothing is shown.
    """
    reader.may("caseload")
    reader.may("findings")
    at = paging.clocks
    with viewing(reader.office, (CASELOAD.name,), at.as_at, wait=wait) as (conn, as_at):
        held = caseload(conn, on=at.on, as_at=at.as_at, team=team_of(team)).rows
    asked = [one.case for one in held[:MOST_READ]]
    clocks = Clocks(as_at=as_at, on=at.on)
    read, looked, raised = _raised(reader, asked, clocks)
    # Every case judged was looked at, whether or not anything of it is shown.
    reader.viewed("findings", among=looked, as_at=as_at)
    rows = [
        one
        for one in raised
        if chosen([one[1]], show)
        and (rule is None or rule in one[1].rules)
        and (severity is None or severity == one[1].severity)
    ]
    body = {
        "as_at": as_at,
        "on": at.on.isoformat(),
        "policy": reader.office.jurisdiction.policy,
        "findings": [_row(*one) for one in paging.part(sorted(rows, key=_open_first))],
        "count": len(rows),
        "cases_read": len(read),
        "cases_not_read": len(held) - len(asked),
        "restricted": len(asked) - len(read),
        "next": paging.next(as_at, len(rows)),
    }
    return JSONResponse(body)


def _raised(
    reader: Reader, cases: Iterable[UUID], clocks: Clocks
) -> tuple[list[UUID], set[UUID], list[Raised]]:
    """The cases that may be opened, those read in them too, and what is raised in each."""
    read, looked = list[UUID](), set[UUID]()
    raised: list[Raised] = []
    for case in cases:
        found = stands(reader.office, case, clocks)
        if found.now.restricted and reader.purpose not in THROUGH_RESTRICTION:
            continue
        read.append(case)
        looked |= {case, *found.brought}
        raised += [(case, one) for one in found.findings(reader.office)]
    return read, looked, raised


def _open_first(one: Raised) -> tuple[bool, int, str, int, str]:
    case, found = one
    return (
        found.answer is not None,
        gravity(found.severity),
        str(case),
        found.position or 0,
        found.identity,
    )


def _row(case: UUID, found: Finding) -> dict[str, Any]:
    links = {"case": f"/v1/cases/{case}", "findings": f"/v1/cases/{case}/findings"}
    return {"case": str(case), **shown.finding(found), "links": links}
