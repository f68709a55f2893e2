"""Owner, supervisor and postmaster killed: whoever still uses the folder may start it anew."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg
import pytest

from domain.record import premises
from domain.record.server import EmbeddedServer
from tests.record.serving import (
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

# Takes over as often as the server is lost; says what it is whenever another server runs. Whoever
# was not looking while nothing ran has lost nothing, recovers nothing, and is attached all the
# same.
TAKE_OVER = """
import time
from domain.record import cluster, premises
place = premises.find(Path(sys.argv[1]), None)
known = int(sys.argv[2])
while True:
    up = not held.lost() or held.recover()
    now = cluster.postmaster(place)
    if now not in {known, None}:
        known = now
        print(up, "owner" if held.owner else "attached", flush=True)
    time.sleep(0.02)
"""


def kill_all(owner: Holder, root: Path) -> None:
    """Kill the supervisor, its server and whoever started them, in that order."""
    pid = postmaster(root)
    os.kill(parent(pid), signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    owner.kill()


def test_who_attached_takes_over_when_all_else_was_killed(folders: Folders, begun: Path) -> None:
    """The same place, nothing committed lost, and supervised anew: it ends with its new owner."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    with at(begun) as running:
        where = running.conninfo("postgres", "postgres")
        ask(running, "CREATE TABLE kept AS SELECT 1 AS id")
        home = running.home
        assert (running.recover(), running.owner) == (True, False)  # nothing is lost
        kill_all(owner, begun)
        until(running.lost)
        assert (running.recover(), running.owner, running.lost()) == (True, True, False)
        assert running.conninfo("postgres", "postgres") == where
        assert ask(running, "SELECT count(*) FROM kept") == 1
        old = postmaster(begun)
        os.kill(old, signal.SIGKILL)  # whoever took over has a supervisor as any owner has
        until(lambda: answers(running), 40)
    until(lambda: not processes(home))


def answers(running: EmbeddedServer) -> bool:
    """Whether the server answers."""
    try:
        return ask(running, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_of_several_that_are_left_one_takes_over_and_the_others_attach(
    folders: Folders, begun: Path
) -> None:
    """Twice in a row, each time without whoever owned it."""
    first = folders.hold(begun)
    assert first.became() == "owner"
    left = [folders.hold(begun, TAKE_OVER, str(postmaster(begun))) for _ in range(3)]
    assert [one.became() for one in left] == ["attached"] * 3
    owner = first
    for _ in range(2):
        kill_all(owner, begun)
        said = [one.became() for one in left]
        assert sorted(said) == ["True attached"] * (len(left) - 1) + ["True owner"]
        owner = left.pop(said.index("True owner"))
    home = premises.home_of(begun)
    (last,) = left
    owner.kill()
    last.kill()
    until(lambda: not processes(home))


def test_what_was_told_to_stop_is_taken_over_by_nobody(folders: Folders, begun: Path) -> None:
    """An end in good order was somebody's will."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    with at(begun) as running:
        os.kill(postmaster(begun), signal.SIGINT)
        until(running.lost)
        assert not running.recover()
        owner.kill()
        assert not running.recover()
        assert not processes(running.home)


@pytest.mark.parametrize("second", [pytest.param("owner", marks=pytest.mark.long), "attached"])
def test_two_of_one_process_do_not_wait_for_each_other(begun: Path, second: str) -> None:
    """As where `holdfast demo` holds the server beside the office that it opened."""
    with at(begun) as one, at(begun) as other:
        pid = postmaster(begun)
        os.kill(parent(pid), signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        until(one.lost)
        first = other if second == "owner" else one
        assert first.recover()
        assert (one.lost(), other.lost(), one.owner, other.owner) == (False, False, True, False)
        assert ask(other, "SELECT 1") == 1
    assert not processes(premises.home_of(begun))
