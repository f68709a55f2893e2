"""Figures of a public report, of which none that is suppressed can be worked out from the others.

A count under 5 is suppressed and others are rounded, each by itself (`table.published`). Where
figures add up, that is not enough: of 12, 12 and 4 that make 28, published as 10, 10, `[c]` and 30,
the third can only be 4. So whoever publishes says which figures add up (`Law`), and `protect` works
out, as a reader could, between which bounds each suppressed count must lie. As long as one of them
is not anything from 0 to 4, a figure of the law that tells is withheld, the least first. It is
written `[c]` too, so that nobody sees which of the two was done.

The laws of one population form a tree, or only bound from below what others bound from above, or
lead to an amount that is shown nowhere; so bounds handed on from law to law are the ones that a
reader who solved them all would find.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from projections.returns.longform import VOLUNTARY, Exact, Place, Published, PublishedFigure
from projections.returns.table import MISSING, SUPPRESSED, published

_MOST: Final = 4  # what a suppressed count can be, from 0
_EITHER_WAY: Final = 2  # how far a rounded count may lie from what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """An amount that follows from others and is shown nowhere, such as all adults of a block.

    `told`: it is a count of people or cases as the figures are, and is to be guarded as they are.
    """

    name: str
    value: int
    told: bool = False


Term: TypeAlias = Place | Hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What some figures add up to is what others add up to.

    `alike`: not that, but that there is something of the one side where there is of the other.
    """

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    alike: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected(Published):
    """A return as it may be told to everybody, in the order of its tables. Made by `protect`."""


_Bounds: TypeAlias = tuple[float, float]


def protect(whole: Exact, laws: Iterable[Law], *, first: frozenset[str] = frozenset()) -> Protected:
    """Suppress, round, and withhold what would tell a suppressed figure.

    `first` are the tables of which figures are withheld before those of any other.
    """
    values = {one.place: one.value or 0 for one in whole.figures}
    held = [one for one in laws if _holds(one, values)]
    withheld = set[Place]()
    while (telling := _telling(held, values, withheld)) is not None:
        withheld.add(_chosen(telling, held, values, withheld, first))
    return Protected(
        period=whole.period,
        council=whole.council,
        simulated=whole.simulated,
        figures=tuple(
            PublishedFigure(place=one.place, written=_written(one.place, one.value, withheld))
            for one in whole.figures
        ),
    )


def _written(place: Place, value: int | None, withheld: Iterable[Place]) -> str:
    """A figure as it is shown.

    A voluntary block without an answer is one without an enquiry: to say so would tell a true 0.
    """
    if value is None:
        return SUPPRESSED if place.table == VOLUNTARY else MISSING
    return SUPPRESSED if place in withheld else published(value)


def _holds(law: Law, values: Mapping[Place, int]) -> bool:
    """Whether a law is so of these figures; of one that is not so, a reader learns nothing."""
    terms = (*law.left, *law.right)
    if not (law.left and law.right) or any(
        isinstance(one, Place) and one not in values for one in terms
    ):
        return False
    left, right = (sum(_value(one, values) for one in side) for side in (law.left, law.right))
    holds = bool(left) == bool(right) if law.alike else left == right
    return holds and all(_value(one, values) >= 0 for one in terms)


def _value(term: Term, values: Mapping[Place, int]) -> int:
    return term.value if isinstance(term, Hidden) else values[term]


def _shown(term: Term, values: Mapping[Place, int], withheld: Iterable[Place]) -> _Bounds:
    """Between what a count must lie by what is shown of it alone."""
    if isinstance(term, Hidden) or term in withheld:
        return (0, math.inf)
    return bounds(published(values[term]))


def bounds(written: str) -> _Bounds:
    """Between what a count must lie that is written so."""
    if written == SUPPRESSED:
        return (0, _MOST)
    rounded = int(written)
    return (max(_MOST + 1, rounded - _EITHER_WAY), rounded + _EITHER_WAY)


