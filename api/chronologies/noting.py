"""Several notes in one cell: what reviewers found significant in a line, in their order.

Between two stands a line of its own. Where a note has these words itself, their first letter is
written as its number, so that what is given out and taken in again is as many notes as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_NEXT: Final = "[next note]"
_BETWEEN: Final = re.compile(r"\r?\n\[next note\]\r?\n")
_LIKE: Final = re.compile(r"\[(?=(?:U\+005B\])*next note\])")
_WRITTEN: Final = re.compile(r"\[U\+005B\](?=(?:U\+005B\])*next note\])")


def significant(notes: Iterable[str]) -> str:
    """Notes as one cell, in the order given."""
    return f"\n{_NEXT}\n".join(_LIKE.sub("[U+005B]", one) for one in notes)


def notes_in(cell: str) -> tuple[str, ...]:
    """The inverse of `significant`; white space at the ends of a note is not part of it."""
    notes = (_WRITTEN.sub("[", one).strip() for one in _BETWEEN.split(cell))
    return tuple(one for one in notes if one)
