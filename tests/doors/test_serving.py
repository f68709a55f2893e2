from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import psycopg
import pytest

from api.office import Office
from api.serving import serve
from domain.opening import Simulation
from domain.refusal import Refused
from tests.conftest import LOGIN, OWNER, Database
from tests.doors.conftest import settings_for

ROOT = Path(__file__).parents[2]
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell starts what it runs in the background
from api.serving import serve
from api.settings import read_settings
serve(read_settings(), ready=lambda: print("ready", flush=True))
print("stopped", flush=True)
"""


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(slots=True)
class Service:
    """A service started as a program."""

    process: subprocess.Popen[str]
    port: int

    def wait_ready(self) -> None:
        """Wait until it answers that it is of use."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == "ready"
        for _ in range(300):
            if self.ask("/ready")[0] == 200:
                return
            Event().wait(0.1)
        pytest.fail(f"never ready: {self.ask('/ready')}")

    def ask(self, path: str) -> tuple[int, str]:
        """Ask for a path; give the status and the text."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as got:
                return got.status, got.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def follower(self) -> int:
        """Give the id of its second process."""
        (one,) = self.children()
        return one

    def children(self) -> list[int]:
        """Give the ids of the processes it started: none while one that died is being replaced."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Iterator[Service]:
    """Start a service on a test's database, with SIGINT ignored; kill what is left of it."""
    settings = settings_for(database, tmp_path)
    with Office(settings, simulated=Simulation(seed=1, until=datetime(2020, 1, 1, tzinfo=UTC))):
        pass  # a record of made-up people: the development identity serves no other
    port = free_port()
    environ = {
        **os.environ,
        **settings.environ,
        "HOLDFAST_PORT": str(port),
        "DATABASE_URL": database.conninfo(LOGIN),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield Service(process, port)
    process.kill()
    process.communicate()


def gone(pid: int) -> bool:
    """Wait until a process is gone."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        Event().wait(0.1)
    return False


def test_a_service_follows_for_its_views_and_stops_in_order(service: Service) -> None:
    """Two processes; one that dies is replaced; SIGINT stops both, though it began ignored."""
    service.wait_ready()
    first = service.follower()
    os.kill(first, signal.SIGKILL)
    assert gone(first)
    for _ in range(300):
        if service.ask("/ready")[0] == 200 and service.children() not in ([], [first]):
            break
        Event().wait(0.1)
    second = service.follower()
    assert second != first
    found = json.loads(service.ask("/health")[1])
    assert all(one["followed"] for one in found["projections"])
    assert service.ask("/v1/cases?team=private-words")[0] == 200
    service.process.send_signal(signal.SIGINT)
    said, _ = service.process.communicate(timeout=60)
    assert service.process.returncode == 0
    assert said.rstrip().endswith("stopped")
    assert "private-words" not in said
    assert gone(second)


@pytest.mark.long  # over a socket; without one tests/doors/test_wrong_input.py asks it each time
def test_a_client_that_sends_before_it_listens_hears_that_its_body_is_too_large(
    service: Service,
) -> None:
    """A body a few times too large is read to its end, so that the answer is not lost."""
    service.wait_ready()
    for _ in range(5):
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
        connection.request("POST", "/v1/cases", body=b"x" * (3 << 20))
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Connection")) == (413, "close")
        assert json.loads(answer.read())["type"] == "/problems/body-too-large"
        connection.close()
    assert service.ask("/health")[0] == 200


def test_what_follows_ends_with_a_service_that_is_killed(service: Service) -> None:
    """A service killed outright leaves nothing running."""
    service.wait_ready()
    follower = service.follower()
    service.process.kill()
    assert gone(follower)


def test_a_port_that_is_taken_is_said_before_anything_is_begun(
    database: Database, tmp_path: Path
) -> None:
    """The remedy names the setting."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_for(database, tmp_path, HOLDFAST_PORT=str(taken.getsockname()[1]))
        with pytest.raises(Refused, match="HOLDFAST_PORT"):
            serve(settings)


@pytest.mark.parametrize("begun", [1, 0])
def test_the_development_identity_serves_no_real_record(
    database: Database, tmp_path: Path, begun: int
) -> None:
    """Nobody is let in unnamed where real people may be; an empty record is left empty."""
    settings = replace(settings_for(database, tmp_path), port=free_port())
    if begun:
        with Office(settings):
            pass
    with pytest.raises(Refused, match=r"made up: set HOLDFAST_OIDC_ISSUER") as refused:
        serve(settings)
    assert (refused.value.code, refused.value.rule) == ("identity", "start-up")
    with psycopg.connect(database.conninfo(LOGIN), options="-c role=holdfast_writer") as conn:
        assert conn.execute("SELECT count(*) FROM record.cases").fetchone() == (begun,)


def test_nothing_is_served_whose_leaves_prove_nothing(database: Database, tmp_path: Path) -> None:
    """A start that would append rows nobody can prove says so instead."""
    settings = replace(
        settings_for(database, tmp_path, HOLDFAST_DEVELOPMENT_IDENTITY="0"), port=free_port()
    )
    with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
        conn.execute("ALTER TABLE record.cases ALTER leaf SET EXPRESSION AS (sha256(header))")
    with pytest.raises(Refused, match="holdfast verify"):
        serve(replace(settings, oidc_issuer="https://issuer.invalid"))
