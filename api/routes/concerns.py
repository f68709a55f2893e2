"""Every concern about one adult, across their cases: so that none is dealt with by itself.

Reviews criticise calls that came one after another, to several agencies, and were never seen
together (procedure C.7). This is a reading of the cases themselves, as a timeline is, and no view:
each row is an entry of a case, and opens to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.clocks import Clocks
from api.lookups import cases_naming
from api.routes import shown
from api.routes.door import PROBLEM, Reader, ReaderOf
from api.routes.paging import PagedStanding
from api.routes.people import openable
from api.routes.timeline import Told, in_order
from api.routes.waiting import Wait
from api.standing import Stands, stands
from domain import joined
from domain.case import Case
from domain.concern import AllegationAdded, ReferralLinked, ReferralReceived
from domain.correction import ChronologyEntryRecorded
from domain.policy import Policy, in_force, laid_over
from domain.record.encoding import Json, dump_instant
from domain.refusal import NotFound
from domain.stage import months_after
from domain.words import Code, Fact, Passage, PersonRef, Slug

CONCERN: Final = "concern"
# What of a case is a call, a contact or a concern about its adult, and how it is told apart.
WHAT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "referral-received": CONCERN,
        "referral-linked": CONCERN,
        "case-brought-forward": "brought_forward",
        "allegation-added": "allegation",
        "emergency-services-contacted": "emergency",
        "crime-reported": "crime",
        "chronology-entry-recorded": "agency_entry",
        "repeat-referral-threshold-reached": "repeats",
    }
)
router: Final = APIRouter(prefix="/v1/persons", tags=["views"], responses=PROBLEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One entry of a case that is a concern about its adult, or bears on how many there were.

    `number` counts the concerns received about the adult so far, in any case, and `within` those of
    them in the `months` that end with this one: those months are the nation's or the policy's, of
    the day. None for what is no further concern: withdrawn, entered twice, or of another kind;
    `within` also where its day is not known.
    """

    told: Told
    what: str
    number: int | None = None
    within: int | None = None
    months: int | None = None

    @property
    def fact(self) -> Fact[Any]:
        """The entry, as it stands in the case it was recorded in."""
        return self.told.fact

    @property
    def told_by(self) -> Slug | None:
        """The agency it came from, as far as the entry says."""
        event = self.fact.event
        if isinstance(event, ReferralReceived | ReferralLinked):
            return event.referrer_organisation
        if isinstance(event, ChronologyEntryRecorded):
            return event.agency
        return getattr(event, "by", None) or self.fact.header.organisation

    @property
    def told_role(self) -> Code | None:
        """Who told of it (a code of `referral_source`), where that is asked."""
        return getattr(self.fact.event, "referrer_role", None)

    @property
    def types(self) -> tuple[Code, ...]:
        """What is alleged (codes of `abuse_type`), each once."""
        event = self.fact.event
        alleged = getattr(event, "allegations", ())
        if isinstance(event, AllegationAdded):
            alleged = (event.allegation,)
        return tuple(dict.fromkeys(one.type for one in alleged if hasattr(one, "type")))

    @property
    def text(self) -> Passage | None:
        """What was said of it."""
        event = self.fact.event
        if isinstance(event, AllegationAdded):
            return event.allegation.detail
        for name in ("account", "text", "reason", "note", "notes"):
            said = getattr(event, name, None)
            if isinstance(said, Passage):  # a `reason` may be a code of a list
                return said
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The concerns about an adult in the order in which they came, and the cases they stand in.

    `looked` are all cases that reading them is a look at: those about the adult, and those whose
    entries are read in one.
    """

    concerns: tuple[Concern, ...]
    cases: Mapping[UUID, Case]
    looked: frozenset[UUID]

    @property
    def by_teller(self) -> Counter[str]:
        """How many concerns each agency told, or each kind of referrer without one."""
        counted = (one for one in self.concerns if one.number is not None)
        return Counter(str(one.told_by or one.told_role or "not_recorded") for one in counted)

    @property
    def received(self) -> int:
        """How many concerns were received."""
        return sum(one.number is not None for one in self.concerns)

    def in_case(self, case: UUID) -> int:
        """How many concerns were recorded in a case."""
        return sum(one.number is not None and one.fact.stream == case for one in self.concerns)

    def viewed(self, reader: Reader, person: UUID, as_at: int | None) -> None:
        """Leave the trace, of the person and of every case; call it before anything is shown."""
        reader.viewed("concerns", person=person, among=self.looked, as_at=as_at)


@router.get("/{person}/concerns", operation_id="person-concerns")
def concerns(person: UUID, reader: ReaderOf, paging: PagedStanding, _wait: Wait) -> Response:
    """Every concern about an adult, in whichever of their cases, in the order in which they came.

    Concerns received and joined to a case, what was alleged later, calls to the police and the
    emergency services, what other agencies had on record, and where repeats were noticed. Each
    names the `case` it stands in, with its version and position there. `number` counts the concerns
    received so far, `within` those of the last `months`; both are null for what is none, or was
    withdrawn or entered twice. `cases` are the adult's, `told_by` says how many came from whom.

    A look at the person and at each of these cases. While one that names the person is restricted,
    this is refused, as the person is.
    """
    reader.may("person")
    reader.may("case")
    as_at, clocks = paging.settled(reader.office)
    openable(reader, person, clocks)
    found = gather(reader, person, clocks)
    found.viewed(reader, person, paging.clocks.looked_at)
    body: dict[str, Any] = {
        "person": str(person),
        **paging.clocks.told(),
        "as_at": as_at,
        **totals(found),
        "concerns": [row(one) for one in paging.part(found.concerns)],
        "count": len(found.concerns),
        "next": paging.next(as_at, len(found.concerns)),
    }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def gather(reader: Reader, person: UUID, clocks: Clocks) -> Gathered:
    """Gather the concerns about an adult from all their cases, as known by the clocks.

    Which cases name them is asked as of now, so that nothing that came to be restricted since is
    read. Leaves no trace: `Gathered.viewed` does.

    Raises:
        Problem: `restricted`, where one of the cases may not be opened.
    """
    office, told = reader.office, dict[int, Told]()
    cases, looked, twice = dict[UUID, Case](), set[UUID](), set[int]()
    for reference in sorted(cases_naming(office, person)):
        found = _about(reader, reference, person, clocks)
        if found is None:
            continue
        cases[reference] = found.case
        looked |= {reference, *found.among}
        twice |= joined.read(reference, found.streams).twice
        told |= {one.fact.position: one for one in _of_concern(found)}
    known = office.policies.known(clocks.as_at)
    counted = _counted(reader, in_order(told.values()), twice, known)
    return Gathered(concerns=tuple(counted), cases=cases, looked=frozenset(looked))


def _about(reader: Reader, case: UUID, person: UUID, clocks: Clocks) -> Stands | None:
    """A case by the clocks, where it is about this person. Raises Problem `restricted`."""
    facts = reader.office.record.facts(case, as_at=clocks.as_at)
    # Somebody may be named in hundreds of cases (an advocate): those are not replayed.
    if not any(getattr(fact.event, "adult", None) == person for fact in facts):
        return None
    try:
        found = stands(reader.office, case, clocks)
    except NotFound:  # not begun by then
        return None
    if found.case.adult != PersonRef(person):
        return None
    reader.may_open(found.now, case)
    return found


def _of_concern(found: Stands) -> Iterator[Told]:
    """The entries of a case that are gathered; a concern stands at when it reached the council."""
    received = {
        one.position: one.event.received
        for one in found.understood
        if isinstance(one.event, ReferralReceived | ReferralLinked)
    }
    for one in found.entries():
        if one.fact.header.name in WHAT:
            stated = getattr(one.fact.event, "received", one.occurred)  # of one withdrawn
            yield replace(one, occurred=received.get(one.fact.position, stated))


def _counted(
    reader: Reader, entries: Iterable[Told], twice: set[int], known: tuple[Policy, ...]
) -> Iterator[Concern]:
    """Number the concerns as they came, and say how many of them lie in the months before each."""
    days = list[date | None]()
    for told in entries:
        what = WHAT[told.fact.header.name]
        if what != CONCERN or told.withdrawn or told.fact.position in twice:
            yield Concern(told=told, what=what)
            continue
        day = told.occurred.day or told.occurred.last_day
        days.append(day)
        law = laid_over(reader.office.jurisdiction, in_force(known, day or date.max))
        months = law.repeat_window_months
        within = None
        if day is not None and months is not None:
            first = months_after(day, -months)
            within = sum(one is not None and first <= one <= day for one in days)
        yield Concern(told=told, what=what, number=len(days), within=within, months=months)


def totals(found: Gathered) -> dict[str, Json]:
    """The cases they stand in and how they stand, and from whom how many came."""
    return {
        "cases": [
            {
                "case": str(reference),
                "stage": str(case.stage),
                "received_on": None if case.received_on is None else case.received_on.isoformat(),
                "closed_on": None if case.closed_on is None else case.closed_on.isoformat(),
                "merged_into": None if case.merged_into is None else str(case.merged_into),
                "concerns": found.in_case(reference),
            }
            for reference, case in found.cases.items()
        ],
        "told_by": [
            {"who": who, "concerns": count} for who, count in found.by_teller.most_common()
        ],
    }


def row(one: Concern) -> dict[str, Json]:
    """A concern in an answer, with the place of its entry."""
    fact = one.fact
    return {
        "case": str(fact.stream),
        "version": fact.version,
        "position": fact.position,
        "name": fact.header.name,
        "what": one.what,
        "occurred": shown.when(one.told.occurred),
        "recorded_at": dump_instant(fact.recorded_at),
        "told_by": one.told_by,
        "told_role": one.told_role,
        "types": [str(code) for code in one.types],
        "text": None if one.text is None else shown.passage(one.text),
        "number": one.number,
        "within": one.within,
        "months": one.months,
        "corrected_by": one.told.corrected_by,
        "withdrawn": one.told.withdrawn,
    }
