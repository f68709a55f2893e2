"""Where reviews come in a cycle, the cycle says when a plan is reviewed, and when people meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.jurisdictions.scotland import SCOTLAND
from domain.plan import PlanAgreed, Terms
from domain.sitting import HoldConference, HoldCoreGroup
from domain.words import Code, ConferenceRef, Slug
from tests.controls import (
    CONFERENCE,
    COUNCIL,
    POLICE,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    ref,
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


@pytest.mark.parametrize(("agreed_by", "raised"), [((COUNCIL,), True), ((COUNCIL, POLICE), False)])
def test_who_left_a_review_to_another_process_is_asked_in_a_cycle_too(
    agreed_by: tuple[Slug, ...], *, raised: bool
) -> None:
    """The cycle gives a date; that every agency agreed is another matter (R97)."""
    left = Terms(review=Code("delegated"), delegation_agreed_by=agreed_by)
    history = begun(replace(A_PLAN, terms=left)).on("2026-12-10")
    if raised:
        history.then_finding("delegation_not_agreed")
    else:
        history.then_no_finding("delegation_not_agreed")


def met(history: Given, day: str, ref: ConferenceRef, kind: str) -> Given:
    """Call a meeting and hold it on a day."""
    called = history.also(at(day, a_conference(day, ref, kind)))
    hold = HoldCoreGroup if kind == "core_group" else HoldConference
    return called.when(hold(conference=ref, parts=MET.parts), on=day).history


def with_groups(*days: str) -> Given:
    """Begin likewise, with a core group on each of these days."""
    history = begun()
    for number, day in enumerate(days):
        history = met(history, day, ConferenceRef(ref(700 + number)), "core_group")
    return history


GROUPS = ("core_group_overdue", "core_group_late")


def test_a_review_takes_the_place_of_a_core_group_before_it() -> None:
    """Groups four-weekly and a review at three months: the third group is the review (R180)."""
    cycle = with_groups("2026-12-28", "2027-01-25")  # the next by 22 February; the review, the 28th
    cycle.on("2027-02-28").then_no_finding(GROUPS[0])
    overdue = cycle.on("2027-03-01").then_finding(GROUPS[0]).then_finding("review_overdue")
    (one,) = (it for it in overdue.findings() if it.code == GROUPS[0])
    assert str(one.due) == "2027-02-28"
    assert "with the review" in one.words
    held = met(cycle, "2027-02-26", REVIEW, "review")
    for code in GROUPS:
        held.on("2027-03-26").then_no_finding(code)
    held.on("2027-03-27").then_finding(GROUPS[0])
    late = met(cycle, "2027-03-04", REVIEW, "review")
    late.then_finding(GROUPS[1]).then_finding("review_late")


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("2027-01-16", "2027-02-13"),  # fifteen days before the review
        ("2027-01-17", "2027-02-28"),
        ("2027-01-31", "2027-02-28"),  # the same day
        ("2027-02-01", "2027-03-01"),
    ],
)
def test_only_a_core_group_in_the_fortnight_before_is_due_with_the_review(
    last: str, due: str
) -> None:
    """One due earlier is due as it was, and so is one due after it (R180, R182)."""
    cycle = with_groups("2026-12-24", last)
    cycle.on(due).then_no_finding(GROUPS[0])
    cycle.on(date.fromisoformat(due) + timedelta(days=1)).then_finding(GROUPS[0])
