from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.action import InformationRequested, RequestInformation
from domain.adopting import AdoptPolicy, OwnLimit, policy_of
from domain.allocation import CouncilOfficerAppointed, InvestigatingOfficerAppointed
from domain.grid import Part
from domain.hearing import ReportConsidered
from domain.information import (
    AgencyReportReceived,
    AgencyReportRequested,
    InformationNotProvided,
    ReceiveAgencyReport,
    RecordInformationNotProvided,
    RequestAgencyReport,
)
from domain.invitation import ParticipantInvited, WrittenContributionReceived
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.sharing import ShareInformation
from domain.sitting import ConferenceHeld
from domain.stage import recorded
from domain.tabling import ReportTabled
from domain.words import Code, ConferenceRef, Digest, DocumentRef, ReportRef, Slug
from tests.controls import (
    CONFERENCE,
    COUNCIL,
    HEALTH,
    NATIONS,
    OFFICER,
    PARTICIPANT,
    POLICE,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R40", "R45", "R65", "R69", "R215", "R216")

ASK = RequestAgencyReport(agency=POLICE, conference=CONFERENCE, subject=words("Calls since May."))
RECEIVE = ReceiveAgencyReport(
    agency=POLICE,
    report=ReportRef(ref(71)),
    conference=CONFERENCE,
    document=DocumentRef(ref(92)),
    content=Digest("c" * 64),
    summary=words("Four calls."),
)
REFUSE = RecordInformationNotProvided(
    agency=POLICE, reason=Code("criminal_investigation"), explanation=words("Until the charge.")
)
SHARE = ShareInformation(shared_by=HEALTH, item=Code("report"), basis=Code("public_task"))
FURTHER = RequestInformation(
    organisation=HEALTH, what=words("The night charts."), due=date(2026, 12, 7)
)
REQUESTED = AgencyReportRequested(agency=POLICE)
RECEIVED = AgencyReportReceived(agency=POLICE, report=ReportRef(ref(71)))
CONSIDERED = ReportConsidered(
    conference=CONFERENCE,
    kind=Code("agency"),
    organisation=POLICE,
    stated_wishes=Code("no"),
    proposed_outcomes=Code("no"),
)
OFFICER_NAMED = InvestigatingOfficerAppointed(
    officer=OFFICER, organisation=COUNCIL, authorised=Code("yes")
)


def called(*more: object, nation: Jurisdiction = NATIONS[0]) -> Given:
    """Begin with a conference of the council and the police called for 23 November, and these."""
    return given(a_referral(), a_conference(), *more, jurisdiction=nation)


def held(*before: object) -> Given:
    """Begin with that conference held, the council's officer named, after these."""
    return called(OFFICER_NAMED, *before, at("2026-11-23", a_held_conference()))


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize(
    ("command", "event"),
    [
        (RECEIVE, AgencyReportReceived),
        (REFUSE, InformationNotProvided),
    ],
)
def test_what_agencies_tell_is_recorded(nation: Jurisdiction, command: object, event: type) -> None:
    """What an agency tells, or does not, is recorded with all its fields, in both nations."""
    called(nation=nation).when(command).then(recorded(event, command))


def test_a_request_has_its_day() -> None:
    """A report is asked for by a day that somebody chose, or without one (R215)."""
    outcome = called().when(replace(ASK, due_on=date(2026, 11, 19)))
    (asked,) = outcome.then_recorded(AgencyReportRequested).events
    assert isinstance(asked, AgencyReportRequested)
    assert asked.due is not None
    assert (asked.due.on, asked.due.rule) == (date(2026, 11, 19), "chosen")
    unplanned = replace(ASK, conference=None)
    called().when(unplanned).then(recorded(AgencyReportRequested, unplanned, due=None))


def test_a_report_is_due_before_the_conference() -> None:
    """A report is due two working days before the meeting, or as a policy says (R215)."""
    (usual,) = called().when(ASK, on="2026-11-09").then_recorded(AgencyReportRequested).events
    assert isinstance(usual, AgencyReportRequested)
    assert usual.due is not None
    assert (usual.due.on, usual.due.rule) == (date(2026, 11, 19), "report_before_conference")
    limits = (
        OwnLimit(
            name=Code("report_before_conference"),
            amount=3,
            unit=Code("working_days"),
            cite=words("Local procedure 6"),
        ),
    )
    told = AdoptPolicy(version=Slug("local-1"), effective=date(2026, 11, 20), limits=limits)
    local = replace(called(), policies=(policy_of(told),))  # Monday 23 November
    (asked,) = local.when(ASK).then_recorded(AgencyReportRequested).events
    assert isinstance(asked, AgencyReportRequested)
    assert asked.due is not None
    assert (asked.due.on, asked.due.start) == (date(2026, 11, 18), date(2026, 11, 23))
    assert asked.due.policy == f"{ENGLAND.policy}/local-1"
    code = "report_not_received"
    local.when(ASK).on("2026-11-18").then_no_finding(code)
    local.when(ASK).on("2026-11-19").then_finding(code)
    local.when(ASK).when(RECEIVE).on("2026-11-19").then_no_finding(code)
    late = local.when(ASK, on="2026-11-19")  # too late for the agency to be on time
    late.then(recorded(AgencyReportRequested, ASK, due=None))
    late = local.when(ASK, on="2026-11-20")  # too late for the agency to be on time
    late.then(recorded(AgencyReportRequested, ASK, due=None))
    # What counts is the day it was asked for, as far as that is known, and not of its recording.
    before = local.when(ASK, on="2026-11-20", occurred="2026-11-18").events[0]
    assert isinstance(before, AgencyReportRequested)
    assert before.due == asked.due


def test_a_report_asked_for_arrives() -> None:
    """A report neither received by its day nor declined is a finding (R215)."""
    code = "report_not_received"
    asked = called().when(replace(ASK, due_on=date(2026, 11, 19)))
    asked.on("2026-11-19").then_no_finding(code)
    asked.on("2026-11-20").then_finding(code)
    for answer in (RECEIVE, REFUSE):
        asked.on("2026-11-20").when(answer, on="2026-11-20").then_no_finding(code)
    health = replace(ASK, agency=HEALTH, due_on=date(2026, 11, 19))
    asked.when(RECEIVE).when(health).on("2026-11-20").then_finding(code)  # of the second alone


def test_what_is_further_asked_is_answered() -> None:
    """Information asked for by a day and neither told nor declined by then is a finding (R69)."""
    code = "information_not_received"
    asked = called().when(FURTHER)
    asked.on("2026-12-07").then_no_finding(code)
    asked.on("2026-12-08").then_finding(code)
    declined = replace(REFUSE, agency=HEALTH)
    for answer in (declined, replace(RECEIVE, agency=HEALTH), SHARE):
        asked.on("2026-12-08").when(answer, on="2026-12-08").then_no_finding(code)
    called().when(replace(FURTHER, due=None)).on("2027-06-01").then_no_finding(code)
    told = called().when(replace(FURTHER, organisation=POLICE)).when(RECEIVE)
    for before in (told, called().when(replace(FURTHER, due=None))):  # which asks nothing more
        before.when(FURTHER).on("2026-12-08").then_finding(code)
    called().when(SHARE).when(FURTHER).on("2026-12-08").then_finding(code)  # told before it
    for other in (REFUSE, replace(SHARE, shared_by=POLICE)):
        asked.when(other).on("2026-12-08").then_finding(code)
    called().when(replace(FURTHER, organisation=None)).on("2026-12-08").then_no_finding(code)


def test_without_a_day_the_conference_is_the_day() -> None:
    """A report asked for without a day is missed once a conference has been held (R215)."""
    code = "report_not_received"
    called(REQUESTED).on("2027-01-04").then_no_finding(code)
    held(REQUESTED).then_finding(code)
    held(REQUESTED, RECEIVED).then_no_finding(code)
    held(at("2026-11-02", RECEIVED), REQUESTED).then_finding(code)


def test_every_agency_involved_is_asked() -> None:
    """A conference with an agency involved that nobody asked for a report is a finding (R215)."""
    code = "agency_not_asked"
    held().then_finding(code)
    for told in (REQUESTED, RECEIVED, InformationRequested(conference=None, organisation=POLICE)):
        held(told).then_no_finding(code)
    wrote = WrittenContributionReceived(conference=CONFERENCE, organisation=POLICE)
    held(wrote).then_no_finding(code)
    asked = ParticipantInvited(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code("police"), organisation=POLICE
    )
    held(asked).then_finding(code)
    by_name = WrittenContributionReceived(conference=CONFERENCE, participant=PARTICIPANT)
    held(asked, by_name).then_no_finding(code)


def test_the_agency_that_enquires_need_not_ask_itself() -> None:
    """The officer's own organisation reports by the enquiry, under either nation's title (R215)."""
    code = "agency_not_asked"
    meeting = at("2026-11-23", a_held_conference())
    called(REQUESTED, meeting).then_finding(code)
    officer = CouncilOfficerAppointed(officer=OFFICER, organisation=COUNCIL, authorised=Code("yes"))
    called(officer, REQUESTED, meeting, nation=NATIONS[1]).then_no_finding(code)


def test_a_report_received_is_considered() -> None:
    """An agency's report that arrived in time and no conference considered is a finding (R65)."""
    code = "agency_report_not_considered"
    held(RECEIVED).then_finding(code)
    held(RECEIVED).also(CONSIDERED).then_no_finding(code)
    held(RECEIVED).also(replace(CONSIDERED, organisation=HEALTH)).then_finding(code)
    held(RECEIVED).also(replace(CONSIDERED, organisation=None)).then_no_finding(code)
    called(at("2026-11-23", a_held_conference()), RECEIVED).then_no_finding(code)


def test_each_report_is_considered_for_itself() -> None:
    """A report that came after an earlier one was considered is not considered by that (R65)."""
    code, second = "agency_report_not_considered", at("2027-02-15", RECEIVED)
    review = (a_conference("2027-02-22", REVIEW, "review"), a_held_conference(REVIEW))
    again = (second, review[0], at("2027-02-22", review[1]))
    history = held(RECEIVED, CONSIDERED).also(*again)
    found = [one for one in history.findings() if one.code == code]
    assert [one.since and one.since.day for one in found] == [date(2027, 2, 15)]
    history.also(replace(CONSIDERED, conference=REVIEW)).then_no_finding(code)
    late = held(RECEIVED).also(*again, replace(CONSIDERED, conference=REVIEW))
    late.then_no_finding(code)  # both at the review


def test_a_report_of_an_agency_is_one_whichever_event_says_so() -> None:
    """An agency's report handed in like the officer's answers the request and is weighed (R65)."""
    theirs = replace(a_report(), kind=Code("agency"), organisation=POLICE)
    held(REQUESTED, theirs).then_no_finding("report_not_received")
    held(theirs).then_no_finding("agency_not_asked")
    held(theirs).then_finding("agency_report_not_considered")
    held(theirs).also(CONSIDERED).then_no_finding("agency_report_not_considered")


ALONE = Part(number=1, reason=Code("whole"), attendances=(attendance("chair"),))


def absent(*before: object) -> Given:
    """Begin with the conference held without the police, after these."""
    alone = ConferenceHeld(
        conference=CONFERENCE,
        parts=(ALONE,),
        minutes_due=None,
        next_core_group=None,
        next_review=None,
    )
    return called(*before, at("2026-11-23", alone))


def test_a_report_is_a_contribution() -> None:
    """An agency involved either comes or reports; a report need not be sent twice (R45, R216)."""
    absent().then_finding("agency_not_invited")
    absent(RECEIVED).then_no_finding("agency_not_invited")
    asked = ParticipantInvited(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code("police"), organisation=POLICE
    )
    absent(asked).then_finding("absent_unheard")
    absent(asked, RECEIVED).then_no_finding("absent_unheard")


TABLED = ReportTabled(
    conference=CONFERENCE, report=RECEIVED.report, kind=Code("agency"), tabled_version=1
)
NAMED = at("2026-11-02", replace(RECEIVED, conference=CONFERENCE), occurred="2026-06-10")


@pytest.mark.parametrize(
    ("of_it", "heard"),
    [
        pytest.param((), "no", id="of an earlier time"),
        pytest.param((NAMED,), "yes", id="said to be for this meeting"),
        pytest.param((TABLED,), "yes", id="laid before it"),
        pytest.param((CONSIDERED,), "yes", id="considered there"),
        pytest.param((replace(TABLED, conference=REVIEW),), "no", id="laid before another"),
    ],
)
def test_an_old_report_is_no_word_to_this_meeting(of_it: tuple[object, ...], heard: str) -> None:
    """A report that came before it was called speaks there only if it is for it (R45, R216)."""
    asked = ParticipantInvited(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code("police"), organisation=POLICE
    )
    other = at("2026-06-02", a_conference("2026-06-16", REVIEW))
    old = (at("2026-06-01", a_referral()), other, at("2026-06-10", RECEIVED))
    meeting = replace(a_held_conference(), parts=(ALONE,))
    begun = given(*old, at("2026-11-02", a_conference()), *of_it)
    for more, code in (((asked,), "absent_unheard"), ((), "agency_not_invited")):
        history = begun.also(*more, at("2026-11-23", meeting))
        history.then_no_finding(code) if heard == "yes" else history.then_finding(code)


def test_silence_has_a_reason() -> None:
    """That an agency gives nothing, without saying why, is a finding (R215)."""
    code = "not_provided_unexplained"
    bare = called().when(replace(REFUSE, reason=Code("not_recorded"), explanation=None))
    bare.then_finding(code)
    assert [one.subject for one in bare.history.findings() if one.code == code] == [REFUSE.agency]
    bare.when(REFUSE).then_no_finding(code)


def test_nothing_is_asked_for_a_conference_never_called() -> None:
    """Information for a conference that the case does not have is not found."""
    stranger = ConferenceRef(ref(599))
    for command in (ASK, RECEIVE):
        called().when(replace(command, conference=stranger)).then_not_found()
