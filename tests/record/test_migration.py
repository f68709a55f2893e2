"""What start-up refuses, each with its remedy; and that migrating again changes nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from domain.record import cluster
from domain.record.guards import FOLDER
from domain.record.migration import (
    SCHEMA_VERSION,
    Migrated,
    authority_of,
    check,
    check_leaves,
    migrate,
    watch,
)
from domain.record.server import EmbeddedServer, ServerSettings
from domain.refusal import Refused
from tests.conftest import AUTHORITY, LOGIN, OWNER, Database, a_folder
from tests.house.tracked import ROOT
from tests.record.serving import begin, until

SAFE: dict[str, str] = {}


@contextmanager
def connected(
    database: Database, user: str = LOGIN, role: str | None = "holdfast_writer"
) -> Iterator[psycopg.Connection[Any]]:
    """Connect as start-up does."""
    options = f"-c role={role}" if role else None
    with psycopg.connect(database.conninfo(user), autocommit=True, options=options) as conn:
        yield conn


def refusal(conn: psycopg.Connection[Any], environ: dict[str, str] = SAFE) -> Refused:
    """The refusal of start-up."""
    with pytest.raises(Refused) as refused:
        check(conn, environ)
    assert refused.value.rule == "start-up"
    return refused.value


def as_owner(database: Database, *statements: str) -> None:
    """Do what a careless administrator might."""
    with psycopg.connect(database.conninfo(), autocommit=True) as conn:
        for statement in statements:
            conn.execute(statement.encode())


def test_a_migrated_database_is_accepted(database: Database) -> None:
    """A database as `migrate` leaves it, reached by a plain login, is trusted with a record."""
    with connected(database) as conn:
        check(conn, SAFE)
        assert authority_of(conn) == AUTHORITY


def test_migrating_again_changes_nothing(database: Database) -> None:
    """Every step of the migration can be repeated, and the authority keeps its identity."""
    owner = database.conninfo()
    done = migrate(owner, authority=uuid4(), login=LOGIN)
    assert done == Migrated(authority=AUTHORITY, before=SCHEMA_VERSION, guards=())
    with connected(database) as conn:
        check(conn, SAFE)


def test_a_change_of_the_schema_has_a_version_of_its_own() -> None:
    """Only an older version is brought up by a start: an unmarked change would never arrive.

    Where this fails: raise SCHEMA_VERSION, unless it was raised since the last release already,
    note it in CHANGELOG.md, and put the new digest here.
    """
    files = sorted(FOLDER.glob("*.sql"))
    digest = sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()
    assert (SCHEMA_VERSION, digest[:16]) == (11, "0bd47722c49b672c")


@pytest.mark.parametrize("value", ["y", "YES", "true", "1", "on", "t"])
def test_the_librarys_functions_in_the_database_are_refused(database: Database, value: str) -> None:
    """The mode of the library that loses events is refused however it is spelled."""
    with connected(database) as conn:
        refused = refusal(conn, {"POSTGRES_ENABLE_DB_FUNCTIONS": value})
    assert refused.code == "db-functions"
    assert "unset POSTGRES_ENABLE_DB_FUNCTIONS" in refused.detail


def test_the_librarys_functions_switched_off_are_no_matter(database: Database) -> None:
    """The same setting, switched off, is accepted."""
    with connected(database) as conn:
        check(conn, {"POSTGRES_ENABLE_DB_FUNCTIONS": "n"})


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_may_forget_is_refused(
    setting: str, monkeypatch: pytest.MonkeyPatch, cluster_made: Path
) -> None:
    """A server that does not wait for the disk, or may tear pages, is refused."""
    monkeypatch.setitem(cluster._FIXED, setting, "off")
    with a_folder() as folder:
        begin(folder / "server", cluster_made)
        with EmbeddedServer(ServerSettings(root=folder / "server")) as server:
            database = Database(server, "postgres")
            migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN)
            with connected(database) as conn:
                refused = refusal(conn)
    assert refused.code == setting.replace("_", "-")
    assert f"set {setting} = on" in refused.detail


def test_settings_that_go_by_a_reload_are_noticed_by_the_watch(
    monkeypatch: pytest.MonkeyPatch, cluster_made: Path
) -> None:
    """A server that somebody else runs loses them while it serves: each look asks again."""
    settings = ("fsync", "full_page_writes", "synchronous_commit")
    for setting in settings:
        monkeypatch.delitem(cluster._FIXED, setting)  # as on a server that is not ours to start
    with a_folder() as folder:
        begin(folder / "server", cluster_made)
        with EmbeddedServer(ServerSettings(root=folder / "server")) as server:
            database = Database(server, "postgres")
            migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN)
            for setting in settings:
                with connected(database) as conn:
                    watch(conn)
                as_owner(database, f"ALTER SYSTEM SET {setting} = off", "SELECT pg_reload_conf()")
                until(partial(switched, database, setting, "off"), 30)
                with (
                    connected(database) as conn,
                    pytest.raises(Refused, match=f"set {setting} = on"),
                ):
                    watch(conn)
                as_owner(database, f"ALTER SYSTEM RESET {setting}", "SELECT pg_reload_conf()")
                until(partial(switched, database, setting, "on"), 30)


def switched(database: Database, setting: str, to: str) -> bool:
    """Whether a new connection finds it so."""
    with connected(database) as conn:
        return conn.execute("SELECT current_setting(%s)", (setting,)).fetchone() == (to,)


@pytest.mark.parametrize(
    "table",
    [
        "record.cases",
        "record.readings",
        "record.document",
        "keyring.data_key",
        "keyring.destroyed",
        "keyring.gone",
        "record.authority",
    ],
)
def test_a_table_that_a_crash_would_empty_is_refused(database: Database, table: str) -> None:
    """UNLOGGED is refused at a start and by the watch; the remedy helps."""
    as_owner(database, f"ALTER TABLE {table} SET UNLOGGED")
    with connected(database) as conn:
        refused = refusal(conn)
        with pytest.raises(Refused, match=table):
            watch(conn)
    assert refused.code == "unlogged"
    assert "SET LOGGED" in refused.detail
    as_owner(database, f"ALTER TABLE {table} SET LOGGED")
    with connected(database) as conn:
        check(conn, SAFE)
        watch(conn)


@pytest.mark.parametrize("value", ["off", "local"])
def test_a_commit_that_does_not_wait_is_refused(database: Database, value: str) -> None:
    """A login whose commits return before they last is refused."""
    with connected(database) as conn:
        conn.execute(f"SET synchronous_commit = {value}".encode())
        refused = refusal(conn)
    assert refused.code == "synchronous-commit"
    assert "set synchronous_commit = on" in refused.detail


@pytest.mark.parametrize(
    ("said", "number", "code"),
    [
        ("PostgreSQL 15.18 on x86_64", "150018", "engine-version"),
        ("PostgreSQL 16.16 on x86_64", "160016", "engine-version"),
        ("CockroachDB CCL v25.1 (x86_64)", "170000", "engine"),
        ("PostgreSQL 17.2-YugabyteDB-2025.2 on x86_64", "170002", "engine"),
    ],
)
def test_another_engine_or_an_old_one_is_refused(
    database: Database, said: str, number: str, code: str
) -> None:
    """An engine that only imitates PostgreSQL's locks, and a PostgreSQL before 17, are refused."""
    as_owner(
        database,
        "CREATE SCHEMA pretend",
        "GRANT USAGE ON SCHEMA pretend TO PUBLIC",
        f"CREATE FUNCTION pretend.version() RETURNS text RETURN '{said}'",
        "CREATE FUNCTION pretend.current_setting(text) RETURNS text RETURN CASE $1"
        f" WHEN 'server_version_num' THEN '{number}' ELSE pg_catalog.current_setting($1) END",
    )
    with connected(database) as conn:
        conn.execute("SET search_path = pretend, pg_catalog")
        refused = refusal(conn)
    assert refused.code == code
    assert "PostgreSQL 17 or newer" in refused.detail


