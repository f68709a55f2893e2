"""Conferences convened, put off, or decided against, and why.

Who leads and who was asked to come stands in `invitation`, what concerns the adult in
`involvement`, and what happened at the meeting in `sitting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, assert_never

from domain.episode import begun_or_at, of_episode, open_at, same, within
from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import (
    Context,
    Looking,
    Mark,
    after,
    could_precede,
    found,
    mark,
    months_after,
    recorded,
)
from domain.when import When
from domain.words import Code, ConferenceRef, EnquiryRef, Fact, Passage, Slug, listed, numbering

# No source says how often, or how far, is too much to put one meeting off: these are ours.
_OFTEN: Final = 3
_FAR: Final = 12  # months after the day it was first planned for

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceConvened:
    """A conference was called (R1, R3, R4, R14, R177, R199, R201).

    `sequence` counts the conferences of the case from 1; `agencies` are those involved in the
    enquiry, whether or not they came; `enquiry` is the one it is about, where that is said.
    """

    conference: ConferenceRef
    enquiry: EnquiryRef | None = None
    kind: Code = listed("conference_kind")
    reason: Code = listed("convening_reason")
    planned_for: When
    sequence: int
    convened_role: Code = listed("convening_role")
    large_scale: bool
    complex_case: bool
    agencies: tuple[Slug, ...]
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceNotRequired:
    """It was decided that no conference is needed, and why (R5, R6, R7, R199).

    `evidence_basis` is what that rests on: what established that it did not occur (R6); `evidence`
    are the entries of the case that show it, `options` what else was considered (R154).
    """

    reason: Code = listed("conference_not_required")
    reason_other: Passage | None = None
    evidence_basis: Passage | None = None
    rationale: Passage | None = None
    evidence: tuple[int, ...] = numbering(default=())
    options: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceRescheduled:
    """A conference was put off, or brought forward."""

    conference: ConferenceRef
    planned_for: When
    reason: Code = listed("postponement_reason")
    reason_other: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceCancelled:
    """A conference that was called will not be held."""

    conference: ConferenceRef
    reason: Code = listed("postponement_reason")
    reason_other: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayReasonRecorded:
    """Why the conference is later than the time limit (R198), or what else ran then is late."""

    conference: ConferenceRef | None = None
    reason: Passage


Event: TypeAlias = (
    ConferenceConvened
    | ConferenceNotRequired
    | ConferenceRescheduled
    | ConferenceCancelled
    | DelayReasonRecorded
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A reason given for a delay: of which conference, None of what ran then, and where."""

    conference: ConferenceRef | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference:
    """One conference as it was prepared."""

    kind: Code
    reason: Code
    sequence: int
    convened_role: Code
    convened: Mark
    planned_for: When
    planned_first: When
    large_scale: bool
    complex_case: bool
    agencies: tuple[Slug, ...]
    put_off: tuple[Mark, ...] = ()  # to a later day, for certain
    cancelled: bool = False
    cancelled_bare: Mark | None = None  # called off without the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The conferences of a case and the decisions not to hold one."""

    conferences: Mapping[ConferenceRef, Conference] = field(default_factory=dict)
    not_required: tuple[Mark, ...] = ()
    not_required_on_request: tuple[Mark, ...] = ()  # of the adult, as their enquiry ceased
    unexplained_not_required: tuple[Mark, ...] = ()
    delays: tuple[Delay, ...] = ()

    @property
    def considered(self) -> tuple[Mark, ...]:
        """Where a conference was convened that was not called off, or was decided against."""
        called = (one.convened for one in self.conferences.values() if not one.cancelled)
        return (*called, *self.not_required)

    @property
    def standing(self) -> frozenset[ConferenceRef]:
        """The conferences called and not called off, but for core groups."""
        every = self.conferences.items()
        return frozenset(ref for ref, it in every if not (it.cancelled or it.kind == "core_group"))


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case ConferenceConvened() as event:
            return _keep(state, event.conference, _convened(event, mark(fact)))
        case ConferenceNotRequired(rationale=rationale, reason=reason):
            bare = () if rationale is not None else (mark(fact),)
            asked = (mark(fact),) if reason == "adult_request" else ()
            return replace(
                state,
                not_required=(*state.not_required, mark(fact)),
                not_required_on_request=(*state.not_required_on_request, *asked),
                unexplained_not_required=(*state.unexplained_not_required, *bare),
            )
        case DelayReasonRecorded(conference=ref):
            return replace(state, delays=(*state.delays, Delay(conference=ref, at=mark(fact))))
        case event:
            conference = state.conferences.get(event.conference)
            if conference is None:
                return state  # of a conference never convened: nothing to remember it on
            return _keep(state, event.conference, _prepared(conference, event, mark(fact)))


def _keep(state: State, ref: ConferenceRef, conference: Conference) -> State:
    """Put one conference in its place."""
    return replace(state, conferences={**state.conferences, ref: conference})


