"""Barring: a provider's duty to refer somebody it employed, and the referral made.

The provider refers; the council confirms that it did (R133). The duty has two halves, permission
withdrawn (or the person gone before it could be) and a ground for it: in England the Safeguarding
Vulnerable Groups Act 2006, section 35; in Scotland the Protection of Vulnerable Groups (Scotland)
Act 2007, sections 2, 3 and 9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, TypeAlias, assert_never

from domain.episode import within
from domain.finding import Finding
from domain.known import Known
from domain.lateness import came_late, explained, late
from domain.refusal import NotFound, Refused
from domain.stage import (
    Context,
    Looking,
    Mark,
    after,
    chosen,
    due_by,
    due_from,
    found,
    mark,
    passed,
    recorded,
)
from domain.when import in_words
from domain.words import (
    BarringDutyRef,
    Code,
    ConferenceRef,
    Due,
    Fact,
    Passage,
    PersonRef,
    Slug,
    listed,
)

BODY = "barring"  # of `regulatory_body`: a referral recorded there is one
OUTCOME = "dbs_referral"  # of `pach_outcome`
# Where the law has no day ("as soon as possible"): the provider's duty, which no council's policy
# sets. Ours; no source has a figure.
_SOON: Final = timedelta(weeks=4)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class DbsReferralDutyIdentified:
    """A provider must refer somebody to the barring body, and why (R133 to R137).

    `permission_withdrawn`: they may no longer do regulated work; `would_have_been`: they left first
    (`leaving_reason`). `due` is the nation's limit, or a day the provider was asked to keep.
    """

    duty: BarringDutyRef
    conference: ConferenceRef | None = None
    part: int | None = None
    provider: Slug
    person: PersonRef | None = None
    permission_withdrawn: Code = listed("yes_no_not_known")
    would_have_been: Code = listed("yes_no_not_known")
    leaving_reason: Code | None = listed("leaving_reason", default=None)
    grounds: tuple[Code, ...] = listed("barring_ground")
    due: Due | None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DbsReferralMade:
    """The referral was made on the day this occurred, by whom, and what they call it (R132, R133).

    `duty` is the one it answers; None where none is recorded. `confirmed` says whether the council
    has it confirmed by the provider or the barring body.
    """

    duty: BarringDutyRef | None = None
    provider: Slug
    made_by: Slug | None = None
    person: PersonRef | None = None
    reference: Passage | None = None
    confirmed: Code = listed("yes_no_not_recorded")


Event: TypeAlias = DbsReferralDutyIdentified | DbsReferralMade

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty to refer, as far as the rules ask."""

    provider: Slug
    person: PersonRef | None
    due: Due | None
    condition: bool  # permission was withdrawn, or would have been
    leaving_unsaid: bool
    grounded: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A referral made."""

    duty: BarringDutyRef | None
    provider: Slug
    made_by: Slug | None
    person: PersonRef | None
    confirmed: bool
    at: Mark

    @property
    def by_provider(self) -> bool:
        """Whether it is recorded that the provider itself made it."""
        return self.made_by == self.provider

    def answers(self, ref: BarringDutyRef, duty: Duty) -> bool:
        """Whether it is that duty's: it names it, or whom it is about, or neither of another."""
        if self.duty == ref:
            return True
        named = self.person is not None and duty.person is not None
        same = self.person == duty.person if named else self.duty is None
        return same and self.provider == duty.provider


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Who must refer, and who did."""

    duties: Mapping[BarringDutyRef, Duty] = field(default_factory=dict)
    made: tuple[Made, ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case DbsReferralDutyIdentified() as event:
            left = event.would_have_been == "yes"
            duty = Duty(
                provider=event.provider,
                person=event.person,
                due=event.due,
                condition=left or event.permission_withdrawn == "yes",
                leaving_unsaid=left and event.leaving_reason in {None, "not_recorded"},
                grounded=bool(event.grounds),
                at=at,
            )
            return replace(state, duties={**state.duties, event.duty: duty})
        case DbsReferralMade() as event:
            made = Made(
                duty=event.duty,
                provider=event.provider,
                made_by=event.made_by,
                person=event.person,
                confirmed=event.confirmed == "yes",
                at=at,
            )
            return replace(state, made=(*state.made, made))
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyDbsReferralDuty:
    """Record that a provider must refer somebody; without `due_on` the nation's limit counts."""

    duty: BarringDutyRef
    conference: ConferenceRef | None = None
    part: int | None = None
    provider: Slug
    person: PersonRef | None = None
    permission_withdrawn: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    would_have_been: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    leaving_reason: Code | None = listed("leaving_reason", default=None)
    grounds: tuple[Code, ...] = listed("barring_ground", default=())
    due_on: date | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDbsReferral:
    """Record that somebody was referred to the barring body, and by whom."""

    duty: BarringDutyRef | None = None
    provider: Slug
    made_by: Slug | None = None
    person: PersonRef | None = None
    reference: Passage | None = None
    confirmed: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


