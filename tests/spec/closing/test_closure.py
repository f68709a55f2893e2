from __future__ import annotations

from dataclasses import replace

import pytest

from domain.closure import (
    CaseClosed,
    CaseReopened,
    CloseCase,
    ClosureProposed,
    ProposeClosure,
    ReopenCase,
)
from domain.monitoring import PlanEnded
from domain.plan import PlanAgreed, Terms
from domain.stage import recorded
from domain.words import Code
from tests.controls import PLAN, a_capacity, a_closure, a_conference, a_referral, a_risk, words
from tests.given import at, given

RULES = ("R7", "R11", "R13", "R49", "R141", "R154")

ON_REQUEST = replace(a_closure(), reason=Code("adults_request"), reason_other=None)


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (ProposeClosure(reason=Code("died")), ClosureProposed),
        (CloseCase(reason=Code("died"), rationale=words("She died.")), CaseClosed),
        (ReopenCase(reason=Code("new_information")), CaseReopened),
    ],
)
def test_ending_and_resuming(command: object, event: type) -> None:
    """Proposing, closing and reopening are recorded as they were asked."""
    given(a_referral()).when(command).then(recorded(event, command))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rationale": None}, "closed_without_rationale"),
        ({"views": Code("not_asked")}, "closed_without_views"),
        ({"views": Code("not_recorded")}, "closed_without_views"),
        ({"review_considered": Code("not_recorded")}, "review_not_considered"),
    ],
)
def test_what_a_closure_should_say(changes: dict[str, object], code: str) -> None:
    """A closure without reasons, the adult's view or thought of a review is criticised."""
    bare = replace(a_closure(), **changes)  # type: ignore[arg-type] # the table is of one class

    given(a_referral(), bare).then_finding(code)
    given(a_referral(), a_closure()).then_no_finding(code)


def test_a_plan_ends_before_its_case() -> None:
    """A case closed while its plan is active is criticised, and not once it has ended (R90)."""
    plan = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=None,
        origin=Code("composed"),
        terms=Terms(),
        review_due=None,
    )
    given(a_referral(), plan, a_closure()).then_finding("closed_with_active_plan")
    ended = PlanEnded(plan=PLAN, reason=Code("risk_removed"))
    given(a_referral(), plan, ended, a_closure()).then_no_finding("closed_with_active_plan")


def test_a_view_that_could_not_be_had() -> None:
    """An adult who could not be asked is not an adult who was not asked (R13)."""
    could_not = replace(a_closure(), views=Code("could_not_be_asked"))

    given(a_referral(), could_not).then_no_finding("closed_without_views")


@pytest.mark.parametrize("views", ["not_recorded", "not_asked"])
def test_whoever_has_died_is_asked_nothing(views: str) -> None:
    """Of a case closed since the adult died no view of theirs is asked for (R13)."""
    died = replace(a_closure(), reason=Code("died"), reason_other=None, views=Code(views))
    given(a_referral(), died).then_no_finding("closed_without_views")
    moved = replace(died, reason=Code("moved"))
    given(a_referral(), moved).then_finding("closed_without_views")


def test_closing_on_request_without_looking() -> None:
    """Closing because the adult asked, with no risk and capacity on record, weighs high (R7)."""
    bare = given(a_referral(), ON_REQUEST)
    bare.then_finding("closed_on_request_without_risk", severity="high")
    bare.then_finding("closed_on_request_without_capacity", severity="high")

    looked = given(a_referral(), a_capacity(), a_risk(), ON_REQUEST)
    looked.then_no_finding("closed_on_request_without_risk")
    looked.then_no_finding("closed_on_request_without_capacity")


@pytest.mark.parametrize(
    ("decision", "bears"),
    [("enquiry", True), ("protection_plan", True), ("contact", False), ("finances", False)],
)
def test_closing_on_request_rests_on_capacity_for_that(decision: str, *, bears: bool) -> None:
    """Capacity for something else, or recorded of a later day, says nothing of it (R7, R49)."""
    code = "closed_on_request_without_capacity"
    of = replace(a_capacity(), decision=Code(decision))
    closed = given(a_referral(), of, ON_REQUEST)
    (closed.then_no_finding if bears else closed.then_finding)(code)
    given(a_referral(), ON_REQUEST, at("2027-01-11", of)).then_finding(code)


def test_a_reopened_case_is_not_criticised_for_its_end() -> None:
    """Once reopened, a case is open again, and its old closure is no longer its state."""
    reopened = CaseReopened(reason=Code("closed_in_error"))
    history = given(a_referral(), ON_REQUEST, reopened)

    history.then_no_finding("closed_on_request_without_risk")
    assert not history.case.closed
    assert history.case.closure.last is not None


def test_the_day_of_closing() -> None:
    """Only one certain day is named as that of closing; late entries go by the last it can be."""
    exact = given(a_referral(), at("2026-12-03", a_closure(), occurred="2026-12-01")).case
    vague = given(a_referral(), at("2026-12-31", a_closure(), occurred="2026-12")).case
    unknown = given(a_referral(), at("2026-12-31", a_closure(), occurred="unknown")).case

    assert str(exact.closed_on) == "2026-12-01"
    assert vague.closed_on is None
    assert unknown.closed_on is None
    assert str(vague.closed_at and vague.closed_at.last) == "2026-12-31"
    assert str(unknown.closed_at and unknown.closed_at.last) == "2026-12-31"


@pytest.mark.parametrize(
    ("when", "fires"), [("2026-11-05", False), ("2026-11", True), ("2026-12-01", True)]
)
def test_what_is_begun_in_a_closed_case_is_said(when: str, fires: bool) -> None:  # noqa: FBT001
    """A conference recorded in a closed case that may not have come before its end is a finding."""
    late = at("2026-12-03", a_conference(), occurred=when)
    story = given(a_referral(), at("2026-11-20", a_closure()), late)
    (story.then_finding if fires else story.then_no_finding)("begun_in_closed_case")
    opened = given(a_referral(), a_conference(), at("2026-11-20", a_closure()))
    opened.then_no_finding("begun_in_closed_case")
