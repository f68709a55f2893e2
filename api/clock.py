"""The only source of time, identifiers and randomness in the whole project."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4


class SystemClock:
    """The machine's clock."""

    simulated = False

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds on a clock nobody can set."""
        return time.monotonic()


class SimulatedClock:
    """Made-up time for the demonstration and for tests; it moves only when told to."""

    simulated = True

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


def entropy(size: int) -> bytes:
    """Random bytes fit for keys."""
    return os.urandom(size)


def new_reference() -> UUID:
    """A random reference."""
    return uuid4()


def seeded(seed: int) -> Random:
    """A repeatable random source for the demonstration's stories; never for keys."""
    return Random(seed)  # noqa: S311 — the demonstration must come out the same each time
