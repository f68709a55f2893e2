"""A return as it is filed: its figures, and behind them the cases each of them counts.

Two lines of canonical JSON. The first is what is handed over: every table with every cell, and on
what it rests. It names nobody and no case, so its bytes are given out as they are, and SHA-256 of
it is what the log says was filed. The second, by the same order of tables and cells, says of each
figure what it counts: `things` are [case, subject], `rules` those by which it was decided that a
concern counts or does not ([rule, edition] where an edition was named), and a figure is [number of
the thing, position of the event, number of the rule where there is one, position of the entry that
decided it (a filing made before that was told has none)]. `recorded` are the cells, by number from
0, of what is not known that hold what somebody recorded; of a filing that does not say, each may.
It is opened line by line, to whoever may see those cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson

from domain.filing import ReturnFiled
from projections.returns.longform import SIMULATED, stamp
from projections.returns.table import FORGOTTEN, Cell, Counted, Filled, LeftOut, Table

UNDER_AGE: Final = "under "  # how a reason begins for which no adult is counted
FORM: Final = "holdfast/filed-return/v1"
_FIGURE: Final = ("enquiry_type", "category", "subcategory", "value", "voluntary")
_Rule: TypeAlias = tuple[str, str | None]  # with its edition, where one was named
Whole = Sequence[tuple[Table, Filled]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledTable:
    """One table as it was filed."""

    code: str
    title: str
    cites: str
    filled: Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledReturn:
    """A return as it was filed; `figures` are the bytes that were handed over."""

    figures: bytes
    heading: Mapping[str, Any]
    tables: Sequence[FiledTable]

    def table(self, code: str) -> FiledTable | None:
        """The table of that code, as it was filed."""
        found = (one for one in self.tables if one.code.casefold() == code.casefold())
        return next(found, None)


def under_age(tables: Iterable[FiledTable]) -> frozenset[int]:
    """The entries that a return as filed left out, since their adult was none yet."""
    return frozenset(
        each.position
        for one in tables
        for left in one.filled.left_out
        if left.why.startswith(UNDER_AGE)
        for each in left.counted
    )


def otherwise(filed: FiledReturn, event: ReturnFiled) -> list[str]:
    """In what a document is otherwise than the entry says under which it was filed; in nothing."""
    said, heading = event, filed.heading
    pairs = {
        "annual_return": (heading.get("annual_return"), said.annual_return),
        "year": (heading.get("year"), said.year),
        "first": (heading.get("first"), said.first.isoformat()),
        "last": (heading.get("last"), said.last.isoformat()),
        "as_at": (heading.get("as_at"), said.as_at),
        "broken": ([one["rule"].lower() for one in heading.get("broken", ())], list(said.broken)),
        "sha256": (sha256(filed.figures).hexdigest(), said.sha256),
    }
    return [name for name, (one, other) in pairs.items() if one != other]


def digest_of(document: bytes) -> str:
    """SHA-256 of the figures of a document, without the end of their line."""
    return sha256(_parts(document)[0]).hexdigest()


def written(heading: Mapping[str, Any], whole: Whole) -> bytes:
    """A return as the document that is kept; `heading` is what it says before its tables.

    Where all is made up its heading says so (`stamp`), and so does every row.
    """
    made_up = stamp(simulated=heading.get("stamp") == SIMULATED)
    things: dict[tuple[UUID, UUID], int] = {}
    rules: dict[_Rule, int] = {}
    figures = {"form": FORM, **heading, "tables": [_figures(*one, made_up) for one in whole]}
    counted = [
        {
            "cells": [_refs(one.counted, things, rules) for one in filled.cells],
            "left_out": [_refs(one.counted, things, rules) for one in filled.left_out],
            "recorded": [number for number, one in enumerate(filled.cells) if one.recorded],
        }
        for _, filled in whole
    ]
    behind = {
        "things": [[str(part) for part in one] for one in things],
        "rules": [rule if edition is None else [rule, edition] for rule, edition in rules],
        "tables": counted,
    }
    return _canonical(figures) + b"\n" + _canonical(behind)


def _figures(table: Table, filled: Filled, made_up: Mapping[str, str]) -> dict[str, Any]:
    """A table without what it counts; what is to be known of its figures stands with it."""
    return {
        "code": table.code,
        "title": table.title,
        "cites": table.cites,
        "notes": filled.notes,
        "forgotten": filled.forgotten,
        "lost": filled.lost,
        **made_up,
        "cells": [
            {
                "enquiry_type": one.enquiry_type,
                "category": one.category,
                "subcategory": one.subcategory,
                "value": one.value,
                "voluntary": one.voluntary,
                **made_up,
            }
            for one in filled.cells
        ],
        "left_out": [
            {
                "why": one.why,
                "value": len(one.counted),
                "remedy": one.remedy,
                "personal": one.personal,
                **made_up,
            }
            for one in filled.left_out
        ],
    }


def _refs(
    counted: Sequence[Counted], things: dict[tuple[UUID, UUID], int], rules: dict[_Rule, int]
) -> list[list[int]]:
    return [
        [
            things.setdefault((one.case, one.subject), len(things)),
            one.position,
            *(() if one.rule is None else (_number(rules, (one.rule, one.edition)),)),
            *(() if one.rule is None or one.decided is None else (one.decided,)),
        ]
        for one in counted
    ]


def _number(rules: dict[_Rule, int], rule: _Rule) -> int:
    return rules.setdefault(rule, len(rules))


def _lost(table: Mapping[str, Any]) -> tuple[str, ...]:
    """What was said of the forgotten; a filing that has no words for it says it of persons."""
    if "lost" in table:
        return tuple(table["lost"])
    return (FORGOTTEN.format(table["forgotten"]),) if table["forgotten"] else ()


def _canonical(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _parts(document: bytes) -> tuple[bytes, bytes]:
    figures, _, behind = document.partition(b"\n")
    return figures, behind


def read(document: bytes) -> FiledReturn:
    """A return out of the document it was kept as."""
    figures, behind = _parts(document)
    said, counts = orjson.loads(figures), orjson.loads(behind)
    things = [(UUID(case), UUID(subject)) for case, subject in counts["things"]]

    rules = [(one, None) if isinstance(one, str) else (one[0], one[1]) for one in counts["rules"]]

    def of(refs: Sequence[Sequence[int]]) -> tuple[Counted, ...]:
        return tuple(
            Counted(
                *things[number],
                position,
                rule=rules[more[0]][0] if more else None,
                edition=rules[more[0]][1] if more else None,
                decided=more[1] if more[1:] else None,
            )
            for number, position, *more in refs
        )

    tables = [
        FiledTable(
            code=table["code"],
            title=table["title"],
            cites=table["cites"],
            filled=Filled(
                cells=tuple(
                    Cell(
                        table=table["code"],
                        **{name: one[name] for name in _FIGURE},
                        counted=of(refs),
                        recorded=frozenset(
                            one.subject
                            for one in of(refs)
                            if number in each.get("recorded", (number,))
                        ),
                    )
                    for number, (one, refs) in enumerate(
                        zip(table["cells"], each["cells"], strict=True)
                    )
                ),
                left_out=tuple(
                    LeftOut(
                        table=table["code"],
                        why=one["why"],
                        counted=of(refs),
                        remedy=one["remedy"],
                        personal=one["personal"],
                    )
                    for one, refs in zip(table["left_out"], each["left_out"], strict=True)
                ),
                notes=tuple(table["notes"]),
                forgotten=table["forgotten"],
                lost=_lost(table),
            ),
        )
        for table, each in zip(said["tables"], counts["tables"], strict=True)
    ]
    heading = {name: value for name, value in said.items() if name not in {"form", "tables"}}
    return FiledReturn(figures=figures, heading=heading, tables=tables)
