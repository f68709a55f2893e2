"""Making and checking the schema: DDL by the owner, under a lock, never in a worker.

`migrate` runs every file of `schema/` in the order of its number, each idempotent, then grants
the application's login its roles. `bring_up` does so at the start of an embedded database, where
there is nothing yet or an older schema, and else nothing: what somebody did to a schema of this
release is refused by `check`, not mended in silence. `check` is what start-up asks of a database
before it trusts it with a record, `watch` what is asked again while it is open; every refusal says
what to do.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import Connection, sql

from domain.record.grants import beyond, missing, too_much
from domain.record.guards import (
    FOLDER,
    altered,
    altered_beside,
    computes_leaves,
    statements,
)
from domain.record.relations import functions, made_anew, refuse, taken_away
from domain.refusal import Refused

SCHEMA_VERSION: Final = 11  # goes up with every change of a file in schema/
LOGS: Final[Mapping[str, int]] = {"cases": 1, "readings": 2}
# What is guarded beside the logs, and the version of the schema from which on.
_BESIDE: Final = {
    "record.document": 4,
    "record.authority": 5,
    "keyring.destroyed": 5,
    "record.subtree": 8,
    "record.incarnation": 8,
    "record.head": 8,
    "record.signed_head": 8,
    "record.anchor": 8,
    "keyring.gone": 8,
}
_AUTHORITY: Final = "record.authority"
# A schema that stands while a record is being restored: nobody opens it till that is done.
RESTORING: Final = "holdfast_restoring"
MINIMUM_VERSION: Final = 170000
_LOCK: Final = 0x486F6C6466617374  # "Holdfast"
_ROLES: Final = (
    "holdfast_writer",
    "holdfast_projector",
    "holdfast_keeper",
    "holdfast_reader",
    "holdfast_integrator",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What a migration came to.

    `authority`: whose record the database is. `before`: the schema's version before, None where
    there was none. `guards`: those that had been missing, disabled or altered and were put back,
    as "append_only of record.cases".
    """

    authority: UUID
    before: int | None
    guards: tuple[str, ...]


def migrate(
    owner: str,
    *,
    authority: UUID,
    login: str,
    password: str | None = None,
    restoring: bool = False,
) -> Migrated:
    """Bring a database to this release's schema and give `login` its roles.

    Args:
        owner: connection string of an account that may create roles (a superuser, or one with
            CREATEROLE and CREATE on the database).
        authority: the identity of a new authority; ignored where the database has one.
        login: the account the application connects as; made if missing.
        password: that account's, where the server asks for one.
        restoring: this is a step of a restoring, which nothing else may come between.
    """
    with psycopg.connect(owner, autocommit=True) as conn:
        _refuse_engine(conn)
        if not restoring:
            _refuse_unfinished(conn)
        conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        return _migrate(conn, authority, login, password)


def bring_up(owner: str, *, authority: UUID, login: str) -> Migrated | None:
    """Migrate a database that is empty or of an older release; leave any other as it is.

    Arguments as of `migrate`. Returns: None where there was nothing to do.

    Raises:
        Refused: a guard of the older schema is missing or switched off, or the login may not put
            on its roles; with the remedy.
    """
    with psycopg.connect(owner, autocommit=True) as conn:
        _refuse_engine(conn)
        _refuse_unfinished(conn)
        conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        fresh = conn.execute("SELECT to_regnamespace('record') IS NULL").fetchone() == (True,)
        version = _version(conn)
        if fresh or (version is not None and version < SCHEMA_VERSION):
            if not fresh:
                _refuse_triggers(conn, version or 0)
                refuse(conn, definitions=False)
            return _migrate(conn, authority, login, None)
        _refuse_memberships(conn, login)
        return None


def check_login(conn: Connection[Any]) -> None:
    """Refuse a server that is too old, and a login that may not put on its roles.

    Before anything else is asked: whoever connects with such a role is turned away without a word
    of why. `conn` is the login's, without a role.

    Raises:
        Refused: with the remedy.
    """
    _refuse_engine(conn)
    _refuse_unfinished(conn)
    row = conn.execute("SELECT session_user").fetchone()
    _refuse_memberships(conn, str(row[0] if row else ""))


