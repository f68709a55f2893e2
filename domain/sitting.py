"""The meeting itself: when it was held, who was there in which part, and what it makes due.

What it heard stands in `hearing`, what it found in `determination`, what it planned in `plan`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final, TypeAlias, assert_never

from domain.company import ADULT_SIDE, committed, company
from domain.episode import within
from domain.finding import Finding
from domain.grid import Attendance, Part, backwards, elsewhere, lines_of, with_line, with_part
from domain.known import Known, Roster, asked_to_one
from domain.lateness import last_in_force, meetings, overdue, under_a_plan
from domain.meeting_times import doubtful_times
from domain.refusal import NotFound, Refused
from domain.review_date import CORE_GROUP, NO_REVIEW
from domain.stage import (
    Context,
    Looking,
    Mark,
    could_precede,
    due_from,
    found,
    mark,
    recorded,
)
from domain.words import (
    Code,
    ConferenceRef,
    Due,
    Fact,
    Passage,
    listed,
)

_REVERSED: Final = "A part is recorded as ending before it began."

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceHeld:
    """A conference took place, on the day this event occurred (R1, R8, R29, R182, R202, R214).

    `progress_summary` says how the enquiry goes on, of one held for that (R9). The dates due are
    those the nation's rules set from this meeting, as they were reckoned when it was recorded (of
    its decisions before the minutes); None where no rule sets one. Of one held at a time not known
    the minutes are due all the same.
    """

    conference: ConferenceRef
    parts: tuple[Part, ...]
    progress_summary: Passage | None = None
    minutes_due: Due | None = None
    next_core_group: Due | None = None
    next_review: Due | None = None
    decisions_due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreGroupHeld:
    """A core group monitored the plan (R177, R180, R181)."""

    conference: ConferenceRef
    parts: tuple[Part, ...]
    effect: Code = listed("core_group_effect")
    summary: Passage | None = None
    minutes_due: Due | None = None
    next_core_group: Due | None = None
    decisions_due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferencePartHeld:
    """One part of a conference took place, said apart from the rest of it (R29)."""

    conference: ConferenceRef
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRecorded:
    """Whether somebody came to a part, line by line, or later (R20, R33, R34, R46, R202, R206).

    A line that answers an invitation replaces what was said of it in that part, and the adult's
    line the adult's; any other is added.
    """

    conference: ConferenceRef
    part: int
    line: Attendance


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultNonAttendanceRecorded:
    """Why the adult was not at the conference, and who said so (R56)."""

    conference: ConferenceRef
    reason: Code = listed("adult_non_attendance_reason")
    reason_other: Passage | None = None
    told_by: Code = listed("absence_told_by", default=Code("not_recorded"))
    detail: Passage | None = None


Event: TypeAlias = (
    ConferenceHeld
    | CoreGroupHeld
    | ConferencePartHeld
    | AttendanceRecorded
    | AdultNonAttendanceRecorded
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A conference that took place."""

    held: Mark
    parts: tuple[Part, ...]
    core_group: bool = False
    monitored: bool = False
    minutes_due: Due | None = None
    next_core_group: Due | None = None
    next_review: Due | None = None
    decisions_due: Due | None = None

    @property
    def attendances(self) -> tuple[tuple[int, Attendance], ...]:
        """Every line of every part, with the number of its part."""
        return tuple((part.number, line) for part in self.parts for line in part.attendances)

    @property
    def part_numbers(self) -> frozenset[int]:
        """The numbers of its parts."""
        return frozenset(part.number for part in self.parts)

    @property
    def apart(self) -> frozenset[int]:
        """The numbers of those that were for professionals only."""
        return frozenset(part.number for part in self.parts if part.professionals_only)

    @property
    def adult_attended(self) -> bool:
        """Whether the adult was in any part."""
        return any(line.role == "adult" and line.present for _, line in self.attendances)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The conferences held, and where the adult's absence was explained.

    `grids` are the parts of each as all that was said of them makes them; `told` the numbers of
    those recorded as held, with where.
    """

    sittings: Mapping[ConferenceRef, Sitting] = field(default_factory=dict)
    grids: Mapping[ConferenceRef, tuple[Part, ...]] = field(default_factory=dict)
    told: Mapping[ConferenceRef, Mapping[int, Mark]] = field(default_factory=dict)
    absences: Mapping[ConferenceRef, Mark] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case ConferenceHeld() as event:
            sitting = Sitting(
                held=mark(fact),
                parts=event.parts,
                minutes_due=event.minutes_due,
                next_core_group=event.next_core_group,
                next_review=event.next_review,
                decisions_due=event.decisions_due,
            )
            return _sat(state, event.conference, sitting)
        case CoreGroupHeld() as event:
            sitting = Sitting(
                held=mark(fact),
                parts=event.parts,
                core_group=True,
                monitored=event.effect != "not_recorded",
                minutes_due=event.minutes_due,
                next_core_group=event.next_core_group,
                decisions_due=event.decisions_due,
            )
            return _sat(state, event.conference, sitting)
        case ConferencePartHeld(conference=ref, part=part):
            state = _told(state, ref, (part,), mark(fact))
            return _laid(state, ref, with_part(state.grids.get(ref, ()), part))
        case AttendanceRecorded(conference=ref) as event:
            parts = with_line(state.grids.get(ref, ()), event.part, event.line)
            return _laid(state, ref, parts)
        case AdultNonAttendanceRecorded(reason="not_known" | "not_recorded"):
            return state  # it says that there is none
        case AdultNonAttendanceRecorded(conference=ref):
            return replace(state, absences={**state.absences, ref: mark(fact)})
        case _:
            assert_never(fact.event)


def _sat(state: State, ref: ConferenceRef, sitting: Sitting) -> State:
    """Remember a meeting, with what was said before of its parts."""
    parts = reduce(with_part, sitting.parts, state.grids.get(ref, ()))
    state = replace(state, sittings={**state.sittings, ref: sitting})
    return _laid(_told(state, ref, sitting.parts, sitting.held), ref, parts)


def _told(state: State, ref: ConferenceRef, parts: tuple[Part, ...], at: Mark) -> State:
    """Remember which parts are recorded as held."""
    told = {**state.told.get(ref, {}), **{part.number: at for part in parts}}
    return replace(state, told={**state.told, ref: told})


def _laid(state: State, ref: ConferenceRef, parts: tuple[Part, ...]) -> State:
    """Put the parts of a meeting in their place, and in the meeting where it was held."""
    state = replace(state, grids={**state.grids, ref: parts})
    sitting = state.sittings.get(ref)
    if sitting is None:
        return state
    return replace(state, sittings={**state.sittings, ref: replace(sitting, parts=parts)})


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldConference:
    """Record that a conference took place; what is due next is reckoned here."""

    conference: ConferenceRef
    parts: tuple[Part, ...]
    progress_summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCoreGroup:
    """Record that a core group took place."""

    conference: ConferenceRef
    parts: tuple[Part, ...]
    effect: Code = listed("core_group_effect", default=Code("not_recorded"))
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldConferencePart:
    """Record that one part of a conference took place."""

    conference: ConferenceRef
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAttendance:
    """Record whether somebody came to a part, one line of its grid."""

    conference: ConferenceRef
    part: int = 1
    line: Attendance


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdultNonAttendance:
    """Say why the adult was not there."""

    conference: ConferenceRef
    reason: Code = listed("adult_non_attendance_reason")
    reason_other: Passage | None = None
    told_by: Code = listed("absence_told_by", default=Code("not_recorded"))
    detail: Passage | None = None


Command: TypeAlias = (
    HoldConference
    | HoldCoreGroup
    | HoldConferencePart
    | RecordAttendance
    | RecordAdultNonAttendance
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case, or a line names an invitation
            that nobody in it was given.
        Refused: it, or a part of it, was already held, or one part is told twice (I1).
    """
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    _check_invited(command, known)
    match command:
        case HoldConference():
            return (hold(command, state, known, context),)
        case HoldCoreGroup():
            return (hold_core_group(command, state, context),)
        case HoldConferencePart(conference=ref, part=part):
            if part.number in state.told.get(ref, {}):
                raise _told_twice("part.number")
            return (recorded(ConferencePartHeld, command),)
        case RecordAttendance():
            return (recorded(AttendanceRecorded, command),)
        case RecordAdultNonAttendance():
            return (recorded(AdultNonAttendanceRecorded, command),)
        case _:
            assert_never(command)


