"""Having the heads of a log stamped by a time-stamp authority, one a day, beside whoever leads.

The authority is asked in a thread of its own and its answer taken in a later step: one that is
slow, or answers nothing, holds no head back.
"""

from __future__ import annotations

import logging
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final

from psycopg import Connection

from api.clock import SystemClock
from api.guard import told
from api.settings import Settings
from api.witnessing import ANSWER_S, authority_of_time
from domain.record.envelope import to_us
from domain.record.proof.anchoring import Anchor, keep, last_anchored_us, stamped
from domain.record.proof.integrating import Head
from domain.record.proof.strict import Wrong

EVERY_US: Final = 24 * 3600 * 1_000_000
RETRY_S: Final = 600.0  # after an authority that did not answer, or not as it should
LONGEST_S: Final = ANSWER_S + 1.0  # for an answer, by whoever has nothing else to do
LOGGER: Final = logging.getLogger("holdfast")
_Outcome = Anchor | Wrong | OSError


class Stamping:
    """Has one log's heads stamped. For one thread; each question has one of its own."""

    def __init__(self, settings: Settings, log: str) -> None:
        """Raises Refused where the settings name an authority that nobody can ask or believe."""
        self.trouble: str | None = None  # no-answer or refused, when it was asked last
        self._time = authority_of_time(settings)
        self._log = log
        self._clock = SystemClock()
        self._tried: float | None = None  # when it was asked last
        self._waiting = False
        self._answers: SimpleQueue[_Outcome] = SimpleQueue()

    def taken(self, conn: Connection[Any], *, wait_s: float = 0.0) -> bool:
        """Keep the stamp that came since it was asked for, if one did; whether one was kept now."""
        if not self._waiting:
            return False
        try:
            outcome = self._answers.get(timeout=wait_s) if wait_s else self._answers.get_nowait()
        except Empty:
            return False
        self._waiting = False
        if not isinstance(outcome, Anchor):
            self._fails("refused" if isinstance(outcome, Wrong) else "no-answer", outcome)
            return False
        keep(conn, self._log, outcome, self._clock.now())
        if self.trouble is not None:
            self.trouble = None
            LOGGER.warning("the heads of %s are stamped again", self._log)
        return True

    def ask(self, conn: Connection[Any], head: Head) -> None:
        """Ask for a stamp of a head, where none was given for a day and none is being asked for."""
        now = self._clock.monotonic()
        if self._time is None or self._waiting:
            return
        if self._tried is not None and now - self._tried < RETRY_S:
            return
        last = last_anchored_us(conn, self._log)
        if last is not None and to_us(self._clock.now()) - last < EVERY_US:
            return
        self._tried, self._waiting = now, True
        Thread(target=self._ask, args=(head,), name="ask-time", daemon=True).start()

    def _ask(self, head: Head) -> None:
        assert self._time is not None, "asked where there is one"  # noqa: S101 — a programmer's proof
        ask, roots = self._time
        outcome: _Outcome
        try:
            stamp, _ = stamped(head.note, ask, roots)
            outcome = Anchor(incarnation=head.incarnation, size=head.size, stamp=stamp)
        except (Wrong, OSError) as error:
            outcome = error
        except Exception as error:  # noqa: BLE001 — told to whoever takes it, who would never hear
            outcome = OSError(type(error).__name__)
        self._answers.put(outcome)

    def _fails(self, kind: str, error: Exception) -> None:
        if self.trouble != kind:
            self.trouble = kind
            LOGGER.warning("no head of %s was stamped: %s", self._log, told(error))
