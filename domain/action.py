"""Actions, information and services agreed one at a time, at a conference or beside a plan.

An action agreed here belongs to a plan, or to none. One against the person alleged to have caused
harm is decided apart (`monitoring`), and is never composed into a plan (R100, I5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.doing import Doing
from domain.episode import within
from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, against_pach, found, mark, on_agenda, recorded
from domain.words import (
    ActionRef,
    Code,
    ConferenceRef,
    Fact,
    OutcomeRef,
    Passage,
    PersonRef,
    PlanRef,
    Slug,
    WorkerRef,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAgreed:
    """Somebody is to do something by a day (R69, R185, R205); `owner` is the agency that will.

    `plan` where it is added to a plan; `outcome` the adult's own desired outcome that it serves.
    """

    action: ActionRef
    conference: ConferenceRef | None
    part: int | None = None
    plan: PlanRef | None
    origin: Code = listed("plan_origin")
    target: Code = listed("action_target")
    kind: Code = listed("action_kind")
    kind_other: Passage | None = None
    description: Passage | None = None
    owner: Slug | None = None
    owner_worker: WorkerRef | None = None
    due: date | None = None
    horizon: Code = listed("action_horizon")
    outcome: OutcomeRef | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequested:
    """More is to be found out, from whom and by when (R69)."""

    conference: ConferenceRef | None
    part: int | None = None
    organisation: Slug | None = None
    what: Passage | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFurtherActionConsidered:
    """The meeting considered whether more is to be done or found out, and it is not (R69)."""

    conference: ConferenceRef
    part: int | None = None
    considered: Code = listed("further_action")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportServiceAgreed:
    """A service for the adult, or for a carer (R80, R81). `planned_start` is when it is to begin.

    `carer` is who the carer is, where they are registered.
    """

    conference: ConferenceRef | None
    part: int | None = None
    beneficiary: Code = listed("support_for")
    carer: PersonRef | None = None
    service: Code = listed("support_service")
    service_other: Passage | None = None
    provider: Slug | None = None
    planned_start: date | None = None
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerAssessmentOffered:
    """A carer was offered an assessment of their own needs, and what they answered (R81)."""

    conference: ConferenceRef | None
    part: int | None = None
    carer: PersonRef | None = None
    answer: Code = listed("offer_answer")
    note: Passage | None = None


Event: TypeAlias = (
    ActionAgreed
    | InformationRequested
    | NoFurtherActionConsidered
    | SupportServiceAgreed
    | CarerAssessmentOffered
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """An action agreed."""

    plan: PlanRef | None
    due: date | None
    against: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something further that an agency is to find out."""

    organisation: Slug | None
    due: date | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was agreed one thing at a time, and where it was asked whether anything is."""

    actions: Mapping[ActionRef, Agreed] = field(default_factory=dict)
    doings: tuple[Doing, ...] = ()  # what each of them is
    questions: tuple[Question, ...] = ()
    acted_at: frozenset[ConferenceRef] = frozenset()  # an action or a service
    considered_at: frozenset[ConferenceRef] = frozenset()  # asked, whatever was answered
    unexplained: tuple[Mark, ...] = ()
    for_adult: tuple[Mark, ...] = ()
    for_carer: tuple[Mark, ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case ActionAgreed() as event:
            agreed = Agreed(
                plan=event.plan,
                due=event.due,
                against=against_pach(event.target, event.kind),
                at=at,
            )
            doing = Doing(
                plan=event.plan,
                target=event.target,
                kind=event.kind,
                owner=event.owner,
                outcome=event.outcome,
                at=at,
            )
            state = replace(
                state,
                actions={**state.actions, event.action: agreed},
                doings=(*state.doings, doing),
            )
            return _considered(_acted(state, event.conference), event.conference)
        case InformationRequested(conference=conference, organisation=agency, due=due):
            question = Question(organisation=agency, due=due, at=at)
            state = replace(state, questions=(*state.questions, question))
            return _considered(state, conference)
        case NoFurtherActionConsidered(conference=conference, rationale=rationale):
            bare = () if rationale is not None else (at,)
            state = replace(state, unexplained=(*state.unexplained, *bare))
            return _considered(state, conference)
        case SupportServiceAgreed(conference=conference, beneficiary=beneficiary):
            carer = beneficiary == "carer"
            state = replace(
                state,
                for_adult=state.for_adult if carer else (*state.for_adult, at),
                for_carer=(*state.for_carer, at) if carer else state.for_carer,
            )
            return _acted(state, conference)
        case CarerAssessmentOffered():
            return replace(state, for_carer=(*state.for_carer, at))
        case _:
            assert_never(fact.event)


def _acted(state: State, conference: ConferenceRef | None) -> State:
    """Remember at which conference something was agreed."""
    here = frozenset(() if conference is None else (conference,))
    return replace(state, acted_at=state.acted_at | here)


def _considered(state: State, conference: ConferenceRef | None) -> State:
    """Remember at which conference it was asked whether more is to be done or found out."""
    here = frozenset(() if conference is None else (conference,))
    return replace(state, considered_at=state.considered_at | here)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeAction:
    """Agree one action; `origin` other than `composed` records one made elsewhere or earlier."""

    action: ActionRef
    conference: ConferenceRef | None = None
    part: int | None = None
    plan: PlanRef | None = None
    origin: Code = listed("plan_origin", default=Code("composed"))
    target: Code = listed("action_target")
    kind: Code = listed("action_kind")
    kind_other: Passage | None = None
    description: Passage | None = None
    owner: Slug | None = None
    owner_worker: WorkerRef | None = None
    due: date | None = None
    horizon: Code = listed("action_horizon", default=Code("not_recorded"))
    outcome: OutcomeRef | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInformation:
    """Ask somebody to find out more."""

    conference: ConferenceRef | None = None
    part: int | None = None
    organisation: Slug | None = None
    what: Passage | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderNoFurtherAction:
    """Note that more was considered and is not needed."""

    conference: ConferenceRef
    part: int | None = None
    considered: Code = listed("further_action", default=Code("both"))
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeSupportService:
    """Agree a service for the adult or for a carer."""

    conference: ConferenceRef | None = None
    part: int | None = None
    beneficiary: Code = listed("support_for", default=Code("adult"))
    carer: PersonRef | None = None
    service: Code = listed("support_service")
    service_other: Passage | None = None
    provider: Slug | None = None
    planned_start: date | None = None
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCarerAssessment:
    """Note that a carer was offered an assessment of their own needs."""

    conference: ConferenceRef | None = None
    part: int | None = None
    carer: PersonRef | None = None
    answer: Code = listed("offer_answer", default=Code("not_recorded"))
    note: Passage | None = None


Command: TypeAlias = (
    AgreeAction
    | RequestInformation
    | ConsiderNoFurtherAction
    | AgreeSupportService
    | OfferCarerAssessment
)


def decide(
    command: Command,
    state: State,
    known: Known,
    context: Context,  # noqa: ARG001 — every stage is asked alike
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference or the plan is not of this case.
        Refused: an action against the person alleged to have caused harm is composed into a plan
            (I5), or its reference is already used (I1).
    """
    if command.conference is not None and command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case AgreeAction():
            return (agree(command, state, known),)
        case RequestInformation():
            return (recorded(InformationRequested, command),)
        case ConsiderNoFurtherAction():
            return (recorded(NoFurtherActionConsidered, command),)
        case AgreeSupportService():
            return (recorded(SupportServiceAgreed, command),)
        case OfferCarerAssessment():
            return (recorded(CarerAssessmentOffered, command),)
        case _:
            assert_never(command)


