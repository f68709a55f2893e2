"""Which figures of England's return add up, and the table of all three of type, place and source.

A reader of the published figures knows these laws as well as we do: `guarding` holds the figures
to them before they are published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final

from domain.jurisdictions.england import ENGLAND
from projections.returns.england.counting import concluded
from projections.returns.england.words import (
    ACHIEVED,
    ASKED,
    BEGUN_AS,
    CAPACITY,
    CONCERNS,
    CONCLUDED,
    CONCLUDED_AS,
    DIED,
    INDIVIDUAL_FATES,
    LOCATIONS,
    REVIEW_FATES,
    RISK_FOUND,
    RISK_OUTCOMES,
    SOURCES,
    SUPPORTED,
    SURVIVED,
    TYPES,
)
from projections.returns.facts import Facts
from projections.returns.guarding import Hidden, Law
from projections.returns.longform import Place
from projections.returns.table import Counted, Filled, cell, of_concluded, table

CROSSED: Final = "SG2x"  # ours: the collection has no table of that name
BETWEEN: Final = " at: "  # a type and a location in one category
_Values = Mapping[Place, int]


@table(
    CROSSED,
    title="Type, location and source of risk, concluded Section 42 enquiries",
    cites="No table of the collection: SG2a, SG2a_b1 and SG2b have two of the three each. Counted "
    "as they are: an enquiry once for each different combination that is recorded of it",
)
def crossed(facts: Facts) -> Filled:
    """Each concluded enquiry once for each different combination of all three."""
    found: dict[tuple[str, str, str], list[Counted]] = {
        each: [] for each in product(TYPES, LOCATIONS, SOURCES)
    }
    groups = ENGLAND.groups["source_of_risk"]
    for one in concluded(facts)[CONCLUDED]:
        each = {(kind, at, groups.get(source, source)) for kind, source, at in one.triples}
        for combined in each & found.keys():
            found[combined].append(of_concluded(one))
    return Filled(
        cells=tuple(
            cell(
                CROSSED,
                CONCLUDED,
                f"{TYPES[kind]}{BETWEEN}{LOCATIONS[at]}",
                SOURCES[source],
                counted,
            )
            for (kind, at, source), counted in found.items()
        )
    )


def _at(kind: str, location: str) -> str:
    return f"{TYPES[kind]}{BETWEEN}{LOCATIONS[location]}"


def laws(values: _Values) -> list[Law]:
    """What of a return's figures adds up; those of tables it has not are passed over."""
    return [
        *(law for block in (CONCERNS, *BEGUN_AS.values()) for law in _people(values, block)),
        *(law for block in CONCLUDED_AS.values() for law in _answers(values, block)),
        *(law for block in CONCLUDED_AS.values() for law in _risks(values, block)),
        *(law for block in CONCLUDED_AS.values() for law in _crossings(values, block)),
        *_within("reviews", values, _of(values, "SG5a", None), _of(values, "SG5b", None)),
        *_died(values),
    ]


def _died(values: _Values) -> Iterator[Law]:
    """Somebody died (SG5b) where a review says that one or more did (SG5a); who are no fewer."""
    reviews = _of(values, "SG5a", None, [REVIEW_FATES[DIED]])
    people = _of(values, "SG5b", None, [INDIVIDUAL_FATES[DIED]])
    yield Law(left=reviews, right=people, alike=True)
    for fate in (DIED, SURVIVED):
        fewer = _of(values, "SG5a", None, [REVIEW_FATES[fate]])
        more = _of(values, "SG5b", None, [INDIVIDUAL_FATES[fate]])
        yield from _within(fate, values, fewer, more)


def _of(
    values: _Values, table: str, block: str | None, categories: Iterable[str] | None = None
) -> tuple[Place, ...]:
    """The figures of a table's block, of some categories or of all."""
    wanted = None if categories is None else set(categories)
    return tuple(
        one
        for one in values
        if one.table == table
        and block in {None, one.enquiry_type}
        and (wanted is None or one.category in wanted)
    )


