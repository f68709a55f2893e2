"""The meeting itself: who was there in which part, how the adult was heard, how agencies stood.

What the meeting found stands in `determination`, what it planned in `plan`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known, Roster
from domain.refusal import NotFound, Refused
from domain.stage import (
    Context,
    Looking,
    Mark,
    before_closure,
    could_precede,
    found,
    mark,
    recorded,
)
from domain.when import When
from domain.words import (
    Code,
    ConferenceRef,
    DocumentRef,
    Due,
    Fact,
    ParticipantRef,
    Passage,
    Slug,
    listed,
)

PRESENT = frozenset({"attended", "part_attended", "remote"})
ADULT_SIDE = frozenset({"adult", "representative", "supporter", "family", "carer"})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One line of the attendance grid of one part (R20, R33, R34, R46, R202).

    `participant` is the invitation it answers; None for the adult and for anybody not invited.
    """

    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    attendance: Code = listed("attendance")
    delegated_authority: Code = listed("yes_no_not_stated", default=Code("not_stated"))
    participation: Passage | None = None

    @property
    def present(self) -> bool:
        """Whether they were there, in whole, in part or remotely."""
        return self.attendance in PRESENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a conference, with the one set of people who attended it (R29 to R34)."""

    number: int
    reason: Code = listed("part_reason")
    professionals_only: bool = False
    started: When | None = None
    ended: When | None = None
    attendances: tuple[Attendance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceHeld:
    """A conference took place, on the day this event occurred (R1, R8, R29, R182, R202, R214).

    `next_core_group` and `next_review` are the dates the nation's rules set from this meeting, as
    they were reckoned on the day it was recorded; None where no rule sets one.
    """

    conference: ConferenceRef
    parts: tuple[Part, ...]
    next_core_group: Due | None
    next_review: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreGroupHeld:
    """A core group monitored the plan (R177, R180, R181)."""

    conference: ConferenceRef
    parts: tuple[Part, ...]
    effect: Code = listed("core_group_effect")
    summary: Passage | None = None
    next_core_group: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultNonAttendanceRecorded:
    """Why the adult was not at the conference (R56)."""

    conference: ConferenceRef
    reason: Code = listed("adult_non_attendance_reason")
    reason_other: Passage | None = None
    detail: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultViewsPresented:
    """The adult's views were put to the meeting, and by whom (R54, R70, R192, R208, R211)."""

    conference: ConferenceRef
    presenter_role: Code = listed("presenter_role")
    presenter_role_other: Passage | None = None
    views: Passage | None = None
    response: Passage | None = None
    own_words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConsidered:
    """The meeting considered a report (R64, R65)."""

    conference: ConferenceRef
    kind: Code = listed("report_kind")
    organisation: Slug | None = None
    document: DocumentRef | None = None
    stated_wishes: bool
    proposed_outcomes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyPositionRecorded:
    """Whether an agency agrees with what the meeting decided (R196)."""

    conference: ConferenceRef
    organisation: Slug
    position: Code = listed("agency_position")
    reasons: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherConferenceDecided:
    """Whether another conference is needed (R85)."""

    conference: ConferenceRef
    decision: Code = listed("further_conference")
    rationale: Passage | None = None


