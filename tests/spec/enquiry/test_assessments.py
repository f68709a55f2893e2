from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import adopting
from domain.action import AgreeAction
from domain.adopting import AdoptPolicy, OwnLimit
from domain.advocacy import (
    AdvocacyAccepted,
    AdvocacyDeclined,
    AdvocacyReferralMade,
    AdvocateAppointed,
)
from domain.assessment import (
    AdvocacyConsidered,
    AdvocacyInformationGiven,
    CapacityDecisionRecorded,
    ConsiderAdvocacy,
    DesiredOutcomeEvaluated,
    DesiredOutcomeExpressed,
    EvaluateDesiredOutcome,
    GiveAdvocacyInformation,
    RecordCapacityDecision,
    RecordDesiredOutcome,
    SupportServicesConsidered,
    days_to_first_capacity,
)
from domain.closure import CaseReopened
from domain.concern import ReceiveReferral
from domain.enquiry import OpenEnquiry
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.plan import Action, AgreePlan, Terms
from domain.policy import Policy
from domain.refusal import NotFound
from domain.stage import recorded
from domain.when import on_day
from domain.words import Code, Slug
from tests.controls import (
    ACTION,
    ADULT,
    CONFERENCE,
    DAY,
    ENQUIRY,
    NATIONS,
    OUTCOME,
    PLAN,
    REVIEW,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    an_allegation,
    an_enquiry,
    words,
)
from tests.given import Given, at, given

RULES = ("R11", "R49", "R66", "R68", "R71", "R88", "R99", "R178", "R186", "R187", "R188")

LACKS = CapacityDecisionRecorded(
    decision=Code("own_safety"),
    answer=Code("lacks_capacity"),
    assessor_role=Code("social_worker"),
)
WISH = DesiredOutcomeExpressed(
    asked=Code("expressed"),
    outcome=OUTCOME,
    words=words("To stay at home."),
    expressed_by=Code("adult"),
)
ADVOCACY = AdvocacyConsidered(
    decision=Code("offered_accepted"), substantial_difficulty=Code("not_considered")
)
HELD = (a_referral(), a_conference(), a_held_conference())


def referred(nation: Jurisdiction, *policies: Policy) -> Given:
    """Give a concern received on the control day, with the dates that start with it."""
    asked = ReceiveReferral(adult=ADULT, received=on_day(DAY), allegations=(an_allegation(),))
    return given(jurisdiction=nation, policies=policies).when(asked, on=DAY).history


def enquiry_of(nation: Jurisdiction) -> OpenEnquiry:
    """Ask to open the nation's enquiry under its duty."""
    opened = date(2026, 11, 3)
    return OpenEnquiry(enquiry=ENQUIRY, kind=nation.duty_enquiries[0], opened_on=opened)


def test_capacity_is_about_one_decision() -> None:
    """A capacity record names its decision and its answer, presumption included (R49)."""
    command = RecordCapacityDecision(decision=Code("finances"), answer=Code("presumed"))

    given(a_referral()).when(command).then(recorded(CapacityDecisionRecorded, command))
    given(a_referral()).when(replace(command, answer=Code("perhaps"))).then_refused("I11")


def test_incapacity_needs_evidence() -> None:
    """A finding of incapacity without what it rests on is criticised; one of capacity is not."""
    given(a_referral(), LACKS).then_finding("capacity_without_evidence")
    shown = replace(LACKS, evidence=words("Could not weigh the risk of staying."))
    given(a_referral(), shown).then_no_finding("capacity_without_evidence")
    has = replace(LACKS, answer=Code("has_capacity"))
    given(a_referral(), has).then_no_finding("capacity_without_evidence")


def test_days_to_the_first_capacity_record() -> None:
    """The days from the referral to the first capacity record can be told, or that none is."""
    late = given(at("2026-11-02", a_referral()), at("2026-12-14", LACKS)).case
    never = given(a_referral()).case

    assert days_to_first_capacity(late.assessment, late.received_on) == 42
    assert days_to_first_capacity(never.assessment, never.received_on) is None


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_capacity_is_recorded_within_its_time(nation: Jurisdiction) -> None:
    """Where an enquiry was opened, a first record of capacity after its day is criticised (R49)."""
    opened = referred(nation).when(enquiry_of(nation), on="2026-11-03").history
    due = opened.case.capacity_due
    assert due is not None
    assert due.on == (date(2026, 12, 1) if nation is SCOTLAND else date(2026, 11, 30))
    opened.on(due.on).then_no_finding("capacity_late")
    overdue = opened.on(due.on + timedelta(days=1)).then_finding("capacity_late", severity="medium")
    (waiting,) = (one for one in overdue.findings() if one.code == "capacity_late")
    assert (waiting.position, waiting.since) == (1, on_day(due.on))

    in_time = opened.also(at(due.on, LACKS))
    in_time.on("2027-06-01").then_no_finding("capacity_late")
    late = opened.also(at("2027-01-18", LACKS)).on("2027-06-01")
    (found,) = (one for one in late.findings() if one.code == "capacity_late")
    assert "18 January 2027" in found.words
    assert found.identity == waiting.identity
    told_late = opened.also(at("2027-01-18", LACKS, occurred="2026-11-09"))
    told_late.on("2027-06-01").then_no_finding("capacity_late")


