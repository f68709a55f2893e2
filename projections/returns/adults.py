"""When the adults a return counts were born, and died: what their age is reckoned from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from projections.corrected import PERSON_CORRECTED, again, concerns
from projections.projection import Changes, Current, Json, Projection, Seen, days_by


class PersonRow(NamedTuple):
    """What of a person the returns need; `birth` is the sealed passage of their date of birth.

    A death has the first and the last day it can have been on, the first None where that is open.
    """

    died_from: str | None
    died_to: str | None  # None: no death is recorded
    died_at: int | None
    birth_at: int | None
    birth: Mapping[str, Json] | None


def fold_person(seen: Seen, current: Current) -> Changes:
    """What is now known of a person's birth and death; after a correction, from what stands."""
    key = (seen.stream,)
    if seen.name == PERSON_CORRECTED:
        return ((key, again(_fold, seen).get(key)),) if concerns(seen) else ()
    return _fold(seen, current)


def _fold(seen: Seen, current: Current) -> Changes:
    if seen.name == PERSON_CORRECTED:
        return ()
    key = (seen.stream,)
    row: PersonRow = current(key) or PersonRow(None, None, None, None, None)
    if seen.name == "person-died":
        first, last = days_by(seen.data["died"], seen.recorded_on)
        return ((key, row._replace(died_from=first, died_to=last, died_at=seen.position)),)
    birth = seen.data["details"].get("date_of_birth")
    if birth is not None:
        row = row._replace(birth=birth, birth_at=seen.position)
    return ((key, row),)


PEOPLE: Final = Projection(
    name="return_people",
    version=4,
    events=frozenset(
        {"person-registered", "person-details-recorded", "person-died", PERSON_CORRECTED}
    ),
    recalls=frozenset({PERSON_CORRECTED}),
    key={"person": "uuid"},
    columns={
        "died_from": "date",
        "died_to": "date",
        "died_at": "int8",
        "birth_at": "int8",
        "birth": "jsonb",
    },
    row=PersonRow,
    indexes=(),
    touches=lambda seen: ((seen.stream,),),
    fold=fold_person,
)
