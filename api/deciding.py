"""A register of decisions over cases, as every door tells it.

Which decisions are shown is asked of the view; what each says is read from the record by its
position, for those of a page alone. Evidence is what a decision names: the entries it names by
number, and those before it in its case that have a reference it has (its conference, its plan, its
allegation). Of one that names none, all that was recorded of the case by then is meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg import sql

from api.forms.choices import references
from api.names import Names
from api.office import Office
from api.routes import shown
from api.routes.door import Reader
from api.routes.people import restricted_among
from api.routes.timeline import Told, Which, timeline
from domain.corrected import Correction
from domain.correction import CORRECTION
from domain.decisions import Decision, decisions
from domain.policy import Policy
from domain.record.encoding import Json
from domain.stage import Looking
from domain.words import Fact, WorkerRef, numbered
from projections.decisions import Decided
from projections.projection import split

_BEFORE: Final = sql.SQL(
    'SELECT stream, version, "position", payload FROM record.cases WHERE stream = ANY(%s)'
    ' AND "position" + 0 <= %s ORDER BY "position" + 0'
)
# Whom a decision is about, who took it, and which case it is read with are no evidence.
_NOBODY: Final = frozenset({"PersonRef", "WorkerRef", "CaseRef"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A page of a register; `restricted` counts those of cases this reader may not open."""

    rows: list[dict[str, Json]]
    entries: list[Told]  # those of the rows, for a door that says them in words
    cases: frozenset[UUID]
    restricted: int


def register(reader: Reader, page: Sequence[Decided], as_at: int) -> Register:
    """Tell the decisions of a page, as they are understood at a position."""
    office = reader.office
    closed = restricted_among(reader, {one.case for one in page})
    opened = [one for one in page if one.case not in closed]
    facts = {one.position: one for one in _facts(office, opened)}
    evidence = _Evidence(office, opened)
    names = Names(office, as_at)
    known = office.policies.known(as_at)
    named = {one for fact in facts.values() for one in shown.references(fact.event)}
    hidden = {str(one) for one in restricted_among(reader, named)}
    rows, entries = list[dict[str, Json]](), [_told(one, facts) for one in opened]
    for one, told in zip(opened, entries, strict=True):
        row = {
            **_decided(told, names, hidden),
            "decided_on": one.decided_on.isoformat(),
            "policy": _policy(one, office, known),
            "evidence": evidence.of(told.fact, office),
        }
        rows.append(row)
    return Register(
        rows=rows,
        entries=entries,
        cases=frozenset(one.case for one in opened),
        restricted=len(page) - len(opened),
    )


def _facts(office: Office, page: Collection[Decided]) -> list[Fact[Any]]:
    """The entries of some decisions, and of all that corrected them; each proves itself."""
    log = office.record.log
    rows = {row.position: row for row in log.at(sorted({one.position for one in page}))}
    for one in page:
        if one.corrected_by is not None:
            told = log.stream(one.case, as_at=one.corrected_by)
            rows |= {row.position: row for row in told if split(row.name)[0] == CORRECTION}
    for row in rows.values():
        log.check(row)
    return office.record.open(rows.values())


def _told(one: Decided, facts: Mapping[int, Fact[Any]]) -> Told:
    """A decision with what its corrections made of it."""
    of = [facts[one.position]]
    if one.corrected_by is not None:
        of += [
            facts[position]
            for position in sorted(facts)
            if position <= one.corrected_by and _corrects(facts[position], one)
        ]
    entries = timeline(of, Which(by=of[0].recorded_at.date()))
    return next(told for told in entries if told.fact.position == one.position)


def _corrects(fact: Fact[Any], one: Decided) -> bool:
    """Whether a fact is a correction of that decision."""
    return (
        isinstance(fact.event, Correction)
        and fact.stream == one.case
        and fact.event.target == one.version
    )


def _policy(one: Decided, office: Office, known: tuple[Policy, ...]) -> str:
    """The policy in force on the day it was taken, of those known as it was recorded."""
    looking = Looking(on=one.decided_on, jurisdiction=office.jurisdiction, policies=known)
    return looking.law_of(one.position, None).policy


def _decided(told: Told, names: Names, hidden: Collection[str]) -> dict[str, Json]:
    """One decision as JSON, without its evidence and its policy."""
    row = decisions()[told.fact.header.name]
    entry = shown.entry(told, [UUID(one) for one in hidden])
    data, fact = entry.pop("data"), told.fact
    case = str(fact.stream)
    return {
        "case": case,
        **entry,
        "kind": row.kind,
        "source": list(row.source),
        "outcome": {name: data[name] for name in row.outcome if name in data},
        "criteria": None if row.criteria is None else data.get(row.criteria, []),
        "rationale": {name: data.get(name) for name in row.rationale},
        "recorded_by_name": names.worker(fact.header.recorded_by),
        "performed_by_name": names.worker(fact.header.performed_by),
        "decided_by": list(_who(fact.event, row, names)),
        "links": {
            "case": f"/v1/cases/{case}?as_at={fact.position}",
            "page": f"/cases/{case}?as_at={fact.position}",
            "replay": f"/v1/cases/{case}/replay?as_at={fact.position}",
        },
    }


def _who(event: object, row: Decision, names: Names) -> Iterator[dict[str, Json]]:
    """Who the decision itself says took it: workers by name, organisations as they are."""
    said = None if row.decided_by is None else getattr(event, row.decided_by)
    for one in said if isinstance(said, tuple) else (said,):
        if isinstance(one, UUID):
            yield {"worker": str(one), "name": names.worker(WorkerRef(one))}
        elif one is not None:
            yield {"organisation": str(one)}


class _Evidence:
    """What some decisions rest on, from the entries of their cases before them, read at once."""

    def __init__(self, office: Office, page: Collection[Decided]) -> None:
        self._before: dict[UUID, list[tuple[int, int, bytes]]] = {}
        if not page:
            return
        asked = ([one.case for one in page], max(one.position for one in page))
        with office.pool.connection() as conn:
            for stream, version, position, payload in conn.execute(_BEFORE, asked, binary=True):
                self._before.setdefault(stream, []).append((version, position, payload))

    def of(self, fact: Fact[Any], office: Office) -> dict[str, Json]:
        """What one decision rests on, by positions; `upto` is the last that was there by then."""
        before = [one for one in self._before[fact.stream] if one[1] < fact.position]
        places = {version: position for version, position, _payload in before}
        named = set[int]()
        for _field, number in numbered(fact.event):
            place = -number if number < 0 else places.get(number)
            named |= set() if place is None else {place}
        for ref in _references(fact.event, office):
            quoted = f'"{ref}"'.encode()
            named |= {place for _version, place, payload in before if quoted in payload}
        return {
            "named": sorted(named),
            "all": not named,
            "upto": before[-1][1] if before else None,
            "entries": len(before),
        }


def _references(event: object, office: Office) -> set[str]:
    """What of its case an event names by reference."""
    found = references(event, office.jurisdiction)
    return {value for kind, value, _told in found if kind not in _NOBODY}
