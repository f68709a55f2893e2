"""Whose cases, how far each has come, and how long nobody has held it.

One row per case. The nation stands in the record's opening and not here: one record, one nation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from domain.when import LONDON, UNKNOWN
from projections.corrected import AGAIN, concerns, reading, remade
from projections.ending import closed_by, ending
from projections.joined import BEGINS, cases_of
from projections.leading import TELLS, TRANSFERRED, led, told
from projections.projection import (
    Changes,
    Current,
    Json,
    Key,
    Projection,
    Seen,
    certain_day_of,
    days_between,
    latest_day_of,
    stored_names,
)
from projections.table import in_team, valid_at


class CaseRow(NamedTuple):
    """One case; the positions are of the events that last decided something of it."""

    adult: str | None  # None only where a split began it and named nobody
    stage: str  # concern | enquiry | conference | plan | closed, as `domain.case.Case.stage`
    kind: str | None  # of the enquiry last opened
    team: str | None
    worker: str | None
    received: str  # as it was stated (EDTF, or `unknown`)
    received_on: str | None  # None where that is not exactly one certain day
    opened_on: str  # in this record; the day it was last reopened
    allocated_since: str | None
    unallocated_since: str | None  # None while somebody holds it, or it is closed or led elsewhere
    unallocated_days: int  # of earlier times without a worker, ended
    conferences: int  # convened
    open: bool
    received_at: int
    held_at: int | None  # worker and team, or that nobody holds it
    stage_at: int
    led_by: str | None  # the other authority that accepted it, and leads it now
    plans: Mapping[str, bool]  # reference → whether it has not ended
    reads: Sequence[str]  # the cases merged into it
    endings: Sequence[Json]  # its closings and reopenings, as `ending` keeps them
    lead: Sequence[Json]  # who leads, as `leading` keeps it


def touches(seen: Seen) -> Iterable[Key]:
    """Every event of a case touches that case alone; a correction or a join all that are joined."""
    return ((seen.stream,),) if seen.name not in AGAIN else [(case,) for case in cases_of(seen)]


def fold(seen: Seen, current: Current) -> Changes:
    """A case's row after an event; it begins as `_BEGINNINGS` says.

    After a correction, a merge or a split the rows of all cases concerned are made again from what
    is now understood to have happened, and where it is read: a referral that was withdrawn leaves
    no row, nor does a case that is read in another.
    """
    if seen.name not in AGAIN:
        return fold_one(seen, current)
    if not concerns(seen):
        return ()
    read = reading(seen)
    rows = remade(fold_one, read, opened=opened_by_merge)
    return [
        (key, row._replace(reads=read.merged_in(str(key[0]))) if isinstance(row, CaseRow) else None)
        for key in touches(seen)
        for row in (rows.get(key),)
    ]


def fold_one(seen: Seen, current: Current) -> Changes:
    """The row of the case an event is read in, after it; a correction is nothing here."""
    key, step = (seen.case,), _STEPS.get(seen.name)
    row: CaseRow | None = current(key)
    if row is None:
        begin = _BEGINNINGS.get(seen.name)
        return () if begin is None else ((key, _led(begin(seen), seen)),)
    return () if step is None else ((key, _led(step(row, seen), seen)),)


def _led(row: CaseRow, seen: Seen) -> CaseRow:
    """The row with who leads the case; while another authority does, nobody here is waited for."""
    before, day = row.led_by, seen.happened_on
    if seen.name in TELLS:
        lead = told(row.lead, seen)
        row = row._replace(lead=lead, led_by=led(lead, row.endings)[1])
    if row.led_by is not None:
        waited = _waited(row, day) if before is None else row.unallocated_days
        return row._replace(unallocated_since=None, unallocated_days=waited)
    back = before is not None and row.open and row.worker is None
    return row._replace(unallocated_since=row.unallocated_since or day) if back else row


def opened_by_merge(row: CaseRow, merge: Seen) -> CaseRow:
    """The row of a closed case in which an open one is read from now on: open, to be seen."""
    return row if row.open else _taken_up(row, merge)


def _received(seen: Seen) -> CaseRow:
    """A case nobody holds yet, since the referral reached the council."""
    received = seen.data["received"]
    began = _begun(seen, received["edtf"], certain_day_of(received))
    return began._replace(unallocated_since=_waiting_since(received, seen))


def _waiting_since(received: Mapping[str, Json], seen: Seen) -> str:
    """The day from which it certainly waited: no day is counted that may not have been."""
    certain = certain_day_of(received)
    return certain or min(latest_day_of(received) or seen.recorded_on, seen.recorded_on)


def _split_off(seen: Seen) -> CaseRow:
    """A case nobody holds yet, which began with entries of another; no referral says since when."""
    return _begun(seen, UNKNOWN, None)


def _referred(row: CaseRow, seen: Seen) -> CaseRow:
    """A referral read in a case that began without one says since when the concern was known."""
    if row.received != UNKNOWN:
        return row
    received = seen.data["received"]
    return row._replace(
        adult=seen.data["adult"],
        received=received["edtf"],
        received_on=certain_day_of(received),
        received_at=seen.position,
    )


def _begun(seen: Seen, received: str, received_on: str | None) -> CaseRow:
    """A case nobody holds yet.

    Where no referral says since when, its waiting is counted from the day it was recorded.
    """
    return CaseRow(
        adult=seen.data.get("adult"),
        stage="concern",
        kind=None,
        team=None,
        worker=None,
        received=received,
        received_on=received_on,
        opened_on=seen.recorded_on,
        allocated_since=None,
        unallocated_since=seen.recorded_on,
        unallocated_days=0,
        conferences=0,
        open=True,
        received_at=seen.position,
        held_at=None,
        stage_at=seen.position,
        plans={},
        reads=[],
        endings=[],
        led_by=None,
        lead=[],
    )


def _brought(seen: Seen) -> CaseRow:
    """A case another system kept so far: who held it then is not told, so it waits from now on."""
    return _begun(seen, UNKNOWN, None)._replace(team=seen.data.get("team"))


def _allocated(row: CaseRow, seen: Seen) -> CaseRow:
    since = seen.happened_on
    return row._replace(
        team=seen.data["team"],
        worker=seen.data["worker"],
        allocated_since=since,
        unallocated_since=None,
        unallocated_days=_waited(row, since),
        held_at=seen.position,
    )


def _unallocated(row: CaseRow, seen: Seen) -> CaseRow:
    return row._replace(
        team=seen.data.get("team", row.team),
        worker=None,
        allocated_since=None,
        unallocated_since=(row.unallocated_since or seen.happened_on) if row.open else None,
        held_at=seen.position,
    )


def _enquiry(row: CaseRow, seen: Seen) -> CaseRow:
    return _staged(row, seen, kind=seen.data["kind"])


def _conference(row: CaseRow, seen: Seen) -> CaseRow:
    return _staged(row, seen, conferences=row.conferences + 1)


def _plan(row: CaseRow, seen: Seen) -> CaseRow:
    ref = seen.data["plan"]
    return row if ref in row.plans else _staged(row, seen, plans={**row.plans, ref: True})


def _plan_ended(row: CaseRow, seen: Seen) -> CaseRow:
    return _staged(row, seen, plans={**row.plans, seen.data["plan"]: False})


def _closed(row: CaseRow, seen: Seen) -> CaseRow:
    row = row._replace(endings=[*row.endings, ending(seen)])
    if not closed_by(row.endings):
        return row
    waited = _waited(row, seen.happened_on)
    return _staged(row, seen, open=False, unallocated_since=None, unallocated_days=waited)


def _reopened(row: CaseRow, seen: Seen) -> CaseRow:
    row = row._replace(endings=[*row.endings, ending(seen)])
    return row if closed_by(row.endings) else _taken_up(row, seen)


def _taken_up(row: CaseRow, seen: Seen) -> CaseRow:
    day = seen.happened_on
    waiting = None if row.worker or row.led_by else day
    return _staged(row, seen, open=True, opened_on=day, unallocated_since=waiting)


def _waited(row: CaseRow, until: str) -> int:
    """Days without a worker, if the present time without one ends on a day."""
    if row.unallocated_since is None:
        return row.unallocated_days
    return row.unallocated_days + days_between(row.unallocated_since, until)


def _staged(row: CaseRow, seen: Seen, **columns: Json) -> CaseRow:
    """The row with some columns changed, the stage they make, and where it was reached."""
    stage = _stage(
        is_open=columns.get("open", row.open),
        plans=columns.get("plans", row.plans),
        conferences=columns.get("conferences", row.conferences),
        kind=columns.get("kind", row.kind),
    )
    if stage != row.stage:
        columns |= {"stage": stage, "stage_at": seen.position}
    return row._replace(**columns)


def _stage(*, is_open: bool, plans: Mapping[str, bool], conferences: int, kind: str | None) -> str:
    if not is_open:
        return "closed"
    if any(plans.values()):
        return "plan"
    if conferences:
        return "conference"
    return "concern" if kind is None else "enquiry"


_BEGINNINGS: Final[Mapping[str, Callable[[Seen], CaseRow]]] = {
    "referral-received": _received,
    "case-brought-forward": _brought,
    BEGINS: _split_off,
}
_STEPS: Final[Mapping[str, Callable[[CaseRow, Seen], CaseRow]]] = {
    "referral-received": _referred,
    "case-allocated": _allocated,
    "case-unallocated": _unallocated,
    "enquiry-opened": _enquiry,
    "inquiry-opened": _enquiry,
    "conference-convened": _conference,
    "plan-agreed": _plan,
    "plan-revised": _plan,
    "plan-ended": _plan_ended,
    TRANSFERRED: lambda row, _: row,
    BEGINS: lambda row, _: row,  # entries split off to a case that is there
    "case-closed": _closed,
    "case-reopened": _reopened,
}

CASELOAD: Final = Projection(
    name="caseload",
    version=12,
    events=frozenset(_STEPS) | frozenset(_BEGINNINGS) | AGAIN,
    recalls=AGAIN,
    key={"case": "uuid"},
    columns={
        "adult": "uuid",
        "stage": "text",
        "kind": "text",
        "team": "text",
        "worker": "uuid",
        "received": "text",
        "received_on": "date",
        "opened_on": "date",
        "allocated_since": "date",
        "unallocated_since": "date",
        "unallocated_days": "int8",
        "conferences": "int8",
        "open": "bool",
        "received_at": "int8",
        "held_at": "int8",
        "stage_at": "int8",
        "led_by": "text",
        "plans": "jsonb",
        "reads": "jsonb",
        "endings": "jsonb",
        "lead": "jsonb",
    },
    row=CaseRow,
    indexes=(
        "(team) WHERE {current} AND open",
        "(worker) WHERE {current} AND open",
        "(adult) WHERE {current}",
        "USING gist (hashtext(team), valid) WHERE open",
    ),
    touches=touches,
    fold=fold,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An open case as it stood; `unallocated_days` counts to the day judged by.

    Where it is not one certain day since when it was waited for, or the case was brought forward,
    so that nobody told who held it before, these are the days there were at least, and `at_least`
    says so.
    `adult` is None only where it began by a split that named nobody. Of a case begun so `received`
    is `unknown`, and `received_at` the position of the split, while no referral is read in it.
    `received` is EDTF as it was stated; `received_on` is None where that is not one certain day.
    `led_by` is the authority that accepted the case and leads it: nobody here is waited for.
    `received_at`, `held_at` and `stage_at` are the positions of the events that put it there.
    """

    case: UUID
    adult: UUID | None
    stage: str
    kind: str | None
    team: str | None
    worker: UUID | None
    received: str
    received_on: date | None
    opened_on: date
    allocated_since: date | None
    unallocated_since: date | None
    unallocated_days: int
    at_least: bool
    last_event_on: date
    received_at: int
    held_at: int | None
    stage_at: int
    led_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The open cases of one worker in one team (None: of nobody); `cases` are which."""

    team: str | None
    worker: UUID | None
    count: int
    unallocated_days: int
    cases: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """The open cases asked for, the longest waiting first, and their totals."""

    rows: tuple[Held, ...]
    totals: tuple[Total, ...]


# The local day something was last recorded of the case, or of one that is read in it: in the log,
# for it changes with every event and a version of the row for each would be most of the view. Up to
# where the view stands, so that an answer is all of one position; + 0, so that it is looked for in
# each case alone.
_LAST: Final = sql.SQL(
    "(SELECT (to_timestamp(max(last.recorded_us) / 1000000) AT TIME ZONE {zone})::date"
    ' FROM (SELECT "case" AS one UNION ALL SELECT jsonb_array_elements_text(reads)::uuid) AS read,'
    " LATERAL (SELECT c.recorded_us FROM record.cases c WHERE c.stream = read.one"
    ' AND c."position" + 0 <= {upto} ORDER BY c.version DESC LIMIT 1) AS last)'
)
_STANDS: Final = sql.SQL("(SELECT \"position\" FROM views.tracking WHERE application = 'caseload')")

# Whether another system kept the case so far: who held it there, and since when, is not told.
_BROUGHT: Final = sql.SQL(
    'EXISTS (SELECT FROM record.cases c WHERE c.stream = "case" AND c.name = ANY({names}))'
).format(names=stored_names(["case-brought-forward"]))

# Days without a worker up to a day; none where the waiting begins after it.
_DAYS: Final = sql.SQL(
    "(unallocated_days + CASE WHEN unallocated_since < {on} THEN {on} - unallocated_since"
    " ELSE 0 END)::int8"
)


def caseload(
    conn: Connection[Any],
    *,
    on: date,
    as_at: int | None = None,
    team: str | None = None,
    worker: UUID | None = None,
) -> Caseload:
    """The open cases of a team, a worker, or everybody, as known at a position, judged by a day."""
    query = sql.SQL(
        'SELECT "case", adult, stage, kind, team, worker, received, received_on,'
        " opened_on, allocated_since, unallocated_since, {days} AS unallocated_days,"
        " received_on IS NULL OR {brought} AS at_least,"
        " {last} AS last_event_on, received_at, held_at, stage_at, led_by"
        " FROM views.caseload WHERE {valid} AND open AND {team}{worker}"
        ' ORDER BY unallocated_since NULLS LAST, received_on, "case"'
    ).format(
        days=_DAYS.format(on=on),
        brought=_BROUGHT,
        last=_LAST.format(zone=LONDON.key, upto=_STANDS if as_at is None else sql.Literal(as_at)),
        valid=valid_at(as_at),
        team=in_team(team, as_at),
        worker=sql.SQL("") if worker is None else sql.SQL(" AND worker = {}").format(worker),
    )
    with conn.cursor(row_factory=class_row(Held)) as cursor:
        rows = tuple(cursor.execute(query).fetchall())
    return Caseload(rows=rows, totals=_totals(rows))


def _totals(rows: Iterable[Held]) -> tuple[Total, ...]:
    groups: dict[tuple[str | None, UUID | None], list[Held]] = {}
    for row in rows:
        groups.setdefault((row.team, row.worker), []).append(row)
    return tuple(
        Total(
            team=team,
            worker=worker,
            count=len(held),
            unallocated_days=sum(one.unallocated_days for one in held),
            cases=tuple(one.case for one in held),
        )
        for (team, worker), held in sorted(
            groups.items(), key=lambda one: (one[0][0] or "", str(one[0][1] or ""))
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A case, open or closed, and whose it is; `reads` are those merged into it."""

    case: UUID
    team: str | None
    open: bool
    adult: UUID | None = None
    reads: tuple[str, ...] | list[str] = ()


