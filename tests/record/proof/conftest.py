"""What tests of the proof need: a log filled quickly, and somebody who makes its tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

from api.clock import SystemClock
from domain.record.proof.integrating import Integrator, Signs
from domain.record.proof.signing import head_signers
from tests.conftest import AUTHORITY
from tests.record.conftest import House

ORIGIN = "council.example/cases/1"


def fill(house: House, count: int, log: str = "cases", *, all_of_it: bool = True) -> list[bytes]:
    """Record so many entries, each a stream of its own; give every leaf there is, or the new."""
    table = sql.Identifier("record", log)
    with house.connect() as conn:
        conn.execute(
            sql.SQL(
                'INSERT INTO {0} ("position", stream, version, recorded_us, authority, name,'
                " header, payload) SELECT t.n + i, gen_random_uuid(), 1, 1000000, %s, 'made-up.v1',"
                " int8send(t.n + i), int8send(i) FROM generate_series(1, %s) AS i,"
                ' (SELECT coalesce(max("position"), 0) AS n FROM {0}) AS t'
            ).format(table),
            (AUTHORITY, count),
        )
        query = sql.SQL('SELECT leaf FROM {} ORDER BY "position" DESC LIMIT %s').format(table)
        rows = conn.execute(query, (None if all_of_it else count,)).fetchall()
        return [bytes(leaf) for (leaf,) in reversed(rows)]


SEED = bytes(range(32))


def integrator(
    conn: psycopg.Connection[Any],
    log: str = "cases",
    signs: Callable[[str], Signs] | None = None,
) -> Integrator:
    """Give somebody who makes the tree, and does not lead yet."""
    return Integrator(conn, log, clock=SystemClock(), signs=signs or head_signers(SEED))
