"""Whether the service is alive and whether it is of use; nobody has to be identified."""

from __future__ import annotations

from typing import Any, Final

import psycopg
from fastapi import APIRouter
from psycopg import Connection
from starlette.responses import JSONResponse

from api import copied
from api.office import Office
from api.routes.door import OfficeOf
from api.troubles import standing
from api.views import NAMES
from domain.record.encoding import dump_instant
from domain.record.migration import LOGS
from domain.record.proof.integrating import newest
from domain.record.proof.tree import Tree
from projections.health import Health, health

router: Final = APIRouter(tags=["health"])
LONGEST_LAG: Final = 5_000  # events behind, beyond which the views are of no use


@router.get("/health", operation_id="health")
def alive(office: OfficeOf) -> JSONResponse:
    """How far the record and each view have come; always 200 while this process answers."""
    return JSONResponse(report(office))


@router.get("/ready", operation_id="ready")
def ready(office: OfficeOf) -> JSONResponse:
    """Whether to send requests here: 503 while the database or a view is of no use.

    Also once nothing more is recorded, because a guard of the log was found gone (`stopped`), and
    while nothing can be, because the clocks do not agree (`clock`).
    """
    found = report(office)
    useful = found["database"] == "up" and all(one["usable"] for one in found["projections"])
    useful = useful and found["stopped"] is None and found["clock"] is None
    return JSONResponse(
        {"ready": useful, **found},
        status_code=200 if useful else 503,
        headers={} if useful else {"Retry-After": "2"},
    )


def report(office: Office) -> dict[str, Any]:
    """What there is to say; class names, names of guards and positions, never text."""
    always = {"simulated": office.simulated, "stopped": office.stopped}
    try:
        with office.pool.connection() as conn:
            found = health(conn, NAMES)
            proof = {log: _proved(conn, log) for log in LOGS}
            # Where readings leave no trace nothing is shown, so their clock counts as well.
            troubles = [
                record.log.clock_trouble(conn) for record in (office.record, office.readings)
            ]
    except (psycopg.OperationalError, psycopg.InterfaceError):
        return {"database": "down", **always, "clock": None, "proof": {}, "projections": []}
    return {
        "database": "up",
        **always,
        "clock": next((one for one in troubles if one is not None), None),
        "position": found[0].tail if found else 0,
        "proof": proof,
        "keys_copy": copied.standing(office.settings, office.wrapping),
        "projections": [_told(one) for one in found],
    }


def _proved(conn: Connection[Any], log: str) -> dict[str, Any]:
    """How far the newest signed head reaches, and what keeps it from going on (`Standing`)."""
    head, size, stands = newest(conn, log), Tree(conn, log).size(), standing(conn, log)
    return {
        "origin": None if head is None else head.origin,
        "size": 0 if head is None else head.size,
        "behind": size - (0 if head is None else head.size),
        "trouble": None if stands is None else stands.trouble,
        "since": None if stands is None else dump_instant(stands.since),
        "witnesses": {} if stands is None else stands.witnesses,
        "time_stamps": None if stands is None else stands.time_stamps,
    }


def _told(one: Health) -> dict[str, Any]:
    stopped = None
    if one.stopped_at is not None:
        since = None if one.stopped_since is None else dump_instant(one.stopped_since)
        stopped = {"at": one.stopped_at, "event": one.event, "error": one.error, "since": since}
    return {
        "name": one.projection,
        "position": one.position,
        "lag": one.lag,
        "behind_since": None if one.behind_since is None else dump_instant(one.behind_since),
        "followed": one.followed,
        "stopped": stopped,
        "usable": one.well and one.lag <= LONGEST_LAG,
    }
