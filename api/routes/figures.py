"""Figures for dashboards: the same as the views a tool of analysts reads, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.clocks import Clocks
from api.office import Office
from api.problems import invalid
from api.routes.door import PROBLEM, ReaderOf, StandingOf
from api.routes.paging import PagedStanding
from api.routes.people import open_among
from api.routes.waiting import BRIEFLY_S, Wait, viewing
from domain.refusal import NotFound
from projections.figures import FIGURES, PREFIX, Figure, cases_of, rows_of
from projections.returns.longform import SIMULATED
from projections.returns.longform import stamp as stamp_of

router: Final = APIRouter(prefix="/v1/figures", tags=["views"], responses=PROBLEM)
UNKNOWN: Final = f"There is no such figure; there are: {', '.join(FIGURES)}."


@router.get("", operation_id="figures")
def every(reader: ReaderOf) -> dict[str, Any]:
    """The figures there are: what each says, its columns, its view for dashboards, its rows."""
    reader.may("caseload")
    made_up = stamp_of(simulated=reader.office.simulated)
    return {**made_up, "figures": [{**described(one), **made_up} for one in FIGURES.values()]}


@router.get("/{name}", operation_id="figure")
def figure(
    name: str,
    reader: ReaderOf,
    standing: StandingOf,
    wait: Wait,
    *,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """One figure, as known at a position and judged by a day (`on`).

    It counts every case, also those that are restricted, and names none; small counts stand as
    they are. `links.opens` of a row lists the cases it counts, for whoever may see them.
    """
    reader.may("caseload")
    found = found_of(name)
    rows, as_at = read(reader.office, found, standing, wait=wait)
    reader.viewed("caseload", as_at=as_at)
    stamp = SIMULATED if reader.office.simulated else None
    if form == "csv":
        return Response(as_csv(found, rows, stamp), media_type="text/csv; charset=utf-8")
    body = {
        **described(found),
        "stamp": stamp,
        "as_at": as_at,
        "on": standing.on,
        "rows": [
            {
                **dict(zip(found.columns, row, strict=True)),
                **stamp_of(simulated=reader.office.simulated),
                "links": {"opens": opens(found, row, as_at, standing.on)},
            }
            for row in rows
        ],
    }
    return Response(orjson.dumps(body), media_type="application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRow:
    """A case that a row of a figure counts."""

    case: UUID


Key = Annotated[str | None, Query(max_length=200, description="Of the row; empty as it is.")]


@router.get("/{name}/cases", operation_id="figure-cases")
def counted(
    name: str,
    reader: ReaderOf,
    paging: PagedStanding,
    wait: Wait,
    *,
    stage: Key = None,
    age: Key = None,
    team: Key = None,
    cases_held: Key = None,
    why: Key = None,
    overdue: Key = None,
    year: Key = None,
    time: Key = None,
    concerns: Key = None,
    kind: Key = None,
    outcome: Key = None,
    agency: Key = None,
) -> Response:
    """The cases that a row of a figure counts, page by page, but for those closed to this reader.

    A row is asked by its columns that are no counts, all of them; one left out is the empty one.
    `count` is of all its cases, each once, and `restricted` how many of the page are closed.
    """
    reader.may("caseload")
    found = found_of(name)
    sent = {
        "stage": stage,
        "age": age,
        "team": team,
        "cases_held": cases_held,
        "why": why,
        "overdue": overdue,
        "year": year,
        "time": time,
        "concerns": concerns,
        "kind": kind,
        "outcome": outcome,
        "agency": agency,
    }
    row = {key: text or None for key, text in sent.items()}
    if other := [key for key, text in row.items() if text and key not in found.keys]:
        raise invalid(f"/query/{other[0]}", f"A row of this figure has no {other[0]}.")
    clocks = paging.clocks
    with viewing(reader.office, found.of, clocks.as_at, wait=wait) as (conn, as_at):
        cases = cases_of(conn, found, row, on=clocks.on, as_at=clocks.as_at)
    page = paging.part([OfRow(case=one) for one in cases])
    opened = open_among(reader, page)
    reader.viewed("caseload", among=(one.case for one in opened), as_at=as_at)
    made_up = stamp_of(simulated=reader.office.simulated)
    body = {
        "figure": found.name,
        **made_up,
        "row": {key: row[key] for key in found.keys},
        "as_at": as_at,
        "on": clocks.on,
        "cases": [
            {"case": one.case, **made_up, "links": {"case": f"/v1/cases/{one.case}"}}
            for one in opened
        ],
        "count": len(cases),
        "restricted": len(page) - len(opened),
        "next": paging.next(as_at, len(cases)),
    }
    return Response(orjson.dumps(body), media_type="application/json")


def opens(one: Figure, row: Sequence[Any], as_at: int, on: date) -> str:
    """Where the cases are listed that a row counts."""
    keys = zip(one.keys, row, strict=False)
    asked = {key: "" if said is None else said for key, said in keys}
    return f"/v1/figures/{one.name}/cases?{urlencode({**asked, 'as_at': as_at, 'on': on})}"


def described(one: Figure) -> dict[str, Any]:
    """What a figure is."""
    return {
        "name": one.name,
        "says": one.says,
        "columns": list(one.columns),
        "view": f"views.{PREFIX}{one.name}",
        "links": {
            "self": f"/v1/figures/{one.name}",
            "opens": f"/v1/figures/{one.name}/cases",
        },
    }


def found_of(name: str) -> Figure:
    """The figure of that name. Raises NotFound."""
    if name not in FIGURES:
        raise NotFound(UNKNOWN)
    return FIGURES[name]


def read(
    office: Office, one: Figure, clocks: Clocks, *, wait: float = BRIEFLY_S
) -> tuple[Sequence[tuple[Any, ...]], int]:
    """A figure's rows by the clocks, and the position they are of. Raises Behind."""
    with viewing(office, one.of, clocks.as_at, wait=wait) as (conn, as_at):
        return rows_of(conn, one, on=clocks.on, as_at=clocks.as_at), as_at


def as_csv(one: Figure, rows: Sequence[tuple[Any, ...]], stamp: str | None) -> str:
    """A figure as CSV; where every case is made up, each row says so."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    more = () if stamp is None else (stamp,)
    writer.writerow((*one.columns, *("stamp" for _ in more)))
    writer.writerows((*row, *more) for row in rows)
    return out.getvalue()
