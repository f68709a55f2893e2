"""What the catalogue promises: nothing stored is plain text, nothing asked is without its rule."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from typing import Any, cast

from api.clock import seeded
from domain import words
from domain.authority import ROLES, may
from domain.catalogue import CASE, COMMANDS, EVENTS, PERSON
from domain.jurisdictions import jurisdictions
from domain.record.encoding import _codec, canonical, dump
from domain.recording import commands_recording
from domain.words import Code, Slug, subjects
from projections.naming import NAMING, PLACES, named
from tests.each import each
from tests.projections.histories import a_value, pool

REFERENCES = frozenset(name for name, one in vars(words).items() if hasattr(one, "__supertype__"))


@each(EVENTS)
def test_no_stored_field_is_plain_text(name: str) -> None:
    """Every stored text is Personal, a reference or an enumeration: the codec knows no other."""
    _codec(cast("Any", EVENTS[name].cls))


@each(COMMANDS)
def test_somebody_may_ask_every_command(name: str) -> None:
    """Each command stands in the table of authority, with at least one role that may ask it."""
    assert any(may(role, name) for role in ROLES)


@each(EVENTS)
def test_what_a_correction_may_target_has_its_commands(name: str) -> None:
    """Each event of a case or person has commands of its stream; so has what is asked of itself."""
    stream, recording = EVENTS[name].stream, commands_recording(name)
    of_itself = {"policy-adopted", "return-filed", "filing-erasure-approved", "filing-erased"}
    assert bool(recording) == (stream in {CASE, PERSON} or name in of_itself)
    assert {COMMANDS[one].stream for one in recording} <= {stream}


def test_every_command_records_something() -> None:
    """No command is left out of the list of what records what."""
    assert {one for name in EVENTS for one in commands_recording(name)} == set(COMMANDS)


@each([*EVENTS, *COMMANDS])
def test_stored_names_are_kebab_case(name: str) -> None:
    """A stored name is lower-case words joined by hyphens."""
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)


@each(EVENTS)
def test_events_are_frozen_values(name: str) -> None:
    """An event is a frozen dataclass whose fields are given by name."""
    cls = EVENTS[name].cls
    assert cls.__dataclass_params__.frozen
    assert all(field.kw_only for field in dataclasses.fields(cls))


def parts(cls: type[Any], path: str = "") -> Iterator[tuple[str, dataclasses.Field[Any], set[Any]]]:
    """List every field of an event or command and of what is inside it, with its plain types."""
    hints = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        found = set(plain(hints[field.name]))
        yield f"{path}{field.name}", field, found
        for one in found:
            if dataclasses.is_dataclass(one):
                yield from parts(cast("type[Any]", one), f"{path}{field.name}.")


def plain(hint: Any) -> Iterator[Any]:  # noqa: ANN401 — a type hint is of any type
    """List the types an annotation is made of."""
    if hasattr(hint, "__supertype__"):
        yield from plain(hint.__supertype__)
    elif typing.get_origin(hint) is None:
        yield hint
    else:
        for one in typing.get_args(hint):
            yield from plain(one)


EVERYTHING: dict[str, type[Any]] = {
    **{name: kind.cls for name, kind in EVENTS.items()},
    **{f"{name} (asked)": kind.cls for name, kind in COMMANDS.items()},
}


@each(EVERYTHING)
def test_every_code_is_listed_or_derived(name: str) -> None:
    """No code stands in clear that is neither of a list nor held to a closed set by the rules."""
    loose = [
        where
        for where, field, types in parts(EVERYTHING[name])
        if Code in types and not {"list", "derived"} & set(field.metadata)
    ]
    assert loose == []


def test_every_list_a_field_names_is_somewhere() -> None:
    """A field's list stands in at least one nation, so that the field can be filled."""
    named = {
        field.metadata["list"]
        for cls in EVERYTHING.values()
        for _, field, _ in parts(cls)
        if "list" in field.metadata
    }
    assert named <= {one for nation in jurisdictions().values() for one in nation.lists}


def test_what_the_rules_derive_is_little() -> None:
    """What stands in clear without a list is made by the rules, but for the fields corrected."""
    derived = {
        where.rpartition(".")[2]
        for kind in EVENTS.values()
        for where, field, _ in parts(kind.cls)
        if "derived" in field.metadata
    }
    assert derived == {"nation", "rule", "calendar", "policy", "fields", "field", "code"}


def test_a_name_is_of_a_team_an_agency_or_a_system() -> None:
    """No other field takes an identifier of its own: whatever else can be listed is listed."""
    named = {
        where.rpartition(".")[2]
        for kind in COMMANDS.values()
        for where, field, types in parts(kind.cls)
        if Slug in types and "derived" not in field.metadata
    }
    assert named == {
        *("team", "system", "organisation", "agency", "agencies", "other_authority", "employer"),
        # agencies, by what they did
        *("by", "caused_to", "decided_by", "delegated_to", "delegation_agreed_by"),
        *("informed", "monitored_by", "no_contact", "owner", "told_by"),
        *("agreed_by", "brought_by", "made_by", "shared_by"),
        *("notified_by", "referred_by"),
        *("lead_organisation", "recipients", "referrer_organisation", "to"),
        "tool",  # a system: what drafted a passage
        "version",  # of a policy, as its authority calls it
        "edition",  # of a rule, likewise
        "broken",  # rules of a return, as they are numbered
        # organisations, by what they are
        *("authority", "court", "provider"),
    }


@each(COMMANDS)
def test_what_a_command_names_is_held_to_its_form(name: str) -> None:
    """No identifier a command gives is passed over when its codes are held to their lists."""
    passed = [
        where
        for where, field, types in parts(COMMANDS[name].cls)
        if Slug in types and ({"list", "derived"} & set(field.metadata))
    ]
    assert passed == []


@each(PLACES)
def test_whomever_an_event_of_a_case_names_is_found(name: str) -> None:
    """Every reference of a person in an event, however deep, and whoever a passage is about."""
    persons = {str(one) for one in pool("PersonRef")}
    others = {str(one) for kind in REFERENCES - {"PersonRef"} for one in pool(kind)}
    assert not persons & others
    shown = set[str]()
    for seed in range(40):
        event = a_value(seeded(seed), EVENTS[name].cls)
        data = dump(event, lambda passage, _path: {"about": str(passage.about), "sealed": ""})
        text = canonical(data).decode()
        about = {str(one) for one, _field in subjects(event)}
        there = {one for one in persons if one in text}
        shown |= there
        assert named(name, data) == there | about
    assert bool(shown) == bool(PLACES[name])


def test_every_event_of_a_case_is_followed_for_whom_it_names() -> None:
    """A new event of a case is among them without anybody adding it."""
    cases = {name for name, kind in EVENTS.items() if kind.stream == CASE}
    assert NAMING.events == PLACES.keys() == cases
    assert any(PLACES.values())
