"""A file of rows: CSV in the encodings offices use, or the first sheet of an Excel workbook."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import warnings
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from api.chronologies.columns import COLUMNS, NEEDED, recognise
from domain.refusal import NotFound, Refused

LARGEST_BYTES: Final = 50_000_000
LARGEST_CELL: Final = 20_000  # characters
_HEADINGS_WITHIN: Final = 15  # rows; a title and an explanation often stand above them
_DEFUSED = re.compile(r"'+[=+\-@\t\r](?s:.)")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r](?s:.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a file holds. `rows` have their number in the file and their cells by column name."""

    digest: bytes  # SHA-256 of the file
    rows: tuple[tuple[int, dict[str, str]], ...]
    ignored: tuple[str, ...]  # headings that are no column of ours


def read_sheet(path: Path) -> Sheet:
    """Read a chronology's file.

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
    raw = _excel(content) if content[:2] == b"PK" else _csv(content)
    return _sheet(hashlib.sha256(content).digest(), raw)


def _headings(raw: Sequence[Sequence[str]]) -> int:
    """The row of headings, counted from 0."""
    for at, cells in enumerate(raw[:_HEADINGS_WITHIN]):
        names = recognise(cells)
        if all(name in names for name in NEEDED):
            return at
    wanted = ", ".join(column.title for column in COLUMNS if column.name in NEEDED)
    raise Refused("no_headings", "C.4", f"No headings were found; there must be at least {wanted}.")


def _sheet(digest: bytes, raw: Sequence[Sequence[str]]) -> Sheet:
    at = _headings(raw)
    headings, names = raw[at], recognise(raw[at])
    rows = []
    for number, cells in enumerate(raw[at + 1 :], start=at + 2):
        row = {
            name: safe_in(cell.strip())
            for name, cell in zip(names, cells, strict=False)
            if name is not None and cell.strip()
        }
        if row:
            rows.append((number, row))
    ignored = tuple(
        heading.strip()
        for heading, name in zip(headings, names, strict=True)
        if name is None and heading.strip()
    )
    return Sheet(digest=digest, rows=tuple(rows), ignored=ignored)


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise Refused(
            "unreadable",
            "C.4",
            "This is neither a CSV file nor an Excel workbook (.xlsx): save it as CSV UTF-8.",
        )
    csv.field_size_limit(LARGEST_BYTES)
    first = "\n".join(text.splitlines()[:_HEADINGS_WITHIN])
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Refused(
            "unreadable", "C.4", "The CSV is broken: a quoted cell is not closed."
        ) from None


def _decoded(content: bytes) -> str:
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):  # Excel's "Unicode text"
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise Refused(
                "unreadable", "C.4", "This text is in a damaged UTF-16: save it as CSV UTF-8."
            ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # what Excel saves on Windows


def _excel(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 — half a second, and rarely needed

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which hold no line
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            rows = [[_text(cell) for cell in row] for row in _cells(book.worksheets[0])]
            book.close()
    except Exception:  # noqa: BLE001 — damage shows as any error of zip, XML or the workbook
        raise Refused(
            "unreadable",
            "C.4",
            "This is not an Excel workbook (.xlsx), or it is damaged: open it in a spreadsheet "
            "program and save it again, or save it as CSV UTF-8.",
        ) from None
    return rows


def _cells(sheet: object) -> Iterator[tuple[object, ...]]:
    yield from sheet.iter_rows(values_only=True)  # type: ignore[attr-defined]  # two kinds of sheet


def _text(cell: object) -> str:
    """A cell's value as somebody would type it; a date Excel keeps at midnight is a day."""
    match cell:
        case None:
            return ""
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


def safe_out(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def safe_in(cell: str) -> str:
    """The inverse of `safe_out`."""
    return cell[1:] if _DEFUSED.match(cell) else cell
