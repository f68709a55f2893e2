"""Somebody identified as alleged to have caused harm after the meeting is decided on by closing."""

from __future__ import annotations

from domain.enquiry import PachIdentified
from domain.feedback import FeedbackNotGiven, PachFeedbackDecided
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    PACH,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
)
from tests.given import Given, at, given

RULES = ("R172",)

CODE = "pach_feedback_not_decided"
KNOWN = at("2026-11-24", PachIdentified(person=PACH, allegations=(), adult_at_risk=Code("no")))
CLOSED = at("2026-12-20", a_closure())


def met(*more: object) -> Given:
    """A conference of 23 November, and these."""
    return given(a_referral(), a_conference(), at("2026-11-23", a_held_conference()), *more)


def test_who_was_identified_since_is_decided_on_by_closing() -> None:
    """Identified the day after, and nothing ever decided on what they are told (R172)."""
    met(KNOWN).then_no_finding(CODE)
    met(KNOWN, CLOSED).then_finding(CODE, severity="medium")
    met(CLOSED).then_no_finding(CODE)
    decided = PachFeedbackDecided(
        conference=CONFERENCE, audience=Code("pach"), pach=PACH, content=Code("none")
    )
    met(KNOWN, at("2026-11-30", decided), CLOSED).then_no_finding(CODE)
    not_told = FeedbackNotGiven(audience=Code("pach"), reason=Code("raises_risk"))
    met(KNOWN, at("2026-11-30", not_told), CLOSED).then_no_finding(CODE)
