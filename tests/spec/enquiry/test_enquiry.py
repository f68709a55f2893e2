from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.allocation import (
    AllocateCase,
    AppointOfficer,
    CaseAllocated,
    CaseUnallocated,
    CouncilOfficerAppointed,
    InvestigatingOfficerAppointed,
    UnallocateCase,
)
from domain.causing import InvestigationConcluded
from domain.closure import ReopenCase
from domain.concern import LinkReferral
from domain.conclusion import (
    CeaseEnquiryAtAdultsRequest,
    ConcludeEnquiry,
    EnquiryCeasedAtAdultsRequest,
    EnquiryConcluded,
    EnquiryReopened,
    ReopenEnquiry,
    RiskFound,
    RiskNotFound,
)
from domain.conference import ConferenceCancelled, ConferenceNotRequired, RecordDelayReason
from domain.enquiry import (
    EnquiryOpened,
    IdentifyPach,
    InquiryOpened,
    InvestigationReportSubmitted,
    InvestigatoryPowerUsed,
    OpenEnquiry,
    PachIdentified,
    SubmitInvestigationReport,
    UseInvestigatoryPower,
)
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.stage import recorded
from domain.when import read
from domain.words import AllegationRef, Code, Due, EnquiryRef, Slug
from tests.controls import (
    ALLEGATION,
    CONFERENCE,
    COUNCIL,
    ENQUIRY,
    OFFICER,
    PACH,
    PRACTITIONER,
    REPORT,
    a_capacity,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    a_risk,
    an_enquiry,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R5", "R7", "R14", "R19", "R42", "R64", "R78", "R147", "R199")

CEASED = EnquiryCeasedAtAdultsRequest(
    enquiry=ENQUIRY,
    requested_on=date(2026, 11, 20),
    coercion_considered=Code("yes"),
    others_at_risk_considered=Code("yes"),
    rationale=words("She wants no more of it."),
)
TEAM = Slug("north-team")


@pytest.mark.parametrize(
    ("nation", "kind", "event", "due"),
    [
        (ENGLAND, "section_42", EnquiryOpened, date(2026, 11, 30)),
        (SCOTLAND, "inquiry", InquiryOpened, date(2026, 11, 11)),
    ],
)
def test_opened_in_the_nations_words(
    nation: Jurisdiction, kind: str, event: type, due: date
) -> None:
    """An enquiry is opened under the nation's name, with the day by which it should end."""
    command = OpenEnquiry(enquiry=ENQUIRY, kind=Code(kind), opened_on=date(2026, 11, 2))
    outcome = given(a_referral(), jurisdiction=nation).when(command).then_recorded(event)

    opened = outcome.events[0]
    assert isinstance(opened, EnquiryOpened | InquiryOpened)
    assert opened.due is not None
    assert opened.due.on == due
    assert outcome.on("2026-11-02").case.enquiry_open


def test_powers_exist_only_where_the_law_gives_them() -> None:
    """An investigatory power is recorded in Scotland; England has none to choose from (I11)."""
    command = UseInvestigatoryPower(enquiry=ENQUIRY, power=Code("visit"))

    opened = InquiryOpened(
        enquiry=ENQUIRY, kind=Code("inquiry"), opened_on=date(2026, 11, 2), large_scale=False
    )
    history = given(a_referral(), opened, jurisdiction=SCOTLAND)
    history.when(command).then_recorded(InvestigatoryPowerUsed)
    given(a_referral(), an_enquiry()).when(command).then_refused("I11")


def test_what_names_nothing_of_the_case_is_not_found() -> None:
    """An enquiry or allegation that the case does not have is not found (A.3)."""
    power = UseInvestigatoryPower(enquiry=ENQUIRY, power=Code("visit"))
    given(a_referral(), jurisdiction=SCOTLAND).when(power).then_not_found()

    history = given(a_referral())
    stranger = AllegationRef(ref(399))
    history.when(IdentifyPach(person=PACH, allegations=(stranger,))).then_not_found()
    report = SubmitInvestigationReport(report=REPORT, author=OFFICER, covers=(stranger,))
    history.when(report).then_not_found()
    known = SubmitInvestigationReport(report=REPORT, author=OFFICER, covers=(ALLEGATION,))
    history.when(known).then_recorded(InvestigationReportSubmitted)


def test_an_enquiry_is_opened_once() -> None:
    """A second opening under the same reference is refused; another enquiry is not (I1)."""
    ask = OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=date(2026, 11, 2))
    history = given(a_referral(), an_enquiry())
    history.when(ask).then_refused("I1", code="already_recorded")
    other = replace(ask, enquiry=EnquiryRef(ref(41)))
    history.when(other).then_recorded(EnquiryOpened)


