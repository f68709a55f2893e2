"""A whole return as known at one position: its facts read once, every table filled from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from api.filing import filings, kept_no_more, last_kept, opened_facts, with_details
from api.office import Office
from api.returns.forgetting import without_forgotten
from api.routes.waiting import BRIEFLY_S, viewing
from domain.handle import local_day
from domain.refusal import NotFound, Refused
from domain.words import Code
from projections.caseload import CASELOAD
from projections.large_scale import LARGE_SCALE
from projections.returns import AGREEING, tables_of
from projections.returns.alone import births_of, but_ages, grown, needs_of_one
from projections.returns.england.councils import Listed
from projections.returns.exceptions import exceptions
from projections.returns.facts import KNOWN, Facts, Period
from projections.returns.longform import Exact, exact
from projections.returns.periods import Span
from projections.returns.reading import needs_of, read_return, views, with_besides
from projections.returns.table import Cell, Filled, Table
from projections.returns.unready import Unready
from projections.returns.validation import Sent
from projections.returns.variance import PERCENT, SMALLEST
from projections.seldom import few_collections

RECKONED: Final = (
    "The year before is as its tables come out by what is known at the same position, which need "
    "not be what was sent then."
)
FILED: Final = (
    "The year before is as it was filed on {day}, filing {number}; nothing of it is reckoned."
)
GONE: Final = "The year before was filed, and what was filed is kept no more."
NO_SUCH: Final = "This table has nothing under that number, as it was known then."
NOT_COMPARED: Final = "The year before was not asked for."
NO_YEAR_BEFORE: Final = "There is no return of the year before here."
MADE_UP: Final = "SIMULATED: this record is made up, and so is every figure of it."
# What else is read where a return is checked: what is asked of its cases besides its figures.
ALSO_READ: Final = (CASELOAD, LARGE_SCALE)
_COUNCIL: Final = re.compile(r"[0-9A-Za-z]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The return of a year or quarter, its tables in order, as known at a position."""

    nation: Code
    of: Span
    period: Period
    as_at: int
    simulated: bool
    facts: Facts
    tables: tuple[tuple[Table, Filled], ...]
    last: Sequence[Cell] | None  # the year before; None: no tables
    compared: str  # what the year before is: as it was filed, or as it comes out now

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
        more = AGREEING[self.nation](self.facts) if self.nation in AGREEING else ()
        return exceptions(self.facts, [_asked(filled) for _, filled in self.tables], more)

    def sent(
        self,
        *,
        signed: bool | None = None,
        council: str = "",
        listed: Listed | None = None,
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
            council=council,
            listed=listed,
            percent=percent,
            smallest=smallest,
            gone=self.facts.gone,
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
    besides: bool = False,
) -> Made:
    """Fill every table of the nation's return for a year or quarter, and those of the year before.

    `only`: the one table that is filled. Whoever explains a figure of it has no use for the others,
    nor for the year before, which `compared` leaves out too. `besides`: what is to be put right is
    asked for, and by what other views say of the cases too.

    Raises:
        NotFound: the nation has no return for that year or quarter here, or no such table.
        Behind: the views have not reached that position.
    """
    nation = office.jurisdiction.code
    asked = tables_of(nation, of)
    if not asked:
        raise NotFound("This nation has no return for that period here.")
    if only is not None:
        asked = (_named(asked, only),)
    also = [one.name for one in ALSO_READ] if besides else []
    needs = needs_of(asked)
    with viewing(office, [*_names(nation), *also], as_at, wait=wait) as (conn, position):
        facts = read_return(conn, nation, of.period, as_at=position, needs=needs)
        if besides:
            facts = with_besides(conn, facts, position)
    facts = opened_facts(office, facts, position, needs)
    last, said = None, NOT_COMPARED
    if compared and only is None:
        last, said = _before(office, replace(of, year=of.year - 1), position, wait)
    return Made(
        nation=nation,
        of=of,
        period=of.period,
        as_at=position,
        simulated=office.simulated,
        facts=facts,
        tables=tuple((one, one.filled(facts)) for one in asked),
        last=last,
        compared=said,
    )


