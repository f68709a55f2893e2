"""A log: rows in one dense order, appended by group commit and read by position or stream.

Appending. Waiting appends are written by whichever thread leads, in one autocommit INSERT at the
guessed tail + 1. UNIQUE(position) is the fence and a trigger refuses gaps, so a wrong guess writes
nothing. After a miss the batch is decided append by append under an advisory lock: one that lost
gets `Conflict`, the others go on. While somebody decides, nobody guesses, so a decision is written
at its first attempt however many processes append. An append whose answer was lost is looked up by
its command id; the unique index on command ids makes writing it twice impossible.

When `append` returns, the rows are committed with fsync: this is the point of no return.
"""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from threading import Event, Lock
from typing import Any, Final, Protocol
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.record.appending import (
    Append,
    Appended,
    CommandReused,
    Fence,
    Overtaken,
    Prepared,
    StaleKey,
    StreamAppend,
    Unavailable,
)
from domain.record.deciding import Pending, commands, decide, is_lost, why
from domain.record.envelope import Row, leaf_of, to_us
from domain.record.log_sql import Statements, packed_keys, packed_rows, prepare_writing
from domain.record.migration import LOGS
from domain.refusal import Corrupt, Refused

__all__ = [
    "Append",
    "Appended",
    "Clock",
    "CommandReused",
    "Fence",
    "Log",
    "Overtaken",
    "Prepared",
    "StaleKey",
    "StreamAppend",
    "Unavailable",
]

