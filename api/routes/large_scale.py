"""Large-scale enquiries: how many cases each links, and which (R3, R18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter
from starlette.responses import Response

from api.routes.door import PROBLEM, Reader, ReaderOf
from api.routes.paging import PagedThen
from api.routes.people import open_among
from api.routes.waiting import BRIEFLY_S, Wait, viewing
from projections.caseload import CASELOAD
from projections.large_scale import LARGE_SCALE, Enquiry, Linked, enquiries, linked

router: Final = APIRouter(prefix="/v1/large-scale-enquiries", tags=["views"], responses=PROBLEM)


@router.get("", operation_id="large-scale-enquiries")
def known(reader: ReaderOf, paging: PagedThen, wait: Wait) -> Response:
    """Every large-scale enquiry that links a case, the latest begun first.

    Each with the providers that its links name, the number of its cases, and since when there are
    any. The number counts all, whichever of them are closed to this reader.
    """
    at, found = every(reader, paging.clocks.as_at, wait=wait)
    body = {
        "as_at": at,
        "enquiries": [_enquiry(one) for one in paging.part(found)],
        "count": len(found),
        "next": paging.next(at, len(found)),
    }
    return Response(orjson.dumps(body), media_type="application/json")


@router.get("/{large_scale}/cases", operation_id="large-scale-enquiry-cases")
def cases(large_scale: UUID, reader: ReaderOf, paging: PagedThen, wait: Wait) -> Response:
    """The cases that a large-scale enquiry links, one for each adult, the first linked first.

    Each with the stage it has reached and the entry that links it. A case that is read in another
    (`read_in`) is linked by itself, and as far as that. A page leaves out the cases that are closed
    to this reader and says how many (`restricted`). None of a reference that no case has.
    """
    at, found = every_case(reader, large_scale, paging.clocks.as_at, wait=wait)
    page = paging.part(found)
    shown = opened(reader, page, at)
    body = {
        "as_at": at,
        "large_scale": large_scale,
        "cases": [told(one) for one in shown],
        "count": len(found),
        "restricted": len(page) - len(shown),
        "next": paging.next(at, len(found)),
    }
    return Response(orjson.dumps(body), media_type="application/json")


def every(
    reader: Reader, as_at: int | None, *, wait: float = BRIEFLY_S
) -> tuple[int, list[Enquiry]]:
    """Every enquiry, with the position the answer is of; a look at the caseload, of no case.

    Raises:
        Problem: `not-permitted`.
        Behind: the view has not come to the position asked about.
    """
    reader.may("caseload")
    with viewing(reader.office, (LARGE_SCALE.name,), as_at, wait=wait) as (conn, at):
        found = enquiries(conn, as_at=as_at)
    reader.viewed("caseload", as_at=at)
    return at, found


def every_case(
    reader: Reader, large_scale: UUID, as_at: int | None, *, wait: float = BRIEFLY_S
) -> tuple[int, list[Linked]]:
    """Every case of an enquiry, with the position; show none of them but through `opened`.

    Raises:
        Problem: `not-permitted`.
        Behind: a view has not come to the position asked about.
    """
    reader.may("caseload")
    views = (LARGE_SCALE.name, CASELOAD.name)
    with viewing(reader.office, views, as_at, wait=wait) as (conn, at):
        return at, linked(conn, large_scale, as_at=as_at)


def opened(reader: Reader, found: Sequence[Linked], at: int) -> list[Linked]:
    """Those that this reader may open, with the trace of a look at each."""
    shown = open_among(reader, found)
    reader.viewed("caseload", among=(one.case for one in shown), as_at=at)
    return shown


def _enquiry(one: Enquiry) -> dict[str, Any]:
    cases = f"/v1/large-scale-enquiries/{one.large_scale}/cases"
    return {
        "large_scale": one.large_scale,
        "providers": one.providers,
        "cases": one.cases,
        "since": one.since,
        "links": {"cases": cases},
    }


def told(one: Linked) -> dict[str, Any]:
    """A case of an enquiry, in an answer."""
    return {
        "case": one.case,
        "read_in": one.read_in,
        "stage": one.stage,
        "provider": one.provider,
        "linked_on": one.linked_on,
        "linked_at": one.linked_at,
        "links": {"case": f"/v1/cases/{one.case}"},
    }
