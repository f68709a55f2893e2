"""A case replayed for an auditor, as every door tells it (`domain.replaying`).

What is told is what this reader may read of the case: a passage that was forgotten is Forgotten at
every step, one entered for the wrong person keeps its words to itself (L29), and a case they may
not open is named by null.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from api.names import Names
from api.routes import shown
from api.routes.door import Reader
from api.routes.people import entries_read, restricted_among
from api.routes.timeline import Told
from api.standing import Stands
from domain.record.encoding import Json
from domain.replaying import Passed, Step, Trees, changes, passed, steps
from domain.words import Fact

RECEIPTS: Final = "/v1/receipts/cases"
_WITHHELD: Final = "withheld"
FINDINGS: Final = ("raised", "cleared", "answered", "arisen", "lapsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Some steps of a case, told; `count` is how many there are in all.

    `entries` are those of the steps, for a door that says them in words: None of what stands
    elsewhere and changed the case. `earlier` are entries of cases joined to this one from before it
    began: each is a step where it came to be read, and what all of them changed is in that before.
    """

    steps: list[dict[str, Json]]
    entries: list[Told | None]
    earlier: list[dict[str, Json]]
    count: int


def joined_to(found: Stands) -> frozenset[UUID]:
    """The cases that one is or was joined to by then, and itself: a replay goes through all of it.

    What was read in it for a time is in its state for that time.
    """
    return frozenset(found.streams) if len(found.streams) > 1 else frozenset()


def may_replay(reader: Reader, found: Stands) -> bool:
    """Whether nothing that a case ever read is in one that is closed to this reader (I16)."""
    return not restricted_among(reader, joined_to(found))


def replay(
    reader: Reader, found: Stands, *, skip: int = 0, limit: int | None = None, full: bool = False
) -> Replay:
    """The steps of a case as it is known at a position, of which `skip` are left out.

    With `full` each has the whole state before and after it, else what differs. To whoever may not
    read findings none are told (null).
    """
    told = {one.fact.position: one for one in found.entries()}
    streams = {case: _as_told(facts, told) for case, facts in found.streams.items()}
    case, began, office = found.facts[0].stream, found.facts[0].position, reader.office
    looking = office.handler.looking(found.clocks.on, as_at=found.clocks.as_at)
    every = passed(case, streams, shown=told)
    asked = list(steps(every, looking, skip=skip, limit=limit))
    entries = [told.get(one.passed.fact.position) for one in asked]
    telling = _Telling(reader, found, asked, entries)
    return Replay(
        steps=[telling.step(one, full=full) for one in asked],
        entries=entries,
        earlier=[named(told[one].fact) for one in sorted(told) if one < began],
        count=len(every),
    )


def _as_told(facts: Iterable[Fact[Any]], told: dict[int, Told]) -> list[Fact[Any]]:
    """The facts of a stream, those that are another's without their words."""
    return [
        told[one.position].fact if one.position in told and told[one.position].misplaced else one
        for one in facts
    ]


def named(fact: Fact[Any]) -> dict[str, Json]:
    """Which entry it is, and no more."""
    return {"case": str(fact.stream), "position": fact.position, "name": fact.header.name}


class _Telling:
    """What is needed to tell steps, read once for all of them."""

    def __init__(
        self, reader: Reader, found: Stands, asked: Iterable[Step], told: Iterable[Told | None]
    ) -> None:
        rows = reader.office.record.log.at([one.passed.fact.position for one in asked])
        self._leaves = {row.position: base64.b64encode(row.leaf).decode() for row in rows}
        self._trees = Trees(shown.passage)
        self._names = Names(reader.office, found.clocks.as_at)
        self._reads_findings = reader.reads("findings")
        read = [one for one in told if one is not None]
        self._entries = {
            one.fact.position: {**shown_one, **self._who(one)}
            for one, shown_one in zip(
                read, entries_read(reader, read, found.place, found.clocks.as_at), strict=True
            )
        }
        every = (fact for facts in found.streams.values() for fact in facts)
        refs = {ref for fact in every for ref in shown.references(fact.event)}
        self._closed = {str(one) for one in restricted_among(reader, refs)}

    def step(self, one: Step, *, full: bool) -> dict[str, Json]:
        """One step as JSON."""
        fact, state = one.passed.fact, self._whole if full else self._changes
        return {
            "number": one.passed.number,
            "entry": self._entries.get(fact.position),
            "elsewhere": named(fact) if one.passed.elsewhere else None,
            "judged_on": one.on.isoformat(),
            "policy": one.policy,
            **state(one.passed),
            "findings": self._findings(one) if self._reads_findings else None,
            "receipt": self._receipt(fact.position),
        }

    def _receipt(self, position: int) -> dict[str, Json]:
        href = f"{RECEIPTS}/{position}"
        return {"position": position, "leaf": self._leaves[position], "href": href}

    def _who(self, told: Told) -> dict[str, Json]:
        header = told.fact.header
        return {
            "recorded_by_name": self._names.worker(header.recorded_by),
            "performed_by_name": self._names.worker(header.performed_by),
            "performer_unknown": header.performer_unknown,
            "correlation": str(header.correlation),
            "causation": header.causation,
        }

    def _whole(self, one: Passed) -> dict[str, Json]:
        sides = (("before", one.before), ("after", one.after))
        return {name: self._open(self._trees.of(case)) for name, case in sides}

    def _changes(self, one: Passed) -> dict[str, Json]:
        found = [
            {
                "path": self._unnamed(change.path),
                "before": self._open(change.before),
                "after": self._open(change.after),
            }
            for change in changes(one.before, one.after, shown.passage)
        ]
        return {"changes": found}

    def _open(self, value: Json) -> Json:
        """A value of the state, without the cases that this reader may not open."""
        if not self._closed:
            return value
        if isinstance(value, dict):
            return {self._unnamed(name): self._open(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._open(one) for one in value]
        return shown.without(value, self._closed)

    def _unnamed(self, name: str) -> str:
        """A name or a path of the state, in which such a case may be the key."""
        for one in self._closed:
            name = name.replace(one, _WITHHELD)
        return name

    def _findings(self, one: Step) -> dict[str, Json]:
        return {name: [shown.finding(each) for each in getattr(one, name)] for name in FINDINGS}
