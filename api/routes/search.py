"""Finding a person by name, and a person or case by what another system calls it.

What is searched for is sent in a body, never in an address: addresses are kept in logs.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import JSONResponse, Response

from api.basis import HEADER, Basis
from api.problems import Problem, invalid
from api.register import NamedThing, Register
from api.routes import shown
from api.routes.commands import register_of
from api.routes.door import PROBLEM, BasisOf, Reader, ReaderOf
from api.routes.people import WHOM_TO_ASK, restricted_among, withheld
from api.routes.waiting import Wait
from api.schema import Strict
from api.values import SlugText
from domain.catalogue import CASE, EVENTS
from domain.person import Person
from domain.words import Personal
from projections import people

router: Final = APIRouter(prefix="/v1/search", tags=["search"], responses=PROBLEM)
MOST: Final = 20
NARROW: Final = (
    f"More than {MOST} people have such a name: add another word of it, or search by what another "
    "system calls the person (/v1/search/references)."
)
_TOLD: Final = ("name", "known_as", "date_of_birth")


class Named(Strict):
    """Whom to look for: every word must be of their name, or of one they had or go by."""

    name: str = Field(min_length=1, max_length=200)


class Referred(Strict):
    """What another system calls a person or a case."""

    system: SlugText
    id: str = Field(min_length=1, max_length=200)


RegisterOf = Annotated[Register, Depends(register_of)]


@router.post("/persons", operation_id="search-persons")
def persons(body: Named, reader: ReaderOf, basis: BasisOf, _wait: Wait) -> Response:
    """Persons by every word of a name, at most 20; each one shown counts as a person read.

    Whoever a restricted case names is left out, unless the purpose reaches through it. Where more
    have such a name `more` is true, and `narrow` says how to find the others.
    """
    _of_now(basis)
    reader.may("search")
    if not reader.reads("details"):
        raise Problem("not-permitted", "Your role may search by reference, not by name.")
    with reader.office.pool.connection() as conn:
        key = reader.office.wrapping.search_key()
        found = people.search(conn, key, body.name, limit=MOST + 1)
    named = ((ref, _named(reader, ref)) for ref in found[:MOST])
    hits = {ref: one for ref, one in named if one is not None}
    reader.searched(len(hits))
    for ref in hits:
        reader.viewed("person", person=ref)
    more = len(found) > MOST
    return JSONResponse(
        {
            "persons": [_shown(ref, one) for ref, one in hits.items()],
            "more": more,
            "narrow": NARROW if more else None,
        }
    )


@router.post("/references", operation_id="search-references")
def references(body: Referred, reader: ReaderOf, basis: BasisOf, register: RegisterOf) -> Response:
    """Persons and cases by (system, id); spaces and hyphens in the id do not count.

    `names` says what of each is called so: itself, or the referral or document of an event. Each
    one named counts as read. A restricted case, and whoever one names, is left out, unless the
    purpose reaches through it; `ask` then says whom to ask, and is null otherwise.
    """
    _of_now(basis)
    reader.may("search")
    hits = [
        {**linked(reader, one), "names": _names(register.named(one, body.system, body.id))}
        for one in register.referred(body.system, body.id)
    ]
    found = [one for one in hits if not _closed(reader, one["kind"], UUID(one["reference"]))]
    reader.searched(len(found))
    cases = [UUID(one["reference"]) for one in found if one["kind"] == CASE]
    if cases:
        reader.viewed("case", among=cases)
    for one in found:
        if one["kind"] != CASE:
            reader.viewed("person", person=UUID(one["reference"]))
    return JSONResponse({"found": found, "ask": WHOM_TO_ASK if len(found) < len(hits) else None})


def _of_now(basis: Basis) -> None:
    """Turn away a search by a basis: who is found is as known now. Raises Problem `invalid`."""
    if basis.given is not None:
        words = "A search finds by what is known now: leave this out."
        raise invalid(f"/header/{HEADER}", words)


def _closed(reader: Reader, kind: str, reference: UUID) -> bool:
    """Whether a restriction keeps whoever asks from reading a case or person."""
    if kind == CASE:
        return bool(restricted_among(reader, [reference]))
    return withheld(reader, reference)


def linked(reader: Reader, stream: UUID) -> dict[str, Any]:
    """A stream by its kind, reference and address."""
    (first, *_rest) = reader.office.record.log.stream(stream)
    kind = "case" if EVENTS[first.name.rpartition(".v")[0]].stream == CASE else "person"
    return {"kind": kind, "reference": str(stream), "links": {kind: f"/v1/{kind}s/{stream}"}}


def _names(named: list[NamedThing]) -> list[dict[str, Any]]:
    return [{"what": one.what, "version": one.version} for one in named]


def _named(reader: Reader, ref: UUID) -> Person | None:
    """The person, unless a case restricts it or their names were forgotten since the view."""
    if withheld(reader, ref):
        return None
    found = reader.office.handler.person(ref)
    names = [found.details.get(name) for name in ("name", "known_as")]
    return found if any(isinstance(one, Personal) for one in names) else None


def _shown(ref: UUID, found: Person) -> dict[str, Any]:
    details = {name: shown.passage(said) for name, said in found.details.items() if name in _TOLD}
    return {"person": str(ref), "details": details, "links": {"person": f"/v1/persons/{ref}"}}
