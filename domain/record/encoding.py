"""Events to canonical bytes and back.

A payload is JSON with sorted keys: enumerations, references and dates in clear, every personal
passage sealed. Absent optional fields are left out. The codec of a class is derived once from its
annotations, and a field of a type this page does not name is refused when the class is first used:
that is how no stray text ever reaches the log.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, Protocol, TypeAlias, cast
from uuid import UUID

import orjson

from domain.record.sealing import reference
from domain.refusal import Corrupt
from domain.when import When
from domain.words import (
    Code,
    Digest,
    Forgotten,
    Header,
    KnownTo,
    Passage,
    Personal,
    Slug,
    WorkerRef,
)

Json: TypeAlias = Any  # also: a value whose type is only known from its class
Seal: TypeAlias = Callable[[Passage, str], dict[str, Json]]
Open: TypeAlias = Callable[[Mapping[str, Json], str], Passage]
_Dump: TypeAlias = Callable[[Any, Seal, str], Json]
_Load: TypeAlias = Callable[[Any, Open, str], Any]
_Codec: TypeAlias = tuple[_Dump, _Load]

SEALED: Final = "sealed"  # the key by which a sealed passage is known inside a payload
TAG: Final = "is"  # the key that tells which member of a union an object is


class Catalogue(Protocol):
    """What the record must be told about events: names, versions, classes and upcasters."""

    def describe(self, cls: type) -> tuple[str, int]:
        """The stored name and current version of an event class."""
        ...

    def resolve(self, name: str) -> type:
        """The class of a stored name. Raises KeyError for a name never in the catalogue."""
        ...

    def upcast(self, name: str, version: int, data: dict[str, Json]) -> dict[str, Json]:
        """Bring the data of an older version to the current one."""
        ...


def canonical(value: Json) -> bytes:
    """The one byte form of a JSON value we write: sorted keys, no white space, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def kebab(name: str) -> str:
    """`ConferenceConvened` → `conference-convened`; `Section42DutyDecided` → `section-42-…`."""
    return re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[0-9])", "-", name
    ).lower()


def dump(value: object, seal: Seal) -> dict[str, Json]:
    """An event as JSON, its passages sealed by `seal(passage, path)`."""
    return cast("dict[str, Json]", _codec(cast("Any", type(value)))[0](value, seal, ""))


def load(cls: type, data: Mapping[str, Json], open_: Open) -> Json:
    """An event from JSON of its current version, its passages opened by `open_(sealed, path)`.

    Raises:
        Corrupt: the data does not fit the class (a missing or unreadable field).
    """
    try:
        return _codec(cast("Any", cls))[1](data, open_, "")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # The message of the cause may quote the value: name the class and the kind alone.
        raise Corrupt(f"{cls.__name__}: {type(error).__name__} while reading a payload") from None


def passages(data: Json) -> Iterator[Mapping[str, Json]]:
    """Every sealed passage in a payload, in the order of its canonical bytes."""
    return (sealed for sealed, _place in placed(data, ""))


def placed(data: Json, place: str) -> Iterator[tuple[Mapping[str, Json], str]]:
    """Every sealed passage with the place it stands at: `place` and its path below that."""
    if isinstance(data, dict):
        if SEALED in data:
            yield data, place
        else:
            for name, member in data.items():
                yield from placed(member, f"{place}/{name}")
    elif isinstance(data, list):
        for index, member in enumerate(data):
            yield from placed(member, f"{place}/{index}")


def dump_header(header: Header, *, salt: str, command: Mapping[str, Json] | None) -> bytes:
    """The canonical bytes of a header. `salt` hides its few likely contents behind the commitment.

    `command` goes with the first event of a command: its request's digest and how many events.
    """
    # References as they are: see `sealing.seal`.
    data: dict[str, Json] = {
        "salt": salt,
        "name": header.name,
        "v": header.version,
        "occurred": _dump_when(header.occurred),
        "recorded_by": header.recorded_by,
        "performed_by": header.performed_by,
        "role": str(header.role),
        "organisation": str(header.organisation),
        "purpose": str(header.purpose),
        "correlation": header.correlation,
        "command": {"id": header.command, **(command or {})},
    }
    if header.causation is not None:
        data["causation"] = header.causation
    if header.known_to:
        data["known_to"] = [
            {"agency": str(known.agency), "since": _dump_when(known.since)}
            for known in header.known_to
        ]
    if header.source is not None:
        data["source"] = str(header.source)
    if header.source_recorded is not None:
        data["source_recorded"] = _dump_when(header.source_recorded)
    if header.performer_unknown:
        data["performer_unknown"] = True
    if header.unknown_workers:
        data["unknown_workers"] = list(header.unknown_workers)
    return canonical(data)


def load_header(data: Mapping[str, Json]) -> Header:
    """A header from its JSON."""
    recorded = data.get("source_recorded")
    source = data.get("source")
    return Header(
        name=data["name"],
        version=data["v"],
        occurred=load_when(data["occurred"]),
        recorded_by=WorkerRef(reference(data["recorded_by"])),
        performed_by=WorkerRef(reference(data["performed_by"])),
        role=Code(data["role"]),
        organisation=Slug(data["organisation"]),
        purpose=Code(data["purpose"]),
        correlation=reference(data["correlation"]),
        command=reference(data["command"]["id"]),
        causation=data.get("causation"),
        known_to=tuple(
            KnownTo(agency=Slug(known["agency"]), since=load_when(known["since"]))
            for known in data.get("known_to", ())
        ),
        source=None if source is None else Slug(source),
        source_recorded=None if recorded is None else load_when(recorded),
        performer_unknown=data.get("performer_unknown", False),
        unknown_workers=tuple(WorkerRef(reference(one)) for one in data.get("unknown_workers", ())),
    )


