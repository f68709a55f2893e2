"""What was done late stays late: when it was done, by when it was due, and whether it says why.

Done, a thing is overdue no more; that it came late is a finding of its own, lighter where a reason
is recorded. A reason answers the conference it names, and one that names none what ran as it was
given. One given after the day is said to be, and by how long; after the conference was held, it
tells why, and makes nothing lighter. Of a time that is not certain the kindest reading counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Protocol, TypeAlias, TypeVar

from domain.episode import OfEpisodes, same
from domain.finding import Finding
from domain.known import Known, Sat
from domain.stage import Looking, Mark, after, could_precede, due_by, found
from domain.when import When, in_words
from domain.words import Code, ConferenceRef, Due

_DIED: Final = "died"  # of `closure_reason`
_A_FORTNIGHT: Final = timedelta(days=14)


class _Dated(Protocol):
    @property
    def on(self) -> date: ...


class _Held(Protocol):
    @property
    def held(self) -> Mark: ...


Held = TypeVar("Held", bound=_Held)
On = TypeVar("On", bound=_Dated)
Ref = TypeVar("Ref")
Says = TypeVar("Says")


def came_late(done: Iterable[Mark], due: Due | None, known: Known) -> Mark | None:
    """Give what was done first of what was due, where that was late for certain.

    Of a case closed by that day, also for a time, nothing was due: unless it was closed before the
    time began, and taken up again since.
    """
    marks = tuple(done)
    if due is None or not marks or any(at.first is None for at in marks):
        return None
    closed = known.last_closed
    before = closed is not None and closed.last is not None and closed.last < due.start
    if closed is not None and not before and (closed.first is None or closed.first <= due.on):
        return None
    first = min(marks, key=lambda at: (at.first or date.max, at.position))
    return first if first.first is not None and first.first > due.on else None


def spared(due: Due, begun: Mark, known: Known) -> bool:
    """Whether the closing of a closed case ended what was due: what it came after stays as it is.

    It was closed by that day, or may have been, since the time began; or the adult died, and when
    is not told in a case (`about_adult` says what was overdue before it). So it is of an open case,
    where one that is read as one with it was closed for the death, or where the adult's own record
    tells of one by that day.
    """
    return (died_since(begun, known) or dead_by(due.on, known)) or (
        known.closed_at is not None and ended_before(due, begun, known)
    )


def died_since(begun: Mark, known: Known) -> bool:
    """Whether a joined case was closed for the adult's death since, in the episode that goes on."""
    at = known.died_beside
    return (
        at is not None
        and after(at, begun)
        and not any(after(one.closed, begun) for one in known.episodes)
    )


def dead_by(day: date, known: Known) -> bool:
    """Whether the adult may have died by the end of a day, as their own record alone tells it."""
    at = known.died_told
    return at is not None and (at.first is None or at.first <= day)


def ended_before(due: Due, begun: Mark, known: Known) -> bool:
    """Whether the closing that the time ran into came by its day, or was for a death."""
    ends = [(one.closed, one.closed_for) for one in known.episodes]
    if known.closed_at is not None:
        ends.append((known.closed_at, known.closed_for or Code("other")))
    since = [one for one in ends if after(one[0], begun)]
    if not since:
        return True
    end, reason = min(since, key=lambda one: one[0].position)
    return reason == _DIED or end.first is None or end.first <= due.on


def explained(known: Known, begun: When, ended: When | None) -> bool:
    """Whether a reason for a delay is recorded of what ran from then to then."""
    return reason(known, begun, ended) is not None


def reason(
    known: Known,
    begun: When,
    ended: When | None,
    of: Collection[ConferenceRef] = (),
    until: date | None = None,
) -> Mark | None:
    """Give where the first reason was given of one of these, or of what ran from then to then.

    Also one given of no conference by `until`, after it ended: a meeting is written up afterwards.
    """
    every = []
    for one in known.delays:
        if one.conference is not None:
            every += [one.at] if one.conference in of else []
            continue
        given = one.at.when
        ran = could_precede(begun, given) and (ended is None or could_precede(given, ended))
        after = until is not None and (given.first_day or date.max) <= until
        if ran or (after and could_precede(begun, given)):
            every.append(one.at)
    return min(every, key=lambda at: (at.first or date.min, at.position), default=None)


