"""Another master key: the record opens with the old file or the new one, and never with both."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from api import copies, rotating
from api.office import Office
from api.settings import Settings
from domain.record import keyring_copy
from domain.record.wrapping import WrappingKeys
from domain.refusal import Refused
from tests.conftest import LOGIN, OWNER, Database
from tests.doors.conftest import Cli, Doors, opened_doors, settings_for
from tests.doors.copied import Place, both, empty_place, opened, restored
from tests.doors.test_copies import proved
from tests.doors.test_erasure import ACCOUNT, NAME, erase, told

ROOT = Path(__file__).parents[2]


def killed(settings: Settings, database: Database, at: str, *asked: str) -> int:
    """Have a process do something to a record and die at a step; give how it ended."""
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": database.conninfo(LOGIN),
        "HOLDFAST_OWNER_URL": database.conninfo(OWNER),
        "HOLDFAST_DATA": str(settings.data),
        "HOLDFAST_DEVELOPMENT_IDENTITY": "1",
    }
    command = [sys.executable, "-m", "tests.doors.killed", at, *asked]
    return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


def named(settings: Settings) -> str:
    """Give the name of a record's database."""
    return str(conninfo_to_dict(settings.database_url or "")["dbname"])


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Give the settings of a record."""
    return settings_for(database, tmp_path)


@pytest.fixture
def case(settings: Settings) -> str:
    """Give a case of that record, which nobody has open by then."""
    with Office(settings) as office, opened_doors(office) as doors:
        return doors.case(doors.person(name=NAME))


def opens(settings: Settings, key: Path, case: str) -> bool:
    """Whether a key file opens what was recorded."""
    try:
        with (
            Office(replace(settings, master_key_file=key)) as office,
            opened_doors(office) as doors,
        ):
            assert ACCOUNT in told(doors, case)
            return True
    except Refused as refused:
        if refused.code != "keys":
            raise
        return False


def test_the_new_key_opens_all_and_the_old_one_nothing(
    settings: Settings, case: str, tmp_path: Path
) -> None:
    """After a rotation the log, the rows and the references are as before; the old key is void."""
    old, new = settings.master_key_file, tmp_path / "safe" / "new.key"
    with Office(settings) as office:
        before = {log: one.root for log, one in proved(office).items()}
        worker = office.worker_reference("an issuer", "somebody")
    assert rotating.rotate(settings, new)
    assert opens(settings, new, case)
    assert not opens(settings, old, case)
    with Office(replace(settings, master_key_file=new)) as office:
        after = proved(office)
        assert office.worker_reference("an issuer", "somebody") == worker
    assert after["cases"].ok
    assert after["cases"].root == before["cases"]
    assert new.stat().st_mode & 0o077 == 0
    assert not rotating.rotate(settings, new)  # asked again: it says that it was done


@pytest.mark.parametrize("at", ["made", "wrapped"])
def test_a_rotation_killed_at_any_step_leaves_one_key_that_opens(
    settings: Settings, database: Database, case: str, tmp_path: Path, at: str
) -> None:
    """Killed, exactly one of the files opens the record; the same command ends what is left."""
    old, new = settings.master_key_file, tmp_path / "new.key"
    assert killed(settings, database, at, "rotate", str(new)) == -signal.SIGKILL
    assert opens(settings, old, case) is (at == "made")
    assert opens(settings, new, case) is (at == "wrapped")
    assert rotating.rotate(settings, new) is (at == "made")
    assert opens(settings, new, case)
    assert not opens(settings, old, case)


def test_a_rotation_killed_as_it_writes_leaves_the_old_key(
    settings: Settings, case: str, tmp_path: Path
) -> None:
    """Half a keyring file, or a key file without its key, are begun anew; no other copy is left."""
    new = tmp_path / "new.key"
    new.touch()
    (tmp_path / ".new.key.0123456789abcdef").write_bytes(bytes(32))  # killed before the link
    (tmp_path / ".new.key.mine").write_bytes(bytes(32))
    (settings.keys / "keyring.new").write_bytes(b'{"1":')
    assert rotating.rotate(settings, new)
    assert opens(settings, new, case)
    (tmp_path / ".new.key.89abcdef01234567").hardlink_to(new)  # killed after it
    assert not rotating.rotate(settings, new)
    assert [one.name for one in tmp_path.glob(".new.key.*")] == [".new.key.mine"]


def test_a_record_in_use_is_not_rotated(doors: Doors, tmp_path: Path) -> None:
    """Whoever has the record open knows the old key alone, and would stop in the middle."""
    doors.case(doors.person(name=NAME))
    with pytest.raises(Refused, match="is running on this record"):
        rotating.rotate(doors.office.settings, tmp_path / "new.key")
    assert not (tmp_path / "new.key").exists()


def test_another_file_is_no_new_key(settings: Settings, case: str, tmp_path: Path) -> None:
    """Neither the key in use nor a file that is none is taken for the new one."""
    assert case
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    for file in (settings.master_key_file, other):
        with pytest.raises(Refused):
            rotating.rotate(settings, file)
    assert other.read_text() == "mine"


@pytest.mark.parametrize(
    ("signs", "mode", "said"),
    [(True, 0o600, "signs the record's heads"), (False, 0o640, "chmod 600")],
)
def test_no_key_of_another_use_or_of_others_becomes_the_master_key(
    settings: Settings,
    tmp_path: Path,
    signs: bool,  # noqa: FBT001 — a parameter
    mode: int,
    said: str,
) -> None:
    """The key that signs heads is not taken, a copy of it neither, nor one that others can read."""
    key = os.urandom(32)
    for name, one in (("log.key", key), ("new.key", key if signs else os.urandom(32))):
        (tmp_path / name).write_bytes(one)
        (tmp_path / name).chmod(mode)
    of_log = replace(settings, log_key_file=tmp_path / "log.key")
    with pytest.raises(Refused, match=said):
        rotating._made(of_log, tmp_path / "new.key", os.urandom(32))


def test_two_wrong_keys_change_nothing(settings: Settings, case: str, tmp_path: Path) -> None:
    """Where neither file opens the record, it says so and touches nothing."""
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(bytes(32))
    wrong.chmod(0o600)
    before = (settings.keys / "keyring.json").read_bytes()
    with pytest.raises(Refused, match="Neither"):
        rotating.rotate(replace(settings, master_key_file=wrong), tmp_path / "new.key")
    assert (settings.keys / "keyring.json").read_bytes() == before
    assert opens(settings, settings.master_key_file, case)


@pytest.fixture
def place(settings: Settings, database: Database, outside: Path) -> Iterator[Place]:
    """Give an empty place with the master key of the record."""
    master = settings.master_key_file.read_bytes()
    with empty_place(database, outside / "place", master) as one:
        yield one


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that is not in the one of the record."""
    return tmp_path_factory.mktemp("outside")


