"""A whole return as known at one position: its facts read once, every table filled from them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from api.office import Office
from api.routes.waiting import BRIEFLY_S, viewing
from domain.refusal import NotFound, Refused
from projections.returns import tables_of
from projections.returns.exceptions import Unready, exceptions
from projections.returns.facts import EVERYTHING, Facts, Period
from projections.returns.longform import Exact, exact
from projections.returns.near import not_counted
from projections.returns.periods import Span
from projections.returns.reading import needs_of, opened, read_return, views
from projections.returns.table import Cell, Counted, Filled, Table
from projections.returns.validation import Sent
from projections.returns.variance import PERCENT, SMALLEST
from projections.seldom import few_collections

MADE_UP: Final = "SIMULATED: this record is made up, and so is every figure of it."
_COUNCIL: Final = re.compile(r"[0-9A-Za-z]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The return of a year or quarter, its tables in order, as known at a position."""

    of: Span
    period: Period
    as_at: int
    simulated: bool
    facts: Facts
    tables: tuple[tuple[Table, Filled], ...]
    contacts: Sequence[Counted]  # decided not to be concerns that count
    last: Sequence[Cell] | None  # the year before, as known at the same position; None: no tables

    @property
    def label(self) -> str:
        """The year as it is written: 2025-26; or the quarter."""
        return self.of.name

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every figure, in the order of the tables."""
        return tuple(cell for _, filled in self.tables for cell in filled.cells)

    def exact(self, council: str) -> Exact:
        """The figures as they are, of every table."""
        return exact(self.cells, period=self.label, council=council, simulated=self.simulated)

    def exceptions(self) -> tuple[Unready, ...]:
        """What is to be put right before the return is sent."""
        return exceptions(self.facts, [filled for _, filled in self.tables])

    def sent(
        self,
        *,
        signed: bool | None = None,
        commented: Collection[str] = (),
        percent: int = PERCENT,
        smallest: int = SMALLEST,
    ) -> Sent:
        """What the rules are tested on."""
        return Sent(
            cells=self.cells,
            last=self.last,
            commented=frozenset(commented),
            signed=signed,
            percent=percent,
            smallest=smallest,
        )


@few_collections()
def make(
    office: Office,
    of: Span,
    as_at: int | None,
    *,
    wait: float = BRIEFLY_S,
    only: str | None = None,
    compared: bool = True,
) -> Made:
    """Fill every table of the nation's return for a year or quarter, and those of the year before.

    `only`: the one table that is filled. Whoever explains a figure of it has no use for the others,
    nor for the year before, which `compared` leaves out too.

    Raises:
        NotFound: the nation has no return for that year or quarter here, or no such table.
        Behind: the views have not reached that position.
    """
    nation, unseal = office.jurisdiction.code, office.record.unseal
    asked, earlier = tables_of(nation, of), replace(of, year=of.year - 1)
    if not asked:
        raise NotFound("This nation has no return for that period here.")
    if only is not None:
        asked = (_named(asked, only),)
    before = tables_of(nation, earlier) if compared and only is None else ()
    names, last = [one.name for one in views(nation)], None
    with viewing(office, names, as_at, wait=wait) as (conn, position):
        facts = read_return(conn, nation, of.period, as_at=position, needs=needs_of(asked))
        contacts = not_counted(conn, of.period, as_at=position)
        if before:
            last = read_return(conn, nation, earlier.period, as_at=position)
    facts = opened(nation, facts, unseal)
    return Made(
        of=of,
        period=of.period,
        as_at=position,
        simulated=office.simulated,
        facts=facts,
        tables=tuple((one, one.fill(facts)) for one in asked),
        contacts=contacts,
        last=None if last is None else _cells(before, opened(nation, last, unseal)),
    )


def _named(asked: Sequence[Table], code: str) -> Table:
    for one in asked:
        if one.code.casefold() == code.casefold():
            return one
    known = ", ".join(one.code for one in asked)
    raise NotFound(f"This nation's return for that year has no such table here; it has: {known}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTable:
    """A table as known at a position, and of how many adults something was forgotten."""

    filled: Filled
    as_at: int
    forgotten: int


@few_collections()
def one_table(
    office: Office,
    of: Span,
    table: Table,
    as_at: int | None,
    *,
    wait: float = BRIEFLY_S,
    only: bool = False,
) -> OneTable:
    """Fill one table. `only`: nothing is read that it has no use for, nor `forgotten` complete.

    Raises Behind.
    """
    nation = office.jurisdiction.code
    with viewing(office, [one.name for one in views(nation)], as_at, wait=wait) as (conn, position):
        needs = table.needs if only else EVERYTHING
        facts = read_return(conn, nation, of.period, as_at=position, needs=needs)
    facts = opened(nation, facts, office.record.unseal)
    return OneTable(filled=table.fill(facts), as_at=position, forgotten=len(facts.forgotten))


def _cells(asked: Sequence[Table], facts: Facts) -> tuple[Cell, ...]:
    return tuple(cell for one in asked for cell in one.fill(facts).cells)


def council_code(text: str | None) -> str:
    """The code of a council as it was typed. Raises Refused: it is none."""
    if text and not _COUNCIL.fullmatch(text):
        raise Refused(
            "option", "usage", "The council's code is of letters and digits, such as 211."
        )
    return text or ""
