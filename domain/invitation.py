"""Who leads a conference and who was asked to it: chair, minute taker, invitations, apologies.

The adult's own invitation stands in `involvement`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, TypeAlias, assert_never

from domain.finding import Finding
from domain.jurisdictions import Jurisdiction
from domain.kept_from import at_meetings
from domain.known import Convened, Known, Sat
from domain.missed import not_asked, not_heard
from domain.refusal import NotFound
from domain.relatives import FamilyDecision, Invited, asked, came
from domain.stage import OTHER, Context, Looking, Mark, could_precede, found, mark, recorded
from domain.when import When
from domain.words import (
    Code,
    ConferenceRef,
    DocumentRef,
    Fact,
    ParticipantRef,
    Passage,
    Personal,
    PersonRef,
    Slug,
    WorkerRef,
    listed,
    numbering,
)

_NOT_SAID: Final = Code("not_recorded")
# Who comes with authority over what their agency does: R40.
MANAGERS: Final = frozenset({"agency_manager", "managing_officer", "chair"})
_BY_THEMSELVES: Final = frozenset({"advocate", "cqc", "gp"})  # no manager of theirs is asked for

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ChairAppointed:
    """Somebody was asked to chair, and on what basis (R15, R17, R18, R194).

    `organisation` names whose worker that is, which says nothing of its kind; `agency` is the kind.
    A post of the authority's own is `other`, and stands in `role_other`.
    `line_management_link`: whether they manage whoever made the enquiry, or are managed with them.
    """

    conference: ConferenceRef
    chair: WorkerRef
    role: Code = listed("chair_role")
    role_other: Passage | None = None
    organisation: Slug
    agency: Code = listed("chair_agency", default=Code("not_recorded"))
    basis: Code = listed("chair_basis")
    line_management_link: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteTakerAppointed:
    """Somebody was asked to take the record (R16, R39)."""

    conference: ConferenceRef
    minute_taker: WorkerRef
    organisation: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantInvited:
    """Somebody other than the adult was invited (R36 to R44, R60).

    `participant` names them within this conference; `parts` are the numbers of the parts they are
    invited to, none meaning all of it.
    """

    conference: ConferenceRef
    participant: ParticipantRef
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    worker: WorkerRef | None = None
    person: PersonRef | None = None
    name: Passage | None = None
    parts: tuple[int, ...] = ()
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologiesReceived:
    """An invited person will not come (R45)."""

    conference: ConferenceRef
    participant: ParticipantRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenContributionReceived:
    """Information for the meeting came in writing (R45, R215, R216)."""

    conference: ConferenceRef
    participant: ParticipantRef | None = None
    organisation: Slug | None = None
    document: DocumentRef | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyAttendanceDecided:
    """Whether a relative may come, and on what basis; there is no automatic right (R59 to R63).

    By the adult's wish, `wish_recorded_on` is when that was recorded and `appropriateness` whether
    it was found to be right (R60). By a decision for the adult, `best_interests_decision` is the
    entry that has it (R61). By legal authority, `attorney_kind`, `registered`, `order_reference`
    and `authority_scope` say which, and `verified_by` who looked (R62, R63).
    """

    conference: ConferenceRef
    participant: ParticipantRef
    relationship: Passage | None = None
    decision: Code = listed("attend_decision")
    basis: Code = listed("family_basis")
    wish_recorded_on: date | None = None
    appropriateness: Code = listed("yes_no_not_considered", default=Code("not_considered"))
    best_interests_decision: int | None = numbering(default=None)
    attorney_kind: Code = listed("attorney_kind", default=Code("not_recorded"))
    registered: Code = listed("yes_no_not_known", default=Code("not_known"))
    order_reference: Passage | None = None
    authority_scope: Code = listed("authority_scope", default=Code("not_recorded"))
    authority_verified: Code = listed("yes_no_not_known")
    verified_by: WorkerRef | None = None
    alleged_to_have_caused_harm: Code = listed("yes_no_not_known")
    rationale: Passage | None = None


Event: TypeAlias = (
    ChairAppointed
    | MinuteTakerAppointed
    | ParticipantInvited
    | ApologiesReceived
    | WrittenContributionReceived
    | FamilyAttendanceDecided
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who leads one conference and who was asked to it."""

    chair: WorkerRef | None = None
    chair_role: Code | None = None
    chair_post: str | None = None  # in words, where it is on no list
    chair_agency: Code = _NOT_SAID
    chair_basis: Code | None = None
    chair_explained: bool = False
    chair_at: Mark | None = None
    chaired: tuple[Mark, ...] = ()  # each time that somebody was appointed
    minute_taker: WorkerRef | None = None
    minuted: tuple[Mark, ...] = ()
    invited: Mapping[ParticipantRef, Invited] = field(default_factory=dict)
    wrote: tuple[tuple[Slug, Mark], ...] = ()  # agencies, without an invitation to answer
    family: Mapping[ParticipantRef, FamilyDecision] = field(default_factory=dict)

    @property
    def contributors(self) -> tuple[Slug, ...]:
        """Agencies that wrote without an invitation to answer."""
        return tuple(agency for agency, _ in self.wrote)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The rosters of a case's conferences."""

    rosters: Mapping[ConferenceRef, Roster] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    ref = fact.event.conference
    roster = _noted(state.rosters.get(ref, Roster()), fact.event, mark(fact))
    return State(rosters={**state.rosters, ref: roster})