def test_a_copy_from_before_a_rotation_goes_with_the_old_key(
    settings: Settings, place: Place, case: str, outside: Path
) -> None:
    """Backups stay of use with the keyring's copy made after; the older copy needs the old key."""
    old_key = settings.master_key_file
    with Office(settings) as office, opened_doors(office) as doors:
        backup, keys = both(doors, outside)
    new = outside / "new.key"
    rotating.rotate(settings, new)
    rotated = replace(settings, master_key_file=new)
    # The backup was sealed by the search key, which no rotation changes.
    old_copy = keys.read_bytes()
    with Office(rotated) as office:
        copies.copy_keys(rotated, office.database, office.wrapping, keys)
    with pytest.raises(Refused, match="does not open this copy"):
        restored(place, backup, keys)
    (place.settings.master_key_file).write_bytes(new.read_bytes())
    restored(place, backup, keys)
    with opened(place) as there:
        assert ACCOUNT in told(there, case)
    keys.write_bytes(old_copy)
    assert keyring_copy.read_copy(
        keys,
        WrappingKeys(Path("nowhere"), old_key.read_bytes(), os.urandom),
    ).head.epoch


@pytest.mark.parametrize("at", ["written", "replaced"])
def test_a_copy_of_the_keyring_is_the_older_or_the_newer(
    settings: Settings, database: Database, case: str, outside: Path, at: str
) -> None:
    """Killed at any step there is one copy, whole; the next run destroys what was left beside."""
    with Office(settings) as office, opened_doors(office) as doors:
        _, keys = both(doors, outside)
        older = keys.read_bytes()
        erase(doors, case, "case", 1)
        keys.write_bytes(older)  # as if it could not be reached
    assert killed(settings, database, at, "keys", str(keys)) == -signal.SIGKILL
    master = settings.master_key_file.read_bytes()
    wrapping = WrappingKeys(settings.keys / "keyring.json", master, os.urandom)
    assert keyring_copy.read_copy(keys, wrapping).head.epoch == (1 if at == "written" else 2)
    with Office(settings) as office:
        copies.copy_keys(settings, office.database, office.wrapping, keys)
    assert keyring_copy.read_copy(keys, wrapping).head.epoch == 2
    assert [one.name for one in keys.parent.iterdir()] == [keys.name]


