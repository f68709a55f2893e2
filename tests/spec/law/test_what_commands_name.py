"""What a command names of a case is of that case, or is not found."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import pytest

from api.clock import seeded
from domain.catalogue import CASE, COMMANDS
from domain.jurisdictions.england import ENGLAND
from domain.refusal import NotFound
from domain.words import ConferenceRef, PlanRef
from tests.controls import CONFERENCE, PLAN, ref
from tests.given import Given
from tests.projections.histories import a_value
from tests.spec.law import test_a_good_case as good

RULES = ("R150",)
TRIES = 60  # values of any kind, of which one at least is taken, as long as it names what there is

# What brings a conference or a plan into the case; one revised may have been agreed elsewhere.
MAKES = {
    "convene-conference": "conference",
    "agree-plan": "plan",
    "agree-interim-plan": "plan",
    "revise-plan": "plan",
}
THERE: dict[str, tuple[Any, Any]] = {
    "conference": (CONFERENCE, ConferenceRef(ref(950))),
    "plan": (PLAN, PlanRef(ref(951))),
}
NAMING = [
    (name, one.name)
    for name, kind in COMMANDS.items()
    if kind.stream == CASE
    for one in fields(kind.cls)
    if one.name in THERE and MAKES.get(name) != one.name
]


@cache
def after_a_conference() -> Given:
    """Give a case with a conference held and a plan agreed."""
    return good.told(ENGLAND, good.before(ENGLAND), good.prepared(ENGLAND), good.held(ENGLAND)).on(
        "2026-11-25"
    )


def taken(name: str, field: str) -> list[object]:
    """Give commands of a kind that are recorded when they name what the case has."""
    random, cls, history = seeded(7), COMMANDS[name].cls, after_a_conference()
    found = []
    for _ in range(TRIES):
        command: Any = a_value(random, cls)
        said = {one.name: there for one, there in _there(cls)} | {field: THERE[field][0]}
        command = replace(command, **said)
        if history.when(command, on="2026-11-25").error is None:
            found.append(command)
    return found


def _there(cls: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 — the class of any command
    return [(one, THERE[one.name][0]) for one in fields(cls) if one.name in THERE]


@pytest.mark.parametrize(("name", "field"), NAMING, ids=[" ".join(one) for one in NAMING])
def test_a_command_names_what_the_case_has(name: str, field: str) -> None:
    """What is recorded of a conference or a plan is not found where the case has none such."""
    for command in taken(name, field)[:3]:
        other: Any = replace(command, **{field: THERE[field][1]})  # type: ignore[type-var]  # a command
        assert isinstance(after_a_conference().when(other, on="2026-11-25").error, NotFound)
