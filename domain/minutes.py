"""Minutes: drafted, approved by the chair, redacted copy by copy, circulated or withheld.

A conference has one approved master; every copy names it by its digest (I6, I7). The documents are
kept elsewhere: here is what they were and where they went, so a correction can reach every holder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.known import Known, Sat, not_to_come
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, due_by, found, mark, recorded
from domain.words import (
    Code,
    ConferenceRef,
    Digest,
    DocumentRef,
    Due,
    Fact,
    ParticipantRef,
    Passage,
    PersonRef,
    ReportRef,
    Slug,
    WorkerRef,
    listed,
    numbering,
)

# Who may have a copy only by somebody's express decision: R162, R167.
BY_PERMISSION = frozenset({"carer", "family", "supporter"})
ADULT = Code("adult")

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesDrafted:
    """A record of the meeting was written (R16, R151, R153).

    `decisions` are the case versions of the decisions the draft records.
    """

    conference: ConferenceRef
    document: DocumentRef
    form: Code = listed("minutes_form")
    digest: Digest | None = None
    decisions: tuple[int, ...] = numbering(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesApproved:
    """A draft became the master (R152); the later approval replaces the earlier master."""

    conference: ConferenceRef
    document: DocumentRef
    master: Digest
    approved_by: WorkerRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """What is left out of a copy, on what ground, and who decided it (R165).

    A part of the meeting, `sections` of the minutes, `passages` by their number, or a place told.
    """

    ground: Code = listed("redaction_ground")
    ground_other: Passage | None = None
    part: int | None = None
    place: Passage | None = None
    sections: tuple[Code, ...] = listed("minutes_section", default=())
    passages: tuple[int, ...] = ()
    decided_by: WorkerRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedCopyProduced:
    """A copy was made of the master with something left out; the master is untouched (R165, I7)."""

    conference: ConferenceRef
    source: Digest
    copy: Digest
    document: DocumentRef | None = None  # the copy as it was kept, to be opened from here
    redactions: tuple[Redaction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One copy and whom it went to (R157 to R165).

    `parts` are the parts of the meeting the copy covers, none meaning all. `authority` is the case
    version of the event that permits the copy, for those who need permission (I8). `reports` are
    those attached to it, and `report_permission` the version of the event that lets somebody who
    did not attend have them (R23).
    """

    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    person: PersonRef | None = None
    parts: tuple[int, ...] = ()
    copy: Digest
    source: Digest
    unapproved_draft: bool = False
    method: Code = listed("sending_method", default=Code("not_recorded"))
    basis: Code = listed("release_basis", default=Code("information_sharing"))
    authority: int | None = numbering(default=None)
    reports: tuple[ReportRef, ...] = ()
    report_permission: int | None = numbering(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesCirculated:
    """Copies of the minutes were sent (R156 to R165).

    `outside` says that they were sent without this system; `due` is the day they were due.
    """

    conference: ConferenceRef
    recipients: tuple[Recipient, ...]
    outside: bool
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesWithheld:
    """It was decided that somebody shall not have the minutes (R157, R164)."""

    conference: ConferenceRef
    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    reason: Code = listed("withheld_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


Event: TypeAlias = (
    MinutesDrafted | MinutesApproved | RedactedCopyProduced | MinutesCirculated | MinutesWithheld
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """The minutes of one conference and where they went."""

    drafted: Mark | None = None
    form: Code | None = None
    decisions: tuple[int, ...] = ()  # of the latest draft
    approved: Mark | None = None
    approvals: tuple[Mark, ...] = ()
    approved_by: WorkerRef | None = None
    sent: tuple[tuple[Mark, Recipient], ...] = ()
    sendings: tuple[Mark, ...] = ()
    withheld: tuple[MinutesWithheld, ...] = ()
    withheld_unexplained: Mark | None = None
    redacted: frozenset[Digest] = frozenset()

    @property
    def first_sent(self) -> Mark | None:
        """Where they were first recorded as sent."""
        return self.sendings[0] if self.sendings else None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The minutes of a case's conferences."""

    minutes: Mapping[ConferenceRef, Minutes] = field(default_factory=dict)
    masters: Mapping[ConferenceRef, Digest] = field(default_factory=dict)
    earlier_masters: frozenset[Digest] = frozenset()

    def is_master(self, digest: Digest) -> bool:
        """Whether a digest is, or once was, that of an approved master."""
        return digest in self.earlier_masters or digest in self.masters.values()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    event, ref = fact.event, fact.event.conference
    kept = _noted(state.minutes.get(ref, Minutes()), event, mark(fact))
    state = replace(state, minutes={**state.minutes, ref: kept})
    if isinstance(event, MinutesApproved):
        before = {state.masters[ref]} if ref in state.masters else set[Digest]()
        return replace(
            state,
            masters={**state.masters, ref: event.master},
            earlier_masters=state.earlier_masters | before,
        )
    return state


def _noted(kept: Minutes, event: Event, at: Mark) -> Minutes:
    match event:
        case MinutesDrafted(form=form, decisions=all_of):
            return replace(kept, drafted=kept.drafted or at, form=form, decisions=all_of)
        case MinutesApproved(approved_by=worker):
            every = (*kept.approvals, at)
            return replace(kept, approved=at, approved_by=worker, approvals=every)
        case RedactedCopyProduced(copy=copy):
            return replace(kept, redacted=kept.redacted | {copy})
        case MinutesCirculated(recipients=recipients):
            sent = tuple((at, one) for one in recipients)
            return replace(kept, sent=(*kept.sent, *sent), sendings=(*kept.sendings, at))
        case MinutesWithheld(reason=reason):
            bare = at if reason == "not_recorded" else kept.withheld_unexplained
            return replace(kept, withheld=(*kept.withheld, event), withheld_unexplained=bare)
        case _:
            assert_never(event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftMinutes:
    """Hand in a draft; one made `from_record` records every decision of the meeting so far."""

    conference: ConferenceRef
    document: DocumentRef
    form: Code = listed("minutes_form", default=Code("not_recorded"))
    digest: Digest | None = None
    decisions: tuple[int, ...] = ()
    from_record: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveMinutes:
    """Approve the minutes, which makes them the master."""

    conference: ConferenceRef
    document: DocumentRef
    master: Digest
    approved_by: WorkerRef | None = None  # by default whoever performed it


@dataclass(frozen=True, slots=True, kw_only=True)
class ProduceRedactedCopy:
    """Make a copy of a master with something left out."""

    conference: ConferenceRef
    source: Digest
    copy: Digest
    document: DocumentRef | None = None
    redactions: tuple[Redaction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CirculateMinutes:
    """Send copies, or record that they were sent `outside` this system."""

    conference: ConferenceRef
    recipients: tuple[Recipient, ...]
    outside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdMinutes:
    """Decide that somebody shall not have the minutes."""

    conference: ConferenceRef
    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    reason: Code = listed("withheld_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None
    rationale: Passage | None = None


Command: TypeAlias = (
    DraftMinutes | ApproveMinutes | ProduceRedactedCopy | CirculateMinutes | WithholdMinutes
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
        Refused: a copy not of the master nor marked a draft (I6), a redacted copy of no master
            (I7), or a release without its authority (I8).
    """
    if command.conference not in known.conferences:
        raise NotFound("no such conference in this case")
    match command:
        case DraftMinutes(conference=ref, decisions=told):
            made = known.decided_at(ref) if command.from_record else told
            return (recorded(MinutesDrafted, command, decisions=made),)
        case ApproveMinutes():
            approver = command.approved_by or context.performed_by
            return (recorded(MinutesApproved, command, approved_by=approver),)
        case ProduceRedactedCopy():
            return (redact(command, state),)
        case CirculateMinutes():
            return (circulate(command, state, known),)
        case WithholdMinutes():
            return (recorded(MinutesWithheld, command),)
        case _:
            assert_never(command)


def redact(command: ProduceRedactedCopy, state: State) -> RedactedCopyProduced:
    """Record a redacted copy, which has to be a copy of a master (I7)."""
    if not state.is_master(command.source):
        raise Refused(
            "no_master",
            "I7",
            "A redacted copy is made from approved minutes; no approved minutes have this digest.",
            field="source",
        )
    return recorded(RedactedCopyProduced, command)


def circulate(command: CirculateMinutes, state: State, known: Known) -> MinutesCirculated:
    """Send copies of the master, or of what says it is a draft (I6), where permitted (I8)."""
    master = state.masters.get(command.conference)
    for number, one in enumerate(command.recipients):
        if not one.unapproved_draft and one.source != master:
            raise Refused(
                "not_the_master",
                "I6",
                "The copy was not made from the approved minutes and is not marked as a draft.",
                field=f"recipients[{number}].source",
            )
        if one.role in BY_PERMISSION and not command.outside and not known.permits(one.authority):
            raise Refused(
                "no_authority",
                "I8",
                "This recipient may have a copy only by a recorded decision: name it.",
                field=f"recipients[{number}].authority",
            )
        if not command.outside and _bare_reports(command.conference, one, known):
            raise Refused(
                "no_authority",
                "I8",
                "Reports go with the minutes to somebody who did not attend only by permission.",
                field=f"recipients[{number}].report_permission",
            )
    sitting = known.sittings.get(command.conference)
    return recorded(
        MinutesCirculated, command, due=None if sitting is None else sitting.minutes_due
    )


def _bare_reports(ref: ConferenceRef, one: Recipient, known: Known) -> bool:
    """Whether reports went with a copy to somebody who neither attended nor may have them."""
    sitting = known.sittings.get(ref)
    if sitting is not None and _attended(one, sitting):
        return False
    return any(
        not known.permits_report(one.report_permission, ref, report) for report in one.reports
    )


def _attended(one: Recipient, sitting: Sat) -> set[int]:
    """Give the numbers of the parts that whoever receives a copy was in: by name, else by role."""
    return {
        number
        for number, line in sitting.attendances
        if line.present
        and (
            line.role == one.role
            if one.participant is None
            else line.participant == one.participant
        )
    }


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise minutes missing, late, unapproved, or gone astray."""
    for ref, sitting in known.sittings.items():
        kept = state.minutes.get(ref, Minutes())
        yield from _timely(ref, kept, sitting, context)
        yield from _approved(ref, kept, known)
        yield from _astray(ref, kept)
        yield from _beyond(ref, kept, sitting)
        yield from _attached(ref, kept, known)
        if kept.first_sent is not None:
            yield from _missed(ref, kept, sitting, known)


def _timely(ref: ConferenceRef, kept: Minutes, sitting: Sat, context: Looking) -> Iterator[Finding]:
    """Ask for minutes by the day they are due (R16, R156)."""
    due = sitting.minutes_due
    if due is None:
        return
    if kept.first_sent is None and due.on < context.on:
        words = f"The minutes were due by {due_by(due)} and have not been circulated."
        if kept.drafted is None:
            words = f"The minutes were due by {due_by(due)} and no draft is recorded."
        at = sitting.held
        yield found("minutes_overdue", "R16 R156", "medium", words, at=at, since=due, subject=ref)
        return
    sent = [(at.first, at) for at in kept.sendings if at.first is not None]
    if len(sent) < len(kept.sendings) or not sent:
        return  # one may have been in time
    first, late = min(sent, key=lambda one: (one[0], one[1].position))
    if first > due.on:
        words = "The minutes were circulated after the day they were due."
        yield found("minutes_late", "R156", "medium", words, at=late, since=due, subject=ref)


def _approved(ref: ConferenceRef, kept: Minutes, known: Known) -> Iterator[Finding]:
    """Ask for the pro forma and the chair's approval (R151, R152)."""
    if kept.form in {"none", "not_recorded"}:
        words = "The minutes are not recorded as being on an agreed pro forma."
        yield found("no_pro_forma", "R151", "low", words, at=kept.drafted, subject=ref)
    roster = known.rosters.get(ref)
    if kept.approved is not None and (roster is None or roster.chair != kept.approved_by):
        words = "The minutes were approved by somebody not recorded as the chair."
        yield found("approver_not_chair", "R152", "medium", words, at=kept.approved, subject=ref)
    drafts = [at for at, one in kept.sent if one.unapproved_draft]
    if drafts:
        words = "An unapproved draft of the minutes was circulated."
        yield found("draft_circulated", "R152", "medium", words, at=drafts[0], subject=ref)


def _astray(ref: ConferenceRef, kept: Minutes) -> Iterator[Finding]:
    """Say where a copy went without authority, or was withheld unexplained (R157, R162, R167)."""
    bare = {at for at, one in kept.sent if one.role in BY_PERMISSION and one.authority is None}
    for at in sorted(bare, key=_position):  # one for each sending, however many copies it had
        words = "A copy of the minutes went to somebody who needs permission; none is recorded."
        yield found("released_without_authority", "R162 R167", "high", words, at=at, subject=ref)
    if kept.withheld_unexplained is not None:
        words = "The minutes were withheld and the reason is not recorded."
        at = kept.withheld_unexplained
        yield found("withheld_unexplained", "R157", "medium", words, at=at, subject=ref)


def _beyond(ref: ConferenceRef, kept: Minutes, sitting: Sat) -> Iterator[Finding]:
    """Say where a copy covers a part whoever receives it was not in (R157, R164, R165; G5).

    Of those who were in no part the chair decides, but for the adult.
    """
    parts = {number for number, _ in sitting.attendances}
    for code, rules, adult, whose in (
        ("part_not_attended", "R164 R165", True, "The adult's copy covers a part the adult"),
        ("copy_beyond_parts", "R157 R165", False, "A copy covers a part its recipient"),
    ):
        beyond = set()
        for at, one in kept.sent:
            attended = _attended(one, sitting)
            mine = one.role == ADULT if adult else one.role != ADULT and bool(attended)
            if mine and one.copy not in kept.redacted and {*(one.parts or parts)} - attended:
                beyond.add(at)
        for at in sorted(beyond, key=_position):
            words = f"{whose} did not attend and is not redacted."
            yield found(code, rules, "medium", words, at=at, subject=ref)


def _attached(ref: ConferenceRef, kept: Minutes, known: Known) -> Iterator[Finding]:
    """Say where reports went with the minutes to somebody who did not attend (R23; G4)."""
    for at in sorted(
        {at for at, one in kept.sent if _bare_reports(ref, one, known)}, key=_position
    ):
        words = "Reports went with the minutes to somebody who did not attend, without permission."
        yield found("reports_with_minutes", "R23", "high", words, at=at, subject=ref)


def _position(at: Mark) -> int:
    return at.position


def _missed(ref: ConferenceRef, kept: Minutes, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Say who ought to have the minutes and neither has them nor was refused (R157, R164)."""
    answered = {one.participant for _, one in kept.sent} | {
        one.participant for one in kept.withheld
    }
    roles = {one.role for _, one in kept.sent} | {one.role for one in kept.withheld}
    roster = known.rosters.get(ref)
    invited = {} if roster is None else roster.invited
    owed: set[ParticipantRef | None] = {
        who for who, one in invited.items() if not not_to_come(known, ref, who, one)
    }
    owed |= {line.participant for _, line in sitting.attendances if line.present}
    missing = len(owed - answered - {None})
    if missing:
        words = f"Of those invited or present, {missing} have neither the minutes nor a refusal."
        code, at = "minutes_not_sent", kept.first_sent
        yield found(code, "R157 R158", "medium", words, at=at, subject=ref, counted=missing)
    if sitting.adult_attended and ADULT not in roles:
        words = "The adult attended; the minutes were neither shared with them nor withheld."
        at = kept.first_sent
        yield found("adult_without_minutes", "R164", "medium", words, at=at, subject=ref)
