"""What auditors ask, as pages: a case entry by entry, decisions over all cases, samples, traces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.audited import decision_said, step_said, traced_said
from api.clocks import UnreadableError, read_day
from api.pages.page import (
    asked_by,
    basis_of,
    clocks_of,
    foot,
    kept,
    page_asked,
    render,
    shown,
    turned,
)
from api.pages.words import day
from api.problems import Problem, invalid
from api.replaying import joined_to, may_replay
from api.replaying import replay as steps_of
from api.routes.audits import MOST_SEED
from api.routes.caseload import team_of
from api.routes.decisions import A_ROLE, KINDS, a_kind, asked, may_read
from api.routes.door import Reader
from api.routes.trace import A_PLACE
from api.sampling import METHOD, MOST
from api.sampling import sample as sample_of
from api.standing import stands
from api.tracing import Place, tree
from api.tracing import trace as traced
from domain.jurisdictions import Jurisdiction
from domain.refusal import NotFound
from projections.decisions import Wanted

router: Final = APIRouter(include_in_schema=False)
A_PAGE: Final = 25
_WHICH: Final[Mapping[str, bool | None]] = {"": None, "open": True, "closed": False}
_REGISTER: Final = ("from", "to", "kind", "by", "team", "as_at")
_SAMPLE: Final = ("seed", "size", "team", "which", "as_at")


@router.get("/audit")
@shown()
def audit(request: Request, reader: Reader) -> Response:
    """What an auditor may ask; nothing of any case is on it."""
    if not (reader.reads("caseload") and reader.reads("case")):
        raise Problem("not-permitted", "Your role may not read this.")
    return render(
        "audit.html",
        reader.office,
        purpose=request.query_params.get("purpose", ""),
        traces=reader.reads("access_log"),
        most=MOST,
    )


@router.get("/cases/{case}/replay")
@shown("as_at", "cursor")
def replay(request: Request, reader: Reader) -> Response:
    """A case in the order in which it was recorded: what each entry changed, and raised then."""
    case, office = _reference(request.path_params["case"], "case"), reader.office
    reader.may("case", case)
    paging = page_asked(request, office, A_PAGE)
    as_at, clocks = paging.settled(office)
    found = stands(office, case, clocks)
    reader.may_open(found.now, case)
    if not may_replay(reader, found):
        raise Problem("restricted")
    reader.viewed("replay", case=case, among=joined_to(found), as_at=paging.clocks.as_at)
    made = steps_of(reader, found, skip=paging.skip, limit=paging.limit)
    nation = office.jurisdiction
    return render(
        "replay.html",
        office,
        rests=foot(request, as_at, clocks.on, judged=False),
        case=case,
        steps=[
            (step["receipt"]["position"], *step_said(step, told, nation))
            for step, told in zip(made.steps, made.entries, strict=True)
        ],
        asked=asked_by(paging.clocks),
        back=kept(request, "as_at", "purpose"),
        turned=turned(request, paging, as_at, made.count),
    )


@router.get("/audit/decisions")
@shown(*_REGISTER, "cursor")
def decisions(request: Request, reader: Reader) -> Response:
    """The register of decisions over all cases, in the order in which they were taken."""
    may_read(reader)
    query, office = request.query_params, reader.office
    paging, nation = page_asked(request, office, A_PAGE), office.jurisdiction
    at = paging.clocks
    as_at, page, count = asked(
        reader, _wanted(request), at.as_at, skip=paging.skip, limit=paging.limit
    )
    return render(
        "decisions.html",
        office,
        rests=foot(request, as_at, at.on, judged=False),
        rows=[
            (one, told.fact.position, _taken_on(one), *decision_said(one, told, nation))
            for one, told in zip(page.rows, page.entries, strict=True)
        ],
        restricted=page.restricted,
        kinds=KINDS,
        chosen={name: query.get(name, "") for name in (*_REGISTER, "purpose")},
        asked=asked_by(at, as_at),
        turned=turned(request, paging, as_at, count),
    )


def _taken_on(one: Mapping[str, Any]) -> str:
    return day(date.fromisoformat(one["decided_on"]))


@router.get("/audit/sample")
@shown(*_SAMPLE)
def sample(request: Request, reader: Reader) -> Response:
    """Cases drawn to audit: the same seed and position draw the same anywhere."""
    reader.may("caseload")
    query, office = request.query_params, reader.office
    which = query.get("which") or ""
    if which not in _WHICH:
        raise invalid("/query/which", "This is open or closed; left out, all.")
    seed, size = _number(request, "seed", MOST_SEED, 0), _number(request, "size", MOST, 1)
    clocks = clocks_of(request, office)
    found = sample_of(
        reader,
        seed=seed,
        size=size,
        as_at=clocks.as_at,
        team=team_of(query.get("team")),
        is_open=_WHICH[which],
    )
    again = {"seed": str(seed), "size": str(size), "as_at": str(found.as_at)}
    return render(
        "sample.html",
        office,
        rests=foot(request, found.as_at, clocks.on, judged=False),
        rows=found.rows,
        population=found.population,
        method=METHOD,
        again=again,
        as_at=found.as_at,
        opens=urlencode([("as_at", str(found.as_at)), *_purpose(request)]),
        asked=asked_by(clocks, found.as_at),
    )


@router.get("/audit/trace")
@shown("correlation", "after")
def trace(request: Request, reader: Reader) -> Response:
    """What belongs to one request, over both logs: each entry below the one that caused it."""
    reader.may("access_log")
    query, office = request.query_params, reader.office
    correlation = _reference(query.get("correlation", "").strip(), "correlation")
    after = query.get("after") or Place().text
    if not re.fullmatch(A_PLACE, after, re.ASCII):
        raise invalid("/query/after", "This is where a page before this one ended.")
    found = traced(reader, correlation, basis_of(request, office), Place.of(after))
    more = [("correlation", str(correlation)), *_purpose(request)]
    return render(
        "trace.html",
        office,
        rests=None,
        correlation=correlation,
        count=found.count,
        upto=found.upto,
        roots=list(_nodes(tree(found.told), office.jurisdiction)),
        first=after == Place().text,
        next=None
        if found.next is None
        else f"/audit/trace?{urlencode([*more, ('after', found.next.text)])}",
    )


def _nodes(roots: list[dict[str, Any]], nation: Jurisdiction) -> Iterator[dict[str, Any]]:
    """The entries of a trace in words, each with those it caused."""
    for one in roots:
        yield {"said": traced_said(one, nation), "caused": list(_nodes(one["caused"], nation))}


def _wanted(request: Request) -> Wanted:
    """Which decisions a page's form asks for. Raises Problem `invalid`."""
    query = request.query_params
    first, last = _day(request, "from"), _day(request, "to")
    if first is not None and last is not None and first > last:
        raise invalid("/query/to", "The last day comes before the first: exchange them.")
    kind, by = query.get("kind") or None, query.get("by") or None
    if not a_kind(kind):
        raise invalid("/query/kind", f"This is {KINDS}.")
    if by is not None and not re.fullmatch(A_ROLE, by, re.ASCII):
        raise invalid("/query/by", "This is a role, such as manager.")
    return Wanted(first=first, last=last, kind=kind, role=by, team=team_of(query.get("team")))


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name) or None
    try:
        return None if text is None else read_day(name, text)
    except UnreadableError as wrong:
        raise invalid(f"/query/{name}", wrong.words) from None


def _number(request: Request, name: str, most: int, least: int) -> int:
    text = request.query_params.get(name) or ""
    if not (re.fullmatch("[0-9]{1,16}", text, re.ASCII) and least <= int(text) <= most):
        raise invalid(f"/query/{name}", f"This is a whole number from {least} to {most}.")
    return int(text)


def _purpose(request: Request) -> list[tuple[str, str]]:
    purpose = request.query_params.get("purpose")
    return [("purpose", purpose)] if purpose else []


def _reference(text: str, what: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(f"There is no such {what}.") from None
