"""The values a request may hold: how each is read, and what the published description says of it.

What is wrong with one is said without repeating it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import Annotated, Any, Final, cast
from uuid import UUID

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.problems import OURS
from domain import when
from domain.when import When
from domain.words import Code, Digest, Personal, Slug, blank

LONGEST_TEXT: Final = 100_000
FIRST_DAY: Final = date(1850, 1, 1)  # beyond these, a date is a slip of the pen
LAST_DAY: Final = date(2199, 12, 31)
WIDEST: Final = 2**53 - 1  # the largest whole number that every reader of JSON keeps as it is
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


Build = Callable[[Any, Making, str], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """The form of a value in a request, and how it becomes a value of the domain."""

    annotation: Any
    build: Build


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
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise _wrong("This is a whole number, from 0 to 999999.")
    return value


def _wide(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= WIDEST:
        raise _wrong("This is a whole number, from 0 to 9007199254740991.")
    return value


def _position(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= WIDEST:
        raise _wrong("This is a position of the record, 1 or more.")
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
    if blank(value):
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
_LARGEST: Final = 999_999  # a count or a version; more digits could be somebody's number, in clear
_DAY_SCHEMA: Final = {"type": "string", "format": "date"}
LEAVES: Final[Mapping[Any, Shape]] = {
    bool: _leaf(_flag, {"type": "boolean"}),
    int: _leaf(_number, {"type": "integer", "minimum": 0, "maximum": _LARGEST}),
    UUID: _leaf(_uuid, _UUID_SCHEMA),
    Code: _leaf(_code, _CODE_SCHEMA),
    Slug: _leaf(_slug, _SLUG_SCHEMA),
    Digest: _leaf(_digest, {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
    date: _leaf(_date, _DAY_SCHEMA),
    When: _leaf(_when, WHEN_SCHEMA),
}
# A position of the record, or the number that a sample was drawn by.
WIDE: Final = _leaf(_wide, {"type": "integer", "minimum": 0, "maximum": WIDEST})
PASSAGE: Final = Shape(
    Annotated[Any, PlainValidator(_passage), WithJsonSchema(PASSAGE_SCHEMA)], _say
)

# The same as annotations of a request's own fields.
UuidText = Annotated[Any, PlainValidator(_uuid), WithJsonSchema(_UUID_SCHEMA)]
CodeText = Annotated[Any, PlainValidator(_code), WithJsonSchema(_CODE_SCHEMA)]
SlugText = Annotated[Any, PlainValidator(_slug), WithJsonSchema(_SLUG_SCHEMA)]
DateText = Annotated[Any, PlainValidator(_date), WithJsonSchema(_DAY_SCHEMA)]
WhenText = Annotated[Any, PlainValidator(_when), WithJsonSchema(WHEN_SCHEMA)]
Position = Annotated[
    Any, PlainValidator(_position), WithJsonSchema({"type": "integer", "minimum": 1})
]
