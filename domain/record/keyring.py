"""The keys of the record: master → wrapping key → one key per subject → one key per passage.

The keyring lives outside the log. Subject and passage keys are rows of schema `keyring`, wrapped;
the wrapping key is a small file, itself wrapped by the master key from the settings. To forget is
to destroy rows *and* the wrapping key that older copies of those rows (in the write-ahead log, in
backups) were wrapped with: every forgetting moves all remaining keys to a new wrapping key.

A crash between the steps of a forgetting leaves either the old keyring or the new one: the file
holds both wrapping keys until the database has committed to one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.record.sealing import KEY_BYTES, NONCE_BYTES, b64, unb64
from domain.refusal import Corrupt, Refused

Entropy = Callable[[int], bytes]
_WRAPPING: Final = b"holdfast/wrapping/v1\n"
_SEARCH: Final = "search"
_SUBJECT: Final = b"holdfast/subject/v1\n"
_DATA: Final = b"holdfast/data/v1\n"


def _wrap(key: AESGCM, secret: bytes, place: bytes, entropy: Entropy) -> bytes:
    nonce = entropy(NONCE_BYTES)
    return nonce + key.encrypt(nonce, secret, place)


def _unwrap(key: AESGCM, wrapped: bytes, place: bytes) -> bytes:
    try:
        return key.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place)
    except InvalidTag:
        raise Corrupt(
            "the keyring does not open with this master key: check HOLDFAST_MASTER_KEY_FILE"
        ) from None


class WrappingKeys:
    """The file of wrapping keys by epoch, each wrapped by the master key; one epoch at rest."""

    def __init__(self, path: Path, master: bytes, entropy: Entropy) -> None:
        if len(master) != KEY_BYTES:
            raise Refused(
                "master-key",
                "L9",
                f"the master key must be {KEY_BYTES} bytes: make one with "
                f"`head -c {KEY_BYTES} /dev/urandom > FILE` and name it in "
                "HOLDFAST_MASTER_KEY_FILE",
            )
        self._path = path
        self._master = AESGCM(master)
        self._entropy = entropy
        self._lock = Lock()
        self._keys: dict[int, AESGCM] = {}

    def search_key(self) -> bytes:
        """The key of name-search tokens and of workers' references (HMAC-SHA-256).

        Made once and kept through every change of the master key and of the epoch, since workers'
        references are reckoned from it.
        """
        with self._lock:
            stored = self._stored()
            if _SEARCH not in stored:
                secret = self._entropy(KEY_BYTES)
                stored[_SEARCH] = b64(
                    _wrap(self._master, secret, _WRAPPING + _SEARCH.encode(), self._entropy)
                )
                self._write(stored)
            return _unwrap(self._master, unb64(stored[_SEARCH]), _WRAPPING + _SEARCH.encode())

    def of(self, epoch: int) -> AESGCM:
        """The wrapping key of an epoch. Raises Corrupt if the file no longer holds it."""
        with self._lock:
            if epoch not in self._keys:
                self._keys = self._read()
            if epoch not in self._keys:
                raise Corrupt(
                    f"wrapping key {epoch} is gone: use the newest copy of the keyring file"
                )
            return self._keys[epoch]

    def epochs(self) -> list[int]:
        """The epochs the file holds now; two only while a forgetting is under way."""
        with self._lock:
            self._keys = self._read()
            return sorted(self._keys)

    def add(self, epoch: int) -> None:
        """Make a new wrapping key, durable before this returns."""
        with self._lock:
            stored = self._stored()
            stored[str(epoch)] = b64(
                _wrap(
                    self._master, self._entropy(KEY_BYTES), _WRAPPING + b"%d" % epoch, self._entropy
                )
            )
            self._write(stored)

    def keep_only(self, epoch: int) -> None:
        """Destroy every other wrapping key. After this, older copies of the rows are unreadable."""
        with self._lock:
            stored = self._stored()
            kept = {str(epoch), _SEARCH}
            self._write({key: value for key, value in stored.items() if key in kept})
            self._keys = {}

    def rewrap(self, new_master: bytes) -> None:
        """Change the master key: the log and the rows stay as they are."""
        with self._lock:
            fresh = AESGCM(new_master)
            self._write(
                {
                    epoch: b64(
                        _wrap(
                            fresh,
                            _unwrap(self._master, unb64(wrapped), _WRAPPING + epoch.encode()),
                            _WRAPPING + epoch.encode(),
                            self._entropy,
                        )
                    )
                    for epoch, wrapped in self._stored().items()
                }
            )
            self._master = fresh

    def _read(self) -> dict[int, AESGCM]:
        return {
            int(epoch): AESGCM(_unwrap(self._master, unb64(wrapped), _WRAPPING + epoch.encode()))
            for epoch, wrapped in self._stored().items()
            if epoch != _SEARCH
        }

    def _stored(self) -> dict[str, str]:
        try:
            stored: dict[str, str] = orjson.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except orjson.JSONDecodeError:
            raise Corrupt("the keyring file is damaged: restore its newest copy") from None
        return stored

    def _write(self, stored: Mapping[str, str]) -> None:
        """Replace the file atomically: a crash leaves the old one or the new one."""
        fresh = self._path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(orjson.dumps(stored, option=orjson.OPT_SORT_KEYS))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A data key made for one passage, and its row of `keyring.data_key`."""

    id: UUID
    key: bytes
    subject: UUID
    generation: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class _Subject:
    generation: int
    key: AESGCM


