"""What moved since a quarter ended, and the indicators that are not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from projections.returns import inquiries as steps
from projections.returns.dataset import NOT_CONCLUDED, NOT_RECORDED, Inquiry, Step, Then
from projections.returns.facts import EVERYTHING, Facts, Period
from projections.returns.periods import quarters_in
from projections.returns.rows import YOUNG
from projections.returns.scotland.choosing import certain, gone, of_step, undone
from projections.returns.scotland.words import (
    DATASET,
    GROWN,
    INDICATORS,
    INQUIRIES,
    TRIGGER,
    UNKNOWN,
)
from projections.returns.table import Cell, Counted, Filled, cell, named, table

NOT_OF_IT: Final = "not_of_it"
# What an inquiry can have been when its quarter ended, and can be now.
BEFORE: Final[Mapping[str, str]] = {
    NOT_RECORDED: "Not recorded",
    NOT_OF_IT: "Not of the quarter",
    NOT_CONCLUDED: "Not concluded",
    **INQUIRIES,
}
NOW: Final[Mapping[str, str]] = {
    **INQUIRIES,
    NOT_CONCLUDED: "Not concluded",
    NOT_OF_IT: "Not of the quarter",
}
_NONE: Final = frozenset({NOT_RECORDED, NOT_OF_IT})


@table(
    "Restated",
    title="Inquiries that count otherwise than by what was recorded when their quarter ended",
    cites=f"{DATASET}; {TRIGGER}: so a power used later, and a trigger corrected later, move an "
    "inquiry in or out of a quarter that was submitted (derived), as does a merge or split of its "
    "case. The row is what it was by all that had been recorded on the last day of the quarter, "
    "read in whichever case it was then, the column what it is now, each of every inquiry that was "
    "or is of the quarter; one is not of it that is triggered in another, perhaps in another, goes "
    "on in another inquiry, or did not count. Each opens to the event that moved it. An inquiry "
    "that was withdrawn, is of a concern entered twice, counts elsewhere, or is or was of somebody "
    "under age is named apart, as is a power or conclusion withdrawn. What moved since a position "
    "is the table at both",
    needs=EVERYTHING,
)
def restated(facts: Facts) -> Filled:
    """Each inquiry that was or is of the period and moved since its quarter ended."""
    moves: dict[tuple[str, str], dict[UUID, Counted]] = {
        (before, now): {}
        for before in BEFORE
        for now in NOW
        if before != now and not {before, now} <= _NONE
    }
    grown: dict[UUID, Counted] = {}
    for quarter in quarters_in(facts.period):
        if quarter.last not in facts.dataset.then:
            continue
        compared = _Compared(facts, quarter, facts.dataset.then[quarter.last])
        for one in facts.dataset.inquiries:
            move = compared.move(one)
            if move in moves and compared.was_young(one):
                grown.setdefault(one.inquiry, of_step(one.opened))
            elif move in moves:
                moves[move].setdefault(one.inquiry, compared.by(one, move))
    left = (
        *gone("Restated", facts, steps.OPENED),
        *named("Restated", GROWN, grown.values(), personal=True),
        *undone("Restated", facts),
    )
    return Filled(
        cells=tuple(
            cell("Restated", "Inquiries", BEFORE[before], NOW[now], told.values())
            for (before, now), told in moves.items()
        ),
        left_out=left,
    )


def _key(opened: Step) -> tuple[UUID, UUID]:
    """Which inquiry it is, in whichever case it is read: by where it was recorded."""
    return opened.stream, opened.subject


class _Compared:
    """The inquiries of a quarter as they were understood when it ended, and are now."""

    def __init__(self, facts: Facts, quarter: Period, then: Then) -> None:
        self._now, self._quarter, self._at = facts.dataset, quarter, then.at
        self._was = {_key(one.opened): one for one in then.found.inquiries}
        self._recorded = {_key(one) for one in then.found.told if one.name == steps.OPENED}
        self._young = {_key(one) for one in then.found.gone if one.why == YOUNG}
        self._about: dict[UUID, list[Step]] = {}  # by inquiry, all that is told of it
        for step in facts.dataset.told:
            self._about.setdefault(step.subject, []).append(step)
        self._joined: dict[UUID, set[UUID]] = {}  # those that are or were one inquiry
        for one in (*facts.dataset.inquiries, *then.found.inquiries):
            if one.goes_on_in is not None:
                self._joined.setdefault(one.inquiry, set()).add(one.goes_on_in)
                self._joined.setdefault(one.goes_on_in, set()).add(one.inquiry)

    def move(self, one: Inquiry) -> tuple[str, str]:
        """What an inquiry counted as in the quarter, and what it does now."""
        was = self._was.get(_key(one.opened))
        if was is not None:
            return self._of(was), self._of(one)
        known = _key(one.opened) in self._recorded
        return NOT_OF_IT if known else NOT_RECORDED, self._of(one)

    def _of(self, one: Inquiry) -> str:
        there = certain(one.opened, self._quarter) and one.goes_on_in is None
        return one.kind if there else NOT_OF_IT

    def was_young(self, one: Inquiry) -> bool:
        """Whether it was left out as of somebody under age, by the birth told then."""
        return _key(one.opened) in self._young

    def by(self, one: Inquiry, move: tuple[str, str]) -> Counted:
        """An inquiry with the event that moved it.

        One of the quarter before and now: by what decides it, where that was recorded since, or by
        what reopened it; else by the last correction of what was done in it. One that came into the
        quarter or left it: by the correction of its trigger. Where it is none of these, by the last
        merge, split or entry since that made of it, or of one that it goes or went on in, what it
        is.
        """
        of_it = not set(move) & _NONE
        last = self._quarter.last
        late = [
            told.by
            for step in ((one.opened,) if not of_it else self._about[one.inquiry])
            for told in step.understood
            if told.since > last
        ]
        by = one.decided
        if one.kind == NOT_CONCLUDED and one.endings:
            by = one.endings[-1]
        new = by.recorded_on > last
        if not late and not (new and (of_it or NOT_RECORDED in move)):
            late = self._joined_since(one, powers=of_it)
        at = by.position if not late or (of_it and new) else max(late)
        return Counted(one.opened.case, one.inquiry, at)

    def _joined_since(self, one: Inquiry, *, powers: bool) -> list[int]:
        """Since which positions, after the quarter ended, it is read as it is.

        `powers`: and what powers were used in it; they move it from no quarter to another.
        """
        those = {one.inquiry, *self._joined.get(one.inquiry, ())}
        was = self._was.get(_key(one.opened))
        cases = {each.opened.case for each in (one, was) if each is not None}
        whose = (step for step in self._now.told if step.adult is not None and step.case in cases)
        told = (step for inquiry in those for step in self._about.get(inquiry, ()))
        joined = [
            step.changed
            for step in (*told, *whose)
            if step.changed > self._at and (powers or step.name != steps.POWER)
        ]
        sent = (one for one in self._now.told if one.name == steps.TRANSFERRED)
        away = [] if powers else [one.position for one in sent if one.case in cases]
        return joined + [at for at in away if at > self._at]


_NUMBERED: Final = frozenset({1, 2, 3, 10, 11, 15, 17})


@table(
    "Unknown",
    title="Indicators that are not known here",
    cites=f"{DATASET}, 2024-25: it has {INDICATORS} indicators, whose list was not obtained. That "
    "they are numbered from 1 to 19 is derived. Some of these may be what this record counts under "
    "a name (source of referral, age, gender, conferences, plans, orders, large scale "
    "investigations); others, such as ethnicity or location of harm, it does not count here",
    needs=(),
)
def unknown(_facts: Facts) -> Filled:
    """The indicators whose content is not known: no figure, and none invented."""
    return Filled(
        cells=tuple(
            Cell(
                table="Unknown",
                enquiry_type=UNKNOWN,
                category=f"Indicator {number}",
                subcategory="",
                value=None,
                counted=(),
            )
            for number in range(1, INDICATORS + 1)
            if number not in _NUMBERED
        )
    )
