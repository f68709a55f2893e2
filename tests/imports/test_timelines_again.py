"""What is given out can be taken in again: every column, time, source and word, in its order."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.basis import basis_for
from api.chronologies.columns import COLUMNS, TITLES
from api.chronologies.dates import read_date, write_date
from api.chronologies.entries import Entry, read_entries
from api.chronologies.loading import load, new_target
from api.chronologies.sheet import cell_out, read_sheet
from api.chronologies.writing import agency_cell, known_to_cell
from api.clocks import Clocks
from api.routes.door import Reader
from api.routes.timeline import Which, timeline
from api.timelines.asked import Asked
from api.timelines.files import Paper, file_of
from api.timelines.gathering import Gathered
from api.timelines.producing import produce
from api.timelines.rows import lines_of
from api.values import LONGEST_TEXT
from domain.correction import ChronologyEntryRecorded, EntryAnnotated
from domain.jurisdictions import Jurisdiction, jurisdictions
from domain.refusal import Refused
from domain.when import instant
from domain.words import (
    Code,
    Fact,
    Header,
    KnownTo,
    Personal,
    Slug,
    WorkerRef,
)
from tests.imports.conftest import CHRONOLOGIES, NOW, Importer

ENGLAND = jurisdictions()["england"]
WHOSE = UUID(int=7)
PASSAGES = ("people", "seen", "response", "decision", "comment")
# Everything that may stand in a cell: an import takes the white space at its ends off.
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("\n\r\t'=+-@\",;_x"),
    min_size=1,
    max_size=60,
).map(str.strip)
# What programs take for more than words, where a cell begins with it.
FIRST = st.sampled_from(["", "=", "'=", "''+", "@", "-", "\\t=", "_x000D_"])
WORDS = st.tuples(FIRST, TEXT).map(lambda one: "".join(one).strip()).filter(bool)
# What begins as an author's own note does, or as what such a beginning is written as.
SOURCE = st.tuples(
    st.sampled_from(["", "#", "^", "¬", "~", "# Holdfast", "[U+0023]", "[U+005B]U+0023]"]), WORDS
).map("".join)
# Also what stands between two notes of one cell, and what that is written as.
NOTE = WORDS | st.tuples(
    WORDS, st.sampled_from(["[next note]", "\n[next note]\n", "[U+005B]next note]"]), WORDS
).map("".join)
AGENCY = st.sampled_from(["police", "gp", "adult-social-care", "not-stated", "housing-2"])
# Ways to write an agency: several of one identifier, and what a spreadsheet takes for a formula.
FORMS = st.sampled_from(
    [
        *("police", "Police", "POLICE", "'Police", "=Police", "Police.", "- police", "(police)"),
        *("Police / Health", "Police, Health", "police-health", "Police\nHealth", "@police health"),
        *("-", "N/A", "Not stated", "not-stated", "none", "G.P.", "_x0047_P", "Housing\t2", "gp"),
    ]
)
KNEW = st.sampled_from(
    [
        *("", "police: 2006", "Police: 2006", "POLICE = July 2006; G.P. since 2007-01-02"),
        *(
            "police: 2006;",
            "Police / Health from ?2006-07;Police, Health: by 2008",
            "-: 2006",
            "gp 2006",
        ),
    ]
)
DATE = st.sampled_from(
    [
        *("2006-07-06", "?2006-07-06", "~2006-07", "?~2006", "2006", "200X", "by 2006-07-06"),
        *("?by 2006-07", "from 2007", "~from 2007-02", "2005-09/2006-07", "?2005-09/2006-07"),
        *("2005-09?/2006-07", "../2006-07-06", "2006-07-06/..", "unknown", "2006-07-XX", "2006-XX"),
    ]
).map(read_date)
MOMENT = st.datetimes(datetime(2001, 1, 1), datetime(2020, 1, 1)).map(  # noqa: DTZ001 — made UTC next
    lambda one: instant(one.replace(tzinfo=UTC))
)
WHEN = DATE | MOMENT


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Give any line that a sheet can hold."""
    occurred, ended = draw(WHEN), draw(st.none() | WHEN)
    early = occurred.earliest or datetime.min.replace(tzinfo=UTC)
    if ended is not None and ended.latest is not None and ended.latest < early:
        ended = None  # a line that ends before it begins is none
    return Entry(
        row=0,
        number=draw(st.none() | st.integers(0, 999_999_999)),
        occurred=occurred,
        ended=ended,
        # Beside a moment there is no uncertain time of day: that is its own.
        start_time=draw(_doubtful(occurred.text)),
        end_time=None if ended is None else draw(_doubtful(ended.text)),
        agency=Slug(draw(AGENCY)),
        source=draw(SOURCE),
        text=draw(WORDS),
        recorded=draw(st.none() | DATE),
        significance=tuple(draw(st.lists(NOTE, max_size=3))),
        known_to=tuple(
            KnownTo(agency=Slug(agency), since=since)
            for agency, since in draw(st.lists(st.tuples(AGENCY, DATE), max_size=2))
        ),
        assertion=Code(draw(st.sampled_from(sorted(ENGLAND.lists["assertion_kind"])))),
        **{name: draw(st.none() | WORDS) for name in PASSAGES},
    )


