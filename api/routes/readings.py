"""Who looked at a case or a person, when and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.basis import Basis
from api.clocks import Typed
from api.names import Names
from api.readings import About, Reading, about_person, last_reading, readings_of
from api.routes.door import PROBLEM, BasisOf, Reader, ReaderOf, clocks_read

router: Final = APIRouter(prefix="/v1", tags=["views"], responses=PROBLEM)
After = Annotated[int, Query(ge=0, le=2**53, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000)]
AsAt = Annotated[
    str | None,
    Query(description="A position of the record of cases, or a day: the looks by then alone."),
]


@router.get("/cases/{case}/readings", operation_id="case-readings")
def of_case(
    case: UUID,
    reader: ReaderOf,
    basis: BasisOf,
    *,
    after: After = 0,
    limit: Limit = 100,
    as_at: AsAt = None,
) -> Response:
    """Every look at a case, by any door, alone or in a list: who, when and for what purpose.

    Positions are of the log of readings. The question itself is a reading, and stands in the next
    answer.
    """
    reader.may("access_log")
    reader.office.handler.case(case)
    about, upto = About(cases=frozenset({case})), _upto(reader, basis, as_at)
    found = readings_of(reader.office, about, after=after, upto=upto, limit=limit)
    reader.viewed("access_log", case=case)
    names = Names(reader.office, basis.size)
    return _page({"case": str(case)}, found, names, after, limit)


@router.get("/persons/{person}/readings", operation_id="person-readings")
def of_person(
    person: UUID,
    reader: ReaderOf,
    basis: BasisOf,
    *,
    after: After = 0,
    limit: Limit = 100,
    as_at: AsAt = None,
) -> Response:
    """Every look at a person, and at every case that names them: who, when and for what purpose.

    `person` says that the person was looked at, `cases` which of those cases were. A case counts
    from its beginning, also for looks from before it named the person. The question itself is a
    reading of all of these.
    """
    reader.may("access_log")
    reader.office.handler.told_of(person)
    about = about_person(reader.office, person, basis.size)
    upto = _upto(reader, basis, as_at)
    found = readings_of(reader.office, about, after=after, upto=upto, limit=limit)
    reader.viewed("access_log", person=person, among=about.cases)
    asked = {"person": str(person), "cases": [str(one) for one in sorted(about.cases)]}
    return _page(asked, found, Names(reader.office, basis.size), after, limit)


def _upto(reader: Reader, basis: Basis, as_at: str | None) -> int:
    """The last reading of the answer. Raises Problem `invalid`, `basis-differs`."""
    clocks = clocks_read(reader.office, Typed(as_at=as_at))
    return min(last_reading(reader.office, clocks), basis.of_readings())


def _page(
    asked: dict[str, Any], found: list[Reading], names: Names, after: int, limit: int
) -> Response:
    body = {
        **asked,
        "readings": [shown(one, names) for one in found],
        "next": found[-1].position if found else after,
        "more": len(found) == limit,
    }
    return Response(orjson.dumps(body), media_type="application/json")


def shown(one: Reading, names: Names) -> dict[str, Any]:
    """A reading with the name of whoever it was."""
    return {**asdict(one), "name": names.worker(one.worker)}
