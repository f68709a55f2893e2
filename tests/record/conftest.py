"""The record's own fixtures: a log, a keyring and a tiny catalogue without safeguarding words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from api.clock import SystemClock, entropy
from domain import when
from domain.kept import DocumentKept
from domain.record.documents import Documents
from domain.record.encoding import kebab
from domain.record.keyring import Keyring, WrappingKeys, open_keyring
from domain.record.log import Appended, Clock, Log
from domain.record.migration import migrate
from domain.record.record import Part, Record
from domain.record.server import EmbeddedServer, ServerSettings
from domain.record.verification import Report, verify
from domain.words import Actor, Code, Particulars, Passage, Personal, Slug, WorkerRef
from tests.conftest import AUTHORITY, LOGIN, OWNER, Database, a_folder
from tests.record.serving import (  # noqa: F401 - fixtures of test_server*.py among them
    begin,
    begun,
    cluster_made,
    folders,
    root,
)

ACTOR = Actor(worker=WorkerRef(uuid4()), role=Code("practitioner"), organisation=Slug("council"))
NOW = Particulars(occurred=when.unknown())


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTaken:
    """The one event these tests need."""

    kind: Code
    text: Passage


class TinyCatalogue:
    """A catalogue of one event."""

    def describe(self, cls: type) -> tuple[str, int]:
        """Give the stored name and version."""
        return kebab(cls.__name__), 1

    def resolve(self, name: str) -> type:
        """Give the class of a stored name."""
        return {"note-taken": NoteTaken, "document-kept": DocumentKept}[name]

    def upcast(self, name: str, version: int, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing is old here."""
        assert (name, version) in {("note-taken", 1), ("document-kept", 1)}
        return data


@dataclass(slots=True)
class House:
    """A record on a test's own database, and the ways into it."""

    database: Database
    keys: Path
    master: bytes
    pool: ConnectionPool[Any]
    logs: list[Log] = field(default_factory=list)
    damaged: bool = False  # on purpose, by the test
    opaque: bool = True  # until a Record writes, events are whatever the test made up

    def verify(self, name: str = "cases", heads: Mapping[int, bytes] | None = None) -> Report:
        """Read a log again: with contents and keys, unless the test made up its events."""
        known: dict[str, Any] = {}
        if not self.opaque:
            keyring = Keyring(self.pool, self.wrapping(), entropy)
            known = {"catalogue": TinyCatalogue(), "keyring": keyring}
        with self.connect() as conn:
            return verify(conn, name, heads=heads, **known)

    def connect(self, role: str = "holdfast_writer") -> psycopg.Connection[Any]:
        """Connect as the application's login with one role on."""
        return psycopg.connect(
            self.database.conninfo(LOGIN), autocommit=True, options=f"-c role={role}"
        )

    def wrapping(self) -> WrappingKeys:
        """Open the file of wrapping keys."""
        return WrappingKeys(self.keys / "keyring.json", self.master, entropy)

    def log(self, name: str = "cases", clock: Clock | None = None) -> Log:
        """Open a log, as another process would."""
        log = Log(
            name,
            authority=AUTHORITY,
            connect=self.connect,
            pool=self.pool,
            clock=clock or SystemClock(),
        )
        self.logs.append(log)
        return log

    def record(self, clock: Clock | None = None) -> Record:
        """Open the record of cases, as another process would."""
        return self._record("cases", clock or SystemClock())

    def documents(self) -> Documents:
        """Open the documents, and the log of readings they are entered in."""
        readings = self._record("readings", SystemClock())
        return Documents(self.pool, readings.keyring, entropy, readings)

    def _record(self, name: str, clock: Clock) -> Record:
        with self.connect("holdfast_keeper") as conn:
            open_keyring(conn, self.wrapping())
        self.opaque = False
        keyring = Keyring(self.pool, self.wrapping(), entropy)
        return Record(self.log(name, clock), keyring, TinyCatalogue(), clock, entropy)


def note(record: Record, about: UUID, text: str = "a passage", **where: Any) -> Appended:  # noqa: ANN401 — stream, after, command
    """Record one event with one passage about somebody, as a command of its own."""
    stream, command = where.get("stream", uuid4()), where.get("command", uuid4())
    event = NoteTaken(kind=Code("telephone"), text=Personal(about, text))
    return record.append(
        [Part(stream, where.get("after", 0), (event,))],
        actor=ACTOR,
        particulars=NOW,
        command=command,
        digest=sha256(text.encode()).digest(),
    )


@contextmanager
def opened(database: Database, keys: Path) -> Iterator[House]:
    """Open a record's house; at the end each log that was used has to prove itself."""
    with ConnectionPool(
        database.conninfo(LOGIN),
        min_size=1,
        max_size=40,
        kwargs={"autocommit": True, "options": "-c role=holdfast_writer"},
    ) as pool:
        house = House(database, keys, entropy(32), pool)
        yield house
        for log in house.logs:
            log.close()
        for name in {log.name for log in house.logs} if not house.damaged else ():
            house.verify(name).demand()


@contextmanager
def own_house(cluster: Path) -> Iterator[House]:
    """Open a record on a server of its own, for tests about the server's files or its death.

    `cluster`: the data folder of a new one, to begin with a copy of (`cluster_made`).
    """
    with a_folder() as folder:
        begin(folder / "server", cluster)
        with EmbeddedServer(ServerSettings(root=folder / "server")) as server:
            with psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True) as conn:
                conn.execute("CREATE DATABASE own")
            database = Database(server, "own")
            migrate(database.conninfo(), authority=AUTHORITY, login=LOGIN)
            with opened(database, folder) as house:
                yield house


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    """Give a record's house; afterwards each log that was used has to prove itself."""
    with opened(database, tmp_path) as house:
        yield house
