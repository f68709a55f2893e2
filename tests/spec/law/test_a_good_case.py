from __future__ import annotations

from datetime import date

import pytest

from domain.advice import ConsiderLegalAdvice
from domain.agenda import ConsiderAgendaItem
from domain.allocation import AllocateCase, AppointOfficer
from domain.assessment import (
    AssessRisk,
    ConsiderAdvocacy,
    ConsiderSupportServices,
    EvaluateDesiredOutcome,
    GiveAdvocacyInformation,
    RecordCapacityDecision,
    RecordDesiredOutcome,
)
from domain.closure import CloseCase
from domain.concern import ReceiveReferral
from domain.conclusion import ConcludeEnquiry, RiskFound, Triple
from domain.conference import ConveneConference
from domain.contact import AssessNeed, ExplainRiskToAdult, RecordAdultSeen
from domain.determination import (
    ConsiderProtectionOrder,
    DetermineAdultAtRiskStatus,
    FindOnAllegation,
)
from domain.drafting import KeepRawNotes
from domain.duty import Criterion, DecideDuty
from domain.enquiry import OpenEnquiry, SubmitInvestigationReport
from domain.feedback import AssignFeedback, GiveFeedback
from domain.grid import Attendance, Part
from domain.hearing import (
    ConsiderReport,
    DecideFurtherConference,
    PresentAdultViews,
    RecordAgencyPosition,
)
from domain.information import ReceiveAgencyReport, RequestAgencyReport
from domain.invitation import AppointChair, AppointMinuteTaker, InviteParticipant
from domain.involvement import (
    InformAdultOfConference,
    InviteAdult,
    RecordAdultAttendanceView,
    RecordAdultViews,
)
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.minutes import ApproveMinutes, CirculateMinutes, DraftMinutes, Recipient
from domain.monitoring import CompleteAction, EndPlan
from domain.outcome import RecordAdultSatisfaction
from domain.plan import Action, AgreePlan, Sharing, Terms
from domain.plan_copies import SendPlanToAdult
from domain.provider import NotifyRegulator
from domain.releasing import AssessMinutesShareRisk, CirculateDecisions, Told
from domain.retaining import SetRetentionClass
from domain.sitting import HoldConference
from domain.tabling import TableChronology
from domain.when import read
from domain.words import Code, Digest, DocumentRef, ParticipantRef, ReportRef, Slug, WorkerRef
from tests.controls import (
    ACTION,
    ADULT,
    ALLEGATION,
    CHAIR,
    CONFERENCE,
    COUNCIL,
    ENQUIRY,
    MINUTE_TAKER,
    NATIONS,
    OFFICER,
    OUTCOME,
    PLAN,
    POLICE,
    PRACTITIONER,
    REPORT,
    an_allegation,
    ref,
    words,
)
from tests.given import Given, given

RULES = ("R1", "R154", "R157", "R196")

LEFT_OVER = (
    "legal_advice",
    "statutory_or_regulatory_action",
    "support_and_services",
    "further_sharing",
)
WHY = words("As the meeting agreed, on what it had heard.")
MASTER = Digest("a" * 64)
MINUTES = DocumentRef(ref(90))
NOTES = DocumentRef(ref(91))
INVITED = {
    role: (ParticipantRef(ref(100 + number)), agency, worker)
    for number, (role, agency, worker) in enumerate(
        [
            ("chair", COUNCIL, CHAIR),
            ("minute_taker", COUNCIL, MINUTE_TAKER),
            ("investigating_officer", COUNCIL, OFFICER),
            ("care_manager", COUNCIL, PRACTITIONER),
            ("agency_manager", COUNCIL, WorkerRef(ref(26))),
            ("police", POLICE, WorkerRef(ref(27))),
            ("agency_manager_police", POLICE, WorkerRef(ref(28))),
        ]
    )
}


def role_of(name: str) -> Code:
    """Give the participant's role: two managers differ by their agency only."""
    return Code(name.removesuffix("_police"))


