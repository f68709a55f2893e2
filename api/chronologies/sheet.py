"""A file of rows: CSV in the encodings offices use, or the first sheet of an Excel workbook."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from api.chronologies.columns import CHRONOLOGY, Columns
from api.chronologies.encoding import decoded
from api.chronologies.workbook import UNRECKONED, Opened, open_workbook
from api.harmless import read, written
from api.values import LONGEST_TEXT
from domain.refusal import NotFound, Refused

LARGEST_BYTES: Final = 50_000_000
LARGEST_CELL: Final = LONGEST_TEXT  # characters: what may be recorded, and given out, is taken in
MOST_ROWS: Final = 50_000  # with something in them
MOST_EMPTY: Final = 10_000  # rows one after another; further down nobody looks
_DELIMITERS: Final = ",;\t|"
_HEADINGS_WITHIN: Final = 15  # rows; a title and an explanation often stand above them
NOTE: Final = "#^¬~"  # a row whose source begins so is its author's own note, and no entry
_TAKEN: Final = re.compile(rf"[{re.escape(NOTE)}]|\[U\+")  # for a note, or for what tells it apart
_NUMBERED: Final = re.compile(rf"\A\[U\+({'|'.join(f'{ord(one):04X}' for one in NOTE)}|005B)\]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r](?s:.)")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r](?s:.)")


_OVER: Final = (
    "it has more cells than there are headings: put the text in quotes where the character that "
    "parts the cells stands in it"
)
_UNKNOWN: Final = (
    "whose heading is none of the template's: it is not read; give it one of those, or leave it as "
    "it is"
)
_LETTERS: Final = 26
_TWICE: Final = (
    "only the first is read; put what it holds into the first, or give it another heading"
)
_UNHEADED: Final = "which has no heading: it is not read; give it one of the template's"
_BROKEN_OFF: Final = (
    "the file ends in the middle of it: get the whole file; if it is whole, add an empty line"
)
_FORMULA: Final = "formula: save the workbook in a spreadsheet program first"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """What is wrong with a row. `remedy` never repeats what stands in it."""

    row: int
    column: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a file holds. `rows` have their number in the file and their cells by column name."""

    digest: bytes  # SHA-256 of the file
    rows: tuple[tuple[int, dict[str, str]], ...]
    wrong: Mapping[int, tuple[RowError, ...]] = field(default_factory=dict)  # rows not to be read
    ignored: tuple[str, ...]  # headings that are no column of ours, and columns without one
    ended: str | None = None  # why reading ended before the file did
    columns: frozenset[str] = frozenset()  # those there are, by our names
    encoding: str | None = None  # of a CSV, as it was read
    unread: tuple[str, ...] = ()  # other sheets of a workbook that hold something


def read_sheet(path: Path, of: Columns = CHRONOLOGY) -> Sheet:
    """Read a file of a chronology, or `of` other columns.

    Raises:
        NotFound: there is no such file.
        Refused: it is too large, not CSV or XLSX, or has no row of headings.
    """
    try:
        size, content = path.stat().st_size, path.read_bytes()
    except FileNotFoundError:
        raise NotFound("There is no such file.") from None
    except OSError:
        raise Refused("unreadable", "C.4", "This file cannot be read by this account.") from None
    if size > LARGEST_BYTES:
        raise Refused("too_large", "C.4", "The file is over 50 MB: split it by agency or year.")
    digest = hashlib.sha256(content).digest()
    if content[:2] == b"PK":
        book = open_workbook(content)
        sheet = _sheet(digest, book.rows, of, book=book)
        return replace(sheet, unread=book.unread)
    text, encoding = decoded(content)
    ends = text.endswith(("\n", "\r"))
    return replace(_sheet(digest, _csv(text, of), of, broken_off=not ends), encoding=encoding)


def _sheet(
    digest: bytes,
    rows: Iterable[Sequence[str]],
    of: Columns,
    book: Opened | None = None,
    *,
    broken_off: bool = False,
) -> Sheet:
    """Read rows one at a time, of each the cells that stand under a heading.

    `broken_off`: the file ends without the end of a line. Programs leave out empty cells at the end
    of a row, but where such a row is the last, as much may be missing as was lost on the way here.

    Raises:
        Refused: there is no row of headings, or more below it than a chronology has.
    """
    lines = enumerate(rows, start=1)
    headings = _headings(lines, of)
    if headings is None:
        raise _no_headings(of, book)
    place = "The file" if book is None else "The first sheet of the workbook"
    names, width = of.recognise(headings), _width(headings)
    wrong: dict[int, tuple[RowError, ...]] = {}
    bare: set[int] = set()  # places of cells that stand under no heading
    found: list[tuple[int, dict[str, str]]] = []
    empty = size = number = 0
    cells: Sequence[str] = headings
    for number, cells in lines:
        row = {
            name: cell_in(cell.strip())
            for name, cell in zip(names, cells, strict=False)
            if name is not None and cell.strip()
        }
        errors = _wrong(number, cells, names, of, width=None if book else width)
        if errors:
            wrong[number] = errors
        bare.update(at for at, _cell in _bare(headings, cells) if at < width or book)
        empty = 0 if row or number in wrong else empty + 1
        if empty == MOST_EMPTY:
            break
        if row or number in wrong:
            found.append((number, row))
            size += sum(map(len, row.values()))
        if len(found) > MOST_ROWS or size > LARGEST_BYTES:
            raise Refused(
                "too_large",
                "C.4",
                f"{place} has over {MOST_ROWS:,} lines, or over 50 MB of text: split it by agency "
                "or year.",
            )
    if broken_off and number in dict(found) and len(cells) < width:
        wrong[number] = (RowError(row=number, column="the row", remedy=_BROKEN_OFF),)
    return Sheet(
        digest=digest,
        rows=tuple(found),
        wrong=wrong,
        ignored=tuple(_not_read(headings, names, of, bare)),
        ended=_ended(place, number, empty) if empty == MOST_EMPTY else None,
        columns=frozenset(name for name in names if name is not None),
    )


