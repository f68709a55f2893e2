"""What was withdrawn is as if it had not been, also for what is asked next.

What refuses a command is asked of the case as every view shows it, not as it was once recorded.
"""

from __future__ import annotations

from csv import DictReader
from dataclasses import replace
from typing import Any

import pytest

from domain.access_request import (
    AnswerSubjectAccessRequest,
    ReceiveSubjectAccessRequest,
    RestartSubjectAccessClock,
    StopSubjectAccessClock,
)
from domain.action import AgreeAction
from domain.advice import ConsiderProceedings, DecideRegulatoryReferral
from domain.amending import RequestMinuteAmendment
from domain.answering import RaiseIssue
from domain.barring import IdentifyDbsReferralDuty
from domain.concern import AddAllegation, ReceiveReferral
from domain.conference import ConveneConference
from domain.correction import CorrectRecord, RecordCorrected
from domain.determination import FindOnAllegation
from domain.enquiry import OpenEnquiry
from domain.forward import BringCaseForward
from domain.grid import Part
from domain.jurisdictions.scotland import SCOTLAND
from domain.learning import RecommendOrganisationalChange
from domain.linking import LinkLargeScaleEnquiry
from domain.minutes import ApproveMinutes, CirculateMinutes, ProduceRedactedCopy, Recipient
from domain.order import ApplyForProtectionOrder
from domain.outcome import RecordAdultOutcome
from domain.person import (
    CorrectPersonRecord,
    Details,
    PersonDetailsRecorded,
    PersonRegistered,
    RecordPersonDetails,
    RegisterPerson,
)
from domain.plan import AgreePlan, RevisePlan, Terms
from domain.rectifying import RequestRectification
from domain.reviewing import ReferForReview
from domain.sitting import HoldConference, HoldConferencePart, HoldCoreGroup
from domain.tabling import PermitReportShare, ReportRecipient, ShareReport
from domain.when import on_day, read
from domain.words import (
    ActionRef,
    AmendmentRef,
    BarringDutyRef,
    ChangeRef,
    Code,
    Digest,
    DocumentRef,
    ExternalReference,
    IssueRef,
    LargeScaleRef,
    OrderRef,
    ProceedingsRef,
    RegulatoryReferralRef,
    RequestRef,
    ReviewRef,
    Slug,
)
from tests.controls import (
    ADULT,
    ALLEGATION,
    CONFERENCE,
    DAY,
    ENQUIRY,
    PLAN,
    REPORT,
    REVIEW,
    SISTER,
    a_conference,
    a_referral,
    an_allegation,
    ref,
    words,
)
from tests.given import Given, Outcome, given
from tests.raised import REFUSALS

RULES = ("I1", "I4", "I6", "I7", "I8", "I9", "I12", "I15", "R29", "R150")

MASTER = Digest("a" * 64)
WHOLE = Part(number=1, reason=Code("whole"))
REQUEST = RequestRef(ref(90))
TO_GP = ReportRecipient(role=Code("gp"), name=words("The family's doctor"))
APPROVE = ApproveMinutes(conference=CONFERENCE, document=DocumentRef(ref(94)), master=MASTER)

# What may be only once, under a reference of its own or in its place: each is refused a second
# time for what it itself recorded.
ONCE: tuple[Any, ...] = (
    AddAllegation(allegation=an_allegation(1)),
    OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=DAY),
    ConveneConference(conference=REVIEW, kind=Code("review"), planned_for=read("2026-11-30")),
    HoldConference(conference=CONFERENCE, parts=(WHOLE,)),
    HoldCoreGroup(conference=CONFERENCE, parts=(WHOLE,)),
    HoldConferencePart(conference=CONFERENCE, part=WHOLE),
    FindOnAllegation(allegation=ALLEGATION, finding=Code("substantiated")),
    AgreePlan(plan=PLAN, terms=Terms()),
    AgreeAction(action=ActionRef(ref(62)), target=Code("adult"), kind=Code("support")),
    DecideRegulatoryReferral(
        referral=RegulatoryReferralRef(ref(63)), body=Code("health_and_safety")
    ),
    IdentifyDbsReferralDuty(duty=BarringDutyRef(ref(64)), provider=Slug("home-care")),
    RecommendOrganisationalChange(change=ChangeRef(ref(65))),
    RaiseIssue(issue=IssueRef(ref(66))),
    RequestMinuteAmendment(
        conference=CONFERENCE, amendment=AmendmentRef(ref(67)), role=Code("police")
    ),
    ReferForReview(review=ReviewRef(ref(68))),
    ReceiveSubjectAccessRequest(request=REQUEST),
    RequestRectification(request=RequestRef(ref(91)), targets=(1,)),
    LinkLargeScaleEnquiry(large_scale=LargeScaleRef(ref(92))),
)
# What may come again once it was otherwise in between: two entries of it may well stand.
AGAIN = (DecideRegulatoryReferral, LinkLargeScaleEnquiry)


