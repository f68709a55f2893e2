"""Which councils submit the return, by the year it is of: the list changes, and is versioned so.

The councils with adult social services responsibilities stand in `councils.csv`, a line for each
spell of one under a code of the Office for National Statistics: `code`, the one it has in the
social-care collections; `ons_code`; `also`, a code it goes by besides; `name`, as the Office has
it; `first_year` and `last_year` (empty: still); and `seen`, the publications whose file shows that
code with that Office code, all under the Open Government Licence:

- `ascof-2025`: Measures from the adult social care outcomes framework (ASCOF), England, 2024 to
  2025, time series: Department of Health and Social Care. It also marks the years in which a
  council was none, and writes some names otherwise (Durham, Medway Towns).
- `ascs-2021`: Personal Social Services Adult Social Care Survey, England 2020-21, annex tables.
- `ascfr-2017`: Adult Social Care Activity and Finance, England 2016-17, data file.
- `pssex-2016`: Personal Social Services: Expenditure and Unit Costs, England 2015-16, data file;
  it has code and name alone. These three: NHS Digital.
- `ons-2025`: the Office's register of codes, read at second hand; the boundary moved on 1 April
  2025 (S.I. 2024/1328). That Barnsley and Sheffield kept their other code is an inference.

Codes are three digits, but four councils that began in 2021 and 2023 have five letters and digits.
Whether the collection takes those or gave them digits besides is in no source seen. `also` is from
one alone, the publisher's code for the framework (2023). When a spell began is from the orders that
made the councils. No source seen lists 2025-26: it is 2024-25 with the new codes, and its count.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from projections.returns.periods import Span, span

# How many there are, as each year's publication or notice counts them.
COUNCILS: Final[Mapping[int, int]] = {
    2018: 152,
    2019: 151,
    2020: 151,
    2021: 152,
    2022: 152,
    2023: 153,  # as the deprivation of liberty statistics of that year count them
    2024: 153,  # the letter of September 2024
    2025: 153,  # the notice of September 2025
}
COLUMNS: Final = ("year", "code", "name")
DIGITS: Final = re.compile(r"\d{3}")
FORM: Final = re.compile(r"\d{3}|[A-Z]\d[A-Z]\d[A-Z]|E\d{8}")
MADE_UP: Final = "000"  # no council's: it stands for one where every case is made up
_TABLE: Final = Path(__file__).with_name("councils.csv")


class UnreadableListError(ValueError):
    """A list of councils that cannot be read, and why: line by line, never what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The councils of a year: the name of each by every code it may be named by.

    `ours`: it is the list that comes with Holdfast. Of that, `elsewhere` says whose in other years
    a code is, and `unsure` are the councils that may have digits for a code which no source shows.
    """

    names: Mapping[str, str]
    count: int
    ours: bool = False
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A council under one code of the Office for National Statistics, from year to year."""

    code: str
    ons_code: str
    also: str
    name: str
    first: int
    last: int | None
    seen: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Whatever it may be named by."""
        return tuple(filter(None, (self.code, self.ons_code, self.also)))

    def covers(self, year: int) -> bool:
        """Whether a financial year is in it."""
        return self.first <= year and (self.last is None or year <= self.last)

    def said(self) -> str:
        """From when to when it is."""
        begins = Span(year=self.first).name
        if self.last is None:
            return f"from {begins}"
        ends = Span(year=self.last).name
        return f"until {ends}" if self.first == min(COUNCILS) else f"from {begins} to {ends}"


@cache
def spells() -> tuple[Spell, ...]:
    """Every line of the list that comes with Holdfast."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Spell(
                code=row["code"],
                ons_code=row["ons_code"],
                also=row["also"],
                name=row["name"],
                first=int(row["first_year"][:4]),
                last=int(row["last_year"][:4]) if row["last_year"] else None,
                seen=tuple(row["seen"].split()),
            )
            for row in csv.DictReader(file)
        )


@cache
def known(year: int) -> Listed | None:
    """The councils of a financial year, of the list that comes with Holdfast; None: none is."""
    if year not in COUNCILS:
        return None
    mine = {one.name: one for one in spells() if one.covers(year)}
    return Listed(
        names={code: one.name for one in mine.values() for code in one.codes},
        count=len(mine),
        ours=True,
        elsewhere={
            code: _elsewhere(code, one, mine.get(one.name), year)
            for one in spells()
            for code in one.codes
            if not one.covers(year)
        },
        unsure=tuple(one.name for one in mine.values() if not DIGITS.fullmatch(one.code)),
    )


def _elsewhere(code: str, one: Spell, now: Spell | None, year: int) -> str:
    said = f"{code} is {one.name} {one.said()}"
    if now is None:
        return said
    return f"{said}; for {Span(year=year).name} it is {now.code}, or {now.ons_code}"


def read_list(text: str) -> Mapping[int, Listed]:
    """The councils of each year, code and name, out of CSV with the columns year, code, name.

    A year is as 2025-26 or 2025. Raises UnreadableListError.
    """
    rows = csv.reader(io.StringIO(text))
    if tuple(one.strip() for one in next(rows, [])) != COLUMNS:
        raise UnreadableListError("its first line is year,code,name")
    found: dict[int, dict[str, str]] = {}
    for row in filter(None, rows):
        year, code, name = ([one.strip() for one in row] + ["", "", ""])[: len(COLUMNS)]
        of = span(year)
        if of is None or of.quarter is not None or not FORM.fullmatch(code):
            words = f"line {rows.line_num} has no year, such as 2025-26, or no code of a council"
            raise UnreadableListError(words)
        if code in found.setdefault(of.year, {}):
            raise UnreadableListError(f"line {rows.line_num} names a council of that year again")
        found[of.year][code] = name
    return {year: Listed(names=names, count=len(names)) for year, names in found.items()}
