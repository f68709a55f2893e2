"""A policy as an authority writes it down, in TOML, and where in the file each part of it stands.

version = "local-2026"
effective = 2026-04-01
document = "Adult protection procedures, seventh edition"
worked = [2026-11-30]
chair_roles = ["team_manager"]

[limits.initial_conference]
amount = 15
unit = "working_days"
cite = "section 4.2"

[repeat_referrals]
count = 3
months = 6

[closed]
2026-12-29 = "The office is closed"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from domain.refusal import Refused

LARGEST: Final = 1_000_000  # bytes; a policy is a page
_TOP: Final = (
    *("version", "effective", "document", "worked", "chair_roles", "chair_roles_other"),
    *("limits", "repeat_referrals", "closed"),
)
_LIMIT: Final = ("amount", "unit", "cite")
_REPEATS: Final = {"count": "repeat_referrals", "months": "repeat_window_months"}
_AT: Final = re.compile(r"\(at line (\d+), column \d+\)")
_HEADER: Final = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?")
_KEY: Final = re.compile(
    r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*="
)
Path_ = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a part of the file, and the line it stands in (None: it is missing)."""

    line: int | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """What was read: the command as a client would send it, its places, and what is wrong."""

    command: Mapping[str, Any]
    places: Mapping[Path_, int]
    wrong: tuple[Wrong, ...]

    def line(self, field: str) -> int | None:
        """The line of a field of the command: `limits[0].unit`, `/command/limits/0/unit`.

        Of what stands in no line of its own, that of what it stands in.
        """
        parts = [one for one in re.split(r"[/.\[\]]+", field) if one not in {"", "command"}]
        return self.line_of(self._named(parts))

    def _named(self, parts: list[str]) -> Path_:
        """The place in the file of a place in the command."""
        if not parts:
            return ()
        first, *rest = parts
        if first in _REPEATS.values():
            (key,) = (name for name, one in _REPEATS.items() if one == first)
            return ("repeat_referrals", key)
        if first in {"limits", "closed"} and rest and rest[0].isdigit():
            key = "name" if first == "limits" else "day"
            told = self.command.get(first, ())
            number = int(rest[0])
            if number < len(told):
                return (first, str(told[number][key]), *rest[1:])
        return (first, *rest)

    def line_of(self, place: Path_) -> int | None:
        """The line of a place in the file, or of what that stands in."""
        while place and place not in self.places:
            place = place[:-1]
        return self.places.get(place)


def read_policy(file: Path, effective: date | None = None) -> PolicyFile:
    """Read a file; `effective` is the day it holds from where the file says none, or another.

    Raises:
        Refused: there is no such file, it is far too large, or it is no text.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise Refused("file", "usage", "This file is too large to be a policy.")
        text = file.read_text("utf-8")
    except OSError:
        raise Refused("file", "usage", "This file cannot be read: check its name.") from None
    except UnicodeDecodeError:
        raise Refused("file", "usage", "This file is no text in UTF-8.") from None
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line = int(found[1]) if found else len(text.splitlines())
        words = "This is no TOML: a key, =, and a text in quotes, a number, a day or a list."
        return PolicyFile(command={}, places={}, wrong=(Wrong(line, words),))
    places = dict(_places(text))
    reading = _Reading(told, effective)
    command = reading.command()
    read = PolicyFile(command=command, places=places, wrong=())
    wrong = tuple(Wrong(read.line_of(place), words) for place, words in reading.wrong)
    return replace(read, wrong=wrong)


def _places(text: str) -> Iterator[tuple[Path_, int]]:
    """Where each key and each table stands, by the file's lines; a text of several is passed by."""
    table: Path_ = ()
    within = None  # the quotes of a text of several lines
    for number, line in enumerate(text.splitlines(), start=1):
        if within is None:
            if header := _HEADER.fullmatch(line):
                table = _keys(header[1])
                yield table, number
            elif key := _KEY.match(line):
                yield (*table, *_keys(key[1])), number
        for quotes in ('"""', "'''"):
            if line.count(quotes) % 2 and within in {None, quotes}:
                within = None if within else quotes


def _keys(dotted: str) -> Path_:
    return tuple(one.strip().strip("\"'") for one in dotted.split("."))


