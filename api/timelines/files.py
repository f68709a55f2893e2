"""The kinds of file a timeline is given out as; each the same bytes for the same basis."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from api.chronologies.sheet import cell_out
from api.chronologies.writing import no_note
from api.minutes import word
from api.minutes.page import Page, Section, Table
from api.timelines import workbook
from api.timelines.glossary import Abbreviation
from api.timelines.rows import EVERY, NOTE, Line

MEDIA: Final[Mapping[str, str]] = {
    "csv": "text/csv",
    "xlsx": workbook.MEDIA,
    "docx": word.MEDIA,
    "json": "application/json",
}
MAY_IDENTIFY: Final = (
    "Recorded names and their parts were replaced, in capitals, in small letters and however their "
    "accents are typed; a name that is an ordinary word too (will, rose) only where it begins with "
    "a capital. There may remain: nicknames, misspellings, names without their accents or with an "
    "ending, initials, and names nobody recorded. What else the words say (places, dates, ways to "
    "put things) may still tell who somebody is. Read it through before it goes out."
)
NOT_LOOKED_FOR: Final = (
    "Of {} people named in it the names are forgotten, so they could not be looked for in what "
    "others wrote: where they still stand there, they stand here."
)
# How wide a column is among the others on a page of paper.
_WEIGHTS: Final[Mapping[str, float]] = {
    "number": 2.9,
    "start": 5.8,
    "end": 5.6,
    "start_time": 3.4,
    "end_time": 3.4,
    "agency": 6,
    "source": 7,
    "people": 5.6,
    "text": 13,
    "seen": 5,
    "response": 6.5,
    "decision": 7.5,
    "recorded": 5.6,
    "comment": 6,
    "significance": 7.2,
    "known_to": 6,
    "assertion": 6,
    "line": 2.9,
    "recorded_here": 5.6,
    "remarks": 6,
}


_ALWAYS: Final = frozenset({"number", "start", "agency", "source", "text", "significance", "line"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is given out: its lines, what they rest on, and what is to be said with them.

    `about` is the basis in words; `basis` and `report` the same for a program. `dated` is when the
    last entry it rests on was recorded.
    """

    lines: Sequence[Line]
    about: Sequence[tuple[str, str]]
    basis: Mapping[str, Any]
    report: Mapping[str, Any]
    shown: Sequence[Mapping[str, Any]]  # of each line, what stands beside its cells in JSON
    glossary: Sequence[Abbreviation]
    dated: datetime


def file_of(paper: Paper, kind: str) -> bytes:
    """Write a timeline as a file of a kind, one of MEDIA. Raises Refused: too long for the kind."""
    match kind:
        case "csv":
            return _csv(paper)
        case "xlsx":
            cells, hidden = _cells(paper.lines), _empty(paper.lines)
            told = [(one.short, one.told, str(one.line)) for one in paper.glossary]
            return workbook.workbook(EVERY, cells, hidden, paper.about, paper.dated, told)
        case "docx":
            return word.word(_page(paper))
        case _:
            return _json(paper)


def _csv(paper: Paper) -> bytes:
    """UTF-8 with its mark, by which Excel knows it; the rest last, as an author's own notes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.title for column in EVERY])
    about = {"source": f"{NOTE}: what this rests on", "text": _in_a_line(paper.about)}
    short = _in_a_line([(one.short, one.told) for one in paper.glossary])
    below = [{"source": f"{NOTE}: abbreviations", "text": short}] if short else []
    for cells in (*_cells(paper.lines), *below, about):
        writer.writerow([cell_out(cells.get(column.name, "")) for column in EVERY])
    return out.getvalue().encode("utf-8-sig")


def _cells(lines: Sequence[Line]) -> list[Mapping[str, str]]:
    """The cells of each line for a file that is read in again, where what is no entry is a note."""
    return [one.cells if one.told is None else no_note(one.cells) for one in lines]


def _json(paper: Paper) -> bytes:
    lines = [
        {**{column.name: one.cells.get(column.name, "") for column in EVERY}, **more}
        for one, more in zip(paper.lines, paper.shown, strict=True)
    ]
    told = {
        "basis": paper.basis,
        "report": paper.report,
        "glossary": [
            {"abbreviation": one.short, "meaning": one.meaning, "line": one.line}
            for one in paper.glossary
        ],
        "columns": [{"name": one.name, "title": one.title} for one in EVERY],
        "lines": lines,
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _page(paper: Paper) -> Page:
    empty = _empty(paper.lines)
    columns = [one for one in EVERY if one.name not in empty]
    left_out = [one.title for one in EVERY if one.name in empty]
    rows = [tuple(one.cells.get(column.name, "") for column in columns) for one in paper.lines]
    table = Table(
        heads=tuple(one.title for one in columns),
        rows=tuple(rows),
        weights=tuple(_WEIGHTS[one.name] for one in columns),
    )
    words = (f"Columns with nothing in them are left out: {', '.join(left_out)}.",)
    about = tuple(f"{name}: {value}" for name, value in paper.about)
    return Page(
        title="Timeline",
        dated=paper.dated,
        lead=words if left_out else (),
        sections=(
            Section(title="What happened", table=table if rows else None),
            *_abbreviations(paper),
            Section(title="What this rests on", paragraphs=(about,)),
        ),
        wide=True,
    )


def _abbreviations(paper: Paper) -> Iterator[Section]:
    rows = tuple((one.short, one.told, str(one.line)) for one in paper.glossary)
    if rows:
        table = Table(heads=workbook.ABBREVIATIONS, rows=rows, weights=(2.0, 10.0, 2.0))
        yield Section(title="Abbreviations", table=table)


def _empty(lines: Sequence[Line]) -> frozenset[str]:
    """The columns in which no line has anything, save those that a review looks for in any case."""
    filled = {name for one in lines for name, cell in one.cells.items() if cell}
    return frozenset(one.name for one in EVERY if one.name not in filled | _ALWAYS)


def _in_a_line(about: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in about)
