from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.action import AgreeAction
from domain.assessment import AssessRisk, DesiredOutcomeExpressed
from domain.invitation import ParticipantInvited
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.monitoring import SetReviewDate
from domain.plan import Action, AgreePlan, DecidePlanNotRequired, PlanAgreed, Terms
from domain.words import ActionRef, Code, OutcomeRef, Slug
from tests.controls import (
    ACTION,
    CONFERENCE,
    HEALTH,
    NATIONS,
    OUTCOME,
    PARTICIPANT,
    PLAN,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R41", "R66", "R68", "R84", "R89", "R99", "R101", "R102", "R103")

EACH_NATION = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
SAFETY = Action(
    action=ACTION,
    target=Code("adult"),
    kind=Code("safety"),
    owner=HEALTH,
    outcome=OUTCOME,
)

CALL = AgreeAction(
    action=ActionRef(ref(63)),
    conference=CONFERENCE,
    target=Code("adult"),
    kind=Code("safety"),
    owner=HEALTH,
    outcome=OUTCOME,
)

WISHED = DesiredOutcomeExpressed(
    asked=Code("expressed"), outcome=OUTCOME, expressed_by=Code("adult")
)


def held(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a conference held on 23 November, and these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), WISHED, a_conference(), meeting, *more, jurisdiction=nation)


def agree(*actions: Action, **terms: object) -> AgreePlan:
    """Ask to agree a plan of these actions and terms."""
    whole = replace(Terms(actions=actions), **terms)  # type: ignore[arg-type]
    return AgreePlan(plan=PLAN, conference=CONFERENCE, terms=whole)


def test_a_conference_has_its_risk_assessed() -> None:
    """A conference without an assessment of the risk now is a finding, its reasons too (R66)."""
    held().then_finding("risk_not_assessed")
    ask = AssessRisk(
        conference=CONFERENCE,
        level=Code("medium"),
        before=Code("high"),
        recurrence=Code("possible"),
        factors=words("Carers come twice a day."),
        rationale=words("Nobody has come since."),
    )
    assessed = held().when(ask)
    assessed.then_no_finding("risk_not_assessed")
    assessed.then_no_finding("risk_without_rationale")
    held().when(replace(ask, rationale=None)).then_finding("risk_without_rationale")


def test_whether_it_may_recur_is_assessed() -> None:
    """An assessment of risk without the likelihood of its return is a finding (R68)."""
    code = "recurrence_not_assessed"
    held(replace(a_risk(), recurrence=Code("not_assessed"))).then_finding(code)
    for likely in ("unlikely", "possible", "likely", "very_likely"):
        held(replace(a_risk(), recurrence=Code(likely))).then_no_finding(code)


def test_an_enquiry_not_finished_needs_a_day_to_look_again() -> None:
    """A plan agreed while the enquiry is incomplete has a review date, or it is a finding (R84).

    Set apart from the plan it says for what reason.
    """
    code = "review_date_required"
    agreed = held().when(agree(SAFETY, enquiry_incomplete=True))
    agreed.then_finding(code)
    held().when(agree(SAFETY)).then_no_finding(code)
    ask = SetReviewDate(plan=PLAN, reason=Code("enquiry_incomplete"), on=date(2027, 1, 18))
    agreed.when(ask).then_no_finding(code)


@EACH_NATION
@pytest.mark.parametrize("aim", ["remove", "minimise", "not_recorded"])
def test_a_plan_has_an_aim(aim: str, nation: Jurisdiction) -> None:
    """A plan is to remove the risk or else to minimise it; not recorded is neither (R89)."""
    event = held(nation=nation).when(agree(SAFETY, aim=Code(aim))).events[0]
    assert isinstance(event, PlanAgreed)
    assert event.terms.aim == aim
    held(nation=nation).when(agree(SAFETY, aim=Code("accept"))).then_refused("I11")


def test_a_risk_that_remains_has_an_action() -> None:
    """A plan without an action where risk was found, and remains, is a finding (R89)."""
    code = "risk_without_action"
    held(a_risk()).when(agree()).then_finding(code)
    held(a_risk()).when(agree(SAFETY)).then_no_finding(code)
    held(a_risk("none")).when(agree()).then_no_finding(code)
    held(a_risk("not_determined")).when(agree()).then_no_finding(code)
    held().when(agree()).then_no_finding(code)


