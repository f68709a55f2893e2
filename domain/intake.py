"""What is done with a concern as it comes in, and where it goes: acknowledged, shared, sent on.

The referral itself stands in `concern`, the decision on the duty to enquire in `duty`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never
from uuid import UUID

from domain.episode import same
from domain.finding import Finding
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, after, due_from, found, mark, recorded
from domain.words import (
    AllegationRef,
    Code,
    Due,
    ExternalReference,
    Fact,
    Passage,
    Slug,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAcknowledged:
    """Whoever made the referral was told that it arrived (B.3; R171 asks for the rest)."""

    method: Code = listed("contact_method")
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyServicesContacted:
    """Emergency services were called, by whom and under which reference of theirs."""

    services: tuple[Code, ...] = listed("emergency_service")
    services_other: Passage | None = None
    by: Slug | None = None
    external: ExternalReference | None = None
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrimeReported:
    """What is alleged was reported to the police as a crime; `adult_agreed` to reporting it."""

    to: Slug
    by: Slug | None = None
    allegations: tuple[AllegationRef, ...] = ()
    external: ExternalReference | None = None
    adult_agreed: Code = listed("yes_no_not_known")
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentToShareRecorded:
    """Whether the adult agrees to information being shared, with whom and within what limits."""

    answer: Code = listed("consent_to_share")
    given_by: Code = listed("expressed_by")
    recipients: tuple[Slug, ...] = ()
    limits: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentToShareOverriddenWithReason:
    """Information is shared without the adult's consent, and why (R82, R154)."""

    ground: Code = listed("consent_override")
    ground_other: Passage | None = None
    reason: Passage | None = None
    recipients: tuple[Slug, ...] = ()
    adult_told: Code = listed("yes_no_not_known")


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyToInquireStarted:
    """The council began to inquire, how urgently, and by when it should have done (B.4)."""

    urgency: Code = listed("inquiry_urgency")
    grounds: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRedirected:
    """The concern goes on elsewhere than to an enquiry, and who was told of it."""

    to: Code = listed("disposal")
    organisation: Slug | None = None
    adult_told: Code = listed("yes_no_not_known")
    referrer_told: Code = listed("yes_no_not_known")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTransferred:
    """Another authority leads from now on; one of the two counts the case (R146).

    Where it is alleged to have occurred in the other's area, that authority leads and counts it.
    `continuing` is what this authority goes on doing for the adult.
    """

    authority: Slug
    reason: Code = listed("transfer_reason")
    reason_other: Passage | None = None
    counted_by: Code = listed("counting_authority")
    accepted: Code = listed("yes_no_not_known")
    continuing: Passage | None = None
    rationale: Passage | None = None