@pytest.mark.parametrize("trigger", ["dense", "append_only", "never_truncated"])
@pytest.mark.parametrize(
    ("log", "harm"),
    [
        ("cases", "DROP TRIGGER {trigger} ON record.{log}"),
        ("cases", "ALTER TABLE record.{log} DISABLE TRIGGER {trigger}"),
        ("cases", "ALTER TABLE record.{log} ENABLE TRIGGER {trigger}"),
        ("readings", "ALTER TABLE record.{log} ENABLE REPLICA TRIGGER {trigger}"),
    ],
)
def test_a_guard_that_does_not_always_fire_is_refused(
    database: Database, log: str, trigger: str, harm: str
) -> None:
    """A trigger of either log that is missing, disabled or not always on is refused.

    Another trigger beside it hides nothing.
    """
    as_owner(
        database,
        harm.format(log=log, trigger=trigger),
        "CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END'",
        f"CREATE TRIGGER other AFTER INSERT ON record.{log} EXECUTE FUNCTION public.nothing()",
        f"ALTER TABLE record.{log} ENABLE ALWAYS TRIGGER other",
    )
    with connected(database) as conn:
        refused = refusal(conn)
    assert refused.code == "triggers"
    assert f"record.{log}" in refused.detail
    assert "holdfast migrate" in refused.detail
    assert "holdfast verify" in refused.detail
    migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN)
    with connected(database) as conn:
        check(conn, SAFE)  # the remedy helps


