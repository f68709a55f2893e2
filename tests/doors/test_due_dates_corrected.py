"""A due date that a correction moved: every answer says both, and which correction it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.office import Office
from tests.conftest import Database
from tests.doors.conftest import Doors
from tests.doors.scripted import an_office

CORRECT = {"target": 1, "reason": "wrong_date", "occurred": "2026-10-12"}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    """Give a Scottish office, whose conferences are due from the day of the referral."""
    with an_office(database, tmp_path, "scotland", "2026-11-12") as opened:
        yield opened


def test_both_dates_are_shown_with_the_correction(doors: Doors) -> None:
    """The stored date stays in the entry; beside it stands what is due now, instead of what."""
    case = doors.case(received="2026-10-19")
    here = f"/v1/cases/{case}"
    at = doors.office.record.log.tail()
    assert doors.get(here).json()["conference_due"] == "2026-11-16"
    before = doors.get(f"{here}/findings?show=all").json()["findings"]
    assert "conference_overdue" not in {one["code"] for one in before}

    done = doors.post(f"{here}/correct-record", {"command": CORRECT}, version=1)
    assert done.status_code == 201, done.text
    by = done.json()["positions"][0]
    assert doors.get(here).json()["conference_due"] == "2026-11-09"
    assert doors.get(f"{here}?as_at={at}").json()["conference_due"] == "2026-11-16"
    after = doors.get(f"{here}/findings?show=all").json()["findings"]
    (late,) = (one for one in after if one["code"] == "conference_overdue")
    assert late["since"] == "2026-11-09"
    then = doors.get(f"{here}/findings?show=all&as_at={at}").json()["findings"]
    assert "conference_overdue" not in {one["code"] for one in then}

    entry, correction = doors.get(f"{here}/timeline").json()["entries"]
    assert entry["data"]["conference_due"]["on"] == "2026-11-16"
    (due,) = (one for one in entry["dues"] if one["field"] == "conference_due")
    assert (due["due"]["on"], due["due"]["start"]) == ("2026-11-09", "2026-10-12")
    assert (due["supersedes"]["on"], due["corrected_by"]) == ("2026-11-16", by)
    assert [one["of"] for one in correction["data"]["dues"]] == [1, 1, 1]
    assert (correction["dues"], due["due"]["at_latest"]) == ([], False)
    (early,) = doors.get(f"{here}/timeline?as_at={at}").json()["entries"]
    assert early["dues"] == []


def test_pages_say_both_dates(doors: Doors) -> None:
    """The page of a case says by which day, in place of which, and where the correction stands."""
    case = doors.case(received="2026-10-19")
    done = doors.post(f"/v1/cases/{case}/correct-record", {"command": CORRECT}, version=1)
    by = done.json()["positions"][0]
    said = "9 November 2026, in place of 16 November 2026"
    page = doors.get(f"/cases/{case}").text
    assert f"{said} (by the correction at position {by})" in page
    assert (
        page.count(said) == 3
    )  # what is due; of the referral, the conference and the record of capacity
    assert "What is due now by another date, number 2: Which date it is" in page


def test_a_date_on_no_working_day_says_so(doors: Doors) -> None:
    """An answer and a page name the holiday, and the working days before and after it (B.4)."""
    case = doors.case(received="2026-09-21")
    duty = {"command": {"provider": "agency"}, "occurred": "2026-09-28"}
    here = f"/v1/cases/{case}"
    made = doors.post(f"{here}/identify-dbs-referral-duty", duty, version=1)
    assert made.status_code == 201, made.text
    first, found = doors.get(f"{here}/timeline").json()["entries"]
    landing = found["data"]["due"].pop("no_working_day")
    assert (found["data"]["due"]["on"], landing.pop("why")[:10]) == ("2026-12-28", "Boxing Day")
    assert landing == {"before": "2026-12-24", "after": "2026-12-29"}
    assert "no_working_day" not in first["data"]["conference_due"]
    page = doors.get(f"/cases/{case}").text
    assert "this is no working day (Boxing Day" in page
    assert "the working days beside it are 24 December 2026 and 29 December 2026" in page
