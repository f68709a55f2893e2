"""A copy of the logs and their documents, in a folder that is complete or absent.

Dumped by PostgreSQL's own `pg_dump`, on one snapshot with the verification that reckoned the sizes
and roots in its manifest. Of the keyring and the desk it has the tables and none of the rows: what
an erasure forgets later is in no copy of the log, however old. Views are left out: they are made
anew. The manifest (`holdfast-backup@v1`) carries what only whoever has the keyring and the master
key could have put there (`seal`), so that an altered copy is not taken for one of ours.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import psycopg
from psycopg import Connection, IsolationLevel, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.record.migration import LOGS, RESTORING, SCHEMA_VERSION, is_unfinished, make_roles
from domain.record.premises import sync_folder
from domain.record.sealing import b64, unb64
from domain.record.verification import verify
from domain.record.wrapping import WrappingKeys
from domain.refusal import Corrupt, Refused

FORMAT: Final = "holdfast-backup@v1"
MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
_TAG: Final = b"backup"
_MAGIC: Final = b"PGDMP"
_SCHEMAS: Final = ("record", "keyring", "desk")
_WITHOUT_ROWS: Final = ("keyring.*", "desk.*")
_POLL_S: Final = 0.3
_CHUNK: Final = 1 << 20
Tell = Callable[[int, int], None]
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself: whose, when, of which schema and epoch, and what is in it.

    `logs` is each log's size and root; `files` each file's size and SHA-256.
    """

    authority: UUID
    made: str
    release: str
    schema: int
    epoch: int
    documents: int
    logs: Mapping[str, tuple[int, bytes]]
    files: Mapping[str, tuple[int, str]]

    @property
    def rows(self) -> int:
        """How many rows are in it."""
        return sum(size for size, _root in self.logs.values()) + self.documents


# ------------------------------------------------------------------------------------- taking one


def take(
    conninfo: str,
    programs: Path,
    folder: Path,
    wrapping: WrappingKeys,
    *,
    authority: UUID,
    made: str,
    release: str,
    environ: Mapping[str, str],
    tell: Callable[[str], Tell],
    ours: Collection[bytes] | None = None,
    step: Step = lambda _what: None,
) -> Manifest:
    """Write a backup into a folder that is not there yet; it is there when it is complete.

    `conninfo` is the application's login, `ours` as `verify` has it. A run that is killed leaves
    `DIR.part`, which the next removes.

    Raises:
        Refused: the folder is there already, or `pg_dump` does not do it; with the remedy.
        Corrupt: the record does not prove itself: what it came to is kept as it is, not copied.
        OSError: the folder cannot be written.
    """
    if folder.exists():
        raise Refused("exists", "backup", "This folder is there already: name one that is not.")
    part = folder.with_name(f"{folder.name}.part")
    _clear(part)
    part.mkdir(mode=0o700)
    with _snapshot(conninfo) as (conn, snapshot):
        logs = {}
        for log in LOGS:
            report = verify(conn, log, progress=tell(f"verifying {log}"), ours=ours)
            report.demand()
            logs[log] = (report.size, report.root)
        epoch, documents = _counted(conn)
        rows = sum(size for size, _root in logs.values()) + documents
        _dump(
            conninfo,
            programs,
            part / DUMP,
            snapshot=snapshot,
            copying=_Copying("TO", rows, tell("copying")),
            environ=environ,
        )
    step("dumped")
    _sync(part / DUMP)
    manifest = Manifest(
        authority=authority,
        made=made,
        release=release,
        schema=SCHEMA_VERSION,
        epoch=epoch,
        documents=documents,
        logs=logs,
        files={DUMP: _digest(part / DUMP)},
    )
    _write_manifest(part / MANIFEST, manifest, wrapping)
    sync_folder(part)
    step("complete")
    part.rename(folder)
    sync_folder(folder.parent)
    step("named")
    return manifest


