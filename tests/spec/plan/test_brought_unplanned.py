"""A conference that came from another system with no plan is asked for one from then on."""

from __future__ import annotations

from domain.plan import AgreePlan, DecidePlanNotRequired, Terms
from domain.words import Code
from tests.controls import PLAN, REVIEW, a_closure, a_conference, a_held_conference, words
from tests.given import at, given
from tests.spec.concern.test_brought_forward import BEFORE, DAY, SYSTEM, brought, forward

RULES = ("R12", "R179")
CODE = "no_plan_since_brought"
NEXT = "2027-07-06"
NONE = DecidePlanNotRequired(reason=Code("no_risk"), rationale=words("No risk is left."))


def test_a_conference_that_came_without_a_plan_is_asked_for_one() -> None:
    """From the day after, lightly, until one is agreed or decided against (R179)."""
    forward("conference").on(DAY).then_no_finding(CODE)
    came = forward("conference").on(NEXT).then_finding(CODE, severity="low")
    (one,) = (one for one in came.findings() if one.code == CODE)
    assert one.since is not None
    assert one.since.first_day == DAY
    forward("plan").on(NEXT).then_no_finding(CODE)
    forward("plan").on(NEXT).then_no_finding("no_plan_decision")
    agreed = AgreePlan(plan=PLAN, terms=Terms())
    forward("conference").when(agreed, on="2027-07-20").then_no_finding(CODE)
    forward("conference").when(NONE, on="2027-07-20").then_no_finding(CODE)
    before = forward("conference").when(NONE, on=DAY, occurred=BEFORE, source=SYSTEM)
    before.on(NEXT).then_no_finding(CODE)


def test_what_is_over_or_was_not_asked_is_not_missed() -> None:
    """Of a case closed, of a core group, or of a list with no column for plans: nothing (R12)."""
    forward("conference").also(at("2027-07-20", a_closure())).on("2027-08-01").then_no_finding(CODE)
    forward("conference", kind="core_group").on(NEXT).then_no_finding(CODE)
    forward("conference", "plan").on(NEXT).then_no_finding(CODE)
    forward("enquiry").on(NEXT).then_no_finding(CODE)


def test_a_meeting_held_since_answers_for_itself() -> None:
    """A conference held here is asked what it decided, as any other; and only once (R179)."""
    called = at("2027-07-20", a_conference("2027-07-20"))
    history = given(
        at(DAY, brought(), source=SYSTEM), called, at("2027-07-20", a_held_conference())
    )
    history.on("2027-08-20").then_finding("no_plan_decision").then_no_finding(CODE)
    both = forward("conference").also(called, at("2027-07-20", a_held_conference(REVIEW)))
    both.on("2027-08-20").then_no_finding(CODE)
    late = at("2027-07-20", a_held_conference(), occurred="2027-01-11")
    called = at("2027-07-20", a_conference("2027-01-11"), occurred="2027-01-04")
    entered = given(at(DAY, brought(), source=SYSTEM), called, late)
    entered.on("2027-08-20").then_no_finding(CODE)
