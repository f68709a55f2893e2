"""The enquiry: opened, with its powers, the persons it is about, and its reports.

What one nation opens as an enquiry the other opens as an inquiry; the event has the nation's name
(`enquiry_event`). How it ends stands in `conclusion`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from domain.finding import Finding
from domain.known import Known
from domain.lateness import came_late, explained, late, spared
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, due_by, due_from, found, mark, recorded
from domain.when import When
from domain.words import (
    AllegationRef,
    Code,
    Digest,
    DocumentRef,
    Due,
    EnquiryRef,
    Fact,
    Passage,
    PersonRef,
    ReportRef,
    Slug,
    WorkerRef,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryOpened:
    """Enquiries were begun or caused (R146). `opened_on` is the day the return counts."""

    enquiry: EnquiryRef
    kind: Code = listed("enquiry_kind")
    opened_on: date
    caused_to: Slug | None = None
    large_scale: bool
    scope: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryOpened:
    """An inquiry was begun (R146, G12). `opened_on` is its trigger, which decides its quarter."""

    enquiry: EnquiryRef
    kind: Code = listed("enquiry_kind")
    opened_on: date
    caused_to: Slug | None = None
    large_scale: bool
    scope: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigatoryPowerUsed:
    """A power under the Act was used; the inquiry counts as one with powers (G12).

    `told_may_refuse`: that the adult was told they need not answer, or may refuse an examination.
    """

    enquiry: EnquiryRef
    power: Code = listed("investigatory_power")
    officer: WorkerRef | None = None
    told_may_refuse: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PachIdentified:
    """A person alleged to have caused harm is known; who that is, only in their own stream (R78).

    `employer` where they were at work (R173). Who is an `adult_at_risk` and `lacks_capacity` is
    told things with the support of somebody acting in their interests (R175).
    """

    person: PersonRef
    allegations: tuple[AllegationRef, ...]
    employer: Slug | None = None
    adult_at_risk: Code = listed("yes_no_not_known")
    lacks_capacity: Code = listed("yes_no_not_known", default=Code("not_known"))


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationReportSubmitted:
    """The officer's report (R19, R64); `conference_due` where the authority sets a limit (R14).

    `author` is a worker of this record. Of somebody else's report `author_role` and `organisation`
    say whose it is, and that neither is known is said, never left open (I2). `version` is the
    report's own number, where it has one.
    """

    report: ReportRef
    kind: Code = listed("report_kind")
    version: int | None = None
    author: WorkerRef | None = None
    author_role: Code = listed("report_author", default=Code("not_recorded"))
    author_role_other: Passage | None = None
    organisation: Slug | None = None
    covers: tuple[AllegationRef, ...]
    states_wishes: Code = listed("yes_no_not_recorded")
    proposes_outcomes: Code = listed("yes_no_not_recorded")
    document: DocumentRef | None = None
    content: Digest | None = None
    summary: Passage | None = None
    conference_due: Due | None = None


Event: TypeAlias = (
    EnquiryOpened
    | InquiryOpened
    | InvestigatoryPowerUsed
    | PachIdentified
    | InvestigationReportSubmitted
)

_OPENED: Mapping[str, type[EnquiryOpened | InquiryOpened]] = {
    "enquiry-opened": EnquiryOpened,
    "inquiry-opened": InquiryOpened,
}
# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report, as the rules remember it."""

    ref: ReportRef
    kind: Code
    organisation: Slug | None
    states_wishes: Code
    proposes_outcomes: Code
    conference_due: Due | None
    at: Mark

    @property
    def says(self) -> tuple[Code, Code]:
        """Whether it states the adult's wishes, and proposes outcomes."""
        return self.states_wishes, self.proposes_outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Caused:
    """Whom an enquiry was caused to when it was opened."""

    to: Slug
    due: Due | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The enquiry of a case: who leads it, what was reported, how it ended."""

    opened: Mapping[EnquiryRef, Mark] = field(default_factory=dict)
    streams: Mapping[EnquiryRef, UUID] = field(default_factory=dict)  # in which case, of those read
    kinds: Mapping[EnquiryRef, tuple[Code, date]] = field(default_factory=dict)
    caused: Mapping[EnquiryRef, Caused] = field(default_factory=dict)
    large_scale: tuple[Mark, ...] = ()
    dues: Mapping[EnquiryRef, Due] = field(default_factory=dict)  # by when each should end
    powers_used: tuple[Mark, ...] = ()
    pach: tuple[PersonRef, ...] = ()
    pach_identified: Mapping[PersonRef, Mark] = field(default_factory=dict)  # where, at first
    identified: tuple[tuple[PersonRef, Slug | None, Mark], ...] = ()  # at work for whom, and where
    pach_needs_support: bool = False
    reports: tuple[Report, ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case EnquiryOpened() | InquiryOpened() as event:
            streams = {**state.streams, event.enquiry: fact.stream}
            return replace(_opened(state, event, mark(fact)), streams=streams)
        case InvestigatoryPowerUsed():
            return replace(state, powers_used=(*state.powers_used, mark(fact)))
        case PachIdentified() as event:
            return _identified(state, event, mark(fact))
        case InvestigationReportSubmitted() as event:
            return replace(state, reports=(*state.reports, _report(event, mark(fact))))
        case _:
            assert_never(fact.event)


def _opened(state: State, event: EnquiryOpened | InquiryOpened, at: Mark) -> State:
    """Remember an enquiry, and whom it was caused to."""
    ref, caused = event.enquiry, dict(state.caused)
    if event.caused_to is not None:
        caused[ref] = Caused(to=event.caused_to, due=event.due, at=at)
    return replace(
        state,
        opened={**state.opened, ref: at},
        kinds={**state.kinds, ref: (event.kind, event.opened_on)},
        caused=caused,
        large_scale=(*state.large_scale, at) if event.large_scale else state.large_scale,
        dues=state.dues if event.due is None else {**state.dues, ref: event.due},
    )


def _identified(state: State, event: PachIdentified, at: Mark) -> State:
    """Remember who is alleged to have caused harm, and what telling them asks for."""
    alone = event.adult_at_risk == "yes" and event.lacks_capacity == "yes"
    return replace(
        state,
        pach=(*state.pach, event.person),
        pach_identified={event.person: at, **state.pach_identified},
        identified=(*state.identified, (event.person, event.employer, at)),
        pach_needs_support=state.pach_needs_support or alone,
    )


def _report(event: InvestigationReportSubmitted, at: Mark) -> Report:
    """Remember a report."""
    return Report(
        ref=event.report,
        organisation=event.organisation,
        kind=event.kind,
        states_wishes=event.states_wishes,
        proposes_outcomes=event.proposes_outcomes,
        conference_due=event.conference_due,
        at=at,
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEnquiry:
    """Begin enquiries.

    Recorded as the nation's own event.
    """

    enquiry: EnquiryRef
    kind: Code = listed("enquiry_kind")
    opened_on: date
    caused_to: Slug | None = None
    large_scale: bool = False
    scope: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseInvestigatoryPower:
    """Record the use of a power."""

    enquiry: EnquiryRef
    power: Code = listed("investigatory_power")
    officer: WorkerRef | None = None
    told_may_refuse: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    note: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyPach:
    """Name a person alleged to have caused harm, by reference."""

    person: PersonRef
    allegations: tuple[AllegationRef, ...] = ()
    employer: Slug | None = None
    adult_at_risk: Code = listed("yes_no_not_known", default=Code("not_recorded"))
    lacks_capacity: Code = listed("yes_no_not_known", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitInvestigationReport:
    """Hand in a report.

    `author` where a worker of this record wrote it; else `author_role` and the organisation.
    """

    report: ReportRef
    kind: Code = listed("report_kind", default=Code("investigation"))
    version: int | None = None
    author: WorkerRef | None = None
    author_role: Code = listed("report_author", default=Code("not_recorded"))
    author_role_other: Passage | None = None
    organisation: Slug | None = None
    covers: tuple[AllegationRef, ...] = ()
    states_wishes: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    proposes_outcomes: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    document: DocumentRef | None = None
    content: Digest | None = None
    summary: Passage | None = None


Command: TypeAlias = OpenEnquiry | UseInvestigatoryPower | IdentifyPach | SubmitInvestigationReport


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: the enquiry or an allegation is not of this case.
        Refused: an enquiry of that reference was opened already (I1).
    """
    _in_this_case(command, state, known)
    match command:
        case OpenEnquiry():
            return (open_enquiry(command, state, known, context),)
        case UseInvestigatoryPower():
            return (recorded(InvestigatoryPowerUsed, command),)
        case IdentifyPach():
            return (recorded(PachIdentified, command),)
        case SubmitInvestigationReport():
            return (submit(command, context),)
        case _:
            assert_never(command)


