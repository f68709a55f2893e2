"""How long cases are kept: what is due, held, approved or forgotten, over all of them."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.retaining import STANDINGS, TO_BE_DONE, listed, looked, told
from api.routes.caseload import team_of
from api.routes.door import PROBLEM, ReaderOf
from api.routes.paging import PagedStanding
from api.routes.waiting import Wait

router: Final = APIRouter(tags=["views"], responses=PROBLEM)
Stands = Literal[
    "approved",
    "to_approve",
    "due",
    "class_missing",
    "undated",
    "held",
    "still_tells",
    "kept",
    "forgotten",
]


@router.get("/v1/retention", operation_id="retention")
def retention(
    reader: ReaderOf,
    paging: PagedStanding,
    wait: Wait,
    *,
    team: Annotated[str | None, Query(description="Only of the cases this team holds.")] = None,
    stands: Annotated[
        Stands | None, Query(description="Only these; left out, all but those kept until a day.")
    ] = None,
) -> Response:
    """Cases by what is to be done about keeping them: what waits for somebody first.

    `next` says what comes next and `command` what records it. `approved` waits for the second
    person, by an approval that may be used until `use_by`; `held` is told before whatever waits
    behind a legal hold. A case that is read in another has none of its own; it is named in
    `merged_into_it` of that, and is held, approved and erased by itself: once the other was erased
    it is listed until it is erased too, and the other `still_tells` what is read in it. `counts`
    has every standing, `open` those of which nothing is asked; `restricted` how many are left out.
    Whether an older copy of the keyring opens what is forgotten, `/health` says (`keys_copy`).
    """
    reader.may("retention")
    clocks = paging.clocks
    asked = TO_BE_DONE if stands is None else (stands,)
    found = listed(reader, clocks, team=team_of(team), standings=asked, wait=wait)
    page = paging.part(found.rows)
    looked(reader, found, page)
    body = {
        "as_at": found.as_at,
        "on": clocks.on,
        "cases": [told(one) for one in page],
        "count": len(found.rows),
        "counts": {one: found.counts.get(one, 0) for one in (*STANDINGS, "open")},
        "restricted": found.restricted,
        "next": paging.next(found.as_at, len(found.rows)),
    }
    return Response(orjson.dumps(body), media_type="application/json")
