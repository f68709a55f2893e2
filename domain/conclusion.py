"""How an enquiry ends: ceased at the adult's request, concluded with its answers, or reopened.

Concluding carries every answer the returns need (returns section 6), in shapes that cannot say a
support without its Yes or a risk outcome without its risk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeAlias, assert_never

from domain.episode import same, within
from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, could_precede, found, mark, recorded
from domain.words import AllegationRef, Code, EnquiryRef, Fact, Passage, listed, numbering

# What else than R7 is cited of a missing part of it.
_BY_CODE: Final = {"ceased_without_risk": "R7 R11", "ceased_unexplained": "R7 R154"}
# Capacity for one of these speaks of asking for the end of an enquiry: R7, R49.
OF_CEASING: Final = frozenset({Code("enquiry"), Code("own_safety")})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryCeasedAtAdultsRequest:
    """The adult asked that it stop (R7); `capacity_decision` is the entry that has theirs."""

    enquiry: EnquiryRef
    requested_on: date
    capacity_decision: int | None = numbering(default=None)
    coercion_considered: Code = listed("yes_no_not_recorded")
    others_at_risk_considered: Code = listed("yes_no_not_recorded")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Triple:
    """Type, source and location together, as concluded (R147)."""

    type: Code = listed("abuse_type")
    type_other: Passage | None = None
    source: Code = listed("source_of_risk")
    location: Code = listed("location")
    location_other: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFound:
    """A risk was identified from a source: what was done, and what became of the risk."""

    source: Code = listed("risk_source")
    action: Code = listed("risk_identified")
    outcome: Code = listed("risk_outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskNotFound:
    """No risk was identified from a source, or it was inconclusive: then no risk outcome."""

    source: Code = listed("risk_source")
    assessment: Code = listed("risk_not_identified")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryConcluded:
    """The enquiry ended, with every answer that is counted once (R5, R13, R147; B.9).

    `capacity` and `outcomes` are combined answers: the support only under "lacked", the
    achievement only under "asked and expressed". `action` is for the nation that counts actions.
    """

    enquiry: EnquiryRef
    concluded_on: date
    triples: tuple[Triple, ...]
    risks_found: tuple[RiskFound, ...]
    risks_not_found: tuple[RiskNotFound, ...]
    capacity: Code = listed("concluded_capacity")
    outcomes: Code = listed("concluded_outcomes")
    primary_support_reason: Code = listed("primary_support_reason")
    health_conditions: tuple[Code, ...] = listed("health_condition")
    health_conditions_other: Passage | None = None
    action: Code | None = listed("action_after_enquiry")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryReopened:
    """A concluded enquiry goes on; what a frozen return says stays as filed."""

    enquiry: EnquiryRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskOutcomeRecorded:
    """What was done about the risk of one allegation, and what became of that risk (R147).

    Of a risk that was identified: where none was, there is no outcome to record. The return counts
    the answers the enquiry is concluded with, by source; this says the same, finer and earlier.
    """

    allegation: AllegationRef
    action: Code = listed("risk_identified")
    outcome: Code = listed("risk_outcome")
    rationale: Passage | None = None


Event: TypeAlias = (
    EnquiryCeasedAtAdultsRequest | EnquiryConcluded | EnquiryReopened | RiskOutcomeRecorded
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceased:
    """That the adult asked for the end, and what was thought of."""

    coercion_considered: Code
    others_considered: Code
    explained: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What became of a risk, and where that stands."""

    outcome: Code
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Where an enquiry was concluded, and the day that it says it was."""

    at: Mark
    on: date
    sources_twice: bool
    sources_without_risk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How the case's enquiries ended, last."""

    ended: Mapping[EnquiryRef, Ended] = field(default_factory=dict)  # as each last ended
    ceased: tuple[Ceased, ...] = ()
    ceased_as_risk: tuple[Mark, ...] = ()  # where a conclusion says that of a risk
    concluded: Mark | None = None
    concluded_on: date | None = None
    risks: Mapping[EnquiryRef, Mapping[Code, Risk]] = field(default_factory=dict)  # by source
    outcomes: Mapping[AllegationRef, Risk] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case EnquiryCeasedAtAdultsRequest() as event:
            ceased = Ceased(
                coercion_considered=event.coercion_considered,
                others_considered=event.others_at_risk_considered,
                explained=event.rationale is not None,
                at=mark(fact),
            )
            return replace(state, ceased=(*state.ceased, ceased))
        case EnquiryConcluded() as event:
            return _concluded(state, event, mark(fact))
        case EnquiryReopened(enquiry=enquiry):
            ended = {ref: one for ref, one in state.ended.items() if ref != enquiry}
            return replace(state, ended=ended, concluded=None, concluded_on=None)
        case RiskOutcomeRecorded(allegation=allegation, outcome=outcome):
            risk = Risk(outcome=outcome, at=mark(fact))
            return replace(state, outcomes={**state.outcomes, allegation: risk})
        case _:
            assert_never(fact.event)