HOLLOW = "SET search_path = pg_catalog LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"


def guarding(when: str, function: str = "record.refuse_change") -> str:
    """The statements that make another guard in the place of `append_only`, always firing."""
    made = f"CREATE OR REPLACE TRIGGER append_only BEFORE {when} EXECUTE FUNCTION {function}()"
    return f"{made}; ALTER TABLE record.cases ENABLE ALWAYS TRIGGER append_only"


@pytest.mark.parametrize(
    "harm",
    [
        f"CREATE OR REPLACE FUNCTION record.refuse_change() RETURNS trigger {HOLLOW}",
        f"CREATE OR REPLACE FUNCTION record.cases_dense() RETURNS trigger {HOLLOW}",
        f"CREATE FUNCTION public.refuse_change() RETURNS trigger {HOLLOW};"
        + guarding("UPDATE OR DELETE ON record.cases FOR EACH ROW", "public.refuse_change"),
        "ALTER FUNCTION record.refuse_change() SECURITY DEFINER",
        "ALTER FUNCTION record.cases_dense() RESET search_path",
        guarding("UPDATE ON record.cases FOR EACH ROW"),
        guarding("UPDATE OR DELETE ON record.cases FOR EACH STATEMENT"),
        guarding("UPDATE OF name OR DELETE ON record.cases FOR EACH ROW"),
        guarding("UPDATE OR DELETE ON record.cases FOR EACH ROW WHEN (OLD.version < 0)"),
    ],
)
def test_a_guard_that_refuses_nothing_is_refused(database: Database, harm: str) -> None:
    """A trigger in its place whose function, timing or condition is not ours guards nothing."""
    as_owner(database, harm)
    with connected(database) as conn:
        refused = refusal(conn)
    assert refused.code == "triggers"
    assert "record.cases" in refused.detail
    migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN)
    with connected(database) as conn:
        check(conn, SAFE)  # the remedy helps


@pytest.mark.parametrize(
    "harm",
    [
        "SET EXPRESSION AS (sha256(header))",
        "SET EXPRESSION AS (sha256(uuid_send(stream) || header || payload))",
        "DROP EXPRESSION",
    ],
)
def test_a_leaf_that_says_something_else_is_refused(database: Database, harm: str) -> None:
    """The leaf is what proves a row: nobody serves what computes another; `verify` can open it."""
    with connected(database) as conn:
        check_leaves(conn)
    as_owner(database, f"ALTER TABLE record.cases ALTER COLUMN leaf {harm}")
    with connected(database) as conn:
        check(conn, SAFE)
        with pytest.raises(Refused, match=r"record\.cases") as refused:
            check_leaves(conn)
    assert refused.value.code == "leaf"


