"""What a browser sends of a form: its texts, and its files where it has any.

Nothing of it is written anywhere in clear, as a parser with files of its own would. What is larger
than a limit is read to its end all the same: a browser shows no answer to what it has not sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.forms.files import Chosen
from api.forms.limits import (
    MOST_OF_A_FILE,
    MOST_OF_A_FORM,
    MOST_OF_FILES,
    MOST_OF_NOBODYS,
    NOT_READ,
    TOO_LARGE,
)
from api.forms.typed import MOST_PAIRS, Typed
from api.problems import Problem
from api.routes.door import actor_of

PLAIN: Final = "application/x-www-form-urlencoded"
WITH_FILES: Final = "multipart/form-data"
_NOT_A_FORM: Final = "This is not what a form sends."


@dataclass(slots=True)
class Arrived:
    """A form as it came, or what was wrong with it: raised once it is known whose form it is."""

    _typed: Typed = field(default_factory=Typed)
    files: tuple[Chosen, ...] = ()
    problem: Problem | None = None

    @property
    def typed(self) -> Typed:
        """What was typed. Raises Problem `invalid`, `body-too-large`."""
        if self.problem is not None:
            raise self.problem
        return self._typed

    def kept(self, typed: Typed) -> None:
        """Hold the files no longer, since what was typed now says where they are kept."""
        self._typed, self.files = typed, ()


def content_type(request: Request) -> str:
    """What kind of body a request says it has."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def arrived(request: Request) -> Arrived:
    """Read what a browser sent, once it is known who sends it; of what no form sends, nothing.

    Of whoever is not identified as much is read as can be given back to them, and no file held.
    """
    identified = await _identified(request)
    most = MOST_OF_A_FORM if identified else MOST_OF_NOBODYS
    try:
        match content_type(request):
            case "application/x-www-form-urlencoded":
                return Arrived(Typed.of_body(await _body(request, most)))
            case "multipart/form-data":
                return await _with_files(request, _Parts(most=most, _holding=identified))
            case _:
                return Arrived()
    except Problem as problem:
        if problem.kind == "body-too-large":
            problem = Problem("body-too-large", TOO_LARGE, headers=problem.headers)
            if not identified:
                problem = Problem("not-identified", NOT_READ, headers=problem.headers)
        return Arrived(problem=problem)


async def unread(request: Request, problem: Problem) -> Arrived:
    """Let a body go by that nothing is to be made of, and say why."""
    try:
        async for _chunk in request.stream():
            pass
    except Problem:  # too large, and not looked at either way
        return Arrived(problem=problem)
    return Arrived(problem=problem)


async def _body(request: Request, most: int) -> bytes:
    """A body of so many bytes at most, read to its end. Raises Problem `body-too-large`."""
    held, fits = bytearray(), True
    async for chunk in request.stream():
        fits = fits and len(held) + len(chunk) <= most
        if fits:
            held += chunk
        else:
            held.clear()
    if not fits:
        raise Problem("body-too-large")
    return bytes(held)


async def _identified(request: Request) -> bool:
    """Whether somebody is identified."""
    try:
        await run_in_threadpool(actor_of, request)
    except Exception:  # noqa: BLE001 — whatever it is, it is met again where it can be answered
        return False
    return True


async def _with_files(request: Request, parts: _Parts) -> Arrived:
    """Read a body in parts. Raises Problem `invalid`, `body-too-large`."""
    declared = parse_options_header(request.headers["content-type"])[1]
    try:
        parser = MultipartParser(
            declared.get(b"boundary", b""),
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.header_name,
                "on_header_value": parts.header_value,
                "on_header_end": parts.header_end,
                "on_headers_finished": parts.content_begins,
                "on_part_data": parts.content,
                "on_part_end": parts.end,
                "on_end": parts.finish,
            },
        )
        async for chunk in request.stream():
            parser.write(chunk)
        parser.finalize()
    except (FormParserError, ValueError):  # UnicodeError is a ValueError
        raise Problem("invalid", _NOT_A_FORM) from None
    if not parts.finished:
        raise Problem("invalid", _NOT_A_FORM)
    if parts.texts > parts.most:
        raise Problem("body-too-large")
    return Arrived(Typed(tuple(parts.pairs)), tuple(parts.files))


@dataclass(slots=True)
class _Parts:
    """The parts of a body, as the parser meets them."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    files: list[Chosen] = field(default_factory=list)
    texts: int = 0  # bytes of all that was typed
    most: int = MOST_OF_A_FORM  # and how many they may be
    finished: bool = False
    _holding: bool = True
    _held: int = 0  # bytes of files that are kept so far
    _header: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    _headers: dict[bytes, bytes] = field(default_factory=dict)
    _name: str = ""
    _file: str | None = None
    _data: bytearray = field(default_factory=bytearray)
    _over: bool = False

    def begin(self) -> None:
        if len(self.pairs) + len(self.files) >= MOST_PAIRS:
            raise ValueError(_NOT_A_FORM)
        self._headers, self._data, self._over = {}, bytearray(), False

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def header_end(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def content_begins(self) -> None:
        kind, told = parse_options_header(self._headers.get(b"content-disposition"))
        if kind != b"form-data" or b"name" not in told:
            raise ValueError(_NOT_A_FORM)
        self._name = told[b"name"].decode()
        given = told.get(b"filename")
        self._file = None if given is None else unquote(given.decode())

    def content(self, data: bytes, start: int, end: int) -> None:
        if self._file is None:
            self.texts += end - start
            self._over = self.texts > self.most
        else:
            size = len(self._data) + end - start
            fits = size <= MOST_OF_A_FILE and self._held + size <= MOST_OF_FILES
            self._over |= not (fits and self._holding)
        if self._over:
            self._data.clear()
        else:
            self._data.extend(data[start:end])

    def end(self) -> None:
        if self._file is None:
            self.pairs.append((self._name, self._data.decode().replace("\r\n", "\n")))
        elif self._file or self._data or self._over:  # else none was chosen
            self._held += len(self._data)
            media = parse_options_header(self._headers.get(b"content-type"))[0].decode()
            content = None if self._over else bytes(self._data)
            self.files.append(
                Chosen(place=self._name, name=self._file or "–", media=media, content=content)
            )
        self._data = bytearray()

    def finish(self) -> None:
        self.finished = True