def agree(command: AgreeAction, state: State, known: Known) -> ActionAgreed:
    """Agree an action, under a reference of its own, and apart where it is against somebody."""
    if command.plan is not None:
        if command.plan not in known.plans:
            raise NotFound("There is no such plan in this case.", field="plan")
        if command.origin == "composed" and against_pach(command.target, command.kind):
            raise Refused(
                "action_against_pach",
                "I5",
                "An action against the person alleged to have caused harm is decided apart from "
                "the adult's plan.",
                field="kind",
            )
    used = (state.actions, known.plan_actions, known.pach_actions)
    if any(command.action in one for one in used):
        raise Refused("already_recorded", "I1", "That action has been recorded already.")
    return recorded(ActionAgreed, command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise what conferences did not ask for, and what was put in the wrong place."""
    yield from _misplaced(state)
    for at in state.unexplained:
        words = "It was considered that nothing more is needed, and no rationale is recorded."
        yield found("no_action_unexplained", "R69 R154", "low", words, at=at)
    for ref, sitting in known.sittings.items():
        conference = known.conferences.get(ref)
        kind = "initial" if conference is None else conference.kind
        if kind == "core_group":
            continue
        at = sitting.held
        item = "further_action_or_information"
        shown = any(on_agenda(event, item) for _, event in known.met(ref))
        if not shown and ref not in state.considered_at | known.plan_acted_at:
            words = "The record does not show whether further action or information was considered."
            yield found("further_action_not_considered", "R69", "low", words, at=at, subject=ref)
        # Where services come before the conference by law, `assessment` asks for them (R186).
        asked_there = context.jurisdiction.considers_advocacy_first
        considered = within((*state.for_adult, *known.support_considered), at, known)
        if kind in {"initial", "outcome"} and not asked_there and not considered:
            words = "The record does not show support or services for the adult being considered."
            yield found("services_not_considered", "R80", "low", words, at=at, subject=ref)
        supported = within((*state.for_carer, *known.carer_supported), at, known)
        if not supported and _carer_known(ref, known):
            words = "A carer takes part; services or an assessment for them are not recorded."
            yield found("carer_not_considered", "R81", "low", words, at=at, subject=ref)


def _misplaced(state: State) -> Iterator[Finding]:
    """Say where an action against somebody stands among those for the adult (R78, R100)."""
    for ref, one in state.actions.items():
        if one.against and one.plan is not None:
            words = "An action against the person alleged to have caused harm was added to a plan."
            yield found("action_against_pach", "R100", "high", words, at=one.at, subject=ref)
        elif one.against:
            words = "An action against the person alleged to have caused harm is not kept apart."
            yield found(
                "action_not_kept_apart", "R78 R100", "medium", words, at=one.at, subject=ref
            )


def _carer_known(ref: ConferenceRef, known: Known) -> bool:
    """Whether a carer was asked to the conference, or came."""
    roster, sitting = known.rosters.get(ref), known.sittings.get(ref)
    asked = () if roster is None else roster.invited.values()
    came = () if sitting is None else sitting.attendances
    return any(one.role == "carer" for one in asked) or any(
        line.role == "carer" and line.present for _, line in came
    )
