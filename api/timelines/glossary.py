"""The abbreviations in a timeline, with what they mean, for whoever reviews it (procedure C.4).

Those that people in safeguarding use are in `glossary.csv`, of both nations or of one. What looks
like an abbreviation and is not there is listed without a meaning: what its author meant nobody here
can know, and a review has to ask. One that means several things is told as it is used in adult
safeguarding; the line it first stands on is named, so that a reader can see.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from domain.jurisdictions import Jurisdiction

# What somebody wrote; all else in a line is a day, a number or a word of a list.
_WRITTEN: Final = (
    *("agency", "source", "people", "text", "seen", "response", "decision", "comment"),
    *("significance", "assertion"),
)
_LIKE_ONE: Final = re.compile(
    r"(?<![\w&'\u2019-])(?:[A-Z]&[A-Z]|[Ss]\d{1,3}|[A-Z][A-Za-z]{0,4}[A-Z])s?\b"
)
_LONGEST: Final = 6
NOT_EXPLAINED: Final = "not explained here: ask whoever wrote it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviation:
    """One abbreviation with what it means, None where that is not known, and its first line."""

    short: str
    meaning: str | None
    line: int

    @property
    def told(self) -> str:
        """What it means, in words."""
        return self.meaning or NOT_EXPLAINED


@cache
def _table() -> Sequence[Mapping[str, str]]:
    with (Path(__file__).parent / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def meanings(nation: Jurisdiction) -> dict[str, str]:
    """What each abbreviation means in a nation."""
    return {
        one["abbreviation"]: one["meaning"]
        for one in _table()
        if one["nation"] in {"", nation.code}
    }


def glossary(lines: Iterable[Mapping[str, str]], nation: Jurisdiction) -> tuple[Abbreviation, ...]:
    """Every abbreviation in the cells of some lines, in the order of the alphabet."""
    known, found = meanings(nation), dict[str, Abbreviation]()
    for at, cells in enumerate(lines, 1):
        for short in _in(cells, known):
            found.setdefault(short, Abbreviation(short=short, meaning=known.get(short), line=at))
    return tuple(sorted(found.values(), key=lambda one: (one.short.casefold(), one.short)))


def _in(cells: Mapping[str, str], known: Mapping[str, str]) -> Iterator[str]:
    for name in _WRITTEN:
        for one in _LIKE_ONE.findall(cells.get(name, "")):
            single = one.removesuffix("s")
            if single in known:
                yield single
            elif one in known or (len(single) <= _LONGEST and single[0].isupper()):
                yield single if one not in known else one
