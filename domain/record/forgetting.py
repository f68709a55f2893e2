"""Destroying keys for good, and bringing file and database to one epoch after a crash.

To forget is to destroy rows *and* the wrapping key that older copies of those rows (in the
write-ahead log, in dead tuples, in dumps) were wrapped with. So every forgetting makes a new
wrapping key, moves to it every key that is to live, and destroys the old one. A key that is to
die is never wrapped by the new one, not even in the transaction that destroys it.

A crash between the steps leaves either the old keyring or the new one: the file holds both
wrapping keys until the database has committed to one. One process at a time forgets or opens.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg.pq import TransactionStatus

from domain.record.sealing import KEY_BYTES
from domain.record.wrapping import (
    Entropy,
    WrappingKeys,
    data_place,
    drafts_secret,
    requests_secret,
    subject_place,
    unwrap,
    wrap,
)

_LOCK: Final = 0x486F6C6B6579  # "Holkey", of this database


def open_keyring(conn: Connection[Any], wrapping: WrappingKeys) -> None:
    """Bring file and database to one epoch: after the first start, or after a crash in `forget`.

    `conn` is the keeper's, in autocommit. Raises Corrupt when the file lacks the database's epoch.
    """
    with alone(conn):
        epoch = _epoch(conn)
        if epoch is None:
            # A crash before the commit leaves a key nobody uses; the next start drops it.
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
    along: Sequence[UUID] = (),
    kept: Mapping[UUID, UUID] = MappingProxyType({}),
) -> None:
    """Destroy the keys of whole subjects, and of single passages, for good (L8, L9).

    A subject is forgotten as often as it is named, whether or not it has a key by then. Passages go
    by themselves, or `along` with these subjects: then drafts about others are left. Passages of
    these subjects that are `kept` lie from now on among the keys of another, and go with that one.
    `conn` is the keeper's, in autocommit. The remaining passages of a subject that loses one are
    moved to a new subject key, since the lost key's old rows may survive in the write-ahead log
    wrapped by the old one. When this returns, nothing on this machine opens what was named.
    """
    with alone(conn):
        old = _epoch(conn) or 0
        new = max([old, *wrapping.epochs()]) + 1
        wrapping.add(new)
        # A crash from here to the commit leaves the old epoch in force; the next start, or the
        # next forgetting, destroys the new one.
        with conn.transaction():
            # In the order in which an append takes them, or the two would wait for each other.
            conn.execute("LOCK TABLE keyring.data_key IN EXCLUSIVE MODE")
            conn.execute("LOCK TABLE keyring.subject_key IN EXCLUSIVE MODE")
            conn.execute("LOCK TABLE keyring.epoch IN EXCLUSIVE MODE")
            conn.execute("INSERT INTO keyring.epoch (epoch) VALUES (%s)", (new,))
            dying = _passages(conn, wrapping, subjects, kept) if kept else {}
            for home in {kept[one] for one in dying} - set(subjects):
                found = _key_of(conn, wrapping, entropy, home, new)
                if found is not None:  # else that one went before, and these go with their own
                    theirs = {one: key for one, key in dying.items() if kept[one] == home}
                    _keep(conn, entropy, home, found, theirs)
            reduced = _destroy(conn, subjects, passages, along)
            for subject in reduced:
                _replace_subject(conn, wrapping, entropy, subject, new)
            _move_all(conn, wrapping, entropy, new)
            conn.execute("DELETE FROM keyring.epoch WHERE epoch <> %s", (new,))
        # Point of no return: the database knows only the new epoch. A crash before the next line
        # leaves the old wrapping key in the file; `open_keyring` destroys it at the next start.
        wrapping.keep_only(new)


@contextmanager
def alone(conn: Connection[Any]) -> Iterator[None]:
    """Nobody else opens or forgets meanwhile: each would destroy the wrapping key of the other.

    Whoever is alone already may ask again.
    """
    if not conn.autocommit or conn.info.transaction_status != TransactionStatus.IDLE:
        # Otherwise a wrapping key would be destroyed before the commit that lets go of it.
        raise ValueError("the keeper's connection must be in autocommit, outside a transaction")
    conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        yield
    finally:
        with suppress(psycopg.Error):  # a lost connection has let go of it already
            conn.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _epoch(conn: Connection[Any]) -> int | None:
    row: tuple[int | None] | None = conn.execute("SELECT max(epoch) FROM keyring.epoch").fetchone()
    return None if row is None else row[0]


def _destroy(
    conn: Connection[Any],
    subjects: Sequence[UUID],
    passages: Sequence[UUID],
    along: Sequence[UUID],
) -> list[UUID]:
    """Delete the rows; the subjects that lost a passage and live on are returned."""
    single = [*passages, *along]
    touched = conn.execute(
        "DELETE FROM keyring.data_key WHERE id = ANY(%s) RETURNING subject, id = ANY(%s)",
        (single, list(passages)),
    ).fetchall()
    # Also those without a key by now: an older release destroyed without saying which.
    conn.execute(
        "INSERT INTO keyring.gone (id) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING", (single,)
    )
    # With a passage goes what its request could be tried against; a request about the same subject
    # that is sent again after this is told that it is another one. So do drafts about the subject,
    # since one of them may say the same. Where it goes along with a case those in that case do,
    # which are about the case too, and no others.
    tried = [requests_secret(subject) for subject, _by_itself in touched]
    tried += [drafts_secret(subject) for subject, by_itself in touched if by_itself]
    conn.execute("DELETE FROM keyring.data_key WHERE id = ANY(%s)", (tried,))
    conn.execute("DELETE FROM keyring.data_key WHERE subject = ANY(%s)", (list(subjects),))
    # Also where there was no key, or none any more: nothing may be sealed about an erased subject
    # (I13), and who forgets again is counted again. A key made after this has a later generation.
    conn.execute(
        "INSERT INTO keyring.destroyed (subject, generation) SELECT s, greatest(0,"
        " (SELECT max(generation) FROM keyring.subject_key k WHERE k.subject = s),"
        " (SELECT max(generation) + 1 FROM keyring.destroyed d WHERE d.subject = s))"
        " + row_number() OVER (PARTITION BY s) - 1 FROM unnest(%s::uuid[]) AS s",
        (list(subjects),),
    )
    conn.execute("DELETE FROM keyring.subject_key WHERE subject = ANY(%s)", (list(subjects),))
    return sorted({subject for subject, _by_itself in touched} - set(subjects))


def _passages(
    conn: Connection[Any],
    wrapping: WrappingKeys,
    subjects: Sequence[UUID],
    among: Collection[UUID],
) -> dict[UUID, bytes]:
    """The keys of passages of some subjects, by id, of those that are there."""
    rows = conn.execute(
        "SELECT d.id, d.wrapped, d.subject, d.generation, s.epoch, s.wrapped"
        " FROM keyring.data_key d JOIN keyring.subject_key s USING (subject, generation)"
        " WHERE d.id = ANY(%s) AND d.subject = ANY(%s)",
        (list(among), list(subjects)),
    ).fetchall()
    found: dict[UUID, bytes] = {}
    for number, wrapped, subject, generation, epoch, above in rows:
        key = unwrap(wrapping.of(epoch), above, subject_place(subject, generation))
        found[number] = unwrap(AESGCM(key), wrapped, data_place(number))
    return found


def _keep(
    conn: Connection[Any],
    entropy: Entropy,
    home: UUID,
    above: tuple[int, AESGCM],
    keys: Mapping[UUID, bytes],
) -> None:
    """Put passages of a subject that is to go under another's key (`above`, with its generation).

    Their old rows open no more: the key they are wrapped by goes with the subject.
    """
    generation, key = above
    for number, secret in keys.items():
        conn.execute(
            "UPDATE keyring.data_key SET subject = %s, generation = %s, wrapped = %s WHERE id = %s",
            (home, generation, wrap(key, secret, data_place(number), entropy), number),
        )


def _key_of(
    conn: Connection[Any], wrapping: WrappingKeys, entropy: Entropy, subject: UUID, epoch: int
) -> tuple[int, AESGCM] | None:
    """A subject's key, made where there was none yet; None where it was destroyed."""
    row = conn.execute(
        "SELECT generation, epoch, wrapped FROM keyring.subject_key WHERE subject = %s"
        " ORDER BY generation DESC LIMIT 1",
        (subject,),
    ).fetchone()
    if row is not None:
        generation, of, wrapped = row
        key = unwrap(wrapping.of(of), wrapped, subject_place(subject, generation))
        return generation, AESGCM(key)
    gone = conn.execute("SELECT FROM keyring.destroyed WHERE subject = %s", (subject,)).fetchone()
    if gone is not None:
        return None
    secret, place = entropy(KEY_BYTES), subject_place(subject, 1)
    conn.execute(
        "INSERT INTO keyring.subject_key (subject, generation, epoch, wrapped)"
        " VALUES (%s, 1, %s, %s)",
        (subject, epoch, wrap(wrapping.of(epoch), secret, place, entropy)),
    )
    return 1, AESGCM(secret)


