"""What keeps the proof from going on: told in the log once, and at /health while it lasts.

It is kept in the database, since whoever answers at /health is another process than the one that
proves, and perhaps on another machine. Kinds of trouble and names of witnesses, never text.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.types.json import Jsonb

from api.clock import SystemClock
from domain.record.envelope import from_us, to_us
from domain.record.migration import LOGS

LOGGER: Final = logging.getLogger("holdfast")
_TIME: Final = "time stamps"  # kept with the witnesses, of whom none has a name of two words
AGAIN_S: Final = 10.0  # before the leader says again how it stands: another may have said otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a log's proof stands: a kind of trouble or None, since when, and witnesses that fail.

    `time_stamps`: no-answer or refused, where a time-stamp authority failed; nothing waits for it.

    `trouble` is one of
        folder           nothing can be written where it is published
        witnesses        too few of them cosigned
        witness-differs  so few that know this log as it is that it cannot go on
        log-differs      the log is not what was signed or published of it
        setting, log-key a setting cannot be what it says; the key is another, or cannot be read
        standby          the standby did not confirm what would be signed
        interrupted      the database or the network was away
        failed           something nobody thought of: the service's own log names it
    """

    trouble: str | None
    since: datetime
    witnesses: Mapping[str, str]
    time_stamps: str | None = None


def standing(conn: Connection[Any], log: str) -> Standing | None:
    """How a log's proof stands; None where nobody has led it yet."""
    row = conn.execute(
        "SELECT trouble, since_us, witnesses FROM views.proving WHERE log = %s", (LOGS[log],)
    ).fetchone()
    if row is None:
        return None
    witnesses = dict(row[2])
    time_stamps = witnesses.pop(_TIME, None)
    return Standing(
        trouble=row[0], since=from_us(row[1]), witnesses=witnesses, time_stamps=time_stamps
    )


@dataclass(slots=True)
class Telling:
    """Tells of one log's proof what is new. For one thread."""

    log: str
    _clock: SystemClock = field(default_factory=SystemClock)
    _words: str = ""
    _kept: tuple[str | None, dict[str, str]] | None = None
    _at: float = 0.0

    def trouble(self, level: int, words: str) -> None:
        """Say once what is wrong, in the log; what changes is said again."""
        if words != self._words:
            self._words = words
            LOGGER.log(level, "%s", words)

    def well(self) -> None:
        """Say once that what was wrong is over."""
        if self._words:
            self._words = ""
            LOGGER.warning("the proof of %s goes on", self.log)

    def keep(
        self,
        conn: Connection[Any],
        trouble: str | None,
        witnesses: dict[str, str],
        time_stamps: str | None = None,
    ) -> None:
        """Keep how it stands, for /health."""
        outside = witnesses | ({_TIME: time_stamps} if time_stamps else {})
        said, now = (trouble, outside), self._clock.monotonic()
        if said == self._kept and now - self._at < AGAIN_S:
            return
        with conn.transaction():
            # Nothing is lost with it, and it is not to wait for a standby that is the trouble.
            conn.execute("SET LOCAL synchronous_commit = off")
            conn.execute(
                "INSERT INTO views.proving AS p VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (log) DO UPDATE SET trouble = excluded.trouble,"
                " witnesses = excluded.witnesses, since_us = CASE"
                " WHEN p.trouble IS NOT DISTINCT FROM excluded.trouble THEN p.since_us"
                " ELSE excluded.since_us END",
                (LOGS[self.log], trouble, to_us(self._clock.now()), Jsonb(outside)),
            )
        self._kept, self._at = said, now
