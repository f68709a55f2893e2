"""Repeat referrals: so many about one adult within a window that they are looked at together.

How many, and within which window, is the nation's or an authority's own (G16). What they ask for
differs: a conference to be considered where the procedure says so (R200), and else that something
looks at them together, since reviews criticise calls that were dealt with singly (procedure C.7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.finding import Finding
from domain.known import Known
from domain.stage import Context, Looking, Mark, after, found, months_after
from domain.when import When, in_words


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
    """Where the number was reached, as a case remembers it."""

    at: Mark
    count: int
    needed: int
    window_from: date
    window_to: date


def reached(received: When, earlier: tuple[When, ...], context: Context) -> Window | None:
    """Give the window in which this referral makes up the number; None where none is (R200).

    Counted is what lies within one window for certain, and is not certainly after this referral.
    """
    own = _days(received)
    law = context.law(own[1] if own else context.today)  # the policy of the day it was received
    needed, months = law.repeat_referrals, law.repeat_window_months
    if needed is None or months is None or own is None:
        return None
    others = [(days, one) for one in earlier if (days := _days(one)) and days[0] <= own[1]]
    best: tuple[tuple[When, ...], date, date] | None = None
    for end in sorted({own[1], *(days[1] for days, _ in others if days[1] > own[1])}):
        start = months_after(end, -months)
        within = [(days, one) for days, one in others if start <= days[0] and days[1] <= end]
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


def unanswered(every: Iterable[Reached], known: Known, context: Looking) -> Iterator[Finding]:
    """Ask what followed each time the number was reached; the words say which count was used."""
    for one in every:
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
