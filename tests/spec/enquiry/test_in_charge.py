"""Whose work a case is: who holds it, and who leads for the council what others find out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.allocation import CaseAllocated, InvestigatingOfficerAppointed
from domain.causing import LargeScaleEnquiryOpened
from domain.closure import CaseReopened
from domain.intake import DutyToInquireStarted
from domain.jurisdictions.scotland import SCOTLAND
from domain.words import Code, Slug
from tests.controls import (
    COUNCIL,
    DAY,
    ENQUIRY,
    OFFICER,
    PRACTITIONER,
    a_closure,
    a_conference,
    a_referral,
    an_enquiry,
)
from tests.given import Given, at, given
from tests.spec.enquiry.test_causing import LARGE, caused

RULES = ("R19", "R42")

NOBODY, NO_LEAD = "case_never_allocated", "caused_enquiry_without_lead"
LAST = DAY + timedelta(weeks=2)
LATER = LAST + timedelta(days=1)
HOLDS = CaseAllocated(worker=PRACTITIONER, team=Slug("north"), reason=Code("not_recorded"))
LEADS = InvestigatingOfficerAppointed(officer=OFFICER, organisation=COUNCIL, authorised=Code("yes"))


def opened(*more: object) -> Given:
    """Begin with an enquiry opened on the day of the referral, and these."""
    return given(at(DAY, a_referral()), at(DAY, an_enquiry()), *more)


def test_a_case_that_nobody_holds_is_named() -> None:
    """An enquiry open for longer than the limit, and neither worker nor officer recorded (R42)."""
    opened().on(LAST).then_no_finding(NOBODY)
    opened().on(LATER).then_finding(NOBODY, severity="low")
    given(at(DAY, a_referral())).on(LATER).then_no_finding(NOBODY)  # nothing has begun
    given(at(DAY, a_referral()), at(DAY, a_conference())).on(LATER).then_finding(NOBODY)
    started = given(
        at(DAY, a_referral()),
        at(DAY, DutyToInquireStarted(urgency=Code("usual"))),
        jurisdiction=SCOTLAND,
    )
    started.on(LATER).then_finding(NOBODY)


@pytest.mark.parametrize("answer", [HOLDS, LEADS], ids=["worker", "officer"])
def test_whoever_takes_it_ends_that(answer: object) -> None:
    """Given to a worker, however late, or led by an officer, it has somebody (R42)."""
    opened().on(LATER).then_finding(NOBODY)
    opened(at(LATER, answer)).on(LATER).then_no_finding(NOBODY)


def test_that_nobody_ever_held_it_stands_at_the_closing() -> None:
    """A closing after the limit leaves it, one by then was in time (R42)."""
    late = opened(at("2026-12-20", a_closure())).on("2027-02-01")
    late.then_finding(NOBODY, severity="low")
    opened(at(LAST, a_closure())).on("2027-02-01").then_no_finding(NOBODY)
    again = CaseReopened(reason=Code("new_information"))
    taken_up = opened(at(LAST, a_closure()), at("2026-12-20", again)).on("2027-02-01")
    taken_up.then_no_finding(NOBODY)
    taken_up.also(at("2026-12-21", a_conference())).on("2027-02-01").then_finding(NOBODY)
    opened(HOLDS, at("2026-12-20", a_closure())).on("2027-02-01").then_no_finding(NOBODY)


def test_what_others_find_out_has_somebody_who_leads_it() -> None:
    """To cause an enquiry does not hand it over: the council's officer or lead is named (R19)."""
    caused().on(LAST).then_no_finding(NO_LEAD)
    caused().on(LATER).then_finding(NO_LEAD, severity="low")
    caused().also(at(LATER, LEADS)).then_no_finding(NO_LEAD)
    led = LargeScaleEnquiryOpened(
        enquiry=ENQUIRY,
        reason=LARGE.reason,
        provider=LARGE.provider,
        adults=6,
        lead=OFFICER,
        lead_organisation=COUNCIL,
        rationale=LARGE.rationale,
    )
    caused().also(at(LATER, led)).then_no_finding(NO_LEAD)
    caused().also(at(LATER, replace(led, lead=None))).then_finding(NO_LEAD)
    closed = caused().also(at("2026-12-20", a_closure())).on("2027-02-01")
    closed.then_finding(NO_LEAD, severity="low")
    caused().also(at(LAST, a_closure())).on("2027-02-01").then_no_finding(NO_LEAD)


def test_an_enquiry_opened_as_caused_has_one_too() -> None:
    """Where it was caused as it was opened, it is asked the same (R19)."""
    whole = (at(DAY, a_referral()), at(DAY, replace(an_enquiry(), caused_to=Slug("trust"))))
    given(*whole).on(LATER).then_finding(NO_LEAD, severity="low")
    given(*whole, at(DAY, LEADS)).on(LATER).then_no_finding(NO_LEAD)
    given(*whole, at(DAY, HOLDS)).on(LATER).then_finding(NO_LEAD)  # who leads it is another thing
