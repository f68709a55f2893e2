"""A story told once a process; each test that goes on from its end has a copy of its database.

Telling a whole case takes seconds, copying a database a tenth of one, and no test sees what another
adds.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg

from api.clock import FixedClock
from api.office import Office
from domain.record.server import EmbeddedServer
from tests.conftest import OWNER, Database
from tests.doors.conftest import Doors, opened_doors, settings_for
from tests.doors.scripted import Script, an_office

Story = Callable[[Doors], Script]
Tell = Callable[[Story], Script]
_TOLD: Final = dict[Story, "Told"]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where a story ended: its database, the folder of its keys, its clock, and the script."""

    database: str
    folder: Path
    at: datetime
    script: Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who tells the stories of one nation, from a day on, in databases of one server."""

    server: EmbeddedServer
    template: str
    nation: str
    first: str

    def retold(self, story: Story, folder: Path) -> AbstractContextManager[Script]:
        """Give a story's script at its end, with open doors on a copy of its database."""
        if story not in _TOLD:
            told = folder / "told"
            told.mkdir()
            _TOLD[story] = self._told(story, told)
        return self._copied(_TOLD[story], folder / "copied")

    def _told(self, story: Story, folder: Path) -> Told:
        database = Database(server=self.server, name=f"told_{uuid4().hex}")
        self._made(database.name, self.template)
        with an_office(database, folder, self.nation, self.first) as office:
            with opened_doors(office) as doors:
                script = story(doors)
                doors.catch_up()
            at = office.clock.now()
        return Told(database=database.name, folder=folder, at=at, script=script)

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
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.server.conninfo("postgres", OWNER), autocommit=True)