def _telling(
    laws: Sequence[Law], values: Mapping[Place, int], withheld: Iterable[Place]
) -> Law | None:
    """A law by which a guarded count must be more than 0 or less than 4; None where there is none.

    A reader who knows every law hands on what one says to the next, until none says more.
    """
    known: dict[Term, _Bounds] = {}
    of: dict[Term, list[int]] = {}
    for number, one in enumerate(laws):
        for term in (*one.left, *one.right):
            known.setdefault(term, _shown(term, values, withheld))
            of.setdefault(term, []).append(number)
    waiting: dict[int, None] = dict.fromkeys(range(len(laws)))
    while waiting:
        number = next(iter(waiting))
        del waiting[number]
        law = laws[number]
        for term, (low, high) in _said(law, known):
            known[term] = (low, high)
            if _guarded(term, values, withheld) and (low > 0 or high < _MOST):
                return law
            waiting.update(dict.fromkeys(other for other in of[term] if other != number))
    return None


def _guarded(term: Term, values: Mapping[Place, int], withheld: Iterable[Place]) -> bool:
    if isinstance(term, Hidden):
        return term.told and term.value <= _MOST
    return values[term] <= _MOST and term not in withheld


def _said(law: Law, known: Mapping[Term, _Bounds]) -> list[tuple[Term, _Bounds]]:
    """The terms of a law that it bounds more closely than they were, each with its bounds."""
    if law.alike:
        return [*_said_alike(law.left, law.right, known), *_said_alike(law.right, law.left, known)]
    sums = [_sums([known[one] for one in side]) for side in (law.left, law.right)]
    found = list[tuple[Term, _Bounds]]()
    for mine, other, side in ((0, 1, law.left), (1, 0, law.right)):
        for term in side:
            low, high = known[term]
            least, most, open_ended = sums[mine]
            others_least = least - low
            others_most = (
                math.inf
                if open_ended - (high == math.inf)
                else most - (0 if high == math.inf else high)
            )
            their_most = math.inf if sums[other][2] else sums[other][1]
            new: _Bounds = (
                max(low, sums[other][0] - others_most),
                min(high, their_most - others_least),
            )
            if new != (low, high):
                found.append((term, new))
    return found


def _said_alike(
    side: Sequence[Term], other: Sequence[Term], known: Mapping[Term, _Bounds]
) -> Iterator[tuple[Term, _Bounds]]:
    """What follows for one side of there being something, or nothing, of the other."""
    something = any(known[one][0] > 0 for one in other)
    nothing = all(known[one][1] == 0 for one in other)
    for term in side:
        low, high = known[term]
        alone = all(known[one][1] == 0 for one in side if one != term)
        new: _Bounds = (max(low, 1) if something and alone else low, 0 if nothing else high)
        if new != (low, high):
            yield term, new


def _sums(each: Iterable[_Bounds]) -> tuple[float, float, int]:
    """The least of a side, the most of what has one, and how many have none."""
    least, most, open_ended = 0.0, 0.0, 0
    for low, high in each:
        least += low
        if high == math.inf:
            open_ended += 1
        else:
            most += high
    return least, most, open_ended


def _chosen(
    telling: Law,
    laws: Sequence[Law],
    values: Mapping[Place, int],
    withheld: Iterable[Place],
    first: frozenset[str],
) -> Place:
    """The figure to withhold: of the law that tells, else of one that a shared amount leads to."""
    shown = _open(telling, values, withheld)
    terms = {*telling.left, *telling.right}
    while not shown:
        near = [one for one in laws if terms & {*one.left, *one.right}]
        before, terms = terms, {term for one in near for term in (*one.left, *one.right)}
        assert terms > before, "where no number is shown, none is told"  # noqa: S101 — a proof
        shown = [place for one in near for place in _open(one, values, withheld)]
    return min(shown, key=lambda one: (one.table not in first, _alone(one, laws), values[one], one))


def _open(law: Law, values: Mapping[Place, int], withheld: Iterable[Place]) -> list[Place]:
    """The figures of a law that are shown as numbers."""
    return [
        one
        for one in (*law.left, *law.right)
        if isinstance(one, Place) and values[one] > _MOST and one not in withheld
    ]


def _alone(place: Place, laws: Iterable[Law]) -> bool:
    """Whether a figure is a total of others: it is withheld last."""
    return any(
        side == (place,) and len(other) > 1
        for one in laws
        for side, other in ((one.left, one.right), (one.right, one.left))
    )
