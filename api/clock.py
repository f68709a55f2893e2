"""The only source of time, identifiers and randomness in the whole project."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID


class SystemClock:
    """The machine's clock."""

    simulated = False
    machine = True

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds on a clock nobody can set."""
        return time.monotonic()


class SimulatedClock:
    """Made-up time for the demonstration and for tests; it moves only when told to."""

    simulated = True
    machine = False

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("simulated time needs a time zone")
        self._start = self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The simulated wall clock, UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds of simulated time, so that it agrees with the simulated wall clock."""
        return (self._now - self._start).total_seconds()

    def move_to(self, moment: datetime) -> None:
        """Go forward to a moment; going back is refused as the record would refuse it."""
        if moment < self._now:
            raise ValueError("time does not run backwards")
        self._now = moment.astimezone(UTC)

    def forward(self, step: timedelta) -> None:
        """Go forward by a step."""
        self.move_to(self._now + step)


class FixedClock(SimulatedClock):
    """A clock for tests that the record takes for a real one."""

    simulated = False


_DRAWN_AT_ONCE: Final = 4096


class _Drawn(threading.local):
    """Random bytes of the system, and how many of them a thread has handed out."""

    some = b""
    used = 0


_drawn = _Drawn()


def _draw_anew() -> None:
    _drawn.some, _drawn.used = b"", 0


# A child process must not hand out what its parent will hand out too; of the parent's threads only
# the one that forked lives on in it.
os.register_at_fork(after_in_child=_draw_anew)


def entropy(size: int) -> bytes:
    """Random bytes fit for keys; none is handed out twice.

    Drawn many at once: each call of the system lets go of the interpreter, so that a thread which
    seals a passage while others do would wait for its turn again eight times.
    """
    start = _drawn.used
    end = start + size
    some = _drawn.some
    if end > len(some):
        _drawn.some = some = os.urandom(max(size, _DRAWN_AT_ONCE))
        start, end = 0, size
    _drawn.used = end
    return some[start:end]


def new_reference() -> UUID:
    """A random reference."""
    return UUID(bytes=entropy(16), version=4)


def seeded(seed: int) -> Random:
    """A repeatable random source for the demonstration's stories; never for keys."""
    return Random(seed)  # noqa: S311 — the demonstration must come out the same each time
