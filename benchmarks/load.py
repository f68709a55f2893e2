"""How long it takes to read one case: 50 events, every leaf checked, every passage opened."""

from __future__ import annotations

from statistics import quantiles
from time import perf_counter
from typing import Any

from api.clock import new_reference
from benchmarks.house import Site, note

EVENTS = 50
CASES = 20


def load(site: Site, *, rounds: int = 5) -> dict[str, Any]:
    """Milliseconds to the facts of a case of fifty events, each with one passage."""
    streams = [new_reference() for _ in range(CASES)]
    took = []
    with site.record() as record:
        for stream in streams:
            for after in range(EVENTS):
                note(record, site.subjects[after % 5], stream=stream, after=after)
        for _ in range(rounds):
            for stream in streams:
                before = perf_counter()
                facts = record.facts(stream)
                took.append((perf_counter() - before) * 1e3)
                if len(facts) != EVENTS:
                    raise RuntimeError("a case is not whole")
    cut = quantiles(took, n=100)
    return {"events": EVENTS, "median_ms": round(cut[49], 2), "p99_ms": round(cut[98], 2)}
