"""Enquiries that others make for the council, large ones, and what runs beside an enquiry.

To cause somebody to enquire does not hand over the duty: what they owe is waited for, looked at
and, where it does not do, sent back. The enquiry itself stands in `enquiry`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.finding import Finding
from domain.in_charge import nobody_leads
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import (
    Context,
    Looking,
    Mark,
    after,
    chosen,
    due_by,
    due_from,
    found,
    mark,
    recorded,
)
from domain.when import When
from domain.words import (
    Code,
    DocumentRef,
    Due,
    EnquiryRef,
    ExternalReference,
    Fact,
    Passage,
    ReportRef,
    Slug,
    WorkerRef,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryCaused:
    """Another body was asked to enquire: what, and by when (B.3; the council keeps the duty).

    `returned` and `challenged` are for what is entered once it is over; where they come later they
    are CausedEnquiryReturned and CausedEnquiryChallenged.
    """

    enquiry: EnquiryRef
    to: Slug
    body: Code = listed("caused_body")
    body_other: Passage | None = None
    scope: Passage | None = None
    due: Due | None = None
    returned: When | None = None
    challenged: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CausedEnquiryReturned:
    """The body that was caused to enquire answered, and whether its answer is enough."""

    enquiry: EnquiryRef
    to: Slug
    sufficient: Code = listed("yes_no_not_recorded")
    document: DocumentRef | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CausedEnquiryChallenged:
    """What was returned does not do: why, what is asked for now, and by when."""

    enquiry: EnquiryRef
    to: Slug
    reason: Passage | None = None
    asked: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeScaleEnquiryOpened:
    """The enquiry is part of a large-scale one about a service (R3, R18).

    `adults` is how many, never who: one adult's data do not stand in another's case (R35).
    """

    enquiry: EnquiryRef | None = None
    reason: Code = listed("large_scale_reason")
    reason_other: Passage | None = None
    provider: Slug | None = None
    adults: int | None = None
    lead: WorkerRef | None = None
    lead_organisation: Slug | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeScaleEnquiryClosed:
    """The large-scale enquiry ended, with what came of it."""

    provider: Slug | None = None
    outcome: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelProcessOpened:
    """Another process began about the same things, and what that means for the enquiry (R86)."""

    kind: Code = listed("parallel_process")
    kind_other: Passage | None = None
    organisation: Slug | None = None
    external: ExternalReference | None = None
    effect: Code = listed("parallel_effect")
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationConcluded:
    """Nothing more is to be found out; a conference follows, or a decision against one (R199).

    How the enquiry as a whole ended, with what the return counts, is EnquiryConcluded.
    """

    enquiry: EnquiryRef
    report: ReportRef | None = None
    summary: Passage | None = None
    conference_due: Due | None = None


Event: TypeAlias = (
    EnquiryCaused
    | CausedEnquiryReturned
    | CausedEnquiryChallenged
    | LargeScaleEnquiryOpened
    | LargeScaleEnquiryClosed
    | ParallelProcessOpened
    | InvestigationConcluded
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """What one body owes for one enquiry; nothing once it has answered."""

    due: Due | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """An investigation that ended, of which enquiry, and by when its conference is due."""

    enquiry: EnquiryRef
    due: Due | None
    at: Mark


Owing: TypeAlias = tuple[EnquiryRef, Slug]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Who was caused to enquire, whether it is large, and what ended."""

    caused: frozenset[Owing] = frozenset()
    caused_at: tuple[Mark, ...] = ()
    led: bool = False  # somebody leads a large-scale enquiry
    awaited: Mapping[Owing, Awaited] = field(default_factory=dict)
    answered: frozenset[Owing] = frozenset()
    large_scale: tuple[Mark, ...] = ()  # opened, whether or not it is closed by now
    about_provider: tuple[Mark, ...] = ()  # opened over concerns about a provider
    opened_bare: Mark | None = None
    closed_bare: Mark | None = None
    concluded: tuple[Concluded, ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case EnquiryCaused() as event:
            return _caused(state, event, at)
        case CausedEnquiryReturned(enquiry=enquiry, to=to):
            return _answered(state, (enquiry, to))
        case CausedEnquiryChallenged(enquiry=enquiry, to=to, due=due):
            return _awaiting(state, (enquiry, to), Awaited(due=due, at=at))
        case LargeScaleEnquiryOpened(rationale=rationale, reason=reason, lead=lead):
            bare = at if rationale is None else None
            about = (at,) if reason == "provider_concerns" else ()
            about = (*state.about_provider, *about)
            large, led = (*state.large_scale, at), state.led or lead is not None
            state = replace(state, large_scale=large, opened_bare=bare, led=led)
            return replace(state, about_provider=about)
        case LargeScaleEnquiryClosed(rationale=rationale, outcome=outcome):
            bare = at if rationale is None and outcome is None else None
            return replace(state, closed_bare=bare)
        case InvestigationConcluded(enquiry=enquiry, conference_due=due):
            one = Concluded(enquiry=enquiry, due=due, at=at)
            return replace(state, concluded=(*state.concluded, one))
        case ParallelProcessOpened():
            return state
        case _:
            assert_never(fact.event)


def _caused(state: State, event: EnquiryCaused, at: Mark) -> State:
    """Remember whom the council waits for; one who has answered already only if challenged."""
    owing = (event.enquiry, event.to)
    state = replace(state, caused=state.caused | {owing}, caused_at=(*state.caused_at, at))
    if event.returned is not None:
        return _answered(state, owing)
    return _awaiting(state, owing, Awaited(due=event.due, at=at))


def _awaiting(state: State, owing: Owing, awaited: Awaited) -> State:
    return replace(
        state,
        awaited={**state.awaited, owing: awaited},
        answered=state.answered - {owing},
    )


def _answered(state: State, owing: Owing) -> State:
    left = {key: one for key, one in state.awaited.items() if key != owing}
    return replace(state, awaited=left, answered=state.answered | {owing})


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseEnquiry:
    """Ask another body to enquire; by the usual limit where no day is named."""

    enquiry: EnquiryRef
    to: Slug
    body: Code = listed("caused_body")
    body_other: Passage | None = None
    scope: Passage | None = None
    due_on: date | None = None
    returned: When | None = None
    challenged: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveCausedEnquiry:
    """Take in what a body found that was caused to enquire."""

    enquiry: EnquiryRef
    to: Slug
    sufficient: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    document: DocumentRef | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeCausedEnquiry:
    """Send back what does not do."""

    enquiry: EnquiryRef
    to: Slug
    reason: Passage | None = None
    asked: Passage | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLargeScaleEnquiry:
    """Make the enquiry part of a large-scale one."""

    enquiry: EnquiryRef | None = None
    reason: Code = listed("large_scale_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None
    provider: Slug | None = None
    adults: int | None = None
    lead: WorkerRef | None = None
    lead_organisation: Slug | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseLargeScaleEnquiry:
    """End the large-scale enquiry."""

    provider: Slug | None = None
    outcome: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenParallelProcess:
    """Note that another process began."""

    kind: Code = listed("parallel_process")
    kind_other: Passage | None = None
    organisation: Slug | None = None
    external: ExternalReference | None = None
    effect: Code = listed("parallel_effect", default=Code("not_decided"))
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeInvestigation:
    """End the finding out."""

    enquiry: EnquiryRef
    report: ReportRef | None = None
    summary: Passage | None = None


Command: TypeAlias = (
    CauseEnquiry
    | ReceiveCausedEnquiry
    | ChallengeCausedEnquiry
    | OpenLargeScaleEnquiry
    | CloseLargeScaleEnquiry
    | OpenParallelProcess
    | ConcludeInvestigation
)


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: the enquiry was never opened in this case, or that body never caused to make it.
    """
    _in_this_case(command, state, known)
    match command:
        case CauseEnquiry():
            limit = due_from("enquiry", context.occurred, context)
            due = limit if command.due_on is None else chosen(command.due_on, context)
            return (recorded(EnquiryCaused, command, due=due),)
        case ReceiveCausedEnquiry():
            return (recorded(CausedEnquiryReturned, command),)
        case ChallengeCausedEnquiry(due_on=on):
            again = None if on is None else chosen(on, context)
            return (recorded(CausedEnquiryChallenged, command, due=again),)
        case OpenLargeScaleEnquiry():
            return (recorded(LargeScaleEnquiryOpened, command),)
        case CloseLargeScaleEnquiry():
            return (recorded(LargeScaleEnquiryClosed, command),)
        case OpenParallelProcess():
            return (recorded(ParallelProcessOpened, command),)
        case ConcludeInvestigation():
            conference = due_from("conference_after_report", context.occurred, context)
            return (recorded(InvestigationConcluded, command, conference_due=conference),)
        case _:
            assert_never(command)


def _in_this_case(command: Command, state: State, known: Known) -> None:
    """Hold what a command names to what the case has."""
    match command:
        case CauseEnquiry(enquiry=ref) | ConcludeInvestigation(enquiry=ref):
            there = ref in known.enquiries
        case OpenLargeScaleEnquiry(enquiry=ref):
            there = ref is None or ref in known.enquiries
        case ReceiveCausedEnquiry() | ChallengeCausedEnquiry():
            with_it = known.caused_when_opened.get(command.enquiry)
            owing = (command.enquiry, command.to)
            there = owing in state.caused or (with_it is not None and with_it.to == command.to)
        case _:
            there = True
    if not there:
        raise NotFound("There is no such enquiry in this case.", field="enquiry")


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in enquiries made by others, and in large ones."""
    yield from _unreturned(state, known, context)
    yield from _unheard(state, known, context)
    if not state.led and not known.officer_organisations:
        with_them = (one.at for one in known.caused_when_opened.values())
        yield from nobody_leads((*state.caused_at, *with_them), known, context)
    if state.opened_bare is not None:
        words = "A large-scale enquiry was opened; the reasons are not recorded."
        yield found("large_scale_unexplained", "R154", "low", words, at=state.opened_bare)
    if state.closed_bare is not None:
        words = "A large-scale enquiry was closed; what came of it is not recorded."
        yield found("large_scale_outcome_missing", "R154", "low", words, at=state.closed_bare)


def _unreturned(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R19: what another body was caused to find out comes back, also if the enquiry ended without.

    The council keeps the duty: an end does not make up for the answer, a report of theirs does.
    """
    with_them = {
        (ref, one.to): Awaited(due=one.due, at=one.at)
        for ref, one in known.caused_when_opened.items()
        if (ref, one.to) not in state.answered
    }
    for (ref, body), one in {**with_them, **state.awaited}.items():
        due = one.due
        if due is None or context.on <= due.on:
            continue
        if _reported(body, one.at, known):
            continue
        words = (
            "Another body was caused to enquire and was to answer by "
            f"{due_by(due)}; no answer is recorded."
        )
        code = "caused_enquiry_not_returned"
        yield found(code, "R19", "medium", words, at=one.at, since=due, subject=ref)


def _reported(body: Slug, since: Mark, known: Known) -> bool:
    """Whether that body, or nobody named, handed in a report of the enquiry after that."""
    return any(
        one.kind == "investigation" and after(one.at, since) and one.organisation in {None, body}
        for one in known.reports_submitted
    )


def _unheard(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R199: an investigation that ended is followed by a conference, or a decision against one.

    Where its report was handed in, since its enquiry was opened, that starts the same time and is
    judged in `enquiry`.
    """
    for one in state.concluded:
        due, opened = one.due, known.enquiries.get(one.enquiry)
        reported = any(opened is None or after(at, opened) for at in known.report_marks)
        if due is None or context.on <= due.on or reported:
            continue
        if known.conference_answers(one.at):
            continue
        words = (
            "The investigation was concluded; neither a conference nor a decision against one is "
            f"recorded, and one was due by {due_by(due)}."
        )
        code = "investigation_without_conference"
        yield found(code, "R199", "medium", words, at=one.at, since=due)