Event: TypeAlias = (
    ReferralAcknowledged
    | EmergencyServicesContacted
    | CrimeReported
    | ConsentToShareRecorded
    | ConsentToShareOverriddenWithReason
    | DutyToInquireStarted
    | ConcernRedirected
    | CaseTransferred
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """That consent was overridden, and whether the record says why."""

    explained: bool
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer, as the rules remember it.

    `answer` is whether the other authority accepted; `by` whose worker recorded it; `of` the case
    it was recorded in, where that is another that is read in this one.
    """

    answer: Code
    explained: bool
    authority: Slug
    counted_by: Code
    by: Slug
    of: UUID | None
    at: Mark

    @property
    def accepted(self) -> bool:
        """Whether the other authority is recorded to have accepted."""
        return self.answer == "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What became of the concern."""

    asked: tuple[tuple[Mark, bool], ...] = ()  # where of consent to sharing, and if it was refused
    override: Override | None = None
    started: Mark | None = None
    redirected: tuple[Mark, ...] = ()
    unexplained: Mark | None = None  # a redirection without its reasons
    transfers: tuple[Transfer, ...] = ()

    @property
    def last_transfers(self) -> tuple[Transfer, ...]:
        """The last of this case, and the last that is read in it, where that is later."""
        own = [one for one in self.transfers if one.of is None]
        return (*own[-1:], *(one for one in self.transfers[-1:] if one.of is not None))


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case ConsentToShareRecorded(answer=answer):
            return replace(state, asked=(*state.asked, (at, answer == "refused")))
        case ConsentToShareOverriddenWithReason() as event:
            explained = event.reason is not None
            return replace(state, override=Override(explained=explained, at=at))
        case DutyToInquireStarted():
            return replace(state, started=state.started or at)
        case ConcernRedirected(rationale=rationale):
            unexplained = at if rationale is None else None
            return replace(state, redirected=(*state.redirected, at), unexplained=unexplained)
        case CaseTransferred() as event:
            explained = event.reason != "not_recorded" or event.rationale is not None
            transfer = Transfer(
                answer=event.accepted,
                explained=explained,
                authority=event.authority,
                counted_by=event.counted_by,
                by=fact.header.organisation,
                of=fact.stream if fact.version < 0 else None,
                at=at,
            )
            return replace(state, transfers=(*state.transfers, transfer))
        case ReferralAcknowledged() | EmergencyServicesContacted() | CrimeReported():
            return state
        case _:
            assert_never(fact.event)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeReferral:
    """Note that whoever made the referral was told it arrived."""

    method: Code = listed("contact_method", default=Code("not_recorded"))
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEmergencyServices:
    """Note that emergency services were called."""

    services: tuple[Code, ...] = listed("emergency_service")
    services_other: Passage | None = None
    by: Slug | None = None
    external: ExternalReference | None = None
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCrime:
    """Note that a crime was reported."""

    to: Slug
    by: Slug | None = None
    allegations: tuple[AllegationRef, ...] = ()
    external: ExternalReference | None = None
    adult_agreed: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsentToShare:
    """Note whether the adult agrees to sharing."""

    answer: Code = listed("consent_to_share")
    given_by: Code = listed("expressed_by", default=Code("not_recorded"))
    recipients: tuple[Slug, ...] = ()
    limits: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideConsentToShare:
    """Share without consent, and say why."""

    ground: Code = listed("consent_override", default=Code("not_recorded"))
    ground_other: Passage | None = None
    reason: Passage | None = None
    recipients: tuple[Slug, ...] = ()
    adult_told: Code = listed("yes_no_not_known", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDutyToInquire:
    """Begin to inquire."""

    urgency: Code = listed("inquiry_urgency")
    grounds: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectConcern:
    """Send the concern elsewhere."""

    to: Code = listed("disposal")
    organisation: Slug | None = None
    adult_told: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    referrer_told: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCase:
    """Give the lead to another authority; who counts it follows from the reason if not said."""

    authority: Slug
    reason: Code = listed("transfer_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None
    counted_by: Code | None = listed("counting_authority", default=None)
    accepted: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    continuing: Passage | None = None
    rationale: Passage | None = None


Command: TypeAlias = (
    AcknowledgeReferral
    | ContactEmergencyServices
    | ReportCrime
    | RecordConsentToShare
    | OverrideConsentToShare
    | StartDutyToInquire
    | RedirectConcern
    | TransferCase
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: an allegation reported as a crime is not of this case.
    """
    del state
    match command:
        case AcknowledgeReferral():
            return (recorded(ReferralAcknowledged, command),)
        case ContactEmergencyServices():
            return (recorded(EmergencyServicesContacted, command),)
        case ReportCrime(allegations=refs):
            if not known.allegations.keys() >= set(refs):
                raise NotFound("There is no such allegation in this case.", field="allegations")
            return (recorded(CrimeReported, command),)
        case RecordConsentToShare():
            return (recorded(ConsentToShareRecorded, command),)
        case OverrideConsentToShare():
            return (recorded(ConsentToShareOverriddenWithReason, command),)
        case StartDutyToInquire():
            due = due_from("enquiry", context.occurred, context)
            return (recorded(DutyToInquireStarted, command, due=due),)
        case RedirectConcern():
            return (recorded(ConcernRedirected, command),)
        case TransferCase():
            counted_by = command.counted_by or _counting(command.reason)
            return (recorded(CaseTransferred, command, counted_by=counted_by),)
        case _:
            assert_never(command)


def _counting(reason: Code) -> Code:
    """Say who counts a case that goes to another authority for a reason (R146)."""
    return Code("receiving" if reason == "abuse_occurred_there" else "not_decided")


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in what became of the concern."""
    del context
    yield from _on_sharing(state, known)
    if state.unexplained is not None:
        words = "The concern was sent elsewhere; the reasons are not recorded."
        yield found("redirection_unexplained", "R154", "low", words, at=state.unexplained)
    for transfer in state.last_transfers:
        yield from _on_transfer(transfer)


def _on_sharing(state: State, known: Known) -> Iterator[Finding]:
    """R82, R154: what is shared against the adult's wish has its reason."""
    if state.override is not None and not state.override.explained:
        words = "The adult's consent to sharing was overridden; the reason is not recorded."
        at = state.override.at
        yield found("override_without_reason", "R82 R154", "medium", words, at=at)
    for at in known.shared_on_consent:
        refused = _refused(state, known, at)
        if refused is not None and not (state.override and same(state.override.at, refused, known)):
            words = (
                "The adult refused that information be shared; it was shared afterwards, and "
                "neither another basis nor a decision to override the refusal is recorded."
            )
            yield found("shared_after_refusal", "R82", "medium", words, at=at)


def _refused(state: State, known: Known, shared: Mark) -> Mark | None:
    """Where the adult refused, where that was the last that was told before something was shared.

    By its own day, whenever it was entered: what was told since is no consent to it.
    """
    told = sorted((*state.asked, *known.consent_told), key=lambda one: one[0].position)
    last, refusing = None, False
    for at, refused in told:
        if after(shared, at) and (last is None or after(at, last)):
            last, refusing = at, refused
    return last if refusing else None


def _on_transfer(transfer: Transfer) -> Iterator[Finding]:
    """R42, R154: a case that leaves has somebody who holds it, and a reason."""
    if not transfer.accepted:
        words = "The case was transferred; the other authority's acceptance is not recorded."
        yield found("transfer_not_accepted", "R42", "medium", words, at=transfer.at)
    if not transfer.explained:
        words = "The case was transferred to another authority; the reasons are not recorded."
        yield found("transfer_unexplained", "R154", "low", words, at=transfer.at)