def kept(
    conn: Connection[Any], *, as_at: int, team: str | None = None, is_open: bool | None = None
) -> list[Kept]:
    """Every case of a team, or of all, as known at a position: open, closed, or both (None)."""
    query = sql.SQL(
        'SELECT "case", team, open, adult, reads FROM views.caseload WHERE {valid} AND {team}{open}'
        ' ORDER BY "case"'
    ).format(
        valid=valid_at(as_at),
        team=in_team(team, None),
        open=sql.SQL("") if is_open is None else sql.SQL(" AND open = {}").format(is_open),
    )
    with conn.cursor(row_factory=class_row(Kept)) as cursor:
        return cursor.execute(query).fetchall()


def totals(conn: Connection[Any], *, on: date, as_at: int | None = None) -> tuple[Total, ...]:
    """The whole authority's open cases by team and worker, counted in the database.

    `cases` is left empty: ask `caseload` for one of them.
    """
    query = sql.SQL(
        "SELECT team, worker, count(*) AS count, sum({days})::int8 AS unallocated_days,"
        " '{{}}'::uuid[] AS cases FROM views.caseload WHERE {valid} AND open"
        " GROUP BY team, worker ORDER BY team NULLS FIRST, worker NULLS FIRST"
    ).format(days=_DAYS.format(on=on), valid=valid_at(as_at))
    with conn.cursor(row_factory=class_row(Total)) as cursor:
        return tuple(cursor.execute(query).fetchall())
