"""What a test is given when it asks for a database."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from domain.record.server import EmbeddedServer
from tests.conftest import Database


@pytest.mark.parametrize("turn", ["first", "second"])
def test_no_test_sees_what_another_wrote(database: Database, turn: str) -> None:
    """Each test has a database of its own: the same table can be made twice."""
    with psycopg.connect(database.conninfo()) as connection:
        connection.execute("CREATE TABLE seen (turn text)")
        connection.execute("INSERT INTO seen VALUES (%s)", (turn,))
        assert connection.execute("SELECT turn FROM seen").fetchall() == [(turn,)]


def test_tests_run_as_durably_as_life(database: Database) -> None:
    """The tests' server keeps every promise of durability that production's keeps."""
    with psycopg.connect(database.conninfo()) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
            assert row == ("on",), setting


def test_one_server_serves_the_run(server: EmbeddedServer, request: pytest.FixtureRequest) -> None:
    """A worker of xdist attaches to the controller's server and never owns it."""
    is_worker = hasattr(request.config, "workerinput")
    assert server.owner is not is_worker
    with psycopg.connect(server.conninfo("postgres", "postgres")) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    assert Path(row[0]).is_absolute()