def _not_read(
    headings: Sequence[str], names: Sequence[str | None], of: Columns, bare: set[int]
) -> Iterator[str]:
    """Say of each column that is not read where it stands, why, and what to do.

    A heading that is none of ours may hold anything, a name among it: its place is said instead.
    """
    titles = {column.name: column.title for column in of.columns}
    for at, (heading, name) in enumerate(zip(headings, names, strict=True)):
        again = of.recognise([heading])[0]
        if name is not None or not heading.strip():
            continue
        if again is None:
            yield f"{_place(at)}, {_UNKNOWN}"
        else:
            first = _place(names.index(again))
            yield f"{_place(at)}, which means {titles[again]} as {first} does: {_TWICE}"
    for at in sorted(bare):
        yield f"{_place(at)}, {_UNHEADED}"


def _place(at: int) -> str:
    """`column 5 (E)`: by its number, and by the letters a spreadsheet program shows."""
    letters, left = "", at + 1
    while left:
        left, letter = divmod(left - 1, _LETTERS)
        letters = f"{chr(ord('A') + letter)}{letters}"
    return f"column {at + 1} ({letters})"


def _no_headings(of: Columns, book: Opened | None) -> Refused:
    """What to say where there is no row of headings: also where it was looked for."""
    wanted = ", ".join(column.title for column in of.columns if column.name in of.needed)
    where, remedy = "", ""
    if book is not None:
        which = f"the first of its {book.sheets} sheets" if book.sheets > 1 else "its one sheet"
        where = f" in {which}{', which is hidden' if book.hidden else ''}"
        if book.sheets > 1:
            remedy = " No other sheet was read: move the one with the lines to the front."
    return Refused(
        "no_headings",
        "C.4",
        f"No headings were found{where}; there must be at least {wanted}.{remedy}",
    )


def _wrong(
    number: int,
    cells: Sequence[str],
    names: Sequence[str | None],
    of: Columns,
    *,
    width: int | None,
) -> tuple[RowError, ...]:
    """Why a row cannot be read as it stands; `width` is how many cells one of a CSV has."""
    if width is not None and any(cell.strip() for cell in cells[width:]):
        return (RowError(row=number, column="the row", remedy=_OVER),)
    titles = {column.name: column.title for column in of.columns}
    return tuple(
        RowError(row=number, column=titles[name], remedy=_FORMULA)
        for name, cell in zip(names, cells, strict=False)
        if name is not None and cell is UNRECKONED
    )


def _width(headings: Sequence[str]) -> int:
    """How many cells a row of these headings has; what stands beyond was cut from a text."""
    return max(at for at, heading in enumerate(headings, start=1) if heading.strip())


def _bare(headings: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The cells that hold something and stand under no heading, each with its place."""
    for at, cell in enumerate(cells):
        if cell.strip() and not (at < len(headings) and headings[at].strip()):
            yield at, cell


def _ended(place: str, row: int, empty: int) -> str:
    return (
        f"{place} was read to row {row:,}, as its last {empty:,} rows have nothing under the "
        "headings; if lines stand further down, delete the empty rows above them"
    )


def _headings(lines: Iterator[tuple[int, Sequence[str]]], of: Columns) -> Sequence[str] | None:
    """The row of headings, the first rows used up to it; None where there is none among them."""
    for _number, cells in islice(lines, _HEADINGS_WITHIN):
        names = of.recognise(cells)
        if all(name in names for name in of.needed):
            return cells
    return None


def _csv(text: str, of: Columns) -> Iterator[list[str]]:
    if "\0" in text:
        raise Refused(
            "unreadable",
            "C.4",
            "This is neither a CSV file nor an Excel workbook (.xlsx): save it as CSV UTF-8.",
        )
    csv.field_size_limit(LARGEST_BYTES)
    try:
        yield from _cut(text, max(_DELIMITERS, key=lambda one: _recognised(text, one, of)))
    except csv.Error:
        raise Refused(
            "unreadable", "C.4", "The CSV is broken: a quoted cell is not closed."
        ) from None


def _cut(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _recognised(text: str, delimiter: str, of: Columns) -> int:
    """How many headings are known where rows are cut so; the prose below them has no say in it."""
    try:
        headings = _headings(enumerate(_cut(text, delimiter), start=1), of)
    except csv.Error:
        return 0
    return sum(name is not None for name in of.recognise(headings or ()))


def cell_out(cell: str) -> str:
    """A cell that is no formula, and that turns nothing beside it (`harmless`)."""
    return safe_out(written(cell))


def cell_in(cell: str) -> str:
    """The inverse of `cell_out`."""
    return read(safe_in(cell))


def source_out(cell: str) -> str:
    """The source of an entry, which no import takes for that of a note: as its letter's number."""
    text = cell.lstrip()  # an import does not read what stands before it
    return f"[U+{ord(text[0]):04X}]{text[1:]}" if _TAKEN.match(text) else cell


def source_in(cell: str) -> str:
    """The inverse of `source_out`."""
    return _NUMBERED.sub(lambda found: chr(int(found[1], 16)), cell)


def safe_out(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def safe_in(cell: str) -> str:
    """The inverse of `safe_out`."""
    return cell[1:] if _DEFUSED.match(cell) else cell
