"""What belongs to one request, over both logs and all cases, as a tree of causes."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query

from api.routes.door import PROBLEM, BasisOf, ReaderOf
from api.tracing import Place, trace, tree

router: Final = APIRouter(tags=["audit"], responses=PROBLEM)
A_PLACE: Final = r"^[0-9]{1,15}\.[0-9]{1,15}$"
After = Annotated[str, Query(pattern=A_PLACE, description="`next` of the page before.")]


@router.get("/v1/trace/{correlation}", operation_id="trace")
def of_correlation(
    correlation: UUID, reader: ReaderOf, basis: BasisOf, after: After = "0.0"
) -> dict[str, Any]:
    """Every entry of both logs with a correlation, each below the one that caused it.

    What an entry says is not told, only that it stands, where, when, and by whom. Of a case that is
    closed to this reader the tree has the place alone (`restricted`). A page looks through so many
    entries of the logs, so one may hold nothing: `next` is where to go on, null at the end. `upto`
    is how far each log is asked about; send `Holdfast-Basis` of the first page with every other.
    """
    reader.may("access_log")
    found = trace(reader, correlation, basis, Place.of(after))
    return {
        "correlation": str(correlation),
        "basis": basis.named(),
        "upto": found.upto,
        "entries": tree(found.told),
        "count": found.count,
        "next": None if found.next is None else found.next.text,
    }
