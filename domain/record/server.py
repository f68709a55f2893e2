"""The embedded PostgreSQL: a private server in a folder, for one machine and without set-up.

    with EmbeddedServer(ServerSettings(root=folder)) as server:
        psycopg.connect(server.conninfo("postgres", "postgres"))

How long it lives. As long as any process uses it. The first that starts a folder's server holds
`root/lock` and owns it; another that starts the same folder attaches. Each holds a share of
`root/users` (users.py), which the kernel takes back from whoever dies. A supervisor
(supervisor.py) is the parent of PostgreSQL and holds `root/supervised`; it starts a server again
that was killed or broke down, goes on for the others when the owner leaves or dies, and ends the
server with the last of them. If the supervisor was killed, the server survives: the last user that
stops in order ends it, or the next owner adopts it. If both were killed, whoever still uses the
folder may start it anew (`recover`), the first of several owning it.

Who gets in. Nothing listens on the network. The socket's folder has mode 0700, and PostgreSQL asks
the kernel which account is calling (`peer`): the account that runs Holdfast may use every role, so
roles protect against mistakes and against readers given a role of their own elsewhere, not against
that account. Files, accounts and the case of root: premises.py.

What a crash here leaves. At any point: no cluster or a whole one (cluster.create), and lock files
that the next start sees through (cluster.disarm). What was committed stays: fsync, full-page writes
and synchronous commit are fixed. The data folder must not be on NFS, SMB or a synchronised folder.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

import psycopg
from psycopg.conninfo import make_conninfo

from domain.record import binaries, cluster, leaving, premises, supervisor, users
from domain.record.binaries import Binaries
from domain.record.premises import PORT, Premises
from domain.record.server_error import ELSEWHERE, ServerError, explain, explain_os_error

__all__ = ["EmbeddedServer", "ServerError", "ServerSettings"]

# -I -S: nothing from the working folder or site-packages can get in between.
_PROGRAM = (sys.executable, "-I", "-S", supervisor.__file__)
PROGRESS_S = 5.0  # silence that long is worth a word
LEFTOVERS_S = 30.0  # how long backends of a killed server may take to notice
ABSENT_S = (
    60.0  # how long an owner may hold the folder while no server of it runs: initdb, leftovers
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where the server is kept and how it is started.

    `root`: the folder. `binaries`: the folder of `postgres`, else found (binaries.py). `account`:
    what root runs PostgreSQL as. `start_limit_s`: seconds a start may take; replaying the log
    after a crash can be long. `progress`: told, in sentences, why a start takes long or where the
    data went. `extra`: PostgreSQL settings for tests and benchmarks; those the record's safety
    hangs on are refused.
    """

    root: Path
    binaries: Path | None = None
    account: str | None = None
    start_limit_s: float = 600
    progress: Callable[[str], None] | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


