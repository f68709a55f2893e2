"""What a conference found: on each allegation, of the adult's status, and of protection orders.

A finding is made per allegation on the balance of probabilities, with its reasons and dissent; a
later one supersedes it and never overwrites it (I15). What came of it stands in `outcome`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.alleged import named
from domain.episode import same
from domain.finding import Finding
from domain.known import Known, Sat
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, after, could_precede, found, mark, recorded
from domain.words import AllegationRef, Code, ConferenceRef, Fact, Passage, Slug, listed, numbering

BALANCE = Code("balance_of_probabilities")  # the one standard of proof a conference applies: R67
DOUBTFUL = frozenset({"not_substantiated", "inconclusive"})  # where residual risk is asked of: R79
PROVED = frozenset({"substantiated", "partly_substantiated"})
DEFERRED = frozenset({"not_determined", "inconclusive_pending"})
NOT_AT_RISK = Code("not_at_risk")  # of `at_risk_status`

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AbuseFinding:
    """Whether abuse occurred, for one allegation (R10, R67, R155).

    `standard` is always the balance of probabilities. `supersedes` is the case version of the
    finding this one replaces; None for the first of its allegation. `decided_by` are the agencies
    that made the finding.
    """

    conference: ConferenceRef | None
    part: int | None = None
    allegation: AllegationRef
    finding: Code = listed("finding")
    standard: Code = listed("finding_standard")
    rationale: Passage | None = None
    decided_by: tuple[Slug, ...] = ()
    dissent: Passage | None = None
    supersedes: int | None = numbering()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultAtRiskStatusDetermined:
    """Whether the adult is, or continues to be, at risk of harm (R184)."""

    conference: ConferenceRef
    part: int | None = None
    status: Code = listed("at_risk_status")
    criteria_met: tuple[Code, ...] = listed("duty_criterion", default=())
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOrderConsidered:
    """Whether to apply for a protection order (R204)."""

    conference: ConferenceRef
    part: int | None = None
    order: Code = listed("protection_order")
    decision: Code = listed("protection_order_decision")
    adult_consents: Code = listed("yes_no_not_known")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DissentRecorded:
    """Somebody disagreed with what the conference decided (R67, R196)."""

    conference: ConferenceRef
    part: int | None = None
    organisation: Slug | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    reasons: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualConcernActionDecided:
    """What to do where an allegation was not proved and concern remains (R79)."""

    conference: ConferenceRef
    part: int | None = None
    allegation: AllegationRef
    concern: Passage | None = None
    action: Passage | None = None


Event: TypeAlias = (
    AbuseFinding
    | AdultAtRiskStatusDetermined
    | ProtectionOrderConsidered
    | DissentRecorded
    | ResidualConcernActionDecided
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The current finding on one allegation."""

    finding: Code
    version: int
    at: Mark
    explained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was found, allegation by allegation, and decided of each conference."""

    current: Mapping[AllegationRef, Found] = field(default_factory=dict)
    statuses: Mapping[ConferenceRef, Code] = field(default_factory=dict)
    determined: tuple[Mark, ...] = ()  # where such a status was decided
    not_at_risk: Mark | None = None  # the last such status, where that is what it says
    orders: frozenset[ConferenceRef] = frozenset()
    residual: frozenset[AllegationRef] = frozenset()

    @property
    def put_off(self) -> Mapping[AllegationRef, Mark]:
        """Each allegation on which the finding was put off, last, and where."""
        return {ref: one.at for ref, one in self.current.items() if one.finding in DEFERRED}


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case AbuseFinding() as event:
            made = Found(
                finding=event.finding,
                version=fact.version,
                at=at,
                explained=event.rationale is not None,
            )
            return replace(state, current={**state.current, event.allegation: made})
        case AdultAtRiskStatusDetermined(conference=ref, status=status):
            return replace(
                state,
                statuses={**state.statuses, ref: status},
                determined=(*state.determined, at),
                not_at_risk=at if status == NOT_AT_RISK else None,
            )
        case ProtectionOrderConsidered(conference=ref):
            return replace(state, orders=state.orders | {ref})
        case ResidualConcernActionDecided(allegation=allegation) as event:
            if event.concern is None and event.action is None:
                return state  # which says neither what remains nor what is done about it
            return replace(state, residual=state.residual | {allegation})
        case DissentRecorded():
            return state
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOnAllegation:
    """Find, on the balance of probabilities, whether abuse occurred.

    `supersedes` names the current finding of the allegation by its case version, so that nobody
    replaces a finding they have not read.
    """

    conference: ConferenceRef | None = None
    part: int | None = None
    allegation: AllegationRef
    finding: Code = listed("finding")
    rationale: Passage | None = None
    decided_by: tuple[Slug, ...] = ()
    dissent: Passage | None = None
    supersedes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetermineAdultAtRiskStatus:
    """Determine whether the adult is, or continues to be, at risk of harm."""

    conference: ConferenceRef
    part: int | None = None
    status: Code = listed("at_risk_status")
    criteria_met: tuple[Code, ...] = listed("duty_criterion", default=())
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderProtectionOrder:
    """Consider whether to apply for a protection order."""

    conference: ConferenceRef
    part: int | None = None
    order: Code = listed("protection_order")
    decision: Code = listed("protection_order_decision")
    adult_consents: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDissent:
    """Note that somebody disagreed."""

    conference: ConferenceRef
    part: int | None = None
    organisation: Slug | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    reasons: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideResidualConcernAction:
    """Decide what to do where concern remains."""

    conference: ConferenceRef
    part: int | None = None
    allegation: AllegationRef
    concern: Passage | None = None
    action: Passage | None = None


Command: TypeAlias = (
    FindOnAllegation
    | DetermineAdultAtRiskStatus
    | ConsiderProtectionOrder
    | RecordDissent
    | DecideResidualConcernAction
)


def decide(
    command: Command,
    state: State,
    known: Known,
    context: Context,  # noqa: ARG001 — every stage is asked alike
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
        Refused: the allegation is not of this case (I4), or the chain of findings breaks (I15).
    """
    _in_this_case(command, known)
    match command:
        case FindOnAllegation():
            return (find(command, state),)
        case DetermineAdultAtRiskStatus():
            return (recorded(AdultAtRiskStatusDetermined, command),)
        case ConsiderProtectionOrder():
            return (recorded(ProtectionOrderConsidered, command),)
        case RecordDissent():
            return (recorded(DissentRecorded, command),)
        case DecideResidualConcernAction():
            return (recorded(ResidualConcernActionDecided, command),)
        case _:
            assert_never(command)


