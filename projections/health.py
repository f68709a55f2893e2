"""How the projections are: how far, how far behind, who follows, what stopped. Only SELECT.

Lag is measured against the log itself at the moment of asking, so that a follower that died shows
as behind with the first event it missed; and `followed` tells at once, before there is any.

An answer at a position is one answer for ever: whoever reads a view reads it within `held_at`.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any, Final

import psycopg
from psycopg import Connection, sql

from domain.record.envelope import from_us
from domain.record.log import Unavailable

FOLLOW: Final = 0x48464F4C  # first half of the advisory lock of whoever follows for a projection
REBUILD: Final = 0x48465245  # of whoever rebuilds it
_FIRST_PAUSE_S: Final = 0.002
_LONGEST_PAUSE_S: Final = 0.05


class Behind(Unavailable):
    """A view has not reached the position an answer was asked at: where it stands instead.

    `stopped` says that it met an event it cannot fold, so that waiting alone will not help.
    """

    def __init__(self, view: str, position: int, *, stopped: bool) -> None:
        how = "has stopped" if stopped else "stands"
        super().__init__(
            f"The view {view} {how} at position {position} and cannot answer beyond it yet."
        )
        self.view = view
        self.position = position
        self.stopped = stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One projection: `position` is how far it has come, `tail` how far the log goes.

    `behind_since` is when the first event it has not folded was recorded. `stopped_at`, `event`
    and `error` tell of the event it cannot fold; the error is a class name.
    """

    projection: str
    position: int
    tail: int
    behind_since: datetime | None
    followed: bool
    stopped_at: int | None = None
    event: str | None = None
    error: str | None = None
    stopped_since: datetime | None = None

    @property
    def lag(self) -> int:
        """How many events it is behind."""
        return max(0, self.tail - self.position)

    @property
    def well(self) -> bool:
        """Whether somebody follows for it and nothing stopped it."""
        return self.followed and self.stopped_at is None


def lock_of(projection: str) -> int:
    """The second half of a projection's advisory locks, a signed 32-bit number."""
    return zlib.crc32(projection.encode()) - (1 << 31)


def health(conn: Connection[Any], names: Collection[str], *, log: str = "cases") -> list[Health]:
    """The health of some projections, in the order of their names."""
    table = sql.Identifier("record", log)
    found = conn.execute(
        sql.SQL('SELECT "position" FROM {} ORDER BY "position" DESC LIMIT 1').format(table)
    ).fetchone()
    last = 0 if found is None else int(found[0])
    held = {
        int(number) - (1 << 32) if number >= 1 << 31 else int(number)
        for (number,) in conn.execute(
            "SELECT objid::int8 FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND classid = %s AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (FOLLOW,),
        ).fetchall()
    }
    stops = _stops(conn)
    answers = []
    for name in sorted(names):
        position = position_of(conn, name)
        missed = conn.execute(
            sql.SQL('SELECT recorded_us FROM {} WHERE "position" = %s').format(table),
            (position + 1,),
        ).fetchone()
        at, event, error, since = stops.get(name, (None, None, None, None))
        answers.append(
            Health(
                projection=name,
                position=position,
                tail=last,
                behind_since=None if missed is None else from_us(missed[0]),
                followed=lock_of(name) in held,
                stopped_at=at,
                event=event,
                error=error,
                stopped_since=since,
            )
        )
    return answers


def wait_for(
    conn: Connection[Any], names: Sequence[str], position: int, *, timeout_s: float
) -> bool:
    """Wait until views show a position, so that people see what they just did.

    Returns: whether they do; False at once where one of them has stopped before it, and after
    about `timeout_s` seconds. `conn` must be autocommit, or it would look at one moment for ever.
    """
    pause, waited = _FIRST_PAUSE_S, 0.0
    while any(position_of(conn, name) < position for name in names):
        if waited >= timeout_s or not names_well(conn, names):
            return False
        Event().wait(pause)
        waited += pause
        pause = min(pause * 2, _LONGEST_PAUSE_S)
    return True


@contextmanager
def held_at(
    conn: Connection[Any], names: Sequence[str], asked: int | None = None, *, timeout_s: float = 0.0
) -> Iterator[int]:
    """Hold views at one moment, and give the position that what is read of them is of.

    That is the position asked for, waited for up to about `timeout_s` seconds, else where the
    views stand. Within it `conn` reads one snapshot: the position and the rows are of one moment,
    also where a follower writes, or a rebuild would show another table, in between.

    Args:
        conn: autocommit, and in no transaction.
        names: every view that is read, one or more.
        asked: a position of the log; None for the present.

    Raises:
        Behind: a view has not reached the position asked for, or was never made.
    """
    if asked is not None:
        wait_for(conn, names, asked, timeout_s=timeout_s)
    with conn.transaction():
        try:
            _hold_still(conn, names)
        except psycopg.errors.UndefinedTable:
            raise Behind(names[0], 0, stopped=False) from None
        last = furthest_behind(conn, names)
        if asked is not None and asked > last.position:
            raise last
        yield last.position if asked is None else asked


def furthest_behind(conn: Connection[Any], names: Sequence[str]) -> Behind:
    """Which of some views, one or more, stands before the others and where, to be raised."""
    position, view = min((position_of(conn, name), name) for name in names)
    return Behind(view, position, stopped=not names_well(conn, [view]))


def _hold_still(conn: Connection[Any], names: Sequence[str]) -> None:
    """Begin a snapshot with the views locked first: no rebuild is shown between it and the rows.

    Rows of a new table would be there for it that the position read before knows nothing of.
    """
    views = sql.SQL(", ").join(sql.Identifier("views", name) for name in sorted(names))
    conn.execute(
        sql.SQL(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
            " LOCK TABLE {} IN ACCESS SHARE MODE"
        ).format(views)
    )


def names_well(conn: Connection[Any], names: Sequence[str]) -> bool:
    """Whether none of these projections has stopped."""
    return not _stops(conn).keys() & set(names)


def position_of(conn: Connection[Any], name: str) -> int:
    """How far a projection has come; 0 where it has never been followed."""
    try:
        row = conn.execute(
            'SELECT max("position") FROM (SELECT "position" FROM views.tracking'
            ' WHERE application = %s UNION ALL SELECT "position" FROM views.tracking_unlogged'
            " WHERE application = %s) x",
            (name, name),
        ).fetchone()
    except psycopg.errors.UndefinedTable:
        return 0
    return 0 if row is None or row[0] is None else int(row[0])


def _stops(conn: Connection[Any]) -> dict[str, tuple[int, str, str, datetime]]:
    try:
        rows = conn.execute(
            'SELECT projection, "position", event, error, since FROM views.health'
        ).fetchall()
    except psycopg.errors.UndefinedTable:
        return {}
    return {name: (at, event, error, since) for name, at, event, error, since in rows}
