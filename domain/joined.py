"""How a case is read with those joined to it: which facts are its own, and which of others' its.

A case as decisions see it has the entries of what was merged into it, and of what was split off to
it; what was split off from it, it has no more. What governs a case alone stays where it stands:
its corrections, who holds it, its closing. Of each stream the facts are handed in as recorded or
as now understood, whichever the reader wants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final
from uuid import UUID

from domain import closure, correction, excepting
from domain.answering import CarerDisclosureDecided
from domain.best_interests import BestInterestsDecisionRecorded
from domain.concern import ReferralReceived
from domain.corrected import Correction
from domain.correction import ChronologyEntryRecorded, EntryAnnotated
from domain.joining import FROM, MERGED, TO, CaseMerged, CaseSplit, CaseSplitEnded, CaseUnmerged
from domain.parted import Parted
from domain.plan_copies import ReleasePermitted
from domain.read_while import While
from domain.stage import Mark, mark
from domain.stages import OF_EVENT
from domain.tabling import ReportSharePermitted
from domain.words import CaseRef, ConferenceRef, Fact, renumbered

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
# What of those stages tells of the adult, and goes where the adult's entries go.
_GOES: Final = frozenset({ChronologyEntryRecorded})
# What lets somebody have a document; what was sent by it names it.
PERMITTING: Final = (
    ReleasePermitted,
    CarerDisclosureDecided,
    ReportSharePermitted,
    BestInterestsDecisionRecorded,
)
# What stands beside an entry, and is told with it.
BESIDE: Final = (Correction, EntryAnnotated)
# An entry that is named and is read nowhere any more: it was withdrawn. No entry has this number.
NOWHERE: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The facts of a case with those of others that are read in it, in order.

    One of another case has the negative of its position for a version, which no fact of this case
    has, and every number in it by which it names an entry (`words.numbering`) is given so too: also
    of one that stays where it stands; NOWHERE of one that was withdrawn. `elsewhere` are the
    versions of this case's own that are read in another; `twice` the positions of what counts in it
    already, since one concern was entered twice.
    """

    facts: tuple[Fact[Any], ...]
    elsewhere: frozenset[int] = frozenset()
    twice: frozenset[int] = frozenset()


def stays(event: type) -> bool:
    """Whether an event is read in the case it stands in alone."""
    return OF_EVENT[event] in STAYS and event not in _GOES


def others(facts: Iterable[Fact[Any]]) -> frozenset[UUID]:
    """The cases that one is or was joined to."""
    return frozenset(
        fact.event.other for fact in facts if isinstance(fact.event, CaseMerged | CaseSplit)
    )


