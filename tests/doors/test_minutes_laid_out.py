"""How the pages of the minutes break: no row over two pages, no line parted from its table."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pypdf
from docx import Document

from api.minutes.page import Page, Section, Table
from api.minutes.pdf import pdf
from api.minutes.word import word

_LINES = "what was said there, and by whom, "


def a_page(*rows: tuple[str, ...], before: int = 0) -> Page:
    """Give minutes of one table, below so many lines."""
    table = Table(heads=("No", "Said"), rows=rows)
    lines = tuple(f"Line {one}." for one in range(before))
    section = Section(title="What was said", paragraphs=(*lines, "Said it was:"), table=table)
    dated = datetime(2025, 2, 10, tzinfo=UTC)
    return Page(title="Minutes", dated=dated, lead=(), sections=(section,))


def pages(page: Page) -> list[str]:
    """Give the text of each page of a PDF, its lines joined."""
    read = pypdf.PdfReader(io.BytesIO(pdf(page)))
    return [" ".join(one.extract_text().split()) for one in read.pages]


def test_a_row_of_a_pdf_stands_on_one_page() -> None:
    """Wherever the page ends, a row is on this one or on the next."""
    for before in range(20, 30):
        rows = tuple((f"{one}", f"Begun {one}, {_LINES * 12} ended {one}.") for one in range(1, 4))
        for told in pages(a_page(*rows, before=before)):
            for one in range(1, 4):
                assert (f"Begun {one}," in told) == (f"ended {one}." in told), (before, one)


def test_a_row_that_no_page_has_the_room_for_goes_on_over_the_next() -> None:
    """Nothing of it falls off the paper."""
    told = pages(a_page(("1", f"Begun, {_LINES * 300} ended.")))
    assert len(told) > 1
    assert sum(one.count("by whom") for one in told) == 300
    assert "ended." in told[-1]


def test_the_line_before_a_table_stays_with_it() -> None:
    """In Word as in the PDF, and the head of a table with its first row."""
    for before in range(20, 34):
        rows = tuple((f"{one}", f"Begun {one}, {_LINES * 4} ended {one}.") for one in range(1, 4))
        for told in pages(a_page(*rows, before=before)):
            assert ("Said it was:" in told) == ("Begun 1," in told), before
    document = Document(io.BytesIO(word(a_page(("1", "Yes."), before=2))))
    kept = {one.text: one.paragraph_format.keep_with_next for one in document.paragraphs}
    assert kept["Said it was:"] is True
    assert not kept["Line 0."]
    head, row = document.tables[0].rows
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in head.cells)
    assert not any(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells)
