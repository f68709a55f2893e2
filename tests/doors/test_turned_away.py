"""A database that is running and does not let us in is not called away: each cause, its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api.cli import run
from api.keys import make_master_key
from api.settings import read_settings
from domain.record.migration import judge_engine
from domain.record.server import EmbeddedServer, ServerSettings
from domain.refusal import Refused
from tests.conftest import LOGIN, OWNER, Database, a_folder
from tests.doors.conftest import Cli, Doors, Said
from tests.record.serving import begin, cluster_made  # noqa: F401 — a fixture

SECRET = "not-to-be-told"  # noqa: S105 — of a server that lives for this file
AWAY = "cannot be reached"
COMMANDS = ("caseload", "serve", "timeline")
CASE = "00000000-0000-4000-8000-000000000009"


class Named:
    """A server of this file's own, named by DATABASE_URL as one that somebody else runs."""

    def __init__(self, server: EmbeddedServer, folder: Path) -> None:
        self._server = server
        self.keys = folder / "keys"  # of the one record in it
        self.hba = Path(str(self.superuser("SHOW hba_file")[0][0]))

    def superuser(self, *statements: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Do what whoever runs the server does; gives the rows of the last statement."""
        with psycopg.connect(self._server.conninfo(database, OWNER), autocommit=True) as conn:
            *before, last = statements
            for statement in before:
                conn.execute(statement.encode())
            cursor = conn.execute(last.encode())
            return cursor.fetchall() if cursor.description else []

    def ask_for_a_password(self) -> None:
        """Have the server ask the application's login for a password from now on."""
        rule = f"local all {LOGIN} scram-sha-256\n"
        text = self.hba.read_text()
        if not text.startswith(rule):
            self.hba.write_text(rule + text)
        self.superuser("SELECT pg_reload_conf()")

    def address(self, name: str = "own", **changed: str) -> str:
        """The address of one of its databases."""
        return make_conninfo(self._server.conninfo(name, LOGIN), **changed)

    def owner(self, name: str = "own") -> str:
        """The same of whoever owns it."""
        return self._server.conninfo(name, OWNER)


@pytest.fixture(scope="module")
def named(cluster_made: Path) -> Iterator[Named]:  # noqa: F811 — the fixture
    """Give a server with a database in which nothing was migrated; roles are of a whole server."""
    with a_folder() as folder:
        begin(folder / "server", cluster_made)
        with EmbeddedServer(ServerSettings(root=folder / "server")) as server:
            made = Named(server, folder)
            made.superuser("CREATE DATABASE own", f"CREATE ROLE {LOGIN} LOGIN PASSWORD '{SECRET}'")
            yield made


Ask = Callable[..., Said]


@pytest.fixture
def ask(
    named: Named,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Ask:
    """Give the command line on an address of that server; nothing secret is ever said."""
    monkeypatch.setenv("HOLDFAST_DATA", str(tmp_path))
    monkeypatch.setenv("HOLDFAST_DEVELOPMENT_IDENTITY", "1")
    monkeypatch.setenv("HOLDFAST_OWNER_URL", named.owner())
    monkeypatch.setenv("HOLDFAST_KEYS", str(named.keys))
    settings = read_settings()
    if not settings.master_key_file.exists():
        make_master_key(settings)

    def asked(address: str, *arguments: str) -> Said:
        monkeypatch.setenv("DATABASE_URL", address)
        more = (CASE,) if arguments == ("timeline",) else ()
        capfd.readouterr()
        code = run([*arguments, *more])
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        assert AWAY not in said.err or code != 2
        for part in (SECRET, *conninfo_to_dict(address).values()):
            assert part in {"own", "postgres", "5432"} or str(part) not in said.err
        return Said(code, said.out, " ".join(said.err.split()))

    return asked


def test_a_server_that_was_never_migrated_is_told_to_be(named: Named, ask: Ask) -> None:
    """It runs and lets the login in; only the roles are not there. The remedy helps."""
    roles = "SELECT rolname FROM pg_roles WHERE rolname = 'holdfast_writer'"
    if named.superuser(roles):  # another test was here before
        named.superuser("ALTER ROLE holdfast_writer RENAME TO former_writer")
    for command in COMMANDS:
        said = ask(named.address(), command)
        assert said.code == 2, said.err
        assert "run `holdfast migrate` as the owner" in said.err
    assert ask(named.address(), "migrate").code == 0
    assert ask(named.address(), "caseload").code == 0


@pytest.mark.parametrize("role", ["holdfast_writer", "holdfast_projector", "holdfast_keeper"])
def test_a_login_that_may_not_put_on_a_role_is_told_to_migrate(
    named: Named, ask: Ask, role: str
) -> None:
    """Somebody revoked it: code 2 and the remedy, which helps."""
    assert ask(named.address(), "migrate").code == 0
    named.superuser(f"REVOKE {role} FROM {LOGIN}")
    for command in COMMANDS if role == "holdfast_writer" else ("caseload",):
        said = ask(named.address(), command)
        assert said.code == 2, said.err
        assert "run `holdfast migrate` as the owner: grants are missing" in said.err
    assert ask(named.address(), "migrate").code == 0
    assert ask(named.address(), "caseload").code == 0


def test_a_wrong_password_is_said_to_be_refused(named: Named, ask: Ask) -> None:
    """Neither a server that is away nor one to be migrated; the right one gets in."""
    assert ask(named.address(), "migrate").code == 0
    named.superuser(f"ALTER ROLE {LOGIN} PASSWORD '{SECRET}'")
    before = named.hba.read_text()
    named.ask_for_a_password()
    try:
        assert ask(named.address(password=SECRET), "caseload").code == 0
        for command in COMMANDS:
            said = ask(named.address(password="wrong-one"), command)  # noqa: S106 — a wrong one
            assert said.code == 2, said.err
            assert "refuses the login or its password" in said.err
            assert "DATABASE_URL" in said.err
        said = ask(named.address(), "caseload")
        assert said.code == 2
        assert "asks for a password" in said.err
        # A password that is right, and a database that is not.
        said = ask(named.address("nowhere", password=SECRET), "caseload")
        assert "no such database" in said.err
    finally:
        named.hba.write_text(before)
        named.superuser("SELECT pg_reload_conf()")


def test_a_database_that_is_not_there_is_said_to_be_missing(
    named: Named, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is well; also where the owner's address is the wrong one."""
    for command in COMMANDS:
        said = ask(named.address("nowhere"), command)
        assert said.code == 2, said.err
        assert "no such database" in said.err
        assert "DATABASE_URL" in said.err
    monkeypatch.setenv("HOLDFAST_OWNER_URL", named.owner("nowhere"))
    said = ask(named.address(), "migrate")
    assert said.code == 2
    assert "no such database" in said.err
    assert "HOLDFAST_OWNER_URL" in said.err


def test_a_database_that_the_login_may_not_enter_is_told(named: Named, ask: Ask) -> None:
    """It is there: whoever owns it lets the login in."""
    named.superuser("CREATE DATABASE shut", "REVOKE CONNECT ON DATABASE shut FROM PUBLIC")
    said = ask(named.address("shut"), "caseload")
    assert said.code == 2
    assert "GRANT CONNECT" in said.err


def test_a_login_that_nobody_made_is_not_let_in(named: Named, ask: Ask) -> None:
    """The name is wrong: no word of a password that nobody asked for."""
    said = ask(named.address(user="nobody-of-this-name"), "caseload")
    assert said.code == 2
    assert "does not let this login in" in said.err


def test_a_server_that_is_away_is_still_said_to_be(named: Named, ask: Ask) -> None:
    """Nobody answers: code 5, and to look whether it is running."""
    said = ask(named.address(host="/nowhere"), "caseload")
    assert said.code == 5
    assert AWAY in said.err


@pytest.mark.parametrize("number", [90624, 140012, 160016])
def test_a_postgresql_before_17_is_refused_by_its_number(number: int) -> None:
    """Whatever its words; from 17 on it is taken."""
    with pytest.raises(Refused, match="use PostgreSQL 17 or newer"):
        judge_engine("PostgreSQL", number)
    judge_engine("PostgreSQL", 170000)
    judge_engine("PostgreSQL", 180006)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_old_server_is_named_before_any_role_is_put_on(
    cli: Cli, database: Database, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No such server can be started here: one that says of itself that it is old stands for it."""
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("CREATE SCHEMA pretend")
        conn.execute("GRANT USAGE ON SCHEMA pretend TO PUBLIC")
        conn.execute(
            "CREATE FUNCTION pretend.current_setting(text) RETURNS text RETURN CASE $1"
            " WHEN 'server_version_num' THEN '160004' ELSE pg_catalog.current_setting($1) END"
        )
        conn.execute(
            sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = pretend, pg_catalog").format(
                sql.Identifier(LOGIN), sql.Identifier(database.name)
            )
        )
    monkeypatch.setenv("HOLDFAST_DEVELOPMENT_IDENTITY", "1")  # serving asks for one first
    said = cli(command, *((CASE,) if command == "timeline" else ()))
    assert said.code == 2
    assert "use PostgreSQL 17 or newer" in said.err


def test_nothing_is_recorded_once_the_login_is_not_let_in(doors: Doors, database: Database) -> None:
    """What cannot be looked at may have lost its guards: the watch says so and appending ends."""
    doors.office.look_at_guards()
    doors.person()
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        name = sql.Identifier(database.name)
        conn.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(name))
    doors.office.look_at_guards()
    assert "GRANT CONNECT" in str(doors.office.stopped)
    assert doors.post("/v1/persons", {"command": {"details": {}}}).status_code == 503
