"""A story told once a run; each test that goes on from its end has a copy of its database.

Telling a whole case takes up to half a minute, copying a database a tenth of a second, and no test
sees what another adds.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from api.clock import FixedClock
from api.office import Office
from domain.record.server import EmbeddedServer
from tests.conftest import OWNER, Database, copy_database
from tests.doors.conftest import Doors, opened_doors, settings_for
from tests.doors.scripted import Script, an_office

Story = Callable[[Doors], Script]
Tell = Callable[[Story], Script]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where a story ended: its database, the folder of its keys, its clock, and the script."""

    database: str
    folder: Path
    at: datetime
    script: Script  # its doors are closed: they are no part of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who tells the stories of one nation, from a day on, in databases of one server."""

    server: EmbeddedServer
    template: str
    nation: str
    first: str
    kept: Path  # where this run's processes, or this process alone, keep what has been told

    def retold(self, story: Story, folder: Path) -> AbstractContextManager[Script]:
        """Give a story's script at its end, with open doors on a copy of its database."""
        return self._copied(self._once(story), folder / "copied")

    def _once(self, story: Story) -> Told:
        """Tell it unless it has been told; whoever else asks for it meanwhile waits."""
        name = f"{story.__module__}.{story.__qualname__} {self.nation} {self.first}"
        digest = hashlib.sha256(f"{self.kept} {name}".encode()).digest()
        folder = self.kept / digest.hex()[:16]
        ended = folder / "ended"
        with self._admin() as admin:
            lock = int.from_bytes(digest[:8], signed=True)
            admin.execute("SELECT pg_advisory_lock(%s)", (lock,))
            if not ended.exists():
                # What a telling that failed left is in nobody's way.
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                ended.write_bytes(pickle.dumps(self._told(story, folder / "keys")))
        told = pickle.loads(ended.read_bytes())  # noqa: S301 — of this run's own making
        assert isinstance(told, Told)
        return told

    def _told(self, story: Story, folder: Path) -> Told:
        folder.mkdir()
        database = Database(server=self.server, name=f"told_{uuid4().hex}")
        self._made(database.name, self.template)
        with an_office(database, folder, self.nation, self.first) as office:
            with opened_doors(office) as doors:
                script = story(doors)
                doors.catch_up()
            at = office.clock.now()
        closed = replace(script, doors=Doors(office=None, client=None))  # type: ignore[arg-type]
        return Told(database=database.name, folder=folder, at=at, script=closed)

    @contextmanager
    def _copied(self, told: Told, folder: Path) -> Iterator[Script]:
        shutil.copytree(told.folder, folder)
        database = Database(server=self.server, name=f"t_{uuid4().hex}")
        self._made(database.name, told.database)
        settings = settings_for(database, folder, HOLDFAST_NATION=self.nation)
        with Office(settings, clock=FixedClock(told.at)) as office, opened_doors(office) as doors:
            refs, versions = dict(told.script.refs), dict(told.script.versions)
            yield replace(told.script, doors=doors, refs=refs, versions=versions)
        with self._admin() as admin:
            admin.execute(f"DROP DATABASE {database.name} WITH (FORCE)")

    @contextmanager
    def telling(self, folder: Path) -> Iterator[Tell]:
        """Give who tells stories; what they are told on is open until then."""
        with ExitStack() as opened:
            yield lambda story: opened.enter_context(self.retold(story, folder))

    def _made(self, name: str, template: str) -> None:
        with self._admin() as admin:
            copy_database(admin, name, template)

    def _admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.server.conninfo("postgres", OWNER), autocommit=True)


@contextmanager
def telling(request: pytest.FixtureRequest, nation: str, first: str) -> Iterator[Tell]:
    """Give a test who tells stories of a nation, from a day on, on databases of the test's own."""
    temporary: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    base = temporary.getbasetemp()
    # The workers of a run tell it once for all. Any other process for itself: it may be a fork that
    # was given other code to tell with.
    shared = hasattr(request.config, "workerinput")
    teller = Teller(
        server=request.getfixturevalue("server"),
        template=request.getfixturevalue("template_database"),
        nation=nation,
        first=first,
        kept=(base.parent if shared else base) / ("told" if shared else f"told-{os.getpid()}"),
    )
    with teller.telling(request.getfixturevalue("tmp_path")) as tell:
        yield tell
