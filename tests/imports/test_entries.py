"""Files as offices make them, and what is wrong with a row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from api.chronologies.columns import TITLES
from api.chronologies.entries import Read, read_entries
from api.chronologies.sheet import read_sheet, safe_in, safe_out
from api.chronologies.writing import to_csv
from domain.jurisdictions.england import ENGLAND
from domain.refusal import NotFound, Refused
from domain.words import Slug
from tests.imports.conftest import NOW

GOOD = {
    "Start date": "2006-07-06",
    "Agency": "Police",
    "Source of information": "Call log",
    "Event": "A call.",
}


def written(path: Path, *rows: Mapping[str, str]) -> Path:
    """Write rows under our own headings."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TITLES)
        writer.writeheader()
        writer.writerows(rows)
    return path


def entries(path: Path, agency: str | None = None) -> Read:
    """Read a file."""
    owner = None if agency is None else Slug(agency)
    return read_entries(read_sheet(path), jurisdiction=ENGLAND, now=NOW, agency=owner)


def test_agencies_that_become_one_are_named(tmp_path: Path) -> None:
    """An agency is kept as an identifier: where two written forms are one then, it is said."""
    forms = ("Police / Health", "Police, Health", "POLICE,  health", "Police", "police")
    rows = [GOOD | {"Agency": form, "Known to": ""} for form in forms]
    found = entries(written(tmp_path / "a.csv", *rows))
    assert found.as_one == ("police-health (Police / Health; Police, Health)",)


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"Start date": ""}, "Start date", "give a date"),
        ({"Start date": "12 March"}, "Start date", "write a date as"),
        ({"Start date": "2031-01-01"}, "Start date", "future"),
        ({"Start time": "25:00"}, "Start time", "write a time as"),
        ({"Start date": "2006-07", "Start time": "14:30"}, "Start time", "one certain day"),
        ({"End date": "2006-07-01"}, "End date", "ends before it begins"),
        ({"Agency": ""}, "Agency", "--agency"),
        ({"Source of information": ""}, "Source of information", "in which record"),
        ({"Event": ""}, "Event", "what happened"),
        ({"Event": "x" * 100_001}, "Event", "shorten"),
        ({"Seq": "two"}, "Seq", "whole number"),
        ({"Recorded at": "later"}, "Recorded at", "write a date as"),
        ({"Known to": "police"}, "Known to", "number 1 in this cell: write it as agency: date"),
        ({"Known to": "police: 2006; gp: 2031"}, "Known to", "number 2 in this cell: this lies in"),
        ({"Known to": "police: soon"}, "Known to", "number 1 in this cell, its date: write a date"),
        ({"Known to": f"{'a' * 60}: 2006"}, "Known to", "number 1 in this cell, its agency: "),
        ({"Known to": "–: 2006"}, "Known to", "number 1 in this cell, its agency: say which"),
        ({"Assertion": "rumour"}, "Assertion", "choose one of"),
    ],
)
def test_a_wrong_row_is_named_with_its_remedy(
    tmp_path: Path, cells: dict[str, str], column: str, says: str
) -> None:
    """Each error says row, column and what to do, and the good row beside it is still read."""
    read = entries(written(tmp_path / "c.csv", GOOD, {**GOOD, **cells}))
    (error,) = read.errors
    assert (error.row, error.column) == (3, column)
    assert says in error.remedy
    assert [entry.row for entry in read.entries] == [2]


def test_every_error_of_a_row_is_said_at_once(tmp_path: Path) -> None:
    """Nobody mends a file one error at a time."""
    read = entries(
        written(tmp_path / "c.csv", {"Start date": "soon", "Seq": "x", "Person(s)": "N"})
    )
    assert {error.column for error in read.errors} == {
        "Start date",
        "Agency",
        "Source of information",
        "Event",
        "Seq",
    }


