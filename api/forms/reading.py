"""From what somebody typed to the body of a request, as the same command is asked by JSON.

A field left blank is left out, and so is a row or an optional group in which all is blank. What
cannot be told from three fields of a date is said here; all else the request's own schema says.

A passage is evidence and is kept to the letter, blank lines and spaces at its ends too: what was
cut off could never be shown again, and by JSON the same words would be recorded otherwise. Only the
two signs by which every browser ends a line become one (`typed.py`). A number, a date, a reference
and a short name are no words of anybody: what stands around them is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from api import schema
from api.forms.fields import (
    BESIDE,
    COMMAND,
    FILE,
    NEW,
    NOT_STATED,
    PERSON,
    Field,
    fields_of,
    may_be_new,
    names_entry,
    until_answered,
)
from api.forms.files import DIGEST, DOCUMENT
from api.forms.mistakes import ENTRY, plainly
from api.forms.moments import at_clock, in_words, is_clock
from api.forms.typed import Typed
from api.problems import of_validation
from domain.words import blank

YES, NO = "yes", "no"
DAY, MONTH, YEAR, TEXT, CLOCK = "day", "month", "year", "text", "clock"
OTHER, ABOUT = "other", "about"
DATE_PARTS: Final = (DAY, MONTH, YEAR)
_BLANK: Final = object()
_FIGURES: Final = re.compile(r"[0-9]{1,2}", re.ASCII)
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_SAYABLE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]*", re.ASCII)
_BETWEEN: Final = re.compile(r"[ -]+")
_APOSTROPHE: Final = re.compile("['’]")  # noqa: RUF001 — as people type it
_WHOLE_DAY: Final = "Give the day, the month and the year in figures, such as 27 3 2026."
_SOME_OF_IT: Final = (
    "Give the date in figures, such as 27 3 2026: the year alone, or the month and the year, where "
    "more is not known."
)
_ONE_OF_THEM: Final = "Give the date, or what is known of it in the field below, not both."
_WITH_ITS_DAY: Final = "Give the day, the month and the year beside a time, or leave the time out."
_ONE_REFERENCE: Final = "Choose one, or give another reference, not both."
_ONE_OR_NEW: Final = "Choose one of those there are, or a new one."
_ONE_FILE: Final = "Choose a file, or say which one that is kept already, not both."
_SAID_OF: Final = "Say whom a text is about only where there is a text."


@dataclass(slots=True, kw_only=True)
class Reading:
    """What was made of a form: the body, and what is wrong, by the place of the field.

    `places` gives a field's place in the form by its pointer in the body; a row left blank has
    none. `kinds` gives the kind of a field by its place. `about` are the persons it names.
    """

    body: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    about: set[UUID] = field(default_factory=set)

    def place_of(self, pointer: str) -> str | None:
        """The field that a pointer leads to, or the nearest around it; None where there is none."""
        while pointer:
            if pointer in self.places:
                return self.places[pointer]
            pointer = pointer.rpartition("/")[0]
        return None

    def told(self, errors: list[dict[str, str]]) -> list[str]:
        """Put errors of a problem at their fields; what has no field is given back."""
        nowhere = []
        for error in errors:
            place = self.place_of(error["pointer"])
            if place is None:
                nowhere.append(error["detail"])
            else:
                self.wrong.setdefault(place, plainly(error["detail"], self.kinds[place]))
        return nowhere


def read(name: str, typed: Typed) -> Reading:
    """The body of a request for a command, by the command's name."""
    reading = Reading()
    command = _Reader(typed, reading).group(fields_of(name), COMMAND, f"/{COMMAND}")
    beside = _Reader(typed, reading).group(BESIDE, "", "")
    reading.body = {COMMAND: command, **beside}
    return reading


def checked(name: str, reading: Reading) -> tuple[schema.Asked | None, list[str]]:
    """The request, where its schema takes it; what is wrong is put at its field or given back."""
    try:
        body = schema.request_model(name).model_validate(reading.body)
    except ValidationError as wrong:
        errors = wrong.errors(include_input=False, include_url=False, include_context=False)
        told = of_validation(errors)
        return None, reading.told(told.members["errors"])
    return (None if reading.wrong else body), []


