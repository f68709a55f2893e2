"""Who holds the case, and who leads the enquiry: so that nobody falls between two workers.

The officer's appointment has the nation's own name (`officer_event`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.in_charge import nobody_holds
from domain.known import Known
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.when import in_words
from domain.words import Code, Fact, Passage, Slug, WorkerRef, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAllocated:
    """A worker holds the case from now on (R42); `cover_until` where it is for an absence.

    `registered` says whether the record knew of the worker then; None where nobody looked.
    """

    worker: WorkerRef
    team: Slug
    reason: Code = listed("allocation_reason")
    reason_other: Passage | None = None
    cover_until: date | None = None
    previous: WorkerRef | None = None
    registered: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnallocated:
    """Nobody holds the case for now."""

    previous: WorkerRef | None = None
    team: Slug | None = None
    reason: Code = listed("allocation_reason")
    reason_other: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigatingOfficerAppointed:
    """Who leads the enquiry (R19, R38)."""

    officer: WorkerRef
    organisation: Slug
    authorised: Code = listed("yes_no_not_recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilOfficerAppointed:
    """Which council officer leads the inquiry, and whether authorised to act as one (R186)."""

    officer: WorkerRef
    organisation: Slug
    authorised: Code = listed("yes_no_not_recorded")


Event: TypeAlias = (
    CaseAllocated | CaseUnallocated | InvestigatingOfficerAppointed | CouncilOfficerAppointed
)

_APPOINTED: Mapping[str, type[InvestigatingOfficerAppointed | CouncilOfficerAppointed]] = {
    "investigating-officer-appointed": InvestigatingOfficerAppointed,
    "council-officer-appointed": CouncilOfficerAppointed,
}

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Who holds the case and who leads its enquiry."""

    worker: WorkerRef | None = None
    team: Slug | None = None
    cover_until: date | None = None
    since: Mark | None = None
    unallocated: Mark | None = None
    stranger: Mark | None = None  # where the worker was not known to the record
    officer: WorkerRef | None = None
    officer_organisations: frozenset[Slug] = frozenset()
    unauthorised: Mark | None = None


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case CaseAllocated(worker=worker, team=team, cover_until=until) as event:
            return replace(
                state,
                worker=worker,
                team=team,
                cover_until=until,
                since=mark(fact),
                unallocated=None,
                stranger=mark(fact) if event.registered is False else None,
            )
        case CaseUnallocated():
            return replace(
                state, worker=None, cover_until=None, unallocated=mark(fact), stranger=None
            )
        case InvestigatingOfficerAppointed() | CouncilOfficerAppointed() as event:
            doubtful = None if event.authorised == "yes" else mark(fact)
            return replace(
                state,
                officer=event.officer,
                officer_organisations=state.officer_organisations | {event.organisation},
                unauthorised=doubtful,
            )
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocateCase:
    """Give the case to a worker; who held it before, and whether they are known, is filled in."""

    worker: WorkerRef
    team: Slug
    reason: Code = listed("allocation_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None
    cover_until: date | None = None
    registered: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnallocateCase:
    """Take the case from its worker without giving it to another."""

    reason: Code = listed("allocation_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointOfficer:
    """Name who leads the enquiry.

    Recorded as the nation's own event.
    """

    officer: WorkerRef
    organisation: Slug
    authorised: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


Command: TypeAlias = AllocateCase | UnallocateCase | AppointOfficer


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded; nothing here refuses."""
    del known
    match command:
        case AllocateCase():
            return (recorded(CaseAllocated, command, previous=state.worker),)
        case UnallocateCase():
            return (recorded(CaseUnallocated, command, previous=state.worker, team=state.team),)
        case AppointOfficer():
            return (recorded(_APPOINTED[context.jurisdiction.officer_event], command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say where the case has nobody who holds it, or an officer of doubtful standing."""
    if state.since is None and state.officer is None and state.unallocated is None:
        yield from nobody_holds(known, context)
    if known.closed_at is not None:
        return
    if state.unallocated is not None:
        yield found(
            "case_without_worker",
            "R42",
            "medium",
            "The case was taken from its worker and has not been given to another.",
            at=state.unallocated,
        )
    if state.stranger is not None:
        yield found(
            "worker_not_registered",
            "R42",
            "medium",
            "The case was given to a worker whom this record did not know.",
            at=state.stranger,
        )
    until = state.cover_until
    if until is not None and until < context.on and state.since is not None:
        yield found(
            "cover_ended",
            "R42",
            "medium",
            f"The case was covered until {in_words(until)}; nobody is recorded since.",
            position=state.since.position,
            since=until,
        )
    if state.unauthorised is not None and context.jurisdiction.considers_protection_orders:
        yield found(
            "officer_authorisation_not_recorded",
            "R186",
            "low",
            "The officer's authorisation to act under the Act is not recorded.",
            at=state.unauthorised,
        )
