"""The adult met: seen, their needs assessed, and the risks explained to them.

Capacity, wishes and the level of risk stand in `assessment`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.weighing import at_it, explained_at, weighed
from domain.when import When
from domain.words import Code, ConferenceRef, Fact, Passage, Slug, WorkerRef, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultSeen:
    """The adult was seen on the day it occurred, where, and whether alone; if not, why not."""

    alone: Code = listed("yes_no_not_known")
    not_alone_reason: Passage | None = None
    place: Code = listed("location")
    place_other: Passage | None = None
    by: WorkerRef | None = None
    organisation: Slug | None = None
    account: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAssessed:
    """What the adult needs, apart from the risk (R178); `conference` where it was at one."""

    conference: ConferenceRef | None = None
    part: int | None = None
    needs: tuple[Code, ...] = listed("care_need")
    needs_other: Passage | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskExplainedToAdult:
    """The risks were explained to the adult, clearly and honestly: which, and by whom (R212).

    `sensitive` says whether that included what is hard to say.
    """

    conference: ConferenceRef | None = None
    part: int | None = None
    risks: Passage | None = None
    by: WorkerRef | None = None
    method: Code = listed("contact_method")
    sensitive: Code = listed("yes_no_not_recorded")


Event: TypeAlias = AdultSeen | NeedAssessed | RiskExplainedToAdult

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """At which conferences need was assessed and risk explained; None apart from any."""

    needs: tuple[tuple[ConferenceRef | None, When], ...] = ()
    explained: tuple[tuple[ConferenceRef | None, Mark], ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case NeedAssessed(conference=ref):
            return replace(state, needs=(*state.needs, (ref, fact.occurred)))
        case RiskExplainedToAdult(conference=ref):
            return replace(state, explained=(*state.explained, (ref, mark(fact))))
        case AdultSeen():
            return state
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultSeen:
    """Note that the adult was seen."""

    alone: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    not_alone_reason: Passage | None = None
    place: Code = listed("location", default=Code("not_recorded"))
    place_other: Passage | None = None
    by: WorkerRef | None = None
    organisation: Slug | None = None
    account: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessNeed:
    """Note what the adult needs."""

    conference: ConferenceRef | None = None
    part: int | None = None
    needs: tuple[Code, ...] = listed("care_need", default=())
    needs_other: Passage | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainRiskToAdult:
    """Note that the risks were explained to the adult."""

    conference: ConferenceRef | None = None
    part: int | None = None
    risks: Passage | None = None
    by: WorkerRef | None = None
    method: Code = listed("contact_method", default=Code("not_recorded"))
    sensitive: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


Command: TypeAlias = RecordAdultSeen | AssessNeed | ExplainRiskToAdult


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: the conference was never convened in this case.
    """
    del state, context
    match command:
        case RecordAdultSeen():
            return (recorded(AdultSeen, command),)
        case AssessNeed(conference=ref):
            _in_this_case(ref, known)
            return (recorded(NeedAssessed, command),)
        case ExplainRiskToAdult(conference=ref):
            _in_this_case(ref, known)
            return (recorded(RiskExplainedToAdult, command),)
        case _:
            assert_never(command)


def _in_this_case(conference: ConferenceRef | None, known: Known) -> None:
    if conference is not None and conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R178, R212: a conference weighs need as well as risk, and tells the adult of the risk."""
    del context
    for ref, sitting, was in weighed(known, [when for one, when in state.needs if one is None]):
        conference = known.conferences.get(ref)
        initial_one = conference is not None and conference.kind == "initial"
        named = (when for one, when in state.needs if one == ref)
        if initial_one and not was and not any(at_it(sitting, when) for when in named):
            words = "An initial conference was held; an assessment of need is not recorded with it."
            yield found("need_not_assessed", "R178", "low", words, at=sitting.held, subject=ref)
    for ref, sitting in known.sittings.items():
        if sitting.adult_attended and not explained_at(ref, sitting.held, known):
            words = "The adult attended; the risks are not recorded as explained to them."
            yield found("risk_not_explained", "R212", "low", words, at=sitting.held, subject=ref)
