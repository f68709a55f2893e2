"""Of somebody identified after the conference it is decided before the case is closed."""

from __future__ import annotations

import pytest

from domain.enquiry import PachIdentified
from domain.feedback import DecidePachFeedback
from domain.words import Code, Slug
from tests.controls import (
    CONFERENCE,
    OFFICER,
    PACH,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
)
from tests.given import Given, at, given

RULES = ("R78", "R173")
KNOWN = PachIdentified(
    person=PACH, allegations=(), employer=Slug("acorn-care"), adult_at_risk=Code("no")
)


def identified() -> Given:
    """Give a case whose conference was held, and somebody was identified a week later."""
    met = given(a_referral(), a_conference(), at("2026-11-23", a_held_conference()))
    return met.also(at("2026-12-01", KNOWN))


@pytest.mark.parametrize("code", ["pach_not_decided", "employer_feedback_not_decided"])
def test_what_nobody_decided_is_said_at_the_closing(code: str) -> None:
    """While it is open it can still be decided (R78, R173)."""
    identified().on("2026-12-20").then_no_finding(code)
    identified().also(at("2027-01-11", a_closure())).then_finding(code, severity="medium")


def test_what_was_decided_since_is_not() -> None:
    """A decision that comes after the meeting is one (R173)."""
    told = DecidePachFeedback(
        conference=CONFERENCE,
        audience=Code("employer"),
        content=Code("limited"),
        organisation=Slug("acorn-care"),
        assignee=OFFICER,
    )
    decided = identified().when(told, on="2026-12-07").history
    closed = decided.also(at("2027-01-11", a_closure()))
    closed.then_no_finding("employer_feedback_not_decided")
