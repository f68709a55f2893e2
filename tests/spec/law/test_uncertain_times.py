"""Nothing is claimed of a time but what was stated: no finding, deadline or count names a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.access_request import ReceiveSubjectAccessRequest
from domain.allocation import AllocateCase
from domain.assessment import days_to_first_capacity
from domain.concern import LinkReferral, ReceiveReferral, RepeatReferralThresholdReached
from domain.enquiry import SubmitInvestigationReport
from domain.jurisdictions.scotland import SCOTLAND
from domain.minutes import CirculateMinutes, MinutesCirculated
from domain.monitoring import PlanReviewed, SetReviewDate
from domain.plan import AgreePlan, PlanAgreed, Terms
from domain.rectifying import RequestRectification
from domain.refusal import Refused
from domain.sitting import HoldConference
from domain.when import read
from domain.words import Code, RequestRef, Slug
from tests.controls import (
    ADULT,
    CONFERENCE,
    MANAGER,
    OFFICER,
    PLAN,
    REPORT,
    REVIEW,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    ref,
)
from tests.given import Given, Outcome, at, given

RULES = ("R90", "R98", "R150", "R156", "R171", "R198", "R200")


def received(edtf: str, *earlier: str, on: str = "2026-12-01") -> Outcome:
    """Ask to record a Scottish referral received then, on a day, with others before it."""
    ask = ReceiveReferral(
        adult=ADULT, received=read(edtf), earlier_referrals=tuple(map(read, earlier))
    )
    return given(jurisdiction=SCOTLAND).when(ask, on=on)


def since(history: Given, code: str) -> list[str | None]:
    """From when each finding of that code says that it stood."""
    return [
        None if one.since is None else one.since.text
        for one in history.findings()
        if one.code == code
    ]


def words(history: Given, code: str) -> str:
    """What the one finding of that code says."""
    (one,) = [one for one in history.findings() if one.code == code]
    return one.words


def held(occurred: str, on: str = "2027-02-01") -> Given:
    """Begin with a Scottish conference that was held at some such time, recorded on a day."""
    history = given(a_referral(), a_report(), a_conference(), jurisdiction=SCOTLAND)
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    return history.when(ask, on=on, occurred=occurred).on(on)


@pytest.mark.parametrize("edtf", ["20XX", "2026-11", "2026?", "2026-11-01?", "/2026-11-20"])
def test_a_finding_stands_since_what_was_stated(edtf: str) -> None:
    """A finding says since when exactly as that was stated, however uncertain it is."""
    history = given(a_referral(), at("2026-12-01", a_closure(), occurred=edtf))
    assert since(history, "referrer_not_told") == [edtf]


def test_a_finding_about_an_unknown_time_says_no_time() -> None:
    """Of what happened at a time not known, a finding does not say since when."""
    history = given(a_referral(), at("2026-12-01", a_closure(), occurred="unknown"))
    assert since(history, "referrer_not_told") == [None]


def test_a_duty_is_late_only_where_it_certainly_is() -> None:
    """A decision is overdue once the last day the concern can have come is too long ago (R150)."""
    history = received("2026-11", on="2026-12-31").history
    history.on("2026-11-30").then_no_finding("duty_not_decided")
    history.on("2026-12-03").then_finding("duty_not_decided")
    assert since(history.on("2026-12-03"), "duty_not_decided") == ["2026-12-02"]


def test_what_is_recorded_had_happened_by_then() -> None:
    """A concern that came within a century, recorded on a day, had come by that day (R150)."""
    history = received("20XX", on="2026-11-02").history
    history.on("2026-11-04").then_no_finding("duty_not_decided")
    history.on("2026-11-05").then_finding("duty_not_decided")


def test_what_came_nobody_knows_when_had_come_by_its_entry() -> None:
    """A concern of a day not known is late by the day of its entry, which the words say (R150)."""
    history = received("unknown", on="2026-11-02").history
    history.on("2026-11-04").then_no_finding("duty_not_decided")
    said = words(history.on("2026-11-05"), "duty_not_decided")
    assert "4 November 2026 at the latest (the day it runs from is not known" in said


def test_a_deadline_is_counted_from_the_kindest_day() -> None:
    """A due date from an uncertain time is the latest it can be, and says from what (R198)."""
    due = received("2026-11").history.case.concern.conference_due
    assert due is not None
    assert (due.start, due.on) == (date(2026, 11, 30), date(2026, 12, 30))
    assert due.started == read("2026-11")


def test_a_deadline_from_one_certain_day_says_no_more() -> None:
    """A due date from one certain day has that day as its start and nothing beside it (R198)."""
    due = received("2026-11-02").history.case.concern.conference_due
    assert due is not None
    assert (due.start, due.started) == (date(2026, 11, 2), None)


@pytest.mark.parametrize("ask", [ReceiveSubjectAccessRequest, RequestRectification])
def test_a_request_of_a_day_not_known_is_answered_within_its_time(ask: type) -> None:
    """A request that came nobody knows when had come by its entry, and is due from that."""
    targets = {"targets": (1,)} if ask is RequestRectification else {}
    request = ask(request=RequestRef(ref(300)), **targets)
    begun = given(a_referral(), jurisdiction=SCOTLAND)
    event: Any = begun.when(request, on="2026-11-03", occurred="unknown").events[0]
    assert (event.due.start, event.due.on) == (date(2026, 11, 3), date(2026, 12, 3))


def test_a_deadline_from_a_year_that_is_not_over() -> None:
    """What is stated as this year had happened by the day it was recorded (R198)."""
    due = received("2026", on="2026-11-16").history.case.concern.conference_due
    assert due is not None
    assert due.start == date(2026, 11, 16)


def test_a_latest_due_date_is_called_so() -> None:
    """A finding about a due date that may have been earlier says that it is the latest (R198)."""
    late = received("2026-11").on("2027-02-01")
    assert "due by 30 December 2026 at the latest" in words(late, "conference_overdue")


def test_a_conference_is_late_only_where_it_certainly_was() -> None:
    """A conference that may have been held in time is not late (R198)."""
    first = at("2026-11-02", received("2026-11-02").events[0])
    meeting = a_held_conference()

    def history(occurred: str) -> Given:
        return given(
            first,
            a_conference(),
            at("2027-02-01", meeting, occurred=occurred),
            jurisdiction=SCOTLAND,
        )

    history("2026-12-XX").then_no_finding("conference_late")
    history("unknown").then_no_finding("conference_late").then_no_finding("conference_overdue")
    history("/2027-01").then_no_finding("conference_late")
    late = history("2027-01")
    assert "came at the earliest on 1 January 2027" in words(late, "conference_late")
    assert "came on 5 January 2027" in words(history("2027-01-05"), "conference_late")


def test_minutes_are_late_only_where_they_certainly_were() -> None:
    """Minutes sent at a time that may have been in time are not late (R156)."""

    def sent(occurred: str) -> Given:
        event = MinutesCirculated(conference=CONFERENCE, recipients=(), outside=True, due=None)
        history = held("2026-11-23")
        return history.also(at("2027-03-01", event, occurred=occurred)).on("2027-03-01")

    sent("unknown").then_no_finding("minutes_late").then_no_finding("minutes_overdue")
    sent("2026-12").then_no_finding("minutes_late")
    sent("2027-01-15/2027-02-15").then_finding("minutes_late")


def test_minutes_of_an_uncertain_meeting() -> None:
    """Minutes are due from the last day the meeting can have been, and say so (R156)."""
    history = held("2026-12")
    history.on("2027-01-14").then_no_finding("minutes_overdue")
    history.on("2027-02-01").then_finding("minutes_overdue")
    assert "at the latest" in words(history.on("2027-02-01"), "minutes_overdue")
    unknown = held("unknown")  # it had been held by the day it was recorded
    unknown.on("2027-02-15").then_no_finding("minutes_overdue")
    assert "at the latest" in words(unknown.on("2027-02-16"), "minutes_overdue")


def test_a_core_group_after_a_meeting_of_unknown_time() -> None:
    """After a meeting of no known time a core group is due from the entry of that (R180)."""
    plan = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(),
        review_due=None,
    )
    held("unknown").also(plan).on("2027-03-01").then_no_finding("core_group_overdue")
    held("unknown").also(plan).on("2027-03-02").then_finding("core_group_overdue")
    held("2026-12").also(plan).on("2030-01-01").then_finding("core_group_overdue")


def test_a_meeting_recorded_late_moves_no_date_back() -> None:
    """The date furthest ahead is the one owed, whichever meeting was recorded last (R180)."""
    later = held("2027-01-25")
    before = given(a_referral(), a_report(), a_conference(), jurisdiction=SCOTLAND)
    ask = HoldConference(conference=REVIEW, parts=a_held_conference().parts)
    older = before.also(a_conference("2026-11-30", REVIEW)).when(ask, on="2026-11-30").events[0]
    plan = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(),
        review_due=None,
    )
    both = later.also(plan, at("2027-02-01", older, occurred="2026-11-30"))
    both.on("2027-02-10").then_no_finding("core_group_overdue")


def test_a_date_chosen_at_an_uncertain_time() -> None:
    """A review date somebody chose is theirs; when they chose it stands as it was stated (R98)."""
    ask = AgreePlan(plan=PLAN, terms=Terms(review_on=date(2027, 1, 18)))
    outcome = given(a_referral()).when(ask, on="2026-12-01", occurred="2026-11")
    event = outcome.events[0]
    assert isinstance(event, PlanAgreed)
    assert event.review_due is not None
    assert event.review_due.on == date(2027, 1, 18)
    assert (event.review_due.start, event.review_due.started) == (
        date(2026, 11, 30),
        read("2026-11"),
    )


def test_a_review_that_may_answer_its_date_does() -> None:
    """A review that may have come after its date was set answers it (R98)."""
    ask = AgreePlan(plan=PLAN, terms=Terms(review_on=date(2027, 1, 18)))
    agreed = given(a_referral()).when(ask, on="2026-12-01", occurred="2026-11-15")
    reviewed = PlanReviewed(plan=PLAN, conference=None, result=Code("unchanged"))

    def after(occurred: str) -> Given:
        history = agreed.history.also(at("2027-02-01", reviewed, occurred=occurred))
        return history.on("2027-02-01")

    after("2026-11").then_no_finding("plan_review_overdue")
    after("unknown").then_no_finding("plan_review_overdue")
    after("2026-10").then_finding("plan_review_overdue")


def test_a_review_recorded_before_a_date_was_set_does_not_answer_it() -> None:
    """A review at a time not known had been by its recording, before a later date was set (R98)."""
    ask = AgreePlan(plan=PLAN, terms=Terms(review_on=date(2027, 1, 18)))
    agreed = given(a_referral()).when(ask, on="2026-12-01", occurred="2026-11-15")
    reviewed = PlanReviewed(plan=PLAN, conference=None, result=Code("unchanged"))
    history = agreed.history.also(at("2027-01-10", reviewed, occurred="unknown"))
    next_date = SetReviewDate(
        plan=PLAN, reason=Code("plan_may_not_reduce_risk"), on=date(2027, 3, 1)
    )
    history.when(next_date, on="2027-01-15").on("2027-03-02").then_finding("plan_review_overdue")


def test_a_report_of_an_uncertain_time_sets_the_latest_date() -> None:
    """The conference after a report is due from the last day the report can have come (R14)."""
    ask = SubmitInvestigationReport(report=REPORT, author=OFFICER)
    outcome = given(a_referral()).when(ask, on="2026-12-01", occurred="2026-11")
    late = outcome.on("2027-06-01")
    late.then_finding("report_without_conference")
    assert "at the latest" in words(late, "report_without_conference")


@pytest.mark.parametrize(
    ("now", "earlier"),
    [
        ("2026-11-02", ("2026-06", "2026-08")),
        ("2026-11", ("2026-09", "2026-10")),
        ("2026-11-20", ("2026-11", "2026-11-02")),
        ("2026-11-02", ("2026-05-02/2026-11-02", "2026-08-01?")),
    ],
)
def test_uncertain_referrals_that_are_certainly_within_six_months(
    now: str, earlier: tuple[str, ...]
) -> None:
    """Three referrals that lie within six months however they are read reach the number (R200)."""
    outcome = received(now, *earlier)
    reached = outcome.events[1]
    assert isinstance(reached, RepeatReferralThresholdReached)
    assert reached.count == 3
    assert reached.referrals[-1] == read(now)
    assert set(map(str, reached.referrals)) == {now, *earlier}


@pytest.mark.parametrize(
    ("now", "earlier"),
    [
        ("2026-11-02", ("2026", "2026-08-01")),
        ("2026-11-02", ("2026-05", "2026-08-01")),
        ("2026-11-02", ("unknown", "2026-08-01")),
        ("2026-11-02", ("/2026-10", "2026-08-01")),
        ("2026", ("2026-10", "2026-11")),
        ("unknown", ("2026-10", "2026-11")),
    ],
)
def test_uncertain_referrals_that_may_lie_further_apart(now: str, earlier: tuple[str, ...]) -> None:
    """Referrals that may lie further apart do not reach the number (R200)."""
    received(now, *earlier).then_recorded(type(received(now).events[0]))


def test_linked_referrals_of_uncertain_time_count_alike() -> None:
    """A linked referral counts with the times of those before it, as they were stated (R200)."""
    history = received("2026-09")
    second = history.when(LinkReferral(received=read("2026-10")), on="2026-12-01")
    third = second.when(LinkReferral(received=read("2026-11")), on="2026-12-01")
    reached = third.events[1]
    assert isinstance(reached, RepeatReferralThresholdReached)
    assert [one.text for one in reached.referrals] == ["2026-09", "2026-10", "2026-11"]


def test_days_to_the_first_capacity_record_only_where_certain() -> None:
    """No number of days is told where the referral or a capacity record has no certain day."""
    vague = given(a_referral("2026-11")).case
    assert days_to_first_capacity(vague.assessment, vague.received_on) is None


def test_a_late_entry_may_come_before_a_vague_closing() -> None:
    """A closed case takes what can have come before its closing, and nothing after it (I14)."""
    history = given(a_referral(), at("2026-12-31", a_closure(), occurred="2026-12"))
    history.when(CirculateMinutes(conference=CONFERENCE, recipients=())).then_not_found()
    taker = AllocateCase(worker=MANAGER, team=Slug("south-team"))
    assert history.when(taker, on="2027-01-02", occurred="2026-12-20").error is None
    refused = history.when(taker, on="2027-01-02", occurred="2027-01-01").error
    assert isinstance(refused, Refused)
