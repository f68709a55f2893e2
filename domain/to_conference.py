"""The time from a referral to the conference: when it begins, anew too, and what ends it (R198)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.episode import OfEpisodes, begun_by, begun_or_at, of_episode
from domain.finding import Finding
from domain.known import Known
from domain.lateness import dead_by, next_due, reason, why
from domain.stage import (
    Context,
    Looking,
    Mark,
    after,
    came_before,
    could_precede,
    due_by,
    due_from,
    found,
)
from domain.when import When, in_words
from domain.words import ConferenceRef, Due

# What the first conference of a concern is called as: the kind that the limit is to (R177, R198).
_FIRST: Final = frozenset({"initial", "outcome"})
_CLOSED: Final = "ceased to be due as the case was closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A referral that starts the time to a conference anew, and by when that is due."""

    at: Mark
    due: Due
    anew: bool = True  # since it began an episode; else since referrals were as many as that (G11)


def with_one(
    before: tuple[Again, ...], at: Mark, due: Due | None, *, anew: bool = True
) -> tuple[Again, ...]:
    """Add the time that began there, if one did."""
    return before if due is None else (*before, Again(at=at, due=due, anew=anew))


def running(again: tuple[Again, ...], closed: Mark | None, known: OfEpisodes) -> tuple[Again, ...]:
    """Those of a case that is open, or was when the referral was linked.

    One linked to a closed case has its time from when it was received, and is asked about once the
    case is taken up again: until then nobody has said that this case goes on. Where the closing was
    an error, or is withdrawn, it began none: the episode that there was goes on. Each has one.
    """
    of, found_ = set[int](), list[Again]()
    for one in again:
        if closed is not None and not came_before(one.at, closed):
            continue
        begun = begun_by(one.at, known) if one.anew else None
        if one.anew and (begun is None or begun.closed.position in of):
            continue
        of |= set() if begun is None else {begun.closed.position}
        found_.append(one)
    return tuple(found_)


def present(
    first: Due | None,
    again: tuple[Again, ...],
    closed: Mark | None,
    known: OfEpisodes,
    ruled_out: tuple[Mark, ...] = (),
) -> Due | None:
    """By when a conference is due in the episode that goes on: by the last that began a time.

    Else by the first referral, unless the case was taken up again: what was due before has ended.
    Nor is one due that was held not to be required since.
    """
    asked = _present(again, closed, known)
    if not asked:
        return None if known.episodes or ruled_out else first
    begun = asked[-1].at.when
    return None if any(could_precede(begun, at.when) for at in ruled_out) else asked[-1].due


def awaited(again: tuple[Again, ...], known: Known) -> bool:
    """Whether the time of the episode that goes on has not ended, so that its day is to be seen."""
    if known.closed_at is not None:
        return False
    asked = _present(again, None, known)
    if not asked:
        return not over(known, again)
    begun = asked[-1].at.when
    return not any(could_precede(begun, one.when) for one in _ended(known, anew=True))


def _present(again: tuple[Again, ...], closed: Mark | None, known: OfEpisodes) -> tuple[Again, ...]:
    asked, episodes = running(again, closed, known), known.episodes
    return tuple(one for one in asked if not episodes or after(one.at, episodes[-1].closed))


def begins_anew(received: When, begun: tuple[Again, ...], known: Known) -> bool:
    """Whether a referral came while the case was closed, the first to since: an episode anew.

    One joined to an open episode starts no time of its own (R198).
    """
    if not asks_anew(received, begun, known):
        return False
    reopened = known.reopened
    open_since = None if reopened is None or known.closed_at is not None else reopened.when
    return open_since is None or could_precede(received, open_since)


