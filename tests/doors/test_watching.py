"""Whatever goes on for long watches the log's guards and its database, and says how to go on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from api.commands.desk import desk_of
from api.demonstration.load import load
from api.office import DATABASE, Database, Office
from api.settings import read_settings
from domain.opening import Simulation
from domain.record import cluster, premises
from domain.record.server import EmbeddedServer, _answers
from domain.refusal import Refused
from domain.words import Code
from projections.health import FOLLOW
from tests.conftest import OWNER
from tests.doors.test_serving import ROOT, Service, free_port
from tests.record.serving import (  # noqa: F401 — fixtures
    Folders,
    at,
    begin,
    cluster_made,
    folders,
    linux_only,
    parent,
    postmaster,
    processes,
    until,
)

pytestmark = linux_only
JUNE = Path(__file__).parent.parent / "chronologies" / "june.csv"
END = date(2026, 11, 21)
NEW = ("--new-case", "--reference", "2026/17")
HARM = "ALTER TABLE record.cases DISABLE TRIGGER append_only"
PROGRAM = """
import sys, api.watching
api.watching.LOOK_EVERY_S = {every}
from api.cli import main
main()
"""


class Own:
    """A data folder of a record, whose server this process keeps up unless told otherwise."""

    def __init__(self, folders: Folders, made: Path) -> None:  # noqa: F811 — the fixture
        self.data = folders.base / "data"
        self.data.mkdir(mode=0o711)
        self.root = self.data / "postgresql"
        begin(self.root, made)
        self.environ = {"HOLDFAST_DATA": str(self.data), "HOLDFAST_DEVELOPMENT_IDENTITY": "1"}
        self.started: list[subprocess.Popen[str]] = []

    def holdfast(self, *arguments: str, every: float = 0.0) -> subprocess.Popen[str]:
        """Start the command line on it, looking at the guards so often."""
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(every=every), *arguments],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": "", "HOLDFAST_DEMO": "", **self.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def come_to(self, process: subprocess.Popen[str], code: int) -> str:
        """Wait for its end; give what it said in one line."""
        said, _ = process.communicate(timeout=120)
        assert process.returncode == code, said
        assert "Traceback" not in said
        return " ".join(said.split())

    def superuser(self, server: EmbeddedServer) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of whoever has the machine."""
        return psycopg.connect(server.conninfo(DATABASE, OWNER), autocommit=True)


@pytest.fixture
def empty(folders: Folders, cluster_made: Path) -> Own:  # noqa: F811 — the fixtures
    """Give a data folder in which no record was begun."""
    return Own(folders, cluster_made)


@pytest.fixture
def own(empty: Own) -> Iterator[Own]:
    """Give a record of its own, begun as a made-up one; what was started on it is ended."""
    made = empty
    simulated = Simulation(seed=1, until=datetime(2020, 1, 1, tzinfo=UTC))
    with Office(read_settings(made.environ), simulated=simulated) as office:
        desk_of(office, Code("manager"), Code("safeguarding"))  # who asks is known from now on
    yield made
    for process in made.started:
        process.kill()
        process.communicate()


def waiting(conn: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether somebody waits for a lock that this connection holds."""
    row = conn.execute(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = to_regclass(%s))",
        ("record.cases",),
    ).fetchone()
    return row == (True,)


def ready(service: Service) -> bool:
    """Whether a service says that it is of use."""
    try:
        return service.ask("/ready")[0] == 200
    except OSError:
        return False


def followed(conn: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether somebody follows for a view."""
    row = conn.execute(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s)",
        (FOLLOW,),
    ).fetchone()
    return row == (True,)


