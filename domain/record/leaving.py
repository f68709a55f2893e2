"""How a user of the embedded PostgreSQL leaves it: for others, or with the server ended.

Used by server.py alone, which says who ends what.
"""

from __future__ import annotations

import subprocess
import time
from threading import Thread
from typing import Final

from domain.record import cluster, users
from domain.record.premises import Premises

POLL_S: Final = 0.03
FAST_STOP_S: Final = 10.0  # as in supervisor.py


def end(child: subprocess.Popen[bytes], place: Premises | None, *, others: bool) -> None:
    """Let go of the supervisor we started; unless there are others, wait until all has ended."""
    if child.stdin is not None:
        child.stdin.close()
    if others:
        # It goes on for them. Should we live longer than it, no zombie is left.
        Thread(target=child.wait, name="reap-supervisor", daemon=True).start()
        return
    child.wait()
    if place is not None:
        _end_orphan(place)


def see_out(place: Premises, share: int) -> None:
    """Who started the server has gone, and we are the last: stay until it has ended.

    Its supervisor is about to notice; where that was killed, the server is ended here.
    """
    users.leave(share)
    with users.supervised(place.root) as lock:
        while not users.taken(lock):
            if not users.alone(share) and users.join(share):
                return  # somebody else uses it by now
            users.leave(share)
            time.sleep(POLL_S)
        if users.alone(share):
            _end_orphan(place)


def _end_orphan(place: Premises) -> None:
    """End a server of ours whose supervisor was killed, and wait until it is gone."""
    began = time.monotonic()
    asked: bool | None = None
    while (pid := cluster.postmaster(place)) is not None:
        hard = time.monotonic() - began > FAST_STOP_S
        if asked is not hard:
            cluster.end_server(pid, at_once=hard)
            asked = hard
        time.sleep(POLL_S)
