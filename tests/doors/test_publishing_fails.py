"""A real service whose folder fails, or that is killed while it publishes: recording goes on.

What is wrong is said once and at /health, and once it is mended the proof goes on by itself.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest

from domain.record.proof.checkpoint import read_checkpoint
from domain.record.proof.exporting import VERIFIER
from domain.record.proof.note import read_note
from tests.conftest import LOGIN, Database
from tests.doors.test_serving import (  # noqa: F401 — `service` is a fixture
    PROGRAM,
    ROOT,
    Service,
    free_port,
    gone,
    service,
)


def register(port: int) -> int:
    """Record a person; the position it got."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/persons",
        data=json.dumps({"command": {"details": {}}}).encode(),
        headers={"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 — our own
        assert answer.status == 201
        return int(json.loads(answer.read())["positions"][1])


def until(what: Callable[[], object], seconds: int = 60) -> None:
    """Wait until something is so."""
    for _ in range(seconds * 10):
        if what():
            return
        Event().wait(0.1)
    pytest.fail("it never was")


class Place:
    """The folder where a service publishes, as a disk of its own where this account may mount."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
        self.mounted = os.geteuid() == 0 and _done(mount)
        self._pid = 0

    def fill(self, pid: int) -> None:
        """Leave no room: on the disk, or for the process that publishes."""
        self._pid = pid
        if self.mounted:
            with suppress(OSError), (self.folder / "rubbish").open("wb") as file:
                while True:
                    file.write(bytes(4096))
                    file.flush()
        else:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (16, resource.RLIM_INFINITY))

    def close(self, _pid: int) -> None:
        """Let nothing be written."""
        if self.mounted:
            assert _done(["mount", "-o", "remount,ro", str(self.folder)])
        elif os.geteuid() == 0:  # whom no mode hinders
            self.folder.rename(self.folder.with_name("moved"))
            self.folder.write_bytes(b"")
        else:
            for one in (self.folder, *self.folder.iterdir()):
                one.chmod(0o555)

    def mend(self) -> None:
        """Let it be as before."""
        if self.mounted:
            assert _done(["mount", "-o", "remount,rw", str(self.folder)])
            (self.folder / "rubbish").unlink(missing_ok=True)
        elif self._pid:
            unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(self._pid, resource.RLIMIT_FSIZE, unlimited)
        elif os.geteuid() == 0:
            self.folder.unlink()
            self.folder.with_name("moved").rename(self.folder)
        else:
            for one in (self.folder, *self.folder.iterdir()):
                one.chmod(0o755)

    def end(self) -> None:
        """Give the disk back."""
        if self.mounted:
            assert _done(["umount", "-l", str(self.folder)])


def _done(words: list[str]) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Give the folder where the service will publish."""
    one = Place(tmp_path / "proof")
    yield one
    one.end()


def proof(one: Service) -> dict[str, object]:
    """What /health says of the proof of cases."""
    found: dict[str, object] = json.loads(one.ask("/health")[1])["proof"]["cases"]
    return found


def size(folder: Path) -> int:
    """The size of what is published."""
    with suppress(FileNotFoundError):
        return read_checkpoint(read_note((folder / "cases/checkpoint").read_bytes())[0]).size
    return 0


def demand_verified(folder: Path) -> None:
    """Have what is published verified as an outsider does."""
    words = [sys.executable, str(VERIFIER / "verify.py"), str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("fails", [Place.fill, Place.close], ids=["full", "read-only"])
def test_a_folder_that_fails_stops_the_publishing_alone(
    place: Place,
    service: Service,  # noqa: F811 — the fixture
    fails: Callable[[Place, int], None],
) -> None:
    """Recording and receipts go on, it is said, and it heals once there is room again."""
    service.wait_ready()
    first = register(service.port)
    until(lambda: size(place.folder) >= first)
    follower = service.follower()
    fails(place, follower)
    second = register(service.port)
    until(lambda: proof(service)["trouble"] == "folder")
    since = proof(service)["since"]
    third = register(service.port)
    until(lambda: service.ask(f"/v1/receipts/cases/{third}")[0] == 200)
    assert service.ask("/ready")[0] == 200
    assert service.follower() == follower
    assert proof(service)["since"] == since
    place.mend()
    until(lambda: proof(service)["trouble"] is None)
    until(lambda: size(place.folder) >= third > second)
    demand_verified(place.folder)
    service.process.send_signal(signal.SIGINT)
    said, _ = service.process.communicate(timeout=60)
    told = [line for line in said.splitlines() if "HOLDFAST_PROOF" in line and "cases" in line]
    assert len(told) == 1, said
    assert "ERROR" in told[0]
    assert "the proof of cases goes on" in said


def test_a_service_that_is_killed_while_it_publishes_goes_on(
    database: Database,
    tmp_path: Path,
    service: Service,  # noqa: F811 — the fixture
) -> None:
    """Killed in the moment it writes in its folder, again and again: what lies there is whole."""
    folder = tmp_path / "proof"
    environ = {**os.environ, "HOLDFAST_DATA": str(tmp_path), "HOLDFAST_DEVELOPMENT_IDENTITY": "1"}
    environ |= {"DATABASE_URL": database.conninfo(LOGIN)}
    last = killed(service, folder, 0)
    for _ in range(2):
        port = free_port()
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={**environ, "HOLDFAST_PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            last = killed(Service(process, port), folder, last)


def killed(one: Service, folder: Path, last: int) -> int:
    """Record, and kill both processes while one writes in the folder; the size published then."""
    over, acknowledged = Event(), list[int]()
    try:
        one.wait_ready()
        writer = Thread(target=_record, args=(one.port, over, acknowledged))
        writer.start()
        until(lambda: acknowledged and size(folder) > last)
        follower = one.follower()
        _in_the_midst(folder, follower)
        one.process.kill()
        os.kill(follower, signal.SIGKILL)
        assert gone(follower)
        over.set()
        writer.join()
    finally:
        over.set()
        one.process.kill()
        one.process.wait()
    assert (folder / "cases/.lock").exists() or (folder / "readings/.lock").exists()
    demand_verified(folder)
    return size(folder)


def _in_the_midst(folder: Path, follower: int) -> None:
    """Wait until somebody writes in the folder, and stop them there."""
    for _ in range(200_000):
        if any(folder.glob("*/.part-*")) or any(folder.glob("*/.lock")):
            os.kill(follower, signal.SIGSTOP)
            if any(folder.glob("*/.lock")):
                return
            os.kill(follower, signal.SIGCONT)
    pytest.fail("nobody ever wrote")


def _record(port: int, over: Event, acknowledged: list[int]) -> None:
    while not over.is_set():
        # HTTPException: killed after the head of its answer was sent, and before its body.
        with suppress(urllib.error.URLError, HTTPException, TimeoutError, ConnectionError):
            acknowledged.append(register(port))
