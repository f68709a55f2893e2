"""What is recorded beside what was asked for, and does not answer it: actions, and about whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.enquiry import PachIdentified
from domain.monitoring import (
    CompleteAction,
    DecidePachAction,
    ReviewPachActions,
)
from domain.plan import Action, PlanAgreed, Terms
from domain.words import ActionRef, Code, PersonRef
from tests.controls import (
    ACTION,
    CONFERENCE,
    COUNCIL,
    PACH,
    PLAN,
    REVIEW,
    SISTER,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R78", "R90")
NOT_KNOWN = Code("not_known")
DECIDED = DecidePachAction(action=ActionRef(ref(68)), kind=Code("police"))
NOTHING_MORE = ReviewPachActions(conference=CONFERENCE, result=Code("nothing_more"))


def identified(*persons: PersonRef) -> Given:
    """Begin with persons identified before a conference was held."""
    told = (PachIdentified(person=one, allegations=(), adult_at_risk=NOT_KNOWN) for one in persons)
    return given(a_referral(), *told, a_conference(), at("2026-11-23", a_held_conference()))


def test_a_decision_at_no_conference_is_none_of_a_conference() -> None:
    """What is decided about somebody apart from any conference was not decided at one (R78)."""
    code, history = "pach_not_decided", identified(PACH)
    history.then_finding(code)
    history.when(replace(DECIDED, pach=PACH)).then_finding(code)
    history.when(replace(DECIDED, conference=CONFERENCE, pach=PACH)).then_no_finding(code)


def test_a_decision_about_nobody_is_of_the_only_person_known() -> None:
    """A decision that names nobody is of the one person known by then, and of none of two (R78)."""
    code = "pach_not_decided"
    here = replace(DECIDED, conference=CONFERENCE)
    identified(PACH).when(here).then_no_finding(code)
    identified(PACH).when(NOTHING_MORE).then_no_finding(code)
    both = identified(PACH, SISTER)
    both.when(here).then_finding(code)
    both.when(NOTHING_MORE).then_finding(code)
    one = both.when(replace(here, pach=PACH)).then_finding(code)
    again = replace(here, action=ActionRef(ref(69)), pach=SISTER)
    one.when(again).then_no_finding(code)


def test_a_decision_naming_nobody_before_a_second_person_stands() -> None:
    """Who is identified after a conference makes no decision of it one about nobody (R78)."""
    decided = identified(PACH).when(replace(DECIDED, conference=CONFERENCE)).history
    later = PachIdentified(person=SISTER, allegations=(), adult_at_risk=NOT_KNOWN)
    review = at("2027-02-22", a_held_conference(REVIEW))
    more = decided.also(at("2026-12-07", later), a_conference("2027-02-22", REVIEW, "review"))
    found = [one.subject for one in more.also(review).findings() if one.code == "pach_not_decided"]
    assert found == [str(REVIEW)]


def planned() -> Given:
    """Begin with an action of a plan that is due on 7 December."""
    safety = Action(
        action=ACTION,
        target=Code("adult"),
        kind=Code("safety"),
        owner=COUNCIL,
        due=date(2026, 12, 7),
    )
    agreed = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(actions=(safety,)),
        review_due=None,
    )
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), a_conference(), meeting, agreed)


@pytest.mark.parametrize("result", ["not_done", "partly_done"])
def test_an_action_not_done_is_as_late_as_it_was(result: str) -> None:
    """What was not done, or only in part, by its day is overdue until it is done (R90)."""
    code = "action_overdue"
    tried = CompleteAction(action=ACTION, result=Code(result), note=words("No answer twice."))
    history = planned().when(tried, on="2026-12-04").history
    history.on("2026-12-07").then_no_finding(code)
    late = history.on("2026-12-08").then_finding(code)
    (one,) = (one for one in late.findings() if one.code == code)
    told = planned().on("2026-12-08")
    (bare,) = (one for one in told.findings() if one.code == code)
    assert one.identity == bare.identity
    assert one.words != bare.words  # it says what is recorded of it
    late.when(CompleteAction(action=ACTION), on="2026-12-14").then_no_finding(code)


@pytest.mark.parametrize("result", ["done", "no_longer_needed"])
def test_an_action_done_or_needed_no_more_is_answered_for(result: str) -> None:
    """An action done, or needed no longer, is not overdue; said not to be done after all, it is."""
    code = "action_overdue"
    history = planned().when(CompleteAction(action=ACTION, result=Code(result))).history
    history.on("2026-12-08").then_no_finding(code)
    undone = CompleteAction(action=ACTION, result=Code("not_done"))
    history.when(undone).history.on("2026-12-08").then_finding(code)