def why(given: Mark | None, due: Due, ended: When | None) -> tuple[str, str]:
    """How grave it is that a conference came late, or has not come, and what is said of its reason.

    Lighter with a reason that was given by the day on which it was held.
    """
    if given is None:
        return "medium", "No reason is recorded."
    if given.first is None or given.first <= due.on:
        return "low", "A reason is recorded."
    days = (given.first - due.on).days
    words = f"A reason was given {'one day' if days == 1 else f'{days} days'} after that day."
    by_then = ended is None or ended.last_day is None or given.first <= ended.last_day
    return "low" if by_then else "medium", words


def late(what: str, at: Mark, due: Due, *, why: bool) -> tuple[str, str]:
    """How grave it is that something came late, and how that is said: the middle of a finding."""
    said = ("low", "A reason is recorded.") if why else ("medium", "No reason is recorded.")
    return said_late(what, at, due, said)


def not_done(what: str, due: Due) -> str:
    """How it is said of the same while it is not recorded."""
    return f"{what} was due by {due_by(due)} and is not recorded."


def said_late(what: str, at: Mark, due: Due, said: tuple[str, str]) -> tuple[str, str]:
    """The same of what is said of its reason (`why`)."""
    earliest = "at the earliest " if at.when.uncertain else ""
    on = "a day not known" if at.first is None else in_words(at.first)
    severity, reasons = said
    return severity, f"{what} was due by {due_by(due)} and came {earliest}on {on}. {reasons}"


Dates = Sequence[tuple[Due | None, Mark]]  # by when the next is due, and which meeting says so


def overdue(
    groups: Dates, reviews: Dates, over: Mark | None, known: Known, context: Looking
) -> Iterator[Finding]:
    """Say where the next core group or review is overdue, or was at an end (R180, R182).

    Of the closing, or of the plan, where that is `over`: what it came after it puts not right.
    """
    review = furthest(reviews)
    group = with_review(furthest(groups), review)
    for owed, code, rule, what in (
        (group, "core_group_overdue", "R180", "The next core group"),
        (review, "review_overdue", "R182", "The next review conference"),
    ):
        if owed is None or owed[0].on >= context.on or spared(*owed, known):
            continue
        due, at = owed
        if over is not None and (over.first is None or over.first <= due.on):
            continue
        beside = ", with the review" if owed is review and code == "core_group_overdue" else ""
        words = f"{what} is overdue: it was due by {due_by(due)}{beside}."
        yield found(code, rule, "medium", words, at=at, since=due)


def with_review(
    group: tuple[On, Says] | None, review: tuple[On, Says] | None
) -> tuple[On, Says] | None:
    """Give when the next core group is due: with the review, where that takes its place (G14).

    Groups every four weeks and a review every three months drift apart: of a group whose limit ends
    in the fortnight before the limit of the review, the review is what is held.
    """
    if group is None or review is None:
        return group
    before = review[0].on - group[0].on
    return review if timedelta() < before <= _A_FORTNIGHT else group


def furthest(dates: Sequence[tuple[On | None, Says]]) -> tuple[On, Says] | None:
    """The date furthest ahead that a meeting set for the next, and which one did.

    Where the last meeting recorded sets none there is nothing to judge.
    """
    owed = [(due, by) for due, by in dates if due is not None]
    if not owed or dates[-1][0] is None:
        return None
    return max(owed, key=lambda one: one[0].on)


