"""A timeline made, kept sealed as it was given out, and recorded as given out in each of its cases.

In this order: the trace of the reading; the file; the file and the key to its pseudonyms kept, each
forgotten with anybody and anything in it; the entry that says so. A crash in between leaves a trace
of a reading, or a kept file that nothing leads to, and nothing was handed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import orjson

from api.basis import Basis
from api.chronologies.dates import write_date
from api.chronologies.writing import agency_by
from api.clock import new_reference
from api.forms import labels
from api.office import Office
from api.routes.door import Reader
from api.routes.people import withheld_among
from api.timelines.asked import Asked, Naming, check
from api.timelines.files import MAY_IDENTIFY, NOT_LOOKED_FOR, Paper, file_of
from api.timelines.gathering import Gathered, gather
from api.timelines.given_out import Given, Made, Run, as_then, before_by, kept, record
from api.timelines.glossary import glossary
from api.timelines.people import Somebody, everybody
from api.timelines.pseudonyms import Pseudonyms
from api.timelines.rows import NO_SOURCE, TWICE, Line, Lines, lines_of
from domain.correction import ChronologyEntryRecorded
from domain.when import When
from domain.words import Slug

_NAMED: Final = {
    Naming.RECORDED: "as it was recorded",
    Naming.NAMED: "as it was recorded, and whom each entry names by name",
    Naming.PSEUDONYMS: "by pseudonyms; the key is kept apart",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """A timeline given out: its bytes, the key to its pseudonyms apart, and what is said of it."""

    content: bytes
    key: bytes | None
    kind: str
    basis: Mapping[str, Any]
    report: Mapping[str, Any]
    given: tuple[Given, ...]
    repeated: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 of the file, for whoever was handed it."""
        return sha256(self.content).hexdigest()

    def answer(self) -> dict[str, Any]:
        """What is told of it, beside the file."""
        return {
            "sha256": self.digest,
            "bytes": len(self.content),
            "format": self.kind,
            "basis": dict(self.basis),
            "report": dict(self.report),
            "given_out": [
                {
                    "case": str(one.case),
                    "version": one.version,
                    "position": one.position,
                    "document": str(one.document),
                    "pseudonyms": None if one.pseudonyms is None else str(one.pseudonyms),
                }
                for one in self.given
            ],
        }


def produce(reader: Reader, asked: Asked, basis: Basis, run: Run | None = None) -> Produced:
    """Make a timeline, keep it, and record in each of its cases that it was given out.

    `basis` is what it rests on, with the position that it is asked of. The same `run` again is of
    the position it was of, records what a crash left unrecorded, and gives the file as it was kept.

    Raises:
        NotFound: there is no such case, person or review, or there was none by then.
        CommandReused: the run was another request's.
        Problem: `not-permitted`, `restricted`, or `not-found`: the file was forgotten meanwhile.
        Refused: what is asked cannot be answered, or too much of it.
    """
    run = run or Run(id=new_reference())
    before = before_by(reader, asked, run)
    if before:
        first = min(before.values(), key=lambda one: one.position)
        asked = as_then(asked, first)
    made = make(reader, asked, basis)
    content = kept(reader, before) if before else made.content
    given = record(reader, asked, replace(made, content=content), run, before)
    return Produced(
        content=content,
        key=made.key,
        kind=asked.kind,
        basis=made.paper.basis,
        report=made.paper.report,
        given=given,
        repeated=bool(before),
    )


def make(reader: Reader, asked: Asked, basis: Basis) -> Made:
    """Make the file, and leave the trace of the reading; raises as `produce`."""
    check(asked)
    office, gathered = reader.office, gather(reader, asked)
    known = _known(reader, gathered, asked)
    pseudonyms = None
    if asked.naming is Naming.PSEUDONYMS:
        purpose, review = str(reader.purpose), asked.review
        pseudonyms = Pseudonyms(office=office, purpose=purpose, review=review, known=known)
    lines = lines_of(gathered, asked, office.jurisdiction, known, pseudonyms)
    basis.settle(gathered.as_at, gathered.clocks.on)
    told = _basis(reader, asked, gathered, pseudonyms, basis.named())
    paper = _paper(reader, asked, gathered, lines, known=known, basis=told, pseudonyms=pseudonyms)
    content = file_of(paper, asked.kind)
    key = None if pseudonyms is None else _key(content, paper, lines.lines, pseudonyms)
    return Made(
        gathered=gathered,
        lines=lines,
        known=known,
        paper=paper,
        content=content,
        key=key,
        called=frozenset(() if pseudonyms is None else pseudonyms.used),
    )


