"""What protects the adult: conferences, plans, orders, large-scale investigations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from projections.returns import inquiries as steps
from projections.returns.dataset import NOT_RECORDED, Step, Thing
from projections.returns.facts import Facts
from projections.returns.scotland.choosing import certain, doubtful, gone, of_step, perhaps
from projections.returns.scotland.words import (
    APPLIED,
    ARREST,
    BANNING,
    CONFERENCES,
    DATASET,
    GRANTED,
    IN_PLANS,
    KINDS,
    LARGE_SCALE,
    ORDERS,
    PLANS,
    PROTECTION,
)
from projections.returns.table import BEFORE, Counted, Filled, cell, named, table

_PART: Final = "a part of it is recorded as held, and the conference is not"
_HOLD: Final = "Record that the conference was held, or correct the entry of its part."
_LINK = "Link the case to the investigation it is part of, by its reference."
_ENDED: Final = (
    "ended, and that the plan was agreed does not stand: of which kind it was is not known"
)
_AGREE: Final = "Record the plan that was agreed, or correct the entry of its end."
_REVISED: Final = (
    "revised, and that the plan was agreed does not stand: it is in place, and when it began is "
    "not known"
)
_GRANTED: Final = (
    "granted, and that it was applied for does not stand: which order it is is not known"
)
_APPLY: Final = "Record the application, or correct the entry of the grant."
_UNLINKED: Final = (
    "linked to an investigation, and unlinked since: the case is no part of it, and it counts by "
    "the cases that are"
)
_UNCLEAR: Final = (
    "opened in a case that names several references, all of them linked before: which of them it "
    "is is open"
)


@table(
    "Conferences",
    title="Case conferences held",
    cites="Report on adult support and protection 2019/20 to 2021/22: a case conference is initial "
    "or review, and some are undifferentiated. That the dataset counts them is from memory (not "
    "verified); its numbers were not seen. Counted by the day held (a choice)",
)
def conferences(facts: Facts) -> Filled:
    """Each case conference held in the period, by its kind."""
    code, period = "Conferences", facts.period
    by: dict[str, list[Counted]] = {one: [] for one in KINDS.values()}
    others, dated = list[Counted](), list[Step]()
    for one in facts.dataset.conferences:
        if one.kind in KINDS:
            dated.append(one.step)
        if certain(one.step, period):
            found = by.get(KINDS.get(one.kind, ""), others)
            found.append(of_step(one.step))
    parts = [
        one.step
        for one in facts.dataset.parts_alone
        if one.kind in KINDS and perhaps(one.step, period)
    ]
    why = "neither an initial nor a review conference (core group, progress or outcome)"
    return Filled(
        cells=tuple(cell(code, CONFERENCES, one, "", told) for one, told in by.items()),
        left_out=(
            *named(code, why, others),
            *named(code, _PART, map(of_step, parts), remedy=_HOLD),
            *doubtful(code, dated, period),
            *gone(code, facts, steps.HELD, steps.CORE_GROUP),
        ),
    )


@table(
    "ASPP",
    title="Adult support and protection plans",
    cites=f"{DATASET}: that plans are counted is from memory (not verified); number and rules "
    "were not seen. Begun and ended by the days recorded; in place are those begun by the last day "
    "of the period and not ended by it. Interim and safety plans are left out and named; one that "
    "is revised into a protection plan begins as one on the day of that, and one revised into "
    "another kind has ended as one (choices)",
)
def plans(facts: Facts) -> Filled:
    """Protection plans begun, ended, and in place at the end of the period."""
    code, period = "ASPP", facts.period
    begun = [one.step for one in facts.dataset.plans if one.kind == PROTECTION]
    ended = [one.step for one in facts.dataset.plans_ended if one.kind == PROTECTION]
    over = [one for one in ended if one.day_to <= period.last]
    there = [one for one in begun if one.day_to <= period.last and not _is_over(one, over)]
    others = [one.step for one in facts.dataset.plans if one.kind != PROTECTION]
    late = [one for one in begun if one in facts.dataset.alone]
    rows = (
        [one for one in begun if certain(one, period) and one not in late],
        [one for one in ended if certain(one, period)],
        there,
    )
    why = "an interim or safety plan, or one whose kind is not recorded"
    return Filled(
        cells=tuple(
            cell(code, PLANS, row, "", map(of_step, told))
            for row, told in zip(IN_PLANS, rows, strict=True)
        ),
        left_out=(
            *named(code, why, (of_step(one) for one in others if perhaps(one, period))),
            *named(
                code,
                _REVISED,
                map(of_step, (one for one in late if perhaps(one, period))),
                remedy=_AGREE,
            ),
            *named(code, _ENDED, _alone(facts, steps.PLAN_ENDED), remedy=_AGREE),
            *doubtful(code, (one for one in (*begun, *ended) if one not in late), period),
            *gone(code, facts, steps.PLANNED, steps.PLAN_REVISED, steps.PLAN_ENDED),
        ),
    )


def _is_over(begun: Step, ended: Iterable[Step]) -> bool:
    """Whether what began has ended since."""
    return any(one.about == begun.about and one.position > begun.position for one in ended)


def _alone(facts: Facts, name: str) -> list[Counted]:
    """What stands without that of which it is, and may be of the period."""
    return [
        of_step(one)
        for one in facts.dataset.alone
        if one.name == name and perhaps(one, facts.period)
    ]


_PLAIN: Final[Mapping[str, str]] = {
    "assessment": "Assessment order",
    "removal": "Removal order",
}


def _order(kind: str | None, arrest: str) -> str | None:
    """The category of an order granted."""
    if kind is not None and kind in BANNING:
        return f"{BANNING[kind]}{ARREST.get(arrest, ARREST[NOT_RECORDED])}"
    return _PLAIN.get(kind or "")


@table(
    "Orders",
    title="Protection orders",
    cites="Report on adult support and protection 2019/20 to 2021/22: assessment, removal, banning "
    "and temporary banning orders, the banning kinds with or without power of arrest. That the "
    "dataset counts them is from memory (not verified). Counted by the day applied for and the day "
    "granted (a choice); a warrant for entry is no such order",
    answers=f"{BEFORE} Of orders granted it is not known any more whether with a power of arrest.",
)
def orders(facts: Facts) -> Filled:
    """Each order applied for in the period, and each granted in it."""
    code, period, data = "Orders", facts.period, facts.dataset
    applied: dict[str, list[Counted]] = {one: [] for one in (*_PLAIN.values(), *BANNING.values())}
    kinds = {**_PLAIN, **BANNING}
    for one in data.applied:
        if one.kind is not None and one.kind in kinds and certain(one.step, period):
            applied[kinds[one.kind]].append(of_step(one.step))
    granted: dict[str, list[Counted]] = {one: [] for one in _PLAIN.values()}
    granted |= {f"{kind}{arrest}": [] for kind in BANNING.values() for arrest in ARREST.values()}
    for each, arrest in data.granted:
        category = _order(each.kind, arrest)
        if category is not None and certain(each.step, period):
            granted[category].append(of_step(each.step))
    every: list[Thing] = [*data.applied, *(each for each, _ in data.granted)]
    dated = [one.step for one in every if one.kind in kinds]
    others = [one.step for one in every if one.kind not in kinds]
    why = "a warrant for entry, which is no protection order"
    return Filled(
        cells=(
            *(cell(code, ORDERS, one, APPLIED, told) for one, told in applied.items()),
            *(cell(code, ORDERS, one, GRANTED, told) for one, told in granted.items()),
        ),
        left_out=(
            *named(code, why, (of_step(one) for one in others if perhaps(one, period))),
            *named(code, _GRANTED, _alone(facts, steps.GRANTED), remedy=_APPLY),
            *doubtful(code, dated, period),
            *gone(code, facts, steps.APPLIED, steps.GRANTED),
        ),
    )


@table(
    "LSI",
    title="Large scale investigations begun",
    cites=f"{DATASET}: large scale investigations are counted (also for 2023-24); number and "
    "rules were not seen. Each once, however many cases are part of it, by the reference they "
    "share, and in the period of the first day that any of them tells: of its link, or of the "
    "opening that came before it. A link that was undone makes no part (choices)",
    needs=(),  # of no detail of anybody: it is of several adults, and none is left out
)
def large_scale(facts: Facts) -> Filled:
    """Each large-scale investigation that began in the period."""
    code, period = "LSI", facts.period
    begun = [one.begun for one in facts.dataset.large_scale]
    here = (of_step(one) for one in begun if certain(one, period))

    def of_it(told: Iterable[Step]) -> Iterable[Counted]:
        return (of_step(one) for one in told if perhaps(one, period))

    loose, unclear = facts.dataset.large_unlinked, facts.dataset.large_unclear
    why = "opened in a case that names no reference of it: whether it is one of the others is open"
    return Filled(
        cells=(cell(code, LARGE_SCALE, "Large scale investigations begun", "", here),),
        left_out=(
            *named(code, why, of_it(loose), remedy=_LINK),
            *named(code, _UNCLEAR, of_it(unclear)),
            *named(code, _UNLINKED, of_it(facts.dataset.large_left)),
            *doubtful(code, begun, period),
            *gone(code, facts, steps.LARGE, steps.LARGE_LINKED),
        ),
    )
