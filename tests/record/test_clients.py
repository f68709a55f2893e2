"""PostgreSQL's client programs, for whoever uses a server that runs elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.record import binaries
from domain.record.server_error import ServerError
from tests.house.tracked import ROOT

PROGRAMS = ("pg_dump", "pg_restore")


def programs_in(folder: Path) -> Path:
    """Put both into a folder."""
    folder.mkdir(parents=True)
    for name in PROGRAMS:
        (folder / name).write_text("")
    return folder


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a machine without a server's programs: its /usr/lib/postgresql, and its /usr/bin."""
    monkeypatch.setattr(binaries, "_WHEELS", ())
    monkeypatch.setattr(binaries, "_SYSTEM", tmp_path / "lib")
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr("shutil.which", lambda name: _which(tmp_path / "bin" / name))
    return tmp_path


def _which(path: Path) -> str | None:
    return str(path) if path.exists() else None


def test_debians_clients_are_found_behind_the_wrapper(system: Path) -> None:
    """There `pg_dump` is a link to a wrapper; the programs lie in folders by major version."""
    for major in (9, 17, 18):
        programs_in(system / "lib" / str(major) / "bin")
    (system / "wrapper").write_text("")
    for name in PROGRAMS:
        (system / "bin" / name).symlink_to(system / "wrapper")
    assert binaries.clients(None) == system / "lib" / "18" / "bin"


def test_clients_elsewhere_are_found_where_they_are(system: Path) -> None:
    """Without such folders, those that the system runs by name; and the folder asked for first."""
    (system / "bin").rmdir()
    programs_in(system / "bin")
    assert binaries.clients(None) == system / "bin"
    chosen = programs_in(system / "chosen")
    assert binaries.clients(chosen) == chosen


def test_a_machine_without_them_says_what_to_install(system: Path) -> None:
    """No backup is begun that could not be made."""
    assert system.exists()
    with pytest.raises(ServerError, match="client programs"):
        binaries.clients(None)


def test_the_image_has_the_clients_of_the_servers_major() -> None:
    """An older `pg_dump` refuses a newer server: both files name the same major."""
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    major = compose.partition("image: postgres:")[2].split()[0]
    assert f"postgresql-client-{major}" in (ROOT / "Dockerfile").read_text("utf-8")
