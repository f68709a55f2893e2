"""Outcomes that do not agree with one another, and said anew so that they do."""

from __future__ import annotations

from domain.outcome import AdultOutcomeRecorded, RecordAdultOutcome
from domain.words import AllegationRef, Code
from tests.controls import ALLEGATION, SECOND_ALLEGATION, a_referral, an_allegation
from tests.given import Given, given

RULES = ("R125",)
CODE = "no_action_beside_action"


def came(*codes: str, of: AllegationRef | None = ALLEGATION) -> AdultOutcomeRecorded:
    """Give outcomes for the adult, recorded at once."""
    return AdultOutcomeRecorded(outcomes=tuple(Code(one) for one in codes), allegation=of)


def case(*more: object) -> Given:
    """Begin with two allegations, and these."""
    return given(a_referral("2026-11-02", an_allegation(), an_allegation(1)), *more)


def test_outcomes_said_anew_agree() -> None:
    """Once it stands beside another outcome, what is recorded next says what came of it (R125)."""
    anew = RecordAdultOutcome(outcomes=(Code("civil_action"),), allegation=ALLEGATION)
    nothing = RecordAdultOutcome(outcomes=(Code("no_further_action"),), allegation=ALLEGATION)
    for beside in (
        case(came("no_further_action", "civil_action")),
        case(came("no_further_action"), came("civil_action")),
        case(came("civil_action"), came("no_further_action")),
    ):
        beside.then_finding(CODE)
        beside.when(anew).then_no_finding(CODE)
        beside.when(nothing).then_no_finding(CODE)
        beside.when(anew).history.when(nothing).then_finding(CODE)


def test_what_is_said_of_another_allegation_settles_nothing() -> None:
    """Outcomes recorded of another allegation, or of the case, leave it as it is (R125)."""
    beside = case(came("no_further_action", "civil_action"))
    for other in (SECOND_ALLEGATION, None):
        beside.also(came("civil_action", of=other)).then_finding(CODE)
    beside.also(came("no_further_action", "counselling_referral")).then_finding(CODE)
