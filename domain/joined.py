"""How a case is read with those joined to it: which facts are its own, and which of others' its.

A case as decisions see it has the entries of what was merged into it, and of what was split off to
it; what was split off from it, it has no more. What governs a case alone stays where it stands:
its corrections, who holds it, its closing. Of each stream the facts are handed in as recorded or
as now understood, whichever the reader wants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from domain.joining import FROM, MERGED, CaseMerged, CaseSplit, CaseSplitEnded, CaseUnmerged
from domain.stages import OF_EVENT
from domain.words import Fact

# The stages whose entries belong to the case they stand in, whatever it is joined to.
STAYS: Final = frozenset(
    {
        "access_request",
        "allocation",
        "closing",
        "closure",
        "correction",
        "excepting",
        "joining",
        "linking",
        "rectifying",
        "reference",
        "retaining",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The facts of a case with those of others that are read in it, in order.

    One of another case has the negative of its position for a version, which no fact of this case
    has. `elsewhere` are the versions of this case's own that are read in another.
    """

    facts: tuple[Fact[Any], ...]
    elsewhere: frozenset[int] = frozenset()


def stays(event: type) -> bool:
    """Whether an event is read in the case it stands in alone."""
    return OF_EVENT[event] in STAYS


def others(facts: Iterable[Fact[Any]]) -> frozenset[UUID]:
    """The cases that one is or was joined to."""
    return frozenset(
        fact.event.other for fact in facts if isinstance(fact.event, CaseMerged | CaseSplit)
    )


def gathered(
    case: UUID, facts: list[Fact[Any]], facts_of: Callable[[UUID], list[Fact[Any]]]
) -> dict[UUID, list[Fact[Any]]]:
    """The facts of a case, and of every case that one of them is or was joined to."""
    streams, waiting = {case: facts}, set(others(facts))
    while waiting:
        one = waiting.pop()
        streams[one] = facts_of(one)
        waiting |= others(streams[one]) - streams.keys()
    return streams


def read(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> Reading:
    """Read a case; `streams` has its facts, and those of every case joined to one of them."""
    own = streams[case]
    elsewhere = frozenset(
        version for one in _standing(own) if isinstance(one, CaseSplit) for version in one.entries
    )
    carried = [
        replace(fact, version=-fact.position) for fact in _carried(case, streams, frozenset({case}))
    ]
    facts = sorted([*own, *carried], key=lambda fact: fact.position) if carried else own
    return Reading(facts=tuple(facts), elsewhere=elsewhere)


def _carried(
    case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]], passed: frozenset[UUID]
) -> Iterator[Fact[Any]]:
    """The facts of other cases that are read in one; of a circle, each case once."""
    for other, facts in streams.items():
        if other in passed:
            continue
        joins = [one for one in _standing(facts) if one.other == case]
        gone = {
            version
            for one in _standing(facts)
            if isinstance(one, CaseSplit)
            for version in one.entries
        }
        if any(isinstance(one, CaseMerged) for one in joins):
            left = (fact for fact in facts if fact.version not in gone)
            yield from (fact for fact in left if not stays(type(fact.event)))
            yield from _carried(other, streams, passed | {other})
        for one in joins:
            if isinstance(one, CaseSplit):
                named = (fact for fact in facts if fact.version in one.entries)
                yield from (fact for fact in named if not stays(type(fact.event)))


def _standing(facts: Sequence[Fact[Any]]) -> list[CaseMerged | CaseSplit]:
    """By what a case's own entries are read elsewhere, and not ended."""
    ended = {
        fact.event.merge if isinstance(fact.event, CaseUnmerged) else fact.event.split
        for fact in facts
        if isinstance(fact.event, CaseUnmerged | CaseSplitEnded)
    }
    return [
        fact.event
        for fact in facts
        if isinstance(fact.event, CaseMerged | CaseSplit)
        and fact.event.place in {MERGED, FROM}
        and fact.version not in ended
    ]
