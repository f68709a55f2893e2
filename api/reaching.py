"""Why a running database does not let us in, told apart so that each cause has its own remedy.

libpq gives an error of connecting no SQLSTATE, and its words are in the server's language: so the
cause is found by asking the server again, without a role, and for a database beside. Nothing said
here holds an address, a login or a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from domain.refusal import Refused

_BESIDE: Final = ("postgres", "template1")  # on every server, unless its owner took them away
# What passes by itself is no refusal. Said otherwise by a server that speaks another language.
_FULL: Final = ("too many", "connection slots")


@contextmanager
def reached(conninfo: str, variable: str) -> Iterator[Connection[Any]]:
    """Give an autocommit connection as the address has it, without a role of ours.

    Args:
        conninfo: the address of a database.
        variable: the setting that it comes from.

    Raises:
        Refused: the server runs and does not let this login into this database; with the remedy.
        psycopg.OperationalError: the server is away, or has no connection free.
    """
    try:
        conn = psycopg.connect(conninfo, autocommit=True)
    except psycopg.OperationalError as error:
        refused = _turned_away(error, conninfo, variable)
        if refused is None:
            raise
        raise refused from None
    with closing(conn):
        yield conn


def _turned_away(error: psycopg.OperationalError, conninfo: str, variable: str) -> Refused | None:
    """What stands in the way; None where no server answers, or one that is full."""
    failed = error.pgconn
    full = any(words in str(error) for words in _FULL)
    if failed is None or full or PGconn.ping(conninfo.encode()) != Ping.OK:
        return None
    if failed.needs_password:
        return _refused(
            "no-password",
            f"the database asks for a password: put the login's into {variable}, or into a file "
            "of passwords (PGPASSFILE)",
        )
    name = failed.db.decode()
    there = _is_there(name, conninfo)
    if there is None and failed.used_password:
        return _refused(
            "password",
            f"the database refuses the login or its password: put right what {variable} names",
        )
    if there is None:
        return _refused(
            "login",
            f"the database is running and does not let this login in: put right {variable} (the "
            "login's name, the settings of TLS), or what the server's pg_hba.conf says of it",
        )
    if there:
        return _refused(
            "no-access",
            f"the login that {variable} names may not connect to this database: as its owner, "
            "GRANT CONNECT ON DATABASE to it, or see what the server's pg_hba.conf says of it",
        )
    return _refused(
        "no-database",
        f"there is no such database on the server: put right its name in {variable}; or make it "
        "(CREATE DATABASE), then run `holdfast migrate` as the owner",
    )


def _is_there(name: str, conninfo: str) -> bool | None:
    """Whether the server has a database of this name; None where no other lets this login in."""
    for other in _BESIDE:
        if other == name:
            continue
        try:
            with closing(psycopg.connect(make_conninfo(conninfo, dbname=other))) as conn:
                query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)"
                return conn.execute(query, (name,)).fetchone() == (True,)
        except psycopg.OperationalError:
            continue
    return None


def _refused(code: str, remedy: str) -> Refused:
    return Refused(code, "start-up", remedy)