@pytest.mark.long  # the first of the looks of which a later one is asked each time, below
def test_an_import_looks_at_the_guards_before_its_first_line(own: Own) -> None:
    """Also at what a start lets pass so that such a record can be verified: the leaf of a row."""
    with at(own.root) as server, own.superuser(server) as conn:
        conn.execute("ALTER TABLE record.cases ALTER leaf SET EXPRESSION AS (sha256(header))")
        count = "SELECT count(*) FROM record.cases WHERE name LIKE 'chronology%'"
        said = own.come_to(own.holdfast("import", "chronology", str(JUNE), *NEW), 2)
        assert "holdfast verify" in said
        assert conn.execute(count).fetchone() == (0,)


@pytest.mark.long  # two processes more, for the look that an import takes, which is asked each time
def test_a_reference_is_recorded_only_after_a_look_at_the_guards(own: Own) -> None:
    """What is one event looks first as an import of many does; nothing is recorded without them."""
    with at(own.root) as server, own.superuser(server) as conn:
        imported = own.holdfast("import", "chronology", str(JUNE), *NEW, "--json")
        case = json.loads(own.come_to(imported, 0).partition("{")[2].join(("{", "")))["case"]
        conn.execute("ALTER TABLE record.cases ALTER leaf SET EXPRESSION AS (sha256(header))")
        said = own.come_to(own.holdfast("refer", case, "police", "CR 4711"), 2)
        assert "holdfast verify" in said
        count = "SELECT count(*) FROM record.cases WHERE name LIKE 'case-reference%'"
        assert conn.execute(count).fetchone() == (0,)


@pytest.mark.long  # as an import does, which is asked each time
def test_the_load_of_the_demonstration_stops_where_a_guard_goes_and_goes_on(
    empty: Own,
) -> None:
    """It says which guard; once that is put back, the same load records the rest."""
    settings = replace(read_settings(empty.environ), demo=None)
    database = Database(settings)
    with at(empty.root) as server:
        database.start()
        database.migrate()
        database.stop()
        conn = empty.superuser(server)
        far = list[int]()

        def harmed(done: int, _total: int) -> None:
            far.append(done)
            conn.execute(HARM.encode())

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("api.watching.LOOK_EVERY_S", 0.0)
            with pytest.raises(Refused, match=r"append_only of record\.cases"):
                load(settings, nation="english", seed=1, cases=12, today=END, progress=harmed)
        count = "SELECT count(*) FROM record.cases"
        stood = conn.execute(count).fetchone()
        assert len(far) == 1
        database.start()
        database.migrate()
        database.stop()
        load(settings, nation="english", seed=1, cases=12, today=END)
        whole = conn.execute(count).fetchone()
        conn.close()
        assert stood is not None
        assert whole is not None
        assert stood < whole


def test_an_import_stops_where_a_guard_goes_and_goes_on_once_it_is_mended(own: Own) -> None:
    """Between two lines it is noticed; what was recorded stays, and the rest comes with a new run.

    The guard goes while the first line waits for a lock, so it is gone before the second.
    """
    with at(own.root) as server, own.superuser(server) as conn, own.superuser(server) as other:
        with conn.transaction():
            conn.execute("LOCK record.cases IN EXCLUSIVE MODE")
            importing = own.holdfast("import", "chronology", str(JUNE), *NEW)
            until(lambda: waiting(other), 60)
            conn.execute(HARM.encode())
        said = own.come_to(importing, 2)
        assert "append_only of record.cases" in said
        assert "holdfast migrate" in said
        assert "of 8 lines stand in case" in said
        assert "run the same import again" in said
        database = Database(read_settings(own.environ))
        database.start()
        assert database.migrate().guards == ("append_only of record.cases",)
        database.stop()
        again = own.come_to(own.holdfast("import", "chronology", str(JUNE), *NEW, "--json"), 0)
        count = "SELECT count(*) FROM record.cases WHERE name LIKE 'chronology%'"
        assert conn.execute(count).fetchone() == (8,)
        assert '"added"' in again


