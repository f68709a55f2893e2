from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.action import (
    ActionAgreed,
    AgreeAction,
    AgreeSupportService,
    CarerAssessmentOffered,
    ConsiderNoFurtherAction,
    InformationRequested,
    NoFurtherActionConsidered,
    OfferCarerAssessment,
    RequestInformation,
    SupportServiceAgreed,
)
from domain.assessment import DesiredOutcomeExpressed, SupportServicesConsidered
from domain.invitation import ParticipantInvited
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import ActionCompleted, CompleteAction, PachActionDecided, PlanEnded
from domain.plan import Action, PlanAgreed, Terms
from domain.words import ActionRef, Code, ConferenceRef, PlanRef
from tests.controls import (
    ACTION,
    CONFERENCE,
    COUNCIL,
    HEALTH,
    NATIONS,
    OUTCOME,
    PARTICIPANT,
    PLAN,
    SISTER,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R69", "R78", "R80", "R81", "R90", "R100", "R154", "R185", "R205")

NEW = ActionRef(ref(63))
CALL = AgreeAction(
    action=NEW,
    conference=CONFERENCE,
    target=Code("adult"),
    kind=Code("safety"),
    description=words("A call every evening."),
    owner=HEALTH,
    due=date(2026, 12, 7),
    outcome=OUTCOME,
)
SAFETY = Action(action=ACTION, target=Code("adult"), kind=Code("safety"), owner=COUNCIL)
WISHED = DesiredOutcomeExpressed(
    asked=Code("expressed"), outcome=OUTCOME, expressed_by=Code("adult")
)
CARER = ParticipantInvited(conference=CONFERENCE, participant=PARTICIPANT, role=Code("carer"))


def a_plan(*actions: Action) -> PlanAgreed:
    """Give a plan of these actions agreed at the control conference."""
    return PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(actions=actions),
        review_due=None,
    )


