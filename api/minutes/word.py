"""A page as a Word document, the same bytes for the same page."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from api.minutes.page import AUTHOR, LANGUAGE, Page, Table

MEDIA: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say


def word(page: Page) -> bytes:
    """Write a page as .docx: headings, tables with a head that repeats, language and title."""
    document = Document()
    _describe(document, page)
    document.add_heading(page.title, level=0)
    for line in page.lead:
        document.add_paragraph(line)
    for section in page.sections:
        document.add_heading(section.title, level=1)
        for paragraph in section.paragraphs:
            if isinstance(paragraph, str):
                document.add_paragraph(paragraph)
                continue
            for point in paragraph:
                document.add_paragraph(point, style="List Bullet")
        if section.table is not None:
            _table(document, section.table)
    return _same_bytes(document)


def _describe(document: WordDocument, page: Page) -> None:
    about, dated = document.core_properties, page.dated.astimezone(UTC).replace(tzinfo=None)
    about.title, about.author, about.language = page.title, AUTHOR, LANGUAGE
    about.last_modified_by, about.comments, about.revision = AUTHOR, "", 1
    about.created = about.modified = dated
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _table(document: WordDocument, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    head = made.rows[0]
    repeats = OxmlElement("w:tblHeader")
    repeats.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeats)  # noqa: SLF001 — the library's own way to its XML
    for cell, text in zip(head.cells, table.heads, strict=True):
        cell.text = text
    for row in table.rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text


def _same_bytes(document: WordDocument) -> bytes:
    """Put the parts in order and under one time: the library writes the clock's."""
    first, out = io.BytesIO(), io.BytesIO()
    document.save(first)
    with (
        zipfile.ZipFile(first) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in sorted(read.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            entry = zipfile.ZipInfo(name, date_time=_LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            written.writestr(entry, read.read(name))
    return out.getvalue()