def check(conn: Connection[Any], environ: Mapping[str, str]) -> None:
    """Refuse to start on a database or in a process that cannot keep the promises.

    `conn` is the writer's. `environ` is the process's environment, read by the settings.

    Raises:
        Refused: with the remedy.
    """
    if sys.flags.optimize:
        raise _unsafe("python-optimised", "start Python without -O: checks must stay in force")
    if environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").lower() in {
        "y",
        "yes",
        "t",
        "true",
        "on",
        "1",
    }:
        raise _unsafe(
            "db-functions",
            "unset POSTGRES_ENABLE_DB_FUNCTIONS: in that mode the event store loses events",
        )
    _refuse_engine(conn)
    _refuse_settings(conn)
    _refuse_unlogged(conn)
    _refuse_missing(conn)
    _refuse_triggers(conn)
    refuse(conn)
    _refuse_too_much(conn)
    _refuse_another_authority(conn)


def watch(conn: Connection[Any]) -> None:
    """Refuse to go on where a guard of the log, or its leaf, is not what it was at the start.

    Grants are guards too: who may write what was recorded again. So is the server's promise that
    what was committed lasts, which a reload can take away.

    Raises:
        Refused: with the remedy.
    """
    _refuse_settings(conn)
    _refuse_unlogged(conn)
    _refuse_missing(conn)
    _refuse_triggers(conn)
    refuse(conn)
    _refuse_too_much(conn)
    _refuse_another_authority(conn)
    check_leaves(conn)


def check_leaves(conn: Connection[Any]) -> None:
    """Refuse to serve where rows would be given leaves that prove nothing.

    Apart from `check`, so that whoever verifies such a record can still open it. `conn` is the
    writer's.

    Raises:
        Refused: with the remedy.
    """
    for log, number in LOGS.items():
        if not computes_leaves(conn, log, number):
            raise _unsafe(
                "leaf",
                f"the leaf of a row of record.{log} is not computed as this release does: somebody "
                "altered the table. Keep everything as it is and run `holdfast verify`; what it "
                "finds says which copy of the database to go on from",
            )


def authority_of(conn: Connection[Any]) -> UUID:
    """The authority whose record the database is. Raises Refused where there is no schema yet."""
    try:
        row = conn.execute("SELECT id, schema_version FROM record.authority").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        row = None
    except psycopg.errors.InsufficientPrivilege:
        raise _unsafe("grants", "run `holdfast migrate` as the owner: grants are missing") from None
    if row is None:
        if _recorded_by(conn) is not None:
            _refuse_another_authority(conn)
        raise _unsafe("not-migrated", "run `holdfast migrate`: this database has no record yet")
    if row[1] != SCHEMA_VERSION:
        raise _unsafe(
            "schema-version",
            f"run `holdfast migrate`: the schema is version {row[1]}, this release needs "
            f"{SCHEMA_VERSION}",
        )
    identity: UUID = row[0]
    return identity


def _unsafe(code: str, remedy: str) -> Refused:
    return Refused(code, "start-up", remedy)


def _version(conn: Connection[Any]) -> int | None:
    """The schema's version, read by its owner; None where it says none."""
    try:
        row = conn.execute("SELECT schema_version FROM record.authority").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return None
    return None if row is None else int(row[0])


def _migrate(conn: Connection[Any], authority: UUID, login: str, password: str | None) -> Migrated:
    """Every file, in one transaction. Needs the lock."""
    before = _version(conn)
    with conn.transaction():
        lost = before is None and _recorded_by(conn) is not None
        gone = [f"the row of {_AUTHORITY}"] if lost else []
        if lost or before is not None:
            gone += _gone(conn, before or SCHEMA_VERSION)
        gone += taken_away(conn, missing=lost or before == SCHEMA_VERSION)
        said = functions(conn)
        for file in sorted(FOLDER.glob("*.sql")):
            _run(conn, file)
        others = made_anew(conn, said)
        gone += others if before == SCHEMA_VERSION else []
        _grant(conn, login, password)
        settled = _settle_authority(conn, _recorded_by(conn) or authority)
    return Migrated(authority=settled, before=before, guards=tuple(gone))


def _gone(conn: Connection[Any], version: int) -> list[str]:
    """The guards of both logs, and of what is beside them, that are not in force.

    `version` is the schema's: an older one had fewer, and said it in other words.
    """
    words = version == SCHEMA_VERSION
    return [
        f"{guard} of {table}"
        for table, since in _BESIDE.items()
        if version >= since
        for guard in altered_beside(conn, table, words=words, authority=table == _AUTHORITY)
    ] + [
        f"{guard} of record.{log}"
        for log, number in LOGS.items()
        for guard in altered(conn, log, number, words=words)
    ]


