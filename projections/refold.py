"""The same folds over fewer events: what had certainly happened by a day, what an agency knew.

A view answers for everything recorded up to a position. Asked by a day of the world (`as_of`), or
for what one agency had on record (`known_to`), its pure fold runs again in memory over just those
events, read from the log by one query; nothing is stored. What may have happened by the day and
may not, is left out and named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from psycopg import Connection, sql

from domain.record.encoding import load_header
from domain.record.envelope import from_us
from domain.when import When, end_of, instant
from domain.words import Header
from projections.batch import read, tail
from projections.corrected import CORRECTED, standing
from projections.joined import BEGINS, Reading
from projections.projection import Seen, stored_names
from projections.reviews import REVIEWS, Overdue, ReviewRow, fold_one, undated
from projections.table import in_team, valid_at

_CASES: Final = "cases"  # the log


class Happened(Enum):
    """Whether something had happened by the end of a day, as far as its time is known."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


def happened(occurred: When, as_of: date | None) -> Happened:
    """Certainly, where the latest it can have been is not after the day; None: asked of no day."""
    return Happened.YES if as_of is None else _by(occurred, end_of(as_of))


def knew(
    header: Header,
    recorded_at: datetime,
    theirs: str | None,
    *,
    agency: str,
    by: datetime,
    line: When | None = None,
) -> Happened:
    """Whether an agency knew of an event, or had it on record, by a moment.

    `theirs` is the agency an entry came from, where it says so; `line` is when it happened, of a
    line of another's chronology. One of the agency's own, of which nothing says since when the
    agency had it, it may have had since it happened: that we took it in later says nothing of that.
    What is recorded here as known was known by then, however uncertain since when.
    """
    since = [one.since for one in header.known_to if one.agency == agency]
    if agency in {theirs, header.organisation}:
        written = None if theirs not in {None, agency} else header.source_recorded
        if line is not None and theirs == agency and not since and _open(written):
            latest = None if written is None else written.latest
            since.append(When(line.text, line.earliest, latest or recorded_at))
        else:
            since.append(written or instant(recorded_at))
    if not since:
        return Happened.NO
    if recorded_at <= by:
        return Happened.YES
    return max((_by(one, by) for one in since), key=_CERTAINTY.index)


def _open(written: When | None) -> bool:
    """Whether nothing says before which moment it was not written."""
    return written is None or written.earliest is None


def least(*answers: Happened) -> Happened:
    """Whether all of it is so: as certain as the least certain."""
    return min(answers, key=_CERTAINTY.index)


def _by(when: When, end: datetime) -> Happened:
    if when.latest is not None and when.latest <= end:
        return Happened.YES
    return Happened.NO if when.earliest and when.earliest > end else Happened.PERHAPS


_CERTAINTY: Final = (Happened.NO, Happened.PERHAPS, Happened.YES)