def before(nation: Jurisdiction) -> list[tuple[str, object]]:
    """Ask what comes before the conference, day by day."""
    duty = "section_42" if nation is ENGLAND else "inquiry"
    kind = "section_42" if nation is ENGLAND else "inquiry"
    yes = Code("yes")
    return [
        (
            "2026-11-02",
            ReceiveReferral(
                adult=ADULT,
                received=read("2026-11-02"),
                adult_told=yes,
                allegations=(an_allegation(),),
            ),
        ),
        (
            "2026-11-03",
            DecideDuty(
                criteria=tuple(Criterion(criterion=one, answer=yes) for one in nation.criteria),
                result=Code(duty),
                decided_on=date(2026, 11, 3),
                rationale=WHY,
            ),
        ),
        ("2026-11-03", AllocateCase(worker=PRACTITIONER, team=Slug("north-team"))),
        ("2026-11-03", AppointOfficer(officer=OFFICER, organisation=COUNCIL, authorised=yes)),
        (
            "2026-11-03",
            OpenEnquiry(enquiry=ENQUIRY, kind=Code(kind), opened_on=date(2026, 11, 3)),
        ),
        (
            "2026-11-04",
            RecordCapacityDecision(
                decision=Code("own_safety"), answer=Code("has_capacity"), evidence=WHY
            ),
        ),
        (
            "2026-11-04",
            RecordDesiredOutcome(asked=Code("expressed"), outcome=OUTCOME, words=WHY),
        ),
        ("2026-11-04", RecordAdultSeen(alone=yes, place=Code("own_home"), account=WHY)),
        ("2026-11-04", RequestAgencyReport(agency=POLICE, due_on=date(2026, 11, 12))),
        ("2026-11-04", ConsiderAdvocacy(decision=Code("offered_accepted"), rationale=WHY)),
        ("2026-11-04", GiveAdvocacyInformation(access_explained=Code("yes"))),
        ("2026-11-04", ConsiderSupportServices(services=(Code("care_at_home"),))),
        ("2026-11-11", ReceiveAgencyReport(agency=POLICE, report=ReportRef(ref(71)))),
        (
            "2026-11-12",
            SubmitInvestigationReport(
                report=REPORT,
                author=OFFICER,
                covers=(ALLEGATION,),
                states_wishes=yes,
                proposes_outcomes=yes,
            ),
        ),
    ]


def prepared(nation: Jurisdiction) -> list[tuple[str, object]]:
    """Ask what prepares the conference."""
    invitations: list[tuple[str, object]] = [
        (
            "2026-11-13",
            InviteParticipant(
                conference=CONFERENCE,
                participant=participant,
                role=role_of(name),
                organisation=agency,
                worker=worker,
            ),
        )
        for name, (participant, agency, worker) in INVITED.items()
    ]
    chair = AppointChair(
        conference=CONFERENCE, chair=CHAIR, role=nation.chair_roles[0], organisation=COUNCIL
    )
    return [
        (
            "2026-11-13",
            ConveneConference(
                conference=CONFERENCE,
                kind=Code("initial"),
                reason=Code("outcome_of_enquiry"),
                planned_for=read("2026-11-23"),
                convened_role=Code("lead_agency_manager"),
                agencies=(COUNCIL, POLICE),
            ),
        ),
        ("2026-11-13", chair),
        ("2026-11-13", AppointMinuteTaker(conference=CONFERENCE, minute_taker=MINUTE_TAKER)),
        *invitations,
        ("2026-11-13", InviteAdult(conference=CONFERENCE, method=Code("in_person"))),
        (
            "2026-11-16",
            InformAdultOfConference(
                conference=CONFERENCE, purpose_explained=True, attendees_named=True
            ),
        ),
        (
            "2026-11-16",
            RecordAdultAttendanceView(
                conference=CONFERENCE, wishes_to_attend=Code("yes"), wishes_supporter=Code("no")
            ),
        ),
        ("2026-11-16", RecordAdultViews(conference=CONFERENCE, views=WHY, own_words=True)),
        *(
            [("2026-11-16", TableChronology(conference=CONFERENCE, multi_agency=Code("yes")))]
            if nation.expects_chronology
            else []
        ),
    ]


