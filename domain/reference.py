"""What other systems call a case or one of its documents, so that the record lives beside theirs.

Persons carry such references in their own stream (`person`), referrals in the event that received
them (`concern`). Here are those of the case itself, and of the reports, plans and minutes in it.
The reference is a passage: it goes when the case is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import CaseRef, ExternalReference, Fact, numbering

# What a reference may name besides the case: the events that bring a document into it.
DOCUMENTS: Final[Mapping[str, str]] = {
    "referral-received": "referral",
    "referral-linked": "referral",
    "investigation-report-submitted": "report",
    "written-contribution-received": "contribution",
    "plan-agreed": "plan",
    "plan-revised": "plan",
    "minutes-drafted": "minutes",
    "minutes-approved": "minutes",
    "redacted-copy-produced": "redacted_copy",
}

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReferenceAdded:
    """What another system calls the case, or one of its documents.

    `target` is the case version of the event that brought the document (see `DOCUMENTS`); None for
    the case itself. `elsewhere` are the other cases that carried the same reference by then.
    """

    reference: ExternalReference
    target: int | None = numbering(default=None)
    elsewhere: tuple[CaseRef, ...] = ()


Event: TypeAlias = CaseReferenceAdded

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is questionable about the references of a case."""

    shared: tuple[Mark, ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact; never reads what a passage says."""
    match fact.event:
        case CaseReferenceAdded(elsewhere=elsewhere):
            return replace(state, shared=(*state.shared, mark(fact))) if elsewhere else state
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCaseReference:
    """Record what another system calls the case, or the document an event of it brought.

    `elsewhere` is looked up: nobody sends it.
    """

    reference: ExternalReference
    target: int | None = None
    elsewhere: tuple[CaseRef, ...] = ()


Command: TypeAlias = AddCaseReference


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,  # noqa: ARG001 — as above
) -> tuple[Event, ...]:
    """Answer a command with the event that records it.

    A reference that other cases carry too is recorded all the same, and questioned.

    Raises:
        NotFound: the case has no document under that version.
    """
    match command:
        case AddCaseReference(target=target):
            if target is not None and known.event_at(target) not in DOCUMENTS:
                words = "That entry brought no document to this case: name the one that did."
                raise NotFound(words, field="target")
            return (recorded(CaseReferenceAdded, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:  # noqa: ARG001 — as above
    """Ask whether a reference that several cases carry belongs to this one."""
    for at in state.shared:
        words = "Another system's reference was recorded here that another case carries too."
        yield found("reference_shared", "R150", "low", words, at=at)
