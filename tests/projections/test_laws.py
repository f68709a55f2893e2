from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from psycopg import sql

from domain.record.encoding import passages
from domain.record.server import EmbeddedServer
from domain.words import Forgotten
from projections import ALL
from projections.projection import Changes, Current, Projection, Seen
from projections.rebuild import build, prepare, rebuild, verify
from projections.table import Table, valid_at
from tests.conftest import Database
from tests.controls import ADULT, CASE
from tests.projections.conftest import Views, opened
from tests.projections.histories import MARKER, history

Room = Callable[..., AbstractContextManager[Views]]
LENGTH = 40
SEEDS = st.integers(0, 1_000_000)
POSITIONS = st.integers(1, LENGTH)
BATCHES = st.sampled_from((1, 3, 7, 500))
# HOLDFAST_EXAMPLES=50 tries that many histories nobody has tried before; without it, three known.
EXAMPLES = int(os.environ.get("HOLDFAST_EXAMPLES", "0"))
quick = settings(
    max_examples=EXAMPLES or 3,
    derandomize=not EXAMPLES,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def room(server: EmbeddedServer, template_database: str, tmp_path: Path) -> Room:
    """Give what opens a record of its own for each history."""

    @contextmanager
    def told(seed: int, length: int = LENGTH) -> Iterator[Views]:
        name = f"t_{uuid4().hex}"
        folder = tmp_path / name
        folder.mkdir()
        admin = psycopg.connect(server.conninfo("postgres", "postgres"), autocommit=True)
        with admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}".encode())
            try:
                with opened(Database(server=server, name=name), folder) as views:
                    prepare(views.connect, ALL)
                    views.tell(*history(seed, length))
                    yield views
            finally:
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    return told


def follow(views: Views, projection: Projection, batch: int) -> int:
    """Follow to the end in batches of a size."""
    with views.follower(projection) as follower:
        count = follower.catch_up(batch)
        assert follower.poison is None, (projection.name, follower.poison)
    return count


def versions(views: Views, projection: Projection) -> list[Any]:
    """List every version of a view, as text, in order."""
    query = sql.SQL("SELECT v::text FROM {} v ORDER BY 1").format(
        sql.Identifier("views", projection.name)
    )
    with views.connect() as conn:
        return conn.execute(query).fetchall()


@quick
@given(seed=SEEDS, batch=BATCHES)
def test_a_rebuild_equals_the_live_view(room: Room, seed: int, batch: int) -> None:
    """Whatever happened, in whatever batches it was followed, a rebuild gives the same versions."""
    with room(seed) as views:
        for projection in ALL:
            follow(views, projection, batch)
            found = verify(projection, views.connect)
            assert found.equal, (projection.name, found)


@quick
@given(seed=SEEDS)
def test_replaying_changes_nothing(room: Room, seed: int) -> None:
    """Following again, and after a rebuild, folds nothing again and changes no row."""
    with room(seed) as views:
        for projection in ALL:
            follow(views, projection, 7)
            before = versions(views, projection)
            assert follow(views, projection, 7) == 0
            rebuild(projection, views.connect)
            assert follow(views, projection, 7) == 0
            assert versions(views, projection) == before, projection.name


class Crash(BaseException):
    """The process dies here."""


def dying(projection: Projection, position: int) -> Projection:
    """Give a projection whose process dies at the first event from a position."""

    def fold(seen: Seen, current: Current) -> Changes:
        if seen.position >= position:
            raise Crash
        return projection.fold(seen, current)

    return replace(projection, fold=fold)


@quick
@given(seed=SEEDS, position=POSITIONS, batch=BATCHES)
def test_resuming_after_a_crash_equals_no_crash(
    room: Room, seed: int, position: int, batch: int
) -> None:
    """A process that dies at any event leaves what the next one finishes, as if it had not died."""
    with room(seed) as views:
        for projection in ALL:
            with suppress(Crash):
                follow(views, dying(projection, position), batch)
            follow(views, projection, batch)
            assert verify(projection, views.connect).equal, projection.name


@quick
@given(seed=SEEDS, position=POSITIONS)
@example(seed=1, position=LENGTH)
def test_as_at_a_position_equals_a_rebuild_that_stops_there(
    room: Room, seed: int, position: int
) -> None:
    """The versions valid at a position are the present ones of a rebuild that stops at it."""
    with room(seed) as views:
        for projection in ALL:
            follow(views, projection, 500)
            stopped = Table(projection, 99)
            with views.connect() as conn, views.connect() as reader:
                build(stopped, conn, reader, log="cases", upto=position)
            live = sql.Identifier("views", projection.name)
            then = rows(views, projection, live, valid_at(position))
            assert then == rows(views, projection, stopped.id, valid_at(None)), projection.name


def rows(
    views: Views, projection: Projection, table: sql.Identifier, valid: sql.Composable
) -> list[Any]:
    """List the rows of a table that are valid, in the order of their keys."""
    columns = map(sql.Identifier, [*projection.key, *projection.columns])
    query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {}").format(
        sql.SQL(", ").join(columns),
        table,
        valid,
        sql.SQL(", ").join(map(sql.Identifier, projection.key)),
    )
    with views.connect() as conn:
        return conn.execute(query).fetchall()


@quick
@given(seed=SEEDS)
def test_the_forgotten_appear_as_forgotten(room: Room, seed: int) -> None:
    """With their keys destroyed, every version of every view shows Forgotten, and no clear text."""
    with room(seed) as views:
        for projection in ALL:
            follow(views, projection, 500)
        for subject in (CASE, ADULT):
            views.forget(UUID(int=subject.int))
        for projection in ALL:
            query = sql.SQL("SELECT to_jsonb(v)::text FROM {} v").format(
                sql.Identifier("views", projection.name)
            )
            with views.connect() as conn:
                rows = [row[0] for row in conn.execute(query).fetchall()]
            assert not any(MARKER in row for row in rows), projection.name
            sealed = [one for row in rows for one in passages(json.loads(row))]
            assert all(isinstance(one, Forgotten) for one in views.record.unseal(sealed))


def test_every_projection_is_in_the_laws() -> None:
    """No two projections share a name, and each says how its past is found."""
    assert len({projection.name for projection in ALL}) == len(ALL)
    assert all(projection.history for projection in ALL)