def _doubtful(edtf: str) -> st.SearchStrategy[str | None]:
    if "T" in edtf:
        return st.none()
    return st.none() | st.sampled_from(["?noon", "~14:30", "?in the evening, after nine"])


def recorded(lines: Sequence[Entry]) -> list[Fact[object]]:
    """Give the entries of a case that took these lines in."""
    facts: list[Fact[object]] = []
    at = datetime(2026, 11, 1, tzinfo=UTC)

    def add(event: object, line: Entry) -> None:
        note = isinstance(event, EntryAnnotated)
        name = "entry-annotated" if note else "chronology-entry-recorded"
        header = Header(
            name=name,
            version=1,
            occurred=instant(at) if note else line.occurred,
            recorded_by=WorkerRef(WHOSE),
            performed_by=WorkerRef(WHOSE),
            role=Code("manager"),
            organisation=Slug("council"),
            purpose=Code("safeguarding"),
            correlation=WHOSE,
            command=WHOSE,
            known_to=() if note else line.known_to,
            source=Slug("chronology"),
            source_recorded=None if note else line.recorded,
        )
        facts.append(
            Fact(
                event=event,
                header=header,
                stream=WHOSE,
                version=len(facts) + 1,
                position=len(facts) + 1,
                recorded_at=at + timedelta(minutes=len(facts)),
            )
        )

    def said(text: str | None) -> Personal | None:
        return None if text is None else Personal(WHOSE, text)

    for line in lines:
        add(
            ChronologyEntryRecorded(
                agency=line.agency,
                text=Personal(WHOSE, line.text),
                source=said(line.source),
                number=line.number,
                ended=line.ended,
                start_time=said(line.start_time),
                end_time=said(line.end_time),
                assertion=line.assertion,
                agency_written=said(line.agency_written),
                known_to_written=said(line.known_to_written),
                **{name: said(getattr(line, name)) for name in PASSAGES},  # type: ignore[arg-type]  # passages all
            ),
            line,
        )
        target = len(facts)
        for text in line.significance:
            note = Personal(WHOSE, text)
            add(EntryAnnotated(target=target, kind=Code("significance"), text=note), line)
    return facts


def given_out(facts: Sequence[Fact[object]], kind: str, gaps: int | None) -> bytes:
    """Give the file of a timeline of these entries."""
    asked = Asked(clocks=Clocks(as_at=len(facts), on=NOW.date()), gaps=gaps)
    told = timeline(facts, Which(by=NOW.date()))
    gathered = Gathered(
        told=tuple(one for one in told if not isinstance(one.fact.event, EntryAnnotated)),
        streams={WHOSE: tuple(facts)},
        cases=(),
        recorded_in=(),
        looked=frozenset(),
        clocks=asked.clocks,
        withdrawn=0,
        unknown=0,
        given_out=0,
    )
    lines = lines_of(gathered, asked, ENGLAND, {}, None).lines
    paper = Paper(
        lines=lines,
        about=[("Basis", "none")],
        basis={},
        report={},
        shown=[{} for _ in lines],
        glossary=(),
        dated=NOW,
    )
    return file_of(paper, kind)


