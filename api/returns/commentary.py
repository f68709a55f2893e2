"""What an authority says beside its figures: a text a chapter, out of one text in Markdown.

A line that begins with `#` heads what is said of a chapter, by its name or its title; below it
paragraphs are parted by empty lines, and lines that begin with `- ` are a list. Nothing else is
markup, and nothing of it becomes any. What it says is its author's: no figure in it is held to the
suppression of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from api.minutes.page import Paragraph
from api.returns.chapters import Chapter
from domain.refusal import Refused

MOST: Final = 262_144  # bytes
_ITEM: Final = "- "
_LINE: Final = re.compile(r"\r\n|\r|\n")
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
Commentary = Mapping[str, tuple[Paragraph, ...]]


def commentary(content: bytes, chapters: Sequence[Chapter]) -> Commentary:
    """The paragraphs of each chapter, by its name.

    Raises Refused, naming the line; where the text came from, whoever was sent it knows.
    """
    if len(content) > MOST:
        raise _refused(f"It is longer than {MOST // 1024} kB.")
    try:
        lines = _LINE.split(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _refused("It is no text in UTF-8.") from None
    names = {text.casefold(): one.name for one in chapters for text in (one.name, one.title)}
    found: dict[str, list[str]] = {}
    here: list[str] | None = None
    for number, line in enumerate(lines, start=1):
        if _NO_TEXT.search(line):
            raise _refused(f"Line {number} has a sign that stands in no text.")
        if line.startswith("#"):
            name = names.get(line.lstrip("#").strip().casefold())
            if name is None:
                known = ", ".join(one.name for one in chapters)
                raise _refused(f"Line {number} heads no chapter; there are: {known}.")
            if name in found:
                raise _refused(f"Line {number} heads a chapter for the second time.")
            here = found.setdefault(name, [])
        elif here is not None:
            here.append(line.strip())
        elif line.strip():
            raise _refused(f"Line {number} stands below no heading of a chapter.")
    told = {name: tuple(_paragraphs(said)) for name, said in found.items()}
    return {name: said for name, said in told.items() if said}


def _paragraphs(lines: Iterable[str]) -> Iterable[Paragraph]:
    for blank, block in groupby(lines, lambda line: not line):
        if blank:
            continue
        for item, same in groupby(block, lambda line: line.startswith(_ITEM)):
            texts = list(same)
            yield tuple(text[len(_ITEM) :].strip() for text in texts) if item else " ".join(texts)


def _refused(words: str) -> Refused:
    return Refused("option", "usage", words, field="commentary")
