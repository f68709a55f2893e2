"""An action, a review of the plan, a referral for barring: what was done late was late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.conference import DelayReasonRecorded
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import (
    ActionCompleted,
    ActionOverdueExplained,
    PlanEnded,
    PlanReviewed,
    ReviewDateSet,
)
from domain.plan import PlanRevised, Terms
from domain.words import Code
from tests.controls import ACTION, PLAN, words
from tests.given import at
from tests.spec.closing.test_barring import IDENTIFIED, IDENTIFY, MADE, case
from tests.spec.plan.test_carrying_out import DUE, SAFETY, planned

RULES = ("R90", "R98", "R133")

REASON = DelayReasonRecorded(reason=words("The worker was ill."))
DONE = ActionCompleted(action=ACTION, result=Code("done"))
REVIEWED = PlanReviewed(plan=PLAN, conference=None, result=Code("unchanged"))


def test_an_action_done_late_was_late() -> None:
    """An action done after its day is a finding, lighter where it says why (R90, C.7)."""
    code = "action_late"
    planned(at("2026-12-07", DONE)).then_no_finding(code)
    late = planned(at("2027-02-03", DONE)).then_no_finding("action_overdue")
    late.then_finding(code, severity="medium")
    again = planned(at("2026-12-05", DONE), at("2027-02-03", DONE))
    again.then_no_finding(code)
    why = ActionOverdueExplained(action=ACTION, reason=Code("not_recorded"))
    planned(at("2026-12-20", why), at("2027-02-03", DONE)).then_finding(code, severity="medium")
    why = replace(why, reason=Code("agency"))
    planned(at("2026-12-20", why), at("2027-02-03", DONE)).then_finding(code, severity="low")
    planned(at("2026-12-20", REASON), at("2027-02-03", DONE)).then_finding(code, severity="low")
    needless = replace(DONE, result=Code("no_longer_needed"))
    planned(at("2027-02-03", needless)).then_no_finding(code)
    ended = at("2026-12-01", PlanEnded(plan=PLAN, reason=Code("risk_removed")))
    planned(ended, at("2027-02-03", DONE)).then_no_finding(code)


def test_a_plan_reviewed_late_was_reviewed_late() -> None:
    """A review after its date is a finding, whatever date it sets for the next (R98, C.7)."""
    code = "plan_review_late"
    planned(at("2027-01-18", REVIEWED)).then_no_finding(code)
    late = at("2027-02-20", REVIEWED)
    planned(late).then_no_finding("plan_review_overdue").then_finding(code, severity="medium")
    planned(at("2027-02-01", REASON), late).then_finding(code, severity="low")
    due = replace(DUE, on=date(2027, 4, 20), start=date(2027, 2, 20))
    following = ReviewDateSet(plan=PLAN, reason=Code("cycle"), due=due)
    planned(late, at("2027-02-20", following)).then_finding(code)
    terms = Terms(actions=(SAFETY,))
    revised = PlanRevised(
        plan=PLAN,
        version=2,
        conference=None,
        origin=Code("composed"),
        terms=terms,
        review_due=due,
        reason=None,
    )
    planned(late, at("2027-02-20", revised)).then_finding(code)
    moved = replace(following, due=replace(due, start=date(2027, 1, 10)))
    planned(at("2027-01-10", moved), late).then_no_finding(code)
    early = at("2026-12-20", REVIEWED)
    planned(early, late).then_no_finding(code)


def test_a_review_late_by_a_date_set_apart_stays_late_by_that() -> None:
    """That another date is set apart afterwards takes none of it away (R98, C.7)."""
    code = "plan_review_late"
    moved, following = (
        ReviewDateSet(plan=PLAN, reason=Code("cycle"), due=replace(DUE, on=on, start=start))
        for start, on in (
            (date(2027, 1, 10), date(2027, 4, 20)),
            (date(2027, 5, 20), date(2027, 8, 20)),
        )
    )
    late = planned(at("2027-01-10", moved), at("2027-05-20", REVIEWED))
    for reviewed in (late, late.also(at("2027-05-20", following))):
        assert [one.due for one in reviewed.findings() if one.code == code] == [moved.due.on]


def test_a_referral_for_barring_made_late_was_late() -> None:
    """A referral after the day of the duty is a finding, whoever learns of it (R133)."""
    code = "barring_referral_late"
    case(IDENTIFIED).also(at("2026-12-04", MADE)).then_no_finding(code)
    late = case(IDENTIFIED).also(at("2027-02-20", MADE)).then_finding(code, severity="medium")
    late.then_no_finding("barring_referral_not_made")
    ask = replace(IDENTIFY, due_on=None, grounds=())
    unsure = case(nation=SCOTLAND).when(ask, on="2026-11-24", occurred="2026-11")
    unsure.history.also(at("2027-02-26", MADE)).then_finding(code, severity="medium")
    why = case(IDENTIFIED).also(at("2026-12-20", REASON), at("2027-02-20", MADE))
    why.then_finding(code, severity="low")
    in_time = case(IDENTIFIED).also(at("2026-12-01", MADE), at("2027-02-20", MADE))
    in_time.then_no_finding(code)
