"""A conference called off, put off or of an earlier enquiry is none that an answer can rest on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.closure import CaseReopened
from domain.concern import ImmediateSafetyActionTaken, LinkReferral, ReceiveReferral
from domain.conference import (
    CancelConference,
    ConferenceCancelled,
    ConferenceNotRequired,
    ConferenceRescheduled,
    RescheduleConference,
)
from domain.correction import RecordCorrected
from domain.enquiry import EnquiryOpened, SubmitInvestigationReport
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import read
from domain.words import Code, ConferenceRef, EnquiryRef
from tests.controls import (
    ADULT,
    CONFERENCE,
    OFFICER,
    REPORT,
    REVIEW,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R5", "R14", "R154", "R199", "R200", "R201")

OFF = ConferenceCancelled(conference=CONFERENCE, reason=Code("agency"))
AGAINST = ConferenceNotRequired(reason=Code("resolved"), rationale=words("She is safe."))
SECOND = EnquiryRef(ref(953))


def reported() -> Given:
    """Begin with an enquiry report of 9 November, after which a conference is due."""
    ask = SubmitInvestigationReport(
        report=REPORT, author=OFFICER, states_wishes=Code("yes"), proposes_outcomes=Code("yes")
    )
    inquiry = replace(an_enquiry(), kind=Code("inquiry"))
    begun = given(a_referral(), inquiry, jurisdiction=SCOTLAND)
    return begun.when(ask, on="2026-11-09").history


def test_a_conference_called_off_answers_no_report() -> None:
    """A report followed by a conference that was called off is followed by none (R14, R199)."""
    code, called = "report_without_conference", at("2026-11-10", a_conference())
    reported().also(called).on("2027-03-01").then_no_finding(code)
    reported().also(called, OFF).on("2027-03-01").then_finding(code)
    moved = ConferenceRescheduled(
        conference=CONFERENCE, planned_for=read("2026-12-07"), reason=Code("agency")
    )
    reported().also(called, OFF, moved).on("2027-03-01").then_no_finding(code)
    reported().also(called, OFF, AGAINST).on("2027-03-01").then_no_finding(code)


def uncalled(history: Given, convened: int) -> Given:
    """Withdraw the convening, and nothing else."""
    return history.also(
        RecordCorrected(
            target=convened,
            supersedes=None,
            reason=Code("entered_wrongly"),
            asked_by=Code("worker"),
            withdrawn=True,
        )
    )


def test_a_conference_that_was_held_answers_where_its_convening_is_withdrawn() -> None:
    """It was held all the same: a report, and an ended enquiry, had their conference (R5, R14)."""
    code, met = "report_without_conference", at("2026-11-23", a_held_conference())
    story = reported().also(at("2026-11-10", a_conference()))
    convened = len(story.facts)
    uncalled(story, convened).on("2027-03-01").then_finding(code)
    uncalled(story.also(met), convened).on("2027-03-01").then_no_finding(code)
    code, met = "concluded_without_conference", at("2026-11-23", a_held_conference())
    begun = (a_referral(), an_enquiry(), a_conference())
    ended = at("2026-12-01", a_conclusion(date(2026, 12, 1)))
    uncalled(given(*begun, ended), 3).then_finding(code)
    uncalled(given(*begun, met, ended), 3).then_no_finding(code)


def test_a_conference_called_off_answers_no_repeats() -> None:
    """Nor does it answer referrals that ask for a conference to be considered (R200)."""
    code = "threshold_without_conference"
    first = ReceiveReferral(adult=ADULT, received=read("2026-09-01"))
    history = given(jurisdiction=SCOTLAND).when(first, on="2026-09-01").history
    for day in ("2026-09-10", "2026-10-01"):
        history = history.when(LinkReferral(received=read(day)), on=day).history
    history.then_finding(code)
    called = history.also(at("2026-10-05", a_conference()))
    called.then_no_finding(code)
    called.also(OFF).then_finding(code)


def test_a_conference_called_off_answers_no_urgent_action() -> None:
    """Nor urgent action that was flagged as needing one (R201)."""
    urgent = ImmediateSafetyActionTaken(action=Code("moved_to_safety"), conference_needed=True)
    code = "urgent_action_without_conference"
    called = given(a_referral(), urgent, a_conference())
    called.then_no_finding(code)
    called.also(OFF).then_finding(code)


def test_an_enquiry_that_ends_with_its_conference_called_off() -> None:
    """An enquiry concluded whose only conference was called off has had no word of one (R5)."""
    code, called = "concluded_without_conference", (a_referral(), an_enquiry(), a_conference())
    given(*called, a_conclusion()).then_no_finding(code)
    given(*called, OFF, a_conclusion()).then_finding(code)
    given(*called, OFF, AGAINST, a_conclusion()).then_no_finding(code)


def second(*more: object) -> Given:
    """A case whose first enquiry had its conference, and whose second was concluded after these."""
    opened = EnquiryOpened(
        enquiry=SECOND, kind=Code("section_42"), opened_on=date(2027, 3, 1), large_scale=False
    )
    return given(
        *(a_referral(), an_enquiry(), a_conference(), at("2026-11-23", a_held_conference())),
        at("2026-12-01", a_conclusion(date(2026, 12, 1))),
        at("2027-03-01", opened),
        *more,
        at("2027-04-01", replace(a_conclusion(date(2027, 4, 1)), enquiry=SECOND)),
    )


def test_each_enquiry_has_a_conference_or_a_decision_of_its_own() -> None:
    """The conference of an earlier enquiry says nothing of one opened after it was held (R5)."""
    code = "concluded_without_conference"
    (found,) = (one for one in second().findings() if one.code == code)
    assert (found.position, str(found.since)) == (7, "2027-04-01")
    second(at("2027-03-10", AGAINST)).then_no_finding(code)
    later = a_conference("2027-03-15", REVIEW)
    second(at("2027-03-10", later)).then_no_finding(code)
    off = replace(OFF, conference=REVIEW)
    second(at("2027-03-10", later), at("2027-03-11", off)).then_finding(code)
    # Entered late, and decided while it ran.
    second().also(at("2027-05-01", AGAINST, occurred="2027-03-20")).then_no_finding(code)


def test_a_conference_over_two_enquiries_answers_both() -> None:
    """A conference held while two enquiries ran is of both, whichever was opened first (R5)."""
    opened = replace(an_enquiry(date(2026, 11, 16)), enquiry=SECOND)
    history = given(
        *(a_referral(), an_enquiry(), a_conference(), at("2026-11-16", opened)),
        at("2026-11-23", a_held_conference()),
        at("2026-12-01", a_conclusion()),
        replace(a_conclusion(), enquiry=SECOND),
    )
    history.then_no_finding("concluded_without_conference")


def test_calling_off_gives_its_reason() -> None:
    """A conference called off without a reason is a finding, until it is put on again (R154)."""
    code, called = "cancellation_unexplained", given(a_referral(), a_conference())
    bare = called.when(CancelConference(conference=CONFERENCE))
    bare.then_finding(code, severity="medium")
    called.when(CancelConference(conference=CONFERENCE, reason=Code("died"))).then_no_finding(code)
    again = RescheduleConference(
        conference=CONFERENCE, planned_for=read("2026-12-07"), reason=Code("adult")
    )
    bare.when(again).then_no_finding(code)


def put_off(*days: str, conference: ConferenceRef = CONFERENCE) -> Given:
    """A conference planned for 23 November, then for each of these days in turn."""
    moved = (
        ConferenceRescheduled(
            conference=conference, planned_for=read(day), reason=Code("not_recorded")
        )
        for day in days
    )
    return given(a_referral(), a_conference(), *moved)


def test_a_conference_put_off_again_and_again() -> None:
    """From the third time that a conference is put off, that is a finding (R154)."""
    code = "postponed_repeatedly"
    put_off("2026-11-30", "2026-12-07").then_no_finding(code)
    often = put_off("2026-11-30", "2026-12-07", "2026-12-14")
    (found,) = (one for one in often.findings() if one.code == code)
    assert (found.severity, found.counted, found.position) == ("medium", 3, 5)
    put_off("2026-11-16", "2026-11-09", "2026-11-06").then_no_finding(code)  # brought forward
    put_off("2026-11-30", "2026-12-07", "unknown").then_no_finding(code)


@pytest.mark.parametrize(
    ("day", "far"), [("2027-11-23", False), ("2027-11-24", True), ("2029-01-01", True)]
)
def test_a_conference_put_off_for_more_than_a_year(day: str, far: bool) -> None:  # noqa: FBT001
    """A conference put off to more than a year after its first day is a finding (R154)."""
    code, history = "postponed_far", put_off("2026-12-07", "2026-12-14", day)
    if far:
        history.then_finding(code, severity="medium")
        places = [one.position for one in history.findings() if one.code == code]
        assert places == [5]  # the last time that it was put off
        history.also(at("2026-11-02", OFF)).then_no_finding(code)
    else:
        history.then_no_finding(code)


def test_a_closing_ends_what_was_planned_after_it() -> None:
    """Nobody misses a conference planned for after the case was closed (R14, I14).

    One whose day had come before the closing, or after the case was taken up again, was missed.
    """
    code, called = "not_held", given(a_referral(), a_conference())
    died = replace(a_closure(), reason=Code("died"), reason_other=None)
    closed = called.also(at("2026-11-19", died))
    closed.on("2027-02-01").then_no_finding(code)
    called.also(at("2026-11-25", died)).on("2027-02-01").then_finding(code)
    called.also(at("2026-11-25", died, occurred="2026-11-19")).on("2027-02-01").then_no_finding(
        code
    )
    anew = CaseReopened(reason=Code("new_referral"), rationale=words("A neighbour called."))
    closed.also(at("2027-01-08", anew)).on("2027-02-01").then_no_finding(code)
    closed.also(at("2026-11-20", anew)).on("2027-02-01").then_finding(code)
    wrong = replace(anew, reason=Code("closed_in_error"))
    closed.also(at("2027-01-08", wrong)).on("2027-02-01").then_finding(code)


def test_a_closed_case_takes_that_a_conference_was_called_off() -> None:
    """It is no new conference (I14); one that was missed before the closing is called off too."""
    ask = CancelConference(conference=CONFERENCE, reason=Code("died"))
    called = given(a_referral(), a_conference())
    closed = called.also(at("2026-12-01", a_closure()))
    closed.on("2026-12-10").then_finding("not_held")
    off = closed.when(ask, on="2026-12-10").then_recorded(ConferenceCancelled)
    off.then_no_finding("not_held")
    later = RescheduleConference(conference=CONFERENCE, planned_for=read("2027-01-11"))
    closed.when(later, on="2026-12-10").then_refused("I14")
