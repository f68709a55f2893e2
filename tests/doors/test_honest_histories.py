"""Nothing is cried out over honest records, whatever happened to them: no false alarm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from domain.record.server import EmbeddedServer
from tests.conftest import OWNER, Database, a_folder, copy_database
from tests.doors.honest import Life, Outside, alarms
from tests.doors.test_anchored import authority  # noqa: F401 — a fixture
from tests.record.proof.stub_witness import StubWitness

QUICK, ALL = range(10), range(10, 200)
Lived = Callable[[int], list[str]]


@pytest.fixture(scope="module")
def outside(authority: tuple[str, Path]) -> Iterator[Outside]:  # noqa: F811 — the fixture
    """Three witnesses and a time-stamp authority."""
    with (
        StubWitness("council.example/w1", bytes([1]) * 32) as first,
        StubWitness("regulator.example/w2", bytes([2]) * 32) as second,
        StubWitness("partner.example/w3", bytes([3]) * 32) as third,
    ):
        yield Outside([first, second, third], authority)


@pytest.fixture
def lived(
    server: EmbeddedServer,
    template_database: str,
    outside: Outside,
    monkeypatch: pytest.MonkeyPatch,
) -> Lived:
    """Give what lives the history of a seed in a database of its own, and verifies it."""

    @contextmanager
    def fresh() -> Iterator[Database]:
        name = f"t_{uuid4().hex}"
        with psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True) as admin:
            copy_database(admin, name, template_database)
            yield Database(server=server, name=name)
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def live(seed: int) -> list[str]:
        with (
            fresh() as database,
            a_folder() as folder,
            monkeypatch.context() as env,
            Life(seed, database, folder, outside, env) as life,
        ):
            try:
                for _ in range(life.random.randint(4, 16)):
                    life.happen()
                found = alarms(life)
            except BaseException:
                print(f"seed {seed}: {' '.join(life.told)}")  # noqa: T201 — to run it again
                raise
            return [f"after {' '.join(life.told)}: {one}" for one in found]

    return live


@pytest.mark.parametrize("seed", QUICK)
def test_no_false_alarm(lived: Lived, seed: int) -> None:
    """`holdfast verify` and the verifier of one file find nothing wrong with what was honest."""
    assert lived(seed) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", ALL)
def test_no_false_alarm_long(lived: Lived, seed: int) -> None:
    """The same of two hundred histories in all."""
    assert lived(seed) == []
