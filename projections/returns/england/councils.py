"""Which councils submit the return, by the year it is of: the list changes, and is versioned so.

How many councils with adult social services responsibilities there are, as each year's publication
or notice counts them. A year that is not here was not seen: of 2023-24 no count was. Which councils
they are, and by which codes, no source seen lists: whoever has a list gives it (`read_list`), and a
code is then held to it. Of the codes only their form is held here, and that is from memory: three
digits in the collection, or the Office for National Statistics' E and eight digits.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final

from projections.returns.periods import span
from projections.returns.validation import Fault, Missing, Rule, Sent

COUNCILS: Final[Mapping[int, int]] = {
    2018: 152,
    2019: 151,
    2020: 151,
    2021: 152,
    2022: 152,
    2024: 153,  # the letter of September 2024
    2025: 153,  # the notice of September 2025
}
COLUMNS: Final = ("year", "code", "name")
_FORM: Final = re.compile(r"\d{3}|E\d{8}")


class UnreadableListError(ValueError):
    """A list of councils that cannot be read, and why: line by line, never what it says."""


def read_list(text: str) -> Mapping[int, Mapping[str, str]]:
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
        if of is None or of.quarter is not None or not _FORM.fullmatch(code):
            words = f"line {rows.line_num} has no year, such as 2025-26, or no code of a council"
            raise UnreadableListError(words)
        if code in found.setdefault(of.year, {}):
            raise UnreadableListError(f"line {rows.line_num} names a council of that year again")
        found[of.year][code] = name
    return found


def _v14(sent: Sent) -> Iterator[Fault | Missing]:
    council = sent.council
    if council is None:
        yield Missing("the council's code was not said")
    elif not council:
        yield Fault("no council is named")
    elif not _FORM.fullmatch(council):
        yield Fault(f"{council} is neither three digits nor E and eight digits")
    elif sent.listed is None:
        yield Missing("which councils submit in that year is not known here")
    elif council not in sent.listed:
        yield Fault(f"{council} is none of the {len(sent.listed)} councils listed for that year")


RULE: Final = Rule(
    number="V14",
    hard=True,
    basis="a return is stored by the code of its council [CODE]; the form of a code is [memory]",
    holds="The return names its council, by a code that is on the list of the year.",
    remedy="Set HOLDFAST_COUNCIL, or give --council. HOLDFAST_COUNCILS names a list of each year.",
    test=_v14,
)
