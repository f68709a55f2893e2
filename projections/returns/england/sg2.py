"""SG2, case details: what each concluded enquiry says of type, source, location and risk.

A count of one for each different category that applies: two sources of the same kind are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Final, TypeAlias

from domain.jurisdictions.england import ENGLAND
from projections.returns.england.asked import cell
from projections.returns.england.counting import concluded, not_concluded
from projections.returns.england.words import (
    LOCATIONS,
    RISK_FOUND,
    RISK_NOT_FOUND,
    RISK_OUTCOMES,
    SOURCES,
    TYPES,
)
from projections.returns.facts import BIRTH, ENQUIRIES, Enquiry, Facts
from projections.returns.table import (
    AS_NONE,
    CASE_GONE,
    Cell,
    Counted,
    Filled,
    Table,
    named,
    of_concluded,
    table,
)

_Pair: TypeAlias = tuple[str, str]  # a row's code and a column's
_Pairs: TypeAlias = Callable[[Enquiry], Iterable[_Pair]]
_Axis: TypeAlias = Mapping[str, str]
_GUIDANCE: Final = (
    "Safeguarding Adults Collection guidance 2024-25, SG2: enquiries concluded in the year, a "
    "count of one for each different category that applies"
)
_CODE: Final = "; the categories are those of the publication code of 2023"
_MANDATORY: Final = "From memory: that it is mandatory for concluded Section 42 enquiries."
_PARALLEL: Final = (
    "From memory: that a second block, of other enquiries concluded, may be given; its name is "
    "ours."
)
_BY_SOURCE: Final = "From memory: that the columns are the sources of risk."
# What to do where an answer is missing.
_TRIPLE: Final = "Reopen the enquiry and conclude it with a type, a source and a location of each."
_RISK: Final = (
    "Reopen the enquiry and conclude it with what was found of the risk from each source, and what "
    "became of it."
)
_SELF: Final = (
    "Not seen: the source that self-neglect is counted under; here the source that is recorded, "
    "and the adult is somebody known."
)


@table(
    "SG2a",
    title="Type and source of risk, concluded enquiries",
    cites=_GUIDANCE + "; two sources of the same kind are one",
    notes=(_MANDATORY, _PARALLEL, _SELF),
    needs=(ENQUIRIES, BIRTH),
    answers=AS_NONE,
)
def sg2a(facts: Facts) -> Filled:
    """Each concluded enquiry once for each different pair of a type and a kind of source."""

    def pairs(one: Enquiry) -> Iterable[_Pair]:
        return ((kind, _source(source)) for kind, source, _ in one.triples)

    return _joint("SG2a", facts, (TYPES, SOURCES), pairs, ("type or source of risk", _TRIPLE))


@table(
    "SG2a_b1",
    title="Type and location of risk, concluded enquiries",
    cites="Safeguarding Adults Collection, SG2a_b1, as the publication code of 2023 names it: a "
    "count of one for each different pair",
    notes=("From memory: that the whole table is voluntary.", _PARALLEL),
    needs=(ENQUIRIES, BIRTH),
    answers=AS_NONE,
)
def sg2a_b1(facts: Facts) -> Filled:
    """Each concluded enquiry once for each different pair of a type and a location."""

    def pairs(one: Enquiry) -> Iterable[_Pair]:
        return ((kind, location) for kind, _, location in one.triples)

    what = "type or location of risk"
    return _joint("SG2a_b1", facts, (TYPES, LOCATIONS), pairs, (what, _TRIPLE))


@table(
    "SG2b",
    title="Location and source of risk, concluded enquiries",
    cites=_GUIDANCE + _CODE,
    notes=(_MANDATORY, _PARALLEL),
    needs=(ENQUIRIES, BIRTH),
    answers=AS_NONE,
)
def sg2b(facts: Facts) -> Filled:
    """Each concluded enquiry once for each different pair of a location and a kind of source."""

    def pairs(one: Enquiry) -> Iterable[_Pair]:
        return ((location, _source(source)) for _, source, location in one.triples)

    what = "location or source of risk"
    return _joint("SG2b", facts, (LOCATIONS, SOURCES), pairs, (what, _TRIPLE))


@table(
    "SG2c",
    title="Risk assessment outcome, concluded enquiries",
    cites=_GUIDANCE + _CODE,
    notes=(_MANDATORY, _PARALLEL, _BY_SOURCE),
    needs=(ENQUIRIES, BIRTH),
    answers=AS_NONE,
)
def sg2c(facts: Facts) -> Filled:
    """Each concluded enquiry once for each different assessment of a kind of source."""

    def pairs(one: Enquiry) -> Iterable[_Pair]:
        found = ((action, source) for source, action, _ in one.risks_found)
        return (*found, *((said, source) for source, said in one.risks_not_found))

    what = "outcome of a risk assessment, or source of risk,"
    axes = ({**RISK_FOUND, **RISK_NOT_FOUND}, SOURCES)
    return _joint("SG2c", facts, axes, pairs, (what, _RISK))


@table(
    "SG2e",
    title="Risk outcome where a risk was identified, concluded enquiries",
    cites=_GUIDANCE + _CODE,
    notes=(_MANDATORY, _PARALLEL, _BY_SOURCE, "Not seen: any table SG2d; there is none here."),
    needs=(ENQUIRIES, BIRTH),
    answers=AS_NONE,
)
def sg2e(facts: Facts) -> Filled:
    """Each concluded enquiry once for each different outcome of a risk from a kind of source."""

    def pairs(one: Enquiry) -> Iterable[_Pair]:
        return ((outcome, source) for source, _, outcome in one.risks_found)

    what = ("source of the risk identified", _RISK)
    return _joint("SG2e", facts, (RISK_OUTCOMES, SOURCES), pairs, what, asked_of_all=False)


def _joint(
    code: str,
    facts: Facts,
    axes: tuple[_Axis, _Axis],
    pairs: _Pairs,
    what: tuple[str, str],
    *,
    asked_of_all: bool = True,
) -> Filled:
    """A table of two axes, a block for each kind of enquiry.

    `what` it asks for, and what to do where that is not recorded. An enquiry counts once in a cell,
    however much of it falls there. One that has something in no
    cell is named; one that has nothing at all too, unless the table is not asked of every enquiry.
    """
    rows, columns = axes
    cells, gone = list[Cell](), dict[str, list[Counted]]()
    lost = dict[str, list[Counted]]()
    for block, enquiries in concluded(facts).items():
        found: dict[_Pair, list[Counted]] = {
            (row, column): [] for row in rows for column in columns
        }
        unplaced = lost.setdefault(block, [])
        for one in enquiries:
            counted, placed = of_concluded(one), set(pairs(one))
            if counted.position in facts.gone:
                gone.setdefault(block, []).append(counted)  # whatever it had answered
                continue
            for pair in placed & found.keys():
                found[pair].append(counted)
            if placed - found.keys() or (asked_of_all and not placed):
                unplaced.append(counted)
        cells.extend(
            cell(code, block, rows[row], columns[column], counted)
            for (row, column), counted in found.items()
        )
    why = f"no {what[0]} is recorded that the table has a category for"
    left = (
        *named(code, why, chain(*lost.values()), of=lost, remedy=what[1]),
        *named(code, CASE_GONE, chain(*gone.values()), of=gone),
    )
    return Filled(cells=tuple(cells), left_out=(*left, *not_concluded(code, facts)))


def _source(code: str) -> str:
    """The kind of source the return counts a detailed one under."""
    return ENGLAND.groups["source_of_risk"].get(code, code)


TABLES: Final[tuple[Table, ...]] = (sg2a, sg2a_b1, sg2b, sg2c, sg2e)
