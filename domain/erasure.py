"""Erasures carried out: an event says that data were made unreadable, and here they are.

The event is recorded first and the keys destroyed after it, since a key destroyed without its
event would be a gap nobody answers for. What a crash leaves between the two is finished by the
next erasure or the next start. Carrying out twice destroys nothing twice: the keyring counts how
often each subject was forgotten, once for each erasure that names it, also where it had no key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson
from psycopg import Connection

from domain.catalogue import EVENTS
from domain.correction import PersonalDataErased
from domain.person import PersonErased
from domain.record.encoding import passages
from domain.record.envelope import Row
from domain.record.forgetting import alone, forget
from domain.record.log import Log
from domain.record.record import Record
from domain.record.wrapping import Entropy, WrappingKeys
from domain.stored import describe

_PAGE: Final = 1000


Connecting: TypeAlias = Callable[[], AbstractContextManager[Connection[Any]]]
_ABOUT: Final = (
    'SELECT payload FROM record.cases WHERE "position" <= %s'
    " AND EXISTS (SELECT FROM unnest(%s::bytea[]) AS s (one) WHERE position(one IN payload) > 0)"
)


def _names(event: type) -> list[str]:
    """Every name, with version, under which an event can stand in the log."""
    name, _version = describe(event)
    return [f"{name}.v{one}" for one in range(1, EVENTS[name].current_version + 1)]


_OWN: Final = _names(PersonErased)  # in the stream of whoever it is
_ERASURES: Final = [*_names(PersonalDataErased), *_OWN]


def erased(log: Log) -> tuple[Counter[UUID], set[UUID]]:
    """How often each subject was erased by what a log holds, and the keys of passages that were."""
    subjects: Counter[UUID] = Counter()
    keys: set[UUID] = set()
    for row in _erasures(log):
        data = orjson.loads(row.payload)["data"]
        person = UUID(data["person"]) if "person" in data else None
        if row.name in _OWN:
            person = row.stream
        if data["scope"] == "passage":
            keys.update(_keys_at(log, person or row.stream, data.get("target")))
        elif data["scope"] == "case":
            subjects[row.stream] += 1
        elif person is not None:
            subjects[person] += 1
    return subjects, keys


def forgotten_since(log: Log, connect: Connecting, size: int) -> int:
    """How many passages of the first `size` entries were forgotten by erasures recorded after them.

    `connect` may read the log, and is used once all else is read: nobody holds one connection and
    waits for another. What was forgotten before counts again with its subject.
    """
    subjects: set[str] = set()
    keys: set[str] = set()
    for row in _erasures(log, size):
        data = orjson.loads(row.payload)["data"]
        person = str(row.stream) if row.name in _OWN else data.get("person")
        if data["scope"] == "passage":
            about = UUID(person) if person else row.stream
            keys.update(str(one) for one in _keys_at(log, about, data.get("target"), size))
        else:
            subjects.add(str(row.stream) if data["scope"] == "case" else person)
    if subjects:  # there are few erasures, so few answers read so much
        asked = (size, [one.encode() for one in subjects])
        with connect() as conn:
            rows = conn.execute(_ABOUT, asked, binary=True).fetchall()
        for (payload,) in rows:
            told = passages(orjson.loads(payload)["data"])
            keys.update(str(one["key"]) for one in told if one["about"] in subjects)
    return len(keys)


def _erasures(log: Log, after: int = 0) -> Iterator[Row]:
    while rows := log.read(after, names=_ERASURES, limit=_PAGE):
        yield from rows
        after = rows[-1].position


def _keys_at(
    log: Log, stream: UUID, version: int | None, upto: int | None = None
) -> Iterator[UUID]:
    for row in log.stream(stream):
        if row.version == version and (upto is None or row.position <= upto):
            for sealed in passages(orjson.loads(row.payload)["data"]):
                yield UUID(sealed["key"])


class Erasure:
    """Destroys the keys that the record's erasures name."""

    def __init__(
        self,
        record: Record,
        keeper: Callable[[], Connection[Any]],
        wrapping: WrappingKeys,
        entropy: Entropy,
    ) -> None:
        """`keeper` opens an autocommit connection in the role that may delete keys."""
        self._record = record
        self._keeper = keeper
        self._wrapping = wrapping
        self._entropy = entropy

    def carry_out(self) -> int:
        """Carry out every recorded erasure that was not yet; returns how many it was.

        When this returns, nothing on this machine opens what the record says was erased.
        """
        subjects, keys = erased(self._record.log)
        # Alone from the count to what comes of it: two that carry out the same would count twice,
        # and the next erasure would seem to be carried out already.
        with self._keeper() as conn, alone(conn):
            due = [
                one
                for one, times in subjects.items()
                for _ in range(times - self._times(conn, one))
            ]
            # One that was forgotten before keys so forgotten were listed has none, and is listed.
            left = conn.execute(
                "SELECT k.id, EXISTS (SELECT FROM keyring.data_key d WHERE d.id = k.id)"
                " FROM unnest(%s::uuid[]) AS k (id)"
                " WHERE NOT EXISTS (SELECT FROM keyring.gone g WHERE g.id = k.id)"
                " OR EXISTS (SELECT FROM keyring.data_key d WHERE d.id = k.id)",
                (list(keys),),
            ).fetchall()
            living = [key for key, alive in left if alive]
            if due or living:
                forget(conn, self._wrapping, self._entropy, subjects=due, passages=living)
                self._record.keyring.stale(due)
            conn.execute(
                "INSERT INTO keyring.gone (id) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING",
                ([key for key, alive in left if not alive],),
            )
        return len(due) + len(living)

    @staticmethod
    def _times(conn: Connection[Any], subject: UUID) -> int:
        """How often the subject was forgotten, by erasures that this log holds.

        What a restored record forgot by an erasure that it lost does not stand for the next one.
        """
        row = conn.execute(
            "SELECT count(*) FROM keyring.destroyed WHERE subject = %s AND NOT unrecorded",
            (subject,),
        ).fetchone()
        return 0 if row is None else int(row[0])
