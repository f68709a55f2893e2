"""What of a case is to be looked at again, by when, and what is past its day.

One row per case that has, or had, a plan or an enquiry. A due date is the one stored in its event;
whether it is past is compared when asked and never stored. A case that has something to review
and no date for it, never reviewed or since its last review, is found by that absence.

Where a time is uncertain the kindest reading counts, as in the rules: a review answers a date if
it may have come after it was set (`domain.review_date.answers`), and nothing has waited longer than
since the latest day it can have begun. What was stated stands beside such a day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import class_row

from domain.review_date import answers
from projections.corrected import AGAIN, again, concerns
from projections.ending import IN_ERROR, REOPENED, closed_by, ending
from projections.joined import BEGINS, cases_of
from projections.leading import TELLS, TRANSFERRED, here_again, led, told
from projections.meetings import (
    CORE_GROUP,
    NO_DATE,
    REVIEW,
    brought,
    due_kept,
    latest,
    meeting,
    owed,
    placed,
    stated,
)
from projections.projection import (
    Changes,
    Current,
    Json,
    Key,
    Projection,
    Seen,
)
from projections.table import in_team, valid_at

PLAN: Final = "plan"
ENQUIRY: Final = "enquiry"
# What a conference or core group set for the next, whichever plan it is of.
_MEETINGS: Final = frozenset({REVIEW, CORE_GROUP})


class ReviewRow(NamedTuple):
    """What one case has to review.

    `watched` holds each plan, enquiry and date set, by reference: {"what", "since", "stated", "at",
    "on", "at_latest", "rule", "start", "set_at"}: since when and by which event it is to be
    reviewed; the due date, whether it is only the latest day it can be, its rule, the earliest day
    from which it was reckoned and by which event it was set.
    Where a time is not one certain day, `since` and `reviewed_on` are the latest day it can have
    been, and `stated` is the time as it was stated.
    """

    adult: str | None
    team: str | None
    worker: str | None
    open: bool
    due_on: str | None  # the earliest stored due date that no review has answered
    at_latest: bool  # that date is only the latest it can be: reckoned from an uncertain time
    due_rule: str | None
    due_set_at: int | None  # the position of the event it is stored in
    since: str | None  # since when there has been something to review
    since_stated: str | None
    since_at: int | None
    undated_since: str | None  # since when something has had no date for its review
    reviewed_on: str | None  # last
    reviewed_stated: str | None
    reviewed_at: int | None
    reviews: int
    brought_from: str | None  # the system that kept the case so far
    led_by: str | None  # the other authority that accepted it, and leads it now
    watched: Mapping[str, Mapping[str, Json]]
    kinds: Mapping[str, str]  # of conferences called
    endings: Sequence[Json]  # the case's closings and reopenings, as `ending` keeps them
    in_error: Sequence[int]  # the reopenings since a closing was an error, by position
    plans: Mapping[str, Json]  # each agreed or revised, with where it first was
    ended: Sequence[str]  # plans, and enquiries concluded
    dates: Mapping[str, Json]  # set for plans that are not there
    meetings: Mapping[str, Json]  # as `meeting` keeps them
    brought: Json  # that the case was brought forward: on which day, and what was not asked
    lead: Sequence[Json]  # who leads, as `leading` keeps it


_NEW: Final = ReviewRow(
    adult=None,
    team=None,
    worker=None,
    open=True,
    watched={},
    kinds={},
    endings=[],
    in_error=[],
    plans={},
    ended=[],
    dates={},
    meetings={},
    brought=None,
    brought_from=None,
    led_by=None,
    lead=[],
    due_on=None,
    at_latest=False,
    due_rule=None,
    due_set_at=None,
    since=None,
    since_stated=None,
    since_at=None,
    undated_since=None,
    reviewed_on=None,
    reviewed_stated=None,
    reviewed_at=None,
    reviews=0,
)


def touches(seen: Seen) -> Iterable[Key]:
    """Every event of a case touches that case alone; a correction or a join all that are joined."""
    return ((seen.stream,),) if seen.name not in AGAIN else [(case,) for case in cases_of(seen)]


def fold(seen: Seen, current: Current) -> Changes:
    """The case's row after an event.

    After a correction, a merge or a split the rows of all cases concerned are made again from what
    now stands, where it is read.
    """
    if seen.name not in AGAIN:
        return fold_one(seen, current)
    if not concerns(seen):
        return ()
    rows = again(fold_one, seen, opened=opened_by_merge)
    return [(key, rows.get(key)) for key in touches(seen)]


def fold_one(seen: Seen, current: Current) -> Changes:
    """The row of the case an event is read in, after it; a correction is nothing here."""
    step, key = _STEPS.get(seen.name), (seen.case,)
    if step is None:
        return ()
    row = step(current(key) or _NEW, seen)
    if seen.name in TELLS:
        row = row._replace(lead=told(row.lead, seen))
    return ((key, _derived(row)),)


def opened_by_merge(row: ReviewRow, merge: Seen) -> ReviewRow:
    """The row of a closed case in which an open one is read from now on: open, to be seen."""
    del merge
    return row._replace(open=True)


def _derived(row: ReviewRow) -> ReviewRow:
    """The row with its next due date and its longest unreviewed matter."""
    away, led_by = led(row.lead, row.endings)
    every = _with_meetings(row).items()
    row = row._replace(led_by=led_by, watched={ref: here_again(one, away) for ref, one in every})
    dated = [one for one in row.watched.values() if one["on"] is not None]
    matters = [one for one in row.watched.values() if one["since"] is not None]
    due = min(dated, key=lambda one: (one["on"], one["set_at"]), default=None)
    first = min(matters, key=lambda one: (one["since"], one["at"]), default=None)
    waiting = [row.watched[ref]["since"] for ref in undated(row.watched)]
    return row._replace(
        due_on=None if due is None else due["on"],
        at_latest=due is not None and due["at_latest"],
        due_rule=None if due is None else due["rule"],
        due_set_at=None if due is None else due["set_at"],
        since=None if first is None else first["since"],
        since_stated=None if first is None else first["stated"],
        since_at=None if first is None else first["at"],
        undated_since=min(waiting, default=None),
    )


def undated(watched: Mapping[str, Mapping[str, Json]]) -> Sequence[str]:
    """What is watched and has no date for its review.

    The date set for a review conference is that of every plan; what has no limit of its own (an
    enquiry) goes by any date that stands in the case.
    """
    reviewed = watched.get(REVIEW, {}).get("on") is not None
    dated = any(one["on"] is not None for one in watched.values())
    return [
        ref
        for ref, one in watched.items()
        if one["since"] is not None
        and one["on"] is None
        and not (reviewed if one["what"] == PLAN else dated)
    ]


def _with_meetings(row: ReviewRow) -> Mapping[str, Mapping[str, Json]]:
    """What is watched, with the next meetings that are due while a plan is carried out."""
    watched = {ref: one for ref, one in row.watched.items() if one["what"] not in _MEETINGS}
    for what, due, position in owed(row):
        begun = {"what": what, "since": None, "stated": None, "at": position}
        watched[what] = {**begun, **due_kept(due, position)}
    return watched


def _brought(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A case another system kept so far, of whose reviews there nothing is known."""
    data = seen.data
    row = row._replace(brought_from=data["reference"]["system"], brought=brought(seen, row.brought))
    if seen.case != seen.stream:  # read in another case, whose own team holds it
        return row
    return row._replace(adult=data["adult"], team=data.get("team"))


