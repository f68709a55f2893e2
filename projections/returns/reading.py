"""What the return of a nation is filled from: its views, and how facts are read and opened.

Every nation's tables are filled from `Facts`; Scotland's have a dataset besides. Whoever makes a
return asks here, and names no nation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeAlias
from uuid import UUID

from psycopg import Connection, sql

from domain.jurisdictions.scotland import SCOTLAND
from domain.record.envelope import to_us
from domain.when import end_of
from domain.words import Code, Forgotten, Passage, Personal
from projections.projection import Json, Projection
from projections.returns import inquiries as steps
from projections.returns import opened as of_facts
from projections.returns.adults import died_about
from projections.returns.ages import ages_on
from projections.returns.besides import (
    Besides,
    Placed,
    cases_told,
    closed_among,
    linked_alone,
    registered_twice,
)
from projections.returns.dataset import (
    Dataset,
    Referral,
    Step,
    Then,
    Understanding,
    dataset,
    without,
)
from projections.returns.doubts import Doubt, elsewhere
from projections.returns.facts import (
    EVERYTHING,
    FACTS,
    PEOPLE,
    THEN,
    Concern,
    Enquiry,
    Facts,
    Period,
    read_facts,
)
from projections.returns.periods import quarters_in
from projections.returns.table import Table
from projections.table import valid_at

INQUIRIES: Final = steps.INQUIRIES
VIEWS: Final = (FACTS, PEOPLE, INQUIRIES)  # every view that a return of any nation reads
Unseal: TypeAlias = Callable[[Sequence[Mapping[str, Json]]], Sequence[Passage]]
_BIRTH, _GENDER = "birth", "gender"  # of what is sealed of an adult
_TIME: Final = frozenset({"occurred"})
_DATASETS: Final = frozenset({SCOTLAND.code})
# Of what has no bearing on the cases of a period alone: a plan in force, and the first case of an
# investigation, may be of any case and any time before.
_OF_ANY_CASE: Final = [
    *(steps.PLANNED, steps.PLAN_REVISED, steps.PLAN_ENDED),
    *(steps.LARGE, steps.LARGE_LINKED, steps.LARGE_UNLINKED, steps.TRANSFERRED),
]


def views(nation: Code) -> tuple[Projection, ...]:
    """The views a nation's return reads."""
    return VIEWS if nation in _DATASETS else (FACTS, PEOPLE)


def read_return(
    conn: Connection[Any],
    nation: Code,
    period: Period,
    *,
    as_at: int | None = None,
    needs: Collection[str] = EVERYTHING,
) -> Facts:
    """What was counted in a period in a nation, as known at a position; nothing is opened yet.

    `needs` is what the tables to be filled have a use for (`needs_of`); `opened` opens all of it.
    """
    facts = read_facts(conn, period, as_at=as_at, needs=needs)
    if nation not in _DATASETS:
        return facts
    found = read_dataset(conn, period, as_at=as_at, then=THEN in needs)
    return replace(
        facts,
        dataset=_decided(found, facts),
        doubted={**elsewhere(facts.doubted), **_doubted(found)},
    )


def _decided(found: Dataset, facts: Facts) -> Dataset:
    """The dataset with what was decided of its referrals that may be of the period."""
    told = {one.position: one for one in (*facts.concerns, *facts.doubtful, *facts.contacts)}
    contacts = {one.position for one in facts.contacts}

    def decided(one: Referral) -> Referral:
        position = one.step.position
        if (by := told.get(position)) is None:
            return one
        counted = position not in contacts
        return replace(one, counted=counted, rule=by.rule, edition=by.edition, decided=by.decided)

    return replace(found, referrals=[decided(one) for one in found.referrals])


def _doubted(found: Dataset) -> Mapping[int, Doubt]:
    """Of which steps fields were recorded wrongly; the time of a power only where it decides."""
    dated = {step.position for one in found.inquiries for step in one.dated}

    def wrong(one: Step) -> frozenset[str]:
        idle = one.name == steps.POWER and one.position not in dated
        return one.wrong - _TIME if idle else one.wrong

    return {
        one.position: Doubt(one.case, one.subject, one.name, wrong(one))
        for one in found.told
        if wrong(one)
    }


