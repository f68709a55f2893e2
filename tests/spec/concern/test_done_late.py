"""What was done late stays late once it is done, and a reason for it is of what it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.causing import InvestigationConcluded
from domain.concern import ReceiveReferral
from domain.conclusion import ConcludeEnquiry
from domain.conference import ConferenceNotRequired, DelayReasonRecorded
from domain.duty import DecideDuty
from domain.enquiry import OpenEnquiry
from domain.feedback import AssignFeedback, DecideAgainstFeedback, GiveFeedback
from domain.intake import StartDutyToInquire
from domain.jurisdictions.scotland import SCOTLAND
from domain.sitting import CoreGroupHeld, HoldConference, HoldCoreGroup
from domain.when import read
from domain.words import Code, ConferenceRef
from tests.controls import (
    ADULT,
    CONFERENCE,
    ENQUIRY,
    OFFICER,
    REVIEW,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    an_allegation,
    ref,
    words,
)
from tests.given import Given, at, given
from tests.spec.plan.test_agreeing import agreed

RULES = ("R4", "R150", "R154", "R169", "R180", "R182", "R198")

GROUP = ConferenceRef(ref(52))
LATE_BY_A_MONTH = "The conference was due by 1 December 2026 and came on 4 January 2027."
REASON = DelayReasonRecorded(reason=words("The adult was in hospital."))


def received() -> Given:
    """Begin with a Scottish referral of 2 November: its duty is due on 4 November."""
    ask = ReceiveReferral(adult=ADULT, received=read("2026-11-02"), allegations=(an_allegation(),))
    return given(jurisdiction=SCOTLAND).when(ask, on="2026-11-02").history


def decided(day: str, on: str | None = None) -> Given:
    """Add the decision on the duty, of that day."""
    ask = DecideDuty(
        criteria=(), result=Code("inquiry"), decided_on=date.fromisoformat(day), rationale=None
    )
    return received().when(ask, on=on or day).history


def test_a_duty_undecided_says_by_when_it_was_due() -> None:
    """It names the day that passed, has stood since then, and rests on that limit (R150)."""
    (found,) = (one for one in received().on("2027-01-04").findings() if one.code == UNDECIDED)
    assert "by 4 November 2026" in found.words
    assert (str(found.since), found.due) == ("2026-11-04", date(2026, 11, 4))
    assert found.policy is not None
    received().on("2026-11-04").then_no_finding(UNDECIDED)


UNDECIDED = "duty_not_decided"


def test_a_duty_decided_late_stays_late() -> None:
    """A decision on the duty after its day is a finding; one of that day told later is not."""
    code = "duty_decided_late"
    decided("2026-11-04").then_no_finding(code)
    decided("2026-11-04", on="2027-02-01").then_no_finding(code)
    late = decided("2027-02-01").then_finding(code, severity="medium")
    (found,) = (one for one in late.findings() if one.code == code)
    assert "due by 4 November 2026" in found.words
    again = DecideDuty(criteria=(), result=Code("inquiry"), decided_on=date(2027, 2, 1))
    decided("2026-11-04").when(again, on="2027-02-01").then_no_finding(code)
    begun = received().when(StartDutyToInquire(urgency=Code("usual")), on="2026-11-04")
    begun.when(again, on="2027-02-01").then_no_finding(code)
    bare = given(a_referral(), jurisdiction=SCOTLAND)
    bare.when(again, on="2027-02-01").then_no_finding(code)
    shut = received().also(at("2026-11-03", a_closure()))
    shut.when(again, on="2027-02-01", occurred="2026-11-03").then_no_finding(code)


def test_an_inquiry_started_late_stays_late() -> None:
    """A council that began to inquire after the day for it began late, whatever followed (R150)."""
    code, start = "inquiry_started_late", StartDutyToInquire(urgency=Code("usual"))
    received().when(start, on="2026-11-04").then_no_finding(code)
    late = received().when(start, on="2027-02-01").then_finding(code, severity="medium")
    late.then_no_finding(UNDECIDED)
    decided("2026-11-04").when(start, on="2027-02-01").then_no_finding(code)
    received().also(at("2026-12-01", REASON)).when(start, on="2027-02-01").then_finding(
        code, severity="low"
    )


def opened() -> Given:
    """Begin an inquiry on 2 November that should end by 11 November."""
    ask = OpenEnquiry(enquiry=ENQUIRY, kind=Code("inquiry"), opened_on=date(2026, 11, 2))
    return given(a_referral(), jurisdiction=SCOTLAND).when(ask).history


def test_an_enquiry_that_ended_late_stays_late() -> None:
    """Its report or its end after its day is a finding, lighter with a reason (R4, R150)."""
    code = "enquiry_late"
    opened().also(at("2026-11-11", a_report())).then_no_finding(code)
    late = opened().also(at("2027-04-12", a_report()))
    late.then_finding(code, severity="medium").then_no_finding("enquiry_overdue")
    opened().also(at("2027-04-12", a_report(), occurred="2026-11-10")).then_no_finding(code)
    opened().also(at("2027-04-12", InvestigationConcluded(enquiry=ENQUIRY))).then_finding(code)
    end = ConcludeEnquiry(enquiry=ENQUIRY, concluded_on=date(2027, 4, 12))
    opened().when(end, on="2027-04-12").then_finding(code)
    in_time = replace(end, concluded_on=date(2026, 11, 10))
    opened().when(in_time, on="2027-04-12").then_no_finding(code)
    opened().also(at("2026-11-10", a_report())).when(end, on="2027-04-12").then_no_finding(code)
    explained = opened().also(at("2026-12-01", REASON), at("2027-04-12", a_report()))
    explained.then_finding(code, severity="low")
    afterwards = late.also(at("2027-09-01", REASON))
    afterwards.then_finding(code, severity="medium")  # it answers what ran then


def told(day: str, *before: object, occurred: str | None = None) -> Given:
    """Tell the adult on that day what was due to be told two working days after 23 November."""
    adult = Code("adult")
    assign = AssignFeedback(conference=CONFERENCE, audience=adult, assignee=OFFICER)
    met = given(a_referral(), a_conference(), at("2026-11-23", a_held_conference()))
    tell = GiveFeedback(conference=CONFERENCE, audience=adult, content=Code("limited"))
    history = met.when(assign, on="2026-11-23").history.also(*before)
    return history.when(tell, on=day, occurred=occurred).history


def test_the_adult_told_late_was_told_late() -> None:
    """Feedback after its day is a finding, however it came; in time it is none (R169)."""
    code = "feedback_late"
    told("2026-11-25").then_no_finding(code)
    told("2026-12-30").then_finding(code, severity="medium").then_no_finding("feedback_overdue")
    told("2026-12-30", occurred="2026-11-24").then_no_finding(code)
    told("2026-12-30", at("2026-12-01", REASON)).then_finding(code, severity="low")
    of_it = replace(REASON, conference=CONFERENCE)  # why the meeting was late, not the telling
    told("2026-12-30", at("2026-12-01", of_it)).then_finding(code, severity="medium")
    not_told = DecideAgainstFeedback(
        conference=CONFERENCE, audience=Code("adult"), reason=Code("died")
    )
    told("2026-11-25").when(not_told, on="2026-12-30").then_no_finding(code)


def planned() -> Given:
    """A plan agreed on 23 November: a core group due on 21 December, a review on 23 February."""
    met = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    begun = given(a_referral(), a_conference(), jurisdiction=SCOTLAND)
    return begun.when(met, on="2026-11-23").history.also(at("2026-11-23", agreed()))


def group(day: str, before: Given, ref: ConferenceRef = GROUP) -> Given:
    """Hold a core group on a day."""
    ask = HoldCoreGroup(conference=ref, parts=a_held_conference().parts)
    return before.also(at(day, a_conference(day, ref, "core_group"))).when(ask, on=day).history


def review(day: str, before: Given) -> Given:
    """Hold a review conference on a day."""
    ask = HoldConference(conference=REVIEW, parts=a_held_conference().parts)
    return before.also(at(day, a_conference(day, REVIEW, "review"))).when(ask, on=day).history


def test_a_core_group_held_late_stays_late() -> None:
    """The next meeting after a core group's day is a finding while there is a plan (R180)."""
    code = "core_group_late"
    group("2026-12-21", planned()).then_no_finding(code)
    late = group("2027-05-10", planned()).then_finding(code, severity="medium")
    (found,) = (one for one in late.findings() if one.code == code)
    assert (found.due, found.subject) == (date(2026, 12, 21), str(GROUP))
    review("2027-02-22", planned()).then_finding(code)
    reason = at("2027-01-10", REASON)
    group("2027-05-10", planned().also(reason)).then_finding(code, severity="low")


