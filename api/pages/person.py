"""One person on one page: what is known of them now, and everything that was told of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.chronologies.writing import said
from api.clocks import Clocks
from api.forms import labels
from api.names import Names
from api.pages import words
from api.pages.entries import A_PAGE, gravest_first, recorded, timeline, with_entry
from api.pages.page import asked_by, foot, kept, page_asked, render, shown, turned, with_purpose
from api.problems import Problem
from api.routes.concerns import Concern, Gathered, gather
from api.routes.door import Reader
from api.routes.people import openable
from api.routes.timeline import Which
from api.routes.timeline import timeline as entries_of
from domain.corrected import standing
from domain.jurisdictions import Jurisdiction
from domain.person import Details, Person, replay
from domain.refusal import NotFound
from domain.words import Forgotten, PersonRef

router: Final = APIRouter(include_in_schema=False)


@router.get("/persons/{person}")
@shown("as_at", "on", "cursor", "entry", "recorded")
def one_person(request: Request, reader: Reader) -> Response:
    """A person by the clocks of the page's form, or as now known."""
    if not reader.reads("details"):
        raise Problem("not-permitted", "Your role may not read this.")
    person, office = _reference(request), reader.office
    paging = page_asked(request, office, A_PAGE)
    asked, (as_at, clocks) = paging.clocks, paging.settled(office)
    reader.may("person")
    facts = openable(reader, person, clocks)
    gathered = _gathered(reader, person, clocks, asked.as_at)
    reader.viewed("person", person=person, as_at=asked.as_at)
    told = entries_of(facts, Which.by_clocks(clocks))
    paging = with_entry(request, paging, told)
    names, state = Names(office, clocks.as_at), replay(standing(facts))
    nation = office.jurisdiction
    found = office.handler.findings(state, clocks.on, as_at=clocks.as_at)
    return render(
        "person.html",
        office,
        rests=foot(request, as_at, clocks.on),
        person=person,
        called=names.person(PersonRef(person)),
        state=state,
        lines=list(_known(state, nation)),
        findings=gravest_first(found) if reader.reads("findings") else None,
        gathered=gathered,
        concerns=None if gathered is None else list(_concerns(request, gathered, nation)),
        timeline=timeline(
            told, turned(request, paging, facts[-1].position, len(told)), names, nation
        ),
        recorded=recorded(request, told, nation),
        record=with_purpose(request, f"/persons/{person}/record"),
        refer=with_purpose(request, "/record/receive-referral", adult=str(person)),
        asked=asked_by(asked),
        sent={"as_at": request.query_params.get("as_at", "")},
        back=kept(request, "as_at", "on", "purpose"),
        purpose=str(reader.purpose),
        purposes=nation.lists["purpose"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A concern as a row of the page, with the address of its entry in its case."""

    concern: Concern
    at: str
    title: str
    told_by: str
    types: str
    text: str


def _gathered(
    reader: Reader, person: UUID, clocks: Clocks, asked_at: int | None
) -> Gathered | None:
    """The concerns about them in all their cases, with their trace; None for a role without."""
    if not reader.reads("case"):
        return None
    found = gather(reader, person, clocks)
    if found.cases:
        found.viewed(reader, person, asked_at)
    return found


def _concerns(request: Request, found: Gathered, nation: Jurisdiction) -> Iterator[Line]:
    """The last of them, in order; each opens to its entry, by the clocks of this page."""
    query = kept(request, "as_at", "on", "purpose")
    for one in found.concerns[-A_PAGE:]:
        fact = one.fact
        entry = f"entry={fact.position}#entry-{fact.position}"
        role = one.told_role and nation.label("referral_source", one.told_role)
        yield Line(
            concern=one,
            at=f"/cases/{fact.stream}?{query}{query and '&'}{entry}",
            title=labels.title(fact.header.name, nation),
            told_by=", ".join(str(who) for who in (role, one.told_by) if who) or "–",
            types=", ".join(nation.label("abuse_type", code) for code in one.types),
            text=said(one.text),
        )


def _reference(request: Request) -> UUID:
    try:
        return UUID(request.path_params["person"])
    except ValueError:
        raise NotFound("There is no such person.") from None


def _known(state: Person, nation: Jurisdiction) -> Iterator[words.Line]:
    """What is known, as now understood."""
    yield from words.lines(Details(**state.details), "details", nation)
    for one in state.external:
        text = words.FORGOTTEN if isinstance(one.id, Forgotten) else one.id.text
        yield words.Line(f"In {one.system}", text, personal=True)
