"""The library's ProjectionRunner on the same events: one event a transaction, a trivial view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent, datetime_now_with_tzinfo
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

PAGE: Final = 50  # events stored at a time; 500 were seen to hang
WARM: Final = 200  # events processed before the clock starts


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of our log."""

    stream: UUID
    version: int
    name: str
    header: str
    payload: str


@dataclass(frozen=True)
class Recorded(DomainEvent):
    """An event as the library stores it: ours, with the bytes of its header and payload."""

    name: str
    header: str
    payload: str


class Notes(Application[UUID]):
    """An application that only holds events."""

    name = "notes"


class LastSeen(PostgresTrackingRecorder):
    """The last event of each stream and how many there were: one row written for an event."""

    def create_table(self) -> None:
        """Make the tracking and the view's own table."""
        super().create_table()
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS last_seen"
                " (stream uuid PRIMARY KEY, name text, events bigint)"
            )

    def saw(self, event: Recorded, tracking: Tracking) -> None:
        """Write one event's row and the tracking, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO last_seen VALUES (%s, %s, 1) ON CONFLICT (stream) DO UPDATE"
                " SET name = excluded.name, events = last_seen.events + 1",
                (event.originator_id, event.name),
                prepare=True,
            )


class Seeing(Projection[LastSeen]):
    """The library's projection, which also notes when it came past the warming up, and ended."""

    name = "seeing"
    marks: tuple[list[float], ...] = ([], [])
    last = 0

    def process_event(self, domain_event: Recorded, tracking: Tracking) -> None:
        """Take one event."""
        self.view.saw(domain_event, tracking)
        if tracking.notification_id in (WARM, Seeing.last):
            self.marks[tracking.notification_id == Seeing.last].append(perf_counter())


def library_rate(place: Mapping[str, object], database: str, sample: Sequence[Sample]) -> float:
    """Events a second of the runner over a sample it finds recorded, in an empty database.

    Raises:
        TimeoutError: it did not come to the end within five minutes.
    """
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": database,
        "POSTGRES_HOST": str(place["host"]),
        "POSTGRES_PORT": str(place["port"]),
        "POSTGRES_USER": "postgres",
        "POSTGRES_PASSWORD": "none",
    }
    with Notes(env) as notes:
        at = datetime_now_with_tzinfo()
        for start in range(0, len(sample), PAGE):
            notes.recorder.insert_events(
                [
                    notes.mapper.to_stored_event(
                        Recorded(
                            originator_id=one.stream,
                            originator_version=one.version,
                            timestamp=at,
                            name=one.name,
                            header=one.header,
                            payload=one.payload,
                        )
                    )
                    for one in sample[start : start + PAGE]
                ]
            )
    Seeing.last = len(sample)
    for mark in Seeing.marks:
        mark.clear()
    with ProjectionRunner(
        application_class=Notes, projection_class=Seeing, view_class=LastSeen, env=env
    ) as runner:
        runner.wait(len(sample), timeout=300)
    (began,), (ended,) = Seeing.marks
    return (len(sample) - WARM) / (ended - began)
