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
from domain.record.encoding import kebab
from domain.when import When
from domain.words import Code, Digest, Forgotten, Personal, Slug

Kind = Literal[
    "flag", "number", "code", "codes", "passage", "slug", "digest", "day", "time", "reference",
    "group", "list", "file",
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
FILE: Final = "file"
_DOCUMENT: Final = "document"
# A passage that is a date: asked for as a date, the year alone where more is not known.
DATES: Final = frozenset({"date_of_birth"})
# The digests of a file that is handed in; any other names one that was kept before.
_DIGESTS: Final = frozenset({"digest", "content", "copy"})
# Numbers that name an entry of the same stream, by its version.
_ENTRIES: Final = frozenset(
    {
        "approvals",
        "authority",
        "best_interests_decision",
        "capacity_decision",
        "challenge",
        "change",
        "corrections",
        "decisions",
        "entries",
        "entry",
        "evidence",
        "exception",
        "hold",
        "permission",
        "referral",
        "report_permission",
        "supersedes",
        "target",
        "targets",
    }
)
# What somebody marks; who does not has said nothing, and nothing is told of it. Any other yes or no
# is an answer, or what is asked to be done (tests/spec/law/yes_or_no.csv).
MARKS: Final = frozenset(
    {
        *("complex_case", "conference_needed", "enquiry_incomplete", "entered", "large_scale"),
        *("outside", "own_words", "professionals_only", "risk_may_not_fall", "unapproved_draft"),
    }
)
# Made where it is left out, and asked for all the same: one there is may be meant, or a new one.
NEW: Final = "new"
_NEW_OR_KNOWN: Final = frozenset({("link-large-scale-enquiry", "large_scale")})
# What speaks of a document that is there already.
_NO_FILE: Final = frozenset(
    {
        "adopt-policy",
        "approve-minutes",
        "challenge-factual-accuracy",
        "consider-report",
        "recipient",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form, or several that belong together.

    `name` is its name in a request, `owner` what it is a field of, `listed` the nation's list of
    its codes, `refers` the kind of reference it holds. `default` is what is recorded where an
    optional one is left out, if anything is. `members` are the fields within a group, or the one
    that each row of a list is; `doc` is what the command's description says of it.

    A `file` is in no request: it is kept as it comes, and `holds` are the fields beside it that
    then name it. Its `members` are those of them that somebody may fill in for one kept before.
    """

    name: str
    kind: Kind
    required: bool
    owner: str = ""
    listed: str | None = None
    refers: str | None = None
    default: object = None
    doc: str = ""
    members: tuple[Field, ...] = ()
    holds: tuple[str, ...] = ()


def names_entry(one: Field, place: str) -> bool:
    """Whether a field at a place in a form names an entry; a number of entries is a count."""
    counted = one.name == "entries" and not place.rpartition(".")[2].isdigit()
    return one.kind == "number" and one.name in _ENTRIES and not counted


def may_be_new(one: Field) -> bool:
    """Whether a field asks for something that there is, or for a new one, to be made here."""
    return (one.owner, one.name) in _NEW_OR_KNOWN


NOT_STATED: Final = "not_stated"  # what is chosen on a form until somebody answers


def until_answered(one: Field) -> bool:
    """Whether a field has `NOT_STATED` chosen where nobody has answered."""
    return one.kind == "code" and not one.required and one.default == NOT_STATED


@cache
def fields_of(name: str) -> tuple[Field, ...]:
    """The fields of a command, by the command's name."""
    return _members(COMMANDS[name].cls)


def asked_of(name: str) -> tuple[Field, ...]:
    """The fields of a command as its request has them: those that name a file in its place."""
    return as_asked(fields_of(name))


def as_asked(members: tuple[Field, ...]) -> tuple[Field, ...]:
    """Fields as a request has them."""
    return tuple(each for one in members for each in (one.members if one.kind == FILE else (one,)))


def _members(cls: type[Any]) -> tuple[Field, ...]:
    hints, owner = typing.get_type_hints(cls), kebab(cls.__name__)
    found = tuple(
        _field(one.name, hints[one.name], one, _said_of(cls, one.name), owner)
        for one in asked_fields(cls)
        if one.name != MADE.get(cls) or (owner, one.name) in _NEW_OR_KNOWN
    )
    return _with_file(found, cls, owner)


def _with_file(members: tuple[Field, ...], cls: type[Any], owner: str) -> tuple[Field, ...]:
    """Fields in which those that name a document to be handed in are one field of a file."""
    named = tuple(
        one
        for one in members
        if (one.kind == "digest" and one.name in _DIGESTS) or one.refers == "DocumentRef"
        if one.name in _DIGESTS | {_DOCUMENT}
    )
    if not named or owner in _NO_FILE:
        return members
    made = (_DOCUMENT,) if MADE.get(cls) == _DOCUMENT else ()
    file = Field(
        name=FILE,
        kind="file",
        owner=owner,
        required=any(one.required for one in named),
        members=named,
        holds=(*made, *(one.name for one in named)),
    )
    first = members.index(named[0])
    left = [one for one in members if one not in named]
    return (*left[:first], file, *left[first:])


def _field(
    name: str,
    hint: Any,  # noqa: ANN401 — an annotation is any object
    one: dataclasses.Field[Any],
    doc: str,
    owner: str,
) -> Field:
    required = one.default is MISSING and one.default_factory is MISSING
    default = None if one.default is MISSING else one.default
    listed = one.metadata.get("list")
    found = _shaped(name, hint, listed, required=required)
    if found.kind == "list":
        row = dataclasses.replace(found.members[0], owner=owner)
        found = dataclasses.replace(found, members=(row,))
    return dataclasses.replace(found, default=default, doc=doc, owner=owner)


def _shaped(name: str, hint: Any, listed: str | None, *, required: bool) -> Field:  # noqa: ANN401 — an annotation is any object
    """The field of an annotation, as `api.schema.shape` reads it."""
    refers = None
    while hasattr(hint, "__supertype__"):
        refers, hint = refers or hint.__name__, hint.__supertype__
    origin, members = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        left = tuple(one for one in members if one is not type(None))
        if set(left) == {Personal, Forgotten}:
            told: Kind = "time" if name in DATES else "passage"
            return Field(name=name, kind=told, required=required, listed=listed)
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

ASK: Final = "ask"
_KNOWN: Final = Field(
    name="known_to",
    kind="group",
    required=True,
    members=(
        Field(name="agency", kind="slug", required=True, owner="known"),
        Field(name="since", kind="time", required=True, owner="known"),
    ),
    owner=ASK,
)
PERFORMED_ROLE: Final = "performed_role"
BESIDE: Final = (
    Field(name="occurred", kind="time", required=False, owner=ASK),
    Field(
        name="purpose",
        kind="code",
        required=False,
        owner=ASK,
        listed="purpose",
        default="safeguarding",
    ),
    Field(name="performed_by", kind="reference", required=False, owner=ASK, refers="WorkerRef"),
    Field(name=PERFORMED_ROLE, kind="code", required=False, owner=ASK),
    Field(name="performed_organisation", kind="slug", required=False, owner=ASK),
    Field(name="known_to", kind="list", required=False, owner=ASK, members=(_KNOWN,)),
    Field(name="source", kind="slug", required=False, owner=ASK),
    Field(name="source_recorded", kind="time", required=False, owner=ASK),
    Field(name="causation", kind="number", required=False, owner=ASK),
    Field(name="correlation", kind="reference", required=False, owner=ASK),
)
