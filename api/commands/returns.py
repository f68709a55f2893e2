"""`holdfast return`: a table of the annual return, every figure with the cases it counts."""

from __future__ import annotations

import csv
import dataclasses
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from api.clocks import Clocks
from api.commands import show
from api.commands.desk import Desk, at_desk
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.resting import Rests
from api.filing import opened_facts, whole_return
from api.returns.opening import bare, counted_cases, without
from api.returns.publishing import published
from api.routes.people import restricted_among
from api.routes.waiting import viewing
from domain.refusal import NotFound, Refused
from projections.returns import tables_of
from projections.returns.facts import KNOWN, Period
from projections.returns.guarding import Protected
from projections.returns.longform import SIMULATED, stamp
from projections.returns.periods import Span, span
from projections.returns.reading import read_return, views
from projections.returns.table import Cell, Filled, LeftOut, Table, long_form

_LAST: Final = "last"
GUARDED: Final = (
    "Under 5 is suppressed ([c]), all else to the nearest 5; further figures are withheld alike "
    "where one that is suppressed could else be worked out."
)
_HEADINGS: Final = ("Table", "Enquiry type", "Category", "Subcategory", "Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a table is wanted: `rounded` as it is published, `cases` with what each figure counts."""

    rounded: bool
    cases: bool
    csv: bool
    json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which table is shown, of which days, and as known when."""

    table: Table
    period: Period
    clocks: Clocks
    simulated: bool

    @property
    def stamp(self) -> str:
        """What each row says where all is made up."""
        return SIMULATED if self.simulated else ""

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **stamp(simulated=self.simulated),
            "table": self.table.code,
            "title": self.table.title,
            "cites": self.table.cites,
            "first": self.period.first,
            "last": self.period.last,
            "as_at": self.clocks.as_at,
            "on": self.clocks.on,
        }

    def csv(self, rows: Iterable[Sequence[str | int | None]], rests: Rests) -> None:
        """Write rows of the long form as CSV."""
        writer = csv.writer(sys.stdout, lineterminator="\r\n")
        last = (self.stamp,) if self.simulated else ()
        writer.writerow((*_HEADINGS, *last))
        writer.writerows((*row, *last) for row in rows)
        rests.beside()

    def rows(self, rows: Iterable[Sequence[str | int | None]]) -> None:
        """Show rows of the long form as a table."""
        days = f"{self.period.first.isoformat()} to {self.period.last.isoformat()}"
        known = f"as known at position {self.clocks.as_at}"
        title = f"{self.table.code} {self.table.title}, {days}, {known}"
        show.table(title, _HEADINGS[1:], [tuple(row[1:]) for row in rows], stamp=self.stamp)


def show_return(asking: Asking, year: str, code: str | None, then: Then, form: Form) -> None:
    """Show one table of the return of a year or quarter, or which tables there are."""
    typed = None if year == _LAST else span_of(year)
    if form.json and form.csv:
        raise Refused("option", "usage", "Choose one of --json and --csv.")
    if form.rounded and form.cases:
        raise Refused("option", "usage", "--published names no case: leave --cases out.")
    with at_desk(asking) as desk:
        desk.must("return")
        of = last_ended(desk.today) if typed is None else typed
        nation = desk.office.jurisdiction.code
        asked = tables_of(nation, of)
        if code is None:
            _list(of.name, asked, json=form.json, simulated=desk.office.simulated)
            return
        table = _table(asked, code)
        clocks = desk.clocks(then)
        up_to_date(desk.office, views(nation))
        about = About(table=table, period=of.period, clocks=clocks, simulated=desk.office.simulated)
        if form.rounded:
            public = _published(desk, of, clocks)
            desk.viewed("return", as_at=clocks.as_at)
            _show_published(about, public, form, desk.rests())
            return
        period = of.period
        filled = _fill(desk, table, period, clocks)
        among = counted_cases(desk.reader, filled) if form.cases or form.json else set[UUID]()
        closed = restricted_among(desk.reader, among)
        desk.viewed("return", among=among - closed, as_at=clocks.as_at)
        rests, named = desk.rests(), without(desk.reader, filled, closed)
        groups: tuple[Cell | LeftOut, ...] = (*filled.cells, *filled.left_out)
        gone = sum(bare(desk.reader, one) for one in groups)
    _show(about, filled, named, form, rests, gone)


def span_of(text: str) -> Span:
    """`2025-26` or 2025 begins in April 2025; `2025-Q3` is October to December of that year."""
    of = span(text)
    if of is None:
        words = "The year is a financial year, such as 2025-26, or a quarter, such as 2025-Q3."
        raise Refused("option", "usage", words)
    return of


def last_ended(today: date) -> Span:
    """The last financial year that ended before today."""
    ended = Span(year=today.year - 1)
    return ended if ended.period.last < today else Span(year=ended.year - 1)


def _table(asked: tuple[Table, ...], code: str) -> Table:
    for one in asked:
        if one.code.casefold() == code.casefold():
            return one
    known = ", ".join(one.code for one in asked) or "none"
    raise NotFound(f"This nation's return for that period has no such table; it has: {known}.")


def _fill(desk: Desk, table: Table, period: Period, clocks: Clocks) -> Filled:
    nation = desk.office.jurisdiction.code
    names = [one.name for one in views(nation)]
    with viewing(desk.office, names, clocks.as_at) as (conn, as_at):
        facts = read_return(conn, nation, period, as_at=as_at, needs=KNOWN | table.needs)
    return table.filled(opened_facts(desk.office, facts, as_at))


def _list(year: str, asked: tuple[Table, ...], *, json: bool, simulated: bool) -> None:
    rows = [(one.code, one.title, one.cites) for one in asked]
    if json:
        titles, said = ("code", "title", "cites"), stamp(simulated=simulated)
        show.as_json([{**dict(zip(titles, row, strict=True)), **said} for row in rows])
    else:
        titles = ("Table", "Title", "Source")
        show.table(f"Tables of {year}", titles, rows, stamp=SIMULATED if simulated else "")


def _published(desk: Desk, of: Span, clocks: Clocks) -> Protected:
    """The whole return as it may be published: what one table suppresses hangs on the others."""
    office = desk.office
    whole, as_at = whole_return(office, of, clocks)
    return published(office, of, [cell for _, filled in whole for cell in filled.cells], as_at)


def _show_published(about: About, public: Protected, form: Form, rests: Rests) -> None:
    """Show a table from published figures alone: nothing here knows an exact one, or a case."""
    mine = [one for one in public.figures if one.place.table == about.table.code]
    rows = [(*one.place, one.written) for one in sorted(mine, key=lambda one: one.place)]
    if form.csv:
        about.csv(rows, rests)
    elif form.json:
        cells = [
            {**one.place._asdict(), "value": one.written, **stamp(simulated=about.simulated)}
            for one in mine
        ]
        rests.json({**about.told(), "notes": about.table.notes, "cells": cells})
    else:
        about.rows(rows)
        for note in about.table.notes:
            show.say(note)
        show.say(GUARDED)
        rests.foot()


def _show(  # noqa: PLR0917 — what is shown, and how
    about: About, filled: Filled, named: Filled, form: Form, rests: Rests, forgotten: int
) -> None:
    """Show a table exactly; `named` is the same, with what of its cases may be named.

    `forgotten`: of how many it may not, since they were forgotten.
    """
    rows = long_form(filled.cells)
    simulated = about.simulated
    if form.csv:
        about.csv(rows, rests)
    elif form.json:
        rests.json(
            {
                **about.told(),
                "notes": filled.remarks,
                "cells": [_row(one, simulated=simulated) for one in named.cells],
                "left_out": [
                    {**_row(one, simulated=simulated), "value": len(whole.counted)}
                    for one, whole in zip(named.left_out, filled.left_out, strict=True)
                ],
                "forgotten": forgotten,
                "restricted": _lines((*filled.cells, *filled.left_out))
                - _lines((*named.cells, *named.left_out))
                - forgotten,
            }
        )
    else:
        about.rows(rows)
        for left in filled.left_out:
            show.say(f"Left out, {left.why}: {len(left.counted)}")
        for note in filled.remarks:
            show.say(note)
        if form.cases:
            _cases(named, about.stamp)
            if forgotten:
                show.say(f"{forgotten} more were forgotten, and are named nowhere here.")
            more = _lines(filled.cells) - _lines(named.cells) - forgotten
            if more > 0:
                show.say(f"{more} more are restricted, and are not shown.")
        rests.foot()


def _row(one: Cell | LeftOut, *, simulated: bool) -> dict[str, Any]:
    """A figure, or what is left out, with what it counts; where all is made up each says so."""
    told, said = dataclasses.asdict(one), stamp(simulated=simulated)
    told.pop("recorded", None)
    return {**told, "counted": [{**each, **said} for each in told["counted"]], **said}


def _lines(groups: Iterable[Cell | LeftOut]) -> int:
    """How many things some figures count."""
    return sum(len(one.counted) for one in groups)


def _cases(filled: Filled, stamp: str) -> None:
    """What each figure counts: case, what in it, and the position of the event."""
    rows = [
        (one.enquiry_type, one.category, one.subcategory, str(each.case), each.position)
        for one in filled.cells
        for each in one.counted
    ]
    titles = ("Enquiry type", "Category", "Subcategory", "Case", "Position")
    show.table("What the figures count", titles, rows, stamp=stamp)