def test_a_worker_the_record_does_not_know() -> None:
    """A case given to somebody never registered is recorded, and criticised while so (R42)."""
    code = "worker_not_registered"
    ask = AllocateCase(worker=PRACTITIONER, team=TEAM, registered=False)
    given_to = given(a_referral()).when(ask)
    given_to.then_finding(code)
    given_to.when(replace(ask, worker=OFFICER, registered=True)).then_no_finding(code)
    given_to.when(UnallocateCase()).then_no_finding(code)
    given(a_referral()).when(replace(ask, registered=None)).then_no_finding(code)


@pytest.mark.parametrize(
    ("nation", "event"),
    [(ENGLAND, InvestigatingOfficerAppointed), (SCOTLAND, CouncilOfficerAppointed)],
)
def test_the_officer_has_the_nations_title(nation: Jurisdiction, event: type) -> None:
    """Who leads the enquiry is recorded under the nation's title for it."""
    command = AppointOfficer(officer=OFFICER, organisation=COUNCIL)
    outcome = given(a_referral(), jurisdiction=nation).when(command).then_recorded(event)

    if nation.considers_protection_orders:
        outcome.then_finding("officer_authorisation_not_recorded")
    else:
        outcome.then_no_finding("officer_authorisation_not_recorded")


def test_allocation_remembers_who_was_before() -> None:
    """Giving the case to another worker records from whom it came; taking it leaves a gap."""
    given(a_referral()).when(AllocateCase(worker=PRACTITIONER, team=TEAM)).then(
        recorded(CaseAllocated, AllocateCase(worker=PRACTITIONER, team=TEAM), previous=None)
    )
    held = given(a_referral()).when(AllocateCase(worker=PRACTITIONER, team=TEAM))
    second = held.when(AllocateCase(worker=OFFICER, team=TEAM))
    event = second.events[0]
    assert isinstance(event, CaseAllocated)
    assert event.previous == PRACTITIONER

    left = second.when(UnallocateCase(reason=Code("worker_left")))
    left.then_recorded(CaseUnallocated)
    left.then_finding("case_without_worker")
    left.when(AllocateCase(worker=PRACTITIONER, team=TEAM)).then_no_finding("case_without_worker")


def test_cover_ends() -> None:
    """Cover for an absence that ended without a successor is criticised (R42)."""
    cover = AllocateCase(worker=OFFICER, team=TEAM, cover_until=date(2026, 11, 20))
    history = given(a_referral()).when(cover)

    history.on("2026-11-20").then_no_finding("cover_ended")
    history.on("2026-11-21").then_finding("cover_ended")
    left = history.when(UnallocateCase(reason=Code("worker_left")), on="2026-11-23")
    left.then_no_finding("cover_ended")


def test_a_report_starts_the_time_to_its_conference() -> None:
    """The report of the enquiry asks for a conference, or a decision against one (R14, R199)."""
    command = SubmitInvestigationReport(
        report=REPORT,
        author=OFFICER,
        states_wishes=Code("yes"),
        proposes_outcomes=Code("yes"),
    )
    submitted = given(a_referral(), jurisdiction=SCOTLAND).when(command)
    event = submitted.then_recorded(InvestigationReportSubmitted).events[0]
    assert isinstance(event, InvestigationReportSubmitted)
    assert event.conference_due is not None
    assert event.conference_due.on == date(2026, 11, 9)

    submitted.on("2026-11-09").then_no_finding("report_without_conference")
    submitted.on("2026-11-10").then_finding("report_without_conference")
    for answer in (a_conference(), ConferenceNotRequired(reason=Code("resolved"))):
        given(a_referral(), event, answer, jurisdiction=SCOTLAND).on("2026-11-10").then_no_finding(
            "report_without_conference"
        )


