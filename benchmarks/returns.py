"""What a return costs: the whole of one year, as it was known a year ago, and one figure opened.

Of the largest authority over ten years, whose log is told by `council.py` and whose views are made
by the real rebuild; then of all England's concerns of one year, which has no bar. A process of its
own asks, by the functions the doors call and with the real keyring, since opening what is sealed
is most of it; its memory is that process's own, without the server's. Who may open which case, and
the trace of the look, are not asked here.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from types import SimpleNamespace
from typing import Any, Final, TypeVar, cast

from psycopg_pool import ConnectionPool

from api.clock import SystemClock, entropy
from api.office import Office
from api.returns import explaining
from api.returns.making import make, one_cell, one_table
from api.routes.door import Reader
from benchmarks.apart import apart
from benchmarks.cases import Place, place
from benchmarks.council import Council, Size
from benchmarks.house import Site
from domain import stored
from domain.jurisdictions.england import ENGLAND
from domain.record.keyring import Keyring, WrappingKeys
from domain.record.log import Log
from domain.record.record import Record
from projections.rebuild import rebuild
from projections.returns import tables_of
from projections.returns.facts import FACTS, PEOPLE
from projections.returns.periods import Span
from projections.returns.table import Table

T = TypeVar("T")
LARGEST: Final = Size(
    first=date(2016, 4, 1),
    last=date(2026, 3, 31),
    until=date(2026, 6, 30),
    concerns=210_000,
    enquiries=60_000,
)
ALL_ENGLAND: Final = Size(
    first=date(2025, 4, 1),
    last=date(2026, 3, 31),
    until=date(2026, 6, 30),
    concerns=640_000,
    enquiries=185_000,
)
YEAR: Final = Span(year=2025)  # the last that ended
BEFORE: Final = Span(year=2024)
A_YEAR_AGO: Final = date(2025, 6, 30)
NAMED: Final = 100  # of what a figure counts, how many an explanation names
BARS: Final[Mapping[str, float]] = {
    "whole_s": 3.0,
    "cell_s": 0.5,
    "as_at_ratio": 2.0,
    "mebibytes": 1024,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A database with an authority in it: its keys' file, and the last position of a day."""

    place: Place
    keys: Path
    master: bytes
    a_year_ago: int | None
    adults: int


class Took:
    """How long questions took: by the clock, and of this process's processor."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}
        self.processor: dict[str, list[float]] = {}

    def take(self, name: str, ask: Callable[[], T]) -> T:
        """Ask once, and note how long it took."""
        clock, processor = perf_counter(), process_time()
        answer = ask()
        self.seconds.setdefault(name, []).append(perf_counter() - clock)
        self.processor.setdefault(name, []).append(process_time() - processor)
        return answer

    @staticmethod
    def middle(took: Mapping[str, list[float]]) -> dict[str, float]:
        """The median of each."""
        return {name: round(median(each), 2) for name, each in took.items()}


def filled(site: Site, name: str, size: Size) -> Filled:
    """A new database with an authority of some size."""
    made = place(site, name, (FACTS, PEOPLE))
    return fill(made, site.keys / f"{name}.json", site.master, size)


def fill(made: Place, keys: Path, master: bytes, size: Size) -> Filled:
    """Tell an authority's log, and make the views a return reads from it."""
    council = Council(made, WrappingKeys(keys, master, entropy), size)
    ends = council.tell()
    for projection in (FACTS, PEOPLE):
        if rebuild(projection, made.connect).poison is not None:
            raise RuntimeError("an event of the benchmark cannot be folded")
    return Filled(
        place=made,
        keys=keys,
        master=master,
        a_year_ago=ends.get(A_YEAR_AGO),
        adults=council.adults,
    )


@contextmanager
def office_of(at: Filled) -> Iterator[Office]:
    """What a return asks of an office: its law, its record and its connections; no more."""
    options = {"autocommit": True, "options": "-c role=holdfast_writer"}
    with ConnectionPool(at.place.conninfo, min_size=1, max_size=4, kwargs=options) as pool:
        clock = SystemClock()
        log = Log(
            "cases",
            authority=at.place.authority,
            connect=lambda: at.place.connect("holdfast_writer"),
            pool=pool,
            clock=clock,
        )
        keyring = Keyring(pool, WrappingKeys(at.keys, at.master, entropy), entropy)
        record = Record(log, keyring, stored, clock, entropy)
        office = SimpleNamespace(
            authority=at.place.authority,
            jurisdiction=ENGLAND,
            record=record,
            keyring=keyring,
            pool=pool,
            simulated=False,
        )
        yield cast("Office", office)
        log.close()


def returns(site: Site, *, repeats: int = 5) -> dict[str, Any]:
    """Every figure about returns."""
    return {
        "largest": measured(filled(site, "largest", LARGEST), repeats),
        # No one authority has it, so no page of it is ever opened: the whole return alone.
        "england": measured(filled(site, "england", ALL_ENGLAND), 1, cells=False),
        "bars": BARS,
    }


def measured(at: Filled, repeats: int, *, cells: bool = True) -> dict[str, Any]:
    """What a process of its own says of a database, which nothing else asks meanwhile.

    Raises RuntimeError: it failed, or ended without an answer.
    """
    said: dict[str, Any] = {"adults": at.adults}
    for ask in (_asked, _opened_cells) if cells else (_asked,):
        said |= apart(ask, at, repeats)
    return said


