"""`holdfast return file`, `show --filed` and `diff`: a return filed, given back, and compared."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from api.clock import new_reference
from api.commands import show
from api.commands.desk import Desk, at_desk
from api.commands.following import up_to_date
from api.commands.options import Asking, Then
from api.commands.returns import last_ended, span_of
from api.filed import Filing
from api.filed_since import since_filed, unexplained
from api.filing import (
    COMMAND,
    approve_end,
    end,
    file_return,
    filing,
    kept,
    run_of,
)
from api.returns.opening import bare, counted_cases, lines, opens, parted_moves, ruled, without
from api.routes.filings import cases_told, holding, moves, notes
from api.routes.people import restricted_among
from domain.authority import denied, may, who_may
from domain.refusal import NotFound, Refused
from domain.words import blank
from projections.returns.difference import Place
from projections.returns.filed import FiledReturn, FiledTable
from projections.returns.longform import SIMULATED, stamp
from projections.returns.periods import Span
from projections.returns.reading import views
from projections.returns.table import Cell, Filled, LeftOut

_CELL = ("Table", "Enquiry type", "Category", "Subcategory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which filing (None: the last), and how it is wanted."""

    number: int | None
    cases: bool
    json: bool


def _of(desk: Desk, year: str) -> Span:
    """The year or quarter typed. Raises Refused."""
    return last_ended(desk.today) if year == "last" else span_of(year)


def file(asking: Asking, year: str, then: Then, note: str | None, *, json: bool) -> None:
    """File the return of a year. Raises Refused, NotFound."""
    note = None if note is None or blank(note) else note
    with at_desk(asking, adds=True) as desk:
        if not may(desk.actor.role, COMMAND):
            raise Refused("not_permitted", "authority", denied(who_may(COMMAND)))
        of, office = _of(desk, year), desk.office
        clocks = desk.clocks(then)
        up_to_date(office, views(office.jurisdiction.code))
        run = run_of(office, new_reference(), [of.text, note], note, as_at=then.as_at, on=then.on)
        done, _ = file_return(desk.reader, of, clocks, desk.basis, run)
    if json:
        show.as_json(done.told())
        return
    _stamp(done)
    show.say(
        f"Filed: filing {done.number} of {of.name}, as known at position"
        f" {done.event.as_at}; entry {done.fact.position} of the record."
    )
    show.say(f"SHA-256 of what was filed: {done.event.sha256}")
    _nonetheless(done)


def filed_by(desk: Desk, then: Then) -> int | None:
    """By which position a return is to have been filed; None: by now. Raises Refused."""
    if then.on is not None:
        words = "What was filed is judged by no other day: leave --on out."
        raise Refused("option", "usage", words)
    return desk.clocks(then).looked_at


