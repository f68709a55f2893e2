"""What is asked of a period's cases besides its figures, before its return is sent.

Read where a whole return is made, and for no single figure: what the cases of the period say of
whatever year, and what other views say of them, the caseload and the large-scale enquiries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection, sql

from projections.returns.rows import CONCERN, COUNTS, ENQUIRY, WITHDRAWN
from projections.table import array_of, valid_at


class Placed(NamedTuple):
    """Something of a case, and the entry it was told in."""

    case: UUID
    subject: UUID
    position: int


class Known(NamedTuple):
    """A concern that stands: the first day it can have come (None: open), and whether it counts."""

    position: int
    first: date | None
    counts: bool


class Begun(NamedTuple):
    """An enquiry that stands: when it was begun at the latest, and where that was told."""

    enquiry: UUID
    day: date
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTold:
    """What is told of a case in whatever year; `withdrawn`: a concern of it was."""

    concerns: Sequence[Known] = ()
    begun: Sequence[Begun] = ()
    withdrawn: bool = False
    about: frozenset[int] = frozenset()  # the entries whose day is said to be approximate


@dataclass(frozen=True, slots=True, kw_only=True)
class Besides:
    """What is asked of a period's cases besides its figures.

    `going_on` are the enquiries begun in the period and never concluded whose case is closed;
    `linked` the cases that a large-scale enquiry links since a day of the period, and in which no
    enquiry was ever begun. `twice` are the cases left to somebody who was registered as two people,
    under the registration of theirs that was given up, where both count in the period.
    """

    cases: Mapping[UUID, CaseTold] = field(default_factory=dict)
    going_on: Sequence[Placed] = ()
    linked: Sequence[Placed] = ()
    twice: Sequence[Placed] = ()
    died_about: frozenset[UUID] = frozenset()  # of the adults


def registered_twice(conn: Connection[Any], as_at: int | None) -> Mapping[UUID, Collection[UUID]]:
    """By a registration given up as a case of theirs was merged, under which they go on."""
    query = sql.SQL(
        "SELECT doubled, adult FROM views.return_facts WHERE {} AND doubled IS NOT NULL"
    ).format(valid_at(as_at))
    found: dict[UUID, set[UUID]] = {}
    for doubled, adult in conn.execute(query):
        found.setdefault(doubled, set()).add(adult)
    return found


def cases_told(
    conn: Connection[Any], cases: Collection[UUID], as_at: int | None
) -> Mapping[UUID, CaseTold]:
    """What is told of the concerns and enquiries of some cases, as known at a position."""
    query = sql.SQL(
        "SELECT \"case\", what, subject, begun_at, last_on, nullif(referrals::text, '[]'),"
        " nullif(withdrawn::text, '[]'), nullif(about::text, '[]'), stands"
        " FROM views.return_facts WHERE {}"
        ' AND what = ANY({}) AND "case" = ANY((SELECT %s::uuid[])::uuid[]) ORDER BY begun_at'
    ).format(valid_at(as_at), [CONCERN, ENQUIRY])
    found: dict[UUID, CaseTold] = {}
    rows = conn.cursor(binary=True).execute(query, (array_of(cases),))
    for case, what, subject, position, day, referrals, fallen, vague, stands in rows:
        told = found.get(case, CaseTold())
        if vague is not None:
            told = replace(told, about=told.about.union(orjson.loads(vague)))
        if what == CONCERN:
            concerns = (*told.concerns, *_known(referrals if stands else None))
            withdrawn = told.withdrawn or _was_withdrawn(fallen)
            told = replace(told, concerns=concerns, withdrawn=withdrawn)
        elif stands:
            told = replace(told, begun=(*told.begun, Begun(subject, day, position)))
        found[case] = told
    return found


def _known(referrals: str | None) -> Iterable[Known]:
    """The concerns of a row that are ones of their own."""
    for position, first, _, reason, _, counted, *_ in orjson.loads(referrals or "[]"):
        if reason in COUNTS:
            since = None if first is None else date.fromisoformat(first)
            yield Known(position, since, counted is not False)


def _was_withdrawn(fallen: str | None) -> bool:
    told = orjson.loads(fallen or "[]")
    return any(what == CONCERN and why == WITHDRAWN for what, why, *_ in told)


def closed_among(
    conn: Connection[Any], cases: Collection[UUID], as_at: int | None
) -> Collection[UUID]:
    """Which of some cases are closed, as known at a position."""
    query = sql.SQL(
        'SELECT "case" FROM views.caseload WHERE {} AND NOT open AND "case" = ANY(%s::uuid[])'
    ).format(valid_at(as_at))
    return {case for (case,) in conn.execute(query, (array_of(cases),))}


def linked_alone(
    conn: Connection[Any], first: date, last: date, as_at: int | None
) -> Sequence[Placed]:
    """The cases that a large-scale enquiry links since a day, and that have no enquiry.

    Of a case that is read in another, those of that one are its own.
    """
    query = sql.SQL(
        'SELECT l."case", l.linked_at FROM (SELECT * FROM views.large_scale WHERE {valid}'
        "  AND linked_on BETWEEN {first} AND {last}) l"
        ' LEFT JOIN (SELECT "case" FROM views.caseload WHERE {valid}) c ON c."case" = l."case"'
        ' LEFT JOIN LATERAL (SELECT "case" FROM views.caseload'
        '  WHERE c."case" IS NULL AND {valid} AND reads ? l."case"::text) r ON true'
        " WHERE NOT EXISTS (SELECT FROM views.return_facts WHERE {valid} AND what = {enquiry}"
        '  AND stands AND return_facts."case" = coalesce(r."case", l."case"))'
        " ORDER BY l.linked_at"
    ).format(valid=valid_at(as_at), first=first, last=last, enquiry=ENQUIRY)
    found = conn.execute(query).fetchall()
    return [Placed(case, case, position) for case, position in found]
