"""Whom a filed return left out as under age stays left out, whatever was forgotten since."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from api.filing import filing
from api.returns.making import make, one_cell, one_table
from domain.words import Digest
from projections.returns.periods import Span
from tests.doors.conftest import Doors
from tests.doors.test_erasing_a_person import erased
from tests.doors.test_erasure import approver, erase
from tests.doors.test_filing import FILINGS, MANAGER, YEAR, a_case, concerns, file, told
from tests.doors.test_tampering_erasures import appended


def test_a_figure_that_was_filed_does_not_rise_by_a_forgetting(doors: Doors) -> None:
    """Whom a filed return left out as under age stays left out once their age is forgotten.

    Where nothing was filed that is not known any more: they count, and the notes say so.
    """
    child = doors.person(name="Ann Example", date_of_birth="2015-01-01")
    case = doors.case(child, received="2026-01-12")
    filed = file(doors)
    erase(doors, case, "case", 1)
    erased(doors, child)
    doors.catch_up()
    for code in ("SG1a", "SG1f"):
        table = told(doors, f"{YEAR}/{code}")
        assert [one["value"] for one in table["cells"] if one["value"]] == [], code
        assert [one["why"].split()[0] for one in table["left_out"]] == ["under"], code
    assert told(doors, filed["links"]["difference"])["moved"] == []
    other = doors.case(doors.person(date_of_birth="2015-01-01"), received="2024-05-01")
    gone = doors.get(f"/v1/cases/{other}").json()["adult"]
    erase(doors, other, "case", 1)
    erased(doors, gone)
    doors.catch_up()
    unfiled = told(doors, "/v1/returns/2024/SG1f")
    assert unfiled["cells"][0]["value"] == 1
    assert any("whether they were adults" in one for one in unfiled["notes"])


def test_a_table_alone_leaves_out_whom_a_filing_left_out_by_another_entry(doors: Doors) -> None:
    """A forgotten child whose concern a filing left out is in no table or figure read by itself.

    Not in one that reads no concerns either, by an enquiry that was recorded since.
    """
    child = doors.person(name="Ann Example", date_of_birth="2015-01-01")
    case = a_case(doors, child)
    file(doors)
    enquiry = str(uuid4())
    told_of = {"open-enquiry": {"opened_on": "2026-03-03", "kind": "section_42"}}
    told_of["conclude-enquiry"] = {"concluded_on": "2026-03-20", "capacity": "did_not_lack"}
    for version, (name, command) in enumerate(told_of.items(), start=1):
        body = {"command": {"enquiry": enquiry, **command}}
        answer = doors.post(f"/v1/cases/{case}/{name}", body, version=version)
        assert answer.status_code == 201, answer.text
    erased(doors, child)
    doors.catch_up()
    for one, filled in make(doors.office, Span(year=2025), None, compared=False).tables:
        alone = one_table(doors.office, Span(year=2025), one, None, only=True).filled
        assert (alone.cells, alone.left_out) == (filled.cells, filled.left_out), one.code
        assert make(doors.office, Span(year=2025), None, only=one.code).cells == filled.cells
        for number, cell in enumerate(filled.cells, start=1):
            if one.code in {"SG1a", "SG1c", "SG1f", "SG3a"}:
                figure = one_cell(doors.office, Span(year=2025), one, number, None)
                assert figure.cell == cell, (one.code, number)
        if one.code in {"SG1a", "SG1f", "SG3a"}:
            assert {cell.value for cell in filled.cells} == {0}, one.code


def test_what_was_told_of_a_birth_since_is_not_undone_by_a_forgetting(doors: Doors) -> None:
    """Whom a filing left out as under age, and who proved to be an adult, stays counted."""
    adult = doors.person(name="Ann Example", date_of_birth="2012-01-01")
    a_case(doors, adult)
    file(doors)
    body = {"command": {"details": {"date_of_birth": "1940-01-01"}}}
    path = f"/v1/persons/{adult}/record-person-details"
    assert doors.post(path, body, version=1, **MANAGER).status_code == 201
    erased(doors, adult, version=2)
    doors.catch_up()
    table = told(doors, f"{YEAR}/SG1f")
    assert (table["cells"][0]["value"], table["left_out"]) == (1, [])
    ages = told(doors, f"{YEAR}/SG1a")["cells"]
    assert [one["category"] for one in ages if one["value"]] == ["Not Known"]


def test_a_filing_that_proves_itself_no_more_stops_no_other(doors: Doors) -> None:
    """The year is filed again, also once somebody in it was forgotten; then it is read again."""
    who = doors.person(name="Ann Example", date_of_birth="1950-01-01")
    a_case(doors, who)
    file(doors)
    event = filing(doors.office, Span(year=2025)).event
    other = replace(event, sha256=Digest("0" * 64))
    version = told(doors, FILINGS)["version"]
    appended(doors, doors.office.authority, version, other, approver(doors, "one"))
    erased(doors, who)
    doors.catch_up()
    assert doors.get(f"{YEAR}/SG1f", **MANAGER).status_code == 500
    assert concerns(told(doors, file(doors)["links"]["self"])) == 1
    assert told(doors, f"{YEAR}/SG1f")["cells"][0]["value"] == 1
