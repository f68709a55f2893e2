"""Who looked at a case, when and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.names import Names
from api.readings import Reading, readings_of
from api.routes.door import PROBLEM, ReaderOf

router: Final = APIRouter(prefix="/v1/cases", tags=["views"], responses=PROBLEM)


@router.get("/{case}/readings", operation_id="case-readings")
def readings(
    case: UUID,
    reader: ReaderOf,
    after: Annotated[int, Query(ge=0, le=2**53, description="`next` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Every look at a case, by any door, alone or in a list: who, when and for what purpose.

    Positions are of the log of readings. The question itself is a reading, and stands in the next
    answer.
    """
    reader.may("access_log")
    reader.office.handler.case(case)
    found = readings_of(reader.office, case, after=after, limit=limit)
    reader.viewed("access_log", case=case)
    names = Names(reader.office)
    body = {
        "case": str(case),
        "readings": [shown(one, names) for one in found],
        "next": found[-1].position if found else after,
        "more": len(found) == limit,
    }
    return Response(orjson.dumps(body), media_type="application/json")


def shown(one: Reading, names: Names) -> dict[str, Any]:
    """A reading with the name of whoever it was."""
    return {**asdict(one), "name": names.worker(one.worker)}
