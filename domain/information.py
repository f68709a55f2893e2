"""Reports between agencies: asked for, received, or not given and why not.

What a conference made of a report stands in `hearing`, what else is asked for in `action`, what is
shared in `sharing`; the officer's own report in `enquiry`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.episode import same, within
from domain.finding import Finding
from domain.known import Convened, Known, Sat
from domain.refusal import NotFound
from domain.stage import (
    Context,
    Looking,
    Mark,
    after,
    chosen,
    could_precede,
    due_before,
    due_by,
    found,
    mark,
    recorded,
)
from domain.when import in_words
from domain.words import (
    Code,
    ConferenceRef,
    Digest,
    DocumentRef,
    Due,
    Fact,
    Passage,
    ReportRef,
    Slug,
    listed,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyReportRequested:
    """An agency was asked for its report (R215); the day it was asked is when this occurred."""

    agency: Slug
    conference: ConferenceRef | None = None
    subject: Passage | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyReportReceived:
    """An agency's report arrived (R65, R206, R215, R216)."""

    agency: Slug
    report: ReportRef
    conference: ConferenceRef | None = None
    document: DocumentRef | None = None
    content: Digest | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationNotProvided:
    """An agency does not give what it was asked for, and why (B.3)."""

    agency: Slug
    reason: Code = listed("information_withheld")
    reason_other: Passage | None = None
    explanation: Passage | None = None


Event: TypeAlias = AgencyReportRequested | AgencyReportReceived | InformationNotProvided

_AGENCY = Code("agency")

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A report that was asked for."""

    agency: Slug
    due: Due | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An agency's report that arrived, in the shape of any report (`enquiry.Report`)."""

    ref: ReportRef
    organisation: Slug | None
    at: Mark
    kind: Code = _AGENCY
    says: tuple[Code, Code] = (Code("not_recorded"), Code("not_recorded"))  # it is not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Whom the case asked, who answered, and what was shared."""

    asked: tuple[Asked, ...] = ()
    received: tuple[Received, ...] = ()
    not_provided: tuple[tuple[Slug, Mark], ...] = ()
    unexplained: Mapping[Slug, Mark] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case AgencyReportRequested(agency=agency, due=due):
            return replace(state, asked=(*state.asked, Asked(agency=agency, due=due, at=at)))
        case AgencyReportReceived(agency=agency, report=ref):
            report = Received(ref=ref, organisation=agency, at=at)
            return replace(state, received=(*state.received, report))
        case InformationNotProvided() as event:
            return _not_provided(state, event, at)
        case _:
            assert_never(fact.event)


