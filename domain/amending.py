"""Minutes questioned: amendments asked for, accepted or refused, and accuracy agreed at the next.

An accepted amendment changes nothing by itself: what it asks for is written and approved as new
minutes, and whoever holds a copy of the old is sent the new (`releasing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.episode import within
from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, after, due_by, due_from, found, mark, recorded
from domain.when import in_order
from domain.words import (
    AmendmentRef,
    Code,
    ConferenceRef,
    Due,
    Fact,
    ParticipantRef,
    Passage,
    Slug,
    WorkerRef,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteAmendmentRequested:
    """Somebody asked that the minutes be amended, and why (R152, R170).

    `passage` is the number of the passage it is about, where it is about one; `due` the day by
    which it is to be answered, None where the nation's rules set none.
    """

    conference: ConferenceRef
    amendment: AmendmentRef
    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    passage: int | None = None
    wanted: Passage | None = None
    reason: Passage | None = None
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteAmendmentAccepted:
    """A requested amendment was accepted (R152)."""

    conference: ConferenceRef
    amendment: AmendmentRef
    decided_by: WorkerRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteAmendmentRefused:
    """A requested amendment was refused, by whom and why (R152, R154)."""

    conference: ConferenceRef
    amendment: AmendmentRef
    decided_by: WorkerRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousMinutesConsidered:
    """A conference considered whether the minutes of an earlier one are accurate (R152)."""

    conference: ConferenceRef
    part: int | None = None
    previous: ConferenceRef
    accuracy: Code = listed("minutes_accuracy")
    note: Passage | None = None


Event: TypeAlias = (
    MinuteAmendmentRequested
    | MinuteAmendmentAccepted
    | MinuteAmendmentRefused
    | PreviousMinutesConsidered
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One amendment asked for, and what came of it."""

    conference: ConferenceRef
    at: Mark
    due: Due | None
    answered: Mark | None = None
    accepted: bool = False
    explained: bool = False
    decided_by: WorkerRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Every amendment asked for, and at which conferences which minutes were looked at."""

    asked: Mapping[AmendmentRef, Asked] = field(default_factory=dict)
    considered: frozenset[ConferenceRef] = frozenset()

    @property
    def accepted(self) -> frozenset[AmendmentRef]:
        """The amendments accepted."""
        return frozenset(ref for ref, one in self.asked.items() if one.accepted)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case MinuteAmendmentRequested() as event:
            one = Asked(conference=event.conference, at=mark(fact), due=event.due)
            return replace(state, asked={**state.asked, event.amendment: one})
        case MinuteAmendmentAccepted() as event:
            return _answered(state, event, mark(fact))
        case MinuteAmendmentRefused() as event:
            return _answered(state, event, mark(fact))
        case PreviousMinutesConsidered(accuracy=accuracy, conference=ref):
            if accuracy == "not_considered":
                return state
            return replace(state, considered=state.considered | {ref})
        case _:
            assert_never(fact.event)


def _answered(
    state: State, event: MinuteAmendmentAccepted | MinuteAmendmentRefused, at: Mark
) -> State:
    """Remember an answer; of a request withdrawn since there is nothing to remember it on."""
    asked = state.asked.get(event.amendment)
    if asked is None:
        return state
    asked = replace(
        asked,
        answered=at,
        accepted=isinstance(event, MinuteAmendmentAccepted),
        explained=event.reason is not None,
        decided_by=event.decided_by,
    )
    return replace(state, asked={**state.asked, event.amendment: asked})


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMinuteAmendment:
    """Ask that the minutes be amended."""

    conference: ConferenceRef
    amendment: AmendmentRef
    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    passage: int | None = None
    wanted: Passage | None = None
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptMinuteAmendment:
    """Accept an amendment; to carry it out, write the passage anew and approve new minutes."""

    conference: ConferenceRef
    amendment: AmendmentRef
    decided_by: WorkerRef | None = None  # by default whoever performed it
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseMinuteAmendment:
    """Refuse an amendment, and say why."""

    conference: ConferenceRef
    amendment: AmendmentRef
    decided_by: WorkerRef | None = None  # by default whoever performed it
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderPreviousMinutes:
    """Consider at a conference whether the minutes of an earlier one are accurate."""

    conference: ConferenceRef
    part: int | None = None
    previous: ConferenceRef
    accuracy: Code = listed("minutes_accuracy", default=Code("agreed"))
    note: Passage | None = None


Command: TypeAlias = (
    RequestMinuteAmendment | AcceptMinuteAmendment | RefuseMinuteAmendment | ConsiderPreviousMinutes
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    An amendment may be answered again: the last answer stands, and both stay on record.

    Raises:
        NotFound: a conference, or the amendment, is not of this case.
        Refused: the reference of an amendment is already used (I1).
    """
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case RequestMinuteAmendment():
            if command.amendment in state.asked:
                raise Refused("already_recorded", "I1", "That amendment is asked for already.")
            due = due_from("amendment_answered", context.occurred, context)
            return (recorded(MinuteAmendmentRequested, command, due=due),)
        case AcceptMinuteAmendment():
            by = _decider(command, state, context)
            return (recorded(MinuteAmendmentAccepted, command, decided_by=by),)
        case RefuseMinuteAmendment():
            by = _decider(command, state, context)
            return (recorded(MinuteAmendmentRefused, command, decided_by=by),)
        case ConsiderPreviousMinutes(previous=previous):
            if previous not in known.conferences or previous == command.conference:
                raise NotFound(
                    "There is no such earlier conference in this case.", field="previous"
                )
            return (recorded(PreviousMinutesConsidered, command),)
        case _:
            assert_never(command)