Event: TypeAlias = (
    ConferenceHeld
    | CoreGroupHeld
    | AdultNonAttendanceRecorded
    | AdultViewsPresented
    | ReportConsidered
    | AgencyPositionRecorded
    | FurtherConferenceDecided
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A conference that took place."""

    held: Mark
    parts: tuple[Part, ...]
    core_group: bool = False
    monitored: bool = False
    next_core_group: Due | None = None
    next_review: Due | None = None

    @property
    def attendances(self) -> tuple[tuple[int, Attendance], ...]:
        """Every line of every part, with the number of its part."""
        return tuple((part.number, line) for part in self.parts for line in part.attendances)

    @property
    def adult_attended(self) -> bool:
        """Whether the adult was in any part."""
        return any(line.role == "adult" and line.present for _, line in self.attendances)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was recorded of a meeting, whether or not its being held is recorded yet."""

    absence: Mark | None = None
    presented: Mapping[Code, Mark] = field(default_factory=dict)
    reports: int = 0
    thin_report: Mark | None = None
    positions: frozenset[Slug] = frozenset()
    further: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The conferences held, and what was said at them."""

    sittings: Mapping[ConferenceRef, Sitting] = field(default_factory=dict)
    said: Mapping[ConferenceRef, Said] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case ConferenceHeld() as event:
            sitting = Sitting(
                held=mark(fact),
                parts=event.parts,
                next_core_group=event.next_core_group,
                next_review=event.next_review,
            )
            return replace(state, sittings={**state.sittings, event.conference: sitting})
        case CoreGroupHeld() as event:
            sitting = Sitting(
                held=mark(fact),
                parts=event.parts,
                core_group=True,
                monitored=event.effect != "not_recorded",
                next_core_group=event.next_core_group,
            )
            return replace(state, sittings={**state.sittings, event.conference: sitting})
        case event:
            said = _noted(state.said.get(event.conference, Said()), event, mark(fact))
            return replace(state, said={**state.said, event.conference: said})


Saying: TypeAlias = (
    AdultNonAttendanceRecorded
    | AdultViewsPresented
    | ReportConsidered
    | AgencyPositionRecorded
    | FurtherConferenceDecided
)


def _noted(said: Said, event: Saying, at: Mark) -> Said:
    match event:
        case AdultNonAttendanceRecorded():
            return replace(said, absence=at)
        case AdultViewsPresented(presenter_role=role):
            return replace(said, presented={**said.presented, role: at})
        case ReportConsidered():
            thin = event.kind == "investigation" and not (
                event.stated_wishes and event.proposed_outcomes
            )
            return replace(
                said, reports=said.reports + 1, thin_report=at if thin else said.thin_report
            )
        case AgencyPositionRecorded(organisation=agency, position=position):
            stated = {agency} if position != "not_stated" else set[Slug]()
            return replace(said, positions=said.positions | stated)
        case FurtherConferenceDecided(decision=decision):
            return replace(said, further=decision != "not_decided")
        case _:
            assert_never(event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldConference:
    """Record that a conference took place; what is due next is reckoned here."""

    conference: ConferenceRef
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCoreGroup:
    """Record that a core group took place."""

    conference: ConferenceRef
    parts: tuple[Part, ...]
    effect: Code = listed("core_group_effect", default=Code("not_recorded"))
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultNonAttendance:
    """Say why the adult was not there."""

    conference: ConferenceRef
    reason: Code = listed("adult_non_attendance_reason")
    reason_other: Passage | None = None
    detail: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentAdultViews:
    """Note that the adult's views were put to the meeting."""

    conference: ConferenceRef
    presenter_role: Code = listed("presenter_role")
    presenter_role_other: Passage | None = None
    views: Passage | None = None
    response: Passage | None = None
    own_words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderReport:
    """Note that the meeting considered a report."""

    conference: ConferenceRef
    kind: Code = listed("report_kind")
    organisation: Slug | None = None
    document: DocumentRef | None = None
    stated_wishes: bool = False
    proposed_outcomes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgencyPosition:
    """Note whether an agency agrees."""

    conference: ConferenceRef
    organisation: Slug
    position: Code = listed("agency_position")
    reasons: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideFurtherConference:
    """Decide whether another conference is needed."""

    conference: ConferenceRef
    decision: Code = listed("further_conference")
    rationale: Passage | None = None


Command: TypeAlias = (
    HoldConference
    | HoldCoreGroup
    | RecordAdultNonAttendance
    | PresentAdultViews
    | ConsiderReport
    | RecordAgencyPosition
    | DecideFurtherConference
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
        Refused: it was already held (I1), or its case was closed before that day (I14).
    """
    if command.conference not in known.conferences:
        raise NotFound("no such conference in this case")
    match command:
        case HoldConference():
            return (hold(command, state, known, context),)
        case HoldCoreGroup():
            return (hold_core_group(command, state, known, context),)
        case RecordAdultNonAttendance():
            return (recorded(AdultNonAttendanceRecorded, command),)
        case PresentAdultViews():
            return (recorded(AdultViewsPresented, command),)
        case ConsiderReport():
            return (recorded(ReportConsidered, command),)
        case RecordAgencyPosition():
            return (recorded(AgencyPositionRecorded, command),)
        case DecideFurtherConference():
            return (recorded(FurtherConferenceDecided, command),)
        case _:
            assert_never(command)


def hold(command: HoldConference, state: State, known: Known, context: Context) -> ConferenceHeld:
    """Record a conference held, and reckon the core group and review it makes due."""
    _may_be_held(command.conference, state, known, context)
    core_group = _due("core_group", context) if context.jurisdiction.core_groups else None
    return recorded(
        ConferenceHeld,
        command,
        next_core_group=core_group,
        next_review=_due("review_conference", context),
    )


def hold_core_group(
    command: HoldCoreGroup, state: State, known: Known, context: Context
) -> CoreGroupHeld:
    """Record a core group held, and reckon the next."""
    _may_be_held(command.conference, state, known, context)
    return recorded(CoreGroupHeld, command, next_core_group=_due("core_group", context))


def _may_be_held(ref: ConferenceRef, state: State, known: Known, context: Context) -> None:
    if ref in state.sittings:
        raise Refused("already_recorded", "I1", "That conference is recorded as held already.")
    if not before_closure(context.occurred, known.closed_on):
        raise Refused("case_closed", "I14", "A new conference needs the case to be reopened first.")


def _due(rule: str, context: Context) -> Due | None:
    """Reckon a limit from the day of the meeting, where the nation has one and the day is known."""
    day = context.occurred.first_day
    if day is None or rule not in context.jurisdiction.limits:
        return None
    return context.calendar.due(rule, day)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise how conferences were held, and what they make due."""
    for ref, sitting in state.sittings.items():
        said = state.said.get(ref, Said())
        yield from _company(ref, sitting)
        yield from _parts(ref, sitting, said)
        if not sitting.core_group:
            yield from _basis(ref, sitting, said, known)
            yield from _adult(ref, sitting, said, known)
            yield from _agreement(ref, sitting, said)
        elif not sitting.monitored:
            words = "A core group was held and what the plan is achieving is not recorded."
            yield found("plan_not_monitored", "R181", "medium", words, at=sitting.held, subject=ref)
    yield from _next(state, known, context)


def _company(ref: ConferenceRef, sitting: Sitting) -> Iterator[Finding]:
    """Ask for two agencies and authority to commit them (R1, R46, R202)."""
    at = sitting.held
    present = [line for _, line in sitting.attendances if line.present]
    if len({line.organisation for line in present if line.organisation is not None}) < 2:  # noqa: PLR2004 — R1
        words = "The record shows fewer than two agencies at the conference."
        yield found("fewer_than_two_agencies", "R1 R202", "medium", words, at=at, subject=ref)
    professionals = [one for one in present if one.organisation and one.role not in ADULT_SIDE]
    if any(one.delegated_authority != "yes" for one in professionals):
        words = "Somebody attended for an agency without recorded authority to commit it."
        yield found("authority_not_stated", "R46", "low", words, at=at, subject=ref)


def _parts(ref: ConferenceRef, sitting: Sitting, said: Said) -> Iterator[Finding]:
    """Hold a divided conference to its division (R33, R34)."""
    at = sitting.held
    for part in sitting.parts:
        if part.professionals_only and any(
            line.present and line.role in ADULT_SIDE for line in part.attendances
        ):
            words = "Somebody on the adult's side is recorded in a part for professionals only."
            yield found("not_professionals_only", "R33", "medium", words, at=at, subject=ref)
    if all(part.professionals_only for part in sitting.parts) and said.absence is None:
        words = "No part was open to the adult, and no reason for their absence is recorded."
        yield found("no_part_for_adult", "R34", "medium", words, at=at, subject=ref)


def _basis(ref: ConferenceRef, sitting: Sitting, said: Said, known: Known) -> Iterator[Finding]:
    """Ask for the enquiry's report and the officer who made it (R19, R20, R64)."""
    at = sitting.held
    if not any(could_precede(one.when, at.when) for one in known.report_marks):
        words = "The conference was held before any report of the enquiry was submitted."
        yield found("no_report", "R19 R21", "medium", words, at=at, subject=ref)
    elif not said.reports:
        words = "A report was submitted, and the record does not show the meeting considering it."
        yield found("report_not_considered", "R21 R64", "medium", words, at=at, subject=ref)
    if said.thin_report is not None:
        words = "The report considered lacks the adult's stated wishes or the proposed outcomes."
        at_report = said.thin_report
        yield found("report_incomplete", "R64", "medium", words, at=at_report, subject=ref)
    if not _came("investigating_officer", sitting, known.rosters.get(ref)):
        words = "The officer who made the enquiries did not attend."
        yield found("officer_absent", "R20", "medium", words, at=at, subject=ref)


def _came(role: str, sitting: Sitting, roster: Roster | None) -> bool:
    """Whether somebody in that role, by the grid or by their invitation, was present."""
    invited = {} if roster is None else roster.invited
    for _, line in sitting.attendances:
        asked = None if line.participant is None else invited.get(line.participant)
        if line.present and role in {line.role, asked.role if asked else line.role}:
            return True
    return False


def _adult(ref: ConferenceRef, sitting: Sitting, said: Said, known: Known) -> Iterator[Finding]:
    """Ask after the adult: there, or why not; heard, and through whom (R54, R56, R70, R208)."""
    at = sitting.held
    if not sitting.adult_attended and said.absence is None:
        words = "The adult was not at the conference and the reason is not recorded."
        yield found("absence_unexplained", "R56", "high", words, at=at, subject=ref)
    involved = known.involvements.get(ref)
    if not said.presented:
        declined = involved is not None and involved.declined is not None
        rules = "R54 R70 R208" if declined else "R70 R208"
        words = "The record does not show the adult's views being put to the meeting."
        yield found("views_not_presented", rules, "medium", words, at=at, subject=ref)
    elif involved is not None and involved.declined is not None:
        fit = {"representative", "advocate", "key_worker"}
        if not fit & set(said.presented):
            words = "The adult declined; views were put by neither representative, advocate nor "
            words += "key worker."
            yield found("views_by_another", "R54", "low", words, at=at, subject=ref)


def _agreement(ref: ConferenceRef, sitting: Sitting, said: Said) -> Iterator[Finding]:
    """Ask where each agency stood, and whether another conference is needed (R85, R196)."""
    at = sitting.held
    came = {line.organisation for _, line in sitting.attendances if line.present}
    if any(agency is not None and agency not in said.positions for agency in came):
        words = "An agency attended and whether it agreed is not recorded."
        yield found("position_not_recorded", "R196", "low", words, at=at, subject=ref)
    if not said.further:
        words = "The record does not show a decision on whether a further conference is needed."
        yield found("further_not_decided", "R85", "low", words, at=at, subject=ref)


def _next(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say where the next core group or review is overdue while a plan is active (R180, R182)."""
    if not known.plan_active or known.closed_on is not None or not state.sittings:
        return
    last = max(state.sittings.values(), key=lambda one: one.held.position)
    if last.next_core_group is not None and last.next_core_group.on < context.on:
        words = "The next core group is overdue."
        since = last.next_core_group.on
        yield found("core_group_overdue", "R180", "medium", words, at=last.held, since=since)
    reviews = [one for one in state.sittings.values() if one.next_review is not None]
    if reviews:
        latest = max(reviews, key=lambda one: one.held.position)
        if latest.next_review is not None and latest.next_review.on < context.on:
            words = "The next review conference is overdue."
            since = latest.next_review.on
            yield found("review_overdue", "R182", "medium", words, at=latest.held, since=since)
