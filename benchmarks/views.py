"""What views cost: made anew, followed, and asked about the past.

Three figures. A rebuild of caseload and chronology from a log of cases, beside the library's
ProjectionRunner, which processes one event a transaction, and beside COPY OUT of the same rows,
which is as fast as they can leave the server. The live follower in batches. And a question about
an earlier position beside the same question about the present.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any, Final

import psycopg
from psycopg import Connection, sql

from api.clock import new_reference, seeded
from benchmarks.cases import TEAMS, WORKERS, Growing, Place, model_case, place
from benchmarks.house import Site
from benchmarks.library import Sample, library_rate
from projections.caseload import CASELOAD, caseload, totals
from projections.chronology import CHRONOLOGY
from projections.rebuild import rebuild
from projections.runner import BATCH, Follower
from projections.table import Table

BOTH: Final = (CASELOAD, CHRONOLOGY)
EVENTS: Final = 200_000
SIZES: Final = (200_000, 2_000_000)  # row versions
SAMPLE: Final = 3000  # events for the library's runner
MORE: Final = 5000  # events a follower finds
ASKED: Final = 40  # times each question is asked
OPEN: Final = 2500  # cases open at any position of the table of versions
STATES: Final = 8  # versions of a case while it is open; a last one says that it is closed
_ON: Final = date(2026, 11, 2)
_FILL: Final = sql.SQL(
    "WITH one AS (SELECT c, c * ({states} + 1) + 1 AS begun,"
    " {open} * (0.5 + random()) * ({states} + 1) / {states} AS step,"
    " floor(random() * {teams})::int AS t, floor(random() * {workers})::int AS w,"
    " date '2020-01-01' + (2500.0 * c / {cases})::int AS day"
    " FROM generate_series(0, {cases} - 1) c),"
    " version AS (SELECT *, 'team-' || lpad(t::text, 2, '0') AS team,"
    " CASE WHEN k > 0 THEN md5('w' || t * {workers} + w)::uuid END AS worker,"
    " (begun + k * step)::int8 AS low, CASE WHEN k < {states}"
    " THEN (begun + (k + 1) * step)::int8 END AS high FROM one, generate_series(0, {states}) k)"
    ' INSERT INTO {table} ("case", adult, stage, kind, team, worker, received,'
    " received_on, opened_on, allocated_since, unallocated_since, unallocated_days, conferences,"
    " open, received_at, held_at, stage_at, plans, valid) SELECT "
    "md5('c' || c)::uuid, md5('a' || c)::uuid, (ARRAY['concern','enquiry','enquiry',"
    "'conference','conference','plan','plan','plan','closed'])[k + 1],"
    " CASE WHEN k > 0 THEN 'section_42' END, team, worker, day::text, day, day,"
    " CASE WHEN k > 0 THEN day + 2 END, CASE WHEN k = 0 THEN day END, 2 * least(k, 1), k / 4,"
    " k < {states}, low, CASE WHEN k > 0 THEN low END, low,"
    " '{{\"8c7a1c52-6d1e-4c1b-8a54-0b6d5a3f2e10\": true}}'::jsonb"
    ", int8range(low, CASE WHEN high <= {last}"
    " THEN high END) FROM version WHERE low <= {last} ORDER BY low"
)
_COLUMNS: Final = 'stream, version, name, header, payload FROM record.cases WHERE "position" <= %s'


def views(
    site: Site, *, events: int = EVENTS, sizes: Sequence[int] = SIZES, repeats: int = 3
) -> dict[str, Any]:
    """Every figure about views."""
    made = place(site, "views", BOTH)
    growing = Growing(made, model_case(made, site))
    growing.grow(events)
    return {
        "rebuild": rebuilt(site, made, repeats),
        "follow": followed(made, growing, repeats),
        "as_at": [asked(place(site, f"versions_{size}", BOTH), size) for size in sizes],
    }


# Made anew


def rebuilt(site: Site, made: Place, repeats: int) -> dict[str, Any]:
    """Events a second of a rebuild, the library's runner and COPY OUT, in turns.

    Of a rebuild only the events are counted that it folds: a caseload reads a third of a log, and
    a runner of the library that was told its topics would read no more. `of_the_log` counts every
    event of the log for both, as a runner goes that is told none.
    """
    sample = _sample(made)
    with made.connect() as conn:
        conn.execute("SELECT count(*) FROM record.cases")  # what is read first is not the slower
    runs: list[dict[str, float]] = []
    folded: dict[str, int] = {}
    events = 0
    for _ in range(repeats):
        run = {"library": library_rate(site.socket(), _empty(site), sample)}
        for projection in BOTH:
            before = perf_counter()
            found = rebuild(projection, made.connect)
            run[projection.name] = found.events / (perf_counter() - before)
            folded[projection.name], events = found.events, found.position
            if found.poison is not None:
                raise RuntimeError("an event of the benchmark cannot be folded")
        run["copy_out"] = _copied_out(made)
        runs.append(run)
    return {
        "events": events,
        "folded": folded,
        "per_second": {name: round(median(run[name] for run in runs)) for name in runs[0]},
        "over_library": {
            one.name: round(median(run[one.name] / run["library"] for run in runs), 1)
            for one in BOTH
        },
        "of_the_log_over_library": {
            one.name: round(
                median(run[one.name] / run["library"] for run in runs) * events / folded[one.name],
                1,
            )
            for one in BOTH
        },
        "over_library_each": {
            one.name: [round(run[one.name] / run["library"], 1) for run in runs] for one in BOTH
        },
        "of_copy_out": {
            one.name: round(median(run[one.name] / run["copy_out"] for run in runs), 3)
            for one in BOTH
        },
    }


def _sample(made: Place) -> list[Sample]:
    query = sql.SQL("SELECT " + _COLUMNS + ' ORDER BY "position"')
    with made.connect() as conn:
        rows = conn.execute(query, (SAMPLE,)).fetchall()
    return [Sample(row[0], row[1], row[2], row[3].decode(), row[4].decode()) for row in rows]


def _empty(site: Site) -> str:
    name = f"library_{new_reference().hex}"
    with psycopg.connect(site.owner, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return name


def _copied_out(made: Place) -> float:
    """Rows a second of a plain COPY OUT of what a rebuild reads."""
    query = (
        'COPY (SELECT "position", stream::text, version, recorded_us, name, header, payload'
        " FROM record.cases) TO STDOUT (FORMAT binary)"
    )
    with made.connect() as conn, conn.cursor() as cursor:
        before = perf_counter()
        with cursor.copy(query) as copy:
            for _ in copy:
                pass
        return cursor.rowcount / (perf_counter() - before)


# Followed


def followed(made: Place, growing: Growing, repeats: int) -> dict[str, Any]:
    """Events a second of a follower that finds many, in the batches of life."""
    rates: dict[str, list[float]] = {one.name: [] for one in BOTH}
    for _ in range(repeats):
        growing.grow(MORE)
        for projection in BOTH:
            with Follower(projection, made.connect) as follower:
                follower.lead()
                before = perf_counter()
                count = follower.catch_up()
                rates[projection.name].append(count / (perf_counter() - before))
    return {
        "events": MORE,
        "batch": BATCH,
        "per_second": {name: round(median(each)) for name, each in rates.items()},
    }


# Asked about the past


def asked(made: Place, size: int) -> dict[str, Any]:
    """Milliseconds of a question about the present and about a random earlier position."""
    last, count = _versions(made, size)
    random = seeded(2)
    took: dict[str, list[float]] = {
        name: [] for name in ("team_now", "team_as_at", "totals_now", "totals_as_at")
    }
    rows: dict[str, list[int]] = {name: [] for name in took}

    def time(name: str, ask: Callable[[], int]) -> None:
        before = perf_counter()
        found = ask()
        took[name].append((perf_counter() - before) * 1e3)
        rows[name].append(found)

    with made.connect("holdfast_writer") as conn:
        for _ in range(ASKED):
            team = f"team-{random.randrange(TEAMS):02}"
            at = random.randrange(last // 4, last)
            time("team_now", lambda: _team(conn, team, None))  # noqa: B023 — asked at once
            time("team_as_at", lambda: _team(conn, team, at))  # noqa: B023
            time("totals_now", lambda: _totals(conn, None))
            time("totals_as_at", lambda: _totals(conn, at))  # noqa: B023
    middle = {name: median(each) for name, each in took.items()}
    return {
        "versions": count,
        "ms": {name: round(each, 2) for name, each in middle.items()},
        "cases": {name: round(median(each)) for name, each in rows.items()},
        "team_ratio": round(middle["team_as_at"] / middle["team_now"], 2),
        "totals_ratio": round(middle["totals_as_at"] / middle["totals_now"], 2),
    }


def _team(conn: Connection[Any], team: str, as_at: int | None) -> int:
    return len(caseload(conn, on=_ON, as_at=as_at, team=team).rows)


def _totals(conn: Connection[Any], as_at: int | None) -> int:
    return sum(one.count for one in totals(conn, on=_ON, as_at=as_at))


def _versions(made: Place, size: int) -> tuple[int, int]:
    """Fill a caseload with versions, in the order of their beginning as a rebuild writes them.

    Cases of every team stand side by side, and as many are open at any position as at the last.
    Returns the last position, and how many versions there are.
    """
    cases = size // (STATES + 1) + OPEN // 2
    last = cases * (STATES + 1)
    table = Table(CASELOAD, 2)
    with made.connect() as conn:
        conn.execute("SELECT setseed(0.5)")
        table.create(conn)
        filled = conn.execute(
            _FILL.format(
                table=table.id, cases=cases, states=STATES, open=OPEN, teams=TEAMS,
                workers=WORKERS, last=last,
            )
        )  # fmt: skip
        table.index(conn, table.quick_indexes + table.slow_indexes)
        conn.execute(sql.SQL("VACUUM ANALYZE {}").format(table.id))
        table.show(conn, replace=True)
        return last, filled.rowcount
