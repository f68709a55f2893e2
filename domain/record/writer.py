"""How a batch of appends gets into the table: guessed at the tail, or decided under the lock.

A guess is one statement at the tail we believe in, and is not waited for before the next is sent
(`pipe`). UNIQUE(position) is its fence and a trigger refuses gaps, so a wrong guess, and every one
behind it, writes nothing. After a miss the batch is decided append by append under an advisory
lock, once no guess of ours is on its way: one that lost gets `Conflict`, the others go on. While
somebody decides, nobody guesses, so a decision is written at its first attempt however many
processes append. What was sent without an answer is looked up by its command ids first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition, Event, Lock
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import Connection

from domain.record.appending import Appended, Unavailable
from domain.record.deciding import Pending, decide, is_lost, why
from domain.record.log_sql import Packed, Statements, packed_keys, packed_rows, prepare_writing
from domain.record.pipe import Pipe, Sent
from domain.record.timekeeping import Clock, Timekeeper

ATTEMPTS: Final = 50  # of a batch before giving up; two are enough unless the server goes away
GUESSES_SKIPPED: Final = 8  # batches decided under the lock after another process was met
RECONNECTS: Final = 100  # tries to reach a server that took an answer with it
RECONNECT_PAUSE_S: Final = 0.2
UNKNOWN_OUTCOME: Final = (
    "the database went away while writing; send the same command again with the same id: "
    "it will not be recorded twice"
)
_MISS: Final = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.ForeignKeyViolation,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
)
_GAPS: Final = {"HF001", "HF002", "HF003"}


@dataclass(frozen=True, slots=True, eq=False)
class Flight:
    """A batch on its way, to stand after `tail`."""

    batch: Sequence[Pending]
    tail: int
    pipe: Pipe
    sent: Sent


class Writer:
    """The two writing connections of one log. Safe for many threads."""

    def __init__(
        self,
        statements: Statements,
        *,
        authority: UUID,
        connect: Callable[[], Connection[Any]],
        clock: Clock,
    ) -> None:
        """`connect` opens an autocommit connection as the writer."""
        self._sql = statements
        self._authority = authority
        self._connect = connect
        self._time = Timekeeper(clock)
        self._turn = Lock()  # held to send at the tail, or to decide: nobody else moves it
        self._landed = Condition()
        self._flying = 0
        self._conn: Connection[Any] | None = None
        self._pipe: Pipe | None = None
        self._tail: int | None = None
        self._skip = 0
        self._last_us = 0

    @property
    def flying(self) -> int:
        """How many batches were sent and are not answered."""
        return self._flying

    def clock_trouble(self, conn: Connection[Any]) -> str | None:
        """Why the clock would let nothing be recorded at this moment; None where it would."""
        row = conn.execute(self._sql.tail).fetchone()
        return self._time.trouble(conn, 0 if row is None else row[1])

    def close(self) -> None:
        """Let go of the connections."""
        for connection in (self._conn, self._pipe):
            if connection is not None:
                connection.close()
        self._conn = self._pipe = None

    # Guessing

    def send(self, batch: Sequence[Pending]) -> Flight | None:
        """Send a batch at the guessed tail, without waiting; None where it must be decided.

        Raises:
            Refused: the clock cannot be trusted.
        """
        # What happens in the same transaction, or is fenced, needs the lock: nobody guesses it.
        held = any(one.append.also is not None or one.append.fence is not None for one in batch)
        with self._turn:
            tail = self._tail
            if tail is None or self._skip or held or self._time.due:
                return None
            now = self._time.recorded_us(self._last_us)
            rows, keys = self._packed(batch, tail, now)
            try:
                pipe = self._piped()
                sent = pipe.send(rows, keys)
            except psycopg.Error:
                self._tail = None  # it may have been written: deciding looks it up
                return None
            self._last_us = now
            self._tail = tail + sum(pending.append.size for pending in batch)
            with self._landed:
                self._flying += 1
            return Flight(batch, tail, pipe, sent)

    def land(self, flight: Flight) -> None:
        """Wait for the answer, and settle the batch whatever it is.

        Raises what `settle` raises.
        """
        trouble = None
        try:
            if flight.pipe.answer(flight.sent):
                _written(flight.batch, flight.tail)
            else:
                self._met()
        except psycopg.Error as error:
            self._tail = None
            trouble = error
        except BaseException:
            self._tail = None
            raise
        finally:
            with self._landed:
                self._flying -= 1
                self._landed.notify_all()
        # Only now: what follows decides, and whoever decides waits until nothing is on its way.
        lost = trouble is not None and self._understood(
            trouble, flight.batch, closed=flight.pipe.closed
        )
        self.settle(flight.batch, lost=lost)

    def _piped(self) -> Pipe:
        if self._pipe is None or self._pipe.closed:
            conn = self._connect()
            try:
                self._pipe = Pipe(conn, self._sql)
            except BaseException:
                conn.close()
                raise
        return self._pipe

    # Deciding

    def settle(self, batch: Sequence[Pending], *, lost: bool = False) -> None:
        """Decide under the lock until each append of the batch is written or refused.

        `lost`: an answer about them was lost, and only the server knows whether they are written.

        Raises:
            Unavailable: the database is away or full.
            Refused: the clock cannot be trusted.
        """
        for _ in range(ATTEMPTS):
            waiting = [pending for pending in batch if not pending.settled]
            if not waiting:
                return
            try:
                self._decided(waiting, patient=lost)
            except psycopg.Error as error:
                closed = self._conn is None or self._conn.closed
                lost = self._understood(error, waiting, closed=closed) or lost
        if any(not pending.settled for pending in batch):
            raise Unavailable(UNKNOWN_OUTCOME if lost else "the log is too busy to append")

    def _decided(self, waiting: Sequence[Pending], *, patient: bool) -> None:
        """One transaction under the lock: what may be written is, the rest is settled."""
        with self._turn:
            with self._landed:
                self._landed.wait_for(lambda: self._flying == 0)
            self._skip = max(self._skip - 1, 0)
            conn = self._writing(patient=patient)
            with conn.transaction():
                conn.execute(self._sql.lock, prepare=True)
                row = conn.execute(self._sql.tail, prepare=True).fetchone()
                tail, self._last_us = row if row is not None else (0, 0)
                going = decide(conn, self._sql, waiting)
                if going:
                    now = self._moment(conn)
                    if going[0].append.also is not None:
                        going[0].append.also(conn, now)
                    self._insert(conn, going, tail, now)
            self._tail = _written(going, tail)

    def _moment(self, conn: Connection[Any]) -> int:
        """When what is decided now is recorded. Raises Refused: the clock cannot be trusted."""
        if self._time.due:
            self._time.compare(conn)
        return self._time.recorded_us(self._last_us)

    def _insert(self, conn: Connection[Any], going: Sequence[Pending], tail: int, now: int) -> None:
        """One statement: the keys, the rows, the notice."""
        rows, keys = self._packed(going, tail, now)
        query = self._sql.insert_with_keys if keys else self._sql.insert
        conn.execute(query, (*keys, *rows), prepare=True)
        self._last_us = now

    def _writing(self, *, patient: bool) -> Connection[Any]:
        """The deciding connection.

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

    # Both

    def _understood(
        self, error: psycopg.Error, waiting: Sequence[Pending], *, closed: bool
    ) -> bool:
        """Make ready to decide after an error; True: they may be written all the same."""
        if isinstance(error, _MISS):
            self._met()
            return False
        self._tail = None
        if closed or is_lost(error):
            # The answer to this INSERT or COMMIT is unknown. Once a connection is open again
            # `decide` looks the commands up; were the old backend still writing, ours would wait
            # on its lock, or on its index entries and then miss.
            self._let_go()
            return True
        if error.sqlstate not in _GAPS:
            self._blame(waiting, why(error))
        return False

    def _let_go(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None

    def _blame(self, waiting: Sequence[Pending], reason: str) -> None:
        """The database refused: whose fault it is, each append finds out alone."""
        if len(waiting) == 1:
            raise Unavailable(reason) from None
        for pending in waiting:
            try:
                self.settle([pending])
            except Exception as error:  # noqa: BLE001 — for the append it belongs to
                pending.error = error

    def _met(self) -> None:
        """Somebody else wrote, or is deciding: look, rather than guess, for a while."""
        self._tail = None
        self._skip = GUESSES_SKIPPED

    def _packed(
        self, batch: Sequence[Pending], tail: int, now: int
    ) -> tuple[list[Packed], list[Packed]]:
        """The rows at the positions after `tail`, and the keys of their passages if any."""
        rows = packed_rows(
            (pending.append for pending in batch),
            tail=tail,
            recorded_us=now,
            authority=self._authority,
        )
        keys = [
            key
            for pending in batch
            for part in pending.append.streams
            for event in part.events
            for key in event.keys
        ]
        return rows, packed_keys(keys) if keys else []


def _written(batch: Sequence[Pending], tail: int) -> int:
    """After COMMIT it happened: tell each append its positions; returns the new tail."""
    for pending in batch:
        size = pending.append.size
        pending.done = Appended(tail + 1, size)
        tail += size
    return tail
