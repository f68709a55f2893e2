"""What became of the log's guards is hidden neither by a start nor from a running service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import run
from api.clock import SystemClock
from api.office import DATABASE, Office
from domain.opening import Simulation
from domain.record.migration import SCHEMA_VERSION
from domain.record.server import EmbeddedServer, ServerSettings
from tests.conftest import LOGIN, OWNER, Database, a_folder
from tests.doors.conftest import HERE, ME, Cli, Doors, Said, settings_for
from tests.doors.test_serving import ROOT, Service, free_port

HOLLOW = (
    "CREATE OR REPLACE FUNCTION record.refuse_change() RETURNS trigger"
    " SET search_path = pg_catalog LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"
)
DISABLED = "ALTER TABLE record.cases DISABLE TRIGGER append_only"
HARMS = {
    "append_only of record.cases": DISABLED,
    "never_truncated of record.readings": "DROP TRIGGER never_truncated ON record.readings",
    "append_only of record.readings": HOLLOW,
}


@pytest.fixture(scope="module")
def own() -> Iterator[Path]:
    """Give a data folder whose embedded server is kept up, so that every start attaches to it."""
    with a_folder() as folder, EmbeddedServer(ServerSettings(root=folder / "postgresql")):
        yield folder


@pytest.fixture
def started(
    own: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Said]]:
    """Give the command line on that folder, where a record was begun; it is mended last."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HOLDFAST_DATA", str(own))

    def ask(*arguments: str) -> Said:
        capfd.readouterr()
        code = run(list(arguments))
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return Said(code, said.out, said.err)

    assert ask("caseload").code == 0
    yield ask
    assert ask("migrate").code == 0


def as_superuser(own: Path, *statements: str) -> list[tuple[object, ...]]:
    """Do what only whoever has the machine can do; gives the rows of the last statement."""
    with (
        EmbeddedServer(ServerSettings(root=own / "postgresql")) as server,
        psycopg.connect(server.conninfo(DATABASE, "postgres"), autocommit=True) as conn,
    ):
        *before, last = statements
        for statement in before:
            conn.execute(statement.encode())
        cursor = conn.execute(last.encode())
        return cursor.fetchall() if cursor.description else []


def guards(own: Path) -> list[tuple[object, ...]]:
    """Every guard as it stands."""
    return as_superuser(
        own,
        "SELECT tgrelid::regclass::text, tgname, tgenabled, prosrc FROM pg_trigger t"
        " JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal ORDER BY 1, 2",
    )


@pytest.mark.parametrize("guard", HARMS)
def test_a_start_refuses_a_guard_that_is_gone_and_mends_nothing(
    started: Callable[..., Said], own: Path, guard: str
) -> None:
    """It is refused as often as it is asked; `holdfast migrate` alone puts it back, and says so."""
    as_superuser(own, HARMS[guard])
    before = guards(own)
    for command in ("caseload", "verify"):
        said = started(command)
        assert said.code == 2
        assert guard in said.err
        assert "before anything is changed" in said.err
        assert "holdfast migrate" in said.err
    assert guards(own) == before
    mended = started("migrate", "--json")
    assert guard in mended.json["guards_put_back"]
    assert started("migrate", "--json").json["guards_put_back"] == []
    assert started("caseload").code == 0


def test_migrate_says_in_words_which_guards_it_put_back(
    started: Callable[..., Said], own: Path
) -> None:
    """Whoever mends a tampered database reads what was found."""
    as_superuser(own, DISABLED)
    assert "append_only of record.cases" in started("migrate").out
    assert "append_only" not in started("migrate").out


def test_an_older_schema_is_brought_up_by_a_start(started: Callable[..., Said], own: Path) -> None:
    """The embedded database needs no command after an upgrade, and the start says what it did."""
    as_superuser(own, "UPDATE record.authority SET schema_version = 1")
    said = started("caseload")
    assert said.code == 0
    assert f"from version 1 to {SCHEMA_VERSION}" in said.err
    assert as_superuser(own, "SELECT schema_version FROM record.authority") == [(SCHEMA_VERSION,)]


def test_an_older_schema_hides_no_guard_that_was_switched_off(
    started: Callable[..., Said], own: Path
) -> None:
    """To set the version back is no way to have it mended in silence."""
    as_superuser(own, DISABLED, "UPDATE record.authority SET schema_version = 1")
    before = guards(own)
    assert "append_only of record.cases" in started("caseload").err
    assert guards(own) == before


