"""The chapters of a case: which entry is told where, and in what order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from api.pages.words import day
from api.routes.timeline import Told
from api.story import coming, ending, enquiring, keeping, meeting, protecting, telling
from api.story.saying import Voice, time
from domain.conference import ConferenceConvened, ConferenceRescheduled
from domain.handle import local_day
from domain.words import Fact

_DECIDED: Final = {
    *("concern-counted", "section42-duty-decided", "three-point-criteria-determined"),
    *("duty-to-inquire-started", "concern-redirected", "case-transferred"),
}
_ENDED: Final = {
    *("enquiry-concluded", "enquiry-reopened", "enquiry-ceased-at-adults-request"),
    *("adult-outcome-recorded", "pach-outcome-recorded", "adult-satisfaction-recorded"),
    *("desired-outcome-evaluated", "risk-outcome-recorded"),
}
_WRITTEN: Final = {"chronology-entry-recorded"}
_AT_A_MEETING: Final = {"risk-assessed", "need-assessed", "risk-explained-to-adult"}
_HELD: Final = frozenset({"conference-held", "core-group-held"})
# In a conference: the heading of each step, and what belongs to it.
_STEPS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("Called and prepared", frozenset(meeting.CALLED)),
    ("Who came", frozenset(meeting.CAME)),
    ("What was heard", frozenset(meeting.HEARD) | _AT_A_MEETING),
    ("What was found and decided", frozenset(meeting.FOUND)),
    ("Where each agency stood", frozenset(meeting.STOOD)),
)
# The chapters in their order; the conferences, one chapter each, stand where `_CONFERENCES` does.
_CONFERENCES: Final = "conferences"
_CHAPTERS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("How it came in", frozenset(coming.SENTENCES) - _DECIDED),
    ("What was decided", frozenset(_DECIDED)),
    ("The {enquiry}", frozenset(enquiring.SENTENCES) - _ENDED - _WRITTEN),
    ("What other agencies had written", frozenset(_WRITTEN)),
    (_CONFERENCES, frozenset()),
    ("The plan, and who does what", frozenset(protecting.PLAN)),
    ("About the person alleged to have caused harm", frozenset(protecting.HARM)),
    ("Orders of a court", frozenset(protecting.ORDERS)),
    ("The minutes, and who got them", frozenset(telling.MINUTES)),
    ("What people were told", frozenset(telling.TOLD)),
    ("Reviews of the plan", frozenset(protecting.REVIEWS)),
    ("How it ended", frozenset(ending.CLOSING) | frozenset(keeping.OF_ADULT) | _ENDED),
    ("What was learnt from it", frozenset(ending.LEARNT)),
    ("Requests, disclosures and keeping", frozenset(ending.ASKED)),
    ("What was corrected since, and what holds for the record", frozenset(keeping.CASE)),
)
_ELSEWHERE: Final = "Also recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One entry as it is told: `when` in words, its sentences, and the lines below them."""

    position: int
    when: str
    words: str
    lines: tuple[str, ...]
    by: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter, or a step of one: its heading, its entries, and its steps."""

    title: str
    passages: tuple[Passage, ...] = ()
    steps: tuple[Chapter, ...] = ()


def chapters(entries: Sequence[Told], voice: Voice) -> list[Chapter]:
    """Tell the entries by chapter; one that says nothing is left out, no entry ever is.

    In a chapter entries stand as they happened, as uncertain times stand in a timeline.
    """
    meetings = _meetings(entries, voice.case)
    told: dict[int, list[Told]] = {}
    of_meetings: dict[UUID, list[Told]] = {ref: [] for ref in meetings}
    for entry in entries:
        ref = _meeting_of(entry.fact, meetings)
        if ref is not None:
            of_meetings[ref].append(entry)
        else:
            told.setdefault(_chapter_of(entry.fact.header.name), []).append(entry)
    found: list[Chapter] = []
    for number, (title, _) in enumerate(_CHAPTERS):
        if title == _CONFERENCES:
            found += (_conference(meetings[ref], held, voice) for ref, held in of_meetings.items())
        elif number in told:
            heading = title.format_map(voice.nation.terms)
            found.append(Chapter(title=heading, passages=tuple(_tell(told[number], voice))))
    if rest := told.get(len(_CHAPTERS)):
        found.append(Chapter(title=_ELSEWHERE, passages=tuple(_tell(rest, voice))))
    return found


def _chapter_of(name: str) -> int:
    """The number of the chapter an event is told in; what fits none has one of its own."""
    for number, (_, names) in enumerate(_CHAPTERS):
        if name in names:
            return number
    enquiry = 2
    return enquiry if name in meeting.SENTENCES else len(_CHAPTERS)


def _meetings(entries: Iterable[Told], case: UUID) -> Mapping[UUID, Fact[ConferenceConvened]]:
    """Every conference called, the case's own first, each case's by their numbers in it."""
    called = [one.fact for one in entries if isinstance(one.fact.event, ConferenceConvened)]
    called.sort(key=lambda one: (one.stream != case, one.stream, one.event.sequence))
    return {one.event.conference: one for one in called}


def _meeting_of(fact: Fact[Any], meetings: Mapping[UUID, object]) -> UUID | None:
    """The conference an entry is told with, where it is of one that is known here."""
    ref = getattr(fact.event, "conference", None)
    steps = any(fact.header.name in names for _, names in _STEPS)
    return ref if steps and ref in meetings else None


def _conference(called: Fact[ConferenceConvened], entries: Sequence[Told], voice: Voice) -> Chapter:
    convened = called.event
    kind = voice.nation.label("conference_kind", convened.kind)
    steps = []
    for title, names in _STEPS:
        of_it = [one for one in entries if one.fact.header.name in names]
        if of_it:
            steps.append(Chapter(title=title, passages=tuple(_tell(of_it, voice))))
    title = f"{kind} (number {convened.sequence})"
    if called.stream != voice.case:
        title = f"{kind} of {_other(called.stream)}"
    return Chapter(title=f"{title}, {_met(called, entries)}", steps=tuple(steps))


def _met(called: Fact[ConferenceConvened], entries: Sequence[Told]) -> str:
    """`held on 2 March 2026`, where it was; else for when it was called, as was last said."""
    stood = [one for one in entries if not one.withdrawn]
    held = [one.occurred for one in stood if one.fact.header.name in _HELD][-1:]
    if held and held[0].day is not None and not held[0].uncertain:
        return f"held on {day(held[0].day)}"
    if held:
        return f"held at {time(held[0])}" if held[0].unknown else f"held: {time(held[0])}"
    planned = called.event.planned_for
    for one in stood:
        if isinstance(one.fact.event, ConferenceRescheduled):
            planned = one.fact.event.planned_for
    return f"called for {time(planned)}"


def _tell(entries: Iterable[Told], voice: Voice) -> Iterator[Passage]:
    for told in entries:
        words, lines = voice.say(told.understood)
        yield Passage(
            position=told.fact.position,
            when=_when(told),
            words=words,
            lines=tuple(lines),
            by=voice.worker(told.fact.header.performed_by),
            marks=tuple(_marks(told, voice)),
        )


def _when(told: Told) -> str:
    if told.occurred.unknown:
        return "At a time that is not known"
    said = time(told.occurred)
    return said[:1].upper() + said[1:]


def _other(case: UUID) -> str:
    return f"case {str(case)[:8]}, which is read in this one"


def _marks(told: Told, voice: Voice) -> Iterator[str]:
    """Where it stands if in another case, what became of it since, when it was written if later."""
    if told.fact.stream not in {voice.case, voice.adult}:
        yield f"recorded in {_other(told.fact.stream)}"
    written = local_day(told.fact.recorded_at)
    last = told.occurred.last_day
    if last is not None and written > last:
        yield f"written down {day(written)}"
    if told.stated is not None:
        yield f"first dated {time(told.stated)}"
    if told.corrected_by is not None:
        since = "withdrawn" if told.withdrawn else "corrected"
        yield f"{since} since, see [{told.withdrawn_by or told.corrected_by}]"
