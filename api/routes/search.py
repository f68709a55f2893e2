"""Finding a person by name, and a person or case by what another system calls it.

What is searched for is sent in a body, never in an address: addresses are kept in logs.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import JSONResponse, Response

from api.problems import Problem
from api.register import Register
from api.routes import shown
from api.routes.commands import register_of
from api.routes.door import PROBLEM, Reader, ReaderOf
from api.schema import SlugText, Strict
from domain.catalogue import CASE, EVENTS
from domain.words import PersonRef

router: Final = APIRouter(prefix="/v1/search", tags=["search"], responses=PROBLEM)
MOST: Final = 20
NO_NAMES: Final = frozenset({"integrator"})


class Named(Strict):
    """Whom to look for: every word must be of their name, or of one they had or go by."""

    name: str = Field(min_length=1, max_length=200)


class Referred(Strict):
    """What another system calls a person or a case."""

    system: SlugText
    id: str = Field(min_length=1, max_length=200)


RegisterOf = Annotated[Register, Depends(register_of)]


@router.post("/persons", operation_id="search-persons")
def persons(body: Named, reader: ReaderOf, register: RegisterOf) -> Response:
    """Persons by name, at most 20; each one shown counts as a person read."""
    reader.may("search")
    if reader.actor.role in NO_NAMES:
        raise Problem("not-permitted", "Your role may search by reference, not by name.")
    found = register.named(body.name)
    reader.searched(len(found))
    hits = [_person(reader, one) for one in found[:MOST]]
    return JSONResponse({"persons": hits, "count": len(found)})


@router.post("/references", operation_id="search-references")
def references(body: Referred, reader: ReaderOf, register: RegisterOf) -> Response:
    """Persons and cases by (system, id); spaces and hyphens in the id do not count."""
    reader.may("search")
    found = register.referred(body.system, body.id)
    reader.searched(len(found))
    return JSONResponse({"found": [linked(reader, one) for one in found]})


def linked(reader: Reader, stream: UUID) -> dict[str, Any]:
    """A stream by its kind, reference and address."""
    (first, *_rest) = reader.office.record.log.stream(stream)
    kind = "case" if EVENTS[first.name.rpartition(".v")[0]].stream == CASE else "person"
    return {"kind": kind, "reference": str(stream), "links": {kind: f"/v1/{kind}s/{stream}"}}


def _person(reader: Reader, ref: PersonRef) -> dict[str, Any]:
    reader.viewed("person", person=ref)
    found = reader.office.handler.person(ref)
    details = {
        name: shown.passage(found.details[name])
        for name in ("name", "known_as", "date_of_birth")
        if name in found.details
    }
    return {"person": str(ref), "details": details, "links": {"person": f"/v1/persons/{ref}"}}