def last_in_force(known: Known) -> tuple[list[Mark], Mark | None]:
    """Where each plan in force was agreed; where none is, the one that ended last, and its end."""
    ended = known.plans_ended
    agreed = [one.agreed for ref, one in known.plans.items() if ref not in ended]
    if agreed or not ended.keys() & known.plans.keys():
        return agreed, None
    last = max(ended.keys() & known.plans.keys(), key=lambda ref: ended[ref].position)
    return [known.plans[last].agreed], ended[last]


def under_a_plan(
    sittings: Mapping[Ref, Held], agreed: Collection[Mark], known: OfEpisodes
) -> list[tuple[Ref, Held]]:
    """Those of the episode of a plan that has not ended, by their order of entry.

    `agreed` is where each such plan was: what was due in another episode is over.
    """
    held = [
        (ref, one)
        for ref, one in sittings.items()
        if any(same(one.held, at, known) for at in agreed)
    ]
    return sorted(held, key=lambda one: one[1].held.position)


def next_due(sitting: Sat) -> date:
    """By when the first is due of the meetings that one makes due."""
    dues = (one.on for one in (sitting.next_core_group, sitting.next_review) if one is not None)
    return min(dues, default=date.max)


def meetings(known: Known, reviews: Collection[ConferenceRef]) -> Iterator[Finding]:
    """Say which core groups and reviews came late, while a plan was carried out (R180, R182).

    Any meeting begins the time to the next core group, and ends it; `reviews` those to a review.
    """
    every = known.sittings.items()
    groups = {ref: (one, one.next_core_group) for ref, one in every}
    conferences = {ref: (one, one.next_review) for ref, one in every if ref in reviews}
    for code, rule, what, asked, beside in (
        ("core_group_late", "R180", "A core group", groups, conferences),
        ("review_late", "R182", "A review conference", conferences, {}),
    ):
        for ref, due, by in _following(asked, beside, known):
            sitting = known.sittings[ref]
            at = sitting.held
            given = reason(known, by.when, at.when, {ref}, next_due(sitting))
            said = said_late(what, at, due, why(given, due, at.when))
            one = found(code, rule, *said, at=at, since=due, subject=ref)
            yield one.once(code.replace("_late", "_overdue"), by.position, subject=None)


_Every: TypeAlias = Mapping[ConferenceRef, tuple[Sat, Due | None]]


def _following(
    every: _Every, reviews: _Every, known: Known
) -> Iterator[tuple[ConferenceRef, Due, Mark]]:
    """Give each that came after the date furthest ahead that one set which may be before it.

    With that date, and which set it; of `reviews`, where one takes its place.
    """
    for ref, (one, _) in every.items():
        before = _before(ref, one, every, known)
        owed = _furthest_set(before)
        if owed is None or any(due is None for due, _ in before):
            continue
        beside = _furthest_set(_before(ref, one, reviews, known))
        due, by = with_review(owed, beside) or owed
        at = came_late([one.held], due, known)
        if at is not None and _planned(known, due.on, at):
            yield ref, due, by


def _before(
    ref: ConferenceRef, one: Sat, every: _Every, known: Known
) -> Sequence[tuple[Due | None, Mark]]:
    """What each set that may have come before one, and where that was."""
    return [
        (due, other.held)
        for it, (other, due) in every.items()
        if it != ref
        and could_precede(other.held.when, one.held.when)
        and same(other.held, one.held, known)
    ]


def _furthest_set(before: Sequence[tuple[Due | None, Mark]]) -> tuple[Due, Mark] | None:
    dues = [(due, by) for due, by in before if due is not None]
    return max(dues, key=lambda it: it[0].on, default=None)


def _planned(known: Known, due: date, held: Mark) -> bool:
    """Whether a plan was agreed before that meeting, for certain, and had not ended by that day."""
    for ref, plan in known.plans.items():
        agreed, ended = plan.agreed.last, known.plans_ended.get(ref)
        before = agreed is not None and held.first is not None and agreed < held.first
        if before and (ended is None or (ended.first is not None and ended.first > due)):
            return True
    return False