def _asked(at: Filled, repeats: int) -> dict[str, Any]:
    """The whole return, in turns: now, with the year before, and the year before now and then."""
    gc.freeze()  # as `serve` does
    took = Took()
    counted: dict[str, int] = {}
    with office_of(at) as office:

        def whole(name: str, of: Span, as_at: int | None, *, compared: bool = False) -> None:
            made = took.take(name, lambda: make(office, of, as_at, compared=compared))
            counted[name] = sum(one.value or 0 for one in made.cells)

        for _ in range(repeats):
            whole("whole", YEAR, None)
            if at.a_year_ago is not None:
                whole("compared", YEAR, None, compared=True)
                whole("now", BEFORE, None)
                whole("as_at", BEFORE, at.a_year_ago)
    said: dict[str, Any] = {
        "seconds": took.middle(took.seconds),
        "processor_seconds": took.middle(took.processor),
        "first_seconds": round(took.seconds["whole"][0], 2),
        "counted": counted,
        "mebibytes": _most_memory(),
    }
    if at.a_year_ago is not None:
        pairs = zip(took.seconds["as_at"], took.seconds["now"], strict=True)
        ratios = [past / now for past, now in pairs]
        said["as_at_ratio"] = round(median(ratios), 2)
        said["as_at_ratio_each"] = [round(one, 2) for one in ratios]
    return said


def _opened_cells(at: Filled, repeats: int) -> dict[str, Any]:
    """The fullest figure of each table: its page of what it counts, and its explanation.

    Whoever opens a figure has the table before them, so that is filled first. A first page, before
    anything was opened or any key found, is asked of an office of its own.
    """
    gc.freeze()
    took, first = Took(), Took()
    for table in tables_of(ENGLAND.code, YEAR):
        with office_of(at) as office:
            number = _fullest(office, table)
            for _ in range(repeats):
                _open_one(office, table, number, took)
        with office_of(at) as office:
            first.take(table.code, partial(one_cell, office, YEAR, table, number, None))
    return {
        "cell_seconds": took.middle(took.seconds),
        "cell_processor_seconds": took.middle(took.processor),
        "cell_seconds_at_first": first.middle(first.seconds),
        "cell_mebibytes": _most_memory(),
    }


def _fullest(office: Office, table: Table) -> int:
    cells = one_table(office, YEAR, table, None, only=True).filled.cells
    return 1 + max(range(len(cells)), key=lambda one: cells[one].value or 0)


def _open_one(office: Office, table: Table, number: int, took: Took) -> None:
    fullest = took.take(
        f"{table.code} page", lambda: one_cell(office, YEAR, table, number, None)
    ).cell
    asked = explaining.Asked(
        table=table.code,
        category=fullest.category,
        subcategory=fullest.subcategory or None,
        enquiry_type=fullest.enquiry_type,
    )

    # Whoever may read who a person is, to whom every row opens.
    reader = cast("Reader", SimpleNamespace(office=office, reads=lambda _kind: True))

    def explain() -> None:
        made = make(office, YEAR, None, only=table.code)
        _, _, figures = explaining.found(reader, made, asked, NAMED)
        explaining.explained(office, figures, ())

    took.take(f"{table.code} explained", explain)


def _most_memory() -> int:
    """The most this process has held. Of Linux: `getrusage` also counts what began it."""
    status = Path("/proc/self/status").read_text("ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return 0 if found is None else int(found[1]) // 1024


def told_of_returns(found: Mapping[str, Any]) -> None:
    """Print the figures about returns, and what each is to reach over it: 1 or more reaches it."""
    bars, one = found["bars"], found["largest"]
    seconds, cells = one["seconds"], one["cell_seconds"]
    page, explained = (
        max((name for name in cells if name.endswith(kind)), key=lambda name: cells[name])
        for kind in ("page", "explained")
    )
    print(f"returns: the largest authority, {one['adults']:,} adults; seconds {seconds}")
    print(f"  of which this process's own processor's: {one['processor_seconds']}")
    print(f"  the first in a new process: {one['first_seconds']} s")
    print(f"one figure, seconds: {cells}")
    print(f"  of which this process's own processor's: {one['cell_processor_seconds']}")
    print(f"  a page before anything was opened: {one['cell_seconds_at_first']}")
    print(f"a year ago over now, each: {one['as_at_ratio_each']}")
    reached = {
        f"the whole return of a year, {seconds['whole']} s": bars["whole_s"] / seconds["whole"],
        f"one figure at most, {page}, {cells[page]} s": bars["cell_s"] / cells[page],
        f"with what nearly counted, {explained}, {cells[explained]} s": bars["cell_s"]
        / cells[explained],
        f"a year ago over now, {one['as_at_ratio']}": bars["as_at_ratio"] / one["as_at_ratio"],
        f"memory, {one['mebibytes']} MiB": bars["mebibytes"] / one["mebibytes"],
    }
    for name, ratio in reached.items():
        print(f"{name}: bar over it {ratio:.2f}")
    print(f"all England in one year, no bar: {found['england']}")
