"""A return as an Excel workbook: a sheet a table, then notes and a sheet to sign. Values only.

No cell is a formula, since a template takes values alone; nothing in it is of a clock, so that the
same return is the same bytes. It is laid out as the tables are, and is no copy of the template,
which was not seen.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api.chronologies.sheet import cell_out
from api.minutes.page import AUTHOR
from projections.returns.longform import (
    SIMULATED,
    ExactFigure,
    Figures,
    Place,
    Published,
    PublishedFigure,
)

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONG_AGO: Final = datetime(1980, 1, 1, tzinfo=UTC)
_MANDATORY: Final = "mandatory"
_VOLUNTARY: Final = "voluntary"
_BLUE: Final = "#DDEBF7"
SIGN_OFF: Final = (
    "Name of the council",
    "Code of the council",
    "Completed by (name and post)",
    "Signed off by (name and post)",
    "Date of sign-off",
    "Comments on data quality and on what differs from the year before",
)
_BY_HAND: Final = "To be filled in by hand: Holdfast signs nothing off."


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What stands beside the figures: a heading, and lines of two cells each."""

    titles: Mapping[str, str]  # of each table, by its code
    lines: Sequence[tuple[str, str]]
    voluntary: Collection[Place] = ()  # these may be given, and need not: blue
    council: str = ""  # its name, where a list has it
    stamp: str = ""  # first on each sheet, where every case is made up; then each row has one too


def workbook(figures: Figures, notes: Notes) -> bytes:
    """Write the workbook; of exact figures as numbers, of published ones as they are shown."""
    from xlsxwriter import Workbook  # noqa: PLC0415 — loaded when it is asked for

    out = io.BytesIO()
    book = Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties(
        {"title": f"Return {figures.period}", "author": AUTHOR, "created": _LONG_AGO}
    )
    style = {
        "bold": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        _MANDATORY: book.add_format({"border": 1}),
        _VOLUNTARY: book.add_format({"border": 1, "bg_color": _BLUE}),
    }
    by_table: dict[str, list[ExactFigure | PublishedFigure]] = {}
    for one in figures.figures:
        by_table.setdefault(one.place.table, []).append(one)
    for code, mine in by_table.items():
        sheet = _Sheet(book.add_worksheet(_name(code)), style, notes.stamp)
        sheet.line([f"{code} {notes.titles.get(code, '')}".strip()], "bold")
        sheet.line([_kind(figures)])
        for block in _blocks(mine):
            sheet.block(block, notes.voluntary, SIMULATED if figures.simulated else "")
    sheet = _Sheet(book.add_worksheet("Notes"), style, notes.stamp, widths=(28, 120))
    for pair in notes.lines:
        sheet.line((*pair, *((SIMULATED,) if figures.simulated else ())))
    sheet = _Sheet(book.add_worksheet("Sign-off"), style, notes.stamp, widths=(50, 60))
    sheet.line(["Sign-off", figures.period], "bold")
    sheet.line([_BY_HAND])
    answers = dict(zip(SIGN_OFF, (notes.council, figures.council), strict=False))
    for asked in SIGN_OFF:
        sheet.line([asked, answers.get(asked, "")])
    book.close()
    return out.getvalue()


def _kind(figures: Figures) -> str:
    if isinstance(figures, Published):
        return f"{figures.period}, as published: under 5 suppressed, else to the nearest 5."
    return f"{figures.period}, exact figures: restricted, to be sent and not to be published."


def _name(code: str) -> str:
    """A sheet's name: Excel takes 31 letters, and some of them not."""
    return "".join("-" if one in "[]:*?/\\" else one for one in code)[:31]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One population of a table laid out: its rows, its columns, and a figure for each of both."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: Mapping[tuple[str, str], ExactFigure | PublishedFigure]


def _blocks(figures: Sequence[ExactFigure | PublishedFigure]) -> list[Block]:
    """A table as people lay it out.

    With two axes, a block a population: categories by subcategories. With one, categories by
    population; where each category has a population of its own, a single column.
    """
    places = [one.place for one in figures]
    if any(one.subcategory for one in places):
        return [
            _block(of, [one for one in figures if one.place.enquiry_type == of], _subcategory)
            for of in dict.fromkeys(one.enquiry_type for one in places)
        ]
    alone = len({one.category for one in places}) == len(places)
    return [_block("", figures, _single if alone else _enquiry_type)]


def _subcategory(place: Place) -> str:
    return place.subcategory


def _enquiry_type(place: Place) -> str:
    return place.enquiry_type


def _single(_place: Place) -> str:
    return "Count"


def _block(title: str, figures: Sequence[ExactFigure | PublishedFigure], column: Any) -> Block:  # noqa: ANN401 — one of the three above
    return Block(
        title=title,
        rows=tuple(dict.fromkeys(one.place.category for one in figures)),
        columns=tuple(dict.fromkeys(column(one.place) for one in figures)),
        figures={(one.place.category, column(one.place)): one for one in figures},
    )


class _Sheet:
    """A sheet that is written from above."""

    def __init__(
        self,
        sheet: Any,  # noqa: ANN401 — the library's own
        style: Mapping[str, Any],
        stamp: str,
        widths: Sequence[int] = (70, 28, 28),
    ) -> None:
        self._sheet, self._style, self._at = sheet, style, 0
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        if stamp:
            self.line([stamp], "bold")

    def line(self, texts: Iterable[str], style: str = "text") -> None:
        """Write texts beside one another."""
        for column, text in enumerate(texts):
            self._sheet.write_string(self._at, column, cell_out(text), self._style[style])
        self._at += 1

    def block(self, block: Block, voluntary: Collection[Place], stamp: str) -> None:
        """Write a population of a table below an empty line, the stamp at the end of each row."""
        self._at += 1
        self.line([block.title, *block.columns], "bold")
        for row in block.rows:
            self._sheet.write_string(self._at, 0, cell_out(row), self._style["text"])
            for column, name in enumerate(block.columns, start=1):
                one = block.figures.get((row, name))
                if one is not None:
                    self._figure(column, one, _VOLUNTARY if one.place in voluntary else _MANDATORY)
            if stamp:
                last = len(block.columns) + 1
                self._sheet.write_string(self._at, last, stamp, self._style["text"])
            self._at += 1

    def _figure(self, column: int, one: ExactFigure | PublishedFigure, kind: str) -> None:
        style = self._style[kind]
        if isinstance(one, PublishedFigure):
            self._sheet.write_string(self._at, column, one.written, style)
        elif one.value is None:
            self._sheet.write_blank(self._at, column, None, style)
        else:
            self._sheet.write_number(self._at, column, one.value, style)
