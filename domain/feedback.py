"""Telling people: the adult, the referrer, the person alleged to have caused harm.

Who is to tell whom is decided at the meeting; that it was done, or not, and why, is recorded here.
Who is given the plan stands in `plan_copies`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.episode import within
from domain.finding import Finding
from domain.known import Known, Sat
from domain.known_later import undecided_since, untold_since
from domain.lateness import came_late, explained, late, not_done
from domain.outcome_known import may_follow
from domain.referrers import told_late, untold
from domain.refusal import NotFound
from domain.stage import Context, Looking, Mark, after, due_from, found, mark, recorded, set_then
from domain.words import (
    Code,
    ConferenceRef,
    Due,
    Fact,
    Passage,
    PersonRef,
    Slug,
    WorkerRef,
    listed,
    numbering,
)

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackResponsibilityAssigned:
    """Who will report back, and to whom (R57, R168)."""

    conference: ConferenceRef
    part: int | None = None
    audience: Code = listed("feedback_audience")
    assignee: WorkerRef | None = None
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeContactNamed:
    """Whom the adult can contact to disagree or comment (R58, R170)."""

    conference: ConferenceRef
    part: int | None = None
    contact: Passage | None = None
    told_adult: Code = listed("yes_no_not_known")


@dataclass(frozen=True, slots=True, kw_only=True)
class PachFeedbackDecided:
    """What the person alleged to have caused harm, or their employer, is told (R172 to R174).

    `pach` is whom it is about; a decision that names nobody is of the only one known by then.
    `organisation` is the employer where the audience is one.
    """

    conference: ConferenceRef
    part: int | None = None
    audience: Code = listed("feedback_audience")
    pach: PersonRef | None = None
    content: Code = listed("feedback_content")
    organisation: Slug | None = None
    rationale: Passage | None = None
    assignee: WorkerRef | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven:
    """Somebody was told the outcome (R169, R171, R175).

    `referral` is the case version of the referral whose referrer that was, where it is said.
    """

    conference: ConferenceRef | None = None
    audience: Code = listed("feedback_audience")
    content: Code = listed("feedback_content")
    method: Code = listed("contact_method")
    detail: Passage | None = None
    supported_by: Passage | None = None
    referral: int | None = numbering(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackNotGiven:
    """Somebody was not told, and why (R171)."""

    conference: ConferenceRef | None = None
    audience: Code = listed("feedback_audience")
    reason: Code = listed("withheld_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


Event: TypeAlias = (
    FeedbackResponsibilityAssigned
    | ChallengeContactNamed
    | PachFeedbackDecided
    | FeedbackGiven
    | FeedbackNotGiven
)

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A duty to report back."""

    audience: Code
    assignee: WorkerRef | None
    due: Due | None
    at: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a conference decided on telling whoever is alleged to have caused harm, or an employer.

    `nothing`: that they are told nothing, which nobody has to do.
    """

    conference: ConferenceRef
    audience: Code
    pach: PersonRef | None
    organisation: Slug | None
    nothing: bool
    assignee: WorkerRef | None
    due: date | None
    at: Mark

    @property
    def whom(self) -> tuple[object, ...]:
        """Of telling whom, at which conference: what is decided of that last stands."""
        return (self.conference, self.audience, self.pach, self.organisation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Somebody was told, or it was decided that they are not.

    Of which conference, and of which referral (by its number), where that is named.
    """

    audience: Code
    conference: ConferenceRef | None
    explained: bool
    received_only: bool
    referral: int | None
    at: Mark

    def answers(self, duty: Assigned | Decided, ref: ConferenceRef) -> bool:
        """Whether this is what a duty of that conference asked for, or may be (R169)."""
        if self.audience != duty.audience or self.conference not in {ref, None}:
            return False
        return self.conference == ref or after(self.at, duty.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Who was to be told, and who was."""

    assigned: Mapping[ConferenceRef, tuple[Assigned, ...]] = field(default_factory=dict)
    challenge: frozenset[ConferenceRef] = frozenset()
    pach: Mapping[tuple[object, ...], Decided] = field(default_factory=dict)  # by `whom`
    pach_told_alone: tuple[Mark, ...] = ()
    given: tuple[Answered, ...] = ()
    not_given: tuple[Answered, ...] = ()


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    at = mark(fact)
    match fact.event:
        case FeedbackResponsibilityAssigned(conference=ref) as event:
            new = Assigned(audience=event.audience, assignee=event.assignee, due=event.due, at=at)
            assigned = {**state.assigned, ref: (*state.assigned.get(ref, ()), new)}
            return replace(state, assigned=assigned)
        case ChallengeContactNamed(contact=None):
            return state  # which names nobody
        case ChallengeContactNamed(conference=ref):
            return replace(state, challenge=state.challenge | {ref})
        case PachFeedbackDecided() as event:
            decided = Decided(
                conference=event.conference,
                audience=event.audience,
                pach=event.pach,
                organisation=event.organisation,
                nothing=event.content == "none",
                assignee=event.assignee,
                due=event.due,
                at=at,
            )
            return replace(state, pach={**state.pach, decided.whom: decided})
        case FeedbackGiven(content="none"):
            return state  # nothing was told: that it is not to be is decided apart, and why
        case FeedbackGiven(audience=audience, supported_by=supporter):
            alone = (at,) if audience == "pach" and supporter is None else ()
            told_alone = (*state.pach_told_alone, *alone)
            given = (*state.given, _answered(fact.event, at))
            return replace(state, given=given, pach_told_alone=told_alone)
        case FeedbackNotGiven() as event:
            return replace(state, not_given=(*state.not_given, _answered(event, at)))
        case _:
            assert_never(fact.event)


def _answered(event: FeedbackGiven | FeedbackNotGiven, at: Mark) -> Answered:
    """Remember an answer; of one who was not told, whether a reason or the thinking is given."""
    reasoned = isinstance(event, FeedbackGiven) or event.reason != "not_recorded"
    return Answered(
        audience=event.audience,
        conference=event.conference,
        explained=reasoned or getattr(event, "rationale", None) is not None,
        received_only=isinstance(event, FeedbackGiven) and event.content == "received_only",
        referral=event.referral if isinstance(event, FeedbackGiven) else None,
        at=at,
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignFeedback:
    """Decide who will report back; for the adult the nation's time limit is reckoned."""

    conference: ConferenceRef
    part: int | None = None
    audience: Code = listed("feedback_audience")
    assignee: WorkerRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameChallengeContact:
    """Name whom the adult can contact to disagree."""

    conference: ConferenceRef
    part: int | None = None
    contact: Passage | None = None
    told_adult: Code = listed("yes_no_not_known", default=Code("not_recorded"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePachFeedback:
    """Decide what the person alleged to have caused harm, or their employer, is told.

    Where several people are known, `pach` says whom: one that names nobody answers for none of
    them, and stands as it is.
    """

    conference: ConferenceRef
    part: int | None = None
    audience: Code = listed("feedback_audience", default=Code("pach"))
    pach: PersonRef | None = None
    content: Code = listed("feedback_content")
    organisation: Slug | None = None
    rationale: Passage | None = None
    assignee: WorkerRef | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFeedback:
    """Note that somebody was told."""

    conference: ConferenceRef | None = None
    audience: Code = listed("feedback_audience")
    content: Code = listed("feedback_content")
    method: Code = listed("contact_method", default=Code("not_recorded"))
    detail: Passage | None = None
    supported_by: Passage | None = None
    referral: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAgainstFeedback:
    """Note that somebody is not told, and why."""

    conference: ConferenceRef | None = None
    audience: Code = listed("feedback_audience")
    reason: Code = listed("withheld_reason", default=Code("not_recorded"))
    reason_other: Passage | None = None
    rationale: Passage | None = None


Command: TypeAlias = (
    AssignFeedback
    | NameChallengeContact
    | DecidePachFeedback
    | GiveFeedback
    | DecideAgainstFeedback
)


def decide(
    command: Command,
    state: State,  # noqa: ARG001 — every stage is asked alike
    known: Known,
    context: Context,
) -> tuple[Event, ...]:
    """Answer one command with the event that records it.

    Raises:
        NotFound: the conference, or the referral, is not of this case.
    """
    _in_this_case(command, known)
    match command:
        case AssignFeedback():
            due = _due(command, known, context)
            return (recorded(FeedbackResponsibilityAssigned, command, due=due),)
        case NameChallengeContact():
            return (recorded(ChallengeContactNamed, command),)
        case DecidePachFeedback():
            return (recorded(PachFeedbackDecided, command),)
        case GiveFeedback():
            return (recorded(FeedbackGiven, command),)
        case DecideAgainstFeedback():
            return (recorded(FeedbackNotGiven, command),)
        case _:
            assert_never(command)


def _in_this_case(command: Command, known: Known) -> None:
    """Hold the conference and the referral a command names to those of the case."""
    conference = getattr(command, "conference", None)
    if conference is not None and conference not in known.conferences:
        raise NotFound("There is no such conference in this case.", field="conference")
    referral = getattr(command, "referral", None)
    if referral is not None and referral not in known.referral_numbers:
        words = "That entry brought no concern to this case: name the one that did."
        raise NotFound(words, field="referral")


def _due(command: AssignFeedback, known: Known, context: Context) -> Due | None:
    """Reckon when the adult is to be told, where the authority has a limit (R169).

    From the day of the conference; where that is not recorded as held, from when this was decided.
    """
    if command.audience != "adult":
        return None
    sitting = known.sittings.get(command.conference)
    start = context.occurred if sitting is None else sitting.held.when
    return due_from("feedback_to_adult", start, context)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Criticise who was left untold, or told without support."""
    for ref, sitting in known.sittings.items():
        conference = known.conferences.get(ref)
        if conference is None or conference.kind != "core_group":
            yield from _decided(ref, state, known, sitting)
    yield from _overdue(state, known, context)
    for at in state.pach_told_alone if known.pach_needs_support else ():
        words = (
            "The person alleged to have caused harm lacks capacity; no support is recorded when "
        )
        words += "they were told."
        yield found("pach_told_unsupported", "R175", "medium", words, at=at)
    told = [one.at for one in (*state.given, *state.not_given) if one.audience == "pach"]
    people = {one.pach for one in state.pach.values() if one.audience == "pach"}
    yield from untold_since(people, told, known)
    employers = {one.organisation for one in state.pach.values() if one.audience == "employer"}
    yield from undecided_since(employers, known)
    yield from untold((*state.given, *state.not_given), known)
    yield from told_late(state.given, state.not_given, known, context)
    for one in state.not_given:
        if not one.explained:
            words = "It was decided that somebody is not told the outcome; the reason is not "
            words += "recorded."
            yield found("feedback_refusal_unexplained", "R171", "low", words, at=one.at)


def _decided(ref: ConferenceRef, state: State, known: Known, sitting: Sat) -> Iterator[Finding]:
    """Ask what the meeting decided about telling people (R57, R58, R168)."""
    at = sitting.held
    assigned = state.assigned.get(ref, ())
    if not any(one.audience == "adult" and one.assignee is not None for one in assigned):
        rules = "R168" if sitting.adult_attended else "R57 R168"
        words = "The record does not show who was to report back to the adult."
        yield found("feedback_not_assigned", rules, "medium", words, at=at, subject=ref)
    if not sitting.adult_attended and ref not in state.challenge:
        words = "The adult was absent, and whom they can contact to disagree is not recorded."
        yield found("no_challenge_contact", "R58", "medium", words, at=at, subject=ref)
    yield from _to_pach(ref, state, known, at)


def _to_pach(ref: ConferenceRef, state: State, known: Known, held: Mark) -> Iterator[Finding]:
    """Ask what everybody known as alleged to have caused harm, and their employers, are told.

    Of those who are in this episode; a decision that names nobody, or no employer, is of the only
    one (R172 to R174).
    """
    of_it = [one for one in state.pach.values() if one.conference == ref]
    alleged = [(who, employer) for who, employer, at in known.pach_of(held) if _by(at, held)]
    people = {who for who, _ in alleged}
    decided = {one.pach for one in of_it if one.audience == "pach"}
    if None in decided and len(people) == 1:
        decided |= people
    if people - decided:
        words = "The conference does not record what the person alleged to have caused harm is to "
        words += "be told."
        yield found("pach_feedback_not_decided", "R172", "high", words, at=held, subject=ref)
    employers = {employer for _, employer in alleged if employer is not None}
    told = {one.organisation for one in of_it if one.audience == "employer"}
    if None in told and len(employers) == 1:
        told |= employers
    if employers - told:
        words = "The conference does not record what each employer of a person alleged to have "
        words += "caused harm is to be told."
        yield found("employer_feedback_not_decided", "R173", "medium", words, at=held, subject=ref)
    for one in of_it:
        if one.assignee is None and not one.nothing:
            words = "Who is to tell the person alleged to have caused harm, or their employer, is "
            words += "not recorded."
            code = "pach_feedback_unassigned"
            yield found(code, "R174", "medium", words, at=one.at, subject=ref)


def _by(at: Mark, held: Mark) -> bool:
    """Whether something was so by the day of a meeting, however late it may have been."""
    return at.last is not None and held.last is not None and at.last <= held.last


def _overdue(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say where somebody was due to be told, and was not or late, nor decided against.

    The adult (R169), and whom a meeting set a day for: the person alleged, an employer (R174).
    """
    for ref, duties in state.assigned.items():
        for one in duties:
            yield from _by_its_day("R169", one, one.due, ref, state, known, context)
    for told in state.pach.values():
        if told.due is not None and not told.nothing:
            due = set_then(told.due, told.at)
            yield from _by_its_day("R174", told, due, told.conference, state, known, context)


_WHOM = {
    "adult": "the adult",
    "employer": "the employer of the person alleged to have caused harm",
}


def _by_its_day(  # noqa: PLR0917 — one duty, and what it is judged by
    rule: str,
    duty: Assigned | Decided,
    due: Due | None,
    ref: ConferenceRef,
    state: State,
    known: Known,
    context: Looking,
) -> Iterator[Finding]:
    """Ask whether one duty to tell somebody was met by its day.

    What was told before the meeting cannot be its outcome; that nothing is told may be decided, and
    is no telling that came late. A telling does not say which of several people was told: it is
    read kindly.
    """
    if due is None:
        return
    met = known.sittings.get(ref)
    given = [one for one in state.given if met is None or may_follow(one.at, met.held)]
    answers = [one for one in (*given, *state.not_given) if one.answers(duty, ref)]
    told = [*within((one.at for one in answers), duty.at, known)]
    against = {one.at.position for one in state.not_given}
    at = came_late(told, due, known)
    whom = _WHOM.get(duty.audience, "the person alleged to have caused harm")
    if at is not None and at.position not in against:
        why = explained(known, duty.at.when, at.when)
        which = (duty.pach or duty.organisation) if isinstance(duty, Decided) else None
        said = late(f"Telling {whom} the outcome", at, due, why=why)
        one = found("feedback_late", rule, *said, at=at, since=due, subject=ref, which=which)
        yield one.once("feedback_overdue", duty.at.position)
    if due.on < context.on and not told:
        words = not_done(f"Telling {whom} the outcome", due)
        since, code = due, "feedback_overdue"
        yield found(code, rule, "medium", words, at=duty.at, since=since, subject=ref)
