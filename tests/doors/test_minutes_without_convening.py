"""Minutes of a conference that was held and whose convening no longer stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.doors import case_in_england, test_minutes
from tests.doors.retold import Tell, telling
from tests.doors.scripted import Script
from tests.doors.test_merged_minutes import asked, minutes_of, text_of


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Give who tells an English case up to the end of a part, on a database of this test's own."""
    with telling(request, "england", case_in_england.RECEIVED) as tell:
        yield tell


def test_minutes_are_drafted_from_what_stands_once_the_convening_is_withdrawn(tell: Tell) -> None:
    """They tell the meeting that was held, and that its convening does not stand."""
    case = tell(case_in_england.met)
    ref = case.refs["initial"]
    told = [one for one in case.timeline() if one["name"] == "conference-convened"]
    target = next(one["version"] for one in told if ref in str(one))
    whole = minutes_of(case, case.case)
    assert "number 1 of this case" in text_of(asked(case, whole).content)

    case.ask("correct-record", target=target, reason="entered_wrongly", withdrawn=True)

    answer = asked(case, whole)
    assert answer.status_code == 200, answer.text
    said = text_of(answer.content)
    assert "Its convening does not stand in the record." in said
    assert "number 1 of this case" not in said


def test_what_was_decided_at_a_meeting_is_not_said_to_be_of_another_day(tell: Tell) -> None:
    """Where the meeting's day was corrected, a plan agreed at it is told as recorded of the old."""
    case = tell(case_in_england.met)
    assert "Recorded as of" not in word(case)
    held = next(one for one in case.timeline() if one["name"] == "conference-held")
    moved: Any = {"target": held["version"], "reason": "wrong_date", "occurred": "2026-11-13"}
    path, body = f"/v1/cases/{case.case}/correct-record", {"command": moved}
    told = case.doors.post(path, body, version=case.version, Holdfast_Role="manager")
    assert told.status_code == 201, told.text
    after = word(case)
    (agreed,) = [one for one in after.splitlines() if "plan was agreed, at this meeting" in one]
    assert agreed.startswith("Recorded as of ")


def word(case: Script) -> str:
    """Give every word of the minutes of the first meeting."""
    return text_of(test_minutes.asked(case, format="docx").content)
