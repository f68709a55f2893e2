"""A plan watched between conferences: what it achieves, and changes too urgent to wait for one.

A manager changes a plan at once, and the next conference says whether it agrees. The new terms are
a version of the plan (`plan`), as any others; here stands that, why and by whom it was changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, could_precede, found, mark, recorded
from domain.words import (
    ActionRef,
    Code,
    ConferenceRef,
    Fact,
    Passage,
    PlanRef,
    WorkerRef,
    listed,
    numbering,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one action of a plan achieves (R181)."""

    action: ActionRef
    effect: Code = listed("core_group_effect")
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMonitored:
    """What a plan achieves, as a whole and action by action, at a meeting or not (R90, R181)."""

    plan: PlanRef
    conference: ConferenceRef | None
    part: int | None = None
    effect: Code = listed("core_group_effect")
    actions: tuple[Effect, ...] = ()
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChangedUrgently:
    """A manager changed a plan that could not wait for a conference (R90).

    `version` is that of the plan which was changed.
    """

    plan: PlanRef
    version: int
    reason: Code = listed("urgent_change_reason")
    reason_other: Passage | None = None
    change: Passage | None = None
    manager: WorkerRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChangeRatified:
    """A conference agreed, or did not agree, to what was changed before it (R90).

    `change` is the case version of the urgent change.
    """

    plan: PlanRef
    change: int = numbering()
    conference: ConferenceRef
    part: int | None = None
    decision: Code = listed("ratification")
    rationale: Passage | None = None


Event: TypeAlias = PlanMonitored | PlanChangedUrgently | PlanChangeRatified

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """A change made between conferences."""

    plan: PlanRef
    explained: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where plans were monitored, and what was changed at once."""

    monitored_at: frozenset[ConferenceRef] = frozenset()
    changes: Mapping[int, Urgent] = field(default_factory=dict)  # by their case version
    ratified: frozenset[int] = frozenset()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case PlanMonitored(conference=conference) as event:
            said = event.effect != "not_recorded" or any(
                one.effect != "not_recorded" for one in event.actions
            )
            if conference is None or not said:
                return state
            return replace(state, monitored_at=state.monitored_at | {conference})
        case PlanChangedUrgently(plan=plan, change=change):
            urgent = Urgent(plan=plan, explained=change is not None, at=mark(fact))
            return replace(state, changes={**state.changes, fact.version: urgent})
        case PlanChangeRatified(change=version):
            return replace(state, ratified=state.ratified | {version})
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorPlan:
    """Note what a plan achieves."""

    plan: PlanRef
    conference: ConferenceRef | None = None
    part: int | None = None
    effect: Code = listed("core_group_effect", default=Code("not_recorded"))
    actions: tuple[Effect, ...] = ()
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlanUrgently:
    """Change a plan at once, as a manager may; whoever records it did, unless `manager` says."""

    plan: PlanRef
    reason: Code = listed("urgent_change_reason")
    reason_other: Passage | None = None
    change: Passage | None = None
    manager: WorkerRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatifyPlanChange:
    """Say whether a conference agrees to an urgent change; `change` is its version in the case."""

    plan: PlanRef
    change: int
    conference: ConferenceRef
    part: int | None = None
    decision: Code = listed("ratification")
    rationale: Passage | None = None


Command: TypeAlias = MonitorPlan | ChangePlanUrgently | RatifyPlanChange


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the plan, the conference, an action or the urgent change is not of this case.
    """
    planned = known.plans.get(command.plan)
    if planned is None:
        raise NotFound("There is no such plan in this case.", field="plan")
    conference = getattr(command, "conference", None)
    if conference is not None and conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case MonitorPlan(actions=actions):
            for at, one in enumerate(actions):
                if not _is_known(one.action, known):
                    words = "There is no such action in this case."
                    raise NotFound(words, field=f"actions[{at}].action")
            return (recorded(PlanMonitored, command),)
        case ChangePlanUrgently(manager=manager):
            by = context.performed_by if manager is None else manager
            return (recorded(PlanChangedUrgently, command, version=planned.version, manager=by),)
        case RatifyPlanChange(plan=plan, change=change):
            urgent = state.changes.get(change)
            if urgent is None or urgent.plan != plan:
                words = "That entry changed nothing of this plan urgently: name the one that did."
                raise NotFound(words, field="change")
            return (recorded(PlanChangeRatified, command),)
        case _:
            assert_never(command)


def _is_known(action: ActionRef, known: Known) -> bool:
    """Whether an action was agreed, with a plan or alone."""
    return action in known.plan_actions or action in known.agreed_actions


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:  # noqa: ARG001
    """Criticise changes nobody looked at again; a core group may, and need not."""
    held = [
        sitting.held
        for ref, sitting in known.sittings.items()
        if ref not in known.conferences or known.conferences[ref].kind != "core_group"
    ]
    for version, one in state.changes.items():
        if not one.explained:
            words = "A plan was changed urgently and what was changed is not recorded."
            yield found(
                "urgent_change_unexplained", "R90 R154", "low", words, at=one.at, subject=one.plan
            )
        met = any(not could_precede(at.when, one.at.when) for at in held)
        if met and version not in state.ratified:
            words = "A conference met after the plan was changed urgently, and does not record "
            words += "whether it agrees to the change."
            yield found(
                "urgent_change_not_ratified", "R90", "medium", words, at=one.at, subject=one.plan
            )
