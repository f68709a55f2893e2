"""The one copy of the keyring: every key that lives, wrapped, and what was forgotten, in one file.

A copy opens nothing without the master key, which it does not hold. With it, it opens whatever
lived when it was made: so there is one copy, the newest, kept apart from every copy of the
database, and making the next destroys it. A record is brought back from any copy of the log and the
newest copy of the keyring; what was forgotten between the two stays forgotten.

The file (`holdfast-keyring@v1`) is lines of JSON: what it is, the key that signs heads where there
is one, the rows of schema `keyring`, and at the end what only whoever has the master key could have
put there (`seal`).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
from psycopg import Connection, IsolationLevel, sql

from domain.record.forgetting import alone
from domain.record.premises import sync_folder
from domain.record.sealing import b64, unb64
from domain.record.wrapping import (
    Entropy,
    KeyTrouble,
    WrappingKeys,
    log_place,
    unwrap,
    wrap,
)
from domain.refusal import Refused

FORMAT: Final = "holdfast-keyring@v1"
_TAG: Final = b"keyring"
_PAGE: Final = 5000
_HEAD_BYTES: Final = 1_000_000
_ROWS: Final = {
    "epoch": "SELECT epoch FROM keyring.epoch ORDER BY epoch",
    "subject": "SELECT subject, generation, epoch, wrapped FROM keyring.subject_key"
    " ORDER BY subject, generation",
    "data": "SELECT id, subject, generation, wrapped FROM keyring.data_key ORDER BY id",
    "destroyed": "SELECT subject, generation, unrecorded FROM keyring.destroyed"
    " ORDER BY subject, generation",
    "gone": "SELECT id FROM keyring.gone ORDER BY id",
}
_SUBJECT_KEY: Final = (
    "INSERT INTO keyring.subject_key (subject, generation, epoch, wrapped) SELECT *"
    " FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::bytea[]) ON CONFLICT DO NOTHING"
)
_DATA_KEY: Final = (
    "INSERT INTO keyring.data_key (id, subject, generation, wrapped) SELECT *"
    " FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::bytea[]) ON CONFLICT DO NOTHING"
)
_GONE: Final = "INSERT INTO keyring.gone (id) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING"
_DESTROYED: Final = (
    "INSERT INTO keyring.destroyed (subject, generation, unrecorded) SELECT *"
    " FROM unnest(%s::uuid[], %s::int[], %s::bool[]) ON CONFLICT DO NOTHING"
)
Step = Callable[[str], None]  # told what is durable by now; tests stop there


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a copy says it is: of whose record, at which epoch, of which schema, made when."""

    authority: UUID
    epoch: int
    schema: int
    made: str
    counts: Mapping[str, int]


@dataclass(slots=True, kw_only=True)
class Copy:
    """A copy read whole, and found to be what it was when it was made."""

    head: Head
    wrapping: dict[str, str]
    subject: list[tuple[UUID, int, int, bytes]] = field(default_factory=list)
    data: list[tuple[UUID, UUID, int, bytes]] = field(default_factory=list)
    destroyed: list[tuple[UUID, int, bool]] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)
    log_key: bytes | None = None  # wrapped

    def signing(self, wrapping: WrappingKeys) -> bytes | None:
        """The key that signs heads, where it was copied; `wrapping` has the master key."""
        if self.log_key is None:
            return None
        key = wrapping.key_of(self.wrapping, self.head.epoch)
        return unwrap(key, self.log_key, log_place())


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """What putting a copy back came to.

    `added` keys were missing and are there again; `dropped` lived here and are not in the copy, so
    that what they opened is forgotten; `unrecorded` were erased by erasures this log does not hold.
    """

    epoch: int
    added: int
    dropped: int
    unrecorded: tuple[UUID, ...]


# ------------------------------------------------------------------------------------- making one


