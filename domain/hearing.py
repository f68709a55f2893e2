"""What a conference heard: reports, the adult's views, and where each agency stood.

What it then found stands in `determination`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.company import agreed_away
from domain.episode import within
from domain.finding import Finding
from domain.grid import Attendance
from domain.heard_before import considered_before
from domain.known import Known, Sat, asked_to_one
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, could_precede, found, mark, recorded
from domain.weighing import explained_at
from domain.words import (
    Code,
    ConferenceRef,
    DocumentRef,
    Fact,
    ParticipantRef,
    Passage,
    ReportRef,
    Slug,
    listed,
)

SPEAKERS = frozenset({"representative", "advocate", "key_worker"})  # for an adult who declined: R54
_INVESTIGATION = Code("investigation")  # a kind of report: the enquiry's own
BESIDE = frozenset({"minute_taker", "observer", "interpreter"})  # who come not to contribute: R195
# Capacity for one of these speaks of the adult's views of their own safety: R49.
OF_VIEWS = frozenset({Code("own_safety"), Code("enquiry"), Code("protection_plan")})
# Arrangements that are trauma-informed (R209), or in language that includes (R213).
ENABLING = frozenset(
    {
        *("trauma_informed", "quiet_space", "breaks"),
        *("easy_read", "interpreter", "sign_language", "communication_aid"),
    }
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class AdultViewsPresented:
    """The adult's views were put to the meeting, and by whom (R54, R70, R192, R208, R211).

    `presenter` is the invitation of whoever put them; `presenter_name` names one who was not asked.
    `chose_not_to_share` says whether there was something the adult kept to themself, as they may.
    """

    conference: ConferenceRef
    part: int | None = None
    presenter_role: Code = listed("presenter_role")
    presenter_role_other: Passage | None = None
    presenter: ParticipantRef | None = None
    presenter_name: Passage | None = None
    views: Passage | None = None
    response: Passage | None = None
    own_words: bool
    chose_not_to_share: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConsidered:
    """The meeting considered a report (R64, R65).

    Whether it stated the adult's wishes and proposed outcomes; left open, it is as was submitted.
    """

    conference: ConferenceRef
    part: int | None = None
    kind: Code = listed("report_kind")
    report: ReportRef | None = None
    organisation: Slug | None = None
    document: DocumentRef | None = None
    stated_wishes: Code = listed("yes_no_not_recorded")
    proposed_outcomes: Code = listed("yes_no_not_recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyPositionRecorded:
    """Whether an agency agrees with what the meeting decided (R196)."""

    conference: ConferenceRef
    part: int | None = None
    organisation: Slug
    position: Code = listed("agency_position")
    reasons: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyAgreementRecorded:
    """Whether an agency agrees on risk, need or the plan, apart from the whole (R196)."""

    conference: ConferenceRef
    part: int | None = None
    organisation: Slug
    matters: tuple[Code, ...] = listed("agreement_matter")
    agrees: Code = listed("yes_no_not_stated")
    dissent: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherConferenceDecided:
    """Whether another conference is needed, and by which day (R85)."""

    conference: ConferenceRef
    part: int | None = None
    decision: Code = listed("further_conference")
    by_date: date | None = None
    rationale: Passage | None = None


Event: TypeAlias = (
    AdultViewsPresented
    | ReportConsidered
    | AgencyPositionRecorded
    | AgencyAgreementRecorded
    | FurtherConferenceDecided
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is recorded of one meeting's hearing."""

    presenters: frozenset[Code] = frozenset()
    presented: Mark | None = None  # where the adult's views were first put
    own_words: bool = False
    chose: bool = False  # whether the adult kept something to themself is recorded
    advocate: Mark | None = None
    advocate_answered: bool = False
    reports: frozenset[Code] = frozenset()  # the kinds considered
    agency_reports: frozenset[Slug | None] = frozenset()
    report: tuple[Mark, ReportConsidered] | None = None  # the officer's, last considered
    positions: frozenset[Slug] = frozenset()
    agreed: Mapping[Slug, Mark] = field(default_factory=dict)  # who is put down as agreeing
    explained: frozenset[Slug] = frozenset()  # those of them of whom it is said how
    further: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What each conference heard."""

    heard: Mapping[ConferenceRef, Heard] = field(default_factory=dict)


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    ref = fact.event.conference
    heard = _noted(state.heard.get(ref, Heard()), fact.event, mark(fact))
    return State(heard={**state.heard, ref: heard})


def _noted(heard: Heard, event: Event, at: Mark) -> Heard:
    match event:
        case AdultViewsPresented(presenter_role=role, response=response):
            answered = role == "advocate" and response is not None
            return replace(
                heard,
                presenters=heard.presenters | {role},
                presented=heard.presented or at,
                own_words=heard.own_words or event.own_words,
                chose=heard.chose or event.chose_not_to_share != "not_recorded",
                advocate=at if role == "advocate" else heard.advocate,
                advocate_answered=heard.advocate_answered or answered,
            )
        case ReportConsidered():
            kinds = heard.reports | {event.kind}
            agency = {event.organisation} if event.kind == "agency" else set[Slug | None]()
            return replace(
                heard,
                reports=kinds,
                agency_reports=heard.agency_reports | agency,
                report=(at, event) if event.kind == _INVESTIGATION else heard.report,
            )
        case AgencyPositionRecorded(organisation=agency, position=position):
            if position == "not_stated":
                return heard
            heard = _stood(heard, agency, at, agrees=position == "agrees")
            return heard if event.reasons is None else _explained(heard, agency)
        case AgencyAgreementRecorded(organisation=agency, agrees=agrees):
            if agrees == "not_stated":
                return heard
            return _stood(heard, agency, at, agrees=agrees == "yes")
        case FurtherConferenceDecided(decision=decision):
            return replace(heard, further=decision != "not_decided")
        case _:
            assert_never(event)


def _stood(heard: Heard, agency: Slug, at: Mark, *, agrees: bool) -> Heard:
    """Remember where an agency stands, and where it was first put down as agreeing since."""
    agreed = {one: where for one, where in heard.agreed.items() if one != agency or agrees}
    if agrees:
        agreed.setdefault(agency, at)
    explained = heard.explained if agrees else heard.explained - {agency}
    positions = heard.positions | {agency}
    return replace(heard, positions=positions, agreed=agreed, explained=explained)


def _explained(heard: Heard, agency: Slug) -> Heard:
    """Remember that it is said how an agency came to agree, where it did."""
    said = heard.explained | ({agency} & heard.agreed.keys())
    return replace(heard, explained=said)


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentAdultViews:
    """Note that the adult's views were put to the meeting."""

    conference: ConferenceRef
    part: int | None = None
    presenter_role: Code = listed("presenter_role")
    presenter_role_other: Passage | None = None
    presenter: ParticipantRef | None = None
    presenter_name: Passage | None = None
    views: Passage | None = None
    response: Passage | None = None
    own_words: bool = False
    chose_not_to_share: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsiderReport:
    """Note that the meeting considered a report."""

    conference: ConferenceRef
    part: int | None = None
    kind: Code = listed("report_kind")
    report: ReportRef | None = None
    organisation: Slug | None = None
    document: DocumentRef | None = None
    stated_wishes: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    proposed_outcomes: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgencyPosition:
    """Note whether an agency agrees."""

    conference: ConferenceRef
    part: int | None = None
    organisation: Slug
    position: Code = listed("agency_position")
    reasons: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgencyAgreement:
    """Note whether an agency agrees on risk, need or the plan."""

    conference: ConferenceRef
    part: int | None = None
    organisation: Slug
    matters: tuple[Code, ...] = listed("agreement_matter", default=())
    agrees: Code = listed("yes_no_not_stated")
    dissent: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideFurtherConference:
    """Decide whether another conference is needed."""

    conference: ConferenceRef
    part: int | None = None
    decision: Code = listed("further_conference")
    by_date: date | None = None
    rationale: Passage | None = None


