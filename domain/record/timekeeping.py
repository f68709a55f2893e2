"""Whether a clock may be believed when something is recorded by it.

`recorded_at` never runs backwards, so one entry made by a clock that runs days ahead would have
every other machine refused for days. So a machine's clock is held to the database's before the
first entry and once a minute from then on; in between its steps are held to a clock nobody can set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from domain.record.encoding import dump_instant
from domain.record.envelope import from_us, to_us
from domain.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg import Connection

BACK_US: Final = 2_000_000
JUMP_US: Final = 60_000_000  # how far a clock may step, and be from the database's
COMPARE_EVERY_S: Final = 60.0
_JUMPED: Final = (
    "clock-jumped",
    "clock",
    "this machine's clock was changed by over a minute: check it, then restart",
)


class Clock(Protocol):
    """Where time comes from; the only implementations are in `api.clock`."""

    def now(self) -> datetime:
        """The wall clock, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock nobody can set."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether it is made up: then only a log that says so may be written."""
        ...

    @property
    def machine(self) -> bool:
        """Whether it is the machine's own: then it is held to the database's."""
        ...


class Timekeeper:
    """The moments that entries of one log are recorded at. For one thread at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall_minus_monotonic: float | None = None
        self._compared: float | None = None  # when last, on the clock nobody can set

    @property
    def due(self) -> bool:
        """Whether the clock is to be held to the database's before anything more is recorded."""
        if not self._clock.machine:
            return False
        compared = self._compared
        return compared is None or self._clock.monotonic() - compared >= COMPARE_EVERY_S

    def compare(self, conn: Connection[Any]) -> None:
        """Hold the clock to the database's. Raises Refused where they are over a minute apart."""
        apart = self._apart(conn)
        if apart is not None:
            raise apart
        self._compared = self._clock.monotonic()

    def recorded_us(self, last_us: int) -> int:
        """max(previous, now); `last_us` is the last entry's.

        Raises:
            Refused: the clock went back, or jumped.
        """
        wall, ahead = self._read()
        refused = _behind(wall, last_us) or self._jumped(ahead)
        if refused is not None:
            raise refused
        self._wall_minus_monotonic = ahead  # slow drift under time synchronisation is no jump
        return max(last_us, wall)

    def trouble(self, conn: Connection[Any], last_us: int) -> str | None:
        """Why nothing could be recorded at this moment; None where it could. Changes nothing."""
        wall, ahead = self._read()
        apart = self._apart(conn) if self._clock.machine else None
        refused = apart or _behind(wall, last_us) or self._jumped(ahead)
        return None if refused is None else refused.detail

    def _read(self) -> tuple[int, float]:
        wall, monotonic = to_us(self._clock.now()), self._clock.monotonic()
        return wall, wall / 1e6 - monotonic

    def _jumped(self, ahead: float) -> Refused | None:
        before = self._wall_minus_monotonic
        if before is not None and abs(ahead - before) * 1e6 > JUMP_US:
            return Refused(*_JUMPED)
        return None

    def _apart(self, conn: Connection[Any]) -> Refused | None:
        """A refusal where even the time that the question took does not explain the difference."""
        before = to_us(self._clock.now())
        row = conn.execute("SELECT clock_timestamp()").fetchone()
        after = to_us(self._clock.now())
        assert row is not None, "a SELECT without FROM gives one row"  # noqa: S101 — a programmer's proof
        theirs = to_us(row[0])
        if before - JUMP_US <= theirs <= after + JUMP_US:
            return None
        where = "ahead of" if theirs < before else "behind"
        return Refused(
            "clock-apart",
            "clock",
            f"this machine's clock is over a minute {where} the database's: find out which of the "
            "two is wrong and set it right, then try again; until then nothing is recorded here",
        )


def _behind(wall: int, last_us: int) -> Refused | None:
    if wall >= last_us - BACK_US:
        return None
    return Refused(
        "clock-behind",
        "clock",
        f"the last entry was recorded at {dump_instant(from_us(last_us))}, which has not come yet "
        "by this machine's clock. If this clock is behind, set it right, then try again. If it is "
        "right, that entry was made by a machine whose clock ran ahead: set that one right; "
        "recording goes on by itself once that time has come",
    )
