"""Which figures of a return open to whom, and the lines they open to.

Every figure opens to its cases and entries, to whoever makes the return. A row that is itself what
a person's own record says of them (an age band, a gender, an ethnicity) opens to whoever may read
who a person is: to others it would tell a sealed detail beside a reference. The row of what is not
known tells nothing and opens to all, so that a case can be named to the team that is to ask.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from api.filing import forgotten
from api.office import Office
from api.routes.door import Reader
from domain.words import Code
from projections.returns import RETURNS
from projections.returns.difference import Moved
from projections.returns.longform import stamp
from projections.returns.table import Cell, Counted, Filled, LeftOut

_DETAILS: Final = "details"
_NOTHING_KNOWN: Final = frozenset({"not known", "undeclared / not known"})


def opens(reader: Reader, one: Cell | LeftOut | Moved) -> bool:
    """Whether whoever asks may see which cases and people this is of."""
    if reader.reads(_DETAILS):
        return True
    if isinstance(one, LeftOut) and one.personal:
        return False
    if not _personal(reader.office.jurisdiction.code, one.table):
        return True
    if isinstance(one, Cell):
        return one.category.casefold() in _NOTHING_KNOWN
    return isinstance(one, LeftOut)


def _personal(nation: Code, code: str) -> bool:
    """Whether a table of that code has rows that are details of a person."""
    every = (one for tables in RETURNS.get(nation, {}).values() for one in tables)
    return any(one.personal and one.code.casefold() == code.casefold() for one in every)


def shown(reader: Reader, one: Cell | LeftOut) -> tuple[Counted, ...]:
    """What a figure counts, as far as it opens; whose cases are restricted is asked besides."""
    return one.counted if opens(reader, one) else ()


def without(reader: Reader, filled: Filled, closed: Collection[UUID]) -> Filled:
    """A filled table that names nothing that is closed to whoever asks; its figures count all."""

    def opened(one: Cell | LeftOut) -> tuple[Counted, ...]:
        return tuple(each for each in shown(reader, one) if each.case not in closed)

    return replace(
        filled,
        cells=tuple(replace(one, counted=opened(one)) for one in filled.cells),
        left_out=tuple(replace(one, counted=opened(one)) for one in filled.left_out),
    )


def counted_cases(reader: Reader, filled: Filled) -> set[UUID]:
    """Every case that a filled table names to whoever asks, counted or left out."""
    every: tuple[Cell | LeftOut, ...] = (*filled.cells, *filled.left_out)
    return {one.case for group in every for one in shown(reader, group)}


def lines(office: Office, rows: Iterable[Counted]) -> list[dict[str, Any]]:
    """What a figure counts, as it is told at every door.

    A case, what of it, the entry, the rule by which it counts, and whether it was forgotten.
    """
    every = list(rows)
    gone = gone_of(office, every)
    return [
        {
            "case": one.case,
            "subject": one.subject,
            "position": one.position,
            "rule": one.rule,
            "forgotten": bool({one.case, one.subject} & gone),
            **stamp(simulated=office.simulated),
            "links": {"case": f"/v1/cases/{one.case}"},
        }
        for one in every
    ]


def gone_of(office: Office, rows: Iterable[Counted | Moved]) -> frozenset[UUID]:
    """Which cases and persons of some lines were forgotten."""
    return forgotten(office, (part for one in rows for part in (one.case, one.subject)))
