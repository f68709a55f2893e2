"""Which events are decisions, what each decides, and where its reasons stand (R154; C.7, C.8).

The table is `decisions.csv`, a row an event: `kind` is the part of a case's way it belongs to,
`outcome` the fields that say what was decided, `criteria` the one that has the answers to a test,
`rationale` the fields that say why, `decided_by` the one that says who where the header does not,
`taken_on` the one that says on what day where that is not when it occurred, `source` the rules (R),
the constraints of the law (L) or the paragraph of the procedure it is from.

What courts decide is not among them, nor what was only found out, done or sent.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).with_name("decisions.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One row; the fields are those of the event, by name."""

    event: str
    kind: str
    outcome: tuple[str, ...]
    criteria: str | None
    rationale: tuple[str, ...]
    decided_by: str | None
    taken_on: str | None
    source: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field it names."""
        named = (*self.outcome, self.criteria, *self.rationale, self.decided_by, self.taken_on)
        return tuple(one for one in named if one is not None)


@cache
def decisions() -> Mapping[str, Decision]:
    """Every kind of decision by the stored name of its event, in the order of a case's way."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        return {
            row["event"]: Decision(
                event=row["event"],
                kind=row["kind"],
                outcome=tuple(row["outcome"].split()),
                criteria=row["criteria"] or None,
                rationale=tuple(row["rationale"].split()),
                decided_by=row["decided_by"] or None,
                taken_on=row["taken_on"] or None,
                source=tuple(row["source"].split()),
            )
            for row in csv.DictReader(table)
        }


@cache
def kinds() -> tuple[str, ...]:
    """The kinds of decisions there are, in the order of a case's way."""
    return tuple(dict.fromkeys(one.kind for one in decisions().values()))
