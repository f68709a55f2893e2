"""Concerns received and linked, what is alleged, what was done at once: the way into a case.

What one nation calls an alert another calls a referral, so a referral says at which stage it came
(`referral_stage`). Whether the council must enquire is decided in `duty`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import Refused
from domain.repeating import Reached, reached, unanswered
from domain.stage import (
    Context,
    Looking,
    Mark,
    due_by,
    due_from,
    found,
    mark,
    recorded,
)
from domain.when import When, on_day
from domain.words import (
    AllegationRef,
    Code,
    Due,
    ExternalReference,
    Fact,
    Passage,
    PersonRef,
    Slug,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class Allegation:
    """One thing alleged, as a triple of type, source and location; never three separate lists.

    Source: returns count the joint cells, which three lists could not give (R147).
    """

    ref: AllegationRef
    type: Code = listed("abuse_type")
    type_other: Passage | None = None
    source: Code = listed("source_of_risk")
    location: Code = listed("location")
    location_other: Passage | None = None
    detail: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReceived:
    """Somebody told the council of a concern about an adult (R146, R198, R200).

    `received` is when it reached the council; `decision_due`, `conference_due` and `capacity_due`
    (of the first record of capacity, if it goes on) are the dates that start with it, where there
    are such limits; `earlier_referrals` when others about this adult were, in any case.
    """

    adult: PersonRef
    stage: Code = listed("referral_stage")
    channel: Code = listed("referral_channel")
    channel_other: Passage | None = None
    referrer: Passage | None = None
    referrer_role: Code = listed("referral_source")
    referrer_role_other: Passage | None = None
    referrer_organisation: Slug | None = None
    referrer_confidential: bool
    received: When
    adult_told: Code = listed("yes_no_not_known")
    adult_not_told_reason: Passage | None = None
    consent: Code = listed("consent_to_share", default=Code("not_recorded"))
    allegations: tuple[Allegation, ...]
    account: Passage | None = None
    other_authority: Slug | None = None
    external: tuple[ExternalReference, ...] = ()
    earlier_referrals: tuple[When, ...] = ()
    decision_due: Due | None = None
    conference_due: Due | None = None
    capacity_due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLinked:
    """A further referral was joined to the episode already open (R198, R200)."""

    reason: Code = listed("link_reason")
    channel: Code = listed("referral_channel")
    channel_other: Passage | None = None
    referrer: Passage | None = None
    referrer_role: Code = listed("referral_source")
    referrer_role_other: Passage | None = None
    referrer_organisation: Slug | None = None
    referrer_confidential: bool
    received: When
    allegations: tuple[Allegation, ...] = ()
    account: Passage | None = None
    external: tuple[ExternalReference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllegationAdded:
    """Something else was alleged in the course of the case (R147, R155)."""

    allegation: Allegation


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatReferralThresholdReached:
    """So many referrals within the window that they are to be looked at together (R200).

    Derived when the last of them is recorded; keeps the count that was used and its window, since
    the rule can be read in two ways. Every one of `referrals` lies within the window for certain.
    """

    count: int
    needed: int
    window_from: date
    window_to: date
    referrals: tuple[When, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImmediateSafetyActionTaken:
    """Something was done at once to keep the adult safe (R101, R201).

    `conference_needed` flags that urgent action asks for a conference.
    """

    action: Code = listed("safety_action")
    action_other: Passage | None = None
    description: Passage | None = None
    by: Slug | None = None
    conference_needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunicationNeedsRecorded:
    """What the adult needs in order to take part (R24, R28, R213)."""

    needs: tuple[Code, ...] = listed("need")
    needs_other: Passage | None = None
    language: Passage | None = None


Event: TypeAlias = (
    ReferralReceived
    | ReferralLinked
    | AllegationAdded
    | RepeatReferralThresholdReached
    | ImmediateSafetyActionTaken
    | CommunicationNeedsRecorded
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Alleged:
    """An allegation as the rules remember it."""

    source: Code
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The concern of a case: who it is about, what is alleged, what was decided."""

    adult: PersonRef | None = None
    stage: Code | None = None
    received: tuple[Mark, ...] = ()  # each referral: where it stands, and when it was received
    linked: tuple[Mark, ...] = ()
    earlier: tuple[When, ...] = ()
    untold: Mark | None = None
    consent_refused: Mark | None = None
    allegations: Mapping[AllegationRef, Alleged] = field(default_factory=dict)
    decision_due: Due | None = None
    conference_due: Due | None = None
    capacity_due: Due | None = None
    threshold: tuple[Reached, ...] = ()
    urgent: tuple[Mark, ...] = ()
    needs: Mark | None = None
    access_needs: frozenset[Code] = frozenset()  # of the last record of them, none being none


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case ReferralReceived() as event:
            return _received(state, event, fact)
        case ReferralLinked() as event:
            at = Mark(fact.position, event.received, fact.recorded_at)
            return replace(
                _alleged(state, event.allegations, at),
                received=(*state.received, at),
                linked=(*state.linked, at),
            )
        case AllegationAdded(allegation=allegation):
            return _alleged(state, (allegation,), mark(fact))
        case RepeatReferralThresholdReached() as event:
            return replace(state, threshold=(*state.threshold, _reached(event, mark(fact))))
        case ImmediateSafetyActionTaken(conference_needed=needed):
            return replace(state, urgent=(*state.urgent, mark(fact))) if needed else state
        case CommunicationNeedsRecorded(needs=needs):
            wanted = frozenset(needs) - {Code("none")}
            return replace(state, needs=mark(fact), access_needs=wanted)
        case _:
            assert_never(fact.event)