def write_copy(
    keeper: Connection[Any],
    wrapping: WrappingKeys,
    file: Path,
    *,
    authority: UUID,
    schema: int,
    made: str,
    log_key: bytes | None,
    entropy: Entropy,
    step: Step = lambda _what: None,
) -> Head:
    """Write the newest copy in place of the older one, and destroy that; durable on return.

    `keeper` is the keeper's connection, in autocommit. Nobody forgets meanwhile. `log_key` signs
    heads; it is wrapped as the rows are.

    Raises:
        Refused: in this place is something else, a newer copy, or another record's.
        OSError: the place cannot be written.
    """
    file = file.resolve()
    before = head_of(file)
    fresh = file.with_name(f".{file.name}.new")
    with alone(keeper):
        keeper.isolation_level = IsolationLevel.REPEATABLE_READ
        try:
            with keeper.transaction():
                head = _head(keeper, authority, schema, made)
                _refuse_other(before, head)
                destroy(fresh)  # of a run that was killed
                stored, signs = wrapping.stored(head.epoch), None
                if log_key is not None:
                    signs = wrap(wrapping.of(head.epoch), log_key, log_place(), entropy)
                _write(fresh, wrapping, _lines(keeper, head, stored, signs))
        finally:
            keeper.isolation_level = None
        step("written")
        _in_place_of(fresh, file, step)
    return head


