"""What was overdue as a case was closed stays so: a closing puts nothing right that it came after.

Of a case closed by the day, or one whose adult died, nothing was due any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.closure import CaseReopened
from domain.concern import LinkReferral, ReceiveReferral
from domain.duty import DecideDuty
from domain.enquiry import OpenEnquiry
from domain.intake import ConcernRedirected
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.sitting import HoldConference
from domain.when import read
from domain.words import Code
from tests.controls import (
    ADULT,
    CONFERENCE,
    ENQUIRY,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    an_allegation,
)
from tests.given import At, Given, at, given
from tests.spec.conference.test_meeting import A_PLAN

RULES = ("R4", "R150", "R180")

EACH = pytest.mark.parametrize("nation", [ENGLAND, SCOTLAND], ids=lambda one: one.code)
DIED = replace(a_closure(), reason=Code("died"), reason_other=None)


def received(nation: Jurisdiction) -> Given:
    """Begin with a referral of 2 November, whose decision is due on 4 November."""
    ask = ReceiveReferral(adult=ADULT, received=read("2026-11-02"), allegations=(an_allegation(),))
    return given(jurisdiction=nation).when(ask, on="2026-11-02").history


@EACH
def test_a_duty_left_undecided_is_so_after_the_closing(nation: Jurisdiction) -> None:
    """Closed after its day it was due, before or on it, or for a death, it was not (R150)."""
    code = "duty_not_decided"
    received(nation).also(at("2027-02-01", a_closure())).on("2027-03-01").then_finding(code)
    for one in (at("2026-11-03", a_closure()), at("2027-02-01", DIED)):
        received(nation).also(one).on("2027-03-01").then_no_finding(code)
    sent = ConcernRedirected(
        to=Code("information_and_advice"), adult_told=Code("yes"), referrer_told=Code("yes")
    )
    for day, fires in (("2026-11-03", False), ("2026-12-01", True)):
        ended = received(nation).also(at(day, sent), at("2027-02-01", a_closure()))
        late = ended.on("2027-03-01")
        (late.then_finding if fires else late.then_no_finding)(code)
    decide = DecideDuty(criteria=(), result=Code("inquiry"), decided_on=date(2026, 11, 3))
    decided = received(SCOTLAND).when(decide, on="2026-11-03").history
    decided.also(at("2027-02-01", a_closure())).on("2027-03-01").then_no_finding(code)


@EACH
def test_of_an_earlier_episode_a_duty_is_spared_as_of_the_last(nation: Jurisdiction) -> None:
    """Closed by its day, for a death, or sent on in time; taken up since on a new referral (R150).

    Closed after its day for anything else, it stays undecided.
    """
    sent = ConcernRedirected(
        to=Code("information_and_advice"), adult_told=Code("yes"), referrer_told=Code("yes")
    )
    again = LinkReferral(received=read("2027-02-08"), allegations=())
    ended: list[tuple[tuple[At, ...], bool]] = [
        ((at("2026-11-03", a_closure()),), False),
        ((at("2027-02-01", DIED),), False),
        ((at("2026-11-03", sent), at("2027-02-01", a_closure())), False),
        ((at("2026-12-01", sent), at("2027-02-01", a_closure())), True),
        ((at("2027-02-01", a_closure()),), True),
    ]
    for events, fires in ended:
        reopened = at("2027-02-08", CaseReopened(reason=Code("new_referral")))
        history = received(nation).also(*events, reopened).when(again, on="2027-02-08").history
        found = [one for one in history.on("2027-02-09").findings() if one.position == 1]
        assert ("duty_not_decided" in {one.code for one in found}) is fires


@EACH
def test_an_enquiry_past_its_day_is_so_after_the_closing(nation: Jurisdiction) -> None:
    """Neither reported nor ended by its day, nor by a closing that came after it (R4, R150)."""
    code = "enquiry_overdue"
    ask = OpenEnquiry(enquiry=ENQUIRY, kind=nation.duty_enquiries[0], opened_on=date(2026, 11, 2))
    opened = given(a_referral(), jurisdiction=nation).when(ask).history
    opened.also(at("2027-02-01", a_closure())).on("2027-03-01").then_finding(code)
    for one in (at("2026-11-11", a_closure()), at("2027-02-01", DIED)):
        opened.also(one).on("2027-03-01").then_no_finding(code)
    reported = opened.also(at("2026-11-09", a_report()), at("2027-02-01", a_closure()))
    reported.on("2027-03-01").then_no_finding(code)


def test_a_core_group_past_its_day_is_so_after_the_closing() -> None:
    """Of a plan that had not ended as the case was closed; one closed by its day is not (R180)."""
    code = "core_group_overdue"
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    first = given(a_referral(), a_report(), a_conference(), jurisdiction=SCOTLAND)
    planned = first.when(ask, on="2026-11-30").history.also(A_PLAN)
    planned.also(at("2027-02-01", a_closure())).on("2027-03-01").then_finding(code)
    planned.also(at("2026-12-28", a_closure())).on("2027-03-01").then_no_finding(code)