# ------------------------------------------------------------------------------------ reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Overdue):
    """Something of an open case that is to be looked at again.

    `what` is a plan, an enquiry, or the next review conference or core group that a meeting set a
    date for; `reference` names a plan or an enquiry. `why` is `past_due`, `never_reviewed` or
    `no_date` (there is no date for it; the case was never reviewed, or was), or `to_come`. `days`
    count from `due_on`; where there is none, from `since` or the last review; 0 where it is to
    come. `reviewed_on` is when the plans of the case were last reviewed, `reviews` how often;
    positions are of the events that say so. Where a time is not one certain day, the day is the
    latest it can have been, and `since_stated` or `reviewed_stated` is the time as stated.
    `led_by` is the authority that accepted the case and leads it: nothing in it is overdue here.
    """

    what: str
    reference: UUID | None
    led_by: str | None

    @property
    def overdue(self) -> bool:
        """Whether it is past its day by the day judged by, or waited without one, and led here."""
        return self.led_by is None and self.why != TO_COME and self.days > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An event that may have happened, or been known, by the day asked about, and may not."""

    case: UUID
    position: int
    version: int
    name: str
    occurred: When


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """What is to be reviewed, the earliest due first, and what was left out as uncertain."""

    rows: tuple[Review, ...]
    left_out: tuple[LeftOut, ...] = ()


PAST_DUE: Final = "past_due"
TO_COME: Final = "to_come"
NEVER_REVIEWED: Final = "never_reviewed"
NO_DATE: Final = "no_date"


def reviews(
    conn: Connection[Any],
    *,
    on: date,
    as_at: int | None = None,
    as_of: date | None = None,
    known_to: str | None = None,
    team: str | None = None,
    worker: UUID | None = None,
) -> Reviews:
    """Every review of a plan or enquiry of the open cases of a team, a worker, or everybody.

    Args:
        on: the day to judge by; what an agency knew is what it knew by then.
        as_at: as known at that position.
        as_of: only what had certainly happened by the end of that day, as now understood.
        known_to: only what that agency knew, or had on record.
    """
    if as_of is None and known_to is None:
        cases, left_out = _viewed(conn, as_at, team), list[LeftOut]()
    else:
        cases, left_out = _refolded(conn, as_at, as_of, known_to, end_of(on))
    found = [
        review
        for case, row in cases.items()
        if row.open and team in (None, row.team) and str(worker or row.worker) == str(row.worker)
        for review in _reviews(case, row, on)
    ]
    found.sort(key=lambda one: (one.due_on or one.since or date.max, one.case, one.what))
    return Reviews(rows=tuple(found), left_out=tuple(left_out))


def _viewed(conn: Connection[Any], as_at: int | None, team: str | None) -> dict[str, ReviewRow]:
    """The rows of the view."""
    query = sql.SQL(
        'SELECT "case"::text, to_jsonb(r) FROM views.reviews r WHERE {valid} AND open AND {team}'
    ).format(valid=valid_at(as_at), team=in_team(team, as_at))
    return {
        case: ReviewRow._make(row[name] for name in ReviewRow._fields)
        for case, row in conn.execute(query).fetchall()
    }


def _refolded(
    conn: Connection[Any],
    as_at: int | None,
    as_of: date | None,
    known_to: str | None,
    by: datetime,
) -> tuple[dict[str, ReviewRow], list[LeftOut]]:
    """The rows that the events chosen make, and what may have happened and is left out.

    Which case each is read in is as it is known, whatever day is asked by, as corrections are.
    """
    upto = tail(conn, _CASES) if as_at is None else as_at
    names = stored_names(REVIEWS.events)
    every = map(Seen, read(conn, _CASES, 0, upto, names))
    streams: dict[str, list[Seen]] = {}
    for seen in Reading(standing(every)).events:
        streams.setdefault(seen.case, []).append(seen)
    rows: dict[tuple[Any, ...], Any] = {}
    left_out = list[LeftOut]()
    for stream in streams.values():
        for seen in stream:
            occurred = _occurred(seen)
            had = least(happened(occurred, as_of), _known(seen, known_to, by))
            if seen.name == BEGINS:
                rows.update(fold_one(seen, rows.get))
            elif seen.name == CORRECTED or had is Happened.NO:
                continue
            elif had is Happened.PERHAPS:
                left_out.append(_left_out(seen, occurred))
            else:
                rows.update(fold_one(seen, rows.get))
    return {key[0]: row for key, row in rows.items() if row is not None}, left_out


def _occurred(seen: Seen) -> When:
    """When it happened; read from where it stands in the header, not from all of it."""
    edtf, first, last, _ = seen.placed
    return When(edtf, _instant(first), _instant(last))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _known(seen: Seen, agency: str | None, by: datetime) -> Happened:
    if agency is None:
        return Happened.YES
    theirs = seen.data.get("agency")
    own = theirs if isinstance(theirs, str) else None
    header = load_header(seen.header)
    return knew(header, from_us(seen.recorded_us), own, agency=agency, by=by)


def _left_out(seen: Seen, occurred: When) -> LeftOut:
    return LeftOut(
        case=UUID(seen.stream),
        position=seen.position,
        version=seen.version,
        name=seen.name,
        occurred=occurred,
    )


def _reviews(case: str, row: ReviewRow, on: date) -> Iterator[Review]:
    """What of one case is to be reviewed, each with its own date."""
    waiting, reviewed = undated(row.watched), _day(row.reviewed_on)
    for ref, one in row.watched.items():
        due, since = _day(one["on"]), _day(one["since"])
        if due is not None:
            why, begun = PAST_DUE if due < on else TO_COME, due
        elif since is None:
            continue  # the date a meeting set was answered: nothing of its own is left to review
        else:
            begun = since if reviewed is None else max(since, reviewed)
            why = TO_COME  # with what of its case has a date
            if ref in waiting:
                never = row.reviews == 0 and row.brought_from is None
                why = NEVER_REVIEWED if never else NO_DATE
        yield Review(
            case=UUID(case),
            adult=_ref(row.adult),
            team=row.team,
            worker=_ref(row.worker),
            what=one["what"],
            reference=None if ref == one["what"] else UUID(ref),
            led_by=row.led_by,
            why=why,
            days=0 if why == TO_COME else max(0, (on - begun).days),
            due_on=due,
            at_latest=one["at_latest"],
            due_rule=one["rule"],
            due_set_at=one["set_at"],
            since=since,
            since_stated=one["stated"] if since is not None else None,
            since_at=one["at"] if since is not None else None,
            reviewed_on=reviewed,
            reviewed_stated=row.reviewed_stated,
            reviewed_at=row.reviewed_at,
            reviews=row.reviews,
        )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _ref(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