Command: TypeAlias = (
    PresentAdultViews
    | ConsiderReport
    | RecordAgencyPosition
    | RecordAgencyAgreement
    | DecideFurtherConference
)


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,  # noqa: ARG001
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference was never convened in this case, or nobody in it was given the
            invitation that whoever speaks for the adult is named by.
    """
    if command.conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    match command:
        case PresentAdultViews(presenter=who):
            if who is not None and who not in asked_to_one(known):
                words = "There is no such invitation in this case: name one, or a role alone."
                raise NotFound(words, field="presenter")
            return (recorded(AdultViewsPresented, command),)
        case ConsiderReport():
            return (recorded(ReportConsidered, command),)
        case RecordAgencyPosition():
            return (recorded(AgencyPositionRecorded, command),)
        case RecordAgencyAgreement():
            return (recorded(AgencyAgreementRecorded, command),)
        case DecideFurtherConference():
            return (recorded(FurtherConferenceDecided, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:  # noqa: ARG001
    """Criticise what a conference held did not hear."""
    for ref, sitting in known.sittings.items():
        conference = known.conferences.get(ref)
        if conference is None or conference.kind != "core_group":
            heard = state.heard.get(ref, Heard())
            yield from _reports(ref, heard, sitting, known)
            yield from _views(ref, heard, sitting, known)
            yield from _of_capacity(ref, heard, sitting, known)
            yield from _agreement(ref, heard, sitting)
            bare = {one: at for one, at in heard.agreed.items() if one not in heard.explained}
            yield from agreed_away(ref, bare, sitting, known)
            yield from _given_voice(ref, heard, sitting, known)
            yield from _taking_part(ref, sitting)


def _reports(ref: ConferenceRef, heard: Heard, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Ask whether the report was considered, and held what it should (R21, R64).

    One that an earlier meeting considered is not new to a review, or to one called again.
    """
    at = sitting.held
    there = any(
        could_precede(one.when, at.when)
        and not considered_before(_INVESTIGATION, one, sitting, known)
        for one in within(known.report_marks, at, known)
    )
    if there and not heard.reports:
        words = "A report was submitted, and the record does not show the meeting considering it."
        yield found("report_not_considered", "R21 R64", "medium", words, at=at, subject=ref)
    if heard.report is not None:  # a whole one, considered later, makes up for it
        at, event = heard.report
        says = set(_says(event, at, known))
        words = "The report considered lacks the adult's stated wishes or the proposed outcomes."
        if "no" not in says:
            words = "Whether the report considered states the adult's wishes and proposes outcomes "
            words += "is not recorded."
        if says != {"yes"}:
            yield found("report_incomplete", "R64", "medium", words, at=at, subject=ref)


