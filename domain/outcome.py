"""What came of it: outcomes for the adult and for whoever is alleged, and whether they are content.

Recorded of the case or of one allegation, whenever it is known, also once the case is closed. What
was found stands in `determination`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from domain.alleged import named
from domain.bearing import of_protection
from domain.episode import same
from domain.finding import Finding
from domain.known import Known
from domain.outcome_known import concluded_each, of_its_end
from domain.refusal import Refused
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import AllegationRef, Code, Fact, Passage, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultOutcomeRecorded:
    """What came of it for the adult, of the case or of one allegation (R105 to R126)."""

    outcomes: tuple[Code, ...] = listed("adult_outcome")
    outcomes_other: Passage | None = None
    allegation: AllegationRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PachOutcomeRecorded:
    """What came of it for the person alleged to have caused harm, or their organisation (R127)."""

    subject: Code = listed("pach_subject")
    outcomes: tuple[Code, ...] = listed("pach_outcome")
    outcomes_other: Passage | None = None
    allegation: AllegationRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultSatisfactionRecorded:
    """Whether the adult is satisfied with the outcome of the enquiry, and who said so (R13)."""

    satisfied: Code = listed("satisfaction")
    by_whom: Code | None = listed("expressed_by", default=None)
    in_own_words: Passage | None = None
    reason_not_asked: Passage | None = None


Event: TypeAlias = AdultOutcomeRecorded | PachOutcomeRecorded | AdultSatisfactionRecorded

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Outcomes recorded at one event for the adult."""

    codes: frozenset[Code]
    at: Mark
    allegation: AllegationRef | None = None  # None where they are of the case


@dataclass(frozen=True, slots=True, kw_only=True)
class PachOutcomes:
    """Outcomes recorded at one event for whoever is alleged to have caused harm."""

    codes: frozenset[Code]
    at: Mark
    allegation: AllegationRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What came of the case, for whom, and where the adult was asked whether they are satisfied."""

    outcomes: tuple[Outcomes, ...] = ()
    pach_outcomes: tuple[PachOutcomes, ...] = ()
    satisfied: tuple[Mark, ...] = ()
    unasked: Mark | None = None


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case AdultOutcomeRecorded(outcomes=outcomes, allegation=allegation):
            new = Outcomes(codes=frozenset(outcomes), at=at, allegation=allegation)
            return replace(state, outcomes=(*state.outcomes, new))
        case PachOutcomeRecorded(outcomes=outcomes, allegation=allegation):
            theirs = PachOutcomes(codes=frozenset(outcomes), at=at, allegation=allegation)
            return replace(state, pach_outcomes=(*state.pach_outcomes, theirs))
        case AdultSatisfactionRecorded(satisfied=satisfied, reason_not_asked=reason):
            bare = satisfied == "not_asked" and reason is None
            return replace(state, satisfied=(*state.satisfied, at), unasked=at if bare else None)
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultOutcome:
    """Record what came of it for the adult."""

    outcomes: tuple[Code, ...] = listed("adult_outcome")
    outcomes_other: Passage | None = None
    allegation: AllegationRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPachOutcome:
    """Record what came of it for the person alleged to have caused harm."""

    subject: Code = listed("pach_subject", default=Code("individual"))
    outcomes: tuple[Code, ...] = listed("pach_outcome")
    outcomes_other: Passage | None = None
    allegation: AllegationRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultSatisfaction:
    """Record whether the adult is satisfied with the outcome."""

    satisfied: Code = listed("satisfaction")
    by_whom: Code | None = listed("expressed_by", default=None)
    in_own_words: Passage | None = None
    reason_not_asked: Passage | None = None


Command: TypeAlias = RecordAdultOutcome | RecordPachOutcome | RecordAdultSatisfaction


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,  # noqa: ARG001 — as above
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        Refused: the allegation is not of this case (I4).
    """
    allegation = getattr(command, "allegation", None)
    if allegation is not None and allegation not in known.allegations:
        words = "That allegation is not one of this case."
        raise Refused("unknown_allegation", "I4", words, field="allegation")
    match command:
        case RecordAdultOutcome():
            return (recorded(AdultOutcomeRecorded, command),)
        case RecordPachOutcome():
            return (recorded(PachOutcomeRecorded, command),)
        case RecordAdultSatisfaction():
            return (recorded(AdultSatisfactionRecorded, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Ask whether outcomes agree with one another, and the adult with them (R13, R120, R125)."""
    for allegation, one in _beside(state).items():
        if one is not None:
            words = "No further action is recorded beside another outcome"
            if allegation is not None:
                words += f" of {named(allegation, known, context.jurisdiction)}"
            words += "."
            yield found(
                "no_action_beside_action", "R125", "medium", words, at=one.at, subject=allegation
            )
    for one in state.outcomes:
        refused = "adult_refused_intervention" in one.codes
        if refused and not known.capacity_of(of_protection(known), one.at, decided=True):
            words = "The adult refused intervention; a decision by then about their capacity to do "
            words += "so is not recorded."
            yield found("refusal_without_capacity", "R120", "high", words, at=one.at)
    if state.unasked is not None:
        words = "The adult was not asked about satisfaction and the reason is not recorded."
        yield found("satisfaction_not_asked", "R13", "medium", words, at=state.unasked)
    for concluded in concluded_each(known):
        if not any(
            of_its_end(at, known, concluded) and same(at, concluded, known)
            for at in state.satisfied
        ):
            words = "The enquiry was concluded and the adult's satisfaction is not recorded."
            yield found("satisfaction_missing", "R13", "medium", words, at=concluded)


def _beside(state: State) -> dict[AllegationRef | None, Outcomes | None]:
    """Where no further action came to stand beside another outcome, of each allegation; else None.

    What is recorded once they stand beside one another says anew what came of it (R125).
    """
    where = dict[AllegationRef | None, Outcomes | None]()
    so_far = dict[AllegationRef | None, frozenset[Code]]()
    for one in state.outcomes:
        anew = where.get(one.allegation) is not None
        codes = one.codes | (frozenset() if anew else so_far.get(one.allegation, frozenset()))
        so_far[one.allegation] = codes
        where[one.allegation] = one if "no_further_action" in codes and len(codes) > 1 else None
    return where
