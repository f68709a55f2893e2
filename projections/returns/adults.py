"""What of the adults a return counts it asks: when they were born and died, gender, ethnicity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from projections.corrected import PERSON_CORRECTED, again, concerns
from projections.projection import Changes, Current, Json, Projection, Seen, days_by, is_about
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


# The details that are kept, and the columns they stand in.
_DETAILS: Final = {"date_of_birth": "birth", "gender": "gender", "ethnicity": "ethnicity"}
_NOBODY: Final = PersonRow(*[None] * len(PersonRow._fields))


def fold_person(seen: Seen, current: Current) -> Changes:
    """What is now known of a person; after a correction, from what stands."""
    key = (seen.stream,)
    if seen.name == PERSON_CORRECTED:
        return ((key, again(_fold, seen).get(key)),) if concerns(seen) else ()
    return _fold(seen, current)


def _fold(seen: Seen, current: Current) -> Changes:
    if seen.name == PERSON_CORRECTED:
        return ()
    key = (seen.stream,)
    row: PersonRow = current(key) or _NOBODY
    if seen.name == "person-died":
        first, last = days_by(seen.data["died"], seen.recorded_on)
        row = row._replace(died_from=first, died_to=last, died_at=seen.position)
        return ((key, row._replace(died_about=is_about(seen.data["died"]))),)
    for detail, column in _DETAILS.items():
        told = seen.data["details"].get(detail)
        if told is not None:
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
    version=7,
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
    },
    row=PersonRow,
    indexes=("(person)",),
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
