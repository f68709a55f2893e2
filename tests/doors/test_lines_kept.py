"""What somebody typed in lines and paragraphs stands in them: in a story, and in the minutes."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdf
import pytest
from docx import Document

from api.minutes.pdf import pdf
from api.minutes.word import word
from tests.doors.test_case_told import fact, voice
from tests.doors.test_minutes_laid_out import a_page
from tests.doors.test_stories_said_once import LAW, example, say, words

TYPED = "I want to go home. \r\n\r\n\n\n  My bed is there;\n\tmy “cat”\ttoo.\n"
KEPT = "“I want to go home.\n\nMy bed is there;\nmy “cat” too.”"


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("adult-views-presented", "views"),
        ("referral-received", "account"),
        ("minute-passage-written", "text"),
        ("case-closed", "rationale"),
        ("action-agreed", "description"),
        ("plan-agreed", "adults_part"),
    ],
)
def test_a_passage_keeps_its_lines(event: str, name: str) -> None:
    """Where a line ends and where a paragraph does; other white space is one space."""
    told = example(event)
    if name == "adults_part":
        told = replace(told, terms=replace(told.terms, adults_part=words(TYPED)))
    else:
        told = replace(told, **{name: words(TYPED)})
    sentence, below = say(event, told)
    assert KEPT in "\n".join((sentence, *below))


def test_what_something_is_called_stands_in_one_line() -> None:
    """A thing whose name is a passage is called by it within a sentence."""
    agreed, teller = example("action-agreed", description=words(TYPED)), voice(LAW)
    teller.learn([fact("action-agreed", agreed)])
    assert "“I want to go home. My bed is there; my “cat” too.”" in teller.things[agreed.action]
    assert "\n" not in teller.things[agreed.action]


def test_a_page_has_the_lines_of_what_it_says() -> None:
    """In Word as in the PDF, in a paragraph, in a list and in a cell of a table."""
    told, lines = KEPT.replace("“cat”", "cat"), ["My bed is there;", "my cat too.”"]
    (section,) = a_page(("1", told)).sections
    page = replace(a_page(), sections=(replace(section, paragraphs=(told, (told, "Two."))),))
    text = pypdf.PdfReader(io.BytesIO(pdf(page))).pages[0].extract_text().splitlines()
    seen = [one.strip() for one in text]
    assert [seen.count(line) for line in lines] == [3, 3]
    document = Document(io.BytesIO(word(page)))
    assert [one.text for one in document.paragraphs].count(told) == 2
    assert document.tables[0].rows[1].cells[1].text == told
