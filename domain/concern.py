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
from domain.stage import (
    Context,
    Looking,
    Mark,
    due_by,
    due_from,
    found,
    mark,
    months_after,
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

    `received` is when it reached the council; `decision_due` and `conference_due` are the dates
    that start with it, where the nation has them; `earlier_referrals` when others about this adult
    were, in any case.
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
    """So many referrals within the window that a conference is to be considered (R200).

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

    type: Code
    source: Code
    location: Code
    position: int


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
    threshold: tuple[Mark, ...] = ()
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
                _alleged(state, event.allegations, fact.position),
                received=(*state.received, at),
                linked=(*state.linked, at),
            )
        case AllegationAdded(allegation=allegation):
            return _alleged(state, (allegation,), fact.position)
        case RepeatReferralThresholdReached():
            return replace(state, threshold=(*state.threshold, mark(fact)))
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
        _alleged(state, event.allegations, fact.position),
        adult=event.adult,
        stage=event.stage,
        received=(*state.received, at),
        earlier=(*state.earlier, *event.earlier_referrals),
        untold=at if untold else state.untold,
        consent_refused=at if event.consent == "refused" else None,
        decision_due=event.decision_due,
        conference_due=event.conference_due,
    )


def _alleged(state: State, allegations: tuple[Allegation, ...], position: int) -> State:
    """Remember what is alleged."""
    more = {
        one.ref: Alleged(type=one.type, source=one.source, location=one.location, position=position)
        for one in allegations
    }
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
    """Derive whether this referral makes up the number that asks for a conference (R200).

    Counted is what lies within one window for certain, and is not certainly after this referral.
    """
    own = _days(received)
    law = context.law(own[1] if own else context.today)  # the policy of the day it was received
    needed, months = law.repeat_referrals, law.repeat_window_months
    if needed is None or months is None or own is None:
        return ()
    others = [(days, one) for one in earlier if (days := _days(one)) and days[0] <= own[1]]
    best: tuple[tuple[When, ...], date, date] | None = None
    for end in sorted({own[1], *(days[1] for days, _ in others if days[1] > own[1])}):
        start = months_after(end, -months)
        within = [(days, one) for days, one in others if start <= days[0] and days[1] <= end]
        if own[0] >= start and (best is None or len(within) >= len(best[0])):
            whens = (*(one for _, one in sorted(within, key=lambda one: one[0])), received)
            best = whens, start, end
    if best is None or len(best[0]) < needed:
        return ()
    referrals, start, end = best
    return (
        RepeatReferralThresholdReached(
            count=len(referrals),
            needed=needed,
            window_from=start,
            window_to=end,
            referrals=referrals,
        ),
    )


def _days(when: When) -> tuple[date, date] | None:
    """The first and last day it can have been; None where either is not known."""
    first, last = when.first_day, when.last_day
    return None if first is None or last is None else (first, last)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in how the concern was handled."""
    yield from _untold(state)
    yield from _late(state, known, context)
    yield from _unanswered(state, known)


def _untold(state: State) -> Iterator[Finding]:
    """R154: a decision not to tell the adult has its reason."""
    if state.untold is not None:
        words = "The adult was not told of the referral; no reason is recorded."
        yield found("adult_not_told_without_reason", "R154", "medium", words, at=state.untold)


def _late(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R198: the conference within its time, unless something lawful ended the clock."""
    due = state.conference_due
    if due is None or not state.received:
        return
    ended = [one.held.when for one in known.sittings.values()]
    ended += [at.when for at in known.not_required]
    if known.duty_refused_on is not None:
        ended.append(on_day(known.duty_refused_on))
    first = min((one.first_day for one in ended if one.first_day is not None), default=None)
    if (first or context.on) <= due.on or any(one.first_day is None for one in ended):
        return
    certain = any(one.first_day == first and not one.uncertain for one in ended)
    came = f"came {'on' if certain else 'at the earliest on'} {first.isoformat() if first else ''}"
    happened = "has not been held" if first is None else came
    reason = "A reason is" if known.delay_explained else "No reason is"
    yield found(
        "conference_overdue" if first is None else "conference_late",
        "R198",
        "low" if known.delay_explained else "medium",
        f"The conference was due by {due_by(due)} and {happened}. {reason} recorded.",
        position=state.received[0].position,
        since=due,
    )


def _unanswered(state: State, known: Known) -> Iterator[Finding]:
    """R200, R201: repeat referrals and urgent action each ask for a conference or a decision."""
    for at in state.threshold:
        if not _answered(at, known):
            code = "threshold_without_conference"
            words = (
                "Repeat referrals reached the number at which a conference is to be considered; "
                "none was convened and no decision against one is recorded."
            )
            yield found(code, "R200", "medium", words, at=at)
    for at in state.urgent:
        if not _answered(at, known):
            code = "urgent_action_without_conference"
            words = (
                "Urgent action was flagged as needing a conference; none was convened and no "
                "decision against one is recorded."
            )
            yield found(code, "R201", "medium", words, at=at)


def _answered(at: Mark, known: Known) -> bool:
    """Whether a conference, or a decision not to hold one, was recorded afterwards."""
    return any(later.position > at.position for later in known.conference_considered)
