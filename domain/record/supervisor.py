"""The parent process of the embedded PostgreSQL: keeps it up, and ends it after its last user.

Run as a program (`python -I -S supervisor.py …`), never imported by the application, so it uses the
standard library only. It exists because PostgreSQL outlives whoever started it: an application
that is killed cannot run any clean-up, but the pipe it held closes, and this process reads that.

    supervisor.py TELL USERS run UID GID LOGS COMMAND…   start COMMAND, as UID:GID unless UID is -1
    supervisor.py TELL USERS adopt PID LOGS              look after one whose supervisor was killed

TELL is a descriptor of the application's standard error, for the few lines its operator must see.
USERS is the application's descriptor of the file of users (users.py).

Standard input is the pipe held by the application. A byte in it means that the server answered:
from then on, one that is killed or breaks down is started again by the same COMMAND, and PostgreSQL
replays its log. Not one that ended in good order, because somebody asked it to, and not an adopted
one, whose COMMAND was another's. Then, and after TRIES in a row, this process ends, which those who
use the server see (server.py, `lost`).

End of file in the pipe, or a new parent, means that the application is gone. The server goes on as
before while any other process uses it; once the file of users can be locked alone, which keeps a
new one out, PostgreSQL is asked for a fast shutdown (SIGINT: a checkpoint, nothing to replay), and
after 10 seconds for an immediate one (SIGQUIT: the log is replayed at the next start, nothing
committed is lost). Ten are enough to write 128 MB of buffers, and waiting longer may be in vain:
PostgreSQL 18.6 can lose a fast shutdown that arrives while it restarts after a crash.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PULSE_S = 0.5
PATIENCE_PULSES = 20  # of PULSE_S: 10 s for the closing checkpoint
PRUNE_PULSES = 120  # look at the logs once a minute
TRIES = 60  # a pulse apart: 30 s, as LEFTOVERS_S of server.py, for what a killed server left
STEADY_PULSES = 1200  # up for 10 min: what breaks down then is a new mishap
LOGS_KEPT = 20  # of log_rotation_size (5 MB, cluster.py): at most about 100 MB


class Charge:
    """The one process looked after: a child of ours, or one found running."""

    __slots__ = ("child", "handle", "pid")

    def __init__(self, pid: int, child: subprocess.Popen[bytes] | None = None) -> None:
        self.pid = pid
        self.child = child
        # A pid can be reused as soon as its process is gone; a pidfd (Linux) cannot be mistaken.
        self.handle = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None

    def alive(self) -> bool:
        """Whether it still runs. A child that has ended is reaped here, so no zombie is left."""
        if self.child is not None:
            return self.child.poll() is None
        if self.handle is not None:
            return not select.select([self.handle], [], [], 0)[0]
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def in_good_order(self) -> bool:
        """Whether it has ended as it does when asked to; of a process not our child: unknown."""
        return self.child is not None and self.child.returncode == 0

    def tell(self, number: signal.Signals) -> None:
        """Send a signal; that the process has just ended is as good."""
        try:
            if self.child is not None:
                self.child.send_signal(number)
            elif self.handle is not None:
                signal.pidfd_send_signal(self.handle, number)
            else:
                os.kill(self.pid, number)
        except ProcessLookupError:
            return

    def pause(self, *also: int) -> bool:
        """Wait for a pulse, or less if the process ends; True when one of `also` can be read."""
        watched = [*also] if self.handle is None else [*also, self.handle]
        ready = select.select(watched, [], [], PULSE_S)[0]
        return any(descriptor in also for descriptor in ready)


def prune(logs: Path) -> None:
    """Keep the newest log files, so that an error repeated for days cannot fill the disk."""
    try:
        for old in sorted(logs.glob("postgres-*.log"))[:-LOGS_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as trouble:  # a log too many is no reason to give up the server
        sys.stderr.write(f"cannot remove old logs: {trouble.strerror}\n")


class Application:
    """The process that started us, whether it is still there and what it said; and the others."""

    __slots__ = ("_parent", "_tell", "_users", "gone", "served")

    def __init__(self, parent: int, tell: int, users: int) -> None:
        self._parent = parent
        self._tell = tell
        self._users = users
        self.gone = False
        self.served = False

    @property
    def pipe(self) -> tuple[int, ...]:
        """What it may be heard by: standard input, until that has ended."""
        return () if self.gone else (0,)

    def over(self, pause_s: float = 0) -> bool:
        """Whether it is gone and nobody else uses the server; if so, nobody will from now on."""
        self._listen(pause_s)
        if not self.gone:
            return False
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # What was held through this descriptor was the application's: no user is left of it.
            fcntl.flock(self._users, fcntl.LOCK_UN)
            return False
        return True

    def tell(self, sentence: str) -> None:
        """One line on its standard error, unless that would block or nobody is there to read."""
        if self.gone:
            return
        try:
            if select.select([], [self._tell], [], 0)[1]:
                os.write(self._tell, f"WARNING holdfast: {sentence}\n".encode())
        except OSError:
            return

    def _listen(self, pause_s: float) -> None:
        """Read its pipe once there is something in it, a byte or the end."""
        if select.select(self.pipe, [], [], pause_s)[0]:
            self.gone = not os.read(0, 16)
            self.served = self.served or not self.gone
        # The parent is asked for as well: a fork of the application may hold a copy of the pipe.
        if self._tell >= 0 and (self.gone or os.getppid() != self._parent):
            self.gone = True
            # Whoever reads what it said would else wait for us to end.
            with contextlib.suppress(OSError):
                os.close(self._tell)
            self._tell = -1


def watch(charge: Charge, logs: Path, application: Application) -> int:
    """Return when the server has ended or its last user is gone: after how many pulses."""
    pulses = 0
    while charge.alive():
        if pulses % PRUNE_PULSES == 0:
            prune(logs)
        pulses += 1
        charge.pause(*application.pipe)
        if application.over():
            break
    return pulses


def keep(charge: Charge, again: Callable[[], Charge], logs: Path, application: Application) -> int:
    """Watch, and start the server again when it broke down; then end it. Gives its exit status."""
    tries = 0
    while True:
        pulses = watch(charge, logs, application)
        # Asked again: it may have said something just before the server broke down.
        if application.over() or not application.served or charge.in_good_order():
            break
        tries = 1 if pulses > STEADY_PULSES else tries + 1
        if tries > TRIES:
            application.tell("PostgreSQL does not start again: look at start.log in its folder")
            break
        if tries == 1:
            application.tell("PostgreSQL broke down or was killed, and is being started again")
        if application.over(PULSE_S):
            break
        charge = again()
    end(charge)
    return 0 if charge.child is None else charge.child.returncode & 0xFF


def end(charge: Charge) -> None:
    """Fast shutdown; if that takes longer than ten seconds, an immediate one."""
    if charge.alive():
        charge.tell(signal.SIGINT)
    for _ in range(PATIENCE_PULSES):
        if not charge.alive():
            return
        charge.pause()
    charge.tell(signal.SIGQUIT)
    while charge.alive():
        charge.pause()


def begin(uid: int, gid: int, command: list[str]) -> Charge:
    """Start PostgreSQL, with an environment that holds none of the application's secrets."""
    drop = uid >= 0
    child = subprocess.Popen(  # noqa: S603 - the command is built by cluster.py, no shell reads it
        command,
        stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        user=uid if drop else None,
        group=gid if drop else None,
        extra_groups=[] if drop else None,
    )
    return Charge(child.pid, child)


def main(arguments: list[str]) -> int:
    """Look after one server until it is to end; its exit status, or 126 if it cannot be run."""
    parent = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A handler, not SIG_IGN: PostgreSQL would inherit an ignored signal, but not a handler.
        signal.signal(number, lambda *_: None)
    try:
        match arguments:
            case [tell, users, "run", uid, gid, logs, *command]:
                again = partial(begin, int(uid), int(gid), command)
                application = Application(parent, int(tell), int(users))
                return keep(again(), again, Path(logs), application)
            case [tell, users, "adopt", pid, logs]:
                charge = Charge(int(pid))
                watch(charge, Path(logs), Application(parent, int(tell), int(users)))
                end(charge)
                return 0
            case _:
                sys.stderr.write("usage: TELL USERS (run UID GID LOGS COMMAND… | adopt PID LOGS)\n")
                return 2
    except OSError as trouble:
        sys.stderr.write(f"PostgreSQL cannot be executed: {trouble.strerror}\n")
        return 126


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
