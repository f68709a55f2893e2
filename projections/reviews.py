"""What of a case is to be looked at again, by when, and what is past its day.

One row per case that has, or had, a plan or an enquiry. A due date is the one stored in its event;
whether it is past is compared when asked and never stored. A case that has something to review
and no review event at all is found by that absence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from projections.projection import Changes, Current, Json, Key, Projection, Seen
from projections.table import in_team, valid_at

PLAN: Final = "plan"
ENQUIRY: Final = "enquiry"
# What the last conference or core group set for the next, whichever plan it is of.
REVIEW: Final = "review"
CORE_GROUP: Final = "core_group"
_MEETINGS: Final = frozenset({REVIEW, CORE_GROUP})


class ReviewRow(NamedTuple):
    """What one case has to review.

    `watched` holds each plan, enquiry and date set, by reference: {"what", "since", "at", "on",
    "rule", "start", "set_at"}: since when and by which event it is to be reviewed; the due date,
    its rule, from when it was reckoned and by which event it was set.
    """

    adult: str | None
    team: str | None
    worker: str | None
    open: bool
    due_on: str | None  # the earliest stored due date that no review has answered
    due_rule: str | None
    due_set_at: int | None  # the position of the event it is stored in
    since: str | None  # since when there has been something to review
    since_at: int | None
    reviewed_on: str | None  # last
    reviewed_at: int | None
    reviews: int
    watched: Mapping[str, Mapping[str, Json]]
    kinds: Mapping[str, str]  # of conferences called


_NEW: Final = ReviewRow(
    adult=None,
    team=None,
    worker=None,
    open=True,
    watched={},
    kinds={},
    due_on=None,
    due_rule=None,
    due_set_at=None,
    since=None,
    since_at=None,
    reviewed_on=None,
    reviewed_at=None,
    reviews=0,
)


def touches(seen: Seen) -> Iterable[Key]:
    """Every event of a case touches that case alone."""
    return ((seen.stream,),)


def fold(seen: Seen, current: Current) -> Changes:
    """The case's row after an event."""
    key = (seen.stream,)
    row = _STEPS[seen.name](current(key) or _NEW, seen)
    return ((key, _derived(row)),)


def _derived(row: ReviewRow) -> ReviewRow:
    """The row with its next due date and its longest unreviewed matter."""
    dated = [one for one in row.watched.values() if one["on"] is not None]
    matters = [one for one in row.watched.values() if one["since"] is not None]
    due = min(dated, key=lambda one: (one["on"], one["set_at"]), default=None)
    first = min(matters, key=lambda one: (one["since"], one["at"]), default=None)
    return row._replace(
        due_on=None if due is None else due["on"],
        due_rule=None if due is None else due["rule"],
        due_set_at=None if due is None else due["set_at"],
        since=None if first is None else first["since"],
        since_at=None if first is None else first["at"],
    )


def _referral(row: ReviewRow, seen: Seen) -> ReviewRow:
    return row._replace(adult=seen.data["adult"])


def _allocated(row: ReviewRow, seen: Seen) -> ReviewRow:
    return row._replace(team=seen.data["team"], worker=seen.data["worker"])


def _unallocated(row: ReviewRow, seen: Seen) -> ReviewRow:
    return row._replace(team=seen.data.get("team", row.team), worker=None)


