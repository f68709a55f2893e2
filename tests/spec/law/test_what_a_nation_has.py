from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.catalogue import CASE, COMMANDS, EVENTS
from domain.jurisdictions import Jurisdiction
from domain.recording import commands_recording
from domain.refusal import NotFound, Refused
from tests.controls import NATIONS
from tests.given import given
from tests.spec.law.test_any_history import DAYS, whole
from tests.told import told

BOTH = pytest.mark.parametrize("nation", NATIONS, ids=[one.code for one in NATIONS])
LEFT_OUT = [(nation, name) for nation in NATIONS for name in nation.instead]


def needed(cls: type[Any]) -> Iterator[str]:
    """Give every list that a command cannot do without a code of."""
    hints = get_type_hints(cls)
    for one in dataclasses.fields(cls):
        if one.default is not dataclasses.MISSING or get_origin(hints[one.name]) is tuple:
            continue
        if "list" in one.metadata:
            yield one.metadata["list"]
        elif dataclasses.is_dataclass(hints[one.name]):
            yield from needed(hints[one.name])


@BOTH
def test_a_nation_has_no_command_whose_list_it_leaves_empty(nation: Jurisdiction) -> None:
    """What needs a code of a list that is empty here is no step of this nation's procedure."""
    empty = {
        name
        for name, kind in COMMANDS.items()
        if any(not nation.lists[one] for one in needed(kind.cls))
    }
    assert empty <= set(nation.instead)


@BOTH
def test_what_stands_in_the_place_of_a_command_is_had_here(nation: Jurisdiction) -> None:
    """Every command left out names what is recorded instead, and some other nation has it."""
    for name, instead in nation.instead.items():
        assert any(one.has(name) for one in NATIONS), name
        assert instead, name
        assert all(nation.has(one) for one in instead), name
        assert {COMMANDS[one].stream for one in instead} == {COMMANDS[name].stream}, name


@pytest.mark.parametrize(("nation", "name"), LEFT_OUT, ids=lambda one: getattr(one, "code", one))
@settings(max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True, deadline=None)
@for_all(data=st.data())
def test_what_a_nation_has_not_is_refused(
    nation: Jurisdiction, name: str, data: st.DataObject
) -> None:
    """Whatever was recorded here, with either nation's codes: no such command is taken (I11)."""
    events = [
        whole(kind.cls, nation.code)
        for event, kind in EVENTS.items()
        if kind.stream == CASE and all(nation.has(one) for one in commands_recording(event))
    ]
    history = given(jurisdiction=nation).also(*data.draw(st.lists(st.one_of(events), max_size=8)))
    code = data.draw(st.sampled_from([one.code for one in NATIONS]))
    outcome = history.when(data.draw(whole(COMMANDS[name].cls, code)), on=data.draw(DAYS))
    assert isinstance(outcome.error, Refused | NotFound), outcome.events


@BOTH
def test_what_a_nation_has_can_be_recorded(nation: Jurisdiction) -> None:
    """Every command of this nation is asked and answered somewhere in its made-up authority."""
    recorded = {
        name
        for facts in told(nation.code, seed=2014, count=400).facts.values()
        for fact in facts
        for name in commands_recording(fact.header.name)
    }
    assert {name for name in COMMANDS if nation.has(name)} - recorded == set()
    assert recorded & set(nation.instead) == set()
