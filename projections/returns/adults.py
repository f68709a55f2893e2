"""What of the adults a return counts it asks: when they were born and died, gender, ethnicity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from projections.corrected import PERSON_CORRECTED, again, concerns, wrong_in
from projections.projection import Changes, Current, Json, Key, Projection, Seen, days_by, is_about
from projections.table import array_of, valid_at


class PersonRow(NamedTuple):
    """What of a person the returns need; `birth`, `gender` and `ethnicity` are sealed passages.

    Each has the position it was last told at. A death has the first and the last day it can have
    been on, the first None where that is open.
    """

    died_from: str | None
    died_to: str | None  # None: no death is recorded
    died_at: int | None
    died_about: bool | None  # whether that is said to be approximate
    birth_at: int | None
    gender_at: int | None
    ethnicity_at: int | None
    birth: Mapping[str, Json] | None
    gender: Mapping[str, Json] | None
    ethnicity: Mapping[str, Json] | None
    # [position, name, which of them] of each event whose details, or death, were recorded wrongly,
    # with none told instead, in as far as it is what is known
    doubted: Sequence[Sequence[Json]]


_DIED: Final = "died"
# The details that are kept, and the columns they stand in.
_DETAILS: Final = {"date_of_birth": "birth", "gender": "gender", "ethnicity": "ethnicity"}
_NOTHING: Final[Mapping[str, Any]] = dict.fromkeys(PersonRow._fields[:-1])
_NOBODY: Final = PersonRow(**_NOTHING, doubted=[])
# Which column says where each was told last, and which fields of that event speak of it.
_TOLD_AT: Final = {
    **{
        detail: (f"{column}_at", frozenset({detail, "details"}))
        for detail, column in _DETAILS.items()
    },
    _DIED: ("died_at", frozenset({_DIED, "occurred"})),
}


def fold_person(seen: Seen, current: Current) -> Changes:
    """What is now known of a person; after a correction, from what stands."""
    key = (seen.stream,)
    if seen.name == PERSON_CORRECTED:
        return ((key, _again(seen, key)),) if concerns(seen) else ()
    return _fold(seen, current)


def _again(seen: Seen, key: Key) -> PersonRow | None:
    """What is known of a person from what stands, and which of it was recorded wrongly."""
    made: Any = again(_fold, seen).get(key)
    if made is None:
        return None
    row: PersonRow = made
    told: dict[int, tuple[str, list[str]]] = {}
    wrong = wrong_in([*seen.earlier, seen])
    for field, (column, named) in _TOLD_AT.items():
        at = getattr(row, column)
        if at in wrong and named & set(wrong[at][1]):
            told.setdefault(at, (wrong[at][0], []))[1].append(field)
    return row._replace(doubted=[[at, name, which] for at, (name, which) in told.items()])


def _without(row: PersonRow, fields: Collection[str]) -> PersonRow:
    """The row once some of it was told anew: what was wrong of it is no more what is known."""
    left = ((at, name, [one for one in of if one not in fields]) for at, name, of in row.doubted)
    return row._replace(doubted=[[at, name, of] for at, name, of in left if of])


def _fold(seen: Seen, current: Current) -> Changes:
    if seen.name == PERSON_CORRECTED:
        return ()
    key = (seen.stream,)
    row: PersonRow = current(key) or _NOBODY
    if seen.name == "person-died":
        first, last = days_by(seen.data["died"], seen.recorded_on)
        row = _without(row, {_DIED})
        row = row._replace(died_from=first, died_to=last, died_at=seen.position)
        return ((key, row._replace(died_about=is_about(seen.data["died"]))),)
    for detail, column in _DETAILS.items():
        told = seen.data["details"].get(detail)
        if told is not None:
            row = _without(row, {detail})
            row = row._replace(**{column: told, f"{column}_at": seen.position})
    return ((key, row),)


def births(conn: Connection[Any], people: Iterable[UUID], as_at: int) -> Mapping[UUID, int | None]:
    """Where it was last told when each of some people was born, as known at a position."""
    query = sql.SQL(
        "SELECT person, birth_at FROM views.return_people WHERE {} AND person = ANY(%s::uuid[])"
    ).format(valid_at(as_at))
    return dict(conn.execute(query, (array_of(people),)).fetchall())


def died_about(conn: Connection[Any], people: Iterable[UUID], as_at: int | None) -> frozenset[UUID]:
    """Of whom of some people it is said only about when they died."""
    query = sql.SQL(
        "SELECT person FROM views.return_people"
        " WHERE {} AND died_about AND person = ANY(%s::uuid[])"
    ).format(valid_at(as_at))
    return frozenset(person for (person,) in conn.execute(query, (array_of(people),)))


def details(
    conn: Connection[Any], people: Iterable[UUID], asked: Iterable[str], as_at: int | None
) -> Sequence[Sequence[Any]]:
    """When some people died, and some details of them, sealed, each as a text of JSON."""
    columns = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(one)) for one in asked)
    query = sql.SQL(
        "SELECT person, died_from, died_to, {} FROM views.return_people"
        " WHERE {} AND person = ANY(%s::uuid[])"
    ).format(columns, valid_at(as_at))
    return conn.cursor(binary=True).execute(query, (array_of(people),)).fetchall()


def ever_told(
    conn: Connection[Any], people: Iterable[UUID], asked: Iterable[str]
) -> Sequence[tuple[UUID, Mapping[str, Json]]]:
    """Every passage in which some details of some people were ever told, each with the person."""
    columns = [sql.Identifier(one) for one in asked]
    if not columns:
        return ()
    query = sql.SQL(
        "SELECT DISTINCT person, told FROM views.return_people"
        " CROSS JOIN LATERAL unnest(ARRAY[{}]) AS told"
        " WHERE person = ANY(%s::uuid[]) AND told IS NOT NULL"
    ).format(sql.SQL(", ").join(columns))
    return conn.execute(query, (array_of(people),)).fetchall()


PEOPLE: Final = Projection(
    name="return_people",
    version=8,
    events=frozenset(
        {"person-registered", "person-details-recorded", "person-died", PERSON_CORRECTED}
    ),
    recalls=frozenset({PERSON_CORRECTED}),
    key={"person": "uuid"},
    columns={
        "died_from": "date",
        "died_to": "date",
        "died_at": "int8",
        "died_about": "bool",
        "birth_at": "int8",
        "gender_at": "int8",
        "ethnicity_at": "int8",
        "birth": "jsonb",
        "gender": "jsonb",
        "ethnicity": "jsonb",
        "doubted": "jsonb",
    },
    row=PersonRow,
    indexes=("(person)", "(person) WHERE doubted <> '[]'"),
    touches=lambda seen: ((seen.stream,),),
    fold=fold_person,
)


def adults_of(conn: Connection[Any], cases: Iterable[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """Some cases, each with an adult whom it was ever known to be about."""
    query = (
        'SELECT DISTINCT "case", adult FROM views.return_facts'
        ' WHERE "case" = ANY(%s) AND adult IS NOT NULL'
    )
    return conn.execute(query, (list(cases),)).fetchall()
