"""How long a case is kept: the class its retention is of, when to look again, and what is decided.

Nothing is destroyed because a day has come: somebody reviews, decides, and two people approve the
erasing, which a legal hold stops whatever was decided (L14 to L17).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias, assert_never

from domain.episode import open_at
from domain.finding import Finding
from domain.known import Known
from domain.lasting import by_its_policy, last_day
from domain.policy import CLASSED
from domain.stage import (
    Context,
    Looking,
    Mark,
    chosen,
    due_by,
    due_from,
    found,
    mark,
    passed,
    recorded,
)
from domain.when import When, in_words
from domain.words import Code, Due, Fact, Passage, WorkerRef, listed

_CONTACT: Final = "contact_only"  # of `retention_class`
_RULE = "retention_"  # the limit of a class, where the nation has one

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionClassSet:
    """How long the case is to be kept, counted from what, and when to review it (L15, L16).

    `review_due` is reckoned by the nation's schedule from `started`, or a day somebody chose; none
    where the schedule has no period and nobody chose.
    """

    retention_class: Code = listed("retention_class")
    trigger: Code = listed("retention_trigger")
    started: When
    review_due: Due | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionReviewed:
    """Somebody looked whether the case is still needed, and decided.

    `held` says whether a legal hold stood then: nothing is destroyed while one does.
    """

    decision: Code = listed("retention_decision")
    rationale: Passage | None = None
    decided_by: WorkerRef
    review_due: Due | None = None
    held: bool


Event: TypeAlias = RetentionClassSet | RetentionReviewed

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The class, by when to look again, and what was last decided."""

    retention_class: Code | None = None
    set_at: Mark | None = None
    review_due: Due | None = None
    reviewed: Mark | None = None
    dated_at: Mark | None = None  # where that day was last said
    decision: Code | None = None
    bare: Mark | None = None  # the last decision without its reasons
    undated: Mark | None = None  # to be kept, and nobody says until when
    under_hold: Mark | None = None  # the last decision to destroy, while a hold stood
    early: Due | None = None  # when to look again, where that decision came before it


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case RetentionClassSet(retention_class=kind, review_due=due):
            undated = at if due is None else None
            return replace(
                state,
                retention_class=kind,
                set_at=at,
                dated_at=at,
                review_due=due,
                undated=undated,
            )
        case RetentionReviewed() as event:
            destroy = event.decision == "destroy"
            early = destroy and _before_its_day(state, at)
            open_ended = event.decision == "keep" and event.review_due is None
            return replace(
                state,
                reviewed=at,
                dated_at=at,
                decision=event.decision,
                review_due=event.review_due,
                bare=at if event.rationale is None else None,
                undated=at if open_ended else None,
                under_hold=at if destroy and event.held else None,
                early=state.review_due if early else None,
            )
        case _:
            assert_never(fact.event)


def _before_its_day(state: State, at: Mark) -> bool:
    """Whether a decision came for certain before the day on which to look."""
    due, last = state.review_due, at.last
    return due is not None and last is not None and last < due.on


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRetentionClass:
    """Say how long a case is to be kept; by the nation's schedule unless `review_on` is named.

    `started` is the day it is counted from; left out, when the case was closed where it is counted
    from that, else when this occurred.
    """

    retention_class: Code = listed("retention_class")
    trigger: Code = listed("retention_trigger")
    started: When | None = None
    review_on: date | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRetention:
    """Decide whether the case is still needed; `review_on` is when to look again."""

    decision: Code = listed("retention_decision")
    rationale: Passage | None = None
    decided_by: WorkerRef | None = None
    review_on: date | None = None


Command: TypeAlias = SetRetentionClass | ReviewRetention


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,
) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded; nothing here refuses, and nothing destroys."""
    on = command.review_on
    due = None if on is None else chosen(on, context)
    match command:
        case SetRetentionClass(retention_class=kind):
            started = command.started or _began(command, known, context)
            due = due or due_from(f"{_RULE}{kind}", started, context)
            return (recorded(RetentionClassSet, command, started=started, review_due=due),)
        case ReviewRetention():
            by = command.decided_by or context.performed_by
            held = known.held
            event = recorded(RetentionReviewed, command, decided_by=by, review_due=due, held=held)
            return (event,)
        case _:
            assert_never(command)


def _began(command: SetRetentionClass, known: Known, context: Context) -> When:
    """From when it is counted, where nobody says: a closing is known to the case (L15)."""
    closed = known.closed_at if command.trigger == "case_closed" else None
    return context.occurred if closed is None else closed.when


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise what is kept unclassed or unreviewed, and destroying what is held (L15, L17).

    When to look again is asked of a closed case: an open one is kept as it is worked on.
    """
    yield from _unclassed(state, known, context)
    due, closed = state.review_due, known.closed_at is not None
    if closed and due is not None and context.on > due.on and not known.erased:
        words = f"Whether the case is still needed was to be looked at by {due_by(due)}."
        at = state.dated_at
        yield found("retention_review_overdue", "L15", "low", words, at=at, since=due)
    if state.bare is not None:
        words = "How long the case is kept was decided; the reasons are not recorded."
        yield found("retention_unexplained", "L15 R154", "low", words, at=state.bare)
    if closed and state.undated is not None:
        words = "The case is kept, and when to look again is not recorded."
        yield found("retention_undated", "L15", "low", words, at=state.undated)
    yield from _too_early(state, known)
    if state.retention_class == _CONTACT and state.set_at is not None and known.enquiries:
        words = "The case is kept as a contact only, and an enquiry of it is recorded."
        at = max((state.set_at, *known.enquiries.values()), key=lambda one: one.position)
        code, since = "retention_contact_with_enquiry", at.when
        yield found(code, "R166 L15", "low", words, at=state.set_at, since=since)
    if state.under_hold is not None:
        words = "It was decided to destroy the case while a legal hold stood."
        yield found("destruction_decided_under_hold", "L17", "high", words, at=state.under_hold)


def _too_early(state: State, known: Known) -> Iterator[Finding]:
    """L15: nothing is to be destroyed while it is worked on, or before the day set to look."""
    at, due = state.reviewed, state.early
    if state.decision != "destroy" or at is None:
        return
    if open_at(at, known.closed_at, known):
        words = "It was decided to destroy the case while it was open."
        yield found("destruction_decided_of_open_case", "L15", "medium", words, at=at)
    elif due is not None:
        words = f"It was decided to destroy the case, which is to be kept until {due_by(due)}."
        yield found("destruction_decided_early", "L15", "medium", words, at=at)


def _unclassed(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R166, L15: a closed case has a class, from which it follows how long it is kept.

    One that was reopened is not asked until it is closed again, nor one whose data were erased.
    """
    closed = known.closed_at
    if closed is None or state.set_at is not None or known.erased:
        return
    settled = last_day(CLASSED, closed, context)
    if settled is not None and context.on > settled:
        words = "The case is closed; how long it is kept, and by which class, was to be said by "
        words += f"{in_words(settled)} and is not recorded."
        since = passed(closed, settled)
        said = found("retention_class_missing", "R166 L15", "low", words, at=closed, since=since)
        yield by_its_policy(said, closed, context)
