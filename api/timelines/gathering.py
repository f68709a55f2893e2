"""The entries of several cases and persons read at one position, in one order, with their trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from api.chronologies.writing import is_significance
from api.clocks import Clocks
from api.lookups import cases_naming
from api.problems import Problem
from api.routes.door import Reader
from api.routes.people import openable, withheld
from api.routes.timeline import Told, Which, in_order, timeline
from api.standing import DEATH, Stands, stands
from api.timelines.asked import Asked
from api.timelines.known import reached
from domain.authority import may
from domain.refusal import NotFound, Refused
from domain.reviewing import ChronologyProduced
from domain.when import end_of
from domain.words import Fact

NOBODY: Final = (
    "What is given out is recorded in a case, and no case is about this person: name one that is."
)

ERASED: Final = (
    "The data of this case were erased, so that it cannot be recorded in it that a timeline was "
    "given out: read it as a timeline, or reopen it first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was read: entries in order as now understood, and all that they were read from.

    `cases` are those it was asked of; in those of them that are not erased, or where they are read
    since a merge (`recorded_in`), it is recorded that it was given out; `looked` are also those
    read in them. `doubtful` are the positions of what the agency asked for may have known by its
    day, and may not. Entries that were `withdrawn`, are `unknown` to it, or say that a timeline was
    `given_out`, are counted and not among `told`.
    """

    told: tuple[Told, ...]
    streams: Mapping[UUID, tuple[Fact[Any], ...]]
    cases: tuple[UUID, ...]
    recorded_in: tuple[UUID, ...]
    looked: frozenset[UUID]
    clocks: Clocks
    withdrawn: int
    unknown: int
    given_out: int
    doubtful: frozenset[int] = frozenset()

    @property
    def as_at(self) -> int:
        """The position that all of it is of."""
        return self.clocks.as_at or 0

    @property
    def facts(self) -> Iterable[Fact[Any]]:
        """Every entry of every stream that was read, also those that are no line."""
        return (fact for facts in self.streams.values() for fact in facts)


def gather(reader: Reader, asked: Asked) -> Gathered:
    """Read what is asked for, once whoever asks may have it, and leave the trace of the reading.

    Of a person, what was told of them in their own stream and every case that is about them; of a
    case also the death of its adult, where it was told. Everything is of one position.

    Raises:
        NotFound: there is no such case or person, or there was none by then.
        Problem: `not-permitted` or `restricted`.
        Refused: no case is about the persons named, or the data of each were erased (I13).
    """
    _check_role(reader, asked)
    clocks = _settled(reader, asked.clocks)
    known_to, clocks = clocks.known_to, replace(clocks, known_to=None)
    streams: dict[UUID, tuple[Fact[Any], ...]] = {
        person: tuple(openable(reader, person, clocks)) for person in asked.persons
    }
    found = _cases(reader, asked, clocks)
    if not found:
        raise Refused("no_case", "C.4", NOBODY, field="person")
    for case, one in found.items():
        streams |= {of: tuple(facts) for of, facts in one.streams.items()}
        adult = one.case.adult
        if adult is not None and adult not in streams and not withheld(reader, adult):
            streams |= _death(reader, case, adult, clocks)
    _trace(reader, asked, found, streams)
    told = {
        entry.fact.position: entry
        for entry in (*_of_cases(found, streams), *_of_persons(asked, streams, clocks))
        if not is_significance(entry.fact)
    }
    given_out = [at for at, one in told.items() if isinstance(one.fact.event, ChronologyProduced)]
    for position in given_out:
        del told[position]
    kept = [one for one in told.values() if not one.withdrawn]
    which = Which(known_to=known_to, by=clocks.on)
    sent = _sent(found, clocks, known_to)
    known = [one for one in kept if which.holds(one) or one.fact.position in sent]
    return Gathered(
        told=tuple(in_order(known)),
        streams=streams,
        cases=tuple(found),
        recorded_in=_recorded_in(found),
        looked=_looked(found),
        clocks=replace(clocks, known_to=known_to),
        doubtful=frozenset(
            at for one in known if (at := one.fact.position) not in sent and which.doubts(one)
        ),
        withdrawn=len(told) - len(kept),
        unknown=len(kept) - len(known),
        given_out=len(given_out),
    )