def _known(reader: Reader, gathered: Gathered, asked: Asked) -> dict[UUID, Somebody]:
    """Whoever is named; by name only where this reader may know it, but for pseudonyms.

    Whom a restricted case names is not called by name in a copy that names people, nor in the key
    to one with pseudonyms; there their names have to be known, so that they can be replaced.
    """
    known = dict(everybody(reader.office, gathered.facts, gathered.as_at))
    people = [ref for ref, one in known.items() if not one.worker]
    shut = set(people) if not reader.reads("details") else withheld_among(reader, people)
    if asked.naming is Naming.NAMED:
        return {ref: one for ref, one in known.items() if ref not in shut}
    hidden = {ref: replace(known[ref], called=None, withheld=True) for ref in shut}
    return {**known, **hidden}


# -------------------------------------------------------------------------------- what it rests on


def _paper(
    reader: Reader,
    asked: Asked,
    gathered: Gathered,
    lines: Lines,
    *,
    known: Mapping[UUID, Somebody],
    pseudonyms: Pseudonyms | None,
    basis: Mapping[str, Any],
) -> Paper:
    office = reader.office
    report = _report(asked, gathered, lines, known)
    (last,) = office.record.log.at([gathered.as_at])
    return Paper(
        lines=lines.lines,
        about=tuple(_about(office, basis, report)),
        basis=basis,
        report=report,
        shown=[_beside(one, pseudonyms) for one in lines.lines],
        dated=last.recorded_at,
        glossary=glossary((one.cells for one in lines.lines), office.jurisdiction),
    )


def _basis(
    reader: Reader,
    asked: Asked,
    gathered: Gathered,
    pseudonyms: Pseudonyms | None,
    told: Mapping[str, Any],
) -> dict[str, Any]:
    """What the file rests on: asked for again, with this, it is the same bytes within a release.

    Nothing in it is read from a view but which cases name somebody, so no view's generation is.
    """
    clocks = gathered.clocks

    def called(ref: UUID) -> str:
        return str(ref) if pseudonyms is None else pseudonyms.of(ref)

    named = (
        0 if pseudonyms is None else max((one.last for one in pseudonyms.known.values()), default=0)
    )
    return {
        "as_at": gathered.as_at,
        "origin": told["origin"],
        "root": told["root"],
        "release": told["release"],
        "policy": told["policy"],
        "cases": [called(one) for one in gathered.cases],
        "persons": [called(one) for one in asked.persons],
        "from": _iso(asked.period.since),
        "to": _iso(asked.period.until),
        "before_period": asked.before_period,
        "known_to": clocks.known_to,
        "known_on": _iso(clocks.on) if clocks.known_to is not None else None,
        "gaps": asked.gaps,
        "purpose": str(reader.purpose),
        "naming": str(asked.naming),
        "names_as_at": named or None,
    }


def _report(
    asked: Asked, gathered: Gathered, lines: Lines, known: Mapping[UUID, Somebody]
) -> dict[str, Any]:
    """What whoever gives it out is to know of it, by the numbers of its lines."""
    told = [one for one in lines.lines if one.told is not None]
    return {
        "lines": len(told),
        "without_source": [
            at for at, one in enumerate(lines.lines, 1) if one.cells.get("source") == NO_SOURCE
        ],
        "may_tell_the_same": list(lines.remarked(TWICE)),
        "uncertain": [
            at
            for at, one in enumerate(lines.lines, 1)
            if one.told is not None and one.told.occurred.uncertain
        ],
        "silences": [
            {
                "line": at,
                "from": one.silence.since.isoformat(),
                "to": one.silence.until.isoformat(),
                "days": one.silence.days,
            }
            for at, one in enumerate(lines.lines, 1)
            if one.silence is not None
        ],
        "withheld": list(lines.remarked("withheld")),
        "left_out": {
            "before_period": lines.before,
            "after_period": lines.after,
            "withdrawn": gathered.withdrawn,
            "not_known_to_agency": gathered.unknown,
            "given_out": gathered.given_out,
        },
        "notes": list(_notes(asked, known)),
    }