def test_a_conference_called_before_its_report_answers_it() -> None:
    """One called first and still to come, or held after, is the report's conference (R14, R199)."""
    code, due = "report_without_conference", given(jurisdiction=SCOTLAND).calendar.due
    limit = due("conference_after_report", date(2026, 11, 10))
    report = at("2026-11-10", replace(a_report(), conference_due=limit))
    before = (a_referral(), a_conference())
    after = given(*before, report, at("2026-11-23", a_held_conference()), jurisdiction=SCOTLAND)

    given(*before, report, jurisdiction=SCOTLAND).on("2026-11-20").then_no_finding(code)
    after.on("2026-12-31").then_no_finding(code)
    met = given(*before, at("2026-11-06", a_held_conference()), report, jurisdiction=SCOTLAND)
    met.on("2026-12-31").then_finding(code)
    off = ConferenceCancelled(conference=CONFERENCE, reason=Code("not_recorded"))
    given(*before, report, off, jurisdiction=SCOTLAND).on("2026-12-31").then_finding(code)
    group = a_conference(kind="core_group")
    given(a_referral(), group, report, jurisdiction=SCOTLAND).on("2026-12-31").then_finding(code)


def test_the_report_says_what_the_adult_wishes() -> None:
    """A report without the adult's wishes or proposed outcomes is criticised (R64)."""
    given(a_referral(), a_report()).then_no_finding("report_without_wishes")
    bare = replace(a_report(), states_wishes=Code("not_recorded"), proposes_outcomes=Code("no"))
    given(a_referral(), bare).then_finding("report_without_wishes")
    given(a_referral(), bare).then_finding("report_without_outcomes")
    given(a_referral(), a_report()).then_no_finding("report_without_outcomes")
    agency = replace(bare, kind=Code("agency"))
    given(a_referral(), agency).then_no_finding("report_without_wishes")


def test_who_caused_harm_is_a_reference() -> None:
    """A person alleged to have caused harm is named by reference only (R78)."""
    command = IdentifyPach(person=PACH)

    outcome = given(a_referral()).when(command).then(recorded(PachIdentified, command))
    assert outcome.on("2026-11-02").case.pach_known


def test_ceasing_rests_on_three_things() -> None:
    """Stopping at the adult's request rests on capacity, free will and nobody else at risk (R7)."""
    history = (a_referral(), an_enquiry())
    bare = CeaseEnquiryAtAdultsRequest(enquiry=ENQUIRY, requested_on=date(2026, 11, 2))
    asked = given(*history).when(bare)

    for code in ("ceased_without_capacity", "ceased_without_coercion", "ceased_without_others"):
        asked.then_finding(code)
        given(*history, a_capacity(), CEASED).then_no_finding(code)
    code = "ceased_without_capacity"
    given(*history, CEASED, at("2026-12-01", a_capacity())).then_finding(code)
    of_money = replace(a_capacity(), decision=Code("finances"))
    given(*history, of_money, CEASED).then_finding(code)
    of_it = replace(a_capacity(), decision=Code("enquiry"))
    given(*history, of_it, CEASED).then_no_finding(code)


def test_ceasing_looks_at_the_risk_and_says_why() -> None:
    """An enquiry ceased on request, the risk not assessed or no reason given, is a finding (R7)."""
    history = (a_referral(), an_enquiry(), a_capacity())
    given(*history, CEASED).then_finding("ceased_without_risk", severity="medium")
    given(*history, a_risk(), CEASED).then_no_finding("ceased_without_risk")
    given(*history, CEASED, at("2026-12-01", a_risk())).then_finding("ceased_without_risk")
    unsaid = replace(CEASED, rationale=None)
    given(*history, unsaid).then_finding("ceased_unexplained", severity="medium")
    said = replace(CEASED, rationale=words("She has moved, and wants it left."))
    given(*history, said).then_no_finding("ceased_unexplained")


def test_what_rests_on_a_request_has_the_request() -> None:
    """No conference, or an end, at the adult's request asks for what was thought of it (R7)."""
    code = "adults_request_not_recorded"
    against = ConferenceNotRequired(
        reason=Code("adult_request"), rationale=words("She wants no meeting.")
    )
    ended = replace(
        a_conclusion(),
        risks_found=(),
        risks_not_found=(RiskNotFound(source=Code("known"), assessment=Code("ceased")),),
    )
    history = (a_referral(), an_enquiry())
    for event in (against, ended):
        given(*history, event).then_finding(code, severity="medium")
        given(*history, CEASED, event).then_no_finding(code)
    given(*history, replace(against, reason=Code("resolved"))).then_no_finding(code)
    given(*history, a_conclusion()).then_no_finding(code)


