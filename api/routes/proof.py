"""Receipts, entries and checkpoints: what an outsider needs to hold the record to its word.

They say nothing about anybody: an entry is 128 bytes of numbers and commitments. Whoever may ask
anything here may ask for them, and it leaves no trace in the log of readings, which would grow by
one for every receipt of it.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.problems import Problem
from api.proving import newest_head, receipt
from api.routes.door import PROBLEM, ActorOf, OfficeOf
from domain.refusal import NotFound

router: Final = APIRouter(prefix="/v1", tags=["proof"], responses=PROBLEM)
Which = Annotated[Literal["cases", "readings"], Path(description="Which log.")]
Position = Annotated[int, Path(ge=1, le=2**53, description="A position of that log.")]
_TEXT: Final = "text/plain; charset=utf-8"
_SOON: Final = {"Retry-After": "2"}
_FOR_EVER: Final = {"Cache-Control": "private, max-age=31536000, immutable"}


@router.get("/receipts/{log}/{position}", operation_id="receipt", response_class=Response)
def of_position(office: OfficeOf, _actor: ActorOf, log: Which, position: Position) -> Response:
    """The receipt of an entry, as `c2sp.org/tlog-proof@v1`: that it stands in the signed tree.

    Until a signed head covers it, some seconds after recording, 503 says to ask again.
    """
    found = receipt(office, log, position)
    if found is None:
        raise Problem("not-proved-yet", headers=_SOON)
    name = f'attachment; filename="{log}-{position}.tlog-proof"'
    headers = {"Content-Disposition": name, **_FOR_EVER}
    return Response(found[0], media_type=_TEXT, headers=headers)


@router.get("/entries/{log}/{position}", operation_id="entry", response_class=Response)
def entry(office: OfficeOf, _actor: ActorOf, log: Which, position: Position) -> Response:
    """The entry itself: the 128 bytes that its leaf hashes, and a receipt proves."""
    found = receipt(office, log, position)
    if found is None:
        raise Problem("not-proved-yet", headers=_SOON)
    name = f'attachment; filename="{log}-{position}.entry"'
    headers = {"Content-Disposition": name, **_FOR_EVER}
    return Response(found[1], media_type="application/octet-stream", headers=headers)


@router.get("/checkpoints/{log}", operation_id="checkpoint", response_class=Response)
def checkpoint(office: OfficeOf, _actor: ActorOf, log: Which) -> Response:
    """The newest signed head of a log, as a signed note (`c2sp.org/tlog-checkpoint`)."""
    head = newest_head(office, log)
    if head is None:
        raise NotFound("no head was signed yet")
    return Response(head.note, media_type=_TEXT, headers={"Cache-Control": "no-store"})
