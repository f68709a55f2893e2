"""The shape of every request, made from the commands' own annotations.

A command dataclass becomes a pydantic model field by field, as the record's codec makes its stored
form: a field of a type this page does not name is refused when the model is made. Extra fields are
forbidden. What a command itself creates may be left out and is made here, always the same for the
same command id, so that a repeated request makes nothing new.
"""

from __future__ import annotations

import hashlib
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from dataclasses import field as dataclass_field
from datetime import date
from functools import cache
from typing import Annotated, Any, Final, Literal, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainValidator, WithJsonSchema, create_model
from pydantic import Field as Described
from pydantic_core import PydanticCustomError

from api.problems import OURS
from domain import when
from domain.allocation import AllocateCase
from domain.catalogue import COMMANDS
from domain.concern import Allegation, ReceiveReferral
from domain.conference import ConveneConference
from domain.correction import ErasePersonalData
from domain.enquiry import OpenEnquiry, SubmitInvestigationReport
from domain.invitation import InviteParticipant
from domain.minutes import DraftMinutes
from domain.monitoring import DecidePachAction
from domain.person import RegisterPerson
from domain.plan import Action, AgreePlan
from domain.record.encoding import TAG, kebab
from domain.reference import AddCaseReference
from domain.when import When
from domain.words import (
    Code,
    Digest,
    Forgotten,
    KnownTo,
    Particulars,
    Personal,
    Slug,
    WorkerRef,
)

# What is made where it is left out: by class, the reference that names the new thing.
MADE: Final[Mapping[type, str]] = {
    Allegation: "ref",
    OpenEnquiry: "enquiry",
    SubmitInvestigationReport: "report",
    ConveneConference: "conference",
    InviteParticipant: "participant",
    AgreePlan: "plan",
    Action: "action",
    DecidePachAction: "action",
    DraftMinutes: "document",
    RegisterPerson: "person",
}

# What a command holds but nobody may send: `domain.handle` looks it up, or `api.intake`.
LOOKED_UP: Final[Mapping[type, str]] = {
    AllocateCase: "registered",
    ReceiveReferral: "earlier_referrals",
    AddCaseReference: "elsewhere",
    ErasePersonalData: "named",
}

LONGEST_TEXT: Final = 100_000
MOST: Final = 500  # members of one list
FIRST_DAY: Final = date(1850, 1, 1)  # beyond these, a date is a slip of the pen
LAST_DAY: Final = date(2199, 12, 31)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(slots=True)
class Making:
    """What a request's values are made with: whom passages are about, and the command's id.

    `made` gathers the references made here, by their path in the command.
    """

    about: UUID
    command: UUID
    person: UUID | None = None  # the stream of a person being registered
    made: dict[str, UUID] = dataclass_field(default_factory=dict)

    def reference(self, path: str) -> UUID:
        """A reference for what is made at a path; the same for the same command id."""
        self.made[path] = self.person or derived(self.command, path)
        return self.made[path]


def derived(command: UUID, path: str) -> UUID:
    """The reference a command makes at a path."""
    digest = hashlib.sha256(command.bytes + b"\x1f" + path.encode()).digest()
    return UUID(bytes=digest[:16], version=5)


