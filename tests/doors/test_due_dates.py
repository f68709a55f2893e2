"""A due date on a page: said to be the latest day where it was counted from an uncertain one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from api.office import Office
from api.pages import words
from domain.jurisdictions.scotland import SCOTLAND
from domain.stage import CHOSEN, NO_CALENDAR, due_by
from domain.when import read
from domain.words import Code, Due, Slug
from tests.conftest import Database
from tests.doors.conftest import Doors
from tests.doors.scripted import an_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    """Give a Scottish office, whose conferences are due from the day of the referral."""
    with an_office(database, tmp_path, "scotland", "2026-11-02") as opened:
        yield opened


def test_a_page_says_where_a_due_date_is_the_latest(doors: Doors) -> None:
    """Counted from an uncertain day, a date is the latest; from a certain one it is the day."""
    uncertain, certain = doors.case(received="2026-10"), doors.case(received="2026-10-30")
    said = "at the latest (counted from October 2026, which is not one certain day)"
    page = doors.get(f"/cases/{uncertain}").text
    due = doors.get(f"/v1/cases/{uncertain}").json()["conference_due"]
    assert f'<td data-label="Due by">{words.day(date.fromisoformat(due))} {said}</td>' in page
    assert page.count(said) == 5  # what is due, twice, and the three dates that the referral says
    assert "at the latest" not in doors.get(f"/cases/{certain}").text


def test_every_answer_says_where_a_due_date_is_the_latest(doors: Doors) -> None:
    """`at_latest` stands beside a due date in a summary, an entry and a finding, true or false."""
    for received, latest in (("2026-10", True), ("2026-10-30", False)):
        here = f"/v1/cases/{doors.case(received=received)}"
        assert doors.get(here).json()["at_latest"] is latest
        (entry,) = doors.get(f"{here}/timeline").json()["entries"]
        for name in ("decision_due", "conference_due"):
            assert entry["data"][name]["at_latest"] is latest
            assert ("started" in entry["data"][name]) is latest
        found = doors.get(f"{here}/findings?show=all&on=2027-06-01").json()["findings"]
        said = {one["code"]: one["at_latest"] for one in found}
        assert said.pop("conference_overdue") is latest
        assert said.pop("duty_not_decided") is latest
        assert not any(said.values())  # they are since what was done, not since a due date
        page = doors.get(f"{here.removeprefix('/v1')}?show=all&on=2027-06-01").text
        due = words.day(date.fromisoformat(doors.get(here).json()["conference_due"]))
        assert (f"since {due} at the latest</span>" in page) is latest


@pytest.mark.parametrize(
    ("started", "said"),
    [
        (None, ""),
        ("2026-11?", "counted from November 2026"),
        ("2026-11-20/2026-12-05", "counted from 20 November 2026 to 5 December 2026"),
    ],
)
def test_a_reckoned_date_says_from_what(started: str | None, said: str) -> None:
    """A date reckoned from an uncertain time is the latest it can be, and says from what."""
    due = Due(
        on=date(2027, 1, 18),
        rule=Code("initial_conference"),
        start=date(2026, 12, 5),
        calendar=Slug("edinburgh"),
        started=None if started is None else read(started),
    )
    latest = f" at the latest ({said}, which is not one certain day)"
    assert words.due(due) == f"18 January 2027{latest if said else ''}"


def test_a_due_date_explains_itself() -> None:
    """A page says of a date which limit, from when, what was not counted, and by which policy."""
    due = Due(
        on=date(2026, 12, 2),
        rule=Code("initial_conference"),
        start=date(2026, 11, 10),
        calendar=Slug("holidays-0.109/sct"),
        skipped=(date(2026, 11, 30),),
        policy=Slug("scotland-2026.3/local-1"),
    )
    assert words.reckoned(due, SCOTLAND) == (
        "2 December 2026; Initial conference; from 10 November 2026; "
        "not counted: 30 November 2026; calendar holidays-0.109/sct; policy scotland-2026.3/local-1"
    )
    old = replace(due, policy=None, skipped=(), rule=Code("removal_order"))
    assert words.reckoned(old, SCOTLAND) == (
        "2 December 2026; Removal order; from 10 November 2026; calendar holidays-0.109/sct"
    )
    assert words.reckoned(replace(due, rule=CHOSEN), SCOTLAND) == "2 December 2026"
    group = words.reckoned(replace(old, rule=Code("core_group")), SCOTLAND)
    assert group.endswith("; within a fortnight before a review case conference is due, with that")


def test_a_date_somebody_chose_is_that_date() -> None:
    """A date that was chosen is not the latest of several, whenever it was chosen."""
    due = Due(
        on=date(2027, 1, 18),
        rule=CHOSEN,
        start=date(2026, 11, 30),
        calendar=NO_CALENDAR,
        started=read("2026-11"),
    )
    assert words.due(due) == "18 January 2027"
    assert due_by(due) == "18 January 2027"
