"""A closing ends the time to a conference: in time nothing more is due, late stays late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.closure import CaseReopened
from domain.concern import LinkReferral, ReceiveReferral, RepeatReferralThresholdReached
from domain.conference import ConferenceNotRequired, DelayReasonRecorded
from domain.correction import CorrectRecord
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.policy import Policy
from domain.when import read
from domain.words import Code, Slug
from tests.controls import (
    ADULT,
    CONFERENCE,
    a_closure,
    a_conference,
    a_held_conference,
    words,
)
from tests.given import Given, at, given

RULES = ("R198", "R200")
OVERDUE, LATE = "conference_overdue", "conference_late"
AGAINST = ConferenceNotRequired(reason=Code("resolved"), rationale=words("She is safe."))
YEARS_AFTER = "2029-03-01"
REASONS = ("died", "moved", "criteria_not_met", "no_longer_at_risk")
NEW = CaseReopened(reason=Code("new_information"))


def received() -> Given:
    """Give a referral of June; its conference is due by the 30th."""
    ask = ReceiveReferral(adult=ADULT, received=read("2026-06-01"))
    begun = given(jurisdiction=SCOTLAND).when(ask, on="2026-06-01").history
    assert begun.case.conference_due == date(2026, 6, 30)
    return begun


def closed(day: str, reason: str = "died") -> Given:
    """Close it on a day."""
    return received().also(at(day, replace(a_closure(), reason=Code(reason), reason_other=None)))


@pytest.mark.parametrize("reason", REASONS)
def test_closed_in_time_nothing_more_is_due(reason: str) -> None:
    """By its last day the closing ends the time, whatever it was for (R198)."""
    for day in ("2026-06-08", "2026-06-30"):
        closed(day, reason).on(YEARS_AFTER).then_no_finding(OVERDUE).then_no_finding(LATE)


def test_closed_late_it_stays_late() -> None:
    """After that day it is late, and no longer awaited; a reason makes it lighter (R198)."""
    late = closed("2026-07-01").on(YEARS_AFTER).then_finding(LATE, severity="medium")
    late.then_no_finding(OVERDUE)
    (one,) = (one for one in late.findings() if one.code == LATE)
    assert one.words == (
        "The conference was due by 30 June 2026 and ceased to be due as the case was closed on "
        "1 July 2026. No reason is recorded."
    )
    why = at("2026-06-26", DelayReasonRecorded(reason=words("She was in hospital.")))
    closing = at("2026-07-01", a_closure())
    received().also(why, closing).on(YEARS_AFTER).then_finding(LATE, severity="low")


def test_a_closing_of_no_certain_day_is_read_kindly() -> None:
    """It may have been in time (R198)."""
    unknown = received().also(at("2026-07-08", a_closure(), occurred="2026-06-29/2026-07-08"))
    unknown.on(YEARS_AFTER).then_no_finding(OVERDUE).then_no_finding(LATE)


def test_an_authoritys_own_time_ends_so_too() -> None:
    """In England a limit is the authority's own, and ends as it does in Scotland (R198)."""
    days = {"initial_conference": replace(SCOTLAND.limits["initial_conference"])}
    own = Policy(version=Slug("local-1"), effective=date(2026, 4, 1), limits=days)
    ask = ReceiveReferral(adult=ADULT, received=read("2026-06-01"))
    begun = given(jurisdiction=ENGLAND, policies=(own,)).when(ask, on="2026-06-01").history
    begun.on(YEARS_AFTER).then_finding(OVERDUE)
    ended = begun.also(at("2026-06-08", a_closure()))
    ended.on(YEARS_AFTER).then_no_finding(OVERDUE).then_no_finding(LATE)


