"""What moved between a return as it was filed and as it is reckoned now, case by case.

A thing moves where it is counted in other cells of a table than it was: by which entries is told
beside it, out of its case and its subject. What is counted where it was is not named, whichever
event puts it there now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from projections.returns.adults import PEOPLE
from projections.returns.filed import FiledTable
from projections.returns.folding import FACTS
from projections.returns.table import Cell, Filled, LeftOut

# What can move something: whatever is counted by, and a forgetting, after which it is not known.
MOVING: Final = FACTS.events | PEOPLE.events | {"personal-data-erased", "person-erased"}
Place: TypeAlias = tuple[str, str, str]  # enquiry type, category, subcategory
Thing: TypeAlias = tuple[UUID, UUID]  # case, subject


@dataclass(frozen=True, slots=True, order=True)
class By:
    """An entry since the filing that may have moved it."""

    position: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One thing counted otherwise in a table than it was filed: out of these cells, into those.

    `left_out` says why a table leaves it out now, where it does. `by` are the entries recorded
    since of its case and its subject; none where only the rules are others.
    """

    table: str
    case: UUID
    subject: UUID
    was: tuple[Place, ...]
    now: tuple[Place, ...]
    left_out: str | None
    by: tuple[By, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A cell whose figure is another: `filed` and `now`, None where there is no such cell."""

    table: str
    place: Place
    filed: int | None
    now: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is otherwise; `lacking` are tables that were filed and are reckoned no more."""

    moved: tuple[Moved, ...]
    changed: tuple[Changed, ...]
    lacking: tuple[str, ...]


def difference(
    filed: Sequence[FiledTable],
    now: Mapping[str, Filled],
    since: Callable[[Iterable[UUID]], Mapping[UUID, Sequence[By]]],
) -> Difference:
    """Compare a return as filed with the same tables as they are now.

    `since` gives, for some streams, the entries recorded in each between the two.
    """
    pairs = [(one, now[one.code]) for one in filed if one.code in now]
    raw = [moved for one, other in pairs for moved in _moved(one, other)]
    by = since({part for _, thing, *_ in raw for part in thing})
    moved = tuple(
        Moved(
            table=code,
            case=thing[0],
            subject=thing[1],
            was=was,
            now=is_now,
            left_out=why,
            by=tuple(sorted({each for part in thing for each in by.get(part, ())})),
        )
        for code, thing, was, is_now, why in raw
    )
    return Difference(
        moved=moved,
        changed=tuple(one for pair in pairs for one in _changed(*pair)),
        lacking=tuple(one.code for one in filed if one.code not in now),
    )


def _moved(
    filed: FiledTable, now: Filled
) -> list[tuple[str, Thing, tuple[Place, ...], tuple[Place, ...], str | None]]:
    """What moved in one table, in the order of cases."""
    before, after = _places(filed.filled.cells), _places(now.cells)
    left = _left_out(now.left_out)
    return [
        (
            filed.code,
            thing,
            tuple(sorted((before[thing] - after[thing]).elements())),
            tuple(sorted((after[thing] - before[thing]).elements())),
            left.get(thing),
        )
        for thing in sorted(before.keys() | after.keys())
        if before[thing] != after[thing]
    ]


def _places(cells: Iterable[Cell]) -> Mapping[Thing, Counter[Place]]:
    """In which cells each thing is counted; a case in one as often as it has concerns there."""
    found: dict[Thing, Counter[Place]] = defaultdict(Counter)
    for one in cells:
        for each in one.counted:
            found[each.case, each.subject][_place(one)] += 1
    return found


def _left_out(groups: Iterable[LeftOut]) -> dict[Thing, str]:
    return {(each.case, each.subject): one.why for one in groups for each in one.counted}


def _place(one: Cell) -> Place:
    return one.enquiry_type, one.category, one.subcategory


def _changed(filed: FiledTable, now: Filled) -> list[Changed]:
    before = {_place(one): one.value for one in filed.filled.cells}
    after = {_place(one): one.value for one in now.cells}
    return [
        Changed(table=filed.code, place=place, filed=before.get(place), now=after.get(place))
        for place in dict.fromkeys([*before, *after])
        if before.get(place) != after.get(place)
    ]
