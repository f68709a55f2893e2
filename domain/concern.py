"""Concerns received and linked, what is alleged, what was done at once: the way into a case.

What one nation calls an alert another calls a referral, so a referral says at which stage it came
(`referral_stage`). Whether the council must enquire is decided in `duty`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeAlias, assert_never

from domain.episode import none_stands
from domain.finding import Finding
from domain.known import Known
from domain.refusal import Refused
from domain.repeating import Counted, Reached, gone, others, reached_now, unanswered
from domain.stage import Context, Looking, Mark, due_from, found, mark, recorded
from domain.to_conference import Again, asked_for, asks_anew, begins_anew, late, with_one
from domain.when import When
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

_OWN: Final = Code("repeat")  # of `link_reason`: a referral of its own
_AGAIN: Final = Code("duplicate")  # the same referral, received again
_SAID: Final = frozenset({"given", "given_in_part", "refused"})  # of `consent_to_share`

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
    referrer_confidential: Code = listed("yes_no_not_known")
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
    """A further referral was joined to the episode already open (R198, R200).

    Of its own is only a `repeat`: the same received again, or news of the episode, counts for none.
    """

    reason: Code = listed("link_reason")
    channel: Code = listed("referral_channel")
    channel_other: Passage | None = None
    referrer: Passage | None = None
    referrer_role: Code = listed("referral_source")
    referrer_role_other: Passage | None = None
    referrer_organisation: Slug | None = None
    referrer_confidential: Code = listed("yes_no_not_known")
    received: When
    allegations: tuple[Allegation, ...] = ()
    account: Passage | None = None
    adult_told: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    adult_not_told_reason: Passage | None = None
    consent: Code = listed("consent_to_share", default=Code("not_recorded"))
    other_authority: Slug | None = None
    external: tuple[ExternalReference, ...] = ()
    decision_due: Due | None = None
    conference_due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllegationAdded:
    """Something else was alleged in the course of the case (R147, R155)."""

    allegation: Allegation


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatReferralThresholdReached:
    """So many referrals within the window that they are to be looked at together (R200).

    Derived when the last of them is recorded; keeps the count that was used and its window, since
    the rule can be read in two ways. Every one of `referrals` lies within the window for certain.
    `conference_due` is reckoned from the last of them (G11), where the nation has that limit and
    no earlier referral's goes on.
    """

    count: int
    needed: int
    window_from: date
    window_to: date
    referrals: tuple[When, ...]
    conference_due: Due | None = None


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


_Referral: TypeAlias = ReferralReceived | ReferralLinked
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

    type: Code
    source: Code
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The concern of a case: who it is about, what is alleged, what was decided."""

    adult: PersonRef | None = None
    counted: tuple[Counted, ...] = ()  # each of its own
    referrers: Mapping[int, tuple[Code, Slug | None]] = field(default_factory=dict)  # by position
    numbers: Mapping[int, int] = field(default_factory=dict)  # of each referral: its position
    untold: tuple[Mark, ...] = ()  # where the adult was not told of one, and not why
    consent_told: tuple[tuple[Mark, bool], ...] = ()  # where of sharing, and whether it was refused
    allegations: Mapping[AllegationRef, Alleged] = field(default_factory=dict)
    decision_due: Due | None = None
    asked_again: tuple[Again, ...] = ()  # on which referrals the duty is decided anew, and by when
    conference_due: Due | None = None
    capacity_due: Due | None = None
    times: tuple[Again, ...] = ()  # each time to a conference that a later referral began
    threshold: tuple[Reached, ...] = ()
    urgent: tuple[Mark, ...] = ()
    needs: tuple[tuple[Mark, frozenset[Code]], ...] = ()  # each record of them, none being none

    @property
    def received(self) -> tuple[Mark, ...]:
        """Where each referral of its own stands, and when it was received."""
        return tuple(one.at for one in self.counted)

    @property
    def unbegun(self) -> bool:
        """Whether no referral stands that began the times to a decision and a conference."""
        return (self.adult or self.decision_due or self.conference_due) is None

    @property
    def again(self) -> tuple[Again, ...]:
        """Those times, but for one that repeats began which are none as they are now understood."""
        ended = gone(self.counted, self.threshold)
        return tuple(one for one in self.times if one.at.position not in ended)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case ReferralReceived() as event:
            return _received(state, event, fact)
        case ReferralLinked() as event:
            at = Mark(fact.position, event.received, fact.recorded_at)
            first = state.unbegun and (event.decision_due or event.conference_due) is not None
            own = first or event.reason == _OWN
            return replace(
                _alleged(state, event.allegations, at),
                counted=_counted(state, fact, at) if own else state.counted,
                decision_due=event.decision_due if first else state.decision_due,
                conference_due=event.conference_due if first else state.conference_due,
                referrers=_referred(state, event, at),
                numbers={**state.numbers, fact.version: at.position},
                untold=_untold_by(state, event, at),
                consent_told=_consent(state, event, at),
                asked_again=with_one(state.asked_again, at, event.decision_due),
                times=with_one(state.times, at, event.conference_due),
            )
        case AllegationAdded(allegation=allegation):
            return _alleged(state, (allegation,), mark(fact))
        case RepeatReferralThresholdReached() as event:
            at, last = mark(fact), event.referrals[-1] if event.referrals else None
            began = replace(at, when=last or fact.occurred)
            times = with_one(state.times, began, event.conference_due, anew=False)
            reached = recorded(Reached, event, at=at, last=last)
            return replace(state, threshold=(*state.threshold, reached), times=times)
        case ImmediateSafetyActionTaken(conference_needed=needed):
            return replace(state, urgent=(*state.urgent, mark(fact))) if needed else state
        case CommunicationNeedsRecorded(needs=needs):
            wanted = frozenset(needs) - {Code("none")}
            return replace(state, needs=(*state.needs, (mark(fact), wanted)))
        case _:
            assert_never(fact.event)


