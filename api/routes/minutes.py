"""The minutes of a conference as a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.basis import Basis
from api.clocks import Typed
from api.minutes.drafted import Copy, cases_of, drafted
from api.minutes.files import MEDIA, file_of
from api.minutes.page import rests_on
from api.routes.documents import BYTES
from api.routes.door import PROBLEM, BasisOf, Reader, ReaderOf, based, clocks_read
from api.routes.people import names_open
from api.standing import stands
from domain.words import ConferenceRef

router: Final = APIRouter(prefix="/v1/cases", tags=["views"], responses=PROBLEM)


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
    basis: BasisOf,
    *,
    format: Literal["docx", "pdf"] = "pdf",  # noqa: A002 — the parameter's name for a client
    part: Annotated[list[int] | None, Query(description="The parts a copy covers.")] = None,
    copy: Annotated[
        int | None, Query(description="The entry that says what a copy leaves out.")
    ] = None,
) -> Response:
    """The minutes drafted from the record, the same bytes for the same entries.

    `part` are the parts of the meeting it covers, all where it is left out; `copy` is the version
    of the `redacted-copy-produced` whose redactions are shown as withheld: of this case or, where
    it has none under that number, of one read in it. The minutes of a case that is read in another
    are found in both; looking is a look at each.
    """
    asked = Copy(parts=tuple(sorted(set(part or ()))), redacted_at=copy)
    return made(reader, case, ConferenceRef(conference), asked, format, basis=basis)


def made(
    reader: Reader,
    case: UUID,
    ref: ConferenceRef,
    copy: Copy,
    kind: str,
    *,
    basis: Basis | None = None,
) -> Response:
    """The minutes as a file of a kind, `docx` or `pdf`, with the trace of the reading.

    Raises:
        NotFound: there is no such case, or no such meeting, part or copy is read in it.
        Problem: `not-permitted` or `restricted`.
    """
    reader.may("case", case)
    clocks = clocks_read(reader.office, Typed())
    if basis is not None:
        clocks = based(basis, clocks, None)
    found = stands(reader.office, case, clocks)
    reader.may_open(found.now, case)
    reader.viewed("document", case=case, among=cases_of(found, ref))
    person = names_open(reader, (*found.facts, *found.understood), clocks.as_at)
    page = drafted(reader.office, found, ref, copy, person=person).page
    if basis is not None:
        page = replace(page, basis=rests_on(basis.named()))
    file = file_of(page, kind, reader.office.settings.fonts)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="minutes.{kind}"',
    }
    return Response(file, media_type=MEDIA[kind], headers=headers)
