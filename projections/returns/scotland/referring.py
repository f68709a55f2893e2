"""The referrals: how many, and from whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.jurisdictions.scotland import SCOTLAND
from projections.returns import inquiries as steps
from projections.returns.dataset import NOT_RECORDED, Referral
from projections.returns.facts import Facts
from projections.returns.rows import OWN
from projections.returns.scotland.choosing import certain, gone, of_step, perhaps
from projections.returns.scotland.words import DATASET, DOUBTFUL, REFERRALS
from projections.returns.table import AS_UNKNOWN, Counted, Filled, LeftOut, cell, named, table


def _referred(facts: Facts) -> tuple[list[Referral], Mapping[str, list[Referral]]]:
    """The referrals that count, whenever they came, and by why those that do not."""
    counted, not_counted = list[Referral](), dict[str, list[Referral]]()
    for one in facts.dataset.referrals:
        why = None
        if not one.counted:
            why = "decided not to be counted"
        elif one.step.reason not in {None, OWN}:
            words = SCOTLAND.lists["link_reason"].get(one.step.reason or "", "no other referral")
            why = f"no referral of its own: {words[:1].lower()}{words[1:]}"
        if why is None:
            counted.append(one)
        else:
            not_counted.setdefault(why, []).append(one)
    return counted, not_counted


def _of(one: Referral) -> Counted:
    """A referral as a cell counts it, with what decided whether it does."""
    return replace(of_step(one.step), rule=one.rule, edition=one.edition, decided=one.decided)


def _not_referred(code: str, facts: Facts) -> tuple[LeftOut, ...]:
    counted, not_counted = _referred(facts)
    unsure = (
        one
        for one in counted
        if perhaps(one.step, facts.period) and not certain(one.step, facts.period)
    )
    return (
        *named(code, DOUBTFUL, map(_of, unsure)),
        *(
            left
            for why, told in not_counted.items()
            for left in named(
                code, why, (_of(one) for one in told if perhaps(one.step, facts.period))
            )
        ),
        *gone(code, facts, steps.RECEIVED, steps.LINKED),
    )


@table(
    "1",
    title="ASP referrals",
    cites=f"{DATASET}, indicator 1 (its number from memory, not verified). Referrals are not "
    "expected to equal inquiries: several agencies may refer one person, and a referral while an "
    "inquiry is open is counted here and is no new inquiry. What is linked as received again, or "
    "as news of the open episode, is left out and named (a choice)",
)
def referrals(facts: Facts) -> Filled:
    """Every referral received in the period, once each."""
    counted, _ = _referred(facts)
    here = (_of(one) for one in counted if certain(one.step, facts.period))
    return Filled(
        cells=(cell("1", REFERRALS, "ASP referrals", "", here),),
        left_out=_not_referred("1", facts),
    )


@table(
    "Source",
    title="ASP referrals by source",
    cites=f"{DATASET}: that the source of a referral is an indicator is from memory (not "
    "verified), its number and categories were not seen. The categories are this record's",
    answers=AS_UNKNOWN.format(SCOTLAND.lists["referral_source"][NOT_RECORDED]),
)
def sources(facts: Facts) -> Filled:
    """The referrals of indicator 1 by who referred."""
    counted, _ = _referred(facts)
    by: dict[str, list[Counted]] = {code: [] for code in SCOTLAND.lists["referral_source"]}
    for one in counted:
        if certain(one.step, facts.period):
            code = one.step.code if one.step.code in by else NOT_RECORDED
            by[code or NOT_RECORDED].append(_of(one))
    words = SCOTLAND.lists["referral_source"]
    return Filled(
        cells=tuple(cell("Source", REFERRALS, words[one], "", told) for one, told in by.items()),
        left_out=_not_referred("Source", facts),
    )
