"""The first event of a log of cases: whose record this is, and whether its time is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.words import Code, derived


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A made-up history: its seed, and the last moment of its made-up time."""

    seed: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpened:
    """A record was opened for an authority of this nation.

    Everything made from a simulated record is stamped so for ever.
    """

    nation: Code = derived("a nation")
    simulated: Simulation | None = None
