"""Which legal holds stand over somebody, in whatever case: what an erasure asks first (L17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain import joined, joining, stored
from domain.correction import LegalHoldPlaced, RecordCorrected
from domain.filing import ReturnFiled
from domain.monitoring import PlanEnded
from domain.reading import joined_facts
from domain.record.record import Record
from domain.when import LONDON, When, on_day
from domain.words import Fact

_PAGE: Final = 1000
_TIMES: Final = ("received", "opened_on", "concluded_on")
# By annual return, what a case is counted by, or named as left out, under its own day; and what of
# that goes on until it is ended, and counts in every period meanwhile. Held to the returns' views.
_EITHER: Final = frozenset(
    {
        *("referral-received", "referral-linked"),
        *("enquiry-opened", "inquiry-opened", "enquiry-concluded", "enquiry-reopened"),
    }
)
_PLANS: Final = frozenset({"plan-agreed", "plan-revised"})
COUNTED: Final[Mapping[str, frozenset[str]]] = {
    "safeguarding_adults_collection": _EITHER | {"safeguarding-review-concluded"},
    "minimum_dataset": _EITHER
    | _PLANS
    | {
        *("safeguarding-review-concluded", "investigatory-power-used", "plan-ended"),
        *("conference-convened", "conference-held", "conference-part-held", "core-group-held"),
        *("protection-order-applied", "protection-order-granted"),
        *("large-scale-enquiry-opened", "large-scale-enquiry-linked"),
        "large-scale-enquiry-unlinked",
    },
}
LASTING: Final[Mapping[str, frozenset[str]]] = {
    "safeguarding_adults_collection": frozenset(),
    "minimum_dataset": _PLANS,
}


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


def holding_filed(
    record: Record, authority: UUID, filed: int | None, *, as_at: int | None = None
) -> frozenset[UUID]:
    """The cases of which what was filed can tell that a legal hold stands on; as at a position.

    `filed` is the version of its entry. Which of them it counts stands in the document alone, and
    whoever verifies has that no more: so they are those of which anything that its return counts
    may have been of the days it covers, by what was recorded when it was filed.
    """
    silent = WithoutWords(record)
    every = silent.facts(authority, as_at=as_at)
    return frozenset(
        one
        for fact in every
        if fact.version == filed and isinstance(fact.event, ReturnFiled)
        for one in _ever(record, as_at)
        if _held_of_filed(silent, one, fact.event, as_at)
    )


def _held_of_filed(silent: WithoutWords, case: UUID, filed: ReturnFiled, as_at: int | None) -> bool:
    """Whether a hold stands on a case, and a filing can tell of it or of one joined to it."""
    facts = silent.facts(case, as_at=as_at)
    if not joined.governing(facts).held:
        return False
    streams = joined_facts(silent, case, facts, as_at=as_at)
    known = ([one for one in each if one.position <= filed.as_at] for each in streams.values())
    return any(can_tell(each, filed) for each in known)


def can_tell(facts: Sequence[Fact[Any]], filed: ReturnFiled) -> bool:
    """Whether anything of a case that a return counts may have been of the days of a filing."""
    counted = COUNTED[str(filed.annual_return)]
    lasting = LASTING[str(filed.annual_return)]
    moved = {
        one.event.target
        for one in facts
        if isinstance(one.event, RecordCorrected)
        and (one.event.withdrawn or one.event.occurred is not None)
    }
    ended = {  # for good: an end that was withdrawn, or is understood to be of another day, may not
        one.event.plan
        for one in facts
        if isinstance(one.event, PlanEnded)
        and one.version not in moved
        and _last(one, one.occurred) < filed.first
    }
    times: dict[int, list[When]] = {}  # by version, as it was understood since
    for one in facts:
        if isinstance(one.event, RecordCorrected) and one.event.occurred is not None:
            times.setdefault(one.event.target, []).append(one.event.occurred)
    for one in facts:
        name = one.header.name
        if name not in counted:
            continue
        goes_on = name in lasting and getattr(one.event, "plan", None) not in ended
        for when in (*_told(one), *times.get(one.version, ())):
            since = when.first_day
            begun = since is None or since <= filed.last
            if begun and (goes_on or _last(one, when) >= filed.first):
                return True
    return False


def _told(fact: Fact[Any]) -> Iterator[When]:
    """Every time that an entry tells of itself, as it was recorded."""
    yield fact.occurred
    for field in _TIMES:
        told = getattr(fact.event, field, None)
        if told is not None:
            yield told if isinstance(told, When) else on_day(told)


def _last(fact: Fact[Any], when: When) -> date:
    """The last day something can have been: it had been when it was recorded."""
    return when.last_day or fact.recorded_at.astimezone(LONDON).date()


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
