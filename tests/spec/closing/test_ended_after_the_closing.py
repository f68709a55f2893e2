"""What is dated as ended after the closing was going on as the case was closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.correction import CorrectRecord
from domain.monitoring import EndPlan, PlanEnded
from domain.when import read
from domain.words import Code
from tests.controls import (
    PLAN,
    a_closure,
    a_conclusion,
    a_referral,
    an_enquiry,
)
from tests.given import Given, at, given
from tests.spec.closing.test_what_came_after_the_end import A_PLAN

RULES = ("R90", "R147", "R154")
ENQUIRY_OPEN, PLAN_ACTIVE = "closed_with_open_enquiry", "closed_with_active_plan"
BOTH = (ENQUIRY_OPEN, PLAN_ACTIVE)


def closed(told_of: str = "2026-12-08") -> Given:
    """Give a case whose enquiry and plan ended in early December, closed on or by the 8th."""
    return given(
        at("2026-11-02", a_referral("2026-11-02")),
        at("2026-11-03", an_enquiry()),
        at("2026-11-23", A_PLAN),
        at("2026-12-04", replace(a_conclusion(), concluded_on=date(2026, 12, 4))),
        at("2026-12-07", PlanEnded(plan=PLAN, reason=Code("replaced"))),
        at("2026-12-08", a_closure(), occurred=told_of),
    )


def moved(history: Given, target: int, to: str) -> Given:
    """Say that an entry was of another day."""
    ask = CorrectRecord(target=target, reason=Code("entered_wrongly"), occurred=read(to))
    return history.when(ask, on="2027-03-10").history


def codes(history: Given) -> set[str]:
    """Give which of the two stand."""
    return {str(one.code) for one in history.findings()} & set(BOTH)


@pytest.mark.parametrize(
    ("target", "to", "stand"),
    [
        (6, "2026-11-24", {*BOTH}),
        (6, "2026-12-05", {PLAN_ACTIVE}),
        (6, "2026-12-07", set()),  # the same day
        (6, "2026-12", set()),  # perhaps after both
        (5, "2027-03-01", {PLAN_ACTIVE}),
        (5, "2027-03-01?", set()),
        (4, "2027-03-01", {ENQUIRY_OPEN}),
        (4, "2026-12-08", set()),
    ],
)
def test_what_ended_after_the_closing_by_correction(target: int, to: str, stand: set[str]) -> None:
    """It is named, whichever of the two days was corrected, where that is certain (R90, R147)."""
    assert codes(closed()) == set()
    story = moved(closed(), target, to)
    assert codes(story) == stand
    for code in stand:
        story.then_finding(code, severity="medium")


def test_a_closing_told_late_is_judged_by_its_day() -> None:
    """Entered last, it was of before they ended."""
    assert codes(closed(told_of="2026-11-24")) == {*BOTH}


def test_a_plan_that_was_forgotten_is_ended_afterwards() -> None:
    """Entered after the closing, its end puts right that it was active (I14)."""
    left = given(a_referral(), at("2026-11-23", A_PLAN), at("2026-12-01", a_closure()))
    assert codes(left) == {PLAN_ACTIVE}
    ended = left.when(EndPlan(plan=PLAN, reason=Code("replaced")), on="2026-12-20").history
    assert codes(ended) == set()