def _not_provided(state: State, event: InformationNotProvided, at: Mark) -> State:
    """Remember who gave nothing; a later word of theirs takes the place of an earlier."""
    bare = event.reason == "not_recorded" and event.explanation is None
    others = {one: where for one, where in state.unexplained.items() if one != event.agency}
    return replace(
        state,
        not_provided=(*state.not_provided, (event.agency, at)),
        unexplained={**others, event.agency: at} if bare else others,
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAgencyReport:
    """Ask an agency for its report."""

    agency: Slug
    conference: ConferenceRef | None = None
    subject: Passage | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveAgencyReport:
    """Take in an agency's report."""

    agency: Slug
    report: ReportRef
    conference: ConferenceRef | None = None
    document: DocumentRef | None = None
    content: Digest | None = None
    summary: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInformationNotProvided:
    """Note that an agency gives nothing, and why."""

    agency: Slug
    reason: Code = listed("information_withheld", default=Code("not_recorded"))
    reason_other: Passage | None = None
    explanation: Passage | None = None


Command: TypeAlias = RequestAgencyReport | ReceiveAgencyReport | RecordInformationNotProvided


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded.

    Raises:
        NotFound: the conference was never convened in this case.
    """
    del state
    ref = None if isinstance(command, RecordInformationNotProvided) else command.conference
    if ref is not None and ref not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case RequestAgencyReport():
            return (recorded(AgencyReportRequested, command, due=_by(command, known, context)),)
        case ReceiveAgencyReport():
            return (recorded(AgencyReportReceived, command),)
        case RecordInformationNotProvided():
            return (recorded(InformationNotProvided, command),)
        case _:
            assert_never(command)


def _by(command: RequestAgencyReport, known: Known, context: Context) -> Due | None:
    """The day somebody chose; else so long before the conference as the limit says.

    None where that is past already: nobody can give what is asked for too late.
    """
    if command.due_on is not None:
        return chosen(command.due_on, context)
    if command.conference is None:
        return None
    planned = known.planned[command.conference]
    due = due_before("report_before_conference", planned, context)
    asked = context.occurred.first_day or context.today
    return None if due is None or due.on < asked else due


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in what agencies told one another."""
    yield from _not_received(state, known, context)
    yield from _not_found_out(state, known, context)
    for ref, sitting in known.sittings.items():
        convened = known.conferences.get(ref)
        if convened is not None and convened.kind != "core_group":
            yield from _not_asked(ref, state, known, convened, sitting)
    yield from _not_considered(known)
    for agency, at in state.unexplained.items():
        words = f"An agency gave no information, and the reason is not recorded: {agency}."
        yield found("not_provided_unexplained", "R215", "low", words, at=at, subject=agency)


def _not_received(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R215: a report asked for arrives by its day, or the record says that it does not come."""
    for one in state.asked:
        if _answered(one.agency, one.at, state, known):
            continue
        due = one.due
        if due is not None and due.on < context.on:
            words = (
                f"A report was asked for by {due_by(due)}; neither the report nor a reason for its "
                f"absence is recorded: {one.agency}."
            )
            code = "report_not_received"
            yield found(code, "R215", "medium", words, at=one.at, since=due, subject=one.agency)
        elif due is None and _met_since(one.at, known):
            words = (
                "A report was asked for and a conference has been held since; neither the report "
                f"nor a reason for its absence is recorded: {one.agency}."
            )
            code = "report_not_received"
            yield found(code, "R215", "medium", words, at=one.at, subject=one.agency)


def _not_found_out(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R69: what was to be found out by a day is told by then, or the record says why not."""
    for one in known.questions:
        due, agency = one.due, one.organisation
        if due is None or context.on <= due or agency is None:
            continue
        told = [shared.at for shared in known.information_shared if shared.shared_by == agency]
        later = any(after(at, one.at) for at in told)
        if later or _answered(agency, one.at, state, known):
            continue
        words = (
            f"Information was asked for by {in_words(due)}; neither an answer nor a reason for "
            f"its absence is recorded: {agency}."
        )
        code = "information_not_received"
        yield found(code, "R69", "low", words, at=one.at, since=due, subject=agency)


def _answered(agency: Slug, asked: Mark, state: State, known: Known) -> bool:
    """Whether an agency reported, or said that it does not, after it was asked in that episode."""
    answers = [*known.agency_reports.get(agency, ())]
    answers += [at for who, at in state.not_provided if who == agency]
    return any(after(at, asked) for at in within(answers, asked, known))


def _met_since(at: Mark, known: Known) -> bool:
    """Whether a conference was held after something was asked for."""
    return any(
        after(sitting.held, at) and same(at, sitting.held, known)
        for sitting in known.sittings.values()
    )


def _not_asked(
    ref: ConferenceRef, state: State, known: Known, conference: Convened, sitting: Sat
) -> Iterator[Finding]:
    """R215: every agency involved is asked for what it knows, but the one that enquires.

    Anew in a later episode; a report counts also without an officer named.
    """
    roster = known.rosters.get(ref)
    every: list[tuple[Slug | None, Mark]] = [(one.agency, one.at) for one in state.asked]
    every += [(one.organisation, one.at) for one in known.questions]
    every += [(one.organisation, one.at) for one in known.reports_submitted]
    every += [(agency, at) for agency, all_ in known.agency_reports.items() for at in all_]
    every += state.not_provided
    told = {agency for agency, at in every if same(at, sitting.held, known)}
    told |= known.officer_organisations
    if roster is not None:
        told |= set(roster.contributors)
        told |= {
            one.organisation
            for one in roster.invited.values()
            if one.organisation is not None and one.contributed is not None
        }
    if set(conference.agencies) - told:
        words = "A conference was held; an agency involved is not recorded as asked for a report."
        yield found("agency_not_asked", "R215", "low", words, at=sitting.held, subject=ref)


def _not_considered(known: Known) -> Iterator[Finding]:
    """R65: a report that arrived before a conference is considered there, or at a later one."""
    for agency, marks in known.agency_reports.items():
        for at in marks:
            held = [one.held for one in known.sittings.values() if _came_before(at, one)]
            of_it = any(same(at, one, known) for one in held)
            if of_it and not any(_considered(agency, at, ref, known) for ref in known.hearings):
                words = "An agency's report arrived before a conference; none considered it: "
                words += f"{agency}."
                code = "agency_report_not_considered"
                yield found(code, "R65", "medium", words, at=at, subject=agency)


def _came_before(at: Mark, sitting: Sat) -> bool:
    """Whether a report arrived before a conference was held."""
    return after(sitting.held, at) and could_precede(at.when, sitting.held.when)


def _considered(agency: Slug, at: Mark, ref: ConferenceRef, known: Known) -> bool:
    """Whether a conference that may have had it considered a report of that agency.

    Where it is not recorded whose report was considered, it may have been any.
    """
    sitting = known.sittings.get(ref)
    if sitting is not None and not could_precede(at.when, sitting.held.when):
        return False
    if sitting is not None and not same(at, sitting.held, known):
        return False  # it considered one of its own episode
    return not known.hearings[ref].agency_reports.isdisjoint({agency, None})
