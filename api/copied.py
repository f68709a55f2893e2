"""Where the one copy of the keyring lies, and that it does not outlive a forgetting.

An older copy, with the master key, opens whatever lived when it was made. So the place of the last
copy is remembered beside the keyring (`copied.json`: a path and an epoch), and once something was
forgotten the copy there is made anew. Where it cannot be (the medium is in the safe, another
account's folder), the forgetting stands, and it is said that the copy is stale until it is not.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import orjson
import psycopg

from api.clock import SystemClock, entropy
from api.settings import Settings
from domain.record import backup, keyring_copy
from domain.record.keyring_copy import Head, Step
from domain.record.migration import SCHEMA_VERSION, authority_of
from domain.record.premises import sync_folder
from domain.record.wrapping import WrappingKeys
from domain.refusal import Refused

if TYPE_CHECKING:
    from api.office import Database

FILE: Final = "copied.json"
MOST_LOOKED_AT: Final = 10_000  # entries of a folder, before it is left at that
Standing = Literal["none", "current", "stale"]
STALE: Final = (
    "The copy of the keyring made before this still opens what was forgotten, with the master key. "
    "It could not be made anew where it was: make it anew there (holdfast keys backup FILE), and "
    "destroy any other."
)


def standing(settings: Settings, wrapping: WrappingKeys) -> Standing:
    """Whether the copy last made is of the keyring as it is: `none`, where none was made here."""
    found = _remembered(settings)
    if found is None:
        return "none"
    return "current" if wrapping.epochs()[-1:] == [found[1]] else "stale"


def renew(settings: Settings, database: Database, wrapping: WrappingKeys) -> None:
    """Make the copy anew where it lies, if something was forgotten since; never where it is not.

    What cannot be done here leaves the copy stale, and nothing else undone.
    """
    found = _remembered(settings)
    if found is None or wrapping.epochs()[-1:] == [found[1]]:
        return
    with suppress(OSError, Refused, psycopg.Error):
        if keyring_copy.head_of(found[0]) is not None:  # not an empty folder some medium was in
            refuse_beside(settings, found[0])
            write(settings, database, wrapping, found[0])


def write(
    settings: Settings,
    database: Database,
    wrapping: WrappingKeys,
    file: Path,
    *,
    step: Step = lambda _what: None,
) -> Head:
    """Write the newest copy into a place, and remember it. Raises Refused, OSError."""
    with (
        database.connect("holdfast_keeper") as conn,
        database.connect("holdfast_writer") as writer,
    ):
        head = keyring_copy.write_copy(
            conn,
            wrapping,
            file,
            authority=authority_of(writer),
            schema=SCHEMA_VERSION,
            made=SystemClock().now().isoformat(timespec="seconds"),
            log_key=_log_key(settings),
            entropy=entropy,
            step=step,
        )
    _remember(settings, file, head.epoch)
    return head


def refuse_beside(settings: Settings, file: Path) -> None:
    """Refuse a place in which, or above which, the database or a copy of it is.

    Raises Refused, OSError.
    """
    folder = file.resolve().parent
    if settings.data.resolve() in (folder, *folder.parents):
        raise together("is the folder of the database itself (HOLDFAST_DATA)")
    if any(backup.is_backup(one) for one in (folder, *folder.parents)):
        raise together("is a backup of the database")
    for _, one in zip(range(MOST_LOOKED_AT), folder.iterdir(), strict=False):
        if backup.is_backup(one) or (one.is_file() and backup.is_dump(one)):
            raise together("is a backup of the database")


def together(what: str) -> Refused:
    """Say that copies of keys and of the database would lie together."""
    return Refused(
        "together",
        "L9",
        f"In this place {what}: a copy of the keyring and one of the database never lie together, "
        "or what was forgotten could be read from the two. Name a place apart, best on another "
        "machine or medium.",
    )


def _log_key(settings: Settings) -> bytes | None:
    try:
        return settings.log_key_file.read_bytes()
    except FileNotFoundError:
        return None


def _remembered(settings: Settings) -> tuple[Path, int] | None:
    """The place of the last copy, and its epoch."""
    try:
        said = orjson.loads((settings.keys / FILE).read_bytes())
        return Path(said["file"]), int(said["epoch"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(settings: Settings, file: Path, epoch: int) -> None:
    """A crash before this leaves the copy told as stale, and it is made once more."""
    fresh = settings.keys / f".{FILE}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(orjson.dumps({"file": str(file), "epoch": epoch}))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(settings.keys / FILE)
    sync_folder(settings.keys)
