"""Everything recorded of a case, in the order in which it happened, as far as that is known.

One row per event, by the case it was recorded in; which are read in a case that others were merged
with, or entries split off to, the events that say so tell when it is asked. A correction ends the
row it corrects and begins one that says so; the row as it stood before is still there as at any
earlier position. Passages stay sealed: whoever shows the chronology opens them, or says that they
are forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import dict_row

from domain.catalogue import CASE, EVENTS
from domain.corrected import Understood
from domain.record.encoding import SEALED
from domain.record.envelope import from_us, to_us
from domain.when import end_of
from projections.corrected import CORRECTED, standing, understood_after
from projections.joined import JOINED, Reading, others
from projections.projection import Changes, Current, Json, Key, Projection, Seen, stored_names
from projections.table import valid_at

_NAMING: Final = ("adult", "person")  # fields of events that name one person
# The events that say whose knowledge they are, in a field of their own.
_OF_AGENCIES: Final = frozenset(
    name
    for name, kind in EVENTS.items()
    if kind.stream == CASE and any(one.name == "agency" for one in fields(kind.cls))
)


class EntryRow(NamedTuple):
    """Where one event stands in a chronology, and who knew of it; what it says is in the log."""

    position: int
    occurred: str  # as now understood
    earliest: str | None
    latest: str | None
    stated_occurred: str | None  # as recorded first, where a correction changed it
    agency: str  # whose knowledge it is: of an imported entry the agency it came from
    agency_knew: str | None  # from when that agency had it on record, where it came from elsewhere
    organisation: str
    number: int | None  # its own number in the chronology it came from
    corrected_by: int | None  # the position of its last correction
    withdrawn: bool  # now understood not to have happened, or not to belong here
    known_to: Sequence[Json] | None  # {"agency", "since": {"edtf", "from", "to"}}


def touches(seen: Seen) -> Iterable[Key]:
    """An event touches its own row, a correction that of the event it corrects too."""
    own = (seen.stream, seen.version)
    if seen.name == CORRECTED:
        return (own, (seen.stream, seen.data["target"]))
    return (own,)


def fold(seen: Seen, current: Current) -> Changes:
    """The event's own row, and the row of the event it corrects."""
    own = ((seen.stream, seen.version), _entry(seen))
    if seen.name != CORRECTED:
        return (own,)
    number = seen.data["target"]
    target = next((one for one in seen.earlier if one.version == number), None)
    if target is None:
        return (own,)
    key = (seen.stream, number)
    return (own, (key, _corrected(target, current(key), seen)))


def _entry(seen: Seen) -> EntryRow:
    edtf, first, last, organisation = seen.placed
    before, agency, number = seen.source_recorded, organisation, None
    if seen.name in _OF_AGENCIES:
        agency, number = seen.data.get("agency") or organisation, seen.data.get("number")
    return EntryRow(
        seen.position,
        edtf,
        _instant(first),
        _instant(last),
        None,
        agency,
        _instant(before.get("from")) if before else None,
        organisation,
        number,
        None,
        False,  # noqa: FBT003 — by place: naming the columns is a good part of a rebuild's time
        seen.known_to,
    )


def _corrected(target: Seen, before: EntryRow | None, seen: Seen) -> EntryRow:
    """The row of an event with one more correction; what was stated first stays beside it.

    The row has all that was understood before it: the time that was told last, also of one that was
    withdrawn meanwhile.
    """
    row = _entry(target)
    now = understood_after(None if before is None else _told_so_far(before), seen, seen.position)
    row = row._replace(corrected_by=now.last, withdrawn=now.withdrawn)
    when = now.when
    if when is None:
        return row
    return row._replace(
        occurred=when["edtf"],
        earliest=_instant(when.get("from")),
        latest=_instant(when.get("to")),
        stated_occurred=row.occurred,
    )


def _told_so_far(row: EntryRow) -> Understood[Json, int]:
    """What the row of an event has of the corrections before."""
    when = {"edtf": row.occurred, "from": row.earliest, "to": row.latest}
    return Understood(
        when=None if row.stated_occurred is None else when,
        withdrawn_by=row.corrected_by if row.withdrawn else None,
    )


@lru_cache(maxsize=65536)
def _instant(text: str | None) -> str | None:
    """A stored instant, always with its microseconds, as the view gives it back."""
    return text if text is None or "." in text else f"{text[:-1]}.000000Z"


