"""The long form of a return: a row a figure, in the columns the publisher's own code reads.

Exact figures are what a council sends, and are restricted; published ones are suppressed and
rounded. They are two types: only `publish` leads from the one to the other, and nothing back.

Which column is which was read in the publication code NHS England released in 2023. How it names
the year in what it reads was not seen: the first column is ours, and it passes over it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from projections.returns.table import MISSING, Cell, published

COLUMNS: Final = (
    "YEAR",
    "CASSR_CODE",
    "TABLE_REFERENCE",
    "ENQUIRY_TYPE",
    "CATEGORY",
    "SUBCATEGORY",
    "COLUMN_NAME",
    "ROW_NAME",
    "VALUE",
)
SIMULATED: Final = "SIMULATED"  # the last column of a made-up record, and what stands in it
_BY_COLUMN: Final = frozenset(
    {"SG1f", "SG2a", "SG2a_b1", "SG2b", "SG2c", "SG2e", "SG3a", "SG4a", "SG5a", "SG5b"}
)
_BY_ROW: Final = frozenset({"SG1a", "SG1b", "SG1c", "SG1d", "SG1e"})
_BOTH_WAYS: Final = "SG2b"  # its sources are read as rows, its locations as columns
# A block of answers of which all are 0 is one that was not given (voluntary), and is told so.
VOLUNTARY: Final = "SG4a"
ACHIEVED: Final = ("Fully Achieved", "Partially Achieved", "Not Achieved")


def stamp(*, simulated: bool) -> dict[str, str]:
    """What every answer about a return says of itself, and each row of it, where all is made up."""
    return {"stamp": SIMULATED} if simulated else {}


class Place(NamedTuple):
    """Where a figure stands."""

    table: str
    enquiry_type: str
    category: str
    subcategory: str

    @property
    def column_name(self) -> str:
        """What the publisher's tables call the column it is added up in; nothing where in none."""
        return f"{self.table} {self.category}" if self.table in _BY_COLUMN else ""

    @property
    def row_name(self) -> str:
        """What they call the row it is added up in; nothing where in none."""
        if self.table == _BOTH_WAYS:
            return f"{self.table} {self.subcategory}"
        return f"{self.table} {self.category}" if self.table in _BY_ROW else ""

    def said(self) -> str:
        """The place in one line."""
        return " · ".join(one for one in self if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactFigure:
    """A count as it is; None where it was not given, which is not 0."""

    place: Place
    value: int | None

    @property
    def written(self) -> str:
        """The count as a file has it."""
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A count as it may be shown to anybody: rounded, `[c]` where suppressed, `[x]` not given."""

    place: Place
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """A return as the council sends it, in the order of its tables. Restricted."""

    period: str  # 2025-26
    council: str  # the code of the council; empty where it is not said
    simulated: bool
    figures: tuple[ExactFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A return as it may be published, in the order of its tables."""

    period: str
    council: str
    simulated: bool
    figures: tuple[PublishedFigure, ...]


Figures: TypeAlias = Exact | Published


def place_of(cell: Cell) -> Place:
    """Where a cell stands."""
    return Place(cell.table, cell.enquiry_type, cell.category, cell.subcategory)


def exact(cells: Iterable[Cell], *, period: str, council: str, simulated: bool) -> Exact:
    """The figures of some cells as they are."""
    figures = tuple(ExactFigure(place=place_of(one), value=one.value) for one in cells)
    return Exact(period=period, council=council, simulated=simulated, figures=figures)


def publish(whole: Exact) -> Published:
    """Suppress and round every figure, each by itself, as the publisher does of all councils.

    One council's own figures are given out guarded besides (`guarding.protect`).

    Where none of the adults of a voluntary block was asked, the block was not given (`[x]`).
    """
    none_given = _not_given(whole.figures)
    return Published(
        period=whole.period,
        council=whole.council,
        simulated=whole.simulated,
        figures=tuple(
            PublishedFigure(
                place=one.place,
                written=MISSING if _block(one.place) in none_given else published(one.value),
            )
            for one in whole.figures
        ),
    )


_Block: TypeAlias = tuple[str, str, bool]


def _block(place: Place) -> _Block:
    """The answers a figure is one of: whether they were asked, or whether it was achieved."""
    return (place.table, place.enquiry_type, place.category in ACHIEVED)


def _not_given(figures: Sequence[ExactFigure]) -> frozenset[_Block]:
    asked = [one for one in figures if one.place.table == VOLUNTARY]
    given = {_block(one.place) for one in asked if one.value}
    return frozenset(_block(one.place) for one in asked) - given


def rows(figures: Figures) -> list[tuple[str, ...]]:
    """The long form, zeros included, in the order in which it is published."""
    stamp = (SIMULATED,) if figures.simulated else ()
    every: Sequence[ExactFigure | PublishedFigure] = figures.figures
    return [
        (
            *(figures.period, figures.council, *one.place),
            *(one.place.column_name, one.place.row_name, one.written, *stamp),
        )
        for one in sorted(every, key=lambda one: one.place)
    ]


def columns(figures: Figures) -> tuple[str, ...]:
    """The names of the columns; those of a made-up record have one more, which says so."""
    return (*COLUMNS, SIMULATED) if figures.simulated else COLUMNS


def as_csv(figures: Figures) -> bytes:
    """The long form as CSV in UTF-8; the same figures are the same bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns(figures))
    writer.writerows(rows(figures))
    return out.getvalue().encode()
