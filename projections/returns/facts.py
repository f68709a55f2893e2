"""What a return is made of: what happened in a period, as known at a position, and to which adults.

A person's details stay sealed here: whoever makes a return opens them (`opened`), and hands the
tables ages and codes, which are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import namedtuple_row

from domain.when import read
from domain.words import Forgotten, Passage, Personal
from projections.projection import Json
from projections.returns import adults, folding
from projections.returns.dataset import EMPTY, Dataset
from projections.returns.folding import CONCERN, ENQUIRY, REVIEW, TWICE, WITHDRAWN
from projections.table import valid_at

FACTS: Final = folding.FACTS
PEOPLE: Final = adults.PEOPLE  # the other half of what a return reads
SEALED: Final = ("birth", "gender", "ethnicity")  # the details that are read sealed
# What is read of a row; an empty list, as most are, is not worth its JSON.
_COLUMNS: Final = sql.SQL(", ").join(
    sql.SQL("nullif({0}, '[]') AS {0}").format(sql.Identifier(name))
    if kind == "jsonb"
    else sql.Identifier(name)
    for name, kind in FACTS.columns.items()
)
_SAYS_NOTHING: Final = frozenset({"not_known", "not_recorded"})  # of an answer in a conclusion


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One referral that is a concern, and the days between which it was received (None: open).

    `rule` is that by which it was decided that it counts; None where nothing was. `support_reason`
    and `conditions` are those of the last conclusion of its case that says any; `concluded` is the
    last enquiry of its case that was concluded, of whatever year, and where.
    """

    case: UUID
    adult: UUID | None
    first_day: date | None
    last_day: date
    position: int
    rule: str | None = None
    support_reason: str | None = None
    conditions: Sequence[str] = ()
    concluded: tuple[UUID, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What counts not and would else have been, or may have been, of the period.

    `what` is `concern`, `begun`, `concluded` or `reviewed`; `subject` is the case, the enquiry or
    the review, `kind` that of an enquiry, `position` of the event that was withdrawn, or that was
    entered twice.
    """

    case: UUID
    subject: UUID
    adult: UUID | None
    what: str
    kind: str | None
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """One enquiry with what was answered when it was concluded."""

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
    outcomes: str | None = None
    support_reason: str | None = None
    conditions: Sequence[str] = ()
    risks_found: Sequence[Sequence[str]] = ()  # source, action, outcome
    risks_not_found: Sequence[Sequence[str]] = ()  # source, assessment


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
    each person. `opened` fills what is made of them: an age is years on the last day of the period
    or at death, a gender and an ethnicity is its code; none where it is not known. `died` has the
    first day a death can have been on (None: open) and the last. `doubtful` are the concerns that
    may have been received in the period and may not; `twice` is what counts in the case that its
    own was merged into, where one concern had been entered twice. `dataset` is what Scotland
    counts besides; empty where the nation has no such return.
    """

    period: Period
    concerns: Sequence[Concern]
    doubtful: Sequence[Concern]
    begun: Sequence[Enquiry]
    concluded: Sequence[Enquiry]
    sealed: Mapping[str, Mapping[UUID, Mapping[str, Json]]]
    died: Mapping[UUID, tuple[date | None, date]]
    withdrawn: Sequence[Withdrawn] = ()
    twice: Sequence[Withdrawn] = ()
    reviews: Sequence[Review] = ()
    ages: Mapping[UUID, Sequence[int]] = field(default_factory=dict)
    genders: Mapping[UUID, str] = field(default_factory=dict)
    ethnicities: Mapping[UUID, str] = field(default_factory=dict)
    dataset: Dataset = EMPTY
    forgotten: frozenset[UUID] = frozenset()  # of whom something was told, and is known no more


def read_facts(conn: Connection[Any], period: Period, *, as_at: int | None = None) -> Facts:
    """What was counted in a period, as known at a position.

    A referral is counted unless it was decided that it is not (procedure: a contact is not yet a
    concern), and only where it was received in the period for certain: both the first and the last
    day it can have been lie in it. What was withdrawn by then is counted nowhere.
    """
    query = sql.SQL(
        'SELECT "case", subject, {columns} FROM views.return_facts WHERE {valid}'
        " AND ((coalesce(begun_on, {first}) <= {last} AND last_on >= {first})"
        " OR concluded_on BETWEEN {first} AND {last} OR withdrawn <> '[]')"
        ' ORDER BY begun_at, "case", subject'
    ).format(columns=_COLUMNS, valid=valid_at(as_at), first=period.first, last=period.last)
    possible, enquiries, reviews = list[Concern](), list[Enquiry](), list[Review]()
    withdrawn, twice = list[Withdrawn](), list[Withdrawn]()
    rows: Sequence[Json] = conn.cursor(row_factory=namedtuple_row).execute(query).fetchall()
    for row in rows:
        withdrawn.extend(_withdrawn(row, period, WITHDRAWN))
        twice.extend(_withdrawn(row, period, TWICE))
        if not row.stands:
            continue
        if row.what == CONCERN:
            possible.extend(_concerns(row, period))
        elif row.what == REVIEW:
            reviews.append(_review(row))
        else:
            enquiries.append(_enquiry(row))
    concerns, doubtful = list[Concern](), list[Concern]()
    for one in possible:
        certain = one.first_day in period and one.last_day in period
        (concerns if certain else doubtful).append(one)
    known = _people(conn, (*concerns, *enquiries), as_at)
    return Facts(
        period=period,
        concerns=_answered(conn, concerns, as_at),
        doubtful=doubtful,
        begun=[one for one in enquiries if one.opened_on in period],
        concluded=[one for one in enquiries if one.concluded_on in period],
        sealed={
            detail: {row[0]: row[column] for row in known if row[column] is not None}
            for column, detail in enumerate(SEALED, start=3)
        },
        died={person: (first, last) for person, first, last, *_ in known if last is not None},
        withdrawn=withdrawn,
        twice=twice,
        reviews=[one for one in reviews if one.concluded_on in period],
    )


def _people(
    conn: Connection[Any], about: Iterable[Concern | Enquiry], as_at: int | None
) -> Sequence[Sequence[Any]]:
    """What is known of the adults that some concerns and enquiries are about."""
    query = sql.SQL(
        "SELECT person, died_from, died_to, birth, gender, ethnicity FROM views.return_people"
        " WHERE {} AND person = ANY(%s)"
    ).format(valid_at(as_at))
    wanted = {one.adult for one in about if one.adult is not None}
    return conn.execute(query, (list(wanted),)).fetchall()


def _answered(
    conn: Connection[Any], concerns: Sequence[Concern], as_at: int | None
) -> Sequence[Concern]:
    """The concerns with what the conclusions of their cases say, whatever year those are of."""
    query = sql.SQL(
        'SELECT "case", support_reason, conditions, subject, concluded_at FROM views.return_facts'
        " WHERE {} AND what = {} AND stands AND concluded_on IS NOT NULL"
        ' AND "case" = ANY(%s) ORDER BY concluded_at'
    ).format(valid_at(as_at), ENQUIRY)
    reasons, conditions = dict[UUID, str](), dict[UUID, Sequence[str]]()
    last = dict[UUID, tuple[UUID, int]]()
    cases = list({one.case for one in concerns})
    for case, reason, told, enquiry, position in conn.execute(query, (cases,)).fetchall():
        last[case] = (enquiry, position)
        if reason not in _SAYS_NOTHING:
            reasons[case] = reason
        if set(told) - _SAYS_NOTHING:
            conditions[case] = told
    return [
        replace(
            one,
            support_reason=reasons.get(one.case),
            conditions=conditions.get(one.case, ()),
            concluded=last.get(one.case),
        )
        for one in concerns
    ]


def _concerns(row: Json, period: Period) -> list[Concern]:
    """The concerns of a case that may have been received in a period."""
    found = [
        Concern(
            case=row.case,
            adult=row.adult,
            first_day=None if first is None else date.fromisoformat(first),
            last_day=date.fromisoformat(last),
            position=position,
            rule=row.rule,
        )
        for position, first, last in row.referrals or ()
        if row.counted is not False
    ]
    return [one for one in found if _may_be(period, one.first_day, one.last_day)]


def _may_be(period: Period, first: date | None, last: date) -> bool:
    """Whether something may have been in a period."""
    return (first is None or first <= period.last) and last >= period.first


def _withdrawn(row: Json, period: Period, why: str) -> list[Withdrawn]:
    """What of a case's concerns or of an enquiry counts not, as far as it may be of a period."""
    return [
        Withdrawn(
            case=row.case,
            subject=row.subject,
            adult=row.adult,
            what=what,
            kind=row.kind,
            position=position,
        )
        for what, because, position, first, last in row.withdrawn or ()
        if because == why
        and row.counted is not False
        and _may_be(period, first and date.fromisoformat(first), date.fromisoformat(last))
    ]


def _review(row: Json) -> Review:
    return Review(
        case=row.case,
        review=row.subject,
        concluded_on=row.concluded_on,
        position=row.concluded_at,
        individuals=[(person and UUID(person), fate) for person, fate in row.individuals or ()],
    )


def _enquiry(row: Json) -> Enquiry:
    return Enquiry(
        case=row.case,
        enquiry=row.subject,
        adult=row.adult,
        kind=row.kind,
        opened_on=row.begun_on,
        concluded_on=row.concluded_on,
        capacity=row.capacity,
        opened_at=row.begun_at,
        concluded_at=row.concluded_at,
        triples=row.triples or (),
        outcomes=row.outcomes,
        support_reason=row.support_reason,
        conditions=row.conditions or (),
        risks_found=row.risks_found or (),
        risks_not_found=row.risks_not_found or (),
    )


def opened(
    facts: Facts, unseal: Callable[[Sequence[Mapping[str, Json]]], Sequence[Passage]]
) -> Facts:
    """The facts with ages, genders and ethnicities; what is forgotten or unreadable gives none.

    A date of birth that is not one day may give two ages: both are kept, and a table decides
    whether they fall into one category.
    """
    places = [(detail, person) for detail in SEALED for person in facts.sealed.get(detail, {})]
    passages = unseal([facts.sealed[detail][person] for detail, person in places])
    told: dict[str, dict[UUID, str]] = {detail: {} for detail in SEALED}
    gone = set[UUID]()
    for (detail, person), passage in zip(places, passages, strict=True):
        if isinstance(passage, Forgotten):
            gone.add(person)
        if isinstance(passage, Personal):
            told[detail][person] = passage.text
    return replace(
        facts,
        ages=_aged(facts, told["birth"]),
        genders=told["gender"],
        ethnicities=told["ethnicity"],
        forgotten=frozenset(gone),
    )


def _aged(facts: Facts, births: Mapping[UUID, str]) -> Mapping[UUID, Sequence[int]]:
    """The ages of those of whom any is known, on the last day of the period or at death."""
    ages, end = dict[UUID, Sequence[int]](), facts.period.last
    for person, born in births.items():
        first, last = facts.died.get(person, (end, end))
        known = () if first is None else ages_on(born, min(first, end), min(last, end))
        if known:
            ages[person] = known
    return ages


def ages_on(born: str, day: date, until: date | None = None) -> tuple[int, ...]:
    """The youngest and oldest a person can be on a day, or on one from a day until another.

    Nothing where the text cannot be read, or says of one side that it is not known.
    """
    try:
        when = read(born)
    except ValueError:
        return ()
    first, last = when.first_day, when.last_day
    if first is None or last is None:
        return ()
    return (_years(last, day), _years(first, until or day))


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
