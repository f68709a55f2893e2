"""The time from a referral to the conference: when it begins, anew too, and what ends it (R198)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.finding import Finding
from domain.known import Known
from domain.stage import Looking, Mark, could_precede, due_by, found
from domain.when import When, on_day
from domain.words import Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A referral that starts the time to a conference anew, and by when that is due."""

    at: Mark
    due: Due


def with_one(before: tuple[Again, ...], at: Mark, due: Due | None) -> tuple[Again, ...]:
    """Add the time that began there, if one did."""
    return before if due is None else (*before, Again(at=at, due=due))


def begins_anew(received: When, linked: tuple[Mark, ...], known: Known) -> bool:
    """Whether a referral came while the case was closed, the first to since: an episode anew.

    One joined to an open episode starts no time of its own (R198).
    """
    reopened = known.reopened
    if reopened is None or not asks_anew(received, linked, known):
        return False
    return could_precede(received, reopened.when)


def asks_anew(received: When, linked: tuple[Mark, ...], known: Known) -> bool:
    """Whether a referral is the first to a case reopened since its closing, and came after that.

    What was decided on the duty before the closing was of what was known then (B.4): of this it is
    decided anew, whether it was the occasion to reopen the case or came since.
    """
    closed, reopened = known.last_closed, known.reopened
    if closed is None or reopened is None or reopened.position < closed.position:
        return False
    if any(one.position > closed.position for one in linked):
        return False
    return not could_precede(received, closed.when) or received.first_day == closed.last


def late(
    first: tuple[Mark, ...],
    due: Due | None,
    again: tuple[Again, ...],
    known: Known,
    context: Looking,
) -> Iterator[Finding]:
    """R198: the conference within its time, unless something lawful ended the clock.

    The time is that of the date stored: the nation's limit, or the authority's own of that day. One
    that a referral starts anew (G11) is ended by what may have come after that.
    """
    ended = list(_ended(known))
    if first and due is not None:
        yield from _later(first[0], due, ended, known, context)
    for one in again:
        since = [(when, how) for when, how in ended if could_precede(one.at.when, when)]
        yield from _later(one.at, one.due, since, known, context)


def _later(
    at: Mark, due: Due, ended: list[tuple[When, str]], known: Known, context: Looking
) -> Iterator[Finding]:
    """Say that the time which began there ended late, or goes on past its day."""
    first = min((one.first_day for one, _ in ended if one.first_day is not None), default=None)
    if (first or context.on) <= due.on or any(one.first_day is None for one, _ in ended):
        return
    happened = "has not been held"
    if first is not None:
        at_first = [(one.uncertain, how) for one, how in ended if one.first_day == first]
        uncertain, how = min(at_first, key=lambda one: one[0])
        happened = f"{how} {'at the earliest ' if uncertain else ''}on {first.isoformat()}"
    reason = "A reason is" if known.delay_explained else "No reason is"
    yield found(
        "conference_overdue" if first is None else "conference_late",
        "R198",
        "low" if known.delay_explained else "medium",
        f"The conference was due by {due_by(due)} and {happened}. {reason} recorded.",
        position=at.position,
        since=due,
    )


def _ended(known: Known) -> Iterator[tuple[When, str]]:
    """What ends the time to a conference, and how that is said: whatever the limit is (R198)."""
    yield from ((one.held.when, "came") for one in known.sittings.values())
    yield from ((at.when, "was decided against") for at in known.not_required)
    if known.duty_refused_on is not None:
        yield on_day(known.duty_refused_on), "ceased to be due"
    if known.led_from is not None:
        yield known.led_from.when, "became that of the case it was joined to"
