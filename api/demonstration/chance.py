"""Chance that comes out the same each time, and shares kept even in small numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final, TypeVar
from uuid import UUID

from api.clock import seeded
from domain.words import Code, Digest

T = TypeVar("T")
_HAND: Final = 10


class Chance:
    """A repeatable source of choices; one name always gives the same choices in the same order."""

    def __init__(self, *name: object) -> None:
        self._name = "/".join(str(part) for part in name)
        digest = hashlib.sha256(self._name.encode()).digest()
        self._random = seeded(int.from_bytes(digest[:8]))

    def of(self, *name: object) -> Chance:
        """Give another source, of a name below this one; nothing drawn here changes it."""
        return Chance(self._name, *name)

    def whether(self, share: float) -> bool:
        """Say yes in that share of cases."""
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """Give a whole number, both ends included."""
        return self._random.randint(low, high)

    def part(self) -> float:
        """Give a number from 0 up to 1."""
        return self._random.random()

    def one(self, options: Sequence[T]) -> T:
        """Choose one."""
        return options[self._random.randrange(len(options))]

    def mixed(self, options: Sequence[T]) -> list[T]:
        """Give them all, in mixed order."""
        return self._random.sample(list(options), len(options))

    def drawn(self, shares: Mapping[str, float]) -> Code:
        """Draw a code; the shares need not add up to one."""
        return Code(self._random.choices(list(shares), list(shares.values()))[0])

    def ref(self) -> UUID:
        """Give a reference that looks like any other."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def digest(self) -> Digest:
        """Give the digest of a document that nobody wrote."""
        return Digest(hashlib.sha256(self.ref().bytes).hexdigest())


class Deck:
    """Codes dealt so that any few come close to their shares, in an order nobody can guess.

    Each hand takes one draw from every tenth of the whole, in mixed order.
    """

    def __init__(self, chance: Chance, shares: Mapping[str, float]) -> None:
        self._chance = chance
        self._codes = [Code(name) for name in shares]
        self._upto = list(accumulate(shares.values()))
        self._hand: list[int] = []

    def draw(self) -> Code:
        """Give the next code."""
        if not self._hand:
            self._hand = self._chance.mixed(range(_HAND))
        point = (self._hand.pop() + self._chance.part()) / _HAND * self._upto[-1]
        return next(
            code for code, upto in zip(self._codes, self._upto, strict=True) if point < upto
        )


class Rota(Deck):
    """Codes dealt in turn, so that even a few draws bring every one of them."""

    def __init__(self, chance: Chance, codes: Sequence[str]) -> None:
        super().__init__(chance, dict.fromkeys(codes, 1.0))
        self._turn = 0

    def draw(self) -> Code:
        """Give the next code."""
        code = self._codes[self._turn % len(self._codes)]
        self._turn += 1
        return code
