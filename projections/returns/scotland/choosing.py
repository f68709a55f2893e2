"""What of the dataset is of a period: for certain, perhaps, or no more; and how a cell names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from projections.returns import inquiries as steps
from projections.returns.dataset import (
    NOT_CONCLUDED,
    USING,
    WITHOUT,
    Dataset,
    Inquiry,
    Step,
    Understanding,
)
from projections.returns.facts import Facts, Period
from projections.returns.rows import WITHDRAWN, YOUNG
from projections.returns.scotland.words import (
    DOUBTFUL,
    GOES_ON,
    GONE,
    LEFT_BEHIND,
    MOVED,
    OPEN,
    PARTED,
    REJOIN,
    SECOND,
)
from projections.returns.table import Counted, LeftOut, named


def of_step(one: Step) -> Counted:
    """An event as a cell counts it."""
    return Counted(one.case, one.subject, one.position)


def certain(one: Step, period: Period) -> bool:
    """Whether it was in a period, whichever day it was."""
    return one.day_from in period and one.day_to in period


def perhaps(one: Step | Understanding, period: Period) -> bool:
    """Whether it may have been in a period."""
    begins = one.day_from is None or one.day_from <= period.last
    return begins and one.day_to >= period.first


def doubtful(code: str, told: Iterable[Step], period: Period) -> tuple[LeftOut, ...]:
    """What may have been in the period, and may not."""
    unsure = (one for one in told if perhaps(one, period) and not certain(one, period))
    return named(code, DOUBTFUL, map(of_step, unsure))


def gone(code: str, facts: Facts, *names: str) -> tuple[LeftOut, ...]:
    """What counts not any more and would have been, or may have been, of the period.

    What was withdrawn also where it was of the period only as it was understood before.
    """
    told = [
        one
        for one in facts.dataset.gone
        if one.name in names and any(perhaps(each, facts.period) for each in _ever(one))
    ]
    return tuple(
        left
        for why, words in GONE.items()
        for left in named(
            code, words, (of_step(one) for one in told if one.why == why), personal=why == YOUNG
        )
    )


def _ever(one: Step) -> tuple[Step | Understanding, ...]:
    return (one, *one.understood) if one.why == WITHDRAWN else (one,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggered:
    """The inquiries triggered in a period, by what they count as."""

    by_kind: Mapping[str, Sequence[Inquiry]]
    going_on: Sequence[Inquiry]

    @property
    def every(self) -> list[Inquiry]:
        """All that count as one of the two."""
        return [*self.by_kind[WITHOUT], *self.by_kind[USING]]


def triggered(dataset: Dataset, period: Period) -> Triggered:
    """The inquiries of a period for certain; one that goes on in another is none."""
    of = [one for one in dataset.inquiries if certain(one.opened, period)]
    return Triggered(
        by_kind={
            kind: [one for one in of if one.goes_on_in is None and one.kind == kind]
            for kind in (WITHOUT, USING, NOT_CONCLUDED)
        },
        going_on=[one for one in of if one.goes_on_in is not None],
    )


def of_decided(one: Inquiry) -> Counted:
    """An inquiry as a cell counts it: by the event that makes it what it is."""
    return Counted(one.opened.case, one.inquiry, one.decided.position)


def of_ended(one: Inquiry) -> Counted:
    """An inquiry as a cell counts it that counts what was answered at its end."""
    return Counted(one.opened.case, one.inquiry, (one.concluded or one.opened).position)


def no_inquiry(code: str, facts: Facts, kind: str | None = None) -> tuple[LeftOut, ...]:
    """What of the period's inquiries counts as none, or no more in the tables of a kind."""
    found = triggered(facts.dataset, facts.period)
    using = found.by_kind[USING] if kind == WITHOUT else ()
    every = [*found.every, *found.by_kind[NOT_CONCLUDED]]
    parted = [one for one in facts.dataset.parted if one.about in {of.inquiry for of in every}]
    without = {one.about for one in parted}
    waiting = found.by_kind[NOT_CONCLUDED]
    return (
        *named(code, MOVED, (of_decided(one) for one in using if one.had_ended_without)),
        *named(code, OPEN, (of_decided(one) for one in waiting if one.inquiry not in without)),
        *named(
            code,
            PARTED,
            (of_decided(one) for one in every if one.inquiry in without),
            remedy=REJOIN,
        ),
        *named(code, LEFT_BEHIND, map(of_step, parted), remedy=REJOIN),
        *named(code, GOES_ON, map(of_decided, found.going_on)),
        *doubtful(code, (one.opened for one in facts.dataset.inquiries), facts.period),
        *gone(code, facts, steps.OPENED),
        *undone(code, facts),
    )


def second(code: str, facts: Facts, kind: str) -> tuple[LeftOut, ...]:
    """What was told of inquiries of a kind when they were concluded a second time."""
    here = triggered(facts.dataset, facts.period).by_kind[kind]
    return named(code, SECOND, (of_step(each) for one in here for each in one.more_conclusions))


def undone(code: str, facts: Facts) -> tuple[LeftOut, ...]:
    """The powers and conclusions withdrawn of the period's inquiries, whenever they were."""
    inquiries = facts.dataset.inquiries
    of = {one.inquiry for one in inquiries if certain(one.opened, facts.period)}
    told = (
        of_step(one)
        for one in facts.dataset.gone
        if one.name in {steps.POWER, steps.CONCLUDED} and one.about in of and one.why == WITHDRAWN
    )
    return named(code, "the use of a power, or the conclusion, was withdrawn by a correction", told)
