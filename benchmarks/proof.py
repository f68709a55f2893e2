"""What the proof costs and how fast it is made and checked.

Appends with somebody beside who makes the tree, signs and publishes, over appends without, in
turns; the prover runs in a process of its own, as it does in life. Then the leaves a second that
are taken in and published of a log that has no tree yet, and the events a second of a whole
verification, beside COPY of the same rows.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg

from api.clock import SystemClock
from api.proving import HEAD_EVERY_S, TAKE_IN_S
from benchmarks.append import measure, ours
from benchmarks.house import Notes, Site
from domain.record.proof.integrating import Integrator
from domain.record.proof.publishing import Folder, Publisher
from domain.record.proof.signing import head_signers
from domain.record.verification import verify

ORIGIN = "bench.example/cases/1"
THREADS = (1, 8, 32)


def _integrator(site: Site) -> psycopg.Connection[Any]:
    return psycopg.connect(site.conninfo, autocommit=True, options="-c role=holdfast_integrator")


def _prove(site: Site, folder: Path, ready: Event, stop: Event) -> None:
    """What the process beside does: take in twice a second, sign and publish every two."""
    with _integrator(site) as conn:
        one = Integrator(conn, "cases", clock=SystemClock(), signs=head_signers(bytes(32)))
        while not one.lead(ORIGIN):
            stop.wait(0.1)
        publisher, headed = Publisher(conn, "cases", Folder(folder)), 0.0
        while not stop.is_set():
            one.integrate()
            if perf_counter() - headed >= HEAD_EVERY_S:
                headed = perf_counter()
                if (head := one.head()) is not None:
                    publisher.publish(head)
            ready.set()
            stop.wait(TAKE_IN_S)


@contextmanager
def proving(site: Site, folder: Path) -> Iterator[None]:
    """Somebody who proves beside."""
    context = multiprocessing.get_context("spawn")
    ready, stop = context.Event(), context.Event()
    process = context.Process(target=_prove, args=(site, folder, ready, stop))
    process.start()
    ready.wait(120)
    try:
        yield
    finally:
        stop.set()
        process.join()


def cost(site: Site, *, seconds: float, repeats: int) -> list[dict[str, Any]]:
    """Appends a second with a prover beside, over those without; each pair in turns."""
    found = []
    with TemporaryDirectory(prefix="holdfast-bench-") as name:
        for threads in THREADS:
            without, beside = [], []
            for _ in range(repeats):
                with ours(site) as make:
                    without.append(measure([make] * threads, seconds).per_second)
                with proving(site, Path(name) / "cases"), ours(site) as make:
                    beside.append(measure([make] * threads, seconds).per_second)
            ratios = [one / other for one, other in zip(beside, without, strict=True)]
            found.append(
                {
                    "threads": threads,
                    "without": round(median(without)),
                    "with": round(median(beside)),
                    "ratio": round(median(ratios), 3),
                    "ratio_each": [round(one, 3) for one in ratios],
                }
            )
    return found


def made(site: Site) -> dict[str, Any]:
    """Leaves a second taken in, and published, of a log without a tree."""
    with psycopg.connect(site.owner, autocommit=True) as conn:
        for table in ("anchor", "signed_head", "head", "incarnation", "subtree"):
            conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
            conn.execute(f"DELETE FROM record.{table}")  # noqa: S608 — names of our own
            conn.execute(f"ALTER TABLE record.{table} ENABLE TRIGGER ALL")
    with TemporaryDirectory(prefix="holdfast-bench-") as name, _integrator(site) as conn:
        one = Integrator(conn, "cases", clock=SystemClock(), signs=head_signers(bytes(32)))
        while not one.lead(ORIGIN):
            pass
        before = perf_counter()
        leaves = one.integrate()
        taken = perf_counter()
        head = one.head() or one.newest()
        Publisher(conn, "cases", Folder(Path(name))).publish(head)
        done = perf_counter()
    return {
        "leaves": leaves,
        "integrated_per_second": round(leaves / (taken - before)),
        "published_per_second": round(leaves / (done - taken)),
    }


COPY = (
    'COPY (SELECT "position", stream, version, recorded_us, name, header, payload, leaf'
    ' FROM record.cases ORDER BY "position") TO STDOUT (FORMAT binary)'
)


def checked(site: Site, *, repeats: int) -> dict[str, Any]:
    """Events a second of a verification, and of COPY of the same columns to nowhere.

    In turns: what else the machine does meets all three alike, and the ratios are of one turn each.
    """
    speeds: dict[str, list[float]] = {"rows": [], "contents": [], "copy": []}
    events = 0
    with site.connect() as conn:
        for _ in range(max(3, repeats)):
            for name, catalogue in (("rows", None), ("contents", Notes())):
                before = perf_counter()
                report = verify(conn, "cases", catalogue=catalogue)
                report.demand()
                events = report.size
                speeds[name].append(events / (perf_counter() - before))
            before = perf_counter()
            with conn.cursor() as cursor, cursor.copy(COPY.encode()) as rows:
                for _ in rows:
                    pass
            speeds["copy"].append(events / (perf_counter() - before))
    found: dict[str, Any] = {"events": events}
    found |= {f"{name}_per_second": round(median(each)) for name, each in speeds.items()}
    for name in ("rows", "contents"):
        turns = zip(speeds[name], speeds["copy"], strict=True)
        found[f"{name}_over_copy"] = round(median(one / copy for one, copy in turns), 3)
    return found


def proof(site: Site, *, seconds: float, repeats: int) -> dict[str, Any]:
    """Every figure about the proof."""
    return {
        "append": cost(site, seconds=seconds, repeats=repeats),
        "made": made(site),
        "checked": checked(site, repeats=repeats),
    }