def _run(conn: Connection[Any], file: Path) -> None:
    """One file; those that name a {log} run once for each."""
    text = file.read_text()
    if "{log}" not in text:
        conn.execute(text.encode())
        return
    for log, number in LOGS.items():
        conn.execute(statements(text, log, number).encode())


def _grant(conn: Connection[Any], login: str, password: str | None) -> None:
    name = sql.Identifier(login)
    exists = conn.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,)).fetchone()
    if exists is None:
        conn.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(name))
    if password is not None:
        # Hashed here, so that neither the server's log nor its statistics ever see it.
        hashed = conn.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
        conn.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(hashed.decode()))
        )
    for role in _ROLES:
        conn.execute(
            sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(
                sql.Identifier(role), name
            )
        )
    _own(conn)


def _own(conn: Connection[Any]) -> None:
    """Everything in record, keyring and desk belongs to the role nobody logs in as."""
    rows = conn.execute(
        "SELECT format('ALTER TABLE %I.%I OWNER TO holdfast_owner', schemaname, tablename)"
        " FROM pg_tables WHERE schemaname IN ('record', 'keyring', 'desk')"
        " AND tableowner <> 'holdfast_owner'"
        " UNION ALL SELECT format('ALTER FUNCTION %s OWNER TO holdfast_owner', p.oid::regprocedure)"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " JOIN pg_roles r ON r.oid = p.proowner"
        " WHERE n.nspname = 'record' AND r.rolname <> 'holdfast_owner'"
    ).fetchall()
    for (statement,) in rows:
        conn.execute(statement.encode())


def _settle_authority(conn: Connection[Any], authority: UUID) -> UUID:
    conn.execute(
        "INSERT INTO record.authority (id, schema_version) VALUES (%s, %s)"
        " ON CONFLICT (one) DO UPDATE SET schema_version = excluded.schema_version",
        (authority, SCHEMA_VERSION),
    )
    row = conn.execute("SELECT id FROM record.authority").fetchone()
    assert row is not None, "the authority was just written"  # noqa: S101 — a programmer's proof
    settled: UUID = row[0]
    return settled


def _recorded_by(conn: Connection[Any]) -> UUID | None:
    """The authority that the first row recorded names; None where nothing is."""
    for log in LOGS:
        there = conn.execute("SELECT to_regclass(%s) IS NOT NULL", (f"record.{log}",)).fetchone()
        if there != (True,):
            continue
        query = sql.SQL('SELECT authority FROM record.{} WHERE "position" = 1')
        row = conn.execute(query.format(sql.Identifier(log))).fetchone()
        if row is not None:
            named: UUID = row[0]
            return named
    return None


def _refuse_another_authority(conn: Connection[Any]) -> None:
    """Refuse where the row that says whose record this is, is gone or is not what the rows say."""
    row = conn.execute("SELECT id FROM record.authority").fetchone()
    named = _recorded_by(conn)
    if named is not None and row != (named,):
        state = "is missing" if row is None else "is not the one that the rows of the log name"
        remedy = (
            "Then run `holdfast migrate`, which puts it back, then `holdfast verify`"
            if row is None
            else "`holdfast verify` says which copy of the database to go on from"
        )
        raise _unsafe(
            "authority",
            f"whose record this is {state}: the row of {_AUTHORITY} was changed. Only the "
            "database's owner or a superuser can do that: find out who did, and why, before "
            f"anything is changed, and keep a copy. {remedy}",
        )


def make_roles(owner: Connection[Any]) -> None:
    """Make the roles of ours that the server lacks: what a dump of a database does not hold."""
    owner.execute((FOLDER / "00_roles.sql").read_bytes())


def is_unfinished(conn: Connection[Any]) -> bool:
    """Whether a restoring into this database was begun and has not ended."""
    row = conn.execute(
        "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)", (RESTORING,)
    ).fetchone()
    return row == (True,)


def _refuse_unfinished(conn: Connection[Any]) -> None:
    if is_unfinished(conn):
        raise _unsafe(
            "restoring",
            "a backup is being restored into this database, or that was cut short: let it finish, "
            "or run `holdfast restore` again, which begins anew",
        )


