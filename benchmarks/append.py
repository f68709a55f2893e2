"""Appends a second through the record, beside the library's recorder and a bare INSERT.

An append here is all that a command pays for: encoding, a new data key, sealing one passage, both
commitments, one row with its leaf, a dense position, fsync. The library's recorder stores the same
number of opaque bytes under a table lock; the bare INSERT stores them in a table with a primary key
and nothing else. Each figure is the median of repeated pairs, run in turns on one server.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing.queues import Queue
from statistics import median
from threading import Barrier, Thread
from time import perf_counter
from typing import Any

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from api.clock import entropy, new_reference
from benchmarks.house import Site, note

THREADS = (1, 8, 32)

Once = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measured:
    """Appends a second, and the time in milliseconds that 99 of 100 stayed within."""

    per_second: float
    p99_ms: float


def measure(makers: list[Callable[[], Once]], seconds: float) -> Measured:
    """Run each maker's function over and over, in a thread of its own, for some seconds."""
    ready = Barrier(len(makers) + 1)
    took: list[list[float]] = [[] for _ in makers]
    until = [0.0]

    def work(number: int, make: Callable[[], Once]) -> None:
        once, mine = make(), took[number]
        once()
        ready.wait()
        ready.wait()
        before = perf_counter()
        while before < until[0]:
            once()
            after = perf_counter()
            mine.append(after - before)
            before = after

    threads = [Thread(target=work, args=pair) for pair in enumerate(makers)]
    gc.collect()
    gc.freeze()  # as `serve` does; whoever is measured
    for thread in threads:
        thread.start()
    ready.wait()
    began = perf_counter()
    until[0] = began + seconds
    ready.wait()
    for thread in threads:
        thread.join()
    ended = perf_counter()
    gc.unfreeze()
    every = sorted(one for mine in took for one in mine)
    return Measured(len(every) / (ended - began), every[int(len(every) * 0.99)] * 1e3)


@contextmanager
def ours(site: Site) -> Iterator[Callable[[], Once]]:
    """`Record.append` of one sealed note to a new stream."""
    numbers = count()
    with site.record() as record:

        def make() -> Once:
            return lambda: note(record, site.subjects[next(numbers) % len(site.subjects)])

        yield make


@contextmanager
def stock(site: Site) -> Iterator[Callable[[], Once]]:
    """The library's `insert_events` of one event of as many bytes, database functions off."""
    place = site.socket()
    with PostgresDatastore(
        dbname="stock",
        host=place["host"],
        port=str(place["port"]),
        user="postgres",
        password="",
        pool_size=40,
        max_overflow=0,
    ) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="stored_events")
        recorder.create_table()
        state = entropy(sum(bytes_of(site)))

        def make() -> Once:
            return lambda: recorder.insert_events(
                [StoredEvent(new_reference(), 1, "note-taken", state)]
            )

        yield make


@contextmanager
def plain(site: Site) -> Iterator[Callable[[], Once]]:
    """A bare INSERT of the same bytes, committed one by one, a connection for each thread."""
    insert = "INSERT INTO plain (stream, version, name, header, payload) VALUES (%s, 1, %s, %s, %s)"
    sizes = bytes_of(site)
    with ExitStack() as stack:
        admin = stack.enter_context(psycopg.connect(site.owner, autocommit=True))
        admin.execute(
            "CREATE TABLE IF NOT EXISTS plain (position bigint GENERATED ALWAYS AS IDENTITY"
            " PRIMARY KEY, stream uuid, version bigint, name text, header bytea, payload bytea)"
        )

        def make() -> Once:
            conn: psycopg.Connection[Any] = stack.enter_context(
                psycopg.connect(site.owner, autocommit=True)
            )
            header, payload = entropy(sizes[0]), entropy(sizes[1])
            return lambda: conn.execute(
                insert, (new_reference(), "note-taken", header, payload), prepare=True
            )

        yield make


def compare(site: Site, *, seconds: float = 2.0, repeats: int = 3) -> list[dict[str, Any]]:
    """Every number of threads: ours, stock and plain in turns; medians, and ours over stock."""
    found = []
    for threads in THREADS:
        runs: dict[str, list[Measured]] = {"ours": [], "stock": [], "plain": []}
        for _ in range(repeats):
            for name, way in (("stock", stock), ("ours", ours), ("plain", plain)):
                with way(site) as make:
                    runs[name].append(measure([make] * threads, seconds))
        rates = {name: median(one.per_second for one in each) for name, each in runs.items()}
        ratios = [
            one.per_second / other.per_second
            for one, other in zip(runs["ours"], runs["stock"], strict=True)
        ]
        found.append(
            {
                "threads": threads,
                "per_second": {name: round(rate) for name, rate in rates.items()},
                "p99_ms": {
                    name: round(median(one.p99_ms for one in each), 2)
                    for name, each in runs.items()
                },
                "over_stock": round(median(ratios), 2),
                "over_stock_each": [round(ratio, 2) for ratio in ratios],
            }
        )
    return found


def bytes_of(site: Site) -> tuple[int, int]:
    """The mean size of a header and of a payload of `note`, so that all three store as much."""
    with site.record() as record:
        rows = record.log.read(0, limit=100)
    return (
        sum(len(row.header) for row in rows) // len(rows),
        sum(len(row.payload) for row in rows) // len(rows),
    )


def _in_process(site: Site, threads: int, seconds: float, results: Queue[float]) -> None:
    with ours(site) as make:
        results.put(measure([make] * threads, seconds).per_second)


def processes(site: Site, *, number: int, threads: int = 32, seconds: float = 3.0) -> float:
    """Appends a second of several processes together, `threads` shared out among them."""
    context = multiprocessing.get_context("spawn")
    results: Queue[float] = context.Queue()
    each = [
        context.Process(target=_in_process, args=(site, threads // number, seconds, results))
        for _ in range(number)
    ]
    for process in each:
        process.start()
    total: float = sum(results.get(timeout=seconds + 60) for _ in each)
    for process in each:
        process.join()
    return total
