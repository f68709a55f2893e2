"""Every field that a person fills in is filled in somewhere in what this repository tells.

A field that no told case uses is one nobody has read in a story. What stands nowhere is in
`fields_not_used.csv`, under why: what the record sets itself, what comes by a list, and what is
not yet shown.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Final

from api.demonstration.pending import Answering, Naming, Producing
from domain.answered import AnswerFinding
from domain.catalogue import COMMANDS, command_name
from domain.when import When
from domain.words import Forgotten, Personal
from tests.doors.scripts.england_case import TALE as ENGLISH
from tests.doors.scripts.scotland_year import YEAR
from tests.spec.law.test_fields_named import inside
from tests.told import told

SEED, CASES = 2014, 400
TABLE: Final = Path(__file__).with_name("fields_not_used.csv")
WHY: Final = ("the record sets it", "comes by a list", "told elsewhere", "not yet shown")
Fields = Mapping[str, "dataclasses.Field[Any]"]


def fields_of(cls: type[Any], path: str) -> Iterator[tuple[str, dataclasses.Field[Any]]]:
    """Give every field of a class and of what is inside it, by its path; a time is one value."""
    for one in dataclasses.fields(cls):
        yield f"{path}.{one.name}", one
        for inner in inside(cls, one.name):
            if inner is not When:
                yield from fields_of(inner, f"{path}.{one.name}")


@cache
def every_field() -> Fields:
    """Give each field of each command, as `command.field.field`."""
    return {path: one for name, kind in COMMANDS.items() for path, one in fields_of(kind.cls, name)}


def unsaid(one: dataclasses.Field[Any]) -> object:
    """Give what stands in a field that nobody filled in."""
    if one.default_factory is not dataclasses.MISSING:
        return one.default_factory()
    return one.default


def in_command(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 — any command
    """Give the paths of what a command says otherwise than by leaving it out."""
    for one in dataclasses.fields(value):
        said = getattr(value, one.name)
        where = f"{path}.{one.name}"
        if said != unsaid(one):
            yield where
        for inner in said if isinstance(said, tuple) else (said,):
            if dataclasses.is_dataclass(inner) and not isinstance(
                inner, Personal | Forgotten | When
            ):
                yield from in_command(inner, where)


def in_script(said: Mapping[str, Any], path: str) -> Iterator[str]:
    """Give the same of a step of a script, which is as it goes to the API."""
    for name, value in said.items():
        where = f"{path}.{name}"
        field = every_field().get(where)
        if field is not None and value not in (None, "", [], (), False, str(unsaid(field))):
            yield where
        for inner in value if isinstance(value, list | tuple) else (value,):
            if isinstance(inner, Mapping):
                yield from in_script(inner, where)


def demonstrated() -> Iterator[str]:
    """Give the fields that the made-up authorities fill in."""
    for nation in ("england", "scotland"):
        for step in told(nation, seed=SEED, count=CASES).plan.steps:
            match step.command:
                case Answering():
                    yield from (
                        path for path, _ in fields_of(AnswerFinding, command_name_of(AnswerFinding))
                    )
                case Naming(command=command, field=looked_up):
                    yield f"{command_name(command)}.{looked_up}"
                    yield from in_command(command, command_name(command))
                case Producing(command=command):
                    name = command_name(command)
                    looked_up_too = {f"{name}.as_at", f"{name}.entries"}
                    yield from looked_up_too & {*every_field()}
                    yield from in_command(command, name)
                case command:
                    yield from in_command(command, command_name(command))


def command_name_of(cls: type[Any]) -> str:
    """Give the name a class of commands is asked under."""
    return next(name for name, kind in COMMANDS.items() if kind.cls is cls)


def scripted() -> Iterator[str]:
    """Give the fields that the two scripted cases fill in."""
    for tale in (ENGLISH, YEAR):
        for step in tale.steps:
            yield from in_script(step.fields, step.command)


def listed() -> list[dict[str, str]]:
    """Give the table of what is used nowhere."""
    with TABLE.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_field_is_used_or_says_why_not() -> None:
    """Nothing unused is not listed, and nothing is listed that is used."""
    unused = {*every_field()} - {*demonstrated()} - {*scripted()}
    rows = [row["field"] for row in listed()]
    left = {path for path in unused if not any(fnmatchcase(path, row) for row in rows)}
    assert sorted(left) == []
    idle = [row for row in rows if not any(fnmatchcase(path, row) for path in unused)]
    assert idle == []


def test_the_table_says_why() -> None:
    """Each row stands under one of few headings, with a reason; what stays out for good is few."""
    rows = listed()
    assert {row["heading"] for row in rows} <= {*WHY}
    assert all(row["reason"] for row in rows)
    assert sum(row["heading"] != "not yet shown" for row in rows) <= 30