def held(nation: Jurisdiction) -> list[tuple[str, object]]:
    """Ask what the conference hears, finds and agrees."""
    there = tuple(
        Attendance(
            participant=participant,
            role=role_of(name),
            organisation=agency,
            attendance=Code("attended"),
            delegated_authority=Code("yes"),
            participation=WHY,
        )
        for name, (participant, agency, _) in INVITED.items()
    )
    adult = Attendance(role=Code("adult"), attendance=Code("attended"), participation=WHY)
    parts = (Part(number=1, reason=Code("whole"), attendances=(adult, *there)),)
    asked: list[object] = [
        HoldConference(conference=CONFERENCE, parts=parts),
        PresentAdultViews(
            conference=CONFERENCE,
            presenter_role=Code("adult"),
            views=WHY,
            response=WHY,
            own_words=True,
        ),
        ConsiderReport(
            conference=CONFERENCE,
            kind=Code("investigation"),
            stated_wishes=Code("yes"),
            proposed_outcomes=Code("yes"),
        ),
        ConsiderReport(conference=CONFERENCE, kind=Code("agency"), organisation=POLICE),
        AssessNeed(conference=CONFERENCE, needs=(Code("personal_care"),), summary=WHY),
        ExplainRiskToAdult(conference=CONFERENCE, risks=WHY, sensitive=Code("yes")),
        AssessRisk(
            conference=CONFERENCE, level=Code("low"), recurrence=Code("possible"), rationale=WHY
        ),
        FindOnAllegation(
            conference=CONFERENCE,
            allegation=ALLEGATION,
            finding=Code("substantiated"),
            rationale=WHY,
            decided_by=(COUNCIL, POLICE),
        ),
        DetermineAdultAtRiskStatus(conference=CONFERENCE, status=Code("at_risk"), rationale=WHY),
        *(
            RecordAgencyPosition(
                conference=CONFERENCE, organisation=agency, position=Code("agrees")
            )
            for agency in (COUNCIL, POLICE)
        ),
        ConsiderLegalAdvice(conference=CONFERENCE, decision=Code("not_needed"), rationale=WHY),
        DecideFurtherConference(conference=CONFERENCE, decision=Code("not_needed"), rationale=WHY),
        AgreePlan(plan=PLAN, conference=CONFERENCE, terms=agreed()),
        AssignFeedback(conference=CONFERENCE, audience=Code("adult"), assignee=PRACTITIONER),
    ]
    asked += [
        ConsiderAgendaItem(conference=CONFERENCE, item=Code(item), discussion=WHY)
        for item in LEFT_OVER
        if item in nation.agenda
    ]
    if nation.considers_protection_orders:
        asked.append(
            ConsiderProtectionOrder(
                conference=CONFERENCE,
                order=Code("none_in_particular"),
                decision=Code("not_apply"),
                rationale=WHY,
            )
        )
    return [("2026-11-23", one) for one in asked]


def agreed() -> Terms:
    """Give the terms of a plan that lacks nothing."""
    return Terms(
        agreed_with=Code("adult"),
        aim=Code("remove"),
        actions=(
            Action(
                action=ACTION,
                target=Code("adult"),
                kind=Code("safety"),
                description=WHY,
                owner=COUNCIL,
                due=date(2026, 12, 4),
                outcome=OUTCOME,
            ),
        ),
        coordinator=PRACTITIONER,
        monitored_by=COUNCIL,
        contingency=WHY,
        sharing=(Sharing(organisation=POLICE, role=Code("police"), content=Code("full")),),
        views_sought=Code("sought_expressed"),
        adults_part=WHY,
        review=Code("dated"),
        review_on=date(2026, 12, 14),
    )


