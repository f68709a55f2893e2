"""Capacity for what: which decisions bear on the adult's protection, and on refusing it (R49)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from domain.episode import begun_by, of_episode
from domain.finding import Finding
from domain.known import Known
from domain.lasting import at_latest_until
from domain.stage import NO_CALENDAR, Looking, Mark, after, due_by, found
from domain.when import in_words
from domain.words import Code, Due, Slug

_LIMIT: Final = Code("capacity_recorded")
_FINANCES: Final = Code("finances")
_BEARING: Final = frozenset(
    {
        *(Code("own_safety"), Code("enquiry"), Code("protection_plan")),
        *(Code("accommodation"), Code("medical_treatment"), Code("contact")),
    }
)


def of_protection(known: Known) -> frozenset[Code]:
    """Give the decisions that bear on protection; on money only where harm to it is alleged."""
    financial = any(one.type == "financial" for one in known.allegations.values())
    return _BEARING | {_FINANCES} if financial else _BEARING


def capacity_late(known: Known, context: Looking) -> Iterator[Finding]:
    """R49: what turns on capacity waits for no record of it (procedure C.7).

    Asked of each concern that began an episode, went on, and was not over by that day; how late a
    first record is of what bears on protection, its earliest possible day says. Undetermined, it is
    one if it says why.
    """
    first = known.capacity_due
    asked = [] if first is None else [(known.referrals[0], first)]
    for at in known.begun_anew:
        due = _due_anew(at, context)
        asked += [] if due is None else [(at, due)]
    for at, due in asked:
        yield from _late(at, due, known, context)


def _due_anew(at: Mark, context: Looking) -> Due | None:
    """By when capacity is due of a concern that began a later episode; none is stored with it.

    So it is the latest day that it can be, of the limit of the day that it was received.
    """
    law = context.law_of(at.position, at.when)
    limit, start = law.limits.get(_LIMIT), at.last
    if limit is None or start is None or at.when.unknown:
        return None
    on, policy = at_latest_until(limit, start), Slug(law.policy)
    return Due(
        on=on, rule=_LIMIT, start=start, calendar=NO_CALENDAR, started=at.when, policy=policy
    )


def _late(at: Mark, due: Due, known: Known, context: Looking) -> Iterator[Finding]:
    """Say that capacity was not recorded by its day, of the episode that a concern began."""
    begun = begun_by(at, known)
    steps = (*known.enquiries.values(), *(one.convened for one in known.conferences.values()))
    went_on = any(of_episode(one, begun, known) for one in steps)
    if not went_on or _over_by(due.on, at, known):
        return
    bearing = of_protection(known) | {Code("other")}
    told = (one for one in known.capacity_recorded if one.decided or one.evidenced)
    marks = (one.at for one in told if one.decision in bearing)
    days = [one.first for one in marks if of_episode(one, begun, known)]
    first = min((day for day in days if day is not None), default=None)
    if (first or context.on) <= due.on or None in days:
        return
    so_far = "none is yet" if first is None else f"the first is of {in_words(first)}"
    words = f"A record of the adult's capacity was due by {due_by(due)}; {so_far}."
    yield found("capacity_late", "R49", "medium", words, position=at.position, since=due)


def _over_by(day: date, asked: Mark, known: Known) -> bool:
    """Whether a concern may have been over by a day: concluded, or closed, also for a time."""
    begun = begun_by(asked, known)
    ended = [*known.enquiries_concluded.values(), *(one.closed for one in known.episodes)]
    ended += [at for at in (known.last_closed, known.concluded) if at is not None]
    since = [at for at in ended if begun is None or after(at, begun.closed)]
    return any(at.first is None or at.first <= day for at in since)
