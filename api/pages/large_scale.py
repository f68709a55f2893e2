"""Large-scale enquiries as pages: which there are, and the cases of one."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.names import Names
from api.pages.lists import A_PAGE, Adults, waited_for
from api.pages.page import asked_by, foot, kept, page_asked, render, shown, turned
from api.routes.door import Reader
from api.routes.large_scale import every, every_case, opened
from domain.refusal import NotFound
from projections.large_scale import LARGE_SCALE

router: Final = APIRouter(include_in_schema=False)


@router.get("/large-scale-enquiries")
@shown("as_at", "cursor")
def enquiries(request: Request, reader: Reader) -> Response:
    """Every large-scale enquiry that links a case, the latest begun first."""
    paging = page_asked(request, reader.office, A_PAGE)
    clocks = paging.clocks
    lately = waited_for(reader, LARGE_SCALE.name) if clocks.as_at is None else 0
    position, found = every(reader, clocks.as_at)
    return render(
        "large_scale.html",
        reader.office,
        rests=foot(request, position, clocks.on, judged=False),
        rows=paging.part(found),
        count=len(found),
        chosen={name: request.query_params.get(name, "") for name in ("as_at", "purpose")},
        asked=asked_by(clocks, position),
        beside=kept(request, "as_at", "purpose"),
        behind=position < lately,
        turned=turned(request, paging, position, len(found)),
    )


@router.get("/large-scale-enquiries/{large_scale}")
@shown("as_at", "cursor")
def cases(request: Request, reader: Reader) -> Response:
    """The cases of one enquiry, each by itself."""
    large_scale = _reference(request.path_params["large_scale"])
    paging = page_asked(request, reader.office, A_PAGE)
    clocks = paging.clocks
    lately = waited_for(reader, LARGE_SCALE.name) if clocks.as_at is None else 0
    position, found = every_case(reader, large_scale, clocks.as_at)
    page = paging.part(found)
    rows = opened(reader, page, position)
    adults = Adults.of(
        reader, Names(reader.office, position), [(one.case, one.adult) for one in rows]
    )
    return render(
        "large_scale_cases.html",
        reader.office,
        rests=foot(request, position, clocks.on, judged=False),
        reference=str(large_scale),
        providers=sorted({one.provider for one in found if one.provider is not None}),
        rows=[(one, adults.called(one.case, one.adult)) for one in rows],
        count=len(found),
        restricted=len(page) - len(rows),
        chosen={name: request.query_params.get(name, "") for name in ("as_at", "purpose")},
        asked=asked_by(clocks, position),
        beside=kept(request, "as_at", "purpose"),
        behind=position < lately,
        turned=turned(request, paging, position, len(found)),
    )


def _reference(text: str) -> UUID:
    """An enquiry as an address names it. Raises NotFound."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such large-scale enquiry.") from None
