"""A plan carried out: actions done, reviews due and held, its end; and actions about the harmer.

What is decided about the person alleged to have caused harm stands here, apart from the adult's
plan (R78, R100): another list, with another rule of who may read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.episode import within
from domain.finding import Finding
from domain.known import Known
from domain.known_later import unweighed_since
from domain.lateness import came_late, explained, late, not_done
from domain.refusal import NotFound
from domain.review_date import Dated, answers, over_by, reviewed_late
from domain.stage import (
    Context,
    Looking,
    Mark,
    after,
    chosen,
    could_precede,
    found,
    mark,
    recorded,
    set_then,
)
from domain.when import in_words
from domain.words import (
    ActionRef,
    Code,
    ConferenceRef,
    Due,
    Fact,
    Passage,
    PersonRef,
    PlanRef,
    Slug,
    listed,
)

# Capacity for one of these speaks of asking that a plan end: R49.
OF_ENDING = frozenset({Code("own_safety"), Code("protection_plan")})
_REQUESTS = {"adults_request": "the adult's", "others_request": "somebody else's"}
# Of `action_result`: what leaves an action as late as it is, and how that is said.
_UNDONE = {"not_done": "not done", "partly_done": "done only in part"}

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReviewed:
    """A plan was looked at again (R74, R90, R183)."""

    plan: PlanRef
    conference: ConferenceRef | None
    part: int | None = None
    result: Code = listed("plan_review_result")
    changes: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDateSet:
    """A date was set to review the plan, and why (R83, R84, R97, R98)."""

    plan: PlanRef
    reason: Code = listed("review_reason")
    due: Due


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEnded:
    """A plan came to its end (R184)."""

    plan: PlanRef
    reason: Code = listed("plan_end_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCompleted:
    """What became of one action, of a plan or about the person alleged to have caused harm."""

    action: ActionRef
    result: Code = listed("action_result")
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOverdueExplained:
    """Why an action is late, and by when it is expected now (B.3, C.7); its day stays as agreed."""

    action: ActionRef
    reason: Code = listed("action_delay")
    reason_other: Passage | None = None
    expected: date | None = None
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PachActionDecided:
    """What to do about the person alleged to have caused harm, apart from the plan (R78, R100).

    `pach` is who that is, where they are registered: one that names nobody is of the only person
    known, and one of no conference answers for none.
    """

    action: ActionRef
    conference: ConferenceRef | None
    part: int | None = None
    pach: PersonRef | None = None
    kind: Code = listed("pach_action_kind")
    kind_other: Passage | None = None
    description: Passage | None = None
    owner: Slug | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PachActionsReviewed:
    """What was done so far about the person alleged to have caused harm was looked at (R78).

    `pach` is who that is, where they are registered; `adult_at_risk` asks for support of their own.
    """

    conference: ConferenceRef
    part: int | None = None
    pach: PersonRef | None = None
    result: Code = listed("pach_review_result")
    adult_at_risk: Code = listed("yes_no_not_known")
    summary: Passage | None = None


Event: TypeAlias = (
    PlanReviewed
    | ReviewDateSet
    | PlanEnded
    | ActionCompleted
    | ActionOverdueExplained
    | PachActionDecided
    | PachActionsReviewed
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Pach:
    """An action about the person alleged to have caused harm."""

    owner: Slug | None
    due: date | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Where it was decided what to do about whoever is alleged to have caused harm, or nothing."""

    conference: ConferenceRef | None  # None where it is not said at which
    pach: PersonRef | None  # None where it is not said about whom
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What became of the plans of a case."""

    reviews: Mapping[PlanRef, tuple[Mark, ...]] = field(default_factory=dict)
    reviewed_at: Mapping[ConferenceRef, tuple[Mark, ...]] = field(default_factory=dict)
    due: Mapping[PlanRef, Dated] = field(default_factory=dict)  # apart from the plan's terms
    ended: Mapping[PlanRef, Mark] = field(default_factory=dict)
    ended_for: Mapping[PlanRef, Code] = field(default_factory=dict)  # of `plan_end_reason`
    done: Mapping[ActionRef, Mark] = field(default_factory=dict)  # or needed no longer
    done_first: Mapping[ActionRef, Mark] = field(default_factory=dict)  # where that was first
    explained: frozenset[ActionRef] = frozenset()  # why they are late
    undone: Mapping[ActionRef, Code] = field(default_factory=dict)  # said so last
    pach: Mapping[ActionRef, Pach] = field(default_factory=dict)
    weighed: frozenset[Weighed] = frozenset()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case PlanReviewed(plan=ref, conference=conference):
            seen = dict(state.reviewed_at)
            if conference is not None:
                seen[conference] = (*seen.get(conference, ()), at)
            reviews = {**state.reviews, ref: (*state.reviews.get(ref, ()), at)}
            return replace(state, reviews=reviews, reviewed_at=seen)
        case ReviewDateSet(plan=ref, due=due):
            dated = Dated(due=due, position=at.position, before=state.due.get(ref))
            return replace(state, due={**state.due, ref: dated})
        case PlanEnded(plan=ref, reason=reason):
            return replace(
                state,
                ended={**state.ended, ref: at},
                ended_for={**state.ended_for, ref: reason},
            )
        case ActionCompleted(action=action, result=result):
            return _became(state, action, at, result)
        case ActionOverdueExplained(action=action, reason=reason):  # it is late all the same
            said = () if reason == "not_recorded" else (action,)
            return replace(state, explained=state.explained.union(said))
        case PachActionDecided(action=action, owner=owner, due=day) as event:
            decided = Pach(owner=owner, due=day, at=at)
            weighed = Weighed(conference=event.conference, pach=event.pach, at=at)
            pach = {**state.pach, action: decided}
            return replace(state, pach=pach, weighed=state.weighed | {weighed})
        case PachActionsReviewed(conference=conference, result=result, pach=person):
            if result != "nothing_more":
                return state
            weighed = Weighed(conference=conference, pach=person, at=at)
            return replace(state, weighed=state.weighed | {weighed})
        case _:
            assert_never(fact.event)


def _became(state: State, action: ActionRef, at: Mark, result: Code) -> State:
    """Remember what became of an action, last: done or needed no longer, or not yet (R90)."""
    done = {ref: when for ref, when in state.done.items() if ref != action}
    undone = {ref: code for ref, code in state.undone.items() if ref != action}
    out = {ref: when for ref, when in state.done_first.items() if ref != action}
    if result in _UNDONE:
        return replace(state, done=done, undone={**undone, action: result}, done_first=out)
    if result == "done":
        out[action] = state.done_first.get(action, at)
    return replace(state, done={**done, action: at}, undone=undone, done_first=out)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPlan:
    """Note that a plan was looked at again."""

    plan: PlanRef
    conference: ConferenceRef | None = None
    part: int | None = None
    result: Code = listed("plan_review_result")
    changes: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReviewDate:
    """Set the day to review the plan."""

    plan: PlanRef
    reason: Code = listed("review_reason")
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPlan:
    """End a plan."""

    plan: PlanRef
    reason: Code = listed("plan_end_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteAction:
    """Note what became of an action."""

    action: ActionRef
    result: Code = listed("action_result", default=Code("done"))
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainOverdueAction:
    """Say why an action is late."""

    action: ActionRef
    reason: Code = listed("action_delay", default=Code("not_recorded"))
    reason_other: Passage | None = None
    expected: date | None = None
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePachAction:
    """Decide what to do about the person alleged to have caused harm."""

    action: ActionRef
    conference: ConferenceRef | None = None
    part: int | None = None
    pach: PersonRef | None = None
    kind: Code = listed("pach_action_kind")
    kind_other: Passage | None = None
    description: Passage | None = None
    owner: Slug | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPachActions:
    """Note that what was done about the person alleged to have caused harm was looked at."""

    conference: ConferenceRef
    part: int | None = None
    pach: PersonRef | None = None
    result: Code = listed("pach_review_result")
    adult_at_risk: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    summary: Passage | None = None


Command: TypeAlias = (
    ReviewPlan
    | SetReviewDate
    | EndPlan
    | CompleteAction
    | ExplainOverdueAction
    | DecidePachAction
    | ReviewPachActions
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the plan, action or conference is not of this case.
    """
    _in_this_case(command, state, known)
    match command:
        case ReviewPlan():
            return (recorded(PlanReviewed, command),)
        case SetReviewDate():
            return (recorded(ReviewDateSet, command, due=chosen(command.on, context)),)
        case EndPlan():
            return (recorded(PlanEnded, command),)
        case CompleteAction():
            return (recorded(ActionCompleted, command),)
        case ExplainOverdueAction():
            return (recorded(ActionOverdueExplained, command),)
        case DecidePachAction():
            return (recorded(PachActionDecided, command),)
        case ReviewPachActions():
            return (recorded(PachActionsReviewed, command),)
        case _:
            assert_never(command)


