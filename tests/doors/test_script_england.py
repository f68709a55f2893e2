"""A complete English conference in two parts, asked through the API and read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.record.server import EmbeddedServer
from tests.doors.conftest import Doors
from tests.doors.retold import Teller
from tests.doors.scripted import Script
from tests.doors.scripts.asked import ask
from tests.doors.scripts.england_case import TALE
from tests.doors.scripts.reading import Reading, days, pdf_text, shown


def tale(doors: Doors) -> Script:
    """Tell it whole; no command is turned away."""
    return ask(doors, TALE)


@pytest.fixture
def told(
    server: EmbeddedServer,
    template_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Reading]:
    """Give the case at its end, on a database of this test's own."""
    teller = Teller(server=server, template=template_database, nation=TALE.nation, first=TALE.first)
    with teller.telling(tmp_path) as tell:
        case = tell(tale)
        yield Reading(case, shown(case, monkeypatch, capfd))


def test_a_well_run_case_raises_nothing_high_on_any_day(told: Reading) -> None:
    """From the concern to three months after the closing; and what was raised was answered."""
    assert told.high(days(TALE.first, "2025-07-07")) == []
    assert {one["severity"] for one in told.case.findings()} <= {"low", "medium"}
    answered = {one["code"] for one in told.case.findings() if one["answer"] is not None}
    assert answered == {"family_alleged"}


def test_the_case_is_told_as_a_story(told: Reading) -> None:
    """How it came in, what was decided, how it was prepared, heard, agreed, told, ended: in order."""
    in_order(told.story(), *STORY)


def test_the_story_is_told_as_at_on_as_of_and_known_to(told: Reading) -> None:
    """By a day recorded, by the day judged by, by the day it was true, by what an agency knew."""
    before = told.story("--as-at", "2025-01-08")
    assert "The section 42 decision" in before
    assert "recorded on 8 January 2025" in before
    assert "The adult was seen" not in before
    judged = told.story("--as-at", "2025-02-11", "--on", "2025-05-01")
    assert "judged on 1 May 2025" in judged
    assert "The minutes were due" in judged
    assert "The minutes were due" not in told.story("--as-at", "2025-02-11")
    as_of = told.story("--as-of", "2025-02-09")
    assert "The Initial conference" not in as_of
    assert "The adult was invited" in as_of
    assert "The conference was held" not in as_of
    theirs = told.story("--known-to", "police", "--on", "2025-02-01")
    assert "The enquiry report was handed in" in theirs
    assert "I want to stay in my own home" not in theirs


def test_the_story_is_refused_where_it_is_asked_for_wrongly(told: Reading) -> None:
    """A day that has not come, a role that reads no case, a case there is not: code 2, and why."""
    case = told.case.case
    for words, said in (
        (("--as-at", "2031-01-01"), "as-at"),
        (("--on", "soon"), "--on"),
        (("--as-of", "2025-02-30"), "--as-of"),
    ):
        answer = told.show("case", "show", case, "--role", "manager", *words)
        assert answer.code == 2, words
        assert said in answer.err
    assert told.show("case", "show", case, "--role", "analyst").code == 2
    nobodys = "00000000-0000-4000-8000-00000000000f"
    assert told.show("case", "show", nobodys, "--role", "manager").code != 0


def in_order(text: str, *said: str) -> None:
    """Hold a text to have each of these, one after another."""
    at = 0
    for one in said:
        found = text.find(one, at)
        assert found >= 0, f"not told{' in its place' if one in text else ''}: {one}"
        at = found + len(one)


def test_dump(told: Reading) -> None:
    import os

    out = Path("/tmp/stories_out")
    out.mkdir(exist_ok=True)
    (out / "england_story.txt").write_text(told.story())
    number = told.case.versions["produce-redacted-copy"]
    for m in ("conference", "review"):
        (out / f"england_{m}.txt").write_text(told.word(m))
        (out / f"england_{m}_pdf.txt").write_text(pdf_text(told.pdf(m)))
        (out / f"england_{m}.pdf").write_bytes(told.minutes(m).content)
    (out / "england_copy.txt").write_text(told.word("conference", part=2, copy=number))
    (out / "england_copy2.txt").write_text(told.word("conference", part=2))
    (out / "england_findings.txt").write_text(
        "\n".join(f"{f['severity']} {f['code']} {f['words']}" for f in told.case.findings())
    )
    (out / "england_high.txt").write_text(repr(told.high(days(TALE.first, "2025-06-30"))))
