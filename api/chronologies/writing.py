"""A timeline given back in the columns of an integrated chronology, so that it reads the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from api.chronologies.columns import COLUMNS, TITLES
from api.chronologies.dates import write_date, write_time
from api.chronologies.noting import significant
from api.chronologies.sheet import cell_out, source_out
from api.clocks import Clocks
from api.forms.labels import title
from api.routes.timeline import MISPLACED, Told
from domain.corrected import standing
from domain.correction import ChronologyEntryRecorded, EntryAnnotated
from domain.handle import local_day
from domain.jurisdictions import Jurisdiction
from domain.when import end_of
from domain.words import Fact, Forgotten, KnownTo, Passage, Personal, Slug

Line = Mapping[str, str]
NOT_STATED: Final = "not_stated"
_PASSAGES: Final = ("source", "people", "text", "seen", "response", "decision", "comment")


def to_lines(
    entries: Iterable[Told], every: Iterable[Fact[Any]], jurisdiction: Jurisdiction
) -> list[Line]:
    """The cells of each entry by column name, in the order given; the withdrawn are left out.

    `every` is what stands of the case, and of those joined to it (`noted_by`): their notes say
    which entries were found significant. Such a note has no line of its own.
    """
    significance = significance_of(every)
    return [
        line_of(told, significance.get((told.fact.stream, told.fact.version), ""), jurisdiction)
        for told in entries
        if not told.withdrawn and not is_significance(told.fact)
    ]


def to_csv(lines: Iterable[Line]) -> str:
    """Lines as CSV with its headings; no cell is a formula to a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(TITLES)
    for line in lines:
        cells = no_note(line)
        writer.writerow([cell_out(cells.get(column.name, "")) for column in COLUMNS])
    return out.getvalue()


def no_note(line: Line) -> Line:
    """The cells of an entry as they go into a file that is read in again: none is a note there."""
    return {**line, "source": source_out(line.get("source", ""))}


def line_of(told: Told, significance: str, jurisdiction: Jurisdiction) -> Line:
    """The cells of one entry by column name, with what a reviewer found significant in it."""
    fact, header = told.fact, told.fact.header
    common = {
        "start": write_date(told.occurred),
        "start_time": write_time(told.occurred),
        "recorded": "" if header.source_recorded is None else write_date(header.source_recorded),
        "known_to": known_to_said(fact),
        "significance": significance,
    }
    if isinstance(fact.event, ChronologyEntryRecorded):
        return {**common, **_entry(fact.event, jurisdiction)}
    return {
        **common,
        "agency": str(header.organisation),
        "source": f"Holdfast: case {fact.stream}, entry {fact.version}",
        "text": title(header.name, jurisdiction),
        "recorded": common["recorded"] or local_day(fact.recorded_at).isoformat(),
    }


def _entry(event: ChronologyEntryRecorded, jurisdiction: Jurisdiction) -> Line:
    """The cells that an imported line itself fills."""
    cells = {name: said(getattr(event, name)) for name in _PASSAGES}
    if event.ended is not None:
        cells |= {"end": write_date(event.ended), "end_time": write_time(event.ended)}
    for name in ("start_time", "end_time"):
        if getattr(event, name) is not None:
            cells[name] = said(getattr(event, name))
    return {
        **cells,
        "number": "" if event.number is None else str(event.number),
        "agency": agency_said(event),
        "assertion": ""
        if event.assertion == NOT_STATED
        else jurisdiction.label("assertion_kind", event.assertion),
    }


def agency_by(fact: Fact[Any]) -> Slug:
    """Whose entry it is: the agency an imported line came from, else who recorded it."""
    imported = isinstance(fact.event, ChronologyEntryRecorded)
    return fact.event.agency if imported else fact.header.organisation


def agency_said(event: ChronologyEntryRecorded) -> str:
    """The agency as its source writes it; where that is forgotten, or was not kept, its own."""
    written = event.agency_written
    if isinstance(written, Personal) and written.text != MISPLACED:
        return written.text
    return agency_cell(event.agency)


def known_to_said(fact: Fact[Any]) -> str:
    """Who knew since when, likewise."""
    written = getattr(fact.event, "known_to_written", None)
    if isinstance(written, Personal) and written.text != MISPLACED:
        return written.text
    return known_to_cell(fact.header.known_to)


def agency_cell(agency: Slug) -> str:
    """An agency by its identifier."""
    return "-" if agency == "not-stated" else str(agency)


def known_to_cell(known: Iterable[KnownTo]) -> str:
    """`police: 2006-07; council: 2007-06`."""
    return "; ".join(f"{one.agency}: {write_date(one.since)}" for one in known)


def said(passage: Passage | None) -> str:
    """A passage as a cell; one that was forgotten says so."""
    match passage:
        case None:
            return ""
        case Forgotten():
            return str(passage)
        case _:
            return passage.text


def is_significance(fact: Fact[Any]) -> bool:
    """Whether an entry is a reviewer's note of what another means: a later layer (C.3)."""
    return isinstance(fact.event, EntryAnnotated) and fact.event.kind == "significance"


def significance_of(facts: Iterable[Fact[Any]]) -> dict[tuple[UUID, int], str]:
    """What was noted as significant about each entry, by its case and version: every note."""
    return {
        place: significant(said(one.event.text) for one in notes)
        for place, notes in notes_of(facts).items()
    }


def notes_of(facts: Iterable[Fact[Any]]) -> dict[tuple[UUID, int], list[Fact[EntryAnnotated]]]:
    """Such notes about each entry, in the order in which they were recorded."""
    found: dict[tuple[UUID, int], list[Fact[EntryAnnotated]]] = {}
    for fact in facts:
        if is_significance(fact):
            found.setdefault((fact.stream, fact.event.target), []).append(fact)
    return found


def noted_by(streams: Iterable[Iterable[Fact[Any]]], clocks: Clocks) -> Iterator[Fact[Any]]:
    """What of some cases stands; where it is asked what an agency knew by a day, by its end."""
    by = None if clocks.known_to is None else end_of(clocks.on)
    every = (fact for facts in streams for fact in standing(facts))
    return (fact for fact in every if by is None or fact.recorded_at <= by)
