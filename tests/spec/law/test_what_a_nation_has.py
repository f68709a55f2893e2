from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.catalogue import CASE, COMMANDS, EVENTS
from domain.jurisdictions import Jurisdiction
from domain.recording import commands_recording
from domain.refusal import NotFound, Refused
from domain.stage import check_codes
from domain.when import When, on_day
from domain.words import Code, Digest, Forgotten, Personal, Slug
from tests.controls import CASE as CASE_REF
from tests.controls import DAY, NATIONS, ref
from tests.given import given
from tests.spec.law.test_any_history import DAYS, whole

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
    kinds: list[Any] = [
        kind.cls
        for event, kind in EVENTS.items()
        if kind.stream == CASE and all(nation.has(one) for one in commands_recording(event))
    ]
    events, asked = [whole(one, nation.code) for one in kinds], COMMANDS[name].cls
    history = given(jurisdiction=nation).also(*data.draw(st.lists(st.one_of(events), max_size=8)))
    code = data.draw(st.sampled_from([one.code for one in NATIONS]))
    outcome = history.when(data.draw(whole(cast("Any", asked), code)), on=data.draw(DAYS))
    assert isinstance(outcome.error, Refused | NotFound), outcome.events


def filled(hint: Any, nation: Jurisdiction, listed: str | None = None) -> Any:  # noqa: ANN401 — an annotation, and any value of it
    """Give a value of an annotation with all that a nation lets be said in it."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    args = get_args(hint)
    codes = [one for one in nation.lists.get(listed or "", ()) if one != "other"]
    first = next(iter(codes), "nothing")
    if get_origin(hint) in {Union, UnionType}:
        if listed and not codes and NoneType in args:
            return None
        kinds = [one for one in args if one not in {NoneType, Forgotten}]
        return filled(kinds[0], nation, listed)
    if get_origin(hint) is tuple:
        return () if listed and not codes else (filled(args[0], nation, listed),)
    if hint is Personal:
        return Personal(CASE_REF, first if listed else "Words.")
    if hint is Code:
        return Code(first) if listed else Code("received")
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and hint is not When:
        hints = get_type_hints(hint)
        return hint(
            **{
                one.name: filled(hints[one.name], nation, one.metadata.get("list"))
                for one in dataclasses.fields(hint)
            }
        )
    leaves = {bool: True, int: 1, UUID: ref(1), Slug: Slug("police"), Digest: Digest("a" * 64)}
    return {**leaves, date: DAY, datetime: datetime.combine(DAY, time(9), UTC), When: on_day(DAY)}[
        hint
    ]


@BOTH
def test_the_lists_of_a_nation_let_each_command_it_has_be_recorded(nation: Jurisdiction) -> None:
    """Of what a nation has nothing is refused for its lists (I11), with all said that can be."""
    for name, kind in COMMANDS.items():
        if nation.has(name):
            check_codes(filled(kind.cls, nation), nation)
