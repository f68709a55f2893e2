"""Somebody's own drafts: what they began to record and have not. Nobody else's are ever shown."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.forms.guarding import check_origin, check_token, token
from api.forms.keeping import place_of_draft, sheet_of
from api.forms.labels import title
from api.forms.place import check, look
from api.forms.sending import Arrived
from api.pages.page import kept, reader_of, render
from api.pages.recording import SentForm, page
from api.routes.door import Reader, check_query
from domain.record.drafts import Draft
from domain.refusal import NotFound

router: Final = APIRouter(include_in_schema=False)


@router.get("/drafts")
def drafts(request: Request) -> Response:
    """Every draft of whoever asks."""
    return page(request, lambda: _listed(request))


def _listed(request: Request) -> Response:
    check_query(request, {"purpose", "saved", "apart"})
    reader = reader_of(request)
    reader.office.drafts.sweep()  # of what was left alone too long
    found = reader.office.drafts.of(reader.actor.worker)
    apart = request.query_params.get("apart")
    return render(
        "drafts.html",
        reader.office,
        apart=next((one.id for one in found if str(one.id) == apart), None),
        saved=bool(request.query_params.get("saved")),
        drafts=[_line(reader, one) for one in found],
    )


def _line(reader: Reader, draft: Draft) -> dict[str, Any]:
    """A draft as the list shows it: of what by reference alone, which is no look at it."""
    place = place_of_draft(draft)
    of = "a new record" if place.kind is None else f"{place.kind} {str(draft.stream)[:8]}"
    return {
        "id": draft.id,
        "title": title(draft.command, reader.office.jurisdiction),
        "of": of,
        "saved_at": draft.saved_at,
        "token": token(_secret(reader), reader.actor, draft.id, _discarding(draft.id)),
    }


def _secret(reader: Reader) -> bytes:
    return reader.office.wrapping.search_key()


def _discarding(draft: UUID) -> str:
    return f"/drafts/{draft}/discard"


@router.get("/drafts/{draft}")
def draft(request: Request, draft: str) -> Response:
    """A draft's form, as it was left; with what was recorded since."""
    return page(request, lambda: _opened(request, draft))


def _opened(request: Request, reference: str) -> Response:
    check_query(request, {"purpose"})
    reader = reader_of(request)
    found, content = reader.office.drafts.open(_reference(reference), reader.actor.worker)
    sheet = sheet_of(reader, found, content, kept(request, "purpose"))
    check(reader, sheet.place, sheet.name)
    return sheet.shown(look(reader, sheet.place))


@router.post("/drafts/{draft}/discard")
def discarded(request: Request, draft: str, form: SentForm) -> Response:
    """Discard a draft."""
    return page(request, lambda: _discarded(request, draft, form))


def _discarded(request: Request, reference: str, form: Arrived) -> Response:
    check_origin(request)
    reader, number = reader_of(request), _reference(reference)
    sent = form.typed.one("token")
    check_token(_secret(reader), reader.actor, number, _discarding(number), sent)
    reader.office.drafts.discard(number, reader.actor.worker)
    return RedirectResponse("/drafts", 303)


def _reference(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such draft of yours.") from None
