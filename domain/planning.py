"""An enquiry planned: who spoke with whom, who goes along, and what holds in the meantime.

Planning meetings are the professionals' alone; conferences are not, and stand in `conference`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, chosen, found, mark, recorded
from domain.words import Code, Due, EnquiryRef, Fact, Passage, PlanRef, Slug, WorkerRef, listed

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class InterAgencyReferralDiscussionHeld:
    """Agencies spoke about the referral: who, of what, and what they decided (R154, R203)."""

    method: Code = listed("discussion_method")
    agencies: tuple[Slug, ...]
    decision: Code = listed("discussion_decision")
    discussed: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningMeetingHeld:
    """The enquiry was planned: with whom, who does what, or why there is to be none (R154)."""

    method: Code = listed("discussion_method")
    agencies: tuple[Slug, ...]
    chair: WorkerRef | None = None
    decision: Code = listed("discussion_decision")
    tasks: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPersonAppointed:
    """Who goes with the council officer."""

    enquiry: EnquiryRef | None = None
    person: WorkerRef | None = None
    role: Code = listed("second_person_role")
    role_other: Passage | None = None
    organisation: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterimPlanAgreed:
    """What keeps the adult safe until a conference has met (R12, R74); `review` where dated.

    `plan` names it, so that the plan agreed or revised later can take it up.
    """

    plan: PlanRef
    measures: tuple[Code, ...] = listed("safety_action")
    measures_other: Passage | None = None
    description: Passage | None = None
    agreed_with: Code = listed("plan_agreed_with")
    not_agreed_reason: Passage | None = None
    review: Due | None = None


Event: TypeAlias = (
    InterAgencyReferralDiscussionHeld
    | PlanningMeetingHeld
    | SecondPersonAppointed
    | InterimPlanAgreed
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was decided before the enquiry, and what holds until it is over."""

    unexplained: Mark | None = None  # a decision not to enquire without its reasons
    interim: frozenset[PlanRef] = frozenset()
    agencies: frozenset[Slug] = frozenset()  # that spoke of it, or planned it
    not_agreed: Mapping[PlanRef, Mark] = field(default_factory=dict)  # nor why, as last agreed


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact; a later decision takes the place of one without reasons."""
    at = mark(fact)
    match fact.event:
        case InterAgencyReferralDiscussionHeld() | PlanningMeetingHeld() as event:
            state = replace(state, agencies=state.agencies | {*event.agencies})
            if event.decision == "not_decided":
                return state
            bare = event.decision == "no_enquiry" and event.rationale is None
            return replace(state, unexplained=at if bare else None)
        case InterimPlanAgreed(plan=plan, agreed_with=who, not_agreed_reason=reason):
            bare = who == "not_agreed" and reason is None
            left = {ref: one for ref, one in state.not_agreed.items() if ref != plan}
            not_agreed = {**left, plan: at} if bare else left
            return replace(state, interim=state.interim | {plan}, not_agreed=not_agreed)
        case SecondPersonAppointed():
            return state
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldInterAgencyReferralDiscussion:
    """Note what agencies discussed and decided."""

    method: Code = listed("discussion_method", default=Code("not_recorded"))
    agencies: tuple[Slug, ...]
    decision: Code = listed("discussion_decision", default=Code("not_decided"))
    discussed: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlanningMeeting:
    """Note how the enquiry was planned."""

    method: Code = listed("discussion_method", default=Code("not_recorded"))
    agencies: tuple[Slug, ...]
    chair: WorkerRef | None = None
    decision: Code = listed("discussion_decision", default=Code("not_decided"))
    tasks: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointSecondPerson:
    """Name who goes with the council officer."""

    enquiry: EnquiryRef | None = None
    person: WorkerRef | None = None
    role: Code = listed("second_person_role")
    role_other: Passage | None = None
    organisation: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeInterimPlan:
    """Agree what holds until a conference has met."""

    plan: PlanRef
    measures: tuple[Code, ...] = listed("safety_action", default=())
    measures_other: Passage | None = None
    description: Passage | None = None
    agreed_with: Code = listed("plan_agreed_with", default=Code("not_recorded"))
    not_agreed_reason: Passage | None = None
    review_on: date | None = None


Command: TypeAlias = (
    HoldInterAgencyReferralDiscussion | HoldPlanningMeeting | AppointSecondPerson | AgreeInterimPlan
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: the enquiry of a second person was never opened in this case.
    """
    del state
    match command:
        case HoldInterAgencyReferralDiscussion():
            return (recorded(InterAgencyReferralDiscussionHeld, command),)
        case HoldPlanningMeeting():
            return (recorded(PlanningMeetingHeld, command),)
        case AppointSecondPerson(enquiry=ref):
            if ref is not None and ref not in known.enquiries:
                raise NotFound("There is no such enquiry in this case.", field="enquiry")
            return (recorded(SecondPersonAppointed, command),)
        case AgreeInterimPlan(review_on=on):
            review = None if on is None else chosen(on, context)
            return (recorded(InterimPlanAgreed, command, review=review),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in how the enquiry was planned."""
    del known, context
    if state.unexplained is not None:
        words = "Agencies decided that there be no enquiry; the reasons are not recorded."
        yield found("no_enquiry_unexplained", "R154", "medium", words, at=state.unexplained)
    for plan, at in state.not_agreed.items():
        words = "An interim plan was not agreed with anybody for the adult; the reason is missing."
        yield found("interim_plan_not_agreed", "R74", "medium", words, at=at, subject=plan)