@pytest.mark.parametrize("right", ["SELECT", "INSERT"])
def test_missing_grants_are_refused(database: Database, right: str) -> None:
    """A writer that cannot read or append is told at once, and migrating repairs it."""
    as_owner(database, f"REVOKE {right} ON record.cases FROM holdfast_writer")
    with connected(database) as conn:
        refused = refusal(conn)
    assert refused.code == "grants"
    assert "holdfast migrate" in refused.detail
    migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN)
    with connected(database) as conn:
        check(conn, SAFE)


@pytest.mark.parametrize("to", ["holdfast_writer", LOGIN, "holdfast_keeper"])
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "MAINTAIN"])
def test_too_many_grants_are_refused(database: Database, right: str, to: str) -> None:
    """A right to change the log, given to any role the login may put on, is refused."""
    as_owner(database, f"GRANT {right} ON record.readings TO {to}")
    with connected(database) as conn:
        assert refusal(conn).code == "too-much-power"


@pytest.mark.parametrize(
    ("what", "role"),
    [
        ("SELECT ON keyring.data_key", "holdfast_writer"),
        ("INSERT ON keyring.subject_key", "holdfast_writer"),
        ("SELECT ON keyring.destroyed", "holdfast_writer"),
        ("INSERT ON record.document", "holdfast_writer"),
        ("SELECT ON views.tracking", "holdfast_writer"),
        ("DELETE ON desk.draft", "holdfast_writer"),
        ("UPDATE (sealed) ON desk.draft", "holdfast_writer"),
        ("USAGE ON SCHEMA keyring", "holdfast_writer"),
        ("SELECT ON record.cases", "holdfast_projector"),
        ("SELECT ON keyring.subject_key", "holdfast_projector"),
        ("DELETE ON keyring.data_key", "holdfast_keeper"),
        ("INSERT ON keyring.destroyed", "holdfast_keeper"),
    ],
)
def test_whatever_a_role_needs_and_lacks_is_refused(
    database: Database, what: str, role: str
) -> None:
    """Keys, documents, drafts and tracking too, for each role; migrating repairs it."""
    as_owner(database, f"REVOKE {what} FROM {role}")
    with connected(database) as conn:
        refused = refusal(conn)
        with pytest.raises(Refused, match="grants are missing"):
            watch(conn)
    assert refused.code == "grants"
    assert f"for {role}" in refused.detail
    assert "holdfast migrate" in refused.detail
    migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN)
    with connected(database) as conn:
        check(conn, SAFE)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("record.cases", "payload"),
        ("record.readings", "recorded_us"),
        ("record.document", "sealed"),
        ("record.authority", "id"),
        ("keyring.destroyed", "generation"),
    ],
)
@pytest.mark.parametrize("to", ["holdfast_writer", LOGIN])
def test_a_grant_on_one_column_is_refused(
    database: Database, table: str, column: str, to: str
) -> None:
    """To change one column of what was recorded is to change it; what to revoke is said."""
    as_owner(database, f"GRANT UPDATE ({column}) ON {table} TO {to}")
    with connected(database) as conn:
        refused = refusal(conn)
        with pytest.raises(Refused, match="could change what was recorded"):
            watch(conn)
    assert refused.code == "too-much-power"
    assert f"UPDATE on {table}" in refused.detail
    as_owner(database, f"REVOKE UPDATE ({column}) ON {table} FROM {to}")
    with connected(database) as conn:
        check(conn, SAFE)


