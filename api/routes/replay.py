"""A case entry by entry: state before, entry, state after, and what was criticised then."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.problems import Problem
from api.replaying import joined_to, may_replay, replay
from api.routes.door import PROBLEM, BasisOf, ReaderOf, etag
from api.routes.paging import PagedThen
from api.standing import stands

router: Final = APIRouter(prefix="/v1/cases", tags=["audit"], responses=PROBLEM)
Full = Annotated[
    bool, Query(description="The whole state before and after each entry, not what differs.")
]


@router.get("/{case}/replay", operation_id="case-replay")
def of_case(
    case: UUID, reader: ReaderOf, basis: BasisOf, paging: PagedThen, *, full: Full = False
) -> Response:
    """A case in the order in which it was recorded, each entry with what it changed.

    `changes` are the leaves of the case's state that are another after the entry, by JSON Pointer;
    null stands where there is nothing. `findings` are judged on the day the entry was recorded, by
    the policies known then: those `raised` and `cleared` by it, those whose answer it is
    (`answered`), and those that had `arisen` or `lapsed` with the days since the entry before. They
    are null for a role that reads no findings. `receipt` says where the proof that it stands in the
    log is to be had, and its leaf.

    What is not read in the case and changed it (a merge as the other case has it, a correction
    there, what was parted from it since) is a step without its `entry`: `elsewhere` says which.
    `earlier` are entries of cases joined to this one from before it began: each is a step, with
    `entry` and `elsewhere`, right after the one by which it came to be read here, and judged by it.
    Every case that is or was joined to it is looked at: while one is restricted, it is closed.

    As it is known at `as_at`: each step as it was understood there, each entry as it is now.
    """
    reader.may("case", case)
    as_at, clocks = paging.settled(reader.office)
    found = stands(reader.office, case, clocks)
    reader.may_open(found.now, case)
    if not may_replay(reader, found):
        raise Problem("restricted")
    reader.viewed("replay", case=case, among=joined_to(found), as_at=paging.clocks.looked_at)
    made = replay(reader, found, skip=paging.skip, limit=paging.limit, full=full)
    body = {
        "case": str(case),
        "as_at": found.position,
        "basis": basis.named(),
        "steps": made.steps,
        "earlier": made.earlier,
        "count": made.count,
        "next": paging.next(as_at, made.count),
    }
    return JSONResponse(body, headers=etag(found.tag))
