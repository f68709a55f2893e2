"""Where reviews come in a cycle, the cycle says when a plan is reviewed, and when people meet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.jurisdictions.scotland import SCOTLAND
from domain.plan import PlanAgreed, Terms
from domain.sitting import HoldConference
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
)
from tests.given import Given, at, given
from tests.spec.conference.test_meeting import A_PLAN

RULES = ("R83", "R97", "R98", "R180", "R182")

MET = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
PRESSING = replace(A_PLAN, terms=Terms(risk_may_not_fall=True))


def begun(plan: PlanAgreed = A_PLAN) -> Given:
    """Begin with an initial conference held on 30 November, and a plan agreed at it."""
    first = given(a_referral(), a_report(), a_conference(), jurisdiction=SCOTLAND)
    return first.when(MET, on="2026-11-30").history.also(plan)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (A_PLAN, "no_review_date"),
        (PRESSING, "review_date_required"),
    ],
)
def test_a_plan_reviewed_in_a_cycle_is_asked_for_no_date(plan: PlanAgreed, code: str) -> None:
    """What the last conference made due is its date; without such a conference it has none."""
    begun(plan).on("2026-12-01").then_no_finding(code)
    begun(plan).on("2027-03-01").then_no_finding(code).then_finding("review_overdue")
    called = begun(plan).also(at("2027-02-26", a_conference("2027-02-26", REVIEW, "review")))
    held = called.when(replace(MET, conference=REVIEW), on="2027-02-26")
    held.on("2027-04-01").then_no_finding(code)
    unmet = given(a_referral(), a_report(), a_conference(), plan, jurisdiction=SCOTLAND)
    unmet.on("2026-12-01").then_finding(code)