BATCH_EVENTS: Final = 512  # a batch stops taking appends once it holds this many events
BATCH_BYTES: Final = 16 * 1024 * 1024  # or this much of headers and payloads
ATTEMPTS: Final = 50  # of a batch before giving up; two are enough unless the server goes away
GUESSES_SKIPPED: Final = 8  # batches decided under the lock after another process was met
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
        self._sql = Statements(name)
        self._guard = Lock()
        self._queue: deque[Pending] = deque()
        self._leading = False
        self._stopped: str | None = None
        self._conn: Connection[Any] | None = None
        self._tail: int | None = None
        self._skip = 0
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
            Overtaken: an event that its fence names was recorded since; nothing was written.
            StaleKey: a key was replaced since sealing; seal again and append again.
            Refused: the clock cannot be trusted.
            Unavailable: the database is away or full, or appending was stopped; nothing was
                written.
        """
        if append.size == 0:
            raise ValueError("an append holds at least one event")
        if self._stopped is not None:
            raise Unavailable(self._stopped)
        pending = Pending(append)
        pending.wake.acquire()
        with self._guard:
            self._queue.append(pending)
            lead = not self._leading
            self._leading = True
        if not lead:
            try:
                pending.wake.acquire()  # until it is settled, or told to lead
                self._pass_on(pending)
            except BaseException:
                self._leave(pending)
                raise
            lead = pending.lead
        if lead:
            self._lead(pending)
        if pending.error is not None:
            raise pending.error
        if pending.done is None:
            raise Corrupt("an append was neither written nor refused")
        return pending.done

    def stop_appending(self, why: str) -> None:
        """Append nothing from now on; whoever tries hears why. What is being written goes on."""
        self._stopped = why

    def close(self) -> None:
        """Let go of the writing connection."""
        if self._conn is not None:
            self._conn.close()
            self._conn = None

    def _leave(self, own: Pending) -> None:
        """A thread that is interrupted while it waits takes its append back.

        Unless it is being written already; the lead, if it was given to it, goes to the next, and
        so does the waking, whether it was woken already or would have been.
        """
        with self._guard:
            own.gone = True
            if own in self._queue:
                self._queue.remove(own)
                if own.lead:
                    self._hand_on()
        if own.woken:
            self._pass_on(own)

    def _pass_on(self, woken: Pending) -> None:
        """Wake the next of the batch; of those nobody waits for, the one after it."""
        with self._guard:
            after, woken.following = woken.following, None
            while after is not None and after.gone:
                after = after.following
            if after is not None:
                after.woken = True
                after.wake.release()

    def _hand_on(self) -> None:
        """Give the lead to the next that waits. Needs the guard."""
        if self._queue:
            self._queue[0].lead = True
            self._queue[0].wake.release()
        else:
            self._leading = False

    def _lead(self, own: Pending) -> None:
        """Write one batch, our own append first in it, then hand the lead to the next waiting."""
        batch: list[Pending] = []
        try:
            with self._guard:
                events = size = 0
                while self._queue and events < BATCH_EVENTS and size < BATCH_BYTES:
                    if batch and (self._queue[0].append.also or batch[0].append.also):
                        break
                    batch.append(self._queue.popleft())
                    events += batch[-1].append.size
                    size += batch[-1].append.bytes
            self._write(batch)
        except Exception as error:  # noqa: BLE001 — every waiter must hear of it
            _fail(batch, error)
        except BaseException:  # the leader's thread is told to end; the others are not
            _fail(batch, Unavailable(UNKNOWN_OUTCOME))
            raise
        finally:
            with self._guard:
                # The next leader first: while the others wake and prepare what they write next,
                # its batch is on its way already.
                self._hand_on()
                # The others one after another, each by the one before it: woken all at once they
                # would ask for the interpreter all at once, and the thread that comes back with
                # the database's answer would wait for its turn among them.
                others = [pending for pending in batch if pending is not own]
                for one, after in zip([own, *others], others, strict=False):
                    one.following = after
            self._pass_on(own)

    def _write(self, batch: Sequence[Pending]) -> None:
        """At the guessed tail first; after a miss or a lost answer, decided under the lock."""
        lost = False
        for attempt in range(ATTEMPTS):
            waiting = [pending for pending in batch if not pending.settled]
            if not waiting:
                return
            try:
                self._try(self._writing(patient=lost), waiting, look=attempt > 0)
            except _MISS:
                self._met()
            except psycopg.Error as error:
                self._tail = None
                if is_lost(error) or self._conn is None or self._conn.closed:
                    # The answer to this INSERT or COMMIT is unknown. Once the connection is open
                    # again `decide` looks the commands up; were the old backend still writing,
                    # ours would wait on its index entries and then miss.
                    lost = True
                    self.close()
                elif error.sqlstate not in _GAPS:
                    self._blame(waiting, UNKNOWN_OUTCOME if lost else why(error))
        if any(not pending.settled for pending in batch):
            raise Unavailable(UNKNOWN_OUTCOME if lost else "the log is too busy to append")

    def _try(self, conn: Connection[Any], waiting: Sequence[Pending], *, look: bool) -> None:
        """Guess, or look first and decide."""
        # What happens in the same transaction, or is fenced, needs the lock: nobody guesses it.
        held = any(one.append.also is not None or one.append.fence is not None for one in waiting)
        if look or self._tail is None or self._skip or held:
            self._skip = max(self._skip - 1, 0)
            self._decided(conn, waiting)
        elif self._insert(conn, waiting, self._tail, guess=True):
            self._settle(waiting)
        else:
            self._met()

    def _blame(self, waiting: Sequence[Pending], reason: str) -> None:
        """The database refused: whose fault it is, each append finds out alone."""
        if len(waiting) == 1:
            raise Unavailable(reason) from None
        for pending in waiting:
            try:
                self._write([pending])
            except Exception as error:  # noqa: BLE001 — for the append it belongs to
                pending.error = error

    def _met(self) -> None:
        """Somebody else wrote, or is deciding: look, rather than guess, for a while."""
        self._tail = None
        self._skip = GUESSES_SKIPPED

    def _decided(self, conn: Connection[Any], waiting: Sequence[Pending]) -> None:
        """One transaction under the lock: what may be written is, the rest is settled."""
        with conn.transaction():
            conn.execute(self._sql.lock, prepare=True)
            self._learn_tail(conn)
            going = decide(conn, self._sql, waiting)
            if going:
                if going[0].append.also is not None:
                    going[0].append.also(conn)
                self._insert(conn, going, self._tail or 0, guess=False)
        self._settle(going)

    def _writing(self, *, patient: bool) -> Connection[Any]:
        """The writing connection.

        After a lost answer, `patient`: a server that is restarting is waited for, since only it
        knows whether we had written.
        """
        if self._conn is not None and not self._conn.closed:
            return self._conn
        tries = RECONNECTS if patient else 1
        while True:
            tries -= 1
            try:
                conn = self._connect()
                try:
                    prepare_writing(conn)
                except BaseException:
                    conn.close()
                    raise
            except psycopg.OperationalError as error:
                if tries:
                    Event().wait(RECONNECT_PAUSE_S)
                    continue
                raise Unavailable(UNKNOWN_OUTCOME if patient else why(error)) from None
            self._conn = conn
            return conn

    def _learn_tail(self, conn: Connection[Any]) -> None:
        row = conn.execute(self._sql.tail, prepare=True).fetchone()
        self._tail, self._last_us = row if row is not None else (0, 0)

    def _insert(
        self, conn: Connection[Any], going: Sequence[Pending], tail: int, *, guess: bool
    ) -> bool:
        """One statement: the keys, the rows, the notice. False: somebody else is deciding."""
        now = self._recorded_us()
        rows = packed_rows(
            (pending.append for pending in going),
            tail=tail,
            recorded_us=now,
            authority=self.authority,
        )
        keys = [
            key
            for pending in going
            for part in pending.append.streams
            for event in part.events
            for key in event.keys
        ]
        if keys:
            query = self._sql.guess_with_keys if guess else self._sql.insert_with_keys
            cursor = conn.execute(query, (*packed_keys(keys), *rows, self.channel), prepare=True)
        else:
            query = self._sql.guess if guess else self._sql.insert
            cursor = conn.execute(query, (*rows, self.channel), prepare=True)
        answer = cursor.fetchone()
        self._last_us = now
        return answer is not None and bool(answer[0])

    def _settle(self, written: Sequence[Pending]) -> None:
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
            return commands(conn, self._sql, [command]).get(command)

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


def _fail(batch: Sequence[Pending], error: Exception) -> None:
    for pending in batch:
        if not pending.settled:
            pending.error = error
