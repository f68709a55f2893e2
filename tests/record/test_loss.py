"""No reader misses an event: writers in threads and processes, readers at the tail."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import SpawnContext
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from api.clock import SystemClock, entropy, seeded
from domain.record.log import Append, Log, Prepared, StreamAppend
from domain.record.store import Recorder
from tests.conftest import AUTHORITY, LOGIN
from tests.record.conftest import House

WRITERS = 8
OPTIONS = "-c role=holdfast_writer"


@dataclass(slots=True)
class Tail:
    """A reader that asks for what is after the last position it saw, as fast as it can."""

    log: Log
    seen: int = 0
    fault: str = ""

    def follow(self, until: Callable[[], bool]) -> None:
        """Read until told to stop, and once more then."""
        last = False
        while not last and not self.fault:
            last = until()
            while rows := self.log.read(self.seen, limit=400):
                for row in rows:
                    if row.position != self.seen + 1:
                        self.fault = f"{row.position} was seen after {self.seen}"
                        return
                    self.seen = row.position


@contextmanager
def opened(conninfo: str) -> Iterator[Log]:
    """Open the log as a process of its own does."""
    with ConnectionPool(
        conninfo, min_size=1, max_size=4, kwargs={"autocommit": True, "options": OPTIONS}
    ) as pool:
        log = Log(
            "cases",
            authority=AUTHORITY,
            connect=lambda: psycopg.connect(conninfo, autocommit=True, options=OPTIONS),
            pool=pool,
            clock=SystemClock(),
        )
        yield log
        log.close()


def write(log: Log, events: int, seed: int) -> None:
    """Append so many events, one to five at a time, often to a stream of their own."""
    random, stream, version = seeded(seed), uuid4(), 0
    while events > 0:
        count = min(random.randint(1, 5), events)
        if random.random() < 0.5:
            stream, version = uuid4(), 0
        made = tuple(Prepared("x.v1", entropy(30), entropy(60)) for _ in range(count))
        append = Append(uuid4(), bytes(32), (StreamAppend(stream, version, made),))
        assert log.append(append).count == count
        version += count
        events -= count


def writers(log: Log, number: int, events: int, seed: int) -> None:
    """So many threads writing their share of the events."""
    failed: list[BaseException] = []

    def run(share: int) -> None:
        try:
            write(log, events // number, seed + share)
        except BaseException as error:
            failed.append(error)
            raise

    threads = [Thread(target=run, args=(share,)) for share in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def process(conninfo: str, number: int, events: int, seed: int) -> None:
    """What a writing process does."""
    with opened(conninfo) as log:
        writers(log, number, events, seed)


def everything(house: House, events: int, processes: int) -> None:
    """Write, read at the tail and by subscription meanwhile; both have to see everything."""
    log, stop = house.log(), Event()
    tail = Tail(log)
    followed: list[int] = []

    def subscribe() -> None:
        with Recorder(log, house.connect, entropy).subscribe() as subscription:
            for notification in subscription:
                followed.append(notification.id)
                if notification.id == events:
                    return

    reading = [Thread(target=tail.follow, args=(stop.is_set,)), Thread(target=subscribe)]
    for thread in reading:
        thread.start()
    if processes == 1:
        writers(log, WRITERS, events, seed=1)
    else:
        context: SpawnContext = multiprocessing.get_context("spawn")
        conninfo = house.database.conninfo(LOGIN)
        share = (conninfo, WRITERS // processes, events // processes)
        children = [
            context.Process(target=process, args=(*share, 100 * number))
            for number in range(processes)
        ]
        for child in children:
            child.start()
        for child in children:
            child.join()
        assert [child.exitcode for child in children] == [0] * processes
    stop.set()
    for thread in reading:
        thread.join(timeout=60)
        assert not thread.is_alive()
    assert not tail.fault
    assert tail.seen == events
    assert followed == list(range(1, events + 1))


@pytest.mark.parametrize("processes", [pytest.param(1, marks=pytest.mark.long), 4])
@pytest.mark.parametrize(
    "events", [4_000, pytest.param(50_000, marks=pytest.mark.long)], ids=["quick", "long"]
)
def test_no_reader_misses_an_event(house: House, events: int, processes: int) -> None:
    """Whatever eight writers do, readers at the tail see every event once, in order.

    In one process or several; a reader that asks by position and a subscription.
    """
    everything(house, events, processes)


def test_a_subscription_wakes_for_what_was_committed_as_it_began(house: House) -> None:
    """An event committed between a subscription's first reading and its LISTEN is not kept back."""
    log, slow, go = house.log(), Event(), Event()

    def connect() -> psycopg.Connection[Any]:
        slow.set()
        assert go.wait(10)
        return house.connect()

    with Recorder(log, connect, entropy).subscribe() as subscription:
        assert slow.wait(10)
        append = Append(
            uuid4(), bytes(32), (StreamAppend(UUID(int=1), 0, (Prepared("x.v1", b"h", b"p"),)),)
        )
        log.append(append)
        go.set()
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(next, subscription)
            try:
                assert waiting.result(timeout=10).id == 1
            finally:
                subscription.stop()
