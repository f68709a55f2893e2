"""How the service runs: one process that appends and answers, and a second that follows for views.

The second (`follower.py`) ends with the first, even when that is killed. Nothing logged holds
personal data or a query.
"""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from ipaddress import ip_address
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self

import uvicorn

from api.app import create_app
from api.follower import LOGGER, PROJECTOR, log_plainly, told_to_stop
from api.identity import check
from api.office import Office
from api.settings import Settings
from api.views import every
from api.watching import Watching
from domain.record.migration import check_leaves
from domain.refusal import Refused
from projections.rebuild import prepare

GRACE_S: Final = 10  # for requests under way when told to stop
FOLLOWER: Final = [sys.executable, "-m", "api.follower"]
_PAUSES_S: Final = (1.0, 2.0, 5.0, 15.0, 30.0)  # before a follower that died is started again


def serve(
    settings: Settings,
    *,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM; returns once everything has stopped in order.

    `ready` is called when requests are answered. The database and the log's guards are watched
    (watching.py): once a guard is gone, nothing more is recorded, and readers are told why.

    Raises:
        Refused: nobody could be identified, or the development identity could read a real record,
            the port is taken, or a row's leaf is not computed as it should be; with the remedy.
        ServerError: the embedded PostgreSQL was told to end, or cannot be started again. Whoever
            starts Holdfast starts it anew.
    """
    log_plainly()
    check(settings)
    with ExitStack() as stack:
        listening = stack.enter_context(_listening(settings))
        stop = stack.enter_context(told_to_stop())
        made_up_only = settings.development_identity
        office = Office(settings, made_up_only=made_up_only, say=LOGGER.warning)
        stack.enter_context(office)
        with office.database.connect("holdfast_writer") as conn:
            check_leaves(conn)
        prepare(partial(office.database.connect, PROJECTOR), every(office))
        stack.enter_context(Following(settings))
        lost = Event()
        watching = stack.enter_context(Watching(office, lost.set, lives_on=True))
        config = uvicorn.Config(
            create_app(office),
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
            ws="none",
        )
        # What is loaded by now stays: the collector need not walk it again and again beside every
        # append (a tenth of the interpreter's time with 32 threads, benchmarks/README.md).
        gc.collect()
        gc.freeze()
        Server(config, stop, ready, lost).run(sockets=[listening])
        if watching.trouble is not None:
            raise watching.trouble


class Server(uvicorn.Server):
    """uvicorn, stopped by our own signals and silent about its exit."""

    def __init__(
        self,
        config: uvicorn.Config,
        stop: Event,
        ready: Callable[[], None],
        lost: Event,
    ) -> None:
        super().__init__(config)
        self._stop = stop
        self._ready = ready
        self._lost = lost

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `told_to_stop`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def on_tick(self, counter: int) -> bool:
        """Every tenth of a second: stop once told to, or when the database is gone for good."""
        if self._stop.is_set() or self._lost.is_set():
            self.should_exit = True
        return await super().on_tick(counter)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The port, taken before anything slow is begun. Raises Refused."""
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    try:
        version = ip_address(host).version
    except ValueError:
        raise Refused("setting", "start-up", "HOLDFAST_HOST: give an IP address") from None
    family = socket.AF_INET6 if version == 6 else socket.AF_INET  # noqa: PLR2004 — of IP
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, settings.port))
        except OSError as error:
            raise Refused(
                "port",
                "start-up",
                f"port {settings.port} cannot be listened on ({error.strerror}): stop what uses "
                "it, or set HOLDFAST_PORT to another",
            ) from None
        yield listening


class Following:
    """The second process, kept alive; it ends when this one does."""

    def __init__(self, settings: Settings) -> None:
        self._environ = dict(settings.environ)
        self._stop = Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = Thread(target=self._keep, name="keep-following", daemon=True)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._let_go()
        self._keeper.join(GRACE_S * 2)

    def _keep(self) -> None:
        died = 0
        while not self._stop.is_set():
            self._child = self._start()
            code = self._child.wait()
            if self._stop.is_set():
                return
            LOGGER.error("the following process ended with %s: starting it again", code)
            self._stop.wait(_PAUSES_S[min(died, len(_PAUSES_S) - 1)])
            died += 1

    def _start(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in a terminal reaches us alone, and we end it in order.
        return subprocess.Popen(  # noqa: S603 — our own program
            FOLLOWER, stdin=subprocess.PIPE, env=self._environ, start_new_session=True
        )

    def _let_go(self) -> None:
        """Close the pipe, which ends it; should it not end, end it."""
        child = self._child
        if child is None or child.stdin is None:
            return
        child.stdin.close()
        try:
            child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
