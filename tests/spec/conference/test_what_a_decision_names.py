"""What the decisions before and at a conference name: on what they rest, and who says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from domain.assessment import AssessRisk, RiskAssessed
from domain.conference import (
    ConferenceConvened,
    ConferenceNotRequired,
    ConveneConference,
    DecideConferenceNotRequired,
)
from domain.duty import DecideDuty, Section42DutyDecided, ThreePointCriteriaDetermined
from domain.enquiry import EnquiryOpened
from domain.hearing import ConsiderReport, ReportConsidered
from domain.invitation import (
    AppointChair,
    ChairAppointed,
    DecideFamilyAttendance,
    FamilyAttendanceDecided,
)
from domain.involvement import AdultSupportArranged, ArrangeAdultSupport
from domain.jurisdictions import Jurisdiction
from domain.refusal import NotFound
from domain.sitting import (
    AdultNonAttendanceRecorded,
    ConferenceHeld,
    HoldConference,
    RecordAdultNonAttendance,
)
from domain.words import Code, EnquiryRef, Slug
from tests.controls import (
    CHAIR,
    CONFERENCE,
    COUNCIL,
    ENQUIRY,
    NATIONS,
    OFFICER,
    PARTICIPANT,
    REPORT,
    a_conference,
    a_conference_without_adult,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, Outcome, at, given

RULES = (
    "R1",
    "R6",
    "R9",
    "R11",
    "R18",
    "R24",
    "R56",
    "R59",
    "R60",
    "R61",
    "R62",
    "R63",
    "R65",
    "R154",
    "R199",
)
EACH_NATION = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)


E = TypeVar("E")


def only(kind: type[E], outcome: Outcome) -> E:
    """Give the one event that was recorded."""
    outcome.then_recorded(kind)
    (event,) = outcome.events
    assert isinstance(event, kind)
    return event


def called(*more: object, nation: Jurisdiction = NATIONS[0]) -> Given:
    """Begin with a conference called, and these."""
    return given(a_referral(), a_conference(), *more, jurisdiction=nation)


def test_on_what_it_rests_that_there_is_no_conference() -> None:
    """What established early that it did not occur is kept apart from the reasons (R6)."""
    ask = DecideConferenceNotRequired(
        reason=Code("not_occurred"), evidence_basis=words("The ward's own log of that night.")
    )
    event = only(ConferenceNotRequired, given(a_referral()).when(ask))
    assert event.evidence_basis == ask.evidence_basis


@EACH_NATION
def test_a_decision_outside_a_meeting_names_its_evidence(nation: Jurisdiction) -> None:
    """What is decided without a meeting says on which entries of its case it rests (R154)."""
    duty = DecideDuty(
        criteria=(),
        result=Code(min(nation.lists["duty_result"])),
        decided_on=date(2026, 11, 2),
        evidence=(1,),
        options=words("A visit by the nurse alone."),
    )
    none = DecideConferenceNotRequired(
        reason=Code("not_occurred"), evidence=duty.evidence, options=duty.options
    )
    history = given(a_referral(), jurisdiction=nation)
    for ask in (duty, none):
        (event,) = history.when(ask).events
        assert isinstance(
            event, Section42DutyDecided | ThreePointCriteriaDetermined | ConferenceNotRequired
        )
        assert (event.evidence, event.options) == ((1,), duty.options)
        assert isinstance(history.when(replace(ask, evidence=(7,))).error, NotFound)


def test_a_conference_names_its_enquiry() -> None:
    """A conference may say which enquiry it is about, one of this case (R1, R199)."""
    opened = EnquiryOpened(
        enquiry=ENQUIRY, kind=Code("section_42"), opened_on=date(2026, 11, 3), large_scale=False
    )
    ask = ConveneConference(
        conference=CONFERENCE,
        enquiry=ENQUIRY,
        kind=Code("initial"),
        planned_for=a_conference().planned_for,
    )
    history = given(a_referral(), opened)
    event = only(ConferenceConvened, history.when(ask))
    assert event.enquiry == ENQUIRY
    history.when(replace(ask, enquiry=EnquiryRef(ref(699)))).then_not_found()
    history.when(replace(ask, enquiry=None)).then_recorded(ConferenceConvened)


def test_a_chair_says_whether_they_manage_the_enquiry() -> None:
    """Whether a chair stands in the line of management of the enquiry is said (R18)."""
    ask = AppointChair(
        conference=CONFERENCE,
        chair=CHAIR,
        organisation=COUNCIL,
        basis=Code("independent"),
        line_management_link=Code("no"),
    )
    event = only(ChairAppointed, called().when(ask))
    assert event.line_management_link == "no"
    assert AppointChair(conference=CONFERENCE, chair=CHAIR, organisation=COUNCIL) == replace(
        ask, basis=Code("usual"), line_management_link=Code("not_recorded")
    )


@EACH_NATION
@pytest.mark.parametrize(
    "basis",
    [
        {
            "basis": Code("adult_wish"),
            "wish_recorded_on": date(2026, 11, 2),
            "appropriateness": Code("yes"),
        },
        {"basis": Code("best_interests"), "best_interests_decision": 2},
        {
            "basis": Code("lpa"),
            "attorney_kind": Code("welfare"),
            "registered": Code("yes"),
            "authority_verified": Code("yes"),
            "verified_by": OFFICER,
        },
        {
            "basis": Code("deputy"),
            "order_reference": words("COP 12"),
            "authority_scope": Code("both"),
        },
    ],
    ids=["wish", "best-interests", "attorney", "order"],
)
def test_on_what_footing_a_relative_comes(basis: dict[str, object], nation: Jurisdiction) -> None:
    """A relative's footing is told in full: who they are, and on what it rests (R59 to R63)."""
    ask = DecideFamilyAttendance(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        relationship=words("Her sister"),
        decision=Code("attend"),
        **basis,  # type: ignore[arg-type]  # of the case above
    )
    event = only(FamilyAttendanceDecided, called(nation=nation).when(ask))
    assert {name: getattr(event, name) for name in basis} == basis
    assert event.relationship == ask.relationship


