from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.closure import CaseReopened
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.learning import (
    OrganisationalChangeImplemented,
    OrganisationalChangeRecommended,
    RecommendOrganisationalChange,
    ReportOrganisationalChange,
    SeriousIncidentProcessStarted,
    StartSeriousIncidentProcess,
)
from domain.words import ChangeRef, Code, ConferenceRef, Slug
from tests.controls import (
    CONFERENCE,
    HEALTH,
    NATIONS,
    POLICE,
    a_closure,
    a_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R139", "R140", "R141", "R154")

WHY = words("Three agencies knew and none told the others.")
CHANGE = ChangeRef(ref(87))
PROVIDER = Slug("quiet-care")
RECOMMEND = RecommendOrganisationalChange(
    change=CHANGE,
    conference=CONFERENCE,
    areas=(Code("training"), Code("staffing")),
    organisation=PROVIDER,
    owner=PROVIDER,
    due=date(2026, 12, 18),
    source=Code("conference"),
    description=WHY,
)
RECOMMENDED = OrganisationalChangeRecommended(
    change=CHANGE,
    conference=CONFERENCE,
    areas=(Code("training"), Code("staffing")),
    organisation=PROVIDER,
    owner=PROVIDER,
    due=date(2026, 12, 18),
    source=Code("conference"),
    description=WHY,
)
REPORTED = OrganisationalChangeImplemented(change=CHANGE, result=Code("done"), account=WHY)


def case(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a conference called, and these."""
    return given(a_referral(), a_conference(), *more, jurisdiction=nation)


def test_a_serious_incident_process_has_its_grounds() -> None:
    """A serious incident process over how agencies worked is recorded with why (R141, R154)."""
    ask = StartSeriousIncidentProcess(
        lead_organisation=HEALTH,
        referred_by=POLICE,
        grounds=(Code("interagency_working"),),
        rationale=WHY,
    )
    event = SeriousIncidentProcessStarted(
        lead_organisation=HEALTH,
        referred_by=POLICE,
        grounds=(Code("interagency_working"),),
        rationale=WHY,
    )
    code = "serious_incident_unexplained"
    outcome = case().when(ask)
    outcome.then(event)
    outcome.then_no_finding(code)
    case().when(replace(ask, grounds=(), rationale=None)).then_finding(code)
    case().when(replace(ask, grounds=())).then_no_finding(code)
    case().when(replace(ask, grounds=(Code("other"),))).then_refused("I11")


AREAS = "staffing recruitment training practice_and_culture risk_monitoring quality_assurance"


@pytest.mark.parametrize("area", AREAS.split())
@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_change_is_recommended(area: str, nation: Jurisdiction) -> None:
    """A change in one of six areas has its organisation, its owner and its day (R139)."""
    ask = replace(RECOMMEND, areas=(Code(area),))
    case(nation=nation).when(ask).then(replace(RECOMMENDED, areas=(Code(area),)))


def test_a_change_may_answer_a_complaint() -> None:
    """A change that answers a complaint says so, and what the complaint is called (R140)."""
    called = words("C/2026/7")
    ask = replace(RECOMMEND, source=Code("complaint"), complaint_reference=called)
    event = replace(RECOMMENDED, source=Code("complaint"), complaint_reference=called)
    case().when(ask).then(event)


def test_a_change_recommended_is_reported_on() -> None:
    """A change past its day of which nothing is reported is a finding; not done is a report (R139).

    Without a day, it is asked of once the case closes.
    """
    code = "change_not_reported"
    case(RECOMMENDED).on("2026-12-18").then_no_finding(code)
    case(RECOMMENDED).on("2026-12-19").then_finding(code)
    case(RECOMMENDED, REPORTED).on("2026-12-19").then_no_finding(code)
    undone = replace(REPORTED, result=Code("not_done"))
    case(RECOMMENDED, undone).on("2026-12-19").then_no_finding(code)
    undated = replace(RECOMMENDED, due=None)
    case(undated).on("2027-12-19").then_no_finding(code)
    closed = case(undated, at("2026-12-20", a_closure()))
    closed.then_finding(code)
    again = at("2027-01-11", CaseReopened(reason=Code("new_information")))
    closed.also(again).then_finding(code)  # to take the case up again reports nothing
    since = given(a_referral(), at("2026-12-20", a_closure()), again, undated)
    since.then_no_finding(code)


def test_what_became_of_a_change_is_of_one_recommended() -> None:
    """A report is of a change of the case, after its end too; references serve once (I1, I14)."""
    report = ReportOrganisationalChange(change=CHANGE, account=WHY)
    case(RECOMMENDED).when(report).then(REPORTED)
    case(RECOMMENDED).when(RECOMMEND).then_refused("I1")
    case().when(report).then_not_found()
    case().when(replace(RECOMMEND, conference=ConferenceRef(ref(599)))).then_not_found()
    closed = case(RECOMMENDED, at("2026-12-20", a_closure()))
    closed.when(report, on="2027-02-01").then_recorded(OrganisationalChangeImplemented)
    closed.when(replace(RECOMMEND, change=ChangeRef(ref(88))), on="2027-02-01").then_refused("I14")
