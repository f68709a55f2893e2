"""The minutes of one conference, drafted from what is recorded of it.

Each entry is told in the sentence the story of the case has for it. A copy for somebody covers the
parts of the meeting it names; what else is left out is said where it would stand, with its ground
and who decided it (R165). A forgotten passage is shown as forgotten.

Events of a meeting do not say in which part they fell. So a copy that does not cover every part for
professionals only has no action, proceedings or feedback about the person alleged to have caused
harm. Of the rest it has what whoever decides on the copy leaves in: what is to be left out they
name (`produce-redacted-copy`). Privileged advice is said to have been given, and never what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID

from api.chronologies.writing import said
from api.minutes.agenda import considered
from api.minutes.contents import ABOUT_HARM, CLOSED, HELD, SECTIONS, belongs, beside
from api.minutes.grid import agency_cell, grid, missing
from api.minutes.page import Page, Section, Table
from api.names import Names
from api.office import Office
from api.pages.words import day as day_in_words
from api.story.saying import Voice, agency, parts_of
from api.story.saying import time as time_in_words
from domain.advice import LegalAdviceObtained
from domain.assessment import CapacityDecisionRecorded
from domain.case import Case
from domain.concern import Allegation
from domain.corrected import standing
from domain.determination import AbuseFinding
from domain.drafting import MinutePassageAttested, MinutePassageWritten
from domain.enabling import AccessArrangementsMade
from domain.grid import Part
from domain.invitation import ChairAppointed, MinuteTakerAppointed, ParticipantInvited
from domain.minutes import MinutesApproved, RedactedCopyProduced, Redaction
from domain.plan import Action, Terms
from domain.refusal import NotFound, Refused
from domain.sitting import CoreGroupHeld
from domain.tabling import ReportShared
from domain.when import LONDON, When
from domain.words import Code, ConferenceRef, Fact, ParticipantRef, PersonRef, WorkerRef

_NOT_THERE: Final = "Withheld: a part the recipient did not attend."
_ACTIONS: Final = ("No", "What is to be done", "By whom", "By when", "What it is for")
_ONE_ACTION: Final = "action-agreed"
_NOT_KNOWN: Final = Code("not_known")
_MOST: Final = 3  # letters of an abbreviation that keeps its capitals

Paragraph = str | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """For whom: the parts it covers, none meaning all, and the event that leaves something out."""

    parts: tuple[int, ...] = ()
    redacted_at: int | None = None  # the case version of a RedactedCopyProduced


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A document with what it was made of: the versions of its entries, and whom it names."""

    page: Page
    used: tuple[int, ...]
    named: tuple[PersonRef, ...]


def nobody(_ref: PersonRef) -> str | None:
    """The names of persons, for whoever may not know them."""
    return None


def drafted(
    office: Office,
    case: Case,
    facts: Sequence[Fact[Any]],
    ref: ConferenceRef,
    copy: Copy,
    *,
    person: Callable[[PersonRef], str | None] = nobody,
) -> Drafted:
    """Draft the minutes of a conference. `person` gives the names that the reader may know.

    Raises:
        NotFound: there is no such conference, it is not recorded as held, it has no such part, or
            no such copy of its minutes is recorded.
    """
    sitting = case.sitting.sittings.get(ref)
    if sitting is None:
        raise NotFound("No such conference is recorded as held in this case.")
    if not set(copy.parts) <= sitting.part_numbers:
        raise NotFound("That conference has no such part.")
    named = set[PersonRef]()

    def naming(who: PersonRef) -> str | None:
        name = person(who)
        if name is not None:
            named.add(who)
        return name

    writing = _Writing(office, case, facts, ref, copy, person=naming)
    sections = tuple(writing.sections())
    kind = office.jurisdiction.label("conference_kind", case.conferences[ref].kind)
    article = "an" if kind[0].lower() in "aeiou" else "a"
    on = sitting.held.day or facts[-1].recorded_at.date()
    page = Page(
        title=f"Minutes of {article} {_low(kind)}",
        dated=datetime.combine(on, time(), UTC),
        lead=tuple(writing.lead()),
        sections=sections,
    )
    return Drafted(page=page, used=tuple(sorted(writing.used)), named=tuple(sorted(named)))


