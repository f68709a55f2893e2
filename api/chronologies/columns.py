"""The columns of an integrated chronology, in their order, and the headings they are known by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: our name for it, the heading we write, and other headings we read."""

    name: str
    title: str
    also: tuple[str, ...] = ()


# Source: procedure C.4, in its order; the last two are ours, and optional in every file.
COLUMNS: Final[tuple[Column, ...]] = (
    Column(name="number", title="Seq", also=("sequence", "no", "number", "ref", "row")),
    Column(name="start", title="Start date", also=("date", "start", "from", "date from", "when")),
    Column(name="end", title="End date", also=("end", "to", "date to", "until")),
    Column(name="start_time", title="Start time", also=("time", "time from")),
    Column(name="end_time", title="End time", also=("time to",)),
    Column(name="agency", title="Agency", also=("organisation", "service", "agency actor")),
    Column(
        name="source",
        title="Source of information",
        also=("source", "information source", "source of info", "record"),
    ),
    Column(name="people", title="Person(s)", also=("person", "people", "who", "person s")),
    Column(
        name="text",
        title="Event",
        also=("event contact", "contact", "event contact fact", "description", "details", "entry"),
    ),
    Column(
        name="seen",
        title="Adult seen and heard",
        also=("adult seen", "adult seen alone", "adults voice", "adult s voice", "voice"),
    ),
    Column(
        name="response",
        title="Response / outcome",
        also=("response", "outcome", "response outcome", "action", "response action outcome"),
    ),
    Column(
        name="decision",
        title="Decision and rationale",
        also=("decision", "rationale", "decision rationale"),
    ),
    Column(
        name="recorded",
        title="Recorded at",
        also=("recorded", "date recorded", "recorded on", "entry made"),
    ),
    Column(name="comment", title="Agency comment", also=("comment", "comments", "agency comments")),
    Column(
        name="significance",
        title="Significance",
        also=("reviewer significance", "key episode", "theme", "reviewer significance theme"),
    ),
    Column(name="known_to", title="Known to", also=("known to agency", "known by")),
    Column(name="assertion", title="Assertion", also=("kind", "fact or opinion")),
)
TITLES: Final = tuple(column.title for column in COLUMNS)
NEEDED: Final = ("start", "source", "text")  # a row of headings without these is not one

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns a kind of file has, and those without which a row is not one of headings."""

    columns: tuple[Column, ...]
    needed: tuple[str, ...]

    def recognise(self, headings: Sequence[str]) -> list[str | None]:
        """Our name for each heading; None for one we do not know, or that was there before."""
        names = {plain(one): it.name for it in self.columns for one in (it.title, *it.also)}
        seen: set[str] = set()
        found: list[str | None] = []
        for heading in headings:
            name = names.get(plain(heading))
            found.append(None if name in seen else name)
            if name is not None:
                seen.add(name)
        return found


def plain(heading: str) -> str:
    """A heading without case, stops or brackets: `Person(s)` and `person s` are one."""
    return _NOT_A_LETTER.sub(" ", heading.lower()).strip()


CHRONOLOGY: Final = Columns(columns=COLUMNS, needed=NEEDED)


def recognise(headings: Sequence[str]) -> list[str | None]:
    """Our name for each heading of a chronology."""
    return CHRONOLOGY.recognise(headings)
