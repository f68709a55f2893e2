"""The eventsourcing library's interfaces over our log. The only module that imports it.

What is taken: recorder, tracking, notification log, subscription, application, and with them the
library's contract tests. What is not: its metaclass aggregates, class-path topics, process-wide
cipher, snapshots, database functions and one-event projection runner (reasons in README.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.application import LocalNotificationLog
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    ListenNotifySubscription,
    Notification,
    OperationalError,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)
from psycopg import Connection, sql

from domain.record.encoding import canonical
from domain.record.envelope import Row
from domain.record.log import Append, Log, Prepared, StreamAppend, Unavailable
from domain.record.sealing import SALT_BYTES, b64
from domain.refusal import Conflict

Connect = Callable[[], Connection[Any]]
Entropy = Callable[[int], bytes]


class Recorder(ApplicationRecorder):
    """The library's application recorder over one of our logs.

    Events from the library are opaque: topic becomes the name, state the payload. Ours are read
    the same way, so any of the library's followers can follow our log.
    """

    def __init__(self, log: Log, connect: Connect, entropy: Entropy) -> None:
        self.log = log
        self.connect = connect
        self._entropy = entropy

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 — the library's signature
    ) -> Sequence[int] | None:
        """Append; positions come back. Raises the library's IntegrityError on a conflict."""
        also = self._also(**kwargs)
        if not stored_events:
            if also is not None:
                with self.connect() as conn:
                    also(conn)
            return None
        append = Append(
            command=UUID(bytes=self._entropy(16), version=4),
            digest=self._entropy(32),
            streams=_streams(stored_events, self._prepare),
            also=None if also is None else lambda conn, _recorded_us: also(conn),
        )
        try:
            done = self.log.append(append)
        except Conflict as error:
            raise IntegrityError(str(error)) from error
        except Unavailable as error:
            raise OperationalError(str(error)) from error
        return list(range(done.first, done.first + done.count))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """A stream's events by version."""
        rows = [
            row
            for row in self.log.stream(UUID(str(originator_id)))
            if (gt is None or row.version > gt) and (lte is None or row.version <= lte)
        ]
        if desc:
            rows.reverse()
        return [StoredEvent(row.stream, row.version, row.name, row.payload) for row in rows[:limit]]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events by position."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        rows = self.log.read(after, upto=stop, names=topics or None, limit=limit)
        return [_notification(row) for row in rows]

    def max_notification_id(self) -> int | None:
        """The last position, None for an empty log."""
        return self.log.tail() or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Every event after `gt`, then each new one as it is committed; none is missed."""
        return LogSubscription(self, gt=gt, topics=topics)

    def notification_log(self, section_size: int = 100) -> LocalNotificationLog:
        """The library's notification log, for integrators that already read one."""
        return LocalNotificationLog(self, section_size=section_size)

    def _also(self, **_kwargs: object) -> Callable[[Connection[Any]], None] | None:
        return None

    def _prepare(self, event: StoredEvent) -> Prepared:
        header = canonical({"salt": b64(self._entropy(SALT_BYTES)), "name": event.topic})
        return Prepared(event.topic, header, event.state)


class Tracker(TrackingRecorder):
    """How far followers have come, in `views.tracking`; positions only rise."""

    def __init__(self, connect: Connect) -> None:
        self._tracking_connect = connect

    def insert_tracking(self, tracking: Tracking) -> None:
        """Raises the library's IntegrityError where that position was already passed."""
        with self._tracking_connect() as conn:
            track(conn, tracking.application_name, tracking.notification_id)

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last position that follower has processed."""
        with self._tracking_connect() as conn:
            row = conn.execute(
                'SELECT "position" FROM views.tracking WHERE application = %s', (application_name,)
            ).fetchone()
        return None if row is None else int(row[0])


def track(conn: Connection[Any], application: str, position: int) -> None:
    """Move a follower forward, in the caller's transaction.

    Raises:
        IntegrityError: it was there already; what was about to be written was written before.
    """
    row = conn.execute(
        'INSERT INTO views.tracking (application, "position") VALUES (%s, %s)'
        ' ON CONFLICT (application) DO UPDATE SET "position" = excluded."position"'
        ' WHERE tracking."position" < excluded."position" RETURNING 1',
        (application, position),
        prepare=True,
    ).fetchone()
    if row is None:
        raise IntegrityError(f"{application} has already processed position {position}")


class TrackingLogRecorder(Recorder, Tracker, ProcessRecorder):
    """The library's process recorder: events and tracking in one transaction."""

    def __init__(self, log: Log, connect: Connect, entropy: Entropy) -> None:
        Recorder.__init__(self, log, connect, entropy)
        Tracker.__init__(self, connect)

    def _also(self, **kwargs: object) -> Callable[[Connection[Any]], None] | None:
        tracking = kwargs.get("tracking")
        if not isinstance(tracking, Tracking):
            return None
        return lambda conn: track(conn, tracking.application_name, tracking.notification_id)


class LogSubscription(ListenNotifySubscription[Recorder]):
    """LISTEN in a thread of its own; what is missed between two notices is read by position."""

    def __init__(
        self, recorder: Recorder, gt: int | None = None, topics: Sequence[str] = ()
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._listener = Thread(target=self._listen, name="subscription", daemon=True)
        self._listener.start()

    def __exit__(self, *args: object, **kwargs: object) -> None:
        try:
            super().__exit__(*args, **kwargs)
        finally:
            self._listener.join()

    def _listen(self) -> None:
        try:
            with self._recorder.connect() as conn:
                conn.autocommit = True
                conn.execute(
                    sql.SQL("LISTEN {}").format(sql.Identifier(self._recorder.log.channel))
                )
                # What was committed between the first reading and LISTEN gave us no notice.
                self._has_been_notified.set()
                while not self._has_been_stopped and not self._thread_error:
                    for _ in conn.notifies(timeout=0.1, stop_after=1):
                        self._has_been_notified.set()
        except (psycopg.Error, OSError) as error:
            if self._thread_error is None:
                self._thread_error = error
            self.stop()


def _streams(
    events: Sequence[StoredEvent], prepare: Callable[[StoredEvent], Prepared]
) -> tuple[StreamAppend, ...]:
    """Runs of consecutive versions of one stream."""
    runs: list[StreamAppend] = []
    for event in events:
        stream, before = UUID(str(event.originator_id)), event.originator_version - 1
        last = runs[-1] if runs else None
        if (
            last is not None
            and last.stream == stream
            and last.expected_version + len(last.events) == before
        ):
            runs[-1] = StreamAppend(stream, last.expected_version, (*last.events, prepare(event)))
        else:
            runs.append(StreamAppend(stream, before, (prepare(event),)))
    return tuple(runs)


def _notification(row: Row) -> Notification:
    return Notification(row.stream, row.version, row.name, row.payload, row.position)


__all__ = ["LogSubscription", "Recorder", "Tracker", "TrackingLogRecorder", "track"]
