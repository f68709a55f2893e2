"""The minutes of one conference, drafted from what is recorded of it.

Each entry says what it is in the words of the record. A copy for somebody covers the parts of the
meeting it names; what else is left out is said where it would stand, with its ground and who
decided it (R165). A forgotten passage is shown as forgotten.

An entry may say in which part of the meeting it fell: it stands under that part, and in a copy that
does not cover it is withheld. Of what names no part, a copy that does not cover every part for
professionals only has nothing on the person alleged to have caused harm; of the rest it has what
whoever decides on the copy leaves in: what is to be left out they name (`produce-redacted-copy`).

The minutes of a case that is read in another are drafted there too, of all that is read there of
the meeting; each entry stands with the number it has in the case it was recorded in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import partial
from typing import Any, Final
from uuid import UUID

from api.chronologies.dates import write_date
from api.chronologies.writing import said
from api.commands.wording import said_of, what_happened
from api.minutes.page import Page, Section, Table
from api.names import Names
from api.office import Office
from api.standing import Stands
from domain.concern import Alleged
from domain.drafting import MinutePassageAttested, MinutePassageWritten
from domain.minutes import RedactedCopyProduced, Redaction
from domain.plan import Action, Terms
from domain.refusal import NotFound, Refused
from domain.words import ConferenceRef, Fact

# By section, the events that stand in it; what is in none of these is not of the minutes.
_SECTIONS: Final[Mapping[str, str]] = {
    "adults_words": "adult-views-obtained adult-views-presented adult-non-attendance-recorded"
    " adult-attendance-view-recorded adult-declined-attendance advocate-contributed",
    "attendance": "",
    "previous_minutes": "previous-minutes-considered",
    "reports": "report-tabled chronology-tabled report-considered written-contribution-received",
    "considerations": "agenda-item-considered risk-assessed need-assessed risk-explained-to-adult"
    " legal-advice-considered regulatory-action-considered proceedings-considered"
    " no-further-action-considered information-shared",
    "discussion": "",
    "findings": "abuse-finding adult-at-risk-status-determined dissent-recorded"
    " residual-concern-action-decided agency-position-recorded agency-agreement-recorded",
    "decisions": "protection-order-considered regulatory-referral-decided"
    " information-sharing-decided information-requested further-conference-decided",
    "plan": "plan-agreed plan-revised plan-not-required plan-not-agreed plan-reviewed"
    " plan-coordinator-designated monitoring-responsibility-assigned contingency-agreed"
    " plan-sharing-agreed adult-plan-involvement-recorded adult-plan-views-sought"
    " review-delegated-to-care-management action-agreed support-service-agreed"
    " carer-assessment-offered core-group-held",
    "pach": "pach-action-decided pach-actions-reviewed",
    "feedback": "feedback-responsibility-assigned challenge-contact-named pach-feedback-decided",
}
_CLOSED: Final = "pach"
_NOT_THERE: Final = "Withheld: a part the recipient did not attend."
_PEOPLE: Final = ("assignee", "owner_worker", "coordinator", "worker")  # workers a line names


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """For whom: the parts it covers, none meaning all, and the event that leaves something out.

    `redacted_at` is the version of a `RedactedCopyProduced`: of the case that is asked, or, where
    that has none there, of one that is read in it.
    """

    parts: tuple[int, ...] = ()
    redacted_at: int | None = None


def cases_of(found: Stands, ref: ConferenceRef) -> frozenset[UUID]:
    """The cases that a look at the minutes of a conference is a look at, where it is several."""
    told = {fact.stream for fact in _meeting(found, ref)} | {found.facts[0].stream}
    return frozenset(told) if len(told) > 1 else frozenset()


def _meeting(found: Stands, ref: ConferenceRef) -> list[Fact[Any]]:
    return [one for one in found.understood if getattr(one.event, "conference", None) == ref]


def drafted(
    office: Office, found: Stands, ref: ConferenceRef, copy: Copy
) -> tuple[Page, tuple[int, ...]]:
    """Draft the minutes of a conference; with them the positions of the entries they were made of.

    Raises:
        NotFound: there is no such conference, it is not recorded as held, it has no such part, or
            no such copy of its minutes is recorded.
    """
    case = found.case
    sitting = case.sitting.sittings.get(ref)
    if sitting is None:
        raise NotFound("No such conference is recorded as held in this case.")
    if not set(copy.parts) <= sitting.part_numbers:
        raise NotFound("That conference has no such part.")
    writing = _Writing(office, found, ref, copy)
    sections = tuple(writing.sections())
    day = sitting.held.day or found.facts[-1].recorded_at
    dated = datetime.combine(day, time(), UTC)
    conference = case.conferences[ref]
    kind = office.jurisdiction.label("conference_kind", conference.kind)
    lead = [f"{kind}, number {conference.sequence} of this case, {write_date(sitting.held.when)}."]
    elsewhere = sorted(cases_of(found, ref) - {found.facts[0].stream})
    if elsewhere:
        told = ", ".join(f"case {str(one)[:8]}" for one in elsewhere)
        lead.append(f"Of what was recorded in {told}, which is read in this one.")
    if copy.parts:
        lead.append(f"This copy covers: {', '.join(f'part {one}' for one in copy.parts)}.")
    lead.append("Drafted from the record. Not approved unless its digest is that of the master.")
    article = "an" if kind[0].lower() in "aeiou" else "a"
    title = f"Minutes of {article} {kind[0].lower()}{kind[1:]}"
    page = Page(title=title, dated=dated, lead=tuple(lead), sections=sections)
    return page, tuple(sorted(writing.used))


class _Writing:
    """Writes the sections of one document."""

    def __init__(self, office: Office, found: Stands, ref: ConferenceRef, copy: Copy) -> None:
        case, met = found.case, _meeting(found, ref)
        parts = case.sitting.sittings[ref].parts
        self._nation = office.jurisdiction
        self._allegations = case.allegations
        self._names = Names(office)
        self._met = met
        self._parts, self._chosen = parts, set(copy.parts)
        self._covers = self._chosen or {one.number for one in parts}
        self._whole = {one.number for one in parts if one.professionals_only} <= self._covers
        self._redactions = tuple(_redactions(met, copy.redacted_at, found.facts[0].stream))
        self.used = {one.position for one in met if one.header.name in _HELD}

    def sections(self) -> Iterator[Section]:
        """Every section that says something, in the order of the list."""
        for code, names in _SECTIONS.items():
            title = self._nation.label("minutes_section", code)
            ground = self._left_out(code)
            if ground is not None:
                yield Section(title=title, paragraphs=(ground,))
            elif code == "attendance":
                yield from self._attendance(title)
            else:
                yield from self._by_part(title, code, names.split())

    def _by_part(self, title: str, code: str, names: Sequence[str]) -> Iterator[Section]:
        """A section: what names no part first, then what fell in each, under its number."""
        told = [one for one in self._met if one.header.name in names]
        passages = self._passages(code)
        parts = {getattr(one.event, "part", None) for one in told} | {part for part, _ in passages}
        closed = code == _CLOSED and not self._whole
        for part in (None, *sorted(one for one in parts if one is not None)):
            ground = _NOT_THERE if closed and part is None else self._part_left_out(part)
            if closed and part is not None and ground == _NOT_THERE:
                continue  # that is said of the section already
            lines = [] if ground is None else [ground]
            if ground is None:
                of_it = (one for one in told if getattr(one.event, "part", None) == part)
                lines += [line for one in of_it for line in self._lines(one)]
                lines += [write() for of, write in passages if of == part]
            if lines:
                alone = part is None or len(self._parts) == 1
                heading = title if alone else f"{title}: part {part}"
                yield Section(title=heading, paragraphs=tuple(lines))

    def _left_out(self, code: str) -> str | None:
        """Why a whole section is left out, where whoever decided on the copy says so."""
        for one, by in self._redactions:
            if code in one.sections:
                return self._withheld(one, by)
        return None

    def _part_left_out(self, part: int | None) -> str | None:
        """Why what fell in a part is left out; None where it is not, or fell in no part named."""
        if part is None:
            return None
        for one, by in self._redactions:
            if one.part == part:
                return self._withheld(one, by)
        return _NOT_THERE if self._chosen and part not in self._chosen else None

    def _withheld(self, one: Redaction, by: UUID) -> str:
        ground = self._nation.label("redaction_ground", one.ground).lower()
        if one.ground == "other" and one.ground_other is not None:
            ground = said(one.ground_other)
        return f"Withheld: {ground}. Decided by {self._names.worker(one.decided_by or by)}."  # type: ignore[arg-type]  # a header names a worker

    def _attendance(self, title: str) -> Iterator[Section]:
        for part in self._parts:
            heading = title if len(self._parts) == 1 else f"{title}: part {part.number}"
            cut = [(one, by) for one, by in self._redactions if one.part == part.number]
            if cut:
                yield Section(title=heading, paragraphs=(self._withheld(*cut[0]),))
            elif part.number not in self._covers:
                yield Section(title=heading, paragraphs=(_NOT_THERE,))
            else:
                rows = tuple(
                    (
                        said(line.role_other)
                        if line.role_other is not None
                        else self._nation.label("participant_role", line.role),
                        line.organisation or "",
                        self._nation.label("attendance", line.attendance),
                        "" if line.participation is None else said(line.participation),
                    )
                    for line in part.attendances
                )
                heads = ("Who", "For", "Attendance", "Part they took")
                yield Section(title=heading, table=Table(heads=heads, rows=rows))

    def _lines(self, fact: Fact[Any]) -> Iterator[str]:
        """An entry; of a plan, each action on a line of its own; of a finding, what it is on."""
        self.used.add(fact.position)
        terms = getattr(fact.event, "terms", None)
        actions: tuple[Action, ...] = ()
        if isinstance(terms, Terms):
            actions = terms.actions
            event = replace(fact.event, terms=replace(terms, actions=()))
            fact = replace(fact, event=event)
        yield self._line(fact)
        for number, action in enumerate(actions, start=1):
            words = [*said_of(action, self._nation), *self._workers(action)]
            yield f"Action {number}: {' · '.join(words)}"

    def _line(self, fact: Fact[Any]) -> str:
        said_first = what_happened(fact, self._nation)
        alleged = self._allegations.get(getattr(fact.event, "allegation", None))  # type: ignore[arg-type]  # None is no key
        about = [] if alleged is None else [f"on: {', '.join(self._alleged(alleged))}"]
        return " · ".join([said_first, *about, *self._workers(fact.event)])

    def _alleged(self, alleged: Alleged) -> Iterator[str]:
        for name, code in (
            ("abuse_type", alleged.type),
            ("source_of_risk", alleged.source),
            ("location", alleged.location),
        ):
            yield self._nation.label(name, code)

    def _workers(self, value: object) -> Iterator[str]:
        for field in _PEOPLE:
            if (worker := getattr(value, field, None)) is not None:
                yield f"{field.replace('_', ' ')}: {self._names.worker(worker)}"

    def _passages(self, code: str) -> list[tuple[int | None, Callable[[], str]]]:
        """The passages of a section as last written, each with its part, and what writes it."""
        written: dict[int, Fact[Any]] = {}
        attested: dict[int, str] = {}  # by position
        places = {(one.stream, one.version): one.position for one in self._met}
        for one in self._met:
            if isinstance(one.event, MinutePassageWritten):
                written[one.event.number] = one
            elif isinstance(one.event, MinutePassageAttested):
                by = self._names.worker(one.event.attested_by)
                # An entry of another case is named by its position there (`domain.joined`).
                stood = (places.get((one.stream, of), -of) for of in one.event.versions)
                attested |= dict.fromkeys(stood, by)
        return [
            (one.event.part, partial(self._passage, one, attested.get(one.position, "nobody")))
            for _number, one in sorted(written.items())
            if one.event.section == code
        ]

    def _passage(self, one: Fact[Any], attested: str) -> str:
        """A passage with how it was made and who attested it, or why it is left out."""
        event = one.event
        for left, who in self._redactions:
            if event.number in left.passages:
                return f"{event.number}. {self._withheld(left, who)}"
        self.used.add(one.position)
        origin = self._nation.label("passage_origin", event.origin)
        made = [f"{origin} ({event.tool})" if event.tool else origin]
        made.append(f"written by {self._names.worker(event.written_by)}")
        made.append(f"attested by {attested}")
        return f"{event.number}. {said(event.text)} [{'; '.join(made)}]"


_HELD: Final = frozenset({"conference-held", "core-group-held", "conference-part-held"})


def _redactions(
    met: Sequence[Fact[Any]], version: int | None, case: UUID
) -> Iterator[tuple[Redaction, UUID]]:
    """What a recorded copy leaves out, each with who recorded the copy.

    Raises:
        NotFound: no such copy is recorded.
        Refused: it leaves something out that no machine finds, or two cases have such a copy.
    """
    if version is None:
        return
    copies = [
        one for one in met if one.version == version and isinstance(one.event, RedactedCopyProduced)
    ]
    copies = [one for one in copies if one.stream == case] or copies
    if not copies:
        raise NotFound("No such copy of the minutes of this conference is recorded.")
    if len(copies) > 1:
        words = "Two cases have a copy under that number: open it in the case it was recorded in."
        raise Refused("which_copy", "R165", words)
    for cut in copies[0].event.redactions:
        if not (cut.part or cut.sections or cut.passages):
            words = "That copy leaves something out at a place only people can find."
            raise Refused("no_place", "R165", words)
        yield cut, copies[0].header.performed_by