def _before(office: Office, of: Span, as_at: int, wait: float) -> tuple[Sequence[Cell] | None, str]:
    """The figures of the year before as known at a position, and what is to be said of them.

    As they were last filed by then and are kept; where none is, as they come out. Raises Corrupt
    and Behind.
    """
    every = filings(office, of, as_at)
    if (last := last_kept(office, of, as_at)) is not None:
        filed, whole = last
        said = FILED.format(day=local_day(filed.fact.recorded_at), number=filed.number)
        cells = tuple(cell for one in whole.tables for cell in one.filled.cells)
        return cells, " ".join((said, *kept_no_more(filed, every)))
    said = f"{GONE} {RECKONED}" if every else RECKONED
    nation = office.jurisdiction.code
    asked = tables_of(nation, of)
    if not asked:
        return None, NO_YEAR_BEFORE
    with viewing(office, _names(nation), as_at, wait=wait) as (conn, position):
        facts = read_return(conn, nation, of.period, as_at=position)
    return _cells(asked, opened_facts(office, facts, position)), said


def _asked(filled: Filled) -> Filled:
    """A table without those of whom something is recorded that counts as not known: none is asked.

    The return has no category for it, and the record is not to be changed for its sake.
    """

    def asked(one: Cell) -> Cell:
        counted = tuple(each for each in one.counted if each.subject not in one.recorded)
        return replace(one, counted=counted)

    return replace(filled, cells=tuple(asked(one) for one in filled.cells))


def _names(nation: Code) -> list[str]:
    return [one.name for one in views(nation)]


def _named(asked: Sequence[Table], code: str) -> Table:
    for one in asked:
        if one.code.casefold() == code.casefold():
            return one
    known = ", ".join(one.code for one in asked)
    raise NotFound(f"This nation's return for that year has no such table here; it has: {known}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTable:
    """A table with its notes, as known at a position."""

    filled: Filled
    as_at: int


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
    """Fill one table. `only`: nothing is read that it has no use for.

    Its notes then speak of those alone of whom something it uses was forgotten.

    Raises Behind.
    """
    nation = office.jurisdiction.code
    with viewing(office, _names(nation), as_at, wait=wait) as (conn, position):
        needs = table.needs if only else KNOWN | table.needs
        facts = read_return(conn, nation, of.period, as_at=position, needs=needs)
    facts = opened_facts(office, facts, position, needs)
    return OneTable(filled=table.filled(facts), as_at=position)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCell:
    """A figure with what is to be known of it, as known at a position."""

    cell: Cell
    remarks: tuple[str, ...]
    as_at: int


@few_collections()
def one_cell(
    office: Office,
    of: Span,
    table: Table,
    number: int,
    as_at: int | None,
    *,
    wait: float = BRIEFLY_S,
) -> OneCell:
    """Fill one figure of a table, by its number from 1: nothing is read that it has no use for.

    What is said of it speaks of that alone.

    Raises:
        NotFound: the table has no such figure.
        Behind: the views have not reached that position.
    """
    nation = office.jurisdiction.code
    needs = needs_of_one(table, of.period, number)
    with viewing(office, _names(nation), as_at, wait=wait) as (conn, position):
        facts = read_return(conn, nation, of.period, as_at=position, needs=needs)
    facts = without_forgotten(office, facts)

    def detailed(some: Facts) -> Facts:
        return with_details(office, some, position, needs)

    cell, filled = _filled_one(table, number, facts, detailed)
    if facts.gone and (needs != table.needs or table.young is not None):
        # How many cases were forgotten the whole table says.
        filled = one_table(office, of, table, position, wait=wait, only=True).filled
        cell = _numbered(filled, number)
    if cell is None:
        raise NotFound(NO_SUCH)
    return OneCell(cell=cell, remarks=filled.remarks, as_at=position)


def _filled_one(
    table: Table, number: int, facts: Facts, detailed: Callable[[Facts], Facts]
) -> tuple[Cell | None, Filled]:
    """A figure (None: there is no such), and what it was filled with; births are opened last."""
    if table.young is not None:
        known = detailed(but_ages(facts))
        if not known.forgotten:
            row = _numbered(table.fill(known), number)
            alone = grown(table, detailed(births_of(facts, row)), row)
            return _numbered(alone, 1), alone
    filled = table.filled(detailed(facts))
    return _numbered(filled, number), filled


def _numbered(filled: Filled, number: int) -> Cell | None:
    return filled.cells[number - 1] if number <= len(filled.cells) else None


def _cells(asked: Sequence[Table], facts: Facts) -> tuple[Cell, ...]:
    return tuple(cell for one in asked for cell in one.fill(facts).cells)


def council_code(text: str | None) -> str:
    """The code of a council as it was typed. Raises Refused: it is none."""
    if text and not _COUNCIL.fullmatch(text):
        raise Refused(
            "option", "usage", "The council's code is of letters and digits, such as 211."
        )
    return text or ""
