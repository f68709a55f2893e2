"""The annual returns: each figure as known at a position, and page by page what it counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path
from starlette.responses import Response

from api.returns.councils import listed, named
from api.returns.making import NO_SUCH, one_cell, one_table
from api.returns.opening import lines, page_of
from api.routes.door import PROBLEM, Reader, ReaderOf, StandingOf
from api.routes.paging import PagedStanding, Paging
from api.routes.waiting import Wait
from domain.refusal import NotFound
from domain.words import Code
from projections.returns import COUNCILS, tables_of
from projections.returns.longform import stamp
from projections.returns.periods import Span, span
from projections.returns.table import Cell, LeftOut, Table, published

router: Final = APIRouter(prefix="/v1/returns", tags=["returns"], responses=PROBLEM)
Year = Annotated[
    str,
    Path(
        pattern=r"^(20\d\d|21[0-4]\d)(-Q[1-4])?$",
        description="2025 is April 2025 to March 2026; 2025-Q3 is its third quarter, October to "
        "December, where the nation's return has quarters.",
    ),
]
Number = Annotated[int, Path(ge=1, le=100_000, description="Which of the table, from 1.")]


@router.get("/{year}", operation_id="returns")
def every_table(year: Year, reader: ReaderOf) -> dict[str, Any]:
    """The tables of this nation's return for a financial year, or a quarter of one.

    `councils` is how many submit it, by the list that was put here, else by what was published; and
    `council` this authority's own code there, `council_name` whose that code is in that year. Each
    is null where it is not known.
    """
    reader.may("return")
    nation, asked = reader.office.jurisdiction, span_in(year)
    made_up = stamp(simulated=reader.office.simulated)
    known = listed(reader.office, asked.year) if nation.code in COUNCILS else None
    return {
        **period_of(asked),
        **made_up,
        "return": nation.terms["return"],
        "council": reader.office.council or None,
        "council_name": named(reader.office, asked.year, reader.office.council) or None,
        "councils": COUNCILS.get(nation.code, {}).get(asked.year) if known is None else known.count,
        "tables": [
            {
                "code": one.code,
                "title": one.title,
                "cites": one.cites,
                "notes": one.notes,
                **made_up,
                "links": _links(asked, one),
            }
            for one in tables_of(nation.code, asked)
        ],
    }


@router.get("/{year}/{table}", operation_id="return-table")
def filled(year: Year, table: str, reader: ReaderOf, standing: StandingOf, wait: Wait) -> Response:
    """One table in long form, exact; each figure links to what it counts.

    `rounded` is each figure alone, rounded; what is published may withhold it (`figures=published`
    of the export).

    Where `as_at` is left out the answer says of which position it is, so that it can be asked for
    again as it was filed. A return judges by the days of its own year: `on` changes no figure.
    What the table has no category for is in `left_out`, a line for each reason.
    """
    reader.may("return")
    of = span_in(year)
    asked = _table(reader.office.jurisdiction.code, of, table)
    found = one_table(reader.office, of, asked, standing.as_at, wait=wait)
    made, as_at = found.filled, found.as_at
    reader.viewed("return", as_at=as_at)
    path = f"/v1/returns/{of.text}/{asked.code}"
    made_up = stamp(simulated=reader.office.simulated)
    body = {
        **_heading(of, asked),
        **made_up,
        "as_at": as_at,
        "on": standing.on,
        "cells": [
            {**_cell(one), **made_up, **_link(f"{path}/cells/{number}", as_at)}
            for number, one in enumerate(made.cells, start=1)
        ],
        "left_out": [
            {**_left_out(one), **made_up, **_link(f"{path}/left-out/{number}", as_at)}
            for number, one in enumerate(made.left_out, start=1)
        ],
        "notes": made.remarks,
    }
    return Response(orjson.dumps(body), media_type="application/json")


@router.get("/{year}/{table}/cells/{number}", operation_id="return-cell")
def cell_counted(
    year: Year, table: str, number: Number, *, reader: ReaderOf, paging: PagedStanding, wait: Wait
) -> Response:
    """What one figure of a table counts, page by page: case, subject and the event's position.

    A page leaves out the cases that are closed to this reader and says how many lines that are
    (`restricted`); `count` is of all, as the figure is. A row that is a detail of a person (an age,
    a gender, an ethnicity) opens to whoever may read who a person is; that of what is not known to
    all.

    Cells are numbered from 1 in the order of the table, which is the same at every position.
    """
    reader.may("return")
    of = span_in(year)
    asked = _table(reader.office.jurisdiction.code, of, table)
    found = one_cell(reader.office, of, asked, number, paging.clocks.as_at, wait=wait)
    told = {**_heading(of, asked), **_cell(found.cell), "notes": found.remarks}
    return _counted(reader, paging, found.cell, found.as_at, told)


@router.get("/{year}/{table}/left-out/{number}", operation_id="return-left-out")
def left_out_counted(
    year: Year, table: str, number: Number, *, reader: ReaderOf, paging: PagedStanding, wait: Wait
) -> Response:
    """What a table leaves out for one reason, page by page, but for cases closed to this reader.

    Reasons are numbered from 1 in the order of the table at that position: send its `as_at` too.
    """
    reader.may("return")
    of = span_in(year)
    asked = _table(reader.office.jurisdiction.code, of, table)
    found = one_table(reader.office, of, asked, paging.clocks.as_at, wait=wait, only=True)
    if number > len(found.filled.left_out):
        raise NotFound(NO_SUCH)
    group = found.filled.left_out[number - 1]
    told = {**_heading(of, asked), **_left_out(group), "notes": found.filled.remarks}
    return _counted(reader, paging, group, found.as_at, told)


def _counted(
    reader: Reader, paging: Paging, group: Cell | LeftOut, as_at: int, told: Mapping[str, Any]
) -> Response:
    """A page of what a figure counts, or what a table leaves out for one reason."""
    page = page_of(reader, paging, group)
    reader.viewed("return", among=(one.case for one in page.opened), as_at=as_at)
    body = {
        **told,
        **stamp(simulated=reader.office.simulated),
        "as_at": as_at,
        "on": paging.clocks.on,
        "counted": lines(reader.office, page.opened, page.forgotten),
        "count": len(group.counted),
        "restricted": page.restricted,
        "next": paging.next(as_at, len(group.counted)),
    }
    return Response(orjson.dumps(body), media_type="application/json")


def span_in(year: str) -> Span:
    """The year or quarter of an address. Raises NotFound."""
    of = span(year)
    if of is None:
        raise NotFound("That is no financial year, nor a quarter of one.")
    return of


def _table(nation: Code, of: Span, code: str) -> Table:
    for one in tables_of(nation, of):
        if one.code.casefold() == code.casefold():
            return one
    raise NotFound("This nation's return for that period has no such table here.")


def period_of(of: Span) -> dict[str, Any]:
    """The year, and the quarter where one was asked for."""
    return {"year": of.year} if of.quarter is None else {"year": of.year, "quarter": of.quarter}


def _heading(of: Span, one: Table) -> dict[str, Any]:
    period = of.period
    return {
        "table": one.code,
        "title": one.title,
        "cites": one.cites,
        **period_of(of),
        "first": period.first,
        "last": period.last,
    }


def _cell(one: Cell) -> dict[str, Any]:
    return {
        "enquiry_type": one.enquiry_type,
        "category": one.category,
        "subcategory": one.subcategory,
        "value": one.value,
        "rounded": published(one.value),
        "voluntary": one.voluntary,
    }


def _left_out(one: LeftOut) -> dict[str, Any]:
    return {"why": one.why, "value": len(one.counted)}


def _link(path: str, as_at: int) -> dict[str, Any]:
    return {"links": {"counted": f"{path}?as_at={as_at}"}}


def _links(of: Span, one: Table) -> dict[str, str]:
    return {"table": f"/v1/returns/{of.text}/{one.code}"}
