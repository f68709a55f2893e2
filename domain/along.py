"""What is forgotten with a case: every passage read in it, wherever recorded, whomever it is about.

So goes also a passage that is sealed about a person, as a line of an imported chronology is about
its adult: of whom it is decides who else takes it. The person's own stream is not the case's.
An entry that was split off is read in another case alone, with what stands beside it, and is
forgotten with that one: not with the case it was recorded in, under whose reference it is sealed.
The reasons of a join stand in both cases, and in each go with the first of the two that is erased.
A case that was merged is read in another and stays a case of its own: it is erased by itself.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from domain.correction import EntryAnnotated, RecordCorrected
from domain.joining import FROM, CaseMerged, CaseSplit, CaseSplitEnded, CaseUnmerged
from domain.record.encoding import passages
from domain.record.envelope import Row
from domain.record.log import Log
from domain.stored import describe


def _names(event: type) -> frozenset[str]:
    """Every name, with version, under which an event can stand in the log."""
    name, shapes = describe(event)
    return frozenset(f"{name}.v{version}" for version in range(1, shapes + 1))


_SPLIT: Final = _names(CaseSplit)
_ENDED: Final = _names(CaseSplitEnded)
_BESIDE: Final = _names(EntryAnnotated) | _names(RecordCorrected)
MERGED: Final = _names(CaseMerged)
_JOINS: Final = _SPLIT | _ENDED | MERGED | _names(CaseUnmerged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """The keys of what was ever split off from a case, or to it, by where it is read.

    `taken` are those that go with the case, each with the position of its entry: of what is read in
    it, but of its own entries those about the case itself, which go by its key; and of the reasons
    of its joins that are told about the other case. `kept` are sealed about the case that recorded
    them and read elsewhere, each with the case it goes with; `left` is all that this case recorded
    and is so read. `brought` are the cases from which something is read in this one alone.
    """

    taken: Mapping[UUID, int]
    kept: Mapping[UUID, UUID]
    left: Mapping[UUID, UUID]
    brought: frozenset[UUID]


def along(log: Log, case: UUID, *, as_at: int | None = None) -> Along:
    """What goes with a case, and what stays, by its splits up to a position."""
    streams = {case: log.stream(case, as_at=as_at)}
    for other in {UUID(_data(row)["other"]) for row in streams[case] if row.name in _SPLIT}:
        streams[other] = log.stream(other, as_at=as_at)
    taken, brought = dict(_of_others(streams[case], case)), set[UUID]()
    kept, left = dict[UUID, UUID](), dict[UUID, UUID]()
    for stream, rows in streams.items():
        for row, home in _parted(stream, case, rows):
            keys = _keys(row)
            if home == case:
                taken.update(dict.fromkeys(keys, row.position))
                brought.update({stream} - {case} if keys else ())
            else:
                # About a person it lies under no key that goes with the case.
                kept.update(dict.fromkeys(_about(row, str(stream)), home))
                left.update(dict.fromkeys(keys, home) if stream == case else {})
    return Along(taken=taken, kept=kept, left=left, brought=frozenset(brought))


def own(log: Log, case: UUID) -> frozenset[UUID]:
    """The keys of what a case recorded and is read where the case is."""
    rows = log.stream(case)
    away = _away(rows)
    return frozenset(key for row in rows if row.version not in away for key in _keys(row))


def homes(rows: Sequence[Row], case: UUID) -> Mapping[int, UUID]:
    """By its position, the case that each of a case's own entries is forgotten with."""
    away = _away(rows)
    return {row.position: away.get(row.version, case) for row in rows}


def brought_from(rows: Sequence[Row]) -> set[UUID]:
    """The cases from which a split ever brought entries to a case."""
    told = (_data(row) for row in rows if row.name in _SPLIT)
    return {UUID(data["other"]) for data in told if data["place"] != FROM}


def _of_others(rows: Sequence[Row], case: UUID) -> Iterator[tuple[UUID, int]]:
    """The keys of what a case tells about people, and of its joins about the other case."""
    away = _away(rows)
    for row in rows:
        if row.version not in away or row.name in _JOINS:
            yield from ((key, row.position) for key in _keys(row) - _about(row, str(case)))


def _parted(stream: UUID, case: UUID, rows: Sequence[Row]) -> Iterator[tuple[Row, UUID]]:
    """Each entry of a stream that was ever split off between it and a case.

    With the case in which it is read: where no split of it stands, that is its own again.
    """
    away, versions = _away(rows), set[int]()
    for row in rows:
        data = _data(row) if row.name in _SPLIT else {}
        if data.get("place") == FROM and str(case) in {str(stream), data["other"]}:
            versions.update(data["entries"])
    versions.update(_beside(rows, versions))
    for row in rows:
        if row.version in versions:
            yield row, away.get(row.version, stream)


def _away(rows: Sequence[Row]) -> dict[int, UUID]:
    """The versions of a case's own entries that are read in another, and in which."""
    ended = {_data(row)["split"] for row in rows if row.name in _ENDED}
    away = dict[int, UUID]()
    for row in rows:
        if row.name in _SPLIT and row.version not in ended:
            data = _data(row)
            if data["place"] == FROM:
                away.update(dict.fromkeys(data["entries"], UUID(data["other"])))
    for version, target in _beside(rows, away).items():
        away[version] = away[target]
    return away


def _beside(rows: Sequence[Row], of: Container[int]) -> dict[int, int]:
    """The versions of what stands beside some entries, by any number of steps: each with its own.

    A note or a correction is read where its entry is, and is forgotten with it.
    """
    found = dict[int, int]()
    for row in rows:
        target = _data(row)["target"] if row.name in _BESIDE else None
        if target is not None and (target in of or target in found):
            found[row.version] = target
    return found


def _keys(row: Row) -> frozenset[UUID]:
    return frozenset(UUID(one["key"]) for one in passages(_data(row)))


def _about(row: Row, subject: str) -> frozenset[UUID]:
    told = passages(_data(row))
    return frozenset(UUID(one["key"]) for one in told if str(one["about"]) == subject)


def _data(row: Row) -> Any:  # noqa: ANN401 — any JSON
    return orjson.loads(row.payload)["data"]