def _sum(values: _Values, places: Iterable[Place]) -> int:
    return sum(values[one] for one in places)


def _people(values: _Values, block: str) -> Iterator[Law]:
    """Each adult is once in SG1a, SG1b and SG1c, of no more than there are cases in SG1f."""
    total, cases = None, _of(values, "SG1f", block)
    for code in ("SG1a", "SG1b", "SG1c"):
        here = _of(values, code, block)
        if here:
            total = total or Hidden(name=f"adults {block}", value=_sum(values, here))
            yield Law(left=here, right=(total,))
    if cases:
        yield Law(left=_of(values, "SG1d", block), right=cases)
        if total is not None:
            yield from _within(block, values, (total,), cases)


def _answers(values: _Values, block: str) -> Iterator[Law]:
    """Each concluded enquiry has one answer of SG3a and one of SG4a; some are of others."""
    answers = _of(values, "SG3a", block, CAPACITY.values())
    lacked = _of(values, "SG3a", block, [CAPACITY["lacked"]])
    supported = _of(values, "SG3a", block, [SUPPORTED])
    yield Law(left=answers, right=(_all_concluded(values, block),))
    yield from _within("supported", values, supported, lacked, told=True)
    asked = _of(values, "SG4a", block, ASKED.values())
    if _sum(values, asked):
        yield Law(left=asked, right=(_all_concluded(values, block),))
    expressed = _of(values, "SG4a", block, [ASKED["asked_expressed"]])
    yield Law(left=_of(values, "SG4a", block, ACHIEVED.values()), right=expressed)


def _all_concluded(values: _Values, block: str) -> Hidden:
    answers = _of(values, "SG3a", block, CAPACITY.values())
    return Hidden(name=f"concluded {block}", value=_sum(values, answers))


def _risks(values: _Values, block: str) -> Iterator[Law]:
    """Of each source, SG2e has as many as SG2c has risks found; nothing of SG2 is over all."""
    for source in SOURCES.values():
        found, outcomes = (
            tuple(one for one in _of(values, code, block, rows.values()) if one[3] == source)
            for code, rows in (("SG2c", RISK_FOUND), ("SG2e", RISK_OUTCOMES))
        )
        yield Law(left=found, right=outcomes)
    total = _all_concluded(values, block)
    for code in ("SG2a", "SG2a_b1", "SG2b", "SG2c", "SG2e"):
        here = _of(values, code, block)
        for one in here:
            yield from _within(f"others {one}", values, (one,), (total,))
        yield from _within(f"more of {code} {block}", values, (total,), here)


def _crossings(values: _Values, block: str) -> Iterator[Law]:
    """A pair is no more than its combinations with each of the third kind, nor less than one."""
    lines: dict[Place, list[Place]] = {}
    for one in _of(values, CROSSED, block):
        kind, _, at = one.category.partition(BETWEEN)
        for pair in (
            Place("SG2a", block, kind, one.subcategory),
            Place("SG2a_b1", block, kind, at),
            Place("SG2b", block, at, one.subcategory),
        ):
            lines.setdefault(pair, []).append(one)
    for pair, line in lines.items():
        if pair in values:
            yield from _within(f"again {pair}", values, (pair,), tuple(line))
            for one in line:
                yield from _within(f"of {pair} not {one}", values, (one,), (pair,))


def _within(
    name: str,
    values: _Values,
    less: tuple[Place | Hidden, ...],
    more: tuple[Place | Hidden, ...],
    *,
    told: bool = False,
) -> Iterator[Law]:
    """What is no more than something else: what lies between them is an amount of its own."""
    if not less or not more:
        return
    amounts = [
        sum(one.value if isinstance(one, Hidden) else values[one] for one in side)
        for side in (less, more)
    ]
    between = Hidden(name=f"{name}: {less[0]}", value=amounts[1] - amounts[0], told=told)
    yield Law(left=(*less, between), right=more)