def test_support_names_who_gives_it() -> None:
    """Who gives the support that was arranged is named (R24)."""
    ask = ArrangeAdultSupport(
        conference=CONFERENCE, arranged=(Code("interpreter"),), provider=Slug("county-interpreters")
    )
    event = only(AdultSupportArranged, called().when(ask))
    assert event.provider == "county-interpreters"


def test_a_progress_conference_says_how_the_enquiry_goes_on() -> None:
    """What a conference on the progress of an enquiry heard of it is kept with it (R9)."""
    ask = HoldConference(
        conference=CONFERENCE,
        parts=a_held_conference().parts,
        progress_summary=words("Four of nine residents have been seen."),
    )
    held = called().when(ask, on="2026-11-23")
    event = only(ConferenceHeld, held)
    assert event.progress_summary == ask.progress_summary


def test_a_report_that_was_considered_is_named() -> None:
    """Which report the meeting considered is named by its own reference (R65)."""
    ask = ConsiderReport(conference=CONFERENCE, kind=Code("agency"), report=REPORT)
    held = called(at("2026-11-23", a_held_conference()))
    event = only(ReportConsidered, held.when(ask, on="2026-11-23"))
    assert event.report == REPORT


@pytest.mark.parametrize("reason", ["not_known", "not_recorded"])
def test_that_no_reason_is_known_is_no_reason(reason: str) -> None:
    """That the reason of an absence is not known is kept as that, and explains nothing (R56)."""
    history = called(at("2026-11-23", a_conference_without_adult()))
    ask = RecordAdultNonAttendance(conference=CONFERENCE, reason=Code(reason))
    told = history.when(ask, on="2026-11-24")
    told.then_recorded(AdultNonAttendanceRecorded)
    told.then_finding("absence_unexplained", severity="high")


def test_who_gave_the_reason_is_kept_with_it() -> None:
    """A reason for the adult's absence says who gave it (R56)."""
    history = called(at("2026-11-23", a_conference_without_adult()))
    ask = RecordAdultNonAttendance(
        conference=CONFERENCE, reason=Code("unwell"), told_by=Code("family")
    )
    told = history.when(ask, on="2026-11-24")
    event = only(AdultNonAttendanceRecorded, told)
    assert event.told_by == "family"
    told.then_no_finding("absence_unexplained")


@EACH_NATION
def test_a_risk_says_how_and_by_whom_it_was_assessed(nation: Jurisdiction) -> None:
    """An assessment of risk says how it was made and who made it (R11)."""
    ask = AssessRisk(level=Code("high"), method=Code("tool"), assessed_by=OFFICER)
    event = only(RiskAssessed, given(a_referral(), jurisdiction=nation).when(ask))
    assert (event.method, event.assessed_by) == ("tool", OFFICER)
    other = replace(ask, method=Code("other"))
    given(a_referral(), jurisdiction=nation).when(other).then_refused("I11")