def begun(*more: object) -> Given:
    """A referral with an allegation and a conference called (versions 1 and 2), and these."""
    return given(a_referral(), a_conference("2026-11-02"), *more)


def withdrawing(target: int, *, supersedes: int | None = None) -> CorrectRecord:
    """Say that an event is now understood not to have happened."""
    return CorrectRecord(
        target=target,
        supersedes=supersedes,
        reason=Code("entered_wrongly"),
        understood=words("This was entered in error."),
        withdrawn=True,
    )


def restoring(target: int, supersedes: int) -> CorrectRecord:
    """Say that an event withdrawn before was so after all."""
    return replace(withdrawing(target, supersedes=supersedes), withdrawn=False)


def refused(outcome: Outcome) -> None:
    """Expect that it is refused, by whichever rule."""
    assert outcome.error is not None, f"not refused: {outcome.events}"


def named(command: object) -> str:
    """Name one of these by its class."""
    return type(command).__name__


@pytest.mark.parametrize("ask", ONCE, ids=named)
def test_what_was_withdrawn_may_be_recorded_anew(ask: object) -> None:
    """What may be only once is refused while it stands, and not once it was withdrawn (I1, I12)."""
    once = begun().when(ask)
    (event,) = once.events
    refused(once.when(ask))
    gone = once.when(withdrawing(3))
    again = gone.when(ask)
    assert again.error is None, f"refused: {again.error}"
    assert type(again.events[0]) is type(event)
    refused(again.when(ask))


@pytest.mark.parametrize("ask", [one for one in ONCE if not isinstance(one, AGAIN)], ids=named)
def test_what_was_recorded_anew_does_not_stand_twice(ask: object) -> None:
    """An entry does not stand again beside the one that took its place; once that goes, it may.

    Else two things would be under one reference, and nobody could tell them apart (I1, I12).
    """
    again = begun().when(ask).when(withdrawing(3)).when(ask)
    again.when(restoring(3, supersedes=4)).then_refused("I1", code="recorded_anew")
    again.when(withdrawing(3, supersedes=4)).then_recorded(RecordCorrected)
    changed = again.when(withdrawing(5)).when(restoring(3, supersedes=4))
    assert changed.error is None
    refused(changed.when(ask))


def test_a_case_begun_in_error_is_begun_again() -> None:
    """A referral, or a case brought forward, that was withdrawn has not begun the case (I1)."""
    ask = ReceiveReferral(adult=ADULT, received=on_day(DAY))
    once = given().when(ask)
    once.when(ask).then_refused("I1", code="case_exists")
    once.when(withdrawing(1)).when(replace(ask, adult=SISTER)).then_recorded(type(once.events[0]))
    forward = BringCaseForward(
        adult=ADULT,
        reference=ExternalReference(system=Slug("case-system"), id=words("12")),
    )
    brought = given().when(forward)
    brought.when(forward).then_refused("I1", code="case_exists")
    brought.when(withdrawing(1)).when(forward).then_recorded(type(brought.events[0]))


