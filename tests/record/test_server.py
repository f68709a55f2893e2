"""The embedded PostgreSQL: started anyhow, killed anyhow, shared, and closed to strangers."""

from __future__ import annotations

import contextlib
import os
import pwd
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

from domain.record import binaries, cluster, premises, server
from domain.record.premises import Premises
from domain.record.server import EmbeddedServer, ServerError, ServerSettings
from domain.record.server_error import explain

REPOSITORY = Path(__file__).parents[2]
SUPERUSER = ("postgres", "postgres")
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes through /proc (Linux)"
)
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")

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
FORK = """
import os, time
if os.fork() == 0:
    time.sleep(60)
    os._exit(0)
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
    made = Folders(Path(tempfile.mkdtemp(prefix="holdfast-test-")))
    made.base.chmod(0o711)
    yield made
    made.clear()


@pytest.fixture
def root(folders: Folders) -> Path:
    """The folder of one server; it does not exist yet."""
    return folders.base / "root"


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


def test_durability_and_privacy_settings_are_in_force(root: Path) -> None:
    """COMMIT lasts, blocks are checked, nothing listens, whatever the data folder's files say."""
    place = made_once(root)
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
    with at(root, extra={"max_connections": "20"}) as running:
        assert {name: ask(running, f"SHOW {name}") for name in expected} == expected


def test_any_role_may_be_used_by_the_account_that_runs_holdfast(root: Path) -> None:
    """Roles need no operating system account and no password."""
    with at(root) as running:
        ask(running, "CREATE ROLE some_reader LOGIN")
        with psycopg.connect(running.conninfo("postgres", "some_reader")) as connection:
            row = connection.execute("SELECT current_user").fetchone()
        assert row == ("some_reader",)


def test_the_log_holds_no_statement_parameter_or_row(root: Path) -> None:
    """Errors, violated keys and a crash of the process that runs a statement tell it nothing."""
    word = "Penelope-Featherstone"
    with at(root) as running:
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


# -- killed ----------------------------------------------------------------------------------------


def test_a_killed_owner_takes_the_server_with_it(folders: Folders, root: Path) -> None:
    """Nothing of PostgreSQL outlives the application by more than seconds."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    assert processes(premises.home_of(root))
    owner.kill()
    until(lambda: not processes(premises.home_of(root)), 10)


def test_a_start_right_after_a_killed_owner_works(folders: Folders, root: Path) -> None:
    """The next owner waits for the old supervisor to finish, then starts a server of its own."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    old = postmaster(root)
    owner.kill()
    with at(root) as running:
        assert running.owner
        assert not running.adopted
        assert postmaster(root) != old


def test_a_fork_of_the_owner_does_not_keep_the_server_alive(folders: Folders, root: Path) -> None:
    """A forked worker inherits neither lock nor pipe, so it cannot stand in for its parent."""
    owner = folders.hold(root, FORK)
    assert owner.became() == "owner"
    children = Path(f"/proc/{owner.process.pid}/task/{owner.process.pid}/children")
    until(lambda: len(children.read_text().split()) == 2)
    supervisor = parent(postmaster(root))
    folders.children += {int(pid) for pid in children.read_text().split()} - {supervisor}
    owner.kill()
    with at(root, start_limit_s=15) as running:
        assert running.owner
        assert not running.adopted


def test_a_killed_postmaster_can_be_started_again_at_once(root: Path) -> None:
    """The lock files and shared memory of a server killed a moment ago are no obstacle."""
    running = at(root).start()
    ask(running, "CREATE TABLE kept AS SELECT 1 AS id")
    os.kill(postmaster(root), signal.SIGKILL)
    running.stop()
    with running:
        assert ask(running, "SELECT count(*) FROM kept") == 1


def test_a_server_that_lost_owner_and_supervisor_is_adopted(folders: Folders, root: Path) -> None:
    """The next owner takes over the running server, and ends it when it stops."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    pid = postmaster(root)
    os.kill(parent(pid), signal.SIGKILL)
    owner.kill()
    with at(root) as running:
        assert running.adopted
        assert running.owner
        assert postmaster(root) == pid
        assert ask(running, "SELECT 1") == 1
    until(lambda: not processes(premises.home_of(root)), 5)


def test_a_killed_adopter_takes_the_adopted_server_with_it(folders: Folders, root: Path) -> None:
    """An adopted server is supervised again."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    os.kill(parent(postmaster(root)), signal.SIGKILL)
    owner.kill()
    adopter = folders.hold(root)
    assert adopter.became() == "adopted"
    adopter.kill()
    until(lambda: not processes(premises.home_of(root)), 10)