def _notes(asked: Asked, known: Mapping[UUID, Somebody]) -> Iterator[str]:
    """What is to be said with a copy with pseudonyms."""
    if asked.naming is not Naming.PSEUDONYMS:
        return
    yield MAY_IDENTIFY
    if gone := sum(one.forgotten for one in known.values()):
        yield NOT_LOOKED_FOR.format(gone)


def _about(
    office: Office, basis: Mapping[str, Any], report: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """The basis and what was left out, in words, for people."""
    nation = office.jurisdiction
    said = {
        "purpose": labels.listed("purpose", str(basis["purpose"]), nation),
        "naming": _NAMED[Naming(str(basis["naming"]))],
    }
    for name, value in {**basis, **said}.items():
        shown_value = ", ".join(value) if isinstance(value, list) else value
        if shown_value not in (None, "", False):
            told = "yes" if shown_value is True else str(shown_value)
            yield labels.code("timeline", name, nation), told
    if lines := report["without_source"]:
        yield labels.code("timeline", "without_source", nation), ", ".join(map(str, lines))
    for name, count in report["left_out"].items():
        if count:
            yield labels.code("timeline", f"left_out_{name}", nation), str(count)
    for words in report["notes"]:
        yield labels.code("timeline", "notes", nation), words


def _beside(line: Line, pseudonyms: Pseudonyms | None) -> dict[str, Any]:
    """What stands beside a line's cells for a program: times exact, and where it is in the record.

    With pseudonyms the case is called by its own, no position leads past them, and an identifier of
    another's chronology, which may be made of a name, is words.
    """
    if line.told is None:
        nothing: dict[str, Any] = dict.fromkeys(("entry", "edtf", "agency_identifier"))
        return {**nothing, "known_to_edtf": [], "remarked": list(line.remarks)}
    fact, theirs = line.told.fact, isinstance(line.told.fact.event, ChronologyEntryRecorded)
    ended: When | None = getattr(fact.event, "ended", None)
    before = fact.header.source_recorded
    where = {"case": str(fact.stream), "version": fact.version, "position": fact.position}
    if pseudonyms is not None:
        where = {"case": pseudonyms.of(fact.stream), "version": fact.version}

    def identifier(agency: Slug) -> str:
        if pseudonyms is None or not theirs:
            return str(agency)
        return pseudonyms.in_identifiers(agency).text

    return {
        "entry": {"name": fact.header.name, **where},
        "agency_identifier": identifier(agency_by(fact)),
        "edtf": {
            "start": line.told.occurred.text,
            "end": ended.text if isinstance(ended, When) else None,
            "recorded": None if before is None else before.text,
        },
        "known_to_edtf": [
            {
                "agency": identifier(one.agency),
                "since": one.since.text,
                "in_words": write_date(one.since),
            }
            for one in fact.header.known_to
        ],
        "remarked": list(line.remarks),
    }


def _key(content: bytes, paper: Paper, lines: Sequence[Line], pseudonyms: Pseudonyms) -> bytes:
    """The key to the pseudonyms: whom each stands for, and what stood in every place."""
    known = pseudonyms.known
    whom = [
        {
            "pseudonym": called,
            "reference": str(ref),
            "names": list(known[ref].names) if ref in known and not known[ref].withheld else [],
        }
        for ref, called in sorted(pseudonyms.used.items(), key=lambda one: (one[1], one[0]))
    ]
    stood = [
        {"line": at, "column": name, "was": list(was)}
        for at, one in enumerate(lines, 1)
        for name, was in one.was.items()
    ]
    told = {
        "to": "the pseudonyms of a timeline; keep it apart from the file, and give it to nobody",
        "sha256": sha256(content).hexdigest(),
        "basis": paper.basis,
        "pseudonyms": whom,
        "replaced": stood,
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _iso(day: Any) -> str | None:  # noqa: ANN401 — a date, or None
    return None if day is None else day.isoformat()
