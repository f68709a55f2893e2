"""The fields of a command's form, made from the same annotations as the schema of its requests.

What `api.schema` makes where it is left out has no field, nor has what is looked up here.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal
from uuid import UUID

from api.schema import MADE, asked_fields
from domain.catalogue import COMMANDS
from domain.when import When
from domain.words import Code, Digest, Forgotten, Personal, Slug

Kind = Literal[
    "flag", "number", "code", "codes", "passage", "slug", "digest", "day", "time", "reference",
    "group", "list",
]  # fmt: skip
_LEAVES: Final[Mapping[Any, Kind]] = {
    bool: "flag",
    int: "number",
    UUID: "reference",
    Code: "code",
    Slug: "slug",
    Digest: "digest",
    date: "day",
    When: "time",
}
COMMAND: Final = "command"
PERSON: Final = "PersonRef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form, or several that belong together.

    `name` is its name in a request, `listed` the nation's list of its codes, `refers` the kind of
    reference it holds. `default` is what is recorded where an optional one is left out, if
    anything is. `members` are the fields within a group, or the one that each row of a list is;
    `doc` is what the command's description says of it.
    """

    name: str
    kind: Kind
    required: bool
    listed: str | None = None
    refers: str | None = None
    default: object = None
    doc: str = ""
    members: tuple[Field, ...] = ()


@cache
def fields_of(name: str) -> tuple[Field, ...]:
    """The fields of a command, by the command's name."""
    return _members(COMMANDS[name].cls)


def _members(cls: type[Any]) -> tuple[Field, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(
        _field(one.name, hints[one.name], one, _said_of(cls, one.name))
        for one in asked_fields(cls)
        if one.name != MADE.get(cls)
    )


def _field(name: str, hint: Any, one: dataclasses.Field[Any], doc: str) -> Field:  # noqa: ANN401 — an annotation is any object
    required = one.default is MISSING and one.default_factory is MISSING
    default = None if one.default is MISSING else one.default
    listed = one.metadata.get("list")
    found = _shaped(name, hint, listed, required=required)
    return dataclasses.replace(found, default=default, doc=doc)


def _shaped(name: str, hint: Any, listed: str | None, *, required: bool) -> Field:  # noqa: ANN401 — an annotation is any object
    """The field of an annotation, as `api.schema.shape` reads it."""
    refers = None
    while hasattr(hint, "__supertype__"):
        refers, hint = refers or hint.__name__, hint.__supertype__
    origin, members = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        left = tuple(one for one in members if one is not type(None))
        if set(left) == {Personal, Forgotten}:
            return Field(name=name, kind="passage", required=required, listed=listed)
        if len(left) == 1:
            return _shaped(name, left[0], listed, required=required)
        raise TypeError(f"{hint!r} has no field in a form: say which of its kinds is asked for")
    if origin is tuple:
        if members[0] is Code and listed is not None:
            return Field(name=name, kind="codes", required=required, listed=listed)
        one = _shaped(name, members[0], listed, required=True)
        return Field(name=name, kind="list", required=required, members=(one,))
    if hint in _LEAVES:
        kind = _LEAVES[hint]
        return Field(name=name, kind=kind, required=required, listed=listed, refers=refers)
    if is_dataclass(hint) and isinstance(hint, type):
        return Field(name=name, kind="group", required=required, members=_members(hint))
    raise TypeError(f"{hint!r} has no field in a form")


def _said_of(cls: type[Any], name: str) -> str:
    """The sentences of a class's description that speak of a field, without naming it in code."""
    text = " ".join((cls.__doc__ or "").split())
    said = [one for one in re.split(r"(?<=[.;])\s+", text) if f"`{name}`" in one]
    return " ".join(said)


# ------------------------------------------------------------------------ what stands beside

_KNOWN: Final = Field(
    name="known_to",
    kind="group",
    required=True,
    members=(
        Field(name="agency", kind="slug", required=True),
        Field(name="since", kind="time", required=True),
    ),
)
PERFORMED_ROLE: Final = "performed_role"
BESIDE: Final = (
    Field(name="occurred", kind="time", required=False),
    Field(name="purpose", kind="code", required=False, listed="purpose", default="safeguarding"),
    Field(name="performed_by", kind="reference", required=False, refers="WorkerRef"),
    Field(name=PERFORMED_ROLE, kind="code", required=False),
    Field(name="performed_organisation", kind="slug", required=False),
    Field(name="known_to", kind="list", required=False, members=(_KNOWN,)),
    Field(name="source", kind="slug", required=False),
    Field(name="source_recorded", kind="time", required=False),
    Field(name="causation", kind="number", required=False),
    Field(name="correlation", kind="reference", required=False),
)

__all__ = ["BESIDE", "COMMAND", "PERFORMED_ROLE", "PERSON", "Field", "Kind", "fields_of"]
