"""After a restore a log's proof begins again, under the name it had, whatever was signed so far."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from api.office import Office
from api.proving import INTEGRATOR, Prover, begin_again
from domain.record.merkle import EMPTY_ROOT
from domain.record.migration import LOGS
from domain.record.proof.checkpoint import read_checkpoint
from domain.record.proof.lives import Incarnation, incarnations
from domain.record.proof.note import read_note
from domain.record.verification import verify
from tests.conftest import AUTHORITY, OWNER, Database
from tests.doors.conftest import Doors, opened_doors, settings_for

UNNAMED = f"holdfast.invalid/{AUTHORITY}"
NAMED = "record.council.example"


@contextmanager
def opened(database: Database, folder: Path, **changed: str) -> Iterator[Doors]:
    """Open the doors of an office, begun again or not, with these settings."""
    settings = settings_for(database, folder, **changed)
    with Office(settings) as office, opened_doors(office) as doors:
        yield doors


def plain(origin: str) -> str:
    """Give the name without the moment of a restoring."""
    return re.sub(r"/since-\d{8}T\d{12}Z/", "/", origin)


def prove(doors: Doors) -> str:
    """Do what a new leader does; give the origin that is published."""
    with doors.office.database.connect(INTEGRATOR) as conn:
        prover = Prover(doors.office, "cases", conn)
        while not prover.lead():
            pass
        prover.step(head=True)
    raw = (doors.office.settings.proof / "cases" / "checkpoint").read_bytes()
    return plain(read_checkpoint(read_note(raw)[0]).origin)


def again(doors: Doors) -> list[Incarnation]:
    """Begin again, twice as one who was killed; the lives of cases."""
    for _ in range(2):
        begin_again(
            doors.office.settings,
            doors.office.database,
            doors.office.authority,
            lived=lambda _number: False,
        )
    with doors.office.database.connect(INTEGRATOR) as conn:
        for log in LOGS:
            verify(conn, log).demand()
        return incarnations(conn, "cases")


def test_without_a_setting_the_name_stays(database: Database, tmp_path: Path) -> None:
    """A record that was named goes on under its name where the restore was not told it."""
    with opened(database, tmp_path, HOLDFAST_ORIGIN=NAMED) as doors:
        doors.person()
        assert prove(doors) == f"{NAMED}/cases/1"
    with opened(database, tmp_path) as doors:
        assert [plain(one.origin) for one in again(doors)] == [
            f"{NAMED}/cases/1",
            f"{NAMED}/cases/2",
        ]
        doors.person()
        assert prove(doors) == f"{NAMED}/cases/2"
    with opened(database, tmp_path, HOLDFAST_ORIGIN=NAMED) as doors:
        doors.person()
        assert prove(doors) == f"{NAMED}/cases/2"


def test_one_that_was_never_named_begins_again(database: Database, tmp_path: Path) -> None:
    """Without a setting at any time, and at the next restore as well."""
    with opened(database, tmp_path) as doors:
        doors.person()
        prove(doors)
        again(doors)
        doors.person()
        assert prove(doors) == f"{UNNAMED}/cases/2"
        assert len(again(doors)) == 3
        doors.person()
        assert prove(doors) == f"{UNNAMED}/cases/3"


@pytest.mark.parametrize("begun", ["nothing", "begun", "pending"])
def test_a_backup_from_before_the_first_signed_head(
    database: Database, tmp_path: Path, begun: str
) -> None:
    """What was published after such a backup is met by another incarnation, from nothing on.

    Without it the restored log would go on as the first, and stand still for ever at what lies in
    the folder.
    """
    with opened(database, tmp_path) as doors:
        doors.person()
        before = prove(doors)
        with psycopg.connect(database.conninfo(OWNER), autocommit=True) as conn:
            tables = {
                "nothing": ("signed_head", "head", "incarnation"),
                "begun": ("signed_head", "head"),
                "pending": ("signed_head",),
            }[begun]
            for table in ("cases", "signed_head", "head", "incarnation"):
                conn.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER ALL")
            for table in tables:
                conn.execute(f"DELETE FROM record.{table}")
            if begun != "pending":  # the head that is committed and not signed is of all there is
                last = '(SELECT max("position") FROM record.cases)'
                conn.execute(f'DELETE FROM record.cases WHERE "position" = {last}')
            conn.execute("ALTER TABLE record.cases ENABLE ALWAYS TRIGGER dense")
        lives = again(doors)
        assert [plain(one.origin) for one in lives] == [before, f"{UNNAMED}/cases/2"]
        assert lives[-1].continued == (before, 0, EMPTY_ROOT)
        doors.person()
        assert prove(doors) == f"{UNNAMED}/cases/2"
        folder = doors.office.settings.proof / "cases"
        assert (folder / "superseded/1/checkpoint").read_text().startswith(before)