def read(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> Reading:
    """Read a case; `streams` has its facts, and those of every case joined to one of them."""
    own, elsewhere = streams[case], gone(streams[case])
    brought = carried(case, streams)
    if not brought:
        return Reading(facts=tuple(own), elsewhere=elsewhere)
    numbers = {
        (fact.stream, fact.version): -fact.position for facts in streams.values() for fact in facts
    }
    facts = [*own, *(_renumbered(fact, numbers) for fact in brought)]
    referred = any(
        isinstance(fact.event, ReferralReceived) and fact.version not in elsewhere for fact in own
    )
    again = {one for one, each in streams.items() if referred and _entered_twice(each)}
    return Reading(
        facts=tuple(sorted(facts, key=lambda fact: fact.position)),
        elsewhere=elsewhere,
        twice=frozenset(fact.position for fact in brought if fact.stream in again),
    )


def _renumbered(fact: Fact[Any], numbers: Mapping[tuple[UUID, int], int]) -> Fact[Any]:
    """A fact of another case under the number it is read by here, as are the entries it names."""

    def number(named: int) -> int:
        if named <= 0:  # of a case that was read in that one: a position already
            return named
        return numbers.get((fact.stream, named), NOWHERE)

    event = renumbered(fact.event, number)
    return replace(fact, event=event, version=-fact.position)


def gone(facts: Sequence[Fact[Any]]) -> frozenset[int]:
    """The versions of a case's own entries that were split off, and are read in another."""
    splits = (one for one in _standing(facts) if isinstance(one, CaseSplit))
    return frozenset(version for one in splits for version in one.entries)


def moved(facts: Sequence[Fact[Any]]) -> frozenset[int]:
    """Those, and what a case noted beside them or corrects of them: it is read with them."""
    away = set(gone(facts))
    for fact in facts:
        if isinstance(fact.event, BESIDE) and fact.event.target in away:
            away.add(fact.version)
    return frozenset(away)


def carried(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> list[Fact[Any]]:
    """The facts of other cases that are read in one, as they stand in their own streams."""
    return list(_carried(case, streams, frozenset({case})))


def permitting(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> list[Fact[Any]]:
    """What permits something, of a case or of one it is or was joined to, and is read elsewhere.

    Under the numbers by which an entry that is read here may name it: what was sent by it was
    permitted, wherever each of the two is read since.
    """
    elsewhere, told = gone(streams[case]), {fact.position for fact in carried(case, streams)}
    left = list[Fact[Any]]()
    for fact in (fact for facts in streams.values() for fact in facts):
        if isinstance(fact.event, PERMITTING):
            if fact.stream == case and fact.version in elsewhere:
                left.append(fact)
            if fact.position not in told:  # one of this case, too, may be named so in another
                left.append(replace(fact, version=-fact.position))
    return sorted(left, key=lambda fact: fact.position)


def brought(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> list[Fact[Any]]:
    """What other cases bring to one, and what corrects that, as it stands there, in order."""
    told = {fact.position: fact for fact in carried(case, streams) if fact.stream != case}
    places = {(fact.stream, fact.version) for fact in told.values()}
    for stream in {stream for stream, _version in places}:
        for fact in streams[stream]:
            if isinstance(fact.event, Correction) and (stream, fact.event.target) in places:
                told[fact.position] = fact
    return [told[position] for position in sorted(told)]


def beside_brought(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> list[Fact[Any]]:
    """What other cases note beside, or correct of, what they bring to one; also of that in turn.

    It stays where it stands, and governs nothing here; whoever reads an entry reads it too.
    """
    told = {fact.position: fact for fact in carried(case, streams) if fact.stream != case}
    places = {(fact.stream, fact.version) for fact in told.values()}
    found = list[Fact[Any]]()
    for fact in (fact for one, facts in streams.items() if one != case for fact in facts):
        if not isinstance(fact.event, BESIDE) or fact.position in told:
            continue
        target = fact.event.target
        if (fact.stream, target) in places or -target in told:  # of a case that is read there
            places.add((fact.stream, fact.version))
            found.append(fact)
    return sorted(found, key=lambda fact: fact.position)


def brought_until(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> int:
    """The last position of what other cases bring to one; 0 where they bring nothing."""
    told = brought(case, streams)
    return told[-1].position if told else 0


def parted(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> tuple[Parted, ...]:
    """The meetings of which a case has entries, and one more that splits join to it has others."""
    left = gone(streams[case])
    told = {fact.position for fact in streams[case] if fact.version not in left}
    told |= {fact.position for fact in carried(case, streams)}
    found = list[Parted]()
    for one, other in _split_pairs(streams):
        if case not in {one, other}:
            continue
        # what went to a third case, that one and this name; what it was split off from does not
        away = gone(streams[one]) - _split_to(other, streams[one]) if case == one else ()
        both = [fact for fact in streams[one] if fact.version not in away]
        place, beside = (FROM, other) if case == one else (TO, one)
        joins = [
            fact
            for fact in streams[case]
            if isinstance(fact.event, CaseSplit)
            and (fact.event.place, fact.event.other) == (place, beside)
        ]
        for ref, entries in _by_meeting(both).items():
            here = tuple(fact.header.name for fact in entries if fact.position in told)
            there = tuple(fact.header.name for fact in entries if fact.position not in told)
            if here and there and joins:
                at = mark(joins[-1])
                found.append(Parted(conference=ref, at=at, here=here, there=there))
    return tuple(found)


def _split_pairs(streams: Mapping[UUID, Sequence[Fact[Any]]]) -> list[tuple[UUID, UUID]]:
    """From which case to which entries were split off, and still are, each once."""
    pairs = (
        (case, join.other)
        for case, facts in streams.items()
        for join in _standing(facts)
        if isinstance(join, CaseSplit)
    )
    return list(dict.fromkeys(pairs))


def _split_to(case: UUID, facts: Sequence[Fact[Any]]) -> frozenset[int]:
    splits = (one for one in _standing(facts) if isinstance(one, CaseSplit) and one.other == case)
    return frozenset(version for one in splits for version in one.entries)


def _by_meeting(facts: Iterable[Fact[Any]]) -> dict[ConferenceRef, list[Fact[Any]]]:
    """The entries of each meeting that may be read in another case, in order."""
    found = dict[ConferenceRef, list[Fact[Any]]]()
    for fact in facts:
        ref: ConferenceRef | None = getattr(fact.event, "conference", None)
        if ref is not None and not stays(type(fact.event)):
            found.setdefault(ref, []).append(fact)
    return found


def leading(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> list[UUID]:
    """The cases that one is read in: what it is merged with, what that is, and so on."""
    found = list[UUID]()
    while (into := _into(streams.get(case, ()))) is not None and into not in found:
        found.append(into)
        case = into
    return found


def readers(
    case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]
) -> Iterator[tuple[UUID, frozenset[int] | None]]:
    """The cases in which a case's own entries are read, and which: of these versions, None of all.

    What was split off is read in the other case alone, and in what that one is read in.
    """
    yield from ((one, None) for one in leading(case, streams))
    for one in _standing(streams.get(case, ())):
        if isinstance(one, CaseSplit):
            for reader in (one.other, *leading(one.other, streams)):
                if reader != case:
                    yield reader, frozenset(one.entries)


def while_read(
    case: UUID, other: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]
) -> tuple[While, ...]:
    """While which entries of a case were read in another, by every merge and split there was."""
    joins = {
        one: [fact for fact in facts if OF_EVENT[type(fact.event)] == "joining"]
        for one, facts in streams.items()
    }
    if not joins.get(case):
        return ()
    positions = {fact.version: fact.position for fact in streams[case]}
    found = list[While]()
    for at in sorted(fact.position for facts in joins.values() for fact in facts):
        by = {one: [fact for fact in each if fact.position <= at] for one, each in joins.items()}
        read = [of for reader, of in readers(case, by) if reader == other]
        every = None in read
        versions = frozenset(one for of in read if of is not None for one in of)
        of = None if every else frozenset(positions[one] for one in versions if one in positions)
        last = found[-1] if found and found[-1].until is None else None
        if last is not None and (not read or last.of != of):
            found[-1] = replace(last, until=at)
        if read and (last is None or last.of != of):
            found.append(While(since=at, until=None, of=of))
    return tuple(found)


def bound(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> frozenset[UUID]:
    """The cases that share entries with one, by any number of merges and splits that stand."""
    pairs = [(one, join.other) for one, facts in streams.items() for join in _standing(facts)]
    found, before = {case}, 0
    while len(found) > before:
        before = len(found)
        found |= {one for pair in pairs for one in pair if not found.isdisjoint(pair)}
    return frozenset(found - {case})


def restricting(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> list[UUID]:
    """The restricted cases whose entries this one reads, or in which this one is read."""
    others_ = {*(fact.stream for fact in carried(case, streams)), *leading(case, streams)}
    return sorted(one for one in others_ if governing(streams.get(one, ())).restricted)


def held(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> bool:
    """Whether a legal hold stands on a case that shares entries with this one."""
    return any(governing(streams.get(one, ())).held for one in bound(case, streams))


def leading_closed(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> int | None:
    """The position at which the case that one is read in was closed; None while it is open."""
    last = leading(case, streams)[-1:]
    return _closed_at(streams.get(last[0], ())) if last else None


def merged_open(case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]]) -> tuple[CaseRef, ...]:
    """The cases merged into one that are open by their own events."""
    merged = (one for one, facts in streams.items() if _into(facts) == case)
    return tuple(CaseRef(one) for one in merged if _closed_at(streams[one]) is None)


def closed_for_death(facts: Iterable[Fact[Any]]) -> Mark | None:
    """Where a case was closed since the adult had died, by its own events; None if it was not."""
    closed = _closed(facts)
    return closed.at if closed is not None and closed.reason == closure.DIED else None


def _closed_at(facts: Iterable[Fact[Any]]) -> int | None:
    """Where a case was closed, by its own events."""
    closed = _closed(facts)
    return None if closed is None else closed.at.position


def _closed(facts: Iterable[Fact[Any]]) -> closure.Closed | None:
    own = (fact for fact in facts if OF_EVENT[type(fact.event)] == "closure")
    return reduce(closure.evolve, own, closure.initial).closed


def governing(facts: Iterable[Fact[Any]]) -> correction.State:
    """What stands over a case by its own events."""
    own = (fact for fact in facts if OF_EVENT[type(fact.event)] == "correction")
    return reduce(correction.evolve, own, correction.initial)


def exceptions(facts: Iterable[Fact[Any]]) -> excepting.State:
    """Who was let into a case by way of exception, by its own events."""
    own = (fact for fact in facts if OF_EVENT[type(fact.event)] == "excepting")
    return reduce(excepting.evolve, own, excepting.initial)


def _into(facts: Sequence[Fact[Any]]) -> UUID | None:
    return next((one.other for one in _standing(facts) if isinstance(one, CaseMerged)), None)


def _entered_twice(facts: Sequence[Fact[Any]]) -> bool:
    """Whether a case was merged because one concern was entered twice."""
    merges = (one for one in _standing(facts) if isinstance(one, CaseMerged))
    return any(one.reason == "same_concern" for one in merges)


def _carried(
    case: UUID, streams: Mapping[UUID, Sequence[Fact[Any]]], passed: frozenset[UUID]
) -> Iterator[Fact[Any]]:
    """The facts of other cases that are read in one; of a circle, each case once.

    Also what was split off to a case that is then merged with the one it came from: it is back.
    """
    for other, facts in streams.items():
        joins = [one for one in _standing(facts) if one.other == case]
        if other not in passed and any(isinstance(one, CaseMerged) for one in joins):
            elsewhere = gone(facts)
            left = (fact for fact in facts if fact.version not in elsewhere)
            yield from (fact for fact in left if not stays(type(fact.event)))
            yield from _carried(other, streams, passed | {other})
        for one in joins:
            if isinstance(one, CaseSplit):
                named = (fact for fact in facts if fact.version in one.entries)
                yield from (fact for fact in named if not stays(type(fact.event)))


def _standing(facts: Sequence[Fact[Any]]) -> list[CaseMerged | CaseSplit]:
    """By what a case's own entries are read elsewhere, and not ended."""
    return [fact.event for fact in _joins(facts)]


def _joins(facts: Sequence[Fact[Any]]) -> list[Fact[CaseMerged | CaseSplit]]:
    """Where that stands."""
    ended = {
        fact.event.merge if isinstance(fact.event, CaseUnmerged) else fact.event.split
        for fact in facts
        if isinstance(fact.event, CaseUnmerged | CaseSplitEnded)
    }
    return [
        fact
        for fact in facts
        if isinstance(fact.event, CaseMerged | CaseSplit)
        and fact.event.place in {MERGED, FROM}
        and fact.version not in ended
    ]
