"""The SQL of a log, and rows packed as PostgreSQL's binary arrays.

Packing by hand, because psycopg's general array dumper looks at every element to find out what it
is: for one event that costs more time than sealing it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any, Final, cast
from uuid import UUID

from psycopg import Connection, sql
from psycopg.adapt import Dumper
from psycopg.pq import Format

from domain.record.appending import Append
from domain.record.keyring import NewKey
from domain.record.migration import LOGS

# The writer's fence between processes: exclusive while one decides, shared while others guess.
_LOCK_BASE: Final = 0x486F6C00
_INT4, _INT8, _BYTEA, _TEXT, _UUID = 23, 20, 17, 25, 2950  # pg_type.oid, fixed since ever
_ROW_TYPES: Final = (_UUID, _INT8, _TEXT, _BYTEA, _BYTEA, _UUID, _BYTEA, _INT4)
_KEY_TYPES: Final = (_UUID, _UUID, _INT4, _BYTEA)
_HEAD: Final = struct.Struct(">iiiii")  # dimensions, has nulls, element type, length, lower bound
_WIDTHS: Final = {_INT4: 4, _INT8: 8, _UUID: 16}  # in bytes; the other types have none
_NULL: Final = b"\xff\xff\xff\xff"


class Statements:
    """The SQL of one log, composed once; names are ours, never input."""

    def __init__(self, log: str) -> None:
        table = sql.Identifier("record", log)
        row = sql.SQL('"position", stream, version, recorded_us, name, header, payload, leaf')
        self.lock_number = _LOCK_BASE + LOGS[log]
        self.lock = sql.SQL("SELECT pg_advisory_xact_lock({})").format(self.lock_number)
        columns = sql.SQL(
            '("position", stream, version, recorded_us, authority, name, header, payload,'
            " command_id, command_digest, command_events)"
        )
        rows = sql.SQL(
            "(SELECT %b::int8 + n, stream, version, %b::int8, %b::uuid, name, header, payload,"
            " command_id, command_digest, command_events FROM unnest(%b::uuid[], %b::int8[],"
            " %b::text[], %b::bytea[], %b::bytea[], %b::uuid[], %b::bytea[], %b::int4[])"
            " WITH ORDINALITY AS u (stream, version, name, header, payload,"
            " command_id, command_digest, command_events, n))"
        )
        keys = sql.SQL("unnest(%b::uuid[], %b::uuid[], %b::int4[], %b::bytea[])")
        self.channel = f"record_{log}"
        notify = sql.SQL("pg_notify({}, '')").format(self.channel)
        parts = {"table": table, "columns": columns, "rows": rows, "keys": keys, "notify": notify}
        # At a guessed tail nothing is written while another process decides: it would lose its
        # race for the tail again and again. Asking never waits, so it can be in no deadlock.
        free = sql.SQL("l AS MATERIALIZED (SELECT pg_try_advisory_xact_lock_shared({}) AS free)")
        guessed = sql.SQL(
            ", i AS (INSERT INTO {table} {columns} SELECT r.* FROM l, {rows} r WHERE l.free)"
            " SELECT l.free, {notify} FROM l"
        ).format(**parts)
        guessed_keys = sql.SQL(
            ", k AS (INSERT INTO keyring.data_key (id, subject, generation, wrapped)"
            " SELECT d.* FROM l, {keys} d WHERE l.free)"
        ).format(**parts)
        begin = sql.SQL("WITH {}").format(free.format(self.lock_number))
        self.guess = _numbered(begin + guessed)
        self.guess_with_keys = _numbered(begin + guessed_keys + guessed)
        # Rendered once: composing a statement anew for every append takes longer than binding it.
        self.insert = (
            sql.SQL(
                "WITH i AS (INSERT INTO {table} {columns} SELECT * FROM {rows}) SELECT {notify}"
            )
            .format(**parts)
            .as_bytes()
        )
        self.insert_with_keys = (
            sql.SQL(
                "WITH k AS (INSERT INTO keyring.data_key (id, subject, generation, wrapped)"
                " SELECT * FROM {keys}),"
                " i AS (INSERT INTO {table} {columns} SELECT * FROM {rows}) SELECT {notify}"
            )
            .format(**parts)
            .as_bytes()
        )
        self._deciding(table)
        self._reading(table, row)

    def _deciding(self, table: sql.Identifier) -> None:
        self.tail = sql.SQL(
            'SELECT "position", recorded_us FROM {table} ORDER BY "position" DESC LIMIT 1'
        ).format(table=table)
        self.versions = sql.SQL(
            "SELECT s, coalesce((SELECT max(version) FROM {table} WHERE stream = s), -1)"
            " FROM unnest(%s::uuid[]) AS s"
        ).format(table=table)
        self.commands = sql.SQL(
            'SELECT command_id, command_digest, command_events, "position" FROM {table}'
            " WHERE command_id = ANY(%s)"
        ).format(table=table)

        self.since = sql.SQL(
            'SELECT EXISTS (SELECT FROM {table} WHERE "position" > %s AND name = ANY(%s::text[]))'
        ).format(table=table)

    def _reading(self, table: sql.Identifier, row: sql.SQL) -> None:
        # + 0: never through the index of positions. Before the table's statistics are gathered the
        # planner would also walk that index, and so through every other stream's entries.
        self.stream = sql.SQL(
            "SELECT {row} FROM {table} WHERE stream = %s"
            ' AND (%s::int8 IS NULL OR "position" + 0 <= %s::int8) ORDER BY version'
        ).format(row=row, table=table)
        self.read = sql.SQL(
            'SELECT {row} FROM {table} WHERE "position" > %s'
            ' AND (%s::int8 IS NULL OR "position" <= %s::int8)'
            " AND (%s::text[] IS NULL OR name = ANY(%s::text[]))"
            ' ORDER BY "position" LIMIT %s'
        ).format(row=row, table=table)
        self.at = sql.SQL(
            'SELECT {row} FROM {table} WHERE "position" = ANY(%s) ORDER BY "position"'
        ).format(row=row, table=table)
        self.recorded_us = sql.SQL('SELECT recorded_us FROM {table} WHERE "position" = %s').format(
            table=table
        )


def _numbered(statement: sql.Composed) -> bytes:
    """As the server itself numbers parameters: it is prepared by hand."""
    number = count(1)
    return re.sub(rb"%b", lambda _: b"$%d" % next(number), statement.as_bytes())


class Packed(bytes):
    """An array as PostgreSQL receives it in binary."""

    __slots__ = ()


class _PackedDumper(Dumper):
    format = Format.BINARY  # oid 0: the statement's cast says what it is

    def dump(self, obj: Packed) -> Packed:
        return obj


def prepare_writing(conn: Connection[Any]) -> None:
    """Make a connection ready to take `Packed` arrays and to plan each statement once."""
    conn.adapters.register_dumper(Packed, _PackedDumper)
    conn.execute("SET plan_cache_mode = force_generic_plan")


def packed_rows(
    appends: Iterable[Append], *, tail: int, recorded_us: int, authority: UUID
) -> list[Packed]:
    """The rows of appends, at the positions after `tail`: tail, moment, authority, columns."""
    rows: list[tuple[bytes | None, ...]] = []
    for append in appends:
        first: tuple[bytes | None, ...] = (
            append.command.bytes,
            append.digest,
            append.size.to_bytes(4, "big"),
        )
        for part in append.streams:
            stream = part.stream.bytes
            for version, event in enumerate(part.events, part.expected_version + 1):
                rows.append(
                    (
                        stream,
                        version.to_bytes(8, "big", signed=True),
                        event.name.encode(),
                        event.header,
                        event.payload,
                        *first,
                    )
                )
                first = (None, None, None)
    return [
        Packed(tail.to_bytes(8, "big")),
        Packed(recorded_us.to_bytes(8, "big", signed=True)),
        Packed(authority.bytes),
        *(_packed(oid, column) for oid, column in zip(_ROW_TYPES, zip(*rows), strict=True)),  # noqa: B905 — of equal length by making
    ]


def packed_keys(keys: Sequence[NewKey]) -> list[Packed]:
    """The rows of new data keys as columns."""
    rows = [
        (key.id.bytes, key.subject.bytes, key.generation.to_bytes(4, "big"), key.wrapped)
        for key in keys
    ]
    return [_packed(oid, column) for oid, column in zip(_KEY_TYPES, zip(*rows), strict=True)]  # noqa: B905 — as above


def _packed(oid: int, column: Sequence[bytes | None]) -> Packed:
    """One array. Written while everybody waits for the batch, so no more is done than joining."""
    nulls = None in column
    head = _HEAD.pack(1, nulls, oid, len(column), 1)
    width = _WIDTHS.get(oid)
    if width is not None and not nulls:  # of one width: the same length stands before each
        length = width.to_bytes(4, "big")
        return Packed(head + length + length.join(cast("Sequence[bytes]", column)))
    return Packed(
        head
        + b"".join([_NULL if one is None else len(one).to_bytes(4, "big") + one for one in column])
    )
