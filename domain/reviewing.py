"""A statutory review of a case: considered, referred, decided, scoped, its chronology, its end.

What a Safeguarding Adults Review is in one nation is a Learning Review in the other; both want the
decision in time and with its reasons (procedure C.1, C.2, C.7). The review itself is the board's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.episode import same
from domain.finding import Finding
from domain.known import Known
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
    recorded,
)
from domain.when import in_words
from domain.words import (
    Code,
    ConferenceRef,
    Digest,
    DocumentRef,
    Due,
    Fact,
    Passage,
    PersonRef,
    ReviewRef,
    Slug,
    WorkerRef,
    listed,
)

OUTCOME = "sar_referral"  # of `adult_outcome`
_OPEN = "more_information"  # of `review_decision`: the board asks before it decides

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReferralConsidered:
    """Whether to refer the case for a statutory review was thought of, by which criteria (R141)."""

    criteria: tuple[Code, ...] = listed("review_criterion")
    view: Code = listed("review_view")
    raised_by: Code = listed("review_raised_by")
    raised_by_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SarReferred:
    """A Safeguarding Adults Review, or the nation's Learning Review, was asked for (R122, R141).

    `due` is when the board promised its decision, or else the limit for one counted from here; the
    decision stands in ReviewReferralDecided.
    """

    review: ReviewRef
    conference: ConferenceRef | None = None
    referred_by: Slug | None = None
    criteria: tuple[Code, ...] = listed("review_criterion")
    rationale: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReferralDecided:
    """The board decided, on what ground and why (C.7: timely, lawful, with reasons).

    `elapsed_days` is how long it took at the least: from the last day the referral can have been
    made to the first on which this can have been decided; None where either is not known.
    """

    review: ReviewRef
    decision: Code = listed("review_decision")
    kind: Code | None = listed("review_kind", default=None)
    criteria: tuple[Code, ...] = listed("review_criterion")
    rationale: Passage | None = None
    ratified: Code = listed("yes_no_not_recorded")
    family_told: Code = listed("yes_no_not_recorded")
    elapsed_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewScopeSet:
    """What a review looks at: a period, agencies, questions, and what runs beside it (C.1, C.2)."""

    review: ReviewRef
    period_from: date
    period_to: date | None = None
    agencies: tuple[Slug, ...] = ()
    parallel: tuple[Code, ...] = listed("parallel_process", default=())
    parallel_other: Passage | None = None
    questions: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronologyProduced:
    """A chronology was given out, of what was known at a position; its bytes have the digest.

    `no_contact` are the agencies that say they had none in the period (C.2). The key to its
    pseudonyms is a document of its own.
    """

    review: ReviewRef | None = None
    document: DocumentRef
    digest: Digest
    as_at: int
    entries: int
    period_from: date | None = None
    period_to: date | None = None
    agencies: tuple[Slug, ...] = ()
    no_contact: tuple[Slug, ...] = ()
    pseudonyms: DocumentRef | None = None
    produced_by: WorkerRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedIndividual:
    """One individual a review was about, and whether they died; a person where the record has one.

    The harm they came to is the review's to tell, and stands in its report.
    """

    person: PersonRef | None = None
    fate: Code = listed("reviewed_fate")


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeguardingReviewConcluded:
    """The board concluded its review: of whom it was, and whether its report is published (R141).

    The yearly return counts reviews, and the individuals in them, by who died.
    """

    review: ReviewRef
    concluded_on: date
    individuals: tuple[ReviewedIndividual, ...]
    published: Code = listed("yes_no_not_recorded")


Event: TypeAlias = (
    ReviewReferralConsidered
    | SarReferred
    | ReviewReferralDecided
    | ReviewScopeSet
    | ChronologyProduced
    | SafeguardingReviewConcluded
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review referred for: when, by when it is to be decided, and what was."""

    made: Mark
    due: Due | None
    explained: bool  # by which criteria, and why
    decided: Mark | None = None
    decision: Code | None = None
    scoped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The reviews of a case, and what was said without its reasons."""

    reviews: Mapping[ReviewRef, Review] = field(default_factory=dict)
    considered: tuple[Mark, ...] = ()
    bare: tuple[Mark, ...] = ()  # considered, without reasons
    bare_decisions: Mapping[ReviewRef, Mark] = field(default_factory=dict)
    backwards: tuple[Mark, ...] = ()  # scopes that end before they begin
    unscoped: Mapping[ReviewRef, Mark] = field(default_factory=dict)  # chronologies before a scope
    concluded: frozenset[ReviewRef] = frozenset()
    again: tuple[tuple[ReviewRef, Mark], ...] = ()  # concluded, and had been


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case ReviewReferralConsidered(rationale=rationale):
            bare = (*state.bare, at) if rationale is None else state.bare
            return replace(state, considered=(*state.considered, at), bare=bare)
        case SarReferred(review=ref, due=due) as event:
            explained = bool(event.criteria) and event.rationale is not None
            one = Review(made=at, due=due, explained=explained)
            reviews = {**state.reviews, ref: one}
            return replace(state, considered=(*state.considered, at), reviews=reviews)
        case ReviewReferralDecided() as event:
            return _decided(state, event, at)
        case ReviewScopeSet(review=ref) as event:
            state = _changed(state, ref, scoped=True)
            ends = event.period_to
            if ends is not None and ends < event.period_from:
                return replace(state, backwards=(*state.backwards, at))
            return state
        case ChronologyProduced(review=ref):
            if ref is None or (ref in state.reviews and state.reviews[ref].scoped):
                return state
            return replace(state, unscoped={**state.unscoped, ref: at})
        case SafeguardingReviewConcluded(review=ref):
            again = (*state.again, (ref, at)) if ref in state.concluded else state.again
            return replace(state, concluded=state.concluded | {ref}, again=again)
        case _:
            assert_never(fact.event)


def _decided(state: State, event: ReviewReferralDecided, at: Mark) -> State:
    """Remember a decision; asking for more is none."""
    bare = {ref: one for ref, one in state.bare_decisions.items() if ref != event.review}
    if event.rationale is None:
        bare[event.review] = at
    state = replace(state, bare_decisions=bare)
    if event.decision == _OPEN:
        return state
    return _changed(state, event.review, decided=at, decision=event.decision)


def _changed(state: State, ref: ReviewRef, **changes: object) -> State:
    """Change one review; one whose referral is not understood to be of this case has none."""
    if ref not in state.reviews:
        return state
    one = replace(state.reviews[ref], **changes)  # type: ignore[arg-type]  # fields of Review
    return replace(state, reviews={**state.reviews, ref: one})


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderReviewReferral:
    """Think of referring the case."""

    criteria: tuple[Code, ...] = listed("review_criterion", default=())
    view: Code = listed("review_view", default=Code("not_decided"))
    raised_by: Code = listed("review_raised_by", default=Code("not_recorded"))
    raised_by_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferForReview:
    """Ask for a statutory review; `due_on` is the day by which a decision was promised.

    Without one the authority's limit counts, or ours.
    """

    review: ReviewRef
    conference: ConferenceRef | None = None
    referred_by: Slug | None = None
    criteria: tuple[Code, ...] = listed("review_criterion", default=())
    rationale: Passage | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideReviewReferral:
    """Record what the board decided."""

    review: ReviewRef
    decision: Code = listed("review_decision")
    kind: Code | None = listed("review_kind", default=None)
    criteria: tuple[Code, ...] = listed("review_criterion", default=())
    rationale: Passage | None = None
    ratified: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    family_told: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReviewScope:
    """Say what a review looks at."""

    review: ReviewRef
    period_from: date
    period_to: date | None = None
    agencies: tuple[Slug, ...] = ()
    parallel: tuple[Code, ...] = listed("parallel_process", default=())
    parallel_other: Passage | None = None
    questions: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProduceChronology:
    """Record that a chronology was given out; whoever records it made it."""

    review: ReviewRef | None = None
    document: DocumentRef
    digest: Digest
    as_at: int
    entries: int
    period_from: date | None = None
    period_to: date | None = None
    agencies: tuple[Slug, ...] = ()
    no_contact: tuple[Slug, ...] = ()
    pseudonyms: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeSafeguardingReview:
    """Record that the board concluded its review."""

    review: ReviewRef
    concluded_on: date
    individuals: tuple[ReviewedIndividual, ...] = ()
    published: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


Command: TypeAlias = (
    ConsiderReviewReferral
    | ReferForReview
    | DecideReviewReferral
    | SetReviewScope
    | ProduceChronology
    | ConcludeSafeguardingReview
)


def decide(
    command: Command,
    state: State,
    known: Known,
    context: Context,
) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: no such conference, or no such review was referred for, in this case.
        Refused: a review under a reference that another has.
    """
    _check_named(command, state, known)
    match command:
        case ConsiderReviewReferral():
            return (recorded(ReviewReferralConsidered, command),)
        case ReferForReview(due_on=on):
            return (recorded(SarReferred, command, due=_by(on, context)),)
        case DecideReviewReferral():
            made = state.reviews[command.review].made
            days = _elapsed(made, context)
            return (recorded(ReviewReferralDecided, command, elapsed_days=days),)
        case SetReviewScope():
            return (recorded(ReviewScopeSet, command),)
        case ProduceChronology():
            by = context.performed_by
            return (recorded(ChronologyProduced, command, produced_by=by),)
        case ConcludeSafeguardingReview():
            return (recorded(SafeguardingReviewConcluded, command),)
        case _:
            assert_never(command)