def test_no_plan_leaves_no_risk_without_an_action() -> None:
    """Deciding that no plan is required, with a risk that remains and no action, is one (R89).

    Not where it says what meets the risk, or that the adult does not want a plan.
    """
    code = "no_plan_despite_risk"
    none = DecidePlanNotRequired(
        conference=CONFERENCE, reason=Code("no_risk"), rationale=words("She has moved away.")
    )
    held(a_risk()).when(none).then_finding(code)
    held(a_risk()).when(replace(none, reason=Code("not_recorded"))).then_finding(code)
    held(a_risk("none")).when(none).then_no_finding(code)
    held().when(none).then_no_finding(code)
    for reason in ("care_management", "adult_declined", "existing_plan"):
        held(a_risk()).when(replace(none, reason=Code(reason))).then_no_finding(code)
    held(a_risk()).when(none).when(CALL).then_no_finding(code)
    held(a_risk()).when(none).when(agree()).then_no_finding(code)


def test_an_action_added_to_a_plan_is_one_of_it() -> None:
    """What is added to a plan one action at a time counts as its own (R41, R89, R99, R101)."""
    added = replace(CALL, plan=PLAN)
    agreed = held(a_risk()).when(agree())
    codes = {"risk_without_action", "plan_not_person_centred", "no_safety_action"}
    assert codes <= {one.code for one in agreed.history.findings()}
    assert not codes & {one.code for one in agreed.when(added).history.findings()}
    apart = {one.code for one in agreed.when(CALL).history.findings()}
    assert codes <= apart  # agreed, but of no plan
    agreed.then_no_finding("owner_not_invited")
    agreed.when(added).then_finding("owner_not_invited")


def test_whoever_came_may_take_on_an_action() -> None:
    """An agency that came, or wrote, without being on the list was asked for its part (R41)."""
    code = "owner_not_invited"
    there = attendance("gp", HEALTH)
    meeting = at("2026-11-23", a_held_conference(CONFERENCE, there))
    given(a_referral(), WISHED, a_conference(), meeting).when(agree(SAFETY)).then_no_finding(code)
    away = replace(there, attendance=Code("apology"))
    meeting = at("2026-11-23", a_held_conference(CONFERENCE, away))
    given(a_referral(), WISHED, a_conference(), meeting).when(agree(SAFETY)).then_finding(code)


def test_a_plan_serves_what_the_adult_asked_for() -> None:
    """A plan with no action linked to an outcome of the adult's own is a finding (R99)."""
    code = "plan_not_person_centred"
    held().when(agree(replace(SAFETY, outcome=None))).then_finding(code)
    held().when(agree(SAFETY)).then_no_finding(code)
    second = replace(SAFETY, action=ActionRef(ref(62)), outcome=None)
    held().when(agree(SAFETY, second)).then_no_finding(code)
    nobodys = replace(SAFETY, outcome=OutcomeRef(ref(81)))  # as an earlier release took it
    told = held().when(agree(SAFETY)).events[0]
    assert isinstance(told, PlanAgreed)
    held(replace(told, terms=Terms(actions=(nobodys,)))).then_finding(code)


def test_a_plan_keeps_the_adult_safe() -> None:
    """A plan with no action for the adult's safety is a finding (R101)."""
    code = "no_safety_action"
    held().when(agree(replace(SAFETY, kind=Code("support")))).then_finding(code)
    held().when(agree(SAFETY)).then_no_finding(code)


@EACH_NATION
@pytest.mark.parametrize(
    ("kind", "horizon"),
    [
        pytest.param("involvement", "not_recorded", id="R102-involvement"),
        pytest.param("support", "immediate", id="R103-immediate"),
        pytest.param("support", "longer_term", id="R103-longer_term"),
    ],
)
def test_what_a_plan_is_likely_to_hold(kind: str, horizon: str, nation: Jurisdiction) -> None:
    """Continued involvement, and support now or later, are kinds of action (R102, R103).

    Neither gives rise to anything that would not be asked of the plan without it.
    """
    action = replace(SAFETY, kind=Code(kind), horizon=Code(horizon))
    event = held(nation=nation).when(agree(SAFETY, action)).events[0]
    assert isinstance(event, PlanAgreed)
    assert event.terms.actions[1].kind == kind
    assert event.terms.actions[1].horizon == horizon
    with_it = held(nation=nation).when(agree(SAFETY, action)).history.findings()
    alone = held(nation=nation).when(agree(SAFETY)).history.findings()
    assert {one.code for one in with_it} <= {one.code for one in alone}


def test_whoever_owns_an_action_was_asked() -> None:
    """An agency that owns an action of the plan and was never invited is a finding (R41)."""
    code = "owner_not_invited"
    invited = ParticipantInvited(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        role=Code("plan_contributor"),
        organisation=HEALTH,
    )
    held().when(agree(SAFETY)).then_finding(code)
    held(invited).when(agree(SAFETY)).then_no_finding(code)
    other = replace(SAFETY, owner=Slug("housing"))
    held(invited).when(agree(other)).then_finding(code)
