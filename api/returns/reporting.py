"""The figures of a public report gathered: as they were filed, else as they are known, protected.

Filed figures are never reckoned again. The table beside a return is in no filing: it is as known
at the position that was filed, and guards the filed figures too, so that a year's figures are
suppressed alike in its own report and beside those of the year after.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from api.basis import Basis
from api.filing import NONE_HERE, filings, kept_no_more, last_kept
from api.minutes.page import rests_on
from api.minutes.pdf import MEDIA as PDF
from api.minutes.pdf import pdf
from api.office import Office
from api.pages.words import day
from api.returns.chapters import CHAPTERS, Chapter
from api.returns.commentary import Commentary
from api.returns.councils import named
from api.returns.publishing import beside_return, cells_of, only_filed, protected
from api.returns.report import About, Column, Report, as_page, report
from api.returns.report_html import MEDIA as HTML
from api.returns.report_html import html
from api.routes.waiting import BRIEFLY_S, viewing
from domain.refusal import NotFound
from domain.words import Code
from projections.returns import BESIDE, QUARTERLY, tables, tables_of
from projections.returns.guarding import Protected
from projections.returns.longform import SIMULATED
from projections.returns.periods import Span
from projections.returns.reading import views

MEDIA: Final = {"html": HTML, "pdf": PDF}
_WHOLE: Final = "The public report is of a whole year: leave the quarter out."
_GONE: Final = "It was filed, and what was filed is kept no more"
_BEFORE: Final = "not filed; figures of that time are not shown."
_NOT_OVER: Final = " It is not over: more will be counted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a report is made of, as known at a position."""

    of: Span
    as_at: int
    on: date
    columns: tuple[Column, ...]
    chapters: tuple[Chapter, ...]
    title: str
    nation: str
    council: str
    simulated: bool
    later: tuple[str, ...]  # quarters that had not begun

    def report(self, basis: str, commentary: Commentary | None = None) -> Report:
        """The report; `basis` is what the answer rests on, in one line."""
        notes = [f"{self.nation}, {self.of.name}: {self.title}."]
        if self.council:
            notes.append(f"Council: {self.council}.")
        if self.later:
            notes.append(f"Not begun on {day(self.on)}: {', '.join(self.later)}.")
        about = About(
            title=f"Adult safeguarding: annual report {self.of.name}",
            nation=self.nation,
            council=self.council,
            on=self.on,
            basis=basis,
            notes=tuple(notes),
        )
        return report(about, self.columns, self.chapters, commentary)

    def name(self, kind: str) -> str:
        """What the file is called."""
        stamp = f"-{SIMULATED}" if self.simulated else ""
        return f"annual-report-{self.of.name}{stamp}.{kind}"


def gather(
    office: Office, of: Span, as_at: int | None, on: date, basis: Basis, *, wait: float = BRIEFLY_S
) -> Gathered:
    """The figures of a year and, where they were filed, of the year before.

    Raises:
        NotFound: the nation has no return of that year here, or it has not begun.
        Behind: the views have not reached that position.
    """
    nation = office.jurisdiction
    if of.quarter is not None:
        raise NotFound(_WHOLE)
    if not tables(nation.code, of.year):
        raise NotFound(NONE_HERE)
    with viewing(office, _views(office), as_at, wait=wait) as (_, position):
        pass
    basis.settle(position, on)
    quarterly = nation.code in QUARTERLY
    spans = of.quarters if quarterly else (of,)
    begun = [one for one in spans if one.period.first <= on]
    if not begun:
        raise NotFound("That year has not begun.")
    return Gathered(
        of=of,
        as_at=position,
        on=on,
        columns=tuple(_column(office, one, position, on, basis) for one in begun),
        chapters=CHAPTERS.get(nation.code, ()),
        title=nation.terms["return"],
        nation=nation.name,
        council=_said(office, of),
        simulated=office.simulated,
        later=tuple(one.name for one in spans if one not in begun),
    )


def _said(office: Office, of: Span) -> str:
    """The council by name and code, by what there is of the two."""
    name = named(office, of.year, office.council)
    return f"{name} ({office.council})" if name else office.council


def _column(office: Office, of: Span, position: int, on: date, basis: Basis) -> Column:
    """The figures of a period, and those that were filed of the year before."""
    filed, says = _filed(office, of, position)
    if filed is None:
        gone = f"{says}: f" if says else "Not filed: f"
        says = f"{gone}igures as computed on {day(on)}. {rests_on(basis.named())}"
    if of.period.last >= on:
        says += _NOT_OVER
    earlier = replace(of, year=of.year - 1)
    before, before_says = _filed(office, earlier, position)
    return Column(
        label=of.name,
        figures=_computed(office, of, position) if filed is None else filed,
        says=says,
        before_label=earlier.name,
        before=None if before is None else only_filed(before, beside_return(office)),
        before_says=before_says or _BEFORE,
    )


def _filed(office: Office, of: Span, position: int) -> tuple[Protected | None, str]:
    """The figures last filed of a period by a position, with the words on what they rest."""
    every, found = filings(office, of, position), last_kept(office, of, position)
    if found is None:
        return None, _GONE if every else ""
    last, filed = found
    cells = [cell for one in filed.tables for cell in one.filled.cells]
    beside = BESIDE.get(office.jurisdiction.code, ())
    cells += cells_of(office, of, beside, last.event.as_at, filed=True)
    basis = filed.heading.get("basis")
    entry = f"entry {last.fact.position} of the record"
    said = (
        f"as filed (filing {last.number}, {entry}, SHA-256 {last.event.sha256}).",
        *kept_no_more(last, every),
        *([rests_on(basis)] if isinstance(basis, dict) else []),
    )
    return protected(office, of, cells), " ".join(said)


def _computed(office: Office, of: Span, position: int) -> Protected:
    nation = office.jurisdiction.code
    asked = (*tables_of(nation, of), *BESIDE.get(nation, ()))
    return protected(office, of, cells_of(office, of, asked, position))


def _views(office: Office) -> list[str]:
    return [one.name for one in views(Code(office.jurisdiction.code))]


def file_of(office: Office, kind: str, whole: Report) -> bytes:
    """A report as a file of a kind, one of MEDIA."""
    return html(whole) if kind == "html" else pdf(as_page(whole), office.settings.fonts)