def _plan(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A plan, agreed or revised; a revision that sets no date leaves the one there was."""
    return _watch(row, seen, PLAN, seen.data["plan"], seen.data.get("review_due"))


def _date_set(row: ReviewRow, seen: Seen) -> ReviewRow:
    return _watch(row, seen, PLAN, seen.data["plan"], seen.data["due"])


def _enquiry(row: ReviewRow, seen: Seen) -> ReviewRow:
    return _watch(row, seen, ENQUIRY, seen.data["enquiry"], seen.data.get("due"))


def _ended(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A plan ended, or an enquiry was concluded: it is to be reviewed no more."""
    ref = seen.data.get("plan") or seen.data.get("enquiry")
    left = {name: one for name, one in row.watched.items() if name != ref}
    if all(one["what"] in _MEETINGS for one in left.values()):
        left = {}  # their dates were for reviewing what is now ended
    return row._replace(watched=left)


def _called(row: ReviewRow, seen: Seen) -> ReviewRow:
    return row._replace(kinds={**row.kinds, seen.data["conference"]: seen.data["kind"]})


def _held(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A conference: a review where it was called as one; it may set the dates of the next."""
    if row.kinds.get(seen.data["conference"]) == REVIEW:
        row = _reviewed(row, seen)
    row = _next(row, seen, REVIEW, seen.data.get("next_review"))
    return _next(row, seen, CORE_GROUP, seen.data.get("next_core_group"))


def _core_group(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A core group monitors the plan and is no review of it: it answers the date set for itself."""
    watched = _answered(row, seen.occurred_on, {CORE_GROUP})
    row = row._replace(watched=watched)
    return _next(row, seen, CORE_GROUP, seen.data.get("next_core_group"))


def _next(row: ReviewRow, seen: Seen, what: str, due: Json) -> ReviewRow:
    if due is None:
        return row
    entry = {"what": what, "since": None, "at": seen.position, **_due(due, seen)}
    return row._replace(watched={**row.watched, what: entry})


def _reviewed(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A review answers the dates set for it: of its plan, or, of a conference, of every plan."""
    plan = seen.data.get("plan")
    plans = {ref for ref, one in row.watched.items() if one["what"] == PLAN}
    return row._replace(
        watched=_answered(row, seen.occurred_on, {REVIEW, *([plan] if plan else plans)}),
        reviewed_on=seen.occurred_on,
        reviewed_at=seen.position,
        reviews=row.reviews + 1,
    )


def _answered(row: ReviewRow, day: str, refs: Collection[str]) -> Mapping[str, Json]:
    """What is watched, without the dates reckoned from before a day: those set on it are ahead."""
    return {
        ref: {**one, "on": None, "rule": None}
        if ref in refs and one["on"] is not None and one["start"] < day
        else one
        for ref, one in row.watched.items()
    }


def _closed(row: ReviewRow, seen: Seen) -> ReviewRow:
    del seen
    return row._replace(open=False)


def _reopened(row: ReviewRow, seen: Seen) -> ReviewRow:
    del seen
    return row._replace(open=True)


def _watch(row: ReviewRow, seen: Seen, what: str, ref: str, due: Json) -> ReviewRow:
    """Watch a plan or an enquiry from its first event; a date given replaces the one before."""
    begun = {"what": what, "since": seen.occurred_on, "at": seen.position, **_due(None, seen)}
    one = row.watched.get(ref, begun)
    if due is not None:
        one = {**one, **_due(due, seen)}
    return row._replace(watched={**row.watched, ref: one})


def _due(due: Json, seen: Seen) -> dict[str, Json]:
    if due is None:
        return {"on": None, "rule": None, "start": None, "set_at": None}
    return {
        "on": due["on"],
        "rule": due["rule"],
        "start": due["start"],
        "set_at": seen.position,
    }


_STEPS: Final[Mapping[str, Callable[[ReviewRow, Seen], ReviewRow]]] = {
    "referral-received": _referral,
    "case-allocated": _allocated,
    "case-unallocated": _unallocated,
    "enquiry-opened": _enquiry,
    "inquiry-opened": _enquiry,
    "enquiry-reopened": _enquiry,
    "enquiry-concluded": _ended,
    "conference-convened": _called,
    "conference-held": _held,
    "core-group-held": _core_group,
    "plan-agreed": _plan,
    "plan-revised": _plan,
    "plan-reviewed": _reviewed,
    "review-date-set": _date_set,
    "plan-ended": _ended,
    "case-closed": _closed,
    "case-reopened": _reopened,
}

REVIEWS: Final = Projection(
    name="reviews",
    version=1,
    events=frozenset(_STEPS),
    key={"case": "uuid"},
    columns={
        "adult": "uuid",
        "team": "text",
        "worker": "uuid",
        "open": "bool",
        "due_on": "date",
        "due_rule": "text",
        "due_set_at": "int8",
        "since": "date",
        "since_at": "int8",
        "reviewed_on": "date",
        "reviewed_at": "int8",
        "reviews": "int8",
        "watched": "jsonb",
        "kinds": "jsonb",
    },
    row=ReviewRow,
    indexes=(
        "(team) WHERE {current} AND open",
        "(due_on) WHERE {current} AND open",
        "USING gist (hashtext(team), valid) WHERE open",
    ),
    touches=touches,
    fold=fold,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A case to be reviewed: `why` is `past_due`, or `never_reviewed` where no date stands either.

    `days` count from `due_on`, or from `since`; positions are of the events that say so.
    """

    case: UUID
    adult: UUID | None
    team: str | None
    worker: UUID | None
    why: str
    days: int
    due_on: date | None
    due_rule: str | None
    due_set_at: int | None
    since: date | None
    since_at: int | None
    reviewed_on: date | None
    reviewed_at: int | None
    reviews: int


def overdue(
    conn: Connection[Any],
    *,
    on: date,
    as_at: int | None = None,
    team: str | None = None,
    worker: UUID | None = None,
) -> Sequence[Overdue]:
    """The open cases past a stored due date by a day, and those never reviewed and without a date.

    The longest first. A case whose date is still to come is not among them.
    """
    query = sql.SQL(
        'SELECT "case", adult, team, worker,'
        " CASE WHEN due_on IS NULL THEN 'never_reviewed' ELSE 'past_due' END AS why,"
        " {on} - coalesce(due_on, since) AS days, due_on, due_rule, due_set_at, since, since_at,"
        " reviewed_on, reviewed_at, reviews::int FROM views.reviews"
        " WHERE {valid} AND open AND {team}{worker} AND (due_on < {on}"
        " OR (due_on IS NULL AND reviews = 0 AND since < {on}))"
        ' ORDER BY coalesce(due_on, since), "case"'
    ).format(
        on=on,
        valid=valid_at(as_at),
        team=in_team(team, as_at),
        worker=sql.SQL("") if worker is None else sql.SQL(" AND worker = {}").format(worker),
    )
    with conn.cursor(row_factory=class_row(Overdue)) as cursor:
        return cursor.execute(query).fetchall()
