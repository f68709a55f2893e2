"""What the terminal tells of imports and of views: in the words of one table, in either nation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.forms import labels
from projections import ALL
from tests.doors.conftest import Cli

CHRONOLOGY = str(Path(__file__).parent.parent / "chronologies" / "june.csv")
NEW = ("--new-case", "--reference", "2026/17")
LISTED = ("--system", "case-system", "--role", "manager")
ROW = {
    "Case reference": "S-1",
    "Received": "2026-01-05",
    "Duty decided": "2026-01-06",
    "Duty result": "",
    "Team": "North Team",
    "Last conference": "2026-01-20",
    "Conference kind": "Initial conference",
    "Plan agreed": "2026-02-02",
    "Review due": "2026-03-02",
}
DECIDED = {"england": "Section 42 enquiry", "scotland": "Council to inquire"}
VIEWS = {"people_tokens", *(one.name for one in ALL)}
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")


@pytest.fixture(autouse=True)
def held_to_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a word is made of a name, since no row has one."""

    def made(name: str) -> str:
        pytest.fail(f"no row for {name}")

    monkeypatch.setattr(labels, "_plain", made)


@pytest.mark.parametrize("nation", ["england", "scotland"])
def test_imports_and_views_are_told_in_words(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, nation: str
) -> None:
    """Counts, columns, what each row would record, and how far views are: none by a code."""
    monkeypatch.setenv("HOLDFAST_NATION", nation)
    row = {**ROW, "Duty result": DECIDED[nation]}
    path = tmp_path / "cases.csv"
    path.write_text(f"{','.join(row)}\n{','.join(row.values())}\n", encoding="utf-8")
    assert cli("migrate").code == 0
    told = [
        cli("import", "chronology", CHRONOLOGY, *NEW, "--dry-run"),
        cli("import", "chronology", CHRONOLOGY, *NEW),
        cli("import", "cases", str(path), *LISTED, "--dry-run"),
        cli("import", "cases", str(path), *LISTED),
        cli("lag"),
    ]
    for said in told:
        assert said.code == 0, said.out + said.err
        # A view's own name stays as it is typed to rebuild it.
        assert set(CODE.findall(said.out)) - VIEWS == set()
    for said, words in zip(
        told,
        ("Lines that would be added", "Lines added", "Plan agreed", "brought forward", "behind"),
        strict=True,
    ):
        assert words in " ".join(re.sub("[│┃]", " ", said.out).split())
