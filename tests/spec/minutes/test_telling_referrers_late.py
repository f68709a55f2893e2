"""Whoever referred and is told long after the closing was told, and late."""

from __future__ import annotations

from dataclasses import replace

from domain.closure import CaseReopened
from domain.words import Code
from tests.controls import a_closure, a_conference, a_held_conference, a_referral
from tests.given import at, given
from tests.spec.minutes.test_telling_each_referrer import NOT_TOLD, TOLD, again, closed

RULES = ("R171",)
CODE = "referrer_told_late"


def test_a_referrer_told_months_after_the_closing_was_told_late() -> None:
    """By a month from the closing it is in time; later it stays late (R171, C.7)."""
    closed(TOLD).on("2027-06-01").then_no_finding(CODE)
    in_time = closed().also(at("2027-01-01", TOLD)).on("2027-06-01")
    in_time.then_no_finding(CODE).then_no_finding("referrer_not_told")
    late = closed().also(at("2027-05-03", TOLD)).on("2027-06-01")
    late.then_finding(CODE, severity="low").then_no_finding("referrer_not_told")
    twice = closed(TOLD).also(at("2027-05-03", TOLD)).on("2027-06-01")
    twice.then_no_finding(CODE)


def test_of_several_who_referred_the_one_told_late_is_named() -> None:
    """One told in time is not the other; that one is not to be told is decided any time (R171)."""
    closed(again(), TOLD).also(at("2027-05-03", TOLD)).on("2027-06-01").then_finding(CODE)
    both = closed(again(), TOLD, TOLD).also(at("2027-05-03", TOLD)).on("2027-06-01")
    both.then_no_finding(CODE)
    since = closed(TOLD).also(again("2027-04-28"), at("2027-05-03", TOLD)).on("2027-06-01")
    since.then_no_finding(CODE)  # who referred afterwards
    closed().also(at("2027-05-03", NOT_TOLD)).on("2027-06-01").then_no_finding(CODE)


def test_it_stays_late_where_the_case_is_taken_up_again() -> None:
    """A reopening makes no telling earlier; what an earlier day told is kinder (R171)."""
    reopened = at("2027-05-10", CaseReopened(reason=Code("new_information")))
    late = closed().also(at("2027-05-03", TOLD), reopened).on("2027-06-01")
    late.then_finding(CODE, severity="low")
    dated = closed().also(at("2027-05-03", TOLD, occurred="2026-12-10")).on("2027-06-01")
    dated.then_no_finding(CODE)
    vague = closed().also(at("2027-05-03", TOLD, occurred="2026-12/2027-05")).on("2027-06-01")
    vague.then_no_finding(CODE)


def test_an_adult_who_referred_is_told_late_as_the_adult() -> None:
    """Where the referral is the adult's own, so is what comes late (R171)."""
    own = replace(a_referral(), referrer_role=Code("self"))
    adult = replace(TOLD, audience=Code("adult"))
    meeting = (a_conference(), at("2026-11-23", a_held_conference()))
    end = at("2026-12-01", a_closure())
    given(own, *meeting, end, at("2027-05-03", adult)).on("2027-06-01").then_finding(CODE)
    other = given(a_referral(), *meeting, TOLD, end, at("2027-05-03", adult)).on("2027-06-01")
    other.then_no_finding(CODE)
