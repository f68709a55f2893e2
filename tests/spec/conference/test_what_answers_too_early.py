"""What is recorded before there is an outcome, or of something else, answers nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.conclusion import EnquiryCeasedAtAdultsRequest
from domain.conference import ConferenceNotRequired
from domain.feedback import AssignFeedback, FeedbackGiven
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.outcome import AdultSatisfactionRecorded, RecordAdultOutcome
from domain.words import Code, Due, Slug
from tests.controls import (
    CONFERENCE,
    COUNCIL,
    ENQUIRY,
    NATIONS,
    OFFICER,
    POLICE,
    a_capacity,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    an_allegation,
    an_enquiry,
)
from tests.given import Given, at, given

RULES = ("R5", "R7", "R13", "R49", "R120", "R169", "R171", "R215")

SATISFIED = AdultSatisfactionRecorded(satisfied=Code("yes"))


def held(*before: object) -> Given:
    """Begin with a conference held on 23 November after these."""
    return given(a_referral(), *before, a_conference(), at("2026-11-23", a_held_conference()))


def test_satisfaction_with_an_outcome_waits_for_one() -> None:
    """What the adult said on the day of the referral is of no outcome (R13)."""
    code, ended = "satisfaction_missing", at("2026-12-01", a_conclusion())
    given(a_referral(), an_enquiry(), SATISFIED, ended).then_finding(code)
    given(a_referral(), an_enquiry(), ended, SATISFIED).then_no_finding(code)
    given(a_referral(), an_enquiry(), ended, at("2026-12-04", SATISFIED)).then_no_finding(code)
    unsure = at("2026-12-04", SATISFIED, occurred="2026-11/2026-12")
    given(a_referral(), an_enquiry(), ended, unsure).then_no_finding(code)
    held(an_enquiry(), SATISFIED).also(ended).then_finding(code)
    held(an_enquiry()).also(SATISFIED, ended).then_no_finding(code)  # said at the conference


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_an_end_without_a_meeting_is_an_outcome_too(nation: Jurisdiction) -> None:
    """Ceased as the adult asked, or settled without a conference, it is over (R5, R7, R13)."""
    code, ended = "satisfaction_missing", at("2026-12-01", a_conclusion())
    ceased = EnquiryCeasedAtAdultsRequest(
        enquiry=ENQUIRY,
        requested_on=date(2026, 11, 20),
        coercion_considered=Code("yes"),
        others_at_risk_considered=Code("yes"),
    )
    against = ConferenceNotRequired(reason=Code("resolved"))
    enquiry = replace(an_enquiry(), kind=Code(next(iter(nation.lists["enquiry_kind"]))))
    begun = given(a_referral(), enquiry, jurisdiction=nation)
    for end in (ceased, against):
        over = at("2026-11-20", end)
        begun.also(over, at("2026-11-30", SATISFIED), ended).then_no_finding(code)
        begun.also(at("2026-11-10", SATISFIED), over, ended).then_finding(code)


def test_an_acknowledgement_once_no_conference_is_needed_tells_of_no_outcome() -> None:
    """That it was received is not what came of it, though no meeting is to come (R171)."""
    received = FeedbackGiven(
        audience=Code("referrer"), content=Code("received_only"), method=Code("email")
    )
    begun = given(a_referral(), at("2026-11-03", ConferenceNotRequired(reason=Code("resolved"))))
    closed = begun.also(at("2026-11-03", received), at("2026-12-01", a_closure()))
    closed.then_finding("referrer_not_told")


def test_what_is_told_before_a_meeting_is_not_its_outcome() -> None:
    """The adult told 18 days before the conference is still to be told of it (R169)."""
    code = "feedback_overdue"
    assign = AssignFeedback(conference=CONFERENCE, audience=Code("adult"), assignee=OFFICER)
    told = FeedbackGiven(
        conference=CONFERENCE,
        audience=Code("adult"),
        content=Code("outcome"),
        method=Code("in_person"),
    )
    owed = held().when(assign).history
    early = at("2026-11-24", told, occurred="2026-11-05")
    owed.also(early).on("2026-12-24").then_finding(code)
    owed.also(at("2026-11-24", told, occurred="2026-11-23")).on("2026-12-24").then_no_finding(code)
    general = at("2026-11-24", replace(told, conference=None), occurred="2026-11-05")
    owed.also(general).on("2026-12-24").then_finding(code)


def test_that_it_was_received_is_not_what_came_of_it() -> None:
    """An acknowledgement at the start leaves the referrer to be told of the outcome (R171)."""
    code, closed = "referrer_not_told", at("2026-12-01", a_closure())
    received = FeedbackGiven(
        audience=Code("referrer"), content=Code("received_only"), method=Code("email")
    )
    given(a_referral(), at("2026-11-03", received), closed).then_finding(code)
    held(at("2026-11-03", received)).also(closed).then_finding(code)
    # That it was dealt with, at its end, may be all that they may know.
    given(a_referral(), at("2026-12-01", received), closed).then_no_finding(code)
    limited = at("2026-11-03", replace(received, content=Code("limited")))
    given(a_referral(), limited, closed).then_no_finding(code)


def test_capacity_for_money_is_not_capacity_for_safety() -> None:
    """It bears on protection where harm to money is alleged, and else on neither (R49, R120)."""
    of_money = replace(a_capacity(), decision=Code("finances"))
    due = Due(
        on=date(2026, 11, 30),
        rule=Code("capacity_recorded"),
        start=date(2026, 11, 2),
        calendar=Slug("holidays-1/eng"),
    )
    refuse = RecordAdultOutcome(outcomes=(Code("adult_refused_intervention"),))
    for kind, bears in (("neglect", False), ("financial", True)):
        alleged = a_referral(date(2026, 11, 2), replace(an_allegation(), type=Code(kind)))
        begun = given(replace(alleged, capacity_due=due), an_enquiry(), jurisdiction=ENGLAND)
        case = begun.also(of_money)
        (case.on("2027-01-04").then_no_finding if bears else case.on("2027-01-04").then_finding)(
            "capacity_late"
        )
        refused = case.when(refuse)
        (refused.then_no_finding if bears else refused.then_finding)("refusal_without_capacity")
        other = begun.also(a_capacity())
        other.on("2027-01-04").then_no_finding("capacity_late")


def test_whoever_handed_in_the_report_was_asked() -> None:
    """The council whose own report is there need not be asked, officer named or not (R215)."""
    code = "agency_not_asked"
    told = replace(a_conference(), agencies=(COUNCIL,))
    meeting = at("2026-11-23", a_held_conference())
    given(a_referral(), told, meeting).then_finding(code)
    ours = replace(a_report(), organisation=COUNCIL)
    given(a_referral(), ours, told, meeting).then_no_finding(code)
    theirs = replace(told, agencies=(COUNCIL, POLICE))
    given(a_referral(), ours, theirs, meeting).then_finding(code)