def _check_invited(command: Command, known: Known) -> None:
    """Hold each line to an invitation of the case, or to whom the adult wished to bring (R51)."""
    match command:
        case HoldConference(parts=parts) | HoldCoreGroup(parts=parts):
            lines = lines_of({f"parts[{at}]": one for at, one in enumerate(parts)})
        case HoldConferencePart(part=part):
            lines = lines_of({"part": part})
        case _:
            lines = {"line": command.line} if isinstance(command, RecordAttendance) else {}
    asked = asked_to_one(known)
    for at, line in lines.items():
        if line.participant not in {None, *asked}:
            words = "There is no such invitation in this case: name one, or a role alone."
            raise NotFound(words, field=f"{at}.participant")


def hold(command: HoldConference, state: State, known: Known, context: Context) -> ConferenceHeld:
    """Record a conference held, and reckon the core group and review it makes due."""
    _not_yet_held(command, state)
    held, kind = context.occurred, known.conferences[command.conference].kind
    sets = kind not in NO_REVIEW
    return recorded(
        ConferenceHeld,
        command,
        minutes_due=due_from("minutes_circulated", held, context),
        decisions_due=due_from("decisions_circulated", held, context),
        next_core_group=due_from("core_group", held, context),
        next_review=due_from("review_conference", held, context) if sets else None,
    )


