"""A referral that reopens a case has a time of its own, and a conference late for it is late."""

from __future__ import annotations

from datetime import date

from domain.closure import CaseReopened
from domain.concern import LinkReferral
from domain.conference import DelayReasonRecorded
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import read
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    REVIEW,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    words,
)
from tests.given import Given, at, given

RULES = ("R198",)
LATE = "conference_late"


def reopened() -> Given:
    """Give a case closed in October and reopened by a referral of 16 November: due 15 December."""
    begun = given(
        a_referral("2026-09-01"),
        a_conference("2026-09-21"),
        at("2026-09-21", a_held_conference(CONFERENCE)),
        at("2026-10-01", a_closure()),
        at("2026-11-16", CaseReopened(reason=Code("new_referral"))),
        jurisdiction=SCOTLAND,
    )
    return begun.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16").history


def met(day: str, *before: object) -> Given:
    """Hold the conference of the new episode on a day, after these."""
    called = at("2026-12-01", a_conference(day, REVIEW))
    return reopened().also(called, *before, at(day, a_held_conference(REVIEW))).on("2027-03-01")


def test_a_conference_late_for_the_referral_that_reopened_the_case_is_late() -> None:
    """It hangs on that referral, past its own day; the first episode was in time (R198, G11)."""
    met("2026-12-15").then_no_finding(LATE)
    late = met("2026-12-16").then_finding(LATE, severity="medium")
    (found,) = (one for one in late.findings() if one.code == LATE)
    linked = next(one for one in late.facts if one.header.name == "referral-linked")
    assert (found.position, found.due) == (linked.position, date(2026, 12, 15))
    late.then_no_finding("conference_overdue")


def test_with_a_reason_it_is_late_and_explained() -> None:
    """A reason given while it was awaited makes it the lighter finding (R198)."""
    why = DelayReasonRecorded(reason=words("The adult was in hospital."))
    met("2026-12-16", at("2026-12-10", why)).then_finding(LATE, severity="low")