def show_filed(asking: Asking, year: str, code: str | None, then: Then, wanted: Wanted) -> None:
    """Show a return, or a table of it, as it was filed. Raises Refused, NotFound."""
    if wanted.json and code is not None:
        raise Refused("option", "usage", "--json gives the whole as it was filed: name no table.")
    with at_desk(asking) as desk:
        desk.must("return")
        found = filing(desk.office, _of(desk, year), wanted.number, filed_by(desk, then))
        if (gone := found.forgotten()) is not None:
            desk.viewed("return", as_at=found.event.as_at)
            _show_forgotten(found, gone, json=wanted.json)
            return
        filed = kept(desk.office, found)
        shown = [
            one for one in filed.tables if code is None or one.code.casefold() == code.casefold()
        ]
        if not shown:
            known = ", ".join(one.code for one in filed.tables)
            raise NotFound(f"No such table was filed; there were: {known}.")
        named = _cases(desk, shown) if wanted.cases else set()
        closed = restricted_among(desk.reader, named)
        desk.viewed("return", among=named - closed, as_at=found.event.as_at)
        rows = _lines(desk, shown, closed) if wanted.cases else []
    if wanted.json:
        sys.stdout.flush()
        sys.stdout.buffer.write(filed.figures)  # what was filed, and no end of a line
        sys.stdout.buffer.flush()
        return
    _stamp(found)
    for one in shown:
        show.table(
            f"{one.code} {one.title}, as filed (filing {found.number})",
            (*_CELL[1:], "Value"),
            [
                (each.enquiry_type, each.category, each.subcategory, each.value)
                for each in one.filled.cells
            ],
            stamp=found.stamp or "",
        )
        for left in one.filled.left_out:
            show.say(f"Left out, {left.why}: {len(left.counted)}")
        for note in one.filled.remarks:
            show.say(note)
    if wanted.cases:
        titles = (*_CELL, "Case", "Position", "Rule", "Decided", "Since")
        show.table("What the figures counted", titles, rows, stamp=found.stamp or "")
        more = sum(len(each.counted) for one in shown for each in _groups(one.filled)) - len(rows)
        if more:
            show.say(f"{more} more are restricted, and are not shown.")
    _nonetheless(found, filed)
    show.say(
        f"Filed on {found.fact.recorded_at.date()}, as known at position {found.event.as_at};"
        f" entry {found.fact.position} of the record. SHA-256 {found.event.sha256}"
    )


def show_difference(
    asking: Asking, year: str, number: int | None, then: Then, *, json: bool
) -> None:
    """Explain what moved since a filing: the last by then, where none is named. Raises NotFound."""
    with at_desk(asking) as desk:
        desk.must("return")
        clocks = desk.clocks(then)
        by = clocks.looked_at if number is None else None
        found = filing(desk.office, _of(desk, year), number, by)
        up_to_date(desk.office, views(desk.office.jurisdiction.code))
        differs, as_at = since_filed(desk.office, found, clocks)
        named, apart = parted_moves(desk.office, differs.moved)
        cases = {one.case for one in named}
        closed = restricted_among(desk.reader, cases)
        opened = [one for one in named if one.case not in closed and opens(desk.reader, one)]
        gone = [one for one in apart if opens(desk.reader, one)]
        desk.viewed("return", among=cases - closed | cases_told(desk.reader, opened), as_at=as_at)
        told = moves(desk.reader, opened, gone)
        said = notes(desk.reader, found, differs.moved, apart)
        none = "" if all(one.by for one in opened) else unexplained(desk.office, found)
        rests = desk.rests()
    if json:
        rests.json(
            {
                "filing": found.told(),
                "now_as_at": as_at,
                "cells": [
                    {
                        "table": one.table,
                        "place": list(one.place),
                        "filed": one.filed,
                        "now": one.now,
                        **stamp(simulated=found.simulated),
                    }
                    for one in differs.changed
                ],
                "lacking": list(differs.lacking),
                "moved": told,
                "restricted": len(differs.moved) - len(opened) - len(gone),
                "notes": said,
            }
        )
        return
    _stamp(found)
    show.table(
        f"Figures otherwise than in filing {found.number}",
        (*_CELL, "Filed", "Now"),
        [(one.table, *one.place, one.filed, one.now) for one in differs.changed],
        stamp=found.stamp or "",
    )
    show.table(
        "What moved",
        ("Table", "Case", "From", "To", "By"),
        [
            (
                one.table,
                "" if line["case"] is None else str(one.case),
                _places(one.was) or line["was_left_out"] or "not counted",
                _places(one.now) or line["left_out"] or "not counted",
                _by(line, "an entry of a case that is restricted" if one.by else none),
            )
            for one, line in zip([*opened, *gone], told, strict=True)
        ],
        stamp=found.stamp or "",
    )
    if more := len(differs.moved) - len(opened) - len(gone):
        show.say(f"{more} more are restricted, and are not shown.")
    for one in said:
        show.say(one)
    rests.foot()


