"""Findings over the open cases of a team, of a rule, of a severity: those not answered first.

They are computed when they are asked for, case by case, since what is late depends on the day that
is judged by. No view keeps them, so an answer reads at most `MOST_READ` cases, those that wait the
longest first; it says how many it did not read, and from which to go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.clocks import Clocks
from api.routes import shown
from api.routes.caseload import team_of
from api.routes.choosing import PRESSING, Show, chosen
from api.routes.door import PROBLEM, Reader, ReaderOf
from api.routes.paging import PagedStanding
from api.routes.waiting import BRIEFLY_S, Wait, viewing
from api.standing import stands
from domain.finding import Finding, gravity
from domain.words import Slug
from projections.caseload import CASELOAD, Held, caseload

MOST_READ: Final = 200  # cases in one answer
router: Final = APIRouter(tags=["views"], responses=PROBLEM)
A_RULE: Final = "^[A-Z][0-9]{1,3}$"
Rule = Annotated[
    str | None, Query(pattern=A_RULE, description="A rule of the sources, such as R53.")
]
Severity = Annotated[Literal["high", "medium", "low"] | None, Query()]
From = Annotated[
    int, Query(ge=0, le=1_000_000, description="Begin with the open case of this place, from 0.")
]
Raised = tuple[UUID, Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings are asked for; None where it does not matter.

    `start` is the place of the first case to judge among the open ones, those waiting the longest
    first.
    """

    team: Slug | None = None
    rule: str | None = None
    severity: str | None = None
    show: str = PRESSING
    start: int = 0

    def holds(self, one: Finding) -> bool:
        """Whether a finding is asked for."""
        return (
            bool(chosen([one], self.show))
            and self.rule in {None, *one.rules}
            and self.severity in {None, one.severity}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Findings over cases at a position: those unanswered first, then the gravest.

    `held` has the open cases that were judged; `not_read` were not, since an answer reads no more
    than `MOST_READ`; `go_on` is where to start for those behind them, None where there are none.
    `restricted` may not be opened, and nothing of them is shown.
    """

    as_at: int
    rows: list[Raised]
    held: Mapping[UUID, Held]
    not_read: int
    go_on: int | None
    restricted: int


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
    cases_from: From = 0,
) -> Response:
    """What the sources would criticise in the open cases of a team, or of everybody.

    Those not answered come first, then the gravest. `cases_read` are judged, those waiting the
    longest first and never more than 200; `cases_not_read` were not: ask by team, or for those from
    `cases_next` on as `cases_from`, at the same `as_at`. `restricted` counts those a restriction
    closes, of which nothing is shown.
    """
    reader.may("caseload")
    reader.may("findings")
    wanted = Wanted(team=team_of(team), rule=rule, severity=severity, show=show, start=cases_from)
    found = listed(reader, paging.clocks, wanted, wait=wait)
    body = {
        **told(reader, paging.clocks, found, paging.part(found.rows)),
        "next": paging.next(found.as_at, len(found.rows)),
    }
    return JSONResponse(body)


def listed(reader: Reader, at: Clocks, wanted: Wanted, *, wait: float = BRIEFLY_S) -> Listed:
    """The findings over open cases that are asked for, by every door; it leaves the trace.

    Raises:
        Behind: the caseload has not come to the position asked about.
    """
    with viewing(reader.office, (CASELOAD.name,), at.as_at, wait=wait) as (conn, as_at):
        held = caseload(conn, on=at.on, as_at=at.as_at, team=wanted.team).rows
    asked = [one.case for one in held[wanted.start : wanted.start + MOST_READ]]
    end = wanted.start + len(asked)
    read, looked, raised = _raised(reader, asked, Clocks(as_at=as_at, on=at.on))
    opened = set(read)
    # Every case judged was looked at, whether or not anything of it is shown.
    reader.viewed("findings", among=looked, as_at=as_at)
    return Listed(
        as_at=as_at,
        rows=sorted((one for one in raised if wanted.holds(one[1])), key=_open_first),
        held={one.case: one for one in held if one.case in opened},
        not_read=len(held) - len(asked),
        go_on=end if asked and end < len(held) else None,
        restricted=len(asked) - len(read),
    )


def told(reader: Reader, at: Clocks, found: Listed, rows: Iterable[Raised]) -> dict[str, Any]:
    """Findings over cases as JSON, of which `rows` are shown."""
    return {
        "as_at": found.as_at,
        "on": at.on.isoformat(),
        "policy": reader.office.handler.looking(at.on, as_at=found.as_at).law.policy,
        "findings": [_row(*one) for one in rows],
        "count": len(found.rows),
        "cases_read": len(found.held),
        "cases_not_read": found.not_read,
        "cases_next": found.go_on,
        "restricted": found.restricted,
    }


def _raised(
    reader: Reader, cases: Iterable[UUID], clocks: Clocks
) -> tuple[list[UUID], set[UUID], list[Raised]]:
    """The cases that may be opened, those read in them too, and what is raised in each."""
    read, looked = list[UUID](), set[UUID]()
    raised: list[Raised] = []
    for case in cases:
        found = stands(reader.office, case, clocks)
        if reader.closed(found.now, case):
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
