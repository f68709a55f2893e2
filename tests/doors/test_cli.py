"""The command line: a door like the others, with one line and a code for every way of saying no."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from api.cli import app, run
from api.clock import new_reference
from api.forms import labels
from api.office import Office
from domain.correction import RestrictProcessing
from domain.handle import Ask
from domain.record.migration import SCHEMA_VERSION
from domain.when import instant
from domain.words import Code, Particulars
from tests.conftest import AUTHORITY, LOGIN, OWNER, Database
from tests.doors.conftest import Cli, opened_doors, settings_for

CHRONOLOGIES = Path(__file__).parent.parent / "chronologies"
NEW = ("--new-case", "--reference", "2026/17")
NOWHERE = "00000000-0000-4000-8000-0000000000ff"
COMMANDS = (
    *("serve", "demo", "import", "case", "timeline", "caseload", "reviews", "return", "rebuild"),
    *("verify", "migrate", "bench", "project", "lag", "keys", "readings", "refer", "findings"),
)


@pytest.fixture
def june(cli: Cli) -> str:
    """Give the reference of a case made of June's chronology."""
    said = cli("import", "chronology", str(CHRONOLOGIES / "june.csv"), *NEW, "--json")
    assert said.code == 0, said.err
    return str(said.json["case"])


def readings(database: Database) -> list[tuple[str, dict[str, Any]]]:
    """The log of readings: the name and the fields of each entry."""
    with psycopg.connect(database.conninfo(OWNER)) as conn:
        rows = conn.execute('SELECT name, payload FROM record.readings ORDER BY "position"')
        return [(name, json.loads(payload)["data"]) for name, payload in rows.fetchall()]


def plain(text: str) -> str:
    """A table without its folding."""
    return " ".join(re.sub(r"[│┃━─╇┼╪]", " ", text).split())


