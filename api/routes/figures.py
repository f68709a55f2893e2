"""Figures for dashboards: the same as the views a tool of analysts reads, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.clocks import Clocks
from api.office import Office
from api.routes.door import PROBLEM, ReaderOf, StandingOf
from api.routes.waiting import BRIEFLY_S, Wait, viewing
from domain.refusal import NotFound
from projections.figures import FIGURES, PREFIX, Figure, rows_of
from projections.returns.longform import SIMULATED

router: Final = APIRouter(prefix="/v1/figures", tags=["views"], responses=PROBLEM)
UNKNOWN: Final = f"There is no such figure; there are: {', '.join(FIGURES)}."


@router.get("", operation_id="figures")
def every(reader: ReaderOf) -> dict[str, Any]:
    """The figures there are: what each says, its columns, its view for dashboards, its rows."""
    reader.may("caseload")
    return {"figures": [described(one) for one in FIGURES.values()]}


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
    they are. `links.opens` is the list that opens it to its cases, for whoever may see them.
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
        "rows": [dict(zip(found.columns, row, strict=True)) for row in rows],
    }
    return Response(orjson.dumps(body), media_type="application/json")


def described(one: Figure) -> dict[str, Any]:
    """What a figure is."""
    return {
        "name": one.name,
        "says": one.says,
        "columns": list(one.columns),
        "view": f"views.{PREFIX}{one.name}",
        "links": {"self": f"/v1/figures/{one.name}", "opens": one.opens},
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
