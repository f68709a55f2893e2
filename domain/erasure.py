"""Erasures carried out: an event says that data were made unreadable, and here they are.

The event is recorded first and the keys destroyed after it, since a key destroyed without its
event would be a gap nobody answers for. What a crash leaves between the two is finished by the
next erasure or the next start. Carrying out twice destroys nothing twice: the keyring counts how
often each subject was forgotten, once for each erasure that names it, also where it had no key.

A record that was restored may have forgotten by erasures that its log lost. What these took is
recorded at the first start after the restoring, so that nothing else can be passed off as theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from sys import maxsize
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

import orjson
from psycopg import Connection

from domain.access import ForgettingsLost
from domain.catalogue import EVENTS
from domain.closure import CaseReopened
from domain.correction import PersonalDataErased
from domain.person import PersonErased
from domain.record.encoding import passages
from domain.record.envelope import Row
from domain.record.forgetting import alone, forget
from domain.record.log import Log
from domain.record.record import Part, Record
from domain.record.wrapping import Entropy, WrappingKeys
from domain.stored import describe
from domain.when import instant
from domain.words import Actor, Code, Particulars

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
_REOPENINGS: Final = _names(CaseReopened)
_LOST: Final = _names(ForgettingsLost)
_ERASURES: Final = [*_names(PersonalDataErased), *_OWN]


def erased(log: Log) -> tuple[Counter[UUID], set[UUID]]:
    """How often each subject was erased by what a log holds, and the keys of passages that were."""
    subjects: Counter[UUID] = Counter()
    keys: set[UUID] = set()
    for row in _erasures(log):
        subject, alone = _taken(log, row)
        keys.update(alone)
        if subject is not None:
            subjects[subject] += 1
    return subjects, keys


def erased_until(log: Log) -> tuple[dict[UUID, int], set[UUID]]:
    """Before which position an erasure may have taken what is about a subject; and single keys.

    An erasure takes what was recorded before it, and, where it was not carried out at once, what
    was sealed since under the keys that were to die. It is carried out before its case is taken up
    again, at the latest: what is recorded from there on can only have gone by another erasure.
    """
    again: dict[UUID, list[int]] = {}
    for row in _named(log, _REOPENINGS):
        again.setdefault(row.stream, []).append(row.position)
    until: dict[UUID, int] = {}
    keys: set[UUID] = set()
    for row in _erasures(log):
        subject, alone = _taken(log, row)
        keys.update(alone)
        if subject is not None:
            after = (one for one in again.get(row.stream, ()) if one > row.position)
            until[subject] = max(until.get(subject, 0), next(after, maxsize))
    return until, keys


def _taken(log: Log, row: Row) -> tuple[UUID | None, Iterable[UUID]]:
    """What an erasure takes: whom or what it takes whole, or the keys of single passages."""
    data = orjson.loads(row.payload)["data"]
    person = UUID(data["person"]) if "person" in data else None
    if row.name in _OWN:
        person = row.stream
    if data["scope"] == "passage":
        return None, _keys_at(log, person or row.stream, data.get("target"))
    return row.stream if data["scope"] == "case" else person, ()


def lost(readings: Log, numbers: Collection[int]) -> tuple[set[UUID], set[UUID]]:
    """The subjects, and keys of passages, that erasures took which a restoring lost.

    By what the log of readings says of these incarnations of it; of each only what was recorded at
    its first start is believed (`tell_lost`).
    """
    subjects: set[UUID] = set()
    keys: set[UUID] = set()
    for number in numbers:
        stood = readings.command(_telling(readings, number))
        for row in readings.at([stood[0].first]) if stood is not None else ():
            data = orjson.loads(row.payload)["data"]
            if row.name in _LOST:
                subjects.update(UUID(one) for one in data.get("subjects", ()))
                keys.update(UUID(one) for one in data.get("keys", ()))
    return subjects, keys


def tell_lost(
    record: Record, readings: Record, connect: Connecting, number: int, by: Actor
) -> bool:
    """Record what a restored record forgot by erasures it lost, at its first start: once.

    `number` is the incarnation of the log of readings. Whether it was recorded now.
    """
    command = _telling(readings.log, number)
    if readings.log.command(command) is not None:
        return False
    _subjects, named = erased(record.log)
    with connect() as conn:
        subjects = conn.execute(
            "SELECT DISTINCT subject FROM keyring.destroyed WHERE unrecorded ORDER BY subject"
        ).fetchall()
        gone = conn.execute("SELECT id FROM keyring.gone ORDER BY id").fetchall()
    event = ForgettingsLost(
        incarnation=number,
        subjects=tuple(one for (one,) in subjects),
        keys=tuple(one for (one,) in gone if one not in named),
    )
    told = readings.append(
        [Part(uuid5(command, "stream"), 0, (event,))],
        actor=by,
        particulars=Particulars(
            occurred=instant(readings.now()), purpose=Code("records_management")
        ),
        command=command,
        digest=command.bytes * 2,
    )
    return not told.repeated


def _telling(readings: Log, number: int) -> UUID:
    """The command under which it is recorded: of an incarnation always the same."""
    return uuid5(readings.authority, f"forgettings lost {number}")


def lost_told(readings: Log, number: int) -> bool:
    """Whether an incarnation of the readings was begun by a restoring, and started since."""
    return any(
        orjson.loads(row.payload)["data"]["incarnation"] == number
        for row in _named(readings, _LOST)
    )


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
    return _named(log, _ERASURES, after)


def _named(log: Log, names: Collection[str], after: int = 0) -> Iterator[Row]:
    while rows := log.read(after, names=names, limit=_PAGE):
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