def _says(event: ReportConsidered, at: Mark, known: Known) -> Iterator[str]:
    """What a report says of wishes and of outcomes: as considered, or else as it was submitted."""
    its = [
        one.says
        for one in known.reports_submitted
        if one.kind == _INVESTIGATION
        and (event.report or one.ref) == one.ref
        and (event.organisation or one.organisation) == one.organisation
        and could_precede(one.at.when, at.when)
    ]
    for number, said in enumerate((event.stated_wishes, event.proposed_outcomes)):
        submitted = {one[number] for one in its}
        yield min(submitted) if said == "not_recorded" and len(submitted) == 1 else said


def _views(ref: ConferenceRef, heard: Heard, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Ask whether the adult's views were put, and through whom (R54, R70, R208)."""
    at = sitting.held
    involved = known.involvements.get(ref)
    declined = involved is not None and involved.declined is not None
    declined = declined and not sitting.adult_attended
    spoke = {Code("advocate")} if ref in known.advocate_spoke else set[Code]()
    presenters = heard.presenters | spoke
    if not presenters:
        rules = "R54 R70 R208" if declined else "R70 R208"
        words = "The record does not show the adult's views being put to the meeting."
        yield found("views_not_presented", rules, "medium", words, at=at, subject=ref)
    elif declined and not presenters & SPEAKERS:
        words = "The adult declined; no representative, advocate or key worker put their views."
        yield found("views_by_another", "R54", "medium", words, at=at, subject=ref)


def _of_capacity(ref: ConferenceRef, heard: Heard, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Ask of views a meeting heard that capacity for what they are about was recorded (R49)."""
    involved = known.involvements.get(ref)
    sought = () if involved is None else involved.views
    views = [*sought, *(() if heard.presented is None else (heard.presented,))]
    if views and not known.capacity_of(OF_VIEWS, sitting.held):
        words = "The adult's views are recorded; no decision about their capacity for what they "
        words += "are about is recorded by the meeting."
        at, since = min(views, key=lambda one: one.position), sitting.held.when
        code = "views_without_capacity"
        yield found(code, "R49", "low", words, at=at, since=since, subject=ref)


def _agreement(ref: ConferenceRef, heard: Heard, sitting: Sat) -> Iterator[Finding]:
    """Ask where each agency stood, and whether another conference is needed (R85, R196)."""
    at = sitting.held
    came = {line.organisation for _, line in sitting.attendances if line.present}
    if any(agency is not None and agency not in heard.positions for agency in came):
        words = "An agency attended and whether it agreed is not recorded."
        yield found("position_not_recorded", "R196", "low", words, at=at, subject=ref)
    if not heard.further:
        words = "The record does not show a decision on whether a further conference is needed."
        yield found("further_not_decided", "R85", "low", words, at=at, subject=ref)


def _given_voice(ref: ConferenceRef, heard: Heard, sitting: Sat, known: Known) -> Iterator[Finding]:
    """Ask for anything that shows the adult could speak as they wished (R209 to R213)."""
    if not sitting.adult_attended:
        return
    involved, enabling = known.involvements.get(ref), known.enablings.get(ref)
    arranged = frozenset[Code]() if involved is None else involved.arranged
    arranged |= frozenset[Code]() if enabling is None else enabling.adjustments
    explained = explained_at(ref, sitting.held, known)
    if not (heard.own_words or heard.chose or explained or arranged & ENABLING):
        words = "The adult attended; nothing recorded shows how they were enabled to speak."
        rules = "R209 R210 R211 R212 R213"
        yield found("voice_not_enabled", rules, "low", words, at=sitting.held, subject=ref)


def _taking_part(ref: ConferenceRef, sitting: Sat) -> Iterator[Finding]:
    """Ask of everybody who came to contribute how they took part (R195)."""
    there = [line for _, line in sitting.attendances if line.present and line.role not in BESIDE]
    said = {_whose(line) for line in there if line.participation is not None} - {None}
    if any(line.participation is None and _whose(line) not in said for line in there):
        words = "How everybody took part in the meeting is not recorded."
        code, at = "participation_not_recorded", sitting.held
        yield found(code, "R195", "low", words, at=at, subject=ref)


def _whose(line: Attendance) -> ParticipantRef | Code | None:
    """Whom a line is about in every part; None where that cannot be told."""
    return line.participant or (line.role if line.role == "adult" else None)
