"""A page as a Word document, the same bytes for the same page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Row as Row

from api.harmless import harmless
from api.minutes.page import AUTHOR, LANGUAGE, Page, Table, numbered

MEDIA: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTH, _HEIGHT, _MARGIN = Cm(21), Cm(29.7), Cm(2.2)  # A4
_FONT: Final = "Arial"
_SMALL: Final = Pt(10)  # in tables
_SMALLER: Final = Pt(7)  # in those of many columns
_NARROW: Final = Cm(1.2)  # the margins of a page on its long side
_CELL: Final = Cm(0.08)  # those of its cells
_STYLES: Final = ("Normal", "Title", "Heading 1")
_CONTROL: Final = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # XML 1.0, 2.2
_PROPERTY: Final = 255  # the most letters a property has; the last line has all
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say


def word(page: Page) -> bytes:
    """Write a page as .docx: headings, tables with a head that repeats, language and title."""
    document = Document()
    _describe(document, page)
    _lay_out(document, wide=page.wide)
    document.add_heading(_allowed(page.title), level=0)
    for line in page.lead:
        document.add_paragraph(_allowed(line))
    for section in page.sections:
        document.add_heading(_allowed(section.title), level=1)
        for paragraph in section.paragraphs:
            if isinstance(paragraph, str):
                document.add_paragraph(_allowed(paragraph))
                continue
            for point in paragraph:
                document.add_paragraph(_allowed(point), style="List Bullet")
        if section.table is not None:
            if section.paragraphs:
                document.paragraphs[-1].paragraph_format.keep_with_next = True
            _table(document, section.table, wide=page.wide)
    if page.basis:
        document.add_paragraph().add_run(_allowed(page.basis)).font.size = _SMALL
    return _same_bytes(document)


def _describe(document: WordDocument, page: Page) -> None:
    about, dated = document.core_properties, page.dated.astimezone(UTC).replace(tzinfo=None)
    about.title, about.author, about.language = _allowed(page.title), AUTHOR, LANGUAGE
    about.last_modified_by, about.revision = AUTHOR, 1
    about.comments = _allowed(page.basis)[:_PROPERTY]
    about.created = about.modified = dated
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _lay_out(document: WordDocument, *, wide: bool) -> None:
    """A4 with a number on each page, in a plain font that every reader has one like."""
    for name in _STYLES:
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 — a programmer's proof
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in list(fonts.attrib):
            del fonts.attrib[kind]  # a theme's font would go before the one that is named
        style.font.name = _FONT
    for section in document.sections:
        section.page_width, section.page_height = (_HEIGHT, _WIDTH) if wide else (_WIDTH, _HEIGHT)
        if wide:
            section.orientation = WD_ORIENT.LANDSCAPE
        margin = _NARROW if wide else _MARGIN
        section.left_margin = section.right_margin = margin
        section.top_margin = section.bottom_margin = margin
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for field in ("PAGE", " / ", "NUMPAGES"):
            if field.isupper():
                number = OxmlElement("w:fldSimple")
                number.set(qn("w:instr"), field)
                foot._p.append(number)  # noqa: SLF001 — the library's own way to its XML
                number.append(foot.add_run("1")._r)  # noqa: SLF001 — until Word has counted
            else:
                foot.add_run(field)


def _table(document: WordDocument, table: Table, *, wide: bool) -> None:
    made = document.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    made.autofit = False
    # As whole points: a width is stored in twentieths, and rounds the same everywhere.
    room = Length(_HEIGHT - 2 * _NARROW if wide else _WIDTH - 2 * _MARGIN)
    size = _SMALLER if wide else _SMALL
    if wide:
        _narrow_cells(made)
    widths = [Pt(int(room.pt * share)) for share in table.shares]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    _row(made.rows[0], table.heads, widths, size, "w:tblHeader")
    for cell in made.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    for row in table.rows:
        _row(made.add_row(), row, widths, size)


def _narrow_cells(table: WordTable) -> None:
    """Keep less room at the sides of each cell than is usual."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), str(round(_CELL.pt * 20)))
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    # In its place: after the layout, before what a style may look like (CT_TblPr).
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 — its own way to its XML
    look.addprevious(margins) if look is not None else table._tbl.tblPr.append(margins)  # noqa: SLF001 — as above


def _row(
    row: Row, texts: tuple[str, ...], widths: Sequence[Length], size: Length, *more: str
) -> None:
    """Fill a row; it stands on one page where a page has the room."""
    for mark in ("w:cantSplit", *more):
        row._tr.get_or_add_trPr().append(OxmlElement(mark))  # noqa: SLF001 — its own way to its XML
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.text, cell.width = _allowed(text), width
        for run in cell.paragraphs[0].runs:
            run.font.size = size


def _allowed(text: str) -> str:
    """The text, its control characters by their numbers: XML has none but white space.

    And those that turn what stands beside them.
    """
    return harmless(_CONTROL.sub(lambda one: numbered(one.group()), text))


def _same_bytes(document: WordDocument) -> bytes:
    """The bytes of a document, the same for the same one."""
    first = io.BytesIO()
    document.save(first)
    return in_order(first.getvalue())


def in_order(content: bytes, **instead: bytes) -> bytes:
    """Put the parts in order and under one time: a library writes the clock's.

    `instead` are parts by name that stand in the place of those written.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in sorted(read.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            entry = zipfile.ZipInfo(name, date_time=_LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            written.writestr(entry, instead.get(name) or read.read(name))
    return out.getvalue()
