"""The embedded PostgreSQL: where it may be kept, who may not enter, what is refused and how."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from domain.record import binaries, cluster, premises, server
from domain.record.server import ServerError
from domain.record.server_error import explain
from tests.conftest import ROOT_ONLY
from tests.record.serving import SUPERUSER, Folders, ask, at, linux_only, made_once, processes

pytestmark = linux_only
root_only = pytest.mark.skipif(os.geteuid() != 0, reason=ROOT_ONLY)


# -- places ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [pytest.param("with a space", marks=pytest.mark.long), "with, a comma", "l" * 120],
    ids=["space", "comma", "long"],
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
def test_another_account_of_the_system_is_refused(begun: Path) -> None:
    """Even with the socket opened to everyone, PostgreSQL asks the kernel who is calling."""
    with at(begun) as running:
        place = premises.find(begun, None)
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


@pytest.mark.long
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
def test_data_that_went_out_of_reach_is_never_shadowed(folders: Folders, begun: Path) -> None:
    """A folder closed after its database was made is refused, not given an empty one elsewhere."""
    made_once(begun)
    folders.base.chmod(0o700)
    with pytest.raises(ServerError, match="cannot reach the data"):
        at(begun).start()


@pytest.mark.long
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
    running = at(root)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "platform", "win32")
        with pytest.raises(ServerError, match="set DATABASE_URL"):
            running.start()


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
