"""`holdfast return`: a table of the annual return, every figure with the cases it counts."""

from __future__ import annotations

import csv
import dataclasses
import re
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
from projections.returns import tables
from projections.returns.facts import FACTS, PEOPLE, Period, aged, financial_year, read_facts
from projections.returns.table import Cell, Filled, LeftOut, Table, long_form, published

_YEAR: Final = re.compile(r"(20\d\d|21[0-4]\d)(?:[-/](\d\d))?")
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
    """Show one table of the return of a financial year, or which tables there are."""
    typed = None if year == _LAST else year_of(year)
    if form.json and form.csv:
        raise Refused("option", "usage", "Choose one of --json and --csv.")
    with at_desk(asking) as desk:
        desk.must("return")
        first = last_ended(desk.today) if typed is None else typed
        asked = tables(desk.office.jurisdiction.code, first)
        if code is None:
            _list(f"{first}-{(first + 1) % 100:02}", asked, json=form.json)
            return
        table = _table(asked, code)
        clocks = desk.clocks(then)
        up_to_date(desk.office, (FACTS, PEOPLE))
        period = financial_year(first)
        filled = _fill(desk, table, period, clocks)
        among = counted_cases(filled) if form.cases or form.json else set[UUID]()
        closed = restricted_among(desk.reader, among)
        desk.viewed("return", among=among - closed, as_at=clocks.as_at)
        rests = desk.rests()
    _show(table, period, clocks, filled, closed, form, rests)


def year_of(text: str) -> int:
    """`2025-26` or 2025: the financial year that begins in April 2025."""
    found = _YEAR.fullmatch(text)
    year = 0 if found is None else int(found[1])
    if found is None or (found[2] is not None and int(found[2]) != (year + 1) % 100):
        raise Refused("option", "usage", "The year is a financial year, such as 2025-26.")
    return year


def last_ended(today: date) -> int:
    """The last financial year that ended before today."""
    ended = today.year - 1
    return ended if financial_year(ended).last < today else ended - 1


def _table(asked: tuple[Table, ...], code: str) -> Table:
    for one in asked:
        if one.code.casefold() == code.casefold():
            return one
    known = ", ".join(one.code for one in asked) or "none"
    raise NotFound(f"This nation's return for that year has no such table here; it has: {known}.")


def _fill(desk: Desk, table: Table, period: Period, clocks: Clocks) -> Filled:
    views = (FACTS.name, PEOPLE.name)
    with viewing(desk.office, views, clocks.as_at) as (conn, as_at):
        facts = read_facts(conn, period, as_at=as_at)
    return table.fill(aged(facts, desk.office.record.unseal))


def _list(year: str, asked: tuple[Table, ...], *, json: bool) -> None:
    rows = [(one.code, one.title, one.cites) for one in asked]
    if json:
        show.as_json([dict(zip(("code", "title", "cites"), row, strict=True)) for row in rows])
    else:
        show.table(f"Tables of {year}", ("Table", "Title", "Source"), rows)


def _show(  # noqa: PLR0917 — what is shown, and how
    table: Table,
    period: Period,
    clocks: Clocks,
    filled: Filled,
    closed: frozenset[UUID],
    form: Form,
    rests: Rests,
) -> None:
    def figure(value: int | None) -> str | int:
        return published(value) if form.rounded or value is None else value

    named = without(filled, closed)
    rows = [(*names, figure(value)) for *names, value in long_form(filled.cells)]
    if form.csv:
        writer = csv.writer(sys.stdout, lineterminator="\r\n")
        writer.writerow(_HEADINGS)
        writer.writerows(rows)
        rests.beside()
    elif form.json:
        rests.json(
            {
                "table": table.code,
                "title": table.title,
                "cites": table.cites,
                "first": period.first,
                "last": period.last,
                "as_at": clocks.as_at,
                "on": clocks.on,
                "cells": [{**_cell(one), "value": figure(one.value)} for one in named.cells],
                "left_out": [
                    {**dataclasses.asdict(one), "value": len(whole.counted)}
                    for one, whole in zip(named.left_out, filled.left_out, strict=True)
                ],
                "restricted": _lines((*filled.cells, *filled.left_out))
                - _lines((*named.cells, *named.left_out)),
            }
        )
    else:
        days = f"{period.first.isoformat()} to {period.last.isoformat()}"
        title = f"{table.code} {table.title}, {days}, as known at position {clocks.as_at}"
        show.table(title, _HEADINGS[1:], [row[1:] for row in rows])
        for left in filled.left_out:
            show.say(f"Left out, {left.why}: {len(left.counted)}")
        if form.cases:
            _cases(named)
            more = _lines(filled.cells) - _lines(named.cells)
            if more:
                show.say(f"{more} more are of cases that are restricted, and are not shown.")
        rests.foot()


def _cell(one: Cell) -> dict[str, Any]:
    return dataclasses.asdict(one)


def _lines(groups: Iterable[Cell | LeftOut]) -> int:
    """How many things some figures count."""
    return sum(len(one.counted) for one in groups)


def _cases(filled: Filled) -> None:
    """What each figure counts: case, what in it, and the position of the event."""
    rows = [
        (one.enquiry_type, one.category, one.subcategory, str(each.case), each.position)
        for one in filled.cells
        for each in one.counted
    ]
    titles = ("Enquiry type", "Category", "Subcategory", "Case", "Position")
    show.table("What the figures count", titles, rows)