def dump_instant(moment: datetime) -> str:
    """`2026-11-02T10:00:00Z`, microseconds only where there are any.

    Raises ValueError for a moment without a time zone: it could be any of twenty-four.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="auto").replace("+00:00", "Z")


def load_instant(text: str) -> datetime:
    """The inverse of `dump_instant`."""
    return datetime.fromisoformat(text)


def load_when(data: Mapping[str, Json]) -> When:
    """A time from its stored text and bounds; nothing is parsed but the bounds."""
    first, last = data.get("from"), data.get("to")
    return When(
        data["edtf"],
        None if first is None else load_instant(first),
        None if last is None else load_instant(last),
    )


def _dump_when(when: When) -> dict[str, Json]:
    data: dict[str, Json] = {"edtf": when.text}
    if when.earliest is not None:
        data["from"] = dump_instant(when.earliest)
    if when.latest is not None:
        data["to"] = dump_instant(when.latest)
    return data


def _leaf(cls: type, write: Callable[[Json], Json], read: Callable[[Json], Json]) -> _Codec:
    """The codec of a plain value.

    What is not of its very class is not written: a bare `str` where a Code belongs would be text
    in clear.
    """

    def dump_leaf(value: Json, _seal: Seal, path: str) -> Json:
        if type(value) is not cls:
            raise TypeError(f"{path} holds a {type(value).__name__} where a {cls.__name__} belongs")
        return write(value)

    return dump_leaf, lambda value, _open, _path: read(value)


def _flag(value: Json) -> bool:
    if type(value) is not bool:
        raise TypeError("not true or false")
    return value


def _number(value: Json) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


_LEAVES: Mapping[Json, _Codec] = {
    bool: _leaf(bool, _flag, _flag),
    int: _leaf(int, _number, _number),
    UUID: _leaf(UUID, str, reference),
    Code: _leaf(Code, str, Code),
    Slug: _leaf(Slug, str, Slug),
    Digest: _leaf(Digest, str, Digest),
    date: _leaf(date, date.isoformat, date.fromisoformat),
    datetime: _leaf(datetime, dump_instant, load_instant),
    When: _leaf(When, _dump_when, load_when),
}


@cache
def _codec(hint: Json) -> _Codec:
    """The pair (dump, load) of an annotation; TypeError names what may not be stored."""
    while hasattr(hint, "__supertype__"):  # a NewType is stored as what it stands for
        hint = hint.__supertype__
    if hint in _LEAVES:
        return _LEAVES[hint]
    origin: Json = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _union(tuple(arg for arg in typing.get_args(hint) if arg is not type(None)))
    if origin is tuple and typing.get_args(hint)[1:] == (...,):
        return _sequence(typing.get_args(hint)[0])
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    raise TypeError(f"{hint!r} may not be stored: use a reference, Code, Slug or Passage")


def _union(members: tuple[Any, ...]) -> _Codec:
    if set(members) == {Personal, Forgotten}:
        return (lambda v, seal, p: seal(v, p)), (lambda v, open_, p: open_(v, p))
    if len(members) == 1:
        return _codec(members[0])
    if not all(dataclasses.is_dataclass(member) for member in members):
        raise TypeError(f"a union of {members!r} may not be stored")
    by_tag = {kebab(member.__name__): member for member in members}

    def dump_member(value: Json, seal: Seal, path: str) -> Json:
        return {
            TAG: kebab(type(value).__name__),
            **_codec(cast("Any", type(value)))[0](value, seal, path),
        }

    def load_member(value: Json, open_: Open, path: str) -> Json:
        rest = {key: item for key, item in value.items() if key != TAG}
        return _codec(by_tag[value[TAG]])[1](rest, open_, path)

    return dump_member, load_member


def _sequence(member: Json) -> _Codec:
    dump_one, load_one = _codec(member)
    return (
        lambda v, seal, p: [dump_one(one, seal, f"{p}/{i}") for i, one in enumerate(v)],
        lambda v, open_, p: tuple(load_one(one, open_, f"{p}/{i}") for i, one in enumerate(v)),
    )


def _record(cls: type) -> _Codec:
    hints = typing.get_type_hints(cls)
    fields = []
    for field in dataclasses.fields(cls):
        optional = type(None) in typing.get_args(hints[field.name])
        empty = () if typing.get_origin(hints[field.name]) is tuple else None
        fields.append((field.name, optional, empty, *_codec(hints[field.name])))

    def dump_fields(value: Json, seal: Seal, path: str) -> Json:
        data = {}
        for name, _optional, empty, dump_one, _load_one in fields:
            item = getattr(value, name)
            if item is not None and item != empty:
                data[name] = dump_one(item, seal, f"{path}/{name}")
        return data

    def load_fields(data: Json, open_: Open, path: str) -> Json:
        known = {}
        for name, optional, empty, _dump_one, load_one in fields:
            if name in data:
                known[name] = load_one(data[name], open_, f"{path}/{name}")
            elif optional or empty is not None:
                known[name] = empty
            else:
                raise KeyError(name)
        return cls(**known)

    return dump_fields, load_fields