def _in_this_case(command: Command, state: State, known: Known) -> None:
    """Hold what a command names to what the case has."""
    named: tuple[AllegationRef, ...] = ()
    field = "covers" if isinstance(command, SubmitInvestigationReport) else "allegations"
    match command:
        case OpenEnquiry(enquiry=enquiry) if enquiry in state.opened:
            words = "That enquiry was opened already; open another, or reopen it once concluded."
            raise Refused("already_recorded", "I1", words, field="enquiry")
        case UseInvestigatoryPower(enquiry=enquiry) if enquiry not in state.opened:
            raise NotFound("There is no such enquiry in this case.", field="enquiry")
        case IdentifyPach(allegations=refs) | SubmitInvestigationReport(covers=refs):
            named = refs
        case _:
            pass
    if not known.allegations.keys() >= set(named):
        raise NotFound("There is no such allegation in this case.", field=field)


def open_enquiry(
    command: OpenEnquiry, state: State, known: Known, context: Context
) -> EnquiryOpened | InquiryOpened:
    """Begin enquiries under the nation's name, with the day by which they should end (B.4)."""
    referred = None
    if context.jurisdiction.enquiry_from_referral:
        referred = _referred(command.opened_on, state, known)
    if referred is None:
        due = context.calendar.due("enquiry", command.opened_on)
    else:
        due = due_from("enquiry", referred, context)
    return recorded(_OPENED[context.jurisdiction.enquiry_event], command, due=due)