def with_besides(conn: Connection[Any], facts: Facts, as_at: int | None) -> Facts:
    """The facts of a period with what is asked of its cases besides.

    It reads the caseload too, and the large-scale enquiries.
    """
    open_ = [one for one in facts.begun if one.concluded_on is None]
    closed = closed_among(conn, {one.case for one in open_}, as_at)
    going_on = [Placed(one.case, one.enquiry, one.opened_at) for one in open_ if one.case in closed]
    every: tuple[Concern | Enquiry, ...] = (*facts.concerns, *facts.begun, *facts.concluded)
    given_up, adults = registered_twice(conn, as_at), {one.adult for one in every}
    left = {
        (one.case, one.adult): one.position if isinstance(one, Concern) else one.opened_at
        for one in reversed(every)
        if one.adult is not None and adults & set(given_up.get(one.adult, ()))
    }
    return replace(
        facts,
        besides=Besides(
            cases=cases_told(conn, {one.case for one in every}, as_at),
            going_on=going_on,
            twice=[Placed(case, adult, at) for (case, adult), at in left.items()],
            died_about=died_about(conn, {one for one in adults if one is not None}, as_at),
            linked=linked_alone(conn, facts.period.first, facts.period.last, as_at),
        ),
    )


def needs_of(tables: Iterable[Table]) -> frozenset[str]:
    """What of the facts some tables have a use for."""
    return frozenset(need for one in tables for need in one.needs)


def opened(nation: Code, facts: Facts, unseal: Unseal) -> Facts:
    """The facts with what the tables need of the sealed details of people, kept nowhere."""
    facts = of_facts.opened(facts, unseal)
    if nation not in _DATASETS:
        return facts
    dataset, gone = _opened(facts.dataset, unseal)
    then = {day: Then(one.at, _opened(one.found, unseal)[0]) for day, one in dataset.then.items()}
    return replace(facts, dataset=replace(dataset, then=then), forgotten=facts.forgotten | gone)


def as_filed(
    nation: Code,
    facts: Facts,
    under_age: frozenset[int],
    *,
    but: frozenset[UUID] = frozenset(),
    every: Facts | None = None,
) -> Facts:
    """The facts as opened, without those forgotten whom a return filed left out as under age.

    `under_age` are the entries it left out for that; `but` those of whom more was told since.
    `every` has the concerns and enquiries of the period, where these facts have not.
    """
    facts = of_facts.as_filed(facts, under_age, but, every or facts)
    if nation not in _DATASETS:
        return facts
    gone = facts.forgotten - but

    def grown(found: Dataset) -> Dataset:
        return without(
            found,
            lambda one: one.position in under_age and found.adults.get(one.case) in gone,
        )

    then = {day: Then(one.at, grown(one.found)) for day, one in facts.dataset.then.items()}
    return replace(facts, dataset=replace(grown(facts.dataset), then=then))


def read_dataset(
    conn: Connection[Any], period: Period, *, as_at: int | None = None, then: bool = True
) -> Dataset:
    """What the cases that had something in a period say, and all cases of the same adults.

    `then`: and what they said when its quarters ended, each as it was understood at that time,
    where entries were recorded since: what was corrected, merged or split later moves it.
    """
    found = _dataset(conn, period, as_at)
    if not then:
        return found
    # What is of the period now may have been of another then, and read in another case.
    also = [one.opened.position for one in found.inquiries]
    return replace(
        found,
        then={
            quarter.last: Then(at, _dataset(conn, quarter, at, also=also))
            for quarter in quarters_in(period)
            if (at := _ended_at(conn, quarter.last, as_at)) is not None
        },
    )


def _ended_at(conn: Connection[Any], day: date, as_at: int | None) -> int | None:
    """The last position recorded by the end of a day; None where nothing came after it by then.

    By halves, as time never runs backwards in the log.
    """
    query = sql.SQL(
        "WITH RECURSIVE halves (low, high, top) AS (SELECT 0::int8, top.it, top.it FROM (SELECT"
        ' coalesce({as_at}::int8, (SELECT max("position") FROM record.cases), 0) AS it) top'
        " UNION ALL SELECT CASE WHEN c.recorded_us <= {us} THEN c.position ELSE h.low END,"
        "  CASE WHEN c.recorded_us <= {us} THEN h.high ELSE c.position - 1 END, h.top"
        '  FROM halves h JOIN record.cases c ON c."position" = (h.low + h.high + 1) / 2'
        "  WHERE h.low < h.high)"
        " SELECT low FROM halves WHERE low = high AND low < top"
    ).format(as_at=as_at, us=to_us(end_of(day)))
    row = conn.execute(query).fetchone()
    return None if row is None else int(row[0])


