"""Erasures carried out: an event says that data were made unreadable, and here they are.

The event is recorded first and the keys destroyed after it, since a key destroyed without its
event would be a gap nobody answers for. What a crash leaves between the two is finished by the
next erasure or the next start. Carrying out twice destroys nothing twice: the keyring counts how
often each subject was forgotten, once for each erasure that names it, also where it had no key.

A record that was restored may have forgotten by erasures that its log lost. What these took is
recorded at the first start after the restoring, so that nothing else can be passed off as theirs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import count
from sys import maxsize
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

import orjson
from psycopg import Connection

from domain.access import ForgettingsLost
from domain.along import Along, along, own
from domain.catalogue import EVENTS
from domain.closure import CaseReopened
from domain.correction import PersonalDataErased
from domain.filing import FilingErased, ReturnFiled
from domain.holds import WithoutWords
from domain.person import PersonErased
from domain.reading import joined_facts, replayed
from domain.record.encoding import passages
from domain.record.envelope import Row
from domain.record.forgetting import alone, forget
from domain.record.lawful import Accounts, Named
from domain.record.log import Log
from domain.record.proof.lives import Incarnation
from domain.record.record import Part, Record
from domain.record.wrapping import Entropy, WrappingKeys
from domain.rested import lack
from domain.stored import describe
from domain.when import instant
from domain.words import Actor, Code, Particulars

_PAGE: Final = 1000
_AT_ONE_MOMENT: Final = 60_000_000  # µs: longer than a command takes from its look to its entry


Connecting: TypeAlias = Callable[[], AbstractContextManager[Connection[Any]]]
_ABOUT: Final = (
    'SELECT payload FROM record.cases WHERE "position" <= %s'
    " AND EXISTS (SELECT FROM unnest(%s::bytea[]) AS s (one) WHERE position(one IN payload) > 0)"
)
_LIVING: Final = "SELECT id FROM keyring.data_key WHERE id = ANY(%s::uuid[])"
_ELSEWHERE: Final = f"{_LIVING} AND subject <> %s"


def _names(event: type) -> list[str]:
    """Every name, with version, under which an event can stand in the log."""
    name, _version = describe(event)
    return [f"{name}.v{one}" for one in range(1, EVENTS[name].current_version + 1)]


_OWN: Final = _names(PersonErased)  # in the stream of whoever it is
_FILED: Final = _names(ReturnFiled)
_OF_FILED: Final = _names(FilingErased)  # in the authority's stream: a document with its own key
_REOPENINGS: Final = _names(CaseReopened)
_LOST: Final = _names(ForgettingsLost)
_RESTED: Final = (
    "each erasure rests on what somebody else had approved, and no legal hold stood over it"
)
_ERASURES: Final = [*_names(PersonalDataErased), *_OWN, *_OF_FILED]


def erased(log: Log) -> tuple[Counter[UUID], set[UUID]]:
    """How often each subject was erased by what a log holds, and the keys of passages that were."""
    subjects: Counter[UUID] = Counter()
    keys: set[UUID] = set()
    for row in _erasures(log):
        subject, alone = _taken(log, row)
        keys.update(alone, _along(log, row).taken)
        if subject is not None:
            subjects[subject] += 1
    return subjects, keys


class Erasures:
    """The erasures of a record, each held to what it has to rest on (`rested`): once, in one pass.

    Nothing that one lacks can be made good: what is recorded before it stays as it is.
    """

    def __init__(self, record: Record) -> None:
        """`record` is that of cases."""
        self._record = record
        self._about: dict[int, UUID | None] = {}  # whose case was taken up again, by position
        self._lacking: dict[int, str] = {}  # by position; of those that rest on all, nothing

    def accounts(self) -> Accounts:
        """What holds `verify` to them."""
        return Accounts(_RESTED, self._wrong)

    def until(self) -> Named:
        """What those took that lack nothing, as `erased_until` gives it."""
        return erased_until(self._record.log, lambda row: not self._lacks(row), self._whose)

    def _wrong(self) -> Iterator[tuple[int, str]]:
        for row in _erasures(self._record.log):
            if lacks := self._lacks(row):
                yield row.position, lacks

    def _whose(self, row: Row) -> UUID | None:
        """Whose the case is that was taken up again: they were given new keys with it."""
        if row.position not in self._about:
            silent, at = WithoutWords(self._record), row.position - 1
            facts = silent.facts(row.stream, as_at=at)
            streams = joined_facts(silent, row.stream, facts, as_at=at)
            case = replayed(row.stream, streams)
            self._about[row.position] = case.adult or case.was_about
        return self._about[row.position]

    def _lacks(self, row: Row) -> str:
        if row.position not in self._lacking:
            self._lacking[row.position] = lack(self._record, row)
        return self._lacking[row.position]


def erased_until(
    log: Log,
    rests: Callable[[Row], bool] = lambda _row: True,
    whose: Callable[[Row], UUID | None] = lambda _row: None,
) -> Named:
    """Before which position an erasure may have taken what is about a subject; and single keys.

    Third, of keys about a case that an erasure of it left to the case they are read in, before
    which position another erasure of it may have taken them: 0 where none did.

    By those erasures that rest on what they have to. An erasure takes what was recorded before it,
    and, where it was not carried out at once, what was sealed since under the keys that were to
    die. It is carried out before its case is taken up again, at the latest: what is recorded from
    there on can only have gone by another erasure. So it is of a person, wherever they were erased,
    once a case of theirs is taken up again (`whose` it is): what is recorded of them is sealed anew
    from there on. Of the two at nearly one moment that cannot be said.
    """
    again: dict[UUID, list[Row]] = {}
    for row in _named(log, _REOPENINGS):
        again.setdefault(row.stream, []).append(row)
    until: dict[UUID, int] = {}
    keys: set[UUID] = set()
    each: dict[UUID, list[tuple[int, Collection[UUID]]]] = defaultdict(list)
    for row in filter(rests, _erasures(log)):
        subject, alone = _taken(log, row)
        read = _along(log, row)
        keys.update(alone, read.taken)
        if subject is not None:
            after = [
                one.position for one in again.get(row.stream, ()) if one.position > row.position
            ]
            if row.name in _OF_FILED:
                after = []  # no case is taken up again by it, and the key is never made anew
            elif subject != row.stream or row.name in _OWN:
                theirs = (one for rows in again.values() for one in rows if whose(one) == subject)
                latest = row.recorded_us + _AT_ONE_MOMENT
                after += [one.position for one in theirs if one.recorded_us > latest]
            last = min(after, default=maxsize)
            until[subject] = max(until.get(subject, 0), last)
            # About a person it is under no key of the case: that it was left says nothing of it.
            each[subject].append((last, read.left.keys() & read.kept.keys()))
    return until, keys, dict(_left(each.values()))


def _left(each: Iterable[list[tuple[int, Collection[UUID]]]]) -> Iterator[tuple[UUID, int]]:
    """What erasures of one subject left, and how far those reach that did not leave it."""
    for erasures in each:
        for key in {key for _until, left in erasures for key in left}:
            yield key, max((until for until, left in erasures if key not in left), default=0)


def _taken(log: Log, row: Row) -> tuple[UUID | None, Iterable[UUID]]:
    """What an erasure takes: whom or what it takes whole, or the keys of single passages."""
    data = orjson.loads(row.payload)["data"]
    if row.name in _OF_FILED:
        return _document_at(log, row.stream, data.get("target")), ()
    person = UUID(data["person"]) if "person" in data else None
    if row.name in _OWN:
        person = row.stream
    if data["scope"] == "passage":
        return None, _keys_at(log, person or row.stream, data.get("target"))
    return row.stream if data["scope"] == "case" else person, ()


def _along(log: Log, row: Row) -> Along:
    """What goes with it, or stays, of what its case and others read of each other then."""
    if _is_of_case(row):
        return along(log, row.stream, as_at=row.position)
    return Along(taken={}, kept={}, left={}, brought=frozenset())


def _is_of_case(row: Row) -> bool:
    of_case = row.name not in {*_OWN, *_OF_FILED}
    return of_case and orjson.loads(row.payload)["data"]["scope"] == "case"


def lost(readings: Log, lives: Sequence[Incarnation]) -> tuple[set[UUID], set[UUID]]:
    """The subjects, and keys of passages, that erasures took which a restoring lost.

    By what the log of readings says of these incarnations of it; of each only what was recorded at
    its first start is believed (`tell_lost`): the first that stands behind what it goes on from.
    """
    subjects: set[UUID] = set()
    keys: set[UUID] = set()
    for data, wrong in _told(readings, lives).values():
        if not wrong:
            subjects.update(UUID(one) for one in data.get("subjects", ()))
            keys.update(UUID(one) for one in data.get("keys", ()))
    return subjects, keys


def restorings_told(readings: Log, lives: Sequence[Incarnation]) -> Accounts:
    """What holds `verify` to it that of restorings nothing is told that is not to be believed."""

    def wrong() -> list[tuple[int, str]]:
        told = _told(readings, lives).items()
        return [(position, why) for position, (_data, why) in told if why]

    return Accounts("what a restoring lost was told after it, and once", wrong)


def _told(readings: Log, lives: Sequence[Incarnation]) -> dict[int, tuple[dict[str, Any], str]]:
    """What is told of restorings, by position, and why it is not believed where it is not."""
    told: dict[int, tuple[dict[str, Any], str]] = {}
    first: set[int] = set()
    for row in _named(readings, _LOST):
        data = orjson.loads(row.payload)["data"]
        number = int(data["incarnation"])
        wrong = _too_early(row, number, lives)
        if not wrong and number in first:
            wrong = "it tells a second time what erasures a restoring lost"
        if not wrong:
            first.add(number)
        told[row.position] = data, wrong
    return told


def _too_early(row: Row, number: int, lives: Sequence[Incarnation]) -> str:
    """Why what an entry tells of an incarnation is none of it; empty where it may be."""
    went_on = {one.number: one.continued[1] for one in lives if one.continued is not None}
    if number not in went_on:
        return "it tells what erasures a restoring lost, and there was no such restoring"
    if row.position <= went_on[number]:
        return "it tells what erasures a restoring lost, and stood there before the restoring"
    return ""


def tell_lost(
    record: Record, readings: Record, connect: Connecting, lives: Sequence[Incarnation], by: Actor
) -> bool:
    """Record what a restored record forgot by erasures it lost, at its first start: once.

    `lives` are the incarnations of the log of readings; it is told of the last. Whether it was
    recorded now.
    """
    number = lives[-1].number
    command = _telling(readings.log, lives)
    if command is None:
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


def _telling(readings: Log, lives: Sequence[Incarnation]) -> UUID | None:
    """The command under which it is to be recorded of the last incarnation; None where it was.

    Always the same, so that two that start at once record it once; the next where that one was
    taken before there was anything to tell.
    """
    number = lives[-1].number
    for again in count():
        words = f"forgettings lost {number}" + (f" again {again}" if again else "")
        command = uuid5(readings.authority, words)
        stood = readings.command(command)
        if stood is None:
            return command
        (row,) = readings.at([stood[0].first])
        if row.name in _LOST and not _too_early(row, number, lives):
            return None
    raise AssertionError  # it counts on


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
    joined: set[str] = set()  # of these some may live: an earlier release took them otherwise
    for row in _erasures(log, size):
        if row.name in _OF_FILED:
            continue  # it took a document, and no passage of any entry
        data = orjson.loads(row.payload)["data"]
        person = str(row.stream) if row.name in _OWN else data.get("person")
        if data["scope"] == "passage":
            about = UUID(person) if person else row.stream
            keys.update(str(one) for one in _keys_at(log, about, data.get("target"), size))
        else:
            subjects.add(str(row.stream) if data["scope"] == "case" else person)
            read = _along(log, row)
            keys.update(str(one) for one, position in read.taken.items() if position <= size)
            joined.update(map(str, (*read.taken, *read.kept)))
    if subjects:  # there are few erasures, so few answers read so much
        asked = (size, [one.encode() for one in subjects])
        with connect() as conn:
            rows = conn.execute(_ABOUT, asked, binary=True).fetchall()
            living = conn.execute(_LIVING, (list(joined),)).fetchall()
        for (payload,) in rows:
            told = passages(orjson.loads(payload)["data"])
            keys.update(str(one["key"]) for one in told if one["about"] in subjects)
        keys.difference_update(str(one) for (one,) in living)
    return len(keys)


def _erasures(log: Log, after: int = 0) -> Iterator[Row]:
    return _named(log, _ERASURES, after)


def _named(log: Log, names: Collection[str], after: int = 0) -> Iterator[Row]:
    while rows := log.read(after, names=names, limit=_PAGE):
        yield from rows
        after = rows[-1].position


def _document_at(log: Log, stream: UUID, version: int | None) -> UUID | None:
    """The document of what was filed at a version, under whose number its key is."""
    for row in log.stream(stream):
        if row.version == version and row.name in _FILED:
            return UUID(orjson.loads(row.payload)["data"]["document"])
    return None


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
        log, subjects, keys = self._record.log, defaultdict[UUID, list[Row]](list), set[UUID]()
        for row in _erasures(log):
            subject, alone_ = _taken(log, row)
            keys.update(alone_)
            if subject is not None:
                subjects[subject].append(row)
        # Alone from the count to what comes of it: two that carry out the same would count twice,
        # and the next erasure would seem to be carried out already.
        with self._keeper() as conn, alone(conn):
            # The last of each: as many as were carried out are behind us, and what is read where
            # has changed since. What an earlier release took along, or did not, stays so.
            due = [
                (one, row)
                for one, rows in subjects.items()
                for row in rows[self._times(conn, one) :]
            ]
            read = [_along(log, row) for _one, row in due]
            # One that was forgotten before keys so forgotten were listed has none, and is listed.
            left = conn.execute(
                "SELECT k.id, EXISTS (SELECT FROM keyring.data_key d WHERE d.id = k.id)"
                " FROM unnest(%s::uuid[]) AS k (id)"
                " WHERE NOT EXISTS (SELECT FROM keyring.gone g WHERE g.id = k.id)"
                " OR EXISTS (SELECT FROM keyring.data_key d WHERE d.id = k.id)",
                (list(keys),),
            ).fetchall()
            living = [key for key, alive in left if alive]
            strays = [key for _one, row in due for key in self._strays(conn, row)]
            if due or living:
                forget(
                    conn,
                    self._wrapping,
                    self._entropy,
                    subjects=[one for one, _row in due],
                    passages=living,
                    along=list({*strays, *(key for one in read for key in one.taken)}),
                    kept={key: home for one in read for key, home in one.kept.items()},
                )
                self._record.keyring.stale(one for one, _row in due)
            conn.execute(
                "INSERT INTO keyring.gone (id) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING",
                ([key for key, alive in left if not alive],),
            )
        return len(due) + len(living)

    def _strays(self, conn: Connection[Any], row: Row) -> list[UUID]:
        """The keys of what is told and read in an erased case that lie among those of another.

        An erasure that a restored log lost moved them there, with the split it went by.
        """
        if not _is_of_case(row):
            return []
        asked = (list(own(self._record.log, row.stream)), row.stream)
        return [one for (one,) in conn.execute(_ELSEWHERE, asked).fetchall()]

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
