"""A case looked at afterwards: facts challenged before a report is out, and files audited.

An audit is of the case as it stood at a position, so that it can be looked at again the same
(procedure C.8); what it asks for is followed until it is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, chosen, due_by, found, mark, recorded
from domain.words import (
    ActionRef,
    Code,
    DocumentRef,
    Due,
    Fact,
    Passage,
    ReviewRef,
    Slug,
    WorkerRef,
    listed,
    numbering,
)

_UPHELD = frozenset({"upheld", "partly_upheld"})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class FactualAccuracyChallenged:
    """Somebody says that something in a report, a chronology or the record is not so (C.1).

    `targets` are case versions of the entries it is about, none where it is about a document.
    """

    asked_by: Code = listed("correction_asked_by")
    organisation: Slug | None = None
    review: ReviewRef | None = None
    document: DocumentRef | None = None
    targets: tuple[int, ...] = numbering(default=())
    text: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactualAccuracyResolved:
    """What came of it; `challenge` is the case version of the challenge.

    `corrections` are the versions of the corrections made, where the record was not right.
    """

    challenge: int = numbering()
    outcome: Code = listed("accuracy_outcome")
    rationale: Passage | None = None
    corrections: tuple[int, ...] = numbering(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The answer to one question; `evidence` are the case versions it rests on."""

    question: Code = listed("audit_question")
    grade: Code = listed("audit_grade")
    evidence: tuple[int, ...] = numbering(default=())
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Something an audit asks for, by whom and by when."""

    action: ActionRef
    text: Passage | None = None
    owner: Slug | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAudited:
    """The case was audited as it stood at a position, by which tool, with which grades (C.8).

    `seed` is the number by which it was drawn among others, so that the drawing can be repeated.
    """

    auditor: WorkerRef
    tool: Code = listed("audit_tool")
    tool_other: Passage | None = None
    as_at: int | None = None
    seed: int | None = None
    grades: tuple[Grade, ...] = ()
    overall: Code = listed("audit_grade")
    remedies: tuple[Remedy, ...] = ()
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRemedyCompleted:
    """What an audit asked for was done."""

    action: ActionRef
    note: Passage | None = None


Event: TypeAlias = (
    FactualAccuracyChallenged | FactualAccuracyResolved | CaseAudited | AuditRemedyCompleted
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A challenge, by when it was to be answered, and where it was."""

    due: Due | None
    at: Mark
    resolved: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Something an audit asked for."""

    due: Due | None
    at: Mark
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was challenged, and what audits asked for."""

    challenges: Mapping[int, Challenge] = field(default_factory=dict)  # by their case version
    unexplained: tuple[Mark, ...] = ()  # resolved without reasons
    uncorrected: tuple[Mark, ...] = ()  # upheld, and no correction named
    remedies: Mapping[ActionRef, Owed] = field(default_factory=dict)
    unremedied: tuple[Mark, ...] = ()  # graded as wanting, and nothing asked for


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case FactualAccuracyChallenged(due=due):
            one = Challenge(due=due, at=at)
            return replace(state, challenges={**state.challenges, fact.version: one})
        case FactualAccuracyResolved() as event:
            return _resolved(state, event, at)
        case CaseAudited(remedies=remedies, overall=overall):
            owed = {one.action: Owed(due=one.due, at=at) for one in remedies}
            wanting = overall in {"requires_improvement", "inadequate"} and not remedies
            return replace(
                state,
                remedies={**state.remedies, **owed},
                unremedied=(*state.unremedied, at) if wanting else state.unremedied,
            )
        case AuditRemedyCompleted(action=action):
            if action not in state.remedies:
                return state
            done = replace(state.remedies[action], done=True)
            return replace(state, remedies={**state.remedies, action: done})
        case _:
            assert_never(fact.event)