def _dataset(
    conn: Connection[Any], period: Period, as_at: int | None, *, also: Sequence[int] = ()
) -> Dataset:
    """What the cases of a period say, as known at a position; with those of some entries besides.

    An inquiry opened while another about the adult is open is no new one, in whichever case. Also
    the cases that were understood to have an inquiry in the period: it may have left it since.
    """
    query = sql.SQL(
        "WITH valid AS MATERIALIZED (SELECT * FROM views.return_inquiries WHERE {valid}),"
        ' of AS (SELECT DISTINCT "case" FROM valid'
        "  WHERE coalesce(day_from, {first}) <= {last} AND day_to >= {first}"
        "  OR (name = {opened} AND understood <> '[]' AND EXISTS (SELECT FROM"
        "   jsonb_array_elements(understood) AS told WHERE (told ->> 3)::date >= {first}"
        "   AND coalesce((told ->> 2)::date, {first}) <= {last}))"
        "  OR position = ANY({also})),"
        ' theirs AS (SELECT "case" FROM of UNION SELECT "case" FROM valid WHERE adult IN'
        '  (SELECT adult FROM valid JOIN of USING ("case") WHERE adult IS NOT NULL))'
        ' SELECT position, "case", stream, name, why, adult, about, code, reason, day_from, day_to,'
        " recorded_on, harms, groups, understood, lower(valid) FROM valid"
        ' WHERE "case" IN (SELECT "case" FROM theirs) OR name = ANY({any})'
        " OR ((adult IS NOT NULL OR name = ANY({begun}))"
        '  AND "case" IN (SELECT "case" FROM valid WHERE name = ANY({any})))'
        " ORDER BY position"
    ).format(
        valid=valid_at(as_at),
        first=period.first,
        last=period.last,
        opened=steps.OPENED,
        any=_OF_ANY_CASE,
        begun=[steps.LINKED, steps.OPENED],  # with which a plan goes where a case is transferred
        also=list(also),
    )
    found = dataset(_step(row) for row in conn.execute(query).fetchall())
    people = sql.SQL(
        "SELECT person, birth, gender FROM views.return_people WHERE {} AND person = ANY({})"
    ).format(valid_at(as_at), list(dict.fromkeys(found.adults.values())))
    sealed = {
        (detail, row[0]): passage
        for row in conn.execute(people).fetchall()
        for detail, passage in ((_BIRTH, row[1]), (_GENDER, row[2]))
        if passage is not None
    }
    return replace(found, sealed=sealed)


def _step(row: Sequence[Any]) -> Step:
    return Step(
        position=row[0],
        case=row[1],
        stream=row[2],
        name=row[3],
        why=row[4],
        adult=row[5],
        about=row[6],
        code=row[7],
        reason=row[8],
        day_from=row[9],
        day_to=row[10],
        recorded_on=row[11],
        harms=row[12],
        groups=row[13],
        understood=[_understanding(one) for one in row[14]],
        changed=row[15],
    )


def _understanding(told: Sequence[Any]) -> Understanding:
    since, by, first, last, withdrawn, wrong = told
    return Understanding(
        since=date.fromisoformat(since),
        by=by,
        day_from=None if first is None else date.fromisoformat(first),
        day_to=date.fromisoformat(last),
        withdrawn=withdrawn,
        wrong=frozenset(wrong),
    )


def _opened(found: Dataset, unseal: Unseal) -> tuple[Dataset, frozenset[UUID]]:
    """The dataset with ages and genders, of adults alone, and of whom something is forgotten.

    Whoever was under age on the day of something is not counted by it in any table (the population
    is whoever is 16 and over). Of somebody forgotten that is not known: they are counted.
    """
    places = list(found.sealed)
    passages = unseal([found.sealed[place] for place in places])
    told = {
        place: passage.text
        for place, passage in zip(places, passages, strict=True)
        if isinstance(passage, Personal)
    }
    gone = frozenset(
        person
        for (_, person), passage in zip(places, passages, strict=True)
        if isinstance(passage, Forgotten)
    )
    ages = {}
    for one in found.inquiries:
        born = None if one.adult is None else told.get((_BIRTH, one.adult))
        if born is not None:
            ages[one.inquiry] = ages_on(born, one.trigger)
    genders = {person: text for (detail, person), text in told.items() if detail == _GENDER}

    def young(one: Step) -> bool:
        adult = found.adults.get(one.case)
        born = None if adult is None else told.get((_BIRTH, adult))
        known = () if born is None else ages_on(born, one.day_to)
        return bool(known) and 0 <= max(known) < SCOTLAND.adult_age

    return replace(without(found, young), ages=ages, genders=genders), gone
