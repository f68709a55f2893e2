"""The one copy of the keyring: made anew with every forgetting, with the key that signs heads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import copied, copies
from api.office import Office
from domain.record import keyring_copy
from tests.conftest import Database
from tests.doors.conftest import Cli, Doors, opened_doors, settings_for
from tests.doors.copied import Place, both, empty_place, newest, opened, restored
from tests.doors.test_erasure import NAME, asked, erase
from tests.doors.test_receipts import made


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that is not in the one of the record."""
    return tmp_path_factory.mktemp("outside")


@pytest.fixture
def apart(outside: Path) -> Path:
    """Give the place of the copy."""
    (outside / "apart").mkdir()
    return outside / "apart" / "keyring.copy"


@pytest.fixture
def place(doors: Doors, database: Database, outside: Path) -> Iterator[Place]:
    """Give an empty place with the master key of the doors' record, and no other key."""
    master = doors.office.settings.master_key_file.read_bytes()
    with empty_place(database, outside / "place", master) as one:
        yield one


def epoch_of(file: Path) -> int:
    """The epoch of a copy."""
    head = keyring_copy.head_of(file)
    assert head is not None
    return head.epoch


def stands(doors: Doors) -> str:
    """What the service says of the copy."""
    return str(doors.get("/health").json()["keys_copy"])


def test_a_forgetting_makes_the_copy_anew(doors: Doors, apart: Path) -> None:
    """The copy made before does not outlive whom it would open: it is replaced, and overwritten."""
    case = doors.case(doors.person(name=NAME))
    assert stands(doors) == "none"
    newest(doors, apart)
    before, text = epoch_of(apart), apart.read_bytes()
    assert stands(doors) == "current"
    answer = asked(doors, case, "case", 1)
    assert answer.json()["notes"] == []
    assert epoch_of(apart) > before
    assert apart.read_bytes() != text
    assert stands(doors) == "current"
    copy = keyring_copy.read_copy(apart, doors.office.wrapping)
    assert str(case) in {str(one[0]) for one in copy.destroyed}


def test_a_copy_that_cannot_be_reached_is_said_to_be_stale_until_it_is_made(
    doors: Doors, apart: Path, database: Database
) -> None:
    """The erasure stands; that an older copy opens it yet is said at once, and until it is not so.

    Nothing is written where the copy is not: the medium that was taken out has it, not its folder.
    """
    case, other = doors.case(doors.person(name=NAME)), doors.case()
    newest(doors, apart)
    taken = apart.parent.with_name("in-the-safe")
    apart.parent.rename(taken)
    apart.parent.mkdir()
    answer = asked(doors, case, "case", 1)
    assert answer.status_code == 201
    (note,) = answer.json()["notes"]
    assert note["code"] == "keyring-copy-stale"
    assert "keys backup" in note["detail"]
    assert str(apart) not in answer.text
    assert stands(doors) == "stale"
    assert list(apart.parent.iterdir()) == []
    assert "still opens what was forgotten" in doors.get("/retention").text
    # The next start finds it there again.
    apart.parent.rmdir()
    taken.rename(apart.parent)
    with Office(settings_for(database, doors.office.settings.data)) as office:
        assert copied.standing(office.settings, office.wrapping) == "current"
        assert epoch_of(apart) == office.wrapping.epochs()[-1]
    # So does the next erasure; and a copy made by hand says so too.
    erase(doors, other, "case", 1)
    assert stands(doors) == "current"
    assert "still opens what was forgotten" not in doors.get("/retention").text


def test_what_lies_in_the_place_of_the_copy_and_is_none_stays(doors: Doors, apart: Path) -> None:
    """Another file that was put there is not replaced; the copy is stale then."""
    case = doors.case(doors.person(name=NAME))
    newest(doors, apart)
    apart.write_text("mine")
    assert asked(doors, case, "case", 1).status_code == 201
    assert apart.read_text() == "mine"
    assert stands(doors) == "stale"


def test_a_copy_remade_is_not_made_beside_a_backup(doors: Doors, outside: Path) -> None:
    """Where a backup was put beside the copy since, that is not written to again."""
    case = doors.case(doors.person(name=NAME))
    backup, keys = both(doors, outside)
    shutil.copytree(backup, keys.parent / "monday")
    before = keys.read_bytes()
    assert asked(doors, case, "case", 1).status_code == 201
    assert keys.read_bytes() == before
    assert stands(doors) == "stale"


def test_the_copy_carries_the_key_that_signs_heads(
    doors: Doors, place: Place, outside: Path
) -> None:
    """Restored elsewhere, heads are signed by the key they were signed by; wrapped in the copy."""
    doors.case(doors.person(name=NAME))
    made(doors.office)
    key = doors.office.settings.log_key_file.read_bytes()
    backup, keys = both(doors, outside)
    assert key not in keys.read_bytes()
    done = restored(place, backup, keys)
    assert done.log_key == "put back"
    there = place.settings.log_key_file
    assert there.read_bytes() == key
    assert there.stat().st_mode & 0o077 == 0
    with opened(place) as found:
        made(found.office)


def test_another_key_that_signs_is_left_where_it_lies(
    doors: Doors, place: Place, outside: Path
) -> None:
    """What signs already is not replaced, and it is said; one that is the same is no matter."""
    doors.case()
    made(doors.office)
    backup, keys = both(doors, outside)
    other = b"\x07" * 32
    place.settings.log_key_file.write_bytes(other)
    place.settings.log_key_file.chmod(0o600)
    assert restored(place, backup, keys).log_key == "another"
    assert place.settings.log_key_file.read_bytes() == other
    settings = doors.office.settings
    back = copies.restore_keys(settings, keys, say=lambda _line: None)
    assert copies.put_back_log_key(settings, keys) == "there"
    assert back.added == 0


def test_a_copy_without_that_key_is_read_as_before(
    doors: Doors, place: Place, outside: Path
) -> None:
    """Made before heads were signed, or by an earlier release: nothing is put back.

    What is restored begins another incarnation, and signs that with a key of its own.
    """
    doors.case()
    assert not doors.office.settings.log_key_file.exists()
    backup, keys = both(doors, outside)
    assert restored(place, backup, keys).log_key == "none"
    assert place.settings.log_key_file.stat().st_mode & 0o077 == 0


def test_the_commands_say_what_is_in_the_copy(cli: Cli, outside: Path, apart: Path) -> None:
    """With the key that signs or without; and that it is made anew by itself from then on."""
    assert cli("migrate").code == 0
    assert cli("export-proof", str(outside / "proof")).code == 0
    said = cli("keys", "backup", str(apart))
    assert said.code == 0, said.err
    assert "signs" in said.out
    assert "by itself" in said.out
    assert cli("keys", "backup", str(apart), "--json").json["log_key"] is True


def test_an_erasure_that_a_crash_cut_short_makes_the_copy_anew_when_it_is_made_good(
    database: Database, tmp_path: Path, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the event and the keys: the next start carries it out, and the copy too."""
    settings = settings_for(database, tmp_path / "data")
    with Office(settings) as office, opened_doors(office) as doors:
        case = doors.case(doors.person(name=NAME))
        newest(doors, apart)
        before = epoch_of(apart)
        with monkeypatch.context() as patch:
            patch.setattr(office.handler, "_carry_out", lambda: None)  # killed right here
            erase(doors, case, "case", 1)
        assert epoch_of(apart) == before
    with Office(settings) as office:
        assert epoch_of(apart) == office.wrapping.epochs()[-1] > before
