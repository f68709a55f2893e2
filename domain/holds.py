"""Which legal holds stand over somebody, in whatever case: what an erasure asks first (L17)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain import joined, joining, stored
from domain.correction import LegalHoldPlaced, RecordCorrected
from domain.reading import joined_facts
from domain.record.record import Record

_PAGE: Final = 1000


def _stored(event: type) -> list[str]:
    """Every name an event stands under in the log, one a version of its shape."""
    name, shapes = stored.describe(event)
    return [f"{name}.v{version}" for version in range(1, shapes + 1)]


_HOLDS: Final = _stored(LegalHoldPlaced)
# What may let a hold stand that did not: its placing, its lifting withdrawn, or a join with a case
# that has one.
_HELD_BY: Final = (LegalHoldPlaced, RecordCorrected, joining.CaseMerged, joining.CaseSplit)
HOLDING: Final = frozenset(name for one in _HELD_BY for name in _stored(one))


def held_for(record: Record, person: UUID) -> bool:
    """Whether a legal hold stands on any case that names somebody."""
    after, streams = 0, set[UUID]()
    while rows := record.log.read(after, names=_HOLDS, limit=_PAGE):
        streams.update(row.stream for row in rows)
        after = rows[-1].position
    return any(_held_over(record, one, person) for one in streams)


def names(record: Record, stream: UUID, reference: UUID) -> bool:
    """Whether any event of a stream names a reference, or a passage in it is about it."""
    text = str(reference).encode()
    return any(text in row.payload or text in row.header for row in record.log.stream(stream))


def _held_over(record: Record, stream: UUID, person: UUID) -> bool:
    """Whether a hold stands on a case, and it or one that shares entries with it names them."""
    facts = record.facts(stream)
    beside = joined.bound(stream, joined_facts(record, stream, facts))
    named = any(names(record, one, person) for one in (stream, *beside))
    return named and joined.governing(facts).held
