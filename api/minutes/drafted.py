"""The minutes of one conference, drafted from what is recorded of it.

Each entry is told in the sentence the story of the case has for it. A copy for somebody covers the
parts of the meeting it names; what else is left out is said where it would stand, with its ground
and who decided it (R165). A forgotten passage is shown as forgotten.

An entry may say in which part of the meeting it fell: it stands under that part, and in a copy that
does not cover it is withheld; so is what names a report that lay before that part alone. Of what
names no part, a copy that leaves out a part for professionals only has no action, proceedings or
feedback about the person alleged to have caused harm; of the rest it has what whoever decides on
the copy leaves in: what is to be left out they name (`produce-redacted-copy`). Privileged advice is
said to have been given, and never what it was.

Of the minutes themselves they say what was asked to be changed, and who has them (`amended`,
`circulated`): minutes drafted before anything was sent say nothing of it.

The minutes of a case that is read in another are drafted there too, of all that is read there of
the meeting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from api.chronologies.writing import said
from api.minutes.actions import ONE_ACTION, actions
from api.minutes.agenda import considered
from api.minutes.amended import amended
from api.minutes.circulated import Listed, circulated
from api.minutes.company import Company
from api.minutes.contents import (
    ABOUT_PART,
    AT_IT,
    CLOSED,
    HELD,
    SECTIONS,
    WHO_HARMED,
    about_harm,
    apart,
    belongs,
    beside,
    done_since,
    section_of,
    where_tabled,
)
from api.minutes.grid import grid, missing
from api.minutes.left_out import LeftOut, copy_at, low, part_of, redactions
from api.minutes.page import Page, Paragraph, Section, Table
from api.minutes.passages import Passages
from api.minutes.shown import chair, chair_again, clock, in_parts, parts_apart, without
from api.minutes.things import Things
from api.names import Names
from api.office import Office
from api.pages.words import day as day_in_words
from api.standing import Stands
from api.story.meeting import STOOD
from api.story.saying import Voice, parts_of
from api.story.saying import time as time_in_words
from domain.case import Case
from domain.concern import Allegation
from domain.determination import AbuseFinding
from domain.enabling import AccessArrangementsMade
from domain.grid import Part
from domain.invitation import ChairAppointed, MinuteTakerAppointed, ParticipantInvited
from domain.minutes import MinutesApproved
from domain.refusal import NotFound
from domain.when import When
from domain.words import Code, ConferenceRef, Fact, ParticipantRef, PersonRef, WorkerRef

_UNSAID: Final = Code("not_recorded")  # of which no sentence says anything
_ALLEGED: Final = "alleged_to_have_caused_harm"
# The procedure has it of reports (R23); whoever is sent the minutes is to know it of them too.
CONFIDENTIAL: Final = (
    "Confidential: for those it is sent to. Ask the chair before showing it to anybody else."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """For whom: the parts it covers, none meaning all, and the event that leaves something out.

    `redacted_at` is the version of a `RedactedCopyProduced`: of the case that is asked, or, where
    that has none there, of one that is read in it.
    """

    parts: tuple[int, ...] = ()
    redacted_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A document with what it was made of: the positions of its entries, and whom it names."""

    page: Page
    used: tuple[int, ...]
    named: tuple[PersonRef, ...]


def cases_of(found: Stands, ref: ConferenceRef) -> frozenset[UUID]:
    """The cases that a look at the minutes of a conference is a look at, where it is several."""
    met, belonging = _told_of(found, ref)
    told = {fact.stream for fact in (*met, *belonging)} | {found.facts[0].stream}
    return frozenset(told) if len(told) > 1 else frozenset()


def _told_of(
    found: Stands, ref: ConferenceRef
) -> tuple[tuple[Fact[Any], ...], tuple[Fact[Any], ...]]:
    """What names a conference, and what belongs to it beside that."""
    met = where_tabled(
        one for one in found.understood if getattr(one.event, "conference", None) == ref
    )
    sitting = found.case.sitting.sittings.get(ref)
    if sitting is None:
        return met, ()
    day, position = sitting.held.day, sitting.held.position
    met = tuple(one for one in met if not done_since(one, sitting.held.when))
    return met, tuple(beside(found.understood, day, position, _before(found.case, day)))


