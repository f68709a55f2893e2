"""A return as a file: CSV in long form, an Excel workbook, or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from api.returns.checking import OUTCOMES, Checks, Shown, by_kind, doubts, heading, place_told
from api.returns.making import MADE_UP, Made
from api.returns.workbook import MEDIA as WORKBOOK
from api.returns.workbook import Notes, workbook
from projections.returns.longform import (
    SIMULATED,
    Exact,
    ExactFigure,
    Figures,
    Published,
    as_csv,
    place_of,
    stamp,
)
from projections.returns.validation import FAILED

MEDIA: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": WORKBOOK,
    "json": "application/json",
}


def file_of(
    kind: str, made: Made, figures: Figures, *, checks: Checks, shown: Shown, basis: str
) -> bytes:
    """Write a return as a file of a kind, one of MEDIA; `basis` says what it rests on.

    What is published tells of no case, and of no figure how it is exactly.
    """
    if kind == "csv":
        return as_csv(figures)
    if kind == "xlsx":
        titles = {table.code: table.title for table, _ in made.tables}
        said = MADE_UP if made.simulated else ""
        lines = _notes(made, figures, checks, shown, basis)
        voluntary = frozenset(place_of(one) for one in made.cells if one.voluntary)
        return workbook(
            figures, Notes(titles=titles, lines=lines, voluntary=voluntary, stamp=said)
        )
    return orjson.dumps(_json(made, figures), option=orjson.OPT_INDENT_2) + b"\n"


def name_of(kind: str, made: Made, figures: Figures) -> str:
    """What the file is called."""
    of = "published" if isinstance(figures, Published) else "exact"
    said = f"-{SIMULATED}" if made.simulated else ""
    return f"return-{made.label}-{of}{said}.{kind}"


def _json(made: Made, figures: Figures) -> dict[str, Any]:
    return {
        **heading(made),
        "figures": "published" if isinstance(figures, Published) else "exact",
        "council": figures.council,
        "tables": [
            {
                "code": table.code,
                "title": table.title,
                "cites": table.cites,
                "notes": filled.notes,
                **stamp(simulated=figures.simulated),
            }
            for table, filled in made.tables
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


def _notes(
    made: Made, figures: Figures, checks: Checks, shown: Shown, basis: str
) -> list[tuple[str, str]]:
    """What stands on the sheet of notes: what it rests on, the citations, doubts and exceptions."""
    cited = doubts(made, exact=isinstance(figures, Exact))
    lines = [
        ("Period", f"{made.period.first.isoformat()} to {made.period.last.isoformat()}"),
        ("Rests on", basis),
        ("Cells", "White is mandatory, blue is voluntary, as far as is known: see the rules."),
        *cited,
    ]
    if isinstance(figures, Exact):
        lines += [
            (
                f"{one.rule.number} ({'hard' if one.rule.hard else 'soft'})",
                f"{OUTCOMES[one.outcome]}: {one.rule.holds} {one.rule.basis}."
                + "".join(f" {fault.says}." for fault in one.faults)
                + (f" {one.rule.remedy}" if one.outcome == FAILED else ""),
            )
            for one in checks.rules
        ]
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