class _Reading:
    """One file's values, held to their kinds; what they say is held by the command itself."""

    def __init__(self, told: Mapping[str, Any], effective: date | None) -> None:
        self._told, self._effective = told, effective
        self.wrong: list[tuple[Path_, str]] = []

    def command(self) -> dict[str, Any]:
        """The command, as JSON; what is wrong stands in `wrong`."""
        self._only((), self._told, _TOP)
        command: dict[str, Any] = {}
        for name in ("version", "document", "chair_roles_other"):
            if (text := self._text((name,), self._told.get(name))) is not None:
                command[name] = text
        if "version" not in self._told:
            self.wrong.append(((), 'It has no version: write version = "local-1" at the top.'))
        day = self._day(("effective",), self._told.get("effective"))
        if self._effective is not None:
            command["effective"] = self._effective.isoformat()
        elif day is not None:
            command["effective"] = day
        elif "effective" not in self._told:
            words = "It has no day it holds from: write effective = 2026-04-01, or use --from."
            self.wrong.append(((), words))
        command["limits"] = [self._limit(*one) for one in self._table("limits").items()]
        command["closed"] = [self._closed(*one) for one in self._table("closed").items()]
        command["worked"] = list(self._worked())
        command["chair_roles"] = list(self._roles())
        return command | self._repeats()

    def _limit(self, name: str, told: object) -> dict[str, Any]:
        place = ("limits", name)
        if not isinstance(told, Mapping):
            words = 'A limit is such as { amount = 15, unit = "working_days", cite = "4.2" }.'
            self.wrong.append((place, words))
            return {"name": name}
        self._only(place, told, _LIMIT)
        for key in _LIMIT:
            if key not in told:
                self.wrong.append((place, f"This limit has no {key}."))
        limit: dict[str, Any] = {"name": name, "amount": told.get("amount")}
        self._number((*place, "amount"), told.get("amount"))
        for key in ("unit", "cite"):
            limit[key] = self._text((*place, key), told.get(key))
        return limit

    def _closed(self, day: str, why: object) -> dict[str, Any]:
        place = ("closed", day)
        try:
            date.fromisoformat(day)
        except ValueError:
            self.wrong.append((place, "This is a day of the calendar as 2026-12-29."))
        return {"day": day, "reason": self._text(place, why)}

    def _worked(self) -> Iterator[str]:
        told = self._told.get("worked", [])
        if not isinstance(told, list):
            self.wrong.append((("worked",), "This is a list of days: [2026-11-30]."))
            return
        for one in told:
            if (day := self._day(("worked",), one)) is not None:
                yield day

    def _roles(self) -> Iterator[str]:
        told = self._told.get("chair_roles", [])
        if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
            words = 'This is a list of posts: ["team_manager", "service_manager"].'
            self.wrong.append((("chair_roles",), words))
            return
        yield from told

    def _repeats(self) -> dict[str, Any]:
        told = self._table("repeat_referrals")
        self._only(("repeat_referrals",), told, tuple(_REPEATS))
        for key in told:
            self._number(("repeat_referrals", key), told[key])
        return {name: told[key] for key, name in _REPEATS.items() if key in told}

    def _table(self, name: str) -> Mapping[str, Any]:
        told = self._told.get(name, {})
        if isinstance(told, Mapping):
            return told
        self.wrong.append(((name,), f"This is a table: write [{name}] in a line of its own."))
        return {}

    def _text(self, place: Path_, told: object) -> str | None:
        if told is None or isinstance(told, str):
            return told
        self.wrong.append((place, "This is a text in quotes."))
        return None

    def _number(self, place: Path_, told: object) -> None:
        if told is not None and type(told) is not int:
            self.wrong.append((place, "This is a whole number, without quotes."))

    def _day(self, place: Path_, told: object) -> str | None:
        if told is None or (isinstance(told, date) and not isinstance(told, datetime)):
            return None if told is None else told.isoformat()
        self.wrong.append((place, "This is a day of the calendar as 2026-04-01, without quotes."))
        return None

    def _only(self, place: Path_, told: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in told:
            if key not in known:
                words = f"This is not known here; known: {', '.join(known)}."
                self.wrong.append(((*place, key), words))
