"""Which cases are to be looked at again, are held, wait for a second person, or are forgotten.

Told alike at every door. What a case says of its keeping are a handful of its entries: they are
read for all cases at once, by name and without a word of them, and a case is judged by these alone
(`domain/kept_until.py`). One whose erasure was approved is read whole, since any later entry would
have overtaken the approval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from api.clocks import Clocks
from api.office import Office
from api.routes import shown
from api.routes.door import Reader
from api.routes.people import restricted_among
from api.routes.waiting import BRIEFLY_S, viewing
from domain import stored
from domain.case import Case, initial
from domain.catalogue import EVENTS
from domain.correction import ChronologyEntryRecorded, EntryAnnotated
from domain.erased import Waiting
from domain.joining import LEADING, CaseMerged
from domain.kept_until import NEXT, Kept, kept_until
from domain.reading import joined_facts, replayed, understood
from domain.stage import Mark
from domain.stages import OF_EVENT
from domain.words import Fact, PersonRef
from projections.caseload import CASELOAD, kept
from projections.caseload import Kept as Held

_STAGES: Final = frozenset({"closure", "correction", "joining", "retaining"})
_ELSEWHERE: Final = frozenset({ChronologyEntryRecorded, EntryAnnotated})  # nothing of keeping
_PAGE: Final = 5000
STANDINGS: Final = tuple(one for one in NEXT if one != "open")
TO_BE_DONE: Final = tuple(one for one in STANDINGS if one != "kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A case, whose it is, and where it stands."""

    held: Held
    kept: Kept

    @property
    def case(self) -> UUID:
        """The case."""
        return self.held.case


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Cases at a position: those that wait for somebody first, then the longest due.

    `counts` has how many cases of those asked about stand at each; `restricted` may not be opened
    by whoever asks, and nothing else of them is told.
    """

    as_at: int
    rows: list[Row]
    counts: Mapping[str, int]
    restricted: int


def listed(
    reader: Reader,
    at: Clocks,
    *,
    team: str | None = None,
    standings: Collection[str] = TO_BE_DONE,
    wait: float = BRIEFLY_S,
) -> Listed:
    """The cases that stand at one of some standings, by every door.

    Raises:
        Behind: the caseload has not come to the position asked about.
    """
    with viewing(reader.office, (CASELOAD.name,), at.as_at, wait=wait) as (conn, position):
        held = kept(conn, as_at=position, team=team)
    rows = [Row(held=one, kept=how) for one, how in _judged(reader.office, held, position, at.on)]
    wanted = sorted((one for one in rows if one.kept.stands in standings), key=_order)
    closed = restricted_among(reader, {one.case for one in wanted})
    return Listed(
        as_at=position,
        rows=[one for one in wanted if one.case not in closed],
        counts=Counter(one.kept.stands for one in rows),
        restricted=len(closed),
    )


def looked(reader: Reader, found: Listed, rows: Collection[Row]) -> None:
    """Leave the trace of a look at some rows, before they are shown."""
    reader.viewed("retention", among=[one.case for one in rows], as_at=found.as_at)


def _order(row: Row) -> tuple[int, date, str]:
    return (tuple(NEXT).index(row.kept.stands), row.kept.day or date.min, str(row.case))


def _judged(
    office: Office, held: Collection[Held], as_at: int, on: date
) -> Iterator[tuple[Held, Kept]]:
    streams = _governing(office, as_at)

    def judged(one: Held, **more: Any) -> Kept:  # noqa: ANN401 — as `kept_until`
        case = _case(one, streams)
        latest = case.version
        if case.correction.approvals.given:
            case, facts = office.handler.case(one.case, as_at=as_at)
            latest = facts[-1].version
        return kept_until(case, on, latest=latest, **more)

    for one in held:
        found = judged(one)
        if one.reads and found.stands == "forgotten" and _itself(one, streams):
            merged = [(each, judged(each, led_by_erased=True)) for each in _merged(one, streams)]
            yield from ((each, how) for each, how in merged if how.stands != "forgotten")
            found = judged(one, merged=[how for _each, how in merged])
        yield one, found


def _itself(held: Held, streams: Mapping[UUID, list[Fact[Any]]]) -> bool:
    """Whether a case was erased, and not its adult alone."""
    return _case(held, streams).correction.erased_at is not None


def _merged(held: Held, streams: Mapping[UUID, list[Fact[Any]]]) -> Iterator[Held]:
    """The cases read in one, as it is listed: each by itself, with the adult it is about."""
    for case in map(UUID, held.reads):
        joins = (
            fact.event
            for one in (held.case, *map(UUID, held.reads))
            for fact in streams.get(one, ())
            if isinstance(fact.event, CaseMerged) and fact.event.place == LEADING
        )
        adults = [one.adult for one in joins if one.other == case]
        yield replace(held, case=case, adult=adults[-1] if adults else None, reads=())


def _case(held: Held, streams: Mapping[UUID, list[Fact[Any]]]) -> Case:
    """A case by what governs its keeping alone; whose it is, the caseload knows."""
    facts = streams.get(held.case)
    if facts is None:
        return initial
    bound = joined_facts(_Told(streams), held.case, facts)
    case = replayed(held.case, understood(bound))
    adult = None if held.adult is None else PersonRef(held.adult)
    return replace(case, concern=replace(case.concern, adult=adult))


@dataclass(frozen=True, slots=True)
class _Told:
    """Facts that were read already, as a record gives them."""

    streams: Mapping[UUID, list[Fact[Any]]]

    def facts(self, stream: UUID, *, as_at: int | None = None) -> list[Fact[Any]]:  # noqa: ARG002 — they were read up to a position
        """What was read of a stream."""
        return self.streams.get(stream, [])


def _governing(office: Office, as_at: int) -> dict[UUID, list[Fact[Any]]]:
    """What every case says of its keeping up to a position, without words, by stream."""
    streams: dict[UUID, list[Fact[Any]]] = {}
    log, after = office.record.log, 0
    while rows := log.read(after, upto=as_at, names=_names(), limit=_PAGE):
        for row in rows:
            log.check(row)
        for fact in office.record.without_words(rows):
            streams.setdefault(fact.stream, []).append(fact)
        after = rows[-1].position
    return streams


@cache
def _names() -> frozenset[str]:
    """The stored names of the entries that govern a case, in each of their shapes."""
    return frozenset(
        f"{name}.v{version}"
        for name, one in EVENTS.items()
        if OF_EVENT.get(one.cls) in _STAGES and one.cls not in _ELSEWHERE
        for version in range(1, stored.describe(one.cls)[1] + 1)
    )


# ------------------------------------------------------------------------------------ as JSON


def told(row: Row) -> dict[str, Any]:
    """One case as JSON: no word of it, and nobody's name."""
    found, case = row.kept, row.case
    return {
        "case": str(case),
        "stands": found.stands,
        "next": found.step.words,
        "command": found.command,
        "team": row.held.team,
        "open": row.held.open,
        "closed": _marked(found.closed),
        "retention_class": found.retention_class,
        "review_due": None if found.review_due is None else found.review_due.on.isoformat(),
        "decision": found.decision,
        "held": found.held,
        "approvals": [_waiting(one) for one in found.approvals],
        "at": None if found.at is None else found.at.position,
        "merged_into_it": row.held.reads,
        "links": {
            "case": f"/v1/cases/{case}",
            "record": None if found.command is None else f"/cases/{case}/record/{found.command}",
        },
    }


def _marked(at: Mark | None) -> dict[str, Any] | None:
    if at is None:
        return None
    return {"position": at.position, "occurred": shown.when(at.when)}


def _waiting(one: Waiting) -> dict[str, Any]:
    return {
        "version": one.version,
        "scope": one.scope,
        "approved_by": str(one.by),
        "use_by": one.use_by.isoformat(),
    }