def _refuse_engine(conn: Connection[Any]) -> None:
    row = conn.execute("SELECT version(), current_setting('server_version_num')::int").fetchone()
    judge_engine(*(row or ("", 0)))


def judge_engine(text: str, number: int) -> None:
    """Refuse what is not PostgreSQL, and a PostgreSQL that is too old.

    Args:
        text: what `version()` says.
        number: `server_version_num`, as 170002 of 17.2.

    Raises:
        Refused: with the remedy.
    """
    if "CockroachDB" in text or "YugabyteDB" in text:
        raise _unsafe("engine", "use PostgreSQL 17 or newer: this engine only imitates its locks")
    if number < MINIMUM_VERSION:
        raise _unsafe("engine-version", "use PostgreSQL 17 or newer, or unset DATABASE_URL")


def _refuse_settings(conn: Connection[Any]) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        row = conn.execute("SELECT current_setting(%s)", (name,)).fetchone()
        if row is None or row[0] in {"off", "local" if name == "synchronous_commit" else "off"}:
            raise _unsafe(
                name.replace("_", "-"), f"set {name} = on: an acknowledged event must last"
            )


def _refuse_unlogged(conn: Connection[Any]) -> None:
    """Refuse a table that PostgreSQL empties when it starts after a crash."""
    rows = conn.execute(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN ('record', 'keyring', 'desk') AND c.relkind IN ('r', 'p')"
        " AND c.relpersistence <> 'p' ORDER BY 1"
    ).fetchall()
    if rows:
        tables = ", ".join(table for (table,) in rows)
        raise _unsafe(
            "unlogged",
            f"not safe from a crash: {tables}, which was set UNLOGGED: PostgreSQL would empty it. "
            "Only its owner or a superuser can do that: find out who did, and why, and keep a copy "
            "before the server is stopped. Then ALTER TABLE ... SET LOGGED as the owner, then "
            "`holdfast verify`",
        )


def _refuse_triggers(conn: Connection[Any], version: int = SCHEMA_VERSION) -> None:
    gone = _gone(conn, version)
    if gone:
        raise _unsafe(
            "triggers",
            f"missing, disabled or altered: the guard {', '.join(gone)}. Only the database's owner "
            "or a superuser can do that: find out who did, and why, before anything is changed, "
            "and keep a copy. Then run `holdfast migrate`, which puts guards back and says which, "
            "then `holdfast verify`",
        )


def _refuse_memberships(conn: Connection[Any], login: str) -> None:
    found = conn.execute(
        "SELECT count(*) FROM pg_roles WHERE rolname = ANY (%s)", (list(_ROLES),)
    ).fetchone()
    if found != (len(_ROLES),):
        raise _unsafe(
            "not-migrated",
            "run `holdfast migrate` as the owner: the server lacks the roles Holdfast works in",
        )
    row = conn.execute(
        "SELECT count(*) FROM pg_roles l JOIN pg_roles r ON r.rolname = ANY (%s)"
        " WHERE l.rolname = %s AND pg_has_role(l.oid, r.oid, 'SET')",
        (list(_ROLES), login),
    ).fetchone()
    if row != (len(_ROLES),):
        raise _unsafe("grants", "run `holdfast migrate` as the owner: grants are missing")


def _refuse_missing(conn: Connection[Any]) -> None:
    lacking = missing(conn)
    if lacking:
        raise _unsafe(
            "grants",
            f"run `holdfast migrate` as the owner: grants are missing ({', '.join(lacking)})",
        )


def _refuse_too_much(conn: Connection[Any]) -> None:
    found = too_much(conn, (*(f"record.{log}" for log in LOGS), *_BESIDE))
    if found:
        raise _unsafe(
            "too-much-power",
            "connect as a plain login (DATABASE_URL): this one could change what was recorded. "
            "Where it is one, somebody granted it, or a role that it may put on, what Holdfast "
            f"does not ({', '.join(found)}): find out who did, and why, then revoke that",
        )
    others = beyond(conn)
    if others:
        raise _unsafe(
            "too-much-power",
            f"whose the record's tables are, or who may do what on them, is not as Holdfast has it "
            f"({', '.join(others)}): find out who did that, and why, and keep a copy. Then revoke "
            "it, or take that attribute from the role; `holdfast migrate` gives tables back to "
            "holdfast_owner. Then run `holdfast verify`",
        )
