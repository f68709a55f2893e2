"""Which cases a large-scale enquiry links, one for each adult, by the reference they share (R3).

One row for each enquiry and case, from the entry that links them to the one that parts them again.
No case tells of another (R35, L29): it is here alone that they stand beside one another. A link
governs a case alone (`domain.joined.STAYS`), so that it is of the case it was recorded in, also
where that is read in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from projections.corrected import CORRECTED, again, concerns
from projections.projection import Changes, Current, Key, Projection, Seen
from projections.table import valid_at

_LINKED: Final = "large-scale-enquiry-linked"
_UNLINKED: Final = "large-scale-enquiry-unlinked"
_OURS: Final = frozenset({_LINKED, _UNLINKED})


class LargeScaleRow(NamedTuple):
    """That an enquiry links a case, and the entry that says so."""

    provider: str | None
    linked_on: str  # the local day; the day of recording where that is not one certain day
    linked_at: int


def touches(seen: Seen) -> Iterable[Key]:
    """The link an event is of; a correction, each that its case ever had."""
    of = seen.earlier if seen.name == CORRECTED else (seen,)
    return dict.fromkeys(_key(one) for one in of if one.name in _OURS)


def _key(seen: Seen) -> Key:
    return (seen.data["large_scale"], seen.stream)


def fold(seen: Seen, current: Current) -> Changes:
    """A link begins or ends; after a correction it is made again from what now stands."""
    if seen.name != CORRECTED:
        return _fold(seen, current)
    if not concerns(seen):
        return ()
    rows = again(_fold, seen)
    return [(key, rows.get(key)) for key in touches(seen)]


def _fold(seen: Seen, _current: Current) -> Changes:
    if seen.name not in _OURS:
        return ()
    begun = LargeScaleRow(seen.data.get("provider"), seen.happened_on, seen.position)
    return ((_key(seen), begun if seen.name == _LINKED else None),)


LARGE_SCALE: Final = Projection(
    name="large_scale",
    version=1,
    events=_OURS | {CORRECTED},
    recalls=frozenset({CORRECTED}),
    key={"large_scale": "uuid", "case": "uuid"},
    columns={"provider": "text", "linked_on": "date", "linked_at": "int8"},
    row=LargeScaleRow,
    indexes=(),  # the key's own begins with the enquiry
    touches=touches,
    fold=fold,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """A large-scale enquiry: whom its links say it is about, and how many cases since when."""

    large_scale: UUID
    providers: Sequence[str]  # in order of name; each link says it for itself, or does not
    cases: int
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A case that an enquiry links, how far it has come, and the entry that links it.

    One that is read in another case (`read_in`) is as far as that. `stage` and `adult` are as the
    caseload has them; None of a case whose referral was withdrawn.
    """

    case: UUID
    read_in: UUID | None
    stage: str | None
    adult: UUID | None
    provider: str | None
    linked_on: date
    linked_at: int


def enquiries(conn: Connection[Any], *, as_at: int | None = None) -> list[Enquiry]:
    """Every enquiry that links a case, the latest begun first."""
    query = sql.SQL(
        "SELECT large_scale, count(*) AS cases, min(linked_on) AS since,"
        " coalesce(array_agg(DISTINCT provider) FILTER (WHERE provider IS NOT NULL), '{{}}')"
        " AS providers FROM views.large_scale WHERE {}"
        " GROUP BY large_scale ORDER BY since DESC, min(linked_at) DESC"
    ).format(valid_at(as_at))
    with conn.cursor(row_factory=class_row(Enquiry)) as cursor:
        return cursor.execute(query).fetchall()


def linked(conn: Connection[Any], large_scale: UUID, *, as_at: int | None = None) -> list[Linked]:
    """The cases of one enquiry, the first linked first; it reads the caseload too."""
    query = sql.SQL(
        'SELECT l."case", r."case" AS read_in, coalesce(c.stage, r.stage) AS stage,'
        " coalesce(c.adult, r.adult) AS adult, l.provider, l.linked_on, l.linked_at"
        " FROM (SELECT * FROM views.large_scale WHERE {valid} AND large_scale = %s) l"
        ' LEFT JOIN (SELECT * FROM views.caseload WHERE {valid}) c ON c."case" = l."case"'
        " LEFT JOIN LATERAL (SELECT * FROM views.caseload"
        ' WHERE c."case" IS NULL AND {valid} AND reads ? l."case"::text) r ON true'
        " ORDER BY l.linked_on, l.linked_at"
    ).format(valid=valid_at(as_at))
    with conn.cursor(row_factory=class_row(Linked)) as cursor:
        return cursor.execute(query, (large_scale,)).fetchall()


def enquiries_of(conn: Connection[Any], case: UUID) -> frozenset[UUID]:
    """The enquiries that link a case now."""
    query = sql.SQL('SELECT large_scale FROM views.large_scale WHERE {} AND "case" = %s')
    found = conn.execute(query.format(valid_at(None)), (case,)).fetchall()
    return frozenset(one for (one,) in found)
