"""What a start says of keys and places that are not as they should be: the setting, the remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from api.cli import run
from api.clock import entropy
from api.keys import open_keys
from api.office import Database as OfficeDatabase
from domain.refusal import Refused
from tests.conftest import Database
from tests.doors.conftest import Cli, settings_for

MASTER = "HOLDFAST_MASTER_KEY_FILE"


@pytest.fixture
def keys(cli: Cli, tmp_path: Path) -> Path:
    """Give the folder of keys of a record that was begun."""
    assert cli("caseload").code == 0
    return tmp_path / "keys"


def longer(keys: Path) -> None:
    """Add what an editor adds."""
    file = keys / "master.key"
    file.write_bytes(file.read_bytes() + b"\n")


def gone(keys: Path) -> None:
    """Lose everything."""
    for file in keys.iterdir():
        file.unlink()
    keys.rmdir()


def changed(keys: Path) -> None:
    """Put another key in its place."""
    (keys / "master.key").write_bytes(entropy(32))


def no_keyring(keys: Path) -> None:
    """Lose the keyring alone."""
    (keys / "keyring.json").unlink()


def damaged(keys: Path) -> None:
    """Write what is no keyring."""
    (keys / "keyring.json").write_bytes(b'{"1":5}')


def folder(keys: Path) -> None:
    """Put a folder where the key was."""
    (keys / "master.key").unlink()
    (keys / "master.key").mkdir()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (longer, (MASTER, "32 bytes, this one has 33", "restore the key file")),
        (gone, (MASTER, "put back the key file")),
        (changed, (MASTER, "is not the one of this record", "put back the key file")),
        (folder, (MASTER, "Is a directory")),
        (no_keyring, ("HOLDFAST_KEYS", "newest copy")),
        (damaged, ("HOLDFAST_KEYS", "keyring.json is damaged", "newest copy")),
    ],
)
def test_where_a_record_is_its_key_is_put_back_and_none_is_made(
    cli: Cli, keys: Path, harm: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    """Code 2, the setting and what to restore: a new key would open nothing, so none is advised."""
    harm(keys)
    before = sorted(keys.rglob("*"))
    said = cli("caseload")
    assert said.code == 2
    assert all(one in said.err for one in words), said.err
    for never in ("urandom", "keys new", "prove itself", "inside holdfast"):
        assert never not in said.err
    assert sorted(keys.rglob("*")) == before


def test_a_record_of_ones_own_gets_a_key_once(database: Database, tmp_path: Path) -> None:
    """A new record of the embedded database is given a key; where one was begun, never again."""
    settings = settings_for(database, tmp_path)
    place = OfficeDatabase(settings)
    own = replace(settings, database_url=None)
    settings.master_key_file.unlink()
    with place.connect("holdfast_keeper") as keeper:
        assert open_keys(own, keeper).epochs() == [1]
        assert len(settings.master_key_file.read_bytes()) == 32
        gone(settings.keys)
        with pytest.raises(Refused, match="put back the key file"):
            open_keys(own, keeper)
    assert not settings.keys.exists()


@pytest.mark.parametrize("size", [None, 0, 33])
def test_where_there_is_no_record_yet_a_key_is_advised(
    cli: Cli, database: Database, tmp_path: Path, size: int | None
) -> None:
    """On a named database a key is never made by itself; the refusal names the command."""
    file = settings_for(database, tmp_path).master_key_file
    file.unlink()
    if size is not None:
        file.write_bytes(bytes(size))
    said = cli("caseload")
    assert said.code == 2
    assert MASTER in said.err
    assert "holdfast keys new" in said.err


@pytest.mark.parametrize(
    ("variable", "place", "command"),
    [
        ("HOLDFAST_DATA", "/proc/holdfast-nowhere", "migrate"),
        ("HOLDFAST_DATA", "/sys/holdfast-nowhere", "migrate"),
        ("HOLDFAST_DATA", "/sys/holdfast-nowhere", "demo"),
        ("HOLDFAST_KEYS", "/sys/holdfast-nowhere", "migrate"),
        ("HOLDFAST_MASTER_KEY_FILE", "/etc", "caseload"),
        ("HOLDFAST_MASTER_KEY_FILE", "/sys/holdfast-nowhere/key", "caseload"),
    ],
)
def test_a_place_that_cannot_be_used_is_named_by_its_setting(
    cli: Cli, variable: str, place: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code 2 and the setting, not an error that nobody foresaw; nothing is said of the place."""
    if variable == "HOLDFAST_DATA":
        monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv(variable, place)
    said = cli(command)
    assert said.code == 2, said.err
    assert variable in said.err
    assert place not in said.err


def test_a_key_that_cannot_be_written_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """`keys new` names what stands in the way."""
    assert run(["keys", "new", "/sys/holdfast-nowhere/key"]) == 2
    assert "cannot be written" in capsys.readouterr().err
