"""One case: where it stands, its timeline, and what the sources would criticise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.problems import invalid
from api.routes import shown
from api.routes.door import PROBLEM, ReaderOf, Standing, StandingOf, day_of, etag
from api.routes.waiting import Wait
from domain.case import Case
from domain.when import end_of
from domain.words import Fact, Slug

router: Final = APIRouter(prefix="/v1/cases", tags=["views"], responses=PROBLEM)

_LAST: Final = datetime.max.replace(tzinfo=UTC)


@router.get("/{case}", operation_id="case")
def summary(case: UUID, reader: ReaderOf, standing: StandingOf, _wait: Wait) -> Response:
    """Where a case stands, with the version to send as If-Match."""
    reader.may("summary")
    state, facts = reader.office.handler.case(case, as_at=standing.as_at)
    reader.may_open(_now(reader, case, state, standing))
    reader.viewed("case", case=case, as_at=standing.as_at)
    found = list(reader.office.handler.findings(state, standing.on))
    body = {"case": str(case), "as_at": facts[-1].position, **_state(state), "findings": len(found)}
    return JSONResponse(body, headers=etag(state.version))


@router.get("/{case}/findings", operation_id="case-findings")
def findings(case: UUID, reader: ReaderOf, standing: StandingOf, _wait: Wait) -> Response:
    """What the sources would criticise in a case, judged by a day."""
    reader.may("findings")
    state, _facts = reader.office.handler.case(case, as_at=standing.as_at)
    reader.may_open(_now(reader, case, state, standing))
    reader.viewed("findings", case=case, as_at=standing.as_at)
    found = [shown.finding(one) for one in reader.office.handler.findings(state, standing.on)]
    body = {"case": str(case), "on": standing.on.isoformat(), "findings": found}
    return JSONResponse(body, headers=etag(state.version))


@router.get("/{case}/timeline", operation_id="case-timeline")
def timeline(
    case: UUID,
    reader: ReaderOf,
    standing: StandingOf,
    _wait: Wait,
    as_of: Annotated[
        str | None, Query(description="As true then: what had happened by the end of this day.")
    ] = None,
    known_to: Annotated[
        str | None, Query(description="Only what this agency knew by the day judged by (`on`).")
    ] = None,
) -> Response:
    """Everything recorded of a case, in the order in which it happened."""
    reader.may("case")
    which = Which.read(as_of, known_to, standing)
    state, facts = reader.office.handler.case(case, as_at=standing.as_at)
    reader.may_open(_now(reader, case, state, standing))
    reader.viewed("chronology", case=case, as_at=standing.as_at)
    corrections = shown.corrections_of(facts)
    entries = [shown.entry(fact, corrections) for fact in in_order(facts) if which.holds(fact)]
    body = {"case": str(case), "as_at": facts[-1].position, "entries": entries}
    return JSONResponse(body, headers=etag(state.version))


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which entries of a timeline are asked for."""

    as_of: date | None
    known_to: Slug | None
    on: date

    @classmethod
    def read(cls, as_of: str | None, known_to: str | None, standing: Standing) -> Which:
        """Read the query. Raises Problem `invalid`."""
        try:
            agency = None if known_to is None else Slug(known_to)
        except ValueError:
            raise invalid("/query/known_to", "This is not an agency's identifier.") from None
        day = None if as_of is None else day_of("as_of", as_of)
        return cls(as_of=day, known_to=agency, on=standing.on)

    def holds(self, fact: Fact[Any]) -> bool:
        """Whether an entry is asked for; doubt about when it happened counts as yes."""
        earliest = fact.occurred.earliest
        if self.as_of is not None and earliest is not None and earliest > end_of(self.as_of):
            return False
        return self.known_to is None or self._knew(fact, self.known_to)

    def _knew(self, fact: Fact[Any], agency: Slug) -> bool:
        """Whether the agency may have known of it by the day."""
        until = end_of(self.on)
        for known in fact.header.known_to:
            since = known.since.earliest
            if known.agency == agency and (since is None or since <= until):
                return True
        return fact.header.organisation == agency


def in_order(facts: Iterable[Fact[Any]]) -> list[Fact[Any]]:
    """As things happened: by the earliest they can have, then the latest, then as recorded.

    What happened at a time nobody knows stands where it was recorded.
    """
    return sorted(
        facts,
        key=lambda fact: (
            fact.occurred.earliest or (fact.recorded_at if fact.occurred.unknown else _FIRST),
            fact.occurred.latest or (fact.recorded_at if fact.occurred.unknown else _LAST),
            fact.position,
        ),
    )


_FIRST: Final = datetime.min.replace(tzinfo=UTC)


def _now(reader: ReaderOf, case: UUID, state: Case, standing: Standing) -> Case:
    """The case as it stands now, whose restriction holds over its past too."""
    return state if standing.as_at is None else reader.office.handler.case(case)[0]


def _state(state: Case) -> dict[str, Any]:
    """What a reader needs in order to act: references, days and versions; no text."""
    return {
        "version": state.version,
        "adult": None if state.adult is None else str(state.adult),
        "stage": str(state.stage),
        "closed": state.closed,
        "received_on": _iso(state.received_on),
        "closed_on": _iso(state.closed_on),
        "worker": None if state.worker is None else str(state.worker),
        "team": state.allocation.team,
        "duty_met": state.duty_met,
        "conference_due": _iso(state.conference_due),
        "allegations": [str(one) for one in state.allegations],
        "open_enquiries": [str(one) for one in state.open_enquiries],
        "conferences": [str(one) for one in state.conferences],
        "plans": [str(one) for one in state.plans],
        "restricted": state.restricted,
        "held": state.held,
        "erased": state.erased,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