# --------------------------------------------------------------------------------- being asked


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help says what a command does and what its options mean, and opens nothing."""
    assert run([command, "--help"]) == 0
    assert "Usage: holdfast" in capsys.readouterr().out


def test_help_answers_before_anything_is_loaded() -> None:
    """Neither the web framework nor the database is imported to show what can be asked."""
    script = (
        "import sys; from api.cli import run; run(['--help']);"
        "heavy = {'fastapi', 'psycopg', 'cryptography', 'openpyxl', 'holidays'} & set(sys.modules);"
        "sys.exit(1 if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0


def test_every_command_that_shows_anything_of_cases_can_be_asked_of_the_past() -> None:
    """Promise 3: --as-at stands on each of them, and --json on every answer."""
    commands = {
        one.name or one.callback.__name__: one for one in app.registered_commands if one.callback
    }
    for name in ("case", "timeline", "caseload", "reviews", "findings", "return"):
        callback = commands[name].callback
        assert callback is not None
        assert {"as_at", "on", "json", "purpose", "role"} <= set(callback.__annotations__)
    for name in ("case", "timeline", "reviews"):
        assert {"as_of", "known_to"} <= set(getattr(commands[name].callback, "__annotations__", ()))
    assert "as_at" in getattr(commands["readings"].callback, "__annotations__", ())


@pytest.mark.parametrize(
    "arguments",
    [
        ["caseload", "--as-at", "2026-01-01", "--as-at", "2026-01-02"],
        ["reviews", "--on=2026-01-01", "--team", "north", "--on", "2026-01-02"],
        ["case", "--as-of", "2026-01-01", NOWHERE, "--as-of", "2026-01-01"],
    ],
)
def test_an_option_that_stands_twice_is_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Which of two clocks was meant nobody can know: the option is named, no value repeated."""
    assert run(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"holdfast: {arguments[1].partition('=')[0]} stands here more than once")
    assert "2026" not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["somebody"],
        ["case"],
        ["case", NOWHERE, "somebody"],
        ["caseload", "--somebody"],
        ["caseload", "--team"],
        ["lag", "--at-most", "somebody"],
        ["import", "somebody"],
    ],
)
def test_what_is_not_understood_is_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told in a line with the usage, and what was typed is not repeated."""
    assert run(arguments) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "--help says more" in said
    assert "somebody" not in said


# -------------------------------------------------------------------------------------- reading


def test_a_timeline_is_shown_in_its_order_with_its_doubts(cli: Cli, june: str) -> None:
    """Dates stand as they are known; a day has no time, and silences are shown when asked."""
    said = cli("timeline", june, "--gaps", "90", "--between", "6", "7")
    text = plain(said.out)
    assert said.code == 0
    assert "?2022-03/2022-04-08" in text
    assert "00:00" not in text
    assert text.index("Attended again") < text.index("Home visit")
    assert "Last seen: 2022-04-08 (entry 5)" in text
    assert "6 2022-04-11 7 2023-03-10 333" in text
    assert "From entry 6 to entry 7: 333 days" in text


def test_a_timeline_as_csv_is_what_import_reads(cli: Cli, june: str, tmp_path: Path) -> None:
    """The export of a case has the columns of an import, and adds nothing to its own case."""
    out = tmp_path / "june.csv"
    out.write_bytes(cli("timeline", june, "--csv").out.encode())
    assert len(list(csv.reader(out.read_text("utf-8").splitlines()))) == 9
    again = cli("import", "chronology", str(out), "--case", june, "--json")
    assert (again.json["added"], again.json["already_there"]) == (0, 8)


def test_a_case_is_shown_as_it_was_known(cli: Cli, june: str) -> None:
    """--as-at a position shows no later entry; before the case there was none: code 3."""
    entries = cli("timeline", june, "--json").json["entries"]
    second = sorted(one["position"] for one in entries)[1]
    then = cli("timeline", june, "--json", "--as-at", str(second)).json["entries"]
    assert [one["version"] for one in sorted(then, key=lambda one: one["version"])] == [1, 2]
    assert cli("case", june, "--as-at", "2020-01-01").code == 3


def test_what_an_agency_knew_is_asked_by_a_day(cli: Cli) -> None:
    """--known-to and --on: nobody told the director before June 2007."""
    path = str(CHRONOLOGIES / "mr-h.csv")
    case = cli("import", "chronology", path, *NEW, "--json").json["case"]
    asked = ("timeline", case, "--json", "--known-to", "director-of-adult-social-care", "--on")
    assert cli(*asked, "2007-05-31").json["entries"] == []
    assert [one["data"]["number"] for one in cli(*asked, "2007-06-30").json["entries"]] == [7, 8]


def test_every_reading_leaves_its_trace(cli: Cli, june: str, database: Database) -> None:
    """Who looked, through which door, at what, how far back and why stands in the log."""
    before = len(readings(database))
    cli("case", june, "--role", "manager", "--purpose", "audit")
    cli("timeline", june, "--as-at", "9")
    cli("timeline", june, "--csv", "--purpose", "review")
    cli("caseload")
    cli("reviews", "--overdue")
    cli("verify")
    seen = readings(database)[before:]
    assert {name for name, _ in seen} == {"record-viewed.v1"}
    assert {one["door"] for _, one in seen} == {"cli"}
    assert [(one["what"], one["purpose"]) for _, one in seen] == [
        ("case", "audit"),
        ("findings", "audit"),
        ("chronology", "safeguarding"),
        ("export", "review"),
        ("caseload", "safeguarding"),
        ("caseload", "safeguarding"),
        ("verification", "safeguarding"),
    ]
    assert seen[2][1]["as_at"] == 9
    assert {one.get("case") for _, one in seen[:4]} == {june}


def test_a_role_that_may_not_read_is_turned_away(cli: Cli, june: str, database: Database) -> None:
    """An analyst reads no case; nothing was shown, so no reading is on record."""
    before = len(readings(database))
    said = cli("timeline", june, "--role", "analyst")
    assert (said.code, said.out) == (2, "")
    assert "--role" in said.err
    assert len(readings(database)) == before


def test_a_case_says_what_a_role_is_not_shown(cli: Cli, june: str, database: Database) -> None:
    """Findings that a role may not read are said to be hidden, never to be none, and not traced."""
    assert "not shown" not in cli("case", june, "--role", "chair").out
    before = len(readings(database))
    for role in ("minute_taker", "integrator"):
        assert "Findings: not shown to this role" in cli("case", june, "--role", role).out
        assert cli("case", june, "--role", role, "--json").json["findings"] is None
    assert {one["what"] for _, one in readings(database)[before:]} == {"case"}


def test_what_a_case_comes_to_is_called_by_the_table(cli: Cli, june: str) -> None:
    """Each line of where a case stands has its words in the table of labels, and no row is over."""
    beside = {"findings", "cleared", "left_out", "external", "about_adult", "basis"}
    said = set(cli("case", june, "--role", "manager", "--json").json) - beside
    rows = {one.removeprefix("summary.") for one in labels.table() if one.startswith("summary.")}
    assert said == rows


def test_a_connected_system_is_shown_no_name(cli: Cli, database: Database, tmp_path: Path) -> None:
    """The adult's name stands in a case for whoever may read it, never for a connected system."""
    with Office(settings_for(database, tmp_path)) as office, opened_doors(office) as doors:
        case = doors.case(doors.person(name="Ann Example"))
    assert "Ann Example" in cli("case", case, "--role", "manager").out
    said = cli("case", case, "--role", "integrator")
    assert said.code == 0, said.err
    assert "Ann Example" not in said.out
    assert cli("case", case, "--role", "integrator", "--json").json["name"] is None


