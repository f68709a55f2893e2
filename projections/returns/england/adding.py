"""Which figures of England's return add up, and the table of all three of type, place and source.

A reader of the published figures knows these laws as well as we do: `guarding` holds the figures
to them before they are published.

Looked at, and no law: that what is concluded was begun in the same year, that a support reason is
known where a condition is, that an age or a support reason of enquiries is no more than of concerns
(the concern may have been of the year before).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    CONDITIONS,
    DIED,
    INDIVIDUAL_FATES,
    LOCATIONS,
    NOT_KNOWN,
    OTHER_ENQUIRIES,
    REVIEW_FATES,
    RISK_FOUND,
    RISK_OUTCOMES,
    SECTION_42_ENQUIRIES,
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
        *(law for block in (CONCERNS, *BEGUN_AS.values()) for law in _conditions(values, block)),
        *_enquired(values),
        *(law for block in CONCLUDED_AS.values() for law in _answers(values, block)),
        *(law for block in CONCLUDED_AS.values() for law in _risks(values, block)),
        *(law for block in CONCLUDED_AS.values() for law in _crossings(values, block)),
        *(law for block in CONCLUDED_AS.values() for law in _of_each(values, block)),
        *_within("reviews", values, _of(values, "SG5a", None), _of(values, "SG5b", None)),
        *_died(values),
    ]


def _died(values: _Values) -> Iterator[Law]:
    """Somebody died (SG5b) where a review says that one or more did (SG5a); who are no fewer."""
    reviews = _of(values, "SG5a", None, [REVIEW_FATES[DIED]])
    people = _of(values, "SG5b", None, [INDIVIDUAL_FATES[DIED]])
    yield Law(left=reviews, right=people, alike=True)
    yield Law(left=_of(values, "SG5a", None), right=_of(values, "SG5b", None), alike=True)
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
            yield Law(left=(total,), right=cases, alike=True)


def _conditions(values: _Values, block: str) -> Iterator[Law]:
    """A case of no known condition has none in SG1e, and each other has one or more.

    Who has no relevant condition has no other either; a return that says so is read without that.
    """
    cases, unknown = _of(values, "SG1f", block), _of(values, "SG1e", block, [NOT_KNOWN])
    told = _of(values, "SG1e", block, CONDITIONS.values())
    none = _of(values, "SG1e", block, [CONDITIONS["none"]])
    if not (cases and unknown and told):
        return
    amount = _sum(values, cases) - _sum(values, unknown)
    known = Hidden(name=f"known {block}", value=amount, told=True)
    ill = Hidden(name=f"some {block}", value=amount - _sum(values, none), told=True)
    yield Law(left=(*unknown, known), right=cases)
    yield Law(left=(*none, ill), right=(known,))
    for all_of, each in ((known, told), (ill, tuple(one for one in told if one not in none))):
        yield from _within(f"again {all_of.name}", values, (all_of,), each)
        for one in each:
            yield from _within(f"{all_of.name} not {one}", values, (one,), (all_of,))


def _enquired(values: _Values) -> Iterator[Law]:
    """An enquiry is counted as a concern too, but for one of a concern of the year before."""
    enquiries = (
        *_of(values, "SG1f", SECTION_42_ENQUIRIES),
        *_of(values, "SG1f", OTHER_ENQUIRIES),
    )
    yield from _within("not enquired", values, enquiries, _of(values, "SG1f", CONCERNS))


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
    achieved = _of(values, "SG4a", block, ACHIEVED.values())
    if _sum(values, achieved) == _sum(values, expressed):
        yield Law(left=achieved, right=expressed)
    else:
        yield from _within("not said", values, achieved, expressed)


def _all_concluded(values: _Values, block: str) -> Hidden:
    answers = _of(values, "SG3a", block, CAPACITY.values())
    return Hidden(name=f"concluded {block}", value=_sum(values, answers))


def _risks(values: _Values, block: str) -> Iterator[Law]:
    """Of each source, SG2e has as many as SG2c has risks found; nothing of SG2 is over all.

    Where two outcomes of one source are told they are not as many, but there are some of both.
    """
    for source in SOURCES.values():
        found, outcomes = (
            tuple(one for one in _of(values, code, block, rows.values()) if one[3] == source)
            for code, rows in (("SG2c", RISK_FOUND), ("SG2e", RISK_OUTCOMES))
        )
        yield Law(left=found, right=outcomes)
        yield from _shared(f"risks found {block} {source}", values, (found, outcomes))
    total = _all_concluded(values, block)
    for code in ("SG2a", "SG2a_b1", "SG2b", "SG2c", "SG2e"):
        here = _of(values, code, block)
        for one in here:
            yield from _within(f"others {one}", values, (one,), (total,))
        yield from _within(f"more of {code} {block}", values, (total,), here)


# What is told of each type, place and source: the tables, and where in a line of each it stands.
_EACH: Final[tuple[tuple[Mapping[str, str], tuple[tuple[str, int], ...]], ...]] = (
    (SOURCES, (("SG2a", 3), ("SG2b", 3), ("SG2c", 3))),
    (TYPES, (("SG2a", 2), ("SG2a_b1", 2))),
    (LOCATIONS, (("SG2a_b1", 3), ("SG2b", 2))),
)


def _of_each(values: _Values, block: str) -> Iterator[Law]:
    """An enquiry of a type, a place or a source is in each table that has those; each is of one."""
    total = _all_concluded(values, block)
    for words, told_in in _EACH:
        every = list[Hidden]()
        for word in words.values():
            lines = [
                tuple(one for one in _of(values, code, block) if one[at] == word)
                for code, at in told_in
            ]
            name = f"enquiries {block} {word}"
            if all(lines):
                every.append(_amount(name, values, lines, total.value))
                yield from _shared(name, values, lines, total.value)
                yield from _within(f"not of {word}", values, every[-1:], (total,))
                for one in (one for one in _of(values, "SG2e", block) if one.subcategory == word):
                    yield from _within(f"{one} not of {word}", values, (one,), every[-1:])
        yield from _within(f"of several {block} {told_in}", values, (total,), every)


def _shared(
    name: str, values: _Values, lines: Sequence[tuple[Place, ...]], most: float = math.inf
) -> Iterator[Law]:
    """So many enquiries are told of in each line: no fewer than in a figure, no more than all."""
    if not all(lines):
        return
    amount = _amount(name, values, lines, most)
    for line in lines:
        yield from _within(f"again {name} {line[0].table}", values, (amount,), line)
        for one in line:
            yield from _within(f"of {name} not {one}", values, (one,), (amount,))


def _amount(name: str, values: _Values, lines: Sequence[tuple[Place, ...]], most: float) -> Hidden:
    """As many as may be of which several lines tell; at least what one figure says."""
    least = max(values[one] for line in lines for one in line)
    may_be = min(most, *(_sum(values, line) for line in lines))
    return Hidden(name=name, value=max(least, int(may_be)))


def _crossings(values: _Values, block: str) -> Iterator[Law]:
    """A pair is no more than its combinations with each of the third kind, nor less than one.

    So it is also where no table shows the combinations.
    """
    lines: dict[Place, list[Place | Hidden]] = {}
    for kind, at, source in product(TYPES.values(), LOCATIONS.values(), SOURCES.values()):
        pairs = (
            Place("SG2a", block, kind, source),
            Place("SG2a_b1", block, kind, at),
            Place("SG2b", block, at, source),
        )
        one: Place | Hidden = Place(CROSSED, block, f"{kind}{BETWEEN}{at}", source)
        if one not in values:
            may_be = min(values.get(pair, 0) for pair in pairs)
            one = Hidden(name=f"{block} {kind}{BETWEEN}{at} {source}", value=may_be)
        for pair in pairs:
            lines.setdefault(pair, []).append(one)
    for pair, line in lines.items():
        if pair in values:
            yield from _within(f"again {pair}", values, (pair,), tuple(line))
            for one in line:
                yield from _within(f"of {pair} not {one}", values, (one,), (pair,))


def _within(
    name: str,
    values: _Values,
    less: Sequence[Place | Hidden],
    more: Sequence[Place | Hidden],
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
    yield Law(left=(*less, between), right=tuple(more))
