"""Reading a scripted case back: as a story, as Word, as PDF, and what is criticised day by day."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
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
from tests.doors.retold import Story, telling
from tests.doors.scripted import Script
from tests.doors.scripts.asked import Tale

Show = Callable[..., Said]
_NUMBER: Final = re.compile(r"\s*\d+ / \d+\s*$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A told case, and ways to read it."""

    case: Script
    show: Show

    def story(self, *options: str) -> str:
        """Give the case as a story, wherever its lines were folded."""
        said = self.show("case", "show", self.case.case, "--role", "manager", *options)
        assert said.code == 0, said.err
        return " ".join(said.out.split())

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

    def codes_on(self, day: str) -> set[str]:
        """Give what is criticised at all at the end of a day, by the API."""
        return self.case.codes(on=day)


@contextmanager
def read_back(request: pytest.FixtureRequest, tale: Tale, story: Story) -> Iterator[Reading]:
    """Give a test the case of a story at its end, on a database of the test's own."""
    with telling(request, tale.nation, tale.first) as tell:
        case = tell(story)
        patch = request.getfixturevalue("monkeypatch")
        yield Reading(case, shown(case, patch, request.getfixturevalue("capfd")))


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
    """Give the words of a PDF, with the lines it was set in joined, without its page numbers."""
    pages = (_NUMBER.sub("", page.extract_text()) for page in reader.pages)
    return " ".join(" ".join(pages).split())


def shown(case: Script, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Show:
    """Give the command line on the database of a told case, which is of the past by now."""
    settings = case.doors.office.settings
    assert settings.database_url is not None
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("HOLDFAST_OWNER_URL", settings.database_url.replace(LOGIN, OWNER))
    monkeypatch.setenv("HOLDFAST_DATA", str(settings.data))
    monkeypatch.setenv("HOLDFAST_NATION", settings.nation)

    def ask(*arguments: str) -> Said:
        capfd.readouterr()
        code = run(list(arguments))
        said = capfd.readouterr()
        return Said(code, said.out, said.err)

    return ask


def in_order(text: str, *said: str) -> None:
    """Hold a text to have each of these, one after another; where a line ends is no matter."""
    at, text = 0, " ".join(text.split())
    for one in said:
        words = " ".join(one.split())
        found = text.find(words, at)
        assert found >= 0, f"not told{' in its place' if words in text else ''}: {one}"
        at = found + len(words)


def withheld(ground: str | None, by: str) -> str:
    """Give what stands where something is left out; None where a copy does not tell the ground."""
    if ground is None:
        return f"Withheld. Decided by {by}; the ground is kept in the record."
    return f"Withheld: {ground}. Decided by {by}."


def tags(tree: Any) -> Iterator[str]:  # noqa: ANN401 — any object of a PDF
    """Give the kind of every element in the structure of a PDF."""
    found = tree.get_object() if hasattr(tree, "get_object") else tree
    if isinstance(found, list):
        for one in found:
            yield from tags(one)
    elif isinstance(found, dict):
        if "/S" in found:
            yield str(found["/S"])
        if "/K" in found:
            yield from tags(found["/K"])