def _resolved(state: State, event: FactualAccuracyResolved, at: Mark) -> State:
    challenges = dict(state.challenges)
    if event.challenge in challenges:
        challenges[event.challenge] = replace(challenges[event.challenge], resolved=at)
    bare = event.rationale is None and event.outcome != "withdrawn"
    wrong = event.outcome in _UPHELD and not event.corrections
    return replace(
        state,
        challenges=challenges,
        unexplained=(*state.unexplained, at) if bare else state.unexplained,
        uncorrected=(*state.uncorrected, at) if wrong else state.uncorrected,
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeFactualAccuracy:
    """Say that something is not so; `due_on` is the day by which an answer is promised."""

    asked_by: Code = listed("correction_asked_by", default=Code("not_recorded"))
    organisation: Slug | None = None
    review: ReviewRef | None = None
    document: DocumentRef | None = None
    targets: tuple[int, ...] = ()
    text: Passage | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveFactualAccuracy:
    """Answer a challenge, by its version in the case."""

    challenge: int
    outcome: Code = listed("accuracy_outcome")
    rationale: Passage | None = None
    corrections: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyAsked:
    """Something an audit asks for, as it is asked."""

    action: ActionRef
    text: Passage | None = None
    owner: Slug | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCase:
    """Record an audit; whoever records it made it, unless `auditor` says."""

    auditor: WorkerRef | None = None
    tool: Code = listed("audit_tool", default=Code("not_recorded"))
    tool_other: Passage | None = None
    as_at: int | None = None
    seed: int | None = None
    grades: tuple[Grade, ...] = ()
    overall: Code = listed("audit_grade", default=Code("not_graded"))
    remedies: tuple[RemedyAsked, ...] = ()
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteAuditRemedy:
    """Record that what an audit asked for was done."""

    action: ActionRef
    note: Passage | None = None


Command: TypeAlias = (
    ChallengeFactualAccuracy | ResolveFactualAccuracy | AuditCase | CompleteAuditRemedy
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: a challenge, a correction or something an audit asked for is not of this case.
    """
    match command:
        case ChallengeFactualAccuracy(due_on=on):
            due = None if on is None else chosen(on, context)
            return (recorded(FactualAccuracyChallenged, command, due=due),)
        case ResolveFactualAccuracy(challenge=challenge, corrections=corrections):
            if challenge not in state.challenges:
                words = "That entry challenges nothing: name the one that recorded the challenge."
                raise NotFound(words, field="challenge")
            for number, one in enumerate(corrections):
                if known.event_at(one) != "record-corrected":
                    words = "That entry is no correction of this case: name those that are."
                    raise NotFound(words, field=f"corrections[{number}]")
            return (recorded(FactualAccuracyResolved, command),)
        case AuditCase():
            return (_audited(command, context),)
        case CompleteAuditRemedy(action=action):
            if action not in state.remedies:
                raise NotFound("No audit of this case asked for this.", field="action")
            return (recorded(AuditRemedyCompleted, command),)
        case _:
            assert_never(command)


def _audited(command: AuditCase, context: Context) -> CaseAudited:
    remedies = tuple(
        recorded(Remedy, one, due=None if one.due_on is None else chosen(one.due_on, context))
        for one in command.remedies
    )
    by = context.performed_by if command.auditor is None else command.auditor
    return recorded(CaseAudited, command, auditor=by, remedies=remedies)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise challenges left open or answered without reasons, and audits nothing came of."""
    del known
    for version, one in state.challenges.items():
        due = one.due
        if due is None or one.resolved is not None or context.on <= due.on:
            continue
        words = f"A challenge to accuracy was to be answered by {due_by(due)}; no answer is there."
        code = "accuracy_challenge_open"
        yield found(code, "R150", "medium", words, at=one.at, since=due, subject=version)
    for at in state.unexplained:
        words = "A challenge to accuracy was answered; the reasons are not recorded."
        yield found("accuracy_answer_unexplained", "R154", "medium", words, at=at)
    for at in state.uncorrected:
        words = "A challenge to accuracy was upheld; no correction is named."
        yield found("accuracy_upheld_uncorrected", "R150", "medium", words, at=at)
    for action, owed in state.remedies.items():
        due = owed.due
        if owed.done or due is None or context.on <= due.on:
            continue
        words = f"What an audit asked for was due by {due_by(due)} and is not recorded as done."
        code = "audit_remedy_overdue"
        yield found(code, "R154", "medium", words, at=owed.at, since=due, subject=action)
    for at in state.unremedied:
        words = "An audit found the work wanting; nothing that follows from it is recorded."
        yield found("audit_without_remedy", "R154", "low", words, at=at)