def _noted(roster: Roster, event: Event, at: Mark) -> Roster:
    match event:
        case ChairAppointed():
            return replace(
                roster,
                chair=event.chair,
                chair_role=event.role,
                chair_post=_in_words(event.role_other),
                chair_agency=event.agency,
                chair_basis=event.basis,
                chair_explained=event.rationale is not None,
                chair_at=at,
                chaired=(*roster.chaired, at),
            )
        case MinuteTakerAppointed(minute_taker=worker):
            return replace(roster, minute_taker=worker, minuted=(*roster.minuted, at))
        case ParticipantInvited():
            return _put(roster, event.participant, _invited(roster, event, at))
        case ApologiesReceived():
            return roster  # they are told; who was not there is asked of the grid
        case WrittenContributionReceived():
            return _contributed(roster, event, at)
        case FamilyAttendanceDecided():
            decision = FamilyDecision(
                decision=event.decision,
                basis=event.basis,
                verified=event.authority_verified,
                alleged=event.alleged_to_have_caused_harm,
                at=at,
            )
            return replace(roster, family={**roster.family, event.participant: decision})
        case _:
            assert_never(event)


def _in_words(post: Passage | None) -> str | None:
    """A post on no list as it is held to a policy; None where it was forgotten, or is on a list."""
    return " ".join(post.text.split()).casefold() if isinstance(post, Personal) else None


def _invited(roster: Roster, event: ParticipantInvited, at: Mark) -> Invited:
    """Remember an invitation; one made again leaves what came of the first."""
    before = roster.invited.get(event.participant)
    return Invited(
        role=event.role,
        organisation=event.organisation,
        at=at,
        asked=(*(() if before is None else before.asked), at),
        worker=event.worker,
        person=event.person,
        contributed=None if before is None else before.contributed,
    )


def _put(roster: Roster, ref: ParticipantRef, invited: Invited) -> Roster:
    return replace(roster, invited={**roster.invited, ref: invited})


def _contributed(roster: Roster, event: WrittenContributionReceived, at: Mark) -> Roster:
    """Remember writing under the invitation it answers, else under its agency."""
    if event.participant is not None and event.participant in roster.invited:
        known = roster.invited[event.participant]
        return _put(roster, event.participant, replace(known, contributed=at))
    if event.organisation is None:
        return roster
    return replace(roster, wrote=(*roster.wrote, (event.organisation, at)))


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointChair:
    """Name who chairs."""

    conference: ConferenceRef
    chair: WorkerRef
    role: Code = listed("chair_role", default=Code("not_recorded"))
    role_other: Passage | None = None
    organisation: Slug
    agency: Code = listed("chair_agency", default=Code("not_recorded"))
    basis: Code = listed("chair_basis", default=Code("usual"))
    line_management_link: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointMinuteTaker:
    """Name who takes the record."""

    conference: ConferenceRef
    minute_taker: WorkerRef
    organisation: Slug | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteParticipant:
    """Ask somebody to come."""

    conference: ConferenceRef
    participant: ParticipantRef
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    worker: WorkerRef | None = None
    person: PersonRef | None = None
    name: Passage | None = None
    parts: tuple[int, ...] = ()
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveApologies:
    """Note that somebody will not come."""

    conference: ConferenceRef
    participant: ParticipantRef
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveWrittenContribution:
    """Take in what somebody wrote for the meeting."""

    conference: ConferenceRef
    participant: ParticipantRef | None = None
    organisation: Slug | None = None
    document: DocumentRef | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideFamilyAttendance:
    """Decide whether a relative may come."""

    conference: ConferenceRef
    participant: ParticipantRef
    relationship: Passage | None = None
    decision: Code = listed("attend_decision")
    basis: Code = listed("family_basis", default=Code("not_recorded"))
    wish_recorded_on: date | None = None
    appropriateness: Code = listed("yes_no_not_considered", default=Code("not_considered"))
    best_interests_decision: int | None = None
    attorney_kind: Code = listed("attorney_kind", default=Code("not_recorded"))
    registered: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    order_reference: Passage | None = None
    authority_scope: Code = listed("authority_scope", default=Code("not_recorded"))
    authority_verified: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    verified_by: WorkerRef | None = None
    alleged_to_have_caused_harm: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    rationale: Passage | None = None


