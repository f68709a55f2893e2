"""Scotland's dataset over the API: a quarter, and what its figures count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.office import Office
from tests.conftest import Database
from tests.doors.conftest import Doors
from tests.doors.scripted import an_office
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import erase


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    """Give a Scottish office."""
    with an_office(database, tmp_path, "scotland", "2026-11-02") as opened:
        yield opened


def test_a_quarter_of_the_dataset(doors: Doors) -> None:
    """A quarter has its days and figures that open to cases; a year has them too."""
    case = doors.case(received="2026-10-30")
    listed = doors.get("/v1/returns/2026-Q3").json()
    assert (listed["year"], listed["quarter"]) == (2026, 3)
    assert "15a" in [one["code"] for one in listed["tables"]]
    table = doors.get("/v1/returns/2026-Q3/1").json()
    assert (table["first"], table["last"]) == ("2026-10-01", "2026-12-31")
    (cell,) = table["cells"]
    opened = doors.get(cell["links"]["counted"]).json()
    assert [one["case"] for one in opened["counted"]] == [case]
    values = [doors.get(f"/v1/returns/{of}/1").json()["cells"][0]["value"] for of in (2026, 2025)]
    assert values == [1, 0]
    assert doors.get("/v1/returns/2026-Q3/checks").json()["rules"] == []  # none is England's
    unknown = doors.get("/v1/returns/2026-Q3/unknown").json()["cells"]
    assert {(one["value"], one["rounded"], "published" in one) for one in unknown} == {
        (None, "[x]", False)
    }
    assert doors.get("/v1/returns/2026-Q5/1").status_code == 422
    assert doors.get("/v1/returns/2023-Q3/1").status_code == 404


def test_a_year_leaves_out_whom_its_quarters_as_filed_left_out(doors: Doors) -> None:
    """A child who is forgotten is not counted in the year either, which is filed by quarters."""
    child = doors.person(name="Ann Example", date_of_birth="2015-01-01")
    doors.case(child, received="2026-07-30")
    doors.catch_up()
    filed = doors.post("/v1/returns/2026-Q2/filings", {}, Holdfast_Role="manager")
    assert filed.status_code == 201, filed.text
    erased(doors, child)
    doors.catch_up()
    for code, said in (("1", True), ("LSI", False)):  # which rests on nobody's age
        notes = doors.get(f"/v1/returns/2026-Q2/{code}/cells/1").json()["notes"]
        assert any(one.startswith("Details of 1 persons") for one in notes) is said, code
    cells = [doors.get(f"/v1/returns/{of}/1").json()["cells"] for of in ("2026-Q2", "2026")]
    assert [one["value"] for (one,) in cells] == [0, 0]


def test_what_restates_a_filed_quarter_is_named(doors: Doors) -> None:
    """A power used since, also in another inquiry about the adult, is told beside what it moved."""
    manager = {"Holdfast_Role": "manager"}
    adult = doors.person(name="Ann Example", date_of_birth="1950-01-01")
    case, other = (doors.case(adult, received="2026-07-30") for _ in range(2))
    for one in (case, other):
        opening = {"kind": "inquiry", "opened_on": "2026-07-31"}
        asked = doors.post(f"/v1/cases/{one}/open-enquiry", {"command": opening}, version=1)
        assert asked.status_code == 201, asked.text
    doors.catch_up()
    filed = doors.post("/v1/returns/2026-Q2/filings", {}, **manager).json()
    (inquiry,) = doors.get(f"/v1/cases/{other}").json()["open_enquiries"]
    power = {"enquiry": inquiry, "power": "visit"}
    asked = doors.post(f"/v1/cases/{other}/use-investigatory-power", {"command": power}, version=2)
    assert asked.status_code == 201, asked.text
    doors.catch_up()
    differs = doors.get(filed["links"]["difference"], **manager).json()
    assert {one["table"] for one in differs["moved"]} >= {"3", "11", "Age", "Gender"}
    assert {one["case"] for one in differs["moved"]} == {case}
    for one in differs["moved"]:
        assert [each["name"] for each in one["by"]] == ["investigatory-power-used"], one
    body = {"command": {"ground": "accuracy_contested"}}
    path = f"/v1/cases/{other}/restrict-processing"
    assert doors.post(path, body, version=3, **manager).status_code == 201
    closed = doors.get(filed["links"]["difference"], **manager).json()["moved"]
    assert [one["by"] for one in closed if one["case"] == case] == [[] for _ in closed]


def test_a_detail_erased_alone_is_joined_to_nobody_in_a_quarter_filed(doors: Doors) -> None:
    """The age and the gender of an inquiry as filed say Forgotten, and not of whose."""
    manager = {"Holdfast_Role": "manager"}
    adult = doors.person(name="Ann Example", date_of_birth="1950-01-01", gender="female")
    case = doors.case(adult, received="2026-07-30")
    opening = {"kind": "inquiry", "opened_on": "2026-07-31"}
    asked = doors.post(f"/v1/cases/{case}/open-enquiry", {"command": opening}, version=1)
    assert asked.status_code == 201, asked.text
    (inquiry,) = doors.get(f"/v1/cases/{case}").json()["open_enquiries"]
    power = {"command": {"enquiry": inquiry, "power": "visit"}, "occurred": "2026-08-01"}
    asked = doors.post(f"/v1/cases/{case}/use-investigatory-power", power, version=2)
    assert asked.status_code == 201, asked.text
    doors.catch_up()
    filed = doors.post("/v1/returns/2026-Q2/filings", {}, **manager).json()["links"]["self"]
    assert erased(doors, adult, scope="passage", target=1) == (201, "")
    doors.catch_up()
    counted = {
        table["code"]: doors.get(f"{filed}/cells/{table['code']}/{number}", **manager).json()
        for table in doors.get(filed, **manager).json()["tables"]
        for number, cell in enumerate(table["cells"], start=1)
        if table["code"] in {"3", "Age", "Gender"} and cell["value"]
    }
    named = {code: [one["case"] for one in told["counted"]] for code, told in counted.items()}
    assert named == {"3": [case], "Age": [None], "Gender": [None]}


def test_what_a_forgotten_case_answered_is_joined_to_it_nowhere(doors: Doors) -> None:
    """Who referred is not recorded in a quarter computed since; as filed it says Forgotten."""
    manager = {"Holdfast_Role": "manager"}
    case = doors.case(received="2026-07-30")
    doors.catch_up()
    filed = doors.post("/v1/returns/2026-Q2/filings", {}, **manager).json()["links"]
    erase(doors, case, "case", 1)
    doors.catch_up()
    moved = doors.get(filed["difference"], **manager).json()["moved"]
    assert [(one["table"], one["case"], one["forgotten"]) for one in moved] == [
        ("Source", None, True)
    ]
    assert [one["category"] for one in moved[0]["to"]] == ["Not recorded"]
    named = {
        table["code"]: doors.get(f"{filed['self']}/cells/{table['code']}/{number}", **manager)
        for table in doors.get(filed["self"], **manager).json()["tables"]
        for number, cell in enumerate(table["cells"], start=1)
        if cell["value"]
    }
    cases = {code: [one["case"] for one in got.json()["counted"]] for code, got in named.items()}
    assert cases == {"1": [case], "Source": [None]}
    (last,) = doors.get("/v1/returns/2026-Q2/Source", **manager).json()["notes"][-1:]
    assert last.startswith("Cases here that were lawfully forgotten: 1. They are counted as Not")
