"""Watching over an open record while something goes on for long: its guards, and its database.

One watch for every door: the service, whoever follows for the views, imports, the demonstration's
load. The log's guards are looked at before the first write and every minute from then on; once one
is gone nothing more is recorded. An embedded database that was killed with all who looked after it
is started anew; one that ended for good ends what goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

import psycopg

from api.clock import SystemClock
from api.guard import told
from api.office import Office
from domain.record.server_error import ServerError
from domain.refusal import Refused

LOOK_EVERY_S = 60.0  # between two looks at the log's guards
_PAUSE_S: Final = 1.0  # between two looks at the database
_JOIN_S: Final = 10.0
LOGGER: Final = logging.getLogger("holdfast")
TAKEN_OVER: Final = (
    "the embedded PostgreSQL was killed, and so was whatever looked after it: this process has "
    "started it again"
)
LOST: Final = (
    "The embedded PostgreSQL has ended and does not come back: Holdfast stops too. "
    "Start it again; nothing that was recorded is lost."
)


class Watch:
    """Looks when it is asked to, between two steps of what goes on. For one thread."""

    def __init__(self, office: Office, say: Callable[[str], None] = LOGGER.warning) -> None:
        self._office = office
        self._say = say
        self._clock = SystemClock()  # a record may be told in another time
        self._looked: float | None = None

    def look(self) -> None:
        """Look at the database, and at the guards where the last look was a minute ago.

        Raises:
            Refused: a guard is missing, disabled or altered, as at a start: nothing more is
                recorded until the next one; with the remedy.
            ServerError: the embedded database ended for good; with the remedy.
        """
        if self._office.database.lost():
            if not self._office.database.recover():
                raise ServerError(LOST)
            self._say(TAKEN_OVER)
            self._looked = None  # whoever did that may have done more
        now = self._clock.monotonic()
        if self._looked is None or now - self._looked >= LOOK_EVERY_S:
            self._looked = now
            self._guards()
        if self._office.stopped is not None:
            raise Refused("guards", "start-up", self._office.stopped)

    def _guards(self) -> None:
        try:
            self._office.look_at_guards()
        except psycopg.Error as error:
            LOGGER.error("the guards could not be looked at: %s", told(error))  # noqa: TRY400 — a traceback quotes messages


class Watching:
    """A thread that watches beside whatever goes on; use as a context manager.

    `ended` is called once, from that thread, when the database is gone for good or, unless what
    goes on `lives_on` without recording, when a guard is. `trouble` is that error, with its remedy.
    """

    def __init__(
        self,
        office: Office,
        ended: Callable[[], None],
        *,
        lives_on: bool = False,
        say: Callable[[str], None] = LOGGER.warning,
    ) -> None:
        self.trouble: Refused | ServerError | None = None
        self._watch = Watch(office, say)
        self._ended = ended
        self._lives_on = lives_on
        self._said = False  # that a guard is gone
        self._over = Event()
        self._thread = Thread(target=self._keep, name="watch-the-record", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(_JOIN_S)

    def _keep(self) -> None:
        while self.trouble is None and not self._over.wait(min(_PAUSE_S, LOOK_EVERY_S)):
            self._look()
        if self.trouble is not None:
            self._ended()

    def _look(self) -> None:
        try:
            self._watch.look()
        except Refused as refused:
            if not self._lives_on:
                self.trouble = refused
            elif not self._said:
                self._said = True
                LOGGER.error("%s", refused.detail)  # noqa: TRY400 — no traceback is wanted
        except ServerError as error:
            self.trouble = error
