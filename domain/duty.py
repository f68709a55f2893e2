"""Whether the concern counts, and whether the council must enquire.

The test is the jurisdiction's list of criteria; its decision is recorded under the nation's own
name (`duty_event`), so a history reads in the words of the law it was made under.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

from domain.episode import same
from domain.finding import Finding
from domain.known import Known
from domain.lasting import until
from domain.lateness import came_late, dead_by, died_since, ended_before, explained, late, spared
from domain.policy import UNENQUIRED
from domain.stage import Context, Looking, Mark, after, due_by, found, mark, recorded
from domain.told import certainly_before
from domain.when import When, on_day
from domain.words import Code, Due, Fact, Passage, Slug, listed, numbering

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernCounted:
    """Whether this concern counts in the return, and by which version of which rule (R146).

    `edition` is what the version is called of a rule that has several, such as a council's own;
    what such a rule says is told in `reason`, which is sealed.
    """

    counted: bool
    rule: Code = listed("counting_rule")
    edition: Slug | None = None
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """The answer to one criterion of the duty test."""

    criterion: Code = listed("duty_criterion")
    answer: Code = listed("yes_no_not_known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section42DutyDecided:
    """Whether the council must make enquiries, criterion by criterion (R146, R154).

    `evidence` are the entries of the case it rests on, `options` what else was considered.
    """

    criteria: tuple[Criterion, ...]
    result: Code = listed("duty_result")
    met: bool
    disposal: Code | None = listed("disposal")
    decided_on: date
    rationale: Passage | None = None
    evidence: tuple[int, ...] = numbering(default=())
    options: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreePointCriteriaDetermined:
    """Whether the adult is an adult at risk and the council must inquire (R154, R184)."""

    criteria: tuple[Criterion, ...]
    result: Code = listed("duty_result")
    met: bool
    disposal: Code | None = listed("disposal")
    decided_on: date
    rationale: Passage | None = None
    evidence: tuple[int, ...] = numbering(default=())
    options: Passage | None = None


Event: TypeAlias = ConcernCounted | Section42DutyDecided | ThreePointCriteriaDetermined

_DUTY_EVENTS: Mapping[str, type[Section42DutyDecided | ThreePointCriteriaDetermined]] = {
    "section42-duty-decided": Section42DutyDecided,
    "three-point-criteria-determined": ThreePointCriteriaDetermined,
}

_UNDECIDED = "not_yet_known"
_GONE = frozenset({"died", "moved"})  # of `closure_reason`

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The current decision on the duty to enquire."""

    met: bool
    result: Code
    answers: tuple[Code, ...]
    decided_on: date
    explained: bool
    disposed: bool
    position: int
    at: Mark  # on the day that it says it was taken

    @property
    def refused(self) -> bool:
        """Whether it was decided that there is none."""
        return not self.met and self.result != _UNDECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was decided about the duty: last, and each time."""

    counted: bool | None = None
    counts: tuple[tuple[Mark, bool], ...] = ()  # where it was decided whether the concern counts
    duties: tuple[Duty, ...] = ()  # each decision, by its day; of one day as they were entered

    @property
    def duty(self) -> Duty | None:
        """The last: one entered late, of an earlier day, takes no place of it."""
        return self.duties[-1] if self.duties else None

    @property
    def decided(self) -> tuple[Mark, ...]:
        """Where each decision stands, on the day that it says it was taken."""
        return tuple(one.at for one in self.duties)

    @property
    def refused_on(self) -> date | None:
        """The day it was decided that there is no duty; None where there is, or none yet."""
        return None if self.duty is None or not self.duty.refused else self.duty.decided_on

    @property
    def refused_at(self) -> Mark | None:
        """Where that decision stands, on its day."""
        return None if self.duty is None or self.refused_on is None else self.duty.at


initial = State()


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case ConcernCounted(counted=counted):
            counts = (*state.counts, (mark(fact), counted))
            return replace(state, counted=counted, counts=counts)
        case Section42DutyDecided() | ThreePointCriteriaDetermined() as event:
            at = replace(mark(fact), when=on_day(event.decided_on))
            every = sorted((*state.duties, _duty(event, at)), key=lambda one: one.decided_on)
            return replace(state, duties=tuple(every))
        case _:
            assert_never(fact.event)


def _duty(event: Section42DutyDecided | ThreePointCriteriaDetermined, at: Mark) -> Duty:
    """Remember the decision; a later one of its episode takes its place."""
    return Duty(
        met=event.met,
        result=event.result,
        answers=tuple(one.answer for one in event.criteria),
        decided_on=event.decided_on,
        explained=event.rationale is not None,
        disposed=event.disposal is not None,
        position=at.position,
        at=at,
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class CountConcern:
    """Decide whether the concern counts in the return."""

    counted: bool
    rule: Code = listed("counting_rule")
    edition: Slug | None = None
    reason: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDuty:
    """Decide whether the council must enquire.

    Recorded as the nation's own event.
    """

    criteria: tuple[Criterion, ...]
    result: Code = listed("duty_result")
    disposal: Code | None = listed("disposal", default=None)
    decided_on: date
    rationale: Passage | None = None
    evidence: tuple[int, ...] = numbering(default=())
    options: Passage | None = None


Command: TypeAlias = CountConcern | DecideDuty


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded; nothing here refuses."""
    del state, known
    match command:
        case CountConcern():
            return (recorded(ConcernCounted, command),)
        case DecideDuty():
            return (decide_duty(command, context),)
        case _:
            assert_never(command)