def after(nation: Jurisdiction) -> list[tuple[str, object]]:
    """Ask what follows the conference: feedback, minutes, and the regulator told."""
    recipients = tuple(
        Recipient(
            participant=participant,
            role=role_of(name),
            organisation=agency,
            copy=MASTER,
            source=MASTER,
            method=Code("secure_email"),
            basis=Code("information_sharing"),
        )
        for name, (participant, agency, _) in INVITED.items()
    )
    adults_copy = Recipient(
        role=Code("adult"),
        person=ADULT,
        copy=MASTER,
        source=MASTER,
        method=Code("by_hand"),
        basis=Code("attended"),
    )
    regulators_copy = Recipient(
        role=Code("cqc"),
        copy=MASTER,
        source=MASTER,
        method=Code("secure_email"),
        basis=Code("regulator"),
    )
    copies = (adults_copy, regulators_copy, *recipients)
    regulator = NotifyRegulator(body=nation.care_regulators[0], notified_by=COUNCIL, summary=WHY)
    return [
        ("2026-11-24", regulator),
        ("2026-11-23", KeepRawNotes(conference=CONFERENCE, document=NOTES)),
        (
            "2026-11-24",
            CirculateDecisions(
                conference=CONFERENCE,
                recipients=(Told(role=Code("police"), organisation=POLICE),),
            ),
        ),
        ("2026-11-24", GiveFeedback(audience=Code("adult"), content=Code("outcome_and_plan"))),
        ("2026-11-24", GiveFeedback(audience=Code("referrer"), content=Code("limited"))),
        ("2026-11-24", SendPlanToAdult(plan=PLAN, method=Code("by_hand"))),
        (
            "2026-11-25",
            DraftMinutes(
                conference=CONFERENCE,
                document=MINUTES,
                form=Code("authority"),
                digest=MASTER,
                from_record=True,
            ),
        ),
        (
            "2026-11-26",
            ApproveMinutes(
                conference=CONFERENCE, document=MINUTES, master=MASTER, approved_by=CHAIR
            ),
        ),
        (
            "2026-11-26",
            AssessMinutesShareRisk(conference=CONFERENCE, result=Code("safe"), rationale=WHY),
        ),
        (
            "2026-11-27",
            CirculateMinutes(conference=CONFERENCE, recipients=copies),
        ),
    ]


def ending() -> list[tuple[str, object]]:
    """Ask what concludes the enquiry and closes the case."""
    return [
        ("2026-12-03", CompleteAction(action=ACTION)),
        ("2026-12-04", EvaluateDesiredOutcome(outcome=OUTCOME, status=Code("fully_achieved"))),
        ("2026-12-04", RecordAdultSatisfaction(satisfied=Code("yes"), in_own_words=WHY)),
        (
            "2026-12-04",
            ConcludeEnquiry(
                enquiry=ENQUIRY,
                concluded_on=date(2026, 12, 4),
                triples=(
                    Triple(
                        type=Code("neglect"),
                        source=Code("provider_private"),
                        location=Code("own_home"),
                    ),
                ),
                risks_found=(
                    RiskFound(
                        source=Code("service_provider"),
                        action=Code("action_taken"),
                        outcome=Code("removed"),
                    ),
                ),
                capacity=Code("did_not_lack"),
                outcomes=Code("expressed_fully_achieved"),
                rationale=WHY,
            ),
        ),
        ("2026-12-07", EndPlan(plan=PLAN, reason=Code("risk_removed"), rationale=WHY)),
        (
            "2026-12-08",
            CloseCase(
                reason=Code("care_management"),
                views=Code("agrees"),
                rationale=WHY,
                review_considered=Code("yes"),
                contact_given=Code("yes"),
            ),
        ),
        (
            "2026-12-08",
            SetRetentionClass(
                retention_class=Code("case_record"),
                trigger=Code("case_closed"),
                review_on=date(2032, 12, 31),
                rationale=WHY,
            ),
        ),
    ]


def told(nation: Jurisdiction, *chapters: list[tuple[str, object]]) -> Given:
    """Ask everything in order; nothing is refused."""
    history = given(jurisdiction=nation)
    for chapter in chapters:
        for day, command in chapter:
            outcome = history.when(command, on=day)
            assert outcome.error is None, f"{command}: {outcome.error}"
            history = outcome.on(day)
    return history


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_nothing_to_criticise(nation: Jurisdiction) -> None:
    """A case handled as the sources ask, from referral to closing, has nothing to criticise."""
    history = told(nation, before(nation), prepared(nation), held(nation), after(nation), ending())

    assert history.case.stage == "closed"
    assert [(one.code, one.rules) for one in history.on("2027-06-01").findings()] == []


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_stopping_half_way_is_seen(nation: Jurisdiction) -> None:
    """The same case left alone after its conference is criticised for what is then missing."""
    history = told(nation, before(nation), prepared(nation), held(nation))
    left = history.on("2027-06-01")

    assert {one.code for one in history.on("2026-11-22").findings()} <= {
        one.code for one in left.findings()
    }
    assert left.case.plan_active
    assert len(left.findings()) >= 3