def _received(state: State, event: ReferralReceived, fact: Fact[Event]) -> State:
    """Remember the referral that began the case."""
    at = Mark(fact.position, event.received, fact.recorded_at)
    untold = event.adult_told == "no" and event.adult_not_told_reason is None
    return replace(
        _alleged(state, event.allegations, at),
        adult=event.adult,
        stage=event.stage,
        received=(*state.received, at),
        earlier=(*state.earlier, *event.earlier_referrals),
        untold=at if untold else state.untold,
        consent_refused=at if event.consent == "refused" else None,
        decision_due=event.decision_due,
        conference_due=event.conference_due,
        capacity_due=event.capacity_due,
    )


def _reached(event: RepeatReferralThresholdReached, at: Mark) -> Reached:
    """Remember that the number was reached, and how it was counted."""
    return Reached(
        at=at,
        count=event.count,
        needed=event.needed,
        window_from=event.window_from,
        window_to=event.window_to,
    )


def _alleged(state: State, allegations: tuple[Allegation, ...], at: Mark) -> State:
    """Remember what is alleged."""
    more = {one.ref: Alleged(source=one.source, at=at) for one in allegations}
    return replace(state, allegations={**state.allegations, **more})


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReferral:
    """Record that a concern reached the council; begins a case."""

    adult: PersonRef
    stage: Code = listed("referral_stage", default=Code("concern"))
    channel: Code = listed("referral_channel", default=Code("not_recorded"))
    channel_other: Passage | None = None
    referrer: Passage | None = None
    referrer_role: Code = listed("referral_source", default=Code("not_recorded"))
    referrer_role_other: Passage | None = None
    referrer_organisation: Slug | None = None
    referrer_confidential: bool = False
    received: When
    adult_told: Code = listed("yes_no_not_known", default=Code("not_known"))
    adult_not_told_reason: Passage | None = None
    consent: Code = listed("consent_to_share", default=Code("not_recorded"))
    allegations: tuple[Allegation, ...] = ()
    account: Passage | None = None
    other_authority: Slug | None = None
    external: tuple[ExternalReference, ...] = ()
    earlier_referrals: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReferral:
    """Join a further referral to the open episode."""

    reason: Code = listed("link_reason", default=Code("repeat"))
    channel: Code = listed("referral_channel", default=Code("not_recorded"))
    channel_other: Passage | None = None
    referrer: Passage | None = None
    referrer_role: Code = listed("referral_source", default=Code("not_recorded"))
    referrer_role_other: Passage | None = None
    referrer_organisation: Slug | None = None
    referrer_confidential: bool = False
    received: When
    allegations: tuple[Allegation, ...] = ()
    account: Passage | None = None
    external: tuple[ExternalReference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAllegation:
    """Record something else that is alleged."""

    allegation: Allegation


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordImmediateSafetyAction:
    """Record what was done at once."""

    action: Code = listed("safety_action")
    action_other: Passage | None = None
    description: Passage | None = None
    by: Slug | None = None
    conference_needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCommunicationNeeds:
    """Record what the adult needs in order to take part."""

    needs: tuple[Code, ...] = listed("need", default=())
    needs_other: Passage | None = None
    language: Passage | None = None


Command: TypeAlias = (
    ReceiveReferral
    | LinkReferral
    | AddAllegation
    | RecordImmediateSafetyAction
    | RecordCommunicationNeeds
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        Refused: a case that has begun cannot begin again, nor one allegation be made twice (I1).
    """
    del known
    match command:
        case ReceiveReferral():
            return receive(command, state, context)
        case LinkReferral():
            return link(command, state, context)
        case AddAllegation():
            _refuse_twice((command.allegation,), state)
            return (recorded(AllegationAdded, command),)
        case RecordImmediateSafetyAction():
            return (recorded(ImmediateSafetyActionTaken, command),)
        case RecordCommunicationNeeds():
            return (recorded(CommunicationNeedsRecorded, command),)
        case _:
            assert_never(command)


def _refuse_twice(made: tuple[Allegation, ...], state: State) -> None:
    """One reference, one allegation: what is found on it could else not be told apart."""
    refs = [one.ref for one in made]
    if len(set(refs)) < len(refs) or not state.allegations.keys().isdisjoint(refs):
        raise Refused(
            "allegation_exists",
            "I1",
            "This case has an allegation of that reference already; give a new one its own.",
        )


def receive(command: ReceiveReferral, state: State, context: Context) -> tuple[Event, ...]:
    """Begin a case, with the dates that start with it where the nation sets them (R150, R198)."""
    if state.adult is not None:
        raise Refused(
            "case_exists",
            "I1",
            "This case has already begun; record a further referral by linking it.",
        )
    _refuse_twice(command.allegations, state)
    event = recorded(
        ReferralReceived,
        command,
        decision_due=due_from("duty_decision", command.received, context),
        conference_due=due_from("initial_conference", command.received, context),
        capacity_due=due_from("capacity_recorded", command.received, context),
    )
    return (event, *_repeats(command.received, command.earlier_referrals, context))


def link(command: LinkReferral, state: State, context: Context) -> tuple[Event, ...]:
    """Join a referral to the episode; its own clock does not start (R198)."""
    _refuse_twice(command.allegations, state)
    earlier = (*state.earlier, *(one.when for one in state.received))
    return (
        recorded(ReferralLinked, command),
        *_repeats(command.received, earlier, context),
    )


def _repeats(
    received: When, earlier: tuple[When, ...], context: Context
) -> tuple[RepeatReferralThresholdReached, ...]:
    """Derive whether this referral makes up the number that asks for an answer (R200)."""
    window = reached(received, earlier, context)
    return () if window is None else (recorded(RepeatReferralThresholdReached, window),)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in how the concern was handled."""
    yield from _untold(state)
    yield from _late(state, known, context)
    yield from unanswered(state.threshold, known, context)
    yield from _urgent(state, known)


def _untold(state: State) -> Iterator[Finding]:
    """R154: a decision not to tell the adult has its reason."""
    if state.untold is not None:
        words = "The adult was not told of the referral; no reason is recorded."
        yield found("adult_not_told_without_reason", "R154", "medium", words, at=state.untold)


def _late(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R198: the conference within its time, unless something lawful ended the clock.

    The time is that of the date stored: the nation's limit, or the authority's own of that day.
    """
    due = state.conference_due
    if due is None or not state.received:
        return
    ended = list(_ended(known))
    first = min((one.first_day for one, _ in ended if one.first_day is not None), default=None)
    if (first or context.on) <= due.on or any(one.first_day is None for one, _ in ended):
        return
    happened = "has not been held"
    if first is not None:
        at_first = [(one.uncertain, how) for one, how in ended if one.first_day == first]
        uncertain, how = min(at_first, key=lambda one: one[0])
        happened = f"{how} {'at the earliest ' if uncertain else ''}on {first.isoformat()}"
    reason = "A reason is" if known.delay_explained else "No reason is"
    yield found(
        "conference_overdue" if first is None else "conference_late",
        "R198",
        "low" if known.delay_explained else "medium",
        f"The conference was due by {due_by(due)} and {happened}. {reason} recorded.",
        position=state.received[0].position,
        since=due,
    )


def _ended(known: Known) -> Iterator[tuple[When, str]]:
    """What ends the time to a conference, and how that is said: whatever the limit is (R198)."""
    yield from ((one.held.when, "came") for one in known.sittings.values())
    yield from ((at.when, "was decided against") for at in known.not_required)
    if known.duty_refused_on is not None:
        yield on_day(known.duty_refused_on), "ceased to be due"
    if known.led_from is not None:
        yield known.led_from.when, "became that of the case it was joined to"


def _urgent(state: State, known: Known) -> Iterator[Finding]:
    """R201: urgent action asks for a conference or a decision."""
    for at in state.urgent:
        if not known.conference_answers(at):
            code = "urgent_action_without_conference"
            words = (
                "Urgent action was flagged as needing a conference; none was convened and no "
                "decision against one is recorded."
            )
            yield found(code, "R201", "medium", words, at=at)
