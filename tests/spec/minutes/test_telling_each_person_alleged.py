"""What each person alleged to have caused harm is told is decided person by person."""

from __future__ import annotations

from dataclasses import replace

from domain.enquiry import PachIdentified
from domain.feedback import DecidePachFeedback, PachFeedbackDecided
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    OFFICER,
    PACH,
    SISTER,
    a_conference,
    a_held_conference,
    a_referral,
)
from tests.given import Given, at, given

RULES = ("R172",)

ONE = PachIdentified(person=PACH, allegations=(), adult_at_risk=Code("no"))
TWO = replace(ONE, person=SISTER)
TOLD = DecidePachFeedback(conference=CONFERENCE, content=Code("limited"), assignee=OFFICER)
CODE = "pach_feedback_not_decided"


def held(*before: object) -> Given:
    """Begin with a conference held on 23 November after these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), *before, a_conference(), meeting)


def test_what_is_decided_of_one_decides_nothing_of_another() -> None:
    """Of two people, each is to be decided on; a decision on nobody by name is of none (R172)."""
    for ask in (TOLD, replace(TOLD, pach=PACH), replace(TOLD, pach=SISTER)):
        held(ONE, TWO).when(ask).then_finding(CODE, severity="high")
    first = held(ONE, TWO).when(replace(TOLD, pach=PACH))
    first.then(
        PachFeedbackDecided(
            conference=CONFERENCE,
            audience=Code("pach"),
            pach=PACH,
            content=Code("limited"),
            assignee=OFFICER,
        )
    )
    first.when(replace(TOLD, pach=SISTER)).then_no_finding(CODE)


def test_a_decision_on_nobody_by_name_is_of_the_only_one() -> None:
    """Where one person was known by the meeting, a decision need not name them (R172)."""
    held(ONE).when(TOLD).then_no_finding(CODE)
    held(ONE).when(replace(TOLD, pach=PACH)).then_no_finding(CODE)
    held(ONE).when(replace(TOLD, pach=SISTER)).then_finding(CODE)
    since = at("2026-12-01", TWO)  # identified after the meeting, which could not decide on them
    held(ONE).when(TOLD).history.also(since).then_no_finding(CODE)
