"""What moved between a return as it was filed and as it is reckoned now, case by case.

A thing moves where it is counted in other cells of a table than it was: by which entries is told
beside it, out of its cases, its subject and its adult. It is the same thing in whichever case it is
read now, and an adult by whichever of their cases they are counted. What is counted where it was is
not named, whichever event puts it there now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Protocol, TypeAlias
from uuid import UUID

from domain.words import Code
from projections.joined import JOINED
from projections.returns.filed import FiledTable
from projections.returns.reading import views
from projections.returns.table import Cell, Counted, Filled, LeftOut

FORGETTING: Final = frozenset({"personal-data-erased", "person-erased"})


def moving(nation: Code) -> frozenset[str]:
    """What can move something: whatever a view is folded from that the nation's return reads.

    And a forgetting, after which it is not known.
    """
    return FORGETTING.union(*(one.events for one in views(nation)))


AS_ONE: Final = "two cases are read as one, about one adult, who is counted in the other"


Place: TypeAlias = tuple[str, str, str]  # enquiry type, category, subcategory
# One and the same thing, in whichever case it is read: an adult, an enquiry or whatever else has a
# reference of its own by that; a concern, which has none, by its entry.
Key: TypeAlias = UUID | int


@dataclass(frozen=True, slots=True, order=True)
class By:
    """An entry since the filing that may have moved it."""

    position: int
    name: str
    stream: UUID | None = field(default=None, compare=False)  # where it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One thing counted otherwise in a table than it was filed: out of these cells, into those.

    `left_out` says why a table leaves it out now, where it counts it in no cell, `was_left_out` why
    it was left out when it was filed. `by` are the entries recorded since of its cases, its subject
    and its adult; none where no entry explains it. `case` is the one it was filed of, or is read in
    now.
    `counted_in` is the case by which an adult is counted now, where theirs is read as one with that
    of another, as whom they count; `was_counted_in` where it was so when it was filed.
    `personal`: why it is left out, or was, is what a person's own record says of them.
    """

    table: str
    case: UUID
    subject: UUID
    was: tuple[Place, ...]
    now: tuple[Place, ...]
    left_out: str | None
    by: tuple[By, ...]
    was_left_out: str | None = None
    counted_in: UUID | None = None
    was_counted_in: UUID | None = None
    personal: bool = False


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


Since: TypeAlias = Callable[[Iterable[UUID], Iterable[int]], Mapping[Key, Sequence[By]]]


class LedBy(Protocol):
    """Whose case a case is read in: their reference, or None where it is read by itself."""

    def __call__(self, case: UUID, /, *, now: bool) -> UUID | None:
        """As known now, or as what was filed was known."""
        ...


def by_itself(_case: UUID, /, *, now: bool) -> UUID | None:  # noqa: ARG001 — at any time
    """No case is read in another."""
    return None


