"""The minutes of a conference as a file."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.minutes import pdf, word
from api.minutes.drafted import Copy, drafted
from api.routes.documents import BYTES
from api.routes.door import PROBLEM, ReaderOf
from api.routes.people import names_open
from domain.case import replay
from domain.corrected import standing
from domain.words import ConferenceRef

router: Final = APIRouter(prefix="/v1/cases", tags=["views"], responses=PROBLEM)
_FORMATS: Final = {"docx": (word.word, word.MEDIA), "pdf": (pdf.pdf, pdf.MEDIA)}


@router.get(
    "/{case}/conferences/{conference}/minutes",
    operation_id="conference-minutes",
    response_class=Response,
    responses={200: {"description": "The file.", **BYTES}},
)
def minutes(
    case: UUID,
    conference: UUID,
    reader: ReaderOf,
    *,
    format: Literal["docx", "pdf"] = "pdf",  # noqa: A002 — the parameter's name for a client
    part: Annotated[list[int] | None, Query(description="The parts a copy covers.")] = None,
    copy: Annotated[
        int | None, Query(description="The entry that says what a copy leaves out.")
    ] = None,
) -> Response:
    """The minutes drafted from the record, the same bytes for the same entries.

    `part` are the parts of the meeting it covers, all where it is left out; `copy` is the version
    of the `redacted-copy-produced` whose redactions are shown as withheld.
    """
    reader.may("case")
    now, facts = reader.office.handler.case(case)
    reader.may_open(now)
    reader.viewed("document", case=case)
    asked = Copy(parts=tuple(sorted(set(part or ()))), redacted_at=copy)
    state = replay(standing(facts))
    person = names_open(reader, facts)
    made = drafted(reader.office, state, facts, ConferenceRef(conference), asked, person=person)
    make, media = _FORMATS[format]
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="minutes.{format}"',
    }
    return Response(make(made.page), media_type=media, headers=headers)
