"""What a file may be told to be: its size, its delimiter and its escapes, whatever it contains."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl import Workbook

from api.chronologies import sheet as sheets
from api.chronologies import workbook as workbooks
from api.chronologies.sheet import MOST_EMPTY, read_sheet
from domain.refusal import Refused
from tests.imports.test_entries import GOOD, changed, workbook

HEADINGS = "No{0}Date{0}Time{0}Agency{0}Source{0}Event{0}Significance\n"
MB = 1_000_000


def stray(path: Path, *cells: str) -> Path:
    """Write a workbook of one good line, and something in cells far from it."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(GOOD))
    sheet.append(list(GOOD.values()))
    for cell in cells:
        sheet[cell] = "x"
    book.save(path)
    return path


def test_a_stray_cell_in_the_last_corner_costs_nothing(tmp_path: Path) -> None:
    """Rows are looked at under the headings alone, and no further than many empty ones."""
    path = stray(tmp_path / "c.xlsx", "XFD1048576")
    tracemalloc.start()
    read = read_sheet(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [number for number, _row in read.rows] == [2]
    assert peak < 50 * MB
    assert read.ended is not None
    assert f"read to row {MOST_EMPTY + 2:,}" in read.ended
    assert "first sheet" in read.ended


@pytest.mark.parametrize(
    ("end", "wrong"),
    [("a,2026-01-01", True), ("a,2026-01-01\n", False), ("a,2026-01-01,,,log,Something,", False)],
)
def test_a_file_that_was_cut_short_says_so(tmp_path: Path, end: str, *, wrong: bool) -> None:
    """A last row with fewer cells than headings, and no end of its line, is not taken for whole."""
    path = tmp_path / "c.csv"
    whole = "a,2026-01-01,10:00,police,log,Something,low\n"
    path.write_text(HEADINGS.format(",") + whole + "a,2026-01-02,,police\n" + end, "utf-8")
    read = read_sheet(path)
    assert (4 in read.wrong) is wrong
    assert not {2, 3} & set(read.wrong)


def test_rows_below_a_shorter_gap_are_read(tmp_path: Path) -> None:
    """A few empty rows end nothing, and rows keep their numbers."""
    read = read_sheet(stray(tmp_path / "c.xlsx", "D500"))
    assert [number for number, _row in read.rows] == [2, 500]
    assert read.ended is None


def test_the_size_a_workbook_says_it_has_is_not_believed(tmp_path: Path) -> None:
    """Some programs write A1 as the extent of every sheet; all of its rows are read."""
    path = changed(
        workbook(tmp_path / "c.xlsx"),
        "xl/worksheets/sheet1.xml",
        lambda whole: whole.replace(b'<dimension ref="A1:D3"', b'<dimension ref="A1:A1"'),
    )
    assert len(read_sheet(path).rows) == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b" " * (workbooks.MOST_UNPACKED + 1), "unpacks to over 64 MB"),
        (b"<c/>" * (workbooks.MOST_TAGS + 1), "more cells"),
    ],
    ids=["bytes", "cells"],
)
def test_a_workbook_that_unpacks_to_too_much_is_too_large(
    tmp_path: Path, content: bytes, says: str
) -> None:
    """A zip bomb is told what it is and what to do, before any of it is read as XML."""
    path = workbook(tmp_path / "c.xlsx")
    with ZipFile(path, "a", ZIP_DEFLATED) as book:
        book.writestr("xl/more.xml", content)
    assert path.stat().st_size < MB
    with pytest.raises(Refused, match="save that sheet as CSV") as refused:
        read_sheet(path)
    assert refused.value.code == "too_large"
    assert says in refused.value.detail


def test_want_of_memory_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where memory does not suffice the workbook is called too large, not damaged."""

    def exhausted(*_given: object, **_more: object) -> None:
        raise MemoryError

    monkeypatch.setattr(openpyxl, "load_workbook", exhausted)
    with pytest.raises(Refused) as refused:
        read_sheet(workbook(tmp_path / "c.xlsx"))
    assert refused.value.code == "too_large"


def test_more_lines_than_a_chronology_has_are_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines are counted as they are read, in a workbook and in a CSV."""
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    text = tmp_path / "c.csv"
    text.write_text(HEADINGS.format(",") + "1,2006,,Police,Log,A call.,\n" * 2)
    for path in (workbook(tmp_path / "c.xlsx"), text):
        with pytest.raises(Refused, match="split it") as refused:
            read_sheet(path)
        assert refused.value.code == "too_large"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("other", [",", ";", "\t", "|"])
def test_the_delimiter_is_that_of_the_headings(tmp_path: Path, delimiter: str, other: str) -> None:
    """However often another one stands in the text, rows are cut as their headings are."""
    said = f'"He said{" no" if other == delimiter else f"{other} no" * 12}"'
    cells = ("1", "2006-07-06", "", "Police", "Log", said, "")
    path = tmp_path / "c.csv"
    path.write_text(
        "An integrated chronology, with notes\n"
        + HEADINGS.format(delimiter)
        + (delimiter.join(cells) + "\n") * 12
    )
    read = read_sheet(path)
    assert [number for number, _row in read.rows] == list(range(3, 15))
    assert {row["text"] for _number, row in read.rows} == {said.strip('"').strip()}


def test_a_quoted_text_in_another_place_does_not_hide_the_headings(tmp_path: Path) -> None:
    """What is broken CSV when cut by a comma is read when its headings are cut by a semicolon."""
    path = tmp_path / "c.csv"
    path.write_text('"A title, of "; "x"\n' + HEADINGS.format(";") + "1;2006;;Police;Log;a, b;\n")
    assert [row["text"] for _number, row in read_sheet(path).rows] == ["a, b"]


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("one_x000D_\ntwo", "one\r\ntwo"),
        ("one_x000A_two", "one\ntwo"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_x005F_b", "a_b"),
        ("_xD83D__xDE00_", "\N{GRINNING FACE}"),
        ("_x12_ and x_y", "_x12_ and x_y"),
    ],
)
def test_an_escape_of_excel_is_the_character_it_stands_for(
    tmp_path: Path, stored: str, meant: str
) -> None:
    """A carriage return in a cell is one, and not seven letters (ECMA-376, ST_Xstring)."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(GOOD))
    sheet.append(list({**GOOD, "Event": stored}.values()))
    book.save(tmp_path / "c.xlsx")
    ((_number, row),) = read_sheet(tmp_path / "c.xlsx").rows
    assert row["text"] == meant
