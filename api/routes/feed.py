"""The feed of events: what happened where, never what was said.

A follower keeps the last position it has dealt with and asks for what comes after it. Nothing is
ever inserted before a position once it was seen.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.routes.door import FEED, PROBLEM, BasisOf, Reader, ReaderOf
from domain.catalogue import CASE, EVENTS
from domain.record.encoding import dump_instant
from domain.record.envelope import Row

router: Final = APIRouter(tags=["feed"], responses=PROBLEM)


@router.get("/v1/events", operation_id="events")
def events(
    reader: ReaderOf,
    basis: BasisOf,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """The events after a position, in order, without any text of a case."""
    reader.may("feed")
    rows = reader.office.record.log.read(after, limit=limit)
    if basis.given is not None:
        rows = [row for row in rows if row.position <= basis.size]
    through = Reader(office=reader.office, actor=reader.actor, purpose=reader.purpose, door=FEED)
    thin = [_thin(row) for row in rows]
    among = (row.stream for row, one in zip(rows, thin, strict=True) if one["kind"] == CASE)
    through.viewed("event", among=among, as_at=after)
    body = {
        "events": thin,
        "next": rows[-1].position if rows else after,
        "more": len(rows) == limit,
    }
    return Response(orjson.dumps(body), media_type="application/json")


def _thin(row: Row) -> dict[str, Any]:
    name = row.name.rpartition(".v")[0]
    kind = EVENTS[name].stream
    header = orjson.loads(row.header)
    links = {kind: f"/v1/{kind}s/{row.stream}"} if kind in {"case", "person"} else {}
    return {
        "position": row.position,
        "stream": str(row.stream),
        "kind": kind,
        "version": row.version,
        "name": name,
        "recorded_at": dump_instant(row.recorded_at),
        "occurred": header["occurred"]["edtf"],
        "correlation": header["correlation"],
        "links": links,
    }
