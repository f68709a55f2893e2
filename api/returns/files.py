"""A return as a file: CSV in long form, a workbook, or JSON; as it is known, or as filed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import orjson

from api.filed import Filing
from api.minutes.page import rests_on
from api.returns.checking import NO_RULES, OUTCOMES, Checks, Shown, by_kind, heading, place_told
from api.returns.making import MADE_UP, Made
from api.returns.workbook import MEDIA as WORKBOOK
from api.returns.workbook import Notes, workbook
from projections.returns.filed import FiledReturn, FiledTable
from projections.returns.guarding import Protected
from projections.returns.longform import (
    SIMULATED,
    Exact,
    ExactFigure,
    Place,
    as_csv,
    place_of,
    stamp,
)
from projections.returns.table import Filled, Table
from projections.returns.validation import FAILED

MEDIA: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": WORKBOOK,
    "json": "application/json",
}
Given: TypeAlias = Exact | Protected  # what may be given as a file


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file says beside its figures.

    `tables` have a code, a title, where they come from, and notes; `lines` are those of the notes
    of a workbook, `voluntary` what may be left blank in it, and `council` its name there.
    """

    heading: Mapping[str, Any]
    tables: Sequence[tuple[str, str, str, Sequence[str]]]
    lines: Sequence[tuple[str, str]]
    voluntary: Collection[Place]
    council: str = ""


def file_of(
    kind: str,
    made: Made,
    figures: Given,
    *,
    checks: Checks,
    shown: Shown,
    basis: str,
    council: str = "",
) -> bytes:
    """Write a return as a file of a kind, one of MEDIA; `basis` says what it rests on.

    `council` is the name of whose it is, where a list has it: a workbook has room for it.

    What is published tells of no case, and of no figure how it is exactly.
    """
    exact = isinstance(figures, Exact)
    tables = [_told(table, filled, exact=exact) for table, filled in made.tables]
    lines = _lines(f"{made.period.first} to {made.period.last}", basis, tables)
    if exact:
        lines += _left_out([(table.code, filled) for table, filled in made.tables])
        lines += _checked(checks, shown)
    voluntary = frozenset(place_of(one) for one in made.cells if one.voluntary)
    about = About(
        heading=heading(made), tables=tables, lines=lines, voluntary=voluntary, council=council
    )
    return _written(kind, figures, about)


def file_of_filing(
    kind: str, found: Filing, filed: FiledReturn, figures: Given, *, council: str = ""
) -> bytes:
    """Write a return as it was filed as a file of a kind, one of MEDIA: nothing is reckoned."""
    exact, event = isinstance(figures, Exact), found.event
    tables = [_told(one, one.filled, exact=exact) for one in filed.tables]
    said = filed.heading.get("basis")
    basis = rests_on(said) if isinstance(said, dict) else f"Position {event.as_at}."
    lines = _lines(f"{event.first} to {event.last}", basis, tables)
    words = f"Filing {found.number}, entry {found.fact.position} of the record"
    lines.insert(1, ("Filed", f"{words}; SHA-256 {event.sha256}"))
    if figures.council and figures.council != filed.heading.get("council"):
        lines.append(("Council", f"{figures.council}; what was filed names none."))
    if exact:
        lines += _left_out([(one.code, one.filled) for one in filed.tables])
        lines += [("Broken when filed", one) for one in found.said(filed)]
    told = found.told()
    names = ("filing", "year", "first", "last", "as_at", "filed_at", "position", "sha256", "broken")
    about = About(
        heading={**stamp(simulated=found.simulated), **{one: told[one] for one in names}},
        tables=tables,
        lines=lines,
        voluntary=frozenset(
            place_of(one) for table in filed.tables for one in table.filled.cells if one.voluntary
        ),
        council=council,
    )
    return _written(kind, figures, about)


def name_of(kind: str, label: str, figures: Given, filing: int | None = None) -> str:
    """What the file is called; `filing`: which, where it is as it was filed."""
    of = "exact" if isinstance(figures, Exact) else "published"
    of = of if filing is None else f"filing-{filing}-{of}"
    said = f"-{SIMULATED}" if figures.simulated else ""
    return f"return-{label}-{of}{said}.{kind}"


def _told(
    table: Table | FiledTable, filled: Filled, *, exact: bool
) -> tuple[str, str, str, Sequence[str]]:
    """A table as a file names it; how many were forgotten is an exact figure."""
    notes = filled.remarks if exact else filled.notes
    return (table.code, table.title, table.cites, notes)


def _written(kind: str, figures: Given, about: About) -> bytes:
    if kind == "csv":
        return as_csv(figures)
    if kind == "xlsx":
        notes = Notes(
            titles={code: title for code, title, *_ in about.tables},
            lines=about.lines,
            voluntary=about.voluntary,
            council=about.council,
            stamp=MADE_UP if figures.simulated else "",
        )
        return workbook(figures, notes)
    return orjson.dumps(_json(figures, about), option=orjson.OPT_INDENT_2) + b"\n"


def _json(figures: Given, about: About) -> dict[str, Any]:
    exact = isinstance(figures, Exact)
    return {
        **about.heading,
        "figures": "exact" if exact else "published",
        "council": figures.council,
        "tables": [
            {
                "code": code,
                "title": title,
                "cites": cites,
                "notes": notes,
                **stamp(simulated=figures.simulated),
            }
            for code, title, cites, notes in about.tables
        ],
        "cells": [
            {
                **place_told(one.place),
                "column_name": one.place.column_name,
                "row_name": one.place.row_name,
                "value": one.value if isinstance(one, ExactFigure) else one.written,
                **stamp(simulated=figures.simulated),
            }
            for one in figures.figures
        ],
    }


def _lines(
    period: str, basis: str, tables: Sequence[tuple[str, str, str, Sequence[str]]]
) -> list[tuple[str, str]]:
    """What stands on the sheet of notes: what it rests on, the citations and their doubts."""
    return [
        ("Period", period),
        ("Rests on", basis),
        ("Cells", "White is mandatory, blue is voluntary, as far as is known: see the notes."),
        *((code, one) for code, _, cites, notes in tables for one in (cites, *notes)),
    ]


def _left_out(tables: Sequence[tuple[str, Filled]]) -> list[tuple[str, str]]:
    return [
        (code, f"Left out, {one.why}: {len(one.counted)}")
        for code, filled in tables
        for one in filled.left_out
    ]


def _checked(checks: Checks, shown: Shown) -> list[tuple[str, str]]:
    """How each rule came out, and what is to be put right."""
    lines = [
        (
            f"{one.rule.number} ({'hard' if one.rule.hard else 'soft'})",
            f"{OUTCOMES[one.outcome]}: {one.rule.holds} {one.rule.basis}."
            + "".join(f" {fault.says}." for fault in one.faults)
            + (f" {one.rule.remedy}" if one.outcome == FAILED else ""),
        )
        for one in checks.rules
    ]
    if not lines:
        lines.append(("Rules", NO_RULES))
    said = by_kind(checks.unready)
    lines += [("Exception", f"{says}: {count}") for says, count in said.items()]
    lines += [
        ("Exception", f"{one.says}; case {one.case}, entry {one.position}. {one.remedy}")
        for one in shown.exceptions
    ]
    if shown.restricted:
        words = f"{shown.restricted} more are of cases that are restricted, and are not shown."
        lines.append(("Exception", words))
    return lines