def test_concluding_ends_and_reopening_resumes() -> None:
    """A concluded enquiry is no longer open; reopened, it is, and its answers stay on record."""
    command = ConcludeEnquiry(enquiry=ENQUIRY, concluded_on=date(2026, 12, 1))
    concluded = given(a_referral(), an_enquiry()).when(command, on="2026-12-01")
    concluded.then_recorded(EnquiryConcluded)
    assert not concluded.on("2026-12-01").case.enquiry_open

    again = concluded.when(ReopenEnquiry(enquiry=ENQUIRY)).then_recorded(EnquiryReopened)
    assert again.on("2026-12-01").case.enquiry_open
    assert again.on("2026-12-01").case.concluded is None


@pytest.mark.parametrize(
    ("nation", "kind", "due"),
    [(ENGLAND, "section_42", "2026-11-30"), (SCOTLAND, "inquiry", "2026-11-11")],
    ids=["england", "scotland"],
)
def test_an_enquiry_goes_on_past_its_day_only_with_a_reason(
    nation: Jurisdiction, kind: str, due: str
) -> None:
    """An enquiry open after its limit is a finding, a smaller one where a reason is (R4, R150)."""
    code, after = "enquiry_overdue", date.fromisoformat(due) + timedelta(days=1)
    command = OpenEnquiry(enquiry=ENQUIRY, kind=Code(kind), opened_on=date(2026, 11, 2))
    opened = given(a_referral(), jurisdiction=nation).when(command).history
    opened.on(due).then_no_finding(code)
    opened.on(after).then_finding(code, severity="medium")
    opened.on(after).when(RecordDelayReason(reason=words("The bank was slow."))).on(
        after
    ).then_finding(code, severity="low")
    ended = opened.when(ConcludeEnquiry(enquiry=ENQUIRY, concluded_on=date(2026, 11, 2)))
    ended.on(after).then_no_finding(code)
    ended.when(ReopenEnquiry(enquiry=ENQUIRY)).on(after).then_finding(code)
    for over in (a_report(), InvestigationConcluded(enquiry=ENQUIRY), a_closure()):
        opened.also(over).on(after).then_no_finding(code)
    opened.also(replace(a_report(), kind=Code("agency"))).on(after).then_finding(code)


def opened_due(history: Given, command: OpenEnquiry, on: str) -> Due:
    """The day by which an enquiry opened then should end."""
    (event,) = history.when(command, on=on).events
    assert isinstance(event, EnquiryOpened | InquiryOpened)
    assert event.due is not None
    return event.due


def test_the_first_enquiry_counts_from_its_referral() -> None:
    """In England the time runs from the referral, of a further enquiry from its opening (B.4)."""
    command = OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=date(2026, 11, 9))
    begun = given(a_referral("2026-11-02"))
    due = opened_due(begun, command, "2026-11-09")
    assert (due.on, due.start, due.rule) == (date(2026, 11, 30), date(2026, 11, 2), "enquiry")
    first = begun.when(command, on="2026-11-09").history
    other = replace(command, enquiry=EnquiryRef(ref(952)), opened_on=date(2026, 11, 16))
    assert opened_due(first, other, "2026-11-16").start == date(2026, 11, 16)
    linked = first.when(LinkReferral(received=read("2026-11-12")), on="2026-11-12").history
    assert opened_due(linked, other, "2026-11-16").start == date(2026, 11, 12)
    scottish = given(a_referral("2026-11-02"), jurisdiction=SCOTLAND)
    inquiry = replace(command, kind=Code("inquiry"))
    assert opened_due(scottish, inquiry, "2026-11-09").start == date(2026, 11, 9)


