"""Every way of not doing what a command asked, as an exit code and one line."""

from __future__ import annotations

from typing import Final

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from api.problems import KINDS, Problem
from domain.record.log import CommandReused, StaleKey, Unavailable
from domain.record.server_error import ServerError
from domain.refusal import Conflict, Corrupt, NotFound, Refused

UNFORESEEN: Final = 1
REFUSED: Final = 2
NOT_FOUND: Final = 3
CONFLICT: Final = 4
AWAY: Final = 5
CORRUPT: Final = 6


def explain(error: Exception) -> tuple[int, str | None]:
    """The exit code of an error and what to say of it; None where nobody foresaw it."""
    match error:
        case Refused():
            where = f" ({error.field})" if error.field else ""
            return REFUSED, f"{error.detail}{where}"
        case Problem():
            return REFUSED, error.detail or KINDS[error.kind].remedy
        case NotFound():
            return NOT_FOUND, str(error) or "There is nothing under that reference."
        case Conflict() | CommandReused():
            return CONFLICT, "Somebody else recorded first: read again, then decide again."
        case Unavailable() | ServerError():
            return AWAY, str(error)
        case StaleKey() | PoolTimeout() | PoolClosed():
            return AWAY, "The database is busy: run the same command again."
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return AWAY, _away(error)
        case Corrupt():
            return CORRUPT, (
                f"The record does not prove itself: {error}. "
                "Stop, keep everything as it is, and call whoever verifies the record."
            )
        case _:
            return UNFORESEEN, None


def _away(error: psycopg.Error) -> str:
    """What is wrong with the database, never in its own words."""
    if error.sqlstate == "53100":
        return "The disk is full: free space, then try again; nothing was lost."
    if error.sqlstate is not None and error.sqlstate[:2] == "28":
        return "The database turned this account away: check DATABASE_URL and its password."
    return "The database cannot be reached: check that it is running, then try again."
