"""After the meeting: what the adult raises and how it is answered, and what a carer is told.

The adult is enabled to raise issues about what was decided (R170). What a carer may know about the
person alleged to have caused harm, the managing officer decides first (R167).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, assert_never

from domain.copies import CARER, MINUTES, PLAN, Release, Whom, given
from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, came_before, found, mark, recorded
from domain.words import (
    Code,
    ConferenceRef,
    Fact,
    IssueRef,
    Passage,
    PersonRef,
    PlanRef,
    WorkerRef,
    listed,
)

DECIDES: Final = "managing_officer"  # of `participant_role`

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultRaisedIssue:
    """The adult, or somebody for them, disagrees or asks about a decision or the plan (R170)."""

    issue: IssueRef
    conference: ConferenceRef | None = None
    plan: PlanRef | None = None
    about: Code = listed("issue_about")
    about_other: Passage | None = None
    raised_by: Code = listed("expressed_by")
    words: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueResponded:
    """What was answered, and what came of it (R170)."""

    issue: IssueRef
    outcome: Code = listed("issue_outcome")
    outcome_other: Passage | None = None
    response: Passage | None = None
    answered_by: WorkerRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerDisclosureDecided:
    """What a carer may be told about the person alleged to have caused harm, who decided (R167).

    Its case version is the `authority` that a release to the carer names (I8); `decided_role` None
    where it is not said in which capacity it was decided.
    """

    conference: ConferenceRef | None = None
    part: int | None = None
    carer: PersonRef | None = None
    decided_by: WorkerRef | None = None
    decided_role: Code | None = listed("participant_role", default=None)
    decided_role_other: Passage | None = None
    pach_information: Code = listed("pach_information")
    basis: Code = listed("release_basis")
    rationale: Passage | None = None


Event: TypeAlias = AdultRaisedIssue | IssueResponded | CarerDisclosureDecided

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a carer may be told was decided: of whom (None: any), at which meeting, by whom."""

    carer: PersonRef | None
    conference: ConferenceRef | None
    role: Code | None
    at: Mark
    says_of_pach: bool = True  # that is what was decided

    def covers(self, release: Release) -> bool:
        """Say whether it permits that release: the minutes or the plan, to that carer."""
        if self.conference not in {None, release.conference} and release.conference is not None:
            return False
        whom = Whom(person=self.carer, role=CARER)
        of_it = release.what in {MINUTES, PLAN} and release.to.role == CARER
        return of_it and whom.covers(release.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was raised and answered; what was decided about carers, by its case version."""

    raised: Mapping[IssueRef, Mark] = field(default_factory=dict)
    answered: frozenset[IssueRef] = frozenset()
    decided: Mapping[int, Decided] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case AdultRaisedIssue(issue=issue):
            return replace(state, raised={**state.raised, issue: at})
        case IssueResponded(outcome="not_recorded", response=None):
            return state  # which says neither what was answered nor what came of it
        case IssueResponded(issue=issue):
            return replace(state, answered=state.answered | {issue})
        case CarerDisclosureDecided(carer=carer, conference=ref, decided_role=role):
            one = Decided(carer=carer, conference=ref, role=role, at=at)
            return replace(state, decided={**state.decided, fact.version: one})
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseIssue:
    """Record what the adult raises."""

    issue: IssueRef
    conference: ConferenceRef | None = None
    plan: PlanRef | None = None
    about: Code = listed("issue_about", default=Code("not_recorded"))
    about_other: Passage | None = None
    raised_by: Code = listed("expressed_by", default=Code("adult"))
    words: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondToIssue:
    """Record what was answered."""

    issue: IssueRef
    outcome: Code = listed("issue_outcome")
    outcome_other: Passage | None = None
    response: Passage | None = None
    answered_by: WorkerRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCarerDisclosure:
    """Decide what a carer may be told about the person alleged to have caused harm."""

    conference: ConferenceRef | None = None
    part: int | None = None
    carer: PersonRef | None = None
    decided_by: WorkerRef | None = None
    decided_role: Code | None = listed("participant_role", default=None)
    decided_role_other: Passage | None = None
    pach_information: Code = listed("pach_information")
    basis: Code = listed("release_basis", default=Code("none"))
    rationale: Passage | None = None


Command: TypeAlias = RaiseIssue | RespondToIssue | DecideCarerDisclosure


def decide(
    command: Command,
    state: State,
    known: Known,
    context: Context,  # noqa: ARG001 — every stage is asked alike
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference, the plan or the issue is not of this case.
        Refused: the reference of an issue is already used (I1).
    """
    conference = getattr(command, "conference", None)
    if conference is not None and conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case RaiseIssue(issue=issue, plan=plan):
            if plan is not None and plan not in known.plans:
                raise NotFound("There is no such plan in this case.", field="plan")
            if issue in state.raised:
                raise Refused("already_recorded", "I1", "That issue is recorded already.")
            return (recorded(AdultRaisedIssue, command),)
        case RespondToIssue(issue=issue):
            if issue not in state.raised:
                raise NotFound("There is no such issue in this case.", field="issue")
            return (recorded(IssueResponded, command),)
        case DecideCarerDisclosure():
            return (recorded(CarerDisclosureDecided, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise an issue left without an answer, and a carer told before it was decided what."""
    for issue, at in state.raised.items():
        waited = at.last is not None and at.last < context.on
        if waited and issue not in state.answered:
            words = "The adult raised an issue, and no answer to it is recorded."
            yield found("issue_unanswered", "R170", "medium", words, at=at, subject=issue)
    for one in state.decided.values():
        if one.role != DECIDES:
            words = "What a carer may be told is not recorded as decided by the managing officer."
            yield found("disclosure_not_by_manager", "R167", "low", words, at=one.at)
    yield from _undecided(known)


def _undecided(known: Known) -> Iterator[Finding]:
    """Ask that what each carer may know was decided before they had their copy (R167).

    Where nobody was known as alleged to have caused harm by then, there was nothing to decide.
    """
    bare = {
        at
        for ref, at, one in known.carers_told
        if any(came_before(identified, at) for _, identified in known.pach_at_work)
        and not known.carer_decided(
            Release(what=MINUTES, to=given(one), conference=ref), at, one.authority
        )
    }
    for sent in sorted(bare, key=lambda at: at.position):
        words = "A carer has a copy; not recorded is what they may know of the person alleged "
        words += "to have caused harm."
        yield found("carer_disclosure_not_decided", "R167", "medium", words, at=sent)
