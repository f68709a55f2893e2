"""Entries that may tell the same event twice: pointed out, and both of them kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

_WORD: Final = re.compile(r"\w+")
_ENOUGH: Final = 0.75  # of the words of the two together; our own judgement
_FEW: Final = 3  # words; shorter texts have to be the same


def alike(lines: Sequence[tuple[str, str]]) -> Mapping[int, tuple[int, ...]]:
    """By place, the places of the earlier lines of the same stated time that say nearly the same.

    A line is when it was, as stated, and what it says. Whose line it is, and from which source,
    makes no difference: two agencies that tell of one visit are what is looked for.
    """
    by_time: dict[str, list[int]] = {}
    for place, (when, _text) in enumerate(lines):
        by_time.setdefault(when, []).append(place)
    words = [_words(text) for _when, text in lines]
    found: dict[int, tuple[int, ...]] = {}
    for places in by_time.values():
        for one, other in combinations(places, 2):
            if _same(words[one], words[other]):
                found[other] = (*found.get(other, ()), one)
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) <= _FEW:
        return False
    return _share(set(one), set(other)) >= _ENOUGH


def _share(one: Iterable[str], other: Iterable[str]) -> float:
    left, right = set(one), set(other)
    return len(left & right) / len(left | right)
