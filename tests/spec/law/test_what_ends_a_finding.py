"""What stood and ends with the entry that answers it, of each code that no other test shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.advocacy import AdvocateAppointed
from domain.agreement import ReviewDelegatedToCareManagement
from domain.allocation import CaseAllocated
from domain.closing import ClosureChecklistCompleted
from domain.concern import CommunicationNeedsRecorded
from domain.conclusion import EnquiryCeasedAtAdultsRequest
from domain.conference import ConferenceNotRequired
from domain.dividing import ConferencePartPlanned
from domain.drafting import MinutePassageAttested
from domain.duty import Section42DutyDecided
from domain.enabling import AccessArrangementsMade
from domain.feedback import PachFeedbackDecided
from domain.grid import Part
from domain.intake import ConcernRedirected
from domain.invitation import (
    FamilyAttendanceDecided,
    MinuteTakerAppointed,
    ParticipantInvited,
)
from domain.involvement import AdultSupportArranged
from domain.minutes import Recipient
from domain.outcome import AdultOutcomeRecorded
from domain.plan import PlanRevised
from domain.rectifying import RectificationDecided
from domain.sitting import ConferencePartHeld
from domain.words import Code, Slug
from tests.controls import (
    CHAIR,
    CONFERENCE,
    COUNCIL,
    ENQUIRY,
    MINUTE_TAKER,
    OFFICER,
    PARTICIPANT,
    PLAN,
    POLICE,
    PRACTITIONER,
    REVIEW,
    a_capacity,
    a_closure,
    a_conference,
    a_conference_without_adult,
    a_held_conference,
    a_referral,
    an_enquiry,
    attendance,
    words,
)
from tests.given import at, given
from tests.spec.conference.test_enabling import SUPPORTER
from tests.spec.conference.test_involving_the_adult import DECLINED, VIEWS
from tests.spec.conference.test_leading import a_chair
from tests.spec.enquiry.test_advocacy import DIFFICULT
from tests.spec.governing import test_rectifying as rectifying
from tests.spec.governing.test_before_closing import ALL
from tests.spec.minutes import test_drafting as drafting
from tests.spec.minutes import test_releasing as releasing
from tests.spec.plan import test_agreeing as agreeing

CALLED = (a_referral(), a_conference())
PLANNED_AT = (a_referral(), a_conference(), agreeing.INVITED, at("2026-11-23", a_held_conference()))
HELD = at("2026-11-23", a_held_conference())
WITHOUT = at("2026-11-23", a_conference_without_adult())
RELATIVE = replace(attendance("family", None), participant=PARTICIPANT)
CAME = at("2026-11-23", a_held_conference(CONFERENCE, RELATIVE))
NO = Code("no")
FAMILY = FamilyAttendanceDecided(
    conference=CONFERENCE,
    participant=PARTICIPANT,
    decision=Code("attend"),
    basis=Code("lpa"),
    authority_verified=NO,
    alleged_to_have_caused_harm=NO,
)
DUTY = Section42DutyDecided(
    criteria=(), result=Code("no_enquiry"), met=False, disposal=None, decided_on=date(2026, 11, 3)
)
DELEGATED = ReviewDelegatedToCareManagement(
    plan=PLAN,
    conference=CONFERENCE,
    process=Code("care_management"),
    agreed_by=(COUNCIL,),
    next_review=None,
)
TOLD = PachFeedbackDecided(conference=CONFERENCE, audience=Code("pach"), content=Code("outcome"))
AGAINST = replace(agreeing.SAFETY, target=Code("pach"), kind=Code("against"))
PLANNED = ConferencePartPlanned(
    conference=CONFERENCE, part=2, reason=Code("with_adult"), professionals_only=False
)
SECOND = Part(number=2, reason=Code("with_adult"), attendances=(attendance("chair"),))
REDIRECTED = ConcernRedirected(to=Code("advice"), adult_told=Code("yes"), referrer_told=Code("yes"))
CAPABLE = a_capacity()
REQUESTED = given(a_referral()).when(rectifying.ASK)
(GRANTED,) = REQUESTED.when(rectifying.GRANT).events
assert isinstance(GRANTED, RectificationDecided)
(NOTED,) = given(a_referral()).when(rectifying.NOTE).events


def revised(plan: object = agreeing.TERMS) -> PlanRevised:
    """Give the plan as it was agreed anew."""
    return PlanRevised(
        plan=PLAN,
        version=2,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=plan,  # type: ignore[arg-type]
        review_due=None,
    )


def early(event: object, day: str = "2026-11-16") -> object:
    """Give what was so before, and is told of last."""
    return at("2027-01-11", event, occurred=day)


ENDED: dict[str, tuple[tuple[object, ...], object]] = {
    "access_not_arranged": (
        (
            a_referral(),
            CommunicationNeedsRecorded(needs=(Code("sign_language"),)),
            a_conference(),
            HELD,
        ),
        early(
            AccessArrangementsMade(
                conference=CONFERENCE,
                access_needs=(),
                adjustments=(),
                interpreter=Code("yes"),
            )
        ),
    ),
    "adults_request_not_recorded": (
        (a_referral(), an_enquiry(), ConferenceNotRequired(reason=Code("adult_request"))),
        EnquiryCeasedAtAdultsRequest(
            enquiry=ENQUIRY,
            requested_on=date(2026, 11, 9),
            coercion_considered=Code("yes"),
            others_at_risk_considered=Code("yes"),
        ),
    ),
    "advocate_not_appointed": (
        (a_referral(), DIFFICULT, a_conference(), HELD),
        AdvocateAppointed(basis=Code("general")),
    ),
    "authority_not_verified": ((*CALLED, FAMILY), replace(FAMILY, authority_verified=Code("yes"))),
    "chair_large_scale": (
        (a_referral(), replace(a_conference(), large_scale=True), a_chair()),
        a_chair(basis="independent"),
    ),
    "chair_role": ((*CALLED, a_chair("not_recorded")), a_chair()),
    "chair_took_minutes": (
        (*CALLED, a_chair(), MinuteTakerAppointed(conference=CONFERENCE, minute_taker=CHAIR)),
        MinuteTakerAppointed(conference=CONFERENCE, minute_taker=MINUTE_TAKER),
    ),
    "closure_checklist_incomplete": (
        (a_referral(), ClosureChecklistCompleted(items=ALL[1:]), at("2026-12-20", a_closure())),
        ClosureChecklistCompleted(items=ALL),
    ),
    "delegation_not_agreed": (
        (*CALLED, HELD, replace(agreeing.agreed(), review_due=None), DELEGATED),
        replace(DELEGATED, agreed_by=(COUNCIL, POLICE)),
    ),
    "duty_without_rationale": (
        (a_referral(), DUTY),
        replace(DUTY, rationale=words("Nobody was harmed.")),
    ),
    "family_came_undecided": ((*CALLED, CAME), FAMILY),
    "family_without_capacity": (
        (*CALLED, replace(FAMILY, basis=Code("best_interests"))),
        early(replace(CAPABLE, decision=Code("own_safety"), answer=Code("lacks_capacity")), "2026"),
    ),
    "pach_feedback_unassigned": ((*CALLED, HELD, TOLD), replace(TOLD, assignee=OFFICER)),
    "part_not_held": (
        (*CALLED, PLANNED, HELD),
        early(ConferencePartHeld(conference=CONFERENCE, part=SECOND), "2026-11-23"),
    ),
    "plan_against_pach": (
        (*PLANNED_AT, agreeing.agreed(replace(agreeing.TERMS, actions=(AGAINST,)))),
        revised(),
    ),
    "plan_not_agreed": (
        (
            *PLANNED_AT,
            agreeing.agreed(replace(agreeing.TERMS, agreed_with=Code("not_agreed"))),
        ),
        revised(),
    ),
    "no_initial_conference": (
        (a_referral(), a_conference("2027-01-04", REVIEW, "review")),
        early(a_conference(), "2026-11-09"),
    ),
    "rectification_not_carried_out": (
        (a_referral(), NOTED, *REQUESTED.events, GRANTED),
        replace(GRANTED, entries=(2,)),
    ),
    "redirection_unexplained": (
        (a_referral(), REDIRECTED),
        replace(REDIRECTED, rationale=words("A matter for the landlord.")),
    ),
    "refusal_without_capacity": (
        (a_referral(), AdultOutcomeRecorded(outcomes=(Code("adult_refused_intervention"),))),
        at("2026-12-01", CAPABLE, occurred="2026-10-26"),
    ),
    "support_not_arranged": (
        (
            *CALLED,
            AdultSupportArranged(conference=CONFERENCE, needs=(Code("transport"),), arranged=()),
            HELD,
        ),
        early(AdultSupportArranged(conference=CONFERENCE, needs=(), arranged=(Code("transport"),))),
    ),
    "supporter_not_invited": (
        (*CALLED, SUPPORTER, HELD),
        early(
            ParticipantInvited(conference=CONFERENCE, participant=PARTICIPANT, role=Code("family"))
        ),
    ),
    "views_not_obtained": ((*CALLED, DECLINED, WITHOUT), early(VIEWS)),
}


@pytest.mark.parametrize("code", ENDED)
def test_it_ends_with_what_answers_it(code: str) -> None:
    """A finding stands until the entry that answers it is recorded, and then no more."""
    before, answer = ENDED[code]
    history = given(*before)
    history.on("2027-02-01").then_finding(code)
    history.also(answer).on("2027-02-01").then_no_finding(code)


def test_minutes_that_are_stood_by_or_sent_at_last() -> None:
    """What is wanting of minutes that went round ends as it comes: attested, sent, sent anew."""
    attested = MinutePassageAttested(
        conference=CONFERENCE, numbers=(1,), versions=(4,), attested_by=CHAIR
    )
    for passage, code in (
        (drafting.TYPED, "passage_unattested"),
        (drafting.BY_TOOL, "drafted_passage_unattested"),
    ):
        bare = drafting.held(passage, drafting.DRAFTED, drafting.APPROVED).then_finding(code)
        bare.also(attested).then_no_finding(code)

    first = releasing.held(releasing.sent(releasing.TO_POLICE, releasing.TO_ADULT))
    code = "regulator_without_minutes"
    first.then_finding(code)
    first.also(releasing.sent(releasing.TO_REGULATOR)).then_no_finding(code)

    def new(one: Recipient) -> object:
        return releasing.sent(replace(one, source=releasing.AMENDED, copy=releasing.AMENDED))

    again = replace(releasing.APPROVED, master=releasing.AMENDED)
    half = first.also(again, new(releasing.TO_POLICE)).then_finding("replaced_copy_held")
    half.also(new(releasing.TO_ADULT)).then_no_finding("replaced_copy_held")


def test_the_worker_who_holds_the_case_was_asked_after_all() -> None:
    """That they were invited, told of last, ends what says that they were not (R42)."""
    code = "worker_not_invited"
    holds = CaseAllocated(worker=PRACTITIONER, team=Slug("north"), reason=Code("not_recorded"))
    asked = ParticipantInvited(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        role=Code("investigating_officer"),
        worker=OFFICER,
    )
    history = given(a_referral(), holds, a_conference(), asked, HELD).then_finding(code)
    history.also(early(replace(asked, worker=PRACTITIONER))).then_no_finding(code)


def test_what_was_decided_stands_in_a_draft_made_anew() -> None:
    """Minutes drafted again with every decision of the meeting leave none of them out (R153)."""
    code, bare = "decision_not_in_minutes", replace(drafting.DRAFTED, decisions=())
    history = given(*CALLED, HELD, TOLD, bare).then_finding(code)
    whole = replace(bare, decisions=history.case.decided_at(CONFERENCE))
    history.also(whole).then_no_finding(code)
