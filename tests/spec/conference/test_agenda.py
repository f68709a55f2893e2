from __future__ import annotations

from dataclasses import replace

import pytest

from domain.agenda import (
    ANSWERS,
    RULES,
    AgendaItemConsidered,
    ConsiderAgendaItem,
    missing_items,
)
from domain.assessment import RiskAssessed
from domain.determination import AbuseFinding, ProtectionOrderConsidered
from domain.enquiry import PachIdentified
from domain.hearing import (
    AdultViewsPresented,
    AgencyAgreementRecorded,
    FurtherConferenceDecided,
    RecordAgencyAgreement,
    ReportConsidered,
)
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.plan import Action, PlanAgreed, PlanNotRequired, Sharing, Terms
from domain.stage import Looking
from domain.words import ActionRef, Code, ConferenceRef, ReportRef
from tests.controls import (
    ALLEGATION,
    CONFERENCE,
    COUNCIL,
    NATIONS,
    PACH,
    PLAN,
    POLICE,
    PRACTITIONER,
    REPORT,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    ref,
    words,
)
from tests.given import Given, at, given

# Read with the rule each consideration stands in: R8, R64 to R85, R196.

VIEWS = AdultViewsPresented(conference=CONFERENCE, presenter_role=Code("adult"), own_words=True)
REPORTED = ReportConsidered(
    conference=CONFERENCE,
    kind=Code("investigation"),
    stated_wishes=Code("yes"),
    proposed_outcomes=Code("yes"),
)
RISK = RiskAssessed(
    conference=CONFERENCE, level=Code("low"), before=None, recurrence=Code("possible")
)
FOUND = AbuseFinding(
    conference=CONFERENCE,
    allegation=ALLEGATION,
    finding=Code("substantiated"),
    standard=Code("balance_of_probabilities"),
    supersedes=None,
)
FURTHER = FurtherConferenceDecided(conference=CONFERENCE, decision=Code("not_needed"))
TERMS = Terms(
    actions=(Action(action=ActionRef(ref(61)), target=Code("adult"), kind=Code("support")),),
    coordinator=PRACTITIONER,
    contingency=words("The coordinator goes the same day."),
    sharing=(Sharing(organisation=POLICE, role=Code("police"), content=Code("full")),),
    review=Code("dated"),
)
AGREED = PlanAgreed(
    plan=PLAN,
    version=1,
    conference=CONFERENCE,
    origin=Code("composed"),
    terms=TERMS,
    review_due=None,
)
NO_PLAN = PlanNotRequired(conference=CONFERENCE, reason=Code("no_risk"))


def held(*more: object, nation: Jurisdiction = ENGLAND, kind: str = "initial") -> Given:
    """Begin with a conference held on 23 November, and what it recorded."""
    meeting = at("2026-11-23", a_held_conference())
    called = a_conference(kind=kind)
    return given(a_referral(), a_report(), called, meeting, *more, jurisdiction=nation)


def item(name: str, outcome: str = "considered") -> AgendaItemConsidered:
    """Give one item of the agenda, recorded for itself."""
    return AgendaItemConsidered(conference=CONFERENCE, item=Code(name), outcome=Code(outcome))


def left(history: Given) -> set[str]:
    """Give the items of which the record shows nothing."""
    looking = Looking(on=history.day, jurisdiction=history.jurisdiction)
    return set(missing_items(CONFERENCE, history.case.agenda, history.case, looking))


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_an_item_considered_is_recorded(nation: Jurisdiction) -> None:
    """What became of one consideration, and on which reports, is recorded in both nations (R8)."""
    ask = ConsiderAgendaItem(
        conference=CONFERENCE,
        item=Code("legal_advice"),
        discussion=words("Counsel is asked about the tenancy."),
        reports=(REPORT,),
    )
    held(nation=nation).when(ask).then(
        replace(item("legal_advice"), discussion=ask.discussion, reports=(REPORT,))
    )
    held(nation=nation).when(replace(ask, item=Code("weather"))).then_refused("I11")


def test_there_are_nineteen_considerations() -> None:
    """The agenda has the nineteen considerations of the procedure, each with its rule (R64-R85)."""
    assert ENGLAND.agenda == tuple(RULES)
    assert len(RULES) == 19
    assert {one for items in ANSWERS.values() for one in items} <= set(RULES)


def test_what_the_record_does_not_show_is_named() -> None:
    """A conference that recorded nothing is criticised for every item that applies (R8)."""
    history = held().then_finding("agenda_incomplete", severity="low")
    (one,) = (found for found in history.findings() if found.code == "agenda_incomplete")
    assert left(history) == set(RULES) - {
        "actions_about_pach",
        "residual_concern",
        "agency_reports",
    }
    assert "Legal advice" in one.words
    assert {"R8", "R64", "R72", "R85"} <= set(one.rules)
    assert "R78" not in one.rules


