"""An open case of which nothing is recorded for months is named, while it lasts and afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.closure import CaseReopened
from domain.jurisdictions import Jurisdiction, Limit
from domain.policy import Policy, check
from domain.refusal import Refused
from domain.words import Code, Slug
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


def own(amount: int, unit: str, effective: str = "2020-01-01") -> Policy:
    """Give a policy with a limit of the authority's own."""
    cited = Limit(amount=amount, unit=Code(unit), counted_from="the last entry", cite="Local 4.2")
    return Policy(
        version=Slug("local-1"), effective=date.fromisoformat(effective), limits={CODE: cited}
    )


@pytest.mark.parametrize(
    ("amount", "unit", "last"), [(28, "calendar_days", 28), (6, "weeks", 42), (2, "months", 59)]
)
def test_how_long_a_silence_may_be_is_an_authoritys_own(amount: int, unit: str, last: int) -> None:
    """The limit of silence is the policy's of the day on which it began (R150)."""
    policies = (own(amount, unit),)
    history = given(at(FIRST, a_referral()), policies=policies)
    history.on(on(last)).then_no_finding(CODE)
    history.on(on(last + 1)).then_finding(CODE)
    ended = given(at(FIRST, a_referral()), at(on(last), a_risk()), policies=policies)
    ended.then_no_finding(CODE)
    given(at(FIRST, a_referral()), at(on(last + 1), a_risk()), policies=policies).then_finding(CODE)
    later = (own(amount, unit, on(1).isoformat()),)
    given(at(FIRST, a_referral()), policies=later).on(on(last + 1)).then_no_finding(CODE)
    adopted = (replace(own(amount, unit), adopted=2),)
    given(at(FIRST, a_referral()), policies=adopted).on(on(last + 1)).then_no_finding(CODE)


@pytest.mark.parametrize("unit", ["working_days", "hours"])
def test_a_limit_of_silence_is_of_days_of_the_calendar(unit: str) -> None:
    """A limit of silence in units that are not of the calendar is refused, and says so (R150)."""
    with pytest.raises(Refused) as refused:
        check(own(28, unit))
    assert refused.value.field == f"limits.{CODE}"
    check(own(28, "calendar_days"))


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