def test_a_review_held_late_stays_late() -> None:
    """A review conference held after its day is a finding, lighter with a reason (R182)."""
    code = "review_late"
    in_time = group("2026-12-21", planned())
    review("2027-02-23", in_time).then_no_finding(code)
    late = review("2027-08-10", in_time).then_finding(code, severity="medium")
    late.then_no_finding("review_overdue")
    of_it, of_another = (replace(REASON, conference=one) for one in (REVIEW, CONFERENCE))
    late.also(at("2027-08-10", of_it)).then_finding(code, severity="low")
    late.also(at("2027-08-10", REASON)).then_finding(code, severity="low")
    late.also(at("2027-08-10", of_another)).then_finding(code, severity="medium")
    late.also(at("2027-08-11", of_it)).then_finding(code, severity="medium")
    group("2027-08-10", planned()).then_no_finding(code)  # a core group is no review


@pytest.mark.parametrize("day", ["unknown", "2027", "2027-02"])
def test_a_meeting_that_may_have_been_in_time_is_not_late(day: str) -> None:
    """Late is only what is late however its day is read (R180, R182)."""
    called = at("2027-08-10", a_conference("2027-02-22", REVIEW, "review"))
    ask = HoldConference(conference=REVIEW, parts=a_held_conference().parts)
    held = planned().also(called).when(ask, on="2027-08-10", occurred=day).history
    held.then_no_finding("review_late")


