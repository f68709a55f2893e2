"""What a kind of problem means: where the `type` of a problem leads."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.page import render, said
from api.problems import KINDS, invalid
from api.routes.door import office_of

router: Final = APIRouter(include_in_schema=False)


@router.get("/problems/{kind}")
def explained(request: Request, kind: str) -> Response:
    """A kind of problem and what to do; for anybody, since it tells nothing of the record."""
    if request.query_params:
        return said(request, invalid("/query", "This page has no parameters."))
    found = KINDS.get(kind)
    title = "There is no such kind of problem" if found is None else found.title
    detail = "See the type of the problem." if found is None else found.remedy
    status = 404 if found is None else 200
    return render(
        "problem.html",
        office_of(request),
        status,
        title=title,
        detail=detail,
        errors=(),
        instead=(),
        restricted=False,
        clocks=(),
        purposes={},
    )
