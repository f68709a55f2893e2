"""Following the record: each projection in a thread of its own, exactly once through any crash.

A batch is one transaction: it locks the projection's row of `views.generation`, reads from where
the tracking stands, writes row versions in two statements (end, COPY) and moves the tracking. An
advisory lock keeps other processes from doing the same work; the row lock alone makes it safe.

An event that cannot be folded stops its projection and no other: everything before it is committed,
and `views.health` names it. It is never skipped. The next start tries again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Any, Final, Self

import psycopg
from psycopg import Connection, sql

from domain.refusal import Refused
from projections.batch import Poison, Step, Unseal, advance, read, tail
from projections.comparing import Verified
from projections.health import FOLLOW, lock_of
from projections.projection import Projection, Seen
from projections.rebuild import (
    Connect,
    Progress,
    Rebuilt,
    generation,
    prepare,
    rebuild,
    track,
    verify,
)
from projections.table import Table

BATCH: Final = 500
NOTICE_S: Final = 0.5  # the longest a new event waits where its notice was lost
RETRY_S: Final = 1.0  # before asking again for a lock or a server
FAR_BEHIND: Final = 20_000  # events; an empty view further behind is rebuilt, not followed


class Follower:
    """One projection following one log. Not safe for two threads; use one of it per thread."""

    def __init__(
        self,
        projection: Projection,
        connect: Connect,
        *,
        log: str = "cases",
        unseal: Unseal | None = None,
    ) -> None:
        """`connect` opens an autocommit connection as the projector.

        `unseal` (Record.unseal) is for a projection that must read passages.
        """
        self.projection = projection
        self.poison: Poison | None = None  # what stopped it; a new Follower tries again
        self._connect = connect
        self._log = log
        self._unseal = unseal
        self._conn: Connection[Any] | None = None
        self._table: Table | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def catch_up(self, batch: int = BATCH) -> int:
        """Fold every event there is; returns how many this projection reads were folded.

        After a stop (`poison`) it does nothing more.

        Raises:
            Refused: another process follows for this projection.
            psycopg.OperationalError: the database is away; nothing was half-written.
        """
        if not self.lead():
            raise Refused(
                "followed", "projections", f"another process follows for {self.projection.name}"
            )
        count, more = 0, True
        while more and self.poison is None:
            step = self._step(batch)
            count, more = count + step.count, step.more
        return count

    def lead(self) -> bool:
        """Take the projection's advisory lock, or say that another process holds it."""
        if self._conn is not None and not self._conn.closed:
            return True
        conn = self._connect()
        row = conn.execute(
            "SELECT pg_try_advisory_lock(%s, %s)", (FOLLOW, lock_of(self.projection.name))
        ).fetchone()
        if row is None or not row[0]:
            conn.close()
            return False
        self._conn = conn
        return True

    def run(self, stop: Event) -> None:
        """Follow until told to stop or stopped by an event it cannot fold.

        Waits for the lock while another process follows, and for a server that is away.
        """
        while not stop.is_set() and self.poison is None:
            try:
                if not self.lead():
                    stop.wait(RETRY_S)
                    continue
                self._rebuild_if_needed()
                self._listen(stop)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                self.close()
                stop.wait(RETRY_S)
            except Refused:  # somebody else is rebuilding it
                stop.wait(RETRY_S)
        self.close()

    def rebuild(self, progress: Progress | None = None) -> Rebuilt:
        """Make the view anew and show it in place of the old; see `projections.rebuild`."""
        return rebuild(
            self.projection, self._connect, log=self._log, unseal=self._unseal, progress=progress
        )

    def verify(self, progress: Progress | None = None) -> Verified:
        """Compare the view with a rebuild of it that is then thrown away."""
        return verify(
            self.projection, self._connect, log=self._log, unseal=self._unseal, progress=progress
        )

    def close(self) -> None:
        """Let go of the lock and the connection."""
        if self._conn is not None:
            # Here and not by closing alone: the server hears of that a moment later, and whoever
            # follows next would be told that somebody still does.
            with suppress(psycopg.Error):
                self._conn.execute("SELECT pg_advisory_unlock_all()")
            self._conn.close()
            self._conn = None

    def _listen(self, stop: Event) -> None:
        conn = self._following
        conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(f"record_{self._log}")))
        while not stop.is_set() and self.poison is None:
            self.catch_up()
            for _ in conn.notifies(timeout=NOTICE_S, stop_after=1):
                pass

    @property
    def _following(self) -> Connection[Any]:
        if self._conn is None:
            raise RuntimeError("lead() comes first")
        return self._conn

    def _rebuild_if_needed(self) -> None:
        """A view of other code, one a crash emptied, or one far behind is made anew."""
        conn = self._following
        shown = generation(conn, self.projection.name)
        if shown is None:
            prepare(self._connect, (self.projection,))
            shown = generation(conn, self.projection.name)
        _, version, position = shown or (0, 0, None)
        far = (position or 0) == 0 and tail(conn, self._log) > FAR_BEHIND
        if version != self.projection.version or far:
            self.rebuild()

    def _step(self, limit: int) -> Step:
        """One batch; where the database refuses what the folds made, halves of it.

        So it comes down to the one event that it is.
        """
        try:
            return self._batch(limit)
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            if limit > 1:
                return self._step(limit // 2)
            return self._stop_before_next(type(error).__name__)

    def _batch(self, limit: int) -> Step:
        conn = self._following
        with conn.transaction():
            table, after = self._stand(conn)
            step = advance(conn, table, self._log, after, limit=limit, unseal=self._unseal)
            if step.reached > after:
                track(conn, self.projection, step.reached)
            if step.poison is not None:
                self._record_stop(conn, step.poison)
            elif step.reached > after:
                conn.execute(
                    'DELETE FROM views.health WHERE projection = %s AND "position" <= %s',
                    (self.projection.name, step.reached),
                    prepare=True,
                )
        self.poison = step.poison
        return step

    def _stand(self, conn: Connection[Any]) -> tuple[Table, int]:
        """The table in use and where it stands, locked for this transaction."""
        shown = generation(conn, self.projection.name, lock=True)
        if shown is None:
            raise Refused("no-view", "projections", "there is no such view yet: prepare it first")
        number, version, position = shown
        if version != self.projection.version:
            raise Refused(
                "other-code",
                "projections",
                f"{self.projection.name} was made by version {version} of its code: rebuild it",
            )
        if self._table is None or self._table.number != number:
            self._table = Table(self.projection, number)
        # None: a crash emptied the unlogged table and its tracking together.
        return self._table, position or 0

    def _stop_before_next(self, error: str) -> Step:
        """Record that the next event's rows are refused by the database."""
        conn = self._following
        with conn.transaction():
            _, after = self._stand(conn)
            (row,) = read(conn, self._log, after, after + 1, self.projection.stored_names)
            seen = Seen(row)
            poison = Poison(seen.position, f"{seen.name}.v{seen.shape}", error)
            self._record_stop(conn, poison)
        self.poison = poison
        return Step(reached=seen.position - 1, count=0, more=False, poison=poison)

    def _record_stop(self, conn: Connection[Any], poison: Poison) -> None:
        conn.execute(
            'INSERT INTO views.health (projection, "position", event, error)'
            " VALUES (%s, %s, %s, %s) ON CONFLICT (projection) DO UPDATE"
            ' SET "position" = excluded."position", event = excluded.event,'
            " error = excluded.error, since = CASE"
            ' WHEN health."position" = excluded."position" THEN health.since ELSE now() END',
            (self.projection.name, poison.position, poison.event, poison.error),
        )


def serve(followers: Sequence[Follower], stop: Event) -> list[Poison]:
    """Follow for all of them until told to stop; returns what stopped some of them before.

    The second process runs this. A projection that is stopped leaves the others following.
    """
    threads = [
        Thread(target=one.run, args=(stop,), name=f"follow-{one.projection.name}", daemon=True)
        for one in followers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [one.poison for one in followers if one.poison is not None]