def test_a_person_registered_in_error_is_registered_again() -> None:
    """A registration that was withdrawn is none; what was withdrawn can be put right (I1, I12)."""
    ask = RegisterPerson(person=ADULT, details=Details())
    once = given().when(ask)
    once.when(ask).then_refused("I1", code="person_exists")
    withdraw = CorrectPersonRecord(
        target=1,
        reason=Code("entered_wrongly"),
        understood=words("Nobody of that name is known.", about=ADULT),
        withdrawn=True,
    )
    gone = once.when(withdraw)
    again = gone.when(ask)
    again.then_recorded(PersonRegistered)
    again.when(ask).then_refused("I1", code="person_exists")
    undone = replace(withdraw, withdrawn=False, supersedes=2)
    again.when(undone).then_refused("I1", code="recorded_anew")
    restored = gone.when(undone)
    restored.when(ask).then_refused("I1", code="person_exists")
    restored.when(RecordPersonDetails(details=Details())).then_recorded(PersonDetailsRecorded)


def test_an_order_applied_for_in_error_is_applied_for_again() -> None:
    """The reference of an order that was withdrawn is free (I1)."""
    ask = ApplyForProtectionOrder(
        order=OrderRef(ref(69)),
        kind=Code("banning"),
        applicant=Code("council"),
        undue_pressure=Code("not_in_question"),
    )
    once = given(a_referral(), jurisdiction=SCOTLAND).when(ask)
    once.when(ask).then_refused("I1", code="already_recorded")
    once.when(withdrawing(2)).when(ask).then_recorded(type(once.events[0]))


def test_proceedings_of_another_kind_take_a_reference_that_is_free() -> None:
    """What a reference names is what stands under it: of other proceedings none is refused (I1)."""
    criminal = ConsiderProceedings(proceedings=ProceedingsRef(ref(71)), kind=Code("criminal"))
    civil = replace(criminal, kind=Code("civil"))
    once = begun().when(criminal)
    once.when(civil).then_refused("I1", code="already_recorded")
    once.when(withdrawing(3)).when(civil).then_recorded(type(once.events[0]))


def test_a_plan_follows_the_version_that_stands() -> None:
    """A revision that was withdrawn is no version; the next takes its number (I9)."""
    plan = begun().when(AgreePlan(plan=PLAN, terms=Terms()))
    second = RevisePlan(plan=PLAN, version=2, terms=Terms())
    revised = plan.when(second)
    revised.when(second).then_refused("I9")
    gone = revised.when(withdrawing(4))
    gone.when(replace(second, version=3)).then_refused("I9")
    again = gone.when(second)
    again.then_recorded(type(revised.events[0]))
    again.when(restoring(4, supersedes=5)).then_refused("I1", code="recorded_anew")


def test_an_access_request_whose_answer_was_withdrawn_is_open() -> None:
    """An answer, a stop or a start that was withdrawn is none, also for the clock (I12)."""
    answer = AnswerSubjectAccessRequest(request=REQUEST, outcome=Code("nothing_held"))
    asked = begun().when(ReceiveSubjectAccessRequest(request=REQUEST))
    done = asked.when(answer)
    done.when(answer).then_refused("I12", code="already_answered")
    again = done.when(withdrawing(4)).when(answer)
    again.then_recorded(type(done.events[0]))
    again.when(restoring(4, supersedes=5)).then_refused("I1", code="recorded_anew")

    stop = StopSubjectAccessClock(request=REQUEST, reason=Code("identity"))
    again_runs = RestartSubjectAccessClock(request=REQUEST)
    stopped = asked.when(stop)
    stopped.when(again_runs).then_recorded(type(stopped.when(again_runs).events[0]))
    stopped.when(withdrawing(4)).when(again_runs).then_refused("I12", code="clock_runs")


def test_what_rests_on_something_withdrawn_is_refused() -> None:
    """Neither an allegation nor a master nor an accepted plan that was withdrawn is there (I4, I7).

    Nothing is found on the one, and no copy is made of the other; restored, they are there again.
    """
    alleged = begun().when(AddAllegation(allegation=an_allegation(1)))
    found = FindOnAllegation(allegation=an_allegation(1).ref, finding=Code("not_substantiated"))
    came = RecordAdultOutcome(allegation=an_allegation(1).ref, outcomes=())
    gone = alleged.when(withdrawing(3))
    for ask in (found, came):
        alleged.when(ask).then_recorded(type(alleged.when(ask).events[0]))
        gone.when(ask).then_refused("I4")
        back = gone.when(restoring(3, supersedes=4)).when(ask)
        assert back.error is None

    copy = ProduceRedactedCopy(
        conference=CONFERENCE, source=MASTER, copy=Digest("b" * 64), redactions=()
    )
    approved = begun().when(APPROVE)
    approved.when(copy).then_recorded(type(approved.when(copy).events[0]))
    approved.when(withdrawing(3)).when(copy).then_refused("I7")


