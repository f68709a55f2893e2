"""The annual returns: each figure as known at a position, and page by page what it counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, replace
from operator import attrgetter
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import orjson
from fastapi import APIRouter, Path
from starlette.responses import Response

from api.clocks import Clocks
from api.office import Office
from api.routes.door import PROBLEM, Reader, ReaderOf, StandingOf
from api.routes.paging import PagedStanding, Paging
from api.routes.people import open_among
from api.routes.waiting import Wait, viewing
from domain.refusal import NotFound
from domain.words import Code
from projections.returns import tables
from projections.returns.facts import FACTS, PEOPLE, aged, financial_year, read_facts
from projections.returns.table import Cell, Counted, Filled, LeftOut, Table, published

router: Final = APIRouter(prefix="/v1/returns", tags=["returns"], responses=PROBLEM)
Year = Annotated[int, Path(ge=2000, le=2150, description="2025 is April 2025 to March 2026.")]
Number = Annotated[int, Path(ge=1, le=100_000, description="Which of the table, from 1.")]
FORGOTTEN: Final = (
    "Details of {} persons were lawfully forgotten: they are counted, and what was told of them is"
    " not known."
)
Group = TypeVar("Group", Cell, LeftOut)


@router.get("/{year}", operation_id="returns")
def every_table(year: Year, reader: ReaderOf) -> dict[str, Any]:
    """The tables of this nation's return for a financial year."""
    reader.may("return")
    nation = reader.office.jurisdiction
    return {
        "year": year,
        "return": nation.terms["return"],
        "tables": [
            {"code": one.code, "title": one.title, "cites": one.cites, "links": _links(year, one)}
            for one in tables(nation.code, year)
        ],
    }


@router.get("/{year}/{table}", operation_id="return-table")
def filled(year: Year, table: str, reader: ReaderOf, standing: StandingOf, wait: Wait) -> Response:
    """One table in long form, exact and as it is published; each figure links to what it counts.

    Where `as_at` is left out the answer says of which position it is, so that it can be asked for
    again as it was filed. A return judges by the days of its own year: `on` changes no figure.
    What the table has no category for is in `left_out`, a line for each reason.
    """
    reader.may("return")
    asked = _table(reader.office.jurisdiction.code, year, table)
    made, as_at, gone = _filled(reader.office, year, asked, standing, wait)
    reader.viewed("return", as_at=as_at)
    path = f"/v1/returns/{year}/{asked.code}"
    body = {
        **_heading(year, asked),
        "as_at": as_at,
        "on": standing.on,
        "cells": [
            {**_cell(one), **_link(f"{path}/cells/{number}", as_at)}
            for number, one in enumerate(made.cells, start=1)
        ],
        "left_out": [
            {**_left_out(one), **_link(f"{path}/left-out/{number}", as_at)}
            for number, one in enumerate(made.left_out, start=1)
        ],
        "notes": [FORGOTTEN.format(gone)] if gone else [],
    }
    return Response(orjson.dumps(body), media_type="application/json")


@router.get("/{year}/{table}/cells/{number}", operation_id="return-cell")
def cell_counted(
    year: Year, table: str, number: Number, *, reader: ReaderOf, paging: PagedStanding, wait: Wait
) -> Response:
    """What one figure of a table counts, page by page: case, subject and the event's position.

    A page leaves out the cases that are closed to this reader and says how many lines that are
    (`restricted`); `count` is of all, as the figure is.

    Cells are numbered from 1 in the order of the table, which is the same at every position.
    """
    which = (year, table, number)
    return _counted(reader, which, paging, wait, groups_of=attrgetter("cells"), said=_cell)


@router.get("/{year}/{table}/left-out/{number}", operation_id="return-left-out")
def left_out_counted(
    year: Year, table: str, number: Number, *, reader: ReaderOf, paging: PagedStanding, wait: Wait
) -> Response:
    """What a table leaves out for one reason, page by page, but for cases closed to this reader.

    Reasons are numbered from 1 in the order of the table at that position: send its `as_at` too.
    """
    which = (year, table, number)
    groups_of = attrgetter("left_out")
    return _counted(reader, which, paging, wait, groups_of=groups_of, said=_left_out)