def taken_in(
    content: bytes, kind: str, nation: Jurisdiction = ENGLAND, now: datetime = NOW
) -> tuple[Entry, ...]:
    """Read a file as an import does; nothing in it may be wrong."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"again.{kind}"
        path.write_bytes(content)
        read = read_entries(read_sheet(path), jurisdiction=nation, now=now, agency=None)
    assert read.errors == ()
    return tuple(replace(one, row=0) for one in read.entries)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(deadline=None, max_examples=60)
@given(lines=st.lists(entries(), min_size=1, max_size=6), gaps=st.sampled_from([None, 30]))
def test_any_sheet_is_given_back_as_it_was(kind: str, lines: list[Entry], gaps: int | None) -> None:
    """Nothing is lost and nothing added: not a silence either, which is an author's own note."""
    told = timeline(recorded(lines), Which(by=NOW.date()))
    order = [one.fact.version for one in told if not isinstance(one.fact.event, EntryAnnotated)]
    places: dict[int, int] = {}
    for fact in recorded(lines):
        if not isinstance(fact.event, EntryAnnotated):
            places[fact.version] = len(places)
    expected = tuple(lines[places[version]] for version in order)
    content = given_out(recorded(lines), kind, gaps)
    again = taken_in(content, kind)
    assert again == expected
    # A second time round the file itself is the same: it has the order it came in.
    assert given_out(recorded(again), kind, gaps) == content or _same_place(expected)


def test_the_longest_line_that_is_recorded_is_given_back() -> None:
    """In a CSV; a cell of Excel is too short for it, and that is said instead of it being cut."""
    content = "Start date,Agency,Source,Event\n2006,gp,s," + "x" * LONGEST_TEXT + "\n"
    lines = taken_in(content.encode(), "csv")
    assert len(lines[0].text) == LONGEST_TEXT
    assert taken_in(given_out(recorded(lines), "csv", None), "csv") == lines
    with pytest.raises(Refused, match="A cell of line 1 is too long for Excel"):
        given_out(recorded(lines), "xlsx", None)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.tuples(FORMS, KNEW), min_size=1, max_size=6))
def test_an_agency_is_given_back_as_it_was_written(kind: str, rows: list[tuple[str, str]]) -> None:
    """Whatever the forms, also of one identifier: in, out and in again each is what it was."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(TITLES)
    for agency, knew in rows:
        cells = {"start": "2006", "agency": agency, "source": "s", "text": "t", "known_to": knew}
        writer.writerow([cell_out(cells.get(column.name, "")) for column in COLUMNS])
    lines = taken_in(out.getvalue().encode(), "csv")
    assert [given_back(one) for one in lines] == rows
    assert taken_in(given_out(recorded(lines), kind, None), kind) == lines


def given_back(line: Entry) -> tuple[str, str]:
    """Give how a line writes its agency, and who knew."""
    agency, knew = line.written
    return agency or agency_cell(line.agency), knew or known_to_cell(line.known_to)


def _same_place(lines: Sequence[Entry]) -> bool:
    """Whether two lines of one time are told apart only by where they were recorded."""
    return len({(one.occurred.text, one.number) for one in lines}) < len(lines)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["june", "mr-h", "ms-s"])
def test_a_chronology_is_given_out_and_taken_in(
    importer: Importer, tmp_path: Path, name: str, kind: str
) -> None:
    """In: the three of real reviews. Out, in and out again: line by line what it was."""
    where, loaded = importer.into(CHRONOLOGIES / f"{name}.csv")
    reader = Reader(office=importer.office, actor=importer.manager, purpose=Code("review"))
    first = _made(reader, where.case, kind)
    path = tmp_path / f"again.{kind}"
    path.write_bytes(first)
    there = new_target(importer.office, uuid4().bytes, None)
    read = importer.read(path)[1]
    assert read.errors == ()
    again = load(importer.office, there, read.entries, actor=importer.manager)
    assert again.added == loaded.added
    assert again.noted == loaded.noted
    second = tmp_path / f"second.{kind}"
    second.write_bytes(_made(reader, there.case, kind))
    lines = importer.read(second)[1].entries
    assert lines == read.entries
    original = importer.read(CHRONOLOGIES / f"{name}.csv")[1].entries
    assert sorted(map(_said, original)) == sorted(map(_said, lines))


def _made(reader: Reader, case: UUID, kind: str) -> bytes:
    clocks = Clocks(as_at=None, on=NOW.date())
    asked = Asked(cases=(case,), clocks=clocks, kind=kind, gaps=180)
    return produce(reader, asked, basis_for(reader.office, None, None, {})).content


def _said(line: Entry) -> tuple[str, ...]:
    return (
        line.content().hex(),
        str(line.number),
        write_date(line.occurred),
        str(line.significance),
        *given_back(line),
    )
