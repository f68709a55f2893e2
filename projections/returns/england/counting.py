"""What several of England's tables share: whom they count, in which blocks, and what counts not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from domain.jurisdictions.england import ENGLAND
from projections.returns.england.words import (
    BANDS,
    BEGUN_AS,
    CONCERNS,
    CONCLUDED_AS,
    NOT_KNOWN,
)
from projections.returns.facts import Concern, Enquiry, Facts, Withdrawn
from projections.returns.table import Counted, LeftOut, named, of_concluded, of_withdrawn

DOUBTFUL: Final = (
    "received at a time not known well enough: a concern is counted only where both the first and "
    "the last day it can have been received lie in the year"
)
TWICE: Final = (
    "the same concern was entered twice: it counts in the case that its own was merged into"
)
WITHDRAWN: Final = (
    "withdrawn by a correction: now understood not to have happened, or not to belong to this case"
)
YOUNG: Final = "under 18 on the last day of the period: the collection is about adults"


def age_band(ages: Sequence[int]) -> str | None:
    """The band that holds every age a person can have; None for one under 18."""
    if not ages:
        return NOT_KNOWN
    if max(ages) < ENGLAND.adult_age:
        return None
    found = [band for band, years in BANDS.items() if all(age in years for age in ages)]
    return found[0] if found else NOT_KNOWN


def young(facts: Facts) -> Collection[UUID]:
    """Whoever cannot have been an adult on any day of the period."""
    return {adult for adult, ages in facts.ages.items() if max(ages) < ENGLAND.adult_age}


def adult_of(one: Concern | Enquiry | Withdrawn) -> UUID:
    """Whom it is about; where an adult is not named, the case stands for them."""
    return one.adult or one.case


def concluded(facts: Facts) -> Mapping[str, Sequence[Enquiry]]:
    """The enquiries about adults that were concluded in the period, by block."""
    children = young(facts)
    return {
        block: [one for one in facts.concluded if one.kind == kind and one.adult not in children]
        for kind, block in CONCLUDED_AS.items()
    }


def not_concluded(code: str, facts: Facts) -> tuple[LeftOut, ...]:
    """Conclusions that a table of concluded enquiries leaves out whatever they answer."""
    children = young(facts)
    of_children = [
        of_concluded(one)
        for one in facts.concluded
        if one.kind in CONCLUDED_AS and one.adult in children
    ]
    return (
        *named(code, YOUNG, of_children, personal=True),
        *uncounted(code, facts, _was_conclusion, of_withdrawn),
    )


def uncounted(
    code: str,
    facts: Facts,
    concerned: Callable[[Withdrawn], bool],
    counted: Callable[[Withdrawn], Counted],
) -> tuple[LeftOut, ...]:
    """What was withdrawn, or entered twice, and would else have been in a table."""
    reasons = ((WITHDRAWN, facts.withdrawn), (TWICE, facts.twice))
    return tuple(
        one
        for why, found in reasons
        for one in named(code, why, map(counted, filter(concerned, found)))
    )


def metric(one: Withdrawn) -> str | None:
    """Which count of SG1 something that counts not would have been in; None where in none."""
    if one.what == "concern":
        return CONCERNS
    return BEGUN_AS.get(one.kind or "") if one.what == "begun" else None


def _was_conclusion(one: Withdrawn) -> bool:
    return one.what == "concluded" and one.kind in CONCLUDED_AS


def categories_of(codes: Iterable[str], categories: Mapping[str, str]) -> set[str]:
    """The categories that some codes are counted under; codes the table has none for are left."""
    return {categories[code] for code in codes if code in categories}