def _counted(
    reader: Reader,
    which: tuple[int, str, int],
    paging: Paging,
    wait: float,
    *,
    groups_of: Callable[[Filled], Sequence[Group]],
    said: Callable[[Group], dict[str, Any]],
) -> Response:
    """A page of what one group of a table counts. Raises NotFound where it has no such group."""
    reader.may("return")
    year, table, number = which
    asked = _table(reader.office.jurisdiction.code, year, table)
    made, as_at, _ = _filled(reader.office, year, asked, paging.clocks, wait)
    groups = groups_of(made)
    if number > len(groups):
        raise NotFound("This table has nothing under that number, as it was known then.")
    group = groups[number - 1]
    page = paging.part(group.counted)
    opened = open_among(reader, page)
    reader.viewed("return", among=(one.case for one in opened), as_at=as_at)
    body = {
        **_heading(year, asked),
        "as_at": as_at,
        "on": paging.clocks.on,
        **said(group),
        "counted": [{**asdict(one), "links": {"case": f"/v1/cases/{one.case}"}} for one in opened],
        "count": len(group.counted),
        "restricted": len(page) - len(opened),
        "next": paging.next(as_at, len(group.counted)),
    }
    return Response(orjson.dumps(body), media_type="application/json")


def _filled(
    office: Office, year: int, table: Table, clocks: Clocks, wait: float
) -> tuple[Filled, int, int]:
    """A table as known by the clocks, the position it is of, and of how many all was forgotten.

    Raises Behind.
    """
    views = (FACTS.name, PEOPLE.name)
    with viewing(office, views, clocks.as_at, wait=wait) as (conn, as_at):
        facts = read_facts(conn, financial_year(year), as_at=as_at)
    facts = aged(facts, office.record.unseal)
    return table.fill(facts), as_at, len(facts.forgotten)


def without(filled: Filled, closed: Collection[UUID]) -> Filled:
    """A filled table that names none of the cases closed to whoever asks; its figures count all."""

    def opened(counted: tuple[Counted, ...]) -> tuple[Counted, ...]:
        return tuple(one for one in counted if one.case not in closed)

    return replace(
        filled,
        cells=tuple(replace(one, counted=opened(one.counted)) for one in filled.cells),
        left_out=tuple(replace(one, counted=opened(one.counted)) for one in filled.left_out),
    )


def counted_cases(filled: Filled) -> set[UUID]:
    """Every case that a filled table names, counted or left out."""
    groups = (*(one.counted for one in filled.cells), *(one.counted for one in filled.left_out))
    return {one.case for group in groups for one in group}


def _table(nation: Code, year: int, code: str) -> Table:
    for one in tables(nation, year):
        if one.code.casefold() == code.casefold():
            return one
    raise NotFound("This nation's return for that year has no such table here.")


def _heading(year: int, one: Table) -> dict[str, Any]:
    period = financial_year(year)
    return {
        "table": one.code,
        "title": one.title,
        "cites": one.cites,
        "year": year,
        "first": period.first,
        "last": period.last,
    }


def _cell(one: Cell) -> dict[str, Any]:
    return {
        "enquiry_type": one.enquiry_type,
        "category": one.category,
        "subcategory": one.subcategory,
        "value": one.value,
        "published": published(one.value),
    }


def _left_out(one: LeftOut) -> dict[str, Any]:
    return {"why": one.why, "value": len(one.counted)}


def _link(path: str, as_at: int) -> dict[str, Any]:
    return {"links": {"counted": f"{path}?as_at={as_at}"}}


def _links(year: int, one: Table) -> dict[str, str]:
    return {"table": f"/v1/returns/{year}/{one.code}"}
