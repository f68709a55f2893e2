"""The embedded PostgreSQL lives as long as any process uses it, whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from domain.record import cluster, premises, server
from tests.record.serving import (
    HOLD,
    REPOSITORY,
    SUPERUSER,
    WRITE,
    Folders,
    Holder,
    ask,
    at,
    linux_only,
    parent,
    postmaster,
    processes,
    until,
)

pytestmark = linux_only
LEAVING = {"exit": Holder.finish, "kill -9": Holder.kill}

# Says when the server it uses is gone for good.
TELL_LOSS = """
import time
while not held.lost():
    time.sleep(0.05)
print("lost", flush=True)
"""


@pytest.mark.parametrize("how", [pytest.param("exit", marks=pytest.mark.long), "kill -9"])
def test_a_server_outlives_whoever_started_it_while_another_uses_it(
    folders: Folders, root: Path, how: str
) -> None:
    """The same server goes on, nobody starts a second, and it ends with the last user."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    pid, home = postmaster(root), premises.home_of(root)
    noted = folders.base / "noted"
    writer = folders.hold(root, WRITE, str(noted))
    assert writer.became() == "attached"
    until(lambda: noted.exists() and noted.read_bytes().count(b"\n") > 100)
    LEAVING[how](owner)
    so_far = noted.read_bytes().count(b"\n")
    until(lambda: noted.read_bytes().count(b"\n") > so_far + 500, 10)
    third = folders.hold(root)
    assert third.became() == "attached"
    assert postmaster(root) == pid
    third.finish()
    so_far = noted.read_bytes().count(b"\n")
    until(lambda: noted.read_bytes().count(b"\n") > so_far + 500, 10)
    writer.kill()
    until(lambda: not processes(home), 10)
    with at(root) as running, psycopg.connect(running.conninfo(*SUPERUSER)) as connection:
        assert running.owner
        kept = {row[0] for row in connection.execute("SELECT id FROM written")}
    assert {int(line) for line in noted.read_text().split()} <= kept


def test_the_last_to_leave_waits_until_nothing_runs(folders: Folders, root: Path) -> None:
    """Whoever stops last stops the server, also where another started it."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    home = premises.home_of(root)
    with at(root) as running:
        assert not running.owner
        owner.finish()
        assert ask(running, "SELECT 1") == 1
    assert not processes(home)


def test_of_six_the_owner_may_leave_first_and_the_rest_may_be_killed(
    folders: Folders, root: Path
) -> None:
    """Five go on with one server; when the last of them is killed, nothing is left of it."""
    six = [folders.hold(root) for _ in range(6)]
    became = [holder.became() for holder in six]
    assert sorted(became) == ["attached"] * 5 + ["owner"]
    pid, place = postmaster(root), premises.find(root, None)
    six.pop(became.index("owner")).kill()
    for holder in six:
        assert server._answers(place)
        assert postmaster(root) == pid
        holder.kill()
    until(lambda: not processes(place.home), 10)


def test_a_server_left_to_others_is_revived_for_them(folders: Folders, root: Path) -> None:
    """One that is killed comes back although whoever started it has gone."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    place = premises.find(root, None)
    with at(root) as running:
        owner.finish()
        old = postmaster(root)
        os.kill(old, signal.SIGKILL)
        until(lambda: cluster.postmaster(place) not in {None, old} and server._answers(place), 40)
        assert not running.lost()
    assert not processes(place.home)


@pytest.mark.long
def test_whoever_listens_to_the_one_that_left_hears_its_end(folders: Folders, root: Path) -> None:
    """What stays behind for others holds no output of the process that started the server."""
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(then=""), str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=REPOSITORY,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"owner\n"
    other = folders.hold(root)
    assert other.became() == "attached"
    assert owner.communicate(timeout=10) == (b"", b"")


@pytest.mark.long
def test_the_last_user_ends_a_server_that_nobody_supervises(folders: Folders, root: Path) -> None:
    """Owner and supervisor killed: no postmaster is left when the last user stops."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    with at(root) as running:
        os.kill(parent(postmaster(root)), signal.SIGKILL)
        owner.kill()
        assert ask(running, "SELECT 1") == 1
        home = running.home
    assert not processes(home)


@pytest.mark.long
def test_who_attached_can_tell_that_the_server_is_gone_for_good(
    folders: Folders, root: Path
) -> None:
    """Server, supervisor and owner killed: whoever attached sees it, and a new start works."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    other = folders.hold(root, TELL_LOSS)
    assert other.became() == "attached"
    pid = postmaster(root)
    os.kill(parent(pid), signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    owner.kill()
    assert other.became() == "lost"
    with at(root) as running:
        assert running.owner
