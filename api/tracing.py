"""What belongs to one request: every entry of both logs with its correlation, as a tree of causes.

An entry has the correlation of the command it came of unless whoever asked gave another; one that
names a cause (`causation`, a position of the log of cases) stands below it. Nothing an entry says
is told here, only that it stands. The logs have no index of it: they are read through, by a search
for the bytes of the correlation in each header, `SPAN` positions for a page: first the log of cases
to its end, then that of readings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from psycopg import sql

from api.basis import Basis
from api.names import Names
from api.office import Office
from api.routes.door import Reader
from api.routes.people import restricted_among, withheld_among
from api.routes.shown import when
from domain.access import RecordViewed
from domain.catalogue import CASE, EVENTS, PERSON
from domain.record.encoding import Json, dump_instant
from domain.record.envelope import Row
from domain.record.record import Record
from domain.refusal import NotFound
from domain.words import Fact

MOST: Final = 2000  # entries in one tree
SPAN: Final = 250_000  # positions that one page looks through
_FOUND: Final = sql.SQL(
    'SELECT "position", stream, version, recorded_us, name, header, payload, leaf FROM {log}'
    ' WHERE "position" > {after} AND "position" <= {upto}'
    " AND position({correlation}::bytea IN header) > 0"
    ' ORDER BY "position" LIMIT {limit}'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far both logs were looked through."""

    cases: int = 0
    readings: int = 0

    @property
    def text(self) -> str:
        """As a page's `next` names it."""
        return f"{self.cases}.{self.readings}"

    @classmethod
    def of(cls, text: str) -> Place:
        """What `next` named. Raises ValueError."""
        cases, readings = map(int, text.split("."))
        return cls(cases=cases, readings=readings)


_BEGIN: Final = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """The entries of a correlation on one page, each with the position that caused it.

    `upto` is how far each log is asked about, `next` where the page behind this one begins.
    """

    told: list[tuple[int | None, dict[str, Json]]]
    upto: dict[str, int]
    next: Place | None

    @property
    def count(self) -> int:
        """How many there are on this page."""
        return len(self.told)


def trace(reader: Reader, correlation: UUID, basis: Basis, after: Place = _BEGIN) -> Traced:
    """A page of everything with a correlation; leaves the trace of the reading.

    Raises:
        NotFound: nothing was recorded under it, in all of both logs.
    """
    office = reader.office
    upto = {"cases": basis.size, "readings": basis.of_readings()}
    facts, last = list[tuple[str, Fact[Any]]](), after
    span = SPAN
    for record, began in ((office.record, after.cases), (office.readings, after.readings)):
        log = record.log.name
        end = min(upto[log], began + span)
        found = _with(office, record, correlation, (began, end), MOST - len(facts))
        facts += [(log, one) for one in found[: MOST - len(facts)]]
        if len(facts) == MOST:  # the rest of it on the next page
            end = max(began, facts[-1][1].position) if facts[-1][0] == log else began
        last = replace(last, **{log: max(began, end)})
        span -= max(0, end - began)
        if end < upto[log]:
            break
    more = None if last.cases >= upto["cases"] and last.readings >= upto["readings"] else last
    if not facts and more is None and after == _BEGIN:
        raise NotFound("Nothing was recorded under this correlation.")
    cases = {case for _log, fact in facts for case in _cases(fact)}
    people = {person for _log, fact in facts for person in _people(fact)}
    closed = restricted_among(reader, cases) | withheld_among(reader, people)
    reader.viewed("trace", among=cases - closed)
    names = Names(office, basis.size)
    told = [(fact.header.causation, _node(log, fact, names, closed)) for log, fact in facts]
    return Traced(told=told, upto=upto, next=more)


def _with(
    office: Office, record: Record, correlation: UUID, between: tuple[int, int], most: int
) -> list[Fact[Any]]:
    """The entries of one log with a correlation, between two positions."""
    after, upto = between
    query = _FOUND.format(
        log=sql.Identifier("record", record.log.name),
        after=after,
        upto=upto,
        correlation=f'"correlation":"{correlation}"'.encode(),
        limit=most,
    )
    with office.pool.connection() as conn, conn.cursor(binary=True) as cursor:
        rows = [Row(*row) for row in cursor.execute(query).fetchall()]
    for row in rows:
        record.log.check(row)
    return [one for one in record.open(rows) if one.header.correlation == correlation]


def _cases(fact: Fact[Any]) -> set[UUID]:
    """The cases an entry is of, or is a look at."""
    if isinstance(fact.event, RecordViewed):
        return {one for one in (fact.event.case, *fact.event.cases) if one is not None}
    return {fact.stream} if EVENTS[fact.header.name].stream == CASE else set()


def _people(fact: Fact[Any]) -> set[UUID]:
    """The persons an entry is of, or is a look at."""
    if isinstance(fact.event, RecordViewed):
        return set() if fact.event.person is None else {fact.event.person}
    return {fact.stream} if EVENTS[fact.header.name].stream == PERSON else set()


def _node(log: str, fact: Fact[Any], names: Names, closed: Iterable[UUID]) -> dict[str, Json]:
    """One entry; of a case, or a person, that is closed to this reader, only where it stands."""
    place: dict[str, Json] = {"log": log, "position": fact.position}
    if not (_cases(fact) | _people(fact)).isdisjoint(closed):
        return {**place, "restricted": True, "caused": []}
    header, kind = fact.header, EVENTS[fact.header.name].stream
    linked = {CASE, PERSON}
    return {
        **place,
        "restricted": False,
        "stream": str(fact.stream),
        "kind": kind,
        "version": fact.version,
        "name": header.name,
        "recorded_at": dump_instant(fact.recorded_at),
        "occurred": when(header.occurred),
        "recorded_by": str(header.recorded_by),
        "recorded_by_name": names.worker(header.recorded_by),
        "performed_by": str(header.performed_by),
        "performed_by_name": names.worker(header.performed_by),
        "role": str(header.role),
        "organisation": str(header.organisation),
        "purpose": str(header.purpose),
        "command": str(header.command),
        "causation": header.causation,
        "cases": [str(one) for one in sorted(_cases(fact))],
        "links": {kind: f"/v1/{kind}s/{fact.stream}"} if kind in linked else {},
        "caused": [],
    }


def tree(told: Iterable[tuple[int | None, dict[str, Json]]]) -> list[dict[str, Json]]:
    """The entries without a cause among them, each with those it caused; causes come first.

    One whose cause stands on an earlier page stands by itself, and `causation` says which it is.
    """
    roots = list[dict[str, Json]]()
    by_place = dict[int, dict[str, Json]]()
    for cause, node in told:
        above = None if cause is None else by_place.get(cause)
        (roots if above is None else above["caused"]).append(node)
        if node["log"] == "cases":
            by_place[node["position"]] = node
    return roots
