"""A case replayed for an auditor: what each entry changed, and what was criticised then (C.8)."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all

from domain.joining import FROM, TO, CaseSplit
from domain.jurisdictions import Jurisdiction
from domain.policy import Policy
from domain.replaying import Step, Trees, changes, passed, steps
from domain.stage import Looking
from domain.words import CaseRef, Code, Fact, Forgotten, Passage, Slug
from tests.controls import (
    CASE,
    CONFERENCE,
    DAY,
    NATIONS,
    OTHER_CASE,
    a_capacity,
    a_closure,
    a_conference,
    a_conference_without_adult,
    a_held_conference,
    a_referral,
    a_report,
    a_risk,
)
from tests.given import Given, at, given
from tests.projections.test_chronology import an_entry
from tests.spec.governing.test_looking_again import ANSWER, AUDIT, CHALLENGE
from tests.spec.law.test_any_history import histories

RULES = ("R154",)


def said(passage: Passage) -> dict[str, Any]:
    """How a passage is shown."""
    if isinstance(passage, Forgotten):
        return {"forgotten": True}
    return {"text": passage.text}


def replayed(made: Given, **part: Any) -> list[Step]:  # noqa: ANN401 — skip and limit
    """Give the steps of a history."""
    looking = Looking(on=made.day, jurisdiction=made.jurisdiction, policies=made.policies)
    streams: dict[UUID, tuple[Fact[Any], ...]] = {made.facts[0].stream: made.facts}
    shown = {fact.position for fact in made.facts}
    every = passed(made.facts[0].stream, streams, shown=shown)
    return list(steps(every, looking, **part))


def paths(step: Step) -> set[str]:
    """Where the state is another after a step."""
    return {one.path for one in changes(step.passed.before, step.passed.after, said)}


def a_split(other: CaseRef, place: Code) -> CaseSplit:
    """Give what a case records of its second entry, or another's, that is read in the other."""
    return CaseSplit(other=other, place=place, reason=Code("wrong_case"), entries=(2,))


def a_history() -> Given:
    """Give a case that comes to a conference held without the adult."""
    return given(a_referral(), a_conference(), a_conference_without_adult())


def test_each_step_begins_where_the_one_before_it_ended() -> None:
    """State before, entry, state after: the chain has no gap, and ends at the case as it is."""
    made = a_history()
    found = replayed(made)
    assert [one.passed.fact for one in found] == list(made.facts)
    assert [one.passed.number for one in found] == [1, 2, 3]
    for one, after in itertools.pairwise(found):
        assert after.passed.before is one.passed.after
    assert Trees(said).of(found[-1].passed.after) == Trees(said).of(made.case)


def test_a_step_says_what_the_entry_changed_and_nothing_else() -> None:
    """Only the leaves that differ, each before and after; applied one by one they give the tree."""
    first, second, _ = replayed(a_history())
    (version,) = [
        one
        for one in changes(first.passed.before, first.passed.after, said)
        if one.path == "/version"
    ]
    assert (version.before, version.after) == (0, 1)
    assert any(path.startswith("/concern/") for path in paths(first))
    assert any(path.startswith("/conference/") for path in paths(second))
    assert not any(path.startswith("/concern/") for path in paths(second))
    for one in changes(second.passed.before, second.passed.after, said):
        assert one.before != one.after


def test_what_is_criticised_is_said_where_it_began_and_where_it_ceased() -> None:
    """A finding is raised at the entry since which it stands, and cleared where it ceased to."""
    made = a_history()
    step = replayed(made)[-1]
    raised = {one.code for one in step.raised}
    assert "adult_not_invited" in raised
    assert not raised & {one.code for one in step.arisen}
    challenged = given(a_referral()).when(replace(CHALLENGE, due_on=None)).history
    made = challenged.when(replace(ANSWER, rationale=None)).history
    codes = [{one.code for one in step.raised} for step in replayed(made)]
    assert "accuracy_answer_unexplained" in codes[-1]
    assert "accuracy_answer_unexplained" not in codes[0] | codes[1]


def test_what_days_alone_brought_is_told_apart_from_what_an_entry_did() -> None:
    """A day that passed between two entries makes late what neither of them did."""
    made = given(a_referral()).when(CHALLENGE).history
    late = made.when(replace(CHALLENGE, due_on=None), on="2026-12-30").history
    *_, step = replayed(late)
    assert "accuracy_challenge_open" in {one.code for one in step.arisen}
    assert "accuracy_challenge_open" not in {one.code for one in step.raised}
    assert step.on == date(2026, 12, 30)
    answered = late.when(ANSWER, on="2026-12-30").history
    assert "accuracy_challenge_open" in {one.code for one in replayed(answered)[-1].cleared}


