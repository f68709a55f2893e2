"""The protection or safety plan: agreed, revised, or decided against.

How it is carried out and reviewed stands in `monitoring`. Actions against the person alleged to
have caused harm are decided there too, and never composed into the adult's plan (R100, I5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.doing import Doing
from domain.finding import Finding
from domain.known import Known, Said
from domain.refusal import NotFound, Refused
from domain.review_date import Dated, arranged_findings, brought_unplanned
from domain.risk_aim import RiskAim
from domain.stage import Context, Looking, Mark, after, against_pach, chosen, found, mark, recorded
from domain.taken_on import despite_risk, not_asked
from domain.weighing import at_it
from domain.words import (
    ActionRef,
    Code,
    ConferenceRef,
    Due,
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
class Action:
    """One action of a plan (R89, R99 to R103); `owner` is the agency that accepted it."""

    action: ActionRef
    target: Code = listed("action_target")
    kind: Code = listed("action_kind")
    kind_other: Passage | None = None
    description: Passage | None = None
    owner: Slug | None = None
    owner_worker: WorkerRef | None = None
    due: date | None = None
    horizon: Code = listed("action_horizon", default=Code("not_recorded"))
    outcome: OutcomeRef | None = None  # the adult's own desired outcome that it serves

    @property
    def against_pach(self) -> bool:
        """Whether it acts against the person alleged to have caused harm; support does not."""
        return against_pach(self.target, self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How much of the plan one agency or person is to have (R77, R95)."""

    organisation: Slug | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    content: Code = listed("content_level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a plan says, the same for an agreed and a revised one (R74 to R77, R89 to R104).

    `review_on` is a date the meeting chose; `delegated_to` names the review it left it to instead.
    `views_sought` says whether practical steps were taken to learn the adult's wishes.
    """

    kind: Code = listed("plan_kind", default=Code("protection"))
    agreed_with: Code = listed("plan_agreed_with", default=Code("not_recorded"))
    not_agreed_reason: Passage | None = None
    aim: Code = listed("plan_aim", default=Code("not_recorded"))
    risks: tuple[RiskAim, ...] = ()  # each with an aim of its own
    others_at_risk: tuple[PersonRef, ...] = ()  # by reference alone: R35
    actions: tuple[Action, ...] = ()
    coordinator: WorkerRef | None = None
    coordinator_role: Passage | None = None
    monitored_by: Slug | None = None
    contingency: Passage | None = None
    sharing: tuple[Sharing, ...] = ()
    views_sought: Code = listed("views_sought", default=Code("not_recorded"))
    adults_part: Passage | None = None
    review: Code = listed("review_arrangement", default=Code("not_decided"))
    review_on: date | None = None
    delegated_to: Slug | None = None
    delegation_agreed_by: tuple[Slug, ...] = ()
    risk_may_not_fall: bool = False
    enquiry_incomplete: bool = False

    @property
    def pressing(self) -> bool:
        """Whether a date for its review cannot wait: R84, R98."""
        return self.risk_may_not_fall or self.enquiry_incomplete


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAgreed:
    """A plan was agreed (R12, R74, R91); `version` counts its versions from 1 (I9)."""

    plan: PlanRef
    version: int
    conference: ConferenceRef | None
    part: int | None = None
    origin: Code = listed("plan_origin")
    terms: Terms
    review_due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRevised:
    """A plan was changed as things developed; its earlier versions stay readable (R90)."""

    plan: PlanRef
    version: int
    conference: ConferenceRef | None
    part: int | None = None
    origin: Code = listed("plan_origin")
    reason: Passage | None = None
    terms: Terms
    review_due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNotRequired:
    """It was decided that no plan is required (R1, R179)."""

    conference: ConferenceRef | None
    part: int | None = None
    reason: Code = listed("plan_not_required")
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNotAgreed:
    """A plan was put to the conference and not agreed, by whom and why (R74)."""

    conference: ConferenceRef
    part: int | None = None
    disagreed: Code = listed("plan_disagreement")
    disagreed_other: Passage | None = None
    organisation: Slug | None = None
    reason: Passage | None = None
    next_step: Passage | None = None


Event: TypeAlias = PlanAgreed | PlanRevised | PlanNotRequired | PlanNotAgreed

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as last agreed or revised."""

    version: int
    origin: Code
    agreed: Mark  # where its first version was recorded
    at: Mark  # where its current version was
    terms: Terms
    dated: Dated | None  # the review date last set with its terms
    begun_elsewhere: bool  # its first version here was a revision: R12
    conferences: frozenset[ConferenceRef]  # that agreed or revised it


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """An action of a plan, with where it was first agreed."""

    plan: PlanRef
    owner: Slug | None
    due: date | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The plans of a case."""

    plans: Mapping[PlanRef, Plan] = field(default_factory=dict)
    actions: Mapping[ActionRef, Owed] = field(default_factory=dict)  # of current versions
    marks: tuple[Mark, ...] = ()  # where a plan was agreed or revised
    decided_at: Mapping[ConferenceRef, tuple[Mark, ...]] = field(default_factory=dict)
    not_required: tuple[Mark, ...] = ()
    no_risk: Mark | None = None  # where it was last decided so for want of risk, or of a reason
    not_required_unexplained: tuple[Mark, ...] = ()
    not_agreed_unexplained: tuple[Mark, ...] = ()
    acted_at: frozenset[ConferenceRef] = frozenset()  # agreed a plan that has actions
    shared_with: frozenset[tuple[Slug | None, Code]] = frozenset()  # by any version

    @property
    def current(self) -> Plan | None:
        """The plan last agreed or revised; None where there is none."""
        return max(self.plans.values(), key=lambda one: one.at.position, default=None)

    @property
    def version(self) -> int:
        """The current plan's version; 0 where there is none."""
        return 0 if self.current is None else self.current.version


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case PlanAgreed() | PlanRevised() as event:
            return _decided(_agreed(state, event, at), event.conference, at)
        case PlanNotRequired(conference=conference, rationale=rationale, reason=reason):
            bare = () if rationale is not None else (at,)
            return replace(
                _decided(state, conference, at),
                not_required=(*state.not_required, at),
                no_risk=at if reason in {"no_risk", "not_recorded"} else None,
                not_required_unexplained=(*state.not_required_unexplained, *bare),
            )
        case PlanNotAgreed(conference=conference, reason=reason):
            bare = () if reason is not None else (at,)
            return replace(
                _decided(state, conference, at),
                not_agreed_unexplained=(*state.not_agreed_unexplained, *bare),
            )
        case _:
            assert_never(fact.event)


def _decided(state: State, conference: ConferenceRef | None, at: Mark) -> State:
    """Remember at which conference something was decided about a plan, and where."""
    if conference is None:
        return state
    marks = (*state.decided_at.get(conference, ()), at)
    return replace(state, decided_at={**state.decided_at, conference: marks})


def _agreed(state: State, event: PlanAgreed | PlanRevised, at: Mark) -> State:
    """Remember a version; what an earlier version alone asked for is owed no more."""
    before = state.plans.get(event.plan)
    here = frozenset(() if event.conference is None else (event.conference,))
    plan = Plan(
        version=event.version,
        origin=event.origin,
        agreed=at if before is None else before.agreed,
        at=at,
        terms=event.terms,
        dated=_dated(event, before, at),
        begun_elsewhere=before.begun_elsewhere if before else isinstance(event, PlanRevised),
        conferences=here if before is None else before.conferences | here,
    )
    dropped = set() if before is None else {one.action for one in before.terms.actions}
    actions = {ref: one for ref, one in state.actions.items() if ref not in dropped}
    for one in event.terms.actions:
        first = state.actions.get(one.action)
        since = at if first is None else first.at
        actions[one.action] = Owed(plan=event.plan, owner=one.owner, due=one.due, at=since)
    return replace(
        state,
        plans={**state.plans, event.plan: plan},
        actions=actions,
        marks=(*state.marks, at),
        acted_at=state.acted_at | here if event.terms.actions else state.acted_at,
        shared_with=state.shared_with | _shared(event.terms),
    )


def _dated(event: PlanAgreed | PlanRevised, before: Plan | None, at: Mark) -> Dated | None:
    """The review date a version sets; without one, the date there was stays."""
    last = None if before is None else before.dated
    due = event.review_due
    return last if due is None else Dated(due=due, position=at.position, before=last)


def _shared(terms: Terms) -> frozenset[tuple[Slug | None, Code]]:
    """Whom a plan says it is shared with: an agency, and in what part."""
    return frozenset((one.organisation, one.role) for one in terms.sharing if one.content != "none")


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreePlan:
    """Agree a plan; `origin` other than `composed` records one made elsewhere or earlier."""

    plan: PlanRef
    version: int = 1
    conference: ConferenceRef | None = None
    part: int | None = None
    origin: Code = listed("plan_origin", default=Code("composed"))
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisePlan:
    """Put the next version in a plan's place."""

    plan: PlanRef
    version: int
    conference: ConferenceRef | None = None
    part: int | None = None
    origin: Code = listed("plan_origin", default=Code("composed"))
    reason: Passage | None = None
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePlanNotRequired:
    """Decide that no plan is required."""

    conference: ConferenceRef | None = None
    part: int | None = None
    reason: Code = listed("plan_not_required", default=Code("not_recorded"))
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlanNotAgreed:
    """Record that a plan was put to the conference and not agreed."""

    conference: ConferenceRef
    part: int | None = None
    disagreed: Code = listed("plan_disagreement", default=Code("not_recorded"))
    disagreed_other: Passage | None = None
    organisation: Slug | None = None
    reason: Passage | None = None
    next_step: Passage | None = None


Command: TypeAlias = AgreePlan | RevisePlan | DecidePlanNotRequired | RecordPlanNotAgreed


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference is not of this case.
        Refused: an action against the person alleged to have caused harm (I5), or a version that
            skips or repeats (I9).
    """
    if command.conference is not None and command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case AgreePlan():
            return (agree(command, state, context),)
        case RevisePlan():
            return (revise(command, state, context),)
        case DecidePlanNotRequired():
            return (recorded(PlanNotRequired, command),)
        case RecordPlanNotAgreed():
            return (recorded(PlanNotAgreed, command),)
        case _:
            assert_never(command)


def agree(command: AgreePlan, state: State, context: Context) -> PlanAgreed:
    """Agree a plan, which is then its own first version here."""
    _keep_apart(command)
    if command.plan in state.plans or (command.version != 1 and command.origin == "composed"):
        _refuse_version()
    on = command.terms.review_on
    due = None if on is None else chosen(on, context)
    return recorded(PlanAgreed, command, review_due=due)


def revise(command: RevisePlan, state: State, context: Context) -> PlanRevised:
    """Put the next version in place; a plan this record never saw may begin at any (R12)."""
    _keep_apart(command)
    before = state.plans.get(command.plan)
    if before is not None and command.version != before.version + 1:
        _refuse_version()
    on = command.terms.review_on
    due = None if on is None else chosen(on, context)
    return recorded(PlanRevised, command, review_due=due)


def _keep_apart(command: AgreePlan | RevisePlan) -> None:
    if command.origin == "composed" and any(one.against_pach for one in command.terms.actions):
        raise Refused(
            "action_against_pach",
            "I5",
            "An action against the person alleged to have caused harm is decided apart from the "
            "adult's plan.",
            field="terms.actions",
        )


def _refuse_version() -> None:
    raise Refused(
        "plan_version",
        "I9",
        "A plan's versions follow one another: read the plan again and give the next number.",
        field="version",
    )


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise what plans say and leave out, and conferences that decided on none."""
    for ref, plan in state.plans.items():
        said = known.said_of(ref)
        yield from _agreement(ref, plan, said, known)
        yield from _arrangements(ref, plan, said)
        yield from _content(ref, plan, known)
        yield from arranged_findings(ref, plan, known, context)
    for at in state.not_required_unexplained:
        words = "It was decided that no plan is required and no rationale is recorded."
        yield found("no_plan_unexplained", "R154 R179", "medium", words, at=at)
    none, plans = state.no_risk, state.plans.values()
    if none is not None:
        planned = (one.at for one in plans if one.terms.actions or after(one.at, none))
        yield from despite_risk(none, planned, known)
    for at in state.not_agreed_unexplained:
        words = "A plan was not agreed at the conference, and the reason is not recorded."
        yield found("disagreement_unexplained", "R74 R154", "medium", words, at=at)
    yield from _undecided(state, known)
    yield from brought_unplanned(known, context, decided=bool(plans or state.not_required))


def _undecided(state: State, known: Known) -> Iterator[Finding]:
    """Ask every conference for a plan, or why there is none (R1, R179, R205).

    A review that looked at the plan there is has decided on it (R74).
    """
    for conference, sitting in known.sittings.items():
        called = known.conferences.get(conference)
        kind = None if called is None else called.kind
        decided = state.decided_at.get(conference, ())
        if kind == "review":
            decided = (*decided, *known.plan_reviewed_at.get(conference, ()))
        there = any(at_it(sitting, one.when) for one in decided)
        if kind != "core_group" and not there:
            words = "The conference neither agreed a plan nor decided that none is required."
            rules = "R1 R179" if conference in known.acted_at else "R1 R179 R205"
            at = sitting.held
            yield found("no_plan_decision", rules, "medium", words, at=at, subject=conference)


def _agreement(ref: PlanRef, plan: Plan, said: Said, known: Known) -> Iterator[Finding]:
    """Ask whose plan it is (R12, R48, R74, R104)."""
    terms = plan.terms
    if plan.begun_elsewhere and ref not in known.interim_plans:
        words = "A plan was revised, and the plan it revises is not in this record."
        yield found("plan_without_beginning", "R12", "low", words, at=plan.agreed, subject=ref)
    if terms.agreed_with == "not_agreed" and terms.not_agreed_reason is None:
        words = "The plan was not agreed with the adult, and the reason is not recorded."
        yield found("plan_not_agreed", "R74", "medium", words, at=plan.at, subject=ref)
    if terms.views_sought in {"not_sought", "not_recorded"} and not said.views_sought:
        words = "The record does not show steps to learn the adult's wishes about the plan."
        yield found("plan_views_not_sought", "R104", "high", words, at=plan.at, subject=ref)
    if terms.adults_part is None and not said.involved:
        words = "How the adult took part in making the plan is not recorded."
        yield found("plan_without_adult", "R48", "medium", words, at=plan.at, subject=ref)


def _arrangements(ref: PlanRef, plan: Plan, said: Said) -> Iterator[Finding]:
    """Ask who coordinates and monitors it, and what happens if it fails (R75, R76, R93)."""
    if plan.terms.coordinator is None and not said.coordinated:
        words = "The plan names no coordinator."
        yield found("no_coordinator", "R93", "medium", words, at=plan.at, subject=ref)
    if plan.terms.monitored_by is None and not said.monitored:
        words = "The plan names no organisation to monitor it."
        yield found("no_monitoring", "R75 R91", "medium", words, at=plan.at, subject=ref)
    if plan.terms.contingency is None and not said.contingency:
        words = "The plan has no contingency measures."
        yield found("no_contingency", "R76 R92", "medium", words, at=plan.at, subject=ref)


def _content(ref: PlanRef, plan: Plan, known: Known) -> Iterator[Finding]:
    """Ask what the actions are for, and of whom they are asked (R41, R99, R100, R101)."""
    terms = plan.terms.actions
    doings = (one for one in known.doings if one.plan == ref)
    actions: tuple[Action | Doing, ...] = (*terms, *doings)
    if any(one.against_pach for one in terms):
        words = "The plan contains an action against the person alleged to have caused harm."
        yield found("plan_against_pach", "R100", "high", words, at=plan.at, subject=ref)
    if not any(one.kind == "safety" for one in actions):
        words = "No action of the plan is for the adult's safety."
        yield found("no_safety_action", "R101", "medium", words, at=plan.at, subject=ref)
    if not actions and known.risk_open(plan.at):
        words = "Risk was assessed and remains, and the plan has no action."
        yield found("risk_without_action", "R89", "medium", words, at=plan.at, subject=ref)
    if not any(one.outcome in known.outcomes_expressed for one in actions):
        words = "No action of the plan is linked to an outcome the adult asked for."
        yield found("plan_not_person_centred", "R99", "medium", words, at=plan.at, subject=ref)
    yield from not_asked(actions, known, plan.at)
