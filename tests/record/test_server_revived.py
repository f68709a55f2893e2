"""The embedded PostgreSQL killed while its owner lives: brought back, or given up audibly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path

import psycopg
import pytest

from domain.record import cluster, premises, server
from domain.record.server import EmbeddedServer, ServerError
from tests.record.serving import (
    REPOSITORY,
    Folders,
    ask,
    at,
    linux_only,
    parent,
    postmaster,
    processes,
    until,
)

pytestmark = linux_only


SERVE = "import sys; from api.cli import main; sys.exit(main())"


def answers(running: EmbeddedServer) -> bool:
    """Whether the server answers at the place it was first found at."""
    try:
        return ask(running, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_a_killed_postmaster_comes_back_under_its_owner(
    begun: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Same place, nothing committed lost, twice in a row, and one plain line for the operator."""
    with at(begun) as running:
        where = running.conninfo("postgres", "postgres")
        ask(running, "CREATE TABLE kept AS SELECT 1 AS id")
        home = running.home
        for _ in range(2):
            old = postmaster(begun)
            os.kill(old, signal.SIGKILL)
            until(lambda old=old: cluster.postmaster(premises.find(begun, None)) not in {None, old})  # type: ignore[misc]
            until(lambda: answers(running), 40)
            assert ask(running, "SELECT count(*) FROM kept") == 1
        assert running.conninfo("postgres", "postgres") == where
        assert not running.lost()
    until(lambda: not processes(home), 5)
    assert capfd.readouterr().err.count("is being started again") == 1


def test_an_owner_killed_after_its_server_came_back_still_ends_it(
    folders: Folders, begun: Path
) -> None:
    """A server started again is supervised as the first was."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    place = premises.find(begun, None)
    old = postmaster(begun)
    os.kill(old, signal.SIGKILL)
    until(lambda: cluster.postmaster(place) not in {None, old} and server._answers(place), 40)
    owner.kill()
    until(lambda: not processes(place.home), 20)


def test_a_server_told_to_stop_is_not_brought_back_and_the_owner_can_tell(begun: Path) -> None:
    """An end in good order was somebody's will: the owner is told, and a new start works."""
    running = at(begun).start()
    os.kill(postmaster(begun), signal.SIGINT)
    until(running.lost)
    running.stop()
    assert not running.lost()
    with running:
        assert ask(running, "SELECT 1") == 1


def test_a_server_killed_together_with_its_supervisor_is_known_to_be_lost(begun: Path) -> None:
    """Nobody is left to start it again; the owner sees that, and a new start works."""
    with at(begun) as running:
        pid = postmaster(begun)
        os.kill(parent(pid), signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        until(running.lost)
    with at(begun) as running:
        assert ask(running, "SELECT 1") == 1


def test_who_waits_for_an_owner_without_a_server_is_told_whom_to_stop(
    folders: Folders, begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait has an end of its own, and the message names the process and the remedy."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    pid = postmaster(begun)
    os.kill(parent(pid), signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    until(lambda: cluster.postmaster(premises.find(begun, None)) is None)
    monkeypatch.setattr(server, "ABSENT_S", 0.1)
    monkeypatch.setattr(server, "PROGRESS_S", 0.0)
    told: list[str] = []
    with pytest.raises(ServerError, match=f"process {owner.process.pid} holds .*stop that process"):
        at(begun, progress=told.append).start()
    assert any(f"process {owner.process.pid} holds" in sentence for sentence in told)
    assert owner.process.poll() is None


def ready(port: int) -> bool:
    """Whether a service says that it is of use."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=10) as said:
            return bool(said.status == 200)
    except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError):
        return False


def test_a_service_outlives_a_killed_postmaster_and_ends_when_told_of_no_return(
    folders: Folders,
) -> None:
    """`serve` is of use again after the kill; without a database for good it exits, saying so."""
    data = folders.base / "data"
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    environ = {name: word for name, word in os.environ.items() if name != "DATABASE_URL"}
    environ |= {
        "HOLDFAST_DATA": str(data),
        "HOLDFAST_PORT": str(port),
        "HOLDFAST_OIDC_ISSUER": "https://issuer.invalid",
    }
    said = folders.base / "said"
    with said.open("w") as out:
        service = subprocess.Popen(
            [sys.executable, "-c", SERVE, "serve"],
            cwd=REPOSITORY,
            env=environ,
            stdout=out,
            stderr=out,
        )
    try:
        until(lambda: ready(port), 60)
        os.kill(postmaster(data / "postgresql"), signal.SIGKILL)
        until(lambda: not ready(port))
        until(lambda: ready(port), 60)
        os.kill(postmaster(data / "postgresql"), signal.SIGINT)
        assert service.wait(40) == 5
    finally:
        service.kill()
        service.wait(30)
    assert "Start it again; nothing that was recorded is lost." in said.read_text()
