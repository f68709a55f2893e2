"""What moved since a return was filed, against what is reckoned now, and by which entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from api.basis import release
from api.clocks import Clocks
from api.filed import Filing
from api.filing import kept, whole_return
from api.office import Office
from domain.case import Case
from domain.holds import WithoutWords
from domain.reading import joined_facts, replayed
from domain.refusal import Refused
from domain.stored import is_case
from projections.joined import JOINED
from projections.projection import split, stored_names
from projections.returns.difference import By, Difference, difference, moving

# What says whose a case is, and to which others it is joined.
_SPEAK_OF: Final = JOINED | {"referral-received"}


def since_filed(office: Office, one: Filing, clocks: Clocks) -> tuple[Difference, int]:
    """What moved between a filing and what is known by the clocks; and of which position that is.

    Raises NotFound, Corrupt and Behind, and Refused: they are of before what was filed.
    """
    if clocks.as_at is not None and clocks.as_at < one.event.as_at:
        words = (
            f"Filed was what is known at position {one.event.as_at}: compare it with that or later."
        )
        raise Refused("option", "usage", words, field="as_at")
    filed = kept(office, one)
    whole, as_at = whole_return(office, one.of, clocks)
    now = {table.code: filled for table, filled in whole}
    names = frozenset(stored_names(moving(office.jurisdiction.code)))
    entries = _Entries(office, one.event.as_at, as_at, names)
    led = _Led(office, one.event.as_at, as_at)
    return difference(filed.tables, now, entries.since, led_by=led.by), as_at


def unexplained(office: Office, one: Filing) -> str:
    """What is said where no entry explains what moved: another release may count by other rules."""
    filed, now = kept(office, one).heading.get("basis", {}).get("release"), release()
    if filed == now:
        return "no entry of it or of its adult was recorded since"
    return f"no entry of it: filed by release {filed}; the rules of {now} may be others"


@dataclass(frozen=True, slots=True)
class _Led:
    """Whose case a case is read in, as known at either of two positions."""

    office: Office
    then: int
    now: int
    _read: dict[tuple[UUID, bool], UUID | None] = field(default_factory=dict)

    def by(self, case: UUID, /, *, now: bool) -> UUID | None:
        """Whose that is; None where it is read by itself."""
        if (case, now) not in self._read:
            first = one = self._case(case, now=now)
            passed = {case}
            while one is not None and (into := one.joining.into) is not None:
                if into in passed:
                    break
                passed.add(into)
                one = self._case(into, now=now)
            self._read[case, now] = None if one is None or one is first else one.adult
        return self._read[case, now]

    def _case(self, case: UUID, *, now: bool) -> Case | None:
        silent, as_at = WithoutWords(self.office.record), self.now if now else self.then
        facts = silent.facts(case, as_at=as_at)
        if not facts or not is_case(facts[0].event):
            return None
        return replayed(case, joined_facts(silent, case, facts, as_at=as_at))


@dataclass(frozen=True, slots=True)
class _Entries:
    """The entries recorded after a position and up to another, by stream."""

    office: Office
    after: int
    upto: int
    names: frozenset[str]  # of what may move something
    _read: dict[UUID, tuple[list[By], frozenset[UUID]]] = field(default_factory=dict)

    def since(
        self, streams: Iterable[UUID], positions: Iterable[int]
    ) -> Mapping[UUID | int, Sequence[By]]:
        """What may have moved something of these streams, and of those these entries stand in."""
        found: dict[UUID | int, Sequence[By]] = {one: self._of(one) for one in sorted(streams)}
        for row in self.office.record.log.at(sorted(positions)):
            found[row.position] = self._of(row.stream)
        return found

    def _of(self, stream: UUID) -> list[By]:
        """The entries of a stream, and of those it speaks of: its adult, the cases joined to it."""
        found, waiting, passed = list[By](), {stream}, set[UUID]()
        while waiting:
            one = waiting.pop()
            passed.add(one)
            if one not in self._read:
                self._read[one] = self._stream(one)
            entries, others = self._read[one]
            found.extend(entries)
            waiting |= others - passed
        return found

    def _stream(self, stream: UUID) -> tuple[list[By], frozenset[UUID]]:
        record = self.office.record
        rows = record.log.stream(stream, as_at=self.upto)
        telling = [row for row in rows if split(row.name)[0] in _SPEAK_OF]
        events = [fact.event for fact in record.without_words(telling)]
        others = {getattr(each, name, None) for each in events for name in ("adult", "other")}
        return [
            By(row.position, split(row.name)[0], stream)
            for row in rows
            if row.position > self.after and row.name in self.names
        ], frozenset(one for one in others if one is not None)
