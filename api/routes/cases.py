"""One case: where it stands, its timeline, and what the sources would criticise."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.routes import shown
from api.routes.door import PROBLEM, ReaderOf, Standing, StandingOf, etag
from api.routes.timeline import Which
from api.routes.timeline import timeline as entries_of
from api.routes.waiting import Wait
from domain.case import Case

router: Final = APIRouter(prefix="/v1/cases", tags=["views"], responses=PROBLEM)


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
    which = Which.read(as_of, known_to, standing.on)
    state, facts = reader.office.handler.case(case, as_at=standing.as_at)
    reader.may_open(_now(reader, case, state, standing))
    reader.viewed("chronology", case=case, as_at=standing.as_at)
    entries = [shown.entry(one) for one in entries_of(facts, which)]
    body = {"case": str(case), "as_at": facts[-1].position, "entries": entries}
    return JSONResponse(body, headers=etag(state.version))


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
        "received": None if state.received is None else shown.when(state.received),
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
