"""An office on the test's own database, with time standing still, and chronologies to take in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from api.chronologies.entries import Read, read_entries
from api.chronologies.loading import Loaded, Target, load, new_target
from api.chronologies.sheet import Sheet, read_sheet
from api.clock import FixedClock, entropy
from api.office import Office
from api.settings import read_settings
from domain.handle import Ask
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.person import Details, RegisterPerson
from domain.when import instant
from domain.words import Actor, Code, Particulars, PersonRef, Slug
from tests.conftest import LOGIN, OWNER, Database

CHRONOLOGIES = Path(__file__).parent.parent / "chronologies"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def entries_of(path: Path, nation: Jurisdiction = ENGLAND) -> tuple[Sheet, Read]:
    """Read a file's entries by a nation's law; no record is asked."""
    sheet = read_sheet(path)
    return sheet, read_entries(sheet, jurisdiction=nation, now=NOW, agency=None)


@pytest.fixture
def nation() -> str:
    """Name the nation of the record; a test parametrises it to be in the other."""
    return "england"


@pytest.fixture
def office(database: Database, tmp_path: Path, nation: str) -> Iterator[Office]:
    """Give an office of an empty record of a nation, its clock stopped at noon."""
    with an_office(database, tmp_path, nation) as opened:
        yield opened


@contextmanager
def an_office(database: Database, folder: Path, nation: str) -> Iterator[Office]:
    """Open an office on a database, its keys in a folder."""
    master = folder / "master.key"
    master.write_bytes(entropy(32))
    (folder / "keys").mkdir()
    settings = read_settings(
        {
            "DATABASE_URL": database.conninfo(LOGIN),
            "HOLDFAST_OWNER_URL": database.conninfo(OWNER),
            "HOLDFAST_DATA": str(folder / "data"),
            "HOLDFAST_MASTER_KEY_FILE": str(master),
            "HOLDFAST_KEYS": str(folder / "keys"),
            "HOLDFAST_NATION": nation,
        }
    )
    with Office(settings, clock=FixedClock(NOW)) as opened:
        yield opened


@pytest.fixture
def manager(office: Office) -> Actor:
    """Give a manager of the council."""
    return a_manager(office)


def a_manager(office: Office) -> Actor:
    """Register a manager of the council."""
    worker = office.worker("local", "tests", None, Code("manager"))
    return Actor(worker=worker, role=Code("manager"), organisation=Slug("council"))


@dataclass(frozen=True, slots=True)
class Importer:
    """Takes a file into the office, as the command line does."""

    office: Office
    manager: Actor

    def read(self, path: Path) -> tuple[Sheet, Read]:
        """Read a file's entries."""
        return entries_of(path, self.office.jurisdiction)

    def adult(self) -> PersonRef:
        """Register somebody, of whom nothing is told."""
        person, when = PersonRef(uuid4()), instant(NOW)
        self.office.handler.handle(
            Ask(
                command=RegisterPerson(person=person, details=Details()),
                stream=person,
                expected_version=0,
                actor=self.manager,
                particulars=Particulars(occurred=when),
                id=uuid4(),
                digest=b"register",
            )
        )
        return person

    def into(self, path: Path, where: Target | None = None) -> tuple[Target, Loaded]:
        """Load a file into a case, or into one of its own."""
        sheet, read = self.read(path)
        assert read.errors == ()
        where = where or new_target(self.office, sheet.digest, None)
        return where, load(self.office, where, read.entries, actor=self.manager)


@pytest.fixture
def importer(office: Office, manager: Actor) -> Importer:
    """Give somebody who takes files in."""
    return Importer(office, manager)
