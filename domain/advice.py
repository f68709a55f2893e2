"""What a conference weighed beyond the plan: legal advice, regulators, courts and employers.

That too little can be proved for a criminal court bars neither a civil nor a disciplinary process,
so each proceeding stands under its own reference and ends by its own outcome (R86, R87).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, found, mark, on_agenda, recorded
from domain.when import in_words
from domain.words import (
    Code,
    ConferenceRef,
    DocumentRef,
    Fact,
    Passage,
    ProceedingsRef,
    RegulatoryReferralRef,
    Slug,
    WorkerRef,
    listed,
)

# The standard each kind of proceedings is decided by: R86.
STANDARDS: Final[Mapping[str, Code]] = {
    "criminal": Code("beyond_reasonable_doubt"),
    "civil": Code("balance_of_probabilities"),
    "disciplinary": Code("balance_of_probabilities"),
}

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalAdviceConsidered:
    """Whether legal advice is needed (R72)."""

    conference: ConferenceRef
    part: int | None = None
    decision: Code = listed("legal_advice")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalAdviceObtained:
    """Legal advice was given (R72). What is `privileged` is never disclosed by a machine alone."""

    conference: ConferenceRef | None
    part: int | None = None
    organisation: Slug | None = None
    advice: Passage | None = None
    document: DocumentRef | None = None
    privileged: Code = listed("yes_no_not_known")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatoryActionConsidered:
    """Whether a professional body or a regulator is to be told or asked to act (R73)."""

    conference: ConferenceRef
    part: int | None = None
    body: Code = listed("regulatory_body")
    body_other: Passage | None = None
    decision: Code = listed("regulatory_action")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatoryReferralDecided:
    """A referral to a professional body or a regulator was decided, or decided against (R73)."""

    referral: RegulatoryReferralRef
    conference: ConferenceRef | None
    part: int | None = None
    body: Code = listed("regulatory_body")
    body_other: Passage | None = None
    decision: Code = listed("regulatory_referral")
    owner: Slug | None = None
    owner_worker: WorkerRef | None = None
    due: date | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatoryReferralMade:
    """A referral was made, on the day this occurred, by whom, and what they call it (R73).

    `referral` is the decision it carries out; None where none is recorded.
    """

    referral: RegulatoryReferralRef | None
    body: Code = listed("regulatory_body")
    body_other: Passage | None = None
    made_by: Slug | None = None
    reference: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingsConsidered:
    """Criminal, civil or disciplinary proceedings were talked of, and how they stand (R86, R87).

    `standard` is the burden of proof of that kind; the rules set it. Told again under the same
    reference, it says how they stand now.
    """

    proceedings: ProceedingsRef
    conference: ConferenceRef | None
    part: int | None = None
    kind: Code = listed("proceedings_kind")
    standard: Code = listed("proceedings_standard")
    status: Code = listed("proceedings_status")
    brought_by: Slug | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProceedingsOutcomeRecorded:
    """How proceedings ended, which may be after the case has (R87)."""

    proceedings: ProceedingsRef
    outcome: Code = listed("proceedings_outcome")
    outcome_other: Passage | None = None
    decided_on: date | None = None
    note: Passage | None = None


Event: TypeAlias = (
    LegalAdviceConsidered
    | LegalAdviceObtained
    | RegulatoryActionConsidered
    | RegulatoryReferralDecided
    | RegulatoryReferralMade
    | ProceedingsConsidered
    | ProceedingsOutcomeRecorded
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Referring:
    """A referral decided, as it was last."""

    body: Code
    decision: Code
    due: date | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceedings:
    """Proceedings as they stand."""

    kind: Code
    status: Code
    outcome: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was weighed, and what came of it."""

    legal: frozenset[ConferenceRef] = frozenset()
    referrals: Mapping[RegulatoryReferralRef, Referring] = field(default_factory=dict)
    made: Mapping[RegulatoryReferralRef, Mark] = field(default_factory=dict)  # each first
    told: tuple[tuple[Code, Slug | None, Mark], ...] = ()  # which body, and who referred
    proceedings: Mapping[ProceedingsRef, Proceedings] = field(default_factory=dict)
    unexplained: tuple[Mark, ...] = ()

    @property
    def pending(self) -> tuple[ProceedingsRef, ...]:
        """The proceedings whose outcome is not recorded, in order."""
        return tuple(ref for ref, one in self.proceedings.items() if one.outcome is None)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case LegalAdviceConsidered(conference=conference, decision=decision) as event:
            if decision == "not_decided":
                return state
            state = _explained(state, event.rationale, at)
            return replace(state, legal=state.legal | {conference})
        case RegulatoryActionConsidered(rationale=rationale):
            return _explained(state, rationale, at)
        case RegulatoryReferralDecided() as event:
            decided = Referring(body=event.body, decision=event.decision, due=event.due, at=at)
            referrals = {**state.referrals, event.referral: decided}
            return _explained(replace(state, referrals=referrals), event.rationale, at)
        case RegulatoryReferralMade(referral=referral) as event:
            ref = _open(event.body, state) if referral is None else referral
            made = state.made if ref is None else {ref: at, **state.made}
            return replace(state, made=made, told=(*state.told, (event.body, event.made_by, at)))
        case ProceedingsConsidered() as event:
            before = state.proceedings.get(event.proceedings)
            outcome = None if before is None else before.outcome
            now = Proceedings(kind=event.kind, status=event.status, outcome=outcome)
            return replace(state, proceedings={**state.proceedings, event.proceedings: now})
        case ProceedingsOutcomeRecorded(proceedings=ref, outcome=outcome):
            known = state.proceedings.get(ref)
            if known is None:
                return state  # of proceedings never told of: nothing to remember it on
            ended = replace(known, outcome=outcome)
            return replace(state, proceedings={**state.proceedings, ref: ended})
        case LegalAdviceObtained():
            return state
        case _:
            assert_never(fact.event)