class EmbeddedServer:
    """One folder's PostgreSQL, owned or shared. Not for several threads at once.

    `owner`: whether this object started the server, or adopted it. `adopted`: whether it was found
    running without a supervisor. Both are False before the start and after the stop.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self.owner = False
        self.adopted = False
        self._settings = settings
        self._premises: Premises | None = None
        self._kept: Premises | None = None  # for the threads that connect while it is recovered
        self._lock: int | None = None
        self._share: int | None = None
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._changing = RLock()  # a watching thread recovers what the main thread stops
        _EVERY.add(self)

    @property
    def home(self) -> Path:
        """The folder with the data and the log: `root`, unless PostgreSQL cannot reach that."""
        return self._place.home

    def conninfo(self, dbname: str, user: str) -> str:
        """Give the libpq connection string for a database and a role, over the socket.

        `requirepeer` makes libpq check that it is PostgreSQL's account that answers there.
        """
        place = self._place
        return make_conninfo(
            host=str(place.sockets),
            port=PORT,
            dbname=dbname,
            user=user,
            requirepeer=place.account.name,
        )

    def start(self) -> Self:
        """Own the folder's server, attach to one that others use, or adopt one left alone.

        Raises ServerError. Programs and data of a wrong version are refused before anything is
        written. Whatever is raised, Ctrl-C included, nothing that was started here stays running,
        unless another process uses it by then.
        """
        if self._premises is not None:
            raise ServerError("this server has been started already: stop it first")
        if sys.platform == "win32":
            raise ServerError(
                "the embedded PostgreSQL needs Linux or macOS: set DATABASE_URL to use a "
                "PostgreSQL server that runs elsewhere"
            )
        with self._changing:
            self._begin()
        return self

    def stop(self) -> None:
        """End the server (normally at once, at most about 15 s), unless another process uses it."""
        with self._changing:
            self._let_go()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def lost(self) -> bool:
        """Whether the server has ended for good while we still use the folder.

        Its supervisor gave up, was killed before it, or somebody asked PostgreSQL to stop. Nothing
        committed is lost; `recover`, or `stop` and a new `start`, bring it back.
        """
        child, place = self._supervisor, self._premises
        if place is None:
            return False
        supervised = child.poll() is None if child else not users.unsupervised(place.root)
        return not supervised and cluster.postmaster(place) is None

    def recover(self) -> bool:
        """Bring back a lost server that was killed together with its supervisor; whether it is up.

        False where it ended in good order: that was somebody's will, and whoever starts Holdfast
        starts it. Of several users one owns it from then on and the others attach. `conninfo` stays
        as it was throughout, so that connections made by it are made again.

        Raises ServerError, as `start` does; then it is as after `stop`.
        """
        with self._changing:
            place = self._premises
            if place is None:
                return False
            for other in [*_EVERY]:  # of this process, which else waited for itself
                theirs = other._premises  # noqa: SLF001 - another of the same class
                if other is not self and other.owner and theirs and theirs.root == place.root:
                    other.recover()
            if not self.lost():
                return True
            if not cluster.was_killed(place):
                return False
            self._kept = place
            try:
                self._let_go()
                self._begin()
            finally:
                self._kept = None
            return True

    @property
    def _place(self) -> Premises:
        place = self._premises or self._kept
        if place is None:
            raise ServerError("this server is not started: call start() first")
        return place

    # -- starting ------------------------------------------------------------------------------

    def _begin(self) -> None:
        root = self._settings.root.resolve()
        try:
            self._start(root)
        except OSError as trouble:
            self._let_go()
            raise ServerError(explain_os_error(trouble, root)) from trouble
        except BaseException:
            self._let_go()
            raise

    def _start(self, root: Path) -> None:
        cluster.check_extra(self._settings.extra)
        programs = binaries.find(self._settings.binaries)
        cluster.check_major(premises.home_of(root) / "data", programs)
        root.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        patience = _Patience(self._settings, root)
        self._share = users.opened(root)
        self._lock = os.open(root / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        if not self._takes(root, self._lock, patience):
            return self._give_up_lock()
        place = premises.settle(root, self._settings.account, patience.say)
        with users.supervised(root) as pass_on:
            # Busy: the supervisor of an owner that left. It ends its server just now, or there are
            # others for whom it goes on.
            while not users.taken(pass_on):
                if self._attaches(place):
                    return self._give_up_lock()
                patience.wait("the server of an earlier owner is shutting down")
            while not users.join(self._share):
                patience.wait("whoever ended the server is leaving")
            self._premises = place
            self.owner = True
            self._own(place, programs, patience, pass_on)
        return None

    def _attaches(self, place: Premises) -> bool:
        """Use the server that answers there, if any. From then on nobody ends it before we go."""
        assert self._share is not None, "it is opened first"  # noqa: S101 — a programmer's proof
        # In this order: a server that answers and is being ended would be gone the next moment.
        if not users.join(self._share):
            return False
        if not _answers(place):
            users.leave(self._share)
            return False
        self._premises = place
        return True

    def _give_up_lock(self) -> None:
        """Attached: whoever starts next may look for itself."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _takes(self, root: Path, lock: int, patience: _Patience) -> bool:
        """Whether the folder is ours now (True), or another's whose server answers (False).

        Raises ServerError, with the remedy, when whoever holds the folder runs no server at all.
        """
        seen_s = patience.spent_s
        while not users.taken(lock):
            place = premises.find(root, self._settings.account)
            if self._attaches(place):
                return False
            holder = _holder(lock)
            if cluster.postmaster(place) is not None:
                seen_s = patience.spent_s
            elif patience.spent_s - seen_s > ABSENT_S:
                raise ServerError(
                    f"{holder} holds {root}, and its PostgreSQL is not running: stop that process, "
                    "then start again. Nothing that was recorded is lost"
                )
            patience.wait(
                f"{holder} holds the folder, and its server does not answer yet; should that last, "
                "stop that process"
            )
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        return True

    def _own(self, place: Premises, programs: Binaries, patience: _Patience, pass_on: int) -> None:
        """With both locks: whatever server runs here now has neither an owner nor a supervisor."""
        while (pid := cluster.postmaster(place)) is not None:
            if _answers(place):
                with place.start_log.open("ab") as file:
                    self._supervise(["adopt", str(pid), str(place.log)], file.fileno(), pass_on)
                self.adopted = True
                return
            patience.wait("a server that lost its owner does not answer yet")
        reachable = binaries.within_reach(programs, place)
        cluster.create(place, reachable)
        cluster.admit(place)
        asked = cluster.command(place, reachable, self._settings.extra)
        account = place.account
        ids = (account.uid, account.gid) if account.drop else (-1, -1)
        while True:
            cluster.disarm(place)
            flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW
            said_to = os.open(place.start_log, flags, 0o600)
            try:
                self._supervise(["run", *map(str, ids), str(place.log), *asked], said_to, pass_on)
            finally:
                os.close(said_to)
            if self._comes_up(place, patience):
                self._served()
                return
            said = cluster.tail(place)
            if "pre-existing shared memory block" in said and patience.spent_s < LEFTOVERS_S:
                patience.wait("processes of a killed server are still leaving")
                continue
            raise ServerError(explain(said, place.home))

    def _supervise(self, orders: list[str], said_to: int, pass_on: int) -> None:
        """Start the supervisor, holding the end of a pipe that closes when this process dies."""
        if self._supervisor is not None and self._supervisor.stdin is not None:
            self._supervisor.stdin.close()  # of a first try that ended by itself
        assert self._share is not None, "it is opened first"  # noqa: S101 — a programmer's proof
        tell = _standard_error()
        try:
            self._supervisor = subprocess.Popen(  # noqa: S603 - our own program and arguments
                [*_PROGRAM, str(tell), str(self._share), *orders],
                stdin=subprocess.PIPE,
                stdout=said_to,
                stderr=said_to,
                pass_fds=(pass_on, tell, self._share),
                start_new_session=True,  # Ctrl-C in the terminal is for the application
                cwd="/",
            )
        finally:
            os.close(tell)

    def _served(self) -> None:
        """Tell the supervisor that the server answered: one that breaks down now is revived."""
        assert self._supervisor is not None, "there is one"  # noqa: S101 — a programmer's proof
        assert self._supervisor.stdin is not None, "it has a pipe"  # noqa: S101 — the same
        with contextlib.suppress(BrokenPipeError):  # it was killed this moment: see `lost`
            os.write(self._supervisor.stdin.fileno(), b"+")

    def _comes_up(self, place: Premises, patience: _Patience) -> bool:
        """Wait until the server answers (True), or has ended (False)."""
        child = self._supervisor
        while child is not None and child.poll() is None:
            if _answers(place):
                return True
            patience.wait(*_starting(cluster.tail(place)))
        return False

    # -- stopping ------------------------------------------------------------------------------

    def _let_go(self) -> None:
        child, self._supervisor = self._supervisor, None
        place, self._premises = self._premises, None
        share, self._share = self._share, None
        try:
            if share is not None and child is not None:
                leaving.end(child, place, others=not users.alone(share))
            elif share is not None and place is not None and not self.owner and users.alone(share):
                leaving.see_out(place, share)  # attached; a start that failed leaves what it found
        finally:
            if share is not None:
                os.close(share)  # and with it our share
            self.owner = self.adopted = False
            self._give_up_lock()

    def _forget(self) -> None:
        """In a fork: the server belongs to the parent; drop the copies that would keep it alive."""
        if self._supervisor is not None:
            if self._supervisor.stdin is not None:
                os.close(self._supervisor.stdin.fileno())
                self._supervisor.stdin = None
            self._supervisor.returncode = 0  # not this process's child: nothing to wait for
            self._supervisor = None
        self._changing = RLock()  # a thread of the parent may hold it, and lives there alone
        self._give_up_lock()  # the copy; the lock is the parent's
        if self._share is not None:
            os.close(self._share)
            self._share = None
        self.owner = self.adopted = False


