"""One case on one page: where it stands, what would be criticised, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages import words
from api.pages.page import Names, render, shown, standing_of
from api.routes.door import READING, Reader, Standing
from api.routes.timeline import Told, Which, timeline
from domain.case import Case
from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.refusal import NotFound
from domain.words import Fact

router: Final = APIRouter(include_in_schema=False)
_SEVERITIES: Final = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the timeline as the page shows it."""

    told: Told
    title: str
    recorded_by: str
    performed_by: str
    role: str
    lines: tuple[words.Line, ...]

    @property
    def fact(self) -> Fact[Any]:
        """The fact as it was recorded."""
        return self.told.fact


@router.get("/cases/{case}")
@shown
def one_case(request: Request, reader: Reader) -> Response:
    """A case as known at the end of a day, or now."""
    reader.may("case")
    case, standing = _reference(request), standing_of(request, reader.office)
    office = reader.office
    state, facts = office.handler.case(case, as_at=standing.as_at)
    reader.may_open(state if standing.as_at is None else office.handler.case(case)[0])
    reader.viewed("case", case=case, as_at=standing.as_at)
    names, told = Names(office, standing.as_at), timeline(facts, Which(by=standing.on))
    named = reader.actor.role in READING["person"]
    return render(
        "case.html",
        office,
        case=case,
        state=state,
        adult=names.person(state.adult) if named else f"Case {str(case)[:8]}",
        worker=names.worker(state.worker),
        due=_due(state, office.jurisdiction, standing.on),
        findings=_findings(reader, state, standing)
        if reader.actor.role in READING["findings"]
        else None,
        entries=_entries(told, names, office.jurisdiction),
        standing=standing,
        as_at=request.query_params.get("as_at", ""),
        purpose=str(reader.purpose),
        purposes=office.jurisdiction.lists["purpose"],
    )


def _reference(request: Request) -> UUID:
    try:
        return UUID(request.path_params["case"])
    except ValueError:
        raise NotFound("There is no such case.") from None


def _findings(reader: Reader, state: Case, standing: Standing) -> list[Finding]:
    """What would be criticised, the gravest first."""
    found = reader.office.handler.findings(state, standing.on)
    return sorted(found, key=lambda one: (_SEVERITIES.get(one.severity, 3), one.since or date.max))


def _entries(told: list[Told], names: Names, nation: Jurisdiction) -> list[Entry]:
    return [
        Entry(
            told=one,
            title=words.title(one.fact.header.name, nation),
            recorded_by=names.worker(one.fact.header.recorded_by),
            performed_by=names.worker(one.fact.header.performed_by),
            role=words.label(one.fact.header.role),
            lines=tuple(words.lines(one.fact.event, nation)),
        )
        for one in told
    ]


def _due(state: Case, nation: Jurisdiction, on: date) -> list[tuple[str, date, bool]]:
    """What is due when, as it was stored: words, day, and whether the day has passed."""
    dates: list[tuple[str, date | None]] = []
    if state.first_held_on is None and state.not_required_on is None:
        dates.append((nation.terms["conference"], state.conference_due))
    if state.enquiry_open and state.enquiry.due is not None:
        dates.append((nation.terms["enquiry"], state.enquiry.due.on))
    for ref, plan in state.plans.items():
        if ref not in state.monitoring.ended:
            due = state.monitoring.due.get(ref, plan.review_due)
            dates.append((f"review of the {nation.terms['plan']}", None if due is None else due.on))
    for action, owed in state.plan_actions.items():
        if action not in state.monitoring.done:
            dates.append((f"an action of the {nation.terms['plan']}", owed.due))
    told = [(words.label(what), day, day < on) for what, day in dates if day is not None]
    return sorted(told, key=lambda one: one[1])
