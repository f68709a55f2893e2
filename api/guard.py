"""What stands around every request: a limit on bodies, headers for browsers, and the last net.

An error nobody foresaw becomes a problem without words of its own, and a log line that names its
class and where it arose: its message may quote case text.
"""

from __future__ import annotations

import logging
import re
import traceback
from asyncio import timeout
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.forms.limits import MOST_OF_A_FORM, MOST_SENT
from api.problems import Problem, problem_of, response
from domain.record.documents import MOST_BYTES as MOST_OF_A_DOCUMENT

MOST_BYTES: Final = 1 << 20
_DOCUMENT: Final = re.compile(r"/v1/cases/[^/]+/documents/[^/]+", re.ASCII)
_FORM: Final = re.compile(r"(/(cases|persons)/[^/]+)?/record/[^/]+", re.ASCII)
DRAINED_BYTES: Final = 4 << 20  # of a body too large, before it is answered
DRAINED_S: Final = 5.0
DRAINED_FORM_S: Final = 60.0  # a person waits for the page that says how nothing is lost
LOGGER: Final = logging.getLogger("holdfast")
HEADERS: Final = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            b"base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
_NO_STORE: Final = (b"cache-control", b"no-store")


class Guard:
    """The outermost of our middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _with_headers(message.get("headers", ()))
            await send(message)

        try:
            most = _most(scope)
            if not _is_form(scope):  # a form is answered by a page, which reads it all the same
                await _declared(scope, receive, most)
            await self._app(scope, _limited(receive, most, _patience(scope)), guarded_send)
        except Exception as error:  # noqa: BLE001 — the last net; logged without its message
            problem = problem_of(error)
            if problem is None:
                LOGGER.error("unexpected %s", told(error))  # noqa: TRY400 — a traceback quotes messages
                problem = Problem("unexpected")
            if started:
                raise ConnectionAbortedError("the answer broke off") from None
            await response(problem)(scope, receive, guarded_send)


def told(error: BaseException) -> str:
    """An error's class and where it arose, without its message."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}"


def _with_headers(given: object) -> list[tuple[bytes, bytes]]:
    headers = list(given) if isinstance(given, list | tuple) else []
    names = {name.lower() for name, _value in headers}
    ours = (*HEADERS, _NO_STORE)
    return [*headers, *(one for one in ours if one[0] not in names)]


def _most(scope: Scope) -> int:
    """How many bytes the body of this request may have."""
    if _is_form(scope):
        kind = dict(scope["headers"]).get(b"content-type", b"")
        return MOST_SENT if kind.startswith(b"multipart/") else MOST_OF_A_FORM
    document = scope["method"] == "PUT" and _DOCUMENT.fullmatch(scope["path"])
    return MOST_OF_A_DOCUMENT if document else MOST_BYTES


def _is_form(scope: Scope) -> bool:
    """Whether a request is a form that a person sent, which is answered by a page."""
    return scope["method"] == "POST" and _FORM.fullmatch(scope["path"]) is not None


async def _declared(scope: Scope, receive: Receive, most: int) -> None:
    """Turn away a body that says it is too large."""
    headers = dict(scope["headers"])
    size = headers.get(b"content-length", b"0")
    if not size.isdigit() or int(size) > most:
        if b"expect" not in headers:  # whoever expects a word first has sent nothing yet
            await _drained(receive, _patience(scope))
        raise _too_large()


def _patience(scope: Scope) -> tuple[int, float]:
    """How many bytes of a body too large are read, and for how long."""
    return (MOST_SENT, DRAINED_FORM_S) if _is_form(scope) else (DRAINED_BYTES, DRAINED_S)


def _limited(receive: Receive, most: int, patience: tuple[int, float]) -> Receive:
    """Turn away a body that turns out too large."""
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > most:
                if message.get("more_body", False):
                    await _drained(receive, patience)
                raise _too_large()
        return message

    return limited


async def _drained(receive: Receive, patience: tuple[int, float]) -> None:
    """Read on for a while and keep nothing: many a client hears no answer before it has sent all.

    What comes after that is cut off with the connection.
    """
    size, (most, seconds) = 0, patience
    try:
        async with timeout(seconds):
            while size <= most:
                message = await receive()
                size += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def _too_large() -> Problem:
    return Problem("body-too-large", headers={"Connection": "close"})
