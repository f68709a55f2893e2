from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.contact import (
    AdultSeen,
    AssessNeed,
    ExplainRiskToAdult,
    NeedAssessed,
    RecordAdultSeen,
    RiskExplainedToAdult,
)
from domain.enquiry import InquiryOpened
from domain.grid import Part
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.scotland import SCOTLAND
from domain.plan import PlanRevised, Terms
from domain.planning import (
    AgreeInterimPlan,
    AppointSecondPerson,
    HoldInterAgencyReferralDiscussion,
    HoldPlanningMeeting,
    InterAgencyReferralDiscussionHeld,
    InterimPlanAgreed,
    PlanningMeetingHeld,
    SecondPersonAppointed,
)
from domain.sitting import ConferenceHeld
from domain.stage import recorded
from domain.words import Code, ConferenceRef, EnquiryRef, PlanRef
from tests.controls import (
    CHAIR,
    CONFERENCE,
    COUNCIL,
    ENQUIRY,
    HEALTH,
    NATIONS,
    OFFICER,
    PLAN,
    POLICE,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R12", "R74", "R154", "R178", "R203", "R212")

WHY = words("The police have what they need.")
DISCUSSED = HoldInterAgencyReferralDiscussion(
    method=Code("telephone"),
    agencies=(COUNCIL, POLICE, HEALTH),
    decision=Code("enquire_jointly"),
    discussed=words("Two calls in one night."),
    rationale=WHY,
)
PLANNED = HoldPlanningMeeting(
    method=Code("meeting"),
    agencies=(COUNCIL, POLICE),
    chair=CHAIR,
    decision=Code("enquire"),
    tasks=words("The officer sees her; the police see him."),
    rationale=WHY,
)
SEEN = RecordAdultSeen(
    alone=Code("no"),
    not_alone_reason=words("She asked for her sister."),
    place=Code("own_home"),
    by=OFFICER,
    organisation=COUNCIL,
    account=words("Spoke for an hour."),
)
INTERIM = AgreeInterimPlan(
    plan=PLAN,
    measures=(Code("support_increased"),),
    description=words("A carer sleeps in."),
    agreed_with=Code("adult"),
    review_on=date(2026, 11, 16),
)
NEED = AssessNeed(
    conference=CONFERENCE, needs=(Code("personal_care"),), summary=words("Twice a day.")
)
EXPLAINED = ExplainRiskToAdult(
    conference=CONFERENCE,
    risks=words("That he may come back."),
    by=OFFICER,
    method=Code("in_person"),
    sensitive=Code("yes"),
)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize(
    ("command", "event"),
    [
        (DISCUSSED, InterAgencyReferralDiscussionHeld),
        (PLANNED, PlanningMeetingHeld),
        (SEEN, AdultSeen),
        (NEED, NeedAssessed),
        (EXPLAINED, RiskExplainedToAdult),
    ],
)
def test_every_step_is_recorded_as_given(
    nation: Jurisdiction, command: object, event: type
) -> None:
    """Each step of planning and of meeting the adult is recorded whole, in both nations."""
    history = given(a_referral(), a_conference(), jurisdiction=nation)
    history.when(command).then(recorded(event, command))


def test_a_second_person_goes_along_in_scotland() -> None:
    """Who goes with the council officer is recorded where the law has one (B.3)."""
    ask = AppointSecondPerson(
        enquiry=ENQUIRY, person=OFFICER, role=Code("nurse"), organisation=HEALTH
    )
    opened = InquiryOpened(
        enquiry=ENQUIRY, kind=Code("inquiry"), opened_on=date(2026, 11, 2), large_scale=False
    )
    history = given(a_referral(), opened, jurisdiction=SCOTLAND)
    history.when(ask).then(recorded(SecondPersonAppointed, ask))
    history.when(replace(ask, enquiry=EnquiryRef(ref(499)))).then_not_found()
    given(a_referral()).when(ask).then_refused("I11")


def test_an_interim_plan_has_its_review() -> None:
    """What holds until a conference is recorded with the day on which it is looked at (R12)."""
    (event,) = given(a_referral()).when(INTERIM).then_recorded(InterimPlanAgreed).events

    assert isinstance(event, InterimPlanAgreed)
    assert (event.plan, event.measures, event.agreed_with) == (PLAN, INTERIM.measures, "adult")
    assert event.review is not None
    assert event.review.on == date(2026, 11, 16)
    (undated,) = given(a_referral()).when(replace(INTERIM, review_on=None)).events
    assert isinstance(undated, InterimPlanAgreed)
    assert undated.review is None


@pytest.mark.parametrize("command", [DISCUSSED, PLANNED])
def test_not_to_enquire_has_reasons(
    command: HoldInterAgencyReferralDiscussion | HoldPlanningMeeting,
) -> None:
    """That agencies decided against an enquiry without recording why is a finding (R154)."""
    code = "no_enquiry_unexplained"
    against = replace(command, decision=Code("no_enquiry"))
    given(a_referral()).when(against).then_no_finding(code)
    bare = given(a_referral()).when(replace(against, rationale=None))
    bare.then_finding(code)
    bare.when(against).then_no_finding(code)
    bare.when(replace(command, decision=Code("not_decided"))).then_finding(code)  # as before
    given(a_referral()).when(replace(command, rationale=None)).then_no_finding(code)


def test_an_interim_plan_nobody_agreed_says_why() -> None:
    """An interim plan agreed with nobody for the adult, without a reason, is a finding (R74)."""
    code = "interim_plan_not_agreed"
    bare = replace(INTERIM, agreed_with=Code("not_agreed"))
    given(a_referral()).when(INTERIM).then_no_finding(code)
    given(a_referral()).when(bare).then_finding(code)
    reasoned = replace(bare, not_agreed_reason=words("Could not be found that night."))
    given(a_referral()).when(reasoned).then_no_finding(code)
    another = replace(INTERIM, plan=PlanRef(ref(62)))
    given(a_referral()).when(bare).when(another).then_finding(code)  # of the first, as before
    given(a_referral()).when(bare).when(INTERIM).then_no_finding(code)


def test_an_interim_plan_is_a_beginning() -> None:
    """A plan that revises the interim plan is not without its beginning (R12)."""
    terms = Terms(
        agreed_with=Code("adult"),
        aim=Code("remove"),
        views_sought=Code("sought_expressed"),
        review=Code("none_needed"),
    )
    revised = PlanRevised(
        plan=PLAN, version=2, conference=None, origin=Code("composed"), terms=terms, review_due=None
    )
    interim = InterimPlanAgreed(plan=PLAN, agreed_with=Code("adult"), measures=())
    given(a_referral(), revised).then_finding("plan_without_beginning")
    given(a_referral(), interim, revised).then_no_finding("plan_without_beginning")


def held(*before: object, kind: str = "initial") -> Given:
    """Begin with a conference held, with the adult there, after these."""
    return given(a_referral(), a_conference(kind=kind), *before, a_held_conference())


def test_an_initial_conference_weighs_need() -> None:
    """An initial conference without need assessed, at it or before, is a finding (R178, R214)."""
    code = "need_not_assessed"
    at_it = recorded(NeedAssessed, NEED)
    held().then_finding(code)
    held(at_it).then_no_finding(code)
    held(replace(at_it, conference=None)).then_no_finding(code)
    held(kind="outcome").then_no_finding(code)


def test_need_is_weighed_anew_for_another_conference() -> None:
    """What was weighed at one initial conference, or came after it, is no other's (R178)."""
    code = "need_not_assessed"
    general = replace(recorded(NeedAssessed, NEED), conference=None)
    begun = (a_referral(), a_conference(), at("2026-11-10", general))
    first = at("2026-11-23", a_held_conference())
    again = (a_conference("2027-02-01", REVIEW), at("2027-02-01", a_held_conference(REVIEW)))
    given(*begun, first).then_no_finding(code)
    given(*begun, first, *again).then_finding(code, severity="low")
    anew = at("2027-01-20", general)
    given(*begun, first, again[0], anew, again[1]).then_no_finding(code)
    given(a_referral(), a_conference(), first, at("2026-12-10", general)).then_finding(code)


def test_risk_is_explained_to_an_adult_who_comes() -> None:
    """An adult who attended and was not told the risks is a finding; absent, it is none (R212)."""
    code = "risk_not_explained"
    held().then_finding(code)
    held(recorded(RiskExplainedToAdult, EXPLAINED)).then_no_finding(code)
    alone = ConferenceHeld(
        conference=CONFERENCE,
        parts=(Part(number=1, reason=Code("whole"), attendances=(attendance("chair"),)),),
        minutes_due=None,
        next_core_group=None,
        next_review=None,
    )
    given(a_referral(), a_conference(), alone).then_no_finding(code)


def test_nothing_is_said_at_a_conference_never_called() -> None:
    """Need assessed, or risk explained, at a conference the case does not have is not found."""
    stranger = ConferenceRef(ref(599))
    for command in (replace(NEED, conference=stranger), replace(EXPLAINED, conference=stranger)):
        given(a_referral()).when(command).then_not_found()