def test_a_source_that_begins_as_a_note_does_is_given_out_as_none(tmp_path: Path) -> None:
    """An entry whose source begins so is written and read back as it was, and is no note."""
    sources = ["#4021 file", " ^x", "¬", "~2", "[U+0023]x", "[U+005B]U+0023]", "'#", "[U+202E]"]
    path = tmp_path / "c.csv"
    path.write_text(
        to_csv({"start": "2006", "agency": "gp", "source": one, "text": "t"} for one in sources)
    )
    read = entries(path)
    assert [one.source for one in read.entries] == [one.strip() for one in sources]
    assert (read.errors, read.notes) == ((), ())


def test_authors_notes_are_left_out(tmp_path: Path) -> None:
    """A row whose source begins with # ^ ¬ or ~ is its author's note: no entry, and no error."""
    notes = [{"Source of information": f"{mark} ask again", "Event": "?"} for mark in "#^¬~"]
    read = entries(written(tmp_path / "c.csv", GOOD, *notes))
    assert (len(read.entries), read.errors, read.notes) == (1, (), (3, 4, 5, 6))


def test_an_uncertain_time_stays_words_beside_the_day(tmp_path: Path) -> None:
    """A time with ? in front becomes no moment: the day is the day, and the words are kept."""
    (entry,) = entries(written(tmp_path / "c.csv", {**GOOD, "Start time": "?14:30"})).entries
    assert (entry.occurred.text, entry.start_time) == ("2006-07-06", "?14:30")


def test_a_time_makes_a_moment_and_an_end_time_ends_the_same_day(tmp_path: Path) -> None:
    """With a certain day, times of day are moments of Europe/London."""
    row = {**GOOD, "Start time": "14:30", "End time": "15:00"}
    (entry,) = entries(written(tmp_path / "c.csv", row)).entries
    assert entry.occurred.text == "2006-07-06T13:30:00Z"
    assert entry.ended is not None
    assert entry.ended.text == "2006-07-06T14:00:00Z"


def test_headings_are_known_by_their_usual_names(tmp_path: Path) -> None:
    """Case, brackets, synonyms, a title above and columns of another office do no harm."""
    path = tmp_path / "c.csv"
    path.write_text(
        "Chronology of one agency\n\n"
        "DATE;source;EVENT / CONTACT;Mood\n"
        "06/07/2006;Log;A call.;calm\n",
        encoding="utf-8",
    )
    sheet = read_sheet(path)
    read = entries(path, agency="police")
    assert [one.partition(",")[0] for one in sheet.ignored] == ["column 4 (D)"]
    assert [(one.row, one.text, one.agency) for one in read.entries] == [(4, "A call.", "police")]


def test_what_excel_saves_on_windows_is_read(tmp_path: Path) -> None:
    """Neither a mark at the beginning nor Windows' own letters are taken for text."""
    path = tmp_path / "c.csv"
    text = (
        "Date,Agency,Source,Event\n2006-07-06,Police,Log,He said \N{LEFT SINGLE QUOTATION MARK}no"
    )
    for coding in ("cp1252", "utf-8-sig"):
        path.write_bytes(text.encode(coding))
        assert entries(path).entries[0].text.endswith("\N{LEFT SINGLE QUOTATION MARK}no")


def test_a_workbook_says_the_same_as_csv(tmp_path: Path) -> None:
    """A date cell of Excel, which keeps midnights, is a day; its times and numbers are read."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Seq", "Start date", "End date", "Agency", "Source", "Event", "Recorded at"])
    moment = datetime(2006, 7, 6, 14, 30)  # noqa: DTZ001 — Excel knows no zones
    sheet.append([1, datetime(2006, 7, 6), moment, "Police", "Log", "A call.", date(2006, 7, 7)])  # noqa: DTZ001 — as above
    book.save(tmp_path / "c.xlsx")
    (entry,) = entries(tmp_path / "c.xlsx").entries
    assert (entry.number, entry.occurred.text) == (1, "2006-07-06")
    assert entry.ended is not None
    assert entry.ended.earliest == datetime(2006, 7, 6, 13, 30, tzinfo=UTC)
    assert entry.recorded is not None
    assert entry.recorded.text == "2006-07-07"


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 not a workbook", b"\x00\x01\x02", b"one,two\n1,2\n", b'Date,"Source\n'],
)
def test_what_is_no_chronology_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    """A file without the columns, or that is no table at all, is refused in one sentence."""
    path = tmp_path / "c.csv"
    path.write_bytes(content)
    with pytest.raises(Refused):
        read_sheet(path)


def workbook(path: Path) -> Path:
    """Write a workbook of two good lines."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (list(GOOD), list(GOOD.values()), list(GOOD.values())):
        sheet.append(row)
    book.save(path)
    return path


