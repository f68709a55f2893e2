"""Rows become entries, and what is wrong with a row is said with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from api.chronologies.columns import COLUMNS
from api.chronologies.dates import at_time, read_date
from api.chronologies.noting import notes_in
from api.chronologies.sheet import LARGEST_CELL, NOTE, RowError, Sheet, source_in
from api.chronologies.writing import agency_cell, known_to_cell
from domain.jurisdictions import Jurisdiction
from domain.when import When
from domain.words import Code, KnownTo, Slug, named

TITLE: Final[Mapping[str, str]] = {column.name: column.title for column in COLUMNS}
_NOT_A_SLUG = re.compile(r"[^a-z0-9]+")
_KNOWN = re.compile(r"(.+?)\s*(?:[:=]\s*|\s+since\s+|\s+from\s+|\s+(?=[?~]*\d))(\S.*)")
_LONGEST_NUMBER: Final = 9  # digits
Written = tuple[str | None, str | None]  # how a source writes the agency, and who knew
_NOBODY: Final = {"-", "none", "n/a", "not stated"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a chronology, read. Passages are plain text here: nothing is recorded yet.

    What is `written` of agencies is None where their identifiers give it back as it is.
    """

    row: int
    number: int | None
    occurred: When
    ended: When | None
    start_time: str | None
    end_time: str | None
    agency: Slug
    source: str
    people: str | None
    text: str
    seen: str | None
    response: str | None
    decision: str | None
    recorded: When | None
    comment: str | None
    significance: tuple[str, ...]  # each a note of its own
    known_to: tuple[KnownTo, ...]
    assertion: Code
    agency_written: str | None = None
    known_to_written: str | None = None

    def content(self) -> bytes:
        """What makes it this entry and no other.

        Not its place in the file nor its number, since lines move; nor its significance, which
        somebody may see in it later; nor how its agencies are written (`written`), since of a line
        taken in by an earlier release that is not known.
        """
        said = ((name, getattr(self, name)) for name in PASSAGES)
        return self.place() + orjson.dumps(dict(said), option=orjson.OPT_SORT_KEYS)

    @property
    def written(self) -> Written:
        """How it writes whose line it is, and who knew."""
        return self.agency_written, self.known_to_written

    def place(self) -> bytes:
        """What of that stands in clear: whose line it is, of when, and who knew."""
        return place_of(
            self.agency,
            self.assertion,
            self.known_to,
            times=(self.occurred, self.ended, self.recorded),
        )


def place_of(
    agency: Slug,
    assertion: Code,
    known_to: Iterable[KnownTo],
    *,
    times: tuple[When | None, When | None, When | None],
) -> bytes:
    """What of a line stands in clear; `times` are when it began, ended and was recorded there."""
    stated = [None if one is None else one.text for one in times]
    known = [[str(one.agency), one.since.text] for one in known_to]
    return orjson.dumps([str(agency), str(assertion), known, stated])


