"""A whole annual return: checked before it is sent, explained figure by figure, given as a file."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.basis import Basis
from api.clocks import Clocks
from api.minutes.page import rests_on
from api.problems import invalid
from api.returns import explaining, files, publishing, reporting
from api.returns.chapters import CHAPTERS
from api.returns.checking import check, heading, shown_to, told
from api.returns.commentary import MOST, Commentary, commentary
from api.returns.councils import listed, named
from api.returns.making import council_code, make
from api.routes.door import PROBLEM, BasisOf, Reader, ReaderOf, StandingOf
from api.routes.paging import PagedStanding
from api.routes.people import restricted_among
from api.routes.returns import Year, span_in
from api.routes.waiting import Wait
from api.schema import Strict
from domain.refusal import Refused
from projections.returns.guarding import Protected
from projections.returns.longform import Exact, stamp
from projections.returns.periods import Span
from projections.returns.table import published
from projections.returns.variance import PERCENT, SMALLEST

router: Final = APIRouter(prefix="/v1/returns", tags=["returns"], responses=PROBLEM)
_FIRST: Final = 100  # of what a figure counts, how many its explanation names
Text = Annotated[str, Query(max_length=200)]
Some = Annotated[str | None, Query(max_length=200)]


@router.get("/{year}/checks", operation_id="return-checks")
def checks(
    year: Year,
    reader: ReaderOf,
    paging: PagedStanding,
    wait: Wait,
    *,
    signed: Annotated[
        bool | None, Query(description="Whether the sign-off sheet is complete.")
    ] = None,
    commented: Annotated[
        list[str] | None, Query(description="Tables for which a comment says why they differ.")
    ] = None,
    percent: Annotated[
        int, Query(ge=0, le=1000, description="From how much on a figure varies.")
    ] = PERCENT,
    smallest: Annotated[
        int, Query(ge=1, le=1_000_000, description="The least difference that is told.")
    ] = SMALLEST,
) -> Response:
    """What is to be looked at before a return is sent: rules, exceptions page by page, variance.

    A rule about a table that is not given is `not_checked`, and does not pass. `refused` says that
    a hard one does not hold. Rules are of the nation's own return; where none is known there are
    none.
    """
    reader.may("return")
    made = make(reader.office, span_in(year), paging.clocks.as_at, wait=wait, besides=True)
    found = check(
        made,
        made.sent(
            signed=signed,
            commented=commented or (),
            percent=percent,
            smallest=smallest,
            council=reader.office.council,
            listed=listed(reader.office, made.of.year),
        ),
    )
    page = paging.part(found.unready)
    shown = shown_to(reader, page)
    reader.viewed("return", among=(one.case for one in shown.exceptions), as_at=made.as_at)
    body = {
        **told(made, found, shown),
        "on": paging.clocks.on,
        "next": paging.next(made.as_at, len(found.unready)),
    }
    return Response(orjson.dumps(body), media_type="application/json")


@router.get("/{year}/export", operation_id="return-export")
def export(
    year: Year,
    reader: ReaderOf,
    standing: StandingOf,
    basis: BasisOf,
    wait: Wait,
    *,
    format: Annotated[Literal["csv", "xlsx", "json"], Query()] = "csv",  # noqa: A002 — its name
    figures: Annotated[
        Literal["exact", "published"],
        Query(description="Exact to be sent, and restricted; or as they may be published."),
    ] = "exact",
    council: Annotated[
        str,
        Query(
            pattern="^[0-9A-Za-z]{0,12}$",
            description="The council's code (CASSR), if not that of the settings.",
        ),
    ] = "",
) -> Response:
    """The whole return as a file: CSV in long form, an Excel workbook, or JSON."""
    reader.may("return")
    made = make(reader.office, span_in(year), standing.as_at, wait=wait, besides=True)
    code = council_code(council) or reader.office.council
    which: Exact | Protected = made.exact(code)
    if figures == "published":
        which = publishing.published(reader.office, made.of, made.cells, made.as_at, council=code)
    on_list = listed(reader.office, made.of.year)
    found = check(made, made.sent(council=code, listed=on_list))
    telling = format == "xlsx" and figures == "exact"
    shown = shown_to(reader, found.unready if telling else ())
    reader.viewed("return", among=(one.case for one in shown.exceptions), as_at=made.as_at)
    line = rests(basis, made.as_at, standing.on)
    content = files.file_of(
        format,
        made,
        which,
        checks=found,
        shown=shown,
        basis=line,
        council=named(reader.office, made.of.year, code),
    )
    name = files.name_of(format, made.label, which)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=files.MEDIA[format], headers=headers)


Kind = Annotated[Literal["html", "pdf"], Query()]


@router.get("/{year}/report", operation_id="return-report")
def report(
    year: Year,
    reader: ReaderOf,
    standing: StandingOf,
    basis: BasisOf,
    wait: Wait,
    *,
    format: Kind = "html",  # noqa: A002 — its name
) -> Response:
    """The public annual report of a year: suppressed and rounded figures alone, in plain words.

    It goes by what was filed, else by what is known; beside each figure stands the one filed for
    the year before. With what the authority says of each chapter it is asked for by POST.
    """
    return _reported(reader, span_in(year), standing, basis, wait, kind=format)


class Said(Strict):
    """What the authority says beside its figures: everybody will read it, so it is about nobody."""

    commentary: str = Field(
        max_length=MOST,
        description="Of each chapter, in Markdown as for the command line: a line that begins with "
        "# heads what is said of one, by its name or title. At most 256 kB.",
    )


@router.post("/{year}/report", operation_id="return-report-said")
def report_said(  # noqa: PLR0917 — as the report, with what is said
    year: Year,
    body: Said,
    reader: ReaderOf,
    standing: StandingOf,
    basis: BasisOf,
    wait: Wait,
    *,
    format: Kind = "html",  # noqa: A002 — its name
) -> Response:
    """The public annual report of a year with commentary; nothing of it is recorded or kept.

    What the commentary says is not looked at for figures.
    """
    reader.may("return")
    chapters = CHAPTERS[reader.office.jurisdiction.code]
    try:
        said = commentary(body.commentary.encode(errors="surrogatepass"), chapters)
    except Refused as refused:
        raise invalid("/commentary", refused.detail) from None
    return _reported(reader, span_in(year), standing, basis, wait, kind=format, said=said)


def _reported(
    reader: Reader,
    of: Span,
    standing: Clocks,
    basis: Basis,
    wait: float,
    *,
    kind: str,
    said: Commentary | None = None,
) -> Response:
    reader.may("return")
    office = reader.office
    found = reporting.gather(office, of, standing.as_at, standing.on, basis, wait=wait)
    reader.viewed("return", as_at=found.as_at)
    whole = found.report(rests_on(basis.named()), said)
    headers = {"Content-Disposition": f'attachment; filename="{found.name(kind)}"'}
    content = reporting.file_of(office, kind, whole)
    return Response(content, media_type=reporting.MEDIA[kind], headers=headers)


def rests(basis: Basis, as_at: int, on: Any) -> str:  # noqa: ANN401 — a day
    """What a file rests on, in one line; the same by the same basis."""
    basis.settle(as_at, on)
    return rests_on(basis.named())


@router.get("/{year}/explain", operation_id="return-explain")
def explain(
    year: Year,
    reader: ReaderOf,
    standing: StandingOf,
    wait: Wait,
    *,
    table: Text,
    category: Text,
    subcategory: Some = None,
    enquiry_type: Some = None,
) -> Response:
    """Why figures are what they are: what each counts, and what nearly counted, with the rule.

    Of both the first are named; `links.counted` turns the pages of all that a figure counts.
    `rounded` is the figure alone, rounded, and not what is published.
    """
    reader.may("return")
    made = make(reader.office, span_in(year), standing.as_at, wait=wait, only=table)
    asked = explaining.Asked(
        table=table, category=category, subcategory=subcategory, enquiry_type=enquiry_type
    )
    of, filled, figures = explaining.found(reader, made, asked, _FIRST)
    cases = explaining.cases_of(figures)
    closed = restricted_among(reader, cases)
    reader.viewed("return", among=cases - closed, as_at=made.as_at)
    numbers = {id(one): number for number, one in enumerate(filled.cells, start=1)}
    body = {
        **heading(made),
        "on": standing.on,
        "table": of.code,
        "title": of.title,
        "cites": of.cites,
        "notes": filled.remarks,
        "figures": [
            {
                **explaining.named(one.cell),
                **stamp(simulated=made.simulated),
                "rounded": published(one.cell.value),
                "counted": one.counted.told(),
                "near": [each.told() for each in one.near],
                "links": {
                    "counted": f"/v1/returns/{year}/{of.code}/cells/{numbers[id(one.cell)]}"
                    f"?as_at={made.as_at}"
                },
            }
            for one in explaining.explained(reader.office, figures, closed)
        ],
    }
    return Response(orjson.dumps(body), media_type="application/json")
