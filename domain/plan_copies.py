"""Who is given a copy of the plan, and who permits that somebody else has a document at all.

Minutes go round by `minutes`; a permission recorded here is the authority that a copy of them, of
the plan or of a report names (I8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.copies import NO_BASIS, PLAN, Permitted, Release, Whom, given, went_without
from domain.finding import Finding
from domain.kept_from import plan_given
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import (
    Code,
    Fact,
    ParticipantRef,
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

    It is for `person` alone where it names one: whoever was invited as that person has it by their
    invitation too, and nobody else of their role. One that names nobody is for whoever comes in
    its role (and from its organisation); so to permit it to one of several such, register who they
    are and name them here and in the invitation. An invitation itself needs no place of its own.
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
    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    person: PersonRef | None = None
    name: Passage | None = None
    basis: Code = listed("release_basis")
    authority: int | None = numbering(default=None)
    outside: bool


Event: TypeAlias = PlanSentToAdult | PlanWithheldFromAdult | ReleasePermitted | PlanSentToNominee

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the adult has or was refused of each plan, what may be let go, and what was.

    `answered` is the version last sent to the adult, None where the plan was last withheld;
    `permitted` is by the case version of what permits it; `given` are the versions sent to anybody,
    `withheld` each decision to keep one from the adult.
    """

    answered: Mapping[PlanRef, int | None] = field(default_factory=dict)
    withheld_unexplained: tuple[Mark, ...] = ()
    permitted: Mapping[int, Permitted] = field(default_factory=dict)
    sent: tuple[tuple[Mark, PlanSentToNominee], ...] = ()
    given: tuple[tuple[Mark, PlanRef, int], ...] = ()
    withheld: tuple[tuple[Mark, PlanRef], ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case PlanSentToAdult(plan=plan, version=version):
            answered = {**state.answered, plan: version}
            return replace(state, answered=answered, given=(*state.given, (at, plan, version)))
        case PlanWithheldFromAdult(plan=plan, risk_basis=basis):
            bare = () if basis is not None else (at,)
            return replace(
                state,
                answered={**state.answered, plan: None},
                withheld=(*state.withheld, (at, plan)),
                withheld_unexplained=(*state.withheld_unexplained, *bare),
            )
        case ReleasePermitted() as event:
            one = Permitted(
                what=frozenset({event.what}),
                whom=Whom(person=event.person, role=event.role, organisation=event.organisation),
                basis=event.basis,
                says_of_pach=event.pach_information is not None,
                at=at,
            )
            return replace(state, permitted={**state.permitted, fact.version: one})
        case PlanSentToNominee() as event:
            every = (*state.given, (at, event.plan, event.version))
            return replace(state, sent=(*state.sent, (at, event)), given=every)
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
    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    person: PersonRef | None = None
    name: Passage | None = None
    basis: Code = listed("release_basis", default=NO_BASIS)
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
    if not command.outside and not known.permits(command.authority, _released(command)):
        raise Refused(
            "no_authority",
            "I8",
            "A plan goes to somebody else only by a permission recorded for it and for them, the "
            "adult's or in their best interests: name it.",
            field="authority",
        )
    return recorded(PlanSentToNominee, command, version=_version(command.plan, known))


def _released(one: SendPlanToNominee | PlanSentToNominee) -> Release:
    """What was given, and to whom."""
    return Release(what=PLAN, to=given(one))


def _version(plan: PlanRef, known: Known) -> int:
    if plan not in known.plans:
        raise NotFound("There is no such plan in this case.", field="plan")
    return known.plans[plan].version


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise plans neither sent nor withheld, and what was let go without permission."""
    del context
    yield from _plans(state, known)
    for at, sent in state.sent:
        yield from plan_given(sent.plan, sent, at, known, sent.authority)
        grave = went_without(known.permitted(sent.authority, _released(sent)), at)
        if grave is not None:
            words = "The plan went to somebody else and no permission covers it."
            if grave != "high":
                words = "The plan went to somebody else before that was permitted."
            yield found("plan_released_without_authority", "R162", grave, words, at=at)
    for permitted in state.permitted.values():
        if permitted.basis == NO_BASIS:
            words = "A release was permitted and the basis of the permission is not recorded."
            at = permitted.at
            yield found("permission_without_basis", "R162 R166", "medium", words, at=at)


def _plans(state: State, known: Known) -> Iterator[Finding]:
    """Ask whether the adult has each plan as it is now (R161)."""
    for plan, agreed in known.plans.items():
        sent = state.answered.get(plan, 0)
        if sent is not None and sent < agreed.version:
            words = "The plan was neither sent to the adult nor withheld."
            yield found("plan_not_sent", "R161", "medium", words, at=agreed.at, subject=plan)
    for at in state.withheld_unexplained:
        words = "The plan was withheld from the adult, and how it would raise the risk is not said."
        yield found("plan_withheld_unexplained", "R161", "medium", words, at=at)
