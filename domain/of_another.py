"""What was given out though it had been withdrawn by then as another person's (L6, L22).

By the order of entry: whoever gives something out sees what stands as they do. What is withdrawn
afterwards was given out in good faith, and its recipients are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from domain.corrected import Corrections
from domain.finding import Finding
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
