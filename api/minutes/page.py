"""What a document says, before it is a file of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

LANGUAGE: Final = "en-GB"
AUTHOR: Final = "Holdfast"

# In letters: across a page; in a line of a cell that reads well; the margins of a cell.
_ROOM: Final = 90
_LINE: Final = 40
_CELL: Final = 3
_BOLD: Final = 1.25  # a letter of a head, beside one of a text
_TALL: Final = 30  # in lines, whatever a page has the room for, however they break
_RUN: Final = 30  # longer than the words of any language, as a line has the room for them
_FILLED: Final = 0.7  # of a line, where words are not broken

Paragraph = str | tuple[str, ...]  # several lines that belong together are a list


def _longest(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _within(words: list[float]) -> list[float]:
    """The room of each column's longest word, runs cut down where not all have their room."""
    return words if sum(words) <= _ROOM else [min(one, _RUN) for one in words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its heads, and its rows, each as long as they are many.

    `weights` are how wide its columns are among one another, where their texts are not to say it.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...] = ()

    @property
    def shares(self) -> tuple[float, ...]:
        """How much of the width each column takes; together one.

        First the room of its longest word, so that none is broken, but of one that leaves no room
        for those of the others; then, of what is left, as much as its longest text would want, up
        to a line that reads well.
        """
        if self.weights:
            return tuple(one / sum(self.weights) for one in self.weights)
        columns = tuple(zip(self.heads, *self.rows, strict=True))
        words = [
            _CELL + max(_longest(head) * _BOLD, *map(_longest, texts), 0)
            for head, *texts in columns
        ]
        words = _within(words)
        wants = [
            max(0, min(_LINE, max(len(text) for text in column)) + _CELL - word)
            for column, word in zip(columns, words, strict=True)
        ]
        left = max(0, _ROOM - sum(words)) / max(1, sum(wants))
        given = [word + want * left for word, want in zip(words, wants, strict=True)]
        return tuple(one / sum(given) for one in given)

    @property
    def kept(self) -> tuple[bool, ...]:
        """Of each row, whether a page surely has the room for it, so that it need not be parted."""
        room = [max(1.0, (one * _ROOM - _CELL) * _FILLED) for one in self.shares]
        return tuple(
            all(len(text) / letters <= _TALL for text, letters in zip(row, room, strict=True))
            for row in self.rows
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, and what stands under it: paragraphs first, then a table where there is one.

    Among the paragraphs several lines that belong together are a list. `level`: the document's own
    title is of the first, a heading in a chapter of the third.
    """

    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    table: Table | None = None
    level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole document. `dated` is of the record, never of the clock, so that bytes repeat.

    `wide`: the paper lies on its long side, for a table of many columns. `basis`: what it rests on,
    its last line and among the document's properties. `stamp`: stands on every page, above it.
    """

    title: str
    dated: datetime
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    wide: bool = False
    basis: str = ""
    stamp: str = ""


def rests_on(told: Mapping[str, Any]) -> str:
    """A basis (`api.basis`) as a document names it: whose record, as known when, made by what."""
    return (
        f"As known at position {told['size']} of {told['origin']}, root {told['root']}, by "
        f"Holdfast {told['release']} and the policy {told['policy']}."
    )


def numbered(letter: str) -> str:
    """Give a letter that a kind of file cannot have by its number, as [U+0007]."""
    return f"[U+{ord(letter):04X}]"