class Keyring:
    """Makes and finds keys. Rows of new passage keys are written by the append itself, so that an
    event and its keys become durable together."""

    def __init__(self, pool: ConnectionPool[Any], wrapping: WrappingKeys, entropy: Entropy) -> None:
        self._pool = pool
        self._wrapping = wrapping
        self._entropy = entropy
        self._subjects: dict[tuple[UUID, int], AESGCM] = {}
        self._current: dict[UUID, _Subject] = {}

    def make(self, about: UUID) -> NewKey:
        """A new data key about a subject, whose own key is made first if it has none.

        Raises:
            Refused: the subject's key was destroyed (I13).
        """
        subject = self._current.get(about) or self._ensure(about)
        key, number = self._entropy(KEY_BYTES), UUID(bytes=self._entropy(16), version=4)
        wrapped = _wrap(subject.key, key, _DATA + number.bytes, self._entropy)
        return NewKey(number, key, about, subject.generation, wrapped)

    def find(self, ids: Collection[UUID]) -> dict[UUID, bytes]:
        """The data keys that still exist, by id; what is missing is forgotten."""
        if not ids:
            return {}
        with self._pool.connection() as conn:
            rows = conn.execute(
                "SELECT d.id, d.subject, d.generation, d.wrapped, s.epoch, s.wrapped"
                " FROM keyring.data_key d JOIN keyring.subject_key s USING (subject, generation)"
                " WHERE d.id = ANY(%s)",
                (list(ids),),
                prepare=True,
            ).fetchall()
        found = {}
        for number, subject, generation, wrapped, epoch, subject_wrapped in rows:
            opened = self._subjects.get((subject, generation)) or self._open_subject(
                subject, generation, epoch, subject_wrapped
            )
            found[number] = _unwrap(opened, wrapped, _DATA + number.bytes)
        return found

    def reopen(self, about: UUID) -> None:
        """Give a forgotten subject a new key, for a case reopened after erasure (I13)."""
        self._insert_subject(about, allow_destroyed=True)

    def stale(self, subjects: Iterable[UUID]) -> None:
        """Drop what was remembered of these subjects' keys: the database knows better."""
        for subject in subjects:
            self._current.pop(subject, None)

    def _ensure(self, about: UUID) -> _Subject:
        row = self._latest(about)
        if row is None:
            self._insert_subject(about, allow_destroyed=False)
            row = self._latest(about)
        if row is None:
            raise Corrupt(f"subject {about}: its key vanished as it was made")
        generation, epoch, wrapped = row
        subject = _Subject(generation, self._open_subject(about, generation, epoch, wrapped))
        self._current[about] = subject
        return subject

    def _latest(self, about: UUID) -> tuple[int, int, bytes] | None:
        with self._pool.connection() as conn:
            row: tuple[int, int, bytes] | None = conn.execute(
                "SELECT generation, epoch, wrapped FROM keyring.subject_key WHERE subject = %s"
                " ORDER BY generation DESC LIMIT 1",
                (about,),
                prepare=True,
            ).fetchone()
        return row

    def _insert_subject(self, about: UUID, *, allow_destroyed: bool) -> None:
        """Two processes may both try: the first row stands, and both go on with it."""
        with self._pool.connection() as conn:
            destroyed = conn.execute(
                "SELECT max(generation) FROM keyring.destroyed WHERE subject = %s", (about,)
            ).fetchone()
            last = destroyed[0] if destroyed else None
            if last is not None and not allow_destroyed:
                raise Refused(
                    "erased",
                    "I13",
                    "this person's or case's data were erased; reopen it to record anything new",
                )
            epoch_row = conn.execute("SELECT max(epoch) FROM keyring.epoch").fetchone()
            epoch: int = epoch_row[0] if epoch_row else 0
            generation = (last or 0) + 1
            place = _SUBJECT + about.bytes + b"%d" % generation
            wrapped = _wrap(
                self._wrapping.of(epoch), self._entropy(KEY_BYTES), place, self._entropy
            )
            conn.execute(
                "INSERT INTO keyring.subject_key (subject, generation, epoch, wrapped)"
                " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (about, generation, epoch, wrapped),
            )

    def _open_subject(self, about: UUID, generation: int, epoch: int, wrapped: bytes) -> AESGCM:
        place = _SUBJECT + about.bytes + b"%d" % generation
        key = AESGCM(_unwrap(self._wrapping.of(epoch), wrapped, place))
        if len(self._subjects) > 100_000:
            self._subjects.clear()
        self._subjects[(about, generation)] = key
        return key