class _Snapshot:
    """A transaction that others read beside, of what stood at one moment."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def __enter__(self) -> tuple[Connection[Any], str]:
        self._conn = psycopg.connect(self._conninfo, autocommit=True)
        try:
            self._conn.execute("SET ROLE holdfast_writer")
            self._conn.isolation_level = IsolationLevel.REPEATABLE_READ
            self._conn.read_only = True
            self._within = self._conn.transaction()
            self._within.__enter__()
            row = self._conn.execute("SELECT pg_export_snapshot()").fetchone()
            return self._conn, str(row[0] if row else "")
        except BaseException:
            self._conn.close()
            raise

    def __exit__(self, *_: object) -> None:
        self._conn.close()  # nothing was written


def _snapshot(conninfo: str) -> _Snapshot:
    return _Snapshot(conninfo)


def _counted(conn: Connection[Any]) -> tuple[int, int]:
    row = conn.execute(
        "SELECT coalesce((SELECT max(epoch) FROM keyring.epoch), 0),"
        " (SELECT count(*) FROM record.document)"
    ).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def _clear(part: Path) -> None:
    """Remove what a run left that was killed; never what is not ours."""
    if not part.exists():
        return
    if part.is_symlink() or {one.name for one in part.iterdir()} - {DUMP, MANIFEST}:
        raise Refused("exists", "backup", "Beside it is a folder `.part` with other files: see it.")
    shutil.rmtree(part)


def _dump(
    conninfo: str,
    programs: Path,
    to: Path,
    *,
    snapshot: str,
    copying: _Copying,
    environ: Mapping[str, str],
) -> None:
    # The login and its role may read all of it: no owner is needed for a copy.
    chosen = [f"--schema={schema}" for schema in _SCHEMAS]
    empty = [f"--exclude-table-data={table}" for table in _WITHOUT_ROWS]
    run_beside(
        conninfo,
        [
            str(programs / "pg_dump"),
            "--format=custom",
            "--compress=1",
            "--no-password",
            "--role=holdfast_writer",
            f"--snapshot={snapshot}",
            *chosen,
            *empty,
            f"--file={to}",
        ],
        copying,
        environ,
    )
    to.chmod(0o600)


class _Copying:
    """How far a dump or a restoring is, as the server sees it: rows of each table so far."""

    def __init__(self, way: str, total: int, tell: Tell) -> None:
        self._way, self._total, self._tell = f"COPY {way}", total, tell
        self._rows: dict[str, int] = {}

    def look(self, conn: Connection[Any]) -> None:
        """Ask and tell."""
        for table, rows in conn.execute(
            "SELECT relid::text, tuples_processed FROM pg_stat_progress_copy"
            " WHERE datname = current_database() AND command = %s",
            (self._way,),
        ):
            self._rows[table] = max(rows or 0, self._rows.get(table, 0))
        self._tell(min(sum(self._rows.values()), self._total), self._total)

    def done(self) -> None:
        """Tell the end."""
        self._tell(self._total, self._total)


def run_beside(
    conninfo: str, command: Sequence[str], copying: _Copying, environ: Mapping[str, str]
) -> None:
    """Run one of PostgreSQL's programs on a database, watching it. The password stays unseen.

    Raises:
        Refused: it failed; in its own words, which hold no row.
    """
    named = conninfo_to_dict(conninfo)
    password = named.pop("password", None)
    given = {**environ, **({} if password is None else {"PGPASSWORD": str(password)})}
    address = f"--dbname={make_conninfo('', **named)}"
    child = subprocess.Popen(  # noqa: S603 — PostgreSQL's own program, as a list
        [*command, address],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=given,
    )
    try:
        with psycopg.connect(conninfo, autocommit=True) as conn:
            while child.poll() is None:
                copying.look(conn)
                with suppress(subprocess.TimeoutExpired):
                    child.wait(_POLL_S)
        said = child.stderr.read() if child.stderr else ""
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        if child.stderr:
            child.stderr.close()
    if child.returncode != 0:
        first = next(iter(said.strip().splitlines()), "it did not say why")
        raise Refused("program", "backup", f"{Path(command[0]).name} failed: {first}")
    copying.done()


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(file: Path) -> tuple[int, str]:
    reckoned, size = hashlib.sha256(), 0
    with file.open("rb") as content:
        while part := content.read(_CHUNK):
            reckoned.update(part)
            size += len(part)
    return size, reckoned.hexdigest()


def _said(manifest: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "authority": str(manifest.authority),
        "made": manifest.made,
        "release": manifest.release,
        "schema": manifest.schema,
        "epoch": manifest.epoch,
        "documents": manifest.documents,
        "logs": {
            log: {"size": size, "root": root.hex()} for log, (size, root) in manifest.logs.items()
        },
        "files": {
            name: {"bytes": size, "sha256": digest}
            for name, (size, digest) in manifest.files.items()
        },
    }


def _bytes(said: Mapping[str, Any]) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def _write_manifest(file: Path, manifest: Manifest, wrapping: WrappingKeys) -> None:
    said = _said(manifest)
    said["seal"] = b64(wrapping.tag(_TAG, [_bytes(said)]))
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
        out.flush()
        os.fsync(out.fileno())


# ------------------------------------------------------------------------------------ reading one


def is_backup(folder: Path) -> bool:
    """Whether a folder is a backup of ours, by its manifest."""
    try:
        said = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("format") == FORMAT


def is_dump(file: Path) -> bool:
    """Whether a file is a database's dump in PostgreSQL's own form."""
    try:
        with file.open("rb") as content:
            return content.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def read_manifest(folder: Path, wrapping: WrappingKeys, stored: Mapping[str, str]) -> Manifest:
    """Read a backup's manifest and hold its files to it; `stored` are the keys of its record.

    Raises:
        Refused: it is none, is incomplete, was altered, or is of a newer release.
    """
    try:
        said = orjson.loads((folder / MANIFEST).read_bytes())
        seal = unb64(said.pop("seal"))
        if said["format"] != FORMAT:
            raise ValueError  # noqa: TRY301 — told with what else is no backup
        manifest = Manifest(
            authority=UUID(said["authority"]),
            made=str(said["made"]),
            release=str(said["release"]),
            schema=int(said["schema"]),
            epoch=int(said["epoch"]),
            documents=int(said["documents"]),
            logs={
                log: (int(one["size"]), bytes.fromhex(one["root"]))
                for log, one in said["logs"].items()
            },
            files={
                name: (int(one["bytes"]), str(one["sha256"])) for name, one in said["files"].items()
            },
        )
    except (OSError, AttributeError, KeyError, TypeError, ValueError):
        raise Refused("backup", "backup", "This folder is no complete backup of ours.") from None
    if wrapping.tag_of(stored, _TAG, [_bytes(said)]) != seal:
        raise _altered("its manifest is not what was written with the keys of this keyring")
    if manifest.schema > SCHEMA_VERSION:
        raise Refused(
            "newer",
            "backup",
            f"This backup is of release {manifest.release}: restore it with that.",
        )
    for name, written in manifest.files.items():
        if Path(name).name != name or not (folder / name).is_file():
            raise _altered(f"{name} is missing")
        if _digest(folder / name) != written:
            raise _altered(f"{name} is not what was written")
    return manifest


def _altered(what: str) -> Refused:
    return Refused(
        "altered",
        "backup",
        f"This backup was altered, or its medium failed: {what}. Nothing was restored; take "
        "another backup, and look for how that came about.",
    )


# ---------------------------------------------------------------------------------- restoring one


def begin(owner: Connection[Any]) -> None:
    """Mark an empty database as being restored into; clear what a killed restoring left there.

    Raises:
        Refused: there is a record in it.
    """
    with owner.transaction():
        unfinished = is_unfinished(owner)
        rows = owner.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", ([*_SCHEMAS, "views"],)
        ).fetchall()
        if rows and not unfinished:
            raise Refused(
                "not-empty",
                "backup",
                "There is a record in this database already, and a backup is restored into an "
                "empty place only: name another (HOLDFAST_DATA, or DATABASE_URL).",
            )
        for (schema,) in rows:
            owner.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
        owner.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(RESTORING)))
        make_roles(owner)


def load(
    owner: str,
    programs: Path,
    folder: Path,
    manifest: Manifest,
    *,
    tell: Tell,
    environ: Mapping[str, str],
) -> None:
    """Load the dump, all of it or nothing. The roles it names are there. Raises Refused."""
    run_beside(
        owner,
        [
            str(programs / "pg_restore"),
            "--exit-on-error",
            "--single-transaction",
            "--no-password",
            str(folder / DUMP),
        ],
        _Copying("FROM", manifest.rows, tell),
        environ,
    )


def hold_to(
    conn: Connection[Any],
    manifest: Manifest,
    heads: Mapping[str, Mapping[int, bytes]],
    tell: Callable[[str], Tell],
) -> None:
    """Verify what was loaded: to the sizes and roots of the manifest, and to heads kept elsewhere.

    Raises:
        Corrupt: it is not what was backed up, or does not contain a head.
    """
    for log, (size, root) in manifest.logs.items():
        kept = {**heads.get(log, {}), size: root}
        report = verify(conn, log, heads=kept, progress=tell(f"verifying {log}"))
        if (report.size, report.root) != (size, root):
            raise Corrupt(f"the log of {log} is not the one that was backed up")
        if heads.get(log, {}).get(size, root) != root:
            raise Corrupt(f"the tree of {size} entries of {log} had another root")
        report.demand()


def end(owner: Connection[Any]) -> None:
    """The record is restored: from here on it is opened like any other."""
    owner.execute(sql.SQL("DROP SCHEMA IF EXISTS {}").format(sql.Identifier(RESTORING)))
