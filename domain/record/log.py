"""A log: rows in one dense order, appended by group commit and read by position or stream.

Appending. Waiting appends are written by whichever thread leads, in one autocommit INSERT at the
guessed tail + 1. UNIQUE(position) is the fence and a trigger refuses gaps, so a wrong guess writes
nothing. After a miss the batch is decided append by append under an advisory lock: one that lost
gets `Conflict`, the others go on. An append whose answer was lost is looked up by its command id;
the unique index on command ids makes writing it twice impossible.

When `append` returns, the rows are committed with fsync: this is the point of no return.
"""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock
from typing import Any, Final, Protocol
from uuid import UUID

import psycopg
from psycopg import Connection, sql
from psycopg_pool import ConnectionPool

from domain.record.envelope import Row, leaf_of, to_us
from domain.record.keyring import NewKey
from domain.record.migration import LOGS
from domain.refusal import Conflict, Corrupt, Refused

BATCH_EVENTS: Final = 512  # a batch stops taking appends once it holds this many events
ATTEMPTS: Final = 50  # of a batch, against other processes, before giving up
RECONNECTS: Final = 100  # tries to reach a server that took an answer with it
RECONNECT_PAUSE_S: Final = 0.2
UNKNOWN_OUTCOME: Final = (
    "the database went away while writing; send the same command again with the same id: "
    "it will not be recorded twice"
)
CLOCK_BACK_US: Final = 2_000_000
CLOCK_JUMP_US: Final = 60_000_000
_MISS: Final = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.ForeignKeyViolation,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
)
_GAPS: Final = {"HF001", "HF002", "HF003"}


class Clock(Protocol):
    """Where time comes from; the only implementations are in `api.clock`."""

    def now(self) -> datetime:
        """The wall clock, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock nobody can set."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether it is made up: then only a log that says so may be written."""
        ...


class StaleKey(Exception):
    """A passage was sealed under a key that has since been replaced: seal again."""


class CommandReused(Exception):
    """The command id was used before for another request."""