def _referred(opened_on: date, state: State, known: Known) -> When | None:
    """When the referral came that an enquiry answers; None where its time is its own.

    Only the first enquiry after a referral answers it: the time of one opened later, or after a
    case was taken up again on no new referral, would have run out before anybody knew of what it
    is about. Of several referrals the first counts, for one that joins an open episode starts no
    time (R198). One that may have come after the opening, or nobody knows when, is passed over.
    """
    closed = known.last_closed
    answered = [one.position for one in state.opened.values()]
    since = max([*answered, *([] if closed is None else [closed.position])], default=0)
    for one in known.referrals:
        if one.position < since:
            continue
        if one.last is not None and not one.when.unknown and one.last <= opened_on:
            return one.when
    return None


def submit(command: SubmitInvestigationReport, context: Context) -> InvestigationReportSubmitted:
    """Hand in a report; that of the enquiry starts the time to its conference (R14)."""
    due = None
    if command.kind == "investigation":
        due = due_from("conference_after_report", context.occurred, context)
    return recorded(InvestigationReportSubmitted, command, conference_due=due)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in how the enquiry was made."""
    yield from _on_reports(state)
    yield from _unended(known, context)
    yield from _late(known, context)
    yield from _unheard(state, known, context)
    at = state.pach_identified.get(known.adult) if known.adult is not None else None
    if at is not None:
        words = "The adult is recorded as alleged to have caused harm in their own case."
        yield found("pach_is_adult", "L29", "medium", words, at=at)


def _on_reports(state: State) -> Iterator[Finding]:
    """R64: the report of the enquiry says what the adult wishes and what it proposes."""
    for report in state.reports:
        if report.kind != "investigation":
            continue
        if report.states_wishes != "yes":
            yield found(
                "report_without_wishes",
                "R64",
                "medium",
                "The enquiry report is not recorded as stating the wishes of the adult.",
                at=report.at,
            )
        if report.proposes_outcomes != "yes":
            yield found(
                "report_without_outcomes",
                "R64",
                "medium",
                "The enquiry report is not recorded as proposing outcomes.",
                at=report.at,
            )


def _unended(known: Known, context: Looking) -> Iterator[Finding]:
    """R4, R150: an enquiry goes on past its day only with a reason; closing it later ends none."""
    for ref, due in known.enquiries_due.items():
        if context.on <= due.on or spared(due, known.enquiries[ref], known):
            continue
        why = explained(known, known.enquiries[ref].when, None)
        yield found(
            "enquiry_overdue",
            "R4 R150",
            "low" if why else "medium",
            f"The {context.jurisdiction.terms['enquiry']} was due to end by {due_by(due)}; neither "
            f"its report nor its end is recorded. {'A' if why else 'No'} reason is recorded.",
            at=known.enquiries[ref],
            since=due,
            subject=ref,
        )


def _late(known: Known, context: Looking) -> Iterator[Finding]:
    """R4, R150: an enquiry whose report or end came after its day, however it went on."""
    for ref, (due, over) in known.enquiries_done.items():
        at = came_late(over, due, known)
        if at is not None:
            why = explained(known, known.enquiries[ref].when, at.when)
            what = f"The report or the end of the {context.jurisdiction.terms['enquiry']}"
            said = late(what, at, due, why=why)
            one = found("enquiry_late", "R4 R150", *said, at=at, since=due, subject=ref)
            yield one.once("enquiry_overdue", known.enquiries[ref].position)


def _unheard(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R14, R199: a report is followed by a conference, or by a decision against one."""
    for report in state.reports:
        due = report.conference_due
        if due is None or context.on <= due.on:
            continue
        if known.conference_answers(report.at):
            continue
        words = (
            "The enquiry report was submitted; neither a conference nor a decision against one "
            f"is recorded, and one was due by {due_by(due)}."
        )
        code = "report_without_conference"
        yield found(code, "R14 R199", "medium", words, at=report.at, since=due)
