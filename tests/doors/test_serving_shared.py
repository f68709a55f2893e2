"""A service on a database that another process started: it goes on when that one leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPException
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest

from api.office import Office
from api.settings import read_settings
from domain.opening import Simulation
from tests.doors.test_serving import PROGRAM, ROOT, Service, free_port
from tests.record.serving import (  # noqa: F401 — `folders` is a fixture
    Folders,
    Holder,
    folders,
    linux_only,
    postmaster,
    processes,
    until,
)

pytestmark = linux_only


@pytest.mark.parametrize(
    "leave", [pytest.param(one, marks=pytest.mark.long) for one in (Holder.finish, Holder.kill)]
)
def test_a_service_outlives_whoever_started_its_database(
    folders: Folders,  # noqa: F811 — the fixture
    leave: object,
) -> None:
    """It reads and records on, on the same server; nothing acknowledged is lost, nothing is left.

    As where `serve` was started while an import ran, and the import ends or is killed.
    """
    data, port = folders.base / "data", free_port()
    data.mkdir(mode=0o711)
    root, environ = data / "postgresql", {"HOLDFAST_DATA": str(data), "HOLDFAST_PORT": str(port)}
    environ["HOLDFAST_DEVELOPMENT_IDENTITY"] = "1"
    owner = folders.hold(root)
    assert owner.became() == "owner"
    with Office(
        read_settings(environ), simulated=Simulation(seed=1, until=datetime(2020, 1, 1, tzinfo=UTC))
    ):
        pass
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "", "HOLDFAST_DEMO": "", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    over, acknowledged = Event(), list[str]()
    writers = [Thread(target=_register, args=(port, over, acknowledged)) for _ in range(2)]
    try:
        service = Service(process, port)
        service.wait_ready()
        pid = postmaster(root)
        for writer in writers:
            writer.start()
        until(lambda: len(acknowledged) > 5, 60)
        leave(owner)  # type: ignore[operator]  # one of the two above
        so_far = len(acknowledged)
        until(lambda: len(acknowledged) > so_far + 20, 60)
        assert service.ask("/v1/cases")[0] == 200
        assert service.ask("/ready")[0] == 200
        assert postmaster(root) == pid
    finally:
        over.set()
        for writer in writers:
            if writer.ident is not None:
                writer.join(60)
        process.kill()
        process.communicate(timeout=60)
    until(lambda: not processes(root), 30)
    with Office(read_settings(environ)) as office:
        assert all(office.record.log.stream(UUID(person)) for person in acknowledged)


def _register(port: int, over: Event, acknowledged: list[str]) -> None:
    """Record persons one after another, and note each that was acknowledged."""
    body = json.dumps({"command": {"details": {}}}).encode()
    while not over.is_set():
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/persons",
            data=body,
            headers={"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"},
        )
        with (
            suppress(urllib.error.URLError, HTTPException, TimeoutError, ConnectionError),
            urllib.request.urlopen(request, timeout=20) as answer,  # noqa: S310 — our own
        ):
            acknowledged.append(json.loads(answer.read())["stream"])