CHRONOLOGY: Final = Projection(
    name="chronology",
    version=3,
    events=frozenset(name for name, kind in EVENTS.items() if kind.stream == CASE),
    key={"case": "uuid", "version": "int8"},
    columns={
        "position": "int8",
        "occurred": "text",
        "earliest": "timestamptz",
        "latest": "timestamptz",
        "stated_occurred": "text",
        "agency": "text",
        "agency_knew": "timestamptz",
        "organisation": "text",
        "number": "int8",
        "corrected_by": "int8",
        "withdrawn": "bool",
        "known_to": "jsonb",
    },
    row=EntryRow,
    # A case has few events and fewer corrections: finding its versions is enough, and a range
    # index would double the time a rebuild takes. The unique index of the present ones begins with
    # the case already; this one finds those of the past.
    indexes=('("case")',),
    touches=touches,
    fold=fold,
    revisits=frozenset({CORRECTED}),
    recalls=frozenset({CORRECTED}),
    recalls_stream=False,
    reads=frozenset({CORRECTED}) | _OF_AGENCIES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a case; `passages` are sealed, `fields` say where each belongs.

    `case` is the one it was recorded in, and `version` its version there: another than the case
    asked for where it is read in that.
    """

    case: UUID
    version: int
    position: int
    event: str
    recorded_at: datetime
    occurred: str
    earliest: datetime | None
    latest: datetime | None
    stated_occurred: str | None
    agency: str
    agency_knew: datetime
    organisation: str
    role: str
    recorded_by: UUID
    performed_by: UUID
    purpose: str
    source: str | None
    source_recorded: str | None
    number: int | None
    persons: Sequence[str]
    known_to: Sequence[Json]
    fields: Mapping[str, Json]
    passages: Sequence[Json]
    corrected_by: int | None
    withdrawn: bool


_SEEN: Final = ("position", "stream", "version", "recorded_us", "name", "header", "payload")
_SHOWN: Final = ("case", "version", *(CHRONOLOGY.columns.keys() - {"known_to", "agency_knew"}))


def chronology(
    conn: Connection[Any],
    case: UUID,
    *,
    as_at: int | None = None,
    as_of: date | None = None,
    known_to: tuple[str, date] | None = None,
) -> tuple[Entry, ...]:
    """The entries read in a case in the order of their earliest, then latest possible time.

    Args:
        as_at: as known at that position.
        as_of: only what may have been so by the end of that day; an unknown time may have been.
        known_to: only what that agency knew, or had on record, by the end of that day.

    An entry that is only known to have been by a day stands at that day; one whose time is not
    known at all, at the end. A chronology judges nothing, so it
    is not asked by which day.
    """
    joined = _joined(conn, str(case), as_at)
    conditions = [sql.SQL('"case" = ANY({}::uuid[])').format(list(joined)), valid_at(as_at)]
    if as_of is not None:
        condition = sql.SQL("(earliest IS NULL OR earliest <= {})")
        conditions.append(condition.format(end_of(as_of)))
    if known_to is not None:
        agency, day = known_to
        condition = sql.SQL(
            "((agency = {agency} AND agency_knew <= {by})"
            " OR (agency = {agency} AND agency_knew IS NULL AND recorded_us <= {by_us})"
            # A line of its own, of which nothing says since when: perhaps since it happened.
            " OR (agency = {agency} AND agency_knew IS NULL AND c.name = ANY({lines})"
            " AND (earliest IS NULL OR earliest <= {by}) AND NOT EXISTS (SELECT FROM"
            " jsonb_array_elements(known_to) k WHERE k->>'agency' = {agency}))"
            " OR (organisation = {agency} AND recorded_us <= {by_us})"
            " OR EXISTS (SELECT FROM jsonb_array_elements(known_to) k WHERE k->>'agency' = {agency}"
            " AND coalesce((k->'since'->>'from')::timestamptz, '-infinity') <= {by}))"
        )
        by = end_of(day)
        stated = {"agency": agency, "by": by, "by_us": to_us(by), "lines": list(_LINES)}
        conditions.append(condition.format(**stated))
    query = sql.SQL(
        "SELECT v.*, c.stream::text, c.recorded_us, c.name, c.header, c.payload"
        ' FROM views.chronology v JOIN record.cases c USING ("position") WHERE {conditions}'
        " ORDER BY (earliest IS NULL AND latest IS NULL),"
        " coalesce(earliest, date_trunc('day', latest, 'Europe/London')), latest,"
        ' number, "position"'
    ).format(conditions=sql.SQL(" AND ").join(conditions))
    reading = Reading(standing(one for events in joined.values() for one in events))
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query).fetchall()
    beside = _beside(conn, str(case), joined, reading, as_at) if len(joined) > 1 else ()
    away = _moved(conn, str(case), reading, as_at) if len(joined) > 1 else ()
    found = ((row, Seen(tuple(row[name] for name in _SEEN))) for row in rows)
    return tuple(
        _told(row, one)
        for row, one in found
        if one.position in beside or (one.position not in away and reading.read_by(one, str(case)))
    )


_LINES: Final = stored_names({"chronology-entry-recorded"})  # of another's chronology
# As `domain.joined` has it: what is told with the entry that it stands beside.
_BESIDE: Final = frozenset({CORRECTED, "entry-annotated"})
# Up to where the view stands, so that an answer is all of one position.
_JOINS: Final = sql.SQL(
    'SELECT "position", stream::text, version, recorded_us, name, header, payload FROM record.cases'
    ' WHERE stream = ANY(%s::uuid[]) AND name = ANY(%s) AND "position" <= coalesce(%s,'
    " (SELECT \"position\" FROM views.tracking WHERE application = 'chronology'))"
    ' ORDER BY "position"'
)
_JOINING: Final = stored_names(JOINED | {CORRECTED})


def _joined(conn: Connection[Any], case: str, as_at: int | None) -> dict[str, list[Seen]]:
    """A case and all that are or were joined to it, each with the events that say so."""
    found: dict[str, list[Seen]] = {}
    waiting = {case}
    while waiting := waiting - found.keys():
        found.update((one, []) for one in waiting)
        rows = conn.execute(_JOINS, (list(waiting), _JOINING, as_at), binary=True).fetchall()
        seen = [Seen(row) for row in rows]
        for one in seen:
            found[one.stream].append(one)
        waiting = others(seen)
    return found


def _beside(
    conn: Connection[Any], case: str, cases: Iterable[str], reading: Reading, as_at: int | None
) -> set[int]:
    """The positions of what notes or corrects, in other cases, what these bring to one."""
    names = stored_names(CHRONOLOGY.events)
    others_ = [one for one in cases if one != case]
    rows = conn.execute(_JOINS, (others_, names, as_at), binary=True).fetchall()
    read, found = set[tuple[str, int]](), set[int]()
    for one in map(Seen, rows):
        if reading.read_by(one, case):
            read.add((one.stream, one.version))
        elif one.name in _BESIDE and (one.stream, one.data["target"]) in read:
            read.add((one.stream, one.version))
            found.add(one.position)
    return found


def _moved(conn: Connection[Any], case: str, reading: Reading, as_at: int | None) -> set[int]:
    """The positions of what a case notes or corrects of its entries that are read in another."""
    rows = conn.execute(_JOINS, ([case], stored_names(_BESIDE), as_at), binary=True).fetchall()
    away, found = set[int](), set[int]()
    for one in map(Seen, rows):
        target = one.data["target"]
        if target in away or reading.parted(case, target):
            away.add(one.version)
            found.add(one.position)
    return found


def _told(row: Mapping[str, Any], seen: Seen) -> Entry:
    """A row of the view with what its event says."""
    header, data, passages = seen.header, seen.data, list[Json]()
    before = header.get("source_recorded")
    recorded_at = from_us(seen.recorded_us)
    named = [data[name] for name in _NAMING if isinstance(data.get(name), str)]
    in_clear = _unsealed(data, passages)
    return Entry(
        event=seen.name,
        recorded_at=recorded_at,
        agency_knew=row["agency_knew"] or recorded_at,
        role=header["role"],
        recorded_by=UUID(header["recorded_by"]),
        performed_by=UUID(header["performed_by"]),
        purpose=header["purpose"],
        source=header.get("source"),
        source_recorded=before["edtf"] if before else None,
        persons=[*named, *data.get("persons", ())],
        fields=in_clear,
        passages=passages,
        known_to=row["known_to"] or (),
        **{name: row[name] for name in _SHOWN},
    )


def _unsealed(value: Json, passages: list[Json]) -> Json:
    """What of an event stands in clear; each passage goes to the list, its number in its place."""
    if type(value) is dict:
        if SEALED in value:
            passages.append(value)
            return {"passage": len(passages) - 1}
        return {name: _unsealed(one, passages) for name, one in value.items()}
    if type(value) is list:
        return [_unsealed(one, passages) for one in value]
    return value
