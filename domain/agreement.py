"""What is agreed about a plan beside its terms: coordinator, monitoring, contingency, sharing.

Each may be said when the plan is made, within its terms, or alone and later, here. Nobody is asked
to say it twice: the criticism of a plan (`plan`) looks at both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.shared_with import SharedWith
from domain.stage import Context, Looking, chosen, mark, recorded
from domain.words import (
    Code,
    ConferenceRef,
    Due,
    Fact,
    Passage,
    PlanRef,
    Slug,
    WorkerRef,
    listed,
)

SOUGHT = frozenset({"sought_expressed", "sought_not_expressed"})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCoordinatorDesignated:
    """Who coordinates the plan (R93); that it is the managing officer is noted, not judged (R94).

    `starts` is the day from which they do; None where it is the day of the decision.
    """

    plan: PlanRef
    conference: ConferenceRef | None
    part: int | None = None
    coordinator: WorkerRef
    role: Passage | None = None
    starts: date | None = None
    same_as_managing_officer: Code = listed("yes_no_not_known")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringResponsibilityAssigned:
    """Which organisation, or who, monitors the plan (R75, R91)."""

    plan: PlanRef
    conference: ConferenceRef | None
    part: int | None = None
    organisation: Slug | None = None
    worker: WorkerRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContingencyAgreed:
    """What is done if the plan does not work, when, and by whom (R76, R92)."""

    plan: PlanRef
    conference: ConferenceRef | None
    part: int | None = None
    trigger: Passage | None = None
    measure: Passage | None = None
    owner: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSharingAgreed:
    """How much of the plan one agency or person is to have, and on what basis (R77, R95)."""

    plan: PlanRef
    conference: ConferenceRef | None
    part: int | None = None
    organisation: Slug | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    content: Code = listed("content_level")
    basis: Code = listed("sharing_basis")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultPlanInvolvementRecorded:
    """How the adult took part in making the plan, and what they brought to it (R48).

    Without a plan it is of the plan made at the conference named; without either, of every plan.
    """

    plan: PlanRef | None
    conference: ConferenceRef | None
    part: int | None = None
    involvement: Code = listed("plan_involvement")
    contributions: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultPlanViewsSought:
    """The practical steps to learn the adult's wishes about the plan, and what came of them (R104).

    What it is about is said as by `AdultPlanInvolvementRecorded`.
    """

    plan: PlanRef | None
    conference: ConferenceRef | None
    part: int | None = None
    steps: tuple[Code, ...] = listed("contact_method")
    result: Code = listed("views_sought")
    views: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDelegatedToCareManagement:
    """The review of the plan was left to another process, and who agreed to that (R97).

    `next_review` is that process's own date. It answers no pressing reason for a review (R98, G7).
    """

    plan: PlanRef
    conference: ConferenceRef | None
    part: int | None = None
    process: Code = listed("review_process")
    process_other: Passage | None = None
    delegated_to: Slug | None = None
    agreed_by: tuple[Slug, ...]
    next_review: Due | None
    rationale: Passage | None = None


Event: TypeAlias = (
    PlanCoordinatorDesignated
    | MonitoringResponsibilityAssigned
    | ContingencyAgreed
    | PlanSharingAgreed
    | AdultPlanInvolvementRecorded
    | AdultPlanViewsSought
    | ReviewDelegatedToCareManagement
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of a plan, or of the plans of a conference, beside their terms."""

    coordinated: bool = False
    monitored: bool = False
    contingency: bool = False
    involved: bool = False
    views_sought: bool = False
    delegated: bool = False
    delegation_agreed_by: tuple[Slug, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was agreed about the plans of a case, one thing at a time."""

    said: Mapping[PlanRef, Said] = field(default_factory=dict)
    loose: Mapping[ConferenceRef | None, Said] = field(default_factory=dict)  # names no plan
    shared_with: tuple[SharedWith, ...] = ()  # each word on it, also that somebody is to have none

    def of(self, plan: PlanRef, conferences: Iterable[ConferenceRef]) -> Said:
        """What is said of a plan that these conferences agreed or revised."""
        said = self.said.get(plan, Said())
        loose = [self.loose[one] for one in (*conferences, None) if one in self.loose]
        return replace(
            said,
            involved=said.involved or any(one.involved for one in loose),
            views_sought=said.views_sought or any(one.views_sought for one in loose),
        )


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    event = fact.event
    if isinstance(event, PlanSharingAgreed):
        one = SharedWith(
            organisation=event.organisation,
            role=event.role,
            agreed=event.content != "none",
            at=mark(fact),
        )
        return replace(state, shared_with=(*state.shared_with, one))
    if event.plan is not None:
        said = _said(state.said.get(event.plan, Said()), event)
        return replace(state, said={**state.said, event.plan: said})
    loose = _said(state.loose.get(event.conference, Said()), event)
    return replace(state, loose={**state.loose, event.conference: loose})


Saying: TypeAlias = (
    PlanCoordinatorDesignated
    | MonitoringResponsibilityAssigned
    | ContingencyAgreed
    | AdultPlanInvolvementRecorded
    | AdultPlanViewsSought
    | ReviewDelegatedToCareManagement
)


def _said(said: Said, event: Saying) -> Said:
    """Remember one thing said; what says nothing (nobody named, nothing to be done) adds none."""
    match event:
        case PlanCoordinatorDesignated():
            return replace(said, coordinated=True)
        case MonitoringResponsibilityAssigned(organisation=organisation, worker=worker):
            somebody = organisation is not None or worker is not None
            return replace(said, monitored=said.monitored or somebody)
        case ContingencyAgreed(measure=measure):
            return replace(said, contingency=said.contingency or measure is not None)
        case AdultPlanInvolvementRecorded(involvement=how):
            return replace(said, involved=said.involved or how != "not_recorded")
        case AdultPlanViewsSought(result=result):
            return replace(said, views_sought=said.views_sought or result in SOUGHT)
        case ReviewDelegatedToCareManagement(agreed_by=agreed_by):
            everybody = (*said.delegation_agreed_by, *agreed_by)
            return replace(said, delegated=True, delegation_agreed_by=everybody)
        case _:
            assert_never(event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignatePlanCoordinator:
    """Say who coordinates a plan."""

    plan: PlanRef
    conference: ConferenceRef | None = None
    part: int | None = None
    coordinator: WorkerRef
    role: Passage | None = None
    starts: date | None = None
    same_as_managing_officer: Code = listed("yes_no_not_known", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignMonitoringResponsibility:
    """Say which organisation, or who, monitors a plan."""

    plan: PlanRef
    conference: ConferenceRef | None = None
    part: int | None = None
    organisation: Slug | None = None
    worker: WorkerRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeContingency:
    """Agree what is done if a plan does not work."""

    plan: PlanRef
    conference: ConferenceRef | None = None
    part: int | None = None
    trigger: Passage | None = None
    measure: Passage | None = None
    owner: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreePlanSharing:
    """Agree how much of a plan one agency or person is to have."""

    plan: PlanRef
    conference: ConferenceRef | None = None
    part: int | None = None
    organisation: Slug | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    content: Code = listed("content_level")
    basis: Code = listed("sharing_basis", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultPlanInvolvement:
    """Record how the adult took part in making a plan."""

    plan: PlanRef | None = None
    conference: ConferenceRef | None = None
    part: int | None = None
    involvement: Code = listed("plan_involvement")
    contributions: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekAdultPlanViews:
    """Record the steps to learn the adult's wishes about a plan, and what came of them."""

    plan: PlanRef | None = None
    conference: ConferenceRef | None = None
    part: int | None = None
    steps: tuple[Code, ...] = listed("contact_method", default=())
    result: Code = listed("views_sought")
    views: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateReviewToCareManagement:
    """Leave the review of a plan to another process; `next_on` is the date that process has."""

    plan: PlanRef
    conference: ConferenceRef | None = None
    part: int | None = None
    process: Code = listed("review_process")
    process_other: Passage | None = None
    delegated_to: Slug | None = None
    agreed_by: tuple[Slug, ...] = ()
    next_on: date | None = None
    rationale: Passage | None = None


Command: TypeAlias = (
    DesignatePlanCoordinator
    | AssignMonitoringResponsibility
    | AgreeContingency
    | AgreePlanSharing
    | RecordAdultPlanInvolvement
    | SeekAdultPlanViews
    | DelegateReviewToCareManagement
)


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the plan or the conference is not of this case.
    """
    if command.plan is not None and command.plan not in known.plans:
        raise NotFound("There is no such plan in this case.", field="plan")
    if command.conference is not None and command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case DesignatePlanCoordinator():
            return (recorded(PlanCoordinatorDesignated, command),)
        case AssignMonitoringResponsibility():
            return (recorded(MonitoringResponsibilityAssigned, command),)
        case AgreeContingency():
            return (recorded(ContingencyAgreed, command),)
        case AgreePlanSharing():
            return (recorded(PlanSharingAgreed, command),)
        case RecordAdultPlanInvolvement():
            return (recorded(AdultPlanInvolvementRecorded, command),)
        case SeekAdultPlanViews():
            return (recorded(AdultPlanViewsSought, command),)
        case DelegateReviewToCareManagement(next_on=on):
            due = None if on is None else chosen(on, context)
            return (recorded(ReviewDelegatedToCareManagement, command, next_review=due),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Nothing of its own: what a plan lacks is said once, by `plan`, looking at both."""
    del state, known, context
    yield from ()
