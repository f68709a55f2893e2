from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from domain import access, adopting, authority, filing, opening, person, stages, worker
from domain.catalogue import COMMANDS, EVENTS, PERSON
from domain.jurisdictions import Jurisdiction
from domain.stage import OTHER
from domain.words import Code, Digest, Forgotten, Personal, Slug
from tests.controls import NATIONS

RULES = ("R150",)

PLAIN = {bool, int, date, datetime, UUID, Code, Slug, Digest, Personal, Forgotten, NoneType}
STORED = tuple((name, kind.cls) for name, kind in EVENTS.items())
ASKED = tuple((name, kind.cls) for name, kind in COMMANDS.items())


def kinds(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - a type hint is of any type
    """Take a field's type apart to what can stand in it."""
    if hasattr(annotation, "__supertype__"):
        yield from kinds(annotation.__supertype__)
    elif get_origin(annotation) in {Union, UnionType}:
        for one in get_args(annotation):
            yield from kinds(one)
    elif get_origin(annotation) is tuple:
        inner, rest = get_args(annotation)
        assert rest is Ellipsis
        yield from kinds(inner)
    else:
        yield annotation


def forms(cls: type[Any]) -> Iterator[type[Any]]:
    """Give a class and every dataclass inside it, once."""
    seen: list[type[Any]] = [cls]
    for one in seen:
        yield one
        for annotation in get_type_hints(one).values():
            for kind in kinds(annotation):
                inside = isinstance(kind, type) and dataclasses.is_dataclass(kind)
                if inside and kind not in {*seen, Personal, Forgotten}:
                    seen.append(kind)


def listed_fields(cls: type[Any]) -> Iterator[tuple[type[Any], dataclasses.Field[Any], str]]:
    """Give every field of a class, at any depth, that names a list."""
    for form in forms(cls):
        for one in dataclasses.fields(form):
            if "list" in one.metadata:
                yield form, one, one.metadata["list"]


def kebab(name: str) -> str:
    """Give the stored name a class begins with."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def test_every_event_and_command_has_its_line() -> None:
    """Every event and command of every stage stands in the catalogue once, and nothing else."""
    every = stages.STAGES.values()
    events = [cls for stage in every for cls in stages.members(stage.Event)]
    events += [*stages.members(person.Event), *stages.members(access.Event)]
    events += [opening.RecordOpened, worker.WorkerRegistered, *stages.members(adopting.Event)]
    events += [*stages.members(filing.Event)]
    commands = [cls for stage in every for cls in stages.members(stage.Command)]
    commands += [*stages.members(person.Command), *stages.members(adopting.Command)]
    commands += [*stages.members(filing.Command)]

    assert sorted(c.__name__ for c in events) == sorted(k.cls.__name__ for k in EVENTS.values())
    assert sorted(c.__name__ for c in commands) == sorted(k.cls.__name__ for k in COMMANDS.values())
    assert len(set(events)) == len(EVENTS)
    assert len(set(commands)) == len(COMMANDS)


def test_the_design_cards_names() -> None:
    """The six events of the design card are stored under exactly these names."""
    card = (
        "referral-received",
        "conference-convened",
        "adult-declined-attendance",
        "abuse-finding",
        "plan-agreed",
        "minutes-circulated",
    )
    written = [name for name in card if name in EVENTS]
    assert written == list(card)


@pytest.mark.parametrize(("name", "cls"), [*STORED, *ASKED])
def test_names_begin_as_their_class(name: str, cls: type[Any]) -> None:
    """A name of the first version is its class's name in kebab case."""
    assert name == kebab(cls.__name__)


@pytest.mark.parametrize(("name", "cls"), [*STORED, *ASKED])
def test_what_may_be_stored(name: str, cls: type[Any]) -> None:
    """A field holds codes, references, times, numbers and passages: no free text, no change."""
    for form in forms(cls):
        assert form.__dataclass_params__.frozen, f"{name}: {form.__name__} can change"
        assert "__slots__" in vars(form), f"{name}: {form.__name__} takes any attribute"
        for field, annotation in get_type_hints(form).items():
            if form.__name__ == "When":  # its text is EDTF by construction
                continue
            for kind in kinds(annotation):
                stored = kind in PLAIN or dataclasses.is_dataclass(kind)
                assert stored, f"{name}: {form.__name__}.{field} is {kind}"


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize(("name", "cls"), [*STORED, *ASKED])
def test_every_list_is_in_both_nations(name: str, cls: type[Any], nation: Jurisdiction) -> None:
    """Every list a field names exists in each nation, and a default is one of its codes."""
    for form, field, list_name in listed_fields(cls):
        assert list_name in nation.lists, f"{name}: {form.__name__}.{field.name}: {list_name}"
        if isinstance(field.default, str):
            assert field.default in nation.lists[list_name]


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize(("name", "cls"), [*STORED, *ASKED])
def test_other_can_be_explained(name: str, cls: type[Any], nation: Jurisdiction) -> None:
    """Where a list has `other`, the field that takes it has one beside it for its words (I11)."""
    for form, field, list_name in listed_fields(cls):
        if OTHER in nation.lists[list_name]:
            beside = {one.name for one in dataclasses.fields(form)}
            assert f"{field.name}_other" in beside, f"{name}: {form.__name__}.{field.name}"


@pytest.mark.parametrize(("name", "cls"), ASKED)
def test_what_is_left_out_is_not_said_to_be_unknown(name: str, cls: type) -> None:
    """A question nobody answered is recorded as such, where "not known" would be an answer."""
    left = [
        one.name
        for one in dataclasses.fields(cls)
        if one.metadata.get("list") == "yes_no_not_known" and one.default == "not_known"
    ]
    assert not left, name


def test_no_list_without_a_use() -> None:
    """A list no field names is a list nobody can choose from; the answers are shared."""
    used = {used for _, cls in [*STORED, *ASKED] for _, _, used in listed_fields(cls)}
    for nation in NATIONS:
        assert set(nation.lists) <= used


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_nation_names_what_exists(nation: Jurisdiction) -> None:
    """The nation's events, criteria, chair roles, results and groups are in catalogue and lists."""
    assert {nation.duty_event, nation.enquiry_event, nation.officer_event} <= set(EVENTS)
    assert set(nation.criteria) == set(nation.lists["duty_criterion"])
    assert set(nation.chair_roles) <= set(nation.lists["chair_role"])
    assert set(nation.chair_agencies) <= set(nation.lists["chair_agency"])
    assert set(nation.no_duty_results) < set(nation.lists["duty_result"])
    assert set(nation.care_regulators) < set(nation.lists["regulatory_body"])
    assert nation.care_regulators
    for list_name, group in nation.groups.items():
        assert set(group) == set(nation.lists[list_name])


@pytest.mark.parametrize("list_name", ["risk_source"])
def test_detailed_sources_fold_into_the_counted_ones(list_name: str) -> None:
    """Every detailed source of risk is counted as one of the sources the returns know (R147)."""
    for nation in NATIONS:
        assert set(nation.groups["source_of_risk"].values()) == set(nation.lists[list_name])


def test_every_command_has_its_row() -> None:
    """Every command has a row in the table of who may ask, and every row a command."""
    assert set(authority._TABLE) == set(COMMANDS)


def test_everything_may_be_asked_by_somebody() -> None:
    """No command is out of everybody's reach, and a manager is never below a practitioner."""
    for name in COMMANDS:
        assert any(authority.may(role, name) for role in authority.ROLES)
        assert authority.may("manager", name) or not authority.may("practitioner", name)


@pytest.mark.parametrize("role", ["analyst", "auditor"])
def test_those_who_only_read(role: str) -> None:
    """An analyst and an auditor may ask for nothing to be recorded of a case."""
    assert authority.commands_of(role) == ()


def test_the_unknown_may_nothing() -> None:
    """A role or a command in no table is refused, not guessed."""
    assert not authority.may("visitor", "receive-referral")
    assert not authority.may("manager", "open-the-safe")


def test_person_events_stay_with_the_person() -> None:
    """What says who somebody is goes to that person's own stream, and nothing else does."""
    assert {name for name, kind in EVENTS.items() if kind.stream == PERSON} == {
        "person-registered",
        "person-details-recorded",
        "person-died",
        "external-reference-added",
        "person-record-corrected",
        "person-erasure-approved",
        "person-erased",
    }
