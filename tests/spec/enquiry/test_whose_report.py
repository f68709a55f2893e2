"""Whose a report is, where it comes from elsewhere; and what an adult is told of a power."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar

from domain.assessment import AdvocacyInformationGiven, GiveAdvocacyInformation
from domain.conclusion import CeaseEnquiryAtAdultsRequest, EnquiryCeasedAtAdultsRequest
from domain.enquiry import (
    InquiryOpened,
    InvestigationReportSubmitted,
    InvestigatoryPowerUsed,
    SubmitInvestigationReport,
    UseInvestigatoryPower,
)
from domain.jurisdictions.scotland import SCOTLAND
from domain.words import Code, Slug
from tests.controls import ENQUIRY, OFFICER, REPORT, a_capacity, a_referral, words
from tests.given import Outcome, given

RULES = ("R7", "R19", "R187")

OPENED = InquiryOpened(
    enquiry=ENQUIRY, kind=Code("inquiry"), opened_on=date(2026, 11, 3), large_scale=False
)


E = TypeVar("E")


def only(kind: type[E], outcome: Outcome) -> E:
    """Give the one event that was recorded."""
    outcome.then_recorded(kind)
    (event,) = outcome.events
    assert isinstance(event, kind)
    return event


def test_another_agencys_author_is_told_by_role_and_organisation() -> None:
    """Who wrote a report need be no worker of this record: their role and agency say it (R19)."""
    ask = SubmitInvestigationReport(
        report=REPORT, author_role=Code("health"), organisation=Slug("north-trust"), version=2
    )
    event = only(InvestigationReportSubmitted, given(a_referral()).when(ask))
    assert (event.author, event.author_role, event.version) == (None, "health", 2)
    given(a_referral()).when(replace(ask, author_role=Code("other"))).then_refused("I11")
    said = replace(ask, author_role=Code("other"), author_role_other=words("A retired judge"))
    given(a_referral()).when(said).then_recorded(InvestigationReportSubmitted)


def test_that_nobody_knows_who_wrote_it_is_said() -> None:
    """An author who is not known is recorded as not known, and one left out as that (I2)."""
    ask = SubmitInvestigationReport(report=REPORT, author_role=Code("not_known"))
    event = only(InvestigationReportSubmitted, given(a_referral()).when(ask))
    assert (event.author, event.author_role) == (None, "not_known")
    left = SubmitInvestigationReport(report=REPORT)
    event = only(InvestigationReportSubmitted, given(a_referral()).when(left))
    assert event.author_role == "not_recorded"


def test_a_worker_who_wrote_it_is_named() -> None:
    """A worker of this record stands as the author by reference (R19)."""
    ask = SubmitInvestigationReport(report=REPORT, author=OFFICER)
    event = only(InvestigationReportSubmitted, given(a_referral()).when(ask))
    assert event.author == OFFICER


def test_a_power_says_whether_the_adult_was_told_they_may_refuse() -> None:
    """Of a power that was used it is kept whether the adult knew that they may refuse."""
    ask = UseInvestigatoryPower(
        enquiry=ENQUIRY, power=Code("interview"), told_may_refuse=Code("yes")
    )
    history = given(a_referral(), OPENED, jurisdiction=SCOTLAND)
    event = only(InvestigatoryPowerUsed, history.when(ask))
    assert event.told_may_refuse == "yes"


def test_a_request_to_cease_names_the_decision_on_capacity() -> None:
    """That an enquiry ceased at the adult's request names the entry on their capacity (R7)."""
    ask = CeaseEnquiryAtAdultsRequest(
        enquiry=ENQUIRY, requested_on=date(2026, 11, 2), capacity_decision=3
    )
    history = given(a_referral(), OPENED, a_capacity(), jurisdiction=SCOTLAND)
    event = only(EnquiryCeasedAtAdultsRequest, history.when(ask, on="2026-11-10"))
    assert event.capacity_decision == 3


def test_in_what_form_the_adult_was_told_of_advocacy() -> None:
    """How the adult was told of advocacy, and in what form, is kept (R187)."""
    ask = GiveAdvocacyInformation(access_explained=Code("yes"), method=Code("easy_read"))
    event = only(AdvocacyInformationGiven, given(a_referral()).when(ask))
    assert event.method == "easy_read"
