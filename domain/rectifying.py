"""Somebody says that the record is not right: asked, decided in a month, and whoever holds it told.

A mistake may stay in a record that shows both it and its correction, and an opinion is not wrong
because somebody disagrees, if it says whose it is (L5). Who must be told is read from what was
circulated, not remembered by anybody (UK GDPR, Articles 16 and 19; L6).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.manifest import Recipient, recipients
from domain.refusal import NotFound, Refused
from domain.stage import (
    Context,
    Looking,
    Mark,
    due_by,
    due_from,
    found,
    mark,
    recorded,
    working,
)
from domain.words import (
    Code,
    Due,
    Fact,
    Passage,
    PersonRef,
    RequestRef,
    WorkerRef,
    listed,
    numbering,
)

_PUT_RIGHT = "granted"  # in part is not as asked: the rest wants its reasons
_BESIDE = frozenset({"record-corrected", "entry-annotated"})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationRequested:
    """Somebody asked for entries to be put right (L5); `targets` are their case versions.

    `assertion` is what kind of statement it is about: an opinion is judged otherwise than a fact.
    """

    request: RequestRef
    asked_by: Code = listed("correction_asked_by")
    person: PersonRef | None = None
    targets: tuple[int, ...] = numbering()
    assertion: Code = listed("assertion_kind")
    text: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationDecided:
    """What was decided, what was recorded for it, and whom to tell (L5, L6).

    `entries` are the case versions of the corrections, or of the statements put beside the entries;
    `recipients` is made by the rules: who was given something of the case after the first of the
    entries was recorded. None are named where nothing was put right.
    """

    request: RequestRef
    decision: Code = listed("rectification_decision")
    entries: tuple[int, ...] = numbering(default=())
    rationale: Passage | None = None
    decided_by: WorkerRef
    told_of_complaint: Code = listed("yes_no_not_recorded")
    recipients: tuple[Recipient, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientTold:
    """Somebody who holds a copy was told what was put right, or why they were not (L6)."""

    request: RequestRef
    recipient: int
    method: Code = listed("sending_method")
    not_told_because: Passage | None = None


Event: TypeAlias = RectificationRequested | RectificationDecided | RecipientTold

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, what came of it, and who is still to be told, by their number."""

    targets: tuple[int, ...]
    due: Due | None
    at: Mark
    decided: Mark | None = None
    decision: Code | None = None
    explained: bool = False
    recorded: bool = False  # a correction or a statement is named
    told_of_complaint: bool = False
    to_tell: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was asked to be put right."""

    requests: Mapping[RequestRef, Request] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact; of a request that is not understood to be of this case, nothing."""
    event, at = fact.event, mark(fact)
    ref = event.request
    if isinstance(event, RectificationRequested):
        one = Request(targets=event.targets, due=event.due, at=at)
        return replace(state, requests={**state.requests, ref: one})
    if ref not in state.requests:
        return state
    one = state.requests[ref]
    match event:
        case RectificationDecided():
            named = frozenset(each.number for each in event.recipients)
            one = replace(
                one,
                decided=at,
                decision=event.decision,
                explained=event.rationale is not None,
                recorded=bool(event.entries),
                told_of_complaint=event.told_of_complaint == "yes",
                to_tell=named,
                named=named,
            )
        case RecipientTold(recipient=number):
            one = replace(one, to_tell=one.to_tell - {number})
        case _:
            assert_never(event)
    return replace(state, requests={**state.requests, ref: one})


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRectification:
    """Take in a request; it occurred when it was received."""

    request: RequestRef
    asked_by: Code = listed("correction_asked_by", default=Code("not_recorded"))
    person: PersonRef | None = None
    targets: tuple[int, ...]
    assertion: Code = listed("assertion_kind", default=Code("not_stated"))
    text: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRectification:
    """Decide a request; whoever performed it decided, unless `decided_by` says."""

    request: RequestRef
    decision: Code = listed("rectification_decision")
    entries: tuple[int, ...] = ()
    rationale: Passage | None = None
    decided_by: WorkerRef | None = None
    told_of_complaint: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TellRecipient:
    """Record that somebody who holds a copy was told; `recipient` is their number."""

    request: RequestRef
    recipient: int
    method: Code = listed("sending_method", default=Code("not_recorded"))
    not_told_because: Passage | None = None


Command: TypeAlias = RequestRectification | DecideRectification | TellRecipient


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: no such request, entry, correction or recipient in this case.
        Refused: a reference is used twice, or a request names no entry.
    """
    one = state.requests.get(command.request)
    if isinstance(command, RequestRectification):
        return (_requested(command, one, known, context),)
    if one is None:
        raise NotFound("no such request in this case")
    match command:
        case DecideRectification(entries=entries):
            if any(known.event_at(entry) not in _BESIDE for entry in entries):
                raise NotFound("no such correction or statement in this case")
            by = command.decided_by or context.performed_by
            changed = command.decision != "refused"
            since = min(map(known.position_at, one.targets))
            tell = recipients(known.given_out, since) if changed else ()
            return (recorded(RectificationDecided, command, decided_by=by, recipients=tell),)
        case TellRecipient(recipient=number):
            if number not in one.named:
                raise NotFound("no such recipient of this request")
            return (recorded(RecipientTold, command),)
        case _:
            assert_never(command)


def _requested(
    command: RequestRectification, one: Request | None, known: Known, context: Context
) -> RectificationRequested:
    if one is not None:
        words = "A request stands under this reference: choose another."
        raise Refused("reference_used", "I12", words, field="request")
    if not command.targets:
        words = "Name the entries that are said not to be right, by their versions in the case."
        raise Refused("no_target", "I12", words, field="targets")
    if any(known.event_at(target) is None for target in command.targets):
        raise NotFound("no such event in this case")
    due = working(due_from("rectification", context.occurred, context), context.calendar)
    return recorded(RectificationRequested, command, due=due)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise requests decided late or without reasons, and recipients nobody told."""
    del known
    for ref, one in state.requests.items():
        yield from _late(ref, one, context)
        if one.decided is None:
            continue
        if one.decision != _PUT_RIGHT and not one.explained:
            words = "The record was not put right as asked; the reasons are not recorded."
            code = "rectification_refused_unexplained"
            yield found(code, "L5 R154", "medium", words, at=one.decided, subject=ref)
        if one.decision != _PUT_RIGHT and not one.told_of_complaint:
            words = "The record was not put right as asked; that the person was told of the right "
            words += "to complain is not recorded."
            code = "rectification_complaint_not_told"
            yield found(code, "L5", "low", words, at=one.decided, subject=ref)
        if one.decision != "refused" and not one.recorded:
            words = "A request to put the record right was granted; no correction or statement "
            words += "is named."
            code = "rectification_not_carried_out"
            yield found(code, "L5", "medium", words, at=one.decided, subject=ref)
        if one.to_tell:
            words = f"Of those who hold a copy, {len(one.to_tell)} are not recorded as told what "
            words += "was put right."
            code, counted = "recipients_not_told", len(one.to_tell)
            yield found(code, "L6", "medium", words, at=one.decided, subject=ref, counted=counted)


def _late(ref: RequestRef, one: Request, context: Looking) -> Iterator[Finding]:
    """Ask for a decision within the month."""
    due = one.due
    if due is None:
        return
    if one.decided is None and context.on > due.on:
        words = f"A request to put the record right was due by {due_by(due)} and is not decided."
        code = "rectification_overdue"
        yield found(code, "L5", "high", words, at=one.at, since=due, subject=ref)
    if one.decided is not None and (one.decided.first or due.on) > due.on:
        words = f"A request to put the record right was due by {due_by(due)} and decided later."
        code = "rectification_late"
        yield found(code, "L5", "medium", words, at=one.decided, since=due, subject=ref)
