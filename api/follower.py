"""The second process of a service: it follows for the views and proves, `python -m api.follower`.

A module of its own, since it needs none of the doors: what they import takes longer than all of
this. It reads from a pipe that the first process holds open, so that it ends with that one even
when that is killed.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread, current_thread, main_thread
from types import FrameType
from typing import Final

from api.office import Office
from api.proving import Proving
from api.settings import read_settings
from api.views import every
from projections.runner import Follower
from projections.runner import serve as follow

LOGGER: Final = logging.getLogger("holdfast")
PROJECTOR: Final = "holdfast_projector"
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)


def follow_until_let_go() -> None:
    """Follow for every view until standard input ends, or SIGTERM."""
    log_plainly()
    with told_to_stop() as stop, Office(read_settings()) as office:
        Thread(target=_watch, args=(stop,), name="watch-parent", daemon=True).start()
        connect = partial(office.database.connect, PROJECTOR)
        followers = [Follower(one, connect, unseal=office.record.unseal) for one in every(office)]
        with Proving(office):
            for poison in follow(followers, stop):
                LOGGER.error(
                    "a view stopped before position %s (%s, %s): mend its projection, then restart",
                    poison.position,
                    poison.event,
                    poison.error,
                )
            stop.wait()  # where every view has stopped the proof goes on


def _watch(stop: Event) -> None:
    while sys.stdin.buffer.read(1):
        pass
    stop.set()


@contextmanager
def told_to_stop() -> Iterator[Event]:
    """An event that SIGINT and SIGTERM set; a second one ends the process at once.

    Handlers are set whatever stood before: a shell starts what it runs in the background with
    SIGINT ignored.
    """
    stop = Event()

    def told(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise SystemExit(128 + number)
        stop.set()

    if current_thread() is not main_thread():
        yield stop
        return
    before = {number: signal.signal(number, told) for number in _STOPPING}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def log_plainly() -> None:
    """Warnings and our own lines to standard error."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    # A traceback of uvicorn's would quote messages; what failed the guard has logged already.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)


if __name__ == "__main__":
    follow_until_let_go()