def test_items_answered_by_what_they_led_to_count() -> None:
    """What a conference recorded of its views, findings, risk and plan is not said twice (R8)."""
    whole = held(VIEWS, REPORTED, RISK, FOUND, FURTHER, AGREED)
    assert left(whole) == {"legal_advice", "statutory_or_regulatory_action", "further_sharing"}
    last = (item("legal_advice"), item("statutory_or_regulatory_action"), item("further_sharing"))
    complete = held(VIEWS, REPORTED, RISK, FOUND, FURTHER, AGREED, *last)
    complete.then_no_finding("agenda_incomplete")


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (REPORTED, "investigation_report"),
        (RISK, "current_risk"),
        (RISK, "recurrence"),
        (FOUND, "whether_abuse_occurred"),
        (VIEWS, "views_and_wishes"),
        (FURTHER, "further_conference"),
        (AGREED, "plan_reviewed_or_agreed"),
        (AGREED, "monitoring_and_coordination"),
        (AGREED, "contingency"),
        (AGREED, "sharing_of_plan"),
        (AGREED, "support_and_services"),
        (AGREED, "further_action_or_information"),
        (AGREED, "review_date"),
        (NO_PLAN, "plan_reviewed_or_agreed"),
        (NO_PLAN, "contingency"),
    ],
)
def test_each_event_answers_its_items(event: object, name: str) -> None:
    """An item is answered by the event that records its answer, and is not without it (R64-R85)."""
    assert name in left(held())
    assert name not in left(held(event))


def test_an_answer_that_is_none_does_not_count() -> None:
    """A plan without terms, or a risk whose recurrence was not assessed, leaves items open (R8)."""
    bare = replace(AGREED, terms=Terms())
    assert {"contingency", "sharing_of_plan", "review_date"} <= left(held(bare))
    unassessed = replace(RISK, recurrence=Code("not_assessed"))
    assert "recurrence" in left(held(unassessed))
    elsewhere = replace(RISK, conference=None)
    assert "current_risk" in left(held(elsewhere))
    undecided = replace(FURTHER, decision=Code("not_decided"))
    assert "further_conference" in left(held(undecided))
    assert "legal_advice" in left(held(item("legal_advice", "not_considered")))


def test_an_order_considered_is_statutory_action_considered() -> None:
    """A protection order considered answers the item of statutory action (R73, R204)."""
    order = ProtectionOrderConsidered(
        conference=CONFERENCE,
        order=Code("banning"),
        decision=Code("not_apply"),
        adult_consents=Code("no"),
    )
    assert "statutory_or_regulatory_action" not in left(held(order))


def test_some_items_apply_only_where_there_is_cause() -> None:
    """Other agencies' reports, the person alleged, and doubt are asked for where there is one."""
    agency = replace(a_report(), report=ReportRef(ref(71)), kind=Code("agency"))
    known = PachIdentified(person=PACH, allegations=(), adult_at_risk=Code("no"))
    doubtful = replace(FOUND, finding=Code("inconclusive"))
    assert "agency_reports" in left(held(agency))
    assert "actions_about_pach" in left(held(known))
    assert "residual_concern" in left(held(doubtful))
    assert "residual_concern" not in left(held(FOUND))


def test_what_is_put_off_or_does_not_apply_has_its_reason() -> None:
    """An item put off, or held not to apply, is answered, and asked for its reason (R8, R154)."""
    for outcome in ("deferred", "not_applicable"):
        bare = item("legal_advice", outcome)
        assert "legal_advice" not in left(held(bare))
        held(bare).then_finding("agenda_unexplained", severity="low")
        reasoned = replace(bare, reason=words("No question of law arises."))
        held(reasoned).then_no_finding("agenda_unexplained")
        held(bare, reasoned).then_no_finding("agenda_unexplained")
    held(item("legal_advice")).then_no_finding("agenda_unexplained")


def test_the_agenda_is_of_conferences_that_conclude_in_its_nation() -> None:
    """Reviews, core groups and nations whose process names no agenda are not asked for it (R8)."""
    held(kind="outcome").then_finding("agenda_incomplete")
    for kind in ("review", "progress", "core_group"):
        held(kind=kind).then_no_finding("agenda_incomplete")
    held(nation=SCOTLAND).then_no_finding("agenda_incomplete")


def test_agreement_on_one_matter_is_where_an_agency_stands() -> None:
    """Agreement on risk, need or the plan is recorded, and is the agency's position (R196)."""
    ask = RecordAgencyAgreement(
        conference=CONFERENCE,
        organisation=POLICE,
        matters=(Code("risk"), Code("plan")),
        agrees=Code("no"),
        dissent=words("The risk is higher than that."),
    )
    police = AgencyAgreementRecorded(
        conference=CONFERENCE,
        organisation=POLICE,
        matters=ask.matters,
        agrees=Code("no"),
        dissent=ask.dissent,
    )
    council = replace(police, organisation=COUNCIL, agrees=Code("yes"), dissent=None)
    held().when(ask).then(police)
    held(council).then_finding("position_not_recorded")
    held(council, police).then_no_finding("position_not_recorded")
    silent = replace(police, agrees=Code("not_stated"))
    held(council, silent).then_finding("position_not_recorded")


def test_nothing_is_considered_at_a_conference_never_called() -> None:
    """What names a conference this case does not have is not found."""
    ask = ConsiderAgendaItem(conference=ConferenceRef(ref(599)), item=Code("legal_advice"))
    held().when(ask).then_not_found()
