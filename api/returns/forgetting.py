"""Which entries a return rests on are of cases that were lawfully forgotten, asked of the keyring.

A case that was taken up again since has a new key: forgotten in it is what was recorded before its
erasure, and what was recorded since counts. Where cases were merged each is forgotten by itself,
and its entries with it, in whichever they are read; an entry that was split off goes with the case
that it was split off to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from sys import maxsize
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

import orjson
from psycopg import Connection

from api.office import Office
from domain.along import MERGED, brought_from, homes
from domain.correction import ERASURE
from projections.projection import split
from projections.returns.facts import Facts
from projections.returns.gone import answering, bare, cases, joined_with, told

_Read: TypeAlias = tuple[UUID, int]  # a case, and an entry that is read in it
_CASE: Final = "case"  # the scope of an erasure that takes a case whole


def without_forgotten(office: Office, facts: Facts) -> Facts:
    """The facts without what was answered in cases that are forgotten now."""
    steps = ((one.case, one.stream) for one in facts.dataset.told if one.case != one.stream)

    def joined(conn: Connection[Any]) -> Iterable[tuple[UUID, UUID]]:
        return (*joined_with(conn, answering(facts)), *steps)

    asked = _Asked(cases=lambda: cases(facts), joined=joined, many=True)
    return bare(facts, _gone(office, asked, lambda of: told(facts, of)))


def gone_among(office: Office, read: Iterable[_Read]) -> frozenset[int]:
    """Those of some entries, each with the case it is read in, that were forgotten with a case."""
    every = list(read)
    asked = _asked({case for case, _ in every})
    return _gone(office, asked, lambda of: (each for each in every if each[0] in of))


def ever_gone(office: Office, cases_: Iterable[UUID]) -> frozenset[UUID]:
    """Those of some cases that were ever forgotten, or another that is read in them."""
    of = set(cases_)
    ever, with_ = _ever(office, _asked(of))
    return frozenset(one for one in of if one in ever or with_.get(one, set()) & ever.keys())


class _Asked(NamedTuple):
    """Of which cases it is asked, and what gives the others that are read in them.

    `many`: so many that it is quicker to ask first whether any at all was forgotten, and which.
    """

    cases: Callable[[], Iterable[UUID]]
    joined: Callable[[Connection[Any]], Iterable[tuple[UUID, UUID]]]
    many: bool = False


def _asked(of: Collection[UUID]) -> _Asked:
    return _Asked(cases=lambda: of, joined=lambda conn: joined_with(conn, of))


def _ever(office: Office, asked: _Asked) -> tuple[Mapping[UUID, bool], Mapping[UUID, set[UUID]]]:
    """Which of some cases, and of those read in them, were ever forgotten; and which are so read.

    The first may have others besides.
    """
    with_: dict[UUID, set[UUID]] = defaultdict(set)
    ever = office.keyring.ever_destroyed() if asked.many else None
    if ever is not None and not ever:
        return {}, with_
    with office.pool.connection() as conn:
        for case, other in asked.joined(conn):
            with_[case].add(other)
        merged = merged_with(conn, asked.cases() if ever is None else ever)
    for case, others in merged.items():
        with_[case] |= others
    if ever is None:
        ever = office.keyring.ever_destroyed(chain(asked.cases(), *with_.values()))
    return ever or {}, with_


def merged_with(conn: Connection[Any], cases_: Iterable[UUID]) -> Mapping[UUID, set[UUID]]:
    """Some cases, and those ever merged with them, each with every other it was, by whatever case.

    By the log itself: what no view has of a case that tells no concern.
    """
    beside: dict[UUID, set[UUID]] = defaultdict(set)
    asked, seen = set(cases_), set[UUID]()
    while asked:
        rows = conn.execute(
            "SELECT stream, payload FROM record.cases WHERE stream = ANY(%s) AND name = ANY(%s)",
            (list(asked), list(MERGED)),
        ).fetchall()
        seen |= asked
        for case, payload in rows:
            other = UUID(orjson.loads(payload)["data"]["other"])
            beside[case].add(other)
            beside[other].add(case)
        asked = {one for each in list(beside.values()) for one in each} - seen
    return {one: _reached(beside, one) - {one} for one in list(beside)}


def _reached(beside: Mapping[UUID, set[UUID]], first: UUID) -> set[UUID]:
    reached, asked = set[UUID](), {first}
    while asked:
        reached |= asked
        asked = {other for one in asked for other in beside[one]} - reached
    return reached


def _gone(
    office: Office, asked: _Asked, read: Callable[[Collection[UUID]], Iterable[_Read]]
) -> frozenset[int]:
    ever, with_ = _ever(office, asked)
    if not ever:
        return frozenset()
    touched = {*ever, *(one for one, others in with_.items() if others & ever.keys())}
    places = list(read(touched))
    here = {case for case, _ in places}
    streams = {one: with_[one] for one in here if one in with_}
    where: dict[int, UUID] = {}
    waiting = streams.keys() | set(chain.from_iterable(streams.values()))
    seen = set[UUID]()
    while waiting:
        case = waiting.pop()
        seen.add(case)
        rows = office.record.log.stream(case)
        where.update(homes(rows, case))
        waiting |= brought_from(rows) - seen
    by = {position: where.get(position, case) for case, position in places}
    gone = {*by.values()} & ever.keys()
    until = {one: _erased_at(office, one) if ever[one] else maxsize for one in gone}
    return frozenset(position for position, case in by.items() if position < until.get(case, 0))


def _erased_at(office: Office, case: UUID) -> int:
    """Where a case was erased last; 0 where what erased it was lost in a restoring."""
    return max(
        (
            row.position
            for row in office.record.log.stream(case)
            if split(row.name)[0] == ERASURE and orjson.loads(row.payload)["data"]["scope"] == _CASE
        ),
        default=0,
    )
