"""One case on one page: where it stands, what would be criticised, and what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.forms import labels
from api.names import Names
from api.office import Office
from api.pages import words
from api.pages.entries import A_PAGE, Timeline, gravest_first, recorded, timeline, with_entry
from api.pages.minutes import met
from api.pages.owed import owed
from api.pages.page import (
    CLOCKS,
    asked_by,
    foot,
    kept,
    page_asked,
    render,
    shown,
    turned,
    with_purpose,
)
from api.routes.choosing import ALL, PRESSING, chosen
from api.routes.door import Reader
from api.routes.people import findings_about, withheld
from api.standing import Stands, stands
from domain.calendar import PolicyCalendar
from domain.finding import Finding
from domain.refusal import NotFound
from domain.words import Due, PersonRef

router: Final = APIRouter(include_in_schema=False)


def _called(case: UUID, adult: PersonRef | None, names: Names | None, *, closed: bool) -> str:
    """Whom the page is about, or the case where that is not shown: another case restricts them."""
    if names is not None:
        return names.person(adult)
    return f"Restricted (case {str(case)[:8]})" if closed else f"Case {str(case)[:8]}"


@router.get("/cases/{case}")
@shown(*CLOCKS, "cursor", "show", "entry", "recorded")
def one_case(request: Request, reader: Reader) -> Response:
    """A case by the clocks of the page's form, or as it stands now."""
    case, office = _reference(request), reader.office
    reader.may("case", case)
    paging = page_asked(request, office, A_PAGE)
    asked, (as_at, clocks) = paging.clocks, paging.settled(office)
    found = stands(office, case, clocks)
    reader.may_open(found.now, case)
    reader.viewed("case", case=case, among=found.among, as_at=asked.as_at)
    names, state, nation = Names(office, clocks.as_at), found.case, office.jurisdiction
    named = reader.reads("details")
    closed = named and state.adult is not None and withheld(reader, state.adult)
    told = found.entries()
    paging = with_entry(request, paging, told)
    of_adult = findings_about(reader, state, clocks)
    died = found.died if named and not closed else None
    if died is not None and not of_adult.found:  # else that look is one at the person already
        reader.viewed("person", person=state.adult, as_at=clocks.as_at)
    adult_page = _page_of(state.adult, kept(request, "as_at", "on", "purpose")) if named else ""
    if of_adult.found:
        of_adult.looked(reader)
    show = ALL if request.query_params.get("show") == ALL else PRESSING
    days = office.handler.working_days(clocks.as_at)
    raised = found.findings(office) if reader.reads("findings") else None
    turns = timeline(
        told, turned(request, paging, as_at, len(told)), names, nation, found.place, days=days
    )
    return render(
        "case.html",
        office,
        rests=foot(request, as_at, clocks.on),
        case=case,
        state=state,
        brought=sorted(found.brought),
        adult=_called(case, state.adult, None if closed or not named else names, closed=closed),
        adult_page=adult_page,
        died="" if died is None else words.time(died.when),
        adult_entry=partial(_entry_of, adult_page),
        worker=names.worker(state.worker),
        counted_by=labels.code("counts", str(state.counted_by), nation),
        due=_due(found, office, turns, days),
        met=list(met(request, found, nation)),
        stage=labels.code("stage", state.stage, nation),
        findings=None if raised is None else gravest_first(chosen(raised, show)),
        policy=office.handler.looking(clocks.on, as_at=clocks.as_at).law.policy,
        every=raised is not None and show == ALL,
        past=found.cleared(office) if raised is not None and show == ALL else None,
        more=0 if raised is None else len(raised) - len(chosen(raised, show)),
        all_findings=_with_all(kept(request, *CLOCKS, "purpose")),
        about_adult=gravest_first(of_adult.found),
        left_out=[(one, labels.title(one.header.name, nation)) for one in found.left_out],
        timeline=turns,
        clocks=clocks,
        recorded=recorded(request, told, nation),
        record=with_purpose(request, f"/cases/{case}/record"),
        asked=asked_by(asked),
        sent={name: request.query_params.get(name, "") for name in CLOCKS},
        back=kept(request, "as_at", "on", "purpose"),
        steps=kept(request, "as_at", "purpose"),
        reviews=kept(request, *CLOCKS, "purpose"),
        purpose=str(reader.purpose),
        purposes=nation.lists["purpose"],
    )


def _reference(request: Request) -> UUID:
    try:
        return UUID(request.path_params["case"])
    except ValueError:
        raise NotFound("There is no such case.") from None


def _page_of(adult: PersonRef | None, query: str) -> str:
    """Where the adult's page is, by the same clocks; nowhere before a referral."""
    return "" if adult is None else f"/persons/{adult}{query and '?'}{query}"


def _with_all(query: str) -> str:
    """Where the page shows every finding, by the same clocks."""
    return f"?{query}{query and '&'}show={ALL}#findings"


def _entry_of(page: str, position: int) -> str:
    """Where an entry of the adult's own timeline stands, on whichever page of it."""
    return f"{page}{'&' if '?' in page else '?'}entry={position}#entry-{position}"


def _due(
    found: Stands, office: Office, timeline: Timeline, days: PolicyCalendar
) -> list[tuple[str, str | None, str, bool]]:
    """What is due when, as now understood: what, its entry, by which day, and whether that is past.

    It is no criticism, and stands here for whoever may not read the findings.
    """
    nation, on = office.jurisdiction, found.clocks.on

    def judge(day: date) -> Iterable[Finding]:
        return found.findings(office, day)

    return [
        (
            words.capital(one.what),
            None if one.position is None else timeline.place(one.position),
            _by(one.due, days),
            one.overdue,
        )
        for one in owed(judge, on, found.understood, nation)
    ]


def _by(due: Due | date, days: PolicyCalendar) -> str:
    if not isinstance(due, Due):
        return words.day(due)
    return "; ".join([words.due(due), *words.landing(due, days)])
