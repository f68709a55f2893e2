"""A timeline given out for a review: the command line and the API, and what they leave behind."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.doors.conftest import Cli

CHRONOLOGIES = Path(__file__).parent.parent / "chronologies"
NAMES = ("june", "mr-h", "ms-s")


def taken_in(cli: Cli, name: str) -> str:
    """Take a chronology in; give its case."""
    said = cli(
        *("import", "chronology", str(CHRONOLOGIES / f"{name}.csv")),
        *("--new-case", "--reference", name, "--json"),
    )
    assert said.code == 0, said.err
    return str(said.json["case"])


def lines(content: bytes) -> list[dict[str, str]]:
    """Give the lines of a CSV by their headings, without the note on what they rest on."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))[:-1]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx", "json"])
def test_the_same_basis_is_the_same_bytes(cli: Cli, tmp_path: Path, kind: str) -> None:
    """Asked for again at the position it names, it is byte for byte what was given out."""
    case = taken_in(cli, "june")
    first = cli("timeline", "export", str(tmp_path / f"a.{kind}"), "--case", case, "--json")
    assert first.code == 0, first.err
    as_at = str(first.json["basis"]["as_at"])
    again = cli(
        *("timeline", "export", str(tmp_path / f"b.{kind}"), "--case", case),
        *("--as-at", as_at, "--json"),
    )
    assert again.json["sha256"] == first.json["sha256"]
    assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
