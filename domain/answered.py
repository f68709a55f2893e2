"""Findings answered: somebody who answers for practice says how, and why.

An answer changes no fact. A finding that is raised stays raised, with its answer beside it; an
answer that is withdrawn by a correction leaves it unanswered again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.finding import Finding, FindingAnswer
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, found, mark, recorded
from domain.words import Code, Digest, Fact, Passage, derived, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAnswered:
    """A finding of this case was explained, accepted or remedied; by whom is in the header (R154).

    `finding` is its identity (`Finding.identity`); `code` and `position` (of the event it hangs
    on, None for an absence) say which it was, also once nothing raises it any more.
    """

    finding: Digest
    code: Code = derived("the code of a finding")
    position: int | None
    result: Code = listed("finding_answer")
    reason: Passage | None = None


Event: TypeAlias = FindingAnswered

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The latest answer to each finding, by its identity."""

    answers: Mapping[Digest, FindingAnswer] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact: the latest answer stands."""
    event = fact.event
    one = FindingAnswer(
        result=event.result,
        reason=event.reason,
        by=fact.header.performed_by,
        role=fact.header.role,
        when=mark(fact).when,
        position=fact.position,
    )
    return State(answers={**state.answers, event.finding: one})


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFinding:
    """Say how a finding is answered; `finding` is its `id` in the list of findings."""

    finding: Digest
    result: Code = listed("finding_answer")
    reason: Passage | None = None


Command: TypeAlias = AnswerFinding


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,  # noqa: ARG001
    context: Context,
) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: the case does not raise this finding today.
    """
    for one in context.raised or ():
        if one.identity == command.finding:
            return (recorded(FindingAnswered, command, code=one.code, position=one.position),)
    raise NotFound(
        "This case does not raise such a finding now: read its findings again and send the id of "
        "one of them.",
        field="finding",
    )


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise an answer that gives no reason (R154)."""
    del known, context
    for one in state.answers.values():
        if one.reason is None:
            words = "A finding was answered and the reason is not recorded."
            yield found("answer_unexplained", "R154", "low", words, position=one.position)
