"""How far the figures of a return lie from those of the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from projections.returns.longform import Place, place_of
from projections.returns.table import Cell

# The template asks for comments on variances; from how much on, no source seen says: both are ours.
PERCENT: Final = 25
SMALLEST: Final = 5  # a difference of fewer is no variance, however many per cent it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure, and the one that stood in its place the year before."""

    place: Place
    last: int
    now: int

    @property
    def difference(self) -> int:
        """By how much it grew; below 0, by how much it fell."""
        return self.now - self.last

    @property
    def percent(self) -> int | None:
        """The difference in per cent, to the nearest; None where there was nothing before."""
        return round(100 * self.difference / self.last) if self.last else None


def changes(
    cells: Iterable[Cell], last: Iterable[Cell], *, percent: int = PERCENT, smallest: int = SMALLEST
) -> tuple[Change, ...]:
    """The figures that differ from the year before by more than so many per cent.

    What was not given in one of the years is compared with nothing.
    """
    before = _given(last)
    found = [
        Change(place=place, last=before[place], now=value)
        for place, value in _given(cells).items()
        if place in before
    ]
    return tuple(
        one
        for one in found
        if abs(one.difference) >= smallest and 100 * abs(one.difference) > percent * one.last
    )


def _given(cells: Iterable[Cell]) -> Mapping[Place, int]:
    return {place_of(one): one.value for one in cells if one.value is not None}
