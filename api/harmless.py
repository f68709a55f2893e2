"""Letters that turn the reading of a text around, shown as their numbers wherever text goes out.

A passage is somebody else's text. One that holds U+202A to U+202E or U+2066 to U+2069 would have
what stands beside it read from the other end, so that a page, a cell or a line says what nobody
recorded. The record keeps its bytes; every writer (pages, Word, PDF, CSV, Excel) asks here.
"""

from __future__ import annotations

import re
from typing import Final

TURNING: Final = "\u202a-\u202e\u2066-\u2069"  # inside a set of a regular expression
_TURNING: Final = re.compile(f"[{TURNING}]")
_BRACKET: Final = "[U+005B]"
_NUMBERED: Final = re.compile(r"\[U\+(005B|202[A-E]|206[6-9])\]")


class InField(str):
    """What stands in a field of a form, to be sent back as it was typed: a field turns no other."""

    __slots__ = ()


def harmless(text: str) -> str:
    """A text that nothing beside it is turned by: each such letter as its number, as [U+202E]."""
    if _TURNING.search(text) is None:
        return text
    return _TURNING.sub(lambda one: f"[U+{ord(one[0]):04X}]", text)


def written(text: str) -> str:
    """The same for a file that is read in again: what says such a number itself is told apart."""
    return harmless(_NUMBERED.sub(lambda one: f"{_BRACKET}{one[0][1:]}", text))


def read(text: str) -> str:
    """The inverse of `written`."""
    return _NUMBERED.sub(lambda one: chr(int(one[1], 16)), text)
