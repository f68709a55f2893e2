"""What was overdue as a plan ended was so: an end puts nothing right that it came after."""

from __future__ import annotations

from dataclasses import replace

from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import PlanEnded, PlanReviewed
from domain.sitting import HoldConference
from domain.words import Code, PlanRef
from tests.controls import (
    CONFERENCE,
    PLAN,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    ref,
)
from tests.given import at, given
from tests.spec.conference.test_meeting import A_PLAN
from tests.spec.plan.test_carrying_out import AGREED, planned

RULES = ("R98", "R180", "R182", "R184")

ENDED = PlanEnded(plan=PLAN, reason=Code("risk_removed"))
REVIEWED = PlanReviewed(plan=PLAN, conference=None, result=Code("unchanged"))


def test_a_review_overdue_as_the_plan_ended_stays_so() -> None:
    """Of a plan that ended by the day, or may have, or with the adult's death, none is (R98)."""
    code = "plan_review_overdue"
    planned(at("2027-03-01", ENDED)).on("2027-06-01").then_finding(code, severity="medium")
    for day in ("2027-01-18", "2026-12-14"):
        planned(at(day, ENDED)).on("2027-06-01").then_no_finding(code)
    vague = at("2027-03-01", ENDED, occurred="2027-01/2027-03")
    planned(vague).on("2027-06-01").then_no_finding(code)
    died = replace(ENDED, reason=Code("died"))
    planned(at("2027-03-01", died)).on("2027-06-01").then_no_finding(code)
    beside = replace(AGREED, plan=PlanRef(ref(62)))
    both = planned(at("2026-11-24", beside), at("2027-03-01", died))
    both.on("2027-06-01").then_finding(code)
    met = planned(at("2027-01-11", REVIEWED), at("2027-03-01", ENDED))
    met.on("2027-06-01").then_no_finding(code)
    late = planned(at("2027-02-01", REVIEWED), at("2027-03-01", ENDED)).on("2027-06-01")
    late.then_no_finding(code).then_finding("plan_review_late")


def test_a_core_group_overdue_as_the_plan_ended_stays_so() -> None:
    """And so does a review conference; what is due after the end is not (R180, R182, R184)."""
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    first = given(a_referral(), a_report(), a_conference(), jurisdiction=SCOTLAND)
    begun = first.when(ask, on="2026-11-30").history.also(A_PLAN)
    for code, last, later in (
        ("core_group_overdue", "2026-12-28", "2026-12-29"),
        ("review_overdue", "2027-02-28", "2027-03-01"),
    ):
        begun.also(at(last, ENDED)).on("2027-09-01").then_no_finding(code)
        begun.also(at(later, ENDED)).on("2027-09-01").then_finding(code)
