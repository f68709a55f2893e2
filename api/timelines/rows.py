"""The lines of a timeline: entries as cells in the columns of a chronology, and what is remarked.

Nothing is dropped but what lies outside the period, and that is counted. A line that is no entry (a
silence) has a source that begins as an author's own note does, so that an import passes it over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from api.chronologies.columns import COLUMNS, Column
from api.chronologies.noting import significant
from api.chronologies.writing import line_of, noted_by, notes_of, said
from api.commands.wording import what_happened
from api.forms import labels
from api.routes.timeline import Told
from api.timelines.alike import alike
from api.timelines.asked import Asked, Naming, Period
from api.timelines.gathering import Gathered
from api.timelines.people import Somebody, named_in
from api.timelines.pseudonyms import FORGOTTEN, Pseudonyms
from api.timelines.silences import Silence, Span, silences
from domain.catalogue import EVENTS
from domain.correction import ChronologyEntryRecorded, EntryAnnotated
from domain.handle import local_day
from domain.jurisdictions import Jurisdiction
from domain.manifest import PRIVILEGED
from domain.person import Details
from domain.when import When
from domain.words import ExternalReference, Fact, Forgotten, Passage, Personal

# Ours, behind those of a chronology: an import passes them over.
OWN: Final = (
    Column(name="line", title="Line"),
    Column(name="recorded_here", title="Recorded here"),
    Column(name="remarks", title="Remarks"),
)
EVERY: Final = (*COLUMNS, *OWN)
NO_SOURCE: Final = "not recorded"
TWICE: Final = "may tell the same as"
SILENT: Final = "No contact recorded in this period"
NOTE: Final = "# Holdfast"  # an author's own note (Chronolator): an import passes it over
# Entries of modules that tell what was done with the record, and of no contact with anybody.
_KEEPING: Final = frozenset(
    f"domain.{name}"
    for name in (
        *("access_request", "answered", "correction", "disclosing", "erasure", "excepting"),
        *("forward", "joining", "linking", "rectifying", "reference", "retaining", "auditing"),
    )
)
OF_THE_RECORD: Final = frozenset(
    name for name, kind in EVENTS.items() if kind.cls.__module__ in _KEEPING
) - {"chronology-entry-recorded"}
_WITHHELD: Final = "Withheld: legal advice"
# Who referred is not given out unless it is recorded as no confidence: by whether it is one.
_REFERRER: Final = {
    "yes": "withheld: who referred, in confidence",
    "not_known": "withheld: who referred; whether in confidence is not known",
    "not_recorded": "withheld: who referred; whether in confidence is not recorded",
}
_PARTICULARS: Final = "[left out of a copy with pseudonyms]"
_BEFORE: Final = "before the period, and noted as significant"
_NOTED: Final = "its significance noted here on"
_PERHAPS: Final = "whether the agency asked for knew of it by that day is not certain"
_BEYOND: Final = "reaches beyond the period, or may"
_NO_TIME: Final = "time not known, so perhaps not in the period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its cells by column name, what it is made of, and what stands in its place by key.

    `was` has, by column, what the pseudonyms in the cell stand for, in their order.
    """

    cells: Mapping[str, str]
    told: Told | None = None
    silence: Silence | None = None
    remarks: tuple[str, ...] = ()
    was: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        """The days it may have been in; none of what is about the record, which ends no silence."""
        if self.told is None or self.told.fact.header.name in OF_THE_RECORD:
            return Span(first=None, last=None)
        return span_of(self.told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines in order, and how many entries are none of them, by why."""

    lines: tuple[Line, ...]
    before: int
    after: int

    def remarked(self, words: str) -> tuple[int, ...]:
        """The numbers of the lines of which something is remarked."""
        return tuple(
            at for at, one in enumerate(self.lines, 1) if any(words in each for each in one.remarks)
        )


def span_of(told: Told) -> Span:
    """The days an entry may have been in, to the end of what lasted."""
    ended: When | None = getattr(told.fact.event, "ended", None)
    last = told.occurred.last_day
    if isinstance(ended, When) and ended.last_day is not None:
        last = ended.last_day if last is None else max(last, ended.last_day)
    return Span(first=told.occurred.first_day, last=last)


def lines_of(
    gathered: Gathered,
    asked: Asked,
    nation: Jurisdiction,
    known: Mapping[UUID, Somebody],
    pseudonyms: Pseudonyms | None,
) -> Lines:
    """Make the lines of what was gathered; `pseudonyms` where they are asked for."""
    notes = notes_of(noted_by(gathered.streams.values(), gathered.clocks))
    making = _Making(
        asked=asked,
        nation=nation,
        known=known,
        pseudonyms=pseudonyms,
        notes=notes,
        doubtful=gathered.doubtful,
    )
    kept, before, after = [], 0, 0
    for told in gathered.told:
        where = _where(span_of(told), asked.period)
        if where == "after" or (where == "before" and not making.significant(told, asked)):
            before, after = before + (where == "before"), after + (where == "after")
            continue
        kept.append(making.line(told, where))
    whole = [*_with_silences(kept, asked)]
    whole = _pointed_out(whole)
    if pseudonyms is not None:
        whole = [_under_pseudonyms(one, pseudonyms) for one in whole]
    numbered = [
        replace(one, cells={**one.cells, "line": str(at), "remarks": "; ".join(one.remarks)})
        for at, one in enumerate(whole, 1)
    ]
    return Lines(lines=tuple(numbered), before=before, after=after)


def _where(span: Span, period: Period) -> str:
    """Where an entry lies: `before` or `after` for certain, else `within` or `perhaps`."""
    since, until = period.since, period.until
    first, last = span.first, span.last
    if since is None and until is None:
        return "within"
    if first is None and last is None:
        return "unknown"
    if since is not None and last is not None and last < since:
        return "before"
    if until is not None and first is not None and first > until:
        return "after"
    early = since is not None and (first is None or first < since)
    late = until is not None and (last is None or last > until)
    return "perhaps" if early or late else "within"


_REMARKS: Final = {"before": (_BEFORE,), "perhaps": (_BEYOND,), "unknown": (_NO_TIME,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """Makes a line of an entry."""

    asked: Asked
    nation: Jurisdiction
    known: Mapping[UUID, Somebody]
    pseudonyms: Pseudonyms | None
    notes: Mapping[tuple[UUID, int], Sequence[Fact[EntryAnnotated]]]
    doubtful: frozenset[int]

    def noted(self, told: Told) -> Sequence[Fact[EntryAnnotated]]:
        return self.notes.get((told.fact.stream, told.fact.version), ())

    def significant(self, told: Told, asked: Asked) -> bool:
        """Whether an entry before the period is wanted: somebody noted that it is significant."""
        return asked.before_period and bool(self.noted(told))

    def line(self, told: Told, where: str) -> Line:
        notes = self.noted(told)
        cells = dict(line_of(told, significant(said(one.event.text) for one in notes), self.nation))
        cells["recorded_here"] = local_day(told.fact.recorded_at).isoformat()
        remarks, was = list(_REMARKS.get(where, ())), dict[str, tuple[str, ...]]()
        remarks += [_PERHAPS] if told.fact.position in self.doubtful else []
        stood = list[str]()
        remarks += [self._noted(one, stood) for one in notes]  # a later layer (C.3)
        was |= {"remarks": tuple(stood)} if stood else {}
        if told.corrected_by is not None:
            remarks.append("its time was corrected" if told.stated else "corrected")
        if not isinstance(told.fact.event, ChronologyEntryRecorded):
            for name, (text, before) in self._own(told.fact).items():
                cells[name] = text
                was[name] = before
            remarks += [_WITHHELD.lower()] if _privileged(told.fact) else []
            remarks += filter(None, (_in_confidence(told.fact.event),))
            for name, (text, before) in self._called(told.fact).items():
                cells[name] = text
                was[name] = before
        if not cells.get("source", "").strip():
            cells["source"] = NO_SOURCE
            was["source"] = ()
            remarks.append("no source recorded")
        return Line(cells=cells, told=told, remarks=tuple(remarks), was=was)

    def _noted(self, note: Fact[EntryAnnotated], stood: list[str]) -> str:
        """When a note was recorded and by whom, and whose view it is where that is said."""
        by = self.known.get(note.header.performed_by)
        who = labels.role(note.header.role, self.nation)
        if by is not None and self.asked.naming is not Naming.RECORDED:
            called, was = self._name(by.ref, by.called or str(by.ref)[:8])
            who = f"{who} {called}"
            stood += was
        whose = note.event.whose
        view = "" if whose is None else f" (whose view: {self._words(whose, stood)})"
        return f"{_NOTED} {local_day(note.recorded_at).isoformat()} by {who}{view}"

    def _own(self, fact: Fact[Any]) -> dict[str, tuple[str, tuple[str, ...]]]:
        """What an entry of the record itself says, its decision's reasons in their own column.

        Each with what stood there before pseudonyms, which are put into what people wrote alone.
        """
        if _privileged(fact):
            withheld = f"{labels.title(fact.header.name, self.nation)} · {_WITHHELD}"
            return {"text": (withheld, ())}
        event, reasons = fact.event, getattr(fact.event, "rationale", None)
        if _in_confidence(event):
            event = replace(event, referrer=None)
        if self.pseudonyms is not None:
            event = _without_particulars(event)
        found = dict[str, tuple[str, tuple[str, ...]]]()
        if isinstance(reasons, Personal | Forgotten):
            event = replace(event, rationale=None)
            stood = list[str]()
            found["decision"] = self._words(reasons, stood), tuple(stood)
        stood = []
        text = what_happened(
            replace(fact, event=event), self.nation, lambda passage: self._words(passage, stood)
        )
        return {**found, "text": (text, tuple(stood))}

    def _words(self, passage: Passage, stood: list[str]) -> str:
        """What somebody wrote, as it goes into the cell; `stood` takes up what was replaced."""
        text = said(passage)
        if self.pseudonyms is None or isinstance(passage, Forgotten) or text == _PARTICULARS:
            return text
        found = self.pseudonyms.replaced(text)
        stood += found.was
        return found.text

    def _called(self, fact: Fact[Any]) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Whom an own entry names, and where it stands: with what stood there before pseudonyms."""
        if self.asked.naming is Naming.RECORDED:
            return {}
        kind = "person" if fact.stream in self.known else "case"
        source, was = self._name(fact.stream, str(fact.stream))
        found = {"source": (f"Holdfast: {kind} {source}, entry {fact.version}", was)}
        parts, stood = list[str](), list[str]()
        for name, ref in dict.fromkeys(named_in(fact.event, self.known)):
            text, was = self._name(ref, self.known[ref].called or str(ref)[:8])
            parts.append(f"{labels.before(fact.header.name, name, self.nation)} {text}")
            stood += was
        by = self.known.get(fact.header.performed_by)
        if by is not None:
            text, was = self._name(by.ref, by.called or str(by.ref)[:8])
            parts.append(f"{labels.role(fact.header.role, self.nation)}: {text}")
            stood += was
        return {**found, "people": ("; ".join(parts), tuple(stood))}

    def _name(self, ref: UUID, called: str) -> tuple[str, tuple[str, ...]]:
        if self.pseudonyms is None:
            return called, ()
        found = self.pseudonyms.of(ref)
        return found, () if found == FORGOTTEN else (called,)


def _privileged(fact: Fact[Any]) -> bool:
    """Whether it is legal advice: given out to nobody unasked, unless it says otherwise (R72)."""
    return fact.header.name == PRIVILEGED and getattr(fact.event, "privileged", None) != "no"


def _in_confidence(event: Any) -> str:  # noqa: ANN401 — any event
    """Why who referred is withheld; empty where nobody is named, or it is no confidence."""
    if getattr(event, "referrer", None) is None:
        return ""
    return _REFERRER.get(str(event.referrer_confidential), "")


def _without_particulars(value: Any) -> Any:  # noqa: ANN401 — an event, or a value in it
    """The same without what tells who a person is in the record: their particulars, their numbers.

    A copy with pseudonyms says that something was told of a person, and not what.
    """
    match value:
        case Details() | ExternalReference():
            return _left_out(value)
        case tuple():
            return tuple(_without_particulars(one) for one in value)
        case Personal() | Forgotten() | When():
            return value
        case _ if is_dataclass(value) and not isinstance(value, type):
            changed = {
                one.name: _without_particulars(getattr(value, one.name)) for one in fields(value)
            }
            return replace(value, **changed)
        case _:
            return value


def _left_out(value: Any) -> Any:  # noqa: ANN401 — details, or a reference
    changed = {
        one.name: Personal(told.about, _PARTICULARS)
        for one in fields(value)
        if isinstance(told := getattr(value, one.name), Personal)
    }
    return replace(value, **changed)


def _with_silences(lines: Sequence[Line], asked: Asked) -> list[Line]:
    """The lines with a line for each silence, where these are asked for."""
    if asked.gaps is None:
        return list(lines)
    found = list(silences([one.span for one in lines], asked.gaps, asked.period))
    whole: list[Line] = []
    for at in range(len(lines) + 1):
        whole += [_silent(one, asked.gaps) for one in found if one.before == at]
        whole += lines[at : at + 1]
    return whole


def _silent(silence: Silence, days: int) -> Line:
    cells = {
        "start": silence.since.isoformat(),
        "end": silence.until.isoformat(),
        "agency": "-",
        "source": f"{NOTE}: reckoned from the lines of this timeline, {days} days or more",
        "text": f"{SILENT}: {_counted(silence.since, silence.until)}, {silence.days} days.",
    }
    maybe = ("an entry of uncertain time may fall in it",) if silence.perhaps else ()
    return Line(cells=cells, silence=silence, remarks=maybe)


def _counted(since: date, until: date) -> str:
    return f"{since.isoformat()} to {until.isoformat()}"


def _pointed_out(lines: Sequence[Line]) -> list[Line]:
    """The lines, each that may tell again what another tells saying so; both of them do."""
    told = [(_day(one), one.cells.get("text", "")) for one in lines]
    remarks = [list(one.remarks) for one in lines]
    for other, earlier in alike(told).items():
        for one in earlier:
            remarks[other].append(f"{TWICE} line {one + 1}")
            remarks[one].append(f"{TWICE} line {other + 1}")
    return [replace(one, remarks=tuple(of)) for one, of in zip(lines, remarks, strict=True)]


def _day(line: Line) -> str:
    """The day it was, where that is certain to be one; else its time as stated."""
    if line.told is None:
        return f"silence {line.cells['start']}"
    occurred = line.told.occurred
    return occurred.text if occurred.day is None else occurred.day.isoformat()


_FREE: Final = (
    *("source", "people", "text", "seen", "response", "decision", "comment", "significance"),
    *("start_time", "end_time"),
)
_THEIRS: Final = ("agency", "known_to")  # in a line of another's chronology they may name somebody


def _under_pseudonyms(line: Line, pseudonyms: Pseudonyms) -> Line:
    """The line with every name in its words replaced."""
    if line.told is None:
        return line
    cells, was = dict(line.cells), dict(line.was)
    event = line.told.fact.event
    theirs = _THEIRS if isinstance(event, ChronologyEntryRecorded) else ()
    for name in (*_FREE, *theirs):
        # written with pseudonyms already, or nobody's words
        if name in was or cells.get(name) == FORGOTTEN:
            continue
        coded = name in theirs and not isinstance(getattr(event, f"{name}_written"), Personal)
        replacing = pseudonyms.in_identifiers if coded else pseudonyms.replaced
        found = replacing(cells.get(name, ""))
        if found.was:
            cells[name], was[name] = found.text, found.was
    return replace(line, cells=cells, was={name: of for name, of in was.items() if of})
