"""The annual returns: which years there are, whether they were filed, and their public reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.filing import filings
from api.minutes.page import rests_on
from api.office import Office
from api.pages.page import clocks_of, foot, kept, render, shown, with_purpose
from api.problems import invalid
from api.returns.report import PLACE
from api.returns.reporting import MEDIA, Gathered, file_of, gather
from api.routes.door import Reader
from domain.refusal import NotFound
from projections.returns import QUARTERLY, tables
from projections.returns.periods import Span, quarter_of, span

router: Final = APIRouter(include_in_schema=False)
_YEARS: Final = 10  # so many back, where there are as many


@router.get("/returns")
@shown("as_at", "on")
def returns(request: Request, reader: Reader) -> Response:
    """The years of which there is a return, the last first."""
    reader.may("return")
    office, clocks = reader.office, clocks_of(request, reader.office)
    as_at = office.record.log.tail() if clocks.as_at is None else clocks.as_at
    reader.viewed("return", as_at=as_at)
    begun = quarter_of(clocks.on).first
    this = begun.year if begun.month > 1 else begun.year - 1
    return render(
        "returns.html",
        office,
        rests=foot(request, as_at, clocks.on),
        called=office.jurisdiction.terms["return"],
        as_at=as_at,
        years=[
            (of, _filed(office, of, as_at), _at(request, of))
            for of in (Span(year=this - back) for back in range(_YEARS))
            if tables(office.jurisdiction.code, of.year)
        ],
    )


def _at(request: Request, of: Span) -> str:
    query = kept(request, "as_at", "on", "purpose")
    return f"/returns/{of.text}/report{query and '?'}{query}"


def _filed(office: Office, of: Span, as_at: int) -> str:
    """How often a year was filed, or which of its quarters were."""
    each: Iterator[Span] = iter([of])
    if office.jurisdiction.code in QUARTERLY:
        each = iter(of.quarters)
    found = [(one, len(filings(office, one, as_at))) for one in each]
    return ", ".join(
        f"{one.name} {'once' if many == 1 else f'{many} times'}" for one, many in found if many
    )


@router.get("/returns/{year}/report")
@shown("as_at", "on", "format")
def report(request: Request, reader: Reader) -> Response:
    """The public annual report of a year, to look at, or as a file of a kind."""
    reader.may("return")
    of = span(request.path_params["year"])
    if of is None:
        raise NotFound("There is no such year.")
    kind = request.query_params.get("format")
    if kind not in {None, *MEDIA}:
        raise invalid("/query/format", "This is html or pdf.")
    office, clocks = reader.office, clocks_of(request, reader.office)
    found = gather(office, of, clocks.as_at, clocks.on, request.state.basis)
    reader.viewed("return", as_at=found.as_at)
    rests = foot(request, found.as_at, clocks.on)
    whole = found.report(rests_on(rests.told))
    if kind is not None:
        return answer(found, kind, file_of(office, kind, whole))
    again = f"/returns/{of.text}/report"
    by = {"as_at": str(found.as_at), "on": clocks.on.isoformat()}
    return render(
        "report.html",
        office,
        rests=rests,
        report=whole,
        place=PLACE,
        year=of.name,
        back=with_purpose(request, "/returns"),
        as_html=with_purpose(request, again, **by, format="html"),
        as_pdf=with_purpose(request, again, **by, format="pdf"),
    )


def answer(found: Gathered, kind: str, content: bytes) -> Response:
    """A report as a file that is taken away."""
    headers = {"Content-Disposition": f'attachment; filename="{found.name(kind)}"'}
    return Response(content, media_type=MEDIA[kind], headers=headers)
