"""Governing the record itself: corrections, notes, imported entries, restriction, holds, erasure.

Nothing recorded is ever changed. A correction is an event that points at the one it corrects and
says what is now understood; both stay readable (procedure A.3 I12, E L5 to L10, L14, L17).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.corrected import Correcting, Correction, Corrections, DueAnew, recorded_anew
from domain.episode import open_at
from domain.erased import (
    Approvals,
    Approved,
    Approving,
    Erased,
    Erasing,
    held,
    own_name,
    refuse_undoing,
    use_by,
)
from domain.finding import Finding
from domain.known import Known
from domain.redated import redated
from domain.refusal import NotFound, Refused, no_entry
from domain.stage import Context, Looking, Mark, found, mark, recorded
from domain.when import When
from domain.words import CaseRef, Code, Fact, Passage, PersonRef, Slug, listed, numbering

CORRECTION = "record-corrected"  # the stored name of a correction
ERASURE = "personal-data-erased"  # the stored name of an erasure
# What is recorded in two cases at once (`joining`), and would be corrected in one alone.
_JOINED = frozenset({"case-merged", "case-unmerged", "case-split", "case-split-ended"})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCorrected(Correction):
    """An event of this case is now understood otherwise (I12, L5); `target` is its version.

    `elsewhere` are the other cases that carried by then what another system calls it, or what it
    brought, where this correction lets that stand. `dues` is what is due now where a date was
    counted from what is corrected or withdrawn; none where no time is, or a release before 0.2
    wrote it (version 1), when due dates stayed as they were stored.
    """

    elsewhere: tuple[CaseRef, ...] = ()
    dues: tuple[DueAnew, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAnnotated:
    """Something was noted beside an event, which stays as it is (L5, C.3)."""

    target: int = numbering()
    kind: Code = listed("annotation_kind")
    text: Passage
    whose: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronologyEntryRecorded:
    """A line of another record or agency's chronology, kept apart from our own events (C.5).

    `occurred` in its header is when it began, `ended` when it ended; `number` is its own number
    in the chronology it came from; `source` says in which record it stood. The other passages are
    columns of an integrated chronology (C.4): `people` as the source names them, what was `seen` of
    the adult, the `response`, the `decision` and its reasons, the agency's own `comment`, and a
    `start_time` or `end_time` of day that is not certain, as it was written. So `agency_written`
    and `known_to_written`, where more is written there than the identifiers tell (since version 2).
    """

    agency: Slug
    text: Passage
    source: Passage | None = None
    persons: tuple[PersonRef, ...] = ()
    people: Passage | None = None
    seen: Passage | None = None
    response: Passage | None = None
    decision: Passage | None = None
    comment: Passage | None = None
    number: int | None = None
    ended: When | None = None
    start_time: Passage | None = None
    end_time: Passage | None = None
    assertion: Code = listed("assertion_kind")
    whose: Passage | None = None
    agency_written: Passage | None = None
    known_to_written: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldPlaced:
    """Nothing of this case may be destroyed until the hold is lifted (L17)."""

    reason: Code = listed("hold_reason")
    reason_other: Passage | None = None
    authority: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldLifted:
    """A hold ended; `hold` is the case version of its placing."""

    hold: int = numbering()
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingRestricted:
    """Reading is limited while something is settled; recording goes on (I16, L7)."""

    ground: Code = listed("restriction_ground")
    detail: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingUnrestricted:
    """The restriction ended."""

    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureApproved(Approved):
    """One person approved an erasure, which somebody else then records in this case (L14).

    `person` as in the erasure: the adult, or another person or a worker whom the case names.
    """

    scope: Code = listed("erasure_scope")
    person: PersonRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataErased(Erased):
    """Personal data were made unreadable for good, on two people's word (L9, L10, L14).

    `person` is the adult, or another person or a worker whom the case names. Where the scope is one
    passage, `target` is in the stream of `person` where one is named, else in the case.
    """

    scope: Code = listed("erasure_scope")
    person: PersonRef | None = None


Event: TypeAlias = (
    RecordCorrected
    | EntryAnnotated
    | ChronologyEntryRecorded
    | LegalHoldPlaced
    | LegalHoldLifted
    | ProcessingRestricted
    | ProcessingUnrestricted
    | ErasureApproved
    | PersonalDataErased
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was corrected, held, restricted and erased.

    Whether a hold or a restriction stands is judged by what is now understood, also where these
    facts alone are read, as they were recorded: an erasure past a hold that every view shows cannot
    be put right. So each placing and lifting is kept, by its version, and what was withdrawn is
    left out.
    """

    corrections: Corrections = field(default_factory=Corrections)
    shared: Mapping[int, Mark] = field(default_factory=dict)  # what lets a shared reference stand
    placed: Mapping[int, Mark] = field(default_factory=dict)  # each hold
    lifted: Mapping[int, int] = field(default_factory=dict)  # each lifting → the hold it ended
    restricting: Mapping[int, bool] = field(default_factory=dict)  # restricted, or no longer
    erased_at: Mark | None = None  # of the whole case
    erased_people: Mapping[PersonRef, Mark] = field(default_factory=dict)
    approvals: Approvals = field(default_factory=Approvals)  # of erasures

    def erased_with(self, adult: PersonRef | None) -> Mark | None:
        """Where the case or its adult was last erased; None where neither was.

        The case of an adult goes on when another person whom it names is forgotten.
        """
        of_adult = None if adult is None else self.erased_people.get(adult)
        both = [one for one in (self.erased_at, of_adult) if one is not None]
        return max(both, key=lambda at: at.position, default=None)

    @property
    def holds(self) -> Mapping[int, Mark]:
        """The legal holds that stand."""
        gone = self.corrections.withdrawn
        ended = {hold for at, hold in self.lifted.items() if at not in gone}
        return {at: one for at, one in self.placed.items() if at not in gone | ended}

    @property
    def restricted(self) -> bool:
        """Whether reading is restricted: what was said last, of what still stands."""
        gone = self.corrections.withdrawn
        said = [last for at, last in self.restricting.items() if at not in gone]
        return bool(said) and said[-1]

    @property
    def held(self) -> bool:
        """Whether a legal hold stands."""
        return bool(self.holds)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case RecordCorrected() as event:
            return _corrected(state, event, fact)
        case LegalHoldPlaced():
            return replace(state, placed={**state.placed, fact.version: mark(fact)})
        case LegalHoldLifted(hold=hold):
            return replace(state, lifted={**state.lifted, fact.version: hold})
        case ProcessingRestricted() | ProcessingUnrestricted() as event:
            said = isinstance(event, ProcessingRestricted)
            return replace(state, restricting={**state.restricting, fact.version: said})
        case ErasureApproved() as event:
            return replace(state, approvals=state.approvals.approved(event, fact))
        case PersonalDataErased() as event:
            return _erased(state, event, fact)
        case EntryAnnotated() | ChronologyEntryRecorded():
            return state
        case _:
            assert_never(fact.event)


