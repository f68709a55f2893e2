"""How a conference is laid out before it meets: its parts, other arrangements, who is not to come.

Who was asked stands in `invitation`; the parts as they were held, and who came, in `sitting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.still_to_come import still_ahead, waited_for
from domain.when import When
from domain.words import (
    Code,
    ConferenceRef,
    ExternalReference,
    Fact,
    ParticipantRef,
    Passage,
    PersonRef,
    WorkerRef,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferencePartPlanned:
    """The conference is to be divided, and why this part is apart (R29 to R32).

    `police` names the investigation at stake, `third_party` and `pach` whose information or whose
    actions are to be discussed: by reference alone.
    """

    conference: ConferenceRef
    part: int
    reason: Code = listed("part_reason")
    professionals_only: bool
    planned_start: When | None = None
    planned_end: When | None = None
    police: ExternalReference | None = None
    third_party: PersonRef | None = None
    pach: PersonRef | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeArrangementAgreed:
    """Something else than two parts, where an enquiry covers several adults (R35).

    The other adults are named by reference alone: nothing about them stands in this case.
    """

    conference: ConferenceRef
    arrangement: Passage
    adults_affected: tuple[PersonRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantUninvited:
    """An invitation was taken back, and why (R157)."""

    conference: ConferenceRef
    participant: ParticipantRef
    reason: Code = listed("uninvited_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantExcluded:
    """Somebody may not be in the meeting, or in some parts of it, and who decided it (R33, R154).

    `parts` are the numbers of the parts, none meaning all of it.
    """

    conference: ConferenceRef
    participant: ParticipantRef
    parts: tuple[int, ...] = ()
    reason: Code = listed("exclusion_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None
    excluded_by: WorkerRef


Event: TypeAlias = (
    ConferencePartPlanned
    | AlternativeArrangementAgreed
    | ParticipantUninvited
    | ParticipantExcluded
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPart:
    """One part, as it was planned."""

    closed: bool
    start: When | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """One exclusion."""

    participant: ParticipantRef
    parts: tuple[int, ...]
    by: WorkerRef
    explained: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one conference is laid out."""

    parts: Mapping[int, PlannedPart] = field(default_factory=dict)
    alternative: bool = False
    uninvited: Mapping[ParticipantRef, tuple[Mark, bool]] = field(default_factory=dict)
    excluded: tuple[Excluded, ...] = ()

    @property
    def closed_parts(self) -> frozenset[int]:
        """The numbers of the parts planned for professionals only."""
        return frozenset(number for number, part in self.parts.items() if part.closed)

    @property
    def starts(self) -> Mapping[int, When]:
        """When each part planned is to begin, where that was said."""
        every = self.parts.items()
        return {number: part.start for number, part in every if part.start is not None}

    def not_to_come(self, who: ParticipantRef) -> Mark | None:
        """Where somebody was last uninvited, or excluded from all of it; None where neither."""
        marks = [one.at for one in self.excluded if one.participant == who and not one.parts]
        if who in self.uninvited:
            marks.append(self.uninvited[who][0])
        return max(marks, key=lambda at: at.position, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The layout of each conference."""

    layouts: Mapping[ConferenceRef, Layout] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    ref = fact.event.conference
    layout = _noted(state.layouts.get(ref, Layout()), fact.event, mark(fact))
    return State(layouts={**state.layouts, ref: layout})


def _noted(layout: Layout, event: Event, at: Mark) -> Layout:
    match event:
        case ConferencePartPlanned(part=number, professionals_only=closed):
            part = PlannedPart(closed=closed, start=event.planned_start, at=at)
            return replace(layout, parts={**layout.parts, number: part})
        case AlternativeArrangementAgreed():
            return replace(layout, alternative=True)
        case ParticipantUninvited(participant=who):
            explained = event.reason != "not_recorded" or event.rationale is not None
            return replace(layout, uninvited={**layout.uninvited, who: (at, explained)})
        case ParticipantExcluded():
            one = Excluded(
                participant=event.participant,
                parts=event.parts,
                by=event.excluded_by,
                explained=event.reason != "not_recorded" or event.rationale is not None,
                at=at,
            )
            return replace(layout, excluded=(*layout.excluded, one))
        case _:
            assert_never(event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConferencePart:
    """Plan a part of a conference; planned again, it replaces the earlier plan of that part."""

    conference: ConferenceRef
    part: int
    reason: Code = listed("part_reason")
    professionals_only: bool = False
    planned_start: When | None = None
    planned_end: When | None = None
    police: ExternalReference | None = None
    third_party: PersonRef | None = None
    pach: PersonRef | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeAlternativeArrangement:
    """Agree another arrangement where an enquiry covers several adults."""

    conference: ConferenceRef
    arrangement: Passage
    adults_affected: tuple[PersonRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UninviteParticipant:
    """Take an invitation back."""

    conference: ConferenceRef
    participant: ParticipantRef
    reason: Code = listed("uninvited_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludeParticipant:
    """Keep somebody out of the meeting, or of some parts of it."""

    conference: ConferenceRef
    participant: ParticipantRef
    parts: tuple[int, ...] = ()
    reason: Code = listed("exclusion_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None
    rationale: Passage | None = None
    excluded_by: WorkerRef | None = None  # by default whoever performed it


Command: TypeAlias = (
    PlanConferencePart | AgreeAlternativeArrangement | UninviteParticipant | ExcludeParticipant
)


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
    """
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case PlanConferencePart():
            return (recorded(ConferencePartPlanned, command),)
        case AgreeAlternativeArrangement():
            return (recorded(AlternativeArrangementAgreed, command),)
        case UninviteParticipant():
            return (recorded(ParticipantUninvited, command),)
        case ExcludeParticipant():
            by = command.excluded_by or context.performed_by
            return (recorded(ParticipantExcluded, command, excluded_by=by),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise parts planned and not held, and how people were kept away."""
    for ref, layout in state.layouts.items():
        yield from _parts(ref, layout, known, context)
        yield from _reasons(ref, layout)
        yield from _exclusions(ref, layout, known)


def _parts(ref: ConferenceRef, layout: Layout, known: Known, context: Looking) -> Iterator[Finding]:
    """Say which parts were planned and are not recorded as held by their day (R29)."""
    sitting, closed = known.sittings.get(ref), known.closed_at
    if sitting is None:
        return
    for number in sorted(layout.parts.keys() - sitting.part_numbers):
        words = f"Part {number} was planned, and the record does not show it being held."
        at = layout.parts[number].at
        start = layout.parts[number].start
        until = waited_for(() if start is None else (start,), sitting.held, closed)
        if until is not None and still_ahead(until, context.on, closed):
            continue
        since = until or sitting.held.when
        yield found("part_not_held", "R29", "low", words, at=at, since=since, subject=ref)


def _reasons(ref: ConferenceRef, layout: Layout) -> Iterator[Finding]:
    """Ask for the reason of keeping somebody away (R154)."""
    for at, explained in layout.uninvited.values():
        if not explained:
            words = "An invitation was taken back and the reason is not recorded."
            yield found("uninvited_unexplained", "R154", "low", words, at=at, subject=ref)
    for one in layout.excluded:
        if not one.explained:
            words = "Somebody was excluded and the reason is not recorded."
            yield found("excluded_unexplained", "R154", "medium", words, at=one.at, subject=ref)


def _exclusions(ref: ConferenceRef, layout: Layout, known: Known) -> Iterator[Finding]:
    """Ask whether the chair excluded, and whether the excluded stayed away (R33, R195)."""
    roster, sitting = known.rosters.get(ref), known.sittings.get(ref)
    for one in layout.excluded:
        if roster is not None and roster.chair not in {None, one.by}:
            words = "Somebody other than the chair is recorded as excluding a participant."
            yield found("excluded_not_by_chair", "R195", "low", words, at=one.at, subject=ref)
        if sitting is None or not _certainly_before(one.at, sitting.held):
            continue  # excluded during the meeting, they may have been there before
        attended = {
            number
            for number, line in sitting.attendances
            if line.present and line.participant == one.participant
        }
        if attended & set(one.parts or attended):
            words = "Somebody excluded from a part is recorded as present in it."
            yield found("excluded_present", "R33", "medium", words, at=one.at, subject=ref)


def _certainly_before(first: Mark, second: Mark) -> bool:
    return first.last is not None and second.first is not None and first.last < second.first