def _convened(event: ConferenceConvened, at: Mark) -> Conference:
    """Begin to remember a conference."""
    return Conference(
        kind=event.kind,
        reason=event.reason,
        sequence=event.sequence,
        convened_role=event.convened_role,
        convened=at,
        planned_for=event.planned_for,
        planned_first=event.planned_for,
        large_scale=event.large_scale,
        complex_case=event.complex_case,
        agencies=event.agencies,
    )


Preparing: TypeAlias = ConferenceRescheduled | ConferenceCancelled


def _prepared(conference: Conference, event: Preparing, at: Mark) -> Conference:
    """Remember one step of preparing a conference."""
    match event:
        case ConferenceRescheduled(planned_for=planned_for):
            later = not could_precede(planned_for, conference.planned_for)
            return replace(
                conference,
                planned_for=planned_for,
                put_off=(*conference.put_off, at) if later else conference.put_off,
                cancelled=False,
                cancelled_bare=None,
            )
        case ConferenceCancelled(reason=reason):
            bare = at if reason == "not_recorded" else None
            return replace(conference, cancelled=True, cancelled_bare=bare)
        case _:
            assert_never(event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ConveneConference:
    """Call a conference; its place in the sequence is decided here."""

    conference: ConferenceRef
    enquiry: EnquiryRef | None = None
    kind: Code = listed("conference_kind")
    reason: Code = listed("convening_reason", default=Code("not_recorded"))
    planned_for: When
    convened_role: Code = listed("convening_role", default=Code("not_recorded"))
    large_scale: bool = False
    complex_case: bool = False
    agencies: tuple[Slug, ...] = ()
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideConferenceNotRequired:
    """Decide that no conference is needed."""

    reason: Code = listed("conference_not_required")
    reason_other: Passage | None = None
    evidence_basis: Passage | None = None
    rationale: Passage | None = None
    evidence: tuple[int, ...] = numbering(default=())
    options: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RescheduleConference:
    """Put a conference off, or bring it forward."""

    conference: ConferenceRef
    planned_for: When
    reason: Code = listed("postponement_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelConference:
    """Call a conference off."""

    conference: ConferenceRef
    reason: Code = listed("postponement_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDelayReason:
    """Say why a conference is late."""

    conference: ConferenceRef | None = None
    reason: Passage


Command: TypeAlias = (
    ConveneConference
    | DecideConferenceNotRequired
    | RescheduleConference
    | CancelConference
    | RecordDelayReason
)


def decide(
    command: Command,
    state: State,
    known: Known,
    context: Context,  # noqa: ARG001
) -> tuple[Event, ...]:
    """Answer one command with the events that record it.

    Raises:
        Refused: its reference is already used (I1).
        NotFound: the conference was never convened in this case, or the enquiry never opened.
    """
    match command:
        case ConveneConference(enquiry=enquiry):
            if enquiry is not None and enquiry not in known.enquiries:
                raise NotFound("There is no such enquiry in this case.", field="enquiry")
            return (convene(command, state),)
        case DecideConferenceNotRequired():
            return (recorded(ConferenceNotRequired, command),)
        case RecordDelayReason(conference=None):
            return (recorded(DelayReasonRecorded, command),)
        case _:
            if command.conference not in state.conferences:
                raise NotFound("There is no such conference in this case.", field="conference")
            return (_prepare(command),)


def convene(command: ConveneConference, state: State) -> ConferenceConvened:
    """Call a conference, numbering it after those that stand: one before them may not."""
    if command.conference in state.conferences:
        raise Refused("already_recorded", "I1", "That conference has been recorded already.")
    numbers = (one.sequence for one in state.conferences.values())
    last = max(len(state.conferences), *numbers, 0)
    return recorded(ConferenceConvened, command, sequence=last + 1)


Prepare: TypeAlias = RescheduleConference | CancelConference | RecordDelayReason


def _prepare(command: Prepare) -> Event:
    match command:
        case RescheduleConference():
            return recorded(ConferenceRescheduled, command)
        case CancelConference():
            return recorded(ConferenceCancelled, command)
        case RecordDelayReason():
            return recorded(DelayReasonRecorded, command)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise how conferences were called, led and recorded."""
    for ref, conference in state.conferences.items():
        yield from _calling(ref, conference, state, known)
        yield from _put_off(ref, conference)
        if ref not in {*known.sittings, *known.partly_held} and not conference.cancelled:
            yield from _not_held(ref, conference, known, context)
    yield from _decided_against(state)
    yield from _nothing_decided(state, known)


def _calling(
    ref: ConferenceRef, conference: Conference, state: State, known: Known
) -> Iterator[Finding]:
    """Who called it, why, and in what order (R4, R9, R14, R177)."""
    at = conference.convened
    begun = begun_or_at(at, known)
    further = (begun is None and conference.sequence > 1) or any(
        _precedes(other, conference) and of_episode(other.convened, begun, known)
        for other in state.conferences.values()
    )
    if further and conference.reason == "not_recorded":
        words = "A further conference was convened and no reason for it is recorded."
        yield found("further_conference_unexplained", "R4", "medium", words, at=at, subject=ref)
    if conference.convened_role != "lead_agency_manager":
        words = "The record does not show a manager of the lead agency convening the conference."
        yield found("not_convened_by_manager", "R14", "low", words, at=at, subject=ref)
    large = conference.large_scale or conference.complex_case or known.large_scale(at)
    if conference.kind == "progress" and not large:
        words = "A progress conference was convened in a case not marked large scale or complex."
        yield found("progress_not_complex", "R9", "low", words, at=at, subject=ref)
    if conference.kind in {"review", "core_group"} and not _initial_before(
        ref, conference, state, known
    ):
        words = "A review or core group was convened; no initial conference is recorded before it."
        yield found("no_initial_conference", "R177", "medium", words, at=at, subject=ref)


def _precedes(one: Conference, other: Conference) -> bool:
    """Whether one came before another, of one number by the order of entry.

    Two have one number where the first was withdrawn and stands again, or two cases are read as
    one.
    """
    return (one.sequence, one.convened.position) < (other.sequence, other.convened.position)


def _initial_before(ref: ConferenceRef, conference: Conference, state: State, known: Known) -> bool:
    """Whether one was called first; by the time that this is held, that one took place (R177).

    One of the same episode, but for whoever goes on with a plan that was left to go on.
    """
    held = {*known.sittings, *known.partly_held}
    return _goes_on(conference.convened, known) or any(
        other.kind in {"initial", "outcome"}
        and _precedes(other, conference)
        and not other.cancelled
        and (one in held or ref not in held)
        and same(_was(one, other, known), conference.convened, known)
        for one, other in state.conferences.items()
    )


def _was(ref: ConferenceRef, conference: Conference, known: Known) -> Mark:
    """Where a conference was held, or else called."""
    sitting = known.sittings.get(ref)
    return conference.convened if sitting is None else sitting.held


def _goes_on(at: Mark, known: Known) -> bool:
    """Whether a plan of an earlier episode had not ended by then."""
    return any(
        not same(plan.agreed, at, known)
        and after(at, plan.agreed)
        and (ref not in known.plans_ended or not after(at, known.plans_ended[ref]))
        for ref, plan in known.plans.items()
    )


def _not_held(
    ref: ConferenceRef, conference: Conference, known: Known, context: Looking
) -> Iterator[Finding]:
    """Say where a planned day passed without a word (R14), while the case was open."""
    planned = conference.planned_for
    passed = planned.last_day is not None and planned.last_day < context.on
    if passed and open_at(replace(conference.convened, when=planned), known.closed_at, known):
        words = "The planned day has passed and the conference is neither held nor rescheduled."
        at = conference.convened.position
        yield found(
            "not_held",
            "R14",
            "medium",
            words,
            position=at,
            since=planned,
            subject=ref,
            which=planned.text,
        )


def _put_off(ref: ConferenceRef, conference: Conference) -> Iterator[Finding]:
    """Ask why it was called off, and what became of one put off and off again (R154)."""
    if conference.cancelled_bare is not None:
        words = "The conference was called off and the reason is not recorded."
        at = conference.cancelled_bare
        yield found("cancellation_unexplained", "R154", "medium", words, at=at, subject=ref)
    if len(conference.put_off) >= _OFTEN:
        count, at = len(conference.put_off), conference.put_off[-1]
        words = f"The conference was put off {count} times."
        code = "postponed_repeatedly"
        yield found(code, "R154", "medium", words, at=at, subject=ref, counted=count)
    first, last = conference.planned_first.last_day, conference.planned_for.first_day
    far = first is not None and last is not None and last > months_after(first, _FAR)
    if far and conference.put_off and not conference.cancelled:
        words = "The conference was put off to more than a year after the day first planned."
        at = conference.put_off[-1]
        yield found("postponed_far", "R154", "medium", words, at=at, subject=ref)


def _decided_against(state: State) -> Iterator[Finding]:
    """Ask reasons of a decision not to confer, as of one to (R5, R154)."""
    for at in state.unexplained_not_required:
        words = "It was decided that no conference is required and no rationale is recorded."
        yield found("not_required_unexplained", "R5 R154", "medium", words, at=at)


def _nothing_decided(state: State, known: Known) -> Iterator[Finding]:
    """Say where an enquiry ended without a word of a conference about it (R5).

    Of one opened after another, what was over before it was opened is about the other.
    """
    first = min(known.enquiries.values(), key=lambda one: one.position, default=None)
    for ref, at in known.enquiries_concluded.items():
        opened = known.enquiries.get(ref)
        if opened is None or opened is first:
            heard = bool(within(state.considered, at, known))
        else:
            here = within(state.considered, at, known)
            since = (could_precede(opened.when, one.when) for one in here)
            heard = known.conference_answers(opened) or any(since)
            heard = heard and (bool(here) or same(opened, at, known))
        if not heard and not within(known.uncalled, at, known):
            words = "The enquiry was concluded, and a conference neither convened nor ruled out."
            yield found("concluded_without_conference", "R5", "medium", words, at=at)
