"""The public annual report: published figures in plain words, with places for commentary.

It is made of `Protected` figures alone, so that no exact one can come into it: there is no way here
from what is given to what was counted. As a page of HTML and as a PDF it says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from api.minutes.page import Page, Paragraph, Section, Table
from api.returns.chapters import OTHERS, Chapter, Told
from api.returns.commentary import Commentary
from api.returns.making import MADE_UP
from projections.returns.england.adding import BETWEEN
from projections.returns.guarding import Protected
from projections.returns.longform import SIMULATED, Place
from projections.returns.table import MISSING, SUPPRESSED

PLACE: Final = "Place for commentary: none was given for this chapter."
NOT_FILED: Final = "not filed"
_SUPPRESSION: Final = (
    f"{SUPPRESSED} stands for a number under 5, and does not mean that there was none, nor that "
    "there was one: so small a number might tell of a person whom somebody knows. It also stands "
    "for a few larger numbers, where a smaller one could else be worked out from those beside it."
)
_ROUNDING: Final = (
    "Every other number is rounded to the nearest 5, each by itself. Rounded numbers need not add "
    "up to a rounded total, and are not to be added up or taken from one another."
)
_BY_QUARTERS: Final = (
    "No number of the whole year is given: beside those of its quarters it would tell, by "
    "subtraction, what is suppressed."
)
_ALONE: Final = (
    "Another report of the same days, made at another time, may have other numbers. Those are "
    "guarded as these are, but neither is guarded against being compared with the other."
)
_FORGOTTEN: Final = (
    "What was lawfully forgotten before the numbers were made counts as not known, or where there "
    "is no row for that in none: a number may be lower by it than it was."
)
_NO_FIGURE: Final = f"{MISSING} stands where there is no figure."
_ALL: Final = "Every number of this table is suppressed ({}): {} in all."
_REST: Final = "The other {} of the {} combinations are all suppressed ({})."


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The figures of a year or quarter, and those filed for it the year before, where they were.

    `says` is on what each rests.
    """

    label: str
    figures: Protected
    says: str
    before_label: str
    before: Protected | None
    before_says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Of whom, of what and of when a report is: no figure is in it."""

    title: str
    nation: str
    council: str
    on: date
    basis: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One table as it is shown: the first columns of a row, as many as `named`, head it."""

    title: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    named: int = 1
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A chapter as it is shown."""

    name: str
    title: str
    says: str
    commentary: tuple[Paragraph, ...]
    tables: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole report, before it is a file of any kind."""

    about: About
    stamp: str
    lead: tuple[str, ...]
    reading: tuple[str, ...]
    parts: tuple[Part, ...]


def report(
    about: About,
    columns: Sequence[Column],
    chapters: Sequence[Chapter],
    commentary: Commentary | None = None,
) -> Report:
    """The report of some published figures; `columns` are of one nation and one year."""
    said = commentary or {}
    written = [
        {one.place: one.written for one in each.figures} if each is not None else {}
        for column in columns
        for each in (column.figures, column.before)
    ]
    places = list(dict.fromkeys(place for each in written[::2] for place in each))
    simulated = any(one.figures.simulated for one in columns)
    in_chapters = {code for one in chapters for code in one.tables}
    others = {one.table: Told(title=one.table) for one in places if one.table not in in_chapters}
    more = [Chapter(name=OTHERS.name, title=OTHERS.title, tables=others)] if others else []
    laid = _Laid(columns=columns, written=written, simulated=simulated)
    return Report(
        about=about,
        stamp=MADE_UP if simulated else "",
        lead=(*about.notes, *_bases(columns)),
        reading=(
            _SUPPRESSION,
            _ROUNDING,
            *([_BY_QUARTERS] if len(columns) > 1 else []),
            _ALONE,
            _FORGOTTEN,
            *([_NO_FIGURE] if _any(written, MISSING) else []),
        ),
        parts=tuple(
            Part(
                name=one.name,
                title=one.title,
                says=one.says,
                commentary=said.get(one.name, ()),
                tables=tuple(laid.tables(one, places)),
            )
            for one in (*chapters, *more)
        ),
    )