_Build = Callable[[Any, Making, str], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a value in a request, and how it becomes a value of the domain."""

    annotation: Any
    build: _Build


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError(OURS, cast("Any", message))


def _text_of(value: object) -> str:
    if not isinstance(value, str):
        raise _wrong("This is text.")
    return value


def _code(value: object) -> Code:
    try:
        return Code(_text_of(value))
    except ValueError as error:
        raise _wrong(str(error)) from None


def _slug(value: object) -> Slug:
    try:
        return Slug(_text_of(value))
    except ValueError as error:
        raise _wrong(str(error)) from None


def _digest(value: object) -> Digest:
    try:
        return Digest(_text_of(value))
    except ValueError as error:
        raise _wrong(str(error)) from None


def _uuid(value: object) -> UUID:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise _wrong("This is a reference: a UUID with its hyphens.")
    return UUID(value)


def _date(value: object) -> date:
    wrong = _wrong("This is a day of the calendar, YYYY-MM-DD.")
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise wrong
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise wrong from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _wrong("This day lies too far from the present.")
    return day


def _when(value: object) -> When:
    try:
        read = when.read(_text_of(value))
    except ValueError as error:
        raise _wrong(str(error)) from None
    for day in (read.first_day, read.last_day):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise _wrong("This time lies too far from the present.")
    return read


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong("This is true or false.")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise _wrong("This is a whole number, not below zero.")
    return value


@dataclass(frozen=True, slots=True)
class _Said:
    """A passage as it was sent; whom it is about is settled when the command is made."""

    about: UUID | None
    text: str


def _passage(value: object) -> _Said:
    """A text, or {"about": reference, "text": text}."""
    about = None
    if isinstance(value, dict):
        if set(value) != {"about", "text"}:
            raise _wrong("This is text, or an object with about and text.")
        about, value = _uuid(value["about"]), value["text"]
    if not isinstance(value, str):
        raise _wrong("This is text, or an object with about and text.")
    if not value.strip():
        raise _wrong("This text is empty.")
    if len(value) > LONGEST_TEXT:
        raise _wrong("This text is too long: at most 100,000 characters.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _wrong("This text holds half of a character.") from None
    if "\x00" in value:
        raise _wrong("This text holds a character of number zero.")
    return _Said(about, value)


def _leaf(read: Callable[[object], object], schema: dict[str, Any]) -> Shape:
    annotation = Annotated[Any, PlainValidator(read), WithJsonSchema(schema)]
    return Shape(annotation, lambda value, _making, _path: value)


def _say(value: _Said, making: Making, _path: str) -> Personal:
    return Personal(value.about or making.about, value.text)


_TEXT_SCHEMA: Final = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
_UUID_SCHEMA: Final = {"type": "string", "format": "uuid"}
PASSAGE_SCHEMA: Final = {
    "description": "Personal text, sealed. Alone it is about the case (or person) asked; "
    "`about` names somebody else whose forgetting shall forget it.",
    "anyOf": [
        _TEXT_SCHEMA,
        {
            "type": "object",
            "properties": {"about": _UUID_SCHEMA, "text": _TEXT_SCHEMA},
            "required": ["about", "text"],
            "additionalProperties": False,
        },
    ],
}
WHEN_SCHEMA: Final = {
    "type": "string",
    "description": "EDTF level 1: a day, month, year, moment with its zone, or range, with ? for "
    "uncertain and ~ for approximate; or `unknown`.",
    "examples": ["2026-11-02", "2026-11", "2026-11-02T14:30:00Z", "2026?", "unknown"],
}
_CODE_SCHEMA: Final = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_]{0,63}$"}
_SLUG_SCHEMA: Final = {
    "type": "string",
    "pattern": "^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$",
    "maxLength": 40,
}
_DAY_SCHEMA: Final = {"type": "string", "format": "date"}
_WHEN: Final = _leaf(_when, WHEN_SCHEMA)
_LEAVES: Final[Mapping[Any, Shape]] = {
    bool: _leaf(_flag, {"type": "boolean"}),
    int: _leaf(_number, {"type": "integer", "minimum": 0}),
    UUID: _leaf(_uuid, _UUID_SCHEMA),
    Code: _leaf(_code, _CODE_SCHEMA),
    Slug: _leaf(_slug, _SLUG_SCHEMA),
    Digest: _leaf(_digest, {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
    date: _leaf(_date, _DAY_SCHEMA),
    When: _WHEN,
}
_PASSAGE: Final = Shape(
    Annotated[Any, PlainValidator(_passage), WithJsonSchema(PASSAGE_SCHEMA)], _say
)


@cache
def shape(hint: Any) -> Shape:  # noqa: ANN401 — an annotation is any object
    """The form of an annotation; TypeError names what no request may hold."""
    while hasattr(hint, "__supertype__"):  # a reference's NewType is a UUID in a request
        hint = hint.__supertype__
    if hint in _LEAVES:
        return _LEAVES[hint]
    origin, members = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _union(tuple(one for one in members if one is not type(None)))
    if origin is tuple and members[1:] == (...,):
        return _sequence(shape(members[0]))
    if is_dataclass(hint) and isinstance(hint, type):
        return Shape(model(hint), _builder(hint))
    raise TypeError(f"{hint!r} may not be asked for: use a reference, Code, Slug or Passage")


def _union(members: tuple[Any, ...]) -> Shape:
    if set(members) == {Personal, Forgotten}:
        return _PASSAGE
    if len(members) == 1:
        return shape(members[0])
    tagged = {
        kebab(one.__name__): one for one in members if isinstance(one, type) and is_dataclass(one)
    }
    if len(tagged) != len(members):
        raise TypeError(f"a union of {members!r} may not be asked for")
    models = tuple(model(one, tag) for tag, one in tagged.items())

    def build(value: Any, making: Making, path: str) -> Any:  # noqa: ANN401 — as the union's members
        return _builder(tagged[getattr(value, "tag")])(value, making, path)  # noqa: B009 — not every model has one

    return Shape(
        Annotated[typing.Union[models], Described(discriminator="tag")],  # noqa: UP007 — made of a tuple
        build,
    )


def _tuple_of(annotation: Any) -> Any:  # noqa: ANN401 — an annotation is any object
    return types.GenericAlias(tuple, (annotation, ...))


def _sequence(one: Shape) -> Shape:
    return Shape(
        Annotated[_tuple_of(one.annotation), Described(max_length=MOST)],
        lambda value, making, path: tuple(
            one.build(member, making, f"{path}/{number}" if path else str(number))
            for number, member in enumerate(value)
        ),
    )


class Strict(BaseModel):
    """What every object of a request obeys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


def model(cls: type, tag: str | None = None) -> type[Strict]:
    """The pydantic model of a command, or of a value inside one; always the same one."""
    if (cls, tag) not in _MODELS:
        _MODELS[cls, tag] = _model(cls, tag)
    return _MODELS[cls, tag]


_MODELS: Final[dict[tuple[type, str | None], type[Strict]]] = {}


def _model(cls: type, tag: str | None) -> type[Strict]:
    hints = typing.get_type_hints(cls)
    made = MADE.get(cls)
    members: dict[str, Any] = {}
    if tag is not None:
        members["tag"] = (Literal[tag], Described(alias=TAG))
    for one in _asked(cls):
        annotation = shape(hints[one.name]).annotation
        options = _options(one)
        if one.name == made:
            options |= {"default": None, "description": "Made here where it is left out."}
            annotation |= None
        elif one.default is None:
            options["default"] = None
            annotation |= None
        elif one.default is not MISSING:
            options["default"] = _plain(one.default)
        elif one.default_factory is not MISSING:
            options["default"] = None
        members[_inside(one.name)] = (annotation, Described(**options))
    name = cls.__name__
    return cast("type[Strict]", create_model(name, __base__=Strict, __doc__=_first(cls), **members))


def _asked(cls: type) -> list[Field[Any]]:
    """The fields that a request may hold."""
    return [one for one in fields(cls) if one.name != LOOKED_UP.get(cls)]


def _inside(name: str) -> str:
    """The attribute of a model for a field: some names belong to pydantic."""
    return f"{name}_" if hasattr(BaseModel, name) else name


def _plain(default: object) -> object:
    """A default as the published schema shows it."""
    return str(default) if isinstance(default, str) else default


def _options(one: Field[Any]) -> dict[str, Any]:
    """The list a field's codes come from; the values differ by nation (GET /v1/lists)."""
    listed = one.metadata.get("list")
    options: dict[str, Any] = {} if listed is None else {"json_schema_extra": {"x-list": listed}}
    if _inside(one.name) != one.name:
        options["alias"] = one.name
    return options


def _first(cls: type) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())