def nobody(_ref: PersonRef) -> str | None:
    """The names of persons, for whoever may not know them."""
    return None


def drafted(
    office: Office,
    found: Stands,
    ref: ConferenceRef,
    copy: Copy,
    *,
    person: Callable[[PersonRef], str | None] = nobody,
) -> Drafted:
    """Draft the minutes of a conference. `person` gives the names that the reader may know.

    Raises:
        NotFound: there is no such conference, it is not recorded as held, it has no such part, or
            no such copy of its minutes is recorded.
        Refused: the copy leaves something out that no machine finds, or two cases have such a one.
    """
    sitting = found.case.sitting.sittings.get(ref)
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

    writing = _Writing(office, found, ref, copy, person=naming)
    sections = tuple(writing.sections())
    convened = found.case.conferences.get(ref)  # none where its convening does not stand
    kind = "conference"
    if convened is not None:
        kind = office.jurisdiction.label("conference_kind", convened.kind)
    article = "an" if kind[0].lower() in "aeiou" else "a"
    on = sitting.held.day or found.facts[-1].recorded_at.date()
    page = Page(
        title=f"Minutes of {article} {low(kind)}",
        dated=datetime.combine(on, time(), UTC),
        lead=tuple(writing.lead()),
        sections=sections,
    )
    used = writing.used | writing.things.used
    return Drafted(page=page, used=tuple(sorted(used)), named=tuple(sorted(named)))


