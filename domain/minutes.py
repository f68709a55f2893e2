"""Minutes: drafted, approved by the chair, redacted copy by copy, circulated or withheld.

A conference has one approved master; every copy names it by its digest (I6, I7). The documents are
kept elsewhere: here is what they were and where they went, so a correction can reach every holder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.copies import (
    CARER,
    MINUTES,
    NO_BASIS,
    REPORT,
    Release,
    Whom,
    came,
    given,
    gravest,
)
from domain.copies_sent import a_stranger, as_asked, left_out, only_permitted, timely
from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, found, mark, recorded
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
    basis: Code = listed("release_basis", default=NO_BASIS)
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
    unexplained: Mapping[Whom, Mark] = field(default_factory=dict)  # withheld, and not said why
    redacted: Mapping[Digest, tuple[Redaction, ...]] = field(default_factory=dict)
    produced: tuple[tuple[Mark, RedactedCopyProduced], ...] = ()

    @property
    def first_sent(self) -> Mark | None:
        """Where they were first recorded as sent, be it a draft."""
        return self.sendings[0] if self.sendings else None

    @property
    def approved_sendings(self) -> tuple[Mark, ...]:
        """Where they were sent as they were approved; one that names nobody was of those."""
        approved = {at for at, one in self.sent if not one.unapproved_draft}
        named = {at for at, _ in self.sent}
        return tuple(at for at in self.sendings if at in approved or at not in named)


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
        case RedactedCopyProduced(copy=copy, redactions=cut):
            made = (*kept.produced, (at, event))
            return replace(kept, redacted={**kept.redacted, copy: cut}, produced=made)
        case MinutesCirculated(recipients=recipients):
            sent = tuple((at, one) for one in recipients)
            return replace(kept, sent=(*kept.sent, *sent), sendings=(*kept.sendings, at))
        case MinutesWithheld():
            bare = {who: one for who, one in kept.unexplained.items() if who != _refused(event)}
            if event.reason == "not_recorded" and event.rationale is None:
                bare[_refused(event)] = at
            return replace(kept, withheld=(*kept.withheld, event), unexplained=bare)
        case _:
            assert_never(event)


def _refused(event: MinutesWithheld) -> Whom:
    """Whom minutes were withheld from: by their invitation, else by role and agency."""
    if event.participant is not None:
        return Whom(participant=event.participant)
    return Whom(role=event.role, organisation=event.organisation)


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
        raise NotFound("There is no such conference in this case.", field="conference")
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
            return (circulate(command, state, known, context.actor.organisation),)
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


def circulate(
    command: CirculateMinutes, state: State, known: Known, own: Slug
) -> MinutesCirculated:
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
        bare = None if command.outside else _bare(command.conference, one, known, own)
        if bare is not None:
            place = f"recipients[{number}].authority"
            raise Refused("no_authority", "I8", bare, field=place)
        if not command.outside and _undecided(command.conference, one, known):
            raise Refused(
                "disclosure_not_decided",
                "I8",
                "What this carer may know of the person alleged to have caused harm is decided "
                "before they have a copy: record that, and send it then.",
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


def _bare(ref: ConferenceRef, one: Recipient, known: Known, own: Slug) -> str | None:
    """Say why a copy goes to nobody without a permission, where what it names is none for it."""
    if known.permits(one.authority, _release(ref, one)):
        return None
    if only_permitted(ref, one, known):
        words = "This recipient may have a copy only by a decision recorded for the minutes and "
        return f"{words}for them: name it."
    words = "Nothing recorded says why this recipient may have a copy: record that they were asked "
    words += "or were there, or permit it (permit-release) and name that; a copy that went already "
    return f"{words}is recorded as outside." if a_stranger(ref, one, known, own) else None


def _undecided(ref: ConferenceRef, one: Recipient, known: Known) -> bool:
    """Whether a copy goes to a carer before it is decided what they may know (R167)."""
    if one.role != CARER or not known.pach_known:
        return False
    return not known.carer_decided(_release(ref, one))


def _release(ref: ConferenceRef, one: Recipient) -> Release:
    return Release(what=MINUTES, to=given(one), conference=ref)


def _bare_reports(ref: ConferenceRef, one: Recipient, known: Known) -> bool:
    """Whether reports go with a copy to somebody who neither attended nor may have them."""
    by = one.report_permission
    return any(not known.permits(by, report) for report in _attached_to(ref, one, known))


def _attached_to(ref: ConferenceRef, one: Recipient, known: Known) -> Iterator[Release]:
    """Give the reports that go with a copy to somebody who did not attend."""
    sitting = known.sittings.get(ref)
    asked = as_asked(ref, one, known)
    if sitting is None or not (came(one, sitting) or came(asked, sitting)):
        for report in one.reports:
            yield Release(what=REPORT, to=given(one), conference=ref, report=report)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise minutes missing, late, unapproved, or gone astray."""
    for ref, sitting in known.sittings.items():
        kept = state.minutes.get(ref, Minutes())
        yield from timely(ref, kept, sitting, known, context)
        yield from _approved(ref, kept, known)
        yield from _astray(ref, kept, known)
        yield from _attached(ref, kept, known)
    for ref, kept in state.minutes.items():
        yield from left_out(ref, kept, known)


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


def _astray(ref: ConferenceRef, kept: Minutes, known: Known) -> Iterator[Finding]:
    """Say where a copy went without authority or basis, or was withheld unexplained.

    (R157, R162, R166, R167)
    """
    bare = gravest(
        (at, known.permitted(one.authority, _release(ref, one)))
        for at, one in kept.sent
        if only_permitted(ref, one, known)
    )
    for at, grave in bare:  # one for each sending, however many copies it had
        words = "A copy of the minutes went to somebody who needs permission; none covers it."
        if grave != "high":
            words = "A copy of the minutes went to somebody before they were permitted to have it."
        yield found("released_without_authority", "R162 R167", grave, words, at=at, subject=ref)
    unfounded = {at for at, one in kept.sent if one.basis == NO_BASIS and one.authority is None}
    unfounded -= {at for at, _ in bare}
    for at in sorted(unfounded, key=lambda at: at.position):
        words = "A copy of the minutes was sent and the basis for it is not recorded."
        yield found("released_without_basis", "R166", "medium", words, at=at, subject=ref)
    for at in kept.unexplained.values():
        words = "The minutes were withheld and the reason is not recorded."
        yield found("withheld_unexplained", "R157", "medium", words, at=at, subject=ref)


def _attached(ref: ConferenceRef, kept: Minutes, known: Known) -> Iterator[Finding]:
    """Say where reports went with the minutes to somebody who did not attend (R23; G4)."""
    bare = gravest(
        (at, known.permitted(one.report_permission, report))
        for at, one in kept.sent
        for report in _attached_to(ref, one, known)
    )
    for at, grave in bare:
        words = "Reports went with the minutes to somebody who did not attend, without permission."
        if grave != "high":
            words = "Reports went with the minutes to somebody absent before that was permitted."
        yield found("reports_with_minutes", "R23", grave, words, at=at, subject=ref)
