"""What the returns count: one narrow row per concern and per enquiry, and one per person.

Answers stand as codes; which category a code is counted under is the return's affair. A date of
birth stays sealed here: whoever makes a return opens it, and hands ages to the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from domain.when import read
from domain.words import Passage, Personal
from projections.projection import Changes, Current, Json, Key, Projection, Seen, day_of, days_of
from projections.table import valid_at

CONCERN: Final = "concern"
ENQUIRY: Final = "enquiry"


class FactRow(NamedTuple):
    """A case's concerns, under the case's own reference, or one of its enquiries."""

    what: str
    adult: str | None
    kind: str | None  # of an enquiry
    counted: bool | None  # of concerns: whether it was decided that they are counted
    begun_on: str | None  # the earliest a referral can have come (None: open), or it was opened
    last_on: str  # the latest one can have come; the day it was recorded where that is open
    concluded_on: str | None
    capacity: str | None
    outcomes: str | None
    support_reason: str | None
    action: str | None
    begun_at: int
    concluded_at: int | None
    referrals: Sequence[Sequence[Json]]  # [position, first day, last day] of each; None where open
    triples: Sequence[Sequence[str]]  # [type, source, location]
    risks_found: Sequence[Sequence[str]]  # [source, action, outcome]
    risks_not_found: Sequence[Sequence[str]]  # [source, assessment]
    conditions: Sequence[str]


def touches(seen: Seen) -> Iterable[Key]:
    """The concerns of the case, and the enquiry an event names."""
    case = (seen.stream, seen.stream)
    enquiry = seen.data.get("enquiry")
    return (case,) if enquiry is None else (case, (seen.stream, enquiry))


def fold(seen: Seen, current: Current) -> Changes:
    """The row an event makes or changes; an enquiry's adult is the case's."""
    case = (seen.stream, seen.stream)
    concerns: FactRow | None = current(case)
    if seen.name in _REFERRALS:
        return ((case, _referred(concerns, seen)),)
    if seen.name == "concern-counted":
        counted = seen.data["counted"]
        return () if concerns is None else ((case, concerns._replace(counted=counted)),)
    key = (seen.stream, seen.data["enquiry"])
    row: FactRow | None = current(key)
    if row is None and seen.name in _OPENED:
        return ((key, _opened(seen, None if concerns is None else concerns.adult)),)
    if row is not None and seen.name == "enquiry-concluded":
        return ((key, _concluded(row, seen)),)
    if row is not None and seen.name == "enquiry-reopened":
        return ((key, row._replace(**_UNCONCLUDED)),)
    return ()


_REFERRALS: Final = frozenset({"referral-received", "referral-linked"})
_OPENED: Final = frozenset({"enquiry-opened", "inquiry-opened"})
_UNCONCLUDED: Final[Mapping[str, Json]] = {
    "concluded_on": None,
    "capacity": None,
    "outcomes": None,
    "support_reason": None,
    "action": None,
    "concluded_at": None,
    "triples": [],
    "risks_found": [],
    "risks_not_found": [],
    "conditions": [],
}


def _begun(what: str, day: str, position: int) -> FactRow:
    return FactRow(
        what=what,
        adult=None,
        kind=None,
        counted=None,
        begun_on=day,
        last_on=day,
        begun_at=position,
        referrals=[],
        **_UNCONCLUDED,
    )


def _referred(row: FactRow | None, seen: Seen) -> FactRow:
    """A referral stands with the first and last day on which it can have reached the council."""
    first, last = days_of(seen.data["received"])
    until = last or seen.recorded_on
    if row is None:
        row = _begun(CONCERN, until, seen.position)._replace(
            adult=seen.data.get("adult"), begun_on=first
        )
    elif first is None or row.begun_on is None:
        row = row._replace(begun_on=None)
    else:
        row = row._replace(begun_on=min(row.begun_on, first))
    return row._replace(
        last_on=max(row.last_on, until),
        referrals=[*row.referrals, [seen.position, first, last]],
    )


def _opened(seen: Seen, adult: str | None) -> FactRow:
    day = seen.data["opened_on"]
    return _begun(ENQUIRY, day, seen.position)._replace(adult=adult, kind=seen.data["kind"])


def _concluded(row: FactRow, seen: Seen) -> FactRow:
    data = seen.data
    return row._replace(
        concluded_on=data["concluded_on"],
        capacity=data["capacity"],
        outcomes=data["outcomes"],
        support_reason=data["primary_support_reason"],
        action=data.get("action"),
        concluded_at=seen.position,
        triples=[[one["type"], one["source"], one["location"]] for one in data.get("triples", ())],
        risks_found=[
            [one["source"], one["action"], one["outcome"]] for one in data.get("risks_found", ())
        ],
        risks_not_found=[
            [one["source"], one["assessment"]] for one in data.get("risks_not_found", ())
        ],
        conditions=data.get("health_conditions", []),
    )


FACTS: Final = Projection(
    name="return_facts",
    version=2,
    events=frozenset(
        {*_REFERRALS, *_OPENED, "concern-counted", "enquiry-concluded", "enquiry-reopened"}
    ),
    key={"case": "uuid", "subject": "uuid"},
    columns={
        "what": "text",
        "adult": "uuid",
        "kind": "text",
        "counted": "bool",
        "begun_on": "date",
        "last_on": "date",
        "concluded_on": "date",
        "capacity": "text",
        "outcomes": "text",
        "support_reason": "text",
        "action": "text",
        "begun_at": "int8",
        "concluded_at": "int8",
        "referrals": "jsonb",
        "triples": "jsonb",
        "risks_found": "jsonb",
        "risks_not_found": "jsonb",
        "conditions": "jsonb",
    },
    row=FactRow,
    indexes=("(begun_on)", "(concluded_on)"),
    touches=touches,
    fold=fold,
)


class PersonRow(NamedTuple):
    """What of a person the returns need; `birth` is the sealed passage of their date of birth."""

    died_on: str | None
    died_at: int | None
    birth_at: int | None
    birth: Mapping[str, Json] | None


def fold_person(seen: Seen, current: Current) -> Changes:
    """What is now known of a person's birth and death."""
    key = (seen.stream,)
    row: PersonRow = current(key) or PersonRow(None, None, None, None)
    if seen.name == "person-died":
        died_on = day_of(seen.data["died"]) or seen.recorded_on
        return ((key, row._replace(died_on=died_on, died_at=seen.position)),)
    birth = seen.data["details"].get("date_of_birth")
    if birth is not None:
        row = row._replace(birth=birth, birth_at=seen.position)
    return ((key, row),)


