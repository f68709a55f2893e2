"""Conferences that have one number: which of them came first is told by the order of entry."""

from __future__ import annotations

from dataclasses import replace

from domain.conference import ConferenceConvened, ConveneConference
from domain.when import read
from domain.words import Code, ConferenceRef
from tests.controls import CONFERENCE, REVIEW, a_conference, a_referral, ref
from tests.given import given

RULES = ("R3", "R4", "R177")

UNSAID = Code("not_recorded")
CODE = "further_conference_unexplained"


def test_the_second_of_one_number_is_asked_for_its_reason() -> None:
    """Where the first stands again beside one convened since, that is a further one (R4)."""
    first = a_conference()
    second = replace(a_conference(conference=REVIEW), sequence=1, reason=UNSAID)
    given(a_referral(), first, second).then_finding(CODE)
    given(a_referral(), replace(first, reason=UNSAID)).then_no_finding(CODE)
    explained = replace(second, reason=first.reason)
    given(a_referral(), replace(first, reason=UNSAID), explained).then_no_finding(CODE)


def test_a_review_of_the_same_number_follows_the_conference_before_it() -> None:
    """An initial conference entered before it, under the same number, is before it (R177)."""
    review = replace(a_conference(conference=REVIEW, kind="review"), sequence=1)
    given(a_referral(), a_conference(), review).then_no_finding("no_initial_conference")
    given(a_referral(), review, a_conference()).then_finding("no_initial_conference")


def test_a_conference_is_numbered_behind_the_last_that_stands() -> None:
    """The number of one that stands is not given again, where one before it was withdrawn (R3)."""
    third = ConferenceRef(ref(153))
    ask = ConveneConference(
        conference=third, kind=Code("review"), planned_for=read("2026-12-23"), reason=UNSAID
    )
    (event,) = given(a_referral(), a_conference(conference=REVIEW)).when(ask).events
    assert isinstance(event, ConferenceConvened)
    assert event.sequence == 3
    doubled = replace(a_conference(conference=REVIEW), sequence=1)
    (event,) = given(a_referral(), a_conference(), doubled).when(ask).events
    assert isinstance(event, ConferenceConvened)
    assert event.sequence == 3
    assert third != CONFERENCE
