"""Cells that stand where no heading is, and characters that are not what the file says it is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from api.chronologies.sheet import read_sheet
from tests.imports.bringing import OPEN, Lists, lists
from tests.imports.conftest import entries_of

__all__ = ["lists"]

HEADINGS = "Start date,Agency,Source,Event\n"
GOOD = "2006-07-06,Police,Log,A call.\n"


def written(path: Path, text: str | bytes) -> Path:
    """Write a file, as it is."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_comma_without_quotes_loses_nothing(tmp_path: Path) -> None:
    """A row with more cells than headings is an error that says what to do; others are read."""
    path = written(tmp_path / "c.csv", HEADINGS + "2006,Police,Log,No, he left.\n" + GOOD)
    sheet, read = entries_of(path)
    (error,) = read.errors
    assert (error.row, error.column) == (2, "the row")
    assert "put the text in quotes" in error.remedy
    assert [entry.row for entry in read.entries] == [3]
    assert len(sheet.rows) == 2


@pytest.mark.parametrize("more", [",", ",,,", ", ,"])
def test_empty_cells_at_the_end_of_a_row_are_nothing(tmp_path: Path, more: str) -> None:
    """What a spreadsheet writes beyond the last heading, and holds nothing, is no error."""
    path = written(tmp_path / "c.csv", HEADINGS + GOOD.replace("\n", f"{more}\n"))
    _, read = entries_of(path)
    assert (len(read.entries), read.errors) == (1, ())


def test_headings_that_are_empty_at_the_end_hold_no_text(tmp_path: Path) -> None:
    """Where every row ends in the same empty cells, a text cut in two is found all the same."""
    text = "Start date,Agency,Source,Event,,\n2006,Police,Log,No, he left.,\n"
    _, read = entries_of(written(tmp_path / "c.csv", text))
    assert [error.row for error in read.errors] == [2]


def test_a_column_without_a_heading_is_named(tmp_path: Path) -> None:
    """Such as the row numbers that some programs put in front; it is not silently left out."""
    sheet, read = entries_of(written(tmp_path / "c.csv", f",{HEADINGS}0,{GOOD}"))
    assert read.errors == ()
    assert sheet.ignored == (
        "column 1 (A), which has no heading: it is not read; give it one of the template's",
    )


def test_what_stands_beside_the_rows_of_a_workbook_is_named(tmp_path: Path) -> None:
    """No comma cut a cell of a workbook: what is beyond the headings is left out, and told."""
    book = Workbook()
    for row in (HEADINGS.strip().split(","), [*GOOD.strip().split(","), "", "a sum"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "c.xlsx")
    sheet = read_sheet(tmp_path / "c.xlsx")
    assert (len(sheet.rows), sheet.wrong) == (1, {})
    assert sheet.ignored == (
        "column 6 (F), which has no heading: it is not read; give it one of the template's",
    )


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("2006\n", {"Agency", "Source of information", "Event"}),
        ("2006,Police\n", {"Source of information", "Event"}),
        ("2006,Police,Log\n", {"Event"}),
    ],
)
def test_a_row_that_ends_too_soon_lacks_what_is_needed(
    tmp_path: Path, row: str, columns: set[str]
) -> None:
    """A needed column without a cell is an error of the row, by its name."""
    _, read = entries_of(written(tmp_path / "c.csv", HEADINGS + row))
    assert {error.column for error in read.errors} == columns
    assert read.entries == ()


def test_a_row_without_the_last_cells_is_read(tmp_path: Path) -> None:
    """Columns nobody needs may be missing at the end of a row."""
    text = HEADINGS.replace("\n", ",Response,Comment\n") + GOOD
    _, read = entries_of(written(tmp_path / "c.csv", text))
    assert (len(read.entries), read.errors) == (1, ())


def test_a_list_of_cases_is_held_to_its_headings_too(lists: Lists) -> None:
    """A row of a case list that was cut in two is an error, and none of it is recorded."""
    path = lists.file(OPEN)
    path.write_text(path.read_text("utf-8").rstrip() + ",more\n", encoding="utf-8")
    _, read = lists.read(path)
    assert [(error.row, error.column) for error in read.errors] == [(2, "the row")]
    assert read.rows == ()
