"""One case on one page: where it stands, what would be criticised, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.names import Names
from api.pages import words
from api.pages.page import CLOCKS, asked_by, clocks_of, kept, render, shown
from api.routes.door import Reader
from api.routes.timeline import Told, Which, timeline
from api.standing import stands
from domain.case import Case
from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.refusal import NotFound
from domain.when import in_order, unknown
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
@shown(*CLOCKS)
def one_case(request: Request, reader: Reader) -> Response:
    """A case by the clocks of the page's form, or as it stands now."""
    reader.may("case")
    case, clocks = _reference(request), clocks_of(request, reader.office)
    office = reader.office
    found = stands(office, case, clocks)
    reader.may_open(found.now)
    reader.viewed("case", case=case, as_at=clocks.as_at)
    names, state = Names(office, clocks.as_at), found.case
    named = reader.reads("details")
    return render(
        "case.html",
        office,
        case=case,
        state=state,
        adult=names.person(state.adult) if named else f"Case {str(case)[:8]}",
        worker=names.worker(state.worker),
        due=_due(state, office.jurisdiction, clocks.on),
        findings=_gravest_first(found.findings(office)) if reader.reads("findings") else None,
        left_out=[
            (one, words.title(one.header.name, office.jurisdiction)) for one in found.left_out
        ],
        entries=_entries(
            timeline(found.facts, Which.by_clocks(clocks)), names, office.jurisdiction
        ),
        clocks=clocks,
        asked=asked_by(clocks),
        sent={name: request.query_params.get(name, "") for name in CLOCKS},
        back=kept(request, "as_at", "on", "purpose"),
        purpose=str(reader.purpose),
        purposes=office.jurisdiction.lists["purpose"],
    )


def _reference(request: Request) -> UUID:
    try:
        return UUID(request.path_params["case"])
    except ValueError:
        raise NotFound("There is no such case.") from None


def _gravest_first(found: list[Finding]) -> list[Finding]:
    """The gravest first, then as long as each has stood."""

    def order(one: Finding) -> tuple[int, tuple[bool, datetime, str]]:
        return _SEVERITIES.get(one.severity, 3), in_order(one.since or unknown())

    return sorted(found, key=order)


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
    if not state.sittings and not state.not_required:
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
