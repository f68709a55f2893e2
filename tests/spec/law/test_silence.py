"""An open case of which nothing is recorded for months is named, while it lasts and afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.closure import CaseReopened
from domain.jurisdictions import Jurisdiction
from domain.words import Code
from tests.controls import NATIONS, a_closure, a_referral, a_risk
from tests.given import at, given

RULES = ("R150",)
CODE = "nothing_recorded"
FIRST = date(2026, 1, 5)


def on(days: int) -> date:
    """Give a day so many days after the first entry."""
    return FIRST + timedelta(days=days)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_silence_that_lasts_is_named_from_the_day_after_its_limit(nation: Jurisdiction) -> None:
    """Nothing recorded of an open case for longer than the limit is criticised (R150)."""
    history = given(at(FIRST, a_referral()), jurisdiction=nation)
    limit = nation.limits[CODE].amount
    history.on(on(limit)).then_no_finding(CODE)
    history.on(on(limit + 1)).then_finding(CODE, severity="medium")


def test_a_silence_that_ended_stays_named() -> None:
    """The next entry ends a silence and does not undo it: 179 days stand as 179 days (R150)."""
    history = given(at(FIRST, a_referral()), at(on(179), a_risk()))
    (found,) = (one for one in history.findings() if one.code == CODE)
    assert "179 days" in found.words
    assert found.position == 1
    lasting = given(at(FIRST, a_referral())).on(on(150))
    (before,) = (one for one in lasting.findings() if one.code == CODE)
    assert before.identity == found.identity


def test_what_is_told_late_of_a_silent_time_breaks_no_silence() -> None:
    """When something was is not when it was recorded: only that is counted (R150)."""
    late = at(on(150), a_risk(), occurred=on(60).isoformat())
    given(at(FIRST, a_referral()), late).then_finding(CODE)


def test_a_closed_case_is_not_silent() -> None:
    """While a case is closed nothing is expected of it; once reopened it is again (R150)."""
    closed = given(at(FIRST, a_referral()), at(on(20), a_closure()))
    closed.on(on(900)).then_no_finding(CODE)
    reopened = closed.also(at(on(500), CaseReopened(reason=Code("new_information"))))
    reopened.then_no_finding(CODE)
    reopened.on(on(700)).then_finding(CODE)