def open_keyring(conn: Connection[Any], wrapping: WrappingKeys) -> None:
    """Bring file and database to one epoch: after the first start, or after a crash in `forget`.

    `conn` is the keeper's. Raises Corrupt when the file lacks the database's epoch.
    """
    with conn.transaction():
        conn.execute("LOCK TABLE keyring.epoch IN EXCLUSIVE MODE")
        row = conn.execute("SELECT max(epoch) FROM keyring.epoch").fetchone()
        epoch: int | None = row[0] if row else None
        if epoch is None:
            epoch = max(wrapping.epochs(), default=0) + 1
            wrapping.add(epoch)
            conn.execute("INSERT INTO keyring.epoch (epoch) VALUES (%s)", (epoch,))
        else:
            wrapping.of(epoch)
    if wrapping.epochs() != [epoch]:
        wrapping.keep_only(epoch)


def forget(
    conn: Connection[Any],
    wrapping: WrappingKeys,
    entropy: Entropy,
    *,
    subjects: Sequence[UUID] = (),
    passages: Sequence[UUID] = (),
) -> None:
    """Destroy the keys of whole subjects, and of single passages, for good (L8, L9).

    `conn` is the keeper's. The remaining passages of a subject that loses one are moved to a new
    subject key, since the lost key's old rows may survive in the write-ahead log wrapped by the
    old one. When this returns, nothing on this machine opens what was named.
    """
    row = conn.execute("SELECT max(epoch) FROM keyring.epoch").fetchone()
    old = row[0] if row else 0
    wrapping.add(old + 1)
    # A crash from here to the commit leaves the old epoch in force; `open_keyring` drops the new.
    with conn.transaction():
        conn.execute(
            "LOCK TABLE keyring.epoch, keyring.subject_key, keyring.data_key IN EXCLUSIVE MODE"
        )
        conn.execute("INSERT INTO keyring.epoch (epoch) VALUES (%s)", (old + 1,))
        touched = conn.execute(
            "DELETE FROM keyring.data_key WHERE id = ANY(%s) RETURNING subject", (list(passages),)
        ).fetchall()
        conn.execute("DELETE FROM keyring.data_key WHERE subject = ANY(%s)", (list(subjects),))
        conn.execute(
            "INSERT INTO keyring.destroyed (subject, generation)"
            " SELECT subject, max(generation) FROM keyring.subject_key"
            " WHERE subject = ANY(%s) GROUP BY subject ON CONFLICT DO NOTHING",
            (list(subjects),),
        )
        conn.execute("DELETE FROM keyring.subject_key WHERE subject = ANY(%s)", (list(subjects),))
        _rewrap_all(conn, wrapping, entropy, old + 1)
        for (subject,) in set(touched):
            _replace_subject(conn, wrapping, entropy, subject, old + 1)
        conn.execute("DELETE FROM keyring.epoch WHERE epoch <= %s", (old,))
    # Point of no return: the database knows only the new epoch. A crash before the next line
    # leaves the old wrapping key in the file; `open_keyring` destroys it at the next start.
    wrapping.keep_only(old + 1)


