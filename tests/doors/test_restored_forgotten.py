"""An older backup and the newest keyring, with databases of our own: what was forgotten stays so.

Everything by the command line, in folders as an authority has them; only the forgetting itself is
asked through the API, as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from api import copies
from api.cli import run
from api.office import Office
from api.settings import Settings, read_settings
from domain.record import keyring_copy
from tests.doors.conftest import Doors, Said, opened_doors
from tests.doors.copied import newest
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import ACCOUNT, NAME, erase, told
from tests.doors.test_receipts import made

KEPT = "The other case goes on."
Ask = Callable[..., Said]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Ask:
    """Give the command line of a record in a folder."""
    for name in ("DATABASE_URL", "HOLDFAST_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)

    def asked(folder: Path, *arguments: str) -> Said:
        monkeypatch.setenv("HOLDFAST_DATA", str(folder))
        capfd.readouterr()
        code = run(list(arguments))
        said = capfd.readouterr()
        return Said(code, " ".join(said.out.split()), said.err)

    return asked


def in_folder(folder: Path) -> Settings:
    """Give the settings of a record with a database of its own in a folder."""
    return read_settings({"HOLDFAST_DATA": str(folder), "HOLDFAST_DEVELOPMENT_IDENTITY": "1"})


def forget(doors: Doors, case: str) -> None:
    """Forget a case and its adult, each on two people's word."""
    erase(doors, case, "person", 1)
    erase(doors, case, "case", 3)


def come_and_gone(doors: Doors) -> str:
    """Register somebody and forget them; give their reference."""
    person = doors.person(name=NAME)
    assert erased(doors, person) == (201, "")
    return person


def test_an_older_backup_brings_nothing_back_and_is_seen_to_be_older(
    tmp_path: Path, ask: Ask
) -> None:
    """Forgotten stays forgotten, the record says that it began again, and kept heads convict it."""
    first, second = tmp_path / "first", tmp_path / "second"
    backup, keys = tmp_path / "backups" / "monday", tmp_path / "apart" / "keyring.copy"
    backup.parent.mkdir()
    keys.parent.mkdir()
    settings = in_folder(first)
    with Office(settings) as office, opened_doors(office) as doors:
        case, other = doors.case(doors.person(name=NAME)), doors.case(account=KEPT)
        made(office)
        copies.back_up(settings, office, backup)
        newest(doors, keys)
        before = keyring_copy.head_of(keys)
        forget(doors, case)
        since = come_and_gone(doors)
        made(office)
        for name in (ACCOUNT, NAME):
            assert name not in told(doors, case)
        # Nobody has to remember it: the copy of the keys went with the forgetting.
        after = keyring_copy.head_of(keys)
        assert before is not None
        assert after is not None
        assert after.epoch > before.epoch
        log_key = settings.log_key_file.read_bytes()
        published = tmp_path / "published"
        assert ask(first, "export-proof", str(published)).code == 0

    (second / "keys").mkdir(parents=True)
    (second / "keys" / "master.key").write_bytes(settings.master_key_file.read_bytes())
    said = ask(second, "restore", str(backup), "--keys", str(keys))
    assert said.code == 0, said.err
    assert "2 erasure(s) are to be approved and recorded again" in said.out
    nothing = "Of 1 more that was forgotten nothing is in this record, and nothing is to be done:"
    assert f"{nothing} {since}" in said.out
    told_again = orjson.loads(ask(second, "keys", "restore", str(keys), "--json").out)
    assert {since} == {*told_again["erased_since"]} - {*told_again["to_record_again"]}
    assert "in its place again" in said.out
    assert (second / "keys" / "log.key").read_bytes() == log_key

    shown = ask(second, "case", "show", case)
    assert shown.code == 0, shown.err
    for name in (ACCOUNT, NAME):
        assert name not in shown.out
    assert KEPT in ask(second, "case", "show", other).out

    by_itself = ask(second, "verify")
    assert by_itself.code == 0, by_itself.out
    held_to = ask(second, "verify", "--against", str(published))
    assert held_to.code == 6, held_to.out

    again = tmp_path / "again"
    assert ask(second, "export-proof", str(again)).code == 0
    origin = (again / "cases" / "checkpoint").read_text().splitlines()[0]
    earlier = (published / "cases" / "checkpoint").read_text().splitlines()
    assert (earlier[0].rpartition("/")[2], origin.rpartition("/")[2]) == ("1", "2")
    went_on = (again / "cases" / "continued" / "2").read_text().splitlines()
    assert went_on[0] == earlier[0]
    assert int(went_on[1]) < int(earlier[1])
