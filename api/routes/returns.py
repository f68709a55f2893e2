"""The annual returns: each figure as known at a position, and what it counts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Path
from starlette.responses import Response

from api.routes.door import PROBLEM, ReaderOf, StandingOf
from api.routes.waiting import Wait, viewing
from domain.refusal import NotFound
from domain.words import Code
from projections.returns import tables
from projections.returns.facts import FACTS, PEOPLE, aged, financial_year, read_facts
from projections.returns.table import Cell, Filled, Table, published

router: Final = APIRouter(prefix="/v1/returns", tags=["returns"], responses=PROBLEM)
Year = Annotated[int, Path(ge=2000, le=2150, description="2025 is April 2025 to March 2026.")]


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
    """One table in long form, exact and as it is published, every cell with what it counts.

    Where `as_at` is left out the answer says of which position it is, so that it can be asked for
    again as it was filed. A return judges by the days of its own year: `on` changes no figure.
    """
    reader.may("return")
    office = reader.office
    asked = _table(office.jurisdiction.code, year, table)
    views = (FACTS.name, PEOPLE.name)
    with viewing(office, views, standing.as_at, wait=wait) as (conn, as_at):
        facts = read_facts(conn, financial_year(year), as_at=as_at)
    made = asked.fill(aged(facts, office.record.unseal))
    reader.viewed("return", among=counted_cases(made), as_at=as_at)
    body = {
        "table": asked.code,
        "title": asked.title,
        "cites": asked.cites,
        "year": year,
        "first": facts.period.first,
        "last": facts.period.last,
        "as_at": as_at,
        "on": standing.on,
        "cells": [_cell(one) for one in made.cells],
        "left_out": [asdict(one) for one in made.left_out],
    }
    return Response(orjson.dumps(body), media_type="application/json")


def counted_cases(filled: Filled) -> set[UUID]:
    """Every case that a filled table names, counted or left out."""
    groups = (*(one.counted for one in filled.cells), *(one.counted for one in filled.left_out))
    return {one.case for group in groups for one in group}


def _table(nation: Code, year: int, code: str) -> Table:
    for one in tables(nation, year):
        if one.code.casefold() == code.casefold():
            return one
    raise NotFound("This nation's return for that year has no such table here.")


def _cell(one: Cell) -> dict[str, Any]:
    return {
        "enquiry_type": one.enquiry_type,
        "category": one.category,
        "subcategory": one.subcategory,
        "value": one.value,
        "published": published(one.value),
        "counted": [asdict(each) for each in one.counted],
    }


def _links(year: int, one: Table) -> dict[str, str]:
    return {"table": f"/v1/returns/{year}/{one.code}"}