def test_an_owner_whose_supervisor_was_killed_still_ends_its_server(root: Path) -> None:
    """Stop does not rely on the supervisor."""
    with at(root) as running:
        os.kill(parent(postmaster(root)), signal.SIGKILL)
        home = running.home
        assert ask(running, "SELECT 1") == 1
    until(lambda: not processes(home), 5)


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(root: Path) -> None:
    """After a reboot the number in postmaster.pid may belong to any process."""
    with at(root) as running:
        pid_file = running.home / "data" / "postmaster.pid"
        text = pid_file.read_text()
    owner = pid_file.parent.stat().st_uid
    stranger = subprocess.Popen(["sleep", "60"], user=owner if os.geteuid() == 0 else None)
    try:
        pid_file.write_text(str(stranger.pid) + text[text.index("\n") :])
        os.chown(pid_file, owner, -1)
        with at(root) as running:
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
def test_what_was_acknowledged_survives(folders: Folders, root: Path, victims: str) -> None:
    """Whoever is killed while rows are written, each acknowledged row is there afterwards."""
    owner = folders.hold(root)
    assert owner.became() == "owner"
    noted = folders.base / "noted"
    writer = folders.hold(root, WRITE, str(noted))
    assert writer.became() == "attached"
    until(lambda: noted.exists() and noted.read_bytes().count(b"\n") > 300)
    pid = postmaster(root)
    if victims == "all":
        os.kill(parent(pid), signal.SIGKILL)
    if victims != "owner":
        os.kill(pid, signal.SIGKILL)
    owner.kill()
    writer.process.wait(30)
    with at(root) as running, psycopg.connect(running.conninfo(*SUPERUSER)) as connection:
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


# -- places ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["with a space", "with, a comma", "l" * 120], ids=["space", "comma", "long"]
)
def test_the_folder_may_have_any_name(folders: Folders, name: str) -> None:
    """Spaces, commas and paths too long for a socket work, and the socket's folder is private."""
    with at(folders.base / name) as running:
        assert ask(running, "SELECT 1") == 1
        sockets = premises.find(folders.base / name, None).sockets
        assert (sockets / f".s.PGSQL.{premises.PORT}").is_socket()
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert sockets.stat().st_uid == (running.home / "data").stat().st_uid
    if not sockets.is_relative_to(folders.base):
        sockets.rmdir()


def test_a_link_in_place_of_the_socket_folder_is_refused(folders: Folders) -> None:
    """Where the socket is outside the home, something put there beforehand is not trusted."""
    place = premises.find(folders.base / ("l" * 120), None)
    place.sockets.symlink_to(folders.base)
    try:
        with pytest.raises(ServerError, match="belongs to another account"):
            at(place.root).start()
    finally:
        place.sockets.unlink()