def hold_core_group(command: HoldCoreGroup, state: State, context: Context) -> CoreGroupHeld:
    """Record a core group held, and reckon the next."""
    _not_yet_held(command, state)
    held = context.occurred
    return recorded(
        CoreGroupHeld,
        command,
        minutes_due=due_from("minutes_circulated", held, context),
        decisions_due=due_from("decisions_circulated", held, context),
        next_core_group=due_from("core_group", held, context),
    )


def _not_yet_held(command: HoldConference | HoldCoreGroup, state: State) -> None:
    if command.conference in state.sittings:
        raise Refused("already_recorded", "I1", "That conference is recorded as held already.")
    told = [*state.told.get(command.conference, {}), *(part.number for part in command.parts)]
    if len(set(told)) < len(told):
        raise _told_twice("parts")


def _told_twice(field: str) -> Refused:
    """A part has one set of people who attended it (R29)."""
    words = "A part has one set of people who attended it, and that is recorded already."
    return Refused("already_recorded", "I1", words, field=field)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise how conferences were held, and what they make due."""
    yield from _in_parts_only(state)
    for ref, sitting in state.sittings.items():
        yield from _reversed(ref, sitting)
        yield from doubtful_times(ref, sitting, sitting.parts, state.told.get(ref, {}), known)
        yield from company(ref, sitting)
        yield from committed(ref, sitting, known)
        if sitting.core_group or _kind(ref, known) == CORE_GROUP:
            yield from _monitoring(ref, sitting, known)
        else:
            yield from _basis(ref, sitting, known)
            yield from _adult(ref, sitting, known, explained=ref in state.absences)
    yield from _next(state, known, context)
    yield from meetings(known, _setting(state, known))


def _in_parts_only(state: State) -> Iterator[Finding]:
    """Say where parts were held and the conference is not recorded as held (R29)."""
    for ref, told in state.told.items():
        if ref not in state.sittings and told:
            words = "A part was held, and the conference as a whole is not recorded as held."
            at = max(told.values(), key=lambda one: one.position)
            yield found("only_parts_held", "R29", "low", words, at=at, subject=ref)


def _monitoring(ref: ConferenceRef, sitting: Sitting, known: Known) -> Iterator[Finding]:
    """Ask of a core group what the plan is achieving, said with it or apart (R181)."""
    if not sitting.monitored and ref not in known.monitored_at:
        words = "A core group was held and what the plan is achieving is not recorded."
        yield found("plan_not_monitored", "R181", "medium", words, at=sitting.held, subject=ref)


def _reversed(ref: ConferenceRef, sitting: Sitting) -> Iterator[Finding]:
    """Ask after parts that ended before they began (R29)."""
    for part in filter(backwards, sitting.parts):
        code, words, at = "part_times_reversed", _REVERSED, sitting.held
        yield found(code, "R29 R150", "low", words, at=at, subject=ref, which=part.number)


def _basis(ref: ConferenceRef, sitting: Sitting, known: Known) -> Iterator[Finding]:
    """Ask for the enquiry's report, and the officer who made it (R19, R20)."""
    at = sitting.held
    reports = within(known.report_marks, at, known)
    if not any(could_precede(one.when, at.when) for one in reports):
        words = "The conference was held before any report of the enquiry was submitted."
        yield found("no_report", "R19", "medium", words, at=at, subject=ref)
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


