"""Drafts: what somebody is about to record and has not, kept sealed and for nobody else.

A draft stands in no log and proves nothing. Its key is made of a lasting secret of whoever writes
it and of everybody it is about: whichever of them is forgotten, wholly or in one passage, nothing
opens the draft any more, and `sweep` removes what is left of it. What was discarded or recorded is
deleted; of what the database's files may still hold of it, the key lives on with its subjects.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg_pool import ConnectionPool

from domain.record.keyring import Keyring
from domain.record.log import Clock
from domain.record.sealing import NONCE_BYTES
from domain.record.wrapping import Entropy, drafts_secret
from domain.refusal import NotFound

DRAFT: Final = b"holdfast/draft/v1\n"
KEPT: Final = timedelta(days=30)  # from when it was last saved
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft as it lies there: its number, what it would ask of which stream, when it was saved.

    `stream` is None for what would begin one; `edition` is another each time it is saved.
    """

    id: UUID
    command: str
    stream: UUID | None
    saved_at: datetime
    edition: str


class Drafts:
    """The drafts of everybody; each is asked for in the name of whoever wrote it."""

    def __init__(
        self, pool: ConnectionPool[Any], keyring: Keyring, clock: Clock, entropy: Entropy
    ) -> None:
        self._pool = pool
        self._keyring = keyring
        self._clock = clock
        self._entropy = entropy

    def save(
        self,
        number: UUID,
        content: bytes,
        *,
        owner: UUID,
        command: str,
        stream: UUID | None,
        about: Collection[UUID],
        after: str = "",
    ) -> str | None:
        """Seal a draft, in place of the edition `after`; durable when this returns its edition.

        Nothing is kept, and None given, where other words stand under its number than that edition:
        somebody saved them from another page meanwhile. The same words are the edition they are.

        Raises:
            Refused: somebody it is about was erased (I13).
            NotFound: the number is that of another's draft, or of one for something else.
        """
        secrets = {
            drafts_secret(one): self._keyring.secret(one, drafts_secret(one))
            for one in sorted({owner, *about})
        }
        nonce = self._entropy(NONCE_BYTES)
        place = _place(number, owner, command, stream)
        sealed = AESGCM(_key(secrets)).encrypt(nonce, content, place)
        with self._pool.connection() as conn:
            kept = conn.execute(
                "INSERT INTO desk.draft (id, owner, stream, command, keys, saved_us, nonce, sealed)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE"
                " SET keys = excluded.keys, saved_us = excluded.saved_us,"
                " nonce = excluded.nonce, sealed = excluded.sealed"
                " WHERE draft.owner = excluded.owner AND draft.command = excluded.command"
                " AND draft.stream IS NOT DISTINCT FROM excluded.stream"
                " AND encode(draft.nonce, 'hex') = %s",
                (
                    *(number, owner, stream, command, sorted(secrets), self._now(), nonce, sealed),
                    after,
                ),
            )
        if kept.rowcount > 0:
            return nonce.hex()
        there, words = self.open(number, owner)
        if (there.command, there.stream) != (command, stream):
            raise _none()
        return there.edition if words == content else None

    def open(self, number: UUID, owner: UUID) -> tuple[Draft, bytes]:
        """A draft of somebody's own, with its content.

        Raises:
            NotFound: there is none, it is somebody else's, or it is forgotten.
        """
        with self._pool.connection() as conn:
            row = conn.execute(
                "SELECT id, command, stream, saved_us, nonce, keys, sealed FROM desk.draft"
                " WHERE id = %s AND owner = %s",
                (number, owner),
            ).fetchone()
        if row is None:
            raise _none()
        draft, nonce = _draft(row[:5]), row[4]
        keys, sealed = row[5:]
        secrets = self._keyring.find(keys)
        if len(secrets) == len(keys):
            place = _place(number, owner, draft.command, draft.stream)
            try:
                return draft, AESGCM(_key(secrets)).decrypt(nonce, sealed, place)
            except InvalidTag:  # a secret was forgotten, and another made since
                pass
        self.discard(number, owner)
        raise _none()

    def of(self, owner: UUID) -> list[Draft]:
        """Somebody's own drafts that can still be opened, the one saved last first."""
        with self._pool.connection() as conn:
            rows = conn.execute(
                "SELECT id, command, stream, saved_us, nonce FROM desk.draft d WHERE owner = %s"
                " AND NOT EXISTS (SELECT FROM unnest(d.keys) AS k (id) WHERE NOT EXISTS"
                " (SELECT FROM keyring.data_key WHERE data_key.id = k.id))"
                " ORDER BY saved_us DESC, id",
                (owner,),
            ).fetchall()
        return [_draft(row) for row in rows]

    def discard(self, number: UUID, owner: UUID, edition: str | None = None) -> bool:
        """Delete a draft of somebody's own, or only that edition of it; whether none is there."""
        with self._pool.connection() as conn:
            conn.execute(
                "DELETE FROM desk.draft WHERE id = %s AND owner = %s"
                " AND (%s::text IS NULL OR encode(nonce, 'hex') = %s)",
                (number, owner, edition, edition),
            )
            left = conn.execute(
                "SELECT FROM desk.draft WHERE id = %s AND owner = %s", (number, owner)
            )
            return left.fetchone() is None

    def sweep(self) -> int:
        """Delete what nothing opens any more and what was left alone too long; how many it was."""
        oldest = self._now() - int(KEPT.total_seconds()) * _MICROSECONDS
        with self._pool.connection() as conn:
            swept = conn.execute(
                "DELETE FROM desk.draft d WHERE saved_us < %s OR EXISTS"
                " (SELECT FROM unnest(d.keys) AS k (id) WHERE NOT EXISTS"
                " (SELECT FROM keyring.data_key WHERE data_key.id = k.id))",
                (oldest,),
            )
        gone: int = swept.rowcount
        return gone

    def _now(self) -> int:
        return int(self._clock.now().timestamp() * _MICROSECONDS)


def _draft(row: tuple[Any, ...]) -> Draft:
    number, command, stream, saved_us, nonce = row
    saved_at = datetime.fromtimestamp(saved_us / _MICROSECONDS, UTC)
    return Draft(
        id=number, command=command, stream=stream, saved_at=saved_at, edition=bytes(nonce).hex()
    )


def _key(secrets: dict[UUID, bytes]) -> bytes:
    """One key of several: without any one of them the others say nothing about it."""
    return sha256(DRAFT + b"".join(one.bytes + secrets[one] for one in sorted(secrets))).digest()


def _place(number: UUID, owner: UUID, command: str, stream: UUID | None) -> bytes:
    """What a sealed draft is bound to: its number, whose it is, and what it would ask of what."""
    where = b"" if stream is None else stream.bytes
    return DRAFT + number.bytes + owner.bytes + where + command.encode()


def _none() -> NotFound:
    return NotFound("There is no such draft of yours: it was recorded, discarded or forgotten.")
