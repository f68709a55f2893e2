"""A whole return at the doors: checked, explained, and given as a file of each kind."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from zipfile import ZipFile

import pytest
from httpx2 import Response
from openpyxl import load_workbook

from api.returns.councils import named
from api.returns.workbook import Notes, workbook
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from projections.returns.england.words import AUTISM, CONDITIONS
from projections.returns.longform import COLUMNS, Exact, exact, publish
from tests.doors.conftest import Cli, Doors
from tests.projections.test_returns_checked import WHOLE, cells

if TYPE_CHECKING:
    from api.office import Office

ROOT = "/v1/returns/2026"
NOTES = Notes(titles={"SG1f": "Counts"}, lines=(("Doubt", "=1+1"),))


def told(answer: Response) -> Any:  # noqa: ANN401 — any JSON
    """Expect an answer, and give it."""
    assert answer.status_code == 200, answer.text
    return answer.json()


def whole(*, simulated: bool = False) -> Exact:
    """Make a return in which every rule holds."""
    return exact(cells(WHOLE), period="2025-26", council="999", simulated=simulated)


# -------------------------------------------------------------------------------------- the API


def test_the_checks_name_rules_exceptions_and_variance(shared: Doors) -> None:
    """What a rule lacks is not checked; whose day of birth is not known is listed with the case."""
    case = shared.case()
    shared.catch_up()
    found = told(shared.get(f"{ROOT}/checks?limit=500"))
    rules = {(one["rule"], one["hard"]): one["outcome"] for one in found["rules"]}
    assert len(rules) == 15
    assert rules["V14", True] == "failed"  # this record names no council
    assert rules["V11", True] == "not_checked"
    assert {one["case"] for one in found["exceptions"]} >= {case}
    assert {one["says"] for one in found["exceptions"] if one["case"] == case} >= {
        "an age that falls into one band is not known"
    }
    assert found["variance"]["compared"].startswith("The year before is as its tables come out")
    assert not found["simulated"]
    looked = shared.readings()[-1]
    assert {str(one) for one in looked.cases} == {one["case"] for one in found["exceptions"]}
    assert told(shared.get(f"{ROOT}/checks?signed=false"))["refused"]


def test_a_figure_is_explained_with_what_nearly_counted(shared: Doors) -> None:
    """Case, entry and its day of what is counted; of what is not, the reason."""
    case = shared.case()
    body = {
        "occurred": "2026-11-03",
        "command": {"counted": True, "rule": "local_threshold", "edition": "april-2024"},
    }
    counted = shared.post(f"/v1/cases/{case}/count-concern", body, version=1)
    assert counted.status_code == 201, counted.text
    body["command"] = {"counted": False, "rule": "local_threshold"}
    other = shared.case()
    answer = shared.post(f"/v1/cases/{other}/count-concern", body, version=1)
    assert answer.status_code == 201, answer.text
    by = answer.json()["positions"][-1]
    child = shared.case(shared.person(date_of_birth="2020-01-01"))
    opened = {"kind": "section_42", "opened_on": "2026-11-03"}
    answer = shared.post(f"/v1/cases/{child}/open-enquiry", {"command": opened}, version=1)
    assert answer.status_code == 201, answer.text
    asked = "table=sg1f&category=total number of safeguarding concerns"
    (figure,) = told(shared.get(f"{ROOT}/explain?{asked}"))["figures"]
    assert figure["value"] == figure["counted"]["count"]
    lines = {one["case"]: one for one in figure["counted"]["lines"]}
    assert lines[case]["event"] == "referral-received"
    assert (lines[case]["rule"], lines[case]["edition"]) == ("local_threshold", "april-2024")
    assert other not in lines
    near = {one["why"].split(":")[0]: one for one in figure["near"]}
    contacts = near["decided not to be a concern that counts"]["lines"]
    (contact,) = (one for one in contacts if one["case"] == other)
    assert (contact["rule"], contact["decided"], contact["decided_by"]) == (
        *("local_threshold", by, "concern-counted"),
    )
    assert contact["decided_on"] == contact["recorded_on"]
    assert lines[case]["decided"] == counted.json()["positions"][-1]
    table = told(shared.get(f"{ROOT}/SG1f"))
    (left,) = (one for one in table["left_out"] if one["why"].startswith("decided not to be"))
    opened = told(shared.get(left["links"]["counted"]))["counted"]
    assert (other, "local_threshold", by) in {
        (one["case"], one["rule"], one["decided"]) for one in opened
    }
    assert other in {one["case"] for one in contacts}
    young = near["under 18 on the last day of the period"]["lines"]
    assert [one["event"] for one in young if one["case"] == child] == ["referral-received"]
    counted = told(shared.get(figure["links"]["counted"]))
    assert counted["value"] == figure["value"]
    wrong = shared.get(f"{ROOT}/explain?table=SG1f&category=nothing")
    assert wrong.status_code == 404
    assert "Total Number of Safeguarding Concerns" in wrong.json()["detail"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_return_is_given_as_a_file(shared: Doors, kind: str) -> None:
    """Exact or published, the same bytes by the same position; the file says which it is."""
    at = shared.office.record.log.tail()
    shared.catch_up()
    asked = f"{ROOT}/export?format={kind}&as_at={at}&council=999"
    exactly, again = shared.get(asked), shared.get(asked)
    assert exactly.status_code == 200, exactly.text
    assert exactly.content == again.content
    assert f"return-2026-27-exact.{kind}" in exactly.headers["content-disposition"]
    published = shared.get(f"{asked}&figures=published")
    assert f"return-2026-27-published.{kind}" in published.headers["content-disposition"]
    assert published.content != exactly.content
    if kind == "json":
        values = {one["value"] for one in published.json()["cells"]}
        assert all(isinstance(one, str) for one in values)
        assert all(isinstance(one["value"], int | None) for one in exactly.json()["cells"])
    if kind == "csv":
        head, *rows = csv.reader(io.StringIO(exactly.text))
        assert tuple(head) == COLUMNS
        assert {row[1] for row in rows} == {"999"}


# --------------------------------------------------------------------------------- the workbook


def test_a_workbook_has_a_sheet_a_table_notes_and_a_sign_off() -> None:
    """Each table laid out by its axes, values only; what looks like a formula is none."""
    made = workbook(whole(), NOTES)
    assert made == workbook(whole(), NOTES)
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames == [
        *dict.fromkeys(one.table for one in cells(WHOLE)),
        "Notes",
        "Sign-off",
    ]
    assert book.properties.created == datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    rows = [[cell.value for cell in row] for row in book["SG2b"].iter_rows(max_col=3)]
    assert ["Own Home", 2, 2] in rows
    assert [
        "Concluded Section 42 Enquiries",
        "Service Provider",
        "Other - Known to individual",
    ] in (rows)
    rows = [[cell.value for cell in row] for row in book["SG1f"].iter_rows(max_col=2)]
    assert ["Total Number of Safeguarding Concerns", 10] in rows
    rows = [[cell.value for cell in row] for row in book["SG1a"].iter_rows(max_col=4)]
    assert ["18-64", 8, 3, 1] in rows
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    with ZipFile(io.BytesIO(made)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


@pytest.mark.parametrize(
    ("sheet", "category", "white"),
    [
        ("SG1d", "Physical Support", ["Section 42 Enquiries"]),
        ("SG1e", AUTISM["autism"], ["Section 42 Enquiries"]),
        ("SG1e", CONDITIONS["physical_copd"], []),
        ("SG5a", "Where no individuals died", ["Count"]),
    ],
)
def test_a_workbook_is_blue_where_a_table_is_voluntary(
    shared: Doors, sheet: str, category: str, white: list[str]
) -> None:
    """A cell is white where its table says that it is mandatory, and blue elsewhere."""
    shared.catch_up()
    content = shared.get(f"{ROOT}/export?format=xlsx").content
    rows = list(load_workbook(io.BytesIO(content))[sheet].iter_rows())
    (at,) = (number for number, row in enumerate(rows) if row[0].value == category)
    head = next(row for row in reversed(rows[:at]) if row[1].font.bold)
    figures = [(one, rows[at][n].fill.fgColor.rgb) for n, one in enumerate(head) if n and one.value]
    assert [one.value for one, colour in figures if colour != "FFDDEBF7"] == white


def test_a_published_workbook_has_no_exact_figure() -> None:
    """Its cells are texts: what is suppressed, and what is rounded."""
    book = load_workbook(io.BytesIO(workbook(publish(whole()), NOTES)))
    cells_of = [cell.value for row in book["SG1f"].iter_rows(max_col=2) for cell in row]
    assert {"10", "[c]"} <= set(cells_of)
    assert not any(
        isinstance(cell.value, int | float)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
    )


def test_every_sheet_of_a_made_up_record_says_so() -> None:
    """SIMULATED stands on each sheet, first of all, and at the end of each row of figures."""
    stamped = Notes(titles={}, lines=(), stamp="SIMULATED: made up.")
    book = load_workbook(io.BytesIO(workbook(whole(simulated=True), stamped)))
    assert {str(sheet["A1"].value)[:9] for sheet in book} == {"SIMULATED"}
    rows = [[one.value for one in row] for sheet in book for row in sheet.iter_rows()]
    figures = [row for row in rows if any(isinstance(one, int) for one in row)]
    assert figures
    assert [row for row in figures if "SIMULATED" not in row] == []


@pytest.mark.parametrize(
    ("nation", "simulated", "year", "council", "name"),
    [
        (ENGLAND, False, 2025, "211", "Kirklees"),
        (ENGLAND, False, 2025, "E06000063", "Cumberland"),
        (ENGLAND, False, 2025, "102", ""),
        (ENGLAND, False, 2031, "211", ""),
        (ENGLAND, True, 2025, "211", ""),
        (SCOTLAND, False, 2025, "211", ""),
    ],
)
def test_a_council_is_named_by_the_list_of_its_year(
    nation: Jurisdiction, year: int, council: str, name: str, *, simulated: bool
) -> None:
    """A council of England is named by its code in that year; what is made up names none."""
    office = cast(
        "Office",
        SimpleNamespace(
            jurisdiction=nation, simulated=simulated, settings=SimpleNamespace(councils=None)
        ),
    )
    assert named(office, year, council) == name


# ----------------------------------------------------------------------------- the command line


def test_the_command_line_checks_explains_and_exports(
    doors: Doors, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each leaves its trace; a hard rule that is broken is code 1; a file is made once."""
    assert cli("return", "check", "2026", "--role", "analyst").code == 1  # it names no council
    monkeypatch.setenv("HOLDFAST_COUNCIL", "211")
    case = doors.case()
    year = str(date.fromisoformat("2026-11-01").year)
    for follower in doors.followers:
        follower.close()  # the command line follows for itself
    before = len(doors.readings())
    checked = cli("return", "check", year, "--role", "analyst")
    assert checked.code == 0, checked.err
    assert "V13 not checked" not in checked.out
    assert case in checked.out
    assert cli("return", "check", year, "--unsigned", "--role", "analyst").code == 1
    assert cli("return", "check", year, "--strict", "--json", "--role", "analyst").code == 1
    asked = ("explain", year, "SG1f", "Total Number of Safeguarding Concerns")
    said = cli("return", *asked, "--role", "analyst", "--json")
    assert [one["case"] for one in said.json["figures"][0]["counted"]["lines"]] == [case]
    assert case in cli("return", *asked, "--role", "analyst").out
    for name in ("a.csv", "a.xlsx", "a.json"):
        file = tmp_path / name
        made = cli("return", "export", year, str(file), "--role", "analyst")
        assert made.code == 0, made.err
        assert file.stat().st_mode & 0o077 == 0  # exact figures are restricted
        assert cli("return", "export", year, str(file), "--role", "analyst").code == 2
    published = tmp_path / "p.json"
    cli("return", "export", year, str(published), "--published", "--role", "analyst")
    assert json.loads(published.read_text("utf-8"))["figures"] == "published"
    assert {one.what for one in doors.readings()[before:]} == {"return"}
    assert cli("return", "export", year, str(tmp_path / "a.doc")).code == 2
    assert cli("return", "explain", year, "SG1f", "nothing", "--role", "analyst").code == 3
    assert cli("return", "check", year, "--role", "minute_taker").code == 2
