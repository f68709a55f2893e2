"""A timeline given out for a review, over several cases and persons."""

from __future__ import annotations

import hmac
import json
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import JSONResponse, Response

from api.basis import Basis
from api.clocks import Typed, UnreadableError, read_clocks
from api.problems import invalid
from api.routes.commands import Running, Sent, SentOf, command_id, running_of
from api.routes.door import PROBLEM, BasisOf, Reader, ReaderOf, based
from api.schema import Strict
from api.timelines.asked import Asked, Naming, Period
from api.timelines.given_out import Run
from api.timelines.producing import produce
from api.values import DateText, SlugText, UuidText
from domain.words import ReviewRef

router: Final = APIRouter(prefix="/v1/timelines", tags=["views"], responses=PROBLEM)
_MOST: Final = 100  # cases, or persons
Day = Annotated[DateText | None, Field(description="A day, as 2026-11-02.")]


class Wanted(Strict):
    """Which timeline, of which time, as known when and to whom, and as which kind of file.

    `naming`: `recorded` as it stands, `named` with the names of whom each entry names, `pseudonyms`
    with nobody's, the same within one purpose (`Holdfast-Purpose`) and `review`. `gaps` are the
    days of a silence that is a line of its own.
    """

    cases: list[UuidText] = Field(default=[], max_length=_MOST)
    persons: list[UuidText] = Field(default=[], max_length=_MOST)
    period_from: Day = None
    period_to: Day = None
    before_period: bool = False
    known_to: SlugText | None = None
    known_on: Day = None
    as_at: str | None = None
    naming: Literal["recorded", "named", "pseudonyms"] = "recorded"
    review: UuidText | None = None
    gaps: int | None = Field(default=None, ge=1)
    format: Literal["csv", "xlsx", "docx", "json"] = "csv"


@router.post(
    "",
    operation_id="export-timeline",
    status_code=201,
    responses={200: {"description": "It was given out before: the same file, named again."}},
)
def export(
    body: Wanted,
    reader: ReaderOf,
    basis: BasisOf,
    sent: SentOf,
    running: Annotated[Running, Depends(running_of)],
) -> Response:
    """Make a timeline of cases and persons in one order, keep it, and record that it was given out.

    The file is kept sealed in each of its cases, and fetched as a document of one
    (`links.file`); the key to its pseudonyms is another (`links.pseudonyms`). `sha256` is of the
    file; `report` names by number the lines without a source, those that may tell the same, and how
    many entries were left out, by why. What it rests on (`basis`) asked for again is the same file
    within a release. Sent again under its Idempotency-Key it is answered again, and is not given
    out twice.
    """
    secret = reader.office.wrapping.search_key()
    run = Run(id=command_id(reader.actor, sent.key, secret), digest=_digest(reader, sent, secret))
    with running.alone(run.id):
        made = produce(reader, _asked(body, reader, basis), basis, run)
    answer = made.answer()
    for one in answer["given_out"]:
        here = f"/v1/cases/{one['case']}/documents"
        links = {"file": f"{here}/{one['document']}"}
        if one["pseudonyms"] is not None:
            links["pseudonyms"] = f"{here}/{one['pseudonyms']}"
        one["links"] = links
    headers = {"Cache-Control": "no-store"}
    if made.repeated:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse(answer, 200 if made.repeated else 201, headers=headers)


def _digest(reader: Reader, sent: Sent, secret: bytes) -> bytes:
    """What tells two requests under one key apart; none of them holds a word about anybody."""
    whole = [sent.key, "POST", sent.path, str(reader.purpose), json.loads(sent.raw)]
    return hmac.digest(secret, json.dumps(whole, sort_keys=True).encode(), "sha256")


def _asked(body: Wanted, reader: Reader, basis: Basis) -> Asked:
    if body.known_on is not None and body.known_to is None:
        raise invalid("/known_on", "This says by when an agency knew: send known_to too.")
    on: date | None = body.known_on
    typed = Typed(
        as_at=body.as_at, on=None if on is None else on.isoformat(), known_to=body.known_to
    )
    try:
        clocks = based(basis, read_clocks(reader.office, typed), typed.on)
    except UnreadableError as wrong:
        place = "known_on" if wrong.clock == "on" else wrong.clock
        raise invalid(f"/{place}", wrong.words) from None
    return Asked(
        cases=tuple(body.cases),
        persons=tuple(body.persons),
        period=Period(since=body.period_from, until=body.period_to),
        before_period=body.before_period,
        clocks=clocks,
        naming=Naming(body.naming),
        gaps=body.gaps,
        review=None if body.review is None else ReviewRef(body.review),
        kind=body.format,
    )
