"""That capacity could not be determined is a record of it, and no decision that a wish rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.concern import ReceiveReferral
from domain.conclusion import EnquiryCeasedAtAdultsRequest
from domain.enquiry import OpenEnquiry
from domain.jurisdictions import Jurisdiction
from domain.monitoring import PlanEnded
from domain.outcome import AdultOutcomeRecorded
from domain.plan import PlanAgreed, Terms
from domain.when import read
from domain.words import Code
from tests.controls import (
    ADULT,
    CONFERENCE,
    ENQUIRY,
    NATIONS,
    PLAN,
    a_capacity,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    an_enquiry,
    words,
)
from tests.given import Given, at, given

RULES = ("R7", "R49", "R120")
UNKNOWN = a_capacity("not_determined")  # with what that rests on
BARE = replace(UNKNOWN, evidence=None)
REFUSED = AdultOutcomeRecorded(outcomes=(Code("adult_refused_intervention"),))
ON_REQUEST = replace(a_closure(), reason=Code("adults_request"), reason_other=None)
CEASED = EnquiryCeasedAtAdultsRequest(
    enquiry=ENQUIRY,
    requested_on=date(2026, 11, 2),
    coercion_considered=Code("yes"),
    others_at_risk_considered=Code("yes"),
    rationale=words("She knows what may happen."),
)
PLANNED = PlanAgreed(
    plan=PLAN, version=1, conference=None, origin=Code("composed"), terms=Terms(), review_due=None
)
ENDED = PlanEnded(plan=PLAN, reason=Code("adults_request"))


def opened(nation: Jurisdiction) -> tuple[Given, date]:
    """Give an enquiry of a referral, and by when capacity is to be recorded."""
    ask = ReceiveReferral(adult=ADULT, received=read("2026-11-02"))
    begun = given(jurisdiction=nation).when(ask, on="2026-11-02")
    enquiry = OpenEnquiry(
        enquiry=ENQUIRY, kind=nation.duty_enquiries[0], opened_on=date(2026, 11, 3)
    )
    history = begun.when(enquiry, on="2026-11-03").history
    due = history.case.capacity_due
    assert due is not None
    return history, due.on


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_that_it_could_not_be_determined_answers_in_time_where_it_says_why(
    nation: Jurisdiction,
) -> None:
    """Somebody looked and says what that rests on; without it nothing was found out (R49)."""
    begun, due = opened(nation)
    begun.also(at(due, UNKNOWN)).on("2027-06-01").then_no_finding("capacity_late")
    bare = begun.also(at(due, BARE))
    bare.on(due + timedelta(days=1)).then_finding("capacity_late")
    for answer in ("has_capacity", "lacks_capacity", "presumed"):
        one = replace(a_capacity(answer), evidence=None)
        begun.also(at(due, one)).on("2027-06-01").then_no_finding("capacity_late")
    later = bare.also(at("2027-01-18", a_capacity())).on("2027-06-01")
    (found,) = (one for one in later.findings() if one.code == "capacity_late")
    assert "the first is of 18 January 2027" in found.words


@pytest.mark.parametrize(
    ("code", "before", "wish"),
    [
        ("refusal_without_capacity", (), REFUSED),
        ("closed_on_request_without_capacity", (), ON_REQUEST),
        ("ceased_without_capacity", (an_enquiry(),), CEASED),
        ("plan_ended_on_request_unexplored", (PLANNED,), ENDED),
    ],
)
def test_a_wish_that_is_followed_rests_on_a_decision(
    code: str, before: tuple[object, ...], wish: object
) -> None:
    """Whether they can decide it is not known, whatever that rests on (R7, R120, C.7)."""
    begun = given(a_referral(), a_risk(), *before)
    for unknown in (UNKNOWN, BARE):
        begun.also(unknown, wish).then_finding(code)
        begun.also(unknown, a_capacity(), wish).then_no_finding(code)
    for answer in ("has_capacity", "lacks_capacity", "presumed"):
        begun.also(a_capacity(answer), wish).then_no_finding(code)


def test_views_ask_for_a_record_and_no_more() -> None:
    """What the adult thinks is heard whether or not they can decide (R49)."""
    met = given(a_referral(), at("2026-11-03", a_conference()), at("2026-11-04", UNKNOWN))
    heard = met.also(at("2026-11-23", a_held_conference(CONFERENCE)))
    heard.then_no_finding("views_without_capacity")
