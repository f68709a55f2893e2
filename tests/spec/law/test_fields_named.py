"""Whatever the sources name is recorded: each event of their vocabulary, and each field of a rule.

The events of the whole vocabulary stand in `events_named.csv`, by stage. What is held under another
name, or by another event, stands there and in `fields_named.csv` with its place, which is looked
up: tables of excuses they cannot become.
"""

from __future__ import annotations

import csv
import dataclasses
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, get_type_hints

import domain.procedure
from domain.catalogue import EVENTS
from domain.jurisdictions import Jurisdiction
from domain.procedure import rules
from domain.words import Fact, Forgotten, Header, Personal
from tests.each import each
from tests.spec.law.test_catalogue import kinds

RULES = ("R150",)

BY_NAME: Final[Mapping[str, type[Any]]] = {kind.cls.__name__: kind.cls for kind in EVENTS.values()}
PLACES: Final = {**BY_NAME, "Header": Header, "Fact": Fact, "Jurisdiction": Jurisdiction}
HERE: Final = Path(__file__).parent
RANGE: Final = re.compile(r"R(\d+)-R(\d+)")
VALUES: Final = re.compile(r"enum\s*\{[^}]*\}|\([^)]*\)|\[[^\]]*\]")  # not the names of fields
FIELD: Final = re.compile(r"[a-z][a-z0-9_.]*")


def deep(cls: type[Any]) -> Iterator[str]:
    """Give the name of every field of a class and of what is inside it."""
    for one in dataclasses.fields(cls):
        yield one.name
        for inner in inside(cls, one.name):
            yield from deep(inner)


def inside(cls: type[Any], name: str) -> Iterator[type[Any]]:
    """Give the dataclasses that can stand in a field."""
    for kind in kinds(get_type_hints(cls)[name]):
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            yield from () if kind in {Personal, Forgotten} else (kind,)


def there(place: str) -> bool:
    """Whether a field that is named by its path, `Event.field.field`, is there."""
    name, *path = place.split(".")
    at = [PLACES[name]] if name in PLACES else []
    for step in path:
        having = [cls for cls in at if step in {one.name for one in dataclasses.fields(cls)}]
        if not having:
            return False
        at = [] if having[0] in {Header, Fact, Jurisdiction} else list(inside(having[0], step))
    return bool(path)


def numbers(told: str) -> Iterator[str]:
    """Give the rules that a row of the table is of: some by number, or from one to another."""
    for one in told.split():
        span = RANGE.fullmatch(one)
        yield from (f"R{n}" for n in range(int(span[1]), int(span[2]) + 1)) if span else (one,)


def table(path: Path) -> tuple[dict[str, str], ...]:
    """Read a table."""
    with path.open(encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


@cache
def held_otherwise() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Where a field of a rule is held, and why there, by the rule and its name."""
    return {
        (rule, row["field"]): (row["held"], row["reason"])
        for row in table(HERE / "fields_named.csv")
        for rule in numbers(row["rules"])
    }


@cache
def named() -> Mapping[str, tuple[str, ...]]:
    """Give the fields that each rule names."""
    told = {}
    for row in table(Path(domain.procedure.__file__).with_name("rules.csv")):
        parts = re.split("[,;]", VALUES.sub("", row["fields"]))
        found = [FIELD.match(one.strip()) for one in parts]
        told[row["id"]] = tuple(one[0].rpartition(".")[2] for one in found if one is not None)
    return told


@cache
def vocabulary() -> Mapping[str, str]:
    """Every event of the vocabulary, with where it is held if not as an event of that name."""
    return {row["name"]: row["held"] for row in table(HERE / "events_named.csv")}


@each(list(rules()))
def test_what_a_rule_names_is_recorded(rule: str) -> None:
    """Each field of a rule is one of its events', or is held where the table says (R1 to R216)."""
    of_events = {
        name for event in rules()[rule].events if event in BY_NAME for name in deep(BY_NAME[event])
    }
    missing = [
        one for one in named()[rule] if one not in of_events and (rule, one) not in held_otherwise()
    ]
    assert missing == []


def test_what_is_held_otherwise_is_there() -> None:
    """A field the table names is in the place it says; what has none has a reason."""
    lost = {
        of: held
        for of, (held, reason) in held_otherwise().items()
        if not (reason if held == "-" else there(held))
    }
    assert lost == {}
    assert set(held_otherwise()) <= {
        (rule, one) for rule, names in named().items() for one in names
    }


@each(list(rules()))
def test_the_events_of_a_rule_are_there(rule: str) -> None:
    """Each event that a rule names is one of the record's."""
    assert [one for one in rules()[rule].events if one not in BY_NAME] == []


@each(list(vocabulary()))
def test_an_event_of_the_vocabulary_is_there(name: str) -> None:
    """Each event of the sources' vocabulary is the record's, or held where the table says."""
    held = vocabulary()[name]
    assert (name not in BY_NAME and there(held)) if held else name in BY_NAME