Command: TypeAlias = IdentifyDbsReferralDuty | RecordDbsReferral


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference or the duty is not of this case.
        Refused: the reference of a duty is already used (I1).
    """
    match command:
        case IdentifyDbsReferralDuty(conference=ref):
            if ref is not None and ref not in known.conferences:
                raise NotFound("There is no such conference in this case.", field="conference")
            if command.duty in state.duties:
                raise Refused("already_recorded", "I1", "That duty is recorded already.")
            due = _due(command, context)
            return (recorded(DbsReferralDutyIdentified, command, due=due),)
        case RecordDbsReferral(duty=duty):
            if duty is not None and duty not in state.duties:
                raise NotFound("There is no such duty to refer in this case.", field="duty")
            return (recorded(DbsReferralMade, command),)
        case _:
            assert_never(command)


def _due(command: IdentifyDbsReferralDuty, context: Context) -> Due | None:
    """Give the day the provider was asked to keep, or the nation's limit where it has one."""
    if command.due_on is not None:
        return chosen(command.due_on, context)
    return due_from("barring_referral", context.occurred, context)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise a duty not explained or not met, and a referral that somebody else made."""
    for ref, duty in state.duties.items():
        yield from _explained(ref, duty)
        yield from _met(ref, duty, state, known, context)
    for one in state.made:
        if one.made_by is not None and not one.by_provider:
            words = "A barring referral was made by somebody other than the provider."
            yield found("barring_referred_by_another", "R133", "medium", words, at=one.at)
        if not one.confirmed:
            words = "A barring referral is recorded; that it was confirmed is not."
            yield found("barring_referral_unconfirmed", "R133", "low", words, at=one.at)
    providers = {duty.provider for duty in state.duties.values()}
    told = [at for body, by, at in known.regulators_told if body == BODY and by in providers]
    told += [one.at for one in state.made if one.by_provider]
    for outcome in known.pach_outcomes:
        if OUTCOME in outcome.codes and not within(told, outcome.at, known):
            words = "Referral for barring is an outcome; the provider's referral is not recorded."
            at = outcome.at
            yield found("barring_outcome_without_referral", "R132", "medium", words, at=at)


def _explained(ref: BarringDutyRef, duty: Duty) -> Iterator[Finding]:
    """Ask what a duty rests on (R134 to R137)."""
    at = duty.at
    if not duty.condition:
        words = "A duty to refer is recorded; not that permission to work was, or would have been, "
        words += "withdrawn."
        yield found("barring_condition_unrecorded", "R134", "low", words, at=at, subject=ref)
    if duty.leaving_unsaid:
        words = "Permission to work would have been withdrawn; how the person left is not recorded."
        yield found("barring_leaving_unrecorded", "R134", "low", words, at=at, subject=ref)
    if not duty.grounded:
        words = "A duty to refer is recorded without its ground."
        rules = "R135 R136 R137"
        yield found("barring_ground_unrecorded", rules, "low", words, at=at, subject=ref)


def _met(
    ref: BarringDutyRef, duty: Duty, state: State, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask whether the referral was made by its day or, without one, by the end of the case (R133).

    Without one, it is as soon as possible: of an open case it is asked lightly, some weeks on.
    Made after its day it was late. That the case was reopened since does not meet it.
    Anybody's referral meets it here; that somebody else made it is criticised apart.
    """
    if ref not in _unmet(duty.provider, state, known):
        at = came_late(_meeting(ref, duty, state, known), duty.due, known)
        if at is not None and duty.due is not None:
            why = explained(known, duty.at.when, at.when)
            said = late("A referral for barring", at, duty.due, why=why)
            which = "barring_referral_late"
            one = found(which, "R133", *said, at=at, since=duty.due, subject=ref)
            yield one.once("barring_referral_not_made", duty.at.position)
        return
    closed = known.last_closed
    over = duty.due is not None and duty.due.on < context.on
    ended = duty.due is None and closed is not None and after(closed, duty.at)
    if over or ended:
        by = "" if duty.due is None else f", to be met by {due_by(duty.due)}"
        words = f"A provider's duty to refer for barring is recorded{by}; that it did is not."
        since = duty.due or (None if closed is None else closed.when)
        code = "barring_referral_not_made"
        yield found(code, "R133", "high", words, at=duty.at, since=since, subject=ref)
    elif duty.due is None and duty.at.last is not None and known.closed_at is None:
        asked = duty.at.last + _SOON
        if asked < context.on:
            words = "A provider's duty to refer for barring is recorded, with no day to do it by; "
            words += f"that it referred is not recorded by {in_words(asked)}."
            code, since_then = "barring_referral_awaited", passed(duty.at, asked)
            yield found(code, "R133", "low", words, at=duty.at, since=since_then, subject=ref)


def _unmet(provider: Slug, state: State, known: Known) -> Sequence[BarringDutyRef]:
    """Give the duties of a provider that no referral answers, in order.

    One recorded as a regulator told names nobody: each answers one duty, the first left.
    """
    return _left(provider, state)[len(_told(provider, known)) :]


def _told(provider: Slug, known: Known) -> list[Mark]:
    """Where a regulator is recorded as told by a provider."""
    return [at for body, by, at in known.regulators_told if (body, by) == (BODY, provider)]


def _left(provider: Slug, state: State) -> Sequence[BarringDutyRef]:
    """Give the duties of a provider that no referral made for barring answers, in order."""
    duties = ((ref, one) for ref, one in state.duties.items() if one.provider == provider)
    return [ref for ref, one in duties if not any(it.answers(ref, one) for it in state.made)]


def _meeting(ref: BarringDutyRef, duty: Duty, state: State, known: Known) -> list[Mark]:
    """Give what met a duty: the referrals that answer it, or the one it was left (`_unmet`)."""
    left = _left(duty.provider, state)
    if ref in left:
        return [_told(duty.provider, known)[left.index(ref)]]
    return [one.at for one in state.made if one.answers(ref, duty)]
