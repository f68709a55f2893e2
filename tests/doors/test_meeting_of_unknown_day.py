"""A meeting held on a day nobody knows: its minutes are due, and its pages say from when."""

from __future__ import annotations

from datetime import date

from api.pages import words
from domain.when import read
from domain.words import Code, Due, Slug
from tests.doors.conftest import Doors


def test_its_minutes_are_due_from_the_day_it_is_recorded(doors: Doors) -> None:
    """The date is stored with what it was counted from, and read back as the latest day (R156)."""
    case = doors.case()
    called = doors.post(
        f"/v1/cases/{case}/convene-conference",
        {
            "command": {
                "kind": "initial",
                "reason": "outcome_of_enquiry",
                "planned_for": "2026-11-16",
            }
        },
        version=1,
        Holdfast_Role="manager",
    )
    assert called.status_code == 201, called.text
    part = {"number": 1, "reason": "whole", "attendances": []}
    held = doors.post(
        f"/v1/cases/{case}/hold-conference",
        {
            "command": {"conference": called.json()["made"]["conference"], "parts": [part]},
            "occurred": "unknown",
        },
        version=2,
        Holdfast_Role="minute_taker",
    )
    assert held.status_code == 201, held.text
    entries = doors.get(f"/v1/cases/{case}/timeline").json()["entries"]
    (entry,) = [one for one in entries if one["name"] == "conference-held"]
    due = entry["data"]["minutes_due"]
    assert due["at_latest"] is True
    assert "next_review" not in entry["data"]
    assert "its own day is not known" in doors.get(f"/cases/{case}").text


def test_a_date_says_that_its_day_is_not_known() -> None:
    """It is the latest day, counted from when the meeting was recorded (R156)."""
    due = Due(
        on=date(2026, 12, 7),
        rule=Code("minutes_circulated"),
        start=date(2026, 11, 23),
        calendar=Slug("london"),
        started=read("unknown"),
    )
    assert words.due(due) == (
        "7 December 2026 at the latest (counted from 23 November 2026, when it was recorded; "
        "its own day is not known)"
    )
