"""Repeat referrals: so many about one adult within a window that they are looked at together.

How many, and within which window, is the nation's or an authority's own (G16). What they ask for
differs: a conference to be considered where the procedure says so (R200), and else that something
looks at them together, since reviews criticise calls that were dealt with singly (procedure C.7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.finding import Finding
from domain.known import Known
from domain.stage import Context, Looking, Mark, after, came_before, found, months_after
from domain.when import When, in_words, on_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The referrals that lie within one window for certain, and how many of them are needed."""

    count: int
    needed: int
    window_from: date
    window_to: date
    referrals: tuple[When, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Where the number was reached, as a case remembers it.

    `last` is the referral that made it up, where the record derived it from that.
    """

    at: Mark
    count: int
    needed: int
    window_from: date
    window_to: date
    last: When | None = None

    @property
    def months(self) -> int:
        """How long the window was by which it was counted."""
        since, to = self.window_from, self.window_to
        return (to.year - since.year) * 12 + to.month - since.month


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A referral of its own, in which case, and those of the adult's other cases it told of."""

    at: Mark
    stream: UUID
    earlier: tuple[When, ...] = ()


def others(every: Sequence[Counted], own: Counted | None = None) -> tuple[When, ...]:
    """When the other referrals were that one may be counted with: those that did not come after.

    Without one, all there are. What a referral told of another case that is read here now is
    counted as it stands there, and once.
    """
    here = [one.at for one in every if own is None or (one != own and came_before(one.at, own.at))]
    beside = Counter[When]()
    for one in every:
        if own is None or one.at.position <= own.at.position:
            joined = (it for it in every if it.stream != one.stream)
            known = (it.at.when for it in joined if it.at.position < one.at.position)
            beside |= Counter(one.earlier) - Counter(known)
    return (*(at.when for at in here), *beside.elements())


def standing(every: Sequence[Counted], derived: Iterable[Reached]) -> tuple[Reached, ...]:
    """What the record derived, each as its referrals are now understood; not what they are no more.

    Each is told directly behind the referral that made up the number, and is judged by the number
    and the window of its own day.
    """
    told, found = {one.at.position: one for one in derived}, list[Reached]()
    for own in every:
        one = told.get(own.at.position + 1)
        if one is not None:
            window = reached(own.at.when, others(every, own), one.needed, one.months)
            found += () if window is None else (_as_now(one, window, own.at.when),)
    return tuple(found)


def gone(every: Sequence[Counted], derived: Sequence[Reached]) -> frozenset[int]:
    """Where the record derived what is so no more."""
    stand = {one.at.position for one in standing(every, derived)}
    return frozenset(one.at.position for one in derived) - stand


def _as_now(one: Reached, window: Window, when: When) -> Reached:
    moved = one.last is not None and one.last != when
    return replace(
        one,
        at=replace(one.at, when=when) if moved else one.at,
        count=window.count,
        window_from=window.window_from,
        window_to=window.window_to,
    )


def _understood(
    every: Sequence[Counted], derived: Sequence[Reached], context: Looking
) -> Iterator[Reached]:
    """Each time the number was reached, as the referrals are now understood (R200, G16).

    Also where the record derived nothing, since one was entered late or of another day: then it
    hangs on the referral that makes it up, by the law of that day.
    """
    told = {one.at.position: one for one in standing(every, derived)}
    known = {one.at.position for one in derived}
    for own in every:
        behind, days = own.at.position + 1, _days(own.at.when)
        if behind in told:
            yield told[behind]
        if behind in known or days is None:
            continue
        law = context.law_of(own.at.position, on_day(days[1]))
        needed, months = law.repeat_referrals, law.repeat_window_months
        window = reached(own.at.when, others(every, own), needed, months)
        if window is not None:
            yield Reached(
                at=own.at,
                count=window.count,
                needed=window.needed,
                window_from=window.window_from,
                window_to=window.window_to,
            )


def reached_now(received: When, earlier: tuple[When, ...], context: Context) -> Window | None:
    """Give the window in which a referral that is recorded now makes up the number (R200).

    By the policy of the day it was received.
    """
    days = _days(received)
    law = context.law(days[1] if days else context.today)
    return reached(received, earlier, law.repeat_referrals, law.repeat_window_months)


def reached(
    received: When, earlier: tuple[When, ...], needed: int | None, months: int | None
) -> Window | None:
    """Give the window in which this referral makes up the number; None where none is (R200).

    Counted is what lies within one window for certain, and is not certainly after this referral.
    """
    own = _days(received)
    if needed is None or months is None or own is None:
        return None
    rest = [(days, one) for one in earlier if (days := _days(one)) and days[0] <= own[1]]
    best: tuple[tuple[When, ...], date, date] | None = None
    for end in sorted({own[1], *(days[1] for days, _ in rest if days[1] > own[1])}):
        start = months_after(end, -months)
        within = [(days, one) for days, one in rest if start <= days[0] and days[1] <= end]
        if own[0] >= start and (best is None or len(within) >= len(best[0])):
            whens = (*(one for _, one in sorted(within, key=lambda one: one[0])), received)
            best = whens, start, end
    if best is None or len(best[0]) < needed:
        return None
    referrals, start, end = best
    return Window(
        count=len(referrals), needed=needed, window_from=start, window_to=end, referrals=referrals
    )


def _days(when: When) -> tuple[date, date] | None:
    """The first and last day it can have been; None where either is not known."""
    first, last = when.first_day, when.last_day
    return None if first is None or last is None else (first, last)


def unanswered(
    every: Sequence[Counted], derived: Sequence[Reached], known: Known, context: Looking
) -> Iterator[Finding]:
    """Ask what followed each time the number was reached; the words say which count was used."""
    for one in _understood(every, derived, context):
        counted = (
            f"Between {in_words(one.window_from)} and {in_words(one.window_to)}, "
            f"{one.count} referrals were received"
        )
        if known.conference_answers(one.at):
            continue
        if context.jurisdiction.repeats_ask_for_conference:
            words = (
                f"{counted}, and {one.needed} ask for a conference to be considered; none was "
                "convened and no decision against one is recorded."
            )
            yield found("threshold_without_conference", "R200", "medium", words, at=one.at)
        elif not _looked_at_together(one.at, known):
            words = (
                f"{counted}; no enquiry, assessment of risk or conference is recorded since that "
                "looks at them together."
            )
            yield found("repeats_dealt_with_singly", "R11 R200", "medium", words, at=one.at)


def _looked_at_together(at: Mark, known: Known) -> bool:
    """Whether an enquiry is at it, or was begun since, or risk was assessed since."""
    since = (*known.risk_marks, *known.enquiries.values())
    return known.enquiry_open or any(
        later.position > at.position or after(later, at) for later in since
    )
