"""Everybody that some entries name: by which names they were recorded, and what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from psycopg import sql

from api.office import Office
from api.routes import shown
from domain import person
from domain.catalogue import EVENTS, PERSON, WORKER
from domain.corrected import standing
from domain.record.envelope import Row
from domain.words import Fact, Forgotten, Passage, Personal
from domain.worker import WorkerRegistered
from projections.projection import stored_names

_STREAMS: Final = sql.SQL(
    'SELECT "position", stream, version, recorded_us, name, header, payload, leaf'
    " FROM record.cases WHERE stream = ANY(%s) AND name = ANY(%s) ORDER BY stream, version"
)
_OF_PEOPLE: Final = stored_names(
    frozenset(name for name, kind in EVENTS.items() if kind.stream in {PERSON, WORKER})
)
_NAMES: Final = ("name", "known_as")


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person or a worker: every name they were recorded under, and the one they go by.

    `called` is as it was known at the position asked for: None where there was none, `[forgotten]`
    where it is forgotten. `names` are of all time: what was written then may hold a name that was
    recorded later.
    """

    ref: UUID
    worker: bool
    called: str | None
    names: tuple[str, ...]
    forgotten: bool  # any of these names
    last: int  # the position of what was last recorded of them
    withheld: bool = False  # not to be named to whoever asks: a restricted case names them


def everybody(office: Office, facts: Iterable[Fact[Any]], as_at: int) -> Mapping[UUID, Somebody]:
    """Whoever is named in some entries, made or did them, or is told of in a passage."""
    refs = {ref for fact in facts for ref in _references(fact)} - {office.system_actor.worker}
    with office.pool.connection() as conn:
        found = conn.execute(_STREAMS, (list(refs), _OF_PEOPLE), binary=True).fetchall()
    rows = [Row(*row) for row in found]
    for row in rows:
        office.record.log.check(row)
    opened = groupby(office.record.open(rows), key=lambda one: one.stream)
    return {ref: _somebody(ref, tuple(told), as_at) for ref, told in opened}


def named_in(event: object, known: Mapping[UUID, Somebody]) -> Iterator[tuple[str, UUID]]:
    """The fields of an event that name somebody, each with whom."""
    for one in fields(event):  # type: ignore[arg-type]  # an event is a dataclass
        for ref, field in _fields_of(getattr(event, one.name), one.name):
            if ref in known:
                yield field, ref


def _fields_of(value: object, name: str) -> Iterator[tuple[UUID, str]]:
    if isinstance(value, UUID):
        yield value, name
    elif isinstance(value, tuple):
        for member in value:
            yield from _fields_of(member, name)
    elif is_dataclass(value) and not isinstance(value, type | Personal | Forgotten):
        for one in fields(value):
            yield from _fields_of(getattr(value, one.name), one.name)


def _references(fact: Fact[Any]) -> Iterator[UUID]:
    yield from shown.references(fact.event)
    yield from (fact.stream, fact.header.recorded_by, fact.header.performed_by)


def _somebody(ref: UUID, facts: tuple[Fact[Any], ...], as_at: int) -> Somebody:
    by_then = tuple(fact for fact in facts if fact.position <= as_at)
    worker = isinstance(facts[0].event, WorkerRegistered)
    if worker:
        name: Passage | None = facts[0].event.name if by_then else None
    else:
        name = person.replay(standing(by_then)).details.get("name") if by_then else None
    return Somebody(
        ref=ref,
        worker=worker,
        called=None if name is None else str(name) if isinstance(name, Forgotten) else name.text,
        names=tuple(dict.fromkeys(one for fact in facts for one in _names(fact.event))),
        forgotten=any(
            isinstance(one, Forgotten) for fact in facts for one in _passages(fact.event)
        ),
        last=facts[-1].position,
    )


def _names(event: object) -> Iterator[str]:
    """The names in what was told of somebody."""
    for said in _passages(event):
        if isinstance(said, Personal) and said.text.strip():
            yield " ".join(said.text.split())


def _passages(event: object) -> Iterator[Passage]:
    """The passages that are a name, told or forgotten."""
    for of in (getattr(event, "details", None), event):
        for name in _NAMES:
            said = getattr(of, name, None)
            if isinstance(said, Personal | Forgotten):
                yield said