def test_a_finding_withdrawn_is_superseded_by_none() -> None:
    """The current finding of an allegation is the last that stands (I15)."""
    ask = FindOnAllegation(allegation=ALLEGATION, finding=Code("substantiated"))
    first = begun().when(ask)
    second = first.when(replace(ask, finding=Code("inconclusive"), supersedes=3))
    gone = second.when(withdrawing(4))
    gone.when(replace(ask, supersedes=4)).then_refused("I15")
    gone.when(replace(ask, supersedes=3)).then_recorded(type(first.events[0]))


def test_what_was_withdrawn_is_not_there_to_be_gone_on_with() -> None:
    """A meeting that no view has any more is not held, before its calling is restored (I12)."""
    gone = begun().when(withdrawing(2))
    hold = HoldConference(conference=CONFERENCE, parts=(WHOLE,))
    gone.when(hold).then_not_found()
    gone.when(restoring(2, supersedes=3)).when(hold).then_recorded(
        type(begun().when(hold).events[0])
    )


# The refusals that rest on nothing recorded before, or on what no correction withdraws (a merge, an
# erasure), or that have their laws beside these; and those that an entry since withdrawn could
# bring about.
ELSEWHERE = {
    *("action_against_pach", "approved_by_other", "entry_twice", "item_twice", "joined_to_itself"),
    *("no_adult", "no_entries", "no_person", "no_place", "no_such_day", "no_such_limit"),
    *("no_target", "not_a_date", "not_a_field", "not_a_name", "not_in_list", "not_yet_happened"),
    *("nothing_to_correct", "other_needs_text", "policy_exists", "text_is_empty", "told_twice"),
    *("merged", "merged_already", "merged_elsewhere", "read_elsewhere", "stands_in_two_cases"),
    *("stays_here", "reference_in_both", "corrected_before"),  # joins and corrections stand
    *("approval_expired", "approval_of_other", "approval_overtaken", "approval_used"),
    *("erased_for_good", "no_such_approval", "not_approved", "same_approver"),  # erasing
    *("case_closed", "erased", "legal_hold"),  # what stands over a case
}
HERE = {
    *("allegation_exists", "already_answered", "already_recorded", "case_exists", "clock_runs"),
    *("disclosure_not_decided", "finding_not_superseded", "linked_already", "no_authority"),
    *("no_master", "not_the_master", "person_exists", "plan_version", "recorded_anew"),
    *("reference_used", "unknown_allegation"),
}


def test_every_refusal_is_asked_of_what_stands() -> None:
    """Of each refusal it is said whether something withdrawn could bring it about (I12, R150)."""
    with REFUSALS.open(encoding="utf-8", newline="") as file:
        assert {row["code"] for row in DictReader(file)} == ELSEWHERE | HERE
    assert not ELSEWHERE & HERE


def test_nothing_is_sent_by_a_decision_that_was_withdrawn() -> None:
    """A permission, and a master, that no view has any more lets nobody have a copy (I6, I8)."""
    permit = PermitReportShare(conference=CONFERENCE, recipient=TO_GP)
    share = ShareReport(conference=CONFERENCE, report=REPORT, recipient=TO_GP)
    permitted = begun().when(permit)
    named_it = replace(share, permission=3)
    permitted.when(named_it).then_recorded(type(permitted.when(named_it).events[0]))
    gone = permitted.when(withdrawing(3))
    gone.when(named_it).then_refused("I8", code="no_authority")
    assert gone.when(restoring(3, supersedes=4)).when(named_it).error is None

    copy = Recipient(role=Code("chair"), source=MASTER, copy=MASTER)
    send = CirculateMinutes(conference=CONFERENCE, recipients=(copy,), outside=True)
    approved = begun().when(APPROVE)
    assert approved.when(send).error is None
    approved.when(withdrawing(3)).when(send).then_refused("I6", code="not_the_master")
