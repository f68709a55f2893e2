"""The minutes of a meeting from its case's page: the file that the interface gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.minutes.drafted import Copy
from api.minutes.files import MEDIA
from api.pages import words
from api.pages.page import basis_of, shown, with_purpose
from api.problems import invalid
from api.routes.door import Reader
from api.routes.minutes import made
from api.standing import Stands
from domain.jurisdictions import Jurisdiction
from domain.refusal import NotFound
from domain.words import ConferenceRef

router: Final = APIRouter(include_in_schema=False)
_NONE: Final = "There is no such meeting in this case."


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A meeting that was held: what it is called, where its minutes are, and whose it is.

    `other` is the case it was recorded in, where that is not the one whose page this is.
    """

    called: str
    pdf: str
    word: str
    other: UUID | None


@router.get("/cases/{case}/conferences/{conference}/minutes")
@shown("format")
def minutes(request: Request, reader: Reader) -> Response:
    """The minutes drafted from the record, of every part, as known now."""
    kind = request.query_params.get("format") or "pdf"
    if kind not in MEDIA:
        raise invalid("/query/format", "This is docx or pdf.")
    case, ref = _reference(request, "case"), ConferenceRef(_reference(request, "conference"))
    return made(reader, case, ref, Copy(), kind, basis=basis_of(request, reader.office))


def met(request: Request, found: Stands, nation: Jurisdiction) -> Iterator[Met]:
    """Every meeting held that is read in a case, also one recorded in a case it is read with."""
    case = found.facts[0].stream
    places = {
        getattr(one.event, "conference", None): one.stream
        for one in found.understood
        if one.header.name in {"conference-held", "core-group-held"}
    }
    for ref, sitting in found.case.sittings.items():
        at = f"/cases/{case}/conferences/{ref}/minutes"
        called = found.case.conferences.get(ref)
        if called is None:  # it was split off to another case, and its meeting was not
            continue
        kind = nation.label("conference_kind", called.kind)
        place = places.get(ref, case)
        yield Met(
            called=f"{kind}, {words.time(sitting.held.when)}",
            pdf=with_purpose(request, at, format="pdf"),
            word=with_purpose(request, at, format="docx"),
            other=None if place == case else place,
        )


def _reference(request: Request, name: str) -> UUID:
    try:
        return UUID(request.path_params[name])
    except ValueError:
        raise NotFound(_NONE) from None