_BUILDERS: Final[dict[type, _Build]] = {}


def _builder(cls: type) -> _Build:
    """How a model's instance becomes the dataclass it was made from."""
    if cls not in _BUILDERS:
        _BUILDERS[cls] = _made_builder(cls)
    return _BUILDERS[cls]


def _made_builder(cls: type) -> _Build:
    hints = typing.get_type_hints(cls)
    builds = {one.name: shape(hints[one.name]).build for one in _asked(cls)}
    made = MADE.get(cls)

    def build(value: Any, making: Making, path: str) -> Any:  # noqa: ANN401 — an instance of `model(cls)`
        known: dict[str, Any] = {}
        for name, build_one in builds.items():
            place = f"{path}/{name}" if path else name
            given = getattr(value, _inside(name))
            if name == made and given is None:
                known[name] = making.reference(place)
            elif _inside(name) in value.model_fields_set:
                known[name] = None if given is None else build_one(given, making, place)
        return cls(**known)

    return build


# -------------------------------------------------------------------------------- whole requests

SlugText = Annotated[Any, PlainValidator(_slug), WithJsonSchema(_SLUG_SCHEMA)]


class Known(Strict):
    """An agency that knew, and since when."""

    agency: SlugText
    since: Annotated[Any, PlainValidator(_when), WithJsonSchema(WHEN_SCHEMA)]


