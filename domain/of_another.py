"""What was given out of another person's entries, before they were withdrawn as that or after.

By the order of entry: whoever gives something out sees what stands as they do (L6, L22). What is
withdrawn afterwards was given out in good faith, and its recipients are told (L6): a decision to
put that entry right names them, by `rectifying`, and is held there to telling each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from domain.corrected import Corrections
from domain.finding import Finding
from domain.manifest import Holder
from domain.stage import Mark, found, mark
from domain.words import Fact


def given_amiss(fact: Fact[Any], so_far: Corrections) -> tuple[Mark, ...]:
    """The fact, where its manifest names an entry that was withdrawn so."""
    manifest = getattr(fact.event, "manifest", ())
    amiss = any(one.entry in so_far.of_another for one in manifest)
    return (mark(fact),) if amiss else ()


def disclosed_amiss(marks: Iterable[Mark]) -> Iterator[Finding]:
    """Criticise each: it told somebody of another person."""
    for at in marks:
        words = "An entry was given out that had been withdrawn as another person's."
        yield found("disclosed_of_another", "L6 L22", "high", words, at=at)


def to_be_told(
    so_far: Corrections,
    holders: Collection[Holder],
    put_right: Collection[int],
    position: Callable[[int], int],
) -> Iterator[Finding]:
    """Ask that whoever has an entry that was withdrawn so be told, by a decision that names them.

    `put_right` are the entries of which a decision does. Who has it is said by a manifest, and else
    by having been given something of the case while the entry stood in it.
    """
    for entry, at in so_far.of_another.items():
        if entry in put_right:
            continue
        since = position(entry)
        have = [one for one in holders if _has(one, entry, since, at.position)]
        if have:
            one = len(have) == 1
            who = "1 recipient" if one else f"{len(have)} recipients"
            words = f"An entry was withdrawn as another person's; {who} of what was given out with "
            words += f"it, or since it was recorded, {'is' if one else 'are'} not named to be told."
            code, count = "of_another_not_told", len(have)
            yield found(code, "L6", "medium", words, at=at, which=entry, counted=count)


def _has(one: Holder, entry: int, since: int, until: int) -> bool:
    if one.entries is not None:
        return entry in one.entries
    return since < one.at.position < until
