"""Letting the garbage collector look seldom, while very many rows are read that hold no cycles.

With its usual thresholds it took a third of a rebuild's time, and half of a large return's: what is
kept is walked again and again as more comes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_SELDOM: Final = (1_000_000, 50, 1000)


class _Collector:
    """The thresholds are the process's: the first that comes changes them, the last puts back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._usual = _SELDOM

    @contextmanager
    def seldom(self) -> Iterator[None]:
        """Let it look seldom within; several threads may be."""
        with self._lock:
            if self._inside == 0:
                self._usual = gc.get_threshold()
                gc.set_threshold(*_SELDOM)
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    gc.set_threshold(*self._usual)


few_collections: Final = _Collector().seldom
