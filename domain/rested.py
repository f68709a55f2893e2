"""What each recorded erasure rests on: the approvals it names, and that no hold stood over it then.

An erasure is refused without these as it is asked (L14, L17). One that was put into the log by
another way is recorded all the same, and cannot be undone; so whoever verifies a record asks here.
Each is held to what was recorded before it, by what every release from 0.1.0 on demanded: a record
of an earlier one is held to no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from domain import holds, joined
from domain.corrected import withdrawn
from domain.correction import PersonalDataErased
from domain.erased import Approvals, Approved, Erased
from domain.filing import FilingErased
from domain.reading import joined_facts
from domain.record.envelope import Row
from domain.record.record import Record
from domain.refusal import Refused
from domain.when import LONDON
from domain.words import Fact

_APPROVALS: Final = 1  # by others than who erased: two people's word
# Asked on the last day an approval may be used, and recorded a moment later, past midnight.
_GRACE: Final = timedelta(days=1)


def lack(record: Record, row: Row) -> str:
    """What an erasure does not rest on that it has to; empty where it lacks nothing."""
    *before, fact = holds.WithoutWords(record).facts(row.stream, as_at=row.position)
    if not isinstance(fact.event, Erased):
        raise TypeError(row.name)
    return _not_approved(before, fact) or _held(record, before, fact)


def _not_approved(before: list[Fact[Any]], fact: Fact[Any]) -> str:
    """Why its approvals do not carry it, by the very rule it is asked by (L14)."""
    approvals = Approvals()
    for one in before:
        if isinstance(one.event, Approved):
            approvals = approvals.approved(one.event, one)
        elif isinstance(one.event, Erased):
            approvals = approvals.erased(one.event, one)
    try:
        approvals.carry(
            fact.event,
            fact.event.approvals,
            withdrawn(before),
            people={fact.header.recorded_by, fact.header.performed_by},
            today=fact.recorded_at.astimezone(LONDON).date() - _GRACE,
            needed=_APPROVALS,
            latest=fact.version - 1,
        )
    except Refused as refused:
        return f"it erased without the approvals it has to rest on (L14): {refused}"
    return ""


def _held(record: Record, before: list[Fact[Any]], fact: Fact[Any]) -> str:
    """Whether a hold stood, on the case or on one that names whoever it is about (L17)."""
    as_at = fact.position - 1
    held = False
    if isinstance(fact.event, FilingErased):
        held = bool(holds.holding_filed(record, fact.stream, fact.event.target, as_at=as_at))
    about: UUID | None = None if isinstance(fact.event, FilingErased) else fact.stream
    if isinstance(fact.event, PersonalDataErased):
        about = fact.event.person
        streams = joined_facts(holds.WithoutWords(record), fact.stream, before, as_at=as_at)
        held = joined.governing(before).held or joined.held(fact.stream, streams)
    if not held and about is not None:
        # Who a case names is judged by what was there as it was approved: another may have come to
        # name them while the erasure was being decided, which nothing stops.
        approved = max(_positions(before, fact), default=as_at)
        held = holds.held_for(record, about, as_at=as_at, named_by=approved)
    return "it erased while a legal hold stood over what it took (L17)" if held else ""


def _positions(before: list[Fact[Any]], fact: Fact[Any]) -> Iterator[int]:
    return (one.position for one in before if one.version in fact.event.approvals)