def _concluded(state: State, event: EnquiryConcluded, at: Mark) -> State:
    """Remember the conclusion, and whether its sources of risk are each answered once."""
    sources = [one.source for one in event.risks_found]
    sources += [one.source for one in event.risks_not_found]
    ceased = any(one.assessment == "ceased" for one in event.risks_not_found)
    found_ = {one.source: Risk(outcome=one.outcome, at=at) for one in event.risks_found}
    ended = Ended(
        at=at,
        on=event.concluded_on,
        sources_twice=len(sources) != len(set(sources)),
        sources_without_risk=bool(event.triples) and not sources,
    )
    return replace(
        state,
        ended={**state.ended, event.enquiry: ended},
        ceased_as_risk=(*state.ceased_as_risk, *((at,) if ceased else ())),
        concluded=at,
        concluded_on=event.concluded_on,
        risks={**state.risks, event.enquiry: found_},
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class CeaseEnquiryAtAdultsRequest:
    """Record that the adult asked for the end."""

    enquiry: EnquiryRef
    requested_on: date
    capacity_decision: int | None = None
    coercion_considered: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    others_at_risk_considered: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeEnquiry:
    """End the enquiry with its answers."""

    enquiry: EnquiryRef
    concluded_on: date
    triples: tuple[Triple, ...] = ()
    risks_found: tuple[RiskFound, ...] = ()
    risks_not_found: tuple[RiskNotFound, ...] = ()
    capacity: Code = listed("concluded_capacity", default=Code("not_recorded"))
    outcomes: Code = listed("concluded_outcomes", default=Code("not_recorded"))
    primary_support_reason: Code = listed("primary_support_reason", default=Code("not_known"))
    health_conditions: tuple[Code, ...] = listed("health_condition", default=())
    health_conditions_other: Passage | None = None
    action: Code | None = listed("action_after_enquiry", default=None)
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenEnquiry:
    """Go on with a concluded enquiry."""

    enquiry: EnquiryRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRiskOutcome:
    """Record what became of the risk of one allegation."""

    allegation: AllegationRef
    action: Code = listed("risk_identified", default=Code("action_taken"))
    outcome: Code = listed("risk_outcome")
    rationale: Passage | None = None


Command: TypeAlias = (
    CeaseEnquiryAtAdultsRequest | ConcludeEnquiry | ReopenEnquiry | RecordRiskOutcome
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: the enquiry is not of this case.
        Refused: the allegation is not of this case (I4).
    """
    del state, context
    if not isinstance(command, RecordRiskOutcome) and command.enquiry not in known.enquiries:
        raise NotFound("There is no such enquiry in this case.", field="enquiry")
    match command:
        case CeaseEnquiryAtAdultsRequest():
            return (recorded(EnquiryCeasedAtAdultsRequest, command),)
        case ConcludeEnquiry():
            return (recorded(EnquiryConcluded, command),)
        case ReopenEnquiry():
            return (recorded(EnquiryReopened, command),)
        case RecordRiskOutcome(allegation=allegation):
            if allegation not in known.allegations:
                raise Refused(
                    "unknown_allegation",
                    "I4",
                    "That allegation is not one of this case.",
                    field="allegation",
                )
            return (recorded(RiskOutcomeRecorded, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in how the enquiry ended."""
    yield from _on_ceasing(state, known)
    yield from _on_conclusion(state)
    yield from _apart(state, known, context)


def _on_ceasing(state: State, known: Known) -> Iterator[Finding]:
    """R7: stopping at the adult's request rests on capacity, free will and nobody else at risk.

    And on what the risk is, and reasons: reviews criticise that it was not explored (C.7).
    """
    asked = [one.at for one in state.ceased]
    for at in (*known.not_required_on_request, *state.ceased_as_risk):
        if within(asked, at, known):
            continue
        words = "Something rests on a request of the adult that the enquiry ceases; the request, "
        words += "their capacity for it and whether there was pressure are not recorded."
        yield found("adults_request_not_recorded", "R7", "medium", words, at=at)
    for ceased in state.ceased:
        missing: list[tuple[str, str]] = []
        if not known.capacity_of(OF_CEASING, ceased.at, decided=True):
            missing.append(("ceased_without_capacity", "by then, a decision about their capacity"))
        risks = within(known.risk_marks, ceased.at, known)
        if not any(could_precede(one.when, ceased.at.when) for one in risks):
            missing.append(("ceased_without_risk", "by then, an assessment of the risk"))
        if not ceased.explained:
            missing.append(("ceased_unexplained", "the reasons for ceasing it"))
        if ceased.coercion_considered != "yes":
            missing.append(("ceased_without_coercion", "whether anybody put pressure on them"))
        if ceased.others_considered != "yes":
            missing.append(("ceased_without_others", "whether others are at risk"))
        for code, what in missing:
            yield found(
                code,
                _BY_CODE.get(code, "R7"),
                "medium",
                f"The enquiry was ceased at the adult's request; not recorded: {what}.",
                at=ceased.at,
            )


def _on_conclusion(state: State) -> Iterator[Finding]:
    """R147: each source of risk is answered once, so that the return can be counted.

    Of every enquiry that is concluded: each is counted.
    """
    for one in state.ended.values():
        if one.sources_twice:
            yield found(
                "risk_source_answered_twice",
                "R147",
                "low",
                "A source of risk has more than one answer in the conclusion.",
                position=one.at.position,
                since=one.on,
            )
        if one.sources_without_risk:
            yield found(
                "risk_source_unanswered",
                "R147",
                "low",
                "The enquiry was concluded without a risk assessment outcome for any source.",
                position=one.at.position,
                since=one.on,
            )


def _apart(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R147: what is counted of a source is what became of the risk of one of its allegations."""
    groups = context.jurisdiction.groups["source_of_risk"]
    for enquiry, ended in state.ended.items():
        by_source: dict[str, set[Code]] = {}
        for allegation, risk in state.outcomes.items():
            alleged = known.allegations.get(allegation)
            if alleged is not None and same(risk.at, ended.at, known):
                source = groups.get(alleged.source, alleged.source)
                by_source.setdefault(source, set()).add(risk.outcome)
        for one, risk in state.risks.get(enquiry, {}).items():
            if one in by_source and risk.outcome not in by_source[one]:
                label = context.jurisdiction.label("risk_source", one)
                words = "The enquiry was concluded with another outcome for a source of risk than "
                words += f"any of its allegations has: {label}."
                code, at = "risk_outcome_differs", risk.at
                yield found(code, "R147", "low", words, at=at, which=one)