@pytest.mark.parametrize(
    "harm",
    [
        "REVOKE INSERT ON record.cases FROM holdfast_writer",
        f"REVOKE holdfast_writer FROM {LOGIN}",
    ],
)
def test_a_start_refuses_missing_grants_and_mends_nothing(
    started: Callable[..., Said], own: Path, harm: str
) -> None:
    """Code 2 and the remedy, which helps."""
    as_superuser(own, harm)
    for _ in range(2):
        said = started("caseload")
        assert said.code == 2
        assert "holdfast migrate" in said.err
    assert started("migrate").code == 0
    assert started("caseload").code == 0


def test_a_named_database_is_mended_by_migrate_alone_too(cli: Cli, database: Database) -> None:
    """The same words at the same door, whoever runs the server."""
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute(DISABLED)
    assert "append_only of record.cases" in cli("caseload").err
    assert cli("migrate", "--json").json["guards_put_back"] == ["append_only of record.cases"]


def test_nothing_is_recorded_once_a_guard_was_found_gone(doors: Doors, database: Database) -> None:
    """Commands and readings are answered 503 in words, readiness is gone, until a new start."""
    assert doors.client.get("/health").json()["stopped"] is None
    doors.office.look_at_guards()
    doors.person()
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute(DISABLED)
    doors.office.look_at_guards()
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("ALTER TABLE record.cases ENABLE ALWAYS TRIGGER append_only")
    doors.office.look_at_guards()  # put back in silence: nothing goes on as if it had not been
    answer = doors.post("/v1/persons", {"command": {"details": {}}})
    assert answer.status_code == 503
    assert "append_only of record.cases" in answer.json()["detail"]
    assert doors.get("/v1/cases").status_code == 503
    ready = doors.client.get("/ready")
    assert (ready.status_code, ready.json()["ready"]) == (503, False)
    assert "append_only of record.cases" in ready.json()["stopped"]


def test_a_service_whose_clock_is_not_the_databases_is_not_ready(
    doors: Doors, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is recorded by it, so nothing is shown by it; once it is set right it goes on."""
    right = SystemClock.now

    def fast(clock: SystemClock) -> datetime:
        return right(clock) + timedelta(days=3)

    doors.catch_up()  # and whoever follows goes on following
    with (
        Office(settings_for(database, tmp_path)) as office,
        TestClient(create_app(office), base_url=HERE, client=ME) as client,
        monkeypatch.context() as patch,
    ):
        ready = client.get("/ready")
        assert (ready.status_code, ready.json()["clock"]) == (200, None)
        patch.setattr(SystemClock, "now", fast)
        ready = client.get("/ready")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert "ahead of the database's" in ready.json()["clock"]
        body: dict[str, object] = {"command": {"details": {}}}
        answer = client.post("/v1/persons", json=body, headers={"Idempotency-Key": str(uuid4())})
        assert answer.status_code == 503
        assert answer.json()["code"] == "clock-apart"
        assert client.get("/v1/cases").status_code == 503
        patch.undo()
        assert client.get("/ready").status_code == 200
        assert client.get("/v1/cases").status_code == 200


def test_a_running_service_looks_again(database: Database, tmp_path: Path) -> None:
    """A guard that goes while it serves: said aloud, and nothing more is recorded."""
    settings = settings_for(database, tmp_path)
    with Office(settings, simulated=Simulation(seed=1, until=datetime(2020, 1, 1, tzinfo=UTC))):
        pass
    environ = {**os.environ, **settings.environ, "HOLDFAST_PORT": str(free_port())}
    program = (
        "import api.serving, api.watching; from api.settings import read_settings\n"
        "api.watching.LOOK_EVERY_S = 0.2\n"
        "api.serving.serve(read_settings(), ready=lambda: print('ready', flush=True))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**environ, "DATABASE_URL": database.conninfo(LOGIN)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    service = Service(process, int(environ["HOLDFAST_PORT"]))
    try:
        service.wait_ready()
        with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
            conn.execute("DROP TRIGGER dense ON record.readings")
        for _ in range(300):
            if service.ask("/ready")[0] == 503:
                break
            Event().wait(0.1)
        status, said = service.ask("/ready")
        assert status == 503
        assert "dense of record.readings" in json.loads(said)["stopped"]
        assert service.ask("/v1/cases")[0] == 503
    finally:
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert out.count("dense of record.readings") == 1