def _check_role(reader: Reader, asked: Asked) -> None:
    """Whoever gives something out may read it, and may record that it was given out."""
    if not may(reader.actor.role, "produce-chronology"):
        raise Problem("not-permitted", "Your role may not give out a timeline: a manager may.")
    for case in asked.cases:
        reader.may("case", case)
    if asked.persons:
        reader.may("person")
        reader.may("details")
        reader.may("case")


def _settled(reader: Reader, clocks: Clocks) -> Clocks:
    as_at = reader.office.record.log.tail() if clocks.as_at is None else clocks.as_at
    return replace(clocks, as_at=as_at)


def _cases(reader: Reader, asked: Asked, clocks: Clocks) -> dict[UUID, Stands]:
    """The cases asked for and those about the persons asked for, each once, each open."""
    found = {case: stands(reader.office, case, clocks) for case in dict.fromkeys(asked.cases)}
    for person in asked.persons:
        for case in sorted(cases_naming(reader.office, person) - found.keys()):
            try:
                one = stands(reader.office, case, clocks)
            except NotFound:  # it began after the position that is asked for
                continue
            if one.case.adult == person and one.case.merged_into is None:
                found[case] = one
    for case, one in found.items():
        reader.may_open(one.now, case)
    if found and all(one.now.erased for one in found.values()):
        raise Refused("erased", "I13", ERASED)
    return found


def _death(
    reader: Reader, case: UUID, adult: UUID, clocks: Clocks
) -> dict[UUID, tuple[Fact[Any], ...]]:
    """What is told of an adult's death in their own stream, for the cases about them."""
    del case
    try:
        facts = reader.office.handler.told_of(adult, as_at=clocks.as_at)
    except NotFound:  # a referral may name somebody nobody has registered yet
        return {}
    return {adult: tuple(facts)} if any(one.header.name == DEATH for one in facts) else {}


def _recorded_in(found: Mapping[UUID, Stands]) -> tuple[UUID, ...]:
    """Where it can be recorded that it was given out: of a merged case, where that is read now."""
    open_ones = ((case, one.now) for case, one in found.items() if not one.now.erased)
    return tuple(dict.fromkeys(now.merged_into or case for case, now in open_ones))


def _looked(found: Mapping[UUID, Stands]) -> frozenset[UUID]:
    return frozenset(found).union(*(one.brought for one in found.values()))


def _trace(
    reader: Reader,
    asked: Asked,
    found: Mapping[UUID, Stands],
    streams: Mapping[UUID, object],
) -> None:
    """Leave the trace: durable before anything is made of what was read."""
    looked, as_at = _looked(found), asked.clocks.looked_at
    if len(looked) == 1:
        (only,) = looked
        reader.viewed("export", case=only, as_at=as_at)
    else:
        reader.viewed("export", among=looked, as_at=as_at)
    cases = looked.union(*(one.streams for one in found.values()))
    for person in streams.keys() - cases:
        reader.viewed("export", person=person, as_at=as_at)


def _of_cases(
    found: Mapping[UUID, Stands], streams: Mapping[UUID, tuple[Fact[Any], ...]]
) -> Iterable[Told]:
    for one in found.values():
        adult = one.case.adult
        yield from one.entries(streams.get(adult, ()) if adult is not None else ())


def _of_persons(
    asked: Asked, streams: Mapping[UUID, tuple[Fact[Any], ...]], clocks: Clocks
) -> Iterable[Told]:
    for person in asked.persons:
        yield from timeline(streams[person], Which(by=clocks.on))


def _sent(found: Mapping[UUID, Stands], clocks: Clocks, known_to: Any) -> frozenset[int]:  # noqa: ANN401 — a Slug, or None
    """What something sent to the agency asked for made known to it."""
    if known_to is None:
        return frozenset()
    streams = {of: facts for one in found.values() for of, facts in one.streams.items()}
    cases = [one.case for one in found.values()]
    return reached(known_to, end_of(clocks.on), cases, streams)
