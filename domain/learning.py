"""What is to be learnt: serious incidents, and changes in organisations.

A statutory review stands in `reviewing`. A change somebody recommended is reported on, done or
not (R139).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, after, found, mark, recorded
from domain.words import (
    ChangeRef,
    Code,
    ConferenceRef,
    Fact,
    Passage,
    Slug,
    WorkerRef,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriousIncidentProcessStarted:
    """A serious incident process was begun over how people or agencies worked (R141)."""

    conference: ConferenceRef | None = None
    part: int | None = None
    lead_organisation: Slug | None = None
    referred_by: Slug | None = None
    grounds: tuple[Code, ...] = listed("process_concern")
    grounds_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationalChangeRecommended:
    """An organisation is to change something, by whom and by when (R139).

    `complaint_reference` is what the complaint is called where the change answers one (R140).
    """

    change: ChangeRef
    conference: ConferenceRef | None = None
    part: int | None = None
    areas: tuple[Code, ...] = listed("change_area")
    areas_other: Passage | None = None
    organisation: Slug | None = None
    owner: Slug | None = None
    owner_worker: WorkerRef | None = None
    due: date | None = None
    source: Code = listed("change_source")
    source_other: Passage | None = None
    complaint_reference: Passage | None = None
    description: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationalChangeImplemented:
    """What became of a change: done, in part, or not, and how that is known (R139)."""

    change: ChangeRef
    result: Code = listed("action_result")
    account: Passage | None = None


Event: TypeAlias = (
    SeriousIncidentProcessStarted
    | OrganisationalChangeRecommended
    | OrganisationalChangeImplemented
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change recommended."""

    due: date | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was begun or recommended, and what was reported on."""

    incidents_bare: tuple[Mark, ...] = ()
    changes: Mapping[ChangeRef, Change] = field(default_factory=dict)
    reported: frozenset[ChangeRef] = frozenset()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case SeriousIncidentProcessStarted(grounds=grounds, rationale=rationale):
            unsaid = () if grounds or rationale is not None else (at,)
            return replace(state, incidents_bare=(*state.incidents_bare, *unsaid))
        case OrganisationalChangeRecommended(change=ref, due=due):
            return replace(state, changes={**state.changes, ref: Change(due=due, at=at)})
        case OrganisationalChangeImplemented(change=ref):
            return replace(state, reported=state.reported | {ref})
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSeriousIncidentProcess:
    """Record that a serious incident process was begun."""

    conference: ConferenceRef | None = None
    part: int | None = None
    lead_organisation: Slug | None = None
    referred_by: Slug | None = None
    grounds: tuple[Code, ...] = listed("process_concern", default=())
    grounds_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendOrganisationalChange:
    """Recommend that an organisation change something."""

    change: ChangeRef
    conference: ConferenceRef | None = None
    part: int | None = None
    areas: tuple[Code, ...] = listed("change_area", default=())
    areas_other: Passage | None = None
    organisation: Slug | None = None
    owner: Slug | None = None
    owner_worker: WorkerRef | None = None
    due: date | None = None
    source: Code = listed("change_source", default=Code("not_recorded"))
    source_other: Passage | None = None
    complaint_reference: Passage | None = None
    description: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrganisationalChange:
    """Report what became of a change."""

    change: ChangeRef
    result: Code = listed("action_result", default=Code("done"))
    account: Passage | None = None


Command: TypeAlias = (
    StartSeriousIncidentProcess | RecommendOrganisationalChange | ReportOrganisationalChange
)


def decide(
    command: Command,
    state: State,
    known: Known,
    context: Context,  # noqa: ARG001 — every stage is asked alike
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference or the change is not of this case.
        Refused: the reference of a change is already used (I1).
    """
    conference = getattr(command, "conference", None)
    if conference is not None and conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case StartSeriousIncidentProcess():
            return (recorded(SeriousIncidentProcessStarted, command),)
        case RecommendOrganisationalChange(change=ref):
            if ref in state.changes:
                raise Refused("already_recorded", "I1", "That change is recommended already.")
            return (recorded(OrganisationalChangeRecommended, command),)
        case ReportOrganisationalChange(change=ref):
            if ref not in state.changes:
                raise NotFound("There is no such change in this case.", field="change")
            return (recorded(OrganisationalChangeImplemented, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise what was to follow and is not recorded, and what was begun without its reasons."""
    for at in state.incidents_bare:
        words = "A serious incident process was begun; why is not recorded."
        yield found("serious_incident_unexplained", "R141 R154", "low", words, at=at)
    for change, one in state.changes.items():
        late = one.due is not None and one.due < context.on
        closed = known.last_closed  # also where the case was reopened since
        ended = one.due is None and closed is not None and after(closed, one.at)
        if change not in state.reported and (late or ended):
            words = "A change in an organisation was recommended, and what became of it is not "
            words += "recorded."
            code = "change_not_reported"
            since = one.due or (None if closed is None else closed.when)
            yield found(code, "R139", "medium", words, at=one.at, since=since, subject=change)
