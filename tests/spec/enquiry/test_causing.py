from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.causing import (
    CausedEnquiryChallenged,
    CausedEnquiryReturned,
    CauseEnquiry,
    ChallengeCausedEnquiry,
    CloseLargeScaleEnquiry,
    ConcludeInvestigation,
    EnquiryCaused,
    InvestigationConcluded,
    LargeScaleEnquiryClosed,
    LargeScaleEnquiryOpened,
    OpenLargeScaleEnquiry,
    OpenParallelProcess,
    ParallelProcessOpened,
    ReceiveCausedEnquiry,
)
from domain.conference import ConferenceNotRequired
from domain.invitation import ChairAppointed
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.scotland import SCOTLAND
from domain.linking import LargeScaleEnquiryLinked, LargeScaleEnquiryUnlinked
from domain.stage import recorded
from domain.when import read
from domain.words import (
    Code,
    DocumentRef,
    EnquiryRef,
    ExternalReference,
    LargeScaleRef,
    ReportRef,
    Slug,
)
from tests.controls import (
    CHAIR,
    CONFERENCE,
    COUNCIL,
    ENQUIRY,
    HEALTH,
    NATIONS,
    OFFICER,
    POLICE,
    REPORT,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    an_enquiry,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R3", "R9", "R18", "R19", "R35", "R86", "R154", "R199")

STRANGER = EnquiryRef(ref(499))
CAUSE = CauseEnquiry(
    enquiry=ENQUIRY,
    to=HEALTH,
    body=Code("nhs"),
    scope=words("Her skin, and who saw it."),
    due_on=date(2026, 11, 16),
)
RETURN = ReceiveCausedEnquiry(
    enquiry=ENQUIRY,
    to=HEALTH,
    sufficient=Code("no"),
    document=DocumentRef(ref(91)),
    summary=words("The charts."),
)
CHALLENGE = ChallengeCausedEnquiry(
    enquiry=ENQUIRY,
    to=HEALTH,
    reason=words("It leaves out the nights."),
    asked=words("The night charts."),
    due_on=date(2026, 11, 30),
)
LARGE = OpenLargeScaleEnquiry(
    enquiry=ENQUIRY,
    reason=Code("several_adults"),
    provider=Slug("care-provider"),
    adults=6,
    lead=OFFICER,
    lead_organisation=COUNCIL,
    rationale=words("Six families say the same."),
)
LINKED = LargeScaleEnquiryLinked(large_scale=LargeScaleRef(ref(700)), adult_told=Code("yes"))
UNLINKED = LargeScaleEnquiryUnlinked(
    large_scale=LINKED.large_scale, rationale=words("She lives elsewhere.")
)
USUAL = ChairAppointed(
    conference=CONFERENCE,
    chair=CHAIR,
    role=Code("team_manager"),
    organisation=COUNCIL,
    basis=Code("usual"),
)


def enquiring(*more: object) -> Given:
    """Begin with an enquiry that is open, and these."""
    return given(a_referral(), an_enquiry(), *more)


def caused() -> Given:
    """Begin with an enquiry that the health board was caused to make by 16 November."""
    return enquiring().when(CAUSE).on("2026-11-17")


def test_an_enquiry_is_caused_in_england() -> None:
    """Whom the council causes to enquire is recorded with scope and day; a law of England (B.3)."""
    outcome = enquiring().when(CAUSE).then_recorded(EnquiryCaused)

    (event,) = outcome.events
    assert isinstance(event, EnquiryCaused)
    assert (event.to, event.body, event.scope) == (CAUSE.to, CAUSE.body, CAUSE.scope)
    assert event.due is not None
    assert event.due.on == date(2026, 11, 16)
    enquiring().when(replace(CAUSE, enquiry=STRANGER)).then_not_found()
    given(a_referral(), jurisdiction=SCOTLAND).when(CAUSE).then_refused("I11")


def test_what_was_caused_has_a_day_without_being_given_one() -> None:
    """Where no day is named, what another body is to find out is due by the enquiry's limit."""
    (event,) = enquiring().when(replace(CAUSE, due_on=None)).events

    assert isinstance(event, EnquiryCaused)
    assert event.due is not None
    assert (event.due.rule, event.due.on) == ("enquiry", date(2026, 11, 30))


def test_what_was_caused_comes_back() -> None:
    """An enquiry another body was to make and did not return by its day is a finding (R19)."""
    code = "caused_enquiry_not_returned"
    caused().on("2026-11-16").then_no_finding(code)
    caused().then_finding(code)
    caused().when(RETURN).then(recorded(CausedEnquiryReturned, RETURN)).then_no_finding(code)


def test_an_end_of_the_enquiry_does_not_make_up_for_an_answer() -> None:
    """The council keeps the duty: concluded without what another body was to find out (R19)."""
    code = "caused_enquiry_not_returned"
    ended = caused().also(a_conclusion())
    ended.on("2026-11-17").then_finding(code)
    ended.when(RETURN).then_no_finding(code)


@pytest.mark.parametrize(("author", "owed"), [(HEALTH, False), (None, False), (COUNCIL, True)])
def test_only_a_report_of_theirs_is_an_answer(author: Slug | None, *, owed: bool) -> None:
    """What another body was to find out is not answered by a report of the council's own (R19)."""
    left = caused().also(replace(a_report(), organisation=author)).on("2026-11-17")
    assert ("caused_enquiry_not_returned" in {one.code for one in left.findings()}) == owed


def test_what_does_not_do_is_sent_back() -> None:
    """An answer that was challenged is waited for again, by its new day (R19)."""
    code = "caused_enquiry_not_returned"
    challenged = caused().when(RETURN).on("2026-11-17").when(CHALLENGE)
    challenged.then_recorded(CausedEnquiryChallenged)
    challenged.on("2026-11-30").then_no_finding(code)
    challenged.on("2026-12-01").then_finding(code)
    challenged.on("2026-12-01").when(RETURN).then_no_finding(code)


def test_what_was_returned_can_be_entered_with_its_beginning() -> None:
    """Entered late, an enquiry caused says at once when it was returned (R19)."""
    whole = replace(CAUSE, returned=read("2026-11-13"), challenged=words("The nights."))
    entered = enquiring().when(whole, on="2026-12-01")
    entered.then_recorded(EnquiryCaused).then_no_finding("caused_enquiry_not_returned")


def test_an_enquiry_opened_as_caused_is_waited_for_alike() -> None:
    """Whom the opening event names need not be named again to answer, or to be late (R19)."""
    code = "caused_enquiry_not_returned"
    due = caused().facts[-1].event.due
    opened = replace(an_enquiry(), caused_to=HEALTH, due=due)
    history = given(a_referral(), opened).on("2026-11-17")
    history.then_finding(code)
    history.when(RETURN).then_no_finding(code)
    given(a_referral(), opened, a_report()).on("2026-11-17").then_no_finding(code)
    entered = replace(CAUSE, returned=read("2026-11-13"))
    history.when(entered, on="2026-11-17").on("2026-11-17").then_no_finding(code)


def test_only_who_was_asked_can_answer() -> None:
    """What a body returns that was never caused to enquire is not found."""
    enquiring().when(RETURN).then_not_found()
    caused().when(replace(CHALLENGE, to=POLICE)).then_not_found()


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_large_scale_enquiry_counts_adults_and_names_none(nation: Jurisdiction) -> None:
    """A large-scale enquiry is opened and closed with how many it concerns, never who (R3, R35)."""
    ask = replace(LARGE, enquiry=None)
    history = given(a_referral(), jurisdiction=nation)
    outcome = history.when(ask).then(recorded(LargeScaleEnquiryOpened, ask))
    end = CloseLargeScaleEnquiry(provider=ask.provider, outcome=words("The home changed hands."))
    outcome.when(end).then(recorded(LargeScaleEnquiryClosed, end))
    history.when(replace(LARGE, enquiry=STRANGER)).then_not_found()


def test_a_large_scale_enquiry_has_its_reasons() -> None:
    """One opened without reasons, or closed without what came of it, is a finding (R154)."""
    opened = enquiring().when(replace(LARGE, rationale=None))
    opened.then_finding("large_scale_unexplained")
    opened.when(LARGE).then_no_finding("large_scale_unexplained")
    enquiring().when(CloseLargeScaleEnquiry()).then_finding("large_scale_outcome_missing")
    end = CloseLargeScaleEnquiry(outcome=words("The home changed hands."))
    enquiring().when(end).then_no_finding("large_scale_outcome_missing")


@pytest.mark.parametrize("large", [recorded(LargeScaleEnquiryOpened, LARGE), LINKED])
def test_large_scale_is_said_once(large: object) -> None:
    """A case that opened a large-scale enquiry, or is linked to one, says so once (R3, R9, R18)."""
    progress = a_conference(kind="progress")
    enquiring(progress).then_finding("progress_not_complex")
    enquiring(large, progress).then_no_finding("progress_not_complex")

    enquiring(a_conference(), USUAL).then_no_finding("chair_large_scale")
    enquiring(large, a_conference(), USUAL).then_finding("chair_large_scale")


def test_a_case_is_large_scale_until_it_leaves() -> None:
    """A link counts for what came before it ended, and for nothing after that (R3, R9, R18)."""
    progress, left = a_conference(kind="progress"), at("2026-11-16", UNLINKED)
    linked = enquiring(LINKED)
    linked.also(at("2026-11-10", progress), left).then_no_finding("progress_not_complex")
    linked.also(left, at("2026-11-18", progress)).then_finding("progress_not_complex")
    linked.also(left, at("2026-11-18", a_conference()), USUAL).then_no_finding("chair_large_scale")
    again = linked.also(left, at("2026-11-17", LINKED), at("2026-11-18", progress))
    again.then_no_finding("progress_not_complex")


@pytest.mark.parametrize("large", [recorded(LargeScaleEnquiryOpened, LARGE), LINKED])
def test_no_chair_is_asked_of_what_was_not_large_scale_yet(large: object) -> None:
    """Who chaired a conference before its case was large scale did not chair such a one (R18)."""
    called, held = (a_conference(), USUAL), at("2026-11-23", a_held_conference())
    enquiring(*called, held, at("2026-11-30", large)).then_no_finding("chair_large_scale")
    enquiring(*called, at("2026-11-20", large), held).then_finding("chair_large_scale")
    enquiring(*called, at("2026-11-20", large)).then_finding("chair_large_scale")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_parallel_process_is_recorded(nation: Jurisdiction) -> None:
    """Another process says what it means for the enquiry, under its nation's name (R86)."""
    ask = OpenParallelProcess(
        kind=Code("coroner"),
        organisation=Slug("coroner"),
        external=ExternalReference(system=Slug("coroner"), id=words("C/17")),
        effect=Code("continues"),
        rationale=words("Nothing they need is touched."),
    )
    history = given(a_referral(), jurisdiction=nation)
    history.when(ask).then(recorded(ParallelProcessOpened, ask))
    label = nation.label("parallel_process", "coroner")
    assert ("Procurator Fiscal" in label) == (nation is SCOTLAND)
    history.when(replace(ask, kind=Code("other"))).then_refused("I11")


def test_an_investigation_is_followed_by_a_conference() -> None:
    """One concluded, and neither a conference nor a decision against it, is a finding (R199)."""
    code = "investigation_without_conference"
    ask = ConcludeInvestigation(enquiry=ENQUIRY, report=REPORT, summary=words("Three accounts."))
    outcome = enquiring().when(ask)
    (event,) = outcome.then_recorded(InvestigationConcluded).events

    assert isinstance(event, InvestigationConcluded)
    assert event.conference_due is not None
    assert event.conference_due.on == date(2026, 11, 30)
    outcome.on("2026-11-30").then_no_finding(code)
    outcome.on("2026-12-01").then_finding(code)
    for answer in (a_conference(), ConferenceNotRequired(reason=Code("resolved"))):
        enquiring(event, answer).on("2026-12-01").then_no_finding(code)
    enquiring(a_conference(), event).on("2026-12-01").then_no_finding(code)
    enquiring().when(replace(ask, enquiry=STRANGER)).then_not_found()


def test_a_report_of_an_earlier_enquiry_says_nothing_of_a_second() -> None:
    """A second investigation has its conference too, whatever the first reported (R199)."""
    code = "investigation_without_conference"
    second = replace(an_enquiry(), enquiry=STRANGER)
    ask = ConcludeInvestigation(enquiry=STRANGER)
    history = enquiring(a_report(), a_conclusion(), second)
    history.when(ask).on("2026-11-30").then_no_finding(code)
    history.when(ask).on("2026-12-31").then_finding(code)
    of_it = replace(a_report(), report=ReportRef(ref(71)))
    history.also(of_it).when(ask).on("2026-12-31").then_no_finding(code)


def test_a_report_and_an_investigation_are_not_late_twice() -> None:
    """Where a report was handed in, its time is the one that is judged (R14, R199)."""
    ask = ConcludeInvestigation(enquiry=ENQUIRY, report=REPORT)
    history = enquiring(a_report()).when(ask).on("2026-12-31")
    history.then_no_finding("investigation_without_conference")
