"""What each release recorded is opened, proved and counted by this one, from its whole database."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import psycopg
import pytest
from psycopg import Connection, sql

from api.keys import KEYRING
from api.office import Office
from api.views import every
from domain.catalogue import CASE, EVENTS
from domain.erasure import Erasures, erased_until
from domain.record.migration import bring_up
from domain.record.server import EmbeddedServer
from projections.rebuild import rebuild
from tests.conftest import AUTHORITY, LOGIN, OWNER, Database
from tests.doors.conftest import opened_doors
from tests.doors.listed import DAY
from tests.doors.scripted import an_office
from tests.released.__main__ import (
    FOLDER,
    FORMS,
    examples,
    found_in,
    key_of,
    place,
    program,
)

FROZEN = sorted(path.relative_to(FOLDER) for path in FOLDER.glob(f"*/{FORMS}"))
KEPT = sorted(path.relative_to(FOLDER) for path in FOLDER.glob("*/*.dump"))


@pytest.fixture(params=KEPT, ids=str)
def restored(
    request: pytest.FixtureRequest,
    server: EmbeddedServer,
    template_database: str,  # with it the server's roles, which a database's dump does not hold
    tmp_path: Path,
) -> Iterator[tuple[Office, dict[str, Any]]]:
    """Give an office, not open yet, on a release's database brought up to date, and its notes."""
    assert template_database
    release, nation = request.param.parent.name, request.param.stem
    dump, keyring, notes = place(release, nation)
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / KEYRING).write_bytes(keyring.read_bytes())
    (keys / "master.key").write_bytes(key_of(release))
    database = Database(server=server, name=f"t_{uuid4().hex}")
    with psycopg.connect(server.conninfo("postgres", OWNER), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database.name)))
        to = f"--dbname={database.conninfo()}"
        subprocess.run([program("pg_restore"), "--exit-on-error", to, str(dump)], check=True)
        bring_up(database.conninfo(), authority=AUTHORITY, login=LOGIN)
        yield an_office(database, tmp_path, nation, DAY), orjson.loads(notes.read_bytes())
        admin.execute(f"DROP DATABASE {database.name} WITH (FORCE)")


def test_a_release_kept_its_record(restored: tuple[Office, dict[str, Any]]) -> None:
    """A release's database is brought up to date, proves what it proved, and opens to its last.

    Nothing it recorded is lost or is another: sizes and roots are those noted, every passage opens
    or is forgotten, and there are as many events of each name and version.
    """
    office, noted = restored
    with office:
        found = found_in(office)
    assert found["logs"] == noted["logs"]
    assert found["events"] == noted["events"]


def test_its_cases_are_shown_and_counted(restored: tuple[Office, dict[str, Any]]) -> None:
    """Every view is made anew from a release's record, and each case is told and judged."""
    office, _ = restored
    with office:

        def connect() -> Connection[Any]:
            return office.database.connect("holdfast_projector")

        with opened_doors(office) as doors:
            for view in every(office):
                rebuild(view, connect, unseal=office.record.unseal)
            facts = office.record.open(office.record.log.read(0))
            began = {one.stream for one in facts if EVENTS[one.header.name].stream == CASE}
            assert began
            # One of them is restricted: for this purpose it may be read all the same.
            someone = {"Holdfast_Role": "manager", "Holdfast_Purpose": "legal_claim"}
            for case in began:
                for what in ("", "/timeline", "/findings?show=all"):
                    told = doors.get(f"/v1/cases/{case}{what}", **someone)
                    assert told.status_code == 200, (what, told.text)
                page = doors.get(f"/cases/{case}?purpose=legal_claim", **someone)
                assert page.status_code == 200, page.text


def test_its_erasures_rest_on_what_they_had_to(restored: tuple[Office, dict[str, Any]]) -> None:
    """What was lawful in that release is lawful: `verify` raises no alarm of what was honest."""
    office, _ = restored
    with office:
        erasures = Erasures(office.record)
        assert list(erasures.accounts().wrong()) == []
        assert erasures.until() == erased_until(office.record.log)
        assert any(erasures.until())


@pytest.mark.parametrize("path", FROZEN, ids=str)
def test_a_stored_form_that_was_released_is_never_edited(path: Path) -> None:
    """What an event looked like in a release stands as it was: a change is another version."""
    frozen = orjson.loads((FOLDER / path).read_bytes())
    assert frozen
    assert {name: digest for name, digest in examples().items() if name in frozen} == frozen
