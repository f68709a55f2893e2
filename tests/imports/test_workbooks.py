"""What a workbook holds besides the values of its first sheet is never silently left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from api.chronologies.sheet import read_sheet
from domain.refusal import Refused
from tests.imports.bringing import OPEN, Bringer, bringer
from tests.imports.conftest import Importer
from tests.imports.test_entries import GOOD, changed

__all__ = ["bringer"]

SHEET = "xl/worksheets/sheet1.xml"
REMEDY = "formula: save the workbook in a spreadsheet program first"


def book_of(*rows: dict[str, str]) -> Workbook:
    """Make a workbook of rows under the headings of a good one."""
    book = Workbook()
    for row in (list(GOOD), *(list({**GOOD, **row}.values()) for row in rows)):
        book.worksheets[0].append(row)
    return book


def saved(book: Workbook, path: Path) -> Path:
    """Save a workbook as a program does that reckons nothing."""
    book.save(path)
    return path


@pytest.mark.parametrize("heading", list(GOOD))
def test_a_formula_nobody_reckoned_is_an_error_of_its_row(
    importer: Importer, tmp_path: Path, heading: str
) -> None:
    """In whichever column it stands, it is no empty cell: the row says what to do."""
    path = saved(book_of({heading: '="a"&"b"'}, {}), tmp_path / "c.xlsx")
    sheet, read = importer.read(path)
    assert [(error.row, error.remedy) for error in read.errors] == [(2, REMEDY)]
    assert [error.column for error in read.errors] == [heading]
    assert [entry.row for entry in read.entries] == [3]
    assert len(sheet.rows) == 2


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (b'<c r="%s" t="str"><f>1</f><v>A call.</v></c>', "A call."),
        (b'<c r="%s"><f>1</f><v>7</v></c>', "7"),
        (b'<c r="%s" t="str"><f>1</f><v></v></c>', None),
        (b'<c r="%s" t="str"><f>1</f><v/></c>', None),
    ],
)
def test_a_formula_that_was_reckoned_is_its_value(
    tmp_path: Path, cell: bytes, text: str | None
) -> None:
    """Also where the value is a text of no letters, as of a formula that shows nothing."""
    event = f"{chr(ord('A') + list(GOOD).index('Event'))}2".encode()
    path = saved(book_of({"Event": "=1"}), tmp_path / "c.xlsx")
    before = b'<c r="%s"><f>1</f><v />' % event
    path = changed(
        path,
        SHEET,
        lambda whole: whole.replace(before + b"</c>", cell % event).replace(
            before.replace(b"<v />", b"<v></v>") + b"</c>", cell % event
        ),
    )
    sheet = read_sheet(path)
    ((_number, row),) = sheet.rows
    assert (row.get("text"), sheet.wrong) == (text, {})


def test_a_formula_of_a_case_list_is_an_error_too(bringer: Bringer, tmp_path: Path) -> None:
    """None of the row is recorded."""
    book = Workbook()
    for row in (list(OPEN), list({**OPEN, "Name": '="A"'}.values())):
        book.worksheets[0].append(row)
    _, read = bringer.read(saved(book, tmp_path / "c.xlsx"))
    assert [(error.column, error.remedy) for error in read.errors] == [("Name", REMEDY)]
    assert read.rows == ()


def test_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    """Those that hold something; an empty one is nothing to be told of."""
    book = book_of({})
    book.create_sheet("Empty")
    book.create_sheet("More lines").append(list(GOOD.values()))
    book.create_sheet("Hidden")["C9"] = "x"
    book["Hidden"].sheet_state = "hidden"
    sheet = read_sheet(saved(book, tmp_path / "c.xlsx"))
    assert sheet.unread == ("More lines", "Hidden")
    assert read_sheet(saved(book_of({}), tmp_path / "one.xlsx")).unread == ()


def test_where_there_are_no_headings_it_is_said_which_sheet_was_read(tmp_path: Path) -> None:
    """The first alone, seen or not; by its place, since its name may be somebody's."""
    book = book_of({})
    book.create_sheet("Mrs Example", 0).append(["About this workbook"])
    with pytest.raises(Refused, match="in the first of its 2 sheets; ") as refused:
        read_sheet(saved(book, tmp_path / "c.xlsx"))
    assert "move the one with the lines to the front" in refused.value.detail
    assert "Example" not in refused.value.detail
    book["Mrs Example"].sheet_state = "hidden"
    book.active = 1
    with pytest.raises(Refused, match="first of its 2 sheets, which is hidden; "):
        read_sheet(saved(book, tmp_path / "c.xlsx"))
    alone = Workbook()
    with pytest.raises(Refused, match="No headings were found in its one sheet; "):
        read_sheet(saved(alone, tmp_path / "c.xlsx"))
