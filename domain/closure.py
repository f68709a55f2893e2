"""The end of a case, and taking it up again.

A closed case still takes what belongs to what it already holds (I14): `case` knows which.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeAlias, assert_never

from domain.episode import Episode, same, within
from domain.finding import Finding
from domain.known import Known
from domain.stage import Context, Looking, Mark, after, found, mark, recorded
from domain.told import certainly_before
from domain.words import Code, Fact, Passage, Slug, listed

# Capacity for one of these speaks of asking that it end: R7, R49.
DIED: Final = "died"  # of `closure_reason`: there is nobody to ask what they think of it
OF_CLOSING: Final = frozenset({Code("own_safety"), Code("enquiry"), Code("protection_plan")})

# ------------------------------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureProposed:
    """Somebody asked that the case be closed."""

    reason: Code = listed("closure_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    """The case was closed, with what was asked of whom before (B.3 section 8; R171).

    `review_considered` is whether a statutory review of the case was thought of;
    `informed` names the organisations told.
    """

    reason: Code = listed("closure_reason")
    reason_other: Passage | None = None
    views: Code = listed("closure_views")
    views_words: Passage | None = None
    rationale: Passage | None = None
    review_considered: Code = listed("yes_no_not_recorded")
    contact_given: Code = listed("yes_no_not_recorded")
    informed: tuple[Slug, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened:
    """A closed case is taken up again (I14)."""

    reason: Code = listed("reopening_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


Event: TypeAlias = ClosureProposed | CaseClosed | CaseReopened

# -------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One closure, as the rules remember it."""

    at: Mark
    reason: Code
    views: Code
    in_words: bool  # the adult's own, on what they think of it
    explained: bool
    review_considered: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Whether the case is closed, and how."""

    closed: Closed | None = None  # None while the case is open
    last: Closed | None = None  # the last closure, also of a case that was reopened
    closings: tuple[Closed, ...] = ()  # every one recorded, in order of entry
    proposed: Mark | None = None
    reopened: tuple[Mark, ...] = ()
    in_error: frozenset[int] = frozenset()  # where it was reopened since its closing was an error
    episodes: tuple[Episode, ...] = ()


initial = State()


def ended_by(closings: Collection[Mark], reopened: Collection[Mark]) -> Mark | None:
    """The closing that counts; None where the case is open.

    Of those after which the case was not taken up again it is the one that leaves most time before
    it, whichever was entered first; of one day the first entered, for that one closed the case.
    """
    undone = _undone(closings, reopened)
    return _counting([one for one in closings if not undone[one.position]])


def _counting(closings: Collection[Mark]) -> Mark | None:
    last = max((one.last or date.min for one in closings), default=None)
    return next((one for one in closings if (one.last or date.min) == last), None)


def _undone(closings: Collection[Mark], reopened: Collection[Mark]) -> dict[int, frozenset[int]]:
    """By which reopenings each closing was undone, by their positions.

    Those that came after it. Where it was the only thing there was to undo as a reopening was
    entered, the day stated of that is a slip: nobody takes up what is not closed.
    """
    undone: dict[int, set[int]] = {one.position: set() for one in closings}
    for again in reopened:
        by_time = [one for one in closings if after(again, one)]
        so_far = [one for one in closings if one.position < again.position]
        earlier = any(one.position < again.position for one in by_time)
        for one in by_time if earlier or not so_far else [*by_time, *so_far]:
            undone[one.position].add(again.position)
    return {position: frozenset(by) for position, by in undone.items()}


def evolve(state: State, fact: Fact[Event]) -> State:
    """Remember one fact."""
    match fact.event:
        case ClosureProposed():
            return replace(state, proposed=mark(fact))
        case CaseClosed() as event:
            closed = Closed(
                at=mark(fact),
                reason=event.reason,
                views=event.views,
                in_words=event.views_words is not None,
                explained=event.rationale is not None,
                review_considered=event.review_considered,
            )
            return _ended(replace(state, closings=(*state.closings, closed)))
        case CaseReopened(reason=reason):
            reopened, error = (*state.reopened, mark(fact)), reason == "closed_in_error"
            wrong = state.in_error | ({fact.position} if error else frozenset())
            return _ended(replace(state, proposed=None, reopened=reopened, in_error=wrong))
        case _:
            assert_never(fact.event)


def _ended(state: State) -> State:
    """Whether the case is closed by all that was recorded of its end, and how."""
    at = {one.at.position: one for one in state.closings}
    marks = [one.at for one in state.closings]
    counts = ended_by(marks, state.reopened)
    last = counts or _counting(marks[::-1])
    return replace(
        state,
        closed=None if counts is None else at[counts.position],
        last=None if last is None else at[last.position],
        episodes=_episodes(marks, state),
    )


def taken_up(
    closings: list[Mark], reopened: Collection[Mark], in_error: Collection[int]
) -> tuple[tuple[Mark, Mark], ...]:
    """Each reopening that begins an episode, after the closing that it was the first to undo.

    `in_error` are the positions of those for a closing in error, which begin none (`episode`).
    """
    undone = _undone(closings, reopened)
    first = {position: min(by, default=None) for position, by in undone.items()}
    found = list[tuple[Mark, Mark]]()
    for again in reopened:
        closed = _counting([one for one in closings if first[one.position] == again.position])
        if closed is not None and again.position not in in_error:
            found.append((closed, again))
    return tuple(found)


def _episodes(closings: list[Mark], state: State) -> tuple[Episode, ...]:
    """Each later episode, with what the case had been closed for."""
    reasons = {one.at.position: one.reason for one in state.closings}
    return tuple(
        Episode(closed=closed, closed_for=reasons[closed.position], reopened=again)
        for closed, again in taken_up(closings, state.reopened, state.in_error)
    )


# ---------------------------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeClosure:
    """Ask that the case be closed."""

    reason: Code = listed("closure_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    """Close the case."""

    reason: Code = listed("closure_reason")
    reason_other: Passage | None = None
    views: Code = listed("closure_views", default=Code("not_recorded"))
    views_words: Passage | None = None
    rationale: Passage | None = None
    review_considered: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    contact_given: Code = listed("yes_no_not_recorded", default=Code("not_recorded"))
    informed: tuple[Slug, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase:
    """Take a closed case up again."""

    reason: Code = listed("reopening_reason")
    reason_other: Passage | None = None
    rationale: Passage | None = None


Command: TypeAlias = ProposeClosure | CloseCase | ReopenCase


def decide(command: Command, state: State, known: Known, context: Context) -> tuple[Event, ...]:
    """Answer a command with what is to be recorded; nothing here refuses."""
    del state, known, context
    match command:
        case ProposeClosure():
            return (recorded(ClosureProposed, command),)
        case CloseCase():
            return (recorded(CaseClosed, command),)
        case ReopenCase():
            return (recorded(CaseReopened, command),)
        case _:
            assert_never(command)


# ----------------------------------------------------------------------------------- findings


def findings(state: State, known: Known, context: Looking) -> Iterator[Finding]:
    """Say what reviews have criticised in how cases were closed (procedure C.7)."""
    del context
    yield from _closed_again(state)
    yield from _closed_on_request(state, known)
    closed = state.closed
    if closed is None:
        return
    for code, rules, severity, words in _criticisms(closed, known):
        yield found(code, rules, severity, words, position=closed.at.position, since=closed.at.when)
    for code, rules, severity, words in _going_on(closed.at, known):
        yield found(code, rules, severity, words, position=closed.at.position, since=closed.at.when)
    for one, words in (*_begun_since(closed.at, known), *_begun_between(state, closed.at, known)):
        yield found("begun_in_closed_case", "R154", "medium", words, at=one)
    yield from _too_early(closed.at, known)


def _closed_again(state: State) -> Iterator[Finding]:
    """Say where a closing is recorded of a case that is closed by another already (R150)."""
    marks = [one.at for one in state.closings]
    undone = _undone(marks, state.reopened)
    first = set[frozenset[int]]()
    for one in marks:
        if undone[one.position] in first:
            words = (
                "The case was recorded as closed already, and had not been taken up again before "
                "this closing; the one of the latest day counts."
            )
            yield found("closed_again", "R150", "medium", words, at=one)
        first.add(undone[one.position])


def _closed_on_request(state: State, known: Known) -> Iterator[Finding]:
    """R7, R11, R49: what a closing at the adult's request rests on, also once it was reopened.

    Of each episode: a refusal that was not explored is no better for what came after (C.7). A
    closing in error was none.
    """
    ended = {one.closed.position for one in known.episodes}
    for closed in state.closings:
        if closed.reason != "adults_request":
            continue
        if closed is not state.closed and closed.at.position not in ended:
            continue
        if not within(known.risk_marks, closed.at, known):
            words = "The case was closed at the adult's request without an assessment of the risk."
            yield found("closed_on_request_without_risk", "R7 R11", "high", words, at=closed.at)
        if not known.capacity_of(OF_CLOSING, closed.at, decided=True):
            words = (
                "The case was closed at the adult's request without a decision on capacity for "
                "that."
            )
            code = "closed_on_request_without_capacity"
            yield found(code, "R7 R49", "high", words, at=closed.at)


def _begun_since(closed: Mark, known: Known) -> Iterator[tuple[Mark, str]]:
    """Conferences, enquiries and plans of a closed case, and how certainly they came after it.

    By their days, since a correction moves a day past the closing, or the closing before it: what
    was entered first may be of later. Of what was entered after the closing it has to be certain
    that it came before; a meeting is written up afterwards.
    """
    ended, begun = closed.when.earliest, _begun(known)
    for one in (*begun, *(sitting.held for sitting in known.sittings.values())):
        before = ended is not None and one.when.latest is not None and one.when.latest <= ended
        told = one.stated or one.position > closed.position
        if told and certainly_before(closed.when, one.when):
            yield one, "The case is closed, and this is dated after it was."
        elif one in begun and one.position > closed.position and not before:
            words = "The case is closed, and it is not certain that this was begun before it was."
            yield one, words


def _begun_between(state: State, closed: Mark, known: Known) -> Iterator[tuple[Mark, str]]:
    """What was begun, or held, after an earlier closing that no reopening has undone.

    So it is once a reopening is withdrawn, and the round that it began stands. Entered after that
    closing: one told late of an earlier day makes no case closed that was being worked on.
    """
    undone = _undone([one.at for one in state.closings], state.reopened)
    standing = [one.at for one in state.closings if not undone[one.at.position]]
    for one in (*_begun(known), *(sitting.held for sitting in known.sittings.values())):
        if certainly_before(closed.when, one.when):
            continue  # after the closing that counts too
        before = (it for it in standing if it.position < one.position < closed.position)
        if any(certainly_before(it.when, one.when) for it in before):
            yield one, "The case had been closed before this, and was not taken up again."


def _begun(known: Known) -> tuple[Mark, ...]:
    """The conferences, enquiries and plans of a case, where each was begun."""
    return (
        *(one.convened for one in known.conferences.values()),
        *known.enquiries.values(),
        *(one.agreed for one in known.plans.values()),
    )


def _too_early(closed: Mark, known: Known) -> Iterator[Finding]:
    """R150: of a case closed before the referral that it was entered after, one day is wrong."""
    before = [one for one in known.referrals if one.position < closed.position]
    if before and all(certainly_before(closed.when, one.when) for one in before):
        words = "The case is recorded as closed before its referral was received."
        yield found("closed_before_referral", "R150", "low", words, at=closed)


def _criticisms(closed: Closed, known: Known) -> Iterator[tuple[str, str, str, str]]:
    """Each criticism of a closure: code, rules, severity, words."""
    if not closed.explained:
        yield ("closed_without_rationale", "R154", "medium", "The case was closed without reasons.")
    viewed = [views for views, at in known.closure_viewed if same(at, closed.at, known)]
    if closed.views == "disagrees" and not closed.in_words and "disagrees" not in viewed:
        words = "The case was closed though the adult disagrees; that this was explored is not "
        words += "recorded."
        yield "disagreement_not_explored", "R13", "medium", words
    unheard = closed.views in {"not_asked", "not_recorded"} and closed.reason != DIED
    if unheard and not viewed:
        yield (
            "closed_without_views",
            "R13",
            "medium",
            "The case was closed; what the adult thought of it is not recorded.",
        )
    if closed.review_considered != "yes" and not within(known.review_considered, closed.at, known):
        yield (
            "review_not_considered",
            "R141",
            "low",
            "The case was closed without a record that a review of it was considered.",
        )


def _going_on(closed: Mark, known: Known) -> Iterator[tuple[str, str, str, str]]:
    """Criticise that the enquiry or the plan had not ended as the case was closed."""
    enquiry = plan = None
    if known.enquiry_open:
        enquiry = "The case was closed; that its enquiry was concluded is not recorded."
    elif _moved_behind(closed, known.enquiries_concluded):
        enquiry = "The case was closed, and its enquiry is dated as concluded after that."
    if enquiry is not None:
        yield "closed_with_open_enquiry", "R147 R154", "medium", enquiry
    if known.plan_active:
        plan = "The case was closed while its plan is active."
    elif _moved_behind(closed, known.plans_ended):
        plan = "The case was closed, and its plan is dated as ended after that."
    if plan is not None:
        yield "closed_with_active_plan", "R90", "medium", plan


def _moved_behind(closed: Mark, ended: Mapping[Any, Mark]) -> bool:
    """Whether something ended for certain after the closing, and was entered before it.

    So it is once either was corrected, or the closing is told late. What was forgotten, and is
    ended once that is seen, is entered after the closing, and puts it right (I14).
    """
    return any(
        one.stated and one.position < closed.position and certainly_before(closed.when, one.when)
        for one in ended.values()
    )