def _decider(
    command: AcceptMinuteAmendment | RefuseMinuteAmendment, state: State, context: Context
) -> WorkerRef:
    """Give whoever decides about an amendment of that conference's minutes. Raises NotFound."""
    asked = state.asked.get(command.amendment)
    if asked is None or asked.conference != command.conference:
        words = "There is no such amendment of the minutes of this conference."
        raise NotFound(words, field="amendment")
    return command.decided_by or context.performed_by


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise amendments unanswered, unexplained or not carried out, and accuracy not asked."""
    for ref, one in state.asked.items():
        yield from _of_one(ref, one, known, context)
    yield from _accuracy(state, known)


def _of_one(ref: AmendmentRef, one: Asked, known: Known, context: Looking) -> Iterator[Finding]:
    """Ask for an answer, by the chair, with its reason, and carried out (R152, R154, R170)."""
    if one.answered is None:
        if one.due is not None and one.due.on < context.on:
            words = f"An amendment of the minutes was to be answered by {due_by(one.due)}."
            code, at = "amendment_unanswered", one.at
            yield found(code, "R152 R170", "medium", words, at=at, since=one.due, subject=ref)
        return
    if not one.accepted and not one.explained:
        words = "An amendment of the minutes was refused and the reason is not recorded."
        code, at = "amendment_refused_unexplained", one.answered
        yield found(code, "R152 R154", "medium", words, at=at, subject=ref)
    roster = known.rosters.get(one.conference)
    if roster is None or roster.chair != one.decided_by:
        words = "An amendment was decided on by somebody not recorded as the chair."
        yield found("amendment_not_by_chair", "R152", "low", words, at=one.answered, subject=ref)
    kept = known.written_up.get(one.conference)
    approvals = () if kept is None else kept.approvals
    before = [at for at in approvals if after(one.answered, at)]
    if one.accepted and before and approvals[-1] in before:
        words = "An accepted amendment is not followed by approved minutes that carry it out."
        yield found("amendment_not_made", "R152", "medium", words, at=one.answered, subject=ref)


def _accuracy(state: State, known: Known) -> Iterator[Finding]:
    """Ask each conference whether the minutes of the one before it are accurate (R152).

    Of its own episode: what met about an earlier concern has gone apart.
    """
    met = sorted(known.sittings.items(), key=lambda one: in_order(one[1].held.when))
    minuted = list[Mark]()
    for ref, sitting in met:
        called = known.conferences.get(ref)
        before = within(minuted, sitting.held, known)
        if before and ref not in state.considered and called and called.kind != "core_group":
            words = "Whether the minutes of the meeting before it are accurate was not considered."
            code, at = "previous_minutes_not_considered", sitting.held
            yield found(code, "R152", "low", words, at=at, subject=ref)
        kept = known.written_up.get(ref)
        minuted += [sitting.held] if kept is not None and kept.drafted is not None else []