@pytest.mark.long
@pytest.mark.parametrize("at", ["dumped", "complete", "named"])
def test_a_backup_killed_is_complete_or_absent(
    settings: Settings, place: Place, case: str, outside: Path, at: str
) -> None:
    """Killed at any step, a folder of that name is a backup that restores, or is not there."""
    folder, keys = outside / "backups" / "monday", outside / "apart" / "keys"
    folder.parent.mkdir()
    keys.parent.mkdir()
    database = Database(server=place.database.server, name=named(settings))
    assert killed(settings, database, at, "backup", str(folder)) == -signal.SIGKILL
    assert folder.exists() is (at == "named")
    with Office(settings) as office:
        if not folder.exists():
            copies.back_up(settings, office, folder)
        copies.copy_keys(settings, office.database, office.wrapping, keys)
    restored(place, folder, keys)
    with opened(place) as there:
        assert ACCOUNT in told(there, case)


@pytest.mark.long
@pytest.mark.parametrize("at", ["begun", "loaded", "migrated", "verified", "rows", "file", "ended"])
def test_a_restoring_killed_opens_whole_or_not_at_all(
    settings: Settings, place: Place, case: str, outside: Path, at: str
) -> None:
    """Killed at any step, the place is refused until the same command did all of it."""
    with Office(settings) as office, opened_doors(office) as doors:
        backup, keys = both(doors, outside)
    asked = ("restore", str(backup), str(keys))
    assert killed(place.settings, place.database, at, *asked) == -signal.SIGKILL
    if at != "ended":
        with pytest.raises(Refused, match="being restored"):
            Office(place.settings).__enter__()
        assert killed(place.settings, place.database, "never", *asked) == 0
    with opened(place) as there:
        assert ACCOUNT in told(there, case)
        assert all(one.ok for one in proved(there.office).values())


def test_the_commands_say_what_to_do_next(cli: Cli, outside: Path) -> None:
    """Backup, keys and rotation by the command line, in words and as JSON."""
    (outside / "backups").mkdir()
    (outside / "apart").mkdir()
    backup, keys = str(outside / "backups" / "monday"), str(outside / "apart" / "keys")
    assert cli("migrate").code == 0
    said = cli("backup", backup)
    assert said.code == 0, said.err
    assert "holdfast keys backup FILE" in said.out
    heads = [one.split(": ")[1] for one in said.out.splitlines() if "tree head" in one]
    assert cli("verify", *(part for head in heads for part in ("--head", head))).code == 0
    assert cli("backup", backup).code == 2
    together = cli("keys", "backup", str(outside / "backups" / "keys"))
    assert (together.code, "never lie together" in together.err) == (2, True)
    assert cli("backup", str(outside / "backups" / "t"), "--keys", keys, "--json").json["heads"]
    again = cli("keys", "backup", keys)
    assert (again.code, "may still hold it" in again.out) == (0, True)
    assert cli("keys", "backup", keys, "--json").json["epoch"] == 1
    assert cli("keys", "restore", keys, "--json").json["added"] == 0
    assert cli("restore", backup, "--keys", keys).code == 2
    new = outside / "new.key"
    rotated = cli("keys", "rotate", str(new))
    assert (rotated.code, rotated.out.startswith("Done.")) == (0, True)
    refused = cli("verify")
    assert (refused.code, "HOLDFAST_MASTER_KEY_FILE" in refused.err) == (2, True)
