"""Reading a scripted case back: as a story, as Word, as PDF, and what is criticised day by day."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pypdf
import pytest
from docx import Document
from docx.table import Table

from api.cli import run
from domain.case import findings, initial, replay
from domain.corrected import standing
from domain.handle import local_day
from tests.conftest import LOGIN, OWNER
from tests.doors.conftest import Said
from tests.doors.scripted import Script

Show = Callable[..., Said]


@dataclass(frozen=True, slots=True)
class Reading:
    """A told case, and ways to read it."""

    case: Script
    show: Show

    def story(self, *options: str) -> str:
        """Give the case as a story, each sentence on a line of its own."""
        said = self.show("case", "show", self.case.case, "--role", "manager", *options)
        assert said.code == 0, said.err
        return said.out

    def minutes(self, meeting: str, **query: Any) -> Any:  # noqa: ANN401 — the client's response
        """Ask for the minutes of a meeting as a file."""
        path = f"/v1/cases/{self.case.case}/conferences/{self.case.refs[meeting]}/minutes"
        answer = self.case.doors.client.get(
            path, params=query, headers={"Holdfast-Role": "manager"}
        )
        assert answer.status_code == 200, answer.text
        return answer

    def word(self, meeting: str, **query: Any) -> str:  # noqa: ANN401
        """Give every word of the minutes as Word has them, in order."""
        return word_text(self.minutes(meeting, format="docx", **query).content)

    def pdf(self, meeting: str, **query: Any) -> pypdf.PdfReader:  # noqa: ANN401
        """Give the minutes as a PDF reader has them."""
        content = self.minutes(meeting, format="pdf", **query).content
        return pypdf.PdfReader(io.BytesIO(content))

    def high(self, on_days: Iterable[date]) -> list[tuple[date, str]]:
        """Give what is criticised as high on each day, by what was recorded by its end."""
        office = self.case.doors.office
        case = UUID(self.case.case)
        facts = list(office.record.facts(case))
        state, told = initial, 0
        found: list[tuple[date, str]] = []
        for on in on_days:
            known = [one for one in facts if local_day(one.recorded_at) <= on]
            if len(known) > told:
                state, told = replay(standing(known)), len(known)
            raised = findings(state, office.handler.looking(on)) if told else ()
            found += [(on, one.code) for one in raised if one.severity == "high"]
        return found


def days(first: str, last: str) -> Iterator[date]:
    """Give every day from one to another."""
    on, end = date.fromisoformat(first), date.fromisoformat(last)
    while on <= end:
        yield on
        on += timedelta(days=1)


def word_text(content: bytes) -> str:
    """Give the paragraphs and the cells of a Word file, in the order they stand in."""
    document = Document(io.BytesIO(content))
    said: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            said += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            said.append(block.text)
    return "\n".join(said)


def pdf_text(reader: pypdf.PdfReader) -> str:
    """Give the words of a PDF, with the lines it was set in joined."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def shown(case: Script, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Show:
    """Give the command line on the database of a told case, at the hour it ended."""
    settings = case.doors.office.settings
    assert settings.database_url is not None
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("HOLDFAST_OWNER_URL", settings.database_url.replace(LOGIN, OWNER))
    monkeypatch.setenv("HOLDFAST_DATA", str(settings.data))
    monkeypatch.setenv("HOLDFAST_NATION", settings.nation)
    monkeypatch.setattr("api.office.SystemClock", lambda: case.doors.office.clock)

    def ask(*arguments: str) -> Said:
        capfd.readouterr()
        code = run(list(arguments))
        said = capfd.readouterr()
        return Said(code, said.out, said.err)

    return ask