class Unavailable(Exception):
    """The database cannot be reached or cannot write now; nothing was half-written."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event ready to be written: its name, header, payload, and the keys of its passages."""

    name: str
    header: bytes
    payload: bytes
    keys: tuple[NewKey, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """Events for one stream, all after `expected_version` (0 for a new stream)."""

    stream: UUID
    expected_version: int
    events: tuple[Prepared, ...]


@dataclass(frozen=True, slots=True)
class Append:
    """What one command writes, all or nothing. `digest` is of its request (32 bytes)."""

    command: UUID
    digest: bytes
    streams: tuple[StreamAppend, ...]
    # What must happen in the same transaction (tracking of a process recorder); written alone.
    also: Callable[[Connection[Any]], None] | None = None

    @property
    def size(self) -> int:
        """How many events it holds."""
        return sum(len(part.events) for part in self.streams)


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an append stands: positions `first` to `first + count - 1`.

    `repeated` tells that the command had been recorded before.
    """

    first: int
    count: int
    repeated: bool = False

    @property
    def last(self) -> int:
        """The last position."""
        return self.first + self.count - 1


@dataclass(slots=True, eq=False)
class _Pending:
    append: Append
    wake: Lock = field(default_factory=Lock)
    lead: bool = False
    done: Appended | None = None
    error: BaseException | None = None

    @property
    def settled(self) -> bool:
        return self.done is not None or self.error is not None


class Log:
    """One log of the authority's record. Safe for many threads."""

    def __init__(
        self,
        name: str,
        *,
        authority: UUID,
        connect: Callable[[], Connection[Any]],
        pool: ConnectionPool[Any],
        clock: Clock,
    ) -> None:
        """`connect` opens an autocommit connection as the writer; `pool` reads."""
        self.name = name
        self.number = LOGS[name]
        self.authority = authority
        self._connect = connect
        self._pool = pool
        self._clock = clock
        self._sql = _Statements(name)
        self._guard = Lock()
        self._queue: deque[_Pending] = deque()
        self._leading = False
        self._conn: Connection[Any] | None = None
        self._tail: int | None = None
        self._last_us = 0
        self._wall_minus_monotonic: float | None = None

    @property
    def channel(self) -> str:
        """The NOTIFY channel that says there is something new."""
        return f"record_{self.name}"

    # Appending

    def append(self, append: Append) -> Appended:
        """Write a command's events, durable when this returns.

        Raises:
            Conflict: a stream is not at its expected version (I1).
            CommandReused: the command id stands beside another request.
            StaleKey: a key was replaced since sealing; seal again and append again.
            Refused: the clock cannot be trusted.
            Unavailable: the database is away or full; nothing was written.
        """
        if append.size == 0:
            raise ValueError("an append holds at least one event")
        pending = _Pending(append)
        pending.wake.acquire()
        with self._guard:
            self._queue.append(pending)
            lead = not self._leading
            self._leading = True
        if not lead:
            pending.wake.acquire()  # until it is settled, or told to lead
            lead = pending.lead
        if lead:
            self._lead(pending)
        if pending.error is not None:
            raise pending.error
        if pending.done is None:
            raise Corrupt("an append was neither written nor refused")
        return pending.done

    def close(self) -> None:
        """Let go of the writing connection."""
        if self._conn is not None:
            self._conn.close()
            self._conn = None

    def _lead(self, own: _Pending) -> None:
        """Write one batch, our own append first in it, then hand the lead to the next waiting."""
        batch: list[_Pending] = []
        try:
            with self._guard:
                size = 0
                while self._queue and size < BATCH_EVENTS:
                    if batch and (self._queue[0].append.also or batch[0].append.also):
                        break
                    batch.append(self._queue.popleft())
                    size += batch[-1].append.size
            self._write(batch)
        except BaseException as error:  # noqa: BLE001 — every waiter must hear of it
            for pending in batch:
                if not pending.settled:
                    pending.error = error
        finally:
            with self._guard:
                for pending in batch:
                    if pending is not own:
                        pending.wake.release()
                if self._queue:
                    self._queue[0].lead = True
                    self._queue[0].wake.release()
                else:
                    self._leading = False

    def _write(self, batch: Sequence[_Pending]) -> None:
        """At the guessed tail first; after a miss or a lost answer, decided under the lock."""
        lost: Exception | None = None
        for attempt in range(ATTEMPTS):
            waiting = [pending for pending in batch if not pending.settled]
            if not waiting:
                return
            try:
                conn = self._writing(patient=lost is not None)
                if attempt == 0 and self._tail is not None and waiting[0].append.also is None:
                    self._insert(conn, waiting, self._tail)
                else:
                    with conn.transaction():
                        conn.execute("SELECT pg_advisory_xact_lock(%s)", (self._sql.lock,))
                        going = self._decide(conn, waiting)
                        if going and going[0].append.also is not None:
                            going[0].append.also(conn)
                        self._insert(conn, going, self._tail or 0)
                self._settle([pending for pending in waiting if not pending.settled])
                return
            except _MISS:
                self._tail = None
            except psycopg.errors.DatabaseError as error:
                self._tail = None
                if error.sqlstate in _GAPS:
                    continue
                if not _is_lost(error):
                    raise Unavailable(_why(error)) from None
                # The answer to this INSERT or COMMIT is unknown. Once the connection is open
                # again `_decide` looks the commands up; were the old backend still writing, ours
                # would wait on its index entries and then miss.
                self.close()
                lost = error
            except psycopg.InterfaceError as error:
                self._tail = None
                self.close()
                lost = error
        raise Unavailable("the log is too busy to append" if lost is None else UNKNOWN_OUTCOME)

    def _writing(self, *, patient: bool) -> Connection[Any]:
        """The writing connection. After a lost answer, `patient`: a server that is restarting is
        waited for, since only it knows whether we had written."""
        if self._conn is not None and not self._conn.closed:
            return self._conn
        tries = RECONNECTS if patient else 1
        while True:
            tries -= 1
            try:
                self._conn = self._connect()
            except psycopg.OperationalError as error:
                if tries:
                    Event().wait(RECONNECT_PAUSE_S)
                    continue
                raise Unavailable(UNKNOWN_OUTCOME if patient else _why(error)) from None
            return self._conn

    def _decide(self, conn: Connection[Any], waiting: Sequence[_Pending]) -> list[_Pending]:
        """Settle what cannot be written, and learn the tail. Runs under the advisory lock."""
        self._learn_tail(conn)
        recorded = self._commands(conn, [pending.append.command for pending in waiting])
        streams = {part.stream for pending in waiting for part in pending.append.streams}
        versions = dict(conn.execute(self._sql.versions, (list(streams),)).fetchall())
        keys = {
            (key.subject, key.generation)
            for pending in waiting
            for part in pending.append.streams
            for event in part.events
            for key in event.keys
        }
        living = _living(conn, keys)
        going = []
        taken: set[UUID] = set()
        for pending in waiting:
            append = pending.append
            before = recorded.get(append.command)
            if before is not None:
                _answer_again(pending, *before)
            elif append.command in taken:
                pending.error = CommandReused("this command is already being recorded")
            elif clash := _clash(append, versions):
                pending.error = clash
            elif not _keys_of(append) <= living:
                pending.error = StaleKey("a key was replaced while the passage was being sealed")
            else:
                taken.add(append.command)
                for part in append.streams:
                    versions[part.stream] = part.expected_version + len(part.events)
                going.append(pending)
        return going

    def _learn_tail(self, conn: Connection[Any]) -> None:
        row = conn.execute(self._sql.tail).fetchone()
        self._tail, self._last_us = row if row is not None else (0, 0)

    def _insert(self, conn: Connection[Any], going: Sequence[_Pending], tail: int) -> None:
        """One statement: the keys, the rows, the notice."""
        if not going:
            return
        now = self._recorded_us()
        columns: tuple[list[Any], ...] = tuple([] for _ in range(11))
        keys: list[NewKey] = []
        position = tail
        for pending in going:
            first: tuple[Any, ...] = (
                pending.append.command,
                pending.append.digest,
                pending.append.size,
            )
            for part in pending.append.streams:
                for version, event in enumerate(part.events, part.expected_version + 1):
                    position += 1
                    row = (
                        position,
                        part.stream,
                        version,
                        now,
                        self.authority,
                        event.name,
                        event.header,
                        event.payload,
                        *first,
                    )
                    for column, value in zip(columns, row, strict=True):
                        column.append(value)
                    first = (None, None, None)
                    keys.extend(event.keys)
        if keys:
            conn.execute(
                self._sql.insert_with_keys,
                (
                    [key.id for key in keys],
                    [key.subject for key in keys],
                    [key.generation for key in keys],
                    [key.wrapped for key in keys],
                    *columns,
                    self.channel,
                ),
                prepare=True,
            )
        else:
            conn.execute(self._sql.insert, (*columns, self.channel), prepare=True)
        self._tail = tail
        self._last_us = now

    def _settle(self, written: Iterable[_Pending]) -> None:
        """After COMMIT it happened: tell each append its positions."""
        position = self._tail or 0
        for pending in written:
            size = pending.append.size
            pending.done = Appended(position + 1, size)
            position += size
        self._tail = position

    def _recorded_us(self) -> int:
        """max(previous, now), refusing a clock that went back or jumped."""
        wall, monotonic = to_us(self._clock.now()), self._clock.monotonic()
        if wall < self._last_us - CLOCK_BACK_US:
            raise Refused(
                "clock-behind",
                "clock",
                "this machine's clock is behind the last entry: set it right, then try again",
            )
        ahead = wall / 1e6 - monotonic
        if self._wall_minus_monotonic is None:
            self._wall_minus_monotonic = ahead
        elif abs(ahead - self._wall_minus_monotonic) * 1e6 > CLOCK_JUMP_US:
            raise Refused(
                "clock-jumped",
                "clock",
                "this machine's clock was changed by over a minute: check it, then restart",
            )
        else:
            self._wall_minus_monotonic = ahead  # slow drift under time synchronisation is no jump
        return max(self._last_us, wall)

    # Reading

    def tail(self) -> int:
        """The last position, 0 for an empty log."""
        with self._pool.connection() as conn:
            row = conn.execute(self._sql.tail).fetchone()
        return 0 if row is None else int(row[0])

    def stream(self, stream: UUID, *, as_at: int | None = None) -> list[Row]:
        """A stream's rows in order, up to position `as_at`; each leaf is checked.

        Raises:
            Corrupt: a row does not hash to its leaf.
        """
        with self._pool.connection() as conn:
            rows = [
                Row(*row)
                for row in conn.execute(
                    self._sql.stream, (stream, as_at, as_at), prepare=True, binary=True
                ).fetchall()
            ]
        for row in rows:
            self.check(row)
        return rows

    def read(
        self,
        after: int,
        *,
        upto: int | None = None,
        names: Collection[str] | None = None,
        limit: int = 1000,
    ) -> list[Row]:
        """Up to `limit` rows after a position, in order, optionally of some names only."""
        wanted = None if names is None else list(names)
        with self._pool.connection() as conn:
            rows = conn.execute(
                self._sql.read,
                (after, upto, upto, wanted, wanted, limit),
                prepare=True,
                binary=True,
            ).fetchall()
        return [Row(*row) for row in rows]

    def at(self, positions: Collection[int]) -> list[Row]:
        """The rows at these positions, in order."""
        with self._pool.connection() as conn:
            rows = conn.execute(
                self._sql.at, (list(positions),), prepare=True, binary=True
            ).fetchall()
        return [Row(*row) for row in rows]

    def command(self, command: UUID) -> tuple[Appended, bytes] | None:
        """Where a command was recorded and its request's digest, if it was."""
        with self._pool.connection() as conn:
            return self._commands(conn, [command]).get(command)

    def position_at(self, moment: datetime) -> int:
        """The last position recorded at or before a moment; 0 if there was none.

        recorded_at never runs backwards (the trigger sees to it), so a search by halves is exact.
        """
        us, low = to_us(moment), 0
        with self._pool.connection() as conn:
            row = conn.execute(self._sql.tail).fetchone()
            high = 0 if row is None else int(row[0])
            while low < high:
                middle = (low + high + 1) // 2
                found = conn.execute(self._sql.recorded_us, (middle,), prepare=True).fetchone()
                if found is None:
                    raise Corrupt(f"position {middle} is missing from the log of {self.name}")
                low, high = (middle, high) if found[0] <= us else (low, middle - 1)
        return low

    def check(self, row: Row) -> None:
        """Raise Corrupt unless the row hashes to the leaf the database computed."""
        if not hmac.compare_digest(leaf_of(self.number, self.authority, row), row.leaf):
            raise Corrupt(f"position {row.position} of {self.name} does not hash to its leaf")

    def _commands(
        self, conn: Connection[Any], commands: Collection[UUID]
    ) -> dict[UUID, tuple[Appended, bytes]]:
        rows = conn.execute(self._sql.commands, (list(commands),), prepare=True).fetchall()
        return {
            command: (Appended(first, count, repeated=True), digest)
            for command, digest, count, first in rows
        }


class _Statements:
    """The SQL of one log, composed once; names are ours, never input."""

    def __init__(self, log: str) -> None:
        table = sql.Identifier("record", log)
        row = sql.SQL('"position", stream, version, recorded_us, name, header, payload, leaf')
        rows = sql.SQL(
            '{table} ("position", stream, version, recorded_us, authority, name, header, payload,'
            " command_id, command_digest, command_events) SELECT * FROM unnest("
            "%b::int8[], %b::uuid[], %b::int8[], %b::int8[], %b::uuid[], %t::text[], %b::bytea[],"
            " %b::bytea[], %b::uuid[], %b::bytea[], %b::int4[])"
        ).format(table=table)
        self.lock = LOGS[log] + 0x486F6C00
        self.insert = sql.SQL("WITH i AS (INSERT INTO {rows}) SELECT pg_notify(%t, '')").format(
            rows=rows
        )
        self.insert_with_keys = sql.SQL(
            "WITH k AS (INSERT INTO keyring.data_key (id, subject, generation, wrapped)"
            " SELECT * FROM unnest(%b::uuid[], %b::uuid[], %b::int4[], %b::bytea[])),"
            " i AS (INSERT INTO {rows}) SELECT pg_notify(%t, '')"
        ).format(rows=rows)
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
        self.stream = sql.SQL(
            "SELECT {row} FROM {table} WHERE stream = %s"
            ' AND (%s::int8 IS NULL OR "position" <= %s::int8) ORDER BY version'
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


def _clash(append: Append, versions: dict[UUID, int]) -> Conflict | None:
    """The first stream that is not where the append expects it. A stream nobody has written
    stands at -1 here, so that it may begin at version 0 or 1."""
    ahead: dict[UUID, int] = {}
    for part in append.streams:
        at = ahead.get(part.stream, versions.get(part.stream, -1))
        if at != part.expected_version and not (at == -1 and part.expected_version == 0):
            return Conflict(part.stream, part.expected_version, max(at, 0))
        ahead[part.stream] = part.expected_version + len(part.events)
    return None


def _keys_of(append: Append) -> set[tuple[UUID, int]]:
    return {
        (key.subject, key.generation)
        for part in append.streams
        for event in part.events
        for key in event.keys
    }


def _living(conn: Connection[Any], keys: set[tuple[UUID, int]]) -> set[tuple[UUID, int]]:
    if not keys:
        return set()
    rows = conn.execute(
        "SELECT s.subject, s.generation FROM keyring.subject_key s"
        " JOIN unnest(%s::uuid[], %s::int4[]) AS k (subject, generation) USING (subject, generation)",
        ([key[0] for key in keys], [key[1] for key in keys]),
    ).fetchall()
    return {(subject, generation) for subject, generation in rows}


def _answer_again(pending: _Pending, before: Appended, digest: bytes) -> None:
    if hmac.compare_digest(digest, pending.append.digest):
        pending.done = before
    else:
        pending.error = CommandReused("this command id was used for another request")


def _is_lost(error: psycopg.Error) -> bool:
    """Whether the server may have committed although we were not told."""
    state = error.sqlstate
    return state is None or state[:2] == "08" or state in {"57P01", "57P02", "57P03", "25P03"}


def _why(error: Exception) -> str:
    """What a person can do about it, without what was being written."""
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    if state == "53100":
        return "the disk is full: free space, then try again; nothing was lost"
    if state is not None and state[:2] == "53":
        return "the database is out of resources: try again shortly; nothing was lost"
    if state is not None and state[:2] not in {"08", "57"}:
        return f"the database refused the write (SQLSTATE {state}); nothing was written"
    return "the database cannot be reached: check that it is running, then try again"
