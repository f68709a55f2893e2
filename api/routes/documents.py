"""Documents of a case: kept sealed by content, and given out again.

A document is kept first and named then, by the command that says what it is (raw notes, a report, a
draft, what was disclosed): that sends the `document` and the `digest` of the answer here. A crash
in between leaves a document that nothing leads to, and that no door gives out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.clocks import Typed
from api.lookups import cases_naming_each
from api.office import Office
from api.problems import Problem, invalid
from api.routes import shown
from api.routes.door import PROBLEM, Reader, ReaderOf, clocks_read
from api.routes.people import restricted_among
from api.standing import stands
from domain.asking import COMMANDS
from domain.authority import ROLES, may
from domain.record.documents import Kept
from domain.refusal import NotFound, Refused
from domain.stored import digests_of

router: Final = APIRouter(prefix="/v1/cases", tags=["views"], responses=PROBLEM)
BYTES: Final = {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}
_NAMING: Final = [
    name
    for name, kind in COMMANDS.items()
    if "document" in {one.name for one in dataclasses.fields(kind.cls)}
]
KEEPERS: Final = frozenset(role for role in ROLES if any(may(role, name) for name in _NAMING))
UNKNOWN: Final = "application/octet-stream"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
# A list, since the type is kept in clear: a free word there would outlive whoever it names.
MEDIA: Final = frozenset(
    {
        UNKNOWN,
        *(f"application/{one}" for one in ("json", "msword", "pdf", "rtf", "xml", "zip")),
        *(f"application/vnd.ms-{one}" for one in ("excel", "outlook", "powerpoint")),
        f"{_OFFICE}.presentationml.presentation",
        f"{_OFFICE}.spreadsheetml.sheet",
        f"{_OFFICE}.wordprocessingml.document",
        *(f"{_OPEN}.{one}" for one in ("presentation", "spreadsheet", "text")),
        *(f"audio/{one}" for one in ("aac", "mp4", "mpeg", "ogg", "wav", "webm")),
        *(f"image/{one}" for one in ("gif", "heic", "jpeg", "png", "svg+xml", "tiff", "webp")),
        "message/rfc822",
        *(f"text/{one}" for one in ("calendar", "csv", "html", "markdown", "plain", "rtf")),
        *(f"video/{one}" for one in ("mp4", "mpeg", "quicktime", "webm")),
    }
)


@router.put(
    "/{case}/documents/{document}",
    operation_id="keep-document",
    status_code=201,
    openapi_extra={"requestBody": {"required": True, **BYTES}},
    responses={200: {"description": "It was kept before."}},
)
async def keep(
    case: UUID,
    document: UUID,
    request: Request,
    reader: ReaderOf,
    *,
    about: Annotated[
        list[UUID] | None,
        Query(description="Whom it is about: people this case names, or (left out) the case."),
    ] = None,
) -> Response:
    """Keep a document sealed: the body is the file itself, of at most 32 MiB, with its media type.

    `document` is a UUID of your own choosing. The answer's `digest` is what the command that names
    the document is to send; sending the same file again gives it again. Forgetting anybody it is
    about forgets the document.
    """
    if reader.actor.role not in KEEPERS:
        raise Problem("not-permitted", "Your role may not keep documents.")
    media = request.headers.get("content-type", UNKNOWN).partition(";")[0].strip().lower()
    if media not in MEDIA:
        raise invalid(
            "/header/Content-Type",
            "Send the file itself as the body, and its own type, such as application/pdf; one that "
            f"is not known here is {UNKNOWN}.",
        )
    await run_in_threadpool(_check, reader, case, document, about or [])
    content = await request.body()
    if not content:
        raise invalid("", "There is nothing in this document: send the file as the body.")
    documents = reader.office.documents
    digest, new = await run_in_threadpool(
        documents.put,
        document,
        content,
        media,
        case=case,
        about=about or [case],
        by=reader.actor,
        purpose=reader.purpose,
    )
    body = {"document": str(document), "digest": digest, "bytes": len(content)}
    return Response(orjson.dumps(body), 201 if new else 200, media_type="application/json")


@router.get(
    "/{case}/documents/{document}",
    operation_id="case-document",
    response_class=Response,
    responses={200: {"description": "The file.", **BYTES}},
)
def kept(case: UUID, document: UUID, reader: ReaderOf) -> Response:
    """A document that an entry read in the case names, as it was kept.

    That may be an entry of a case that is read in this one; then looking is a look at both.
    One that is of several cases, as a timeline is, is closed while any of them is restricted.

    A forgotten one is not found: what is left of it is its digest, in the entries that name it.
    """
    reader.may("case", case)
    standing = stands(reader.office, case, clocks_read(reader.office, Typed()))
    reader.may_open(standing.now, case)
    told = [one.fact for one in standing.entries()]
    named = [one for one in told if document in shown.references(one.event)]
    cases = {one.stream for one in named}
    if not cases:
        raise Problem("not-found")
    # A timeline of several cases is kept in each: a restriction of one holds over all of it.
    if restricted_among(reader, reader.office.documents.subjects(document, cases) - {case}):
        raise Problem("restricted")
    reader.viewed("document", case=case, among=cases | {case} if cases != {case} else ())
    digests = {one.position: digests_of(document, one.event) for one in named}
    found = _read(reader, document, cases, digests)
    if found.content is None:
        raise Problem("not-found", "This document was forgotten.")
    headers: dict[str, Any] = {"Cache-Control": "no-store", "Content-Disposition": "attachment"}
    return Response(found.content, media_type=found.media, headers=headers)


def _read(
    reader: Reader,
    document: UUID,
    cases: Collection[UUID],
    digests: Mapping[int, Collection[str]],
) -> Kept:
    """A document as it was kept for one of the cases that name it. Raises NotFound."""
    *first, last = sorted(cases)
    for case in first:
        with suppress(NotFound):
            return reader.office.documents.read(document, case, digests)
    return reader.office.documents.read(document, last, digests)


def hold(office: Office, command: object) -> None:
    """Hold a command to the documents it names that are kept here. Raises Problem `invalid`.

    One that says another digest would speak against the document from then on, for good.
    """
    for one in (command, *getattr(command, "manifest", ())):
        document: UUID | None = getattr(one, "document", None)
        held = () if document is None else digests_of(document, one)
        if document is None or not held:
            continue
        if set(held) - {office.documents.digest(document) or held[0]}:
            raise invalid(
                "/command/document",
                "This is not the digest that the document of that number was kept with: send the "
                "one that keeping it was answered with.",
            )


def _check(reader: Reader, case: UUID, document: UUID, about: list[UUID]) -> None:
    """Hold it to a case that may be opened, and to people whom that names."""
    now, facts = reader.office.handler.case(case)
    reader.may_open(now, case)
    before = any(digests_of(document, one.event) for one in facts)
    if before and reader.office.documents.digest(document) is None:
        words = "An entry names another file by that number: choose a number of its own."
        raise Refused("already_recorded", "I1", words)
    named = cases_naming_each(reader.office, [one for one in about if one != case])
    if any(case not in cases for cases in named.values()):
        raise invalid("/query/about", "This case names no such person: it is about somebody named.")