class _Writing:
    """Writes the sections of one document."""

    def __init__(
        self,
        office: Office,
        found: Stands,
        ref: ConferenceRef,
        copy: Copy,
        *,
        person: Callable[[PersonRef], str | None],
    ) -> None:
        sitting, case = found.case.sitting.sittings[ref], found.facts[0].stream
        self._case, self._ref, self._copy = found.case, ref, copy
        self._nation, self._names = office.jurisdiction, Names(office, found.clocks.as_at)
        self._held: When = sitting.held.when
        self._day: date | None = sitting.held.day
        self._parts = sitting.parts
        self._days_apart = parts_apart(sitting, found.case.sitting.told.get(ref, {}))
        self._met, self._beside = _told_of(found, ref)
        self._elsewhere = sorted(cases_of(found, ref) - {case})
        self._redacted = copy_at(self._met, copy.redacted_at, case)
        self._left = LeftOut(
            parts=tuple(self._parts),
            chosen=frozenset(copy.parts),
            redactions=tuple(redactions(self._redacted)),
            nation=self._nation,
            worker=lambda who: self._names.worker(WorkerRef(who)),
        )
        self.things = Things()
        self._voice = Voice(
            nation=self._nation,
            worker=lambda who: self._names.worker(WorkerRef(who)),
            person=person,
            adult=found.case.adult,
            case=case,
            things=self.things,
        )
        told = (self._apart(one) for one in found.understood if not self._hidden(one))
        self.things.learn(told, self._voice)
        self.things[ref] = "this meeting"
        self._alleged = {
            part.ref: part for one in found.understood for part in parts_of(one.event, Allegation)
        }
        self.used = {one.position for one in self._met if one.header.name in HELD}
        self._passages = Passages(self._met, self._left, self._voice, self.used)

    def _hidden(self, fact: Fact[Any]) -> bool:
        """Whether the copy is not to have what an entry says, not even as what something is."""
        name = fact.header.name
        if name == WHO_HARMED:
            return self._left.harm(None) is not None
        if getattr(fact.event, "conference", None) == self._ref:
            section = section_of(fact)
            cut = None if section is None else self._left.section(section)
            return (self._left.entry(fact) or cut) is not None
        if about_harm(fact):  # of another meeting, or of none
            return self._left.harm(None) is not None
        return fact in self._beside and self._left.section(belongs(fact)) is not None

    # ------------------------------------------------------------------------------ the head

    def lead(self) -> Iterator[str]:
        """Which meeting this is of, who led it, whom the copy is for, and what it is worth."""
        yield CONFIDENTIAL
        convened = self._case.conferences.get(self._ref)
        on = f"held on {time_in_words(self._held)}{in_parts(self._parts, self._days_apart)}."
        if convened is None:
            yield f"Conference, {on} Its convening does not stand in the record."
        else:
            kind = self._nation.label("conference_kind", convened.kind)
            yield f"{kind}, number {convened.sequence} of this case, {on}"
        adult = self._case.adult
        if adult is not None and (name := self._voice.person(adult)) is not None:
            yield f"About {name}."
        yield from self._led()
        if self._elsewhere:
            told = ", ".join(f"case {str(one)[:8]}" for one in self._elsewhere)
            yield f"Of what was recorded in {told}, which is read in this one."
        if self._copy.parts:
            parts = ", ".join(f"part {one}" for one in self._copy.parts)
            yield f"This copy covers: {parts}. Whatever is withheld says so where it would stand."
        approved = [one for one in self._met if isinstance(one.event, MinutesApproved)]
        if approved:
            by, day = self._names.worker(approved[-1].event.approved_by), approved[-1].occurred.day
            on = "" if day is None else f" on {day_in_words(day)}"
            yield (
                f"Drafted from the record. {by} approved the minutes of this meeting{on}; this"
                " document is not approved unless its digest is that of the master."
            )
        else:
            yield "Drafted from the record. Not approved unless its digest is that of the master."

    def _led(self) -> Iterator[str]:
        """The chair, the minute taker, and the place."""
        for one in self._last(ChairAppointed):
            yield chair(one, self._names.worker(one.chair), self._nation)
        for one in self._last(MinuteTakerAppointed):
            yield f"Minutes taken by: {self._names.worker(one.minute_taker)}."
        for one in self._last(AccessArrangementsMade):
            if one.venue is not None:
                yield f"Place: {said(one.venue)}"

    def _last(self, kind: type[Any]) -> list[Any]:
        """The last event of a kind at this meeting, whose entry is then used."""
        found = [one for one in self._met if isinstance(one.event, kind)][-1:]
        self.used |= {one.position for one in found}
        return [one.event for one in found]

    # -------------------------------------------------------------------------- the sections

    def sections(self) -> Iterator[Section]:
        """Every section that says something, in the order of the list."""
        for code in SECTIONS:
            title = self._nation.label("minutes_section", code)
            ground = self._left.section(code)
            told = [one for one in self._met if section_of(one) == code]
            told += [one for one in self._beside if belongs(one) == code]
            # Where each agency stands on what was decided is read after it.
            told.sort(key=lambda one: (one.header.name in STOOD, one.position))
            if ground is not None:
                yield Section(title=title, paragraphs=(ground,))
            elif code == "attendance":
                yield from self._attendance(title, self._lines(code, told, None))
            else:
                yield from self._by_part(title, code, told)

    def _by_part(self, title: str, code: str, told: Sequence[Fact[Any]]) -> Iterator[Section]:
        """A section: what names no part first, then what fell in each, under its number."""
        passages = self._passages.of(code)
        numbers = {self._part_of(one) for one in told} | {one.event.part for one in passages}
        closed, whole = self._left.harm(None) if code == CLOSED else None, None
        for part in (None, *sorted(one for one in numbers if one is not None)):
            of_it = [one for one in told if self._part_of(one) == part]
            ground = closed if part is None else self._left.part(part)
            if ground is None:
                lines = self._lines(code, of_it, part)
                table = self._table(code, of_it, part)
            else:
                anything = bool(of_it) or any(one.event.part == part for one in passages)
                lines = [ground] if anything and ground != whole else []
                whole = ground if lines and part is None else whole  # of the whole section
                lines += self._cut(passages, part)
                table = None
            if lines or table is not None:
                heading = self._heading(title, part)
                yield Section(title=heading, paragraphs=tuple(lines), table=table)

    def _lines(self, code: str, told: Iterable[Fact[Any]], part: int | None) -> list[Paragraph]:
        """What a section says of a part, each entry and each passage; what is withheld, once."""
        lines = list[Paragraph]()
        for one in told:
            lines += [line for line in self._entry(one) if line not in lines]
        lines += self._due() if code == "decisions" and part is None else ()
        lines += self._lists[code].lines if code in self._lists and part is None else ()
        passages = self._passages.of(code)
        lines += [self._passages.say(one) for one in passages if one.event.part == part]
        return lines

    def _cut(self, passages: Iterable[Fact[Any]], part: int | None) -> Iterator[str]:
        """Of a part left out, the passages of which more was decided than of their part."""
        for one in passages:
            if one.event.part == part and self._left.passage(one.event.number) is not None:
                yield self._passages.say(one)

    def _part_of(self, fact: Fact[Any]) -> int | None:
        """The part in which an entry fell; of another meeting's no part is meant here."""
        here = getattr(fact.event, "conference", None) == self._ref
        return part_of(fact) if here else None

    def _heading(self, title: str, part: int | None) -> str:
        alone = part is None or len(self._parts) == 1
        return title if alone else f"{title}: part {part}"

    def _table(self, code: str, told: Sequence[Fact[Any]], part: int | None) -> Table | None:
        if code == "considerations" and part is None:
            convened = self._case.conferences.get(self._ref)
            kind = None if convened is None else convened.kind
            table, used = considered(self._met, kind, self._nation, self._left)
            self.used |= used
            return table
        if code in self._lists and part is None:
            self.used |= self._lists[code].used
            return self._lists[code].table
        return actions(map(self._apart, told), self._voice) if code in {"plan", CLOSED} else None

    @cached_property
    def _lists(self) -> dict[str, Listed]:
        """What is put together of the minutes themselves: who has them, what was to be changed."""
        company = self._company
        own = None if self._redacted is None else self._redacted.event.copy
        return {
            "amendments": amended(self._met, company, self._passages),
            "circulation": circulated(self._met, company, own),
        }

    # --------------------------------------------------------------------------- who was there

    @cached_property
    def _company(self) -> Company:
        return Company(left=self._left, asked=self._asked, voice=self._voice)

    @cached_property
    def _asked(self) -> dict[ParticipantRef, ParticipantInvited]:
        """Everybody who was asked, as they were asked last."""
        events = [one.event for one in self._met if isinstance(one.event, ParticipantInvited)]
        return {one.participant: one for one in events}

    def _attendance(self, title: str, lines: Sequence[Paragraph]) -> Iterator[Section]:
        """The parts, one table each, after what was decided on who comes."""
        asked = self._asked
        invited = (one for one in self._met if isinstance(one.event, ParticipantInvited))
        self.used |= {one.position for one in invited}
        here = {who: one for who, one in asked.items() if self._left.any_of(one.parts)}
        if left := missing(self._parts, here, self._voice):
            lines = [*lines, "Asked, and not recorded as there or away:", tuple(left)]
        if lines and len(self._parts) != 1:
            yield Section(title=title, paragraphs=tuple(lines))
            lines = ()
        passages = self._passages.of("attendance")
        for part in self._parts:
            heading = self._heading(title, part.number)
            if (cut := self._left.part(part.number)) is not None:
                withheld = (cut, *self._cut(passages, part.number))
                yield Section(title=heading, paragraphs=withheld)
            else:
                told = (*lines, *self._about(part), *self._lines("attendance", (), part.number))
                yield Section(title=heading, paragraphs=told, table=grid(part, asked, self._voice))

    def _about(self, part: Part) -> Iterator[str]:
        """When a part was, and why there was one."""
        times = [clock(one, self._day) for one in (part.started, part.ended) if one is not None]
        reason = self._nation.label("part_reason", part.reason)
        whose = ["For professionals only"] if part.professionals_only else []
        why = [] if part.reason in {"whole", "not_recorded"} else [reason]
        day = self._days_apart.get(part.number)
        when = " to ".join(times) or ("" if day is None else day_in_words(day))
        told = [when, *whose, *why]
        if any(told):
            yield ". ".join(filter(None, told)) + "."

    # ------------------------------------------------------------------------- what was said

    def _entry(self, fact: Fact[Any]) -> Iterator[Paragraph]:
        """An entry in its sentence, and what stands below it as a list."""
        event = fact.event
        cut = self._left.entry(fact)
        if cut is not None and about_harm(fact):
            yield self._about_whom(cut)
            return
        if cut is not None and fact.header.name in ABOUT_PART:
            return  # its reason is withheld with the part
        self.used.add(fact.position)
        if fact.header.name == ONE_ACTION:
            return  # it stands in the table of actions
        words, lines = self._voice.say(replace(fact, event=self._shown(fact)))
        yield f"{self._when(fact)}{words}{self._whether_alleged(event)}"
        if isinstance(event, AbuseFinding) and event.allegation in self._alleged:
            yield self._voice.item(self._alleged[event.allegation])
        if lines:
            yield tuple(line.strip() for line in lines)
        if self._apart(fact).event != event:
            yield self._about_whom(self._left.harm(self._part_of(fact)) or "")

    def _about_whom(self, cut: str) -> str:
        return f"About the {self._nation.terms['person_causing_harm']}: {low(cut)}"

    def _whether_alleged(self, event: Any) -> str:  # noqa: ANN401 — any event
        """That it is withheld, of everybody alike, whether they are alleged to have caused harm."""
        cut = self._left.harm(None) if hasattr(event, _ALLEGED) else None
        return "" if cut is None else f" Whether they are alleged to have caused harm: {low(cut)}"

    def _apart(self, fact: Fact[Any]) -> Fact[Any]:
        """The entry, where this copy is to have none of it without a plan's actions at them."""
        kept = self._left.harm(self._part_of(fact)) is None
        return fact if kept else replace(fact, event=apart(fact.event))

    def _shown(self, fact: Fact[Any]) -> Any:  # noqa: ANN401 — any event
        """The event without what stands elsewhere in the document, or may not stand in it."""
        here = self._part_of(fact) is not None  # it stands under that part
        event = self._company.speaking(fact.event)
        event = replace(event, part=None) if here else event
        if hasattr(event, _ALLEGED) and self._left.harm(None) is not None:
            return replace(event, **{_ALLEGED: _UNSAID})
        led = [one for one in self._met if isinstance(one.event, ChairAppointed)][-1:]
        return chair_again(event) if fact in led else without(event)

    def _when(self, fact: Fact[Any]) -> str:
        """When it was, where that is not the day of the meeting.

        What is of the meeting itself was then: another day is how it is recorded, by a slip of
        either day or because one of them was corrected since.
        """
        when = fact.occurred
        if when.day is not None and when.day == self._day:
            return ""
        told = time_in_words(when)
        its = getattr(fact.event, "conference", None) == self._ref and fact.header.name in AT_IT
        if its and when.day is not None and self._day is not None:
            return f"Recorded as of {told}: "
        return f"{told[:1].upper()}{told[1:]}: "

    def _due(self) -> Iterator[str]:
        """What the meeting made due: nothing, where the plan ended with it and no other began."""
        here = {
            one.header.name for one in (*self._met, *self._beside) if one.occurred.day == self._day
        }
        if "plan-ended" in here and not here & {"plan-agreed", "plan-revised"}:
            return
        for one in self._met:
            if one.header.name in HELD:
                for name, words in (
                    ("next_core_group", "The next core group is due by"),
                    ("next_review", "The next review is due by"),
                ):
                    if (due := getattr(one.event, name, None)) is not None:
                        yield f"{words} {day_in_words(due.on)}."


def _before(case: Case, held: date | None) -> date | None:
    """The day of the last meeting before, where there was one."""
    days = [one.held.day for one in case.sitting.sittings.values() if one.held.day is not None]
    return max((one for one in days if held is not None and one < held), default=None)
