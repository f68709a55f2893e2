"""Copies of a record: of its logs and of its keyring, apart from one another, and back again.

A log's copies may be many and old. The keyring has one copy, the newest, and it lies elsewhere:
whoever finds both in one place, and the master key, has what was forgotten since.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from api import copied
from api.basis import release
from api.clock import SystemClock, entropy
from api.copied import MOST_LOOKED_AT, refuse_beside, together
from api.keys import KEYRING, log_keys, read_master_key, without_leftovers, write_bytes
from api.office import Database, Office
from api.proving import begin_again
from api.settings import Settings, usable
from domain.erasure import erased, lost_told
from domain.record import backup, binaries, keyring_copy
from domain.record.backup import Manifest, Step, Tell
from domain.record.log import Log
from domain.record.migration import SCHEMA_VERSION, authority_of
from domain.record.wrapping import WrappingKeys
from domain.refusal import Refused

Telling = Callable[[str], Tell]
# What became of the key that signs heads: in no copy, put back, there already, or another is.
LogKey = Literal["none", "put back", "there", "another"]


def silent(_what: str) -> Tell:
    """Tell nobody how far it is."""
    return lambda _done, _total: None


def _no_step(_what: str) -> None:
    return


# ----------------------------------------------------------------------------------- the keyring


def copy_keys(
    settings: Settings,
    database: Database,
    wrapping: WrappingKeys,
    file: Path,
    *,
    step: Step = _no_step,
) -> keyring_copy.Head:
    """Write the newest copy of the keyring, where no copy of the database is.

    Raises:
        Refused: the place is not apart, cannot be written, or holds something else.
    """
    file = file.absolute()
    with _written():
        refuse_beside(settings, file)
        return copied.write(settings, database, wrapping, file, step=step)


def refuse_for_keys(settings: Settings, file: Path) -> None:
    """Refuse a place where no copy of the keyring can be, before a backup is begun for nothing.

    Raises:
        Refused: the place is not apart, cannot be used, or holds something else.
    """
    with _written():
        refuse_beside(settings, file)
        if not os.access(file.resolve().parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        keyring_copy.head_of(file)


def refuse_beside_keys(folder: Path) -> None:
    """Refuse a place for a backup in which, or above which, a copy of the keyring is."""
    for place in folder.resolve().parents:
        with _written():
            if not place.is_dir() or place == Path(place.anchor):
                continue
            for _, one in zip(range(MOST_LOOKED_AT), place.iterdir(), strict=False):
                if one.is_file() and _is_copy(one):
                    raise together("is the copy of the keyring")


def _is_copy(file: Path) -> bool:
    try:
        return keyring_copy.head_of(file) is not None
    except (Refused, OSError):
        return False


@contextmanager
def _written() -> Iterator[None]:
    """Say in words that a place cannot be used. Raises Refused instead of OSError."""
    try:
        yield
    except OSError as error:
        raise Refused(
            "file", "backup", f"This place cannot be used ({error.strerror}): name another."
        ) from None


def restore_keys(
    settings: Settings, file: Path, *, say: Callable[[str], None], step: Step = _no_step
) -> keyring_copy.PutBack:
    """Put the newest copy of the keyring back into a record that lost its own, or is older.

    Raises:
        Refused: it is another record's, altered, or older than the database's keyring.
    """
    database = Database(settings, say)
    database.start()
    try:
        database.reach()
        with database.connect("holdfast_writer") as writer:
            authority = authority_of(writer)
        wrapping = _wrapping(settings)
        copy = keyring_copy.read_copy(file, wrapping)
        _refuse_newer(copy.head)
        with database.connect("holdfast_keeper") as keeper:
            return keyring_copy.put_back(
                keeper,
                wrapping,
                copy,
                authority=authority,
                erased=_erased(database, authority),
                step=step,
            )
    finally:
        database.stop()


def to_record_again(settings: Settings, erased: Sequence[UUID]) -> tuple[UUID, ...]:
    """Of whom or what was erased, what the log of cases has: of the rest no entry speaks.

    Nothing is sealed about somebody who is not registered in the log, or in a case that is not.
    """
    database = Database(settings)
    database.start()
    try:
        with database.connect("holdfast_writer") as conn:
            rows = conn.execute(
                "SELECT DISTINCT stream FROM record.cases WHERE stream = ANY(%s)", (list(erased),)
            ).fetchall()
    finally:
        database.stop()
    there = {stream for (stream,) in rows}
    return tuple(one for one in erased if one in there)


def put_back_log_key(settings: Settings, file: Path) -> LogKey:
    """Put the key that signs heads where it belongs, unless one lies there. Raises Refused."""
    wrapping = _wrapping(settings)
    return _put_back_log_key(settings, wrapping, keyring_copy.read_copy(file, wrapping))


def _put_back_log_key(
    settings: Settings, wrapping: WrappingKeys, copy: keyring_copy.Copy
) -> LogKey:
    key, there = copy.signing(wrapping), settings.log_key_file
    if key is None:
        return "none"
    with usable("HOLDFAST_LOG_KEY_FILE", there):
        without_leftovers(there)
        try:
            write_bytes(there, key)
        except FileExistsError:
            return "there" if there.read_bytes() == key else "another"
    return "put back"


def _refuse_newer(head: keyring_copy.Head) -> None:
    if head.schema > SCHEMA_VERSION:
        raise Refused("newer", "L9", "This copy is of a newer release: put it back with that.")


def _wrapping(settings: Settings) -> WrappingKeys:
    return WrappingKeys(settings.keys / KEYRING, read_master_key(settings, begun=True), entropy)


@contextmanager
def _log(database: Database, authority: UUID, name: str) -> Iterator[Log]:
    """A log of what was restored, before its office is opened."""
    with ConnectionPool(
        database.conninfo("holdfast_writer"), min_size=1, kwargs={"autocommit": True}, open=True
    ) as pool:
        log = Log(
            name,
            authority=authority,
            connect=lambda: database.connect("holdfast_writer"),
            pool=pool,
            clock=SystemClock(),
        )
        try:
            yield log
        finally:
            log.close()


def _erased(database: Database, authority: UUID) -> Mapping[UUID, int]:
    """How often the log says that each subject was erased."""
    with _log(database, authority, "cases") as log:
        return erased(log)[0]


# -------------------------------------------------------------------------------------- the logs


def back_up(
    settings: Settings,
    office: Office,
    folder: Path,
    *,
    telling: Telling = silent,
    step: Step = _no_step,
) -> Manifest:
    """Write a backup of the logs into a new folder. Raises Refused, Corrupt, ServerError."""
    folder = folder.absolute()
    refuse_beside_keys(folder)
    with _written():
        return backup.take(
            office.database.login(),
            binaries.clients(settings.postgres_bin),
            folder,
            office.wrapping,
            authority=office.authority,
            made=SystemClock().now().isoformat(timespec="seconds"),
            release=release(),
            environ=settings.environ,
            tell=telling,
            ours=log_keys(settings),
            step=step,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restoring came to: what was backed up, and what its keys came to."""

    manifest: Manifest
    keys: keyring_copy.PutBack
    log_key: LogKey