def test_capacity_is_not_asked_of_a_concern_that_was_over() -> None:
    """No record of capacity is late of a concern that went no further, or ended in time (R49)."""
    referred(ENGLAND).on("2027-06-01").then_no_finding("capacity_late")
    opened = referred(ENGLAND).when(enquiry_of(ENGLAND), on="2026-11-03").history
    closed = opened.also(at("2026-11-30", a_closure()))
    closed.on("2027-06-01").then_no_finding("capacity_late")
    again = closed.also(at("2027-02-01", CaseReopened(reason=Code("new_information"))))
    again.on("2027-06-01").then_no_finding("capacity_late")
    concluded = opened.also(at("2026-11-30", a_conclusion(date(2026, 11, 30))))
    concluded.on("2027-06-01").then_no_finding("capacity_late")
    too_late = opened.also(at("2026-12-01", a_closure()))
    too_late.on("2027-06-01").then_finding("capacity_late")


def test_how_soon_capacity_is_recorded_is_an_authoritys_own() -> None:
    """It is due by the policy of the day the referral was received, which it names (R49)."""
    own = OwnLimit(
        name=Code("capacity_recorded"), amount=5, unit=Code("working_days"), cite=words("Local 4.2")
    )
    asked = AdoptPolicy(version=Slug("local-1"), effective=date(2026, 4, 1), limits=(own,))
    history = referred(ENGLAND, adopting.policy_of(asked))
    opened = history.when(enquiry_of(ENGLAND), on="2026-11-03").history
    opened.on("2026-11-09").then_no_finding("capacity_late")
    late = opened.on("2026-11-10").then_finding("capacity_late")
    assert {one.policy for one in late.findings() if one.code == "capacity_late"} == {
        f"{ENGLAND.policy}/local-1"
    }


def test_capacity_was_late_as_it_was_known_earlier() -> None:
    """As at an earlier entry there was no record; one told later of that time mends it (R49)."""
    opened = referred(ENGLAND).when(enquiry_of(ENGLAND), on="2026-11-03").history
    told_late = opened.also(at("2027-01-18", LACKS, occurred="2026-11-09"))
    as_known = replace(told_late, facts=told_late.facts[:-1])
    as_known.on("2026-12-31").then_finding("capacity_late")
    told_late.on("2027-01-18").then_no_finding("capacity_late")


def test_a_wish_comes_back_at_the_end() -> None:
    """An expressed outcome that nobody looked at again by the conclusion is criticised (R71)."""
    judged = DesiredOutcomeEvaluated(
        outcome=OUTCOME, status=Code("fully_achieved"), evaluated_by=Code("adult")
    )

    given(a_referral(), an_enquiry(), WISH).then_no_finding("outcome_not_evaluated")
    given(a_referral(), an_enquiry(), WISH, a_conclusion()).then_finding("outcome_not_evaluated")
    given(a_referral(), an_enquiry(), WISH, judged, a_conclusion()).then_no_finding(
        "outcome_not_evaluated"
    )


@pytest.mark.parametrize(
    ("asked", "criticised"),
    [("none_expressed", False), ("not_asked", True), ("not_known", True)],
)
def test_asked_and_silent_is_not_unasked(asked: str, criticised: object) -> None:
    """Asked without an outcome, not asked and not known are three different answers (R88)."""
    event = DesiredOutcomeExpressed(asked=Code(asked), expressed_by=Code("adult"))
    history = given(a_referral(), an_enquiry(), event, a_conclusion())

    if criticised:
        history.then_finding("outcomes_not_asked")
    else:
        history.then_no_finding("outcomes_not_asked")


def test_support_and_advocacy_before_a_scottish_conference() -> None:
    """Support considered and advocacy explained before a conference, where the law asks (R186)."""
    codes = (
        "advocacy_not_considered",
        "support_not_considered",
        "advocacy_not_explained",
        "advocacy_access_not_explained",
    )
    prepared = (
        ADVOCACY,
        AdvocacyInformationGiven(access_explained=Code("yes")),
        SupportServicesConsidered(services=(Code("advocacy"),)),
    )
    for code in codes:
        given(*HELD, jurisdiction=SCOTLAND).then_finding(code)
        given(*HELD).then_no_finding(code)
        given(a_referral(), *prepared, *HELD[1:], jurisdiction=SCOTLAND).then_no_finding(code)