PEOPLE: Final = Projection(
    name="return_people",
    version=1,
    events=frozenset({"person-registered", "person-details-recorded", "person-died"}),
    key={"person": "uuid"},
    columns={"died_on": "date", "died_at": "int8", "birth_at": "int8", "birth": "jsonb"},
    row=PersonRow,
    indexes=(),
    touches=lambda seen: ((seen.stream,),),
    fold=fold_person,
    dashboards=False,
)


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
    """One referral that is a concern, and the days between which it was received (None: open)."""

    case: UUID
    adult: UUID | None
    first_day: date | None
    last_day: date | None
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
    triples: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything one return is made of, as known at one position.

    `births` are sealed and open only to whoever may make the return; `ages` are filled by `aged`.
    An age is years on the last day of the period or at death; None where it is not known.
    `doubtful` are the concerns that may have been received in the period and may not.
    """

    period: Period
    concerns: Sequence[Concern]
    doubtful: Sequence[Concern]
    begun: Sequence[Enquiry]
    concluded: Sequence[Enquiry]
    births: Mapping[UUID, Mapping[str, Json]]
    died: Mapping[UUID, date]
    ages: Mapping[UUID, Sequence[int]] = field(default_factory=dict)


def read_facts(conn: Connection[Any], period: Period, *, as_at: int | None = None) -> Facts:
    """What was counted in a period, as known at a position.

    A referral is counted unless it was decided that it is not (procedure: a contact is not yet a
    concern), and only where it was received in the period for certain: both the first and the last
    day it can have been lie in it.
    """
    query = sql.SQL(
        'SELECT "case", subject, what, adult, kind, counted, begun_on, concluded_on, capacity,'
        " begun_at, concluded_at, referrals, triples FROM views.return_facts WHERE {valid}"
        " AND ((coalesce(begun_on, {first}) <= {last} AND last_on >= {first})"
        ' OR concluded_on BETWEEN {first} AND {last}) ORDER BY begun_at, "case", subject'
    ).format(valid=valid_at(as_at), first=period.first, last=period.last)
    possible, enquiries = list[Concern](), list[Enquiry]()
    for row in conn.execute(query).fetchall():
        if row[2] == CONCERN:
            possible.extend(_concerns(row, period))
        else:
            enquiries.append(_enquiry(row))
    concerns, doubtful = list[Concern](), list[Concern]()
    for one in possible:
        certain = one.first_day in period and one.last_day in period
        (concerns if certain else doubtful).append(one)
    people = sql.SQL("SELECT person, died_on, birth FROM views.return_people WHERE {}").format(
        valid_at(as_at)
    )
    wanted = {one.adult for one in concerns} | {one.adult for one in enquiries}
    known = [row for row in conn.execute(people).fetchall() if row[0] in wanted]
    return Facts(
        period=period,
        concerns=concerns,
        doubtful=doubtful,
        begun=[one for one in enquiries if one.opened_on in period],
        concluded=[one for one in enquiries if one.concluded_on in period],
        births={person: birth for person, _, birth in known if birth is not None},
        died={person: died for person, died, _ in known if died is not None},
    )


def _concerns(row: Sequence[Any], period: Period) -> list[Concern]:
    """The concerns of a case that may have been received in a period."""
    case, adult, counted, referrals = row[0], row[3], row[5], row[11]
    found = [
        Concern(
            case=case,
            adult=adult,
            first_day=None if first is None else date.fromisoformat(first),
            last_day=None if last is None else date.fromisoformat(last),
            position=position,
        )
        for position, first, last in referrals
        if counted is not False
    ]
    return [
        one
        for one in found
        if (one.first_day is None or one.first_day <= period.last)
        and (one.last_day is None or one.last_day >= period.first)
    ]


def _enquiry(row: Sequence[Any]) -> Enquiry:
    return Enquiry(
        case=row[0],
        enquiry=row[1],
        adult=row[3],
        kind=row[4],
        opened_on=row[6],
        concluded_on=row[7],
        capacity=row[8],
        opened_at=row[9],
        concluded_at=row[10],
        triples=row[12],
    )


def aged(
    facts: Facts, unseal: Callable[[Sequence[Mapping[str, Json]]], Sequence[Passage]]
) -> Facts:
    """The facts with ages; a birth that is forgotten or unreadable gives none.

    A date of birth that is not one day may give two ages: both are kept, and a table decides
    whether they fall into one category.
    """
    people = list(facts.births)
    passages = unseal([facts.births[person] for person in people])
    ages = {}
    for person, passage in zip(people, passages, strict=True):
        until = min(facts.died.get(person, facts.period.last), facts.period.last)
        known = ages_on(passage.text, until) if isinstance(passage, Personal) else ()
        if known:
            ages[person] = known
    return replace(facts, ages=ages)


def ages_on(born: str, day: date) -> tuple[int, ...]:
    """The youngest and oldest a person can be on a day; nothing where a text cannot be read."""
    try:
        when = read(born)
    except ValueError:
        return ()
    first, last = when.first_day, when.last_day
    if first is None or last is None:
        return ()
    return (_years(last, day), _years(first, day))


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
