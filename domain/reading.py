"""A case read from the record together with the cases joined to it (`joined`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from domain import case as cases
from domain import joined, made
from domain.case import Case
from domain.corrected import Correction, DuesAnew, dues_elsewhere, standing, withdrawn
from domain.once import referred
from domain.read_while import ReadIn, While
from domain.redated import DATED
from domain.refusal import Conflict
from domain.stage import Mark
from domain.words import Fact

Streams = Mapping[UUID, Sequence[Fact[Any]]]


class Kept(Protocol):
    """A record, as far as it is read here."""

    def facts(self, stream: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:
        """The facts of a stream, up to a position."""
        ...


def joined_facts(
    record: Kept, stream: UUID, facts: list[Fact[Any]], *, as_at: int | None = None
) -> dict[UUID, list[Fact[Any]]]:
    """The facts of a case, those given, and of every case that is or was joined to it by then."""
    streams, waiting = {stream: facts}, set(joined.others(facts))
    while waiting := waiting - streams.keys():
        one = waiting.pop()
        streams[one] = record.facts(one, as_at=as_at)
        waiting |= joined.others(streams[one])
    return streams


def understood(streams: Streams) -> dict[UUID, list[Fact[Any]]]:
    """The same facts as now understood, each case by its own corrections.

    What is due in one also by those of the others, where it was counted from an entry of theirs.
    """
    elsewhere = due_beside(streams)
    return {one: list(standing(each, elsewhere)) for one, each in streams.items()}


def due_beside(streams: Streams) -> DuesAnew:
    """What corrections in any of these cases say is due in another of them."""
    if len(streams) == 1:
        return {}
    return dues_elsewhere(streams.values(), partial(_holds, streams))


def _holds(streams: Streams, correction: Fact[Correction], position: int) -> bool:
    """Whether a correction in one case says what is due by an entry of another, there.

    Where what it corrects is read there, or was since. What is corrected after two cases were read
    apart moves nothing of what either has.
    """
    case, target = correction.stream, correction.event.target
    entry = next((fact.position for fact in streams[case] if fact.version == target), 0)
    of = (one for one, facts in streams.items() if any(it.position == position for it in facts))
    return any(
        span.reads(entry) and (span.until is None or correction.position < span.until)
        for one in of
        for span in joined.while_read(case, one, streams)
    )


def replayed(stream: UUID, streams: Streams) -> Case:
    """A case by its facts and those of the cases joined to it, as recorded: as now understood.

    An entry of its own that was withdrawn keeps its place, by which others name it, and does
    nothing. This is the case that is shown, and the one that decides.
    """
    gone, told = withdrawn(streams[stream]), understood(streams)
    reading = joined.read(stream, told)
    facts = reading.facts
    if gone:
        kept = (fact for fact in streams[stream] if fact.version in gone)
        facts = tuple(sorted((*facts, *kept), key=lambda fact: fact.position))
    case = cases.replay(facts, reading.elsewhere | gone, reading.twice)
    if told[stream] != streams[stream]:
        dated = (fact for fact in streams[stream] if fact.version in case.dated)
        otherwise = (fact for fact in dated if case.dated[fact.version] is not fact)
        case = case.but(as_recorded={fact.version: fact for fact in otherwise})
    if gone and case.adult is None:
        case = case.but(was_about=cases.replay(streams[stream]).adult)
    if len(streams) == 1:
        return case
    return _with_dated(beside(case, stream, told), stream, streams, told)


def _with_dated(case: Case, stream: UUID, streams: Streams, told: Streams) -> Case:
    """A case with what is counted from entries of another: of theirs here, and of its own there."""
    recorded = {fact.position: fact for facts in streams.values() for fact in facts}
    brought = (version for version in case.dated if version < 0)
    return case.but(
        as_recorded={
            **case.as_recorded,
            **{version: replace(recorded[-version], version=version) for version in brought},
        },
        read_while={one: joined.while_read(one, stream, told) for one in streams if one != stream},
        read_in=tuple(
            _read_in(spans, streams[one], told[one])
            for one in streams
            if one != stream and (spans := joined.while_read(stream, one, told))
        ),
    )


def _read_in(
    spans: tuple[While, ...], facts: Sequence[Fact[Any]], told: Sequence[Fact[Any]]
) -> ReadIn:
    """What of a case may be counted from entries of another that are read in it."""
    every = {
        -fact.position: replace(fact, version=-fact.position)
        for fact in facts
        if fact.header.name in DATED and not joined.stays(type(fact.event))
    }
    now = {-fact.position: replace(fact, version=-fact.position) for fact in told}
    return ReadIn(
        spans=spans,
        dated={version: now.get(version, fact) for version, fact in every.items()},
        as_recorded=every,
        withdrawn=frozenset(every.keys() - now.keys()),
    )


def as_understood(record: Kept, stream: UUID, facts: list[Fact[Any]]) -> Case:
    """A case by its facts, those given, and those of the cases joined to it by now."""
    return replayed(stream, joined_facts(record, stream, facts))


def beside_as_seen(
    record: Kept, stream: UUID, facts: list[Fact[Any]], seen: int
) -> dict[UUID, int]:
    """The versions of the cases that bring entries to one, where all they bring was seen.

    `seen` is the last position of what they bring, as its author knew it.

    Raises:
        Conflict: something was recorded since in one of them that is read here, or corrects that.
    """
    streams = joined_facts(record, stream, facts)
    brought = joined.brought(stream, streams)
    later = [one for one in brought if one.position > seen]
    if later:
        other = later[0].stream
        told = [one for one in brought if one.stream == other]
        known = [one.version for one in told if one.position <= seen]
        raise Conflict(other, known[-1] if known else 0, told[-1].version)
    return {one: len(streams[one]) for one in sorted({one.stream for one in brought})}


def _died_beside(case: Case, stream: UUID, streams: Streams) -> Mark | None:
    """Where a case that shares entries with one, about the same adult, was closed for their death.

    The last of several: a death is a fact about the person, whichever case it was told in.
    """
    closed = {
        one: joined.closed_for_death(streams[one])
        for one in joined.bound(stream, streams)
        if one in streams
    }
    found = (
        at
        for one, at in closed.items()
        if at is not None
        and case.adult is not None
        and cases.replay(streams[one]).adult == case.adult
    )
    return max(found, key=lambda at: at.position, default=None)


def readers_as_they_stand(record: Kept, stream: UUID, facts: list[Fact[Any]]) -> dict[UUID, int]:
    """The versions of the cases that one is or was read in: a correction may move their dates."""
    streams = joined_facts(record, stream, facts)
    others = streams.keys() - {stream}
    return {one: len(streams[one]) for one in others if joined.while_read(stream, one, streams)}


Replay = Callable[[Kept, UUID, list[Fact[Any]]], Case]  # as `as_understood`


def beside(case: Case, stream: UUID, streams: Streams) -> Case:
    """A case with what stands over it, and what answers for it, in the cases joined to it."""
    restricting = joined.restricting(stream, streams)
    return replace(
        case,
        restricted_beside=bool(restricting),
        excepting_beside=tuple(joined.exceptions(streams[one]) for one in restricting),
        held_beside=joined.held(stream, streams),
        leading_closed=joined.leading_closed(stream, streams),
        merged_open=joined.merged_open(stream, streams),
        died_beside=_died_beside(case, stream, streams),
        parted=(parted := joined.parted(stream, streams)),
        stranded=made.stranded(stream, streams, frozenset(one.conference for one in parted)),
        permitted_beside=cases.replay(joined.permitting(stream, streams)).permissions,
        taken_beside=tuple(
            (
                of,
                referred(fact for fact in joined.read(one, streams).facts if fact.stream != stream),
            )
            for one, of in joined.readers(stream, streams)
        ),
    )
