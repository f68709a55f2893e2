"""Which cases name a person: in a field of an event, or as whom a passage is about.

One row for each person and case, from the first event that names them. Being named is never undone:
a correction takes back what was said, and its text stands in the record. Which fields name somebody
is read from the annotations of the catalogue, so a new event is covered by itself, and the version
is made of them: where a field comes to name somebody, the view is made anew.

What refuses by this (a restriction) may not be behind: `after` reads from the log, by the same
rule, what the view has not reached. An index of the log would do the same, and be paid for by every
append; this is paid for by the follower, and here by the few events since.
"""

from __future__ import annotations

import dataclasses
import typing
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

import orjson
from psycopg import Connection, sql

from domain.catalogue import CASE, EVENTS
from domain.record.encoding import passages
from domain.words import PersonRef
from projections.projection import Changes, Current, Json, Key, Projection, Seen, stored_names
from projections.table import valid_at

Place: TypeAlias = tuple[str, ...]  # fields one inside another; EACH for every member of a list
EACH: Final = "*"


class NamingRow(NamedTuple):
    """That a case names somebody, and the position of the first event that does."""

    first_at: int


def places(hint: Any) -> Iterator[Place]:  # noqa: ANN401 — an annotation is of any type
    """Where in the stored form of an annotation somebody is named by reference."""
    if hint is PersonRef:
        yield ()
    elif typing.get_origin(hint) is tuple:
        yield from ((EACH, *place) for place in places(typing.get_args(hint)[0]))
    elif dataclasses.is_dataclass(hint) and isinstance(hint, type):
        for name, one in typing.get_type_hints(hint).items():
            yield from ((name, *place) for place in places(one))
    else:  # a union, or what holds nothing
        for one in typing.get_args(hint):
            yield from places(one)


PLACES: Final[Mapping[str, tuple[Place, ...]]] = {
    name: tuple(sorted({*places(kind.cls)})) for name, kind in EVENTS.items() if kind.stream == CASE
}


def named(name: str, data: Json) -> set[str]:
    """Whom the data of an event name, in its current shape; cases among them (see `touches`)."""
    found = {sealed["about"] for sealed in passages(data)}
    for place in PLACES[name]:
        found.update(_at(data, place))
    return found


def _at(data: Json, place: Place) -> Iterator[str]:
    if not place:
        yield data
    elif place[0] == EACH:
        for member in data:
            yield from _at(member, place[1:])
    elif place[0] in data:  # what is not there is left out
        yield from _at(data[place[0]], place[1:])


def touches(seen: Seen) -> Iterable[Key]:
    """Everybody an event names, each with its case; a passage about the case is about nobody."""
    return [(one, seen.stream) for one in named(seen.name, seen.data) if one != seen.stream]


def fold(seen: Seen, current: Current) -> Changes:
    """Whoever was not named before is named from here on."""
    row = NamingRow(first_at=seen.position)
    return [(key, row) for key in touches(seen) if current(key) is None]


NAMING: Final = Projection(
    name="naming",
    version=zlib.crc32(orjson.dumps(PLACES)) >> 1,
    events=frozenset(PLACES),
    key={"person": "uuid", "case": "uuid"},
    columns={"first_at": "int8"},
    row=NamingRow,
    indexes=(),  # the key's own begins with the person, and no version ends
    touches=touches,
    fold=fold,
)

_LAST: Final = 2**63 - 1
_NAMES: Final = stored_names(NAMING.events)
# A payload is canonical JSON, in which a reference stands in quotation marks as it is. This finds
# whatever may name it; the fold's own rule says what does.
_SINCE: Final = sql.SQL(
    'SELECT "position", stream::text, version, recorded_us, name, header, payload'
    ' FROM record.cases WHERE "position" > %s AND "position" <= %s AND name = ANY(%s::text[])'
    " AND EXISTS (SELECT 1 FROM unnest(%s::bytea[]) AS one WHERE position(one in payload) > 0)"
)


def cases_naming(conn: Connection[Any], person: UUID, *, as_at: int | None = None) -> set[UUID]:
    """The cases that name somebody, as far as the view has come, or at a position it has."""
    return cases_naming_each(conn, [person], as_at=as_at)[person]


def cases_naming_each(
    conn: Connection[Any], people: Collection[UUID], *, as_at: int | None = None
) -> dict[UUID, set[UUID]]:
    """The same of several, each with the cases that name them."""
    query = sql.SQL('SELECT person, "case" FROM views.naming WHERE person = ANY(%s) AND {}').format(
        valid_at(as_at)
    )
    found: dict[UUID, set[UUID]] = {one: set() for one in people}
    for person, case in conn.execute(query, (list(people),)).fetchall():
        found[person].add(case)
    return found


def after(
    conn: Connection[Any], person: UUID, position: int, *, upto: int | None = None
) -> set[UUID]:
    """The cases in which an event after a position names somebody, from the log itself."""
    return after_each(conn, [person], position, upto=upto)[person]


def after_each(
    conn: Connection[Any], people: Collection[UUID], position: int, *, upto: int | None = None
) -> dict[UUID, set[UUID]]:
    """The same of several, each with the cases that name them."""
    asked = (
        position,
        _LAST if upto is None else upto,
        _NAMES,
        [f'"{one}"'.encode() for one in people],
    )
    found: dict[UUID, set[UUID]] = {one: set() for one in people}
    for seen in map(Seen, conn.execute(_SINCE, asked, binary=True).fetchall()):
        for one, _case in touches(seen):
            if (person := UUID(one)) in found:
                found[person].add(UUID(seen.stream))
    return found