def test_a_step_is_judged_by_the_policy_of_its_day() -> None:
    """Each step names the version in force then; one adopted later changes none before it."""
    made = a_history()
    policy = Policy(version=Slug("local-7"), effective=date(2026, 1, 1), adopted=3)
    found = replayed(replace(made, policies=(policy,)))
    nation = made.jurisdiction.policy
    assert [one.policy for one in found] == [nation, nation, nation]
    found = replayed(replace(made, policies=(replace(policy, adopted=2),)))
    assert [one.policy for one in found][:2] == [nation, nation]
    assert found[2].policy != nation


def test_a_part_of_the_steps_is_that_part_of_all() -> None:
    """Page by page they are what they are as a whole."""
    made = a_history()
    whole = [(one.passed.number, one.raised, one.arisen, paths(one)) for one in replayed(made)]
    parts = [step for skip in range(3) for step in replayed(made, skip=skip, limit=1)]
    assert [(one.passed.number, one.raised, one.arisen, paths(one)) for one in parts] == whole


@pytest.mark.parametrize("nation", NATIONS, ids=lambda one: one.code)
def test_every_state_has_a_plain_form(nation: Jurisdiction) -> None:
    """The tree is JSON, holds nothing empty, and names no entry of the log."""
    made = given(
        a_referral(),
        a_report(),
        a_capacity(),
        a_risk(),
        a_conference(),
        a_held_conference(),
        a_closure(),
        jurisdiction=nation,
    )
    plain = Trees(said).of(made.case)
    assert json.loads(json.dumps(plain)) == plain
    assert plain["version"] == len(made.facts)
    assert str(CONFERENCE) in json.dumps(plain["conference"])
    assert "names" not in plain
    assert DAY.isoformat() in json.dumps(plain["concern"])


def test_an_audit_says_by_what_what_and_what_is_to_follow() -> None:
    """An audit has its tool, a grade an evidence by question, and what it asks for (C.8)."""
    made = given(a_referral()).when(AUDIT).history
    event = made.facts[-1].event
    assert {"tool", "as_at", "seed", "grades", "overall", "remedies"} <= set(event.__slots__)
    (remedy,) = event.remedies
    assert remedy.due.on == date(2026, 12, 18)
    assert (made.facts[-1].stream, event.overall) == (CASE, Code("inadequate"))


def test_an_entry_from_before_a_case_began_is_a_step_where_it_came_to_be_read() -> None:
    """Split off to a case that begins by it, an entry is a step there, judged on that day."""
    made = given(a_referral(), an_entry(), at("2026-11-30", a_split(OTHER_CASE, FROM))).facts
    begun = given(at("2026-11-30", a_split(CASE, TO))).facts[0]
    streams: dict[UUID, tuple[Fact[Any], ...]] = {
        CASE: made,
        OTHER_CASE: (replace(begun, stream=OTHER_CASE, position=4),),
    }
    every = passed(OTHER_CASE, streams, shown={2, 4})
    assert [(one.number, one.fact.position, one.elsewhere) for one in every] == [
        (1, 4, False),
        (2, 2, True),
    ]
    looking = Looking(on=DAY, jurisdiction=NATIONS[0])
    assert [one.on for one in steps(every, looking)] == [date(2026, 11, 30)] * 2


def leaves(value: Any, path: str = "") -> dict[str, Any]:  # noqa: ANN401 — any JSON
    """The leaves of a tree by their pointers, as a reader of the trees would find them."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    found: dict[str, Any] = {}
    for name, one in members:
        place = f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"
        if isinstance(one, dict | list) and one and "forgotten" not in one and "text" not in one:
            found |= leaves(one, place)
        elif one is not None and one != []:
            found[place] = one
    return found


@settings(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True)
@for_all(histories())
def test_whatever_was_recorded_the_changes_lead_from_state_to_state(history: Given) -> None:
    """Any history replays: each state with the changes of the next entry is the next state."""
    if not history.facts:
        return
    before: dict[str, Any] = {}
    trees = Trees(said)
    for step in replayed(history):
        if step.passed.number == 1:
            before = leaves(trees.of(step.passed.before))
        for one in changes(step.passed.before, step.passed.after, said):
            assert before.get(one.path) == one.before
            before[one.path] = one.after
            if one.after is None:
                del before[one.path]
        after = trees.of(step.passed.after)
        assert after == Trees(said).of(step.passed.after), "what did not change is made once"
        assert json.loads(json.dumps(after)) == after
        assert before == leaves(after)
        assert {one.identity for one in step.raised}.isdisjoint(
            one.identity for one in step.cleared
        )