@root_only
def test_another_account_of_the_system_is_refused(root: Path) -> None:
    """Even with the socket opened to everyone, PostgreSQL asks the kernel who is calling."""
    with at(root) as running:
        place = premises.find(root, None)
        programs = binaries.within_reach(binaries.find(None), place)
        other = next(e for e in pwd.getpwall() if e.pw_uid not in {0, place.account.uid})
        place.sockets.chmod(0o755)
        (place.sockets / f".s.PGSQL.{premises.PORT}").chmod(0o777)
        said = subprocess.run(
            [programs.program("psql"), "-Atc", "SELECT 1", running.conninfo(*SUPERUSER)],
            user=other.pw_uid,
            group=other.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        assert said.returncode != 0
        assert "Peer authentication failed" in said.stderr


@pytest.fixture
def closed(folders: Folders) -> Path:
    """A folder inside one that only root may enter, as a clone under /root is."""
    (folders.base / "closed").mkdir(mode=0o700)
    return folders.base / "closed" / "clone"


@root_only
def test_a_closed_folder_works_and_stays_closed(closed: Path) -> None:
    """Root's 0700 folder is not opened: the cluster is kept elsewhere, and found again."""
    place = made_once(closed)
    assert place.home.parent == premises.SHELTER
    assert closed.parent.stat().st_mode & 0o777 == 0o700
    assert not (closed / "data").exists()
    with at(closed) as running:
        assert ask(running, "SELECT count(*) FROM kept") == 1


@root_only
def test_a_moved_closed_folder_keeps_its_database_and_a_copy_gets_none(closed: Path) -> None:
    """The two notes find each other; two folders never write to one database."""
    made_once(closed)
    moved = closed.rename(closed.with_name("moved"))
    with at(moved) as running:
        assert ask(running, "SELECT count(*) FROM kept") == 1
    shutil.copytree(moved, closed)
    with pytest.raises(ServerError, match="is a copy of"):
        at(closed).start()


@root_only
def test_a_closed_folder_made_anew_begins_empty_and_deletes_nothing(closed: Path) -> None:
    """Who removed the folder gets a new database; the old one is set aside, and said to be."""
    home = made_once(closed).home
    shutil.rmtree(closed)
    told: list[str] = []
    with at(closed, progress=told.append) as running:
        assert ask(running, "SELECT to_regclass('kept')") is None
    assert any(f"{home}.left-1" in sentence for sentence in told)
    assert Path(f"{home}.left-1", "data", "PG_VERSION").exists()


@root_only
def test_a_lost_home_is_not_replaced_by_an_empty_one(closed: Path) -> None:
    """When the database of a closed folder is gone, that is said, not papered over."""
    shutil.rmtree(made_once(closed).home)
    with pytest.raises(ServerError, match="bring it back from a backup"):
        at(closed).start()


@root_only
def test_data_that_went_out_of_reach_is_never_shadowed(folders: Folders, root: Path) -> None:
    """A folder closed after its database was made is refused, not given an empty one elsewhere."""
    made_once(root)
    folders.base.chmod(0o700)
    with pytest.raises(ServerError, match="cannot reach the data"):
        at(root).start()


@root_only
def test_programs_out_of_reach_are_copied(folders: Folders, root: Path) -> None:
    """A virtual environment under /root is not opened for PostgreSQL's account either."""
    hidden = folders.base / "hidden"
    hidden.mkdir(mode=0o700)
    install = binaries.find(None).folder.parent
    package = hidden / "site" / install.parent.name
    shutil.copytree(install, package / install.name, symlinks=True)
    libraries = install.parent.with_name(f"{install.parent.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, package.with_name(libraries.name), symlinks=True)
    with at(root, binaries=package / install.name / "bin") as running:
        assert ask(running, "SELECT 1") == 1
        assert len(list(running.home.glob("bin-*"))) == 1
    assert hidden.stat().st_mode & 0o777 == 0o700


# -- refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["fsync", "FSYNC", "full-page-writes", "synchronous_commit", "log_statement"]
)
def test_settings_the_record_hangs_on_are_not_open_to_choice(root: Path, name: str) -> None:
    """Spelt in any way PostgreSQL would understand, they are refused before anything is written."""
    with pytest.raises(ServerError, match="not open to choice"):
        at(root, extra={name: "off"}).start()
    assert not root.exists()


def stand_in(folder: Path, script: str, mode: int = 0o755) -> Path:
    """A folder with a program called postgres that is not PostgreSQL."""
    folder.mkdir()
    (folder / "postgres").write_text(script)
    (folder / "postgres").chmod(mode)
    return folder


def test_older_programs_are_refused_before_anything_is_written(
    folders: Folders, root: Path
) -> None:
    """PostgreSQL 17 is the oldest that will do, and the message says what to install."""
    script = "#!/bin/sh\necho 'postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)'\n"
    old = stand_in(folders.base / "old", script)
    with pytest.raises(ServerError, match=r"is PostgreSQL 15\.18.*needs 17 or newer: install"):
        at(root, binaries=old).start()
    assert not root.exists()


def test_programs_that_cannot_be_executed_are_explained(folders: Folders, root: Path) -> None:
    """What a noexec mount answers (permission denied) leads to a message that names the cause."""
    mute = stand_in(folders.base / "mute", "", mode=0o644)
    with pytest.raises(ServerError, match="noexec"):
        at(root, binaries=mute).start()
    assert not root.exists()


def test_data_of_another_major_version_is_refused_untouched(root: Path) -> None:
    """The data folder of another PostgreSQL is left as it is, and the way over is named."""
    data = root / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(ServerError, match=r"made by PostgreSQL 16.*dump it"):
        at(root).start()
    assert [path.name for path in root.rglob("*")] == ["data", "PG_VERSION"]


def test_without_programs_the_way_out_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a platform without binaries the remedy is DATABASE_URL."""
    monkeypatch.setattr(binaries, "_WHEELS", ())
    monkeypatch.setattr(binaries, "_SYSTEM", root)
    with pytest.raises(ServerError, match="DATABASE_URL"):
        at(root).start()


def test_on_windows_the_way_out_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no embedded server on Windows, and the message says what to set instead."""
    with monkeypatch.context() as patched, pytest.raises(ServerError, match="set DATABASE_URL"):
        patched.setattr(sys, "platform", "win32")
        at(root).start()


def test_a_full_disk_is_called_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No cluster is begun without room for it, and PostgreSQL's own words are translated."""
    monkeypatch.setattr(cluster, "room_left", lambda _: 1)
    with pytest.raises(ServerError, match="is full: free some space"):
        at(root).start()
    fatal = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
    assert "is full: free some space" in explain(fatal, root)


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(root: Path) -> None:
    """A setting PostgreSQL refuses ends the start with PostgreSQL's reason, and no process."""
    with pytest.raises(ServerError, match="max_connections"):
        at(root, extra={"max_connections": "many"}).start()
    assert not processes(root)
    with at(root) as running:
        assert ask(running, "SELECT 1") == 1


def test_a_long_start_is_talked_about(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits is told why, and for how long already."""
    monkeypatch.setattr(server, "PROGRESS_S", 0.0)
    told: list[str] = []
    with at(root, progress=told.append):
        assert any("s so far" in sentence for sentence in told)
