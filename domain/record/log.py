"""A log: rows in one dense order, appended by group commit and read by position or stream.

Appending. Waiting appends are written by whichever thread leads, in one autocommit INSERT at the
guessed tail + 1; once as many wait again as that holds, they follow it without waiting for its
answer. How a batch is written, and what becomes of it where the guess was wrong, is `writer`'s. An
append whose answer was lost is looked up by its command id; the unique index on command ids makes
writing it twice impossible.

When `append` returns, the rows are committed with fsync: this is the point of no return.
"""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, Final
from uuid import UUID

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
from domain.record.deciding import Pending, commands
from domain.record.envelope import Row, leaf_of, to_us
from domain.record.log_sql import Statements
from domain.record.migration import LOGS
from domain.record.timekeeping import Clock
from domain.record.writer import UNKNOWN_OUTCOME, Writer
from domain.refusal import Corrupt

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
FLIGHTS: Final = 2  # batches on their way: one being written, one waiting at the server's door


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
        self._pool = pool
        self._sql = Statements(name)
        self._writer = Writer(self._sql, authority=authority, connect=connect, clock=clock)
        self._guard = Lock()  # of the queue, and of who leads
        self._queue: deque[Pending] = deque()
        self._leading = False  # somebody was told to lead, and has not sent yet
        self._aloft = 0  # how many appends the batch sent last holds
        self._stopped: str | None = None

    @property
    def channel(self) -> str:
        """The NOTIFY channel that says there is something new."""
        return self._sql.channel

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
            lead = self._may_lead(len(self._queue) + 1)
            if lead:
                self._leading = True
                self._queue.appendleft(pending)  # who leads is of its own batch, however full
            else:
                self._queue.append(pending)
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

    def clock_trouble(self, conn: Connection[Any]) -> str | None:
        """Why the clock would let nothing be appended at this moment, in words; None: it would."""
        return self._writer.clock_trouble(conn)

    def close(self) -> None:
        """Let go of the writing connections."""
        self._writer.close()

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
                    self._leading = False
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

    def _may_lead(self, waiting: int) -> bool:
        """Whether so many that wait may be sent now. Needs the guard.

        Behind a batch that is on its way: once they are as many as it holds. Sooner, ever smaller
        batches would follow one another, and each costs the disk as much as a large one.
        """
        flying = self._writer.flying
        return not self._leading and (flying == 0 or (flying < FLIGHTS and waiting >= self._aloft))

    def _hand_on(self) -> None:
        """Give the lead to the next that waits, if it may. Needs the guard."""
        if self._queue and self._may_lead(len(self._queue)):
            self._leading = True
            self._queue[0].lead = True
            self._queue[0].wake.release()

    def _lead(self, own: Pending) -> None:
        """Write one batch, our own append first in it; the lead goes on when it is sent."""
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
        try:
            flight = self._writer.send(batch)
            if flight is None:
                self._writer.settle(batch)
        finally:
            with self._guard:
                self._leading = False
                self._aloft = len(batch)
                self._hand_on()
        if flight is not None:
            self._writer.land(flight)

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
