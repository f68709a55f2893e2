"""How long a chronology takes: `python -m benchmarks.imports [--rows 200 1000 3000]`, as JSON.

One import of as many rows as the last number, on a new data folder, as `holdfast import chronology`
records them. For each number: rows a second up to there, and milliseconds a row takes among the
last hundred before it (the median), also as a ratio to the first number's: 1 is an import in which
no row costs more than another. With `--replaying`, each row replays the whole case, as it did once.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from api.chronologies import loading
from api.chronologies.entries import read_entries
from api.chronologies.sheet import read_sheet
from api.office import Office
from api.settings import read_settings
from domain.reading import as_understood
from domain.words import Actor, Code, Slug

LAST = 100  # rows a row's cost is taken over
_HEADINGS = "Start date,Agency,Source of information,Person(s),Event,Response / outcome\n"
_WORDS = "The worker called and was told that the door is locked from outside. " * 3


def chronology(path: Path, rows: int) -> Path:
    """Write a chronology of so many rows, no two alike."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADINGS)
        for row in range(rows):
            day = f"20{row % 20:02}-{row % 12 + 1:02}-{row % 28 + 1:02}"
            file.write(f"{day},police,Log {row},The adult,{_WORDS},Row {row}\n")
    return path


class _Replaying:
    """A whole replay for each row."""

    __call__ = staticmethod(as_understood)

    def drop(self) -> None:
        """Nothing is kept."""


def run(rows: Sequence[int], *, replaying: bool) -> dict[str, Any]:
    """Import as many rows as the last number says, and tell what they cost up to each."""
    if replaying:
        loading.Resuming = _Replaying  # type: ignore[assignment,misc]  # asked in the same way
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account root hands PostgreSQL to must reach it
        settings = read_settings({"HOLDFAST_DATA": str(folder / "data")})
        sheet = read_sheet(chronology(folder / "c.csv", max(rows)))
        with Office(settings) as office:
            now, nation = office.clock.now(), office.jurisdiction
            read = read_entries(sheet, jurisdiction=nation, now=now, agency=None)
            worker = office.worker("local", "bench", None, Code("manager"))
            actor = Actor(worker=worker, role=Code("manager"), organisation=Slug("council"))
            where = loading.new_target(office, sheet.digest, None)
            times = list[float]()
            loading.load(
                office,
                where,
                read.entries,
                actor=actor,
                tell=lambda _done, _all: times.append(time.monotonic()),
            )
    cost = {number: _cost(times, number) for number in rows}
    return {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "rows": [
            {
                "rows": number,
                "seconds": round(times[number] - times[0], 1),
                "rows_a_second": round(number / (times[number] - times[0]), 1),
                "ms_a_row": round(cost[number] * 1000, 2),
                "over_the_first": round(cost[number] / cost[rows[0]], 2),
            }
            for number in rows
        ],
        "load_after": round(os.getloadavg()[0], 1),
    }


def _cost(times: Sequence[float], number: int) -> float:
    """Seconds a row takes among the last hundred before a number of them, the median."""
    ends = pairwise(times[number - LAST : number + 1])
    return median(end - begin for begin, end in ends)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="how long a chronology takes to import")
    parser.add_argument("--rows", type=int, nargs="+", default=[200, 1000, 3000])
    parser.add_argument("--replaying", action="store_true")
    asked = parser.parse_args()
    print(json.dumps(run(sorted(asked.rows), replaying=asked.replaying), indent=1))
