"""A time of day is typed as a clock in London shows it, and is told back as it was typed."""

from __future__ import annotations

import pytest
from httpx2 import Response

from tests.doors.conftest import Doors
from tests.doors.filling import Form, get_form, problems, send
from tests.doors.test_forms import entries
from tests.doors.test_pages import Outline

DAY = {"day": "2", "month": "11", "year": "2026"}
NEEDS = "record-communication-needs"


def typed(doors: Doors, **parts: str) -> tuple[str, Response]:
    """Record something with these parts of when it happened; give the case and the answer."""
    case = doors.case(received="2020-01-01")
    form = get_form(doors, f"/cases/{case}/record/{NEEDS}")
    pairs = form.pairs(
        command__language="Welsh", **{f"occurred__{part}": value for part, value in parts.items()}
    )
    return case, send(doors, form, "record", pairs)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({**DAY, "clock": "10:00"}, "2026-11-02T10:00:00Z"),
        ({**DAY, "clock": "2.30 pm"}, "2026-11-02T14:30:00Z"),
        ({"day": "1", "month": "7", "year": "2026", "clock": "9:05"}, "2026-07-01T08:05:00Z"),
        (
            {"day": "25", "month": "10", "year": "2026", "clock": "01:30 BST"},
            "2026-10-25T00:30:00Z",
        ),
        (
            {"day": "25", "month": "10", "year": "2026", "clock": "01:30 GMT"},
            "2026-10-25T01:30:00Z",
        ),
        ({**DAY, "text": "10:00"}, "2026-11-02T10:00:00Z"),
        ({"text": "2 November 2026 10:00"}, "2026-11-02T10:00:00Z"),
        ({"text": "1 July 2026 at 10:00"}, "2026-07-01T09:00:00Z"),
        ({"text": "2026-11-02T10:00"}, "2026-11-02T10:00:00Z"),
        ({"text": "2026-11-02T10:00:00+01:00"}, "2026-11-02T09:00:00Z"),
        ({"text": "by 2 November 2026"}, "/2026-11-02"),
        ({"text": "about July 2026"}, "2026-07~"),
    ],
)
def test_a_time_of_day_is_recorded(shared: Doors, parts: dict[str, str], said: str) -> None:
    """Beside the day, or in words; the hour is London's, whichever the clocks showed that day."""
    case, answer = typed(shared, **parts)
    assert answer.status_code == 303, problems(answer)
    told = {one["name"]: one["occurred"]["edtf"] for one in entries(shared, case)}
    assert told["communication-needs-recorded"] == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({**DAY, "clock": "25:00"}, "hours and minutes"),
        ({**DAY, "clock": "ten"}, "hours and minutes"),
        ({"clock": "10:00"}, "Give the day, the month and the year beside a time"),
        ({"month": "11", "year": "2026", "clock": "10:00"}, "Give the day, the month and the year"),
        ({"text": "2026-11", "clock": "10:00"}, "not both"),
        ({**DAY, "text": "2026-11?"}, "not both"),
        ({"day": "25", "month": "10", "year": "2026", "clock": "01:30"}, "came twice"),
        ({"text": "25 October 2026 01:30"}, "came twice"),
        ({"day": "29", "month": "3", "year": "2026", "clock": "01:30"}, "clocks went forward"),
        ({**DAY, "clock": "10:00 BST"}, "GMT"),
        ({"text": "last Tuesday"}, "Write it as"),
        ({"day": "31", "month": "2", "year": "2026", "clock": "10:00"}, "no such day"),
    ],
)
def test_what_is_wrong_with_a_time_is_said_in_words(
    shared: Doors, parts: dict[str, str], said: str
) -> None:
    """At its field and above, in words that need no knowledge of zones; what was typed stays."""
    case, answer = typed(shared, **parts)
    assert answer.status_code == 422
    (line,) = problems(answer)
    assert said in line
    for technical in ("zone", "EDTF", "YYYY", "T09:30"):
        assert technical not in line
    outline = Outline(answer.text)
    (error,) = [one for one in outline.elements if one.attributes.get("id") == "occurred-error"]
    assert said in error.text
    kept = dict(Form.of(answer).pairs())
    assert all(kept[f"occurred.{part}"] == value for part, value in parts.items())
    assert len(entries(shared, case)) == 1


def test_a_part_of_a_meeting_has_its_beginning_and_end(shared: Doors) -> None:
    """The grid wants both (B.6): what tells a moment has a time of day beside its day."""
    case = shared.case()
    form = get_form(shared, f"/cases/{case}/record/convene-conference")
    assert "command.planned_for.clock" in form.controls
    assert "occurred.clock" in form.controls
    form = get_form(shared, f"/cases/{case}/record/hold-conference-part")
    assert {"command.part.started.clock", "command.part.ended.clock"} <= set(form.controls)
    form = get_form(shared, "/record/register-person")
    assert "command.details.date_of_birth.clock" not in form.controls
