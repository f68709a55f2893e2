"""Which legal holds stand over somebody, in whatever case: what an erasure asks first (L17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from domain import joined, joining, stored
from domain.correction import LegalHoldPlaced, RecordCorrected
from domain.reading import joined_facts
from domain.record.record import Record
from domain.words import Fact

_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class WithoutWords:
    """A record as it is read where no words are asked: no key is needed, and none can be wrong."""

    record: Record

    def facts(self, stream: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:
        """The facts of a stream, up to a position."""
        return self.record.without_words(self.record.log.stream(stream, as_at=as_at))


def _stored(event: type) -> list[str]:
    """Every name an event stands under in the log, one a version of its shape."""
    name, shapes = stored.describe(event)
    return [f"{name}.v{version}" for version in range(1, shapes + 1)]


_HOLDS: Final = _stored(LegalHoldPlaced)
# What may let a hold stand that did not: its placing, its lifting withdrawn, or a join with a case
# that has one.
_HELD_BY: Final = (LegalHoldPlaced, RecordCorrected, joining.CaseMerged, joining.CaseSplit)
HOLDING: Final = frozenset(name for one in _HELD_BY for name in _stored(one))


def held_for(
    record: Record, person: UUID, *, as_at: int | None = None, named_by: int | None = None
) -> bool:
    """Whether a legal hold stands on any case that names somebody.

    As at a position (None: now), of the cases that name them by one.
    """
    return any(_held_over(record, one, person, as_at, named_by) for one in _ever(record, as_at))


def held_over_filed(
    record: Record, authority: UUID, filed: int | None, *, as_at: int | None = None
) -> bool:
    """Whether a legal hold stands on any case of which what was filed can tell; as at a position.

    `filed` is the version of its entry. That is any case there was when it was filed: which of them
    it counts stands in the document alone, and whoever verifies has that no more.
    """
    found = [row for row in record.log.stream(authority, as_at=as_at) if row.version == filed]
    if not found:
        return False
    silent = WithoutWords(record)
    return any(
        record.log.stream(one)[0].position < found[0].position
        and joined.governing(silent.facts(one, as_at=as_at)).held
        for one in _ever(record, as_at)
    )


def _ever(record: Record, as_at: int | None) -> set[UUID]:
    """The cases over which a hold was ever placed, up to a position."""
    after, streams = 0, set[UUID]()
    while rows := record.log.read(after, upto=as_at, names=_HOLDS, limit=_PAGE):
        streams.update(row.stream for row in rows)
        after = rows[-1].position
    return streams


def names(record: Record, stream: UUID, reference: UUID, *, as_at: int | None = None) -> bool:
    """Whether any event of a stream names a reference, or a passage in it is about it."""
    text = str(reference).encode()
    rows = record.log.stream(stream, as_at=as_at)
    return any(text in row.payload or text in row.header for row in rows)


def _held_over(
    record: Record, stream: UUID, person: UUID, as_at: int | None, named_by: int | None
) -> bool:
    """Whether a hold stands on a case, and it or one that shares entries with it names them."""
    silent = WithoutWords(record)
    facts = silent.facts(stream, as_at=as_at)
    if not joined.governing(facts).held:
        return False
    beside = joined.bound(stream, joined_facts(silent, stream, facts, as_at=as_at))
    return any(names(record, one, person, as_at=named_by) for one in (stream, *beside))
