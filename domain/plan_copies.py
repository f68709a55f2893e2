"""Who is given a copy of the plan, and who permits that somebody else has a document at all.

Minutes go round by `minutes`; a permission recorded here is the authority that a copy of them, of
the plan or of a report names (I8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import (
    Code,
    Fact,
    Passage,
    PersonRef,
    PlanRef,
    Slug,
    listed,
    numbering,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSentToAdult:
    """The adult was given a copy of the plan (R161)."""

    plan: PlanRef
    version: int
    method: Code = listed("sending_method")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWithheldFromAdult:
    """The plan was kept from the adult, because it would raise the risk (R161)."""

    plan: PlanRef
    reason: Code = listed("withheld_reason")
    reason_other: Passage | None = None
    risk_basis: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePermitted:
    """Somebody who may decided that somebody else may have a document (R23, R162, R167; I8).

    Its case version is the `authority` that a release to them names. `pach_information` says what
    of the person alleged to have caused harm may be in it.
    """

    what: Code = listed("release_subject")
    person: PersonRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    basis: Code = listed("release_basis")
    pach_information: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSentToNominee:
    """Somebody else was given the plan (R162).

    `authority` is the case version of the event that permits it; `outside` says that it was sent
    without this system.
    """

    plan: PlanRef
    version: int
    person: PersonRef | None = None
    name: Passage | None = None
    basis: Code = listed("release_basis")
    authority: int | None = numbering(default=None)
    outside: bool


Event: TypeAlias = PlanSentToAdult | PlanWithheldFromAdult | ReleasePermitted | PlanSentToNominee

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Which plans the adult has or was refused, and what was let go without its permission."""

    pach_information: bool = False  # a release says what of the person it may hold
    plans_answered: frozenset[PlanRef] = frozenset()  # sent to the adult, or withheld
    withheld_unexplained: tuple[Mark, ...] = ()
    unauthorised: tuple[Mark, ...] = ()
    permitted_without_basis: tuple[Mark, ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case PlanSentToAdult(plan=plan):
            return replace(state, plans_answered=state.plans_answered | {plan})
        case PlanWithheldFromAdult(plan=plan, risk_basis=basis):
            bare = () if basis is not None else (at,)
            return replace(
                state,
                plans_answered=state.plans_answered | {plan},
                withheld_unexplained=(*state.withheld_unexplained, *bare),
            )
        case ReleasePermitted(basis=basis, pach_information=pach_information):
            bare = (*state.permitted_without_basis, *((at,) if basis == "none" else ()))
            said = state.pach_information or pach_information is not None
            return replace(state, permitted_without_basis=bare, pach_information=said)
        case PlanSentToNominee(authority=authority):
            bare = () if authority is not None else (at,)
            return replace(state, unauthorised=(*state.unauthorised, *bare))
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPlanToAdult:
    """Give the adult the current version of a plan."""

    plan: PlanRef
    method: Code = listed("sending_method", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdPlanFromAdult:
    """Keep the plan from the adult."""

    plan: PlanRef
    reason: Code = listed("withheld_reason", default=Code("raises_risk"))
    reason_other: Passage | None = None
    risk_basis: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitRelease:
    """Decide that somebody may have a document."""

    what: Code = listed("release_subject")
    person: PersonRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    basis: Code = listed("release_basis")
    pach_information: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPlanToNominee:
    """Give somebody else the current version of a plan, or record that it was done `outside`."""

    plan: PlanRef
    person: PersonRef | None = None
    name: Passage | None = None
    basis: Code = listed("release_basis", default=Code("none"))
    authority: int | None = None
    outside: bool = False


Command: TypeAlias = SendPlanToAdult | WithholdPlanFromAdult | PermitRelease | SendPlanToNominee


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the plan is not of this case.
        Refused: a plan released to somebody else without its authority (I8).
    """
    del state, context
    match command:
        case SendPlanToAdult(plan=plan):
            return (recorded(PlanSentToAdult, command, version=_version(plan, known)),)
        case WithholdPlanFromAdult(plan=plan):
            _version(plan, known)
            return (recorded(PlanWithheldFromAdult, command),)
        case PermitRelease():
            return (recorded(ReleasePermitted, command),)
        case SendPlanToNominee():
            return (send_to_nominee(command, known),)
        case _:
            assert_never(command)


def send_to_nominee(command: SendPlanToNominee, known: Known) -> PlanSentToNominee:
    """Release a plan to somebody the adult chose, by the recorded permission (I8)."""
    if not command.outside and not known.permits(command.authority):
        raise Refused(
            "no_authority",
            "I8",
            "A plan goes to somebody else only by the adult's recorded permission or a best "
            "interests decision: name it.",
            field="authority",
        )
    return recorded(PlanSentToNominee, command, version=_version(command.plan, known))


def _version(plan: PlanRef, known: Known) -> int:
    if plan not in known.plans:
        raise NotFound("no such plan in this case")
    return known.plans[plan].version


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise plans neither sent nor withheld, and what was let go without permission."""
    del context
    yield from _plans(state, known)
    for at in state.unauthorised:
        words = "The plan went to somebody else and no permission for it is recorded."
        yield found("plan_released_without_authority", "R162", "high", words, at=at)
    for at in state.permitted_without_basis:
        words = "A release was permitted and the basis of the permission is not recorded."
        yield found("permission_without_basis", "R162 R166", "medium", words, at=at)


def _plans(state: State, known: Known) -> Iterator[Finding]:
    """Ask whether the adult has each plan (R161)."""
    for plan, agreed in known.plans.items():
        if plan not in state.plans_answered:
            words = "The plan was neither sent to the adult nor withheld."
            yield found("plan_not_sent", "R161", "medium", words, at=agreed.at, subject=plan)
    for at in state.withheld_unexplained:
        words = "The plan was withheld from the adult, and how it would raise the risk is not said."
        yield found("plan_withheld_unexplained", "R161", "medium", words, at=at)
