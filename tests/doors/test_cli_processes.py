"""The command line as processes: started anyhow, told to stop, and killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import LOGIN, OWNER, Database
from tests.doors.conftest import Doors, settings_for
from tests.doors.copied import both, empty_place

HOLDFAST = [sys.executable, "-c", "from api.cli import main; main()"]
PATIENCE_S = 120.0


@contextmanager
def started(
    *arguments: str, environ: dict[str, str], said: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command as a shell does in the background: with SIGINT ignored."""
    with said.open("wb") as out:
        process = subprocess.Popen(
            [*HOLDFAST, *arguments],
            env={**os.environ, **environ},
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509 — before anything runs
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def wait_until(ready: Path, words: str, process: subprocess.Popen[bytes]) -> float:
    """Wait for a process to say something; gives the seconds it took."""
    begun = time.monotonic()
    while time.monotonic() < begun + PATIENCE_S:
        text = ready.read_text("utf-8")
        if words in text:
            return time.monotonic() - begun
        assert process.poll() is None, text
        time.sleep(0.05)
    pytest.fail(f"it did not say {words!r}: {ready.read_text('utf-8')}")


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)]
)
def test_project_follows_until_it_is_told_to_stop(
    database: Database, tmp_path: Path, number: signal.Signals
) -> None:
    """Both signals end it in order, although a background shell ignores the first."""
    settings = settings_for(database, tmp_path)
    environ = {
        "DATABASE_URL": database.conninfo(LOGIN),
        "HOLDFAST_OWNER_URL": database.conninfo(OWNER),
        "HOLDFAST_DATA": str(settings.data),
    }
    said = tmp_path / "said"
    with started("project", environ=environ, said=said) as process:
        wait_until(said, "following the record", process)
        time.sleep(1)  # until it follows; a signal before that ends it all the same
        process.send_signal(number)
        assert process.wait(PATIENCE_S) in {0, 128 + number}
    assert "Traceback" not in said.read_text("utf-8")


def test_a_backup_is_restored_by_a_process_that_did_nothing_before(
    doors: Doors, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What a backup lacks, as the views, is nothing that an earlier command of a process made."""
    doors.case(doors.person())
    outside = tmp_path_factory.mktemp("outside")
    backup, keys = both(doors, outside)
    master = doors.office.settings.master_key_file.read_bytes()
    with empty_place(database, outside / "place", master) as place:
        environ = {
            "DATABASE_URL": place.database.conninfo(LOGIN),
            "HOLDFAST_OWNER_URL": place.database.conninfo(OWNER),
            "HOLDFAST_DATA": str(place.settings.data),
        }
        said = outside / "said"
        restoring = ("restore", str(backup), "--keys", str(keys))
        with started(*restoring, environ=environ, said=said) as process:
            assert process.wait(PATIENCE_S) == 0, said.read_text("utf-8")


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def of_folder(folder: Path) -> list[str]:
    """The processes that have this folder in their command line."""
    found = []
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it may have ended meanwhile
            if str(folder).encode() in cmdline.read_bytes():
                found.append(cmdline.parent.name)
    return found


@pytest.mark.long
def test_a_demonstration_starts_stops_and_starts_again(tmp_path: Path) -> None:
    """From nothing to a page; Ctrl-C leaves no process; the second start has the same data."""
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:
        if folder.stat().st_mode & 0o077 == 0 and folder != Path("/"):
            folder.chmod(0o755)  # root hands PostgreSQL to another account
            break
    port = free_port()
    environ = {"HOLDFAST_DATA": str(tmp_path / "data"), "HOLDFAST_PORT": str(port)}
    environ |= {"DATABASE_URL": "", "HOLDFAST_DEMO": ""}
    answers = []
    for start in ("first", "second"):
        said = tmp_path / f"{start}.said"
        with started("demo", environ=environ, said=said) as process:
            took = wait_until(said, "Ctrl-C stops everything", process)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/events?limit=1") as answer:
                answers.append(answer.read())
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        assert "Traceback" not in said.read_text("utf-8")
        assert of_folder(tmp_path / "data") == []
        if start == "second":
            assert "loading" not in said.read_text("utf-8")
            assert took < PATIENCE_S / 4
    assert answers[0] == answers[1]
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