class _Writing:
    """Writes the sections of one document."""

    def __init__(
        self,
        office: Office,
        case: Case,
        facts: Sequence[Fact[Any]],
        ref: ConferenceRef,
        copy: Copy,
        *,
        person: Callable[[PersonRef], str | None],
    ) -> None:
        sitting = case.sitting.sittings[ref]
        stood = tuple(standing(facts))
        self._case, self._ref, self._copy = case, ref, copy
        self._nation, self._names = office.jurisdiction, Names(office)
        self._held: When = sitting.held.when
        self._day: date | None = sitting.held.day
        self._parts = sitting.parts
        self._met = [one for one in stood if getattr(one.event, "conference", None) == ref]
        self._beside = tuple(
            beside(stood, self._day, sitting.held.position, _before(case, self._day))
        )
        self._covers = set(copy.parts) or {one.number for one in self._parts}
        self._whole = {one.number for one in self._parts if one.professionals_only} <= self._covers
        self._redactions = tuple(_redactions(self._met, copy.redacted_at))
        self._voice = Voice(
            nation=self._nation,
            worker=lambda who: self._names.worker(WorkerRef(who)),
            person=person,
            adult=case.adult,
        )
        self._voice.learn(stood)
        self._voice.things[ref] = "this meeting"
        self._alleged = {
            part.ref: part for one in stood for part in parts_of(one.event, Allegation)
        }
        self.used = {one.version for one in self._met if one.header.name in HELD}

    # ------------------------------------------------------------------------------ the head

    def lead(self) -> Iterator[str]:
        """Which meeting this is of, who led it, whom the copy is for, and what it is worth."""
        conference = self._case.conferences[self._ref]
        kind = self._nation.label("conference_kind", conference.kind)
        yield (
            f"{kind}, number {conference.sequence} of this case, held on"
            f" {time_in_words(self._held)}{_parts_of(self._parts)}."
        )
        adult = self._case.adult
        if adult is not None and (name := self._voice.person(adult)) is not None:
            yield f"About {name}."
        yield from self._led()
        if self._copy.parts:
            parts = ", ".join(f"part {one}" for one in self._copy.parts)
            yield f"This copy covers: {parts}. Whatever is withheld says so where it would stand."
        approved = [one.event for one in self._met if isinstance(one.event, MinutesApproved)]
        if approved:
            by = self._names.worker(approved[-1].approved_by)
            yield (
                f"Drafted from the record. {by} approved the minutes of this conference; this"
                " document is not approved unless its digest is that of the master."
            )
        else:
            yield "Drafted from the record. Not approved unless its digest is that of the master."

    def _led(self) -> Iterator[str]:
        """The chair, the minute taker, and the place."""
        for one in self._last(ChairAppointed):
            role = self._nation.label("chair_role", one.role)
            of = agency(one.organisation)
            yield f"Chair: {self._names.worker(one.chair)} ({_low(role)}, {of})."
        for one in self._last(MinuteTakerAppointed):
            yield f"Minutes taken by: {self._names.worker(one.minute_taker)}."
        for one in self._last(AccessArrangementsMade):
            if one.venue is not None:
                yield f"Place: {said(one.venue)}"

    def _last(self, kind: type[Any]) -> list[Any]:
        """The last event of a kind at this meeting, whose entry is then used."""
        found = [one for one in self._met if isinstance(one.event, kind)][-1:]
        self.used |= {one.version for one in found}
        return [one.event for one in found]

    # -------------------------------------------------------------------------- the sections

    def sections(self) -> Iterator[Section]:
        """Every section that says something, in the order of the list."""
        for code, names in SECTIONS.items():
            title = self._nation.label("minutes_section", code)
            ground = self._left_out(code)
            if ground is not None:
                yield Section(title=title, paragraphs=(ground,))
                continue
            told = [one for one in self._met if one.header.name in names.split()]
            told += [one for one in self._beside if belongs(one) == code]
            told.sort(key=lambda one: one.position)
            lines = list[Paragraph]()
            for one in told:  # what is withheld is said once
                lines += [line for line in self._entry(one) if line not in lines]
            lines += self._passages(code)
            if code == "attendance":
                yield from self._attendance(title, lines)
                continue
            table = self._table(code, told)
            lines += self._due() if code == "decisions" else ()
            if lines or table is not None:
                yield Section(title=title, paragraphs=tuple(lines), table=table)

    def _left_out(self, code: str) -> str | None:
        for one, by in self._redactions:
            if code in one.sections:
                return self._withheld(one, by)
        if code == CLOSED and not self._whole:
            return _NOT_THERE
        return None

    def _harm_left_out(self) -> str | None:
        """What stands in place of anything about the person alleged to have caused harm."""
        return self._left_out(CLOSED)

    def _withheld(self, one: Redaction, by: UUID) -> str:
        ground = _low(self._nation.label("redaction_ground", one.ground))
        if one.ground == "other" and one.ground_other is not None:
            ground = said(one.ground_other)
        decider = self._names.worker(WorkerRef(one.decided_by or by))
        return f"Withheld: {ground}. Decided by {decider}."

    def _table(self, code: str, told: Sequence[Fact[Any]]) -> Table | None:
        if code == "considerations":
            kind = self._case.conferences[self._ref].kind
            table, used = considered(self._met, kind, self._nation, self._harm_left_out)
            self.used |= used
            return table
        if code == "plan":
            return self._actions(told)
        return None

    # --------------------------------------------------------------------------- who was there

    def _attendance(self, title: str, lines: Sequence[Paragraph]) -> Iterator[Section]:
        """The parts, one table each, after what was decided on who comes."""
        asked: dict[ParticipantRef, ParticipantInvited] = {}
        for one in self._met:
            if isinstance(one.event, ParticipantInvited):
                asked[one.event.participant] = one.event
                self.used.add(one.version)
        if left := missing(self._parts, asked, self._voice):
            lines = [*lines, "Asked, and not recorded as there or away:", tuple(left)]
        if lines and len(self._parts) != 1:
            yield Section(title=title, paragraphs=tuple(lines))
            lines = ()
        for part in self._parts:
            heading = title if len(self._parts) == 1 else f"{title}: part {part.number}"
            cut = [(one, by) for one, by in self._redactions if one.part == part.number]
            if cut:
                yield Section(title=heading, paragraphs=(self._withheld(*cut[0]),))
            elif part.number not in self._covers:
                yield Section(title=heading, paragraphs=(_NOT_THERE,))
            else:
                told = (*lines, *self._about(part))
                yield Section(title=heading, paragraphs=told, table=grid(part, asked, self._voice))

    def _about(self, part: Part) -> Iterator[str]:
        """When a part was, and why there was one."""
        times = [_clock(one, self._day) for one in (part.started, part.ended) if one is not None]
        reason = self._nation.label("part_reason", part.reason)
        whose = ["For professionals only"] if part.professionals_only else []
        why = [] if part.reason in {"whole", "not_recorded"} else [reason]
        told = [" to ".join(times), *whose, *why]
        if any(told):
            yield ". ".join(filter(None, told)) + "."

    # ------------------------------------------------------------------------- what was said

    def _entry(self, fact: Fact[Any]) -> Iterator[Paragraph]:
        """An entry in its sentence, and what stands below it as a list."""
        event = fact.event
        if fact.header.name in ABOUT_HARM and (cut := self._harm_left_out()) is not None:
            whom = self._nation.terms["person_causing_harm"]
            yield f"About the {whom}: {_low(cut)}"
            return
        part = getattr(event, "part", None)
        if fact.header.name == "conference-part-planned" and part not in self._covers:
            return  # its reason is withheld with the part
        self.used.add(fact.version)
        if fact.header.name == _ONE_ACTION:
            return  # it stands in the table of actions
        words, lines = self._voice.say(replace(fact, event=self._shown(event)))
        yield f"{self._when(fact)}{words}"
        if isinstance(event, AbuseFinding) and event.allegation in self._alleged:
            yield self._voice.item(self._alleged[event.allegation])
        if lines:
            yield tuple(line.strip() for line in lines)

    def _shown(self, event: Any) -> Any:  # noqa: ANN401 — any event
        """The event without what stands elsewhere in the document, or may not stand in it."""
        terms = getattr(event, "terms", None)
        if isinstance(terms, Terms):
            return replace(event, terms=replace(terms, actions=()))
        if isinstance(event, LegalAdviceObtained) and event.privileged != "no":
            return replace(event, advice=None)
        if isinstance(event, CapacityDecisionRecorded):  # what was found, and not how
            return replace(event, evidence=None, support=None)
        if isinstance(event, CoreGroupHeld):  # who was there, and what is due, stand elsewhere
            return replace(
                event, parts=(), minutes_due=None, next_core_group=None, decisions_due=None
            )
        if isinstance(event, ReportShared):
            return replace(event, permission=None)  # which says it itself, just before
        if hasattr(event, "alleged_to_have_caused_harm") and self._harm_left_out() is not None:
            return replace(event, alleged_to_have_caused_harm=_NOT_KNOWN)
        return event

    def _when(self, fact: Fact[Any]) -> str:
        """When it was, where that is not the day of the meeting."""
        when = fact.occurred
        if when.day is not None and when.day == self._day:
            return ""
        told = time_in_words(when)
        return f"{told[:1].upper()}{told[1:]}: "

    def _due(self) -> Iterator[str]:
        """What the meeting made due."""
        for one in self._met:
            if one.header.name in HELD:
                for name, words in (
                    ("next_core_group", "The next core group is due by"),
                    ("next_review", "The next review is due by"),
                ):
                    if (due := getattr(one.event, name, None)) is not None:
                        yield f"{words} {day_in_words(due.on)}."

    def _actions(self, told: Iterable[Fact[Any]]) -> Table | None:
        """Every action the meeting agreed: what, by whom, by when, and for which wish."""
        actions: list[Action | Any] = []
        for one in told:
            terms = getattr(one.event, "terms", None)
            actions += terms.actions if isinstance(terms, Terms) else ()
            actions += [one.event] if one.header.name == _ONE_ACTION else []
        rows = tuple(
            (
                str(number),
                self._what(one),
                self._owner(one),
                "" if one.due is None else day_in_words(one.due),
                "" if one.outcome is None else self._voice.things.get(one.outcome, ""),
            )
            for number, one in enumerate(actions, start=1)
        )
        return Table(heads=_ACTIONS, rows=rows) if rows else None

    def _owner(self, action: Any) -> str:  # noqa: ANN401 — as of `_what`
        """The agency that is to do it, and in person whom."""
        agencies = [] if action.owner is None else [agency_cell(action.owner)]
        worker = action.owner_worker
        told = [*agencies, *([] if worker is None else [self._names.worker(worker)])]
        return ", ".join(told)

    def _what(self, action: Any) -> str:  # noqa: ANN401 — an action of a plan, or one agreed alone
        kind = (
            said(action.kind_other)
            if action.kind_other is not None
            else self._nation.label("action_kind", action.kind)
        )
        target = self._nation.label("action_target", action.target)
        why = getattr(action, "rationale", None)
        told = "" if action.description is None else f" {said(action.description)}"
        reasons = "" if why is None else f" The reasons: {said(why)}"
        return f"{target}: {_low(kind)}.{told}{reasons}"

    def _passages(self, code: str) -> Iterator[str]:
        """The passages of a section as last written, each with how it was made and who attested."""
        written: dict[int, Fact[Any]] = {}
        attested: dict[int, str] = {}
        for one in self._met:
            if isinstance(one.event, MinutePassageWritten):
                written[one.event.number] = one
            elif isinstance(one.event, MinutePassageAttested):
                by = self._names.worker(one.event.attested_by)
                attested |= dict.fromkeys(one.event.versions, by)
        for number, one in sorted(written.items()):
            event = one.event
            if event.section != code:
                continue
            # What was decided about this very passage says more than what was about its part.
            cut = [one for one in self._redactions if number in one[0].passages]
            cut += [one for one in self._redactions if one[0].part == (event.part or -1)]
            if cut:
                yield f"{number}. {self._withheld(*cut[0])}"
            elif event.part is not None and event.part not in self._covers:
                yield f"{number}. {_NOT_THERE}"
            else:
                self.used.add(one.version)
                made = "; ".join(self._made(event, attested.get(one.version, "nobody")))
                yield f"{number}. {said(event.text)} [{made}]"

    def _made(self, event: MinutePassageWritten, attested: str) -> Iterator[str]:
        """How a passage was made, by whom, and who stands by it."""
        origin = self._nation.label("passage_origin", event.origin)
        yield f"{origin} ({event.tool})" if event.tool else origin
        yield f"written by {self._names.worker(event.written_by)}"
        if event.amendment is not None:
            yield "as amended on request"
        yield f"attested by {attested}"


