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
from typing import Final, TypeAlias
from uuid import UUID

import orjson

from api.office import Office
from domain.along import homes
from domain.correction import ERASURE
from projections.projection import split
from projections.returns.facts import Facts
from projections.returns.gone import bare, cases, joined_with, told

_Read: TypeAlias = tuple[UUID, int]  # a case, and an entry that is read in it
_CASE: Final = "case"  # the scope of an erasure that takes a case whole


def without_forgotten(office: Office, facts: Facts) -> Facts:
    """The facts without what was answered in cases that are forgotten now."""
    return bare(facts, _gone(office, cases(facts), lambda of: told(facts, of)))


def gone_among(office: Office, read: Iterable[_Read]) -> frozenset[int]:
    """Those of some entries, each with the case it is read in, that were forgotten with a case."""
    every = list(read)
    return _gone(office, {case for case, _ in every}, lambda of: (e for e in every if e[0] in of))


def ever_gone(office: Office, cases_: Iterable[UUID]) -> frozenset[UUID]:
    """Those of some cases that were ever forgotten, or another that is read in them."""
    asked = set(cases_)
    with_ = _joined(office, asked)
    ever = office.keyring.ever_destroyed(asked.union(*with_.values()))
    return frozenset(one for one in asked if one in ever or with_.get(one, set()) & ever.keys())


def _gone(
    office: Office, of: set[UUID], read: Callable[[Collection[UUID]], Iterable[_Read]]
) -> frozenset[int]:
    with_ = _joined(office, of)
    ever = office.keyring.ever_destroyed(of.union(*with_.values()))
    if not ever:
        return frozenset()
    until = {one: _erased_at(office, one) if anew else maxsize for one, anew in ever.items()}
    touched = {one for one in of if one in until or with_.get(one, set()) & until.keys()}
    where: dict[int, UUID] = {}
    for case in set(chain.from_iterable({one, *with_[one]} for one in touched if one in with_)):
        where.update(homes(office.record.log.stream(case), case))
    return frozenset(
        position
        for case, position in read(touched)
        if position < until.get(where.get(position, case), 0)
    )


def _joined(office: Office, of: set[UUID]) -> Mapping[UUID, set[UUID]]:
    """The cases whose concerns were ever read in each of some others."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    with office.pool.connection() as conn:
        for case, other in joined_with(conn, of):
            found[case].add(other)
    return found


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
