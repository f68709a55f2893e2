"""One case: where it stands, its timeline, and what the sources would criticise."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.editions import editions
from api.office import Office
from api.problems import invalid
from api.register import references_in
from api.routes import shown
from api.routes.choosing import CLEARED, PRESSING, ShowOfCase, chosen
from api.routes.door import PROBLEM, ClocksOf, ReaderOf, etag
from api.routes.paging import PagedClocks
from api.routes.people import entries_read, findings_about
from api.routes.waiting import Wait
from api.standing import Stands, stands
from domain.case import Case
from domain.cleared import Cleared
from domain.stage import at_latest

router: Final = APIRouter(prefix="/v1/cases", tags=["views"], responses=PROBLEM)


@router.get("/{case}", operation_id="case")
def summary(case: UUID, reader: ReaderOf, clocks: ClocksOf, _wait: Wait) -> Response:
    """Where a case stands, with the version to send as If-Match.

    `findings` and `left_out` are how many; `/findings` has them, page by page. `reads` are the
    cases whose entries are read in it, `merged_into` the one it is read in. `led_by` is the
    authority the lead was given to, null while it is this one; `counted_by` says which of the two
    counts it.
    """
    reader.may("summary", case)
    found = stands(reader.office, case, clocks)
    reader.may_open(found.now, case)
    reader.viewed("case", case=case, among=found.among, as_at=clocks.looked_at)
    body = {
        "case": str(case),
        **clocks.told(),
        "as_at": found.position,
        **_state(found.case),
        "reads": [str(one) for one in sorted(found.brought)],
        "findings": len(found.findings(reader.office)),
        "left_out": len(found.left_out),
        "external": [shown.external(one) for one in references_in(found.facts)],
    }
    return JSONResponse(body, headers=etag(found.tag))


@router.get("/{case}/findings", operation_id="case-findings")
def findings(
    case: UUID,
    reader: ReaderOf,
    paging: PagedClocks,
    _wait: Wait,
    show: ShowOfCase = PRESSING,
) -> Response:
    """What the sources would criticise in a case, judged by a day: high and unanswered, or all.

    `policy` is the version of the procedure in force on the day judged by, the nation's and, after
    a stroke, the authority's own; each finding names its own. `raised` counts all, whatever is
    shown. A finding is answered by its `id` (`answer-finding`).

    `cleared` are those that stood and no longer do, in the order in which they ceased to, each
    with when, how (`recorded`, `corrected`, `passed`), and by which entry. They are judged as at
    each entry, so there are none by `as_of` or `known_to`, nor unless they are asked for:
    `cleared_count` is null there.

    A page holds `findings`, `cleared`, `left_out`, `about_adult`, one after another; `count` is of
    `findings` alone.

    Of `about_adult` all is shown: it hangs on the adult's own record, and is not answered here. It
    is what they would in the adult's own stream, whose positions its entries have.
    Under `as_of` only what had certainly happened by then is judged; `left_out` names the entries
    that may have happened by then, and may not.
    """
    reader.may("findings", case)
    # Of the case and of the adult, whose streams are two: both at the position the answer names.
    as_at, clocks = paging.settled(reader.office)
    found = stands(reader.office, case, clocks)
    reader.may_open(found.now, case)
    reader.viewed("findings", case=case, among=found.among, as_at=paging.clocks.looked_at)
    raised, left_out = found.findings(reader.office), found.left_out
    own, past = chosen(raised, show), _past(found, reader.office, show)
    gone = past or ()
    # Last, since a restriction may take them away between two pages.
    before = len(own) + len(gone) + len(left_out)
    of_adult = findings_about(reader, found.case, clocks)
    about_adult = paging.part(of_adult.found, before=before)
    if about_adult:
        of_adult.looked(reader)
    body = {
        "case": str(case),
        **clocks.told(),
        "findings": [shown.finding(one) for one in paging.part(own)],
        "about_adult": [shown.finding(one) for one in about_adult],
        "cleared": [shown.cleared(one) for one in paging.part(gone, before=len(own))],
        "left_out": [
            shown.left_out(one) for one in paging.part(left_out, before=len(own) + len(gone))
        ],
        "count": len(own),
        "cleared_count": None if past is None else len(past),
        "raised": len(raised),
        "policy": reader.office.handler.looking(clocks.on, as_at=clocks.as_at).law.policy,
        "next": paging.next(as_at, before + len(of_adult.found)),
    }
    return JSONResponse(body, headers=etag(found.tag))


def _past(found: Stands, office: Office, show: str) -> tuple[Cleared, ...] | None:
    """What cleared, where that is asked for. Raises Problem `invalid`."""
    past = None if show == PRESSING else found.cleared(office)
    if show == CLEARED and past is None:
        words = "What cleared is asked for by as_at and on: leave out as_of and known_to."
        raise invalid("/query/show", words)
    return past


@router.get("/{case}/timeline", operation_id="case-timeline")
def timeline(case: UUID, reader: ReaderOf, paging: PagedClocks, _wait: Wait) -> Response:
    """Everything read in a case, in the order in which it happened, page by page.

    Each entry names the `case` it was recorded in, and has its version there: the one asked for,
    or another that was merged with it or split entries off to it. What an entry names by a version
    in that case, such as `authority`, stands in its `names` by position. Looking is a look at each.
    Under `as_of` it holds what may have happened by then, uncertain as it is.
    """
    reader.may("case", case)
    clocks = paging.clocks
    found = stands(reader.office, case, clocks)
    reader.may_open(found.now, case)
    reader.viewed("chronology", case=case, among=found.among, as_at=clocks.looked_at)
    entries, as_at = found.entries(), found.position
    body = {
        "case": str(case),
        **clocks.told(),
        "as_at": as_at,
        "entries": entries_read(reader, paging.part(entries), found.place, clocks.as_at),
        "count": len(entries),
        "next": paging.next(as_at, len(entries)),
    }
    return JSONResponse(body, headers=etag(found.tag))


@router.get("/{case}/circulation", operation_id="case-circulation")
def circulation(case: UUID, reader: ReaderOf, paging: PagedClocks, _wait: Wait) -> Response:
    """Who was given what of a case, in the order in which it was recorded, page by page.

    Copies of minutes, decisions, plans, reports, what was shared, disclosed or answered: each by
    the entry that says so (`position`), and by the digest of the copy where it has one. Of a copy
    of minutes `edition` says which it is of: approved when and by which entry, and whether others
    took their place since (`replaced`); null of a draft, and of what does not stand as approved.
    """
    reader.may("case", case)
    as_at, clocks = paging.settled(reader.office)
    found = stands(reader.office, case, clocks)
    reader.may_open(found.now, case)
    reader.viewed("chronology", case=case, among=found.among, as_at=paging.clocks.looked_at)
    holders, approved = found.case.given_out, editions(found.understood)
    body = {
        "case": str(case),
        **clocks.told(),
        "as_at": as_at,
        "holders": [shown.holder(one, approved) for one in paging.part(holders)],
        "count": len(holders),
        "next": paging.next(as_at, len(holders)),
    }
    return JSONResponse(body, headers=etag(found.tag))


def _state(state: Case) -> dict[str, Any]:
    """What a reader needs in order to act: references, days and versions; no text."""
    return {
        "version": state.version,
        "adult": None if state.adult is None else str(state.adult),
        "merged_into": None if state.merged_into is None else str(state.merged_into),
        "led_by": state.led_by,
        "counted_by": state.counted_by,
        "stage": str(state.stage),
        "closed": state.closed,
        "received": None if state.received is None else shown.when(state.received),
        "received_on": _iso(state.received_on),
        "closed_on": _iso(state.closed_on),
        "worker": None if state.worker is None else str(state.worker),
        "team": state.allocation.team,
        "duty_met": state.duty_met,
        "conference_due": _iso(state.conference_due),
        "at_latest": conference_at_latest(state),
        "allegations": [str(one) for one in state.allegations],
        "open_enquiries": [str(one) for one in state.open_enquiries],
        "conferences": [str(one) for one in state.conferences],
        "plans": [str(one) for one in state.plans],
        "restricted": state.restricted,
        "held": state.held,
        "erased": state.erased,
    }


def conference_at_latest(state: Case) -> bool:
    """Whether the day a conference is due by is only the latest it can be."""
    due = state.conference_by
    return due is not None and at_latest(due)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