def _move_all(conn: Connection[Any], wrapping: WrappingKeys, entropy: Entropy, epoch: int) -> None:
    """Wrap every subject's key by the new wrapping key."""
    fresh = wrapping.of(epoch)
    rows = conn.execute(
        "SELECT subject, generation, epoch, wrapped FROM keyring.subject_key WHERE epoch <> %s",
        (epoch,),
    ).fetchall()
    moved: list[tuple[UUID, int, bytes]] = []
    for subject, generation, old, wrapped in rows:
        place = subject_place(subject, generation)
        secret = unwrap(wrapping.of(old), wrapped, place)
        moved.append((subject, generation, wrap(fresh, secret, place, entropy)))
    conn.execute(
        "UPDATE keyring.subject_key s SET epoch = %s, wrapped = m.wrapped"
        " FROM unnest(%s::uuid[], %s::int[], %s::bytea[]) AS m (subject, generation, wrapped)"
        " WHERE s.subject = m.subject AND s.generation = m.generation",
        (epoch, [m[0] for m in moved], [m[1] for m in moved], [m[2] for m in moved]),
    )


def _replace_subject(
    conn: Connection[Any], wrapping: WrappingKeys, entropy: Entropy, subject: UUID, epoch: int
) -> None:
    """A new key for the subject, and its remaining passages under it.

    The old key must not be wrapped by the new wrapping key first: it still opens the old row of
    the passage that is to be lost.
    """
    rows = conn.execute(
        "SELECT generation, epoch, wrapped FROM keyring.subject_key WHERE subject = %s", (subject,)
    ).fetchall()
    keys = {
        generation: AESGCM(unwrap(wrapping.of(at), wrapped, subject_place(subject, generation)))
        for generation, at, wrapped in rows
    }
    generation = max(keys) + 1
    secret = entropy(KEY_BYTES)
    fresh = AESGCM(secret)
    place = subject_place(subject, generation)
    conn.execute(
        "INSERT INTO keyring.subject_key (subject, generation, epoch, wrapped)"
        " VALUES (%s, %s, %s, %s)",
        (subject, generation, epoch, wrap(wrapping.of(epoch), secret, place, entropy)),
    )
    data = conn.execute(
        "SELECT id, generation, wrapped FROM keyring.data_key WHERE subject = %s", (subject,)
    ).fetchall()
    moved: list[tuple[UUID, bytes]] = []
    for number, at, wrapped in data:
        secret = unwrap(keys[at], wrapped, data_place(number))
        moved.append((number, wrap(fresh, secret, data_place(number), entropy)))
    conn.execute(
        "UPDATE keyring.data_key d SET generation = %s, wrapped = m.wrapped"
        " FROM unnest(%s::uuid[], %s::bytea[]) AS m (id, wrapped) WHERE d.id = m.id",
        (generation, [m[0] for m in moved], [m[1] for m in moved]),
    )
    conn.execute(
        "DELETE FROM keyring.subject_key WHERE subject = %s AND generation < %s",
        (subject, generation),
    )
