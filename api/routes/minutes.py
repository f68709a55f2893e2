"""The minutes of a conference as a file, and documents as they are kept."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.minutes import pdf, word
from api.minutes.drafted import Copy, drafted
from api.problems import Problem
from api.routes.door import PROBLEM, ReaderOf
from domain.case import replay
from domain.corrected import standing
from domain.words import ConferenceRef

router: Final = APIRouter(prefix="/v1/cases", tags=["views"], responses=PROBLEM)
_BYTES: Final = {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}
_FORMATS: Final = {"docx": (word.word, word.MEDIA), "pdf": (pdf.pdf, pdf.MEDIA)}


@router.get(
    "/{case}/conferences/{conference}/minutes",
    operation_id="conference-minutes",
    response_class=Response,
    responses={200: {"description": "The file.", **_BYTES}},
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
    page, _used = drafted(reader.office, state, facts, ConferenceRef(conference), asked)
    make, media = _FORMATS[format]
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="minutes.{format}"',
    }
    return Response(make(page), media_type=media, headers=headers)


@router.get(
    "/{case}/documents/{document}",
    operation_id="case-document",
    response_class=Response,
    responses={200: {"description": "The file.", **_BYTES}},
)
def kept(case: UUID, document: UUID, reader: ReaderOf) -> Response:
    """A document that an entry of the case names, as it was kept.

    A forgotten one is not found: what is left of it is its digest, in the entries that name it.
    """
    reader.may("case")
    now, facts = reader.office.handler.case(case)
    reader.may_open(now)
    if all(getattr(one.event, "document", None) != document for one in facts):
        raise Problem("not-found")
    reader.viewed("document", case=case)
    found = reader.office.documents.read(document)
    if found.content is None:
        raise Problem("not-found", "This document was forgotten.")
    headers = {"Cache-Control": "no-store", "Content-Disposition": "attachment"}
    return Response(found.content, media_type=found.media, headers=headers)