Command: TypeAlias = (
    AppointChair
    | AppointMinuteTaker
    | InviteParticipant
    | ReceiveApologies
    | ReceiveWrittenContribution
    | DecideFamilyAttendance
)


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
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case AppointChair():
            return (recorded(ChairAppointed, command),)
        case AppointMinuteTaker():
            return (recorded(MinuteTakerAppointed, command),)
        case InviteParticipant():
            return (recorded(ParticipantInvited, command),)
        case ReceiveApologies():
            return (recorded(ApologiesReceived, command),)
        case ReceiveWrittenContribution():
            return (recorded(WrittenContributionReceived, command),)
        case DecideFamilyAttendance():
            return (recorded(FamilyAttendanceDecided, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise who led, who was asked, and who neither came nor wrote."""
    yield from at_meetings(known)
    for ref, conference in known.conferences.items():
        roster = state.rosters.get(ref, Roster())
        sitting = known.sittings.get(ref)
        held = None if sitting is None else sitting.held
        large = conference.large_scale or known.large_scale(conference.convened, held)
        yield from _in_post(ref, roster, conference.planned_for, sitting, context)
        yield from _chairing(ref, roster, large=large)
        yield from asked(ref, roster.invited, roster.family, known)
        if sitting is not None:
            before = _before(roster, sitting)
            yield from _unled(ref, roster, sitting)
            yield from came(ref, roster.family, sitting)
            yield from not_asked(ref, before, conference, sitting, known)
            yield from _without_manager(before, conference, sitting)
            yield from not_heard(ref, roster, sitting, known)


def _before(roster: Roster, sitting: Sat) -> Roster:
    """The roster without whoever was certainly asked only after the meeting."""
    held, asked = sitting.held.when, roster.invited.items()
    kept = {who: one for who, one in asked if any(could_precede(at.when, held) for at in one.asked)}
    return replace(roster, invited=kept)


def _in_post(
    ref: ConferenceRef, roster: Roster, planned: When, sitting: Sat | None, context: Looking
) -> Iterator[Finding]:
    """Ask whether the chair is one that the area names (R17, R194).

    By the authority's policy of the day of the conference, of those known as it was held, or as
    somebody was asked to chair one that was not held yet.
    """
    if roster.chair is None or roster.chair_at is None:
        return
    by, day = roster.chair_at.position, planned
    if sitting is not None:
        by, day = sitting.held.position, sitting.held.when
    law, words = context.law_of(by, day), ""
    if roster.chair_role == _NOT_SAID or roster.chair_role not in law.chair_roles:
        words = "The chair's role is not one the area's arrangements name."
    elif roster.chair_role == OTHER and not _of_its_own(roster.chair_post, law):
        words = "The chair's post is on no list, and the area's arrangements do not name it."
    elif law.chair_agencies and roster.chair_agency not in {_NOT_SAID, *law.chair_agencies}:
        words = "The chair is of another agency than the area's arrangements name."
    if words:
        one = found("chair_role", "R17 R194", "low", words, at=roster.chair_at, subject=ref)
        yield replace(one, policy=Slug(law.policy))


def _of_its_own(post: str | None, law: Jurisdiction) -> bool:
    """Whether a post on no list is one that the policy names; yes, where either was forgotten."""
    return post is None or law.chair_posts is None or post in law.chair_posts


def _chairing(ref: ConferenceRef, roster: Roster, *, large: bool) -> Iterator[Finding]:
    """Ask whether the chair is another than usual, and apart from the record (R18, R39)."""
    if roster.chair is None:
        return
    at = roster.chair_at
    if large and roster.chair_basis == "usual" and not roster.chair_explained:
        words = "A large-scale conference had its usual chair and no reason is recorded."
        yield found("chair_large_scale", "R18", "low", words, at=at, subject=ref)
    if roster.chair == roster.minute_taker:
        words = "One person is recorded as both chair and minute taker."
        yield found("chair_took_minutes", "R39", "low", words, at=at, subject=ref)


def _without_manager(roster: Roster, conference: Convened, sitting: Sat) -> Iterator[Finding]:
    """Ask of each agency involved that was asked whether a manager of it was (R40).

    Not of one that comes by its GP, its inspector or its advocate alone, who answer for themselves.
    """
    called = {(one.organisation, one.role) for one in roster.invited.values()}
    called |= {(line.organisation, line.role) for _, line in sitting.attendances if line.present}
    agencies = {agency for agency, _ in called}
    managed = {agency for agency, role in called if role in MANAGERS}
    managed |= agencies - {agency for agency, role in called if role not in _BY_THEMSELVES}
    for agency in sorted({one for one in conference.agencies if one in agencies} - managed):
        words = f"No manager of an agency involved was asked to the conference: {agency}."
        code = "agency_without_manager"
        yield found(code, "R40", "low", words, at=sitting.held, subject=agency)


def _unled(ref: ConferenceRef, roster: Roster, sitting: Sat) -> Iterator[Finding]:
    """Say where a conference was held without a chair or a record taken (R15, R16)."""
    held = sitting.held.when
    if not any(could_precede(one.when, held) for one in roster.chaired):
        words = "The conference was held and no chair is recorded as appointed before it."
        yield found("no_chair", "R15 R37", "medium", words, at=sitting.held, subject=ref)
    if not any(could_precede(one.when, held) for one in roster.minuted):
        words = "The conference was held and no minute taker is recorded as appointed before it."
        yield found("no_minute_taker", "R16 R39", "medium", words, at=sitting.held, subject=ref)
