"""The authority's own stream: how its record was opened, and the policies it adopted since.

Its reference is that of whose record this is, the same in every process, so that every decision
finds it. What it says is looked at anew for each decision, since another process may have added to
it; what was read is kept by where it was read, and never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from domain.adopting import Adopted, replay
from domain.calendar import PolicyCalendar
from domain.jurisdictions import Jurisdiction
from domain.opening import RecordOpened, Simulation
from domain.policy import Policy
from domain.record.record import Part, Record
from domain.refusal import Refused
from domain.when import unknown
from domain.words import Actor, Code, Particulars


@dataclass(kw_only=True)
class Policies:
    """What an authority adopted, as known at a position, and the calendars that follow from it.

    `closed` and `worked` are what a setting of the service says of days; a policy goes before it.
    For many threads: what is kept is only ever added to.
    """

    record: Record
    nation: Jurisdiction
    closed: Mapping[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()
    settled: Adopted | None = None
    _read: dict[int, Adopted] = field(default_factory=dict)
    _calendars: dict[tuple[int, ...], PolicyCalendar] = field(default_factory=dict)

    def adopted(self, as_at: int | None = None) -> Adopted:
        """What was adopted by a position (None: now), with the version of the stream."""
        if self.settled is not None and as_at is None:
            return self.settled
        rows = self.record.log.stream(self.record.log.authority, as_at=as_at)
        at = rows[-1].position if rows else 0
        if at not in self._read:
            self._read[at] = replay(self.record.open(rows))
        return self._read[at]

    def known(self, as_at: int | None = None) -> tuple[Policy, ...]:
        """The policies adopted by a position, in order."""
        return self.adopted(as_at).policies

    def calendar(self, known: tuple[Policy, ...]) -> PolicyCalendar:
        """The working days of the authority under these policies, which `known` gave."""
        key = tuple(one.adopted for one in known)
        if key not in self._calendars:
            days = PolicyCalendar(self.nation, known, closed=self.closed, worked=self.worked)
            self._calendars[key] = days
        return self._calendars[key]

    def as_they_are(self) -> Policies:
        """The same as of now for good: for a run that asks thousands of times, and no other."""
        return replace(self, settled=self.adopted())


def open_record(
    record: Record,
    *,
    nation: Code,
    actor: Actor,
    command: UUID,
    simulated: Simulation | None = None,
) -> RecordOpened:
    """The opening of a record: read, or written where the log is empty. Any start may call it."""
    rows = record.log.at([1])
    if not rows:
        record.append(
            [Part(record.log.authority, 0, (RecordOpened(nation=nation, simulated=simulated),))],
            actor=actor,
            particulars=Particulars(occurred=unknown(), purpose=Code("records_management")),
            command=command,
            digest=command.bytes * 2,
        )
        rows = record.log.at([1])
    (fact,) = record.open(rows)
    if not isinstance(fact.event, RecordOpened):
        raise Refused("not-opened", "start-up", "This log does not begin as a record of cases.")
    return fact.event
