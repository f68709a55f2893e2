"""Whoever came to be known as alleged to have caused harm after the meeting was held.

A conference decides what those known by then are told; of somebody identified since, it is decided
before the case is closed, or nobody ever does (R172).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from domain.episode import same
from domain.finding import Finding
from domain.known import Known
from domain.stage import Mark, after, found
from domain.words import PersonRef, Slug


def untold_since(
    decided: Collection[PersonRef | None], answered: Collection[Mark], known: Known
) -> Iterator[Finding]:
    """Name each of whom, at closing, neither a decision nor a telling is recorded (R172).

    `decided` are those a decision names, None for one that names nobody; `answered` where somebody
    alleged to have caused harm was told, or it was decided that they are not. Either, once they
    were known, is read as of them where it does not say of whom.
    """
    closed = known.closed_at
    if closed is None or None in decided:
        return
    for who, _, at in _since(closed, known):
        if who in decided or any(not after(at, one) for one in answered):
            continue
        words = "A person alleged to have caused harm was identified after the conference; what "
        words += "they are to be told is not recorded, and the case was closed."
        code, since = "pach_feedback_not_decided", closed.when
        yield found(code, "R172", "medium", words, at=at, since=since, subject=who)


def undecided_since(employers: Collection[Slug | None], known: Known) -> Iterator[Finding]:
    """Name each employer of one of them on whom nothing is decided by the closing (R173).

    A decision that names nobody, or no employer, is read as of them.
    """
    closed = known.closed_at
    if closed is None or None in employers:
        return
    for who, employer, at in _since(closed, known):
        if employer is not None and employer not in employers:
            words = "A person alleged to have caused harm was identified after the conference; "
            words += "what their employer is to be told is not recorded, and the case was closed."
            code, since = "employer_feedback_not_decided", closed.when
            yield found(code, "R173", "medium", words, at=at, since=since, subject=who)


def unweighed_since(weighed: Collection[PersonRef | None], known: Known) -> Iterator[Finding]:
    """Name each of them about whom nothing is decided by the closing (R78)."""
    closed = known.closed_at
    if closed is None or None in weighed:
        return
    for who, _, at in _since(closed, known):
        if who not in weighed:
            words = "A person alleged to have caused harm was identified after the conference; no "
            words += "decision about them is recorded, and the case was closed."
            code, since = "pach_not_decided", closed.when
            yield found(code, "R78", "medium", words, at=at, since=since, subject=who)


def _since(closed: Mark, known: Known) -> Iterator[tuple[PersonRef, Slug | None, Mark]]:
    """Give whoever was identified after every conference of the episode that a closing ended."""
    held = [one.held for one in known.sittings.values() if same(one.held, closed, known)]
    for who, employer, at in known.pach_of(closed):
        if held and all(after(at, one) for one in held):
            yield who, employer, at
