"""A demonstration whose load was cut is told on where it stopped, or refused with the remedy."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import psycopg
import pytest
from psycopg import sql

from api.clock import SystemClock, seeded
from api.demonstration import load as loading
from api.demonstration.load import load
from api.office import Office
from api.settings import Settings
from domain.adopting import AdoptPolicy, PolicyAdopted
from domain.record.server import EmbeddedServer
from domain.refusal import Refused
from domain.words import Code
from tests.conftest import OWNER, Database
from tests.doors.conftest import settings_for
from tests.doors.test_demonstration import comparable, recorded
from tests.told import TODAY, told

SEED, FEW = 2014, 10
NATIONS = (("england", "english"), ("scotland", "scottish"))
PATIENCE_S = 60
MANY = 14  # how many loads to kill, each at three points

PROGRAM = """
import sys
from datetime import date
from api.demonstration.load import load
from api.settings import read_settings
load(read_settings(), nation=sys.argv[1], today=date.fromisoformat(sys.argv[2]),
     seed=int(sys.argv[3]), cases=int(sys.argv[4]))
"""


class Killed(BaseException):
    """What ends a load inside this process, as nothing else would."""


def cut(settings: Settings, *, after: int, **more: int) -> None:
    """Load, and stop after so many steps."""

    def stop(done: int, _total: int) -> None:
        if done >= after:
            raise Killed

    with pytest.raises(Killed):
        load(
            settings,
            nation="english",
            today=TODAY,
            seed=SEED,
            cases=more.get("cases", FEW),
            progress=stop,
        )


def tail(database: Database) -> int:
    """Give the last position of the log of cases, asked without any of our code."""
    with psycopg.connect(database.conninfo()) as conn:
        return _tail(conn)


def _tail(conn: psycopg.Connection[Any]) -> int:
    row = conn.execute('SELECT coalesce(max("position"), 0) FROM record.cases').fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def loading_elsewhere(
    settings: Settings, nation: str, **environ: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Load in a process of its own; killed at the latest when the block ends."""
    program = [sys.executable, "-c", PROGRAM, nation, TODAY.isoformat(), str(SEED), str(FEW)]
    environ = {**os.environ, **settings.environ, "PYTHONPATH": ":".join(sys.path), **environ}
    with subprocess.Popen(program, env=environ) as child:
        try:
            yield child
        finally:
            child.kill()
            child.wait(PATIENCE_S)


def kill_at(database: Database, settings: Settings, nation: str, position: int) -> None:
    """Load elsewhere, and kill that once the log has come to a position."""
    with loading_elsewhere(settings, nation) as child:
        until = time.monotonic() + PATIENCE_S
        with psycopg.connect(database.conninfo(), autocommit=True) as conn:
            while _tail(conn) < position and child.poll() is None:
                assert time.monotonic() < until, "the load does not come that far"
        child.kill()  # SIGKILL


def kill_and_go_on(database: Database, folder: Path, seed: int) -> None:
    """Kill at three points drawn from a seed, try to read between them, and compare the end."""
    nation, adjective = NATIONS[seed % 2]
    settings = settings_for(database, folder)
    planned = told(nation, seed=SEED, count=FEW)
    whole = comparable([fact for stream in planned.facts.values() for fact in stream])
    chance = seeded(seed)
    for position in sorted(chance.randrange(1, len(whole) + 20) for _ in range(3)):
        kill_at(database, settings, adjective, position)
        before = tail(database)
        if before < len(whole):
            with pytest.raises(Refused, match="demo"), Office(settings):
                pass
        assert tail(database) == before
    load(settings, nation=adjective, today=TODAY + timedelta(days=seed), seed=SEED, cases=FEW)
    facts = recorded(settings)
    assert comparable(facts) == whole
    assert [one.position for one in facts] == list(range(1, len(facts) + 1))
    load(settings, nation=adjective, today=TODAY, seed=SEED, cases=FEW)
    assert tail(database) == len(facts)


