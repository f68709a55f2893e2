"""A text as it is compared: without regard to case and normal form, each place still known.

Text is put into one normal form (NFC) and one case letter by letter, with the marks that belong to
it, and each letter remembers where it stood: so what is found is cut out of the text as it was
written, and nothing around it changes. Hyphens and apostrophes are compared as the plain ones, and
what is not to be seen (a soft hyphen) as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self
from unicodedata import combining, normalize

_ALIKE: Final[Mapping[int, str]] = {
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
}
_UNSEEN: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Folded:
    """The text as compared; of each letter of it, where it began and ended in the text as it was.

    Without places, each stands where it stood.
    """

    text: str
    places: Sequence[tuple[int, int]] | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """Fold a text."""
        if text.isascii():
            return cls(text.lower())
        told, places = list[str](), list[tuple[int, int]]()
        for first, last in _letters(text):
            letter = normalize("NFD", text[first:last]).casefold().translate(_ALIKE)
            one = normalize("NFC", letter)
            told.append(one)
            places += [(first, last)] * len(one)
        return cls("".join(told), places)

    def place(self, found: re.Match[str]) -> tuple[int, int]:
        """Where what was found in the folded text stood in the text as it was."""
        first, last = found.span()
        if self.places is None:
            return first, last
        return self.places[first][0], self.places[last - 1][1]


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Where each letter stands with the marks that belong to it; nothing of what is not seen."""
    first = 0
    while first < len(text):
        last = first + 1
        while last < len(text) and combining(text[last]):
            last += 1
        if text[first] not in _UNSEEN:
            yield first, last
        first = last