def _corrected(state: State, event: RecordCorrected, fact: Fact[Event]) -> State:
    """Remember a correction, and whether another case carries what stands by it."""
    corrections = state.corrections.after(event, fact)
    shared = {target: at for target, at in state.shared.items() if target != event.target}
    if event.elsewhere and event.target not in corrections.withdrawn:
        shared[event.target] = mark(fact)
    return replace(state, corrections=corrections, shared=shared)


def _erased(state: State, event: PersonalDataErased, fact: Fact[Event]) -> State:
    """Remember an erasure, and the approvals that it used."""
    state = replace(state, approvals=state.approvals.erased(event, fact))
    if event.scope == "case":
        return replace(state, erased_at=mark(fact))
    if event.scope == "person" and event.person is not None:
        return replace(state, erased_people={**state.erased_people, event.person: mark(fact)})
    return state


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectRecord(Correcting):
    """Correct an event; where it was corrected before, name the correction this one supersedes.

    That is the last one it had. What this one does not speak of stays as it was understood: with
    `fields` alone, its time stays, and it stays withdrawn if it was. With a time in `occurred` it
    stands, at that time. With none of `fields`, `occurred` and `withdrawn`, what was withdrawn
    stands again. `elsewhere` is looked up: nobody sends it.
    """

    elsewhere: tuple[CaseRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotateEntry:
    """Note something beside an event."""

    target: int
    kind: Code = listed("annotation_kind")
    text: Passage
    whose: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChronologyEntry:
    """Take in a line of another record or agency's chronology."""

    agency: Slug
    text: Passage
    source: Passage | None = None
    persons: tuple[PersonRef, ...] = ()
    people: Passage | None = None
    seen: Passage | None = None
    response: Passage | None = None
    decision: Passage | None = None
    comment: Passage | None = None
    number: int | None = None
    ended: When | None = None
    start_time: Passage | None = None
    end_time: Passage | None = None
    assertion: Code = listed("assertion_kind", default=Code("not_stated"))
    whose: Passage | None = None
    agency_written: Passage | None = None
    known_to_written: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLegalHold:
    """Forbid any destruction in this case."""

    reason: Code = listed("hold_reason")
    reason_other: Passage | None = None
    authority: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftLegalHold:
    """End a hold."""

    hold: int
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictProcessing:
    """Limit reading."""

    ground: Code = listed("restriction_ground")
    detail: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnrestrictProcessing:
    """End the restriction."""

    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveErasure(Approving):
    """Approve an erasure that somebody else then records; `named` is looked up, as there."""

    scope: Code = listed("erasure_scope")
    person: PersonRef | None = None
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePersonalData(Erasing):
    """Record the erasure that is carried out with this event.

    `named` is looked up, and nobody sends it: whether this case names the person, as one of the
    people and workers that the record knows.
    """

    scope: Code = listed("erasure_scope")
    person: PersonRef | None = None
    named: bool = False


Command: TypeAlias = (
    CorrectRecord
    | AnnotateEntry
    | RecordChronologyEntry
    | PlaceLegalHold
    | LiftLegalHold
    | RestrictProcessing
    | UnrestrictProcessing
    | ApproveErasure
    | ErasePersonalData
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: there is no such hold, or no such event to erase from.
        Refused: a correction of nothing, of a correction, of a field the event does not have, or
            unaware of an earlier one (I12), or that withdraws an erasure (L9), or puts something
            beside what took its place (I1); an erasure under a legal hold (L17) or on one person's
            word (L14).
    """
    match command:
        case CorrectRecord():
            return (correct(command, state, known, context),)
        case AnnotateEntry():
            return (recorded(EntryAnnotated, command),)
        case RecordChronologyEntry():
            return (recorded(ChronologyEntryRecorded, command),)
        case PlaceLegalHold():
            return (recorded(LegalHoldPlaced, command),)
        case LiftLegalHold():
            return (lift(command, state),)
        case RestrictProcessing():
            return (recorded(ProcessingRestricted, command),)
        case UnrestrictProcessing():
            return (recorded(ProcessingUnrestricted, command),)
        case ApproveErasure():
            return (approve(command, known, context),)
        case ErasePersonalData():
            return (erase(command, state, known, context),)
        case _:
            assert_never(command)


def correct(
    command: CorrectRecord, state: State, known: Known, context: Context
) -> RecordCorrected:
    """Correct an event that exists, aware of every correction it already had (I12).

    Where that moves or withdraws what something was counted from, what is due is reckoned anew
    (B.4).
    """
    kind = known.event_at(command.target)
    if kind in _JOINED:
        words = "This stands in two cases: end it by its own command."
        raise Refused("stands_in_two_cases", "I12", words, field="target")
    fields = known.fields_at(command.target)
    there = None if kind is None else kind != CORRECTION
    state.corrections.check(command, there=there, fields=fields)
    if kind == ERASURE:
        refuse_undoing(withdrawn=command.withdrawn)
    if state.corrections.restores(command) and known.recorded_anew(command.target):
        raise recorded_anew()
    if state.corrections.withdraws(command):
        command = replace(command, elsewhere=())  # it lets nothing stand
    dues: tuple[DueAnew, ...] = ()
    if command.withdrawn or command.occurred is not None:
        when = None if command.withdrawn else command.occurred
        dues = redated(command.target, when, known, state.corrections.moved, context)
    return recorded(RecordCorrected, command, dues=dues)


def lift(command: LiftLegalHold, state: State) -> LegalHoldLifted:
    """End a hold that stands."""
    if command.hold not in state.holds:
        words = "That entry placed no legal hold that stands: name the one that placed it."
        raise NotFound(words, field="hold")
    return recorded(LegalHoldLifted, command)


def approve(command: ApproveErasure, known: Known, context: Context) -> ErasureApproved:
    """Record that one person approves an erasure. Nothing goes by that alone."""
    own_name(context)
    person = _whom(command, known)
    return recorded(ErasureApproved, command, person=person, use_by=use_by(context))


def erase(
    command: ErasePersonalData, state: State, known: Known, context: Context
) -> PersonalDataErased:
    """Record an erasure. It cannot be undone, so a hold and a second person stand before it."""
    event = recorded(PersonalDataErased, command, person=_whom(command, known))
    if known.held:
        raise held("A legal hold stands: nothing may be erased.")
    withdrawn, latest = state.corrections.withdrawn, known.version
    state.approvals.check(event, command.approvals, withdrawn, context, latest=latest)
    return event


def _whom(command: ApproveErasure | ErasePersonalData, known: Known) -> PersonRef | None:
    """Whom an erasure is of, where it is of somebody; and whether the case may ask it.

    A case erases its own: itself, its adult, somebody else whom it names (alleged to have caused
    harm, a relative, a worker), or the passages of one event of a stream of these.
    """
    person = command.person or (known.adult if command.scope == "person" else None)
    if person is not None and person != known.adult and not command.named:
        raise NotFound("This case names no such person.", field="person")
    if command.scope == "person" and person is None:
        raise Refused("no_person", "L9", "Name the person whose data are to go.", field="person")
    command.check(command.scope)
    own = command.target if command.scope == "passage" and command.person is None else None
    if own is not None and known.event_at(own) is None:
        raise no_entry("target")
    return person


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:  # noqa: ARG001
    """Criticise corrections that do not say what is now understood, or let two cases be one.

    And an approval withdrawn when what it approved was gone already, or of a case that was open.
    """
    yield from state.corrections.findings()
    yield from state.approvals.findings(state.corrections.withdrawn)
    for at in state.approvals.ended():
        if open_at(at, known.closed_at, known):
            words = "It was approved to erase by the end of its retention what is of an open case."
            yield found("erasure_approved_of_open_case", "L15", "high", words, at=at)
    for at in state.shared.values():
        words = "By this correction a reference stands here that another case carries too."
        yield found("reference_shared", "R150", "low", words, at=at)
