"""The embedded PostgreSQL: started anyhow, killed anyhow, and shared."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from domain.record import premises, server
from tests.record.serving import (
    SUPERUSER,
    WRITE,
    Folders,
    ask,
    at,
    linux_only,
    made_once,
    parent,
    postmaster,
    processes,
    until,
)

pytestmark = linux_only

FORK = """
import os, time
if os.fork() == 0:
    time.sleep(60)
    os._exit(0)
"""

# -- ordinary days ---------------------------------------------------------------------------------


def test_a_cold_start_answers_and_a_clean_stop_leaves_no_process(root: Path) -> None:
    """From an empty folder to a query and back to nothing running."""
    with at(root) as running:
        assert running.owner
        assert not running.adopted
        assert ask(running, "SELECT 1") == 1
        home = running.home
    until(lambda: not processes(home), 2)
    assert not running.owner


def test_a_warm_start_finds_what_was_there(root: Path) -> None:
    """A second start of the same folder makes no new cluster."""
    made_once(root)
    with at(root) as running:
        assert ask(running, "SELECT count(*) FROM kept") == 1


def test_a_crash_is_spoken_of_where_there_was_one() -> None:
    """A first start is not said to replay anything; one that does says how far it is."""
    first = "database system was shut down\nlistening on Unix socket\n"
    assert server._starting("") == server._starting(first) == ["PostgreSQL is starting"]
    crashed = first + "not properly shut down; automatic recovery in progress\n"
    assert "after a crash" in server._starting(crashed)[0]
    assert server._starting(crashed + "redo in progress, 10 s\n")[1:] == ["redo in progress, 10 s"]


def test_durability_and_privacy_settings_are_in_force(begun: Path) -> None:
    """COMMIT lasts, blocks are checked, nothing listens, whatever the data folder's files say."""
    place = made_once(begun)
    with (place.data / "postgresql.auto.conf").open("a") as file:
        file.write("fsync = off\nlisten_addresses = '*'\nlog_statement = 'all'\n")
    expected = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "log_statement": "none",
        "shared_buffers": "128MB",
        "max_connections": "20",
        "wal_level": "replica",
    }
    with at(begun, extra={"max_connections": "20"}) as running:
        assert {name: ask(running, f"SHOW {name}") for name in expected} == expected


def test_any_role_may_be_used_by_the_account_that_runs_holdfast(begun: Path) -> None:
    """Roles need no operating system account and no password."""
    with at(begun) as running:
        ask(running, "CREATE ROLE some_reader LOGIN")
        with psycopg.connect(running.conninfo("postgres", "some_reader")) as connection:
            row = connection.execute("SELECT current_user").fetchone()
        assert row == ("some_reader",)


def test_the_log_holds_no_statement_parameter_or_row(begun: Path) -> None:
    """Errors, violated keys and a crash of the process that runs a statement tell it nothing."""
    word = "Penelope-Featherstone"
    with at(begun) as running:
        ask(running, f"CREATE TABLE people AS SELECT '{word}' AS name")
        ask(running, "CREATE UNIQUE INDEX ON people (name)")
        for statement in (
            f"SELECT '{word}'::int",
            f"INSERT INTO people VALUES ('{word}')",
            f'SELECT "{word}"',
            f"SELECT '{word}', pg_terminate_backend(pg_backend_pid())",
            f"SELECT '{word}' FROM pg_sleep(0.2) WHERE {word}",
        ):
            with pytest.raises(psycopg.Error):
                ask(running, statement)
        with psycopg.connect(running.conninfo(*SUPERUSER), autocommit=True) as connection:
            with pytest.raises(psycopg.Error):
                connection.execute("SELECT %s::text::date", (word,))
            crash = f"COPY (SELECT '{word}') TO PROGRAM 'kill -9 {connection.info.backend_pid}'"
            with pytest.raises(psycopg.OperationalError):
                connection.execute(crash.encode())
        home = running.home

        def logged() -> str:
            logs = (*home.joinpath("log").iterdir(), home / "start.log")
            return "".join(log.read_text() for log in logs)

        until(lambda: "terminated by signal 9" in logged())
        assert word not in logged()
        # PostgreSQL 18.6 can lose a shutdown that arrives while it restarts after the crash.
        until(lambda: server._answers(premises.find(begun, None)))


# -- killed ----------------------------------------------------------------------------------------


def test_a_killed_owner_takes_the_server_with_it(folders: Folders, begun: Path) -> None:
    """Nothing of PostgreSQL outlives the application by more than seconds."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    assert processes(premises.home_of(begun))
    owner.kill()
    until(lambda: not processes(premises.home_of(begun)), 10)


def test_a_start_right_after_a_killed_owner_works(folders: Folders, begun: Path) -> None:
    """The next owner waits for the old supervisor to finish, then starts a server of its own."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    old = postmaster(begun)
    owner.kill()
    with at(begun) as running:
        assert running.owner
        assert not running.adopted
        assert postmaster(begun) != old


def test_a_fork_of_the_owner_does_not_keep_the_server_alive(folders: Folders, begun: Path) -> None:
    """A forked worker inherits neither lock nor pipe, so it cannot stand in for its parent."""
    owner = folders.hold(begun, FORK)
    assert owner.became() == "owner"
    children = Path(f"/proc/{owner.process.pid}/task/{owner.process.pid}/children")
    until(lambda: len(children.read_text().split()) == 2)
    supervisor = parent(postmaster(begun))
    folders.children += {int(pid) for pid in children.read_text().split()} - {supervisor}
    owner.kill()
    with at(begun, start_limit_s=15) as running:
        assert running.owner
        assert not running.adopted


