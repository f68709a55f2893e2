"""Canonical people, references, days and events that tests borrow. Nobody here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.assessment import CapacityDecisionRecorded, RiskAssessed
from domain.calendar import PolicyCalendar
from domain.closure import CaseClosed
from domain.concern import Allegation, ReferralReceived
from domain.conclusion import EnquiryConcluded, RiskFound, Triple
from domain.conference import ConferenceConvened
from domain.enquiry import EnquiryOpened, InvestigationReportSubmitted
from domain.grid import Attendance, Part
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.sitting import ConferenceHeld
from domain.when import on_day, read
from domain.words import (
    ActionRef,
    Actor,
    AllegationRef,
    CaseRef,
    Code,
    ConferenceRef,
    EnquiryRef,
    OutcomeRef,
    ParticipantRef,
    Personal,
    PersonRef,
    PlanRef,
    ReportRef,
    Slug,
    WorkerRef,
)


def ref(number: int) -> UUID:
    """Give the control reference of that number: the same in every run."""
    return UUID(int=0xC0FFEE << 64 | 4 << 76 | 2 << 62 | number)


CASE = CaseRef(ref(1))
OTHER_CASE = CaseRef(ref(2))
ADULT = PersonRef(ref(10))
PACH = PersonRef(ref(11))
SISTER = PersonRef(ref(12))
PRACTITIONER = WorkerRef(ref(20))
CHAIR = WorkerRef(ref(21))
MINUTE_TAKER = WorkerRef(ref(22))
MANAGER = WorkerRef(ref(23))
OFFICER = WorkerRef(ref(24))
ALLEGATION = AllegationRef(ref(30))
SECOND_ALLEGATION = AllegationRef(ref(31))
ENQUIRY = EnquiryRef(ref(40))
CONFERENCE = ConferenceRef(ref(50))
REVIEW = ConferenceRef(ref(51))
PARTICIPANT = ParticipantRef(ref(55))
PLAN = PlanRef(ref(60))
ACTION = ActionRef(ref(61))
REPORT = ReportRef(ref(70))
OUTCOME = OutcomeRef(ref(80))

NATIONS = (ENGLAND, SCOTLAND)
CALENDARS: dict[str, PolicyCalendar] = {nation.code: PolicyCalendar(nation) for nation in NATIONS}

COUNCIL = Slug("council")
POLICE = Slug("police")
HEALTH = Slug("health-board")

# A Monday; 30 November 2026 is a holiday in Scotland only, 28 December in both.
DAY = date(2026, 11, 2)

ACTOR = Actor(
    worker=PRACTITIONER,
    role=Code("practitioner"),
    organisation=COUNCIL,
    team=Slug("north-team"),
)


def words(text: str, about: UUID = CASE) -> Personal:
    """Give a passage about the control case, or about somebody else."""
    return Personal(about, text)


def an_allegation(number: int = 0) -> Allegation:
    """Give neglect by a private provider in the adult's own home; another by number."""
    return Allegation(
        ref=AllegationRef(ref(30 + number)),
        type=Code("neglect"),
        source=Code("provider_private"),
        location=Code("own_home"),
    )


def a_referral(day: date | str = DAY, *allegations: Allegation) -> ReferralReceived:
    """Give a complete referral received on that day, with one allegation unless others are given.

    Its conference is not due by any date: `given(...)` takes events as they were stored.
    """
    return ReferralReceived(
        adult=ADULT,
        stage=Code("concern"),
        channel=Code("telephone"),
        referrer_role=Code("home_care"),
        referrer_confidential=Code("no"),
        received=read(day) if isinstance(day, str) else on_day(day),
        adult_told=Code("yes"),
        allegations=allegations or (an_allegation(),),
    )


def an_enquiry(day: date = DAY) -> EnquiryOpened:
    """Give an English enquiry opened on that day, without a date by which it should end."""
    return EnquiryOpened(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=day, large_scale=False)


