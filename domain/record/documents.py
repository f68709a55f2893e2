"""Documents kept sealed, by content, and forgotten with whoever and whatever stands in them.

A document's key is made of several: one of its own for each subject it is about, and those of the
passages that stand in it. Whichever of them is destroyed, nothing opens the document any more. Its
digest is the one an event holds:

    digest = SHA-256(DOCUMENT ‖ SHA-256(KEY ‖ key) ‖ SHA-256(content))

Of content and key alike: whoever has the log alone can try no words against it, and nobody can once
the key is gone. While it lives, any file can be held to it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool

from domain.record.keyring import Keyring, NewKey
from domain.record.log import Clock
from domain.record.sealing import KEY, NONCE_BYTES
from domain.record.wrapping import Entropy
from domain.refusal import Corrupt, NotFound, Refused
from domain.words import Digest

DOCUMENT: Final = b"holdfast/document/v1\n"
_SHARES: Final = b"holdfast/document-key/v1\n"
MOST_BYTES: Final = 32 * 1024 * 1024
_TRIES: Final = 5
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it is kept: its digest, what it is, and its content; None once forgotten."""

    id: UUID
    digest: Digest
    media: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class _Place:
    """What a sealed document is bound to: its number, its case, and what it is."""

    number: UUID
    case: UUID | None
    media: str

    def bound(self) -> bytes:
        """All of it as bytes; what was kept before schema 7 is bound to no case."""
        of = b"" if self.case is None else self.case.bytes
        return DOCUMENT + self.number.bytes + of + self.media.encode()