def _received(state: State, event: ReferralReceived, fact: Fact[Event]) -> State:
    """Remember the referral that began the case."""
    at = Mark(fact.position, event.received, fact.recorded_at)
    return replace(
        _alleged(state, event.allegations, at),
        adult=event.adult,
        counted=_counted(state, fact, at, event.earlier_referrals),
        referrers=_referred(state, event, at),
        numbers={**state.numbers, fact.version: at.position},
        untold=_untold_by(state, event, at),
        consent_told=_consent(state, event, at),
        decision_due=event.decision_due,
        conference_due=event.conference_due,
        capacity_due=event.capacity_due,
    )


def _untold_by(state: State, event: _Referral, at: Mark) -> tuple[Mark, ...]:
    bare = event.adult_told == "no" and event.adult_not_told_reason is None
    return (*state.untold, at) if bare else state.untold


def _consent(state: State, event: _Referral, at: Mark) -> tuple[tuple[Mark, bool], ...]:
    """Remember what is told of the adult's consent to sharing."""
    told = ((at, event.consent == "refused"),) if event.consent in _SAID else ()
    return (*state.consent_told, *told)


def _counted(
    state: State, fact: Fact[Event], at: Mark, earlier: tuple[When, ...] = ()
) -> tuple[Counted, ...]:
    """Count one referral more."""
    return (*state.counted, Counted(at=at, stream=fact.stream, earlier=earlier))


def _referred(state: State, event: _Referral, at: Mark) -> Mapping[int, tuple[Code, Slug | None]]:
    """Remember who referred, as far as that stands in clear: in what part, for whom."""
    who = (event.referrer_role, event.referrer_organisation)
    return {**state.referrers, at.position: who}


def _alleged(state: State, allegations: tuple[Allegation, ...], at: Mark) -> State:
    """Remember what is alleged."""
    more = {one.ref: Alleged(type=one.type, source=one.source, at=at) for one in allegations}
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
    referrer_confidential: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    received: When
    adult_told: Code = listed("yes_no_not_known", default=Code("not_recorded"))
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
    referrer_confidential: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    received: When
    allegations: tuple[Allegation, ...] = ()
    account: Passage | None = None
    adult_told: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    adult_not_told_reason: Passage | None = None
    consent: Code = listed("consent_to_share", default=Code("not_recorded"))
    other_authority: Slug | None = None
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
    match command:
        case ReceiveReferral():
            return receive(command, state, context)
        case LinkReferral():
            return link(command, state, known, context)
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
        words = "This case has an allegation of that reference already; give a new one its own."
        raise Refused("allegation_exists", "I1", words)


def receive(command: ReceiveReferral, state: State, context: Context) -> tuple[Event, ...]:
    """Begin a case, with the dates that start with it where the nation sets them (R150, R198)."""
    if state.adult is not None:
        words = "This case has already begun; record a further referral by linking it."
        raise Refused("case_exists", "I1", words)
    _refuse_twice(command.allegations, state)
    event = recorded(
        ReferralReceived,
        command,
        decision_due=due_from("duty_decision", command.received, context),
        conference_due=due_from("initial_conference", command.received, context),
        capacity_due=due_from("capacity_recorded", command.received, context),
    )
    return (event, *_repeats(command.received, command.earlier_referrals, None, context))


def link(command: LinkReferral, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Join a referral to the episode; its own clock does not start, where that is open (R198).

    The first to a case since it was closed asks whether there is a duty, as any first one does,
    also where it is linked before the case is reopened; so does one whose first is withdrawn. Only
    one of its own is counted to those that repeat (R200).
    """
    _refuse_twice(command.allegations, state)
    new = command.reason != _AGAIN
    begun = (*state.asked_again, *state.again)
    first = state.unbegun and none_stands(known.dated, known.withdrawn)
    begins = first or (new and begins_anew(command.received, begun, known))
    due = due_from("initial_conference", command.received, context) if begins else None
    asked = asked_for(command.received, due, state.again, known, context)
    own = command.reason == _OWN
    repeats = _repeats(command.received, others(state.counted), asked, context) if own else ()
    asks = first or (new and asks_anew(command.received, begun, known))
    decision = due_from("duty_decision", command.received, context) if asks else None
    event = recorded(ReferralLinked, command, decision_due=decision, conference_due=due)
    return (event, *repeats)


def _repeats(
    received: When, earlier: tuple[When, ...], due: Due | None, context: Context
) -> tuple[RepeatReferralThresholdReached, ...]:
    """Derive whether this referral makes up the number that asks for an answer (R200)."""
    window = reached_now(received, earlier, context)
    if window is None:
        return ()
    return (recorded(RepeatReferralThresholdReached, window, conference_due=due),)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in how the concern was handled."""
    yield from _untold(state)
    yield from late(state.received[:1], state.conference_due, state.again, known, context)
    yield from unanswered(state.counted, state.threshold, known, context)
    yield from _urgent(state, known)


def _untold(state: State) -> Iterator[Finding]:
    """R154: a decision not to tell the adult has its reason."""
    for at in state.untold:
        words = "The adult was not told of the referral; no reason is recorded."
        yield found("adult_not_told_without_reason", "R154", "medium", words, at=at)


def _urgent(state: State, known: Known) -> Iterator[Finding]:
    """R201: urgent action asks for a conference or a decision."""
    for at in state.urgent:
        if not known.conference_answers(at):
            code = "urgent_action_without_conference"
            words = "Urgent action was flagged as needing a conference; none was convened and no "
            words += "decision against one is recorded."
            yield found(code, "R201", "medium", words, at=at)
