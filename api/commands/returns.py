"""`holdfast return`: a table of the annual return, every figure with the cases it counts."""

from __future__ import annotations

import csv
import dataclasses
import sys
from collections.abc import Iterable
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
from api.routes.people import restricted_among
from api.routes.returns import counted_cases, without
from api.routes.waiting import viewing
from domain.refusal import NotFound, Refused
from projections.returns import tables_of
from projections.returns.facts import Period
from projections.returns.longform import SIMULATED, stamp
from projections.returns.periods import Span, span
from projections.returns.reading import opened, read_return, views
from projections.returns.table import Cell, Filled, LeftOut, Table, long_form, published

_LAST: Final = "last"
_HEADINGS: Final = ("Table", "Enquiry type", "Category", "Subcategory", "Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a table is wanted: `rounded` as it is published, `cases` with what each figure counts."""

    rounded: bool
    cases: bool
    csv: bool
    json: bool


def show_return(asking: Asking, year: str, code: str | None, then: Then, form: Form) -> None:
    """Show one table of the return of a year or quarter, or which tables there are."""
    typed = None if year == _LAST else span_of(year)
    if form.json and form.csv:
        raise Refused("option", "usage", "Choose one of --json and --csv.")
    with at_desk(asking) as desk:
        desk.must("return")
        of = last_ended(desk.today) if typed is None else typed
        asked = tables_of(desk.office.jurisdiction.code, of)
        if code is None:
            _list(of.name, asked, json=form.json, simulated=desk.office.simulated)
            return
        table = _table(asked, code)
        clocks = desk.clocks(then)
        up_to_date(desk.office, views(desk.office.jurisdiction.code))
        period = of.period
        filled = _fill(desk, table, period, clocks)
        among = counted_cases(filled) if form.cases or form.json else set[UUID]()
        closed = restricted_among(desk.reader, among)
        desk.viewed("return", among=among - closed, as_at=clocks.as_at)
        rests, simulated = desk.rests(), desk.office.simulated
    _show(table, period, clocks, filled, closed, form, rests, simulated=simulated)


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
        facts = read_return(conn, nation, period, as_at=as_at)
    return table.filled(opened(nation, facts, desk.office.record.unseal))


def _list(year: str, asked: tuple[Table, ...], *, json: bool, simulated: bool) -> None:
    rows = [(one.code, one.title, one.cites) for one in asked]
    if json:
        titles, said = ("code", "title", "cites"), stamp(simulated=simulated)
        show.as_json([{**dict(zip(titles, row, strict=True)), **said} for row in rows])
    else:
        titles = ("Table", "Title", "Source")
        show.table(f"Tables of {year}", titles, rows, stamp=SIMULATED if simulated else "")


def _show(  # noqa: PLR0917 — what is shown, and how
    table: Table,
    period: Period,
    clocks: Clocks,
    filled: Filled,
    closed: frozenset[UUID],
    form: Form,
    rests: Rests,
    *,
    simulated: bool,
) -> None:
    def figure(value: int | None) -> str | int:
        return published(value) if form.rounded or value is None else value

    named, said = without(filled, closed), SIMULATED if simulated else ""
    rows = [(*names, figure(value)) for *names, value in long_form(filled.cells)]
    if form.csv:
        writer = csv.writer(sys.stdout, lineterminator="\r\n")
        last = (said,) if said else ()
        writer.writerow((*_HEADINGS, *last))
        writer.writerows((*row, *last) for row in rows)
        rests.beside()
    elif form.json:
        rests.json(
            {
                **stamp(simulated=simulated),
                "table": table.code,
                "title": table.title,
                "cites": table.cites,
                "notes": filled.notes,
                "first": period.first,
                "last": period.last,
                "as_at": clocks.as_at,
                "on": clocks.on,
                "cells": [
                    {**_row(one, simulated=simulated), "value": figure(one.value)}
                    for one in named.cells
                ],
                "left_out": [
                    {**_row(one, simulated=simulated), "value": len(whole.counted)}
                    for one, whole in zip(named.left_out, filled.left_out, strict=True)
                ],
                "restricted": _lines((*filled.cells, *filled.left_out))
                - _lines((*named.cells, *named.left_out)),
            }
        )
    else:
        days = f"{period.first.isoformat()} to {period.last.isoformat()}"
        title = f"{table.code} {table.title}, {days}, as known at position {clocks.as_at}"
        show.table(title, _HEADINGS[1:], [row[1:] for row in rows], stamp=said)
        for left in filled.left_out:
            show.say(f"Left out, {left.why}: {len(left.counted)}")
        for note in filled.notes:
            show.say(note)
        if form.cases:
            _cases(named, said)
            more = _lines(filled.cells) - _lines(named.cells)
            if more:
                show.say(f"{more} more are of cases that are restricted, and are not shown.")
        rests.foot()


def _row(one: Cell | LeftOut, *, simulated: bool) -> dict[str, Any]:
    """A figure, or what is left out, with what it counts; where all is made up each says so."""
    told, said = dataclasses.asdict(one), stamp(simulated=simulated)
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