class Documents:
    """The sealed documents of one record."""

    def __init__(
        self, pool: ConnectionPool[Any], keyring: Keyring, clock: Clock, entropy: Entropy
    ) -> None:
        self._pool = pool
        self._keyring = keyring
        self._clock = clock
        self._entropy = entropy

    def keep(
        self,
        number: UUID,
        content: bytes,
        media: str,
        *,
        case: UUID,
        about: Collection[UUID],
        passages: Collection[UUID] = (),
    ) -> Digest:
        """Seal a document of a case, durable when this returns; give the digest for an event.

        `about` are its subjects, one at least; `passages` the keys of the passages in it. Kept
        before the event that names it: a crash in between leaves a document nothing leads to.
        Keeping the same content again under its number, for that case, gives the same digest.

        Raises:
            Refused: it is too large, a subject was destroyed (I13), a passage in it is forgotten
                already, or another document has that number (I1).
        """
        if len(content) > MOST_BYTES:
            raise Refused("too_large", "I1", f"A document has at most {MOST_BYTES} bytes.")
        if not about:
            raise ValueError("a document is about somebody, or it could never be forgotten")
        if (before := self._row(number)) is not None:
            return self._again(before, case, content)
        for _ in range(_TRIES):
            try:
                place = _Place(number, case, media)
                return self._seal(place, content, sorted(set(about)), sorted(passages))
            except psycopg.errors.ForeignKeyViolation:
                self._keyring.stale(about)  # a subject's key was replaced meanwhile
        raise Corrupt("the keys of a document vanished as they were made")

    def has(self, number: UUID) -> bool:
        """Say whether a document has that number, forgotten or not."""
        return self._row(number) is not None

    def read(self, number: UUID, case: UUID) -> Kept:
        """Give a document of a case, or that it is forgotten.

        Another case may name it too; it is opened where it was kept, by whoever may open that.
        Whoever shows it leaves the trace of the reading first.

        Raises:
            NotFound: there is none under that number, or it is another case's.
            Corrupt: what is kept is not what was sealed.
        """
        return self._open(self._of(number, case))

    def verify(self, blame: Callable[[str], None]) -> tuple[int, int]:
        """Open every document and hold it to its digest; how many there are, and are forgotten.

        What does not hold is blamed, by its number. One is held in memory at a time.
        """
        with self._pool.connection() as conn:
            numbers = [one for (one,) in conn.execute("SELECT id FROM record.document ORDER BY id")]
        forgotten = 0
        for number in numbers:
            row = self._row(number)
            if row is None:
                blame(f"document {number}: it vanished while it was looked at")
                continue
            try:
                forgotten += self._open(row).content is None
            except Corrupt as error:
                blame(str(error))
        return len(numbers), forgotten

    def is_of(self, number: UUID, case: UUID, content: bytes) -> bool:
        """Say whether a file is that document, byte for byte; False where it is forgotten.

        Raises NotFound.
        """
        _number, _case, digest, keys, *_rest = self._of(number, case)
        key = self._key(keys)
        return key is not None and hmac.compare_digest(_digest(key, content), digest)

    def subjects(self, number: UUID, cases: Collection[UUID]) -> frozenset[UUID]:
        """Give whom and what a document of one of some cases is about, as far as keys are left."""
        row = self._row(number)
        if row is None or row[1] not in cases:
            return frozenset()
        with self._pool.connection() as conn:
            found = conn.execute(
                "SELECT DISTINCT subject FROM keyring.data_key WHERE id = ANY(%s)", (row[3],)
            ).fetchall()
        return frozenset(one for (one,) in found)

    def _of(self, number: UUID, case: UUID) -> tuple[Any, ...]:
        row = self._row(number)
        if row is None or not self._kept_for(case, row):
            raise NotFound("There is no such document here.")
        return row

    def _kept_for(self, case: UUID, row: tuple[Any, ...]) -> bool:
        """Say whether it is that case's; what was kept before schema 7 is by a key of its own."""
        if row[1] is not None:
            return bool(row[1] == case)
        with self._pool.connection() as conn:
            found = conn.execute(
                "SELECT 1 FROM keyring.data_key WHERE id = ANY(%s) AND subject = %s LIMIT 1",
                (row[3], case),
            ).fetchone()
        return found is not None

    def _again(self, row: tuple[Any, ...], case: UUID, content: bytes) -> Digest:
        kept = self._open(row) if self._kept_for(case, row) else None
        if kept is None or kept.content != content:
            raise Refused("already_recorded", "I1", "Another document has that number.")
        return kept.digest

    def _seal(
        self, place: _Place, content: bytes, about: list[UUID], passages: list[UUID]
    ) -> Digest:
        made = [self._keyring.make(one) for one in about]
        found = self._keyring.find(passages)
        if len(found) < len(set(passages)):
            raise Refused("forgotten", "L9", "A passage of this document is forgotten already.")
        shares = {**found, **{one.id: one.key for one in made}}
        key = _combined(shares)
        digest, nonce = _digest(key, content), self._entropy(NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, content, place.bound())
        now = int(self._clock.now().timestamp() * _MICROSECONDS)
        with self._pool.connection() as conn, conn.transaction():
            _insert_keys(conn, made)
            conn.execute(
                'INSERT INTO record.document (id, "case", digest, keys, media, recorded_us, nonce,'
                " sealed) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    place.number,
                    place.case,
                    digest,
                    sorted(shares),
                    place.media,
                    now,
                    nonce,
                    sealed,
                ),
            )
        return Digest(digest.hex())

    def _open(self, row: tuple[Any, ...]) -> Kept:
        number, case, digest, keys, media, nonce, sealed = row
        key, content = self._key(keys), None
        if key is not None:
            try:
                content = AESGCM(key).decrypt(nonce, sealed, _Place(number, case, media).bound())
            except InvalidTag:
                raise Corrupt(f"document {number}: it is not what was sealed") from None
            if not hmac.compare_digest(_digest(key, content), digest):
                raise Corrupt(f"document {number}: its digest is not that of its content")
        return Kept(number, Digest(digest.hex()), media, content)

    def _key(self, keys: Sequence[UUID]) -> bytes | None:
        found = self._keyring.find(keys)
        return None if len(found) < len(keys) else _combined(found)

    def _row(self, number: UUID) -> tuple[Any, ...] | None:
        with self._pool.connection() as conn:
            row: tuple[Any, ...] | None = conn.execute(
                'SELECT id, "case", digest, keys, media, nonce, sealed FROM record.document'
                " WHERE id = %s",
                (number,),
            ).fetchone()
        return row


def _combined(shares: dict[UUID, bytes]) -> bytes:
    """One key of several: without any one of them the others say nothing about it."""
    return sha256(_SHARES + b"".join(one.bytes + shares[one] for one in sorted(shares))).digest()


def _digest(key: bytes, content: bytes) -> bytes:
    """Commit to content under a key; the module says how."""
    return sha256(DOCUMENT + sha256(KEY + key).digest() + sha256(content).digest()).digest()


def _insert_keys(conn: psycopg.Connection[Any], made: Sequence[NewKey]) -> None:
    with conn.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO keyring.data_key (id, subject, generation, wrapped)"
            " VALUES (%s, %s, %s, %s)",
            [(one.id, one.subject, one.generation, one.wrapped) for one in made],
        )
