"""A plan's aim with each of its risks, and why one of its actions is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar

from domain.monitoring import ActionOverdueExplained, ExplainOverdueAction
from domain.plan import Action, AgreePlan, PlanAgreed, Terms
from domain.risk_aim import RiskAim
from domain.words import ActionRef, Code
from tests.controls import ACTION, COUNCIL, PACH, PLAN, a_closure, a_referral, ref, words
from tests.given import Outcome, given

RULES = ("R89", "R90")

LATE = Action(
    action=ACTION,
    target=Code("adult"),
    kind=Code("safety"),
    owner=COUNCIL,
    due=date(2026, 12, 7),
)
AGREED = PlanAgreed(
    plan=PLAN,
    version=1,
    conference=None,
    origin=Code("composed"),
    terms=Terms(actions=(LATE,)),
    review_due=None,
)
EXPLAINED = ExplainOverdueAction(
    action=ACTION, reason=Code("agency"), expected=date(2026, 12, 20), note=words("Parts ordered.")
)


E = TypeVar("E")


def only(kind: type[E], outcome: Outcome) -> E:
    """Give the one event that was recorded."""
    outcome.then_recorded(kind)
    (event,) = outcome.events
    assert isinstance(event, kind)
    return event


def test_a_plan_says_what_it_aims_at_with_each_risk() -> None:
    """A plan removes one risk and minimises another, to the adult and to others (R89)."""
    risks = (
        RiskAim(risk=words("Money taken from the flat."), aim=Code("remove")),
        RiskAim(risk=words("Falls."), aim=Code("minimise"), to_others=Code("yes")),
    )
    ask = AgreePlan(plan=PLAN, terms=Terms(risks=risks, others_at_risk=(PACH,)))
    event = only(PlanAgreed, given(a_referral()).when(ask))
    assert (event.terms.risks, event.terms.others_at_risk) == (risks, (PACH,))


def test_why_an_action_is_late_is_recorded() -> None:
    """Why an action is late is told, with when it is expected; it stays late until it is done."""
    told = given(a_referral(), AGREED).when(EXPLAINED, on="2026-12-10")
    told.then(
        ActionOverdueExplained(
            action=ACTION,
            reason=Code("agency"),
            expected=date(2026, 12, 20),
            note=EXPLAINED.note,
        )
    )
    told.on("2026-12-11").then_finding("action_overdue")


def test_only_an_action_of_the_case_is_explained() -> None:
    """An action the case does not have is not found; another reason than listed ones is told."""
    history = given(a_referral(), AGREED)
    history.when(replace(EXPLAINED, action=ActionRef(ref(699)))).then_not_found()
    history.when(replace(EXPLAINED, reason=Code("other"))).then_refused("I11")


def test_it_is_explained_after_closing_too() -> None:
    """A closed case still takes why an action was late, as it takes that it was done (I14)."""
    closed = given(a_referral(), AGREED, a_closure())
    closed.when(EXPLAINED, on="2026-12-10").then_recorded(ActionOverdueExplained)