def restore(
    settings: Settings,
    folder: Path,
    keys: Path,
    *,
    heads: Mapping[str, Mapping[int, bytes]],
    say: Callable[[str], None],
    telling: Telling = silent,
    step: Step = _no_step,
) -> Restored:
    """Restore a backup and the newest keyring into an empty place; all of it, or nothing opens.

    Killed at any step, the same command begins anew. Nothing that fails a check is opened later.

    Raises:
        Refused: the place is not empty, a file is not what it has to be, or the keyring is older
            than the backup; with the remedy.
        Corrupt: what was loaded is not what was backed up.
    """
    wrapping = _wrapping(settings)
    copy = keyring_copy.read_copy(keys, wrapping)
    _refuse_newer(copy.head)
    manifest = backup.read_manifest(folder, wrapping, copy.wrapping)
    _refuse_unfit(manifest, copy.head)
    _refuse_other_keyring(settings, copy)
    programs = binaries.clients(settings.postgres_bin)
    database = Database(settings, say)
    database.start()
    try:
        owner = database.owner()
        with psycopg.connect(owner, autocommit=True) as conn:
            backup.begin(conn)
            step("begun")
            backup.load(
                owner,
                programs,
                folder,
                manifest,
                tell=telling("loading"),
                environ=settings.environ,
            )
            step("loaded")
            database.migrate(restoring=True)
            step("migrated")
            with database.connect("holdfast_writer") as writer:
                backup.hold_to(writer, manifest, heads, telling)
                authority = authority_of(writer)
            step("verified")
            with usable("HOLDFAST_KEYS", settings.keys):
                settings.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
            with database.connect("holdfast_keeper") as keeper:
                put = keyring_copy.put_back(
                    keeper,
                    wrapping,
                    copy,
                    authority=authority,
                    erased=_erased(database, authority),
                    step=step,
                )
            # Before the next incarnation begins, which is signed by the key that signed the last.
            log_key = _put_back_log_key(settings, wrapping, copy)
            with _log(database, authority, "readings") as readings:
                begin_again(settings, database, authority, lived=partial(lost_told, readings))
            step("begun again")
            backup.end(conn)
            step("ended")
    finally:
        database.stop()
    return Restored(manifest=manifest, keys=put, log_key=log_key)


def _refuse_unfit(manifest: Manifest, head: keyring_copy.Head) -> None:
    if manifest.authority != head.authority:
        raise Refused("file", "backup", "Backup and keyring are of two records.")
    if head.epoch < manifest.epoch:
        raise Refused(
            "older",
            "L9",
            f"This copy of the keyring (epoch {head.epoch}) is older than the backup (epoch "
            f"{manifest.epoch}): something was forgotten between the two, which it would bring "
            "back. Give the newest copy, and destroy this one.",
        )


def _refuse_other_keyring(settings: Settings, copy: keyring_copy.Copy) -> None:
    """What lies in the folder of keys is not replaced, unless a killed restoring put it there."""
    there = settings.keys / KEYRING
    with usable("HOLDFAST_KEYS", settings.keys):
        if not there.exists():
            return
    if _wrapping(settings).is_at(copy.wrapping):
        return
    raise Refused(
        "not-empty",
        "backup",
        "In the folder of keys (HOLDFAST_KEYS) is a keyring already, and it is not this one: name "
        "a folder without one, in which only the master key lies.",
    )
