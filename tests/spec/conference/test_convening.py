from __future__ import annotations

from dataclasses import replace

import pytest

from domain.closure import CaseReopened
from domain.conference import (
    CancelConference,
    ConferenceCancelled,
    ConferenceConvened,
    ConferenceNotRequired,
    ConferenceRescheduled,
    ConveneConference,
    DecideConferenceNotRequired,
    DelayReasonRecorded,
    RecordDelayReason,
    RescheduleConference,
)
from domain.jurisdictions import Jurisdiction
from domain.when import read
from domain.words import Code, ConferenceRef
from tests.controls import (
    CONFERENCE,
    COUNCIL,
    NATIONS,
    POLICE,
    REVIEW,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
    ref,
    words,
)
from tests.given import at, given

RULES = ("R1", "R3", "R4", "R5", "R9", "R14", "R177", "R198")


def convene(conference: ConferenceRef = CONFERENCE, kind: str = "initial") -> ConveneConference:
    """Ask for a conference of the council and the police on 23 November."""
    return ConveneConference(
        conference=conference,
        kind=Code(kind),
        reason=Code("outcome_of_enquiry"),
        planned_for=read("2026-11-23"),
        convened_role=Code("lead_agency_manager"),
        agencies=(COUNCIL, POLICE),
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_conference_is_called_in_either_nation(nation: Jurisdiction) -> None:
    """Convening a conference records what was asked, numbered first in its case (R1, R3)."""
    expected = ConferenceConvened(
        conference=CONFERENCE,
        kind=Code("initial"),
        reason=Code("outcome_of_enquiry"),
        planned_for=read("2026-11-23"),
        sequence=1,
        convened_role=Code("lead_agency_manager"),
        large_scale=False,
        complex_case=False,
        agencies=(COUNCIL, POLICE),
    )
    given(a_referral(), jurisdiction=nation).when(convene()).then(expected)


def test_a_case_may_have_many_conferences() -> None:
    """A further conference is never refused, and takes the next number (R3)."""
    outcome = given(a_referral(), a_conference()).when(convene(REVIEW, "review"))

    event = outcome.events[0]
    assert isinstance(event, ConferenceConvened)
    assert event.sequence == 2


def test_a_reference_names_one_conference() -> None:
    """A reference already used for a conference cannot name another."""
    given(a_referral(), a_conference()).when(convene()).then_refused("I1")


def test_a_review_without_an_initial_conference_is_recorded_and_criticised() -> None:
    """A review comes with no initial conference in the record: accepted, and a finding (R177)."""
    outcome = given(a_referral()).when(convene(kind="review"))
    outcome.then_recorded(ConferenceConvened)
    outcome.then_finding("no_initial_conference")


def test_a_review_after_an_initial_conference_is_not_criticised() -> None:
    """With an initial conference before it, a review's place in order is in order (R177)."""
    review = a_conference("2027-02-22", REVIEW, "review")
    given(a_referral(), a_conference(), review).then_no_finding("no_initial_conference")


def test_an_initial_conference_that_did_not_take_place_is_none() -> None:
    """One called off, never held by the time of the review, or of progress is not one (R177)."""
    code = "no_initial_conference"
    review = a_conference("2027-02-22", REVIEW, "review")
    off = ConferenceCancelled(conference=CONFERENCE, reason=Code("not_recorded"))
    met = at("2027-02-22", a_held_conference(REVIEW))
    first = at("2026-11-23", a_held_conference())
    given(a_referral(), a_conference(), off, review).then_finding(code)
    given(a_referral(), a_conference(), review, met).then_finding(code)
    given(a_referral(), a_conference(), first, review, met).then_no_finding(code)
    given(a_referral(), a_conference(kind="progress"), review).then_finding(code)


def test_a_closed_case_takes_no_new_conference() -> None:
    """A conference after closing needs the case reopened; one called before may be entered (I14).

    Where nobody knows when it was called, the day it was called for decides.
    """
    closed = given(a_referral(), at("2026-12-01", a_closure()))

    closed.when(convene(), on="2026-12-10").then_refused("I14")
    closed.when(convene(), on="2026-12-10", occurred="2026-11-20").then_recorded(ConferenceConvened)
    closed.when(convene(), on="2026-12-10", occurred="unknown").then_recorded(ConferenceConvened)
    after = replace(convene(), planned_for=read("2026-12-20"))
    closed.when(after, on="2026-12-10", occurred="unknown").then_refused("I14")
    closed.when(after, on="2026-12-10", occurred="2026-11-20").then_recorded(ConferenceConvened)


def test_a_reopened_case_takes_a_conference() -> None:
    """After reopening, conferences are called as before (I14)."""
    reopened = CaseReopened(reason=Code("new_referral"), rationale=words("A neighbour called."))
    history = given(a_referral(), at("2026-12-01", a_closure()), at("2026-12-08", reopened))
    history.when(convene(), on="2026-12-10").then_recorded(ConferenceConvened)


def test_a_further_conference_gives_its_reason() -> None:
    """From the second conference on, an unrecorded reason is a finding; on the first, not (R4)."""
    unrecorded = Code("not_recorded")
    first = replace(a_conference(), reason=unrecorded)
    second = replace(a_conference("2027-01-11", REVIEW, "review"), reason=unrecorded)

    given(a_referral(), first).then_no_finding("further_conference_unexplained")
    given(a_referral(), first, second).then_finding("further_conference_unexplained")


def test_the_manager_of_the_lead_agency_convenes() -> None:
    """A conference convened by somebody else is recorded, with a finding (R14)."""
    by_worker = replace(a_conference(), convened_role=Code("practitioner"))
    given(a_referral(), by_worker).then_finding("not_convened_by_manager")
    given(a_referral(), a_conference()).then_no_finding("not_convened_by_manager")


def test_a_progress_conference_belongs_to_a_large_or_complex_case() -> None:
    """A progress conference in a case marked neither large scale nor complex is a finding (R9)."""
    progress = a_conference(kind="progress")
    given(a_referral(), progress).then_finding("progress_not_complex")
    given(a_referral(), replace(progress, complex_case=True)).then_no_finding(
        "progress_not_complex"
    )


def test_a_planned_day_that_passes_is_noticed() -> None:
    """A conference neither held nor put off by its planned day is a finding the day after (R14)."""
    history = given(a_referral(), a_conference("2026-11-23"))
    history.on("2026-11-23").then_no_finding("not_held")
    history.on("2026-11-24").then_finding("not_held")


def test_putting_off_or_cancelling_answers_a_planned_day() -> None:
    """A conference put off is judged by its new day, and a cancelled one no longer (R14)."""
    history = given(a_referral(), a_conference("2026-11-23"))
    later = RescheduleConference(conference=CONFERENCE, planned_for=read("2026-12-07"))
    off = CancelConference(conference=CONFERENCE, reason=Code("died"))

    moved = history.when(later, on="2026-11-20").then_recorded(ConferenceRescheduled)
    moved.on("2026-12-07").then_no_finding("not_held")
    moved.on("2026-12-08").then_finding("not_held")
    cancelled = history.when(off, on="2026-11-20").then_recorded(ConferenceCancelled)
    cancelled.on("2026-12-08").then_no_finding("not_held")


def test_a_conference_held_answers_its_planned_day() -> None:
    """Once held, a conference is not missed."""
    held = at("2026-11-23", a_held_conference())
    given(a_referral(), a_conference("2026-11-23"), held).on("2026-12-24").then_no_finding(
        "not_held"
    )


def test_a_conference_may_be_decided_against() -> None:
    """Not every enquiry needs a conference; deciding so is an event with reasons (R5 to R7)."""
    reasoned = DecideConferenceNotRequired(
        reason=Code("not_occurred"), rationale=words("The money was found in the house.")
    )
    outcome = given(a_referral(), an_enquiry()).when(reasoned)
    outcome.then_recorded(ConferenceNotRequired)
    outcome.then_no_finding("not_required_unexplained")


def test_a_decision_against_gives_its_rationale() -> None:
    """A decision not to confer without a rationale is a finding (R5, R154)."""
    bare = DecideConferenceNotRequired(reason=Code("adult_request"))
    given(a_referral(), an_enquiry()).when(bare).then_finding("not_required_unexplained")


def test_other_needs_words() -> None:
    """Deciding against a conference for another reason needs the reason in words (I11)."""
    other = DecideConferenceNotRequired(reason=Code("other"))
    given(a_referral()).when(other).then_refused("I11")
    explained = replace(other, reason_other=words("Another authority holds it."))
    given(a_referral()).when(explained).then_recorded(ConferenceNotRequired)


def test_a_delay_is_explained_for_one_conference_or_for_the_case() -> None:
    """The reason for a late conference may be given before any is called, or for one (R198)."""
    early = RecordDelayReason(reason=words("The adult was in hospital."))
    given(a_referral()).when(early).then_recorded(DelayReasonRecorded)
    of_one = replace(early, conference=CONFERENCE)
    outcome = given(a_referral(), a_conference()).when(of_one)
    assert [one.conference for one in outcome.history.case.delays] == [CONFERENCE]


def test_nothing_is_prepared_for_a_conference_never_called() -> None:
    """What names a conference this case does not have is not found."""
    unknown = RescheduleConference(
        conference=ConferenceRef(ref(599)), planned_for=read("2026-12-07")
    )
    given(a_referral(), a_conference()).when(unknown).then_not_found()
