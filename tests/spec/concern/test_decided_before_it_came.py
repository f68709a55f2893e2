"""A duty to enquire is decided of a concern that came in, by what is now understood of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.closure import CaseReopened
from domain.correction import RecordCorrected
from domain.duty import DecideDuty
from domain.jurisdictions import Jurisdiction
from domain.when import read
from domain.words import Code
from tests.controls import NATIONS, a_closure, a_referral
from tests.given import Given, at, given
from tests.spec.concern.test_duty_met import decide

RULES = ("R150",)
CODE = "duty_decided_before_referral"
EACH_NATION = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)


def corrected(target: int, occurred: str | None) -> RecordCorrected:
    """Give a correction of an entry: to another time, or back to what was recorded."""
    return RecordCorrected(
        target=target,
        supersedes=None,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        occurred=None if occurred is None else read(occurred),
        withdrawn=False,
    )


def decided(nation: Jurisdiction, referred: str, day: str, *more: object) -> Given:
    """Begin with a referral received then, and the duty decided on a day."""
    begun = given(at("2026-11-10", a_referral(referred), occurred=referred), jurisdiction=nation)
    asked: DecideDuty = replace(decide(nation), decided_on=date.fromisoformat(day))
    return begun.when(asked, on="2026-11-12").history.also(*more)


@EACH_NATION
@pytest.mark.parametrize(
    ("referred", "day", "fires"),
    [
        ("2026-11-09", "2026-11-06", True),
        ("2026-11-09", "2026-11-09", False),
        ("2026-11-09", "2026-11-10", False),
        ("2026-11", "2026-11-06", False),
        ("2026-11-09?", "2026-11-06", False),
        ("unknown", "2026-11-06", False),
    ],
)
def test_a_decision_follows_the_referral(
    nation: Jurisdiction, referred: str, day: str, *, fires: bool
) -> None:
    """One dated for certain before any referral was received is asked about; low (R150)."""
    story = decided(nation, referred, day)
    (story.then_finding if fires else story.then_no_finding)(CODE)
    if fires:
        story.then_finding(CODE, severity="low")


@EACH_NATION
def test_a_referral_dated_anew_may_come_to_lie_after_it(nation: Jurisdiction) -> None:
    """By the corrected day, and by the first once that is said again (L4)."""
    story = decided(nation, "2026-11-02", "2026-11-04").then_no_finding(CODE)
    later = story.also(at("2026-11-16", corrected(1, "2026-11-09")))
    later.then_finding(CODE)
    later.also(at("2026-11-17", corrected(1, "2026-11-02"))).then_no_finding(CODE)


def test_a_case_taken_up_again_has_an_earlier_referral() -> None:
    """A decision after a first referral stays after it, whatever came since."""
    again = CaseReopened(reason=Code("new_information"))
    more = (at("2026-12-01", a_closure()), at("2026-12-08", again))
    decided(NATIONS[0], "2026-11-02", "2026-11-04", *more).then_no_finding(CODE)