def a_report() -> InvestigationReportSubmitted:
    """Give a complete enquiry report."""
    return InvestigationReportSubmitted(
        report=REPORT,
        kind=Code("investigation"),
        author=OFFICER,
        covers=(ALLEGATION,),
        states_wishes=Code("yes"),
        proposes_outcomes=Code("yes"),
    )


def a_conference(
    day: str = "2026-11-23", conference: ConferenceRef = CONFERENCE, kind: str = "initial"
) -> ConferenceConvened:
    """Give a conference convened by the lead agency's manager for that day."""
    return ConferenceConvened(
        conference=conference,
        kind=Code(kind),
        reason=Code("outcome_of_enquiry"),
        planned_for=read(day),
        sequence=1 if conference == CONFERENCE else 2,
        convened_role=Code("lead_agency_manager"),
        large_scale=False,
        complex_case=False,
        agencies=(COUNCIL, POLICE),
    )


def attendance(role: str, organisation: Slug | None = COUNCIL) -> Attendance:
    """Give a line of the grid: somebody of that role who came, with authority to decide."""
    return Attendance(
        role=Code(role),
        organisation=organisation,
        attendance=Code("attended"),
        delegated_authority=Code("yes"),
        participation=words("Spoke and was heard."),
    )


def a_held_conference(conference: ConferenceRef = CONFERENCE, *more: Attendance) -> ConferenceHeld:
    """Give a whole conference with the adult, the chair and the police there."""
    lines = (
        attendance("adult", None),
        attendance("chair"),
        attendance("investigating_officer"),
        attendance("police", POLICE),
        *more,
    )
    part = Part(number=1, reason=Code("whole"), attendances=lines)
    return ConferenceHeld(
        conference=conference,
        parts=(part,),
        minutes_due=None,
        next_core_group=None,
        next_review=None,
    )


def a_conference_without_adult(conference: ConferenceRef = CONFERENCE) -> ConferenceHeld:
    """Give the same conference held without the adult."""
    meeting = a_held_conference(conference)
    (part,) = meeting.parts
    there = tuple(line for line in part.attendances if line.role != "adult")
    return replace(meeting, parts=(replace(part, attendances=there),))


def a_risk(level: str = "medium") -> RiskAssessed:
    """Give a complete assessment of risk."""
    return RiskAssessed(
        level=Code(level),
        before=Code("high"),
        recurrence=Code("possible"),
        rationale=words("Carers now come twice a day."),
    )


def a_closure() -> CaseClosed:
    """Give a closure that nobody would criticise."""
    return CaseClosed(
        reason=Code("other"),
        reason_other=words("The work is done."),
        views=Code("agrees"),
        rationale=words("The risk has gone and the plan has ended."),
        review_considered=Code("yes"),
        contact_given=Code("yes"),
    )


def a_capacity(answer: str = "has_capacity") -> CapacityDecisionRecorded:
    """Give a capacity record about the adult's own safety, with what it rests on."""
    return CapacityDecisionRecorded(
        decision=Code("own_safety"),
        answer=Code(answer),
        assessor_role=Code("social_worker"),
        evidence=words("Understood, kept in mind, weighed and told her decision."),
    )


def a_conclusion(day: date = DAY) -> EnquiryConcluded:
    """Give a concluded enquiry with every answer."""
    return EnquiryConcluded(
        enquiry=ENQUIRY,
        concluded_on=day,
        triples=(
            Triple(
                type=Code("neglect"), source=Code("provider_private"), location=Code("own_home")
            ),
        ),
        risks_found=(
            RiskFound(
                source=Code("service_provider"),
                action=Code("action_taken"),
                outcome=Code("reduced"),
            ),
        ),
        risks_not_found=(),
        capacity=Code("did_not_lack"),
        outcomes=Code("expressed_fully_achieved"),
        primary_support_reason=Code("physical"),
        health_conditions=(Code("none"),),
        action=None,
        rationale=words("The provider changed its rota."),
    )