def changed(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part within a workbook; a part that becomes empty is left out."""
    with ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[member] = change(parts[member])
    with ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name, content in parts.items():
            if content:
                new.writestr(name, content)
    return path


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize(
    "change",
    [lambda whole: whole[: len(whole) // 2], lambda _whole: b"<a", lambda _whole: b""],
    ids=["cut", "begun", "gone"],
)
def test_a_workbook_with_a_damaged_part_is_unreadable(
    tmp_path: Path, member: str, change: Callable[[bytes], bytes]
) -> None:
    """Damage within a workbook is told in one sentence that says what to do."""
    path = changed(workbook(tmp_path / "c.xlsx"), member, change)
    with pytest.raises(Refused, match="save it as CSV UTF-8") as refused:
        read_sheet(path)
    assert refused.value.code == "unreadable"


def test_a_workbook_damaged_anywhere_is_read_or_unreadable(tmp_path: Path) -> None:
    """Whichever byte of a workbook is spoilt, no error of a library reaches whoever gave it."""
    whole = workbook(tmp_path / "c.xlsx").read_bytes()
    path = tmp_path / "spoilt.xlsx"
    for at in range(2, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with suppress(Refused):
            read_sheet(path)
        path.write_bytes(whole[:at])
        with pytest.raises(Refused):
            read_sheet(path)


def test_what_a_library_warns_of_is_not_told(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    """A workbook without a default style is read, and its library's warning reaches nobody."""
    plain = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    path = changed(workbook(tmp_path / "c.xlsx"), "xl/styles.xml", lambda _whole: plain)
    with pytest.warns(UserWarning, match="style"):
        load_workbook(path)
    recwarn.clear()
    assert len(read_sheet(path).rows) == 2
    assert not recwarn.list


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_unicode_text_of_a_spreadsheet_program_is_read(
    tmp_path: Path, order: str, delimiter: str
) -> None:
    """UTF-16 that says it is UTF-16 is read as what it is."""
    path = tmp_path / "c.csv"
    rows = (GOOD, {**GOOD, "Event": "Zoë rang."}.values())
    text = "\ufeff" + "".join(delimiter.join(row) + "\r\n" for row in rows)
    path.write_bytes(text.encode(order))
    ((_number, row),) = read_sheet(path).rows
    assert row["text"] == "Zoë rang."


@pytest.mark.parametrize(
    "content", ["\ufeffDate".encode("utf-16-le") + b"\n", "D".encode("utf-16-le")]
)
def test_utf_16_that_cannot_be_read_says_what_to_save(tmp_path: Path, content: bytes) -> None:
    """UTF-16 that is cut short, or does not say what it is, is refused with the remedy."""
    path = tmp_path / "c.csv"
    path.write_bytes(content)
    with pytest.raises(Refused, match="save it as CSV UTF-8"):
        read_sheet(path)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    """There is nothing to read where there is no file."""
    with pytest.raises(NotFound):
        read_sheet(tmp_path / "none.csv")


@pytest.mark.parametrize("cell", ["=1+1", "+44 1", "-5", "@x", "'=1", "''=1", "-", "plain", "'tis"])
def test_no_exported_cell_is_a_formula(cell: str) -> None:
    """What a spreadsheet would reckon is written as text, and read as what it was."""
    out = safe_out(cell)
    assert safe_in(out) == cell
    assert len(cell) == 1 or out[0] not in "=+-@"