def _in_this_case(command: Command, known: Known) -> None:
    """Hold what a command names to what the case has."""
    allegation = getattr(command, "allegation", None)
    if allegation is not None and allegation not in known.allegations:
        words = "That allegation is not one of this case."
        raise Refused("unknown_allegation", "I4", words, field="allegation")
    conference = getattr(command, "conference", None)
    if conference is not None and conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")


def find(command: FindOnAllegation, state: State) -> AbuseFinding:
    """Make a finding, or replace the current one by naming it (I15)."""
    current = state.current.get(command.allegation)
    if (current.version if current else None) != command.supersedes:
        raise Refused(
            "finding_not_superseded",
            "I15",
            "An allegation has one current finding: name the finding this one supersedes, if any.",
            field="supersedes",
        )
    return recorded(AbuseFinding, command, standard=BALANCE)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise what was left undetermined or unexplained."""
    for allegation, made in state.current.items():
        yield from _explained(allegation, made, state, known, context)
    for ref, sitting in known.sittings.items():
        conference = known.conferences.get(ref)
        kind = "initial" if conference is None else conference.kind
        if kind in {"initial", "outcome"}:
            yield from _found_on_all(state, known, sitting, context)
        yield from _status(ref, state, kind, sitting, context)
    if state.not_at_risk is not None:
        yield from _protected_still(state.not_at_risk, known)


def _protected_still(at: Mark, known: Known) -> Iterator[Finding]:
    """Ask for the end of a plan that there was, once the adult is at risk no longer (R184)."""
    for ref, plan in known.plans.items():
        if after(at, plan.agreed) and ref not in known.plans_ended:
            words = (
                "The adult is determined to be at risk of harm no longer; the plan is not ended."
            )
            code = "not_at_risk_with_active_plan"
            yield found(code, "R184", "medium", words, at=at, subject=ref)


def _explained(
    allegation: AllegationRef, made: Found, state: State, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask each finding for its reasons, and each doubtful one for what follows (R10, R67, R79).

    Where no risk was left when it was last assessed, there is no concern to decide upon.
    """
    which = named(allegation, known, context.jurisdiction)
    if made.finding in DEFERRED and not made.explained and context.jurisdiction.decides_abuse:
        words = f"The finding on {which} was put off and no reason is recorded."
        yield found("deferral_unexplained", "R10", "medium", words, at=made.at, subject=allegation)
    elif not made.explained:
        words = f"A finding was made on {which} and no rationale is recorded."
        yield found(
            "finding_unexplained", "R67 R154", "medium", words, at=made.at, subject=allegation
        )
    if (
        made.finding in DOUBTFUL
        and allegation not in state.residual
        and not known.risk_none(made.at)
    ):
        words = f"{which[:1].upper()}{which[1:]} was not proved; whether concern remains was not "
        words += "decided upon."
        yield found("residual_concern", "R79", "medium", words, at=made.at, subject=allegation)


def _found_on_all(state: State, known: Known, sitting: Sat, context: Looking) -> Iterator[Finding]:
    """Ask for a finding, or a deferral, on every allegation of the episode (R10)."""
    if not context.jurisdiction.decides_abuse:
        return
    for allegation, alleged in known.allegations.items():
        before = could_precede(alleged.at.when, sitting.held.when)
        of_it = before and same(alleged.at, sitting.held, known)
        if allegation not in state.current and of_it:
            which = named(allegation, known, context.jurisdiction)
            words = f"The conference was held and {which} has neither finding nor deferral."
            yield found(
                "allegation_not_found_on",
                "R10 R67",
                "medium",
                words,
                at=sitting.held,
                subject=allegation,
            )


def _status(
    ref: ConferenceRef, state: State, kind: str, sitting: Sat, context: Looking
) -> Iterator[Finding]:
    """Ask for the adult's status at a review, and for orders at the first (R184, R204)."""
    nation = context.jurisdiction
    if kind == "review" and not nation.decides_abuse and ref not in state.statuses:
        words = "The review does not record whether the adult continues to be at risk of harm."
        yield found("status_not_determined", "R184", "medium", words, at=sitting.held, subject=ref)
    if kind == "initial" and nation.considers_protection_orders and ref not in state.orders:
        words = "The initial conference does not record that protection orders were considered."
        yield found("orders_not_considered", "R204", "medium", words, at=sitting.held, subject=ref)