def difference(
    filed: Sequence[FiledTable],
    now: Mapping[str, Filled],
    since: Since,
    *,
    led_by: LedBy = by_itself,
) -> Difference:
    """Compare a return as filed with the same tables as they are now.

    `since` gives, for some streams and for the streams of some entries, what was recorded between
    the two that may have moved something of them; `led_by` is asked where that joins or parts.
    """
    pairs = [(one, now[one.code]) for one in filed if one.code in now]
    raw = [moved for one, other in pairs for moved in _moved(one, other)]
    told: dict[Key, set[Key]] = defaultdict(
        set
    )  # one table may say of a thing what another does not
    for one in raw:
        told[one.key] |= one.streams | one.positions
    every = {of for parts in told.values() for of in parts}
    by = since(
        {of for of in every if isinstance(of, UUID)}, {of for of in every if isinstance(of, int)}
    )
    moved = [
        one.told(tuple(sorted({each for of in told[one.key] for each in by.get(of, ())})), led_by)
        for one in raw
    ]
    return Difference(
        moved=tuple(moved),
        changed=tuple(one for pair in pairs for one in _changed(*pair)),
        lacking=tuple(one.code for one in filed if one.code not in now),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """What moved, and of which streams and entries it is said where it was and is."""

    key: Key
    moved: Moved
    streams: frozenset[UUID]
    positions: frozenset[int]
    was: Mapping[Key, _Where]  # of all that its table counted, and counts
    now: Mapping[Key, _Where]

    def told(self, by: tuple[By, ...], led_by: LedBy) -> Moved:
        """What moved, with its entries; where these join cases, by which other it is counted."""
        one = replace(self.moved, by=by)
        if not any(each.name in JOINED for each in by):
            return one
        if not one.now and one.left_out is None:
            other = self._other(one.was, self.was, self.now, partial(led_by, now=True))
            why = None if other is None else AS_ONE
            one = replace(one, counted_in=other, left_out=why)
        if not one.was and one.was_left_out is None:
            other = self._other(one.now, self.now, self.was, partial(led_by, now=False))
            why = None if other is None else AS_ONE
            one = replace(one, was_counted_in=other, was_left_out=why)
        return one

    def _other(
        self,
        places: Sequence[Place],
        here: Mapping[Key, _Where],
        there: Mapping[Key, _Where],
        led_by: Callable[[UUID], UUID | None],
    ) -> UUID | None:
        """By which case whoever is counted here, in these cells, is counted there as another."""
        types = {enquiry_type for enquiry_type, _, _ in places}
        for case in sorted({each.case for each in here[self.key].of}):
            adult = led_by(case)
            if adult is None or adult == self.key or adult not in there:
                continue
            if types <= {enquiry_type for enquiry_type, _, _ in there[adult].places}:
                return there[adult].of[0].case
        return None


def _moved(filed: FiledTable, now: Filled) -> list[_Raw]:
    """What moved in one table, in the order of cases."""
    before, after = _places(filed.filled.cells), _places(now.cells)
    was_left, left = _left_out(filed.filled.left_out), _left_out(now.left_out)
    found = list[_Raw]()
    for key in before.keys() | after.keys():
        was, places = before.get(key, _Where()), after.get(key, _Where())
        if was.places == places.places:
            continue
        out, was_out = left.get(key), was_left.get(key)
        outs = [one for one in (out, was_out) if one is not None]
        said = [*was.of, *places.of, *(each for _, each in outs)]
        why, was_why = _whole(out, places), _whole(was_out, was)
        moved = Moved(
            table=filed.code,
            case=said[0].case,
            subject=said[0].subject,
            was=tuple(sorted((was.places - places.places).elements())),
            now=tuple(sorted((places.places - was.places).elements())),
            left_out=None if why is None else why.why,
            was_left_out=None if was_why is None else was_why.why,
            by=(),
            personal=any(one is not None and one.personal for one in (why, was_why)),
        )
        found.append(
            _Raw(
                key=key,
                moved=moved,
                streams=frozenset(stream for one in said for stream in (one.case, one.subject)),
                positions=frozenset(one.position for one in said),
                was=before,
                now=after,
            )
        )
    return sorted(found, key=lambda one: (one.moved.case, one.moved.subject, min(one.positions)))


@dataclass(slots=True)
class _Where:
    """In which cells a thing is counted, and as what; in one as often as it is counted there."""

    places: Counter[Place] = field(default_factory=Counter)
    of: list[Counted] = field(default_factory=list)


def _key(one: Counted) -> Key:
    return one.position if one.subject == one.case else one.subject


def _places(cells: Iterable[Cell]) -> Mapping[Key, _Where]:
    found: dict[Key, _Where] = defaultdict(_Where)
    for one in cells:
        for each in one.counted:
            where = found[_key(each)]
            where.places[_place(one)] += 1
            where.of.append(each)
    return found


def _left_out(groups: Iterable[LeftOut]) -> dict[Key, tuple[LeftOut, Counted]]:
    return {_key(each): (one, each) for one in groups for each in one.counted}


def _whole(out: tuple[LeftOut, Counted] | None, where: _Where) -> LeftOut | None:
    """By what a thing is left out; by none where it is counted, and only something of it is not."""
    return None if out is None or where.places else out[0]


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
