"""One person, and finding a person by name or by what another system calls them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.lookups import ViewLookups
from api.problems import Problem
from api.routes import shown
from api.routes.door import (
    PROBLEM,
    THROUGH_RESTRICTION,
    Reader,
    ReaderOf,
    StandingOf,
    etag,
)
from api.routes.waiting import Wait
from domain.words import PersonRef

router: Final = APIRouter(prefix="/v1/persons", tags=["views"], responses=PROBLEM)


@router.get("/{person}", operation_id="person")
def one(person: UUID, reader: ReaderOf, standing: StandingOf, _wait: Wait) -> Response:
    """A person as known, with the version to send as If-Match.

    `details` is null for a role that reads no text: a connected system knows people by reference.
    """
    reader.may("person")
    found = reader.office.handler.person(person, as_at=standing.as_at)
    if withheld(reader, person):
        raise Problem("restricted")
    reader.viewed("person", person=person, as_at=standing.as_at)
    body = {
        "person": str(person),
        "version": found.version,
        "details": {name: shown.passage(said) for name, said in found.details.items()}
        if reader.reads("details")
        else None,
        "external": [
            {"system": str(one.system), "id": shown.passage(one.id)} for one in found.external
        ],
        "died": None if found.died is None else shown.when(found.died),
    }
    return JSONResponse(body, headers=etag(found.version))


def withheld(reader: Reader, person: UUID) -> bool:
    """Whether a case about this adult is restricted now, and the purpose does not reach through.

    The restriction of a case would be worth little if whom it is about could be read beside it
    (I16).
    """
    if reader.purpose in THROUGH_RESTRICTION:
        return False
    about = ViewLookups(reader.office).cases_about(PersonRef(person))
    return any(reader.office.handler.case(case)[0].restricted for case in about)