def test_without_a_plan_no_meeting_is_late() -> None:
    """What a plan asks for is asked only while there is one (R180, R182)."""
    met = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    bare = given(a_referral(), a_conference(), jurisdiction=SCOTLAND)
    bare = bare.when(met, on="2026-11-23").history
    for held in (review("2027-08-10", bare), group("2027-08-10", bare)):
        held.then_no_finding("review_late").then_no_finding("core_group_late")
    agreed_late = bare.also(at("2027-08-10", agreed()))
    review("2027-08-10", agreed_late).then_no_finding("review_late")


def test_a_core_group_is_no_initial_conference() -> None:
    """The time to a conference goes on past a core group or a review held without one (R198)."""
    code = "conference_overdue"
    received().on("2027-01-04").then_finding(code)
    group("2026-11-20", received()).on("2027-01-04").then_finding(code)
    review("2026-11-20", received()).on("2027-01-04").then_finding(code)
    sat = CoreGroupHeld(
        conference=CONFERENCE, parts=a_held_conference().parts, effect=Code("effective")
    )
    called = received().also(at("2026-11-20", a_conference()))
    called.also(at("2026-11-23", sat)).on("2027-01-04").then_finding(code)
    called.also(at("2026-11-23", a_held_conference())).on("2027-01-04").then_no_finding(code)
    against = ConferenceNotRequired(reason=Code("resolved"), rationale=words("She is safe."))
    received().also(at("2026-11-20", against)).on("2027-01-04").then_no_finding(code)


def test_a_reason_for_a_delay_is_of_what_it_names() -> None:
    """A reason given for a review explains no initial conference, and no enquiry (R4, R198)."""
    of_review = at("2027-03-01", replace(REASON, conference=REVIEW))
    called = at("2027-03-01", a_conference("2027-03-08", REVIEW, "review"))
    code = "conference_overdue"
    received().also(called, of_review).on("2027-03-01").then_finding(code, severity="medium")
    received().also(called, at("2027-03-01", REASON)).on("2027-03-01").then_finding(
        code, severity="low"
    )
    first = at("2027-03-01", a_conference("2027-03-08"))
    of_first = at("2027-03-01", replace(REASON, conference=CONFERENCE))
    received().also(first, of_first).on("2027-03-01").then_finding(code, severity="low")
    late = "enquiry_overdue"
    opened().also(first, of_first).on("2027-03-01").then_finding(late, severity="medium")
    opened().also(at("2027-03-01", REASON)).on("2027-03-01").then_finding(late, severity="low")


@pytest.mark.parametrize("named", [None, CONFERENCE])
@pytest.mark.parametrize(
    ("day", "severity", "words"),
    [
        ("2026-11-20", "low", "A reason is recorded."),
        ("2026-12-02", "low", "A reason was given one day after that day."),
        ("2027-01-04", "low", "A reason was given 34 days after that day."),
        ("2027-01-08", "medium", "A reason was given 38 days after that day."),
    ],
)
def test_a_reason_given_after_the_conference_says_when(
    named: ConferenceRef | None, day: str, severity: str, words: str
) -> None:
    """A reason given once a conference was held late says how late, and lightens nothing (R198)."""
    met = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    called, why = at("2026-11-20", a_conference()), at(day, replace(REASON, conference=named))
    before = (why,) if day < "2027-01-04" else ()
    held = received().also(called, *before).when(met, on="2027-01-04").history
    late = held.also(*(() if before else (why,)))
    late.then_finding("conference_late", severity=severity)
    assert said(late, "conference_late") == f"{LATE_BY_A_MONTH} {words}"


def said(history: Given, code: str) -> str:
    """Give the words of the one finding of a code."""
    (one,) = (one.words for one in history.findings() if one.code == code)
    return one


def test_a_reason_of_no_conference_is_of_what_ran_then() -> None:
    """Given once the next meeting was late, it is of that, and of no earlier conference (R198)."""
    code = "conference_late"
    met = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    late = received().also(at("2027-01-04", a_conference())).when(met, on="2027-01-04").history
    late.then_finding(code, severity="medium")
    late.also(at("2027-01-04", REASON)).then_finding(code, severity="low")
    assert said(late, code) == f"{LATE_BY_A_MONTH} No reason is recorded."
    assert said(late.also(at("2027-09-01", REASON)), code) == said(late, code)
    early = received().also(at("2026-11-20", REASON), at("2027-01-04", a_conference()))
    early.when(met, on="2027-01-04").then_finding(code, severity="low")