_OptionalUuid = Annotated[Any, PlainValidator(_uuid), WithJsonSchema(_UUID_SCHEMA)] | None
_OptionalCode = Annotated[Any, PlainValidator(_code), WithJsonSchema(_CODE_SCHEMA)] | None
_OptionalSlug = Annotated[Any, PlainValidator(_slug), WithJsonSchema(_SLUG_SCHEMA)] | None
_OptionalWhen = Annotated[Any, PlainValidator(_when), WithJsonSchema(WHEN_SCHEMA)] | None
_Purpose = Annotated[Any, PlainValidator(_code), WithJsonSchema(_CODE_SCHEMA)]
_Position = Annotated[
    Any, PlainValidator(_number), WithJsonSchema({"type": "integer", "minimum": 0})
]


class Asked(Strict):
    """What is true of a command besides its content."""

    occurred: _OptionalWhen = Described(
        default=None, description="When the thing recorded happened; left out, this moment."
    )
    purpose: _Purpose = Described(default="safeguarding", json_schema_extra={"x-list": "purpose"})
    performed_by: _OptionalUuid = Described(
        default=None, description="Who did it, where that is not who records it."
    )
    performed_role: _OptionalCode = None
    performed_organisation: _OptionalSlug = None
    known_to: tuple[Known, ...] = Described(default=(), max_length=MOST)
    source: _OptionalSlug = Described(default=None, description="Where an imported entry stood.")
    source_recorded: _OptionalWhen = Described(
        default=None, description="When it was written there."
    )
    causation: _Position | None = Described(
        default=None, description="The position of the event that led to this."
    )
    correlation: _OptionalUuid = None


def request_model(name: str) -> type[Asked]:
    """The model of a whole request for a command, by the command's name."""
    cls = COMMANDS[name].cls
    members: dict[str, Any] = {"command": (model(cls), ...)}
    if name == "receive-referral":
        members["case"] = (
            _OptionalUuid,
            Described(default=None, description="The new case's reference; made where left out."),
        )
    return create_model(f"{cls.__name__}Request", __base__=Asked, __doc__=_first(cls), **members)


def command_of(name: str, body: Asked, making: Making) -> object:
    """The command a request holds."""
    return _builder(COMMANDS[name].cls)(getattr(body, "command"), making, "")  # noqa: B009 — each request's own model has it


def particulars_of(body: Asked, now: When) -> Particulars:
    """What a request says is true of its command besides its content."""
    return Particulars(
        occurred=body.occurred or now,
        purpose=Code(body.purpose),
        performed_by=body.performed_by and WorkerRef(body.performed_by),
        performed_role=body.performed_role,
        performed_organisation=body.performed_organisation,
        known_to=tuple(KnownTo(agency=one.agency, since=one.since) for one in body.known_to),
        source=body.source,
        source_recorded=body.source_recorded,
        correlation=body.correlation,
        causation=body.causation,
    )
