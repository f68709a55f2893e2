"""The made-up authority adopts a policy of its own halfway: due dates before and after differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.demonstration.adopting import ANNOUNCED_DAYS, VERSION, effective
from api.demonstration.load import load
from api.office import Office
from domain.adopting import PolicyAdopted
from domain.handle import local_day
from domain.jurisdictions import jurisdictions
from domain.policy import differences
from domain.words import Due, Fact
from tests.conftest import Database
from tests.doors.conftest import opened_doors, settings_for
from tests.told import TODAY, UNTIL, WHOSE, Told, told

SEED, CASES, FEW = 2014, 400, 12
ADJECTIVES = {"england": "english", "scotland": "scottish"}
NATIONS = tuple(ADJECTIVES)
FIRST = effective(local_day(UNTIL))


def dues(value: object) -> Iterator[Due]:
    """Give every due date of an event, however deep it lies."""
    if isinstance(value, Due):
        yield value
    elif isinstance(value, tuple):
        for member in value:
            yield from dues(member)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from dues(getattr(value, one.name))


def reckoned(authority: Told) -> Iterator[tuple[Fact[Any], Due]]:
    """Give every due date that was reckoned by a policy, with the entry that brought it."""
    for facts in authority.facts.values():
        for fact in facts:
            yield from ((fact, one) for one in dues(fact.event) if one.policy is not None)


@pytest.mark.parametrize("nation", NATIONS)
def test_one_policy_is_adopted_by_a_manager_before_its_day(nation: str) -> None:
    """It is recorded once, halfway through, and some weeks before it holds."""
    authority = told(nation, seed=SEED, count=CASES)
    (fact,) = authority.facts[WHOSE]
    assert isinstance(fact.event, PolicyAdopted)
    assert fact.event.effective == FIRST
    assert fact.header.role == "manager"
    announced = FIRST - fact.recorded_at.date()
    assert timedelta(days=ANNOUNCED_DAYS) <= announced < timedelta(days=ANNOUNCED_DAYS + 7)
    law = jurisdictions()[nation]
    kinds = {one.kind for one in differences(law, authority.policies[0])}
    assert kinds == {"shorter", "longer"}


@pytest.mark.parametrize("nation", NATIONS)
def test_each_due_date_names_the_policy_of_the_day_it_starts(nation: str) -> None:
    """What starts before the policy's day is due as the nation has it, and later as it says."""
    authority = told(nation, seed=SEED, count=CASES)
    law = jurisdictions()[nation]
    adopted_at = authority.facts[WHOSE][0].recorded_at
    named = {law.policy: 0, f"{law.policy}/{VERSION}": 0}
    for fact, due in reckoned(authority):
        ours = due.start >= FIRST and fact.recorded_at > adopted_at
        assert due.policy == (f"{law.policy}/{VERSION}" if ours else law.policy), due
        named[due.policy] += 1
    assert min(named.values()) > CASES / 10


@pytest.mark.parametrize("nation", NATIONS)
def test_the_same_limit_is_due_otherwise_before_and_after(nation: str) -> None:
    """Minutes are due after ten working days at first, and after fifteen since; both are seen."""
    authority = told(nation, seed=SEED, count=CASES)
    days: dict[bool, set[int]] = {True: set(), False: set()}
    for _fact, due in reckoned(authority):
        if due.rule == "minutes_circulated":
            days[due.start >= FIRST].add((due.on - due.start).days)
    assert min(days[False]) >= 14
    assert min(days[True]) >= 21
    assert max(days[False]) < 21


@pytest.mark.parametrize("nation", NATIONS)
def test_nobody_works_on_the_days_it_closes_the_office(nation: str) -> None:
    """What the policy says of days holds for the stories too, and due dates skip those days."""
    authority = told(nation, seed=SEED, count=CASES)
    (policy,) = authority.policies
    assert len(policy.closed) >= 3
    assert not {local_day(step.moment) for step in authority.plan.steps} & set(policy.closed)
    skipped = {day for _fact, due in reckoned(authority) for day in due.skipped}
    assert skipped & set(policy.closed)
    assert not skipped & policy.worked


@pytest.mark.parametrize("nation", NATIONS)
def test_findings_name_the_policy_they_are_judged_by(nation: str) -> None:
    """A finding says by which policy, also where that is the authority's own."""
    authority = told(nation, seed=SEED, count=CASES)
    law = jurisdictions()[nation]
    named = {
        str(one.policy)
        for story in authority.plan.stories
        for one in authority.findings(story)
        if one.due is not None
    }
    assert {law.policy, f"{law.policy}/{VERSION}"} <= named


@pytest.mark.parametrize("nation", [NATIONS[0], pytest.param(NATIONS[1], marks=pytest.mark.long)])
def test_the_doors_say_what_was_adopted_and_what_holds(
    database: Database, tmp_path: Path, nation: str
) -> None:
    """Asked through the API, the policy holds from its day on, and was not known before."""
    settings = settings_for(database, tmp_path)
    load(settings, nation=ADJECTIVES[nation], today=TODAY, seed=SEED, cases=FEW)
    with Office(settings) as office, opened_doors(office) as doors:
        doors.catch_up()

        def asked(query: str) -> Any:  # noqa: ANN401 — JSON
            return doors.get(f"/v1/policy?{query}").json()

        now = asked(f"on={TODAY.isoformat()}")
        assert now["in_force"]["version"] == VERSION
        assert now["in_force"]["document"].endswith("second edition")
        assert {one["differs"] for one in now["limits"] if one["whose"] == "local"} == {
            "shorter",
            "longer",
        }
        before = (FIRST - timedelta(days=1)).isoformat()
        assert asked(f"on={before}")["in_force"] is None
        position = now["in_force"]["position"]
        assert asked(f"on={TODAY.isoformat()}&as_at={position - 1}")["policies"] == []
