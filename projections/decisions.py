"""Every decision in every case: which, of what kind, on what day, and in which role it was taken.

One row per entry that decides something (`domain/decisions.csv`), by the case it was recorded in. A
correction ends the row and begins one that says so; the row as it stood before is still there as at
any earlier position. What was decided, by whom and why is in the log, and is read from there by
position for those rows that are shown, so that a register over ten thousand cases opens no case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from domain.corrected import Understood
from domain.decisions import decisions as kinds_of_decisions
from projections.corrected import CORRECTED, understood_after, understood_at
from projections.projection import Changes, Current, Json, Key, Projection, Seen
from projections.table import in_team, valid_at

_TABLE: Final = kinds_of_decisions()
_DATED: Final = frozenset(name for name, one in _TABLE.items() if one.taken_on is not None)


class DecisionRow(NamedTuple):
    """Where a decision stands; `decided_on` as now understood."""

    position: int
    name: str
    kind: str
    # The day it says it was taken, else the local day it happened; the day of recording where that
    # is not one certain day.
    decided_on: str
    role: str
    organisation: str
    corrected_by: int | None  # the position of its last correction
    withdrawn: bool  # now understood not to have been taken, or not to belong here


def touches(seen: Seen) -> Iterable[Key]:
    """A decision touches its own row, a correction that of the entry it corrects."""
    if seen.name == CORRECTED:
        return ((seen.stream, seen.data["target"]),)
    return ((seen.stream, seen.version),)


def fold(seen: Seen, current: Current) -> Changes:
    """The row of a decision, or that of one that is corrected."""
    if seen.name != CORRECTED:
        return (((seen.stream, seen.version), _decided(seen)),)
    number = seen.data["target"]
    target = next((one for one in seen.earlier if one.version == number), None)
    if target is None or target.name not in _TABLE:
        return ()
    key = (seen.stream, number)
    return ((key, _corrected(target, current(key), seen)),)


def _decided(seen: Seen) -> DecisionRow:
    return DecisionRow(
        position=seen.position,
        name=seen.name,
        kind=_TABLE[seen.name].kind,
        decided_on=_day(seen),
        role=seen.header["role"],
        organisation=seen.header["organisation"],
        corrected_by=None,
        withdrawn=False,
    )


def _day(seen: Seen) -> str:
    field = _TABLE[seen.name].taken_on
    day: str = seen.happened_on if field is None else seen.data[field]
    return day


def _corrected(target: Seen, before: DecisionRow | None, seen: Seen) -> DecisionRow:
    """The row of a decision with one more correction.

    The row before has the day that was told last, also of one that was withdrawn meanwhile.
    """
    gone = before is not None and before.withdrawn
    told: Understood[Json, int] = Understood(withdrawn_by=seen.position if gone else None)
    now = understood_after(told, seen, seen.position)
    if now.when is None:
        row = before or _decided(target)
    else:
        row = _decided(understood_at(target, now.when))
    return row._replace(corrected_by=now.last, withdrawn=now.withdrawn)


DECISIONS: Final = Projection(
    name="decisions",
    version=2,
    events=frozenset(_TABLE) | {CORRECTED},
    key={"case": "uuid", "version": "int8"},
    columns={
        "position": "int8",
        "name": "text",
        "kind": "text",
        "decided_on": "date",
        "role": "text",
        "organisation": "text",
        "corrected_by": "int8",
        "withdrawn": "bool",
    },
    row=DecisionRow,
    # Few versions ever end: the days find what a register asks for, and the position is compared.
    indexes=('(decided_on, "position")',),
    touches=touches,
    fold=fold,
    revisits=frozenset({CORRECTED}),
    recalls=frozenset({CORRECTED}),
    recalls_stream=False,
    reads=_DATED | {CORRECTED},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision of a register: where it stands, and what corrected it last by then."""

    case: UUID
    version: int
    position: int
    decided_on: date
    corrected_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which decisions are asked for; None where it does not matter.

    `kind` is one of the table's, or the stored name of an event; `team` holds the case as at the
    position asked about, or the case it is read in.
    """

    first: date | None = None
    last: date | None = None
    kind: str | None = None
    role: str | None = None
    team: str | None = None


_OF_TEAM: Final = sql.SQL(
    '"case" IN (SELECT c."case" FROM views.caseload c WHERE {held} UNION ALL'
    " SELECT jsonb_array_elements_text(c.reads)::uuid FROM views.caseload c WHERE {held})"
)


def decisions(
    conn: Connection[Any], wanted: Wanted, *, as_at: int, skip: int, limit: int
) -> tuple[list[Decided], int]:
    """Some of the decisions asked for, in the order in which they were taken, and how many are.

    By team it reads the caseload too, of the same position.
    """
    asked = _asked(wanted, as_at)
    counting = sql.SQL("SELECT count(*) FROM views.decisions WHERE {asked}").format(asked=asked)
    (count,) = conn.execute(counting).fetchone() or (0,)
    query = sql.SQL(
        'SELECT "case", version, "position", decided_on, corrected_by FROM views.decisions'
        ' WHERE {asked} ORDER BY decided_on, "position" LIMIT {limit} OFFSET {skip}'
    ).format(asked=asked, limit=limit, skip=skip)
    with conn.cursor(row_factory=class_row(Decided)) as cursor:
        return cursor.execute(query).fetchall(), int(count)


def _asked(wanted: Wanted, as_at: int) -> sql.Composed:
    conditions: list[sql.Composable] = [valid_at(as_at)]
    if wanted.first is not None:
        conditions.append(sql.SQL("decided_on >= {}").format(wanted.first))
    if wanted.last is not None:
        conditions.append(sql.SQL("decided_on <= {}").format(wanted.last))
    if wanted.kind is not None:
        conditions.append(sql.SQL("{kind} IN (kind, name)").format(kind=wanted.kind))
    if wanted.role is not None:
        conditions.append(sql.SQL("role = {}").format(wanted.role))
    if wanted.team is not None:
        held = sql.SQL("{} AND {}").format(_then(as_at), in_team(wanted.team, None))
        conditions.append(_OF_TEAM.format(held=held))
    return sql.SQL(" AND ").join(conditions)


def _then(as_at: int) -> sql.Composed:
    return sql.SQL("c.valid @> {}::int8").format(as_at)