def test_a_restricted_case_is_shown_only_for_what_restriction_allows(
    cli: Cli, june: str, database: Database, tmp_path: Path
) -> None:
    """While processing is restricted, reading needs one of the purposes that remain, as_at too."""
    with Office(settings_for(database, tmp_path)) as office:
        command, case = new_reference(), UUID(june)
        office.handler.handle(
            Ask(
                command=RestrictProcessing(ground=Code("accuracy_contested")),
                stream=case,
                expected_version=8,
                actor=replace(office.system_actor, role=Code("manager")),
                particulars=Particulars(occurred=instant(office.clock.now())),
                id=command,
                digest=command.bytes * 2,
            )
        )
    for asked in (("case", june), ("timeline", june), ("timeline", june, "--as-at", "9")):
        said = cli(*asked)
        assert (said.code, said.out) == (2, "")
        assert "legal_claim" in said.err
        assert cli(*asked, "--purpose", "legal_claim").code == 0


def test_a_terminal_is_not_obeyed(cli: Cli, tmp_path: Path) -> None:
    """What somebody else wrote is shown and never carried out, by a terminal or by our tables."""
    path = tmp_path / "c.csv"
    path.write_text(
        "Date,Agency,Source,Event\n2006-07-06,police,log,\x1b[2J[bold]red[/bold] \u202egnp\n",
        encoding="utf-8",
    )
    case = cli("import", "chronology", str(path), *NEW, "--json").json["case"]
    out = cli("timeline", case).out
    assert "[bold]red[/bold]" in out
    assert "\x1b[2J" not in out
    assert "\u202e" not in out


def test_caseload_and_reviews_answer_without_anybody_following(cli: Cli, june: str) -> None:
    """Where no process follows, the views are first brought up to date; nobody referred June."""
    assert june
    load = cli("caseload", "--json", "--on", "2026-11-21").json
    assert (load["rows"], load["totals"], load["on"]) == ([], [], "2026-11-21")
    assert cli("reviews", "--overdue", "--json").json["reviews"] == []
    assert {one["view"] for one in cli("lag", "--json").json if not one["events_behind"]} >= {
        "caseload",
        "reviews",
    }


def test_a_return_says_what_each_figure_counts(cli: Cli, database: Database) -> None:
    """A table in long form, exact or as published, for a financial year, as known at a position."""
    asked = ("return", "2025-26", "sg1f", "--role", "analyst")
    said = cli(*asked, "--json")
    assert said.code == 0, said.err
    assert (said.json["first"], said.json["last"]) == ("2025-04-01", "2026-03-31")
    assert {(one["value"], len(one["counted"])) for one in said.json["cells"]} == {(0, 0)}
    assert "[c]" in cli(*asked, "--published").out
    rows = list(csv.reader(cli(*asked, "--csv").out.splitlines()))
    assert rows[0] == ["Table", "Enquiry type", "Category", "Subcategory", "Value"]
    assert len(rows) == 4
    assert readings(database)[-1][1]["purpose"] == "statistics"
    assert "SG2a" in cli("return", "2025", "--role", "analyst").out
    assert cli("return", "2025-26", "SG9z", "--role", "analyst").code == 3
    assert cli("return", "2025-27", "SG1f", "--role", "analyst").code == 2
    assert cli("return", "2025-Q3", "SG1f", "--role", "analyst").code == 3