def _bases(columns: Iterable[Column]) -> Iterator[str]:
    for one in columns:
        yield f"{one.label}: {one.says}"
        yield f"{one.before_label}, for comparison: {one.before_says}"


def _any(written: Iterable[Mapping[Place, str]], text: str) -> bool:
    return any(one == text for each in written for one in each.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid:
    """How figures are laid out: a row a place, and beside each figure that of the year before."""

    columns: Sequence[Column]
    written: Sequence[Mapping[Place, str]]  # by column, now and the year before
    simulated: bool

    def tables(self, chapter: Chapter, places: Sequence[Place]) -> Iterator[Shown]:
        """The tables of a chapter, one for each population."""
        for code, told in chapter.tables.items():
            here = [one for one in places if one.table == code]
            blocks = list(dict.fromkeys(one.enquiry_type for one in here))
            if len({one.category for one in here}) == len(here) == len(blocks):
                blocks, one_block = blocks[:1], here  # each category is a population of its own
            else:
                one_block = []
            for block in blocks:
                mine = one_block or [one for one in here if one.enquiry_type == block]
                title = told.title if one_block else f"{told.title}: {block}"
                yield self._table(f"{title} ({code})", told, mine)

    def _table(self, title: str, told: Told, places: Sequence[Place]) -> Shown:
        shown = [one for one in places if not _silent(self._figures(one))]
        if not shown:
            says = _ALL.format(SUPPRESSED, len(places))
            return Shown(title=title, says=f"{told.says} {says}".strip())
        crossing, says = len(told.of) > 1, told.says
        if crossing and len(shown) < len(places):
            rest = _REST.format(len(places) - len(shown), len(places), SUPPRESSED)
            says = f"{says} {rest}".strip()
        stamp = (SIMULATED,) if self.simulated else ()
        return Shown(
            title=title,
            heads=(*told.of, *self._heads(), *stamp),
            rows=tuple(
                (*_called(one, len(told.of)), *self._figures(one), *stamp)
                for one in (shown if crossing else places)
            ),
            named=len(told.of),
            says=says,
        )

    def _heads(self) -> Iterator[str]:
        for one in self.columns:
            yield one.label
            if one.before is not None:
                yield f"{one.before_label}, filed"

    def _figures(self, place: Place) -> tuple[str, ...]:
        told = list[str]()
        for number, one in enumerate(self.columns):
            now, before = self.written[2 * number : 2 * number + 2]
            told.append(now.get(place, NOT_FILED))
            if one.before is not None:
                told.append(before.get(place, NOT_FILED))
        return tuple(told)


def _silent(figures: Sequence[str]) -> bool:
    """Whether a line has no number."""
    return SUPPRESSED in figures and {*figures} <= {SUPPRESSED, NOT_FILED}


def _called(place: Place, many: int) -> tuple[str, ...]:
    """What heads a row, in so many columns."""
    names = (*place.category.split(BETWEEN), place.subcategory)
    return names[:many] if len(names) >= many else (*names, *[""] * (many - len(names)))


# ------------------------------------------------------------------------------------- as a PDF


def as_page(whole: Report) -> Page:
    """The report as a document of which a PDF is made."""
    about = whole.about
    return Page(
        title=about.title,
        dated=datetime.combine(about.on, time(), UTC),
        lead=whole.lead,
        sections=(
            Section(title="How to read the figures", paragraphs=whole.reading),
            *(section for one in whole.parts for section in _sections(one)),
        ),
        wide=max((len(each.heads) for one in whole.parts for each in one.tables), default=0) > 6,  # noqa: PLR2004 — as many as a narrow page has the room for
        basis=about.basis,
        stamp=whole.stamp,
    )


def _sections(part: Part) -> Iterator[Section]:
    says = (part.says,) if part.says else ()
    yield Section(title=part.title, paragraphs=(*says, *(part.commentary or (PLACE,))))
    for one in part.tables:
        table = Table(heads=one.heads, rows=one.rows) if one.rows else None
        says = (one.says,) if one.says else ()
        yield Section(title=one.title, paragraphs=says, table=table, level=3)