def _in_this_case(command: Command, state: State, known: Known) -> None:
    """Hold what a command names to what the case has."""
    match command:
        case ReviewPlan(plan=plan) | EndPlan(plan=plan) | SetReviewDate(plan=plan):
            if plan not in known.plans:
                raise NotFound("There is no such plan in this case.", field="plan")
        case CompleteAction(action=action) | ExplainOverdueAction(action=action):
            if not any(
                action in one for one in (known.plan_actions, known.agreed_actions, state.pach)
            ):
                raise NotFound("There is no such action in this case.", field="action")
        case DecidePachAction() | ReviewPachActions():
            pass
        case _:
            assert_never(command)
    conference = getattr(command, "conference", None)
    if conference is not None and conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise what was left undone, unreviewed or undecided by the day to judge by."""
    yield from _actions(state, known, context)
    yield from _reviews(state, known, context)
    yield from _ended_on_request(state, known)
    for ref, sitting in known.sittings.items():
        conference = known.conferences.get(ref)
        kind = "initial" if conference is None else conference.kind
        found_one = _found(ref, sitting.held, state, known)
        if (
            kind != "core_group"
            and (found_one or kind == "review")
            and ref not in state.reviewed_at
        ):
            words = "A plan existed and the conference does not record reviewing it."
            if not found_one:
                words = "A review was held, and it does not record that a plan was looked at."
            at = sitting.held
            yield found("plan_not_reviewed", "R74 R183", "medium", words, at=at, subject=ref)
        if kind != "core_group" and _left_undecided(ref, sitting.held, state, known):
            words = "The conference does not record a decision about the person alleged to have "
            words += "caused harm."
            yield found("pach_not_decided", "R78", "medium", words, at=sitting.held, subject=ref)
    yield from unweighed_since({one.pach for one in state.weighed}, known)


def _found(ref: ConferenceRef, held: Mark, state: State, known: Known) -> bool:
    """Whether a conference found a plan in force: neither its own, nor one ended before it."""
    return any(
        after(held, one.agreed)
        and ref not in one.conferences
        and not _over(state.ended.get(plan), held)
        for plan, one in known.plans.items()
    )


def _left_undecided(ref: ConferenceRef, held: Mark, state: State, known: Known) -> bool:
    """Whether a conference decided nothing about somebody who was identified before it (R78).

    What is decided at no conference is no decision of one; one that names nobody is of the only
    person known by then.
    """
    people = {person for person, _, at in known.pach_of(held) if _by_then(at, held)}
    here = {one.pach for one in state.weighed if one.conference == ref}
    return not people <= here and not (None in here and len(people) == 1)


def _by_then(at: Mark, held: Mark) -> bool:
    """Whether somebody was identified before a conference: recorded so, or of an earlier day."""
    earlier = at.last is not None and held.first is not None and at.last < held.first
    return earlier or after(held, at)


def _over(ended: Mark | None, held: Mark) -> bool:
    """Whether a plan had come to its end, or may have, when a conference was held."""
    return ended is not None and after(held, ended)


def _ended_on_request(state: State, known: Known) -> Iterator[Finding]:
    """R7, R11, R49: a wish that protection should end is looked into before it is followed."""
    asked = {ref: one for ref, one in state.ended_for.items() if one in _REQUESTS}
    for ref, reason in asked.items():
        at = state.ended[ref]
        missing = []
        risks = within(known.risk_marks, at, known)
        if not any(could_precede(one.when, at.when) for one in risks):
            missing.append("an assessment of the risk")
        if not known.capacity_of(OF_ENDING, at, decided=True):
            missing.append("a decision about their capacity for that")
        if missing:
            words = f"The plan was ended at {_REQUESTS[reason]} request without "
            words += f"{' or '.join(missing)} by then."
            code, counted = "plan_ended_on_request_unexplored", len(missing)
            rules = "R7 R11 R49"
            yield found(code, rules, "high", words, at=at, subject=ref, counted=counted)


def _actions(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say which actions are past their day, or were done after it (C.7)."""
    owed: list[tuple[ActionRef, date | None, Mark, PlanRef | None]] = [
        (ref, one.due, one.at, one.plan) for ref, one in known.plan_actions.items()
    ]
    owed += [
        (ref, one.due, one.at, one.plan)
        for ref, one in known.agreed_actions.items()
        if ref not in known.plan_actions  # taken into a plan
    ]
    owed += [(ref, one.due, one.at, None) for ref, one in state.pach.items()]
    for ref, day, at, plan in owed:
        ended = None if plan is None else state.ended.get(plan)
        if day is None:
            continue
        if day < context.on and ref not in state.done and ended is None:
            said = _UNDONE.get(state.undone.get(ref, ""), "")
            how = f"is recorded as {said}" if said else "its completion is not recorded"
            words = f"An action was to be done by {in_words(day)} and {how}."
            yield found("action_overdue", "R90", "medium", words, at=at, since=day, subject=ref)
        due = set_then(day, at)
        first = [state.done_first[ref]] if ref in state.done_first else []
        done = came_late(first, due, known)
        if done is not None and not over_by(due, ended):
            why = ref in state.explained or explained(known, at.when, done.when)
            said_late = late("An action", done, due, why=why)
            one = found("action_late", "R90", *said_late, at=done, since=due, subject=ref)
            yield one.once("action_overdue", at.position, due=None)


def _reviews(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say which plans are past their review date, or were as they ended, or reviewed late (R98)."""
    for ref, plan in known.plans.items():
        yield from reviewed_late(ref, known)
        due, ended = known.review_due(ref), state.ended.get(ref)
        if due is None or over_by(due, ended) or due.on >= context.on:
            continue
        if state.ended_for.get(ref) == "died":
            continue
        done = [one.last for one in state.reviews.get(ref, ())]
        if not any(answers(day, on=due.on, set_on=due.earliest_start) for day in done):
            said, at = not_done("The review of a plan", due), plan.at
            yield found("plan_review_overdue", "R98", "medium", said, at=at, since=due, subject=ref)