def decide_duty(
    command: DecideDuty, context: Context
) -> Section42DutyDecided | ThreePointCriteriaDetermined:
    """Record the decision under the nation's name; `met` is what its results say."""
    event = _DUTY_EVENTS[context.jurisdiction.duty_event]
    return recorded(event, command, met=command.result not in context.jurisdiction.no_duty_results)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what the sources would criticise in how the duty was decided."""
    yield from _enquired_uncounted(state, known, context)
    yield from _late(state, known)
    if state.duty is None or not _of_this_episode(state.duty, known):
        yield from _undecided(known, context)
    yield from _left_undecided(state, known)
    if state.duty is None:
        return
    yield from _decided_early(state, known)
    for one in last_of_each(state, known):
        yield from _unexplained(one, known)
        yield from _disagreeing(one, context)
        yield from _unenquired(one, state, known, context)
        yield from _enquired_all_the_same(one, known, context)


def last_of_each(state: State, known: Known) -> list[Duty]:
    """Give the decision that counts of each episode: one of another takes no place of it (B.4)."""
    last = {_episode(one, known): one for one in state.duties}
    return [last[number] for number in sorted(last)]


def _episode(duty: Duty, known: Known) -> int:
    """In which episode the duty was decided; after a closing, in the next."""
    return sum(after(duty.at, one.closed) for one in known.episodes)


def _undecided(known: Known, context: Looking) -> Iterator[Finding]:
    """R150: every decision is on record, and this one has a time; a later closing ends it not."""
    due = known.decision_due
    if not known.referrals or due is None or due.on >= context.on:
        return
    at, started = known.asked_anew, known.inquiry_started
    begun = at or known.referrals[0]
    if spared(due, begun, known) or (known.closed_at is not None and _sent_on(begun, due, known)):
        return
    if started is not None and (at is None or _answers(started, at)):
        return  # what is due by then is that the council begins to inquire
    yield _not_decided(begun, due)


def _left_undecided(state: State, known: Known) -> Iterator[Finding]:
    """R150: nor does an episode that ended after that day end it; the next is decided on anew."""
    asked, started = _asked(known), known.inquiry_started
    done = (*state.decided, *(() if started is None else (started,)))
    for number, (begun, due) in enumerate(asked[:-1]):
        later = [one for one, _ in asked[number + 1 :]]
        now = known.asked_anew or known.referrals[0]
        answered = any(
            (not number or _answers(one, begun)) and not any(_answers(one, it) for it in later)
            for one in done
        )
        if due is None or answered or begun == now or ended_before(due, begun, known):
            continue
        if not _sent_on(begun, due, known):
            yield _not_decided(begun, due)


def _not_decided(begun: Mark, due: Due) -> Finding:
    words = f"A decision on the duty to enquire was due by {due_by(due)}; none is recorded."
    return found("duty_not_decided", "R150", "medium", words, at=begun, since=due)


def _sent_on(begun: Mark, due: Due, known: Known) -> bool:
    """Whether a concern of a case since closed was sent elsewhere by the day it was due on."""
    days = [at.first for at in known.redirected if not after(begun, at)]
    return any(day is None or day <= due.on for day in days)


def _decided_early(state: State, known: Known) -> Iterator[Finding]:
    """R150: a decision is about a concern that was received, by what is now understood of both."""
    received = [one.when for one in known.referrals]
    for at in state.decided:
        if received and all(certainly_before(at.when, one) for one in received):
            words = (
                "The decision on the duty to enquire is recorded as taken before the referral was "
                "received."
            )
            yield found("duty_decided_before_referral", "R150", "low", words, at=at)


def _of_this_episode(duty: Duty, known: Known) -> bool:
    """Whether the duty was decided since the case was last taken up on a new referral (B.4).

    A decision after the closing is of this episode, also where it was recorded before the referral
    was, or taken on the day it came.
    """
    anew, closed = known.asked_anew, known.last_closed
    if anew is None or (closed is not None and after(duty.at, closed)):
        return True
    return anew.first is None or _answers(duty.at, anew)


def _answers(done: Mark, asked: Mark) -> bool:
    """Whether what is asked on a referral was done since, or on the day that it came."""
    on_it = done.day is not None and done.day == asked.first
    return on_it or after(done, asked)


def _late(state: State, known: Known) -> Iterator[Finding]:
    """R150, R154: what came first of deciding and beginning to inquire came by its day.

    Of each episode: that the next one's came in time makes up for none.
    """
    started = () if known.inquiry_started is None else (known.inquiry_started,)
    first, asked = known.referrals[:1], _asked(known)
    for number, (begun, due) in enumerate(asked):
        later = [one for one, _ in asked[number + 1 :]]
        answers = [
            one
            for one in (*state.decided, *started)
            if (begun in first or _answers(one, begun))
            and not any(_answers(one, it) for it in later)
        ]
        at = came_late(answers, due, known)
        if at is None or due is None:
            continue
        why = explained(known, begun.when, at.when)
        if at in started:
            said = late("The beginning of the inquiry", at, due, why=why)
            one = found("inquiry_started_late", "R150", *said, at=at, since=due)
        else:
            said = late("The decision on the duty to enquire", at, due, why=why)
            one = found("duty_decided_late", "R150 R154", *said, at=at, since=due)
        yield one.once("duty_not_decided", begun.position)


def _asked(known: Known) -> list[tuple[Mark, Due | None]]:
    """Give each referral that began an episode, and by when it is decided on (R150)."""
    first = [at for at in known.referrals[:1] if known.first_decision_due is not None]
    return [*((at, known.first_decision_due) for at in first), *known.decisions_due]


def _unexplained(duty: Duty, known: Known) -> Iterator[Finding]:
    """R154: reasons for what was decided, and for what was done instead."""
    if not duty.explained:
        yield found(
            "duty_without_rationale",
            "R154",
            "medium",
            "The decision on the duty to enquire gives no reasons.",
            position=duty.position,
            since=duty.decided_on,
        )
    elsewhere = (at for at in known.redirected if _since_reopened(at, duty, known))
    disposed = duty.disposed or any(elsewhere)
    if not duty.met and not disposed and duty.result != _UNDECIDED:
        yield found(
            "disposal_not_recorded",
            "R154",
            "low",
            "There was no duty to enquire; what was done instead is not recorded.",
            position=duty.position,
            since=duty.decided_on,
        )


def _since_reopened(at: Mark, duty: Duty, known: Known) -> bool:
    """Whether a concern sent elsewhere may be the one that was decided on, and no earlier one."""
    return not any(
        not after(at, one.closed) and after(duty.at, one.reopened) for one in known.episodes
    )


def _disagreeing(duty: Duty, context: Looking) -> Iterator[Finding]:
    """R154: the evidence of how the decision was reached supports it."""
    asked = len(duty.answers) >= len(context.jurisdiction.criteria)
    if (asked and all(answer == "yes" for answer in duty.answers)) != duty.met:
        yield found(
            "duty_differs_from_criteria",
            "R154",
            "medium",
            "The result of the decision and the answers to its criteria do not agree.",
            position=duty.position,
            since=duty.decided_on,
        )


def _unenquired(duty: Duty, state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R146, R150: a duty to enquire is followed by an enquiry, in the time the authority gives.

    A closing ends that time, but where the adult died or went elsewhere before it was over. One
    opened for an earlier duty answers while it is open.
    """
    limit = context.law_of(duty.position, on_day(duty.decided_on)).limits.get(UNENQUIRED)
    if not duty.met or limit is None or _enquired(duty, state, known):
        return
    due, closed, reason = until(limit, duty.decided_on), known.closed_at, known.closed_for
    since: date | When = due
    number = _episode(duty, known)
    if duty is not state.duty and number < len(known.episodes):
        closed, reason = known.episodes[number].closed, known.episodes[number].closed_for
    last = None if closed is None else closed.last
    death = known.died_beside if died_since(duty.at, known) else None
    if death is not None and death.last is not None and death.last <= due:
        return
    if dead_by(due, known):
        return
    if closed is not None and last is not None and last <= due:
        if reason in _GONE:
            return
        since = closed.when
        words = "There is a duty to enquire; the case was closed, and no enquiry is recorded."
    else:
        words = (
            f"There is a duty to enquire; an enquiry was due to be opened by {due.isoformat()}, "
        )
        words += "and none is recorded."
        if due >= context.on:
            return
    code, at = "duty_without_enquiry", duty.position
    yield found(code, "R146 R150", "high", words, position=at, since=since)


