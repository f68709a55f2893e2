"""Minutes of a conference that was held and whose convening no longer stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doors import case_in_england
from tests.doors.retold import Tell, telling
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
