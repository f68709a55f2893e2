"""What the tests of the embedded PostgreSQL share: folders, other processes, a look at /proc."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from domain.record import cluster, premises
from domain.record.premises import Premises
from domain.record.server import EmbeddedServer, ServerSettings
from tests.conftest import a_folder, own_files

REPOSITORY = Path(__file__).parents[2]
# What these tests prove is which processes live, and under which account: only /proc tells that.
# CI runs on Linux, where none of them is left out.
linux_only = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes through /proc (Linux)"
)
SUPERUSER = ("postgres", "postgres")

# Starts the folder's server, says what it became, holds it until its input closes.
HOLD = """
import sys
from pathlib import Path
from domain.record.server import EmbeddedServer, ServerSettings
held = EmbeddedServer(ServerSettings(root=Path(sys.argv[1]))).start()
print("adopted" if held.adopted else "owner" if held.owner else "attached", flush=True)
{then}
sys.stdin.read()
held.stop()
"""

# Commits one row at a time and notes each number only after COMMIT was acknowledged.
WRITE = """
import os, psycopg
noted = os.open(sys.argv[2], os.O_CREAT | os.O_APPEND | os.O_WRONLY)
with psycopg.connect(held.conninfo("postgres", "postgres"), autocommit=True) as connection:
    connection.execute("CREATE TABLE written (id bigint PRIMARY KEY)")
    for number in range(10**9):
        connection.execute("INSERT INTO written VALUES (%s)", (number,))
        os.write(noted, b"%d\\n" % number)
"""


class Holder:
    """Another process that starts the folder's server and holds it."""

    def __init__(self, root: Path, then: str = "", *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD.format(then=then), str(root), *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=REPOSITORY,
            start_new_session=True,
        )

    def became(self) -> str:
        """Wait for its word: owner, attached or adopted."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def finish(self) -> None:
        """Let it stop in good order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)

    def kill(self) -> None:
        """Kill it, so that it can clean up nothing."""
        self.process.kill()
        self.process.wait(30)

    def close(self) -> None:
        """Close our ends of its pipes, not waiting for a fork that may hold the other ends."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class Folders:
    """Folders for servers, and what has to be cleared away after them."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.holders: list[Holder] = []
        self.children: list[int] = []

    def hold(self, root: Path, then: str = "", *more: str) -> Holder:
        """Start another process on a folder; it is ended with the test."""
        holder = Holder(root, then, *more)
        self.holders.append(holder)
        return holder

    def clear(self) -> None:
        """End every process of these folders and remove the folders and their homes."""
        for holder in self.holders:
            holder.kill()
            holder.close()
        roots = [path.parent for path in self.base.rglob("lock") if path.is_file()]
        for home in {premises.home_of(root) for root in roots}:
            for pid in (*self.children, *processes(home)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            until(lambda home=home: not processes(home))  # type: ignore[misc]
            if home.parent == premises.SHELTER:
                for left in premises.SHELTER.glob(f"{home.name}*"):
                    shutil.rmtree(left)
        shutil.rmtree(self.base)
        if premises.SHELTER.exists():
            with contextlib.suppress(OSError):  # it stays if another server is kept there
                premises.SHELTER.rmdir()


@pytest.fixture
def folders() -> Iterator[Folders]:
    """A base folder that PostgreSQL's account can reach (pytest's own is closed to all but us)."""
    made = Folders(Path(tempfile.mkdtemp(prefix="holdfast-test-", dir=own_files())))
    made.base.chmod(0o711)
    yield made
    made.clear()


@pytest.fixture
def root(folders: Folders) -> Path:
    """The folder of one server; it does not exist yet."""
    return folders.base / "root"


@pytest.fixture(scope="session")
def cluster_made() -> Iterator[Path]:
    """The data folder of a new cluster, made as every start in an empty folder makes it."""
    with a_folder() as folder:
        with at(folder / "root") as running:
            data = running.home / "data"
        yield data


@pytest.fixture
def begun(root: Path, cluster_made: Path) -> Path:
    """The folder of one server, not running, whose new cluster is a copy.

    For tests about what comes after the making: a copy takes a tenth of the time of initdb.
    """
    begin(root, cluster_made)
    return root


def begin(root: Path, made: Path) -> None:
    """Put a copy of a new cluster into a folder, which is made as a start would make it."""
    root.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True)
    subprocess.run(["cp", "-a", made, root / "data"], check=True)  # -a: it stays PostgreSQL's own


def until(law: Callable[[], bool], limit_s: float = 20) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + limit_s
    while not law():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def processes(home: Path) -> list[int]:
    """Living processes that work in the data folder or were started with its name."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")  # a zombie has none
            named = os.fsencode(home / "data") in words
            if words != [b""] and (named or (process / "cwd").readlink() == home / "data"):
                found.append(int(process.name))
    return found


def at(root: Path, **more: object) -> EmbeddedServer:
    """A server in this folder, not started."""
    return EmbeddedServer(ServerSettings(root=root, **more))  # type: ignore[arg-type]


def ask(running: EmbeddedServer, query: str) -> object:
    """The first value of the answer, as the superuser."""
    with psycopg.connect(running.conninfo(*SUPERUSER), autocommit=True) as connection:
        answer = connection.execute(query.encode())
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def postmaster(root: Path) -> int:
    """The pid of the folder's server, which has to be running."""
    pid = cluster.postmaster(premises.find(root, None))
    assert pid is not None
    return pid


def parent(pid: int) -> int:
    """The parent of a process: of a postmaster, its supervisor."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def made_once(root: Path) -> Premises:
    """A cluster with one row in it, cleanly stopped."""
    with at(root) as running:
        ask(running, "CREATE TABLE kept AS SELECT 1 AS id")
    return premises.find(root, None)
