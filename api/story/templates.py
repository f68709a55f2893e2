"""Sentences with places for what an event says: read once, filled in for each event.

`{field}` is the field in words, and with a capital where it begins with one (`{Effect}`);
`{field=code:text|code:text|*:text|:text}` chooses by the field's code (`yes` and `no` of a boolean;
`*` anything else that says something, an empty code nothing at all); `[…]` is left out where a
place in it says nothing; `{#field}` puts each member of the field on a line of its own; `{-field}`
is deliberately not said; `{term.name}` is the nation's word. What a sentence does not name is said
behind it, so that nothing recorded is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

_VOWELS: Final = frozenset("aeiouAEIOU")
_ARTICLE: Final = re.compile(r"\b([Aa]) $")
_OPEN: Final = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands; `lines` puts its members on lines of their own, `unsaid` nowhere."""

    name: str
    lines: bool = False
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Words chosen by the code of a field; an empty code is for a field that says nothing."""

    name: str
    options: Mapping[str, Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class Maybe:
    """Words that are left out where a place among them says nothing."""

    pieces: Sequence[Piece]


Piece: TypeAlias = "str | Place | Choice | Maybe"


@lru_cache(maxsize=1024)
def read(template: str) -> tuple[Piece, ...]:
    """Read a template.

    Raises:
        ValueError: a bracket is not closed (a programmer's error).
    """
    pieces: list[Piece] = []
    at = 0
    while at < len(template):
        mark = template[at]
        if mark in _OPEN:
            end = _closing(template, at)
            inside = template[at + 1 : end]
            pieces.append(Maybe(read(inside)) if mark == "[" else _place(inside))
            at = end + 1
        else:
            end = min(
                (found for one in _OPEN if (found := template.find(one, at)) >= 0), default=-1
            )
            end = len(template) if end < 0 else end
            pieces.append(template[at:end])
            at = end
    return tuple(pieces)


def _closing(text: str, start: int) -> int:
    """Where the bracket that opens at `start` closes."""
    waiting: list[str] = []
    for at in range(start, len(text)):
        if text[at] in _OPEN:
            waiting.append(_OPEN[text[at]])
        elif waiting and text[at] == waiting[-1]:
            waiting.pop()
            if not waiting:
                return at
    raise ValueError("a bracket of a sentence is not closed")


def _place(inside: str) -> Piece:
    name, sign, options = inside.partition("=")
    if sign:
        chosen = (one.partition(":") for one in _apart(options))
        return Choice(name, {code: read(words) for code, _, words in chosen})
    if name[0] in "#-":
        return Place(name[1:], lines=name[0] == "#", unsaid=name[0] == "-")
    return Place(name)


def _apart(options: str) -> list[str]:
    """Options between bars, of which those inside brackets are no boundary."""
    found, depth, start = list[str](), 0, 0
    for at, mark in enumerate(options):
        if mark in _OPEN:
            depth += 1
        elif mark in _OPEN.values():
            depth -= 1
        elif mark == "|" and not depth:
            found.append(options[start:at])
            start = at + 1
    return [*found, options[start:]]


def named(pieces: Sequence[Piece]) -> set[str]:
    """Every field a template names, as fields are called."""
    found: set[str] = set()
    for piece in pieces:
        match piece:
            case Place(name=name):
                found.add(_field(name))
            case Choice(name=name, options=options):
                found.add(_field(name))
                found |= {one for words in options.values() for one in named(words)}
            case Maybe(pieces=inside):
                found |= named(inside)
            case _:
                pass
    return found


def _field(name: str) -> str:
    return name[0].lower() + name[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """What fills the places: a field in words, its code, and its members as lines."""

    words: Callable[[str], str]
    code: Callable[[str], str]
    lines: Callable[[str], Sequence[str]]


def fill(pieces: Sequence[Piece], filler: Filler) -> tuple[str, list[str]]:
    """The sentence and the lines below it."""
    lines: list[str] = []
    words, _ = _fill(pieces, filler, lines)
    return words, lines


def _fill(pieces: Sequence[Piece], filler: Filler, lines: list[str]) -> tuple[str, bool]:
    """The words, and whether every place in them says something."""
    said, full = list[str](), True
    for piece in pieces:
        match piece:
            case str():
                said.append(piece)
            case Place(unsaid=True):
                pass
            case Place(name=name, lines=True):
                lines += filler.lines(name)
            case Place(name=name):
                words = filler.words(_field(name))
                full = full and bool(words)
                if said and words[:1] in _VOWELS:
                    said[-1] = _ARTICLE.sub(r"\1n ", said[-1])
                said.append(words[:1].upper() + words[1:] if name[0].isupper() else words)
            case Choice(name=name, options=options):
                words, inside = _fill(_chosen(options, filler.code(_field(name))), filler, lines)
                full = full and inside
                said.append(words)
            case Maybe(pieces=inside_of):
                words, inside = _fill(inside_of, filler, lines)
                said.append(words if inside else "")
    return "".join(said), full


def _chosen(options: Mapping[str, Sequence[Piece]], code: str) -> Sequence[Piece]:
    if code in options:
        return options[code]
    return options.get("*", ()) if code else ()
