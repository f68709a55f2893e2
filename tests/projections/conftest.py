"""A record of the real catalogue, told events by day, and the views that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import ConnectionPool

import tests.controls
from api.clock import FixedClock, entropy
from domain import stored
from domain.catalogue import EVENTS, PERSON, event_name
from domain.correction import RecordCorrected
from domain.record.keyring import Keyring, WrappingKeys, forget, open_keyring
from domain.record.log import Log
from domain.record.record import Part, Record
from domain.when import on_day, read
from domain.words import Code, Particulars
from projections.projection import Json, Projection
from projections.rebuild import prepare
from projections.runner import Follower
from tests.conftest import AUTHORITY, LOGIN, Database
from tests.controls import ACTOR, ADULT, CASE, DAY

NAMES = {
    str(value): name.lower().replace("_", "-")
    for name, value in vars(tests.controls).items()
    if isinstance(value, UUID)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event, the day it was recorded, and what else is to be said of it."""

    day: date
    event: object
    occurred: str | None = None
    stream: UUID | None = None
    particulars: dict[str, Any] = field(default_factory=dict)


def told(
    day: str,
    event: object,
    *,
    occurred: str | None = None,
    stream: UUID | None = None,
    **particulars: Json,
) -> Told:
    """Place an event on the day it was recorded; `occurred` (EDTF) where it happened otherwise."""
    return Told(
        day=date.fromisoformat(day),
        event=event,
        occurred=occurred,
        stream=stream,
        particulars=particulars,
    )


def corrected(
    target: int,
    *,
    supersedes: int | None = None,
    occurred: str | None = None,
    withdrawn: bool = False,
) -> RecordCorrected:
    """Give a correction of the case's event of that version; `occurred` is EDTF."""
    return RecordCorrected(
        target=target,
        supersedes=supersedes,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        occurred=None if occurred is None else read(occurred),
        withdrawn=withdrawn,
    )


@dataclass(slots=True)
class Views:
    """A record on a database of its own, and the views that follow it."""

    database: Database
    pool: ConnectionPool[Any]
    wrapping: WrappingKeys
    record: Record
    clock: FixedClock
    versions: dict[UUID, int] = field(default_factory=dict)

    def connect(self, role: str = "holdfast_projector") -> psycopg.Connection[Any]:
        """Connect as the application's login with one role on."""
        return psycopg.connect(
            self.database.conninfo(LOGIN), autocommit=True, options=f"-c role={role}"
        )

    def tell(self, *items: object) -> int:
        """Record events in order, bare ones on the day of the one before; the last position."""
        day, position = self.clock.now().date(), 0
        for item in items:
            one = item if isinstance(item, Told) else Told(day=day, event=item)
            day = one.day
            moment = datetime.combine(day, time(10), UTC)
            self.clock.move_to(max(moment, self.clock.now() + timedelta(seconds=1)))
            kind = EVENTS[event_name(one.event)].stream
            stream = one.stream or (ADULT if kind == PERSON else CASE)
            version = self.versions.get(stream, 0)
            command = uuid4()
            position = self.record.append(
                [Part(stream, version, (one.event,))],
                actor=ACTOR,
                particulars=Particulars(
                    occurred=read(one.occurred) if one.occurred else on_day(day),
                    **one.particulars,
                ),
                command=command,
                digest=command.bytes * 2,
            ).last
            self.versions[stream] = version + 1
        return position

    def follower(self, projection: Projection, **more: Json) -> Follower:
        """Give a follower of the cases, as the second process has it."""
        return Follower(projection, self.connect, **more)

    def follow(self, *projections: Projection) -> None:
        """Make the views if they are missing, and bring them up to the end of the record."""
        prepare(self.connect, projections)
        for projection in projections:
            with self.follower(projection, unseal=self.record.unseal) as follower:
                follower.catch_up()
                assert follower.poison is None, follower.poison

    def forget(self, subject: UUID) -> None:
        """Destroy every key of a subject."""
        with self.connect("holdfast_keeper") as conn:
            forget(conn, self.wrapping, entropy, subjects=[subject])

    def ask(self, question: Callable[..., Any], /, *args: Json, **more: Json) -> Json:
        """Ask a view's question over a reading connection."""
        with self.connect("holdfast_writer") as conn:
            return question(conn, *args, **more)


@contextmanager
def opened(database: Database, keys: Path) -> Iterator[Views]:
    """Open a record and its views on a database."""
    clock = FixedClock(datetime.combine(DAY, time(9), UTC))
    wrapping = WrappingKeys(keys / "keyring.json", entropy(32), entropy)
    with ConnectionPool(
        database.conninfo(LOGIN),
        min_size=1,
        max_size=10,
        kwargs={"autocommit": True, "options": "-c role=holdfast_writer"},
    ) as pool:
        log = Log(
            "cases",
            authority=AUTHORITY,
            connect=lambda: psycopg.connect(
                database.conninfo(LOGIN), autocommit=True, options="-c role=holdfast_writer"
            ),
            pool=pool,
            clock=clock,
        )
        record = Record(log, Keyring(pool, wrapping, entropy), stored, clock, entropy)
        views = Views(database, pool, wrapping, record, clock)
        with views.connect("holdfast_keeper") as conn:
            open_keyring(conn, wrapping)
        yield views
        log.close()


@pytest.fixture
def views(database: Database, tmp_path: Path) -> Iterator[Views]:
    """Give a record of the real catalogue, and its views."""
    with opened(database, tmp_path) as one:
        yield one


def table(rows: Json, *columns: str) -> str:
    """Print rows as an ascii table; control references by their names, nothing as `-`."""
    lines = [list(columns)]
    lines += [[_cell(getattr(row, column)) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(value: Json) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return " ".join(_cell(one) for one in value) or "-"
    if isinstance(value, dict):
        return " ".join(f"{name}:{_cell(one)}" for name, one in sorted(value.items())) or "-"
    return NAMES.get(str(value), str(value))


def shows(rows: Json, expected: str) -> None:
    """Expect a view to show this ascii table; its first line names the columns."""
    lines = [[cell.strip() for cell in line.split("|")] for line in expected.strip().splitlines()]
    found = [
        [cell.strip() for cell in line.split("|")] for line in table(rows, *lines[0]).splitlines()
    ]
    assert found == lines, "\n" + table(rows, *lines[0])
