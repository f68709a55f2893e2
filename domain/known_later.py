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
from domain.words import PersonRef


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
    held = [one.held for one in known.sittings.values() if same(one.held, closed, known)]
    for who, _, at in known.pach_of(closed):
        later = [one for one in held if after(at, one)]
        if not later or len(later) < len(held) or who in decided:
            continue
        if any(not after(at, one) for one in answered):
            continue
        words = "A person alleged to have caused harm was identified after the conference; what "
        words += "they are to be told is not recorded, and the case was closed."
        code, since = "pach_feedback_not_decided", closed.when
        yield found(code, "R172", "medium", words, at=at, since=since, subject=who)
