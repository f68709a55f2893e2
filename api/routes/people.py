"""One person, and finding a person by name or by what another system calls them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.clocks import Clocks
from api.lookups import cases_naming_each
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
from api.routes.paging import PagedStanding
from api.routes.timeline import Told, Which, timeline
from api.routes.waiting import Wait
from domain import about_adult
from domain.case import Case
from domain.corrected import standing as corrected
from domain.finding import Finding
from domain.person import replay
from domain.record.encoding import Json
from domain.refusal import NotFound
from domain.words import Fact, Personal, PersonRef, numbered

WHOM_TO_ASK: Final = (
    "Reading it is restricted: ask a manager, who can say for which purposes it may be read."
)
_MAY_BE_RESTRICTED: Final = (
    "SELECT DISTINCT stream FROM record.cases WHERE stream = ANY(%s)"
    " AND (name LIKE 'processing-restricted.v%%' OR name LIKE 'case-merged.v%%'"
    " OR name LIKE 'case-split.v%%')"
)
# The fields of an event that name one person.
_PERSONS: Final = (
    *("adult", "person", "pach", "carer", "maker", "advocate", "subject", "about"),
    *("third_party", "recipient"),
)


class _OfCase(Protocol):
    @property
    def case(self) -> UUID: ...


Row = TypeVar("Row", bound=_OfCase)
router: Final = APIRouter(prefix="/v1/persons", tags=["views"], responses=PROBLEM)


@router.get("/{person}", operation_id="person")
def one(person: UUID, reader: ReaderOf, standing: StandingOf, _wait: Wait) -> Response:
    """A person as known and now understood, with the version to send as If-Match.

    `details` is null for a role that reads no text (a connected system knows people by reference),
    `findings` for one that reads none.
    """
    facts = opened(reader, person, standing)
    found = replay(corrected(facts))
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
        "findings": [
            shown.finding(one)
            for one in reader.office.handler.findings(found, standing.on, as_at=standing.as_at)
        ]
        if reader.reads("findings")
        else None,
    }
    return JSONResponse(body, headers=etag(found.version))


@router.get("/{person}/timeline", operation_id="person-timeline")
def told(person: UUID, reader: ReaderOf, paging: PagedStanding, _wait: Wait) -> Response:
    """Everything told of a person in their own stream, with what a correction made of it.

    An entry's `version` is the `target` of its correction.
    """
    if not reader.reads("details"):
        raise Problem("not-permitted", "Your role may not read this.")
    standing = paging.clocks
    facts = opened(reader, person, standing)
    entries, as_at = timeline(facts, Which.by_clocks(standing)), facts[-1].position
    body: dict[str, Any] = {
        "person": str(person),
        **standing.told(),
        "as_at": as_at,
        "entries": entries_shown(reader, paging.part(entries), standing.as_at),
        "count": len(entries),
        "next": paging.next(as_at, len(entries)),
    }
    return JSONResponse(body, headers=etag(facts[-1].version))


def opened(reader: Reader, person: UUID, clocks: Clocks) -> list[Fact[Any]]:
    """What was recorded of a person, for whoever may read it; leaves the trace of the reading.

    Raises:
        NotFound: nobody was registered under that reference by then.
        Problem: `not-permitted` or `restricted`.
    """
    reader.may("person")
    facts = openable(reader, person, clocks)
    reader.viewed("person", person=person, as_at=clocks.looked_at)
    return facts


def openable(reader: Reader, person: UUID, clocks: Clocks) -> list[Fact[Any]]:
    """The same for whoever reads something of the person, and leaves a trace of that.

    Raises:
        NotFound: nobody was registered under that reference by then.
        Problem: `restricted`.
    """
    facts = reader.office.handler.told_of(person, as_at=clocks.as_at)
    if withheld(reader, person):
        raise Problem("restricted")
    return facts


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutAdult:
    """What would be criticised in the stream of the adult a case is about."""

    found: list[Finding] = field(default_factory=list)
    adult: PersonRef | None = None
    as_at: int | None = None

    def looked(self, reader: Reader) -> None:
        """Leave the trace of a look at them; call it before any is shown, and only then."""
        reader.viewed("findings", person=self.adult, as_at=self.as_at)


def findings_about(reader: Reader, case: Case, clocks: Clocks) -> AboutAdult:
    """What would be criticised in the adult's own stream, for whoever reads a case about them.

    And what of the case does not agree with it, as it stands there.

    By the clocks of the case. None where this role may not read it, nobody is registered, or
    another case that names the adult is restricted; where some are shown, that is a look at them.
    """
    adult = case.adult
    if adult is None or not (reader.reads("findings") and reader.reads("person")):
        return AboutAdult()
    try:
        facts = reader.office.handler.told_of(adult, as_at=clocks.as_at)
    except NotFound:  # a referral may name somebody nobody has registered yet
        return AboutAdult()
    certain = Which.by_clocks(clocks).certain(facts).facts
    handler = reader.office.handler
    person, looking = replay(certain), handler.looking(clocks.on, as_at=clocks.as_at)
    found = [
        *handler.findings(person, clocks.on, as_at=clocks.as_at),
        *about_adult.findings(person, case, looking),
    ]
    if not found or withheld(reader, adult):
        return AboutAdult()
    return AboutAdult(found=found, adult=adult, as_at=clocks.as_at)


def withheld(reader: Reader, person: UUID) -> bool:
    """Whether a case that names this person is restricted now, unless the purpose reaches through.

    The restriction of a case would be worth little if whom it is about could be read beside it
    (I16). Any naming counts: a case without a referral, or whose referral was withdrawn, says no
    more plainly whom it is about, and it is the kinder mistake to show too little.
    """
    return person in withheld_among(reader, [person])


def withheld_among(reader: Reader, people: Collection[UUID]) -> frozenset[UUID]:
    """Those of some people whom a case names that is restricted now (see `withheld`)."""
    if reader.purpose in THROUGH_RESTRICTION or not people:
        return frozenset()
    named = cases_naming_each(reader.office, people)
    closed = restricted_among(reader, frozenset().union(*named.values()))
    return frozenset(person for person, cases in named.items() if cases & closed)


def restricted_among(reader: Reader, cases: Collection[UUID]) -> frozenset[UUID]:
    """Those of some cases that this purpose may not open.

    As they stand now, from the record: a restriction holds over the past too, at once, and over
    the cases that are read as one with the restricted one.
    """
    if reader.purpose in THROUGH_RESTRICTION or not cases:
        return frozenset()
    with reader.office.pool.connection() as conn:
        found = conn.execute(_MAY_BE_RESTRICTED, (list(cases),)).fetchall()
    handler = reader.office.handler
    return frozenset(one for (one,) in found if reader.closed(handler.case(one)[0], one))


def open_among(reader: Reader, rows: Iterable[Row]) -> list[Row]:
    """The rows of a list whose cases this purpose may open; a list says how many the others are.

    The one rule of every list over cases (`api/README.md`, Lists and a restriction).
    """
    every = list(rows)
    closed = restricted_among(reader, {one.case for one in every})
    return [one for one in every if one.case not in closed]


def names_open(
    reader: Reader, facts: Iterable[Fact[Any]], as_at: int | None
) -> Callable[[PersonRef], str | None]:
    """Give the names of persons in some entries, where this reader may know them and there are any.

    As known at a position (None: now).

    None of whoever is not registered, was forgotten, or is named in a case that is restricted.
    """
    if not reader.reads("details"):
        return lambda _: None
    people = {ref for fact in facts for ref in persons_in(fact.event)}
    shut = withheld_among(reader, people)

    def name_of(ref: PersonRef) -> str | None:
        if ref not in people or ref in shut:
            return None
        try:
            name = reader.office.handler.person(ref, as_at=as_at).details.get("name")
        except NotFound:  # a referral may name somebody nobody has registered yet
            return None
        return name.text if isinstance(name, Personal) else None

    return name_of


def persons_in(event: object) -> Iterator[PersonRef]:
    """Every person a field of an entry names."""
    for name in _PERSONS:
        ref = getattr(event, name, None)
        if isinstance(ref, UUID):  # elsewhere the same name is of a code, or an entry
            yield PersonRef(ref)


def entries_shown(
    reader: Reader, entries: Collection[Told], as_at: int | None
) -> list[dict[str, Json]]:
    """Entries of a timeline for one reader; null where one names a case they may not open.

    `as_at` is the position as known at which the authority's working days are asked for.
    """
    named = {one for told in entries for one in shown.references(told.fact.event)}
    closed = restricted_among(reader, named)
    days = reader.office.handler.working_days(as_at)
    return [shown.entry(one, closed, days) for one in entries]


def entries_read(
    reader: Reader,
    entries: Collection[Told],
    place: Callable[[UUID, int], int | None],
    as_at: int | None,
) -> list[dict[str, Json]]:
    """The same of a case, each entry with the case it was recorded in.

    `names` has, by field, the position of each entry that this one names by its version in that
    case, as `place` gives it: null where it is not known by then.
    """
    told = zip(entries, entries_shown(reader, entries, as_at), strict=True)
    return [
        {
            **one,
            "case": str(entry.fact.stream),
            "names": {
                field: place(entry.fact.stream, number)
                for field, number in numbered(entry.fact.event)
            },
        }
        for entry, one in told
    ]
