"""A timeline given out for a review by the command line: the file, and the key to it apart."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from tests.doors.conftest import Cli

CHRONOLOGIES = Path(__file__).parent.parent / "chronologies"


def taken_in(cli: Cli, name: str) -> str:
    """Take a chronology in; give its case."""
    said = cli(
        *("import", "chronology", str(CHRONOLOGIES / f"{name}.csv")),
        *("--new-case", "--reference", name, "--json"),
    )
    assert said.code == 0, said.err
    return str(said.json["case"])


def sources(path: Path) -> list[str]:
    """Give the source of each line, the last of which is the note on what it rests on."""
    text = path.read_bytes().decode("utf-8-sig")
    return [one["Source of information"] for one in csv.DictReader(io.StringIO(text, newline=""))]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx", "json"])
def test_the_same_basis_is_the_same_bytes(cli: Cli, tmp_path: Path, kind: str) -> None:
    """Asked for again at the position it names, it is byte for byte what was given out."""
    case = taken_in(cli, "june")
    first = cli("timeline", "export", str(tmp_path / f"a.{kind}"), "--case", case, "--json")
    assert first.code == 0, first.err
    again = cli(
        *("timeline", "export", str(tmp_path / f"b.{kind}"), "--case", case),
        *("--as-at", str(first.json["basis"]["as_at"]), "--json"),
    )
    assert again.json["sha256"] == first.json["sha256"]
    assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_what_was_given_out_can_be_taken_in(cli: Cli, tmp_path: Path) -> None:
    """With a line for each silence too: into its own case it adds nothing."""
    case, out = taken_in(cli, "mr-h"), tmp_path / "mr-h.xlsx"
    said = cli("timeline", "export", str(out), "--case", case, "--gaps", "180")
    assert said.code == 0, said.err
    again = cli("import", "chronology", str(out), "--case", case, "--json")
    assert (again.json["added"], again.json["already_there"]) == (0, 17)
    assert len(again.json["authors_notes"]) == 3


def test_a_folder_takes_it_under_its_own_name(cli: Cli, tmp_path: Path) -> None:
    """As CSV, or as the kind that is asked for; with every source, those of several cases too."""
    cases = [taken_in(cli, name) for name in ("june", "mr-h")]
    asked = ("timeline", "export", str(tmp_path), "--case", cases[0], "--case", cases[1])
    said = cli(*asked)
    assert said.code == 0, said.err
    found = sources(tmp_path / "timeline.csv")
    assert len(found) == 8 + 17 + 2  # what abbreviations mean, and the basis
    assert found[-1].startswith("# Holdfast")
    assert all(found)
    assert said.out.count("Recorded and kept") == 2
    assert cli(*asked, "--format", "json").code == 0
    assert json.loads((tmp_path / "timeline.json").read_bytes())["report"]["lines"] == 25


def test_the_key_to_the_pseudonyms_is_a_file_apart(cli: Cli, tmp_path: Path) -> None:
    """Nobody else of this machine may read it, it names its file, and the file does not hold it."""
    case, out, key = taken_in(cli, "june"), tmp_path / "june.json", tmp_path / "kept" / "key.json"
    key.parent.mkdir()
    asked = ("timeline", "export", str(out), "--case", case, "--pseudonyms", "--key-file", str(key))
    said = cli(*asked, "--json")
    assert said.code == 0, said.err
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    told = json.loads(key.read_bytes())
    assert told["sha256"] == said.json["sha256"]
    assert {"reference": case, "names": []}.items() <= told["pseudonyms"][0].items()
    assert case not in out.read_text("utf-8")
    beside = cli(*asked[:2], str(tmp_path / "b.json"), *asked[3:6], "--json")
    assert stat.S_IMODE(Path(beside.json["key_file"]).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "options",
    [
        ("--pseudonyms", "--named"),
        ("--key-file", "key.json"),
        ("--format", "pdf"),
        ("--on", "2024-01-01"),
        ("--from", "soon"),
        ("--from", "2024-02-01", "--to", "2024-01-01"),
        ("--before-period",),
    ],
)
def test_what_does_not_go_together_is_refused(
    cli: Cli, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """In a line, before anything is read or written."""
    case = taken_in(cli, "june")
    said = cli("timeline", "export", str(tmp_path / "a.csv"), "--case", case, *options)
    assert said.code == 2, said.out
    assert said.err.count("\n") == 1
    assert not (tmp_path / "a.csv").exists()


def test_no_file_is_written_over(cli: Cli, tmp_path: Path) -> None:
    """Nor one whose kind nobody knows, nor into a folder that is not there."""
    case, out = taken_in(cli, "june"), tmp_path / "a.csv"
    out.write_text("mine")
    for where in (out, tmp_path / "a.odt", tmp_path / "nowhere" / "a.csv"):
        assert cli("timeline", "export", str(where), "--case", case).code == 2
    assert out.read_text() == "mine"


def test_a_practitioner_may_not_give_it_out(cli: Cli, tmp_path: Path) -> None:
    """They may read it: `timeline CASE` is as it was."""
    case = taken_in(cli, "june")
    out = str(tmp_path / "a.csv")
    refused = cli("timeline", "export", out, "--case", case, "--role", "practitioner")
    assert refused.code == 2
    assert "manager" in refused.err
    assert cli("timeline", case, "--role", "practitioner").code == 0
    assert cli("timeline", "export", "--help").code == 0
