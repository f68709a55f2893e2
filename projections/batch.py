"""One batch of a projection: events read, folded, and written with how far it has come.

Everything happens in the caller's transaction, so a crash anywhere leaves the whole batch done or
none of it. An event that cannot be folded ends the batch before it; the caller learns which it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, TypeAlias

import psycopg
from psycopg import Connection, Cursor, sql

from domain.words import Passage
from projections.joined import JOINED, acts, connected, others
from projections.projection import Changes, Json, Key, Projection, Row, Seen, split
from projections.table import Line, Table

Unseal: TypeAlias = Callable[[Sequence[Mapping[str, Json]]], Sequence[Passage]]


@dataclass(frozen=True, slots=True)
class Poison:
    """An event a projection cannot fold: where, which, and the error's class, never its text."""

    position: int
    event: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a batch did: `reached` is where its projection now stands, `count` events folded."""

    reached: int
    count: int
    more: bool  # whether there may be events it did not take
    poison: Poison | None = None


@dataclass(slots=True)
class Versions:
    """Row versions as folds make them: one open for each key, the finished ones as lines."""

    open: dict[Key, tuple[int, Row | None]] = field(default_factory=dict)
    stored: set[Key] = field(default_factory=set)  # whose open version stands in the table
    ended: list[tuple[Key, int]] = field(default_factory=list)
    finished: list[Line] = field(default_factory=list)

    def current(self, key: Key) -> Row | None:
        """The present row of a key that the batch has loaded.

        Raises:
            LookupError: `touches` did not name the key (a programmer's error).
        """
        return self.open[key][1]

    def take(self, position: int, changes: Changes) -> None:
        """Let one event's changes begin and end versions at its position."""
        for key, row in changes:
            since, before = self.open[key]
            if row == before:
                continue
            if before is not None:
                if key in self.stored:
                    self.stored.discard(key)
                    self.ended.append((key, position))
                else:
                    self.finished.append((key, before, since, position))
            self.open[key] = (position, row)

    def lines(self) -> list[Line]:
        """Every version to be written: the finished, then the open that are not yet stored."""
        still: list[Line] = [
            (key, row, since, None)
            for key, (since, row) in self.open.items()
            if row is not None and key not in self.stored
        ]
        return [*self.finished, *still]


def tail(conn: Connection[Any], log: str) -> int:
    """The last position of a log."""
    row = conn.execute(_tail(log), prepare=True).fetchone()
    return 0 if row is None else int(row[0])


def advance(
    conn: Connection[Any],
    table: Table,
    log: str,
    after: int,
    *,
    upto: int | None = None,
    limit: int,
    unseal: Unseal | None,
) -> Step:
    """Fold the `limit` positions after one into the table; the caller tracks and commits.

    Raises:
        psycopg.Error: the database is away, or refused what the folds made (DataError); the
            transaction is then lost, and with it everything the batch did.
    """
    projection = table.projection
    last = tail(conn, log) if upto is None else upto
    if last <= after:
        return Step(reached=after, count=0, more=False)
    reached = min(last, after + limit)
    more = reached < last
    seen = gather(conn, projection, log, after, reached)
    versions, poison = fold(conn, table, seen, unseal)
    if poison is not None:
        reached, more = poison.position - 1, False
    table.end(conn, versions.ended)
    if projection.history:
        table.write(conn, versions.lines())
    else:
        table.write(conn, [line for line in versions.lines() if line[3] is None])
    done = [one for one in seen if one.position <= reached]
    if any(one.name in projection.forgets and any(projection.touches(one)) for one in done):
        table.write_anew(conn)
    count = len(done)
    return Step(reached=reached, count=count, more=more, poison=poison)


def fold(
    conn: Connection[Any], table: Table, seen: Sequence[Seen], unseal: Unseal | None
) -> tuple[Versions, Poison | None]:
    """The row versions that events make, up to the first that cannot be folded."""
    projection = table.projection
    keys: set[Key] = set()
    good, poison = open_passages(projection, seen, unseal)
    for number, one in enumerate(good):
        try:
            keys.update(projection.touches(one))
        except Exception as error:  # noqa: BLE001 — whatever it is, it stops this projection alone
            good, poison = good[:number], _poison(one, error)
            break
    versions = Versions()
    loaded = table.current(conn, keys)
    versions.stored.update(loaded)
    versions.open = {key: loaded.get(key, (0, None)) for key in keys}
    for one in good:
        try:
            changes = projection.fold(one, versions.current)
            versions.take(one.position, changes)
        except Exception as error:  # noqa: BLE001 — as above
            return versions, _poison(one, error)
    return versions, poison


def open_passages(
    projection: Projection, seen: Sequence[Seen], unseal: Unseal | None
) -> tuple[Sequence[Seen], Poison | None]:
    """Open the passages a projection must read, with one look at the keyring.

    Where one does not prove itself, they are opened one by one to find the event.
    """
    if projection.opens is None:
        return seen, None
    if unseal is None:
        raise TypeError(f"{projection.name} reads passages: give it an unseal function")
    try:
        _open(projection, seen, unseal)
    except psycopg.Error:
        raise
    except Exception:  # noqa: BLE001 — which event it was is found below
        for number, one in enumerate(seen):
            try:
                _open(projection, [one], unseal)
            except Exception as error:  # noqa: BLE001 — it stops this projection alone
                return seen[:number], _poison(one, error)
    return seen, None


def _open(projection: Projection, seen: Sequence[Seen], unseal: Unseal) -> None:
    assert projection.opens is not None, "asked by the caller"  # noqa: S101 — a programmer's proof
    wanted = [projection.opens(one) for one in seen]
    opened = iter(unseal([sealed for each in wanted for sealed in each]))
    for one, each in zip(seen, wanted, strict=True):
        one.opened = [next(opened) for _ in each]


def _poison(seen: Seen, error: Exception) -> Poison:
    return Poison(seen.position, f"{seen.name}.v{seen.shape}", type(error).__name__)


def gather(
    conn: Connection[Any], projection: Projection, log: str, after: int, upto: int
) -> list[Seen]:
    """What a projection sees of the events after one position and up to another."""
    seen = [Seen(row) for row in asked(conn, projection, log, after, upto).fetchall()]
    recall(conn, projection, log, seen)
    return seen


def recall(conn: Connection[Any], projection: Projection, log: str, seen: Sequence[Seen]) -> None:
    """Hand the events that recall others what they recall."""
    recalling = [
        (one, place)
        for one in seen
        if one.name in projection.recalls and (place := _names(projection, one)) is not None
    ]
    if not recalling:
        return
    names, pairs = projection.stored_names, [place for _, place in recalling]
    found = _recalled(conn, _targets(log), [*map(list, zip(*pairs, strict=True)), names])
    if projection.recalls_stream and found:
        found = _recalled(conn, _streams(log), [list({one.stream for one in found}), names])
    streams: dict[str, list[Seen]] = {}
    for one in found:
        streams.setdefault(one.stream, []).append(one)
    joined = projection.recalls >= JOINED and _recall_joined(conn, log, streams, names)
    for one, (stream, _) in recalling:
        if joined and stream == one.stream and stream in streams:
            one.earlier = connected(streams, one)
        else:
            one.earlier = [each for each in streams.get(stream, ()) if each.position < one.position]


def _names(projection: Projection, one: Seen) -> tuple[str, int] | None:
    """The event that one recalls: what joins or parts two cases recalls them by itself."""
    if one.name in JOINED:
        return (one.stream, one.version) if acts(one) else None
    return projection.names(one)


def _recall_joined(
    conn: Connection[Any], log: str, streams: dict[str, list[Seen]], names: list[str]
) -> bool:
    """Add the streams of every case that is or was joined to one of these; whether any is."""
    waiting = others(one for events in streams.values() for one in events)
    if not waiting:
        return False
    while waiting := waiting - streams.keys():
        found = _recalled(conn, _streams(log), [list(waiting), names])
        streams.update((stream, []) for stream in waiting)
        for one in found:
            streams[one.stream].append(one)
        waiting = others(found)
    return True


def _recalled(conn: Connection[Any], query: sql.Composed, values: Sequence[Json]) -> list[Seen]:
    return [Seen(row) for row in conn.execute(query, values, prepare=True, binary=True).fetchall()]


def read(
    conn: Connection[Any], log: str, after: int, upto: int, names: Collection[str]
) -> list[Row]:
    """The fields of `Seen` of the events of some names after one position and up to another.

    Positions are dense, so a batch is a range of them: what it costs does not depend on what the
    database believes of a log it has not analysed yet, as ORDER BY … LIMIT would.
    """
    return conn.execute(
        _read(log), (after, upto, list(names)), prepare=True, binary=True
    ).fetchall()


def asked(
    conn: Connection[Any], projection: Projection, log: str, after: int, upto: int
) -> Cursor[Any]:
    """What a projection reads of a range of positions, asked for and not yet fetched.

    The payload is left out (None) of the events whose fields it does not read.
    """
    names, reads = projection.stored_names, projection.reads
    if reads is None:
        return conn.execute(_read(log), (after, upto, names), prepare=True, binary=True)
    wanted = [name for name in names if split(name)[0] in reads]
    return conn.execute(_read_some(log), (wanted, after, upto, names), prepare=True, binary=True)


@cache
def _tail(log: str) -> sql.Composed:
    return sql.SQL('SELECT "position" FROM {} ORDER BY "position" DESC LIMIT 1').format(
        sql.Identifier("record", log)
    )


_RANGE: Final = sql.SQL('"position" > %s AND "position" <= %s AND name = ANY(%s)')
_STREAMS: Final = sql.SQL("stream = ANY(%s::uuid[]) AND name = ANY(%s)")
_TARGETS: Final = sql.SQL(
    "(stream, version) IN (SELECT * FROM unnest(%s::uuid[], %s::int8[])) AND name = ANY(%s)"
)


@cache
def _read(log: str) -> sql.Composed:
    return _select(log, sql.SQL("payload"), _RANGE)


@cache
def _read_some(log: str) -> sql.Composed:
    return _select(log, sql.SQL("CASE WHEN name = ANY(%s) THEN payload END"), _RANGE)


@cache
def _streams(log: str) -> sql.Composed:
    return _select(log, sql.SQL("payload"), _STREAMS)


@cache
def _targets(log: str) -> sql.Composed:
    return _select(log, sql.SQL("payload"), _TARGETS)


def _select(log: str, payload: sql.SQL, condition: sql.SQL) -> sql.Composed:
    return sql.SQL(
        'SELECT "position", stream::text, version, recorded_us, name, header, {payload}'
        ' FROM {log} WHERE {condition} ORDER BY "position"'
    ).format(log=sql.Identifier("record", log), payload=payload, condition=condition)
