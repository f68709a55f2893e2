"""A timeline as an Excel workbook of texts, the same bytes for the same lines.

Every cell is a text: a date that is uncertain has no number in a spreadsheet, and one column of two
kinds sorts as neither. No cell is a formula, and none becomes one when the sheet is saved as CSV.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import tostring

from api.chronologies.columns import Column
from api.chronologies.sheet import cell_out
from api.minutes.page import AUTHOR
from api.minutes.word import in_order
from domain.refusal import Refused

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST: Final = 32_767  # characters of a cell of Excel's
_WIDTHS: Final[Mapping[str, int]] = {
    "number": 6,
    "start": 14,
    "end": 12,
    "start_time": 9,
    "end_time": 9,
    "agency": 16,
    "source": 26,
    "people": 20,
    "text": 48,
    "seen": 18,
    "response": 24,
    "decision": 28,
    "recorded": 12,
    "comment": 24,
    "significance": 26,
    "known_to": 22,
    "assertion": 13,
    "line": 6,
    "recorded_here": 13,
    "remarks": 30,
}
_LINE: Final = 14.0  # points
_HIGHEST: Final = 409.0  # points: no row of Excel is higher
_CORE: Final = "docProps/core.xml"
# ECMA-376 Part 1, 22.9.2.19: what XML has no letter for, and what a reader would make another of.
_ESCAPED: Final = re.compile(
    "_(?=x[0-9A-Fa-f]{4}_)|[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


ABBREVIATIONS: Final = ("Abbreviation", "What it means", "First on line")


def workbook(  # noqa: PLR0917 — its sheets, one after another
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, str]],
    hidden: frozenset[str],
    about: Sequence[tuple[str, str]],
    dated: datetime,
    glossary: Sequence[Sequence[str]] = (),
) -> bytes:
    """Write a workbook: the lines on the first sheet, under headings that stay; then the rest.

    Columns that are `hidden` stand there all the same, so that every workbook has the same.

    Raises:
        Refused: a cell is longer than Excel has.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 — a programmer's proof
    sheet.title = "Timeline"
    _put(sheet, 1, [column.title for column in columns], bold=True)
    for at, row in enumerate(rows, 2):
        _put(sheet, at, [row.get(column.name, "") for column in columns])
        # Few programs make a row as high as its texts when they open a workbook.
        high = max(_high(row.get(column.name, ""), _WIDTHS[column.name]) for column in columns)
        sheet.row_dimensions[at].height = min(_HIGHEST, high * _LINE)
    for at, column in enumerate(columns, 1):
        of = sheet.column_dimensions[get_column_letter(at)]
        of.width, of.hidden = _WIDTHS[column.name], column.name in hidden
    sheet.freeze_panes = "A2"
    _printed(sheet)
    if glossary:
        short = book.create_sheet("Abbreviations")
        for at, told in enumerate((ABBREVIATIONS, *glossary), 1):
            _put(short, at, told, bold=at == 1)
        short.column_dimensions["A"].width, short.column_dimensions["B"].width = 16, 70
        _printed(short)
    other = book.create_sheet("Basis")
    for at, pair in enumerate(about, 1):
        _put(other, at, pair)
    other.column_dimensions["A"].width, other.column_dimensions["B"].width = 28, 100
    _printed(other)
    return _same_bytes(book, dated)


def _put(sheet: Any, row: int, texts: Sequence[str], *, bold: bool = False) -> None:  # noqa: ANN401 — either kind of sheet
    for at, text in enumerate(texts, 1):
        if not text:
            continue
        safe = _ESCAPED.sub(_escape, cell_out(text))
        if len(safe) > LONGEST:
            words = f"A cell of line {row - 1} is too long for Excel: ask for csv, docx or json."
            raise Refused("too_large", "C.4", words)
        cell: Cell = sheet.cell(row=row, column=at)
        cell.value = safe
        cell.data_type = "s"  # also what begins as a formula does, which `cell_out` has defused
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if bold:
            cell.font = Font(bold=True)


def _high(text: str, width: int) -> int:
    """How many lines a text fills in a column."""
    return sum(1 + len(line) // max(1, width - 2) for line in text.split("\n"))


def _escape(found: re.Match[str]) -> str:
    """A character by its number."""
    return f"_x{ord(found[0]):04X}_"


def _printed(sheet: Any) -> None:  # noqa: ANN401 — as above
    """On paper: A4 on its long side, as wide as a page, the headings on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = 0.4  # inches


def _same_bytes(book: Workbook, dated: datetime) -> bytes:
    """The bytes of a workbook, under one time and by one author: the library writes the clock's."""
    about, out = book.properties, io.BytesIO()
    about.title, about.creator, about.lastModifiedBy = "Timeline", AUTHOR, AUTHOR
    book.save(out)
    about.created = about.modified = dated.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return in_order(out.getvalue(), **{_CORE: tostring(about.to_tree())})