def _check_named(command: Command, state: State, known: Known) -> None:
    """Refuse a second review under one reference, and what names a review that is not there."""
    ref = getattr(command, "review", None)
    if isinstance(command, ReferForReview):
        if ref in state.reviews:
            words = "A review was referred for under this reference: choose another."
            raise Refused("reference_used", "I12", words, field="review")
        if command.conference is not None and command.conference not in known.conferences:
            raise NotFound("There is no such conference in this case.", field="conference")
    elif ref is not None and ref not in state.reviews:
        raise NotFound("There is no such review in this case.", field="review")


def _by(promised: date | None, context: Context) -> Due | None:
    """Give the day that was promised, or else by when such a decision is to be made."""
    if promised is not None:
        return chosen(promised, context)
    return due_from("review_decision", context.occurred, context)


def _elapsed(made: Mark, context: Context) -> int | None:
    """Count the days a decision took, at the least."""
    first, last = context.occurred.first_day, made.last
    return None if first is None or last is None else max((first - last).days, 0)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise reviews nobody asked for, and decisions late or without their reasons (C.7)."""
    for outcome in known.adult_outcomes:
        if OUTCOME in outcome.codes and not _asked_for(outcome.at, state, known):
            words = "A statutory review is recorded as an outcome; that it was asked for is not."
            yield found("review_not_referred", "R122", "medium", words, at=outcome.at)
    for at in state.bare:
        words = "A statutory review was considered; the reasons are not recorded."
        yield found("review_considered_without_reasons", "R141 R154", "medium", words, at=at)
    for ref, at in state.bare_decisions.items():
        words = "A referral for a statutory review was decided; the reasons are not recorded."
        code = "review_decided_without_reasons"
        yield found(code, "R141 R154", "medium", words, at=at, subject=ref)
    for ref, one in state.reviews.items():
        yield from _of_review(ref, one, context)
    for at in state.backwards:
        words = "The period a review looks at ends before it begins."
        yield found("review_period_backwards", "R141", "low", words, at=at)
    for ref, at in state.unscoped.items():
        words = "A chronology was given out for a review whose period was not set by then."
        yield found("chronology_before_scope", "R141", "low", words, at=at, subject=ref)
    for ref, at in state.again:
        words = "A statutory review is recorded as concluded, and an earlier conclusion of it "
        words += "stands: the yearly return counts it by the earlier one."
        yield found("review_concluded_again", "R141", "low", words, at=at, subject=ref)


def _asked_for(at: Mark, state: State, known: Known) -> bool:
    """Whether a review was asked for that this outcome can mean: not one decided before it.

    Nor one of another episode of the case.
    """
    reviews = (one for one in state.reviews.values() if same(one.made, at, known))
    return any(one.decided is None or after(one.decided, at) for one in reviews)


def _of_review(ref: ReviewRef, one: Review, context: Looking) -> Iterator[Finding]:
    """Ask why a review was asked for, and for the decision by the day it was promised."""
    if not one.explained:
        words = "A statutory review was asked for; its criteria or reasons are not recorded."
        yield found("review_unexplained", "R141 R154", "low", words, at=one.made, subject=ref)
    due = one.due
    if due is None:
        return
    decided = None if one.decided is None else one.decided.first or due.on
    if (context.on if decided is None else decided) > due.on:
        words = f"A decision about a statutory review was due by {due_by(due)}"
        words += ", and is not recorded." if one.decided is None else _came(one.made, one.decided)
        code, which = "review_decision_late", "open" if decided is None else "decided"
        at = one.made
        said = found(code, "R141", "medium", words, at=at, since=due, subject=ref, which=which)
        yield said if decided is None else said.once(code, at.position, which="open")


def _came(made: Mark, decided: Mark) -> str:
    """Say when a late decision came, and how many days it took: what is not certain, at the least.

    It is late by the first day it can have come on, so that one is known.
    """
    on, asked = decided.first, made.last
    if on is None or asked is None:
        return " and came later."
    came = f" and came {'at the earliest ' if decided.when.uncertain else ''}on {in_words(on)}"
    days = max((on - asked).days, 0)
    least = "at least " if decided.when.uncertain or made.when.uncertain else ""
    return f"{came}, {least}{days} day{'' if days == 1 else 's'} after it was asked for."