def _clock(value: When, day: date | None) -> str:
    """A time inside the day of the meeting: its hour alone."""
    moment = value.earliest
    if "T" not in value.text or moment is None or value.uncertain:
        return time_in_words(value)
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M}" if local.date() == day else time_in_words(value)


def _before(case: Case, held: date | None) -> date | None:
    """The day of the last meeting before, where there was one."""
    days = [one.held.day for one in case.sitting.sittings.values() if one.held.day is not None]
    return max((one for one in days if held is not None and one < held), default=None)


def _parts_of(parts: Sequence[Part]) -> str:
    return "" if len(parts) == 1 else f", in {len(parts)} parts"


def _low(label: str) -> str:
    """A label inside a sentence; an abbreviation keeps its capitals."""
    first = label.split(" ", 1)[0]
    return label if first[:_MOST].isupper() and len(first) > 1 else label[:1].lower() + label[1:]


def _redactions(met: Sequence[Fact[Any]], version: int | None) -> Iterator[tuple[Redaction, UUID]]:
    """What a recorded copy leaves out, each with who recorded the copy. Raises NotFound."""
    if version is None:
        return
    for one in met:
        if one.version == version and isinstance(one.event, RedactedCopyProduced):
            for cut in one.event.redactions:
                if not (cut.part or cut.sections or cut.passages):
                    words = "That copy leaves something out at a place only people can find."
                    raise Refused("no_place", "R165", words)
                yield cut, one.header.performed_by
            return
    raise NotFound("No such copy of the minutes of this conference is recorded.")
