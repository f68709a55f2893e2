"""`holdfast import cases`: a list of another system's cases, checked before it is recorded."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import psycopg
import pytest

from tests.conftest import OWNER, Database
from tests.doors.conftest import Cli

LIST = """\
Case reference,Person reference,Name,Date of birth,Stage,Received,Plan agreed,Review due
S-1,P-1,Violet Example,1941-05-06,Plan,2026-01-05,2026-02-02,2026-03-02
S-2,P-2,Ruby Example,XXXX,Concern,2026-02,,
"""
ASKED = ("--system", "case-system")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a list of two cases."""
    path = tmp_path / "cases.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def positions(database: Database) -> int:
    """How much the record of cases holds."""
    with psycopg.connect(database.conninfo(OWNER)) as conn:
        row = conn.execute("SELECT count(*) FROM record.cases").fetchone()
    assert row is not None
    return int(row[0])


def test_the_template_is_a_list_to_fill_in(cli: Cli) -> None:
    """--template prints every heading and a made-up row, and opens nothing."""
    said = cli("import", "cases", "--template")
    headings, example = csv.reader(io.StringIO(said.out))
    assert (said.code, headings[0], example[0]) == (0, "Case reference", "S-1001")
    assert len(headings) == len(example)


def test_a_dry_run_records_nothing(cli: Cli, database: Database, file: Path) -> None:
    """What would be recorded is told by row, without a name, a birth or what the case is called."""
    assert cli("migrate").code == 0
    cli("caseload")  # this account is known from its first command on
    before = positions(database)
    said = cli("import", "cases", str(file), *ASKED, "--dry-run", "--role", "manager")
    assert (said.code, positions(database)) == (0, before)
    assert "received, Plan agreed, Review date set" in " ".join(said.out.split())
    for text in ("Violet", "Ruby", "1941", "S-1", "P-1"):
        assert text not in said.out + said.err
    told = cli("import", "cases", str(file), *ASKED, "--dry-run", "--role", "manager", "--json")
    assert (told.json["would_bring_forward"], told.json["errors"]) == (2, [])
    assert "Duty decided" in told.json["not_asked"]


def test_cases_are_brought_forward_once(cli: Cli, database: Database, file: Path) -> None:
    """The import records each case; again it records nothing, and says what a row has changed."""
    asked = ("import", "cases", str(file), *ASKED, "--role", "manager", "--json")
    assert cli(*asked).json["brought_forward"] == 2
    once = positions(database)
    again = cli(*asked)
    assert (again.code, again.json["already_there"], positions(database)) == (0, 2, once)
    file.write_text(LIST.replace("2026-03-02", "2026-04-02").replace("Ruby", "Pearl"), "utf-8")
    changed = cli(*asked)
    assert (changed.code, positions(database)) == (2, once)
    assert changed.json["changed"] == [
        {"row": 2, "columns": ["Review due"]},
        {"row": 3, "columns": ["Name"]},
    ]
    shown = cli(*asked[:-1])
    assert "Pearl" not in shown.out + shown.err
    assert cli("caseload", "--json").json["rows"][0]["stage"] == "plan"


def test_a_wrong_row_stops_the_list_unless_the_good_are_kept(cli: Cli, file: Path) -> None:
    """Code 2, each wrong row by its number; with --keep-good the others are recorded."""
    file.write_text(LIST.replace("2026-02-02", "Secret"), "utf-8")
    asked = ("import", "cases", str(file), *ASKED, "--role", "manager")
    said = cli(*asked)
    assert said.code == 2
    assert "Nothing was recorded" in said.err
    assert "Secret" not in said.out + said.err
    said = cli(*asked, "--keep-good", "--json")
    assert (said.code, said.json["brought_forward"]) == (2, 1)
    assert [(one["row"], one["column"]) for one in said.json["errors"]] == [(2, "Plan agreed")]


def test_who_may_be_known_already_is_shown(cli: Cli, file: Path) -> None:
    """A name and birth that stand already, under another reference, are reported by row."""
    asked = ("import", "cases", str(file), *ASKED, "--role", "manager")
    assert cli(*asked).code == 0
    file.write_text(LIST.replace("S-", "T-").replace("P-", "Q-"), "utf-8")
    said = cli(*asked, "--dry-run", "--json")
    assert [one["row"] for one in said.json["perhaps_known_already"]] == [2]
    assert "Of the same name" in cli(*asked, "--dry-run").out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((*ASKED, "--role", "practitioner"), "--role manager"),
        (("--system", "07700 900123", "--role", "manager"), "--system"),
        (("--role", "manager"), "Source system"),
    ],
)
def test_what_is_wrong_with_the_question(
    cli: Cli, file: Path, options: tuple[str, ...], words: str
) -> None:
    """A role that may not, a system that is no name, and none at all are refused in words."""
    said = cli("import", "cases", str(file), *options)
    assert said.code == 2
    assert words in said.out + said.err


def test_a_file_is_wanted(cli: Cli) -> None:
    """Without a file the remedy names the template."""
    said = cli("import", "cases")
    assert (said.code, "--template" in said.err) == (2, True)