def test_advocacy_considered_too_late() -> None:
    """Advocacy considered only after the conference weighs high (R186)."""
    late = given(*HELD, at("2026-11-10", ADVOCACY), jurisdiction=SCOTLAND)
    early = given(HELD[0], ADVOCACY, *HELD[1:], jurisdiction=SCOTLAND)

    late.then_finding("advocacy_not_considered", severity="high")
    early.then_no_finding("advocacy_not_considered")


def test_a_conference_assesses_risk() -> None:
    """A conference without an assessment of risk, its own or the case's, is criticised (R11)."""
    elsewhere = replace(a_risk(), conference=REVIEW)
    own = replace(a_risk(), conference=CONFERENCE)

    given(*HELD).then_finding("risk_not_assessed")
    given(*HELD, elsewhere).then_finding("risk_not_assessed")
    given(*HELD, own).then_no_finding("risk_not_assessed")
    given(*HELD, a_risk()).then_no_finding("risk_not_assessed")


def test_each_conference_weighs_the_risk_as_it_is_then() -> None:
    """An assessment after the meeting, or from before the last one, is not its own (R66, R178)."""
    code = "risk_not_assessed"
    first = (a_referral(), a_conference(), at("2026-11-23", a_held_conference()))
    second = (
        at("2027-02-01", a_conference("2027-02-22", REVIEW, "review")),
        at("2027-02-22", a_held_conference(REVIEW)),
    )
    given(*first, at("2026-11-25", a_risk())).then_finding(code)
    given(first[0], a_risk(), *first[1:]).then_no_finding(code)
    twice = given(first[0], a_risk(), *first[1:], *second).then_finding(code)
    assert [one.subject for one in twice.findings() if one.code == code] == [str(REVIEW)]
    again = (at("2027-02-10", a_risk()), *second)
    given(first[0], a_risk(), *first[1:], *again).then_no_finding(code)


def test_advocacy_told_without_the_way_to_it() -> None:
    """Telling of advocacy without how to reach it is only half of it (R188)."""
    told = AdvocacyInformationGiven(access_explained=Code("no"))
    history = given(a_referral(), told, *HELD[1:], jurisdiction=SCOTLAND)

    history.then_no_finding("advocacy_not_explained")
    history.then_finding("advocacy_access_not_explained")


@pytest.mark.parametrize(
    "step", [AdvocacyAccepted(), AdvocateAppointed(basis=Code("asp")), AdvocacyReferralMade()]
)
def test_an_adult_with_an_advocate_knew_the_way(step: object) -> None:
    """Who accepted or has an advocate need not be told how to reach one (R188)."""
    code = "advocacy_access_not_explained"
    given(a_referral(), step, *HELD[1:], jurisdiction=SCOTLAND).then_no_finding(code)
    declined = given(a_referral(), AdvocacyDeclined(), *HELD[1:], jurisdiction=SCOTLAND)
    declined.then_finding(code)


def test_risk_looks_ahead() -> None:
    """An assessment of risk without the likelihood of its return, or reasons, is criticised."""
    given(a_referral(), a_risk()).then_no_finding("recurrence_not_assessed")
    given(a_referral(), replace(a_risk(), recurrence=Code("not_assessed"))).then_finding(
        "recurrence_not_assessed"
    )
    given(a_referral(), replace(a_risk(), rationale=None)).then_finding("risk_without_rationale")


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (
            RecordDesiredOutcome(asked=Code("expressed"), outcome=OUTCOME),
            DesiredOutcomeExpressed,
        ),
        (
            EvaluateDesiredOutcome(outcome=OUTCOME, status=Code("likely")),
            DesiredOutcomeEvaluated,
        ),
        (ConsiderAdvocacy(decision=Code("referred")), AdvocacyConsidered),
        (GiveAdvocacyInformation(access_explained=Code("yes")), AdvocacyInformationGiven),
    ],
)
def test_what_is_told_is_recorded(command: object, event: type) -> None:
    """Wishes, their evaluation, and advocacy are recorded as they were told."""
    given(a_referral(), WISH).when(command).then(recorded(event, command))


@pytest.mark.parametrize(
    "command",
    [
        EvaluateDesiredOutcome(outcome=OUTCOME, status=Code("likely")),
        AgreeAction(action=ACTION, target=Code("adult"), kind=Code("safety"), outcome=OUTCOME),
        AgreePlan(
            plan=PLAN,
            terms=Terms(
                actions=(
                    Action(
                        action=ACTION, target=Code("adult"), kind=Code("safety"), outcome=OUTCOME
                    ),
                )
            ),
        ),
    ],
    ids=lambda one: type(one).__name__,
)
def test_an_outcome_that_is_named_is_one_the_adult_wants(command: object) -> None:
    """What is evaluated, or what a plan serves, is a wish that the case has (R71, R99)."""
    missing = given(a_referral()).when(command).error
    assert isinstance(missing, NotFound)
    assert (missing.field or "").rpartition(".")[2] == "outcome"
    assert given(a_referral(), WISH).when(command).events
