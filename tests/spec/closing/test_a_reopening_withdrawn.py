"""Where a reopening is withdrawn, what stands of the second round was begun in a closed case."""

from __future__ import annotations

from dataclasses import replace

from domain.closure import CaseReopened
from domain.correction import CorrectRecord
from domain.words import Code, ConferenceRef, PlanRef
from tests.controls import a_closure, a_conference, a_held_conference, a_referral, ref
from tests.given import Given, at, given
from tests.spec.closing.test_what_came_after_the_end import A_PLAN, CODE, where

RULES = ("R154",)
SECOND, ANOTHER = ConferenceRef(ref(777)), PlanRef(ref(778))


def twice() -> Given:
    """Give a case closed in October, taken up again in November and closed in December."""
    return given(
        at("2026-09-01", a_referral("2026-09-01")),
        at("2026-09-03", a_conference()),
        at("2026-09-16", a_held_conference()),
        at("2026-10-01", a_closure()),
        at("2026-11-02", CaseReopened(reason=Code("new_information"))),
        at("2026-11-03", replace(a_conference(), conference=SECOND)),
        at("2026-11-16", a_held_conference(SECOND)),
        at("2026-11-16", replace(A_PLAN, plan=ANOTHER)),
        at("2026-12-01", a_closure()),
    )


def test_the_second_round_was_begun_in_a_closed_case() -> None:
    """The closing of October stands, though that of December counts: each is named once."""
    assert where(twice()) == []
    gone = CorrectRecord(target=5, reason=Code("entered_wrongly"), withdrawn=True)
    without = twice().when(gone, on="2026-12-10").history
    assert sorted(where(without), key=str) == [6, 7, 8]
    without.then_finding(CODE, severity="medium").then_finding("closed_again")


def test_a_closing_told_late_of_an_earlier_day_names_nothing() -> None:
    """What was entered while no closing was is not said to be of a closed case; the day counts."""
    late = given(
        at("2026-09-01", a_referral("2026-09-01")),
        at("2026-11-03", a_conference()),
        at("2026-11-16", a_held_conference()),
        at("2026-12-01", a_closure()),
        at("2026-12-10", a_closure(), occurred="2026-10-01"),
    )
    late.then_finding("closed_again").then_no_finding(CODE)