def _rewrap_all(
    conn: Connection[Any], wrapping: WrappingKeys, entropy: Entropy, epoch: int
) -> None:
    fresh = wrapping.of(epoch)
    rows = conn.execute(
        "SELECT subject, generation, epoch, wrapped FROM keyring.subject_key"
    ).fetchall()
    moved: list[tuple[UUID, int, bytes]] = []
    for subject, generation, old, wrapped in rows:
        place = _SUBJECT + subject.bytes + b"%d" % generation
        secret = _unwrap(wrapping.of(old), wrapped, place)
        moved.append((subject, generation, _wrap(fresh, secret, place, entropy)))
    conn.execute(
        "UPDATE keyring.subject_key s SET epoch = %s, wrapped = m.wrapped"
        " FROM unnest(%s::uuid[], %s::int[], %s::bytea[]) AS m (subject, generation, wrapped)"
        " WHERE s.subject = m.subject AND s.generation = m.generation",
        (epoch, [m[0] for m in moved], [m[1] for m in moved], [m[2] for m in moved]),
    )


def _replace_subject(
    conn: Connection[Any], wrapping: WrappingKeys, entropy: Entropy, subject: UUID, epoch: int
) -> None:
    """A new key for the subject, and its remaining passages under it."""
    rows = conn.execute(
        "SELECT generation, epoch, wrapped FROM keyring.subject_key WHERE subject = %s", (subject,)
    ).fetchall()
    if not rows:
        return
    keys = {
        generation: AESGCM(
            _unwrap(wrapping.of(at), wrapped, _SUBJECT + subject.bytes + b"%d" % generation)
        )
        for generation, at, wrapped in rows
    }
    generation = max(keys) + 1
    secret = entropy(KEY_BYTES)
    place = _SUBJECT + subject.bytes + b"%d" % generation
    conn.execute(
        "INSERT INTO keyring.subject_key (subject, generation, epoch, wrapped) VALUES (%s, %s, %s, %s)",
        (subject, generation, epoch, _wrap(wrapping.of(epoch), secret, place, entropy)),
    )
    fresh = AESGCM(secret)
    data = conn.execute(
        "SELECT id, generation, wrapped FROM keyring.data_key WHERE subject = %s", (subject,)
    ).fetchall()
    moved = [
        (
            number,
            _wrap(
                fresh,
                _unwrap(keys[at], wrapped, _DATA + number.bytes),
                _DATA + number.bytes,
                entropy,
            ),
        )
        for number, at, wrapped in data
    ]
    conn.execute(
        "UPDATE keyring.data_key d SET generation = %s, wrapped = m.wrapped"
        " FROM unnest(%s::uuid[], %s::bytea[]) AS m (id, wrapped) WHERE d.id = m.id",
        (generation, [m[0] for m in moved], [m[1] for m in moved]),
    )
    conn.execute(
        "DELETE FROM keyring.subject_key WHERE subject = %s AND generation < %s",
        (subject, generation),
    )