def _show_forgotten(found: Filing, gone: str, *, json: bool) -> None:
    """What is left of a filing that was erased: that it was filed, and what its bytes come to."""
    if json:
        show.as_json({**found.told(), "says": gone})
        return
    _stamp(found)
    show.say(gone)
    show.say(
        f"Filed on {found.fact.recorded_at.date()} as filing {found.number} of {found.of.name}, as"
        f" known at position {found.event.as_at}; entry {found.fact.position} of the record."
        f" SHA-256 {found.event.sha256}"
    )


def end_keeping(
    asking: Asking, year: str, number: int | None, ground: str, *, approve: bool
) -> None:
    """Approve that what was filed is erased, or erase it. Raises Refused, NotFound."""
    with at_desk(asking, adds=True) as desk:
        name = "approve-filing-erasure" if approve else "erase-filing"
        if not may(desk.actor.role, name):
            raise Refused("not_permitted", "authority", denied(who_may(name)))
        found = filing(desk.office, _of(desk, year), number)
        act = approve_end if approve else end
        try:
            position = act(desk.reader, found, ground, new_reference())
        except Refused as refused:
            if refused.code == "legal_hold":
                _held(desk, found)
            raise
    _stamp(found)
    done = "Approved; somebody else has to erase it" if approve else "Forgotten"
    show.say(f"{done}: filing {found.number} of {found.of.name}. Entry {position} of the record.")


def _held(desk: Desk, found: Filing) -> None:
    """Say which cases keep what was filed, and of how many that is not said."""
    opened, closed = holding(desk.reader, found)
    desk.viewed("return", among=opened, as_at=found.event.as_at)
    for one in opened:
        show.tell(f"A legal hold stands on case {one}.")
    if closed:
        show.tell(f"{closed} more are restricted, and are not named.")


def _by(line: dict[str, object], without: str) -> str:
    by = line["by"]
    assert isinstance(by, list)  # noqa: S101 — as `moves` makes it
    said = ", ".join(
        one["name"] if one["position"] is None else f"{one['name']} ({one['position']})"
        for one in by
    )
    said = said or without
    return f"{said} [forgotten]" if line["forgotten"] else said


def _places(places: Iterable[Place]) -> str:
    return "; ".join(" / ".join(part for part in one if part) for one in places)


def _groups(one: Filled) -> tuple[Cell | LeftOut, ...]:
    return (*one.cells, *one.left_out)


def _cases(desk: Desk, tables: Iterable[FiledTable]) -> set[UUID]:
    return {case for one in tables for case in counted_cases(desk.reader, one.filled, filed=True)}


def _lines(
    desk: Desk, tables: Iterable[FiledTable], closed: frozenset[UUID]
) -> list[tuple[str | int, ...]]:
    """What the figures counted, line by line; what was forgotten since says so."""
    return [
        (
            *(one.code, *_said(group)),
            *(str(line["case"] or ""), line["position"] or ""),
            *(ruled(line["rule"], line["edition"]), line["decided"] or ""),
            "[forgotten]" if line["forgotten"] else "",
        )
        for one in tables
        for group, named in zip(
            _groups(one.filled),
            _groups(without(desk.reader, one.filled, closed, filed=True)),
            strict=True,
        )
        for line in lines(desk.office, named.counted, bare(desk.reader, group, filed=True))
    ]


def _nonetheless(found: Filing, filed: FiledReturn | None = None) -> None:
    if (words := found.nonetheless()) is not None:
        show.say(words)
    for one in [] if filed is None else found.said(filed):
        show.say(one)


def _said(one: Cell | LeftOut) -> tuple[str, str, str]:
    """Where a line stands: in a cell, or left out and why."""
    if isinstance(one, LeftOut):
        return "Left out", one.why, ""
    return one.enquiry_type, one.category, one.subcategory


def _stamp(found: Filing) -> None:
    if found.simulated:
        show.say(f"{SIMULATED}: every case in this record is made up.")
