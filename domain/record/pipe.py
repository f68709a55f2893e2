"""The connection that guesses: batches sent one behind another, their answers read in that order.

The server begins the next batch the moment it has committed the one before, without waiting for
whoever sent that to hear of it: nothing of the time the interpreter takes stands between them. Each
batch is one prepared statement in a transaction of its own, so that one refused leaves the next to
be judged for itself (its positions would leave a gap, and the trigger refuses it).
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import Connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format

from domain.record.log_sql import Packed, Statements, prepare_writing

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

_ROWS: Final = b"rows"
_ROWS_AND_KEYS: Final = b"rows_and_keys"
_LOOK_AGAIN_MS: Final = 1000  # whether another thread has closed what we wait for
_GONE: Final = "the connection that wrote is gone"


class Sent:
    """A batch on its way; `turn` is held until the answers before its own are read."""

    __slots__ = ("turn",)

    def __init__(self) -> None:
        self.turn = Lock()
        self.turn.acquire()


class Pipe:
    """Safe for many threads; after any trouble it is closed, and whoever waits is told."""

    def __init__(self, conn: Connection[Any], statements: Statements) -> None:
        """Take over an autocommit connection of the writer. Raises psycopg.Error."""
        prepare_writing(conn)
        self._conn = conn
        self._pg = conn.pgconn
        for name, query in (
            (_ROWS, statements.guess),
            (_ROWS_AND_KEYS, statements.guess_with_keys),
        ):
            result = self._pg.prepare(name, query)
            if result.status != ExecStatus.COMMAND_OK:
                raise error_from_result(result)
        self._pg.enter_pipeline_mode()
        self._lock = Lock()  # of libpq's connection: waiting for the server is done outside it
        self._sent: deque[Sent] = deque()

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._conn.closed

    def close(self) -> None:
        """Give it up: whoever still waits for an answer does not learn it."""
        with self._lock:
            self._give_up()

    def send(self, rows: Sequence[Packed], keys: Sequence[Packed]) -> Sent:
        """Send a batch, and do not wait for it.

        Raises:
            psycopg.Error: it may or may not have been sent; the pipe is closed.
        """
        values: list[bytes] = [*keys, *rows]
        sent = Sent()
        with self._lock:
            try:
                self._pg.send_query_prepared(
                    _ROWS_AND_KEYS if keys else _ROWS,
                    values,
                    [Format.BINARY] * len(values),
                    Format.TEXT,
                )
                self._pg.pipeline_sync()
                while self._pg.flush():  # answers are short: the server never waits to be read
                    _wait(self._pg.socket, select.POLLOUT | select.POLLIN)
                    self._pg.consume_input()
            except BaseException:
                self._give_up()
                raise
            if not self._sent:
                sent.turn.release()
            self._sent.append(sent)
        return sent

    def answer(self, sent: Sent) -> bool:
        """Wait until a batch is committed: True; or False, if somebody else was deciding.

        Raises:
            psycopg.Error: the batch was refused; or, without an SQLSTATE, its answer is lost.
        """
        try:
            sent.turn.acquire()
            results = []
            while (result := self._next()) is None or result.status != ExecStatus.PIPELINE_SYNC:
                if result is not None:
                    results.append(result)
        except BaseException:
            self.close()  # an answer half read would be taken for the next one's
            raise
        with self._lock:
            if self._sent and self._sent[0] is sent:
                self._sent.popleft()
                if self._sent:
                    self._sent[0].turn.release()
        # The transaction ends at the sync: a refusal may come after the rows.
        for result in results:
            if result.status != ExecStatus.TUPLES_OK:
                raise error_from_result(result)
        return len(results) == 1 and results[0].get_value(0, 0) == b"t"

    def _next(self) -> PGresult | None:
        """The next result, or the None that ends a statement's."""
        while True:
            with self._lock:
                if self._conn.closed:
                    raise psycopg.OperationalError(_GONE)
                if not self._pg.is_busy():
                    return self._pg.get_result()
                socket = self._pg.socket
            _wait(socket, select.POLLIN)
            with self._lock:
                if self._conn.closed:
                    raise psycopg.OperationalError(_GONE)
                self._pg.consume_input()

    def _give_up(self) -> None:
        self._conn.close()
        while self._sent:
            one = self._sent.popleft()
            if one.turn.locked():
                one.turn.release()


def _wait(socket: int, events: int) -> None:
    poll = select.poll()
    poll.register(socket, events)
    poll.poll(_LOOK_AGAIN_MS)