def _before(row: ReviewRow, seen: Seen) -> bool:
    """Whether an entry is about the time before the case was brought forward."""
    return row.brought_from is not None and seen.source == row.brought_from


def _stilldue_kept(row: ReviewRow, seen: Seen) -> Json:
    """An enquiry's date; none where it had passed before the case came forward.

    What was due then may have been done there. A date the other system had stays (`_date_set`).
    """
    due = seen.data.get("due")
    return None if due and _before(row, seen) and due["on"] < seen.recorded_on else due


def _referral(row: ReviewRow, seen: Seen) -> ReviewRow:
    return row._replace(adult=seen.data["adult"])


def _split_off(row: ReviewRow, seen: Seen) -> ReviewRow:
    """What began with entries of another case is about whoever that says, unless it is known."""
    return row._replace(adult=row.adult or seen.data.get("adult"))


def _allocated(row: ReviewRow, seen: Seen) -> ReviewRow:
    return row._replace(team=seen.data["team"], worker=seen.data["worker"])


def _unallocated(row: ReviewRow, seen: Seen) -> ReviewRow:
    return row._replace(team=seen.data.get("team", row.team), worker=None)


def _plan(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A plan, agreed or revised; a revision that sets no date leaves the one there was."""
    ref = seen.data["plan"]
    row = row._replace(plans={ref: placed(seen), **row.plans})
    if ref in row.ended:
        return row
    row = _watch(row, seen, PLAN, ref, seen.data.get("review_due"))
    one = row.watched[ref]
    if one["on"] is None and ref in row.dates:
        row = row._replace(watched={**row.watched, ref: {**one, **row.dates[ref]}})
    return row._replace(dates={it: due for it, due in row.dates.items() if it != ref})


def _date_set(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A date for a plan; of one that is not there, since it was withdrawn, it waits for that."""
    ref, due = seen.data["plan"], seen.data["due"]
    if ref in row.watched:
        return _watch(row, seen, PLAN, ref, due)
    return row._replace(dates={**row.dates, ref: due_kept(due, seen.position)})


def _enquiry(row: ReviewRow, seen: Seen) -> ReviewRow:
    return _watch(row, seen, ENQUIRY, seen.data["enquiry"], _stilldue_kept(row, seen))


def _ended(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A plan ended, or an enquiry was concluded: it is to be reviewed no more."""
    ref = seen.data.get("plan") or seen.data["enquiry"]
    left = {it: one for it, one in row.watched.items() if it != ref}
    return row._replace(watched=left, ended=[*row.ended, ref])


def _called(row: ReviewRow, seen: Seen) -> ReviewRow:
    return row._replace(kinds={**row.kinds, seen.data["conference"]: seen.data["kind"]})


def _held(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A conference: a review where it was called as one; it may set the dates of the next."""
    if row.kinds.get(seen.data["conference"]) == REVIEW:
        row = _reviewed(row, seen)
    return _met(row, seen)


def _met(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A meeting; a core group monitors the plan and is no review of it."""
    kept = meeting(seen, before=_before(row, seen))
    return row._replace(meetings={**row.meetings, seen.data["conference"]: kept})


def _reviewed(row: ReviewRow, seen: Seen) -> ReviewRow:
    """A review answers the dates set for it: of its plan, or, of a conference, of every plan.

    One recorded late may be older than another: the last is the one that can have been last.
    """
    plan, day = seen.data.get("plan"), latest(seen)
    plans = {ref for ref, one in row.watched.items() if one["what"] == PLAN}
    refs = {plan} if plan else plans
    row = row._replace(watched=_answered(row, day, refs), reviews=row.reviews + 1)
    if row.reviewed_on is not None and row.reviewed_on > day:
        return row
    return row._replace(reviewed_on=day, reviewed_stated=stated(seen), reviewed_at=seen.position)


def _answered(row: ReviewRow, day: str, refs: Collection[str]) -> Mapping[str, Json]:
    """What is watched, without the dates that a review on a day answers."""
    return {
        ref: {**one, **NO_DATE} if ref in refs and _answers(day, one) else one
        for ref, one in row.watched.items()
    }


def _answers(day: str, one: Mapping[str, Json]) -> bool:
    return one["on"] is not None and answers(
        date.fromisoformat(day),
        on=date.fromisoformat(one["on"]),
        set_on=None if one["start"] is None else date.fromisoformat(one["start"]),
    )


def _closed_or_reopened(row: ReviewRow, seen: Seen) -> ReviewRow:
    endings = [*row.endings, ending(seen)]
    if seen.name == REOPENED and seen.data.get("reason") == IN_ERROR:
        row = row._replace(in_error=[*row.in_error, seen.position])
    return row._replace(endings=endings, open=not closed_by(endings))


def _watch(row: ReviewRow, seen: Seen, what: str, ref: str, due: Json) -> ReviewRow:
    """Watch a plan or an enquiry from its first event; a date given replaces the one before.

    One of the time before the case was brought forward is watched from then on.
    """
    one = row.watched.get(ref)
    if one is None:
        begun = {"what": what, "since": latest(seen), "stated": stated(seen)}
        if _before(row, seen):
            begun = {"what": what, "since": seen.recorded_on, "stated": None}
        one = {**begun, "at": seen.position, **NO_DATE}
    if due is not None:
        one = {**one, **due_kept(due, seen.position)}
    return row._replace(watched={**row.watched, ref: one})


_STEPS: Final[Mapping[str, Callable[[ReviewRow, Seen], ReviewRow]]] = {
    "case-brought-forward": _brought,
    "referral-received": _referral,
    BEGINS: _split_off,
    "case-allocated": _allocated,
    "case-unallocated": _unallocated,
    "enquiry-opened": _enquiry,
    "inquiry-opened": _enquiry,
    "enquiry-reopened": _enquiry,
    "enquiry-concluded": _ended,
    "conference-convened": _called,
    "conference-held": _held,
    "core-group-held": _met,
    "plan-agreed": _plan,
    "plan-revised": _plan,
    "plan-reviewed": _reviewed,
    "review-date-set": _date_set,
    "plan-ended": _ended,
    TRANSFERRED: lambda row, _: row,
    "case-closed": _closed_or_reopened,
    "case-reopened": _closed_or_reopened,
}

REVIEWS: Final = Projection(
    name="reviews",
    version=12,
    events=frozenset(_STEPS) | AGAIN,
    recalls=AGAIN,
    key={"case": "uuid"},
    columns={
        "adult": "uuid",
        "team": "text",
        "worker": "uuid",
        "open": "bool",
        "due_on": "date",
        "at_latest": "bool",
        "due_rule": "text",
        "due_set_at": "int8",
        "since": "date",
        "since_stated": "text",
        "since_at": "int8",
        "undated_since": "date",
        "reviewed_on": "date",
        "reviewed_stated": "text",
        "reviewed_at": "int8",
        "reviews": "int8",
        "brought_from": "text",
        "led_by": "text",
        "watched": "jsonb",
        "kinds": "jsonb",
        "endings": "jsonb",
        "in_error": "jsonb",
        "plans": "jsonb",
        "ended": "jsonb",
        "dates": "jsonb",
        "meetings": "jsonb",
        "brought": "jsonb",
        "lead": "jsonb",
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
    """A case to be reviewed: why, since when, and by which events.

    `why` is `past_due`, or, where something has no date, `never_reviewed` or `no_date` (it was
    reviewed, or may have been before the case was brought forward, and no date was set for the
    next).
    `days` count from `due_on`, from `since`, or from the last review; positions are of the events
    that say so. Where a time is not one certain day, the day is the latest it can have been, the
    days are the least, and `since_stated` or `reviewed_stated` is the time as it was stated.
    `at_latest`: `due_on` is only the latest day it can be, and the days are the least.
    """

    case: UUID
    adult: UUID | None
    team: str | None
    worker: UUID | None
    why: str
    days: int
    due_on: date | None
    at_latest: bool
    due_rule: str | None
    due_set_at: int | None
    since: date | None
    since_stated: str | None
    since_at: int | None
    reviewed_on: date | None
    reviewed_stated: str | None
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
    """The open cases past a stored due date by a day, and those where something has no date at all.

    The longest first. A date is past from the day after it. A case whose dates are all still to
    come is not among them.
    """
    query = sql.SQL(
        'SELECT "case", adult, team, worker,'
        " CASE WHEN due_on < {on} THEN 'past_due' WHEN reviews = 0 AND"
        " brought_from IS NULL THEN 'never_reviewed'"
        " ELSE 'no_date' END AS why, {on} - begun AS days, due_on, at_latest, due_rule, due_set_at,"
        " since, since_stated, since_at, reviewed_on, reviewed_stated, reviewed_at, reviews::int"
        " FROM views.reviews, LATERAL (SELECT CASE WHEN due_on < {on} THEN due_on WHEN"
        " undated_since IS NOT NULL THEN greatest(undated_since, reviewed_on) END AS begun) AS late"
        " WHERE {valid} AND open AND led_by IS NULL AND {team}{worker} AND begun < {on}"
        ' ORDER BY begun, "case"'
    ).format(
        on=on,
        valid=valid_at(as_at),
        team=in_team(team, as_at),
        worker=sql.SQL("") if worker is None else sql.SQL(" AND worker = {}").format(worker),
    )
    with conn.cursor(row_factory=class_row(Overdue)) as cursor:
        return cursor.execute(query).fetchall()
