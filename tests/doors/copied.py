"""Places of a test's own to restore a record into, and what is told of it there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

from api import copies
from api.office import Office
from api.settings import Settings
from tests.conftest import OWNER, Database
from tests.doors.conftest import Doors, opened_doors, settings_for


@dataclass(frozen=True, slots=True)
class Place:
    """An empty database and a folder, in which the master key lies and no keyring."""

    database: Database
    settings: Settings


@contextmanager
def empty_place(of: Database, folder: Path, master: bytes) -> Iterator[Place]:
    """Give an empty place on the same server, with the master key of another."""
    database = Database(server=of.server, name=f"t_{uuid4().hex}")
    keys = folder / "keys"
    keys.mkdir(parents=True)
    (keys / "master.key").write_bytes(master)
    name = sql.Identifier(database.name)
    with psycopg.connect(of.server.conninfo("postgres", OWNER), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        settings = settings_for(database, folder, HOLDFAST_OWNER_URL=database.conninfo(OWNER))
        yield Place(database, settings)
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def both(doors: Doors, folder: Path, *, keys: str = "keyring.copy") -> tuple[Path, Path]:
    """Write a backup and then the newest copy of the keyring, apart; give where they are."""
    backup, apart = folder / "backups" / "monday", folder / "apart"
    backup.parent.mkdir(parents=True, exist_ok=True)
    apart.mkdir(exist_ok=True)
    office = doors.office
    copies.back_up(office.settings, office, backup)
    copies.copy_keys(office.settings, office.database, office.wrapping, apart / keys)
    return backup, apart / keys


def newest(doors: Doors, file: Path) -> None:
    """Write the newest copy of the keyring in place of the older one."""
    office = doors.office
    copies.copy_keys(office.settings, office.database, office.wrapping, file)


def restored(place: Place, backup: Path, keys: Path, **more: Any) -> copies.Restored:  # noqa: ANN401 — as `restore`
    """Restore into a place."""
    given: dict[str, Any] = {"heads": {}, "say": lambda _line: None, **more}
    return copies.restore(place.settings, backup, keys, **given)


@contextmanager
def opened(place: Place) -> Iterator[Doors]:
    """Open the record of a place, and its doors."""
    with Office(place.settings) as office, opened_doors(office) as doors:
        yield doors