def destroy(file: Path) -> None:
    """Remove a file, after overwriting it where it lies; nothing where there is none.

    A file system that writes elsewhere (copy on write, snapshots), a journal of data, and a disk
    that moves its blocks may keep what was there: encrypt the disk.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    file.unlink()
    _overwrite(descriptor)


def _in_place_of(fresh: Path, file: Path, step: Step) -> None:
    try:
        old = os.open(file, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        old = None
    fresh.replace(file)
    sync_folder(file.parent)
    step("replaced")
    if old is not None:
        _overwrite(old)


def _overwrite(descriptor: int) -> None:
    try:
        left = os.fstat(descriptor).st_size
        while left > 0:
            left -= os.write(descriptor, bytes(min(left, 1 << 20)))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(fresh: Path, wrapping: WrappingKeys, lines: Iterator[bytes]) -> None:
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:

        def passing() -> Iterator[bytes]:
            for line in lines:
                out.write(line)
                yield line

        seal = wrapping.tag(_TAG, passing())
        out.write(orjson.dumps({"seal": b64(seal)}) + b"\n")
        out.flush()
        os.fsync(out.fileno())


def _head(conn: Connection[Any], authority: UUID, schema: int, made: str) -> Head:
    row = conn.execute(
        "SELECT (SELECT max(epoch) FROM keyring.epoch), (SELECT count(*) FROM keyring.subject_key),"
        " (SELECT count(*) FROM keyring.data_key), (SELECT count(*) FROM keyring.destroyed),"
        " (SELECT count(*) FROM keyring.gone)"
    ).fetchone()
    if row is None or row[0] is None:
        raise Refused("no-keyring", "L9", "There is no keyring yet: nothing was ever sealed here.")
    counts = dict(zip(("subject", "data", "destroyed", "gone"), row[1:], strict=True))
    return Head(authority=authority, epoch=row[0], schema=schema, made=made, counts=counts)


def _refuse_other(before: Head | None, head: Head) -> None:
    if before is None:
        return
    if before.authority != head.authority:
        raise Refused("file", "L9", "In this place is the keyring of another record: name another.")
    if before.epoch > head.epoch:
        raise Refused(
            "older",
            "L9",
            "The copy in this place is newer than this record's keyring, which comes from before a "
            "forgetting: put the copy back first (`holdfast keys restore`); it is not replaced.",
        )


def _lines(
    conn: Connection[Any], head: Head, wrapping: Mapping[str, str], log_key: bytes | None
) -> Iterator[bytes]:
    said = {
        "format": FORMAT,
        "authority": head.authority,
        "epoch": head.epoch,
        "schema": head.schema,
        "made": head.made,
        "counts": head.counts,
        "wrapping": wrapping,
    }
    yield orjson.dumps(said, option=orjson.OPT_SORT_KEYS) + b"\n"
    if log_key is not None:
        yield orjson.dumps(["log", b64(log_key)]) + b"\n"
    for kind, query in _ROWS.items():
        with conn.cursor(name=f"copying_{kind}") as cursor:
            cursor.itersize = _PAGE
            for row in cursor.execute(query):
                cells = [b64(bytes(one)) if isinstance(one, bytes) else one for one in row]
                yield orjson.dumps([kind, *cells]) + b"\n"


# ------------------------------------------------------------------------------------ reading one


def head_of(file: Path) -> Head | None:
    """What a file says it is; None where there is no file.

    Raises:
        Refused: it is no copy of a keyring.
    """
    try:
        with file.open("rb") as lines:
            first = lines.readline(_HEAD_BYTES)
    except FileNotFoundError:
        return None
    head = _read_head(first)
    if head is None:
        raise Refused("file", "L9", "In this place is another file: it is no copy of a keyring.")
    return head[0]


def _read_head(line: bytes) -> tuple[Head, dict[str, str]] | None:
    try:
        said = orjson.loads(line)
        if said["format"] != FORMAT:
            return None
        head = Head(
            authority=UUID(said["authority"]),
            epoch=int(said["epoch"]),
            schema=int(said["schema"]),
            made=str(said["made"]),
            counts={name: int(count) for name, count in said["counts"].items()},
        )
        return head, dict(said["wrapping"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def read_copy(file: Path, wrapping: WrappingKeys) -> Copy:
    """Read a copy whole. `wrapping` has the master key of the record; its file is not looked at.

    Raises:
        Refused: it is no copy of a keyring, was altered or broken off, or is of another master key.
    """
    try:
        *lines, last = file.read_bytes().splitlines(keepends=True)
    except (FileNotFoundError, ValueError):
        raise Refused("file", "L9", "There is no copy of a keyring in this place.") from None
    read = _read_head(lines[0]) if lines else None
    if read is None:
        raise Refused("file", "L9", "This file is no copy of a keyring.")
    head, stored = read
    try:
        seal = unb64(orjson.loads(last)["seal"])
        opened = wrapping.tag_of(stored, _TAG, lines)
    except KeyTrouble:
        raise Refused(
            "keys",
            "L9",
            "The master key does not open this copy: name the key file that was in use when it was "
            "made (HOLDFAST_MASTER_KEY_FILE).",
        ) from None
    except (KeyError, TypeError, ValueError):
        raise _altered() from None
    if opened != seal:
        raise _altered()
    return _rows(head, stored, lines[1:])


def _rows(head: Head, stored: dict[str, str], lines: Iterable[bytes]) -> Copy:
    """The rows of a copy whose seal is right: whoever made it had the keys."""
    copy = Copy(head=head, wrapping=stored)
    for line in lines:
        match orjson.loads(line):
            case ["subject", subject, generation, epoch, wrapped]:
                copy.subject.append((UUID(subject), generation, epoch, unb64(wrapped)))
            case ["data", number, subject, generation, wrapped]:
                copy.data.append((UUID(number), UUID(subject), generation, unb64(wrapped)))
            case ["destroyed", subject, generation, unrecorded]:
                copy.destroyed.append((UUID(subject), generation, unrecorded))
            case ["gone", number]:
                copy.gone.append(UUID(number))
            case ["log", wrapped]:
                copy.log_key = unb64(wrapped)
            case ["epoch", epoch] if epoch == head.epoch:
                continue
            case _:
                raise _altered()
    return copy


def _altered() -> Refused:
    return Refused(
        "altered",
        "L9",
        "This copy of the keyring was altered or broken off: it is not what was written. Nothing "
        "was changed; look for how that came about, and for another newest copy.",
    )


# ------------------------------------------------------------------------------- putting one back


def put_back(
    keeper: Connection[Any],
    wrapping: WrappingKeys,
    copy: Copy,
    *,
    authority: UUID,
    erased: Mapping[UUID, int],
    step: Step = lambda _what: None,
) -> PutBack:
    """Bring file and rows to what a copy holds, unless the database is newer than that.

    At the database's own epoch nothing was forgotten since: only what is missing is put back. At a
    later one the rows here are from before a forgetting, and the copy's stand in their place.
    `erased` is how often the log erased each subject: what the copy destroyed beyond that, it did
    by erasures which this log does not hold. Rows first: until the file follows, nothing opens, and
    putting back again ends it.

    Raises:
        Refused: the copy is another record's, or older than the database.
    """
    if copy.head.authority != authority:
        raise Refused("file", "L9", "This is the keyring of another record: nothing was changed.")
    with alone(keeper):
        with keeper.transaction():
            row = keeper.execute("SELECT max(epoch) FROM keyring.epoch").fetchone()
            here: int | None = None if row is None else row[0]
            _refuse_older(copy.head.epoch, here)
            done = _put_rows(keeper, copy, here, Counter(erased))
        step("rows")
        wrapping.put_back(copy.wrapping)
        step("file")
    return done


def _refuse_older(epoch: int, here: int | None) -> None:
    if here is not None and epoch < here:
        raise Refused(
            "older",
            "L9",
            f"This copy is older (epoch {epoch}) than the keyring of this database (epoch {here}): "
            "something was forgotten since, which it would bring back, and today's keys it does "
            "not open. Nothing was changed. Give the newest copy, and destroy this one.",
        )


def _put_rows(
    conn: Connection[Any], copy: Copy, here: int | None, erased: Counter[UUID]
) -> PutBack:
    conn.execute("LOCK TABLE keyring.data_key IN EXCLUSIVE MODE")  # in the order of `forget`
    conn.execute("LOCK TABLE keyring.subject_key IN EXCLUSIVE MODE")
    conn.execute("LOCK TABLE keyring.epoch IN EXCLUSIVE MODE")
    dropped = 0
    if here != copy.head.epoch:
        row = conn.execute(
            "SELECT count(*) FROM keyring.data_key d WHERE NOT EXISTS"
            " (SELECT FROM unnest(%s::uuid[]) AS k (id) WHERE k.id = d.id)",
            ([one[0] for one in copy.data],),
        ).fetchone()
        dropped = 0 if row is None else int(row[0])
        for table in ("data_key", "subject_key", "epoch"):
            conn.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier("keyring", table)))
        conn.execute("INSERT INTO keyring.epoch (epoch) VALUES (%s)", (copy.head.epoch,))
    _insert(conn, _SUBJECT_KEY, copy.subject)
    added = _insert(conn, _DATA_KEY, copy.data)
    _insert(conn, _GONE, [(one,) for one in copy.gone])
    _insert(conn, _DESTROYED, _marked(copy, erased))
    rows = conn.execute(
        "SELECT DISTINCT subject FROM keyring.destroyed WHERE unrecorded ORDER BY subject"
    ).fetchall()
    return PutBack(
        epoch=copy.head.epoch,
        added=added,
        dropped=dropped,
        unrecorded=tuple(subject for (subject,) in rows),
    )


def _marked(copy: Copy, erased: Counter[UUID]) -> list[tuple[UUID, int, bool]]:
    """What was destroyed, each with whether an erasure of this log stands for it."""
    left, marked = Counter(erased), []
    for subject, generation, unrecorded in copy.destroyed:
        stands = left[subject] > 0 and not unrecorded
        left[subject] -= stands
        marked.append((subject, generation, not stands))
    return marked


def _insert(conn: Connection[Any], statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Add the rows that are missing; how many it was."""
    added = 0
    for at in range(0, len(rows), _PAGE):
        columns = [list(one) for one in zip(*rows[at : at + _PAGE], strict=True)]
        added += conn.execute(statement.encode(), columns).rowcount
    return added