def _open(body: Code, state: State) -> RegulatoryReferralRef | None:
    """The first decision to refer to a body that no referral has carried out: one unnamed does."""
    decided = ((ref, one) for ref, one in state.referrals.items() if ref not in state.made)
    return next((ref for ref, one in decided if one.decision == "make" and one.body == body), None)


def _explained(state: State, rationale: Passage | None, at: Mark) -> State:
    """Remember a decision that gives no rationale (R154)."""
    return state if rationale is not None else replace(state, unexplained=(*state.unexplained, at))


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderLegalAdvice:
    """Consider whether legal advice is needed."""

    conference: ConferenceRef
    part: int | None = None
    decision: Code = listed("legal_advice")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObtainLegalAdvice:
    """Record legal advice given; it is taken to be privileged unless it is said not to be."""

    conference: ConferenceRef | None = None
    part: int | None = None
    organisation: Slug | None = None
    advice: Passage | None = None
    document: DocumentRef | None = None
    privileged: Code = listed("yes_no_not_known", default=Code("yes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderRegulatoryAction:
    """Consider whether a professional body or a regulator is to be told or asked to act."""

    conference: ConferenceRef
    part: int | None = None
    body: Code = listed("regulatory_body")
    body_other: Passage | None = None
    decision: Code = listed("regulatory_action")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRegulatoryReferral:
    """Decide to make a referral, or not to."""

    referral: RegulatoryReferralRef
    conference: ConferenceRef | None = None
    part: int | None = None
    body: Code = listed("regulatory_body")
    body_other: Passage | None = None
    decision: Code = listed("regulatory_referral", default=Code("make"))
    owner: Slug | None = None
    owner_worker: WorkerRef | None = None
    due: date | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeRegulatoryReferral:
    """Record that a referral was made."""

    referral: RegulatoryReferralRef | None = None
    body: Code = listed("regulatory_body")
    body_other: Passage | None = None
    made_by: Slug | None = None
    reference: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderProceedings:
    """Tell of proceedings and how they stand."""

    proceedings: ProceedingsRef
    conference: ConferenceRef | None = None
    part: int | None = None
    kind: Code = listed("proceedings_kind")
    status: Code = listed("proceedings_status", default=Code("pending"))
    brought_by: Slug | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProceedingsOutcome:
    """Record how proceedings ended."""

    proceedings: ProceedingsRef
    outcome: Code = listed("proceedings_outcome")
    outcome_other: Passage | None = None
    decided_on: date | None = None
    note: Passage | None = None


Command: TypeAlias = (
    ConsiderLegalAdvice
    | ObtainLegalAdvice
    | ConsiderRegulatoryAction
    | DecideRegulatoryReferral
    | MakeRegulatoryReferral
    | ConsiderProceedings
    | RecordProceedingsOutcome
)


def decide(
    command: Command,
    state: State,
    known: Known,
    context: Context,  # noqa: ARG001 — every stage is asked alike
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference, the referral or the proceedings are not of this case.
        Refused: the reference of a referral is already used, or that of proceedings by another
            kind of them (I1).
    """
    _in_this_case(command, state, known)
    match command:
        case ConsiderLegalAdvice():
            return (recorded(LegalAdviceConsidered, command),)
        case ObtainLegalAdvice():
            return (recorded(LegalAdviceObtained, command),)
        case ConsiderRegulatoryAction():
            return (recorded(RegulatoryActionConsidered, command),)
        case DecideRegulatoryReferral():
            return (_decide_referral(command, state),)
        case MakeRegulatoryReferral():
            return (recorded(RegulatoryReferralMade, command),)
        case ConsiderProceedings():
            return (_consider_proceedings(command, state),)
        case RecordProceedingsOutcome():
            return (recorded(ProceedingsOutcomeRecorded, command),)
        case _:
            assert_never(command)


def _in_this_case(command: Command, state: State, known: Known) -> None:
    """Hold what a command names to what the case has."""
    conference = getattr(command, "conference", None)
    if conference is not None and conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case MakeRegulatoryReferral(referral=referral):
            if referral is not None and referral not in state.referrals:
                raise NotFound("There is no such referral in this case.", field="referral")
        case RecordProceedingsOutcome(proceedings=proceedings):
            if proceedings not in state.proceedings:
                raise NotFound("There is no such proceedings in this case.", field="proceedings")
        case _:
            pass


def _decide_referral(command: DecideRegulatoryReferral, state: State) -> RegulatoryReferralDecided:
    """Decide about a referral, under a reference of its own; it may be decided otherwise later."""
    before = state.referrals.get(command.referral)
    same = (command.body, command.decision)
    if before is not None and (before.body != same[0] or before.decision == same[1]):
        raise Refused("already_recorded", "I1", "That referral is decided already.")
    return recorded(RegulatoryReferralDecided, command)


def _consider_proceedings(command: ConsiderProceedings, state: State) -> ProceedingsConsidered:
    """Tell of proceedings, by the standard of their kind."""
    before = state.proceedings.get(command.proceedings)
    if before is not None and before.kind != command.kind:
        raise Refused("already_recorded", "I1", "That reference is of other proceedings.")
    return recorded(ProceedingsConsidered, command, standard=STANDARDS[command.kind])


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise what was not weighed, not explained, or decided and not done."""
    for ref, sitting in known.sittings.items():
        conference = known.conferences.get(ref)
        core_group = conference is not None and conference.kind == "core_group"
        if not core_group and ref not in state.legal and not _shown(ref, known):
            words = "The record does not show whether legal advice was considered."
            at = sitting.held
            yield found("legal_advice_not_considered", "R72", "low", words, at=at, subject=ref)
    for at in state.unexplained:
        words = "A decision about legal advice or a regulator is recorded without its rationale."
        yield found("consideration_unexplained", "R72 R73 R154", "low", words, at=at)
    for referral, one in state.referrals.items():
        if one.decision == "make":
            yield from _made(referral, one, state.made.get(referral), known, context)


def _shown(ref: ConferenceRef, known: Known) -> bool:
    """Whether a conference shows legal advice considered otherwise: by its agenda, or given it."""
    return any(
        name == "legal-advice-obtained" or on_agenda(event, "legal_advice")
        for name, event in known.met(ref)
    )


def _made(
    ref: RegulatoryReferralRef, one: Referring, made: Mark | None, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask for a referral by its day or, without one, by the end of the case; and not late (R73)."""
    if made is None:
        ended = one.due is None and known.closed_at is not None
        if ended or (one.due is not None and one.due < context.on):
            by = "decided" if one.due is None else f"to be made by {in_words(one.due)}"
            words = f"A referral to a regulator or professional body is {by} and not made."
            code = "regulatory_referral_overdue"
            yield found(code, "R73", "medium", words, at=one.at, since=one.due, subject=ref)
    elif one.due is not None and made.first is not None and made.first > one.due:
        earliest = "at the earliest " if made.when.uncertain else ""
        words = "A referral to a regulator or professional body was to be made by "
        words += f"{in_words(one.due)} and was made {earliest}on {in_words(made.first)}."
        code = "regulatory_referral_late"
        said = found(code, "R73", "low", words, at=one.at, since=one.due, subject=ref)
        yield said.once("regulatory_referral_overdue", one.at.position)