def _starting(said: str) -> list[str]:
    """Why a start takes long, by what the server said: of a crash only where there was one."""
    lines = said.splitlines()
    if not any("automatic recovery in progress" in line for line in lines):
        return ["PostgreSQL is starting"]
    redo = [line for line in lines if "redo in progress" in line]
    return ["PostgreSQL is starting; after a crash it replays its log first", *redo[-1:]]


class _Patience:
    """How long a start has taken, when to say something, when to give up."""

    def __init__(self, settings: ServerSettings, root: Path) -> None:
        self._began = self._spoke = time.monotonic()
        self._limit_s = settings.start_limit_s
        self._progress = settings.progress
        self._root = root

    @property
    def spent_s(self) -> float:
        """Seconds since the start began."""
        return time.monotonic() - self._began

    def say(self, sentence: str) -> None:
        """Tell whoever asked to be told."""
        if self._progress is not None:
            self._progress(sentence)

    def wait(self, why: str, *more: str) -> None:
        """Sleep shortly; now and then say a sentence. Raises ServerError at the limit."""
        if self.spent_s > self._limit_s:
            raise ServerError(
                f"no answer from the server in {self._root} after {self._limit_s:.0f} s: {why}. "
                f"Allow a longer start, end the process that holds the folder, {ELSEWHERE}"
            )
        if time.monotonic() - self._spoke >= PROGRESS_S:
            self._spoke = time.monotonic()
            self.say("; ".join([f"{why} ({self.spent_s:.0f} s so far)", *more]))
        time.sleep(leaving.POLL_S)


