"""A log of many cases, and what holds of it however long it is. Laws, no times."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection, sql

from api.clock import FixedClock, entropy
from api.office import Office
from benchmarks.cases import Growing, Place, model_case, place
from benchmarks.house import Site
from domain.record.log_sql import Statements
from domain.record.server import EmbeddedServer
from domain.record.verification import verify
from projections import ALL
from projections.caseload import caseload, totals
from projections.projection import Projection
from projections.rebuild import build
from projections.rebuild import verify as compare
from projections.table import Table, valid_at
from tests.conftest import AUTHORITY, LOGIN, OWNER, Database
from tests.doors.conftest import Doors, opened_doors, settings_for

pytestmark = pytest.mark.long

EVENTS = int(os.environ.get("HOLDFAST_SCALE", "200000"))
ON = date(2026, 11, 2)
PASTS = (7, 3, 2)  # the parts of the log's length at which the past is looked at


@dataclass(slots=True)
class Grown:
    """A long record: its doors and its place."""

    doors: Doors
    place: Place

    def tail(self) -> int:
        """Give the last position."""
        return self.doors.office.record.log.tail()

    def connect(self, role: str = "holdfast_projector") -> Connection[Any]:
        """Connect as the application's login with one role on."""
        return self.place.connect(role)

    def ask(self, query: str, *args: object) -> Any:  # noqa: ANN401 — a row
        """Ask the log for one row."""
        with self.connect("holdfast_writer") as conn:
            return conn.execute(query.encode(), args).fetchone()


@pytest.fixture(scope="module")
def grown(
    server: EmbeddedServer, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grown]:
    """Give a record of 200,000 events (HOLDFAST_SCALE for another number), every view followed."""
    keys = tmp_path_factory.mktemp("keys")
    name, model = f"t_{uuid4().hex}", f"t_{uuid4().hex}"
    owner = server.conninfo("postgres", OWNER)
    site = Site(server.conninfo("postgres", LOGIN), owner, AUTHORITY, keys, entropy(32), ())
    with psycopg.connect(owner, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}".encode())
        settings = settings_for(Database(server=server, name=name), tmp_path_factory.mktemp("data"))
        began = FixedClock(datetime(2019, 6, 1, tzinfo=UTC))  # before the first case told
        with Office(settings, clock=began) as office, opened_doors(office) as doors:
            made = Place(server.conninfo(name, LOGIN), AUTHORITY)
            Growing(made, model_case(place(site, model, ()), site)).grow(EVENTS)
            began.move_to(datetime(2026, 11, 2, tzinfo=UTC))  # after the last
            doors.catch_up()
            yield Grown(doors, made)
        for one in (name, model):
            admin.execute(f"DROP DATABASE {one} WITH (FORCE)".encode())


def test_positions_and_versions_are_dense(grown: Grown) -> None:
    """Every position from the first to the last is there once, and every version of each stream."""
    count, first, last = grown.ask(
        'SELECT count(*), min("position"), max("position") FROM record.cases'
    )
    assert (count, first, last) == (EVENTS + 1, 1, EVENTS + 1)  # the opening came before
    (torn,) = grown.ask(
        "SELECT count(*) FROM (SELECT FROM record.cases GROUP BY stream HAVING"
        " count(*) <> max(version) - min(version) + 1 OR count(DISTINCT version) <> count(*))"
    )
    assert torn == 0


def test_the_whole_log_proves_itself(grown: Grown) -> None:
    """Verification reckons every leaf and the tree anew from every row, and finds nothing wrong."""
    # Without contents: the cases are copies of one, and so are their sealed passages.
    with grown.connect("holdfast_writer") as conn:
        report = verify(conn, "cases")
    report.demand()
    assert report.size == grown.tail()


@pytest.mark.parametrize("projection", ALL, ids=lambda one: one.name)
def test_a_rebuild_equals_what_was_followed(grown: Grown, projection: Projection) -> None:
    """A rebuild of the whole log has the versions that the follower wrote, no more and no fewer."""
    found = compare(projection, grown.connect)
    assert found.equal, found
    assert found.position == grown.tail()


