"""What belongs to one request, over both logs and all cases, as a tree of causes."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter

from api.answered import basis
from api.routes.door import PROBLEM, ReaderOf
from api.tracing import trace
from domain.handle import local_day

router: Final = APIRouter(tags=["audit"], responses=PROBLEM)


@router.get("/v1/trace/{correlation}", operation_id="trace")
def of_correlation(correlation: UUID, reader: ReaderOf) -> dict[str, Any]:
    """Every entry of both logs with a correlation, each below the one that caused it.

    What an entry says is not told, only that it stands, where, when, and by whom. Of a case that is
    closed to this reader the tree has the place alone (`restricted`). `more` says that there are
    more entries than the 2,000 an answer holds. `upto` is how far each log was looked through.
    """
    reader.may("access_log")
    found = trace(reader, correlation)
    today = local_day(reader.office.clock.now())
    return {
        "correlation": str(correlation),
        "basis": basis(reader.office, found.upto[reader.office.record.log.name], today),
        "upto": found.upto,
        "entries": found.roots,
        "count": found.count,
        "more": found.more,
    }
