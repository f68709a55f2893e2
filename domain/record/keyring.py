"""The keys of the record: master → wrapping key → one key per subject → one key per passage.

The keyring lives outside the log. Subject and passage keys are rows of schema `keyring`, wrapped;
the wrapping key is a small file (`wrapping`), itself wrapped by the master key from the settings.
How keys are destroyed, so that no older copy of a row opens anything: `forgetting`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection
from psycopg_pool import ConnectionPool

from domain.record.forgetting import forget, open_keyring
from domain.record.remembered import Remembered
from domain.record.sealing import KEY_BYTES
from domain.record.wrapping import (
    Entropy,
    EpochGone,
    WrappingKeys,
    data_place,
    subject_place,
    unwrap,
    wrap,
)
from domain.refusal import Corrupt, Refused

__all__ = ["Keyring", "NewKey", "WrappingKeys", "forget", "open_keyring"]

_TRIES: Final = 5  # against forgettings that move every key while we look
_REMEMBERED: Final = 100_000  # subjects
_FEW: Final = 20_000  # subjects forgotten, of which all are read
_MANY: Final = 1_000  # data keys at once, of which it pays to ask first by the subjects remembered
_EVER: Final = (
    "SELECT DISTINCT d.subject, k.subject IS NOT NULL FROM keyring.destroyed AS d"
    " LEFT JOIN keyring.subject_key AS k ON k.subject = d.subject LIMIT %s"
)
_EVER_OF: Final = _EVER.replace("LIMIT %s", "WHERE d.subject = ANY((SELECT %s::uuid[])::uuid[])")


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


def array_of(ids: Iterable[UUID]) -> str:
    """References as the text of an array: a return names fifty thousand, and this is quickest."""
    return f"{{{','.join([f'{one.int:032x}' for one in ids])}}}"


class Keyring:
    """Makes and finds keys.

    Rows of new passage keys are written by the append itself, so that an event and its keys
    become durable together.
    """

    def __init__(self, pool: ConnectionPool[Any], wrapping: WrappingKeys, entropy: Entropy) -> None:
        self._pool = pool
        self._wrapping = wrapping
        self._entropy = entropy
        self._subjects: dict[tuple[UUID, int], AESGCM] = {}
        self._current: dict[UUID, _Subject] = {}
        self.remembered = Remembered(pool, wrapping, entropy)

    def make(self, about: UUID) -> NewKey:
        """A new data key about a subject, whose own key is made first if it has none.

        Raises:
            Refused: the subject's key was destroyed (I13).
        """
        subject = self._current.get(about) or self._ensure(about)
        key, number = self._entropy(KEY_BYTES), UUID(bytes=self._entropy(16), version=4)
        wrapped = wrap(subject.key, key, data_place(number), self._entropy)
        return NewKey(number, key, about, subject.generation, wrapped)

    def find_each(self, ids: Collection[UUID]) -> tuple[dict[UUID, bytes], dict[UUID, Corrupt]]:
        """The keys that open, and of each that does not, why: halved until it stands alone."""
        try:
            return self.find(ids), {}
        except Corrupt as error:
            if len(ids) == 1:
                return {}, dict.fromkeys(ids, error)
        each = list(ids)
        half = len(each) // 2
        (left, wrong), (right, more) = self.find_each(each[:half]), self.find_each(each[half:])
        return {**left, **right}, {**wrong, **more}

    def find(self, ids: Collection[UUID]) -> dict[UUID, bytes]:
        """The data keys that still exist, by id; what is missing is forgotten.

        Raises:
            Corrupt: the keyring file is not the one of these rows.
        """
        if not _MANY <= len(ids) <= len(self._subjects):
            return self._find(ids)
        found, rest = self._of_remembered(ids)
        return {**found, **self._find(rest)} if rest else found

    def _of_remembered(self, ids: Collection[UUID]) -> tuple[dict[UUID, bytes], list[UUID]]:
        """The data keys that still exist of subjects whose own is remembered, and the others.

        A data key has no row without its subject's (a foreign key): one that was forgotten since
        is not found, whatever is remembered.
        """
        with self._pool.connection() as conn:
            rows = conn.execute(
                "SELECT id, subject, generation, wrapped FROM keyring.data_key"
                " WHERE id = ANY(%s::uuid[])",
                (array_of(ids),),
                prepare=True,
                binary=True,
            ).fetchall()
        found, rest = dict[UUID, bytes](), list[UUID]()
        for number, subject, generation, wrapped in rows:
            key = self._subjects.get((subject, generation))
            if key is None:
                rest.append(number)
            else:
                found[number] = unwrap(key, wrapped, data_place(number))
        return found, rest

    def _find(self, ids: Collection[UUID]) -> dict[UUID, bytes]:
        if not ids:
            return {}
        lost: EpochGone | None = None
        for _ in range(_TRIES):
            with self._pool.connection() as conn:
                rows = conn.execute(
                    "SELECT d.id, d.subject, d.generation, d.wrapped, s.epoch, s.wrapped"
                    " FROM keyring.data_key d"
                    " JOIN keyring.subject_key s USING (subject, generation)"
                    " WHERE d.id = ANY(%s::uuid[])",
                    (array_of(ids),),
                    prepare=True,
                    binary=True,
                ).fetchall()
            try:
                return {
                    number: unwrap(
                        self._subjects.get((subject, generation))
                        or self._open_subject(subject, generation, epoch, subject_wrapped),
                        wrapped,
                        data_place(number),
                    )
                    for number, subject, generation, wrapped, epoch, subject_wrapped in rows
                }
            except EpochGone as gone:
                lost = gone  # a forgetting may have moved the rows since we read them: look again
        raise lost or EpochGone("the keyring moved too often")

    def secret(self, about: UUID, number: UUID) -> bytes:
        """A lasting secret about a subject, made when first asked for and forgotten with it.

        What is reckoned from words about somebody (to know them again) is keyed with it, so that
        nobody who has only the log can try words against it, and nobody at all once the subject is
        forgotten. `number` tells a subject's secrets apart, and all secrets from all data keys.

        Raises:
            Refused: the subject's key was destroyed (I13).
        """
        for _ in range(_TRIES):
            found = self.find([number])
            if number in found:
                return found[number]
            subject = self._current.get(about) or self._ensure(about)
            place = data_place(number)
            wrapped = wrap(subject.key, self._entropy(KEY_BYTES), place, self._entropy)
            try:
                with self._pool.connection() as conn:
                    conn.execute(
                        "INSERT INTO keyring.data_key (id, subject, generation, wrapped)"
                        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                        (number, about, subject.generation, wrapped),
                    )
            except psycopg.errors.ForeignKeyViolation:
                self.stale([about])  # its key was replaced meanwhile
        raise Corrupt(f"subject {about}: its key vanished as a secret was made")

    def destroyed(self, about: UUID) -> bool:
        """Whether the subject was forgotten and has had no new key since."""
        return bool(self.destroyed_of([about]))

    def destroyed_of(self, subjects: Iterable[UUID]) -> frozenset[UUID]:
        """Those of some subjects who were forgotten and have had no new key since."""
        with self._pool.connection() as conn:
            rows = conn.execute(
                "SELECT DISTINCT subject FROM keyring.destroyed WHERE subject = ANY(%s::uuid[])"
                " AND NOT EXISTS (SELECT FROM keyring.subject_key AS k"
                " WHERE k.subject = destroyed.subject)",
                (array_of(subjects),),
                prepare=True,
            ).fetchall()
        return frozenset(one for (one,) in rows)

    def ever_destroyed(self, subjects: Iterable[UUID] | None = None) -> Mapping[UUID, bool] | None:
        """Those of some subjects who were ever forgotten; of each whether it has a new key.

        Where none are named all there are; None: too many, and whose it is asked has to be said.
        """
        named = subjects is not None
        asked = (array_of(subjects or ()),) if named else (_FEW + 1,)
        with self._pool.connection() as conn:
            cursor = conn.cursor(binary=True)
            rows = cursor.execute(_EVER_OF if named else _EVER, asked).fetchall()
        return dict(rows) if named or len(rows) <= _FEW else None

    def missing(self, ids: Iterable[UUID]) -> frozenset[UUID]:
        """Those of some data keys that exist no more; none is opened."""
        asked = frozenset(ids)
        with self._pool.connection() as conn:
            rows = conn.execute(
                "SELECT id FROM keyring.data_key WHERE id = ANY(%s::uuid[])", (array_of(asked),)
            ).fetchall()
        return asked - {one for (one,) in rows}

    def unrecorded(self, about: UUID) -> bool:
        """Whether the subject was forgotten only by what a restored log lost the end of."""
        with self._pool.connection() as conn:
            row = conn.execute(
                "SELECT bool_and(unrecorded) FROM keyring.destroyed WHERE subject = %s", (about,)
            ).fetchone()
        return row is not None and bool(row[0])

    def listed(self, keys: Mapping[UUID, UUID]) -> dict[UUID, bool]:
        """Which of these missing keys (key → subject) are listed as destroyed by a forgetting.

        Each with whether it may be by an erasure that a restored log lost. Who may put on the
        keeper's role can list a key that nobody forgot: whether an erasure stands for it, the log
        says. Of a subject that was forgotten once, any older key may have been: a passage does not
        say which generation it was sealed under.
        """
        with self._pool.connection() as conn:
            gone = conn.execute(
                "SELECT id FROM keyring.gone WHERE id = ANY(%s)", (list(keys),)
            ).fetchall()
            destroyed = conn.execute(
                "SELECT subject, bool_or(unrecorded) FROM keyring.destroyed"
                " WHERE subject = ANY(%s) GROUP BY subject",
                (list(set(keys.values())),),
            ).fetchall()
        subjects: dict[UUID, bool] = dict(destroyed)
        found = {key: subjects[one] for key, one in keys.items() if one in subjects}
        return {**found, **{key: True for (key,) in gone}}

    def reopen(self, about: UUID) -> None:
        """Give a forgotten subject a new key, for a case reopened after erasure (I13)."""
        self._insert_subject(about, allow_destroyed=True)

    def stale(self, subjects: Iterable[UUID]) -> None:
        """Drop what was remembered of these subjects' keys: the database knows better."""
        dropped = set(subjects)
        for subject in dropped:
            self._current.pop(subject, None)
        for remembered in [one for one in list(self._subjects) if one[0] in dropped]:
            self._subjects.pop(remembered, None)

    def _ensure(self, about: UUID) -> _Subject:
        lost = Corrupt(f"subject {about}: its key vanished as it was made")
        for _ in range(_TRIES):
            row = self._latest(about)
            if row is None:
                self._insert_subject(about, allow_destroyed=False)
                continue
            generation, epoch, wrapped = row
            try:
                subject = _Subject(
                    generation, self._open_subject(about, generation, epoch, wrapped)
                )
            except EpochGone as gone:
                lost = gone  # as in `find`
                continue
            self._current[about] = subject
            return subject
        raise lost

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
        for attempt in range(_TRIES):
            try:
                with self._pool.connection() as conn:
                    self._try_subject(conn, about, allow_destroyed=allow_destroyed)
            except (EpochGone, psycopg.errors.ForeignKeyViolation):
                if attempt + 1 == _TRIES:
                    raise
                continue  # a forgetting moved the epoch meanwhile, and perhaps forgot this subject
            return

    def _try_subject(self, conn: Connection[Any], about: UUID, *, allow_destroyed: bool) -> None:
        # Read the epoch first: whatever is forgotten after this line makes the insert fail.
        row = conn.execute("SELECT max(epoch) FROM keyring.epoch").fetchone()
        epoch: int = row[0] if row and row[0] is not None else 0
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
        generation = (last or 0) + 1
        secret, place = self._entropy(KEY_BYTES), subject_place(about, generation)
        conn.execute(
            "INSERT INTO keyring.subject_key (subject, generation, epoch, wrapped)"
            " SELECT %(subject)s, %(generation)s, %(epoch)s, %(wrapped)s WHERE NOT EXISTS"
            " (SELECT FROM keyring.subject_key WHERE subject = %(subject)s)"
            " ON CONFLICT DO NOTHING",
            {
                "subject": about,
                "generation": generation,
                "epoch": epoch,
                "wrapped": wrap(self._wrapping.of(epoch), secret, place, self._entropy),
            },
        )

    def _open_subject(self, about: UUID, generation: int, epoch: int, wrapped: bytes) -> AESGCM:
        place = subject_place(about, generation)
        key = AESGCM(unwrap(self._wrapping.of(epoch), wrapped, place))
        if len(self._subjects) > _REMEMBERED:
            self._subjects.clear()
        self._subjects[(about, generation)] = key
        return key