def test_a_killed_postmaster_can_be_started_again_at_once(begun: Path) -> None:
    """The lock files and shared memory of a server killed a moment ago are no obstacle."""
    running = at(begun).start()
    ask(running, "CREATE TABLE kept AS SELECT 1 AS id")
    os.kill(postmaster(begun), signal.SIGKILL)
    running.stop()
    with running:
        assert ask(running, "SELECT count(*) FROM kept") == 1


def test_a_server_that_lost_owner_and_supervisor_is_adopted(folders: Folders, begun: Path) -> None:
    """The next owner takes over the running server, and ends it when it stops."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    pid = postmaster(begun)
    os.kill(parent(pid), signal.SIGKILL)
    owner.kill()
    with at(begun) as running:
        assert running.adopted
        assert running.owner
        assert postmaster(begun) == pid
        assert ask(running, "SELECT 1") == 1
    until(lambda: not processes(premises.home_of(begun)), 5)


def test_a_killed_adopter_takes_the_adopted_server_with_it(folders: Folders, begun: Path) -> None:
    """An adopted server is supervised again."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    os.kill(parent(postmaster(begun)), signal.SIGKILL)
    owner.kill()
    adopter = folders.hold(begun)
    assert adopter.became() == "adopted"
    adopter.kill()
    until(lambda: not processes(premises.home_of(begun)), 10)


def test_an_owner_whose_supervisor_was_killed_still_ends_its_server(begun: Path) -> None:
    """Stop does not rely on the supervisor."""
    with at(begun) as running:
        os.kill(parent(postmaster(begun)), signal.SIGKILL)
        home = running.home
        assert ask(running, "SELECT 1") == 1
    until(lambda: not processes(home), 5)


@pytest.mark.long
def test_a_server_that_does_not_heed_a_shutdown_is_made_to(folders: Folders, begun: Path) -> None:
    """When the closing checkpoint cannot finish, an immediate shutdown follows within seconds."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    home = premises.home_of(begun)
    named = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in processes(home)}
    os.kill(next(pid for pid, words in named.items() if b"checkpointer" in words), signal.SIGSTOP)
    owner.kill()
    until(lambda: not processes(home), 30)


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(begun: Path) -> None:
    """After a reboot the number in postmaster.pid may belong to any process."""
    with at(begun) as running:
        pid_file = running.home / "data" / "postmaster.pid"
        text = pid_file.read_text()
    owner = pid_file.parent.stat().st_uid
    stranger = subprocess.Popen(["sleep", "60"], user=owner if os.geteuid() == 0 else None)
    try:
        pid_file.write_text(str(stranger.pid) + text[text.index("\n") :])
        os.chown(pid_file, owner, -1)
        with at(begun) as running:
            assert ask(running, "SELECT 1") == 1
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_initdb_killed_half_way_leaves_no_half_cluster(folders: Folders, root: Path) -> None:
    """The start after it makes a whole one, and the half one is cleared away."""
    owner = folders.hold(root)
    until(lambda: any(root.glob("data.new-*/base")))
    owner.kill()
    assert not (root / "data").exists()
    with at(root) as running:
        assert ask(running, "SELECT 1") == 1
    with at(root):  # the initdb that lost its owner may have written during the first clearing
        assert not list(root.glob("data.new-*"))


@pytest.mark.parametrize("victims", ["owner", "postmaster", "all"])
def test_what_was_acknowledged_survives(folders: Folders, begun: Path, victims: str) -> None:
    """Whoever is killed while rows are written, each acknowledged row is there afterwards."""
    owner = folders.hold(begun)
    assert owner.became() == "owner"
    noted = folders.base / "noted"
    writer = folders.hold(begun, WRITE, str(noted))
    assert writer.became() == "attached"
    until(lambda: noted.exists() and noted.read_bytes().count(b"\n") > 300)
    pid = postmaster(begun)
    if victims == "all":
        os.kill(parent(pid), signal.SIGKILL)
    if victims != "owner":
        os.kill(pid, signal.SIGKILL)
    owner.kill()
    if victims == "owner":
        writer.kill()  # it would go on: the server lives as long as anybody uses it
    writer.process.wait(30)
    with at(begun) as running, psycopg.connect(running.conninfo(*SUPERUSER)) as connection:
        kept = {row[0] for row in connection.execute("SELECT id FROM written")}
    assert {int(line) for line in noted.read_text().split()} <= kept


# -- shared ----------------------------------------------------------------------------------------


def test_of_six_first_starts_one_owns_and_five_attach(folders: Folders, root: Path) -> None:
    """However many processes start an empty folder together, there is one cluster and server."""
    six = [folders.hold(root) for _ in range(6)]
    became = [holder.became() for holder in six]
    assert sorted(became) == ["attached"] * 5 + ["owner"]
    owner = six[became.index("owner")]
    for holder in six:
        if holder is not owner:
            holder.finish()
    assert processes(premises.home_of(root))  # those who attached ended nothing
    owner.finish()
    until(lambda: not processes(premises.home_of(root)), 5)
