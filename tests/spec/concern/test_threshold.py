from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.concern import (
    LinkReferral,
    ReceiveReferral,
    ReferralLinked,
    ReferralReceived,
    RepeatReferralThresholdReached,
)
from domain.duty import Criterion, DecideDuty, Section42DutyDecided, ThreePointCriteriaDetermined
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import read
from domain.words import Code
from tests.controls import ADULT, NATIONS, a_referral, an_allegation, words
from tests.given import at, given

RULES = ("R154", "R198", "R200")


def receive(day: str, *earlier: str) -> ReceiveReferral:
    """Ask to record a referral, with the days of earlier ones."""
    return ReceiveReferral(
        adult=ADULT,
        received=read(day),
        allegations=(an_allegation(),),
        earlier_referrals=tuple(read(one) for one in earlier),
    )


def decide_duty(nation: Jurisdiction, result: str, answer: str = "yes") -> DecideDuty:
    """Ask to decide the duty with the same answer to every criterion."""
    return DecideDuty(
        criteria=tuple(Criterion(criterion=one, answer=Code(answer)) for one in nation.criteria),
        result=Code(result),
        decided_on=date(2026, 11, 3),
        rationale=words("Told by two people; the adult agrees."),
    )


def test_a_referral_starts_the_scottish_clock() -> None:
    """Receiving a referral in Scotland stores the day its conference is due, and how (R198)."""
    outcome = given(jurisdiction=SCOTLAND).when(receive("2026-11-02"))
    outcome.then_recorded(ReferralReceived)

    event = outcome.events[0]
    assert isinstance(event, ReferralReceived)
    assert event.conference_due is not None
    assert event.conference_due.on == date(2026, 12, 1)
    assert event.conference_due.skipped == (date(2026, 11, 30),)


def test_england_sets_no_date() -> None:
    """Where the nation gives no limit, none is invented (G3)."""
    outcome = given().when(receive("2026-11-02"))

    event = outcome.events[0]
    assert isinstance(event, ReferralReceived)
    assert event.conference_due is None


def test_a_case_begins_once() -> None:
    """A second referral into a case that has begun is refused; it is linked instead (I1)."""
    given(a_referral()).when(receive("2026-11-02")).then_refused("I1", code="case_exists")


def test_the_third_referral_in_six_months() -> None:
    """The third referral within six calendar months is marked, with the window it used (R200)."""
    outcome = given(jurisdiction=SCOTLAND).when(receive("2026-11-02", "2026-05-02", "2026-08-01"))
    outcome.then_recorded(ReferralReceived, RepeatReferralThresholdReached)

    reached = outcome.events[1]
    assert reached == RepeatReferralThresholdReached(
        count=3,
        needed=3,
        window_from=date(2026, 5, 2),
        window_to=date(2026, 11, 2),
        referrals=(read("2026-05-02"), read("2026-08-01"), read("2026-11-02")),
    )


@pytest.mark.parametrize(
    "earlier", [("2026-05-01", "2026-08-01"), ("2026-08-01",), ("2026-11-03", "2026-11-04")]
)
def test_fewer_than_three_in_the_window(earlier: tuple[str, ...]) -> None:
    """A referral before the window, or dated after this one, does not count (R200)."""
    asked = given(jurisdiction=SCOTLAND).when(receive("2026-11-02", *earlier), on="2026-11-05")
    asked.then_recorded(ReferralReceived)


def test_linked_referrals_count() -> None:
    """Referrals linked to the open episode count to the three (R200)."""
    history = given(a_referral("2026-11-02"), jurisdiction=SCOTLAND)
    second = history.when(LinkReferral(received=read("2026-11-09")), on="2026-11-09")
    second.then_recorded(ReferralLinked)

    third = second.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16")
    third.then_recorded(ReferralLinked, RepeatReferralThresholdReached)
    third.then_finding("threshold_without_conference")


@pytest.mark.parametrize(
    ("nation", "result", "kind", "duty"),
    [
        (ENGLAND, "section_42", Section42DutyDecided, "arises"),
        (ENGLAND, "other_enquiry", Section42DutyDecided, "does not"),
        (SCOTLAND, "inquiry", ThreePointCriteriaDetermined, "arises"),
        (SCOTLAND, "criteria_not_met", ThreePointCriteriaDetermined, "does not"),
    ],
)
def test_the_duty_is_decided_in_the_nations_words(
    nation: Jurisdiction, result: str, kind: type, duty: str
) -> None:
    """The decision is recorded under the nation's own name, and says whether the duty arises."""
    outcome = given(a_referral(), jurisdiction=nation).when(decide_duty(nation, result))
    outcome.then_recorded(kind)

    event = outcome.events[0]
    assert isinstance(event, Section42DutyDecided | ThreePointCriteriaDetermined)
    assert event.met is (duty == "arises")


@pytest.mark.parametrize("nation", NATIONS)
def test_a_result_its_criteria_do_not_support(nation: Jurisdiction) -> None:
    """A duty found although a criterion fails is recorded, and criticised (R154)."""
    result = "section_42" if nation is ENGLAND else "inquiry"
    history = given(a_referral(), jurisdiction=nation)

    history.when(decide_duty(nation, result, "no")).then_finding("duty_differs_from_criteria")
    history.when(decide_duty(nation, result)).then_no_finding("duty_differs_from_criteria")


def test_no_decision_on_record() -> None:
    """A concern without a decision is criticised once the time for one has passed (R150)."""
    history = given().when(receive("2026-11-02"), on="2026-11-02").history

    history.on("2026-11-03").then_no_finding("duty_not_decided")
    history.on("2026-11-04").then_finding("duty_not_decided")


def test_a_day_that_closed_later_makes_nothing_late_in_time() -> None:
    """By when the duty is to be decided is told as it was reckoned, not by today's calendar (R150).

    A finding of the past is otherwise another finding tomorrow.
    """
    (event, *_) = given().when(receive("2026-11-02"), on="2026-11-02").events

    assert isinstance(event, ReferralReceived)
    assert event.decision_due is not None
    assert event.decision_due.on == date(2026, 11, 3)
    later = replace(event, decision_due=replace(event.decision_due, on=date(2026, 11, 20)))
    given(at("2026-11-02", later)).on("2026-11-20").then_no_finding("duty_not_decided")
    given(at("2026-11-02", later)).on("2026-11-21").then_finding("duty_not_decided")


def test_a_code_of_the_other_nation() -> None:
    """A code that is not in this nation's list is refused (I11)."""
    command = decide_duty(SCOTLAND, "inquiry")
    given(a_referral()).when(command).then_refused("I11", code="not_in_list")
