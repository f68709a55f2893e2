"""What every route asks of a request: who, why, how far back, and the trace that looking leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, cast
from uuid import UUID

from fastapi import Depends, Header, Query
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request

from api.identity import Identity
from api.office import Office
from api.problems import Problem, invalid
from domain.access import RecordViewed, SearchMade
from domain.authority import ROLES
from domain.case import Case
from domain.handle import local_day
from domain.when import end_of
from domain.words import Actor, CaseRef, Code, PersonRef

API: Final = Code("api")
PAGE: Final = Code("page")
FEED: Final = Code("feed")
POSITION_DIGITS: Final = 18  # a position is a signed 64-bit number
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

# Who may read what. A connected system reads no text; an analyst no case.
#                 P C T M N U G I   (practitioner, chair, minute taker, manager, analyst, auditor,
#                                    connected system, administrator)
_TABLE: Final[Mapping[str, str]] = {
    "summary": " x x x x . x x x",
    "case": "    x x x x . x . x",
    "findings": "x x . x . x . .",
    "person": "  x x x x . x x x",
    "caseload": "x x . x x x . x",
    "return": "  . . . x x x . .",
    "search": "  x x . x . . x x",
    "feed": "    . . . x . x x x",
}
READING: Final[Mapping[str, frozenset[str]]] = {
    subject: frozenset(role for role, mark in zip(ROLES, marks.split(), strict=True) if mark == "x")
    for subject, marks in _TABLE.items()
}

# What a restriction leaves open (procedure L7, I16).
THROUGH_RESTRICTION: Final = frozenset(
    {"consent", "legal_claim", "protecting_others", "public_interest"}
)


def office_of(request: Request) -> Office:
    """The office this application stands for."""
    return cast("Office", request.app.state.office)


OfficeOf = Annotated[Office, Depends(office_of)]


def actor_of(request: Request) -> Actor:
    """Whoever is asking."""
    return cast("Identity", request.app.state.identity).actor(request)


ActorOf = Annotated[Actor, Depends(actor_of)]


def purpose_of(
    office: OfficeOf,
    purpose: Annotated[
        str, Header(alias="Holdfast-Purpose", description="A code of the list `purpose`.")
    ] = "safeguarding",
) -> Code:
    """Why somebody reads."""
    if purpose not in office.jurisdiction.lists["purpose"]:
        raise invalid("/header/Holdfast-Purpose", "This is not one of the list purpose.")
    return Code(purpose)


PurposeOf = Annotated[Code, Depends(purpose_of)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody reading through a door, for a purpose."""

    office: Office
    actor: Actor
    purpose: Code
    door: Code = API

    def may(self, subject: str) -> None:
        """Turn away a role that may not read this. Raises Problem `not-permitted`."""
        if self.actor.role not in READING[subject]:
            raise Problem("not-permitted", "Your role may not read this.")

    def may_open(self, case: Case) -> None:
        """Hold a restriction, also over what was known before it. Raises Problem `restricted`."""
        if case.restricted and self.purpose not in THROUGH_RESTRICTION:
            raise Problem("restricted")

    def viewed(
        self,
        what: str,
        *,
        case: UUID | None = None,
        person: UUID | None = None,
        as_at: int | None = None,
    ) -> None:
        """Leave the trace of a reading; call it before anything is shown."""
        event = RecordViewed(
            case=None if case is None else CaseRef(case),
            person=None if person is None else PersonRef(person),
            what=Code(what),
            door=self.door,
            purpose=self.purpose,
            as_at=as_at,
        )
        self.office.viewed(self.actor, event, self.purpose)

    def searched(self, hits: int) -> None:
        """Leave the trace of a search."""
        event = SearchMade(hits=hits, door=self.door, purpose=self.purpose)
        self.office.viewed(self.actor, event, self.purpose)


def reader_of(office: OfficeOf, actor: ActorOf, purpose: PurposeOf) -> Reader:
    """Whoever reads, for a purpose."""
    return Reader(office=office, actor=actor, purpose=purpose)


ReaderOf = Annotated[Reader, Depends(reader_of)]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question about the past is put: `as_at` a position (None: now), judged `on` a day."""

    as_at: int | None
    on: date


def standing_of(
    office: OfficeOf,
    as_at: Annotated[
        str | None,
        Query(description="As known then: a position, or a day (its end in the United Kingdom)."),
    ] = None,
    on: Annotated[
        str | None, Query(description="The day to judge by; left out, that of as_at, or today.")
    ] = None,
) -> Standing:
    """Read `as_at` and `on`."""
    today = local_day(office.clock.now())
    position, day = position_of(office, as_at)
    judged = None if on is None else day_of("on", on)
    return Standing(position, judged or day or today)


StandingOf = Annotated[Standing, Depends(standing_of)]


def position_of(office: Office, text: str | None) -> tuple[int | None, date | None]:
    """A position, or the last one by the end of a day, with that day; None for the present."""
    if text is None or not text:
        return None, None
    if text.isascii() and text.isdigit() and len(text) <= POSITION_DIGITS:
        position = int(text)
        rows = office.record.log.at([position])
        return position, local_day(rows[0].recorded_at) if rows else None
    day = day_of("as_at", text)
    return office.record.log.position_at(end_of(day)), day


def day_of(name: str, text: str) -> date:
    """A day of the query. Raises Problem `invalid`."""
    wrong = invalid(f"/query/{name}", "This is a day of the calendar, YYYY-MM-DD.")
    if not _DAY.fullmatch(text):
        raise wrong
    try:
        day = date.fromisoformat(text)
        end_of(day)
    except (ValueError, OverflowError):
        raise wrong from None
    return day


def only_known(request: Request) -> None:
    """Turn away a question with a parameter it lacks: `asat` would be answered as of now.

    Raises Problem `invalid`, which names those there are and not what was sent.
    """
    route = request.scope.get("route")
    if request.method != "GET" or not isinstance(route, APIRoute):
        return
    known = _parameters(route.dependant)
    if not request.query_params.keys() <= known:
        there = ", ".join(sorted(known)) or "none"
        raise invalid("/query", f"There is a parameter here that is not known; known: {there}.")


def _parameters(dependant: Dependant) -> set[str]:
    """The query's parameters that a route and what it depends on read."""
    own = {one.alias for one in dependant.query_params}
    return own.union(*(_parameters(one) for one in dependant.dependencies))


def etag(version: int) -> dict[str, str]:
    """The headers that name a version."""
    return {"ETag": f'"{version}"', "Cache-Control": "no-store"}


# Told in full by `api.openapi`, once for all.
PROBLEM: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "What was asked cannot be done."},
    "5XX": {"description": "A problem on this side; nothing was half-recorded."},
}