@pytest.mark.parametrize("after", [-1, 0])
def test_a_load_cut_beside_its_policy_goes_on_by_the_same(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Cut just before its policy was adopted, or just after, a load plans the same and ends it."""
    settings = settings_for(database, tmp_path)
    planned = told("england", seed=SEED, count=FEW)
    asked = [type(step.command) for step in planned.plan.steps]
    with monkeypatch.context() as patch:
        patch.setattr(loading, "_TOLD_EVERY", 1)
        cut(settings, after=asked.index(AdoptPolicy) + after)
    load(settings, nation="english", today=TODAY, seed=SEED, cases=FEW)
    facts = recorded(settings)
    whole = comparable([fact for stream in planned.facts.values() for fact in stream])
    assert comparable(facts) == whole
    assert sum(isinstance(one.event, PolicyAdopted) for one in facts) == 1


# Each loads four times, mostly in processes of their own; those cut within this one run always.
@pytest.mark.long
@pytest.mark.parametrize("seed", range(MANY))
def test_a_load_killed_anywhere_goes_on_where_it_was(
    database: Database, tmp_path: Path, seed: int
) -> None:
    """Killed with kill -9 at any point, three times over, a load comes to the same record."""
    kill_and_go_on(database, tmp_path, seed)


def test_nobody_reads_or_records_before_the_history_ended(
    database: Database, tmp_path: Path
) -> None:
    """In real time a half-told record opens for nobody, changes nothing, and can be told on."""
    settings = settings_for(database, tmp_path)
    cut(settings, after=50)
    before = tail(database)
    with pytest.raises(Refused, match="holdfast demo") as refused, Office(settings):
        pass
    assert refused.value.code == "half-told"
    assert tail(database) == before
    load(settings, nation="english", today=TODAY, seed=SEED, cases=FEW)
    with Office(settings) as office:
        office.worker("made-up", "somebody", None, Code("auditor"))
        assert office.record.log.tail() > before


def test_what_real_time_wrote_behind_a_cut_load_is_kept_and_named(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where somebody recorded behind a cut load all the same, that is kept, said, and served."""
    settings = settings_for(database, tmp_path)
    cut(settings, after=50)
    with monkeypatch.context() as patch:
        patch.setattr(Office, "_refuse_half_told", lambda _office: None)  # an earlier version
        with Office(settings) as office:
            office.worker("made-up", "somebody", None, Code("auditor"))
    before = tail(database)
    with pytest.raises(Refused, match="cut short") as refused:
        load(settings, nation="english", today=TODAY, seed=SEED, cases=FEW)
    assert "HOLDFAST_DATA" in str(refused.value)
    assert "holdfast serve" in str(refused.value)
    with Office(settings) as office:
        assert office.record.log.tail() == before
        (last,) = office.record.open(office.record.log.at([before]))
        assert last.recorded_at <= SystemClock().now()


def test_other_stories_are_not_told_on_behind_these(database: Database, tmp_path: Path) -> None:
    """A load cut under one plan is not completed with another's stories."""
    settings = settings_for(database, tmp_path)
    cut(settings, after=50)
    before = tail(database)
    with pytest.raises(Refused, match="another version"):
        load(settings, nation="english", today=TODAY, seed=SEED, cases=FEW + 1)
    assert tail(database) == before
    load(settings, nation="english", today=TODAY, seed=SEED, cases=FEW)


def test_two_loads_at_once_are_one(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second load into the same record is told to wait, and the first is not disturbed."""
    settings = settings_for(database, tmp_path)
    monkeypatch.setattr(loading, "_PATIENCE_S", 0.2)
    refusals = []

    def again(done: int, _total: int) -> None:
        if done == 0:
            with pytest.raises(Refused, match="being loaded") as refused:
                load(settings, nation="english", today=TODAY, seed=SEED, cases=FEW)
            refusals.append(refused.value.code)

    load(settings, nation="english", today=TODAY, seed=SEED, cases=FEW, progress=again)
    assert refusals == ["being-loaded"]
    with Office(settings) as office:
        assert not office.half_told


# ----------------------------------------------------------------------- the same each time


@pytest.fixture
def another(server: EmbeddedServer, template_database: str) -> Iterator[Database]:
    """Give a second empty database beside the test's own, of the same authority."""
    name = sql.Identifier(f"t_{uuid4().hex}")
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template_database))
    with psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True) as conn:
        conn.execute(made)
        yield Database(server=server, name=name.as_string().strip('"'))
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.mark.parametrize(
    ("nation", "adjective"),
    [NATIONS[0], pytest.param(*NATIONS[1], marks=pytest.mark.long)],
)
def test_the_same_seed_and_day_make_the_same_log(
    database: Database, another: Database, tmp_path: Path, nation: str, adjective: str
) -> None:
    """Two loads, one of another process, are one log byte for byte but for keys and salts."""
    folders = (tmp_path / "here", tmp_path / "there")
    for folder in folders:
        folder.mkdir()
    here, there = settings_for(database, folders[0]), settings_for(another, folders[1])
    load(here, nation=adjective, today=TODAY, seed=SEED, cases=FEW)
    with loading_elsewhere(there, adjective, PYTHONHASHSEED="7") as child:
        assert child.wait(PATIENCE_S) == 0
    assert opened(here) == opened(there)
    planned = told(nation, seed=SEED, count=FEW)
    assert len(opened(here)) > sum(map(len, planned.facts.values()))


def opened(settings: Settings) -> list[object]:
    """Give every row as it stands, with its passages in clear and without salts.

    The opening was asked by no step, so its command is a new one each time.
    """
    with Office(settings) as office:
        rows = office.record.log.read(0, limit=100_000)
        return [
            (
                row.position,
                row.stream,
                row.version,
                row.recorded_at,
                row.name,
                plain(orjson.loads(row.header), office) if row.position > 1 else None,
                plain(orjson.loads(row.payload), office),
            )
            for row in rows
        ]


def plain(value: Any, office: Office) -> Any:  # noqa: ANN401 — any JSON
    """Give JSON without salts, each sealed passage as what it says."""
    if isinstance(value, list):
        return [plain(member, office) for member in value]
    if not isinstance(value, dict):
        return value
    if "key" in value and "at" in value:
        (passage,) = office.record.unseal([value])
        return (value["at"], getattr(passage, "text", "forgotten"))
    made = {"salt", *(("digest", "sha256") if "sha256" in value else ())}  # of what was filed: by
    # a key and a salt of its own
    return {name: plain(member, office) for name, member in value.items() if name not in made}
