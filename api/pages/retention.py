"""How long cases are kept: what waits for somebody first, with what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.copied import STALE, standing
from api.names import Names
from api.pages import words
from api.pages.lists import A_PAGE, Adults, holder, teams_in, waited_for
from api.pages.page import asked_by, foot, kept, page_asked, render, shown, turned, with_purpose
from api.problems import invalid
from api.retaining import STANDINGS, TO_BE_DONE, Row, listed, looked
from api.routes.caseload import team_of
from api.routes.door import Reader
from domain.jurisdictions import Jurisdiction
from domain.kept_until import NEXT
from projections.caseload import CASELOAD

router: Final = APIRouter(include_in_schema=False)
_FIELDS: Final = ("stands", "team", "as_at", "on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A case as the page shows it; `record` is where the next step is recorded, empty of none."""

    row: Row
    adult: str
    standing: str
    classed: str
    due: str
    approved: list[str]
    next: str
    record: str


@router.get("/retention")
@shown(*_FIELDS, "cursor")
def retention(request: Request, reader: Reader) -> Response:
    """Cases by what is to be done about keeping them: all but those kept until a day to come."""
    query, office = request.query_params, reader.office
    reader.may("retention")
    paging = page_asked(request, office, A_PAGE)
    clocks, team, stands = paging.clocks, team_of(query.get("team")), query.get("stands") or None
    if stands not in {None, *STANDINGS}:
        raise invalid("/query/stands", f"This is one of {', '.join(STANDINGS)}.")
    lately = waited_for(reader, CASELOAD.name) if clocks.as_at is None else 0
    found = listed(reader, clocks, team=team, standings=TO_BE_DONE if stands is None else (stands,))
    page = paging.part(found.rows)
    looked(reader, found, page)
    names = Names(office, found.as_at)
    adults = Adults.of(reader, names, [(one.case, one.held.adult) for one in page])
    return render(
        "retention.html",
        office,
        rests=foot(request, found.as_at, clocks.on),
        lines=[_line(request, one, adults, names, office.jurisdiction) for one in page],
        found=found,
        counted=[(one, NEXT[one].title, found.counts.get(one, 0)) for one in STANDINGS],
        teams=teams_in(one.held.team for one in found.rows),
        chosen={name: query.get(name, "") for name in (*_FIELDS, "purpose")},
        asked=asked_by(clocks, found.as_at),
        opens=kept(request, "as_at", "on", "purpose"),
        beside=kept(request, "team", "as_at", "on", "purpose"),
        behind=found.as_at < lately,
        stale=STALE if standing(office.settings, office.wrapping) == "stale" else "",
        turned=turned(request, paging, found.as_at, len(found.rows)),
    )


def _line(request: Request, row: Row, adults: Adults, names: Names, nation: Jurisdiction) -> Line:
    found = row.kept
    kind, due = found.retention_class, found.review_due
    at = f"/cases/{row.case}/record/{found.command}"
    return Line(
        row=row,
        adult=adults.called(row.case, row.held.adult),
        standing=found.step.title,
        classed="None" if kind is None else nation.label("retention_class", kind),
        due="–" if due is None else words.due(due),
        approved=[
            f"Approved by {holder(one.by, names)}, may be used until {words.day(one.use_by)}"
            for one in found.approvals
        ],
        next=found.step.words,
        record="" if found.command is None else with_purpose(request, at),
    )
