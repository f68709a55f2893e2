"""Concerns about a provider: the regulator told, and other authorities told the facts.

That there is such a concern is not declared but read: an allegation against a provider was found
to be so, a risk from a provider was identified, or a large-scale enquiry was opened about one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, assert_never

from domain.episode import each, within
from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.words import Code, ConferenceRef, Fact, Passage, Slug, listed

PROVIDER: Final = "service_provider"  # of `risk_source`: what sources of risk count as
REGULATOR: Final = "cqc"  # of `participant_role`: whoever came for the regulator of care

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatorNotified:
    """A regulator was told of concerns about a provider: by whom, on the day it occurred (R143)."""

    conference: ConferenceRef | None = None
    body: Code = listed("regulatory_body")
    body_other: Passage | None = None
    provider: Slug | None = None
    notified_by: Slug | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernsSharedWithAuthority:
    """Facts about a provider's standards were given to another authority that needs them (R144).

    `content` says what kinds of statement it held; `facts_only`, whether nothing else.
    """

    conference: ConferenceRef | None = None
    authority: Slug
    provider: Slug | None = None
    facts_only: Code = listed("yes_no_not_recorded")
    content: tuple[Code, ...] = listed("assertion_kind")
    necessity: Passage | None = None
    shared_by: Slug | None = None
    summary: Passage | None = None


Event: TypeAlias = RegulatorNotified | ConcernsSharedWithAuthority

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Who was told."""

    notified: tuple[tuple[Code, Mark], ...] = ()
    without_need: tuple[Mark, ...] = ()
    with_opinion: tuple[Mark, ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case RegulatorNotified(body=body):
            return replace(state, notified=(*state.notified, (body, at)))
        case ConcernsSharedWithAuthority(necessity=necessity) as event:
            bare = () if necessity is not None else (at,)
            more = event.facts_only == "no" or "opinion" in event.content
            return replace(
                state,
                without_need=(*state.without_need, *bare),
                with_opinion=(*state.with_opinion, *((at,) if more else ())),
            )
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyRegulator:
    """Record that a regulator was told of concerns about a provider."""

    conference: ConferenceRef | None = None
    body: Code = listed("regulatory_body")
    body_other: Passage | None = None
    provider: Slug | None = None
    notified_by: Slug | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareConcernsWithAuthority:
    """Record that another authority was told facts about a provider."""

    conference: ConferenceRef | None = None
    authority: Slug
    provider: Slug | None = None
    facts_only: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    content: tuple[Code, ...] = listed("assertion_kind", default=())
    necessity: Passage | None = None
    shared_by: Slug | None = None
    summary: Passage | None = None


Command: TypeAlias = NotifyRegulator | ShareConcernsWithAuthority


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,  # noqa: ARG001
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
    """
    if command.conference is not None and command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case NotifyRegulator():
            return (recorded(RegulatorNotified, command),)
        case ShareConcernsWithAuthority():
            return (recorded(ConcernsSharedWithAuthority, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise a regulator left untold, and more told to an authority than it needs."""
    groups = context.jurisdiction.groups["source_of_risk"]
    about = [at for source, at in known.risks_shown if groups.get(source, source) == PROVIDER]
    about += known.provider_enquiries
    knows = list(_regulator_knows(state, known, context))
    for concerns in each(about, known):
        first = min(concerns, key=lambda at: at.position)
        if not within(knows, first, known):
            words = "Concerns about a provider stand in the record; that the regulator of care was "
            words += "told does not."
            yield found("regulator_not_notified", "R143", "medium", words, at=first)
    for at in state.without_need:
        words = "Another authority was told of concerns; why it needed to know is not recorded."
        yield found("authority_told_without_need", "R144", "medium", words, at=at)
    for at in state.with_opinion:
        words = "Another authority was told more about a provider than facts."
        yield found("opinion_shared_with_authority", "R144", "medium", words, at=at)


def _regulator_knows(state: State, known: Known, context: Looking) -> Iterator[Mark]:
    """Where the regulator of care was told, by any event, or was at a meeting."""
    told = (*state.notified, *((body, at) for body, _, at in known.regulators_told))
    yield from (at for body, at in told if body in context.jurisdiction.care_regulators)
    yield from (one.at for one in known.information_shared if one.role == REGULATOR)
    for sitting in known.sittings.values():
        lines = (line for _, line in sitting.attendances)
        if any(line.present and line.role == REGULATOR for line in lines):
            yield sitting.held
