"""A text that would turn what stands beside it goes out with its numbers, by every writer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pypdf
import pytest
from docx import Document
from openpyxl import load_workbook

from api.chronologies.columns import COLUMNS
from api.chronologies.sheet import cell_in, cell_out
from api.chronologies.writing import to_csv
from api.commands.show import safe
from api.harmless import InField, harmless, read, written
from api.minutes.page import Page, Section, Table
from api.minutes.pdf import pdf
from api.minutes.word import word
from api.pages import page as pages
from api.timelines import workbook

TURNING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
EACH = "".join(f"{chr(one)}x" for one in TURNING)
SAID = f"He paid \u202e0001\u202c back. {EACH}"
SHOWN = "He paid [U+202E]0001[U+202C] back."
DATED = datetime(2026, 11, 23, tzinfo=UTC)
PAGE = Page(
    title=SAID,
    dated=DATED,
    lead=(SAID,),
    sections=(
        Section(
            title=SAID,
            paragraphs=(SAID, (SAID,)),
            table=Table(heads=(SAID, "b"), rows=((SAID, "c"),)),
        ),
    ),
    basis=SAID,
)


def _word() -> str:
    document = Document(io.BytesIO(word(PAGE)))
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    about = document.core_properties
    return "\n".join(
        [*(one.text for one in document.paragraphs), *cells, about.title, about.comments]
    )


def _pdf() -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf(PAGE)))
    assert reader.metadata is not None
    told = "".join(one.extract_text().replace("\n", " ") for one in reader.pages)
    return f"{told} {reader.metadata.title}"


def _csv() -> str:
    return to_csv([{"text": SAID, "source": SAID}])


def _xlsx() -> str:
    columns = [one for one in COLUMNS if one.name in {"text", "source"}]
    row, pair = {"text": SAID, "source": SAID}, (SAID, SAID)
    made = workbook.workbook(columns, [row], frozenset(), [pair], DATED, [pair])
    book = load_workbook(io.BytesIO(made))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def _html() -> str:
    made = pages._ENVIRONMENT.from_string("<p title='{{ said }}'>{{ said }}</p>")
    return made.render(said=SAID)


def _screen() -> str:
    return str(safe(SHOWN)) + str(safe(EACH))


WRITERS: dict[str, Callable[[], str]] = {
    "word": _word,
    "pdf": _pdf,
    "csv": _csv,
    "xlsx": _xlsx,
    "html": _html,
    "screen": _screen,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_no_writer_lets_a_text_turn_another(writer: str) -> None:
    """None of the letters goes out raw, and where one stood is seen."""
    told = WRITERS[writer]()
    assert not [hex(one) for one in TURNING if chr(one) in told]
    assert SHOWN in told


def test_a_field_of_a_form_has_what_was_typed() -> None:
    """It is sent back as it was, and turns nothing outside its field."""
    made = pages._ENVIRONMENT.from_string("<input value='{{ said | typed }}'>")
    assert SAID in made.render(said=SAID)
    macro = "{% macro a(x) %}{{ x | typed }}{% endmacro %}{{ a(said) }}"
    assert SAID in pages._ENVIRONMENT.from_string(macro).render(said=SAID)
    hurt = "{{ said | typed }}"
    assert "&lt;b&gt;" in pages._ENVIRONMENT.from_string(hurt).render(said="<b>")
    assert InField("a") == "a"


@pytest.mark.parametrize(
    "text", [SAID, "", "plain", "[U+202E] as it was typed", "[U+005B]", "[[U+2066]]", "=\u202e1"]
)
def test_what_is_read_in_again_is_what_was_recorded(text: str) -> None:
    """A file of lines goes out and comes in the same, also where a text says such a number."""
    assert read(written(text)) == text
    assert cell_in(cell_out(text)) == text
    assert harmless(written(text)) == written(text)
    (row,) = list(csv.reader(io.StringIO(to_csv([{"text": text}]))))[1:]
    assert cell_in(row[[one.name for one in COLUMNS].index("text")]) == text


def test_a_plain_page_is_as_it_was() -> None:
    """Marks that turn nothing else stay: text written from right to left, and joined letters."""
    for text in ("שלום", "\u200e", "\u200d", "[U+0041]"):
        assert harmless(text) == text
    assert harmless(SAID) != SAID
    assert word(PAGE) == word(replace(PAGE, lead=(harmless(SAID),)))
