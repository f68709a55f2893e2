"""Where the benchmarks run: a server of their own, settings as in life, 200 people with keys."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from api.clock import SystemClock, entropy, new_reference
from domain import when
from domain.record.keyring import Keyring, WrappingKeys, open_keyring
from domain.record.log import Appended, Log
from domain.record.migration import migrate
from domain.record.record import Part, Record
from domain.record.server import EmbeddedServer, ServerSettings
from domain.words import Actor, Code, Particulars, Passage, Personal, Slug, WorkerRef

LOGIN = "holdfast_app"
SUBJECTS = 200
TEXT = "She told the worker that the door is locked from outside. " * 4  # 232 characters
_KIND = Code("telephone")
_DIGEST = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTaken:
    """An ordinary event: a code and one passage."""

    kind: Code
    text: Passage


class Notes:
    """A catalogue of that one event."""

    def describe(self, cls: type) -> tuple[str, int]:
        """The stored name and version."""
        if cls is not NoteTaken:
            raise KeyError(cls.__name__)
        return "note-taken", 1

    def resolve(self, name: str) -> type:
        """The class of a stored name."""
        return {"note-taken": NoteTaken}[name]

    def upcast(self, name: str, version: int, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing is old here."""
        if (name, version) != ("note-taken", 1):
            raise KeyError(name)
        return data


@dataclass(frozen=True, slots=True)
class Site:
    """All that another process needs to work on the same record."""

    conninfo: str
    owner: str
    authority: UUID
    keys: Path
    master: bytes
    subjects: tuple[UUID, ...]

    def connect(self) -> psycopg.Connection[Any]:
        """Connect as the writer."""
        return psycopg.connect(self.conninfo, autocommit=True, options="-c role=holdfast_writer")

    def wrapping(self) -> WrappingKeys:
        """Open the file of wrapping keys."""
        return WrappingKeys(self.keys / "keyring.json", self.master, entropy)

    def socket(self) -> Mapping[str, Any]:
        """Where the server listens, in libpq's words."""
        return conninfo_to_dict(self.conninfo)

    @contextmanager
    def record(self) -> Iterator[Record]:
        """Open the record of cases, as the application does."""
        options = {"autocommit": True, "options": "-c role=holdfast_writer"}
        with ConnectionPool(self.conninfo, min_size=1, max_size=8, kwargs=options) as pool:
            clock = SystemClock()
            log = Log(
                "cases", authority=self.authority, connect=self.connect, pool=pool, clock=clock
            )
            yield Record(log, Keyring(pool, self.wrapping(), entropy), Notes(), clock, entropy)
            log.close()


@contextmanager
def site() -> Iterator[Site]:
    """Start a server in a temporary folder and prepare a record in it."""
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account root hands PostgreSQL to must reach it
        with EmbeddedServer(ServerSettings(root=folder / "server")) as server:
            with psycopg.connect(server.conninfo("postgres", "postgres"), autocommit=True) as conn:
                conn.execute("CREATE DATABASE bench")
                conn.execute("CREATE DATABASE stock")
            owner = server.conninfo("bench", "postgres")
            authority = migrate(owner, authority=new_reference(), login=LOGIN).authority
            opened = Site(
                server.conninfo("bench", LOGIN),
                owner,
                authority,
                folder,
                entropy(32),
                tuple(new_reference() for _ in range(SUBJECTS)),
            )
            keeper = psycopg.connect(
                opened.conninfo, autocommit=True, options="-c role=holdfast_keeper"
            )
            with keeper:
                open_keyring(keeper, opened.wrapping())
            with opened.record() as record:
                for subject in opened.subjects:
                    note(record, subject)
            yield opened


ACTOR = Actor(worker=WorkerRef(new_reference()), role=Code("bench"), organisation=Slug("council"))
PARTICULARS = Particulars(occurred=when.unknown())


def note(record: Record, about: UUID, *, stream: UUID | None = None, after: int = 0) -> Appended:
    """Record one event with one passage, as a command of its own."""
    event = NoteTaken(kind=_KIND, text=Personal(about, TEXT))
    return record.append(
        [Part(stream or new_reference(), after, (event,))],
        actor=ACTOR,
        particulars=PARTICULARS,
        command=new_reference(),
        digest=_DIGEST,
    )
