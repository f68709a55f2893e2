"""Documents kept sealed, by content, and forgotten with whoever and whatever stands in them.

A document's key is made of several: one of its own for each subject it is about, and those of the
passages that stand in it. Whichever of them is destroyed, nothing opens the document any more. Its
digest is the one an event holds:

    digest = SHA-256(DOCUMENT ‖ SHA-256(KEY ‖ key) ‖ SHA-256(content))

Of content and key alike: whoever has the log alone can try no words against it, and nobody can once
the key is gone. While it lives, any file can be held to it.

Each is entered in the log of readings as it is kept (`entered`), and held to that before anybody is
shown it.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool

from domain.kept import DocumentKept
from domain.record.entered import NAME, Stored, entry_of, other_digest
from domain.record.envelope import Row
from domain.record.keyring import Keyring, NewKey
from domain.record.log import Fence, Overtaken, StaleKey
from domain.record.record import Part, Record
from domain.record.sealing import KEY, NONCE_BYTES
from domain.record.wrapping import Entropy
from domain.refusal import Corrupt, NotFound, Refused
from domain.when import instant
from domain.words import Actor, Code, Digest, Particulars

DOCUMENT: Final = b"holdfast/document/v1\n"
_SHARES: Final = b"holdfast/document-key/v1\n"
MOST_BYTES: Final = 32 * 1024 * 1024
_TRIES: Final = 5
_ROW: Final = (
    'SELECT id, "case", digest, keys, media, nonce, sealed, kept_at, recorded_us'
    " FROM record.document WHERE id = %s"
)
_DIGEST: Final = "SELECT digest FROM record.document WHERE id = %s"
# By the index of what a reading names.
_ENTERED: Final = (
    'SELECT "position", stream, version, recorded_us, name, header, payload, leaf'
    " FROM record.readings WHERE record.named(payload) && %s::uuid[] AND name = %s"
    ' ORDER BY "position" + 0'
)
_NEXT: Final = (
    'SELECT coalesce(max("position"), 0) + 1,'
    " EXISTS (SELECT FROM record.document WHERE id = %s) FROM record.readings"
)
# Copied in pieces: libpq moves what is left of one parameter of 32 MB each time it sends of it.
_COPY: Final = (
    'COPY record.document (id, "case", digest, keys, media, recorded_us, nonce, sealed, kept_at)'
    " FROM STDIN (FORMAT BINARY)"
)
_TYPES: Final = ("uuid", "uuid", "bytea", "uuid[]", "text", "int8", "bytea", "bytea", "int8")


class _Taken(Exception):  # noqa: N818 — named for what it tells
    """Somebody kept a document under that number a moment ago."""


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
        self,
        pool: ConnectionPool[Any],
        keyring: Keyring,
        entropy: Entropy,
        readings: Record,
    ) -> None:
        """`readings` is the log in which each document that is kept is entered."""
        self._pool = pool
        self._keyring = keyring
        self._readings = readings
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
        by: Actor,
        purpose: Code,
    ) -> Digest:
        """Seal a document as `put` does, with what that takes; give the digest for an event."""
        digest, _new = self.put(
            number,
            content,
            media,
            case=case,
            about=about,
            passages=passages,
            by=by,
            purpose=purpose,
        )
        return digest

    def put(
        self,
        number: UUID,
        content: bytes,
        media: str,
        *,
        case: UUID,
        about: Collection[UUID],
        passages: Collection[UUID] = (),
        by: Actor,
        purpose: Code,
    ) -> tuple[Digest, bool]:
        """Seal a document of a case, durable when this returns; give the digest for an event.

        And whether it was kept now: False where it was before.

        `about` are its subjects, one at least; `passages` the keys of the passages in it. `by` is
        who keeps it, for a purpose: the log of readings says so, in the same transaction. Kept
        before the event that names it: a crash in between leaves a document nothing leads to.
        Keeping the same content again under its number, for that case, gives the same digest.

        Raises:
            Refused: it is too large, a subject was destroyed (I13), a passage in it is forgotten
                already, or another document has that number (I1).
            Unavailable: the database is away or full, or recording was stopped.
            Corrupt: what is kept under that number is not what was kept.
        """
        _refuse_large(content)
        if not about:
            raise ValueError("a document is about somebody, or it could never be forgotten")
        if (before := self.stored(number)) is not None:
            return self._again(before, case, content), False
        for _ in range(_TRIES):
            as_at = self._as_at()  # before the keys are made, or an erasure may come in between
            place = _Place(number, case, media)
            row, made, owners = self._seal(place, content, sorted(set(about)), sorted(passages))
            try:
                self._write(row, made, row.entry(owners, as_at), by, purpose)
            except StaleKey:
                self._keyring.stale(about)  # a subject's key was replaced meanwhile
            except _Taken:
                if (before := self.stored(number)) is not None:
                    return self._again(before, case, content), False
            else:
                return Digest(row.digest.hex()), True
        raise Corrupt("the keys of a document vanished as they were made")

    def keep_closed(
        self, number: UUID, content: bytes, media: str, *, case: UUID, by: Actor, purpose: Code
    ) -> tuple[Digest, tuple[NewKey, ...]]:
        """Seal a document about itself alone; give the digest for an event, and the keys for it.

        It is durable when this returns, its keys are not: whoever records the event that names it
        has them written with that, both or neither (`Record.append`). Nothing opens it before then,
        nor, where a crash comes in between, ever.

        Raises what `put` raises; Refused too where the same content was kept.
        """
        _refuse_large(content)
        as_at = self._as_at()
        row, made, owners = self._seal(_Place(number, case, media), content, [number], [])
        try:
            self._write(row, (), row.entry(owners, as_at), by, purpose)
        except _Taken:
            raise _another() from None
        return Digest(row.digest.hex()), tuple(made)

    def take_in(self, by: Actor, purpose: Code) -> int:
        """Enter in the log what was kept before documents were entered; how many that were.

        All at once and once only: not where the log has an entry of any document, since from there
        on each has one. Cut short, nothing was entered, and the next start does it.
        """
        with self._pool.connection() as conn:
            first = conn.execute(
                "SELECT id FROM record.document WHERE kept_at IS NULL ORDER BY id LIMIT 1"
            ).fetchone()
            if first is None or self._entered(conn, first[0]):
                return 0
            numbers = [
                one
                for (one,) in conn.execute(
                    "SELECT id FROM record.document WHERE kept_at IS NULL ORDER BY recorded_us, id"
                )
            ]
        as_at = self._as_at()  # before it is asked which keys there are
        # One is held in memory at a time.
        rows = (row for one in numbers if (row := self.stored(one)) is not None)
        entries = [row.entry(self._owners(row.keys), as_at, taken_in=True) for row in rows]
        command = self._new()
        try:
            self._readings.append(
                [Part(self._new(), 0, (one,)) for one in entries],
                actor=by,
                particulars=self._particulars(purpose),
                command=command,
                digest=command.bytes * 2,
                fence=Fence(names=frozenset({NAME}), after=0),
            )
        except Overtaken:
            return 0  # by another process, or these were not kept before: `verify` names them
        return len(entries)

    def has(self, number: UUID) -> bool:
        """Say whether a document has that number, forgotten or not."""
        return self.stored(number) is not None

    def digest(self, number: UUID) -> Digest | None:
        """Give the digest that is stored under a number; None where nothing is."""
        with self._pool.connection() as conn:
            row = conn.execute(_DIGEST, (number,)).fetchone()
        return None if row is None else Digest(row[0].hex())

    def read(
        self, number: UUID, case: UUID, named: Mapping[int, Collection[str]] | None = None
    ) -> Kept:
        """Give a document of a case, or that it is forgotten.

        `named` are the digests that events of cases hold of it, by the events' positions.

        Another case may name it too; it is opened where it was kept, by whoever may open that.
        Whoever shows it leaves the trace of the reading first.

        Raises:
            NotFound: there is none under that number, or it is another case's.
            Corrupt: what is stored is not what the log says was kept, or not what was sealed, or
                not what an event that names it holds the digest of.
        """
        row = self._of(number, case)
        for position, held in sorted((named or {}).items()):
            if set(held) - {row.digest.hex()}:
                raise Corrupt(f"document {number}: {other_digest(position)}")
        return self.open(row)

    def is_of(self, number: UUID, case: UUID, content: bytes) -> bool:
        """Say whether a file is that document, byte for byte; False where it is forgotten.

        Raises NotFound, and Corrupt as `read` does.
        """
        row = self._of(number, case)
        key = self._key(row.keys)
        return key is not None and hmac.compare_digest(_digest(key, content), row.digest)

    def subjects(self, number: UUID, cases: Collection[UUID]) -> frozenset[UUID]:
        """Give whom and what a document of one of some cases is about, as far as keys are left."""
        row = self.stored(number)
        if row is None or row.case not in cases:
            return frozenset()
        return frozenset(self._owners(row.keys).values())

    def check(self, row: Stored) -> None:
        """Hold what is stored to what the log says was kept. Raises Corrupt, in words."""
        # Of several entries the first: what was kept stays what it was, whatever is said later.
        with self._pool.connection() as conn:
            found = self._entered(conn, row.number)
        if not found:
            raise Corrupt(f"document {row.number}: no entry of the log says that it was kept")
        self._readings.log.check(found[0])
        entry = entry_of(found[0])
        trouble = entry.trouble(row)
        if trouble is not None:
            raise Corrupt(trouble)

    def _of(self, number: UUID, case: UUID) -> Stored:
        row = self.stored(number)
        if row is None:
            with self._pool.connection() as conn:
                entered = self._entered(conn, number)
            if entered:
                raise Corrupt(
                    f"{entry_of(entered[0]).place}: it was kept, and is not there any more"
                )
        if row is None or not self._kept_for(case, row):
            raise NotFound("There is no such document here.")
        self.check(row)
        return row

    def _kept_for(self, case: UUID, row: Stored) -> bool:
        """Say whether it is that case's; what was kept before schema 7 is by a key of its own."""
        if row.case is not None:
            return row.case == case
        return case in self._owners(row.keys).values()

    def _owners(self, keys: Sequence[UUID]) -> dict[UUID, UUID]:
        """About whom each of these keys is, of those that are left."""
        with self._pool.connection() as conn:
            return dict(
                conn.execute(
                    "SELECT id, subject FROM keyring.data_key WHERE id = ANY(%s)", (list(keys),)
                ).fetchall()
            )

    @staticmethod
    def _entered(conn: psycopg.Connection[Any], number: UUID) -> list[Row]:
        """The entries that say that a document was kept, in order.

        What cannot be read is among them; what names the number as whom another is about is not.
        """
        found = conn.execute(_ENTERED, ([number], NAME), binary=True).fetchall()
        return [row for row in (Row(*one) for one in found) if _says(row, number)]

    def _again(self, row: Stored, case: UUID, content: bytes) -> Digest:
        kept = None
        if self._kept_for(case, row):
            self.check(row)
            kept = self.open(row)
        if kept is None or kept.content != content:
            raise _another()
        return kept.digest

    def _seal(
        self, place: _Place, content: bytes, about: list[UUID], passages: list[UUID]
    ) -> tuple[Stored, list[NewKey], dict[UUID, UUID]]:
        """A document sealed, the keys made for it, and about whom each of its keys is."""
        made = [self._keyring.make(one) for one in about]
        found = self._keyring.find(passages)
        owners = {**self._owners(passages), **{one.id: one.subject for one in made}}
        shares = {**found, **{one.id: one.key for one in made}}
        if len(found) < len(set(passages)) or owners.keys() != shares.keys():
            raise Refused("forgotten", "L9", "A passage of this document is forgotten already.")
        key = _combined(shares)
        digest, nonce = _digest(key, content), self._entropy(NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, content, place.bound())
        row = Stored(
            number=place.number,
            case=place.case,
            digest=digest,
            keys=sorted(shares),
            media=place.media,
            nonce=nonce,
            sealed=sealed,
            kept_at=None,  # that is known once it is written
        )
        return row, made, owners

    def _write(
        self,
        row: Stored,
        made: Sequence[NewKey],
        entry: DocumentKept,
        by: Actor,
        purpose: Code,
    ) -> None:
        """The row, its keys and its entry in the log, or none of them.

        Under the lock of the log, so that the next position is the entry's; where somebody wrote
        meanwhile all the same, nothing of this is written, and it is tried again. It was sealed
        and hashed before. What is left to do under the lock is to write the row, since it names
        the position and the moment of its entry, and a row is never changed: while 32 MB are
        written, whoever looks at a case waits for the trace of that.

        Raises what `Record.append_with` raises, and _Taken.
        """

        def insert(conn: psycopg.Connection[Any], now: int) -> None:
            found = conn.execute(_NEXT, (row.number,)).fetchone()
            if found is None or found[1]:
                raise _Taken
            with conn.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.set_types(_TYPES)
                copy.write_row(
                    (
                        row.number,
                        row.case,
                        row.digest,
                        row.keys,
                        row.media,
                        now,
                        row.nonce,
                        row.sealed,
                        found[0],
                    )
                )

        self._readings.append_with(
            entry,
            stream=self._new(),
            actor=by,
            particulars=self._particulars(purpose),
            command=self._new(),
            keys=tuple(made),
            also=insert,
        )

    def _as_at(self) -> int:
        """The last position of the log of cases."""
        with self._pool.connection() as conn:
            row = conn.execute('SELECT coalesce(max("position"), 0) FROM record.cases').fetchone()
        return 0 if row is None else int(row[0])

    def _particulars(self, purpose: Code) -> Particulars:
        return Particulars(occurred=instant(self._readings.now()), purpose=purpose)

    def _new(self) -> UUID:
        return UUID(bytes=self._entropy(16), version=4)

    def open(self, row: Stored) -> Kept:
        """Open what is stored, or find it forgotten. Raises Corrupt: it is not what was sealed."""
        key, content = self._key(row.keys), None
        if key is not None:
            try:
                bound = _Place(row.number, row.case, row.media).bound()
                content = AESGCM(key).decrypt(row.nonce, row.sealed, bound)
            except InvalidTag:
                raise Corrupt(f"document {row.number}: it is not what was sealed") from None
            if not hmac.compare_digest(_digest(key, content), row.digest):
                raise Corrupt(f"document {row.number}: its digest is not that of its content")
        return Kept(row.number, Digest(row.digest.hex()), row.media, content)

    def _key(self, keys: Sequence[UUID]) -> bytes | None:
        found = self._keyring.find(keys)
        return None if len(found) < len(keys) else _combined(found)

    def living(self, keys: Collection[UUID]) -> frozenset[UUID]:
        """Which of these keys are there."""
        return frozenset(self._keyring.find(keys))

    def stored(self, number: UUID) -> Stored | None:
        """What is stored under a number, as it is; None where nothing is."""
        with self._pool.connection() as conn:
            row = conn.execute(_ROW, (number,)).fetchone()
        return None if row is None else Stored(*row)


def _refuse_large(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Refused("too_large", "I1", f"A document has at most {MOST_BYTES} bytes.")


def _another() -> Refused:
    return Refused("already_recorded", "I1", "Another document has that number.")


def _says(row: Row, number: UUID) -> bool:
    try:
        return entry_of(row).said.document == number
    except Corrupt:
        return True  # it may be: whoever reads it hears that it cannot be read


def _combined(shares: dict[UUID, bytes]) -> bytes:
    """One key of several: without any one of them the others say nothing about it."""
    return sha256(_SHARES + b"".join(one.bytes + shares[one] for one in sorted(shares))).digest()


def _digest(key: bytes, content: bytes) -> bytes:
    """Commit to content under a key; the module says how."""
    return sha256(DOCUMENT + sha256(KEY + key).digest() + sha256(content).digest()).digest()