def test_a_case_closed_in_time_and_taken_up_again() -> None:
    """That time is over, and one that a new referral begins is its own (R198, G11)."""
    again = closed("2026-06-08", "no_longer_at_risk").also(at("2026-07-20", NEW))
    again.on(YEARS_AFTER).then_no_finding(OVERDUE)
    linked = closed("2026-06-08").when(LinkReferral(received=read("2026-07-20")), on="2026-07-20")
    opened = linked.history.also(at("2026-07-20", CaseReopened(reason=Code("new_referral"))))
    opened.on("2026-08-18").then_no_finding(OVERDUE)
    opened.on("2026-08-19").then_finding(OVERDUE)
    ended = opened.also(at("2026-08-03", a_closure()))
    ended.on(YEARS_AFTER).then_no_finding(OVERDUE).then_no_finding(LATE)
    late = opened.also(at("2026-08-19", a_closure())).on(YEARS_AFTER)
    late.then_finding(LATE).then_no_finding(OVERDUE)


def test_a_closing_in_error_ends_nothing() -> None:
    """After it the same time goes on; so it does where the closing is withdrawn (R198)."""
    error = closed("2026-06-08").also(
        at("2026-06-10", CaseReopened(reason=Code("closed_in_error")))
    )
    error.on("2026-07-01").then_finding(OVERDUE)
    withdrawn = closed("2026-06-08").when(
        CorrectRecord(target=2, reason=Code("entered_wrongly"), withdrawn=True), on="2026-06-10"
    )
    withdrawn.on("2026-07-01").then_finding(OVERDUE)


def test_the_day_shown_is_of_the_episode_that_goes_on() -> None:
    """What was due in an earlier one is not due in this (R198)."""
    again = closed("2026-06-08").also(at("2026-07-20", NEW))
    assert closed("2026-06-08").case.conference_due == date(2026, 6, 30)
    assert again.case.conference_due is None
    linked = closed("2026-06-08").when(LinkReferral(received=read("2026-07-20")), on="2026-07-20")
    assert linked.history.case.conference_due == date(2026, 6, 30)  # closed still
    opened = linked.history.also(at("2026-07-20", CaseReopened(reason=Code("new_referral"))))
    assert opened.case.conference_due == date(2026, 8, 18)
    error = closed("2026-06-08").also(
        at("2026-06-10", CaseReopened(reason=Code("closed_in_error")))
    )
    assert error.case.conference_due == date(2026, 6, 30)


def test_no_day_is_shown_of_a_conference_that_was_decided_against() -> None:
    """What was held not to be required is awaited no more; what is asked anew since is (R198)."""
    assert received().also(at("2026-06-08", AGAINST)).case.conference_by is None
    ended = received().also(at("2026-06-08", AGAINST), at("2026-06-10", a_closure()))
    linked = ended.when(LinkReferral(received=read("2026-07-20")), on="2026-07-20")
    opened = linked.history.also(at("2026-07-20", CaseReopened(reason=Code("new_referral"))))
    assert opened.case.conference_due == date(2026, 8, 18)


def test_the_day_shown_is_of_the_third_referral_once_it_asks() -> None:
    """The first's conference was held; the third has its own day (R200, G11)."""
    met = received().also(
        at("2026-06-15", a_conference("2026-06-15")),
        at("2026-06-15", a_held_conference(CONFERENCE)),
    )
    second = met.when(LinkReferral(received=read("2026-06-22")), on="2026-06-22")
    third = second.when(LinkReferral(received=read("2026-06-29")), on="2026-06-29")
    assert isinstance(third.events[-1], RepeatReferralThresholdReached)
    assert third.history.case.conference_due == date(2026, 7, 27)


def test_repeats_after_a_closing_in_time_have_a_time_of_their_own() -> None:
    """The first's time is over, so that the third of an episode without one begins its own."""
    again = closed("2026-06-08").also(at("2026-07-20", NEW))
    second = again.when(LinkReferral(received=read("2026-07-27")), on="2026-07-27")
    third = second.when(LinkReferral(received=read("2026-08-03")), on="2026-08-03")
    reached = third.events[-1]
    assert isinstance(reached, RepeatReferralThresholdReached)
    assert reached.conference_due is not None
    assert reached.conference_due.on == date(2026, 8, 31)
