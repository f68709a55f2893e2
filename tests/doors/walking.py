"""Every way out of a record: each address that is read, each command that prints, each file kept.

`ADDRESSES` and `COMMANDS` are held against the application and the command line themselves: a new
way out is walked here, or stands in one of the lists of what is not, with the reason.
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlencode

import pypdf
from fastapi.routing import APIRoute
from httpx2 import Response

from api.cli import _command
from domain.catalogue import CASE, COMMANDS, PERSON
from tests.doors.conftest import Doors
from tests.doors.given_out import words_of
from tests.doors.scripts.reading import word_text

NAMED: Final = re.compile(r"\{(\w+)\}")
YEAR: Final = "2024"  # April 2024 to March 2025, in which the case was told
MINUTES: Final = "/v1/cases/{case}/conferences/{conference}/minutes"
# What an address is asked with besides, one question each.
ASKED: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    "/v1/audits/sample": ({"seed": "7", "size": "1000", "as_at": "tail"},),
    "/v1/participation": ({"first": "2024-01-01", "last": "2027-01-01"},),
    "/v1/decisions": ({"limit": "500"},),
    "/v1/events": ({"limit": "500"},),
    "/v1/retention": ({}, {"stands": "kept"}, {"stands": "forgotten"}),
    "/v1/findings": ({"show": "all"},),
    "/v1/cases/{case}/findings": ({"show": "all", "limit": "500"}, {"show": "cleared"}),
    "/v1/cases/{case}/timeline": (
        {"limit": "500"},
        {"limit": "500", "as_of": "2030-01-01"},
        {"limit": "500", "known_to": "police"},
    ),
    "/v1/cases/{case}/replay": ({"limit": "500"}, {"limit": "500", "full": "true"}),
    MINUTES: ({"format": "pdf"}, {"format": "docx"}),
    "/cases/{case}": ({}, {"show": "all"}, {"as_of": "2030-01-01"}),
    "/findings": ({"show": "all"},),
    "/audit/sample": ({"seed": "7", "size": "500", "as_at": "tail"},),
    "/v1/returns/{year}/checks": ({"limit": "500"},),
    "/v1/returns/{year}/explain": ({"table": "SG1a", "category": "85-94"},),
    "/v1/returns/{year}/export": ({"format": "json"}, {"format": "xlsx"}),
    "/v1/returns/{year}/filings/{number}/export": ({"format": "json"}, {"format": "xlsx"}),
    "/audit/trace": ({"correlation": "{correlation}"},),
}
# POSTs that answer with what is read; each is walked by a step of its own.
READ_BY_POST: Final = frozenset({"/v1/search/persons", "/v1/search/references", "/v1/timelines"})
# Addresses that are read and not walked, each with its reason.
NOT_WALKED: Final[Mapping[str, str]] = {
    "/problems/{kind}": "says what a problem is, of no case",
}


def routes(doors: Doors) -> Iterator[APIRoute]:
    """Give every route of the application, also of the routers that it includes."""

    def walk(many: Iterable[Any]) -> Iterator[APIRoute]:
        for one in many:
            if isinstance(one, APIRoute):
                yield one
            elif (included := getattr(one, "original_router", None)) is not None:
                yield from walk(included.routes)

    yield from walk(doors.client.app.router.routes)  # type: ignore[attr-defined]  # FastAPI's own


def addresses(doors: Doors) -> set[str]:
    """Give every address that is read, as its route has it."""
    return {one.path for one in routes(doors) if "GET" in (one.methods or ())}


def recorded_at(doors: Doors) -> set[str]:
    """Give every address to which something is sent."""
    return {one.path for one in routes(doors) if {"POST", "PUT"} & set(one.methods or ())}


def questions(values: Mapping[str, list[str]], paths: set[str]) -> Iterator[tuple[str, str, str]]:
    """Give each address with what is put in it, and each question it is asked: path, full, query.

    `values` has all there are of each thing an address names.
    """
    for path in sorted(paths - NOT_WALKED.keys()):
        for full in _filled(path, values):
            for query in ASKED.get(path, ({},)):
                for text in _filled(unquote(urlencode(query)), values):
                    yield path, full, text


def _filled(path: str, values: Mapping[str, list[str]]) -> list[str]:
    found = [path]
    for name in NAMED.findall(path):
        of = _commands(path) if name == "command" else values[name]
        found = [one.replace(f"{{{name}}}", value) for one in found for value in of]
    return found


def _commands(path: str) -> list[str]:
    """Give the commands of which an address is a form."""
    stream = CASE if path.startswith("/cases") else PERSON
    if path.startswith("/record"):
        return ["receive-referral", "register-person"]
    return [name for name, one in COMMANDS.items() if one.stream == stream]


def text_of(answer: Response) -> str:
    """Give every word of an answer, as whoever gets it reads it; white space is left out."""
    kind = answer.headers.get("content-type", "")
    return squeezed(read(answer.content, kind), kind)


@lru_cache(maxsize=64)
def read(content: bytes, kind: str) -> str:
    """Give the words of a file of a kind; the same file has several addresses, and is read once."""
    if "pdf" in kind:
        return " ".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
    if "wordprocessing" in kind:
        return word_text(content)
    if "spreadsheet" in kind:
        return words_of(content, "xlsx")
    return content.decode("utf-8", "replace")


def squeezed(text: str, kind: str = "") -> str:
    """Give a text without what parts its words: ends of lines, cells, tags and escapes."""
    if "json" in kind:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    if "html" in kind:
        text = html.unescape(text)
    return "".join(text.split()).casefold()


# ------------------------------------------------------------------------- the command line

# How each command that prints is asked; `{…}` are values of the record, FILE a new one.
COMMAND_LINE: Final[Mapping[str, tuple[str, ...]]] = {
    "audit sample": ("--seed 7 --as-at {tail} --size 100",),
    "backup": ("{folder}/backup",),
    "case": ("{case} --all", "show {case}", "show {case} --as-at {before}"),
    "caseload": ("", "--as-at {before}"),
    "concerns": ("{person}",),
    "decisions": ("", "--as-at {before} --limit 500"),
    "export-proof": (
        "{folder}/proof --with-entries --role auditor --recipient board --purpose audit",
    ),
    "figures": ("", "open_cases_by_team --csv", "overdue_by_band --json"),
    "findings": ("--all",),
    "large-scale": ("", "{large_scale}", "{large_scale} --as-at {before} --json"),
    "keys backup": ("{folder}/apart/keyring.copy",),
    "lag": ("",),
    "migrate": ("",),
    "minutes": ("{case} {conference} {folder}/minutes.pdf", "{case} {conference} {folder}/m.docx"),
    "policy show": ("",),
    "readings": ("{case}", "--person {person}"),
    "rebuild": ("",),
    "receipt": ("1",),
    "replay": ("{case} --full", "{case} --as-at {before} --json"),
    "retention": ("",),
    "return": ("2024-25 SG1f --cases",),
    "return check": ("2024-25", "2024-25 --json"),
    "return explain": ("2024-25 SG1a 85-94", "2024-25 SG1a 85-94 --json"),
    "return export": ("2024-25 {folder}/return.xlsx", "2024-25 {folder}/return.json"),
    "return diff": ("2024-25 --json",),
    "return report": ("2024-25 {folder}/report.html",),
    "return show": ("2024-25 --filed --cases", "2024-25 --filed --json", "2024-25 SG1f"),
    "reviews": ("", "--as-of 2025-03-01"),
    "timeline": ("{case}", "{case} --csv --as-at {before}"),
    "timeline export": (
        "{folder}/recorded.csv --case {case}",
        "{folder}/named.xlsx --case {case} --person {person} --named",
        "{folder}/recorded.docx --case {case}",
        "{folder}/pseudonyms.json --case {case} --pseudonyms",
    ),
    "trace": ("{correlation}",),
    "verify": ("--views",),
}
NOT_ASKED: Final[Mapping[str, str]] = {
    "bench": "measures; on records of its own",
    "demo": "serves: what it shows is walked as addresses",
    "import cases": "takes in a list, and says of it what stands in that file",
    "import chronology": "takes in a file, and says of it what stands in that file",
    "keys new": "makes a key, of no record",
    "keys restore": "puts keys back: test_copies.py holds what is open afterwards",
    "keys rotate": "wraps keys anew: test_keys_rotated.py holds what is open afterwards",
    "policy adopt": "takes in a file about nobody",
    "project": "follows, and prints nothing of what it follows",
    "refer": "takes in one number, and prints where it stands",
    "restore": "makes another record: test_restored_forgotten.py holds what is open there",
    "timeline names": "puts names into a file that was given out, by a key file: asks no record",
    "return end": "says at which entry, and of nobody",
    "return file": "says at which entry, and of nobody",
    "serve": "serves: what it shows is walked as addresses",
}


def commands() -> set[str]:
    """Give every command of the command line."""

    def walk(one: Any, place: tuple[str, ...]) -> Iterator[str]:  # noqa: ANN401 — typer's own
        below = getattr(one, "commands", None)
        if below is None:
            yield " ".join(place)
            return
        for name, each in below.items():
            yield from walk(each, (*place, name))

    return set(walk(_command(), ()))


def words_in(folder: Path) -> dict[str, str]:
    """Give the words of every file in a folder, and below it."""
    kinds = {".pdf": "pdf", ".docx": "wordprocessing", ".xlsx": "spreadsheet"}
    return {
        str(one.relative_to(folder)): squeezed(read(one.read_bytes(), kinds.get(one.suffix, "")))
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }
