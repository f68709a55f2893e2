"""Somebody given access they do not have otherwise, for a reason and a time ("break the glass").

It is recorded in the case it opens, and looked at afterwards by somebody else (L13). From then on,
until the end of its last day, the doors let that worker in, past their role and past a restriction
of that case, and the trace of each look names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.when import in_words
from domain.words import Code, Fact, Passage, WorkerRef, listed, numbering

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGrantedException:
    """A worker may see the case though their role or a restriction says otherwise (L7, L13).

    `last_day` is the last on which it holds.
    """

    worker: WorkerRef
    ground: Code = listed("exception_ground")
    ground_other: Passage | None = None
    rationale: Passage | None = None
    last_day: date
    granted_by: WorkerRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessExceptionReviewed:
    """Somebody looked whether it was justified; `exception` is its case version."""

    exception: int = numbering()
    judged: Code = listed("exception_judged")
    rationale: Passage | None = None
    reviewed_by: WorkerRef


Event: TypeAlias = AccessGrantedException | AccessExceptionReviewed

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptional:
    """One exception: for whom, by whom, until when, and whether the record says why."""

    worker: WorkerRef
    granted_by: WorkerRef
    last_day: date
    explained: bool
    at: Mark
    reviewed_by: WorkerRef | None = None
    not_justified: bool = False  # as somebody judged who looked at it


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The exceptions, by their case version."""

    exceptions: Mapping[int, Exceptional] = field(default_factory=dict)

    def live(self, worker: WorkerRef, on: date) -> Exceptional | None:
        """The exception by which a worker is let in on a day: the last; None where there is none.

        It ends with its last day, or where somebody who looked at it judged it not justified.
        """
        live = [
            one
            for one in self.exceptions.values()
            if one.worker == worker and on <= one.last_day and not one.not_justified
        ]
        return live[-1] if live else None


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case AccessGrantedException() as event:
            one = Exceptional(
                worker=event.worker,
                granted_by=event.granted_by,
                last_day=event.last_day,
                explained=event.rationale is not None,
                at=mark(fact),
            )
            return replace(state, exceptions={**state.exceptions, fact.version: one})
        case AccessExceptionReviewed(exception=version, reviewed_by=by, judged=judged):
            if version not in state.exceptions:
                return state
            wrong = judged == "not_justified"
            one = replace(state.exceptions[version], reviewed_by=by, not_justified=wrong)
            return replace(state, exceptions={**state.exceptions, version: one})
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAccessException:
    """Let a worker see the case, until the end of a day."""

    worker: WorkerRef
    ground: Code = listed("exception_ground", default=Code("not_recorded"))
    ground_other: Passage | None = None
    rationale: Passage | None = None
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAccessException:
    """Say whether an exception was justified."""

    exception: int
    judged: Code = listed("exception_judged")
    rationale: Passage | None = None


Command: TypeAlias = GrantAccessException | ReviewAccessException


def decide(
    command: Command,
    state: State,
    known: Known,  # noqa: ARG001 — every stage is asked alike
    context: Context,
) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: there is no such exception in this case.
    """
    by = context.performed_by
    match command:
        case GrantAccessException():
            return (recorded(AccessGrantedException, command, granted_by=by),)
        case ReviewAccessException(exception=version):
            if version not in state.exceptions:
                words = "That entry gave nobody access by exception: name the one that did."
                raise NotFound(words, field="exception")
            return (recorded(AccessExceptionReviewed, command, reviewed_by=by),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise access given without a reason, to oneself, or never looked at again (L13)."""
    del known
    for version, one in state.exceptions.items():
        if not one.explained:
            words = "Access was given by way of exception; the reason is not recorded."
            code = "exception_unexplained"
            yield found(code, "L13 R154", "high", words, at=one.at, subject=version)
        if one.worker == one.granted_by:
            words = "Access was given by way of exception by whoever has it."
            yield found("exception_to_oneself", "L13", "medium", words, at=one.at, subject=version)
        if one.reviewed_by is None and context.on > one.last_day:
            words = f"Access given by way of exception ended on {in_words(one.last_day)}, and was "
            words += "not looked at again."
            code, last = "exception_not_reviewed", one.last_day
            yield found(code, "L13", "low", words, at=one.at, since=last, subject=version)
        if one.reviewed_by in {one.worker, one.granted_by}:
            words = "Access given by way of exception was looked at by whoever gave it or had it."
            code = "exception_reviewed_by_oneself"
            yield found(code, "L13", "low", words, at=one.at, subject=version)
