"""What is wrong with a field, as its form says it: what the schema says to systems, for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from api.forms.labels import called

_NAME: Final = re.compile(r"`(\w+)`")
_REQUIRED: Final = "This is required."
_MISSING: Final[Mapping[str, str]] = {
    "code": "Choose an answer.",
    "codes": "Choose at least one.",
    "day": "Give the date.",
    "digest": "Choose one, or copy its 64 figures and letters whole.",
    "entry": "Choose an entry, or give its version.",
    "file": "Choose a file.",
    "flag": "Choose yes or no.",
    "group": "Fill this in.",
    "list": "Give at least one.",
    "number": "Give a number.",
    "passage": "Write something here.",
    "reference": "Choose one, or give its reference.",
    "slug": "Give a short name.",
    "time": "Give the date, or what is known of it.",
}
ENTRY: Final = "entry"  # a number that names an entry
_NO_NUMBER: Final = "this is a whole number"
_NO_VERSION: Final = "Choose an entry, or give its version in figures, as the timeline shows it."
_DAY: Final = "There is no such day, or it lies too far from the present: look at the date again."
_CHOOSE: Final = "Choose one of the answers that are shown."
_NAMED: Final = (
    "Use letters, figures and spaces, at most 40 and at most 4 of them figures, such as north "
    "team. Whatever else is to be said belongs in a text field."
)
# By how a sentence of the schema begins, which speaks of its own form.
_SAID: Final[Mapping[str, str]] = {
    "a code is ": _CHOOSE,
    "a date is ": _DAY,
    "a digest is ": "These are not the 64 figures and letters of a file: copy them whole.",
    "a team, an agency or a system ": _NAMED,
    "an identifier is ": _NAMED,
    "this day lies too far": _DAY,
    "this time lies too far": _DAY,
    "this is a day of the calendar": _DAY,
    "this is a reference: ": "This is not a whole reference: choose one, or copy it whole.",
    "this is not one of the list ": _CHOOSE,
    "this is not one of the values of the list ": _CHOOSE,
}


def plainly(detail: str, kind: str) -> str:
    """What is wrong with a field of a kind, in words that need no knowledge of the schema."""
    if detail == _REQUIRED:
        return _MISSING.get(kind, detail)
    if kind == ENTRY and detail.lower().startswith(_NO_NUMBER):
        return _NO_VERSION
    said = next((_SAID[one] for one in _SAID if detail.lower().startswith(one)), None)
    return said or _NAME.sub(_called, detail)


def _called(name: re.Match[str]) -> str:
    """A field that the rules call by its name, by what forms call it."""
    return f"“{called(name[1])}”"
