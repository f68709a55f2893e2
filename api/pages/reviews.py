"""What is to be looked at again: the overdue first, with what was never reviewed at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.forms import labels
from api.names import Names
from api.pages import words
from api.pages.lists import (
    A_PAGE,
    Adults,
    holder,
    teams_in,
    waited_for,
    worker_of,
    workers_in,
)
from api.pages.page import CLOCKS, asked_by, foot, kept, page_asked, render, shown, turned
from api.problems import invalid
from api.routes.caseload import team_of
from api.routes.door import Reader
from api.routes.reviews import Whose, cases_of, lines_of, opened_of, page_of, reviews_by
from domain.jurisdictions import Jurisdiction
from projections.refold import TO_COME, Review, Reviews
from projections.reviews import REVIEWS

router: Final = APIRouter(include_in_schema=False)
_FIELDS: Final = ("overdue", "team", "worker", *CLOCKS)
_STANDING: Final = {
    "past_due": "Overdue",
    "never_reviewed": "Never reviewed",
    "no_date": "No date set",
    "to_come": "To come",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A review as the page shows it."""

    review: Review
    adult: str
    worker: str
    what: str
    standing: str
    due: str
    reviewed: str


@router.get("/reviews")
@shown(*_FIELDS, "cursor")
def reviews(request: Request, reader: Reader) -> Response:
    """Every review of the open cases by the clocks of the page's form: the longest overdue first.

    What may have happened by `as_of`, and may not, is left out and named after them.
    """
    query, office = request.query_params, reader.office
    reader.may("caseload")
    paging = page_asked(request, office, A_PAGE)
    clocks, late = paging.clocks, _overdue(query.get("overdue"))
    team, worker = team_of(query.get("team")), worker_of(query.get("worker"))
    of_now = clocks.as_at is None and not clocks.narrowed
    lately = waited_for(reader, REVIEWS.name) if of_now else 0
    position, whole = reviews_by(office, clocks, Whose(team=None, worker=None), overdue=False)
    found = [
        one
        for one in sorted(whole.rows, key=_order)
        if team in (None, one.team) and worker in (None, one.worker) and (one.overdue or not late)
    ]
    asked = Reviews(rows=tuple(found), left_out=whole.left_out)
    every = page_of(asked, paging)
    page = opened_of(reader, every)
    reader.viewed("caseload", among=cases_of(page), as_at=clocks.as_at)
    names, nation = Names(office, position), office.jurisdiction
    about = [(one.case, one.adult) for one in page.rows]
    adults = Adults.of(reader, names, about)
    return render(
        "reviews.html",
        office,
        rests=foot(request, position, clocks.on),
        lines=[_line(one, adults, nation) for one in page.rows],
        left_out=[(one, labels.title(one.name, nation)) for one in page.left_out],
        count=len(found),
        restricted=lines_of(every) - lines_of(page),
        cases=len({one.case for one in found}),
        overdue=sum(1 for one in found if one.overdue),
        never=len({one.case for one in found if one.reviews == 0}),
        teams=teams_in(one.team for one in whole.rows),
        workers=workers_in((one.worker for one in whole.rows), names),
        chosen={name: query.get(name, "") for name in (*_FIELDS, "purpose")},
        asked=asked_by(clocks, position),
        as_of_day=clocks.as_of,
        opens=kept(request, *CLOCKS, "purpose"),
        beside=kept(request, "team", "worker", "as_at", "on", "purpose"),
        behind=position < lately,
        turned=turned(request, paging, position, len(found) + len(asked.left_out)),
    )


def _overdue(text: str | None) -> bool:
    """Whether only the overdue are asked for. Raises Problem `invalid`."""
    if text not in (None, "", "true", "false"):
        raise invalid("/query/overdue", "This is true or false.")
    return text == "true"


def _order(one: Review) -> tuple[bool, bool, int, date, str, str]:
    """The overdue by how long, then what has no date, then what is to come by its day."""
    day = one.due_on or one.since or date.max
    to_come = one.why == TO_COME
    return (not one.overdue, to_come, -one.days, day, str(one.case), one.what)


def _line(one: Review, adults: Adults, nation: Jurisdiction) -> Line:
    return Line(
        review=one,
        adult=adults.called(one.case, one.adult),
        worker=holder(one.worker, adults.names),
        what=words.reviewed(one.what, nation),
        standing=f"Led by {one.led_by}" if one.led_by else _STANDING[one.why],
        due=_due(one),
        reviewed="Never"
        if one.reviewed_on is None
        else words.latest(one.reviewed_on, at_latest=one.reviewed_stated is not None),
    )


def _due(one: Review) -> str:
    """By which day; of what has no date, since when it is to be reviewed."""
    if one.due_on is not None:
        return words.latest(one.due_on, at_latest=one.at_latest)
    since = words.latest(one.since, at_latest=one.since_stated is not None)
    return f"No date of its own, since {since}"