@pytest.mark.parametrize(
    ("done", "said", "undone"),
    [
        ("GRANT SELECT ON record.cases TO PUBLIC", "SELECT on record.cases for PUBLIC", ()),
        ("GRANT INSERT ON record.cases TO {}", "INSERT on record.cases for {}", ()),
        ("GRANT DELETE ON keyring.gone TO {}", "DELETE on keyring.gone for {}", ()),
        (
            "GRANT UPDATE (payload) ON record.readings TO {}",
            "UPDATE on record.readings.payload for {}",
            (),
        ),
        ("GRANT CREATE ON SCHEMA record TO {}", "CREATE on schema record for {}", ()),
        (
            "ALTER TABLE record.head OWNER TO {}",
            "record.head, which belongs to {}",
            ("ALTER TABLE record.head OWNER TO holdfast_owner",),
        ),
    ],
)
def test_what_anybody_else_was_given_is_refused(
    database: Database, done: str, said: str, undone: tuple[str, ...]
) -> None:
    """A right on the record for one whom the login may not become, and whose a table is, count."""
    other = f"other_{uuid4().hex}"
    as_owner(database, f"CREATE ROLE {other} LOGIN", f"GRANT SELECT ON record.cases TO {other}")
    try:
        with connected(database) as conn:
            check(conn, SAFE)  # who copies the record may read it
            as_owner(database, done.format(other))
            refused = refusal(conn)
            with pytest.raises(Refused, match="is not as Holdfast has it"):
                watch(conn)
    finally:
        as_owner(database, *undone, f"DROP OWNED BY {other}", f"DROP ROLE {other}")
    assert refused.code == "too-much-power"
    assert said.format(other) in refused.detail


@pytest.mark.parametrize("role", [None, "holdfast_writer"])
def test_a_superuser_is_refused(database: Database, role: str | None) -> None:
    """The application does not run as a superuser, whatever role that one puts on."""
    with connected(database, OWNER, role) as conn:
        refused = refusal(conn)
    assert refused.code == "too-much-power"
    assert "plain login" in refused.detail


@pytest.mark.parametrize(
    "power",
    ["GRANT holdfast_owner TO {}", "GRANT pg_write_all_data TO {}", "ALTER ROLE {} BYPASSRLS"],
)
def test_a_login_that_may_become_too_much_is_refused(database: Database, power: str) -> None:
    """A login that could be the owner, writes everything or sees past row security is refused."""
    login = sql.Identifier(f"strong_{uuid4().hex}")
    with psycopg.connect(database.conninfo(), autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(login))
        try:
            for statement in ("GRANT holdfast_writer TO {}", power):
                conn.execute(sql.SQL(statement).format(login))
            with connected(database, login.as_string().strip('"')) as strong:
                assert refusal(strong).code == "too-much-power"
        finally:
            conn.execute(sql.SQL("DROP ROLE {}").format(login))


def test_a_database_without_a_record_is_refused(database: Database) -> None:
    """A database nobody migrated is not taken for an empty record."""
    as_owner(database, "DROP SCHEMA record CASCADE")
    with connected(database) as conn, pytest.raises(Refused, match="holdfast migrate"):
        authority_of(conn)


def test_a_schema_of_another_release_is_refused(database: Database) -> None:
    """A schema of another version is refused, and both versions are named."""
    as_owner(database, "UPDATE record.authority SET schema_version = 99")
    with connected(database) as conn, pytest.raises(Refused, match="version 99"):
        authority_of(conn)


def test_python_without_its_checks_is_refused(database: Database) -> None:
    """A process started with -O, where assertions are gone, does not open a record."""
    script = (
        "import psycopg; from domain.record.migration import check\n"
        "from domain.refusal import Refused\n"
        f"conn = psycopg.connect({database.conninfo(LOGIN)!r}, options='-c role=holdfast_writer')\n"
        "try: check(conn, {})\n"
        "except Refused as refused: print(refused.code, refused.detail)\n"
        "else: print('accepted')\n"
    )
    for flags, answer in ((["-O"], "python-optimised start Python without -O"), ([], "accepted")):
        said = subprocess.run(
            [sys.executable, *flags, "-c", script],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout.startswith(answer)