@dataclass(frozen=True, slots=True)
class _Reader:
    typed: Typed
    reading: Reading

    def group(self, members: tuple[Field, ...], place: str, pointer: str) -> dict[str, Any]:
        """Every member that is not blank."""
        found: dict[str, Any] = {}
        for one in members:
            within = f"{place}.{one.name}" if place else one.name
            if one.kind == FILE:
                found |= self._file(one, place, within, pointer)
                continue
            value = self.value(one, within, f"{pointer}/{one.name}")
            if value is not _BLANK:
                found[one.name] = value
        return found

    def _file(self, one: Field, place: str, within: str, pointer: str) -> dict[str, Any]:
        """What names a file: one that came with the form, else one that somebody says."""
        found = self.group(one.members, place, pointer)
        for member in one.members:  # what is missing is the file, whichever of these says so
            if member.kind == "digest":
                self.reading.kinds[f"{place}.{member.name}".lstrip(".")] = FILE
        kept = {part: self.typed.one(f"{within}.{part}") for part in (DOCUMENT, DIGEST)}
        if not kept[DIGEST]:
            return found
        if found:
            self._say(within, _ONE_FILE)
        return {name: kept[DOCUMENT if name == DOCUMENT else DIGEST] for name in one.holds}

    def value(self, one: Field, place: str, pointer: str) -> Any:  # noqa: ANN401 — any JSON, or blank
        """The value of a field, or that it is blank."""
        self.reading.places[pointer] = place
        self.reading.kinds[place] = ENTRY if names_entry(one, place) else one.kind
        match one.kind:
            case "group":
                if not one.required and not self._anything(one, place):
                    return _BLANK
                return self.group(one.members, place, pointer)
            case "list":
                return self._rows(one, place, pointer)
            case "codes":
                return self.typed.all(place) or _BLANK
            case _:
                return self._single(one, place)

    def _single(self, one: Field, place: str) -> Any:  # noqa: ANN401 — as `value`
        match one.kind:
            case "reference" if may_be_new(one):
                return self._known_or_new(place)
            case "passage":
                return self._passage(place)
            case "day":
                return self._day(place)
            case "time":
                return self._time(place)
            case "reference" | "digest":
                return self._reference(place, person=one.refers == PERSON)
            case "flag":
                return self._flag(place)
            case "number":
                return self._number(place)
            case "slug":
                return _slug(self.typed.one(place)) or _BLANK
            case _:
                return self.typed.one(place).strip() or _BLANK

    def _rows(self, one: Field, place: str, pointer: str) -> Any:  # noqa: ANN401 — as `value`
        found: list[Any] = []
        for number in range(self.typed.rows(place)):
            row = f"{place}.{number}"
            if not self._anything(one.members[0], row):
                continue
            value = self.value(one.members[0], row, f"{pointer}/{len(found)}")
            if value is not _BLANK:
                found.append(value)
        return found or _BLANK

    def _anything(self, one: Field, place: str) -> bool:
        """Whether anything is said at a place, but for what is chosen until somebody answers."""
        match one.kind:
            case "group":
                return any(self._anything(each, f"{place}.{each.name}") for each in one.members)
            case "list":
                rows = range(self.typed.rows(place))
                return any(self._anything(one.members[0], f"{place}.{row}") for row in rows)
            case "file":
                around = place.rpartition(".")[0]
                within = (f"{around}.{each.name}" for each in one.members)
                return self.typed.anything(place, *within)
            case _ if until_answered(one):
                return self.typed.one(place).strip() not in {"", NOT_STATED}
            case _:
                return self.typed.anything(place)

    def _passage(self, place: str) -> Any:  # noqa: ANN401 — as `value`
        text, about = self.typed.one(place), self._reference(f"{place}.{ABOUT}", person=True)
        if blank(text):
            if about is not _BLANK:
                self._say(place, _SAID_OF)
            return _BLANK
        return text if about is _BLANK else {"about": about, "text": text}

    def _reference(self, place: str, *, person: bool = False) -> Any:  # noqa: ANN401 — as `value`
        chosen = self.typed.one(place).strip()
        other = self.typed.one(f"{place}.{OTHER}").strip()
        if chosen and other and chosen != other:
            self._say(place, _ONE_REFERENCE)
        if person and _UUID.fullmatch(chosen or other):
            self.reading.about.add(UUID(chosen or other))
        return chosen or other or _BLANK

    def _known_or_new(self, place: str) -> Any:  # noqa: ANN401 — as `value`
        """One that there is; a new one is left out, and made by the request's own schema."""
        chosen = self.typed.one(place).strip()
        if not chosen:
            self._say(place, _ONE_OR_NEW)
        return _BLANK if chosen in {"", NEW} else chosen

    def _flag(self, place: str) -> Any:  # noqa: ANN401 — as `value`
        said = self.typed.one(place)
        return {YES: True, NO: False, "": _BLANK}.get(said, said)

    def _number(self, place: str) -> Any:  # noqa: ANN401 — as `value`
        text = self._reference(place)  # an entry that is named is chosen, or its number given
        return int(text) if text is not _BLANK and _NUMBER.fullmatch(text) else text

    def _parts(self, place: str) -> tuple[str, str, str]:
        day, month, year = (self.typed.one(f"{place}.{part}").strip() for part in DATE_PARTS)
        return day, month, year

    def _day(self, place: str) -> Any:  # noqa: ANN401 — as `value`
        day, month, year = self._parts(place)
        if not (day or month or year):
            return _BLANK
        if not _are_figures(day, month, year):
            self._say(place, _WHOLE_DAY)
            return _BLANK
        return f"{year}-{month:0>2}-{day:0>2}"

    def _time(self, place: str) -> Any:  # noqa: ANN401 — as `value`
        day, month, year = self._parts(place)
        text = self.typed.one(f"{place}.{TEXT}").strip()
        clock = self.typed.one(f"{place}.{CLOCK}").strip()
        if is_clock(text) and not clock:  # beside a day it is its time, in whichever field
            text, clock = "", text
        if text and (clock or day or month or year):
            self._say(place, _ONE_OF_THEM)
        elif text:
            return self._told(place, lambda: in_words(text))
        elif clock and not _are_figures(day, month, year):
            self._say(place, _WITH_ITS_DAY)
        elif not (day or month or year):
            pass
        elif _are_figures(day, month, year):
            return self._at(place, f"{year}-{month:0>2}-{day:0>2}", clock)
        elif not day and _are_figures("1", month, year):
            return f"{year}-{month:0>2}"
        elif not day and not month and _YEAR.fullmatch(year):
            return year
        else:
            self._say(place, _SOME_OF_IT)
        return _BLANK

    def _at(self, place: str, day: str, clock: str) -> Any:  # noqa: ANN401 — as `value`
        """A day, or the moment of it that a clock shows; of no such day the schema says so."""
        try:
            on = date.fromisoformat(day)
        except ValueError:
            return day
        return self._told(place, lambda: at_clock(on, clock)) if clock else day

    def _told(self, place: str, read_it: Callable[[], str]) -> Any:  # noqa: ANN401 — as `value`
        try:
            return read_it()
        except ValueError as wrong:
            self._say(place, str(wrong))
            return _BLANK

    def _say(self, place: str, message: str) -> None:
        self.reading.wrong.setdefault(place, message)


def _are_figures(day: str, month: str, year: str) -> bool:
    return bool(_FIGURES.fullmatch(day) and _FIGURES.fullmatch(month) and _YEAR.fullmatch(year))


def _slug(text: str) -> str:
    """A short name as it is kept, `north-team`, from one as it is said: `North Team`.

    One that holds what no short name may (a full stop, a letter with a mark) is left as it is, for
    the schema to say so.
    """
    said = _APOSTROPHE.sub("", text.strip()).replace("&", " and ")
    told = [one for one in _BETWEEN.split(said.lower()) if one]
    return "-".join(told) if _SAYABLE.fullmatch(said) else text.strip()
