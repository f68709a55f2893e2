"""Which entries count not since one concern was entered in two cases, and these were merged.

It is judged as the two were when they were merged. Of the case that was merged the first concern is
a duplicate: of the concern nearest to it by day in the case it was merged into, wherever that one
is read itself. Nothing else of it is, but for an enquiry about that concern, where both cases have
one of the same kind: then those of one case count, that in which a power was used, else that with a
conclusion, else of the two the one it was merged into. What an enquiry is about is not recorded: it
is the last concern that its case had on the day it was opened, or its first. Neither rule was seen;
both are our choice. A concern received later, and its enquiries, count as they did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from projections.joined import Reading
from projections.projection import Seen
from projections.returns.rows import CONCLUDED, OPENED, OWN, REFERRALS, days

_POWER: Final = "investigatory-power-used"
_OF_ENQUIRIES: Final = OPENED | {CONCLUDED, _POWER, "enquiry-reopened"}


def entered_twice(read: Reading) -> frozenset[int]:
    """The positions of what counts not: a concern, and an enquiry with all that was said of it."""
    merges = read.of_one_concern
    if not merges:
        return frozenset()
    found = _Twice(read)
    for one in merges:
        found.merge(one)
    return frozenset(found.positions)


class _Twice:
    """What is a duplicate of what, merge by merge, in order."""

    def __init__(self, read: Reading) -> None:
        self._read = read
        events = read.events
        self._concerns = [one for one in events if _is_concern(one)]
        self._told: dict[tuple[str, str], list[Seen]] = {}  # by case and enquiry
        for one in events:
            if one.name in _OF_ENQUIRIES:
                self._told.setdefault((one.case, one.data["enquiry"]), []).append(one)
        self._opened = [
            first
            for told in self._told.values()
            if (first := next((one for one in told if one.name in OPENED), None))
        ]
        self._of: dict[int, int] = {}  # by a concern's position, that of the one it duplicates
        self.positions = set[int]()

    def merge(self, merge: Seen) -> None:
        """Take in that the concern of a case had been entered in another too."""
        mine = self._had(merge.stream, merge.position)
        if not mine:
            return
        first = min(mine, key=lambda one: one.position)
        theirs = self._had(merge.data["other"], merge.position)
        there = [one for one in theirs if one.case == first.case]
        if first.case == merge.stream or not there:
            return
        nearest = min(there, key=lambda one: (abs(_day(one) - _day(first)), one.position))
        alike, root = self._root(first.position), self._root(nearest.position)
        mine_of, theirs_of = (self._about(one, merge.position) for one in (alike, root))
        self.positions.add(first.position)
        if alike != root:
            self._of[alike] = root
        for kind, enquiries in mine_of.items():
            if kind in theirs_of:
                more = self._best(enquiries, merge.position) > self._best(
                    theirs_of[kind], merge.position
                )
                self._drop(theirs_of[kind] if more else enquiries)

    def _had(self, case: str, before: int) -> list[Seen]:
        """The concerns that were a case's own when it was merged."""
        return [
            one for one in self._concerns if one.position < before and self._read.home(one) == case
        ]

    def _about(self, concern: int, before: int) -> dict[str, list[Seen]]:
        """The enquiries that count and are about a concern, by kind, as they had been opened."""
        found: dict[str, list[Seen]] = {}
        for one in self._opened:
            if one.position < before and one.position not in self.positions:
                had = self._had(self._read.home(one), before)
                if had and self._root(_last_on(had, one.data["opened_on"])) == concern:
                    found.setdefault(one.data["kind"], []).append(one)
        return found

    def _best(self, enquiries: Iterable[Seen], before: int) -> tuple[bool, bool]:
        """Whether a power had been used in one of them, and whether one was concluded."""
        return max(self._come_to(one, before) for one in enquiries)

    def _come_to(self, opened: Seen, before: int) -> tuple[bool, bool]:
        told = [one for one in self._of_one(opened) if one.position < before]
        endings = [one.name for one in told if one.name not in OPENED | {_POWER}]
        return any(one.name == _POWER for one in told), endings[-1:] == [CONCLUDED]

    def _drop(self, enquiries: Iterable[Seen]) -> None:
        for one in enquiries:
            self.positions.update(each.position for each in self._of_one(one))

    def _of_one(self, opened: Seen) -> Sequence[Seen]:
        return self._told[opened.case, opened.data["enquiry"]]

    def _root(self, concern: int) -> int:
        """The concern that one is a duplicate of in the end; itself where it is none."""
        while concern in self._of:
            concern = self._of[concern]
        return concern


def _is_concern(one: Seen) -> bool:
    return one.name in REFERRALS and one.data.get("reason") in {None, OWN}


def _day(one: Seen) -> int:
    """The first day a concern can have come, or where that is open the last, as a number."""
    first, last = days(one)
    return date.fromisoformat(first or last).toordinal()


def _last_on(concerns: Sequence[Seen], opened_on: str) -> int:
    """The position of the last concern there was on a day; of the first where there was none."""
    day = date.fromisoformat(opened_on).toordinal()
    had = [one for one in concerns if _day(one) <= day]
    if not had:
        return min(concerns, key=lambda one: (_day(one), one.position)).position
    return max(had, key=lambda one: (_day(one), -one.position)).position
