"""What was found out with the adult: capacity, wishes, advocacy, support and risk.

A capacity record is about one decision (R49). A wish is kept in the person's own words and comes
back at the end to be judged by them (R71). Not asked, asked without result, and not known differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.bearing import capacity_late
from domain.episode import each, same, within
from domain.finding import Finding
from domain.known import Known
from domain.outcome_known import concluded_each
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, after, could_precede, found, mark, recorded
from domain.weighing import at_it, weighed
from domain.when import in_order
from domain.words import Code, ConferenceRef, Fact, OutcomeRef, Passage, Slug, WorkerRef, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityDecisionRecorded:
    """Whether the adult has capacity for one decision, who assessed it and on what (R49).

    The presumption of capacity is itself a recordable answer (`presumed`).
    """

    decision: Code = listed("capacity_decision")
    decision_other: Passage | None = None
    answer: Code = listed("capacity_answer")
    assessed_by: WorkerRef | None = None
    assessor_role: Code = listed("assessor_role")
    assessor_role_other: Passage | None = None
    evidence: Passage | None = None
    support: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredOutcomeExpressed:
    """What the adult wants to come of this; or that they were asked and said nothing (R71, R88).

    `outcome` names one expressed outcome, so that it can be evaluated; None where none was.
    """

    asked: Code = listed("outcomes_asked")
    outcome: OutcomeRef | None = None
    words: Passage | None = None
    expressed_by: Code = listed("expressed_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredOutcomeEvaluated:
    """How far an expressed outcome was reached, and who says so (R71)."""

    outcome: OutcomeRef
    status: Code = listed("outcome_status")
    evaluated_by: Code = listed("expressed_by")
    words: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocacyConsidered:
    """Independent advocacy was considered, and what was decided (R186)."""

    decision: Code = listed("advocacy_decision")
    substantial_difficulty: Code = listed("yes_no_not_considered")
    organisation: Slug | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocacyInformationGiven:
    """The adult was told what an advocate does, and how to reach one (R187, R188)."""

    access_explained: Code = listed("yes_no_not_recorded")
    method: Code = listed("contact_method", default=Code("not_recorded"))
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportServicesConsidered:
    """Services for the adult were considered (R80, R81, R186)."""

    services: tuple[Code, ...] = listed("support_service")
    services_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAssessed:
    """How great the risk is now, and how likely it is to come back (R11, R66, R68).

    `conference` where it was assessed at one; `before` is the level before what was done; `method`
    and `assessed_by` how it was assessed and by whom.
    """

    conference: ConferenceRef | None = None
    part: int | None = None
    level: Code = listed("risk_level")
    before: Code | None = listed("risk_level")
    recurrence: Code = listed("recurrence")
    method: Code = listed("risk_method", default=Code("not_recorded"))
    method_other: Passage | None = None
    assessed_by: WorkerRef | None = None
    factors: Passage | None = None
    rationale: Passage | None = None


Event: TypeAlias = (
    CapacityDecisionRecorded
    | DesiredOutcomeExpressed
    | DesiredOutcomeEvaluated
    | AdvocacyConsidered
    | AdvocacyInformationGiven
    | SupportServicesConsidered
    | RiskAssessed
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """One capacity record, as the rules remember it."""

    decision: Code
    answer: Code
    evidenced: bool
    at: Mark

    @property
    def position(self) -> int:
        """Where it stands."""
        return self.at.position

    @property
    def decided(self) -> bool:
        """Whether it says that they have capacity, or not: no wish rests on neither (R7, R120)."""
        return self.answer != "not_determined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advocacy:
    """Advocacy considered, as the rules remember it."""

    decision: Code
    substantial_difficulty: Code
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One assessment of risk, as the rules remember it."""

    level: Code
    recurrence: Code
    explained: bool
    conference: ConferenceRef | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known of the adult's capacity, wishes, advocacy, support and risk."""

    capacity: tuple[Capacity, ...] = ()
    outcomes: Mapping[OutcomeRef, Mark] = field(default_factory=dict)
    evaluated: Mapping[OutcomeRef, Code] = field(default_factory=dict)
    asked: tuple[Mark, ...] = ()
    advocacy: tuple[Advocacy, ...] = ()
    informed: tuple[Mark, ...] = ()  # of advocacy
    access_explained: tuple[Mark, ...] = ()
    support: tuple[Mark, ...] = ()
    risks: tuple[Risk, ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case CapacityDecisionRecorded() as event:
            return replace(state, capacity=(*state.capacity, _capacity(event, mark(fact))))
        case DesiredOutcomeExpressed(asked=asked, outcome=outcome):
            more = {} if outcome is None else {outcome: mark(fact)}
            return replace(
                state,
                outcomes={**state.outcomes, **more},
                asked=(*state.asked, mark(fact)) if asked in _ASKED else state.asked,
            )
        case DesiredOutcomeEvaluated(outcome=outcome, status=status):
            return replace(state, evaluated={**state.evaluated, outcome: status})
        case AdvocacyConsidered(decision=decision, substantial_difficulty=difficulty):
            one = Advocacy(decision=decision, substantial_difficulty=difficulty, at=mark(fact))
            return replace(state, advocacy=(*state.advocacy, one))
        case AdvocacyInformationGiven(access_explained=explained):
            at = mark(fact)
            reached = (at,) if explained == "yes" else ()
            return replace(
                state,
                informed=(*state.informed, at),
                access_explained=(*state.access_explained, *reached),
            )
        case SupportServicesConsidered(services=(), rationale=None):
            return state  # of none, not even that none is needed
        case SupportServicesConsidered():
            return replace(state, support=(*state.support, mark(fact)))
        case RiskAssessed() as event:
            return replace(state, risks=(*state.risks, _risk(event, mark(fact))))
        case _:
            assert_never(fact.event)


_OPEN = Code("not_assessed")  # of `recurrence`
_ASKED = frozenset({"expressed", "none_expressed"})


def _capacity(event: CapacityDecisionRecorded, at: Mark) -> Capacity:
    """Remember one capacity record."""
    return Capacity(
        decision=event.decision,
        answer=event.answer,
        evidenced=event.evidence is not None,
        at=at,
    )


def _risk(event: RiskAssessed, at: Mark) -> Risk:
    """Remember one assessment of risk."""
    return Risk(
        level=event.level,
        recurrence=event.recurrence,
        explained=event.rationale is not None,
        conference=event.conference,
        at=at,
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCapacityDecision:
    """Record whether the adult has capacity for one decision."""

    decision: Code = listed("capacity_decision")
    decision_other: Passage | None = None
    answer: Code = listed("capacity_answer")
    assessed_by: WorkerRef | None = None
    assessor_role: Code = listed("assessor_role", default=Code("not_recorded"))
    assessor_role_other: Passage | None = None
    evidence: Passage | None = None
    support: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDesiredOutcome:
    """Record what the adult wants, or that they were asked.

    `outcome` is an earlier one that this changes.
    """

    asked: Code = listed("outcomes_asked")
    outcome: OutcomeRef | None = None
    words: Passage | None = None
    expressed_by: Code = listed("expressed_by", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateDesiredOutcome:
    """Record how far an outcome was reached."""

    outcome: OutcomeRef
    status: Code = listed("outcome_status")
    evaluated_by: Code = listed("expressed_by", default=Code("not_recorded"))
    words: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderAdvocacy:
    """Record that advocacy was considered."""

    decision: Code = listed("advocacy_decision")
    substantial_difficulty: Code = listed("yes_no_not_considered", default=Code("not_considered"))
    organisation: Slug | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAdvocacyInformation:
    """Record that the adult was told of advocacy."""

    access_explained: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    method: Code = listed("contact_method", default=Code("not_recorded"))
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderSupportServices:
    """Record that services were considered."""

    services: tuple[Code, ...] = listed("support_service", default=())
    services_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessRisk:
    """Record an assessment of risk."""

    conference: ConferenceRef | None = None
    part: int | None = None
    level: Code = listed("risk_level")
    before: Code | None = listed("risk_level", default=None)
    recurrence: Code = listed("recurrence", default=Code("not_assessed"))
    method: Code = listed("risk_method", default=Code("not_recorded"))
    method_other: Passage | None = None
    assessed_by: WorkerRef | None = None
    factors: Passage | None = None
    rationale: Passage | None = None


Command: TypeAlias = (
    RecordCapacityDecision
    | RecordDesiredOutcome
    | EvaluateDesiredOutcome
    | ConsiderAdvocacy
    | GiveAdvocacyInformation
    | ConsiderSupportServices
    | AssessRisk
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: risk is said to have been assessed at a conference that the case has not.
    """
    del state, context
    match command:
        case RecordCapacityDecision():
            return (recorded(CapacityDecisionRecorded, command),)
        case RecordDesiredOutcome():
            return (recorded(DesiredOutcomeExpressed, command),)
        case EvaluateDesiredOutcome():
            return (recorded(DesiredOutcomeEvaluated, command),)
        case ConsiderAdvocacy():
            return (recorded(AdvocacyConsidered, command),)
        case GiveAdvocacyInformation():
            return (recorded(AdvocacyInformationGiven, command),)
        case ConsiderSupportServices():
            return (recorded(SupportServicesConsidered, command),)
        case AssessRisk(conference=conference):
            if conference is not None and conference not in known.conferences:
                raise NotFound("There is no such conference in this case.", field="conference")
            return (recorded(RiskAssessed, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in what was found out with the adult."""
    yield from _on_capacity(state)
    yield from capacity_late(known, context)
    yield from _on_outcomes(state, known)
    yield from _on_support(state, known, context)
    yield from _on_risk(state, known)


def _on_capacity(state: State) -> Iterator[Finding]:
    """R49: a finding of incapacity says what it rests on."""
    for one in state.capacity:
        if one.answer == "lacks_capacity" and not one.evidenced:
            words = "The adult was found to lack capacity for a decision; what that rests on is "
            words += "not recorded."
            yield found("capacity_without_evidence", "R49", "medium", words, at=one.at)


def _on_outcomes(state: State, known: Known) -> Iterator[Finding]:
    """R71, R88: what was wished is asked for, and looked at again before the end."""
    ends = list(concluded_each(known))
    for outcome, at in state.outcomes.items():
        ended = [one for one in ends if same(at, one, known)]
        if ended and outcome not in state.evaluated:
            yield found(
                "outcome_not_evaluated",
                "R71",
                "medium",
                "The adult expressed an outcome; how far it was reached is not recorded.",
                position=at.position,
                since=ended[-1].when,
                subject=outcome,
            )
    for at in ends:
        if not within(state.asked, at, known):
            words = "The enquiry was concluded without a record that the adult was asked what they "
            words += "wanted to come of it."
            yield found("outcomes_not_asked", "R71 R88", "medium", words, at=at)


def _on_support(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R186 to R188: support and advocacy considered, and explained, before the conference.

    Asked of the first that was held, by its day, and anew in each later episode.
    """
    if not context.jurisdiction.considers_advocacy_first:
        return
    for held in each((sitting.held for sitting in known.sittings.values()), known):
        first = min(held, key=lambda one: in_order(one.when))
        considered = within(known.advocacy_considered, first, known)
        if not any(could_precede(at.when, first.when) for at in considered):
            words = "A conference was held; advocacy is not recorded as considered before it."
            yield found("advocacy_not_considered", "R186", "high", words, at=first)
        if not within(state.support, first, known):
            words = "A conference was held; support services are not recorded as considered."
            yield found("support_not_considered", "R186", "medium", words, at=first)
        if not within((*state.informed, *known.advocacy_told), first, known):
            words = "A conference was held; the adult is not recorded as told of advocacy."
            yield found("advocacy_not_explained", "R187", "low", words, at=first)
        if not (within(state.access_explained, first, known) or known.advocacy_reached(first)):
            words = "A conference was held; the adult is not recorded as told how to reach an "
            words += "advocate."
            yield found("advocacy_access_not_explained", "R188", "low", words, at=first)


def _on_risk(state: State, known: Known) -> Iterator[Finding]:
    """R11, R66, R68, R154, R178: risk is assessed, looks ahead, and gives its reasons."""
    general = [one.at.when for one in state.risks if one.conference is None]
    for ref, sitting, was in weighed(known, general):
        named = (one.at.when for one in state.risks if one.conference == ref)
        if not was and not any(at_it(sitting, when) for when in named):
            words = "A conference was held; an assessment of risk is not recorded with it."
            rules = "R11 R66 R178"
            yield found("risk_not_assessed", rules, "medium", words, at=sitting.held, subject=ref)
    for one in state.risks:
        if not any(_looks_ahead(other, one) for other in state.risks):
            words = "Risk was assessed without the likelihood of its return."
            yield found("recurrence_not_assessed", "R68", "medium", words, at=one.at)
        if not one.explained:
            words = "Risk was assessed; the reasons are not recorded."
            yield found("risk_without_rationale", "R154", "low", words, at=one.at)


def _looks_ahead(other: Risk, one: Risk) -> bool:
    """Whether an assessment says how likely a return is, as of another: after it, or with it."""
    if other.recurrence == _OPEN:
        return False
    together = one.conference is not None and other.conference == one.conference
    return other is one or together or after(other.at, one.at)


def days_to_first_capacity(state: State, received: date | None) -> int | None:
    """Days from the referral to the first capacity record; None where that is not certain.

    Source: procedure C.7, reviews criticise capacity assessed late.
    """
    days = [one.at.day for one in state.capacity]
    known = [day for day in days if day is not None]
    if received is None or not known or len(known) < len(days):
        return None
    return (min(known) - received).days
