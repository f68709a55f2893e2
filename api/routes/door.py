"""What every route asks of a request: who, why, how far back, and the trace that looking leaves."""

from __future__ import annotations

import json
import typing
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Final, cast
from uuid import UUID

from fastapi import Depends, Header, Query
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request

from api.basis import Basis, basis_for
from api.clocks import Clocks, Typed, UnreadableError, read_clocks
from api.identity import Identity
from api.office import Office
from api.problems import Problem, invalid
from api.tag import Tag
from domain.access import RecordViewed, SearchMade
from domain.authority import ROLES
from domain.case import Case
from domain.handle import local_day
from domain.refusal import NotFound
from domain.words import Actor, CaseRef, Code, PersonRef

API: Final = Code("api")
PAGE: Final = Code("page")
FEED: Final = Code("feed")
MOST_CASES: Final = 1000  # in one event of the log of readings

# Who may read what. A connected system reads no text; an analyst no case.
#                  P C T M N U G I   (practitioner, chair, minute taker, manager, analyst, auditor,
#                                     connected system, administrator)
_TABLE: Final[Mapping[str, str]] = {
    "summary": "  x x x x . x x x",
    "case": "     x x x x . x . x",
    "findings": " x x . x . x . .",
    "person": "   x x x x . x x x",
    "details": "  x x x x . x . x",  # who a person is: names and all else that is told of them
    "caseload": " x x . x x x . x",
    "return": "   . . . x x x . .",
    "search": "   x x . x . . x x",
    "feed": "     . . . x . x x x",
    "access_log": ". . . x . x . x",
    "retention": " . . . x . x . x",
    "entries": "   . . . . . x . .",  # all that was recorded of all cases, to be taken away
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
    # By case, the positions of the exceptions that let this reader in: the trace names them.
    excepted: dict[UUID, frozenset[int]] = field(default_factory=dict, compare=False)

    def reads(self, subject: str) -> bool:
        """Whether this role may read that."""
        return self.actor.role in READING[subject]

    def may(self, subject: str, case: UUID | None = None) -> None:
        """Turn away a role that may not read this, unless an exception opens that case to them.

        Raises Problem `not-permitted`.
        """
        if not self.reads(subject) and not (case and self._excepted_from_role(case)):
            raise Problem("not-permitted", "Your role may not read this.")

    def may_open(self, case: Case, reference: UUID) -> None:
        """Hold a restriction, also over what was known before it. Raises Problem `restricted`."""
        if self.closed(case, reference):
            raise Problem("restricted")

    def closed(self, case: Case, reference: UUID) -> bool:
        """Whether a restriction closes a case to this reader.

        Not for a purpose that reaches through, nor where an exception lets them past each of the
        restrictions that stand over it: its own, and those of cases read with it (L7, L13).
        """
        if not case.restricted or self.purpose in THROUGH_RESTRICTION:
            return False
        live = [one.live(self.actor.worker, self._today) for one in case.restricting]
        found = frozenset(one.at.position for one in live if one is not None)
        if not live or None in live:
            return True
        self.excepted[reference] = self.excepted.get(reference, frozenset()) | found
        return False

    def _excepted_from_role(self, case: UUID) -> bool:
        """Whether an exception lets this worker into a case that their role does not read."""
        try:
            state, _facts = self.office.handler.case(case)
        except NotFound:
            return False
        live = state.excepting.live(self.actor.worker, self._today)
        if live is not None:
            self.excepted[case] = frozenset({live.at.position})
        return live is not None

    @property
    def _today(self) -> date:
        return local_day(self.office.clock.now())

    def viewed(
        self,
        what: str,
        *,
        case: UUID | None = None,
        person: UUID | None = None,
        among: Iterable[UUID] = (),
        as_at: int | None = None,
    ) -> None:
        """Leave the trace of a reading; call it before anything is shown.

        `among` are the cases that an answer about several shows: each of them was looked at. The
        exceptions by which any of it was opened are named.
        """
        among = list(among)
        shown = self.excepted.keys() if case is None and not among else {case, *among}
        let_in = {one for of, by in self.excepted.items() if of in shown for one in by}
        cases = sorted({CaseRef(one) for one in among})
        events = [
            RecordViewed(
                case=None if case is None else CaseRef(case),
                person=None if person is None else PersonRef(person),
                cases=tuple(cases[start : start + MOST_CASES]),
                what=Code(what),
                door=self.door,
                purpose=self.purpose,
                as_at=as_at,
                exceptions=tuple(sorted(let_in)),
            )
            for start in range(0, len(cases) or 1, MOST_CASES)
        ]
        self.office.viewed(self.actor, events, self.purpose)

    def searched(self, hits: int) -> None:
        """Leave the trace of a search."""
        event = SearchMade(hits=hits, door=self.door, purpose=self.purpose)
        self.office.viewed(self.actor, [event], self.purpose)


def reader_of(office: OfficeOf, actor: ActorOf, purpose: PurposeOf) -> Reader:
    """Whoever reads, for a purpose."""
    return Reader(office=office, actor=actor, purpose=purpose)


ReaderOf = Annotated[Reader, Depends(reader_of)]


def basis_of(
    request: Request,
    office: OfficeOf,
    _actor: ActorOf,
    sent: Annotated[
        str | None,
        Header(alias="Holdfast-Basis", description="Answer by this basis, as an answer named it."),
    ] = None,
) -> Basis:
    """What the answer rests on: what was sent, else now. Raises Problem `basis-differs`."""
    roots = vars(request.app.state).setdefault("roots", {})
    operation = getattr(request.scope.get("route"), "operation_id", None)
    if {"as_of", "known_to"} & request.query_params.keys():
        operation = None  # reckoned anew from the record itself
    basis = basis_for(office, operation, sent, roots)
    request.state.basis = basis
    return basis


BasisOf = Annotated[Basis, Depends(basis_of)]


AsAt = Annotated[
    str | None,
    Query(description="As known then: a position, or a day (its end in the United Kingdom)."),
]
On = Annotated[
    str | None,
    Query(description="The day to judge by; left out, that of as_of, else of as_at, else today."),
]
AsOf = Annotated[
    str | None, Query(description="As true then: by the end of this day, as it is now understood.")
]
KnownTo = Annotated[
    str | None, Query(description="Only what this agency knew by the day judged by (`on`).")
]


def standing_of(office: OfficeOf, basis: BasisOf, as_at: AsAt = None, on: On = None) -> Clocks:
    """Read `as_at` and `on`."""
    return based(basis, clocks_read(office, Typed(as_at=as_at, on=on)), on)


def clocks_of(
    office: OfficeOf,
    basis: BasisOf,
    *,
    as_at: AsAt = None,
    on: On = None,
    as_of: AsOf = None,
    known_to: KnownTo = None,
) -> Clocks:
    """Read all four clocks."""
    clocks = clocks_read(office, Typed(as_at=as_at, on=on, as_of=as_of, known_to=known_to))
    return based(basis, clocks, on or as_of)


def based(basis: Basis, clocks: Clocks, day: str | None) -> Clocks:
    """The clocks with what was left out as the basis has it, which is told by what they are of."""
    if clocks.as_at is not None:
        basis.settle(clocks.as_at, clocks.on)
        return clocks
    on = clocks.on if day is not None else basis.on
    basis.settle(basis.size, on)
    return replace(clocks, as_at=basis.size, on=on, by_basis=True, sent=basis.given is not None)


StandingOf = Annotated[Clocks, Depends(standing_of)]
ClocksOf = Annotated[Clocks, Depends(clocks_of)]


def clocks_read(office: Office, typed: Typed) -> Clocks:
    """Read the clocks of a query. Raises Problem `invalid`."""
    try:
        return read_clocks(office, typed)
    except UnreadableError as wrong:
        raise invalid(f"/query/{wrong.clock}", wrong.words) from None


def only_known(request: Request) -> None:
    """Turn away a request with a query it lacks: `asat` would be answered as of now.

    Raises Problem `invalid`, which names the parameters there are and not what was sent.
    """
    route = request.scope.get("route")
    if isinstance(route, APIRoute):
        known = _parameters(route.dependant)
        many = {name for name, hint in known.items() if _holds_many(hint)}
        check_query(request, known.keys(), many)


def check_query(request: Request, known: Collection[str], many: Collection[str] = ()) -> None:
    """Hold a query to parameters that are known, each of them once save those that hold `many`.

    Raises Problem `invalid`.
    """
    sent = [name for name, _ in request.query_params.multi_items()]
    if not set(sent) <= set(known):
        there = ", ".join(sorted(known)) or "none"
        raise invalid("/query", f"There is a parameter here that is not known; known: {there}.")
    for name in sent:
        if sent.count(name) > 1 and name not in many:
            raise invalid(f"/query/{name}", "This stands here more than once: send it once.")


def check_names(body: bytes) -> None:
    """Hold every object of a JSON body to names that differ: a reader would keep the last alone.

    Which name it is goes unsaid, since it may be anything; what is no JSON is named elsewhere.

    Raises:
        Problem: `invalid`.
    """
    try:
        json.loads(body, object_pairs_hook=_named_once)
    except (ValueError, RecursionError):
        return


def _named_once(pairs: list[tuple[str, object]]) -> None:
    """Keep nothing of an object whose names differ. Raises Problem `invalid`."""
    if len({name for name, _value in pairs}) < len(pairs):
        raise invalid("", "In one object a name stands more than once: send each name once.")


async def only_named_once(request: Request) -> None:
    """Turn away a body in which a name stands twice in one object. Raises Problem `invalid`."""
    check_names(await request.body())


def _parameters(dependant: Dependant) -> dict[str, Any]:
    """The query's parameters that a route and what it depends on read, and the type of each."""
    found = {one.alias: one.field_info.annotation for one in dependant.query_params}
    for one in dependant.dependencies:
        found |= _parameters(one)
    return found


def _holds_many(hint: Any) -> bool:  # noqa: ANN401 — an annotation is of any type
    """Whether a parameter is a list, which is sent by name once for each member."""
    return typing.get_origin(hint) is list or any(map(_holds_many, typing.get_args(hint)))


def etag(seen: int | Tag) -> dict[str, str]:
    """The headers that name a version, or all that was seen of a case."""
    return {"ETag": f'"{seen}"', "Cache-Control": "no-store"}


# Told in full by `api.openapi`, once for all.
PROBLEM: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "What was asked cannot be done."},
    "5XX": {"description": "A problem on this side; nothing was half-recorded."},
}
