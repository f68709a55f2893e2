"""One case: where it stands, its timeline, and what the sources would criticise."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.register import references_in
from api.routes import shown
from api.routes.door import PROBLEM, ClocksOf, ReaderOf, etag
from api.routes.people import findings_about
from api.routes.timeline import Which
from api.routes.timeline import timeline as entries_of
from api.routes.waiting import Wait
from api.standing import stands
from domain.case import Case

router: Final = APIRouter(prefix="/v1/cases", tags=["views"], responses=PROBLEM)


@router.get("/{case}", operation_id="case")
def summary(case: UUID, reader: ReaderOf, clocks: ClocksOf, _wait: Wait) -> Response:
    """Where a case stands, with the version to send as If-Match."""
    reader.may("summary")
    found = stands(reader.office, case, clocks)
    reader.may_open(found.now)
    reader.viewed("case", case=case, as_at=clocks.as_at)
    body = {
        "case": str(case),
        **clocks.told(),
        "as_at": found.facts[-1].position,
        **_state(found.case),
        "findings": len(found.findings(reader.office)),
        "left_out": [shown.left_out(one) for one in found.left_out],
        "external": [shown.external(one) for one in references_in(found.facts)],
    }
    return JSONResponse(body, headers=etag(found.case.version))


@router.get("/{case}/findings", operation_id="case-findings")
def findings(case: UUID, reader: ReaderOf, clocks: ClocksOf, _wait: Wait) -> Response:
    """What the sources would criticise in a case, judged by a day.

    `about_adult` is what they would in the adult's own stream, whose positions its entries have.
    Under `as_of` only what had certainly happened by then is judged; `left_out` names the entries
    that may have happened by then, and may not.
    """
    reader.may("findings")
    found = stands(reader.office, case, clocks)
    reader.may_open(found.now)
    reader.viewed("findings", case=case, as_at=clocks.as_at)
    body = {
        "case": str(case),
        **clocks.told(),
        "as_at": found.facts[-1].position,
        "findings": [shown.finding(one) for one in found.findings(reader.office)],
        "about_adult": [
            shown.finding(one) for one in findings_about(reader, found.case.adult, clocks)
        ],
        "left_out": [shown.left_out(one) for one in found.left_out],
    }
    return JSONResponse(body, headers=etag(found.case.version))


@router.get("/{case}/timeline", operation_id="case-timeline")
def timeline(case: UUID, reader: ReaderOf, clocks: ClocksOf, _wait: Wait) -> Response:
    """Everything recorded of a case, in the order in which it happened.

    Under `as_of` it holds what may have happened by then, uncertain as it is.
    """
    reader.may("case")
    found = stands(reader.office, case, clocks)
    reader.may_open(found.now)
    reader.viewed("chronology", case=case, as_at=clocks.as_at)
    entries = [shown.entry(one) for one in entries_of(found.facts, Which.by_clocks(clocks))]
    body = {
        "case": str(case),
        **clocks.told(),
        "as_at": found.facts[-1].position,
        "entries": entries,
    }
    return JSONResponse(body, headers=etag(found.case.version))


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