PASSAGES: Final = (
    "start_time",
    "end_time",
    "source",
    "people",
    "text",
    "seen",
    "response",
    "decision",
    "comment",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file as entries in its order, what is wrong with other rows, and rows that are notes.

    `as_one` names agencies that were written in several ways and are kept as one identifier.
    """

    entries: tuple[Entry, ...]
    errors: tuple[RowError, ...]
    notes: tuple[int, ...]
    as_one: tuple[str, ...] = ()


def read_entries(
    sheet: Sheet, *, jurisdiction: Jurisdiction, now: datetime, agency: Slug | None
) -> Read:
    """Read every row; `agency` is whose chronology it is where no column says so."""
    entries: list[Entry] = []
    errors: list[RowError] = []
    notes: list[int] = []
    written: dict[Slug, dict[str, str]] = {}
    for number, cells in sheet.rows:
        if cells.get("source", "")[:1] in tuple(NOTE):
            notes.append(number)
            continue
        if number in sheet.wrong:
            errors.extend(sheet.wrong[number])
            continue
        reading = _Row(number, cells, jurisdiction, now, agency)
        entry = reading.entry()
        errors.extend(reading.errors)
        for name, cell in reading.written:
            written.setdefault(name, {}).setdefault(" ".join(cell.lower().split()), cell)
        if entry is not None and not reading.errors:
            entries.append(entry)
    as_one = (
        f"{name} ({'; '.join(sorted(forms.values()))})"
        for name, forms in sorted(written.items())
        if len(forms) > 1
    )
    return Read(
        entries=tuple(entries), errors=tuple(errors), notes=tuple(notes), as_one=tuple(as_one)
    )


class _Row:
    """One row being read; gathers every error instead of stopping at the first."""

    def __init__(
        self,
        row: int,
        cells: Mapping[str, str],
        jurisdiction: Jurisdiction,
        now: datetime,
        agency: Slug | None,
    ) -> None:
        self.row, self.cells, self.errors = row, cells, list[RowError]()
        self.written: list[tuple[Slug, str]] = []  # agencies, as they stand in the file
        self._jurisdiction, self._now, self._agency = jurisdiction, now, agency

    def entry(self) -> Entry | None:
        """The entry; None where it has no date. Look at `errors` before using it."""
        for name, cell in self.cells.items():
            parts = notes_in(cell) if name == "significance" else (cell,)
            if any(len(one) > LARGEST_CELL for one in parts):
                self._wrong(name, f"shorten it to {LARGEST_CELL:,} characters")
        occurred, start_time = self._start()
        ended, end_time = self._end(occurred)
        agency, written = self._whose()
        if agency is None:
            self._wrong("agency", "say whose line this is, or give --agency for the whole file")
        for name in ("source", "text"):
            if name not in self.cells:
                what = "in which record this stands" if name == "source" else "what happened"
                self._wrong(name, f"say {what}")
        number, recorded = self._number(), self._date("recorded")
        known_to, assertion = tuple(self._known_to()), self._assertion()
        if occurred is None or agency is None or self.errors:
            return None
        return Entry(
            row=self.row,
            number=number,
            occurred=occurred,
            ended=ended,
            start_time=start_time,
            end_time=end_time,
            agency=agency,
            source=source_in(self.cells["source"]),
            text=self.cells["text"],
            people=self.cells.get("people"),
            seen=self.cells.get("seen"),
            response=self.cells.get("response"),
            decision=self.cells.get("decision"),
            recorded=recorded,
            comment=self.cells.get("comment"),
            significance=notes_in(self.cells.get("significance", "")),
            known_to=known_to,
            assertion=assertion,
            agency_written=written,
            known_to_written=self._as_written("known_to", known_to_cell(known_to)),
        )

    def _whose(self) -> tuple[Slug | None, str | None]:
        """The agency, and how it is written; of a whole file's it is nowhere written."""
        agency = self._named("agency")
        if agency is None:
            return self._agency, None
        return agency, self._as_written("agency", agency_cell(agency))

    def _as_written(self, name: str, given_back: str) -> str | None:
        """A cell as it is written; None where it would be given back so all the same."""
        cell = self.cells.get(name)
        return None if cell == given_back or not given_back else cell

    def _wrong(self, name: str, remedy: str) -> None:
        self.errors.append(RowError(row=self.row, column=TITLE[name], remedy=remedy))

    def _date(self, name: str) -> When | None:
        cell = self.cells.get(name)
        if cell is None:
            return None
        try:
            when = read_date(cell)
        except ValueError as error:
            self._wrong(name, str(error))
            return None
        if when.earliest is not None and when.earliest > self._now:
            self._wrong(name, "this lies in the future; a chronology holds what has happened")
        return when

    def _start(self) -> tuple[When | None, str | None]:
        when = self._date("start")
        if "start" not in self.cells:
            self._wrong("start", "give a date, or write unknown")
        return (None, None) if when is None else self._timed("start_time", when)

    def _end(self, start: When | None) -> tuple[When | None, str | None]:
        when = self._date("end")
        if when is None:
            if "end_time" not in self.cells or "end" in self.cells or start is None:
                return None, None
            if start.day is None or start.uncertain:
                self._wrong("end_time", "give the day it ended")
                return None, None
            when = read_date(start.day.isoformat())
        ended, words = self._timed("end_time", when)
        late = start is not None and start.earliest is not None and ended.latest is not None
        if late and start is not None and ended.latest < start.earliest:  # type: ignore[operator]  # checked a line above
            self._wrong("end", "it ends before it begins")
        return ended, words

    def _timed(self, name: str, day: When) -> tuple[When, str | None]:
        """A day with its time of day; an uncertain time stays words beside the day."""
        cell = self.cells.get(name)
        if cell is None:
            return day, None
        if cell[:1] in "?~":
            return day, cell
        try:
            return at_time(day, cell), None
        except ValueError as error:
            self._wrong(name, str(error))
            return day, None

    def _number(self) -> int | None:
        cell = self.cells.get("number", "").removesuffix(".")
        if not cell:
            return None
        if not cell.isdecimal() or len(cell) > _LONGEST_NUMBER:
            self._wrong("number", "a sequence number is a whole number")
            return None
        return int(cell)

    def _slug(self, cell: str | None) -> Slug | None:
        if cell is None:
            return None
        if cell.lower() in _NOBODY:
            return Slug("not-stated")
        text = _NOT_A_SLUG.sub("-", cell.lower()).strip("-")
        if not text:
            return None
        self.written.append((named(text), cell))
        return self.written[-1][0]

    def _named(self, name: str) -> Slug | None:
        try:
            return self._slug(self.cells.get(name))
        except ValueError as error:
            self._wrong(name, str(error))
            return None

    def _known_to(self) -> Iterable[KnownTo]:
        """`police: 2006-07; director of adult social care: 2007-06`."""
        told = filter(None, map(str.strip, self.cells.get("known_to", "").split(";")))
        for number, part in enumerate(told, start=1):
            which = f"number {number} in this cell"
            found = _KNOWN.fullmatch(part)
            if found is None:
                self._wrong("known_to", f"{which}: write it as agency: date, with ; between them")
                continue
            agency = since = None
            try:
                agency = self._slug(found[1])
                if agency is None:
                    self._wrong("known_to", f"{which}, its agency: say which it is, in letters")
            except ValueError as error:
                self._wrong("known_to", f"{which}, its agency: {error}")
            try:
                since = read_date(found[2])
            except ValueError as error:
                self._wrong("known_to", f"{which}, its date: {error}")
            if since is None or agency is None:
                continue
            if since.earliest is not None and since.earliest > self._now:
                words = "this lies in the future; say since when it was known"
                self._wrong("known_to", f"{which}: {words}")
                continue
            yield KnownTo(agency=agency, since=since)

    def _assertion(self) -> Code:
        cell = self.cells.get("assertion", "not_stated").lower()
        for code, label in self._jurisdiction.lists["assertion_kind"].items():
            if cell in {code, label.lower()}:
                return Code(code)
        kinds = ", ".join(self._jurisdiction.lists["assertion_kind"].values())
        self._wrong("assertion", f"choose one of: {kinds}")
        return Code("not_stated")
