"""What is typed without a space is not lost at the edge of the page: a line breaks within it."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pypdf
import pytest

from api.minutes.page import Page, Section, Table
from api.minutes.pdf import pdf

LONG = "0123456789" * 40
WIDE = "W" * 400
_ROOM = (21 - 2 * 2.2) * 72 / 2.54  # of a line, in points


def a_page(told: str, *, where: str) -> Page:
    """Give minutes with a text in one of the places where a person's can stand."""
    heads = ("No", "What is to be done", "By whom", "By when", "What it is for")
    row = ("1", told if where == "cell" else "Lock.", "Police", "20 November 2026", "")
    section = Section(
        title="Plan",
        paragraphs=(
            f"Said: “{told}”." if where == "paragraph" else "Said.",
            ("One.", told if where == "list" else "Two."),
        ),
        table=Table(heads=heads, rows=(row, ("2", "Read it.", "Health trust", "", ""))),
    )
    dated = datetime(2025, 2, 10, tzinfo=UTC)
    lead = (f"Place: {told}" if where == "lead" else "Place.",)
    return Page(title="Minutes", dated=dated, lead=lead, sections=(section,))


def lines(page: Page) -> list[str]:
    """Give the lines of a PDF, each without its white space."""
    read = pypdf.PdfReader(io.BytesIO(pdf(page)))
    told = "\n".join(one.extract_text() for one in read.pages)
    return ["".join(one.split()) for one in told.splitlines()]


@pytest.mark.parametrize("where", ["lead", "paragraph", "list", "cell"])
@pytest.mark.parametrize(("run", "letter"), [(LONG, 0.45), (WIDE, 0.9)], ids=["digits", "widest"])
def test_a_run_longer_than_its_line_goes_on_in_the_next(
    run: str, letter: float, where: str
) -> None:
    """All of it stands in the PDF as it was typed, and no line of it is wider than its room."""
    page = a_page(run, where=where)
    table, size, room = page.sections[0].table, 11.0, _ROOM
    assert table is not None
    if where == "cell":
        size, room = 10.0, room * table.shares[1]
    told = lines(page)
    assert run in "".join(told)
    widest = max(len(one) for part in told for one in re.findall(r"[\dW]{5,}", part))
    assert widest * letter * size < room


def test_the_other_columns_keep_the_room_of_their_words() -> None:
    """A run of any length takes no more of a table than what the words beside it leave."""
    (section,) = a_page(LONG, where="cell").sections
    (short,) = a_page("Lock the door.", where="cell").sections
    assert section.table is not None
    assert short.table is not None
    for column in (0, 2, 3, 4):
        assert section.table.shares[column] > short.table.shares[column] / 2
