"""What a dry run says of mistakes in a file: which row or column, what to do, and no more.

A report is copied into mails and tickets: it repeats no cell, and no heading that is not ours.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.caselists.columns import CASE_LIST
from api.chronologies.columns import CHRONOLOGY, Columns
from api.chronologies.entries import read_entries
from api.chronologies.sheet import Sheet, read_sheet
from domain.jurisdictions import jurisdictions

ENGLAND = jurisdictions()["england"]
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
NAME = "Nora Repname"
OF_NOBODY = re.compile("Nora|Repname|shouted", re.IGNORECASE)


def sheet(tmp_path: Path, *lines: str, of: Columns = CHRONOLOGY) -> Sheet:
    """Read a CSV of these lines."""
    path = tmp_path / "list.csv"
    path.write_text("\n".join((*lines, "")), encoding="utf-8")
    return read_sheet(path, of)


def mistakes(read: Sheet) -> list[tuple[int, str, str]]:
    """Give every mistake in a chronology: row, column, remedy."""
    told = read_entries(read, jurisdiction=ENGLAND, now=NOW, agency=None)
    return [(one.row, one.column, one.remedy) for one in told.errors]


def test_a_doubled_heading(tmp_path: Path) -> None:
    """Of two columns with one heading the first is read: which, where both stand, what to do."""
    read = sheet(
        tmp_path,
        "Date,Agency,Source,Event,Description",
        f"2006-07-06,police,log,A call.,{NAME} shouted.",
    )
    (said,) = read.ignored
    assert said == (
        "column 5 (E), which means Event as column 4 (D) does: only the first is read; put what "
        "it holds into the first, or give it another heading"
    )


def test_an_unknown_column(tmp_path: Path) -> None:
    """A column with a heading that is not ours is named by its place, never by its heading."""
    lines = (f"Date,Agency,Source,Event,{NAME}", "2006-07-06,police,log,A call.,shouted")
    read = sheet(tmp_path, *lines)
    (said,) = read.ignored
    assert said == (
        "column 5 (E), whose heading is none of the template's: it is not read; give it one of "
        "those, or leave it as it is"
    )
    assert not OF_NOBODY.search(said)


def test_a_column_far_to_the_right(tmp_path: Path) -> None:
    """Behind Z a spreadsheet program writes AA."""
    headings = ["Date", "Agency", "Source", "Event", *[""] * 21, "x", "y"]
    read = sheet(tmp_path, ",".join(headings), "2006-07-06,police,log,A call.")
    assert [one.partition(",")[0] for one in read.ignored] == ["column 26 (Z)", "column 27 (AA)"]


def test_a_column_without_a_heading(tmp_path: Path) -> None:
    """A column that holds something under no heading is named by its place."""
    read = sheet(tmp_path, "Date,,Agency,Source,Event", f"2006-07-06,{NAME},police,log,A call.")
    assert read.ignored == (
        "column 2 (B), which has no heading: it is not read; give it one of the template's",
    )


def test_a_short_row(tmp_path: Path) -> None:
    """A row that ends early is told by each column it has to have and does not, none of it shown.

    What may be empty is not missed: programs leave out empty cells at the end of a row.
    """
    read = sheet(
        tmp_path,
        "Date,Agency,Source,Event,Outcome",
        "2006-07-06,police,log,A call.",
        f"2006-07-08,{NAME}",
        "",
        "2006-07-09,police,log,A visit.,None",
    )
    assert mistakes(read) == [
        (3, "Source of information", "say in which record this stands"),
        (3, "Event", "say what happened"),
    ]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"{NAME},police,log,A call.", "Start date"),
        (f"2006-07-06,police,,{NAME} shouted.", "Source of information"),
        (f"2006-07-06,police,{NAME},", "Event"),
        (f"2006-07-06,police,log,A call.,{NAME}", "the row"),
    ],
)
def test_no_mistake_repeats_a_cell(tmp_path: Path, line: str, column: str) -> None:
    """Each says its row, its column and what to do, and nothing that stands in the row."""
    found = mistakes(sheet(tmp_path, "Date,Agency,Source,Event", line))
    assert [row for row, _column, _remedy in found] == [2]
    (told,) = found
    assert told[1] == column
    assert len(told[2].split()) > 1
    assert not OF_NOBODY.search(told[2])


def test_case_lists_likewise(tmp_path: Path) -> None:
    """A list of cases says the same of its columns."""
    read = sheet(
        tmp_path,
        f"Reference,Received,Reference,{NAME}",
        f"A/1,2024-01-08,{NAME},x",
        of=CASE_LIST,
    )
    assert not OF_NOBODY.search(" ".join(read.ignored))
    assert ["column 3 (C)" in one or "column 4 (D)" in one for one in read.ignored] == [True, True]
