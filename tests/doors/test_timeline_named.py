"""The names put back into a timeline with pseudonyms, at the command line (procedure C.5)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.doors.conftest import Cli, Doors
from tests.doors.given_out import KINDS, file_of, give, words_of
from tests.doors.test_timeline_pseudonyms import a_family

NAME = "Ann Marie Example"


def given_out(doors: Doors, folder: Path, kind: str) -> Path:
    """Give a timeline with pseudonyms, its key beside it."""
    case, _ann, _sister = a_family(doors)
    answer = give(doors, case, naming="pseudonyms", format=kind)
    file = folder / f"timeline.{kind}"
    file.write_bytes(file_of(doors, answer))
    file.with_name(f"{file.name}.key.json").write_bytes(file_of(doors, answer, "pseudonyms"))
    return file


@pytest.mark.parametrize("kind", KINDS)
def test_the_names_are_put_back_by_the_key(
    cli: Cli, doors: Doors, tmp_path: Path, kind: str
) -> None:
    """In every kind of file; readable by whoever asked alone, and never over another file."""
    file = given_out(doors, tmp_path, kind)
    assert NAME not in words_of(file.read_bytes(), kind)
    out = tmp_path / f"named.{kind}"
    said = cli("timeline", "names", str(file), str(out))
    assert said.code == 0, said.err
    assert NAME in words_of(out.read_bytes(), kind)
    assert out.stat().st_mode & 0o077 == 0
    assert "no more as it was given out" not in said.out
    assert cli("timeline", "names", str(file), str(out)).code == 2


def test_every_place_has_back_what_stood_in_it(cli: Cli, doors: Doors, tmp_path: Path) -> None:
    """Word for word, as the same timeline with names has it."""
    file = given_out(doors, tmp_path, "json")
    out = tmp_path / "named.json"
    assert cli("timeline", "names", str(file), str(out)).code == 0
    told = json.loads(out.read_text("utf-8"))
    (case,) = told["basis"]["cases"]
    as_at = str(told["basis"]["as_at"])
    plain = json.loads(file_of(doors, give(doors, case, naming="named", as_at=as_at)))
    cells = ("source", "people", "text", "response", "decision")
    assert [[one[name] for name in cells] for one in told["lines"]] == [
        [one[name] for name in cells] for one in plain["lines"]
    ]
    assert {one["entry"]["case"] for one in told["lines"]} == {case}


def test_a_file_that_was_written_in_is_named_as_far_as_it_can_be(
    cli: Cli, doors: Doors, tmp_path: Path
) -> None:
    """It is said, and no name is put where another may be meant."""
    file = given_out(doors, tmp_path, "csv")
    file.write_bytes(file.read_bytes() + b",,,,,,A reviewer,,Asked about it.\r\n")
    out = tmp_path / "named.csv"
    said = cli("timeline", "names", str(file), str(out))
    assert said.code == 0, said.err
    assert "no more as it was given out" in said.out
    assert NAME in out.read_text("utf-8-sig")
    assert "Asked about it." in out.read_text("utf-8-sig")


def test_without_its_key_nothing_is_named(cli: Cli, doors: Doors, tmp_path: Path) -> None:
    """A key that is not there, or is none, or another kind of file, is said."""
    file = given_out(doors, tmp_path, "csv")
    out = tmp_path / "named.csv"
    key = file.with_name(f"{file.name}.key.json")
    assert cli("timeline", "names", str(file), str(tmp_path / "named.docx")).code == 2
    assert cli("timeline", "names", str(file), str(out), "--key-file", str(file)).code == 2
    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    words = ("timeline", "names", str(broken), str(tmp_path / "out.json"))
    assert cli(*words, "--key-file", str(key)).code == 2
    key.unlink()
    assert cli("timeline", "names", str(file), str(out)).code == 3
    assert not out.exists()
