"""The rules of the two source documents, R1 to R216: which line each stands in and what it says.

The table is `rules.csv`: id, seed (A the English document, B the Scottish, and the line), rule, the
events that record what it asks for, their fields, and how it is checked (I refused, W a finding, D
a deadline, E an enumeration, C configured). Findings, refusals and tests cite rules by number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).with_name("rules.csv")
_EVENT: Final = re.compile(r"\b[A-Z][a-z]+(?:[A-Z0-9][a-z0-9]*)+\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: `seed` is the line of its source document; `events` are class names."""

    id: str
    seed: str
    words: str
    events: tuple[str, ...]
    check: str


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its number, in order."""
    with _TABLE.open(encoding="utf-8", newline="") as table:
        return {
            row["id"]: Rule(
                id=row["id"],
                seed=row["seed"],
                words=row["rule"],
                events=tuple(dict.fromkeys(_EVENT.findall(row["events"]))),
                check=row["check"],
            )
            for row in csv.DictReader(table)
        }
