"""The first sheet of an Excel workbook, row by row, within bounds.

A workbook is a zip file of XML: a few kilobytes can stand for gigabytes, in three ways. A part can
unpack to far more than it is; a row or a table of strings can have millions of elements; and one
cell in the last corner makes a sheet of 17 thousand million. So its parts are measured, by what
the directory says and again as they unpack, before any of it is read as XML, and what is read of
the sheet is a row at a time, of the first columns alone.
"""

from __future__ import annotations

import io
import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from api.chronologies.formulas import unreckoned
from domain.refusal import Refused

MOST_UNPACKED: Final = 64_000_000  # bytes, of all its parts
MOST_TAGS: Final = 2_000_000  # of XML; a cell with a text is four, so half a million cells
MOST_COLUMNS: Final = 256  # looked at; a chronology has seventeen
_LAST_ROW: Final = 1_048_576  # of any sheet; what a workbook says of its own size is not believed
_LOOKED_AT: Final = 10_000  # rows of each other sheet, for anything that stands there
_PIECE: Final = 65_536  # bytes
_FORMULA: Final = re.compile(rb"<(?:[\w.-]{1,40}:)?f[\s/>]")
_LONGEST_TAG: Final = 43  # bytes, of the beginning of a formula
# ECMA-376 Part 1, 22.9.2.19 (ST_Xstring): what XML cannot hold stands as its UTF-16 code.
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Unreckoned(str):
    """What stands in the place of a formula whose value nobody has reckoned."""

    __slots__ = ()


UNRECKONED: Final = Unreckoned("=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A workbook of which the first sheet is read.

    `rows` are of `MOST_COLUMNS` cells each, as somebody would type them; a formula without a value
    is `UNRECKONED`. `unread` are the names of the other sheets that hold something.
    """

    rows: Iterator[Sequence[str]]
    sheets: int
    hidden: bool  # the first sheet: whoever opens the workbook does not see it
    unread: tuple[str, ...]


def open_workbook(content: bytes) -> Opened:
    """Open a workbook, and read its first sheet as its rows are asked for.

    Raises:
        Refused: it is no workbook, is damaged, or is larger than is read here; or so when its rows
            are asked for.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 — half a second, and rarely needed

    with _unspoilt():
        formulas = _check_parts(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        worksheets: list[Any] = list(book.worksheets)
        sheet, *others = worksheets
        waiting = frozenset[tuple[int, int]]()
        if formulas:
            with sheet._get_source() as part:  # noqa: SLF001 — nothing else tells where a sheet is
                waiting = unreckoned(part)
        unread = tuple(one.title for one in others if _holds_something(one))
        return Opened(
            rows=_rows(sheet, waiting),
            sheets=1 + len(others),
            hidden=sheet.sheet_state != "visible",
            unread=unread,
        )


def _rows(sheet: Any, waiting: frozenset[tuple[int, int]]) -> Iterator[Sequence[str]]:  # noqa: ANN401 — a sheet that is only read
    with _unspoilt():
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=_LAST_ROW, values_only=True)
        for number, row in enumerate(rows, start=1):
            yield [
                UNRECKONED if cell is None and (number, at) in waiting else _text(cell)
                for at, cell in enumerate(row, start=1)
            ]
        sheet.parent.close()


def _holds_something(sheet: Any) -> bool:  # noqa: ANN401 — a sheet that is only read
    """Whether there is anything in the cells of a sheet that somebody would see."""
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=_LOOKED_AT, values_only=True)
    return any(cell is not None for row in rows for cell in row)


@contextmanager
def _unspoilt() -> Iterator[None]:
    """Say of whatever goes wrong in a workbook what it is. Raises Refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which hold no line
            yield
    except Refused:
        raise
    except MemoryError:
        raise _too_large("needs more memory than there is") from None
    except Exception:  # noqa: BLE001 — damage shows as any error of zip, XML or the workbook
        raise Refused(
            "unreadable",
            "C.4",
            "This is not an Excel workbook (.xlsx), or it is damaged: open it in a spreadsheet "
            "program and save it again, or save it as CSV UTF-8.",
        ) from None


def _check_parts(content: bytes) -> bool:
    """Measure the parts of a workbook, by their directory and as they unpack. Raises Refused.

    Returns: whether there is a formula in it.
    """
    with ZipFile(io.BytesIO(content)) as book:
        parts = book.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise _too_large(f"unpacks to over {MOST_UNPACKED // 1_000_000} MB")
        unpacked = tags = 0
        formulas = False
        for part in parts:
            before = b""
            for piece in _pieces(book, part):
                unpacked += len(piece)
                tags += piece.count(b"<")
                if unpacked > MOST_UNPACKED:
                    raise _too_large(f"unpacks to over {MOST_UNPACKED // 1_000_000} MB")
                if tags > MOST_TAGS:
                    raise _too_large("has more cells than a chronology of 25,000 lines")
                formulas = formulas or _FORMULA.search(before + piece) is not None
                before = piece[-_LONGEST_TAG:]
    return formulas


def _pieces(book: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    """A part as it unpacks, as far as it can be; whoever needs it finds out that it is damaged."""
    if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:  # others unpack without a bound
        raise BadZipFile
    with suppress(BadZipFile, EOFError, zlib.error), book.open(part) as file:
        while piece := file.read(_PIECE):
            yield piece


def _too_large(why: str) -> Refused:
    return Refused(
        "too_large",
        "C.4",
        f"This workbook {why}. Copy the rows of its first sheet, and nothing else, into a new "
        "workbook, or save that sheet as CSV UTF-8; split it by agency or year if it is so long.",
    )


def _text(cell: object) -> str:
    """A cell's value as somebody would type it; a date Excel keeps at midnight is a day."""
    match cell:
        case None:
            return ""
        case str():
            return _unescaped(cell)
        case datetime() as moment if moment.time() == time():
            return moment.date().isoformat()
        case datetime() as moment:
            return moment.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def _unescaped(text: str) -> str:
    """A text with its escapes read: `_x000D_` is a carriage return, `_x005F_x000D_` is `_x000D_`.

    An escape is a code unit of UTF-16, and two may make one character; half of one is none.
    """
    if "_x" not in text:
        return text
    read = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return read.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