def differing(grown: Grown, one: sql.Composable, other: sql.Composable) -> int:
    """Count the rows that only one of two queries gives."""
    query = sql.SQL(
        "SELECT count(*) FROM ((({one}) EXCEPT ALL ({other})) UNION ALL"
        " (({other}) EXCEPT ALL ({one}))) AS d"
    ).format(one=one, other=other)
    with grown.connect() as conn:
        row = conn.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def shown(projection: Projection, table: sql.Composable, valid: sql.Composable) -> sql.Composable:
    """Give the query of a table's rows that are valid."""
    columns = map(sql.Identifier, [*projection.key, *projection.columns])
    return sql.SQL("SELECT {} FROM {} WHERE {}").format(sql.SQL(", ").join(columns), table, valid)


@pytest.mark.parametrize(
    "projection", [one for one in ALL if one.history], ids=lambda one: one.name
)
def test_the_past_is_what_a_rebuild_that_stops_there_shows(
    grown: Grown, projection: Projection
) -> None:
    """At positions along the log the versions valid there are those of a rebuild up to there."""
    live = sql.Identifier("views", projection.name)
    stopped = Table(projection, 99)
    for part in PASTS:
        position = grown.tail() // part
        with grown.connect() as conn, grown.connect() as reader:
            build(stopped, conn, reader, log="cases", upto=position)
            then = shown(projection, live, valid_at(position))
            assert differing(grown, then, shown(projection, stopped.id, valid_at(None))) == 0
            stopped.drop(conn)


@pytest.mark.parametrize(
    "projection", [one for one in ALL if one.history], ids=lambda one: one.name
)
def test_as_at_the_last_position_is_the_present(grown: Grown, projection: Projection) -> None:
    """What is known at the last position is what is known now, in every view."""
    live = sql.Identifier("views", projection.name)
    now, then = (shown(projection, live, valid_at(at)) for at in (None, grown.tail()))
    assert differing(grown, now, then) == 0


def test_lists_and_totals_as_at_the_last_position_are_the_present_ones(grown: Grown) -> None:
    """A caseload and its totals say the same of the last position as of now, and are not empty."""
    at = grown.tail()
    with grown.connect("holdfast_writer") as conn:
        assert totals(conn, on=ON) == totals(conn, on=ON, as_at=at) != ()
        for team in ("team-00", "team-19"):
            now = caseload(conn, on=ON, team=team)
            assert now.rows == caseload(conn, on=ON, as_at=at, team=team).rows != ()


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give every node of a plan that reads a table."""
    if "Relation Name" in plan:
        yield plan
    for one in plan.get("Plans", ()):
        yield from scans(one)


@pytest.mark.parametrize("past", [False, True])
def test_loading_a_case_reads_that_case_alone(grown: Grown, *, past: bool) -> None:
    """A case is found by an index: no row of another is looked at, however many there are."""
    stream, events, last = grown.ask(
        'SELECT stream, count(*), max("position") FROM record.cases GROUP BY stream'
        " ORDER BY count(*) DESC, stream LIMIT 1"
    )
    at = last if past else None
    with grown.connect("holdfast_writer") as conn:
        explain = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ") + Statements("cases").stream
        row = conn.execute(explain, (stream, at, at)).fetchone()
    assert row is not None
    (scan,) = scans(row[0][0]["Plan"])
    assert scan["Node Type"] in {"Index Scan", "Bitmap Heap Scan"}
    assert scan["Actual Rows"] == events
    assert scan.get("Rows Removed by Filter", 0) == 0
    # a page a row at the very worst, and the way down the index
    assert scan["Shared Hit Blocks"] + scan["Shared Read Blocks"] <= events + 10
    assert len(grown.doors.office.record.log.stream(UUID(str(stream)), as_at=at)) == events


def test_the_feed_gives_every_event_once(grown: Grown) -> None:
    """Whoever pages through the feed meets every position once, in order, also what comes since."""
    seen, after, more, late = 0, 0, True, False
    while more:
        answer = grown.doors.client.get(f"/v1/events?after={after}&limit=1000")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        for event in page["events"]:
            seen += 1
            assert event["position"] == seen
        after, more = page["next"], page["more"]
        if not late and seen > EVENTS // 2:
            late = True
            grown.doors.case()
    assert seen == after == grown.tail() > EVENTS + 1