def _adult(
    ref: ConferenceRef, sitting: Sitting, known: Known, *, explained: bool
) -> Iterator[Finding]:
    """Ask after the adult: there, or why not; and apart where they should be (R33, R34, R56)."""
    at, layout = sitting.held, known.layouts.get(ref)
    planned = frozenset[int]() if layout is None else layout.closed_parts
    closed = [part for part in sitting.parts if _closed(part, planned)]
    lines = (line for part in closed for line in part.attendances)
    if any(line.present and line.role in ADULT_SIDE for line in lines):
        words = "Somebody on the adult's side is recorded in a part for professionals only."
        yield found("not_professionals_only", "R33", "medium", words, at=at, subject=ref)
    if explained:
        return
    arranged = layout is not None and layout.alternative
    if closed and len(closed) == len(sitting.parts) and not arranged:
        words = "No part was open to the adult, and no reason for their absence is recorded."
        yield found("no_part_for_adult", "R34", "medium", words, at=at, subject=ref)
    if not sitting.adult_attended or elsewhere("adult", sitting.parts, closed):
        words = "The adult is not recorded at the conference, or in a part of it open to them; why "
        words += "they were not there is not recorded with it."
        yield found("absence_unexplained", "R56", "high", words, at=at, subject=ref)


def _closed(part: Part, planned: Collection[int]) -> bool:
    """Whether a part was for professionals only, as it was held or else as it was planned."""
    open_after_all = part.reason in {"with_adult", "whole"}
    return part.professionals_only or (part.number in planned and not open_after_all)


def _kind(ref: ConferenceRef, known: Known) -> str | None:
    """As what a meeting was called, however it is recorded as held."""
    called = known.conferences.get(ref)
    return None if called is None else called.kind


def _setting(state: State, known: Known) -> frozenset[ConferenceRef]:
    """The meetings that set a date for the next review, and are one (R182)."""
    every = state.sittings.items()
    return frozenset(
        ref for ref, one in every if not (one.core_group or _kind(ref, known) in NO_REVIEW)
    )


def _next(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say where the next core group or review is overdue, or was as a plan ended (R180, R182).

    A core group or a progress conference, however recorded, sets no date for the next review.
    A meeting recorded late may be older than the others: the date furthest ahead is the one owed.
    One whose time is not known sets none, and as the last recorded it leaves nothing to judge.
    """
    agreed, over = last_in_force(known)
    held = under_a_plan(state.sittings, agreed, known)
    sets = _setting(state, known)
    groups = [(one.next_core_group, one.held) for _, one in held]
    reviews = [(one.next_review, one.held) for ref, one in held if ref in sets]
    yield from overdue(groups, reviews, over, known, context)
