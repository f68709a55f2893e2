"""How agencies take part in conferences: numbers by agency, and the conferences behind each."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.problems import invalid
from api.routes.door import PROBLEM, ReaderOf
from api.routes.paging import PagedStanding
from api.routes.people import restricted_among
from api.routes.waiting import Wait, viewing
from projections.participation import PARTICIPATION, Taken
from projections.participation import participation as of_agencies

router: Final = APIRouter(tags=["views"], responses=PROBLEM)


@router.get("/v1/participation", operation_id="participation")
def participation(
    reader: ReaderOf,
    paging: PagedStanding,
    wait: Wait,
    *,
    first: Annotated[date, Query(description="The first day of the conferences.")],
    last: Annotated[date, Query(description="The last day of them.")],
    agency: Annotated[str | None, Query(description="Only this agency.")] = None,
) -> Response:
    """How each agency took part in the conferences held from one day to another (R206).

    Of each: the numbers of conferences it was invited to, came to, sent an apology for, neither
    (`absent`), and gave a report for. Narrowed to one `agency`, a page lists the conferences
    counted instead, each with its case; it leaves out those of cases that are closed to this
    reader and says how many (`restricted`).
    """
    reader.may("caseload")
    if first > last:
        raise invalid("/query/last", "The last day comes before the first: exchange them.")
    asked = paging.clocks.as_at
    with viewing(reader.office, (PARTICIPATION.name,), asked, wait=wait) as (conn, at):
        found = of_agencies(conn, first=first, last=last, as_at=asked)
    told = {"as_at": at, "first": first, "last": last}
    rows: dict[str, object]
    if agency is None:
        page = paging.part(found)
        reader.viewed("caseload", as_at=at)
        rows, count = {"agencies": [_agency(one) for one in page]}, len(found)
    else:
        every = [one for taken in found if taken.agency == agency for one in taken.conferences]
        lines = paging.part(every)
        closed = restricted_among(reader, {case for _conference, case in lines})
        behind = [(conference, case) for conference, case in lines if case not in closed]
        reader.viewed("caseload", among=(case for _conference, case in behind), as_at=at)
        conferences = [_conference(*one) for one in behind]
        rows = {"conferences": conferences, "restricted": len(lines) - len(behind)}
        count = len(every)
    body = {**told, **rows, "count": count, "next": paging.next(at, count)}
    return Response(orjson.dumps(body), media_type="application/json")


def _agency(one: Taken) -> dict[str, object]:
    return {
        "agency": one.agency,
        "conferences": len(one.conferences),
        "invited": one.invited,
        "there": one.there,
        "apologies": one.apologies,
        "absent": one.absent,
        "reports": one.reports,
    }


def _conference(conference: object, case: object) -> dict[str, object]:
    return {"conference": conference, "case": case, "links": {"case": f"/v1/cases/{case}"}}
