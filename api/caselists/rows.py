"""Rows of a case list read; what is wrong with one is said with what to do, and never repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from api.caselists.columns import TITLE
from api.chronologies.dates import read_date
from api.chronologies.sheet import LARGEST_CELL, RowError, Sheet
from api.chronologies.workbook import UNRECKONED
from api.forms.labels import label
from domain.jurisdictions import Jurisdiction
from domain.told import before
from domain.when import LONDON, When, unknown
from domain.words import Code, Slug, named

# Columns that tell when something was, and are in the past; and those that hold a code of a list.
TIMES: Final = (
    *("received", "duty_decided", "enquiry_opened", "enquiry_concluded", "allocated", "appointed"),
    *("conference", "core_group", "plan", "closed", "recorded", "born"),
)
LISTS: Final[Mapping[str, str]] = {
    "stage": "brought_stage",
    "duty_result": "duty_result",
    "enquiry_kind": "enquiry_kind",
    "conference_kind": "conference_kind",
    "plan_kind": "plan_kind",
}
# The parts of an allegation: what each is called, and the list it is of.
_ALLEGED: Final = (("type", "abuse_type"), ("source", "source_of_risk"), ("location", "location"))
_AFTER: Final = (  # what certainly comes first, and what cannot lie before it
    ("born", "received"),
    ("received", "enquiry_opened"),
    ("received", "appointed"),
    ("received", "conference"),
    ("received", "core_group"),
    ("received", "plan"),
    ("received", "closed"),
    ("enquiry_opened", "enquiry_concluded"),
    ("received", "review"),
    ("plan", "review"),
)
# Columns that say who holds a case or leads it: `unknown` there is nobody, and no team.
_WHO: Final = ("worker", "worker_id", "team", "officer", "officer_id")
_NOT_KNOWN: Final = frozenset({"unknown", "not known"})
_X: Final = re.compile(r"X{4}(-XX(-XX)?)?", re.IGNORECASE)
_BLANK: Final = frozenset({"not recorded", "none", "n/a", "na"})
_NOT_A_SLUG: Final = re.compile(r"[^a-z0-9]+")
_DIGITS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row, read. Texts are plain here: nothing is recorded yet.

    `cells` are as they stand, blank ones left out, and those of `_WHO` that say that it is not
    known (`not_known`); `times`, `codes` and `alleged` are what was
    read of them; `asked` the columns the list has. `apart`: another row calls the same person
    otherwise, which is wrong where the record does not know who that is.
    """

    row: int
    cells: Mapping[str, str]
    asked: frozenset[str]
    system: Slug
    team: Slug | None
    times: Mapping[str, When]
    review: When | None
    codes: Mapping[str, Code]
    alleged: tuple[tuple[Code, Code, Code], ...]
    apart: RowError | None = None
    not_known: frozenset[str] = frozenset()

    @property
    def reference(self) -> str:
        """What the other system calls the case."""
        return self.cells["reference"]

    def day(self, column: str) -> date | None:
        """The day a column tells, where it is one certain day."""
        when = self.times.get(column)
        return None if when is None or when.unknown or when.uncertain else when.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The rows that can be recorded, and what is wrong with the others."""

    rows: tuple[Listed, ...]
    errors: tuple[RowError, ...]


def read_rows(
    sheet: Sheet, *, jurisdiction: Jurisdiction, now: datetime, system: Slug | None
) -> Read:
    """Read every row; `system` is where they come from where no column says so."""
    rows: list[Listed] = []
    whole = _Whole(asked=sheet.columns, nation=jurisdiction, now=now, system=system)
    errors = list(_doubled(sheet, system))
    for number, cells in sheet.rows:
        if number in sheet.wrong:
            errors.extend(sheet.wrong[number])
            continue
        reading = _Row(number, cells, whole)
        row = reading.listed()
        errors.extend(reading.errors)
        if row is not None and not reading.errors:
            rows.append(row)
    beside = list(_beside(rows))
    apart = {one.row: one for one in beside if one.column == TITLE["name"]}
    errors.extend(one for one in beside if one.column != TITLE["name"])
    wrong = {one.row for one in errors}
    kept = tuple(replace(one, apart=apart.get(one.row)) for one in rows if one.row not in wrong)
    return Read(rows=kept, errors=tuple(sorted(errors, key=lambda one: one.row)))


def _doubled(sheet: Sheet, system: Slug | None) -> Iterator[RowError]:
    """Where a case stands twice: on each of its rows, whatever else is wrong with them.

    Nothing says which is right, so none of them is good.
    """
    cases: dict[tuple[str, str], list[int]] = {}
    for number, cells in sheet.rows:
        reference = cells.get("reference", "").strip()
        if plain_number(reference) and reference.lower() not in {*_BLANK, UNRECKONED}:
            of = _NOT_A_SLUG.sub("-", cells.get("system", str(system or "")).lower()).strip("-")
            cases.setdefault((of, plain_number(reference)), []).append(number)
    for rows in cases.values():
        for number in rows if len(rows) > 1 else ():
            other = rows[1] if number == rows[0] else rows[0]
            remedy = f"this reference stands in row {other} too: one row is one case"
            yield RowError(row=number, column=TITLE["reference"], remedy=remedy)


def _beside(rows: list[Listed]) -> Iterator[RowError]:
    """What is wrong with rows beside one another: one person told in two ways."""
    people: dict[tuple[str, str, str], tuple[int, Listed]] = {}
    for one in rows:
        for column in ("person", "nhs", "chi"):
            text = one.cells.get(column)
            if text is None:
                continue
            who = (str(one.system) if column == "person" else "", column, plain_number(text))
            number, other = people.setdefault(who, (one.row, one))
            for told in ("born", "name", "nhs", "chi", "person"):
                ours, theirs = one.cells.get(told), other.cells.get(told)
                if ours and theirs and plain_number(ours) != plain_number(theirs):
                    remedy = f"row {number} has the same {TITLE[column]} and another {TITLE[told]}"
                    yield RowError(row=one.row, column=TITLE[told], remedy=remedy)


def plain_number(text: str) -> str:
    """A reference or a name as it is compared: without spaces, hyphens or case."""
    return re.sub(r"[\s-]+", "", text).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whole:
    """What holds for every row of a list."""

    asked: frozenset[str]
    nation: Jurisdiction
    now: datetime
    system: Slug | None


class _Row:
    """One row being read; gathers every error instead of stopping at the first."""

    def __init__(self, row: int, cells: Mapping[str, str], whole: _Whole) -> None:
        self.row, self.asked, self.errors = row, whole.asked, list[RowError]()
        self.cells = {
            name: cell for name, cell in cells.items() if cell.strip().lower() not in _BLANK
        }
        self._not_known = frozenset(one for one in _WHO if _unknown(self.cells.get(one, "")))
        self.cells = {name: it for name, it in self.cells.items() if name not in self._not_known}
        self._nation, self._now, self._system = whole.nation, whole.now, whole.system

    def listed(self) -> Listed | None:
        """The row; None where it has no reference. Look at `errors` before using it."""
        for name, cell in self.cells.items():
            if len(cell) > LARGEST_CELL:
                self._wrong(name, f"shorten it to {LARGEST_CELL:,} characters")
        if "reference" not in self.cells:
            self._wrong("reference", "say what the other system calls this case")
        system = self._named("system") or self._system
        if system is None:
            self._wrong("system", "say which system this comes from, or give --system for all")
        times = {name: when for name in TIMES if (when := self._time(name)) is not None}
        codes = {name: code for name in LISTS if (code := self._code(name)) is not None}
        review = self._when("review")
        for column in ("nhs", "chi"):
            self._number(column)
        alleged, team = tuple(self._alleged()), self._named("team")
        self._in_order(times if review is None else {**times, "review": review})
        self._together(times, codes)
        if system is None or self.errors:
            return None
        return Listed(
            row=self.row,
            cells=self.cells,
            asked=self.asked,
            system=system,
            team=team,
            times=times,
            review=review,
            codes=codes,
            alleged=alleged,
            not_known=self._not_known,
        )

    def _wrong(self, name: str, remedy: str) -> None:
        self.errors.append(RowError(row=self.row, column=TITLE[name], remedy=remedy))

    def _when(self, name: str) -> When | None:
        cell = self.cells.get(name)
        if cell is None:
            return None
        if _X.fullmatch(cell.strip()):
            return unknown()
        try:
            return read_date(cell)
        except ValueError as error:
            self._wrong(name, str(error))
            return None

    def _time(self, name: str) -> When | None:
        when = self._when(name)
        if when is not None and when.earliest is not None and when.earliest > self._now:
            self._wrong(name, "this lies in the future: give a day that has been, or leave it out")
            return None
        return when

    def _code(self, name: str) -> Code | None:
        """A code of the nation's list, told by itself or by its label."""
        cell = self.cells.get(name)
        if cell is None:
            return None
        return self._of_list(name, LISTS[name], cell)

    def _of_list(self, name: str, listed: str, cell: str, part: str = "") -> Code | None:
        choices = self._nation.lists[listed]
        for code, called in choices.items():
            if cell.strip().lower() in {code, called.lower()}:
                return Code(code)
        self._wrong(name, f"{part}choose one of: {'; '.join(choices.values())}")
        return None

    def _named(self, name: str) -> Slug | None:
        cell = self.cells.get(name)
        if cell is None:
            return None
        try:
            return named(_NOT_A_SLUG.sub("-", cell.lower()).strip("-"))
        except ValueError as error:
            self._wrong(name, str(error))
            return None

    def _number(self, name: str) -> None:
        """An NHS or CHI number has ten digits, the last of which checks the others (modulus 11)."""
        cell = self.cells.get(name)
        if cell is None:
            return
        digits = plain_number(cell)
        if name == "chi":
            digits = digits.zfill(_DIGITS)  # a spreadsheet drops a leading nought
        good = digits.isascii() and digits.isdecimal() and len(digits) == _DIGITS
        if good:
            total = sum((_DIGITS - at) * int(one) for at, one in enumerate(digits[:-1]))
            good = (11 - total % 11) % 11 == int(digits[-1])
        if not good:
            self._wrong(name, "this is no such number: its ten digits do not check; leave it out")

    def _alleged(self) -> Iterator[tuple[Code, Code, Code]]:
        """`type | source | location; type | source | location`; what is left out, not recorded."""
        told = filter(None, map(str.strip, self.cells.get("allegations", "").split(";")))
        for number, text in enumerate(told, start=1):
            parts = [part.strip() for part in text.split("|")]
            if len(parts) > len(_ALLEGED):
                has = f"allegation {number} has {len(parts)} parts"
                self._wrong(
                    "allegations", f"{has}: write it as type | source | location, with ; between"
                )
                continue
            parts += [""] * (len(_ALLEGED) - len(parts))
            kind, source, location = (
                self._part(number, place, part) for place, part in enumerate(parts)
            )
            if kind is not None and source is not None and location is not None:
                yield kind, source, location

    def _part(self, number: int, place: int, text: str) -> Code | None:
        """A part of an allegation; of one that is wrong, which it is and what it may be."""
        name, listed = _ALLEGED[place]
        called = label("allegation", name, self._nation)
        part = f"allegation {number}, part {place + 1} ({called}): "
        found = self._of_list("allegations", listed, text, part) if text else Code("not_recorded")
        if found == "other":
            words = "for Other there is no place in a list: leave it out"
            self._wrong("allegations", f"{part}{words}")
        return found

    def _in_order(self, times: Mapping[str, When]) -> None:
        for first, then in _AFTER:
            if first in times and then in times and before(times[then], times[first]):
                self._wrong(then, f"this lies before {TITLE[first]}: see which of them is right")

    def _together(self, times: Mapping[str, When], codes: Mapping[str, Code]) -> None:
        """What one column says, held to what others do."""
        stage = codes.get("stage")
        if "closed" in times and stage not in {None, "closed", "not_recorded", "not_asked"}:
            self._wrong("closed", "Stage says that it is open: see which of them is right")
        if "conference" in times and "conference_kind" not in codes:
            self._wrong("conference_kind", "say which kind of conference it was")
        if codes.get("conference_kind") == "core_group":
            self._wrong("conference_kind", "a core group stands under Last core group")
        if "review" in self.cells and "plan" not in self.cells:
            self._wrong("plan", "a review is of a plan: say when it was agreed, or write unknown")
        if "enquiry_concluded" in times and "enquiry_opened" not in times:
            self._wrong("enquiry_opened", "say when the enquiry was opened, or write unknown")
        if "enquiry_opened" in times and kind_of(codes, self._nation) is None:
            self._wrong("enquiry_kind", "say which kind of enquiry it is")
        if "worker_id" in self.cells and "team" not in self.cells.keys() | self._not_known:
            self._wrong("team", "say for which team the worker holds the case")


def _unknown(cell: str) -> bool:
    """Whether a cell says that what belongs there is not known."""
    text = cell.strip().lower()
    return text in _NOT_KNOWN or _X.fullmatch(text) is not None


def kind_of(codes: Mapping[str, Code], nation: Jurisdiction) -> Code | None:
    """The kind of a row's enquiry: as told, as the duty was decided, or the only one there is."""
    kinds = nation.lists["enquiry_kind"]
    told = codes.get("enquiry_kind") or codes.get("duty_result")
    if told in kinds:
        return told
    return Code(next(iter(kinds))) if len(kinds) == 1 else None


def local_day(moment: datetime) -> date:
    """The day of a moment in the United Kingdom."""
    return moment.astimezone(LONDON).date()