# ----------------------------------------------------------------------------- taking things in


def test_a_dry_run_records_nothing(cli: Cli, database: Database) -> None:
    """It says what would be added and what is wrong, and the record is as it was."""
    path = str(CHRONOLOGIES / "june.csv")
    cli("caseload")  # opens the record
    with psycopg.connect(database.conninfo(OWNER)) as conn:
        before = conn.execute("SELECT count(*) FROM record.cases").fetchone()
        said = cli("import", "chronology", path, "--new-case", "--dry-run")
        assert conn.execute("SELECT count(*) FROM record.cases").fetchone() == before
    assert said.code == 0
    assert "Lines that would be added 8" in plain(said.out)
    assert "see that none of them is a person's name" in " ".join(plain(said.err).split())


def test_where_there_is_no_record_a_dry_run_says_how_to_begin_a_real_one(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the demonstration alone, which is for looking around; and it begins none itself."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("HOLDFAST_DATA", str(tmp_path / "new"))
    path = str(CHRONOLOGIES / "june.csv")
    said = cli("import", "chronology", path, "--new-case", "--dry-run")
    assert said.code == 2
    assert "`holdfast migrate` makes a real and empty one" in plain(said.err)
    assert "HOLDFAST_NATION" in said.err
    assert not (tmp_path / "new").exists()


def test_an_agency_is_a_name_and_never_a_number(cli: Cli, tmp_path: Path) -> None:
    """What a file or an option calls an agency is held to the form of a name; all are listed."""
    path = tmp_path / "c.csv"
    path.write_text("Date,Source,Event\n2006-07-06,log,A call.\n", encoding="utf-8")
    asked = ("import", "chronology", str(path), "--new-case", "--dry-run", "--json")
    said = cli(*asked, "--agency", "9434765919")
    assert said.code == 2
    assert "9434765919" not in said.err + said.out
    assert cli(*asked, "--agency", "north-team").json["agencies"] == ["north-team"]


def test_an_import_that_looks_at_a_case_leaves_its_trace(
    cli: Cli, june: str, database: Database
) -> None:
    """What it says of lines that are there already tells of the case, dry run or not."""
    path = str(CHRONOLOGIES / "june.csv")
    for options in (("--case", june, "--dry-run"), (*NEW, "--dry-run"), ("--case", june)):
        before = len(readings(database))
        said = cli("import", "chronology", path, *options, "--json")
        assert (said.code, said.json["already_there"]) == (0, 8)
        ((name, trace),) = readings(database)[before:]
        assert (name, trace["case"], trace["what"]) == ("record-viewed.v1", june, "case")


def test_a_wrong_row_stops_the_file_unless_the_good_are_kept(cli: Cli, tmp_path: Path) -> None:
    """Code 2, each wrong row by its number; with --keep-good the others are recorded."""
    path = tmp_path / "c.csv"
    text = "Date,Agency,Source,Event\n2006-07-06,police,log,A call.\n12 March,police,log,Secret.\n"
    path.write_text(text, encoding="utf-8")
    said = cli("import", "chronology", str(path), *NEW, "--json")
    assert (said.code, said.json["added"]) == (2, 0)
    assert [(one["row"], one["column"]) for one in said.json["errors"]] == [(3, "Start date")]
    assert "Secret" not in said.out + said.err
    said = cli("import", "chronology", str(path), *NEW, "--keep-good", "--json")
    assert (said.code, said.json["added"]) == (2, 1)


def test_significance_needs_a_role_that_may_note_it(cli: Cli, tmp_path: Path) -> None:
    """A file is refused as a whole, before its first line, where one part of it may not be."""
    path = tmp_path / "c.csv"
    path.write_text(
        "Date,Agency,Source,Event,Significance\n2006-07-06,police,log,A call.,High\n",
        encoding="utf-8",
    )
    asked = ("import", "chronology", str(path), *NEW, "--json")
    assert cli(*asked).code == 2
    assert cli(*asked, "--role", "manager").json["noted"] == 1


# ------------------------------------------------------------------------- keeping the record


def test_views_are_made_anew(cli: Cli, june: str) -> None:
    """Rebuild makes one view or all of them; a name that is none is refused."""
    assert june
    assert cli("rebuild", "chronology", "--json").json[0]["events"] == 8
    assert {one["view"] for one in cli("rebuild", "--json").json} >= {"caseload", "reviews"}
    assert cli("rebuild", "horoscope").code == 2


def test_lag_is_a_health_check(cli: Cli, june: str) -> None:
    """Code 1 while a view is behind by more than was allowed, 0 once it is not."""
    assert june
    cli("caseload")
    assert cli("lag", "--at-most", "0").code == 1
    cli("rebuild")
    assert cli("lag", "--at-most", "0").code == 0


def test_a_key_is_written_once_and_for_this_account_alone(cli: Cli, tmp_path: Path) -> None:
    """A new master key is 32 bytes nobody else can read, and never replaces another."""
    path = tmp_path / "secrets" / "master.key"
    assert cli("keys", "new", str(path)).code == 0
    key = path.read_bytes()
    assert (len(key), path.stat().st_mode & 0o777) == (32, 0o600)
    assert cli("keys", "new", str(path)).code == 2
    assert path.read_bytes() == key


def test_migrating_again_changes_nothing(cli: Cli, june: str) -> None:
    """Migrate may be run on every start, and answers a program too."""
    assert cli("migrate").code == 0
    said = cli("migrate", "--json")
    told = {"authority": str(AUTHORITY), "schema_version": SCHEMA_VERSION, "guards_put_back": []}
    assert (said.code, said.json) == (0, told)
    assert cli("case", june).code == 0


# -------------------------------------------------------------------------------------- troubles


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["case", NOWHERE], 3),
        (["timeline", "the-case-of-somebody"], 3),
        (["caseload", "--as-at", "the-day-of-somebody"], 2),
        (["caseload", "--on", "2026-02-30"], 2),
        (["caseload", "--purpose", "curiosity-of-somebody"], 2),
        (["caseload", "--role", "king"], 2),
        (["caseload", "--team", "Team of Somebody"], 2),
        (["caseload", "--worker", "somebody"], 3),
        (["timeline", NOWHERE, "--json", "--csv"], 2),
        (["import", "chronology", "somebody.csv", *NEW], 3),
        (["import", "chronology", "somebody.csv"], 2),
        (["rebuild", "somebody"], 2),
    ],
)
def test_every_no_is_one_line_and_a_code(cli: Cli, arguments: list[str], code: int) -> None:
    """An error says what to do, in a line, and never what was typed."""
    said = cli(*arguments)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith("holdfast: ")
    assert said.err.count("\n") == 1
    assert "omebody" not in said.err


def test_a_database_that_is_away_is_code_5(
    cli: Cli, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead server is one line with what to check; one without our database is a wrong setting."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://holdfast_app@127.0.0.1:9/nowhere")
    said = cli("caseload")
    assert (said.code, said.out) == (5, "")
    assert "check that it is running" in said.err
    missing = database.conninfo(LOGIN).replace(database.name, "no_such_database")
    monkeypatch.setenv("DATABASE_URL", missing)
    said = cli("caseload")
    assert said.code == 2
    assert "there is no such database" in said.err


def test_there_is_no_record_where_none_was_begun(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look does not make a record: the line says how to make one."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("HOLDFAST_DATA", str(tmp_path / "empty"))
    said = cli("caseload")
    assert said.code == 2
    assert "holdfast demo" in said.err
    assert not (tmp_path / "empty").exists()


def test_what_nobody_foresaw_tells_no_content(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of our own making is named by kind and place; its message stays untold."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the adult's name")

    monkeypatch.setattr("api.commands.views.show_caseload", fail)
    said = cli("caseload")
    assert said.code == 1
    assert "RuntimeError at test_cli.py" in said.err
    assert "name" not in said.err