def _answers(place: Premises) -> bool:
    """Whether the server behind the socket serves this data folder.

    Raises ServerError when it serves, but not us, or is not PostgreSQL's account at all.
    """
    conninfo = make_conninfo(
        host=str(place.sockets),
        port=PORT,
        dbname="postgres",
        user=cluster.SUPERUSER,
        requirepeer=place.account.name,
        connect_timeout=2,
    )
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            row = connection.execute("SELECT current_setting('data_directory')").fetchone()
            return row is not None and place.data.samefile(row[0])
    except psycopg.OperationalError as trouble:
        if "authentication failed" in str(trouble) or "requirepeer" in str(trouble):
            raise ServerError(
                f"the server in {place.home} belongs to another account of this system: start "
                f"Holdfast as that account, choose another data folder, {ELSEWHERE}"
            ) from None
        return False
    except OSError:
        return False


def _holder(lock: int) -> str:
    """Name the process that holds the folder, by the pid it wrote there."""
    said = os.pread(lock, 16, 0).decode(errors="replace").strip()
    return f"process {said}" if said.isdigit() else "another process"


def _standard_error() -> int:
    """Give a descriptor of our standard error, or of nothing where there is none (a daemon)."""
    try:
        return os.dup(2)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


_EVERY: weakref.WeakSet[EmbeddedServer] = weakref.WeakSet()


def _forget_all() -> None:
    for server in _EVERY:
        server._forget()  # noqa: SLF001 - a part of the class, for which Python wants a function


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