def test_which_referral_an_enquiry_counts_from() -> None:
    """The first since the last enquiry or closing; none that may have come after it (B.4, R198)."""
    command = OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=date(2026, 11, 16))
    two = given(a_referral("2026-11-02")).when(LinkReferral(received=read("2026-11-12")))
    assert opened_due(two.history, command, "2026-11-16").start == date(2026, 11, 2)
    for unsure in ("unknown", "2026-11"):
        late = given(a_referral(unsure))
        assert opened_due(late, command, "2026-11-16").start == date(2026, 11, 16)
    about = opened_due(given(a_referral("2026-11-02/2026-11-04")), command, "2026-11-16")
    assert (about.start, about.started) == (date(2026, 11, 4), read("2026-11-02/2026-11-04"))
    again = given(a_referral("2026-09-01"), at("2026-10-01", a_closure())).when(
        ReopenCase(reason=Code("new_information")), on="2026-11-13"
    )
    assert opened_due(again.history, command, "2026-11-16").start == date(2026, 11, 16)
    referred = again.when(LinkReferral(received=read("2026-11-13")), on="2026-11-13").history
    assert opened_due(referred, command, "2026-11-16").start == date(2026, 11, 13)
    some_day = again.when(LinkReferral(received=read("2026-11")), on="2026-11-13").history
    assert opened_due(some_day, command, "2026-11-16").started == read("2026-11")  # by its entry


def test_each_enquiry_has_its_own_day() -> None:
    """Of two enquiries the one that is late is named, whichever was opened last (R4)."""
    other = EnquiryRef(ref(952))
    first = OpenEnquiry(enquiry=ENQUIRY, kind=Code("section_42"), opened_on=date(2026, 11, 2))
    second = replace(first, enquiry=other, opened_on=date(2026, 11, 16))
    both = given(a_referral()).when(first).when(second, on="2026-11-16").history
    late = [one for one in both.on("2026-12-01").findings() if one.code == "enquiry_overdue"]
    assert [one.subject for one in late] == [str(ENQUIRY)]
    begun_after = given(a_referral(), a_report()).when(first).history
    begun_after.on("2026-12-01").then_finding("enquiry_overdue")
    late = [one for one in both.on("2026-12-15").findings() if one.code == "enquiry_overdue"]
    assert {one.subject for one in late} == {str(ENQUIRY), str(other)}


@pytest.mark.parametrize(
    "command",
    [
        ConcludeEnquiry(enquiry=EnquiryRef(ref(952)), concluded_on=date(2026, 11, 2)),
        ReopenEnquiry(enquiry=EnquiryRef(ref(952))),
        CeaseEnquiryAtAdultsRequest(enquiry=EnquiryRef(ref(952)), requested_on=date(2026, 11, 2)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_only_an_enquiry_of_the_case_ends(command: object) -> None:
    """What ends, or goes on, is an enquiry that was opened; another is not found (R5, R7)."""
    given(a_referral(), an_enquiry()).when(command, on="2026-12-01").then_not_found()


def test_each_source_of_risk_is_answered_once() -> None:
    """A source answered twice, or not at all, cannot be counted (R147)."""
    found = RiskFound(source=Code("known"), action=Code("action_taken"), outcome=Code("reduced"))
    not_found = RiskNotFound(source=Code("known"), assessment=Code("none_no_action_taken"))
    twice = replace(a_conclusion(), risks_found=(found,), risks_not_found=(not_found,))
    none = replace(a_conclusion(), risks_found=(), risks_not_found=())

    given(a_referral(), an_enquiry(), a_conclusion()).then_no_finding("risk_source_answered_twice")
    given(a_referral(), an_enquiry(), a_conclusion()).then_no_finding("risk_source_unanswered")
    given(a_referral(), an_enquiry(), twice).then_finding("risk_source_answered_twice")
    given(a_referral(), an_enquiry(), none).then_finding("risk_source_unanswered")


def test_an_outcome_of_risk_needs_a_risk() -> None:
    """There is no way to state a risk outcome where no risk was identified (B.9)."""
    assert "outcome" not in RiskNotFound.__dataclass_fields__
    assert "outcome" in RiskFound.__dataclass_fields__


@pytest.mark.parametrize(
    ("list_name", "parent"),
    [("concluded_capacity", "lacked"), ("concluded_outcomes", "asked_expressed")],
)
def test_a_child_answer_needs_its_parent(list_name: str, parent: str) -> None:
    """Support is said only under "lacked", achievement only under "asked and expressed"."""
    for nation in (ENGLAND, SCOTLAND):
        group = nation.groups[list_name]
        children = [code for code, row in group.items() if code != row]
        assert {group[code] for code in children} == {parent}


def test_the_case_knows_how_its_enquiries_stand() -> None:
    """The enquiries opened and not concluded are told in the order they were opened."""
    case = given(a_referral(), at("2026-11-09", an_enquiry())).case

    assert case.open_enquiries == (ENQUIRY,)
    assert case.stage == "enquiry"
