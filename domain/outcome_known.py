"""What can be of an outcome: not what was certainly said before anything had come of the case.

Something comes of it when a conference is held, an enquiry is concluded, or the case is closed.
What is named as an outcome that the adult wants is one that the case has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from uuid import UUID

from domain.episode import each, within
from domain.known import Known
from domain.refusal import NotFound
from domain.stage import Mark, after
from domain.words import OutcomeRef

_FIELD = "outcome"


def of_an_outcome(at: Mark, known: Known, of: Mark | None = None) -> bool:
    """Whether something may have been said once a first outcome was there, by the days.

    `of` names an end, or a closing: then the outcome is one of its episode.
    """
    ends = [one.held for one in known.sittings.values()]
    ends += [] if known.concluded is None else [known.concluded]
    if of is not None:
        ends = list(within((*ends, *known.enquiries_concluded.values()), of, known))
    closed = known.last_closed
    if closed is not None and (of is None or not after(of, closed)):
        ends.append(closed)
    return any(may_follow(at, end) for end in ends)


def of_its_end(at: Mark, known: Known, concluded: Mark) -> bool:
    """Whether something may have been said of how an enquiry ended, which was concluded then.

    It may have ended without a meeting, before the conclusion was written: the adult had asked that
    it cease (R7), or it was decided that no conference is required (R5).
    """
    ends = within((*known.ceased, *known.not_required), concluded, known)
    return of_an_outcome(at, known, concluded) or any(may_follow(at, end) for end in ends)


def may_follow(at: Mark, end: Mark) -> bool:
    """Whether something may have been on the day of something else, or after it."""
    return at.last is None or end.first is None or at.last >= end.first


def concluded_each(known: Known) -> Iterator[Mark]:
    """Where enquiries were last concluded, in each episode (B.4)."""
    last = known.concluded
    for ended in each(known.enquiries_concluded.values(), known):
        at = max(ended, key=lambda one: one.position)
        if any(after(one.reopened, at) for one in known.episodes) and at != last:
            yield at
    if last is not None:
        yield last


def check_wished(command: object, known: Known) -> None:
    """Hold the outcomes a command names to those the adult is recorded as wanting (R71, R99).

    Raises:
        NotFound: nobody said one of them, as the case is now understood.
    """
    for field, ref in _wished(command):
        if ref not in known.outcomes_expressed:
            words = "This case has no such outcome: record first what the adult wants, or name one "
            words += "that is recorded."
            raise NotFound(words, field=field)


def _wished(value: object, path: str = "") -> Iterator[tuple[str, OutcomeRef]]:
    """The outcomes that a value names, each with its field; elsewhere one is a code of a list."""
    if isinstance(value, tuple):
        for number, member in enumerate(value):
            yield from _wished(member, f"{path}[{number}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            content, field = getattr(value, one.name), f"{path}.{one.name}".lstrip(".")
            if one.name == _FIELD and isinstance(content, UUID):
                yield field, OutcomeRef(content)
            else:
                yield from _wished(content, field)
