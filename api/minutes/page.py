"""What a document says, before it is a file of any kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

LANGUAGE: Final = "en-GB"
AUTHOR: Final = "Holdfast"

Paragraph = str | tuple[str, ...]  # several lines that belong together are a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its heads, and its rows, each as long as they are many."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, and what stands under it: paragraphs first, then a table where there is one.

    Among the paragraphs several lines that belong together are a list.
    """

    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole document. `dated` is of the record, never of the clock, so that bytes repeat."""

    title: str
    dated: datetime
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
