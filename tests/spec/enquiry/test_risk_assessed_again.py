"""Risk assessed without the likelihood of its return, and assessed again with it."""

from __future__ import annotations

from dataclasses import replace

from domain.assessment import AssessRisk
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
)
from tests.given import Given, at, given

RULES = ("R68",)
CODE = "recurrence_not_assessed"
BARE = replace(a_risk(), recurrence=Code("not_assessed"))
AGAIN = AssessRisk(level=Code("medium"), recurrence=Code("possible"))


def assessed(*risks: object) -> Given:
    """Begin with these assessments, each of a day, and a conference held."""
    return given(a_referral(), a_conference(), *risks, at("2026-11-23", a_held_conference()))


def test_what_was_left_open_is_assessed_later() -> None:
    """An assessment that says how likely a return is answers for those before it (R68)."""
    history = assessed(at("2026-11-04", BARE), at("2026-11-05", BARE))
    assert sum(one.code == CODE for one in history.findings()) == 2
    history.when(AGAIN).then_no_finding(CODE)
    history.when(replace(AGAIN, recurrence=Code("not_assessed"))).then_finding(CODE)


def test_what_was_assessed_before_says_nothing_of_now() -> None:
    """A likelihood assessed earlier is not that of an assessment that came after it (R68)."""
    assessed(at("2026-11-04", a_risk()), at("2026-11-18", BARE)).then_finding(CODE)
    late = at("2026-11-20", a_risk(), occurred="2026-11-03")
    assessed(at("2026-11-18", BARE), late).then_finding(CODE)  # entered late, and of before


def test_one_conference_assesses_once() -> None:
    """Of several records of one conference's assessment one that says it is enough (R68)."""
    there = replace(BARE, conference=CONFERENCE)
    history = assessed().also(replace(a_risk(), conference=CONFERENCE), there)
    history.then_no_finding(CODE)
    assessed().also(a_risk(), there).then_finding(CODE)
