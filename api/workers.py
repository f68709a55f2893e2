"""Who ever asked anything of a record: where each worker was registered, kept in memory.

Positions alone, brought up to the record's end at every question: a name is opened when it is
shown, so that whoever is forgotten is named no more. The first question reads the log through.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, Final

from domain.record.record import Record
from domain.stored import describe
from domain.words import Fact
from domain.worker import WorkerRegistered

MOST: Final = 1000  # shown; who was registered after so many is given by reference
_PAGE: Final = 1000


def _names() -> list[str]:
    name, versions = describe(WorkerRegistered)
    return [f"{name}.v{one}" for one in range(1, versions + 1)]


class Workers:
    """The workers of one record. Safe for many threads."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._guard = Lock()
        self._reached = 0
        self._positions: list[int] = []

    def registered(self) -> list[Fact[Any]]:
        """How each worker was registered, in order; at most `MOST`."""
        with self._guard:
            self._catch_up()
            positions = list(self._positions[:MOST])
        return self._record.open(self._record.log.at(positions)) if positions else []

    def _catch_up(self) -> None:
        tail = self._record.log.tail()
        if tail <= self._reached:
            return
        after = self._reached
        while rows := self._record.log.read(after, names=_NAMES, limit=_PAGE):
            self._positions += [row.position for row in rows]
            after = rows[-1].position
        self._reached = max(tail, after)


_NAMES: Final = _names()
