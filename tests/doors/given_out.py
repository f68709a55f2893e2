"""Timelines given out by the API: asked for, fetched and read as their tests do."""

from __future__ import annotations

import io
import json
from typing import Any

from docx import Document
from openpyxl import load_workbook

from tests.doors.conftest import Doors

Json = dict[str, Any]
NAMINGS = ("recorded", "named", "pseudonyms")
BESIDE = ("known_to", "source_recorded")
KINDS = ("csv", "xlsx", "docx", "json")


def say(doors: Doors, case: str, command: str, occurred: str, **more: Any) -> int:  # noqa: ANN401 — any JSON
    """Record something of a case; give its version."""
    beside: Json = {name: more.pop(name) for name in BESIDE if name in more}
    body: Json = {"command": more, "occurred": occurred, **beside}
    version = doors.get(f"/v1/cases/{case}").json()["version"]
    answer = doors.post(f"/v1/cases/{case}/{command}", body, version=version)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


def line(doors: Doors, case: str, occurred: str, text: str, **more: Any) -> int:  # noqa: ANN401 — any JSON
    """Take in a line of another agency's chronology."""
    told = {"agency": "police", "source": "Log, p. 3", "text": text, **more}
    return say(doors, case, "record-chronology-entry", occurred, **told)


def give(doors: Doors, *cases: str, purpose: str = "review", **asked: Any) -> Json:  # noqa: ANN401 — any JSON
    """Ask for a timeline; give the answer."""
    body = {"cases": list(cases), "format": "json", **asked}
    answer = doors.post("/v1/timelines", body, Holdfast_Purpose=purpose)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def file_of(doors: Doors, answer: Json, what: str = "file", of: int = 0) -> bytes:
    """Fetch the file, or the key to its pseudonyms, as it was kept in one of its cases."""
    found = doors.client.get(answer["given_out"][of]["links"][what])
    assert found.status_code == 200, found.text
    return found.content


def lines_in(doors: Doors, answer: Json) -> list[Json]:
    """Give the lines of a timeline that came as JSON."""
    found: list[Json] = json.loads(file_of(doors, answer))["lines"]
    return found


def words_of(content: bytes, kind: str) -> str:
    """Give everything that somebody reads in a file of a kind."""
    if kind == "xlsx":
        book = load_workbook(io.BytesIO(content))
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )
    if kind == "docx":
        document = Document(io.BytesIO(content))
        cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
        return " ".join([*(one.text for one in document.paragraphs), *cells])
    return content.decode("utf-8-sig")
