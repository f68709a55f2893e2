"""Which case each event is read in, where cases are read as one or entries in another case.

As `domain.joined` has it for decisions: a case that is merged is read in the one that leads, an
entry that is split off in the other case, and what governs a case alone stays with it. A merge or a
split is an event in both cases; what acts on the views is the one of the case that is read
elsewhere, and its end. Of merges in a circle, which no command makes, each case stands by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from domain.catalogue import CASE, EVENTS
from domain.joined import stays
from domain.joining import FROM, MERGED, TO
from projections.ending import CLOSED, REOPENED, closed_by, ending
from projections.projection import Json, Seen

_MERGED: Final = "case-merged"
_SPLIT: Final = "case-split"
_ENDS: Final[Mapping[str, str]] = {"case-unmerged": "merge", "case-split-ended": "split"}
JOINED: Final = frozenset({_MERGED, _SPLIT, *_ENDS})
BEGINS: Final = _SPLIT  # what a case may begin with, besides its referral
_REFERRAL: Final = "referral-received"
_STAYS: Final = frozenset(
    name for name, kind in EVENTS.items() if kind.stream == CASE and stays(kind.cls)
)


def acts(seen: Seen) -> bool:
    """Whether an event that joins or parts cases is that of the case read elsewhere."""
    return seen.data["place"] in {MERGED, FROM}


def connected(streams: Mapping[str, Sequence[Seen]], seen: Seen) -> list[Seen]:
    """The events before one, in order, of its stream and of all that are or were joined to it."""
    found, waiting = set[str](), {seen.stream}
    if seen.name in JOINED:
        waiting.add(seen.data["other"])
    while waiting:
        stream = waiting.pop()
        found.add(stream)
        before = (one for one in streams.get(stream, ()) if one.position < seen.position)
        waiting |= others(before) - found
    earlier = [one for stream in found for one in streams.get(stream, ())]
    earlier.sort(key=lambda one: one.position)
    return [one for one in earlier if one.position < seen.position]


def others(seen: Iterable[Seen]) -> set[str]:
    """The cases that events say theirs is or was joined to."""
    return {one.data["other"] for one in seen if one.name in JOINED}


def cases_of(seen: Seen) -> set[str]:
    """Every case whose rows an event that joins, parts or corrects may change."""
    events = [*seen.earlier, seen]
    return {one.stream for one in events} | others(events)


class Reading:
    """Cases joined to one another, by their events as now understood: what is read in which.

    `kept` are all of them. `events` are in order, each with the case it is read in (`Seen.case`),
    but that what begins a case stands before what others bring to it. Of what joins cases only a
    split that brings entries is among them, in the case it brings them to.
    """

    def __init__(self, kept: Sequence[Seen]) -> None:
        self.kept = kept
        ended = {(one.stream, one.data[_ENDS[one.name]]) for one in kept if one.name in _ENDS}
        joins = [
            one
            for one in kept
            if one.name in {_MERGED, _SPLIT} and (one.stream, one.version) not in ended
        ]
        merged = [one for one in joins if one.name == _MERGED and one.data["place"] == MERGED]
        self._merges = {(one.stream, one.version) for one in merged}
        self._into: dict[str, str] = {}
        for one in merged:
            self._into.setdefault(one.stream, one.data["other"])
        self._merged = merged
        self._elsewhere: dict[tuple[str, int], str] = {}
        for one in joins:
            if one.name == _SPLIT and one.data["place"] == FROM:
                for version in one.data.get("entries", ()):
                    self._elsewhere.setdefault((one.stream, version), one.data["other"])
        self._begun = {
            (one.stream, one.version)
            for one in joins
            if one.name == _SPLIT and one.data["place"] == TO
        }
        self._adults = self._whose(kept)

    @property
    def events(self) -> Sequence[Seen]:
        """What is read, where."""
        if not (self._into or self._elsewhere or self._begun):
            return [one for one in self.kept if one.name not in JOINED]
        read = [
            one if case == one.stream else one.read_in(case, self._told(one, case))
            for one in self.kept
            if (case := self.case_of(one)) is not None
        ]
        return sorted(read, key=lambda one: not _begins(one))

    def case_of(self, one: Seen) -> str | None:
        """The case an event is read in; None where it is read in none, and counted nowhere."""
        place = (one.stream, one.version)
        if one.name in JOINED:
            stands = place in self._begun and one.stream not in self._into
            return one.stream if stands else None
        other = self._elsewhere.get(place, self._into.get(one.stream))
        leading = one.stream if other is None else self._leading(other)
        return None if leading != one.stream and one.name in _STAYS else leading

    def read_by(self, one: Seen, case: str) -> bool:
        """Whether an event is read by whoever opens a case, also one that is read in another.

        As `domain.joined.read` has it: all of its own that was not split off, and what others bring
        to it.
        """
        other = self._elsewhere.get((one.stream, one.version))
        if one.stream == case and other is None:
            return True
        if one.name in _STAYS:
            return False
        after, passed = other or self._into.get(one.stream), set[str]()
        while after is not None and after not in passed:
            if after == case:
                return True
            passed.add(after)
            after = self._into.get(after)
        return False

    def parted(self, stream: str, version: int) -> bool:
        """Whether an entry of a case was split off, and is read in another."""
        return (stream, version) in self._elsewhere

    def home(self, one: Seen) -> str:
        """The case an event is of before any merge: its own, or the one it was split off to."""
        return self._elsewhere.get((one.stream, one.version), one.stream)

    @property
    def of_one_concern(self) -> Sequence[Seen]:
        """The merges of cases in which one concern had been entered twice, in order."""
        into = {one.stream: one for one in reversed(self._merged)}
        same = [one for one in into.values() if one.data["reason"] == "same_concern"]
        return sorted(same, key=lambda one: one.position)

    @property
    def registered_twice(self) -> Mapping[str, str]:
        """Of each case merged since its adult was registered twice, as whom they were in it."""
        into = {one.stream: one for one in reversed(self._merged)}
        return {
            case: adult
            for case, one in into.items()
            if one.data["reason"] == "registered_twice"
            and (adult := self._adults.get(case)) is not None
            and adult != self._adults.get(self._leading(case))
        }

    @property
    def brought_open(self) -> Sequence[tuple[str, Seen]]:
        """Each case into which an open one was merged while it was closed itself, and where.

        What is due in the open one is due there from then on.
        """
        endings, brought = dict[str, list[Json]](), list[tuple[str, Seen]]()
        for one in self.kept:
            if one.name in {CLOSED, REOPENED}:
                endings.setdefault(one.stream, []).append(ending(one))
            elif (one.stream, one.version) in self._merges:
                case = self._leading(one.stream)
                open_itself = not closed_by(endings.get(one.stream, ()))
                if open_itself and closed_by(endings.get(case, ())):
                    brought.append((case, one))
        return brought

    def merged_in(self, case: str) -> list[str]:
        """The cases that are read in one, in order."""
        return sorted(one for one in self._into if one != case and self._leading(one) == case)

    def adult_of(self, case: str) -> str | None:
        """Whose a case is by its own referral, or by the split it began with."""
        return self._adults.get(case)

    def _leading(self, case: str) -> str:
        """The case at the end of a chain of merges."""
        passed = {case}
        while (after := self._into.get(case)) is not None and after not in passed:
            passed.add(after)
            case = after
        return case

    def _whose(self, kept: Sequence[Seen]) -> Mapping[str, str]:
        told: dict[str, str] = {}
        for one in kept:
            if one.name == _REFERRAL and (one.stream, one.version) not in self._elsewhere:
                told.setdefault(one.stream, one.data["adult"])
        for one in kept:
            if (one.stream, one.version) in self._begun and "adult" in one.data:
                told.setdefault(one.stream, one.data["adult"])
        return told

    def _told(self, one: Seen, case: str) -> Mapping[str, str]:
        """What is said otherwise where another case's referral is read: whose case it is."""
        adult = self._adults.get(case)
        return {} if one.name != _REFERRAL or adult is None else {"adult": adult}


def _begins(one: Seen) -> bool:
    """Whether an event is what a case itself began with."""
    return one.stream == one.case and one.name in {_REFERRAL, BEGINS}