def held(*more: object, nation: Jurisdiction = NATIONS[0]) -> Given:
    """Begin with a conference held on 23 November, and these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), WISHED, a_conference(), meeting, *more, jurisdiction=nation)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_an_action_is_agreed(nation: Jurisdiction) -> None:
    """One action is agreed with its owner, day and the wish it serves (R69, R185, R205)."""
    held(nation=nation).when(CALL).then(
        ActionAgreed(
            action=NEW,
            conference=CONFERENCE,
            plan=None,
            origin=Code("composed"),
            target=Code("adult"),
            kind=Code("safety"),
            description=words("A call every evening."),
            owner=HEALTH,
            due=date(2026, 12, 7),
            horizon=Code("not_recorded"),
            outcome=OUTCOME,
        )
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_information_is_requested(nation: Jurisdiction) -> None:
    """What more is to be found out, from whom and by when, is recorded in both nations (R69)."""
    ask = RequestInformation(
        conference=CONFERENCE,
        organisation=HEALTH,
        what=words("Her weight since June."),
        due=date(2026, 12, 1),
    )
    held(nation=nation).when(ask).then(
        InformationRequested(
            conference=CONFERENCE,
            organisation=HEALTH,
            what=words("Her weight since June."),
            due=date(2026, 12, 1),
        )
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_service_is_agreed_for_the_adult_or_a_carer(nation: Jurisdiction) -> None:
    """A service says for whom it is, who gives it and when it is to begin (R80, R81)."""
    ask = AgreeSupportService(
        conference=CONFERENCE,
        beneficiary=Code("carer"),
        carer=SISTER,
        service=Code("carer_support"),
        provider=HEALTH,
        planned_start=date(2027, 1, 4),
    )
    held(nation=nation).when(ask).then(
        SupportServiceAgreed(
            conference=CONFERENCE,
            beneficiary=Code("carer"),
            carer=SISTER,
            service=Code("carer_support"),
            provider=HEALTH,
            planned_start=date(2027, 1, 4),
        )
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_carers_assessment_is_offered(nation: Jurisdiction) -> None:
    """A carer's assessment offered is recorded with the carer's answer (R81)."""
    ask = OfferCarerAssessment(carer=SISTER, answer=Code("declined"))
    held(nation=nation).when(ask).then(
        CarerAssessmentOffered(conference=None, carer=SISTER, answer=Code("declined"))
    )


@pytest.mark.parametrize(("target", "kind"), [("pach", "safety"), ("adult", "against")])
def test_an_action_against_somebody_is_not_added_to_a_plan(target: str, kind: str) -> None:
    """An action against the person alleged to have caused harm is refused in a plan (I5, R100)."""
    against = replace(CALL, plan=PLAN, target=Code(target), kind=Code(kind))
    history = held(a_plan())
    history.when(against).then_refused("I5")
    late = history.when(replace(against, origin=Code("late_entry")))
    late.then_recorded(ActionAgreed)
    late.then_finding("action_against_pach", severity="high")


def test_support_for_that_person_may_be_added() -> None:
    """Support for the person alleged to have caused harm may be part of a plan (I5, R100)."""
    support = replace(CALL, plan=PLAN, target=Code("pach"), kind=Code("support"))
    outcome = held(a_plan()).when(support)
    outcome.then_recorded(ActionAgreed)
    outcome.then_no_finding("action_against_pach")
    outcome.then_no_finding("action_not_kept_apart")


def test_an_action_against_somebody_is_kept_apart() -> None:
    """Such an action agreed with no plan is recorded, and said not to be kept apart (R78, R100)."""
    against = replace(CALL, target=Code("pach"), kind=Code("against"))
    held().when(against).then_finding("action_not_kept_apart")


def test_an_action_has_a_reference_of_its_own() -> None:
    """An action under the reference of another, wherever that stands, is refused (I1)."""
    apart = PachActionDecided(action=NEW, conference=CONFERENCE, kind=Code("police"))
    held().when(CALL).when(CALL).then_refused("I1")
    held(a_plan(SAFETY)).when(replace(CALL, action=ACTION)).then_refused("I1")
    held(apart).when(CALL).then_refused("I1")


def test_an_action_is_of_the_case() -> None:
    """An action names no plan and no conference that this case does not have."""
    held().when(replace(CALL, plan=PlanRef(ref(699)))).then_not_found()
    held().when(replace(CALL, conference=ConferenceRef(ref(599)))).then_not_found()


def test_an_action_agreed_alone_is_owed() -> None:
    """It is overdue the day after its day, until its completion is recorded (R90)."""
    history = held().when(CALL).history
    history.on("2026-12-07").then_no_finding("action_overdue")
    history.on("2026-12-08").then_finding("action_overdue")
    done = history.when(CompleteAction(action=NEW))
    done.then_recorded(ActionCompleted)
    done.on("2026-12-08").then_no_finding("action_overdue")


def test_an_action_added_to_a_plan_ends_with_it() -> None:
    """What was added to a plan that has ended is owed no more (R90)."""
    history = held(a_plan()).when(replace(CALL, plan=PLAN)).history
    history.on("2026-12-08").then_finding("action_overdue")
    ended = PlanEnded(plan=PLAN, reason=Code("risk_removed"))
    history.also(ended).on("2026-12-08").then_no_finding("action_overdue")


def test_an_action_taken_into_a_plan_is_owed_once() -> None:
    """An action agreed alone and then made part of a plan is one action, overdue once (R90)."""
    taken = replace(SAFETY, action=NEW, due=date(2026, 12, 7))
    history = held().when(CALL).history.also(a_plan(taken)).on("2026-12-08")
    assert [one.code == "action_overdue" for one in history.findings()].count(True) == 1


def test_a_conference_asks_whether_more_is_to_be_done() -> None:
    """A conference that shows neither action, question nor a no to both is a finding (R69)."""
    none = ConsiderNoFurtherAction(conference=CONFERENCE, rationale=words("All is in hand."))
    held().then_finding("further_action_not_considered")
    for ask in (CALL, RequestInformation(conference=CONFERENCE), none):
        held().when(ask).then_no_finding("further_action_not_considered")
    held(a_plan(SAFETY)).then_no_finding("further_action_not_considered")
    held(a_plan()).then_finding("further_action_not_considered")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_that_nothing_more_is_needed_has_its_reason(nation: Jurisdiction) -> None:
    """That neither action nor information is needed, without a rationale, is a finding (R154)."""
    ask = ConsiderNoFurtherAction(conference=CONFERENCE)
    outcome = held(nation=nation).when(ask)
    outcome.then(NoFurtherActionConsidered(conference=CONFERENCE, considered=Code("both")))
    outcome.then_finding("no_action_unexplained")
    explained = replace(ask, rationale=words("All is in hand."))
    held(nation=nation).when(explained).then_no_finding("no_action_unexplained")


def test_services_for_the_adult_are_considered() -> None:
    """A conference of a case with no service for the adult considered is a finding (R80)."""
    ask = AgreeSupportService(conference=CONFERENCE, service=Code("day_service"))
    for_carer = replace(ask, beneficiary=Code("carer"))
    support = replace(SAFETY, kind=Code("support"))
    considered = SupportServicesConsidered(services=(Code("none_needed"),))
    held().then_finding("services_not_considered")
    held().when(for_carer).then_finding("services_not_considered")
    held().when(ask).then_no_finding("services_not_considered")
    held(considered).then_no_finding("services_not_considered")
    held(a_plan(support)).then_no_finding("services_not_considered")


def test_support_is_for_whom_it_is_agreed() -> None:
    """An action of support counts for whom it is: the adult, a carer, or neither (R80, R81)."""
    adult = replace(CALL, kind=Code("support"))
    held().when(adult).then_no_finding("services_not_considered")
    for target in ("pach", "carer"):
        theirs = replace(SAFETY, kind=Code("support"), target=Code(target))
        held(a_plan(theirs)).then_finding("services_not_considered")
    carers = replace(SAFETY, kind=Code("support"), target=Code("carer"))
    held(CARER, a_plan(carers)).then_no_finding("carer_not_considered")
    agreed = replace(adult, target=Code("carer"))
    held(CARER).when(agreed).then_no_finding("carer_not_considered")
    held(CARER).when(adult).then_finding("carer_not_considered")


def test_one_lapse_is_said_once() -> None:
    """Where the law asks for services before the conference, that is said and not R80 (R80)."""
    scotland = held(nation=SCOTLAND)
    scotland.then_finding("support_not_considered")
    scotland.then_no_finding("services_not_considered")


def test_a_carer_who_takes_part_is_considered() -> None:
    """A carer asked to the conference or come, and nothing for them, is a finding (R81)."""
    meeting = at("2026-11-23", a_held_conference(CONFERENCE, attendance("carer", None)))
    came = given(a_referral(), a_conference(), meeting)
    held().then_no_finding("carer_not_considered")
    held(CARER).then_finding("carer_not_considered")
    came.then_finding("carer_not_considered")
    came.when(OfferCarerAssessment()).then_no_finding("carer_not_considered")
    service = AgreeSupportService(beneficiary=Code("carer"), service=Code("carer_support"))
    came.when(service).then_no_finding("carer_not_considered")


def test_a_decision_to_support_is_more_than_none() -> None:
    """A conference with neither plan nor action decided nothing to protect the adult (R205)."""
    silent = [one for one in held().findings() if one.code == "no_plan_decision"]
    acted = [one for one in held().when(CALL).history.findings() if one.code == "no_plan_decision"]
    assert [one.rules for one in silent] == [("R1", "R179", "R205")]
    assert [one.rules for one in acted] == [("R1", "R179")]
