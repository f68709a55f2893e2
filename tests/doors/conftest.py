"""An office on a test's own database, the application on it, and a client that is somebody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from psycopg import Connection

from api.app import create_app
from api.cli import run
from api.keys import make_master_key
from api.office import Office
from api.settings import Settings, read_settings
from api.views import every
from domain.access import DocumentKept
from domain.record.server import EmbeddedServer
from projections import ALL
from projections.people import people
from projections.rebuild import prepare
from projections.runner import Follower
from tests.conftest import LOGIN, OWNER, Database, a_database, copy_database, once
from tests.doors.browsing import address, browser  # noqa: F401 — fixtures of the pages' tests

HERE = "http://127.0.0.1"
WITH_ENTRIES = (
    *("--with-entries", "--recipient", "audit-office", "--purpose", "audit"),
    *("--role", "auditor"),
)
ME = ("127.0.0.1", 50000)


def settings_for(database: Database, folder: Path, **changed: str) -> Settings:
    """Give the settings of a service on a test's database, its keys in a folder of the test."""
    settings = read_settings(
        {
            "DATABASE_URL": database.conninfo(LOGIN),
            "HOLDFAST_DATA": str(folder),
            "HOLDFAST_DEVELOPMENT_IDENTITY": "1",
            **changed,
        }
    )
    if not settings.master_key_file.exists():
        make_master_key(settings)
    return settings


@dataclass(slots=True)
class Doors:
    """The application of an office, and somebody at its door."""

    office: Office
    client: TestClient
    followers: list[Follower] = field(default_factory=list)

    def post(
        self,
        path: str,
        body: Any,  # noqa: ANN401 — any JSON
        *,
        version: int | str | None = None,
        key: str | None = None,
        **headers: str,
    ) -> Response:
        """Send a command, under a new key unless one is given."""
        sent = {"Idempotency-Key": key or str(uuid4()), **_named(headers)}
        if version is not None:
            sent["If-Match"] = f'"{version}"'
        return self.client.post(path, json=body, headers=sent)

    def get(self, path: str, **headers: str) -> Response:
        """Read something, in the views that there are so far."""
        self.catch_up()
        return self.client.get(path, headers=_named(headers))

    def catch_up(self) -> None:
        """Bring every view up to date, as the second process does."""
        for follower in self.followers:
            follower.catch_up()

    def person(self, **details: str) -> str:
        """Register a person; give the reference."""
        answer = self.post("/v1/persons", {"command": {"details": details}})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["stream"])

    def renamed(self, person: str) -> None:
        """Record another name of a person."""
        body = {"command": {"details": {"name": "Renamed Example"}}}
        version = len(self.office.record.log.stream(UUID(person)))
        answer = self.post(f"/v1/persons/{person}/record-person-details", body, version=version)
        assert answer.status_code == 201, answer.text

    def case(self, adult: str | None = None, **more: Any) -> str:  # noqa: ANN401 — any JSON
        """Begin a case; give its reference."""
        answer = self.post("/v1/cases", {"command": referral(adult or self.person(), **more)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["stream"])

    def linked(self, case: str, large_scale: str, **more: str) -> None:
        """Link a case to a large-scale enquiry."""
        version = len(self.office.record.log.stream(UUID(case)))
        body = {"command": {"large_scale": large_scale, **more}}
        answer = self.post(f"/v1/cases/{case}/link-large-scale-enquiry", body, version=version)
        assert answer.status_code == 201, answer.text

    def readings(self) -> list[Any]:
        """Every look and search in the log of readings, in order; not what was kept there."""
        facts = self.office.readings.open(self.office.readings.log.read(0))
        return [fact.event for fact in facts if not isinstance(fact.event, DocumentKept)]


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def referral(adult: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 — any JSON
    """Give the command of a plain referral."""
    return {
        "adult": adult,
        "received": "2026-11-02",
        "channel": "telephone",
        "referrer_role": "home_care",
        "account": "Two carers did not come.",
        "allegations": [{"type": "neglect", "source": "provider_private", "location": "own_home"}],
        **more,
    }


@contextmanager
def opened_doors(office: Office) -> Iterator[Doors]:
    """Open the doors of an office, with the development identity and every view prepared."""

    def connect() -> Connection[Any]:
        return office.database.connect("holdfast_projector")

    opened: list[Connection[Any]] = []

    def connect_once() -> Connection[Any]:
        """One connection for all that follow: they take turns here, and opening it takes longest.

        It does not do for a rebuild, which reads by one and writes by another.
        """
        if not opened or opened[-1].closed:
            opened.append(connect())
        return opened[-1]

    views = every(office)
    prepare(connect, views)
    followers = [Follower(one, connect_once, unseal=office.record.unseal) for one in views]
    try:
        with TestClient(
            create_app(office), base_url=HERE, client=ME, raise_server_exceptions=False
        ) as client:
            yield Doors(office, client, followers)
    finally:
        for follower in followers:
            follower.close()


@pytest.fixture(scope="session")
def template_database(server: EmbeddedServer, template_database: str) -> str:
    """Give the name of a template that has every view too, each still empty."""
    return once(
        server, "holdfast_template_seen", lambda server: _with_views(server, template_database)
    )


def _with_views(server: EmbeddedServer, template: str) -> str:
    name = "holdfast_template_seen_new"
    with psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}")
        copy_database(admin, name, template)

    def connect() -> Connection[Any]:
        conn = psycopg.connect(server.conninfo(name, LOGIN), autocommit=True)
        conn.execute("SET ROLE holdfast_projector")
        return conn

    # The key of the search for names is each office's own; the tables are the same for any.
    prepare(connect, (*ALL, people(b"no office's key".ljust(32))))
    return name


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    """Give an open office on this test's database."""
    with Office(settings_for(database, tmp_path)) as opened:
        yield opened


@pytest.fixture
def doors(office: Office) -> Iterator[Doors]:
    """Give the doors of that office."""
    with opened_doors(office) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(
    server: EmbeddedServer, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Doors]:
    """Give doors that the tests of a file share, where each only adds what is its own."""
    with a_database(server, template_database) as database:
        settings = settings_for(database, tmp_path_factory.mktemp("keys"))
        with Office(settings) as office, opened_doors(office) as opened:
            yield opened


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection as the database's owner, who may do to it what life may do."""
    with psycopg.connect(database.server.conninfo("postgres", "postgres"), autocommit=True) as conn:
        yield conn


@dataclass(frozen=True, slots=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 — any JSON
        """The answer."""
        return json.loads(self.out)


Cli = Callable[..., Said]


@pytest.fixture
def cli(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Cli:
    """Give the command line of a record on the test's own database."""
    settings = settings_for(database, tmp_path)
    monkeypatch.setenv("DATABASE_URL", database.conninfo(LOGIN))
    monkeypatch.setenv("HOLDFAST_OWNER_URL", database.conninfo(OWNER))
    monkeypatch.setenv("HOLDFAST_DATA", str(settings.data))

    def ask(*arguments: str) -> Said:
        capfd.readouterr()
        code = run(list(arguments))
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return Said(code, said.out, said.err)

    return ask
