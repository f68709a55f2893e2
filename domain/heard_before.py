"""What meetings before one had before them: a report they considered is not new to the next."""

from __future__ import annotations

from collections.abc import Iterator

from domain.episode import same
from domain.facets import Sat
from domain.known import Known
from domain.stage import Mark, after, could_precede
from domain.words import Code, ConferenceRef


def held_since(came: Mark, sitting: Sat, known: Known) -> Iterator[ConferenceRef]:
    """The meetings of its episode held before one, that may have had what came then."""
    for ref, one in known.sittings.items():
        before = one is not sitting and after(sitting.held, one.held)
        there = could_precede(came.when, one.held.when)
        if before and there and same(one.held, sitting.held, known):
            yield ref


def considered_before(kind: Code, came: Mark, sitting: Sat, known: Known) -> bool:
    """Whether an earlier meeting considered a report of a kind that came then (R21, R64)."""
    earlier = held_since(came, sitting, known)
    return any(kind in known.reports_considered(ref) for ref in earlier)
