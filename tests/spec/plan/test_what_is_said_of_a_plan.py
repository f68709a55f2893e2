from __future__ import annotations

from datetime import date

from domain.plan import Action, AgreePlan, PlanAgreed, RevisePlan, Terms
from domain.refusal import Refused
from domain.words import Code
from tests.controls import (
    ACTION,
    CONFERENCE,
    HEALTH,
    PLAN,
    a_conference,
    a_held_conference,
    a_referral,
    words,
)
from tests.given import Given, Outcome, given

RULES = ("I5", "I9", "R75", "R76", "R91", "R92", "R93", "R97", "R99", "R101", "R104")


def held(*more: object) -> Given:
    """Begin with a conference held (three events), and these."""
    return given(a_referral(), a_conference(), a_held_conference(), *more)


def agreed(terms: Terms) -> PlanAgreed:
    """Give a plan's first version with these terms."""
    return PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=terms,
        review_due=None,
    )


def refused(outcome: Outcome) -> tuple[str, str, str | None]:
    """Give what a refusal names: its code, its rule and the field to look at."""
    assert isinstance(outcome.error, Refused), f"not refused: {outcome.events or outcome.error}"
    return outcome.error.code, outcome.error.rule, outcome.error.field


def test_what_a_plan_lacks_hangs_on_its_agreement_and_names_the_plan() -> None:
    """Each criticism of a plan opens to the event that set its terms, and says of which plan."""
    history = held(agreed(Terms()))
    found = [one for one in history.findings() if one.subject == str(PLAN)]
    codes = {str(one.code) for one in found}
    assert codes >= {"no_coordinator", "no_monitoring", "no_contingency", "plan_views_not_sought"}
    for one in found:
        assert one.position == history.facts[-1].position, one
        assert one.words.endswith("."), one
        assert one.rules, one


def test_a_refused_plan_names_the_field_that_is_wrong() -> None:
    """A version out of turn points at the version (I9), an action out of place at the actions."""
    skipping = RevisePlan(plan=PLAN, version=3, terms=Terms())
    assert refused(held(agreed(Terms())).when(skipping)) == ("plan_version", "I9", "version")
    against = Action(
        action=ACTION,
        target=Code("pach"),
        kind=Code("against"),
        description=words("He is to leave."),
        owner=HEALTH,
        due=date(2026, 12, 7),
    )
    ask = AgreePlan(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(actions=(against,)),
    )
    assert refused(held().when(ask)) == ("action_against_pach", "I5", "terms.actions")
