"""The names put back into a timeline with pseudonyms, by its key; needs nothing of the record.

By the key each place has back what stood there, word for word. In a file that somebody wrote in
since, places may have moved: there a pseudonym becomes the name it stands for, where it stands for
one person, the longest they were recorded by, and what several may be meant by stays.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import orjson
from docx import Document
from openpyxl import load_workbook

from api.chronologies.sheet import safe_out
from api.harmless import harmless
from api.timelines.pseudonyms import FORGOTTEN, restored
from api.timelines.rows import EVERY
from domain.refusal import Refused

_TITLES: Final[Mapping[str, str]] = {one.title: one.name for one in EVERY}
Change = Callable[[int, str, str], str]  # line, column, text → text


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The key to the pseudonyms of one file: whom each stands for, and what stood where."""

    digest: str
    called: Mapping[str, str]  # pseudonym → name, else reference
    places: Mapping[tuple[int, str], Sequence[str]]
    _find: re.Pattern[str] = field(repr=False)

    def exact(self, line: int, column: str, text: str) -> str:
        """What stood in a place."""
        return restored(text, self.places.get((line, column), ()), self.called)

    def likely(self, _line: int, _column: str, text: str) -> str:
        """A text with each pseudonym as whom it stands for."""
        return self._find.sub(lambda one: self.called[one[0]], text) if self.called else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The file with names; not `exact` where it is no more the one that was given out."""

    content: bytes
    exact: bool


def read_key(raw: bytes) -> Key:
    """Read a key file. Raises Refused: it is none."""
    try:
        told = orjson.loads(raw)
        called = {
            one["pseudonym"]: str(max(one["names"], key=len, default=one["reference"]))
            for one in told["pseudonyms"]
            if one["pseudonym"] != FORGOTTEN
        }
        places = {
            (int(one["line"]), str(one["column"])): [str(each) for each in one["was"]]
            for one in told["replaced"]
        }
        digest = str(told["sha256"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("option", "usage", "This is no key to a timeline's pseudonyms.") from None
    find = re.compile("|".join(map(re.escape, sorted(called, key=len, reverse=True))))
    return Key(digest=digest, called=called, places=places, _find=find)


def put_back(content: bytes, kind: str, key: Key) -> Named:
    """Put the names back into a timeline. Raises Refused: it is no timeline of that kind."""
    exact = sha256(content).hexdigest() == key.digest
    change = key.exact if exact else key.likely
    try:
        match kind:
            case "csv":
                named = _csv(content, change)
            case "xlsx":
                named = _xlsx(content, change)
            case "docx":
                named = _docx(content, change)
            case _:
                named = _json(content, change, key)
    except Exception as error:  # whatever each library raises of a file that is none
        raise Refused("option", "usage", "This is no timeline that can be read.") from error
    return Named(content=named, exact=exact)


def _csv(content: bytes, change: Change) -> bytes:
    heads, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    columns, out = [_TITLES.get(one, one) for one in heads], io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    for at, row in enumerate(rows, 1):
        told = zip(columns, row, strict=False)
        writer.writerow([safe_out(harmless(change(at, name, text))) for name, text in told])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(content: bytes, change: Change) -> bytes:
    book, out = load_workbook(io.BytesIO(content)), io.BytesIO()
    sheet = book.worksheets[0]
    columns = [_TITLES.get(str(one.value), "") for one in sheet[1]]
    for at, row in enumerate(sheet.iter_rows(min_row=2), 1):
        for name, cell in zip(columns, row, strict=False):
            if isinstance(cell.value, str):
                cell.value = harmless(change(at, name, cell.value))
                cell.data_type = "s"
    book.save(out)
    return out.getvalue()


def _docx(content: bytes, change: Change) -> bytes:
    document, out = Document(io.BytesIO(content)), io.BytesIO()
    heads, *rows = document.tables[0].rows
    columns = [_TITLES.get(one.text, "") for one in heads.cells]
    for at, row in enumerate(rows, 1):
        for name, cell in zip(columns, row.cells, strict=False):
            text = cell.text
            named = harmless(change(at, name, text))
            if named != text:
                first, *others = cell.paragraphs
                for one in others:
                    one._element.getparent().remove(one._element)  # noqa: SLF001 — the library has no other way
                _write(first, named)
    document.save(out)
    return out.getvalue()


def _write(paragraph: Any, text: str) -> None:  # noqa: ANN401 — the library's own
    """Put a text into a paragraph, as its first run is written."""
    runs = paragraph.runs
    for one in runs[1:]:
        one._element.getparent().remove(one._element)  # noqa: SLF001 — as above
    if runs:
        runs[0].text = text
    else:
        paragraph.add_run(text)


def _json(content: bytes, change: Change, key: Key) -> bytes:
    told = orjson.loads(content)
    for at, line in enumerate(told["lines"], 1):
        for column in EVERY:
            if line.get(column.name):
                line[column.name] = change(at, column.name, line[column.name])
        if line.get("remarked"):  # each of them by itself, what stood there in the same order
            apart = "\0".join(line["remarked"])
            line["remarked"] = change(at, "remarks", apart).split("\0")
        if line.get("entry"):
            line["entry"]["case"] = key.called.get(line["entry"]["case"], line["entry"]["case"])
    for name in ("cases", "persons"):
        told["basis"][name] = [key.called.get(one, one) for one in told["basis"][name]]
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
