"""What practice guidance would question in the open cases: those unanswered first, the gravest."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from api.clocks import Clocks
from api.names import Names
from api.pages.lists import A_PAGE, Adults, holder, teams_in, waited_for
from api.pages.page import asked_by, foot, kept, page_asked, render, shown, turned
from api.problems import invalid
from api.routes.caseload import team_of
from api.routes.choosing import ALL, PRESSING
from api.routes.door import Reader
from api.routes.findings import A_RULE, MOST_READ, Wanted, listed
from api.routes.waiting import viewing
from domain.finding import SEVERITIES
from projections.caseload import CASELOAD, totals

router: Final = APIRouter(include_in_schema=False)
_FIELDS: Final = ("team", "rule", "severity", "show", "as_at", "on")
_FROM: Final = "cases_from"


@router.get("/findings")
@shown(*_FIELDS, _FROM, "cursor")
def findings(request: Request, reader: Reader) -> Response:
    """The findings over open cases: high and unanswered, or all of them, page by page."""
    query, office = request.query_params, reader.office
    reader.may("caseload")
    reader.may("findings")
    paging = page_asked(request, office, A_PAGE)
    clocks, wanted = paging.clocks, _wanted(query)
    lately = waited_for(reader, CASELOAD.name) if clocks.as_at is None else 0
    found = listed(reader, clocks, wanted)
    page = paging.part(found.rows)
    names = Names(office, found.as_at)
    cases = {case: found.held[case] for case, _ in page}
    adults = Adults.of(reader, names, [(case, one.adult) for case, one in cases.items()])
    return render(
        "findings.html",
        office,
        rests=foot(request, found.as_at, clocks.on),
        rows=[
            (case, adults.called(case, cases[case].adult), holder(cases[case].worker, names), one)
            for case, one in page
        ],
        held=cases,
        found=found,
        most=MOST_READ,
        policy=office.handler.looking(clocks.on, as_at=found.as_at).law.policy,
        teams=_teams(reader, clocks, found.as_at),
        severities=SEVERITIES,
        chosen={name: query.get(name, "") for name in (*_FIELDS, "purpose")},
        asked=asked_by(clocks, found.as_at),
        opens=kept(request, "as_at", "on", "purpose"),
        beside=kept(request, "team", "as_at", "on", "purpose"),
        go_on=None if found.go_on is None else _behind(request, found.as_at, found.go_on),
        behind=found.as_at < lately,
        turned=turned(request, paging, found.as_at, len(found.rows)),
    )


def _wanted(query: QueryParams) -> Wanted:
    """Which findings a page's form asks for. Raises Problem `invalid`."""
    rule, severity = query.get("rule") or None, query.get("severity") or None
    if rule is not None and not re.fullmatch(A_RULE, rule, re.ASCII):
        raise invalid("/query/rule", "This is no rule, such as R53.")
    if severity not in {None, *SEVERITIES}:
        raise invalid("/query/severity", f"This is one of {', '.join(SEVERITIES)}.")
    which = query.get("show") or PRESSING
    if which not in {PRESSING, ALL}:
        raise invalid("/query/show", f"This is {PRESSING} or {ALL}.")
    start = query.get(_FROM) or "0"
    if not re.fullmatch("[0-9]{1,6}", start, re.ASCII):
        raise invalid(f"/query/{_FROM}", "This is the place of a case among the open ones, from 0.")
    team = team_of(query.get("team"))
    return Wanted(team=team, rule=rule, severity=severity, show=which, start=int(start))


def _behind(request: Request, as_at: int, start: int) -> str:
    """The query of the cases behind those that were judged, at the same position."""
    asked = kept(request, "team", "rule", "severity", "show", "on", "purpose")
    return "&".join(filter(None, (asked, urlencode({"as_at": as_at, _FROM: start}))))


def _teams(reader: Reader, clocks: Clocks, as_at: int) -> list[str]:
    """Every team that holds an open case."""
    with viewing(reader.office, (CASELOAD.name,), as_at) as (conn, _):
        return teams_in(one.team for one in totals(conn, on=clocks.on, as_at=as_at))
