"""A file of a form: chosen on the page, kept sealed with the case, named by what is recorded.

A file cannot be put back into a page. So it is kept as soon as it comes, whatever else is wrong
with the form, and the form holds from then on which document it is. One that the form is recorded
or discarded without leads to nothing, as one that was kept by `keep-document` and never named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from api.forms.fields import COMMAND, FILE, Field, fields_of
from api.forms.typed import Typed

DOCUMENT, DIGEST, NAME, BYTES = "document", "digest", "name", "bytes"
KEPT: Final = (DOCUMENT, DIGEST, NAME, BYTES)  # what a form holds of a file that was kept
_KILO: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A file as it was sent; `content` is None for one that is too large to be kept."""

    place: str
    name: str
    media: str
    content: bytes | None

    def __repr__(self) -> str:  # a file's name may be somebody's
        return "Chosen()"


def size(figures: str) -> str:
    """A number of bytes as a person reads it."""
    count = int(figures) if figures.isdecimal() else 0
    for unit in ("bytes", "KB"):
        if count < _KILO:
            return f"{count} {unit}"
        count = -(-count // _KILO)
    return f"{count} MB"


def with_file(typed: Typed, place: str, told: Sequence[str]) -> Typed:
    """What was typed with a file that was kept: what `KEPT` names, in its order."""
    rest = without_file(typed, place)
    kept = zip(KEPT, told, strict=True)
    return Typed((*rest.pairs, *((f"{place}.{name}", value) for name, value in kept)))


def without_file(typed: Typed, place: str) -> Typed:
    """What was typed without what it held of a file."""
    return typed.without(f"{place}.{name}" for name in KEPT)


def takes_file(command: str, place: str) -> bool:
    """Whether a command's form has a file at a place."""
    return place in _places(fields_of(command), COMMAND, place.split("."))


def _places(members: Sequence[Field], at: str, steps: Sequence[str]) -> Iterator[str]:
    """The places of files, the rows of lists numbered as in the steps of the one looked for."""
    for one in members:
        within = f"{at}.{one.name}"
        if one.kind == FILE:
            yield within
        elif one.kind == "group":
            yield from _places(one.members, within, steps)
        elif one.kind == "list" and one.members[0].kind == "group":
            depth = len(within.split("."))
            if len(steps) > depth and steps[depth].isdecimal():
                yield from _places(one.members[0].members, f"{within}.{steps[depth]}", steps)
