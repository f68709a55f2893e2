"""What a return is made of: what happened in a period, as known at a position, and to which adults.

A person's details stay sealed here: whoever makes a return opens them (`opened.py`), and hands the
tables ages and codes, which are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson
from psycopg import Connection, sql
from psycopg.rows import namedtuple_row

from projections.projection import Json
from projections.returns import adults, folding
from projections.returns.answered import answers
from projections.returns.besides import Besides
from projections.returns.dataset import EMPTY, Dataset
from projections.returns.doubts import Doubt, doubted
from projections.returns.reviewed import first_told
from projections.returns.rows import (
    CONCERN,
    COUNTS,
    ELSEWHERE,
    ENQUIRY,
    PARTED,
    REOPENED,
    REVIEW,
    TOLD,
    TWICE,
    UNSURE,
    WITHDRAWN,
)
from projections.table import valid_at

FACTS: Final = folding.FACTS
PEOPLE: Final = adults.PEOPLE  # the other half of what a return reads
BIRTH, GENDER, ETHNICITY = "birth", "gender", "ethnicity"
SEALED: Final = (BIRTH, GENDER, ETHNICITY)  # the details that are read sealed
# What else a table may have no use for: each of these, and what the conclusions of the cases of
# concerns say.
CONCERNS, ENQUIRIES, REVIEWS, ANSWERED = "concerns", "enquiries", "reviews", "answered"
ENTRIES: Final = frozenset({CONCERNS, ENQUIRIES})  # by which somebody may be left out as under age
THEN: Final = "then"  # how the quarters were understood when they ended
KNOWN: Final = frozenset({*SEALED, CONCERNS, ENQUIRIES, REVIEWS, ANSWERED})  # of a period as it is
EVERYTHING: Final = KNOWN | {THEN}
_KINDS: Final = {CONCERNS: CONCERN, ENQUIRIES: ENQUIRY, REVIEWS: REVIEW}  # of rows
# What is read of a row. A list is read as text, and as none where it is empty, as most are: for
# JSON psycopg calls Python for every value, which was two thirds of reading a year.
_COLUMNS: Final = {
    name: sql.SQL("nullif({0}::text, '[]') AS {0}").format(sql.Identifier(name))
    if kind == "jsonb"
    else sql.Identifier(name)
    for name, kind in FACTS.columns.items()
}
_OF_CONCERNS: Final = (
    *("what", "stands", "adult", "kind", "begun_at"),
    *("referrals", "withdrawn"),
)  # what of a concern's row is read
_day_of: Final = lru_cache(maxsize=1 << 13)(date.fromisoformat)  # the same few hundred again


# ------------------------------------------------------------------------------------- questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days a return covers, both included."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.first <= day <= self.last


def financial_year(year: int) -> Period:
    """From 1 April of a year to 31 March of the next."""
    return Period(first=date(year, 4, 1), last=date(year + 1, 3, 31))


# Not frozen, as all else is: a large authority has twenty thousand a year, and one that is frozen
# takes four times as long to make. Nothing changes one but `_answered`, before any is handed out.
@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Concern:
    """One referral that is a concern, and the days between which it was received (None: open).

    `rule` is that by which it was decided that it counts, or does not, with its `edition`, where it
    has one, and `decided` the entry that says so; None where nothing was. `support_reason` and
    `conditions` are those of the last conclusion of its case that says any, and `told_at` says
    where each was told, `every` what each conclusion says; `concluded` is the last enquiry of its
    case that was concluded, of whatever year, and where.
    """

    case: UUID
    adult: UUID | None
    first_day: date | None
    last_day: date
    position: int
    rule: str | None = None
    edition: str | None = None
    decided: int | None = None
    support_reason: str | None = None
    conditions: Sequence[str] = ()
    concluded: tuple[UUID, int] | None = None
    told_at: tuple[int | None, int | None] = (None, None)
    every: Sequence[tuple[int, str | None, Sequence[str]]] = ()
    unsettled: Sequence[Any] = ()  # why it is doubtful where it counts, and the transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What counts not and would else have been, or may have been, of the period.

    `what` is `concern`, `begun`, `concluded` or `reviewed`; `subject` is the case, the enquiry or
    the review, `kind` that of an enquiry, `position` of the event that counts not. `why` is one of
    `rows.py`, or the reason for which a referral was linked that is no concern of its own; `since`
    the day an enquiry was reopened, or that of the conclusion which stands.
    """

    case: UUID
    subject: UUID
    adult: UUID | None
    what: str
    kind: str | None
    position: int
    why: str = WITHDRAWN
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """One enquiry with what was answered when it was concluded.

    Of each day it is the last that it can have been, with the first (None: open) beside it.
    """

    case: UUID
    enquiry: UUID
    adult: UUID | None
    kind: str
    opened_on: date
    concluded_on: date | None
    capacity: str | None
    opened_at: int
    concluded_at: int | None
    triples: Sequence[Sequence[str]]  # type, source, location
    opened_from: date | None = None
    concluded_from: date | None = None
    outcomes: str | None = None
    support_reason: str | None = None
    conditions: Sequence[str] = ()
    risks_found: Sequence[Sequence[str]] = ()  # source, action, outcome
    risks_not_found: Sequence[Sequence[str]] = ()  # source, assessment
    unsettled: Sequence[Any] = ()  # why it is doubtful where it counts, and the transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A statutory review that was concluded; of each individual the person, if named, and fate."""

    case: UUID
    review: UUID
    concluded_on: date
    position: int
    individuals: Sequence[tuple[UUID | None, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything one return is made of, as known at one position.

    `sealed` are the details of the adults, open only to whoever may make the return: by detail, of
    each person, as the text of what is sealed. `opened` fills what is made of them: an age is years
    on the last day of the period or at death, a gender and an ethnicity is its code; none where it
    is not known. `died` has the first day a death can have been on (None: open) and the last.
    `doubtful` are the concerns that may have been received in the period and may not; `contacts`
    were decided not to be concerns that count. `twice` is what another entry counts for, where one
    concern had been entered in two cases (`twice.py`); `beside` is what stands and yet counts not,
    by a rule of the return. `doubted` are the events, by position, of which fields were recorded
    wrongly.
    `dataset` is what Scotland counts besides; empty where the nation has no such return. `besides`
    is what else is asked of the cases, where a whole return is made. `unborn` are those who by
    what is told died before they were born, or were born after the period: no age is theirs. Of
    those `born_about` the day of birth is said to be approximate.
    """

    period: Period
    concerns: Sequence[Concern]
    doubtful: Sequence[Concern]
    begun: Sequence[Enquiry]
    concluded: Sequence[Enquiry]
    sealed: Mapping[str, Mapping[UUID, str]]
    died: Mapping[UUID, tuple[date | None, date]]
    withdrawn: Sequence[Withdrawn] = ()
    twice: Sequence[Withdrawn] = ()
    beside: Sequence[Withdrawn] = ()
    contacts: Sequence[Concern] = ()
    reviews: Sequence[Review] = ()
    ages: Mapping[UUID, Sequence[int]] = field(default_factory=dict)
    genders: Mapping[UUID, str] = field(default_factory=dict)
    ethnicities: Mapping[UUID, str] = field(default_factory=dict)
    doubted: Mapping[int, Doubt] = field(default_factory=dict)
    dataset: Dataset = EMPTY
    besides: Besides = field(default_factory=Besides)
    forgotten: frozenset[UUID] = frozenset()  # of whom something was told, and is known no more
    under_age: frozenset[UUID] = frozenset()  # of them, whom a return filed left out for that
    gone: frozenset[int] = frozenset()  # entries of cases that were lawfully forgotten (`gone.py`)
    unborn: frozenset[UUID] = frozenset()
    born_about: frozenset[UUID] = frozenset()


def may_be_of(period: Period) -> sql.Composable:
    """The condition that something in a row may have been in a period, each half by its index."""
    return sql.SQL(
        "(last_on BETWEEN {first} AND {last} OR (begun_on IS DISTINCT FROM last_on"
        " AND last_on > {last} AND coalesce(begun_on, {first}) <= {last}))"
    ).format(first=period.first, last=period.last)


def read_facts(
    conn: Connection[Any],
    period: Period,
    *,
    as_at: int | None = None,
    needs: Collection[str] = EVERYTHING,
) -> Facts:
    """What was counted in a period, as known at a position.

    `needs` is what the tables that are to be filled have a use for; nothing else is read.

    A referral is counted unless it was decided that it is not (procedure: a contact is not yet a
    concern), or was linked as the same received again or as news of the open episode, and only
    where it was received in the period for certain: both the first and the last day it can have
    been lie in it. What was withdrawn by then is counted nowhere, and what had come of a case that
    was transferred to the authority that counts it, not here: two authorities count a case once
    (SG1); what came after that is this one's own.
    """
    of = _OfConcerns(period)
    enquiries, reviews = list[Enquiry](), list[Review]()
    withdrawn, twice, beside = list[Withdrawn](), list[Withdrawn](), of.beside
    for row in _rows(conn, period, as_at, needs):
        if row.withdrawn is not None:
            fallen = orjson.loads(row.withdrawn)
            withdrawn.extend(_withdrawn(row, fallen, period, WITHDRAWN))
            twice.extend(_withdrawn(row, fallen, period, TWICE))
            beside.extend(_withdrawn(row, fallen, period, PARTED))
        if not row.stands:
            continue
        if row.what == CONCERN:
            of.take(row)
            continue
        beside.extend(_beside(row, period))
        if row.what == REVIEW:
            reviews.extend(_review(row, period))
        elif row.elsewhere is None:
            enquiries.append(_enquiry(row))
    concerns = of.certain
    cases: Sequence[Concern | Enquiry] = (*concerns, *enquiries)
    about = {one.adult for one in cases if one.adult is not None}
    details = [one for one in SEALED if one in needs]
    known = adults.details(conn, about, details, as_at) if details else ()
    first = first_told(conn, [one.review for one in reviews], as_at)
    return Facts(
        period=period,
        concerns=_answered(conn, concerns, as_at) if ANSWERED in needs else concerns,
        doubtful=of.doubtful,
        begun=[one for one in enquiries if _certain(period, one.opened_from, one.opened_on)],
        concluded=[
            one for one in enquiries if _certain(period, one.concluded_from, one.concluded_on)
        ],
        sealed={
            detail: {row[0]: row[column] for row in known if row[column] is not None}
            for column, detail in enumerate(details, start=3)
        },
        died={person: (first, last) for person, first, last, *_ in known if last is not None},
        withdrawn=withdrawn,
        twice=twice,
        beside=[*beside, *_told_before(reviews, first)],
        contacts=of.contacts,
        doubted=doubted(conn, as_at),
        reviews=[one for one in reviews if first[one.review][0] == one.position],
    )


def _rows(
    conn: Connection[Any], period: Period, as_at: int | None, needs: Collection[str]
) -> Iterable[Json]:
    """What may be of a period as known at a position, in the order in which it began."""
    kinds = [kind for need, kind in _KINDS.items() if need in needs]
    columns = _OF_CONCERNS if kinds == [CONCERN] else ("subject", *_COLUMNS)
    query = sql.SQL(
        'SELECT "case", {columns} FROM views.return_facts WHERE {valid}'
        " AND what = ANY({kinds}) AND ({of}"
        " OR concluded_on BETWEEN {first} AND {last}"
        " OR (concluded_from IS DISTINCT FROM concluded_on AND concluded_on > {last}"
        "  AND coalesce(concluded_from, {first}) <= {last}) OR withdrawn <> '[]' OR lapsed <> '[]')"
        ' ORDER BY begun_at, "case", subject'
    ).format(
        kinds=kinds,
        columns=sql.SQL(", ").join(_COLUMNS.get(one, sql.Identifier(one)) for one in columns),
        valid=valid_at(as_at),
        of=may_be_of(period),
        first=period.first,
        last=period.last,
    )
    return conn.cursor(binary=True, row_factory=namedtuple_row).execute(query).fetchall()


def _list(text: str | None) -> Sequence[Any]:
    """A list that was read as text; none is empty."""
    return () if text is None else orjson.loads(text)


def _answered(
    conn: Connection[Any], concerns: Sequence[Concern], as_at: int | None
) -> Sequence[Concern]:
    """The concerns with what the conclusions of their cases say, whatever year those are of."""
    told = answers(conn, {one.case for one in concerns}, as_at)
    for one in concerns:
        if (by := told.get(one.case)) is not None:
            one.support_reason, one.conditions, one.concluded, one.told_at, one.every = by
    return concerns


class _OfConcerns:
    """What the concerns of cases make, as far as they may have been received in a period."""

    def __init__(self, period: Period) -> None:
        self.certain, self.doubtful = list[Concern](), list[Concern]()
        self.contacts, self.beside = list[Concern](), list[Withdrawn]()
        self._first, self._last = period.first, period.last

    def take(self, row: Json) -> None:
        """Put each concern of a case that stands where it belongs."""
        for one in _list(row.referrals):
            position, first, last, reason, by, counted, rule, edition, *more = one
            elsewhere, unsettled = more or (None, None)
            since, until = None if first is None else _day_of(first), _day_of(last)
            if until < self._first or (since is not None and since > self._last):
                continue
            if counted is not False and (reason not in COUNTS or elsewhere is not None):
                why = ELSEWHERE if reason in COUNTS else reason
                self.beside.append(_not_counted(row, CONCERN, why, position))
                continue
            concern = Concern(
                case=row.case,
                adult=row.adult,
                first_day=since,
                last_day=until,
                position=position,
                rule=rule,
                edition=edition,
                decided=by,
                unsettled=unsettled or (),
            )
            if counted is False:
                self.contacts.append(concern)
            elif since is not None and since >= self._first and until <= self._last:
                self.certain.append(concern)
            else:
                self.doubtful.append(concern)


def _day(text: str | None) -> date | None:
    return None if text is None else _day_of(text)


def _may_be(period: Period, first: date | None, last: date) -> bool:
    """Whether something may have been in a period."""
    return (first is None or first <= period.last) and last >= period.first


def _certain(period: Period, first: date | None, last: date | None) -> bool:
    """Whether something was in a period, whichever day it was."""
    return first in period and last in period


def _withdrawn(row: Json, fallen: Iterable[Any], period: Period, why: str) -> list[Withdrawn]:
    """What of a case's concerns or of an enquiry counts not, as far as it may be of a period."""
    return [
        _not_counted(row, what, why, position)
        for what, because, position, first, last, counted in fallen
        if because == why and counted and _may_be(period, _day(first), date.fromisoformat(last))
    ]


def _beside(row: Json, period: Period) -> list[Withdrawn]:
    """What of an enquiry or review stands and yet counts not, as far as it may be of a period.

    A conclusion after which its enquiry was reopened, and concluded again in the period, is none.
    """
    if row.elsewhere is not None:
        begun = ("begun", row.begun_on, row.begun_at)
        return [
            _not_counted(row, what, ELSEWHERE, position)
            for what, day, position in (begun, ("concluded", row.concluded_on, row.concluded_at))
            if day in period
        ]
    here, what = row.concluded_on in period, "reviewed" if row.what == REVIEW else "concluded"
    days = [(what, row.concluded_from, row.concluded_on, row.concluded_at)]
    if row.what != REVIEW:
        days.append(("begun", row.begun_on, row.last_on, row.begun_at))
    unsure = [
        _not_counted(row, of, UNSURE, position)
        for of, first, last, position in days
        if last is not None and _may_be(period, first, last) and not _certain(period, first, last)
    ]
    return unsure + [
        _not_counted(row, what, why, position, date.fromisoformat(since))
        for why, position, day, since in _list(row.lapsed)
        if date.fromisoformat(day) in period and not (here and why == REOPENED)
    ]


def _not_counted(
    row: Json, what: str, why: str, position: int, since: date | None = None
) -> Withdrawn:
    return Withdrawn(
        case=row.case,
        subject=row.subject if row.what != CONCERN else row.case,
        adult=row.adult,
        what=what,
        kind=row.kind,
        position=position,
        why=why,
        since=since,
    )


def _review(row: Json, period: Period) -> Iterable[Review]:
    if _certain(period, row.concluded_from, row.concluded_on):
        told = [(person and UUID(person), fate) for person, fate in _list(row.individuals)]
        yield Review(
            case=row.case,
            review=row.subject,
            concluded_on=row.concluded_on,
            position=row.concluded_at,
            individuals=told,
        )


def _told_before(
    reviews: Iterable[Review], first: Mapping[UUID, tuple[int, date]]
) -> Iterable[Withdrawn]:
    """The reviews that another case told of first: they count there, once."""
    for one in reviews:
        position, day = first[one.review]
        if position != one.position:
            yield Withdrawn(
                case=one.case,
                subject=one.review,
                adult=None,
                what="reviewed",
                kind=None,
                position=one.position,
                why=TOLD,
                since=day,
            )


def _enquiry(row: Json) -> Enquiry:
    return Enquiry(
        case=row.case,
        enquiry=row.subject,
        adult=row.adult,
        kind=row.kind,
        opened_on=row.last_on,
        opened_from=row.begun_on,
        concluded_from=row.concluded_from,
        concluded_on=row.concluded_on,
        capacity=row.capacity,
        opened_at=row.begun_at,
        concluded_at=row.concluded_at,
        triples=_list(row.triples),
        outcomes=row.outcomes,
        support_reason=row.support_reason,
        conditions=_list(row.conditions),
        risks_found=_list(row.risks_found),
        risks_not_found=_list(row.risks_not_found),
        unsettled=_list(row.unsettled),
    )