def asks_anew(received: When, begun: tuple[Again, ...], known: Known) -> bool:
    """Whether a referral came after the closing, and none since has begun a time anew.

    What was decided on the duty before the closing was of what was known then (B.4): of this it is
    decided anew, whether it was linked before the case was reopened, was the occasion to, or came
    since.
    """
    ends = (*(one.closed for one in known.episodes), known.closed_at)
    closed = max((at for at in ends if at is not None), key=lambda at: at.position, default=None)
    if closed is None or any(one.at.position > closed.position for one in begun):
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
    that a referral starts anew (G11) is ended by what may have come after that. A closing ends it
    too, also of a case that was taken up again: of what has ended nothing more is due.
    """
    closings = [_End(at=at, how=_CLOSED) for at in _closings(known)]
    if first and due is not None:
        of_it = [one for one in _ended(known, anew=False) if of_episode(one.at, None, known)]
        yield from _later(first[0], due, [*of_it, *closings], known, context)
    ended = list(_ended(known, anew=True))
    for one in running(again, known.closed_at, known):
        begun = begun_or_at(one.at, known)
        of_it = [it for it in ended if of_episode(it.at, begun, known)]
        since = [it for it in of_it if could_precede(one.at.when, it.at.when)]
        since += [it for it in closings if after(it.at, one.at)]
        yield from _later(one.at, one.due, since, known, context, anew=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """What ended the time to a conference, how that is said, and which conference it was."""

    at: Mark
    how: str
    conference: ConferenceRef | None = None

    @property
    def when(self) -> When:
        """When that was, as it was stated."""
        return self.at.when

    @property
    def day(self) -> date | None:
        """The first day it can have been."""
        return self.when.first_day


def _later(
    at: Mark, due: Due, ended: list[_End], known: Known, context: Looking, *, anew: bool = False
) -> Iterator[Finding]:
    """Say that the time which began there ended late, or goes on past its day."""
    first = min((one.day for one in ended if one.day is not None), default=None)
    if (first or context.on) <= due.on or any(one.day is None for one in ended):
        return
    if dead_by(due.on, known):
        return
    happened, end = "has not been held", None
    if first is not None:
        at_first = [one for one in ended if one.day == first]
        end = min(at_first, key=lambda one: one.when.uncertain)
        earliest = "at the earliest " if end.when.uncertain else ""
        happened = f"{end.how} {earliest}on {in_words(first)}"
    given = _explained(at, end, known, anew=anew)
    severity, reasons = why(given, due, None if end is None else end.when)
    code = "conference_overdue"
    said = found(
        code if first is None else "conference_late",
        "R198",
        severity,
        f"The conference was due by {due_by(due)} and {happened}. {reasons}",
        position=at.position,
        since=due,
    )
    yield said if first is None else said.once(code, at.position)


def _explained(at: Mark, end: _End | None, known: Known, *, anew: bool) -> Mark | None:
    """Give the reason of the conference that ended this time, or is awaited, or of the time."""
    if end is None:
        called = known.conferences.keys() - known.sittings.keys()
        awaited = {ref for ref in called if _opens(ref, known, anew=anew)}
        return reason(known, at.when, None, awaited)
    sitting = None if end.conference is None else known.sittings[end.conference]
    of = () if end.conference is None else (end.conference,)
    until = None if sitting is None else next_due(sitting)
    return reason(known, at.when, end.when, of, until)


def asked_for(
    received: When, begun: Due | None, again: tuple[Again, ...], known: Known, context: Context
) -> Due | None:
    """By when repeats ask for a conference, where they do: from the last of them (G11).

    None while the time that an earlier referral began, or this one, goes on.
    """
    asks = context.jurisdiction.repeats_ask_for_conference and begun is None
    begins = asks and over(known, again)
    return due_from("initial_conference", received, context) if begins else None


def over(known: Known, again: tuple[Again, ...]) -> bool:
    """Whether the time that the first referral began has ended, by a conference or without (R198).

    So that a later referral may begin one of its own; by a closing, where none has since.
    """
    held = any(_opens(ref, known) for ref in known.sittings)
    closings = _closings(known)
    ended = bool(closings) and not any(after(one.at, closings[-1]) for one in again)
    return held or bool(known.not_required) or ended


def _closings(known: Known) -> list[Mark]:
    """Where each episode ended; after one in error the same goes on, and it ended nothing."""
    closed = known.closed_at
    return [*(one.closed for one in known.episodes), *(() if closed is None else (closed,))]


def _opens(ref: ConferenceRef, known: Known, *, anew: bool = False) -> bool:
    """Whether a meeting is one that the time is to: the first, not a core group or a review.

    Where the time began anew after one, a review is as good. What it was called as may be unknown.
    """
    called, sitting = known.conferences.get(ref), known.sittings.get(ref)
    if sitting is not None and sitting.core_group:
        return False
    if called is None or anew:
        return called is None or called.kind != "core_group"
    return called.kind in _FIRST


def _ended(known: Known, *, anew: bool) -> Iterator[_End]:
    """What ends the time to a conference, and how that is said: whatever the limit is (R198)."""
    for ref, one in known.sittings.items():
        if _opens(ref, known, anew=anew):
            yield _End(at=one.held, how="came", conference=ref)
    yield from (_End(at=at, how="was decided against") for at in known.not_required)
    yield from (_End(at=at, how="ceased to be due") for at in known.duty_refused)
    if known.led_from is not None:
        how = "became that of the case it was joined to"
        yield _End(at=known.led_from, how=how)