def _enquired(duty: Duty, state: State, known: Known) -> bool:
    """Whether an enquiry answers a duty: its own, or one that began the same episode.

    One begun after the duty was decided again, in a later episode, answers that.
    """
    begun = [*known.enquiries.values()]
    begun += [] if known.inquiry_started is None else [known.inquiry_started]
    number = _episode(duty, known)
    before = known.episodes[number - 1].closed if number else None
    later = [one.at for one in last_of_each(state, known) if _episode(one, known) > number]
    own = any(
        (before is None or after(at, before)) and not any(after(at, one) for one in later)
        for at in begun
    )
    goes_on = duty is state.duty and known.enquiry_open
    return own or goes_on or known.large_scale(duty.at) or known.transferred


def _enquired_uncounted(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """R146: what is enquired into counts among the concerns that it is a part of.

    As was last decided of the concern of its own episode.
    """
    for enquiry, (kind, _) in known.enquiry_kinds.items():
        begun = known.enquiries[enquiry]
        said = [(at, counted) for at, counted in state.counts if same(at, begun, known)]
        if kind not in context.jurisdiction.duty_enquiries or not said or said[-1][1]:
            continue
        last = said[-1][0]
        words = "An enquiry under the duty was opened on a concern that is recorded as not counted."
        since = max(begun, last, key=lambda at: at.position).when
        code, at = "enquiry_on_concern_not_counted", last.position
        yield found(code, "R146", "medium", words, position=at, since=since, subject=enquiry)


def _enquired_all_the_same(duty: Duty, known: Known, context: Looking) -> Iterator[Finding]:
    """R154: an enquiry begun after it was decided that there is no duty rests on no decision.

    Of the episode in which that was decided.
    """
    if not duty.refused:
        return
    number = _episode(duty, known)
    for enquiry, (kind, opened_on) in known.enquiry_kinds.items():
        at = known.enquiries[enquiry]
        later = after(replace(at, when=on_day(opened_on)), duty.at)
        later = later and number == sum(after(at, one.closed) for one in known.episodes)
        if later and kind in context.jurisdiction.duty_enquiries:
            words = (
                "It was decided that there is no duty to enquire; an enquiry under it was opened "
                "since, and the decision was not taken anew."
            )
            code = "enquiry_without_duty"
            yield found(code, "R146 R154", "medium", words, at=at, subject=enquiry)
