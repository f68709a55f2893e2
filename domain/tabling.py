"""Reports before a conference: laid on its table, kept in confidence, and shared no further.

That a report was submitted stands in `enquiry`, that the meeting considered it in `hearing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from domain.copies import (
    ADULT,
    REPORT,
    Release,
    Whom,
    alike,
    given,
    was_there,
    went_without,
)
from domain.episode import same
from domain.facets import Reported
from domain.finding import Finding
from domain.heard_before import considered_before, held_since
from domain.kept_from import report_given
from domain.known import Known, Sat, not_to_come
from domain.refusal import NotFound, Refused
from domain.stage import Context, Looking, Mark, could_precede, found, mark, recorded
from domain.when import When
from domain.words import (
    Code,
    ConferenceRef,
    Digest,
    DocumentRef,
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
class ReportTabled:
    """A report was laid before the meeting, in one version (R21).

    `content` is the digest of that version: tabled again with another digest, it is flagged.
    """

    conference: ConferenceRef
    part: int | None = None
    report: ReportRef
    kind: Code = listed("report_kind")
    organisation: Slug | None = None
    tabled_version: int
    document: DocumentRef | None = None
    content: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronologyTabled:
    """A chronology was laid before the meeting, and what time it covers (R178)."""

    conference: ConferenceRef
    part: int | None = None
    multi_agency: Code = listed("yes_no_not_recorded")
    covers_from: When | None = None
    covers_to: When | None = None
    document: DocumentRef | None = None
    content: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConfidentialitySet:
    """How the reports are kept in confidence, and what becomes of the copies (R22).

    `report` is the one it is about; None for all of the conference.
    """

    conference: ConferenceRef
    part: int | None = None
    report: ReportRef | None = None
    arrangement: Code = listed("report_arrangement")
    arrangement_other: Passage | None = None
    return_or_destroy: Code = listed("report_copies")
    set_by: WorkerRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRecipient:
    """Whom a report goes to: who was asked to the meeting, or somebody else."""

    participant: ParticipantRef | None = None
    role: Code = listed("participant_role")
    role_other: Passage | None = None
    organisation: Slug | None = None
    person: PersonRef | None = None
    name: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSharePermitted:
    """The chair allowed somebody who did not attend to have a report (R23; I8).

    Its case version is the `permission` that a sharing names; `report` None for every report of
    the conference.
    """

    conference: ConferenceRef
    part: int | None = None
    report: ReportRef | None = None
    recipient: ReportRecipient
    permitted_by: WorkerRef
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShared:
    """Somebody was given a report of the conference (R23; I8).

    `permission` is the case version of the event that allows it; `outside` says that it was given
    without this system.
    """

    conference: ConferenceRef
    part: int | None = None
    report: ReportRef
    recipient: ReportRecipient
    permission: int | None = numbering(default=None)
    outside: bool


Event: TypeAlias = (
    ReportTabled | ChronologyTabled | ReportConfidentialitySet | ReportSharePermitted | ReportShared
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabled:
    """One report as it was laid before the meeting: the digest of each version that has one."""

    at: Mark
    versions: Mapping[int, Digest] = field(default_factory=dict)
    changed: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What lay before one conference."""

    reports: Mapping[ReportRef, Tabled] = field(default_factory=dict)
    kinds: frozenset[Code] = frozenset()
    chronologies: tuple[Mark, ...] = ()
    confidential: frozenset[ReportRef | None] = frozenset()  # None: all of them
    set_by: tuple[tuple[WorkerRef, Mark], ...] = ()
    permitted_by: tuple[tuple[WorkerRef, Mark], ...] = ()
    shared: tuple[tuple[ReportShared, Mark], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A report that somebody who did not attend may have; None for every one of the meeting."""

    conference: ConferenceRef
    report: ReportRef | None
    whom: Whom
    at: Mark
    says_of_pach: bool = False

    def covers(self, release: Release) -> bool:
        """Say whether it permits that release: of that meeting, and of that report."""
        of_it = (release.what, release.conference) == (REPORT, self.conference)
        return of_it and self.report in {None, release.report} and self.whom.covers(release.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What lay before each conference; `permissions` by their case version."""

    tables: Mapping[ConferenceRef, Table] = field(default_factory=dict)
    permissions: Mapping[int, Allowed] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    event, ref, at = fact.event, fact.event.conference, mark(fact)
    table = _noted(state.tables.get(ref, Table()), event, at)
    state = replace(state, tables={**state.tables, ref: table})
    if isinstance(event, ReportSharePermitted):
        one = Allowed(conference=ref, report=event.report, whom=given(event.recipient), at=at)
        return replace(state, permissions={**state.permissions, fact.version: one})
    return state


def _noted(table: Table, event: Event, at: Mark) -> Table:
    match event:
        case ReportTabled(report=report, kind=kind):
            tabled = _tabled(table.reports.get(report, Tabled(at=at)), event, at)
            reports = {**table.reports, report: tabled}
            return replace(table, reports=reports, kinds=table.kinds | {kind})
        case ChronologyTabled():
            return replace(table, chronologies=(*table.chronologies, at))
        case ReportConfidentialitySet(report=report, set_by=by):
            return replace(
                table,
                confidential=table.confidential | {report},
                set_by=(*table.set_by, (by, at)),
            )
        case ReportSharePermitted(permitted_by=by):
            return replace(table, permitted_by=(*table.permitted_by, (by, at)))
        case ReportShared():
            return replace(table, shared=(*table.shared, (event, at)))
        case _:
            assert_never(event)


def _tabled(tabled: Tabled, event: ReportTabled, at: Mark) -> Tabled:
    """Remember a version; the first digest of it is the one that stands."""
    if event.content is None:
        return tabled
    first = tabled.versions.get(event.tabled_version, event.content)
    return replace(
        tabled,
        versions={**tabled.versions, event.tabled_version: first},
        changed=tabled.changed if first == event.content else at,
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """Lay a report before a meeting."""

    conference: ConferenceRef
    part: int | None = None
    report: ReportRef
    kind: Code = listed("report_kind", default=Code("investigation"))
    organisation: Slug | None = None
    tabled_version: int = 1
    document: DocumentRef | None = None
    content: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChronology:
    """Lay a chronology before a meeting."""

    conference: ConferenceRef
    part: int | None = None
    multi_agency: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    covers_from: When | None = None
    covers_to: When | None = None
    document: DocumentRef | None = None
    content: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReportConfidentiality:
    """Say how a report, or every report of the conference, is kept in confidence."""

    conference: ConferenceRef
    part: int | None = None
    report: ReportRef | None = None
    arrangement: Code = listed("report_arrangement")
    arrangement_other: Passage | None = None
    return_or_destroy: Code = listed("report_copies", default=Code("not_recorded"))
    set_by: WorkerRef | None = None  # by default whoever performed it


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitReportShare:
    """Allow somebody who did not attend to have a report."""

    conference: ConferenceRef
    part: int | None = None
    report: ReportRef | None = None
    recipient: ReportRecipient
    permitted_by: WorkerRef | None = None  # by default whoever performed it
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareReport:
    """Give somebody a report, or record that they were given it `outside` this system."""

    conference: ConferenceRef
    part: int | None = None
    report: ReportRef
    recipient: ReportRecipient
    permission: int | None = None
    outside: bool = False


Command: TypeAlias = (
    TableReport | TableChronology | SetReportConfidentiality | PermitReportShare | ShareReport
)


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case.
        Refused: a report would go to somebody who did not attend, and no permission is named (I8).
    """
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case TableReport():
            return (recorded(ReportTabled, command),)
        case TableChronology():
            return (recorded(ChronologyTabled, command),)
        case SetReportConfidentiality():
            by = command.set_by or context.performed_by
            return (recorded(ReportConfidentialitySet, command, set_by=by),)
        case PermitReportShare():
            by = command.permitted_by or context.performed_by
            return (recorded(ReportSharePermitted, command, permitted_by=by),)
        case ShareReport():
            return (share(command, known),)
        case _:
            assert_never(command)


def share(command: ShareReport, known: Known) -> ReportShared:
    """Give a report to whoever attends, or to whom the chair allows it (I8)."""
    ref, to = command.conference, command.recipient
    sitting = known.sittings.get(ref)
    there = _asked(ref, to, known) if sitting is None else was_there(to, sitting)
    allowed = command.outside or known.permits(command.permission, _released(command))
    if not (allowed or there):
        raise Refused(
            "no_authority",
            "I8",
            "Somebody who did not attend may have a report only by a permission that is for them "
            "and for it: name it.",
            field="permission",
        )
    return recorded(ReportShared, command)


def _released(one: ShareReport | ReportShared) -> Release:
    """What was given, and to whom."""
    to = given(one.recipient)
    return Release(what=REPORT, to=to, conference=one.conference, report=one.report)


def _asked(ref: ConferenceRef, to: ReportRecipient, known: Known) -> bool:
    """Whether somebody is asked to a meeting and still to come."""
    roster, involved = known.rosters.get(ref), known.involvements.get(ref)
    if to.role == ADULT and involved is not None:
        return involved.invited is not None and involved.declined is None
    invited = {} if roster is None else roster.invited
    return any(
        (alike(to, one) if to.participant is None else to.participant == who)
        and not not_to_come(known, ref, who, one)
        for who, one in invited.items()
    )


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise reports not before the meeting, not in confidence, or gone astray."""
    for ref, sitting in known.sittings.items():
        table = state.tables.get(ref, Table())
        yield from _not_tabled(ref, state, sitting, known)
        yield from _chronology(ref, table, sitting, known, context)
    for ref, table in state.tables.items():
        yield from _changed(ref, table)
        yield from _confidence(ref, table, known)
        yield from _astray(ref, table, known)


def _not_tabled(ref: ConferenceRef, state: State, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Ask whether every report there was lay before the meeting (R21).

    A report the meeting considered lay before it; where the enquiry's report was the only one and
    was not considered, `hearing` says so. One that lay before an earlier meeting is not new.
    """
    conference = known.conferences.get(ref)
    if conference is None or conference.kind == "core_group":
        return
    considered = known.reports_considered(ref)
    for report in known.reports_submitted:
        there = could_precede(report.at.when, sitting.held.when)
        there = there and same(report.at, sitting.held, known)
        silent = report.kind == "investigation" and not considered
        shown = report.kind in considered or _lay_before(report, ref, state, sitting, known)
        if there and not (silent or shown):
            words = "A report submitted before the meeting is not recorded as tabled at it."
            # Until it met, the report could still be laid before it.
            since = sitting.held.when
            yield found(
                "report_not_tabled", "R21", "low", words, at=report.at, since=since, subject=ref
            )


def _lay_before(
    report: Reported, ref: ConferenceRef, state: State, sitting: Sat, known: Known
) -> bool:
    """Whether a report was tabled at a meeting, or had been at an earlier one or considered there.

    And whether it is of another episode, whose meetings are asked of it.
    """
    tabled = (ref, *held_since(report.at, sitting, known))
    return (
        any(report.ref in state.tables.get(one, Table()).reports for one in tabled)
        or considered_before(report.kind, report.at, sitting, known)
        or not same(report.at, sitting.held, known)
    )


def _chronology(
    ref: ConferenceRef, table: Table, sitting: Sat, known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask for a chronology at an initial conference, where the nation expects one (R178)."""
    conference = known.conferences.get(ref)
    if not context.jurisdiction.expects_chronology or conference is None:
        return
    if conference.kind == "initial" and not table.chronologies:
        words = "The record does not show a chronology before the initial conference."
        yield found("no_chronology", "R178", "low", words, at=sitting.held, subject=ref)


def _changed(ref: ConferenceRef, table: Table) -> Iterator[Finding]:
    """Say where one version of a report was tabled with two contents (R21)."""
    for tabled in table.reports.values():
        if tabled.changed is not None:
            words = "One version of a report was tabled with two different contents."
            at = tabled.changed
            yield found("tabled_version_changed", "R21", "medium", words, at=at, subject=ref)


def _confidence(ref: ConferenceRef, table: Table, known: Known) -> Iterator[Finding]:
    """Ask the chair for the arrangements of confidence, once the meeting was held (R22)."""
    chair = None if ref not in known.rosters else known.rosters[ref].chair
    for report, tabled in table.reports.items():
        sitting = known.sittings.get(ref)
        if sitting is not None and not table.confidential & {None, report}:
            words = "A report was tabled; how it is kept in confidence is not recorded."
            at, held = tabled.at, sitting.held.when
            # It can be set until the meeting; of a report that reached it afterwards, from then.
            since = held if could_precede(at.when, held) else at.when
            yield found(
                "confidentiality_not_set", "R22", "medium", words, at=at, since=since, subject=ref
            )
    for by, at in table.set_by:
        if chair not in {None, by}:
            words = "Somebody other than the chair is recorded as setting how reports are kept."
            yield found("confidentiality_not_by_chair", "R22", "low", words, at=at, subject=ref)
    for by, at in table.permitted_by:
        if chair not in {None, by}:
            words = "Somebody other than the chair is recorded as allowing a report to be shared."
            yield found("share_not_by_chair", "R23", "medium", words, at=at, subject=ref)


def _astray(ref: ConferenceRef, table: Table, known: Known) -> Iterator[Finding]:
    """Say where a report went to somebody who did not attend and was not allowed it (R23)."""
    for shared, at in table.shared:
        yield from report_given(ref, shared, at, known)
        grave = went_without(known.permitted(shared.permission, _released(shared)), at)
        if grave is not None and not _might_have(ref, shared, at, known):
            words = "A report went to somebody who did not attend; no permission covers it."
            if grave != "high":
                words = "A report went to somebody who did not attend, before that was permitted."
            code = "report_shared_without_permission"
            yield found(code, "R23", grave, words, at=at, subject=ref)


def _might_have(ref: ConferenceRef, shared: ReportShared, at: Mark, known: Known) -> bool:
    """Whether they attended or, when it was shared, were asked and might still have come."""
    sitting, to = known.sittings.get(ref), shared.recipient
    if sitting is not None and was_there(to, sitting):
        return True
    before = sitting is None or could_precede(at.when, sitting.held.when)
    return before and _asked(ref, to, known)
