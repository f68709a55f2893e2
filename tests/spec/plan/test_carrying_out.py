from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.monitoring import (
    ActionCompleted,
    CompleteAction,
    DecidePachAction,
    EndPlan,
    PachActionDecided,
    PlanEnded,
    PlanReviewed,
    ReviewDateSet,
    ReviewPlan,
    SetReviewDate,
)
from domain.plan import Action, PlanAgreed, PlanRevised, RevisePlan, Terms
from domain.review_date import answers
from domain.when import read
from domain.words import ActionRef, Code, Due, PlanRef, Slug
from tests.controls import (
    ACTION,
    CONFERENCE,
    COUNCIL,
    PLAN,
    POLICE,
    REVIEW,
    a_capacity,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R74", "R78", "R83", "R90", "R98", "R100", "R183")

SAFETY = Action(
    action=ACTION,
    target=Code("adult"),
    kind=Code("safety"),
    owner=COUNCIL,
    due=date(2026, 12, 7),
)
DUE = Due(
    on=date(2027, 1, 18),
    rule=Code("chosen"),
    start=date(2026, 11, 23),
    calendar=Slug("as-decided"),
)
AGREED = PlanAgreed(
    plan=PLAN,
    version=1,
    conference=CONFERENCE,
    origin=Code("composed"),
    terms=Terms(actions=(SAFETY,)),
    review_due=DUE,
)


def planned(*more: object) -> Given:
    """Begin with a plan agreed at a conference on 23 November, and these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), a_conference(), meeting, AGREED, *more)


def test_an_action_past_its_day_is_overdue() -> None:
    """An action whose completion is not recorded is a finding the day after it was due (R90)."""
    planned().on("2026-12-07").then_no_finding("action_overdue")
    late = planned().on("2026-12-08").then_finding("action_overdue")
    (finding,) = (one for one in late.findings() if one.code == "action_overdue")
    assert finding.since is not None
    assert (finding.since.first_day, finding.since.last_day) == (SAFETY.due, SAFETY.due)


def test_an_action_done_is_not_overdue() -> None:
    """An action done, or not to be done after all, is answered for."""
    outcome = planned().when(CompleteAction(action=ACTION, note=words("Fitted.")))
    outcome.then_recorded(ActionCompleted)
    outcome.on("2027-06-01").then_no_finding("action_overdue")


def test_an_action_a_revision_dropped_is_owed_no_more() -> None:
    """What only an earlier version of the plan asked for is not overdue (R90)."""
    revised = PlanRevised(
        plan=PLAN,
        version=2,
        conference=None,
        origin=Code("composed"),
        terms=Terms(),
        review_due=None,
    )
    planned(revised).on("2026-12-08").then_no_finding("action_overdue")


def test_a_revision_without_a_review_date_keeps_the_date_there_was() -> None:
    """A plan revised without a word of its review is still due on the day set before (R98)."""
    revised = PlanRevised(
        plan=PLAN,
        version=2,
        conference=None,
        origin=Code("composed"),
        terms=Terms(actions=(SAFETY,)),
        review_due=None,
    )
    planned(revised).on("2027-01-18").then_no_finding("plan_review_overdue")
    planned(revised).on("2027-01-19").then_finding("plan_review_overdue")


def test_an_ended_plan_owes_nothing() -> None:
    """The actions of a plan that ended are not overdue, nor is its review."""
    ended = planned().when(EndPlan(plan=PLAN, reason=Code("risk_removed")))
    ended.then_recorded(PlanEnded)
    ended.on("2027-06-01").then_no_finding("action_overdue")
    ended.on("2027-06-01").then_no_finding("plan_review_overdue")


@pytest.mark.parametrize("reason", ["adults_request", "others_request"])
def test_a_plan_ended_on_request_is_looked_into_first(reason: str) -> None:
    """A plan ended on request with no risk or capacity on record weighs high (R7, R11, R49)."""
    code = "plan_ended_on_request_unexplored"
    ask = EndPlan(plan=PLAN, reason=Code(reason))
    planned().when(ask).then_finding(code, severity="high")
    planned(a_risk()).when(ask).then_finding(code, severity="high")
    planned(a_risk(), a_capacity()).when(ask).then_no_finding(code)
    of = replace(a_capacity(), decision=Code("protection_plan"))
    planned(a_risk(), of).when(ask).then_no_finding(code)
    planned(a_risk(), replace(of, decision=Code("finances"))).when(ask).then_finding(code)
    ended = planned().when(ask, on="2026-12-14").history
    for late in ((a_risk(), a_capacity()), (a_capacity(),)):
        ended.also(*(at("2027-01-11", one) for one in late)).then_finding(code, severity="high")
    unasked = planned(a_risk()).when(ask, on="2026-12-14").history
    unasked.also(at("2027-01-11", a_capacity())).then_finding(code, severity="high")
    planned().when(replace(ask, reason=Code("risk_removed"))).then_no_finding(code)


def test_a_plan_past_its_review_date_is_overdue() -> None:
    """A plan not reviewed by its date is a finding the day after, even if never reviewed (R98)."""
    planned().on("2027-01-18").then_no_finding("plan_review_overdue")
    planned().on("2027-01-19").then_finding("plan_review_overdue")


def test_a_review_answers_its_date() -> None:
    """A review recorded since the date was set answers it (R98)."""
    ask = ReviewPlan(plan=PLAN, result=Code("unchanged"))
    outcome = planned().when(ask, on="2027-01-15")
    outcome.then_recorded(PlanReviewed)
    outcome.on("2027-01-19").then_no_finding("plan_review_overdue")


def test_a_new_review_date_takes_the_place_of_the_old() -> None:
    """A date set later is the one to keep, and counts from the day it was set (R83, R98)."""
    ask = SetReviewDate(plan=PLAN, reason=Code("plan_may_not_reduce_risk"), on=date(2027, 3, 1))
    outcome = planned().when(ask, on="2027-01-15")

    event = outcome.events[0]
    assert isinstance(event, ReviewDateSet)
    assert event.due == replace(DUE, on=date(2027, 3, 1), start=date(2027, 1, 15))
    outcome.on("2027-01-19").then_no_finding("plan_review_overdue")
    outcome.on("2027-03-02").then_finding("plan_review_overdue")


def test_the_date_set_last_counts_however_it_was_set() -> None:
    """A revision with a date of its own takes the place of one set apart from the plan (R98)."""
    code = "plan_review_overdue"
    apart = SetReviewDate(plan=PLAN, reason=Code("enquiry_incomplete"), on=date(2027, 3, 1))
    ask = RevisePlan(plan=PLAN, version=2, terms=Terms(review_on=date(2027, 2, 1)))
    revised = planned().when(apart, on="2027-01-15").when(ask, on="2027-01-16")
    revised.on("2027-02-01").then_no_finding(code)
    revised.on("2027-02-02").then_finding(code)
    later = planned().when(ask, on="2027-01-15").when(apart, on="2027-01-16")
    later.on("2027-02-02").then_no_finding(code)
    later.on("2027-03-02").then_finding(code)


def test_a_plan_reviewed_on_its_date_is_given_the_next() -> None:
    """A date once kept is spent: a plan reviewed by its date has the next one (R83, R97, R98)."""
    ask = ReviewPlan(plan=PLAN, result=Code("unchanged"))
    reviewed = planned().when(ask, on="2027-01-18")
    reviewed.on("2027-01-18").then_no_finding("no_review_date")
    reviewed.on("2027-01-19").then_finding("no_review_date")
    apart = SetReviewDate(plan=PLAN, reason=Code("plan_may_not_reduce_risk"), on=date(2027, 3, 1))
    reviewed.when(apart).on("2027-02-01").then_no_finding("no_review_date")
    early = planned().when(ask, on="2026-12-01")  # the date still stands
    early.on("2027-01-18").then_no_finding("no_review_date")
    pressing = replace(AGREED, terms=replace(AGREED.terms, risk_may_not_fall=True))
    meeting = at("2026-11-23", a_held_conference())
    risky = given(a_referral(), a_conference(), meeting, pressing).when(ask, on="2027-01-18")
    risky.on("2027-01-19").then_finding("review_date_required")
    ended = reviewed.when(EndPlan(plan=PLAN, reason=Code("replaced")))
    ended.on("2027-02-01").then_no_finding("no_review_date")
    closed = reviewed.history.also(at("2027-01-18", a_closure()))
    closed.on("2027-02-01").then_no_finding("no_review_date")


def test_an_ended_plan_is_not_asked_for_its_review() -> None:
    """A plan that has come to its end needs no review date any more (R97, R184)."""
    undated = replace(AGREED, review_due=None)
    meeting = at("2026-11-23", a_held_conference())
    agreed = given(a_referral(), a_conference(), meeting, undated)
    agreed.then_finding("no_review_date")
    agreed.when(EndPlan(plan=PLAN, reason=Code("replaced"))).then_no_finding("no_review_date")


def test_a_conference_reviews_the_plan_it_finds() -> None:
    """A conference that met while a plan existed and did not review it is a finding (R74, R183)."""
    review = a_conference("2027-01-11", REVIEW, "review")
    meeting = at("2027-01-11", a_held_conference(REVIEW))
    reviewed = PlanReviewed(plan=PLAN, conference=REVIEW, result=Code("unchanged"))

    planned().then_no_finding("plan_not_reviewed")
    planned(review, meeting).then_finding("plan_not_reviewed")
    planned(review, meeting, reviewed).then_no_finding("plan_not_reviewed")

    def said(history: Given) -> list[str]:
        """Give what is said of a review that looked at no plan."""
        return [one.words for one in history.findings() if one.code == "plan_not_reviewed"]

    assert "plan existed" in said(planned(review, meeting))[0]
    none = given(a_referral(), a_conference(), review, meeting)
    assert "plan existed" not in said(none)[0]


def test_a_conference_finds_no_plan_of_its_own_or_ended_before() -> None:
    """A plan it agreed itself, entered first, or one that had ended, was not found (R74, R183)."""
    own = given(a_referral(), a_conference(), AGREED, at("2026-11-23", a_held_conference()))
    own.then_no_finding("plan_not_reviewed")
    changed = PlanRevised(
        plan=PLAN,
        version=2,
        conference=REVIEW,
        origin=Code("composed"),
        terms=AGREED.terms,
        review_due=DUE,
    )
    called = (a_conference(), a_conference("2026-11-23", REVIEW, "outcome"))
    agreed = (at("2026-11-23", AGREED), at("2026-11-23", changed))
    for met in (CONFERENCE, REVIEW):  # a plan that was revised at another is of both
        both = given(a_referral(), *called, *agreed, at("2026-11-23", a_held_conference(met)))
        both.then_no_finding("plan_not_reviewed")
    outcome = a_conference("2027-01-11", REVIEW, "outcome")
    ended = at("2027-01-04", PlanEnded(plan=PLAN, reason=Code("risk_removed")))
    meeting = at("2027-01-11", a_held_conference(REVIEW))
    planned(outcome, meeting).then_finding("plan_not_reviewed")
    planned(outcome, ended, meeting).then_no_finding("plan_not_reviewed")
    planned(outcome, meeting, ended).then_no_finding("plan_not_reviewed")  # entered late
    planned(outcome, meeting, replace(ended, occurred=read("2027-01-18"))).then_finding(
        "plan_not_reviewed"
    )


def test_actions_about_the_person_alleged_stand_apart() -> None:
    """What is decided about the person alleged to have caused harm is not in the plan (R100)."""
    ask = DecidePachAction(
        action=ActionRef(ref(63)),
        conference=CONFERENCE,
        kind=Code("disciplinary"),
        owner=POLICE,
        due=date(2026, 12, 14),
    )
    outcome = planned().when(ask)

    outcome.then_recorded(PachActionDecided)
    assert ActionRef(ref(63)) not in outcome.history.case.plan_actions
    outcome.on("2026-12-15").then_finding("action_overdue")
    done = outcome.when(CompleteAction(action=ActionRef(ref(63))))
    done.then_recorded(ActionCompleted)


def test_a_closed_case_still_takes_completions() -> None:
    """An action completed after closing is recorded; a review of the plan is not (I14)."""
    closed = planned(at("2026-12-01", a_closure()))
    closed.when(CompleteAction(action=ACTION), on="2026-12-20").then_recorded(ActionCompleted)
    review = ReviewPlan(plan=PLAN, result=Code("unchanged"))
    closed.when(review, on="2026-12-20").then_refused("I14")


def test_a_plan_that_was_left_to_go_on_is_ended_after_closing() -> None:
    """A closed case takes the end of a plan that was forgotten, which clears the finding (I14)."""
    closed = planned(at("2026-12-01", a_closure()))
    closed.then_finding("closed_with_active_plan")
    ended = closed.when(EndPlan(plan=PLAN, reason=Code("replaced")), on="2026-12-20")
    ended.then_recorded(PlanEnded)
    ended.history.then_no_finding("closed_with_active_plan")


def test_what_names_nothing_of_the_case_is_not_found() -> None:
    """A plan or action this case does not have is not found."""
    planned().when(EndPlan(plan=PlanRef(ref(699)), reason=Code("replaced"))).then_not_found()
    planned().when(CompleteAction(action=ActionRef(ref(699)))).then_not_found()


@pytest.mark.parametrize(
    ("reviewed", "on", "set_on", "answered"),
    [
        ("2026-11-03", "2026-12-01", "2026-11-02", True),
        ("2026-11-02", "2026-12-01", "2026-11-02", False),
        ("2026-11-02", "2026-11-02", "2026-11-02", True),
        ("2026-11-01", "2026-12-01", "2026-11-02", False),
        ("2026-12-02", "2026-12-01", "2026-12-02", True),
        (None, "2026-12-01", "2026-11-02", True),
        ("2026-11-01", "2026-12-01", None, True),
    ],
)
def test_which_review_answers_a_date(
    reviewed: str | None, on: str, set_on: str | None, *, answered: bool
) -> None:
    """One after the day the date was set, or on it where it was due by then; doubt answers."""
    days = [None if day is None else date.fromisoformat(day) for day in (reviewed, set_on)]
    assert answers(days[0], on=date.fromisoformat(on), set_on=days[1]) is answered