@pytest.mark.long  # an append waits 20 s for a database that went away while it wrote
def test_an_import_whose_database_is_stopped_says_how_to_go_on(own: Own) -> None:
    """Told to stop while a line waited: code 5, and the same import records every line once."""
    with at(own.root) as server:
        conn, other = own.superuser(server), own.superuser(server)
        conn.execute("BEGIN")
        conn.execute("LOCK record.cases IN EXCLUSIVE MODE")
        importing = own.holdfast("import", "chronology", str(JUNE), *NEW, every=60)
        until(lambda: waiting(other), 60)
        os.kill(postmaster(own.root), signal.SIGINT)
        until(server.lost)
        conn.close()
        other.close()
    said = own.come_to(importing, 5)
    assert "0 of 8 lines stand in case" in said
    assert "run the same import again" in said
    again = own.come_to(own.holdfast("import", "chronology", str(JUNE), *NEW), 0)
    assert "Lines added 8" in again


@pytest.mark.long  # as an import does, above, and a service (tests/doors/test_guards.py)
@pytest.mark.parametrize("harm", [HARM, "GRANT UPDATE ON record.cases TO holdfast_writer"])
def test_who_follows_for_the_views_stops_where_a_guard_goes(own: Own, harm: str) -> None:
    """Code 2 and the remedy, as at a start."""
    with at(own.root) as server, own.superuser(server) as conn:
        following = own.holdfast("project", every=0.1)
        until(lambda: followed(conn), 60)
        assert following.poll() is None
        conn.execute(harm.encode())
        said = own.come_to(following, 2)
        assert "Nothing more is recorded until Holdfast is started again" in said
        assert "append_only" in said if harm == HARM else "plain login" in said


@pytest.mark.long  # as a service does (tests/record/test_server_revived.py)
def test_who_follows_ends_with_a_database_that_was_told_to_stop(own: Own) -> None:
    """Code 5, and that nothing is lost."""
    with at(own.root) as server:
        following = own.holdfast("project", every=60)
        with own.superuser(server) as conn:
            until(lambda: followed(conn), 60)
        os.kill(postmaster(own.root), signal.SIGINT)
        said = own.come_to(following, 5)
        assert "Start it again; nothing that was recorded is lost." in said


@pytest.mark.long  # as a service does (tests/record/test_server_revived.py), and as below
def test_who_follows_takes_over_a_database_that_was_killed_with_its_owner(
    own: Own,
    folders: Folders,  # noqa: F811 — the fixture
) -> None:
    """It says so, follows on, and the server ends with it."""
    owner = folders.hold(own.root)
    assert owner.became() == "owner"
    following = own.holdfast("project", every=60)
    with at(own.root) as server, own.superuser(server) as conn:
        until(lambda: followed(conn), 60)
    pid = postmaster(own.root)
    os.kill(parent(pid), signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    owner.kill()
    place = premises.find(own.root, None)
    until(lambda: cluster.postmaster(place) not in {None, pid} and _answers(place), 60)
    with at(own.root) as server, own.superuser(server) as conn:
        assert not server.owner
        until(lambda: followed(conn), 60)
    following.terminate()
    assert "this process has started it again" in own.come_to(following, 0)
    assert not processes(own.root)


@pytest.mark.long  # as whoever holds a server does (tests/record/test_server_taken_over.py)
def test_a_service_takes_over_a_database_that_was_killed_with_its_owner(
    own: Own,
    folders: Folders,  # noqa: F811 — the fixture
) -> None:
    """It is of use again, says what happened, and ends in order with the server it started."""
    owner = folders.hold(own.root)
    assert owner.became() == "owner"
    port = own.environ["HOLDFAST_PORT"] = str(free_port())
    serving = own.holdfast("serve", every=60)
    service = Service(serving, int(port))
    until(lambda: ready(service), 60)
    pid = postmaster(own.root)
    os.kill(parent(pid), signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    owner.kill()
    until(lambda: ready(service) and postmaster(own.root) != pid, 60)
    assert service.ask("/v1/cases")[0] == 200
    serving.terminate()
    assert "this process has started it again" in own.come_to(serving, 0)
    assert not processes(own.root)
