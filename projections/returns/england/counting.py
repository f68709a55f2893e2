"""What several of England's tables share: whom they count, in which blocks, and what counts not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Final, TypeVar
from uuid import UUID

from domain.jurisdictions.england import ENGLAND
from projections.returns import rows
from projections.returns.england.words import (
    BANDS,
    BEGUN_AS,
    CONCERNS,
    CONCLUDED_AS,
    NOT_KNOWN,
)
from projections.returns.facts import Concern, Enquiry, Facts, Withdrawn
from projections.returns.table import Counted, LeftOut, named, of_concluded, of_withdrawn

_BAND_OF: Final = {age: band for band, years in BANDS.items() for age in years}
Case = TypeVar("Case", Concern, Enquiry)
DOUBTFUL: Final = (
    "received at a time not known well enough: a concern is counted only where both the first and "
    "the last day it can have been received lie in the year"
)
NOT_A_CONCERN: Final = (
    "decided not to be a concern that counts: what reaches the council is not yet one"
)
TWICE: Final = (
    "the same concern was entered twice: of two cases that are read as one it counts once, and "
    "where both have an enquiry of the same kind about it, those of one of them count"
)
WITHDRAWN: Final = (
    "withdrawn by a correction: now understood not to have happened, or not to belong to this case"
)
NOT_OWN: Final = "no concern of its own, and counts for none: {}"
ELSEWHERE: Final = (
    "its case was transferred to another authority, which counts it: two authorities count a case "
    "once, the one where the abuse occurred"
)
REOPENED: Final = "concluded, and reopened on {:%-d %B %Y}: counted when it is concluded again"
SECOND: Final = (
    "concluded a second time without having been reopened: it counts by the conclusion of "
    "{:%-d %B %Y}, which stands"
)
PARTED: Final = (
    "concluded, and its enquiry was split off without this conclusion: the enquiry is read in "
    "another case, and is not concluded there"
)
REJOIN: Final = "Split off the enquiry's other entries to the same case, or end the split."
UNSURE: Final = (
    "at a time that was corrected and is not known well enough: it is counted only where both the "
    "first and the last day it can have been lie in the year"
)
TOLD: Final = (
    "the same review is told of in another case: it counts once, there, as concluded on "
    "{:%-d %B %Y}"
)
YOUNG: Final = "under 18 on the last day of the period: the collection is about adults"


def age_band(ages: Sequence[int]) -> str | None:
    """The band that holds every age a person can have; None for one under 18."""
    if not ages:
        return NOT_KNOWN
    if max(ages) < ENGLAND.adult_age:
        return None
    found = {_BAND_OF.get(age) for age in ages}
    return (found.pop() if len(found) == 1 else None) or NOT_KNOWN


def young(facts: Facts) -> Collection[UUID]:
    """Whoever cannot have been an adult on any day of the period.

    Of somebody forgotten no age is known any more, and the record keeps none beside the one that
    was destroyed. So they count, as not known, as nearly all did before; but a return that was
    filed still says whom it left out as under age, and these stay left out: a figure that was filed
    does not rise by a forgetting. Where nothing was filed it may, which the notes say.
    """
    known = {adult for adult, ages in facts.ages.items() if ages[-1] < ENGLAND.adult_age}
    return known | facts.under_age


def of_adults(cases: Sequence[Case], children: Collection[UUID]) -> Sequence[Case]:
    """What is not about a child; mostly there is none, and nothing has to be looked up."""
    return [one for one in cases if one.adult not in children] if children else cases


def adult_of(one: Concern | Enquiry | Withdrawn) -> UUID:
    """Whom it is about; where an adult is not named, the case stands for them."""
    return one.adult or one.case


def concluded(facts: Facts) -> Mapping[str, Sequence[Enquiry]]:
    """The enquiries about adults that were concluded in the period, by block."""
    grown = of_adults(facts.concluded, young(facts))
    return {
        block: [one for one in grown if one.kind == kind] for kind, block in CONCLUDED_AS.items()
    }


def not_concluded(code: str, facts: Facts) -> tuple[LeftOut, ...]:
    """Conclusions that a table of concluded enquiries leaves out whatever they answer."""
    children = young(facts)
    of_children: dict[str, list[Counted]] = {block: [] for block in CONCLUDED_AS.values()}
    for one in facts.concluded:
        if one.kind in CONCLUDED_AS and one.adult in children:
            of_children[CONCLUDED_AS[one.kind]].append(of_concluded(one))
    return (
        *named(code, YOUNG, chain(*of_children.values()), of=of_children, personal=True),
        *uncounted(code, facts, _conclusion, of_withdrawn),
    )


def uncounted(
    code: str,
    facts: Facts,
    block: Callable[[Withdrawn], str | None],
    counted: Callable[[Withdrawn], Counted],
) -> tuple[LeftOut, ...]:
    """What was withdrawn, entered twice or counts not by a rule, and would else be in a table.

    `block`: of which enquiry type; None where it would be in none.
    """
    reasons: dict[str, dict[str, list[Counted]]] = {}
    for one in (*facts.withdrawn, *facts.twice, *facts.beside):
        if (of := block(one)) is not None:
            reasons.setdefault(_words(one), {}).setdefault(of, []).append(counted(one))
    remedies = {PARTED: REJOIN}
    return tuple(
        left
        for why, parts in reasons.items()
        for left in named(code, why, chain(*parts.values()), of=parts, remedy=remedies.get(why, ""))
    )


def _words(one: Withdrawn) -> str:
    """Why something counts not, with its rule."""
    if one.why in _WORDS:
        return _WORDS[one.why].format(one.since)
    linked = ENGLAND.lists["link_reason"].get(one.why, "no other referral")
    return NOT_OWN.format(f"{linked[:1].lower()}{linked[1:]}")


_WORDS: Final[Mapping[str, str]] = {
    rows.WITHDRAWN: WITHDRAWN,
    rows.TWICE: TWICE,
    rows.ELSEWHERE: ELSEWHERE,
    rows.REOPENED: REOPENED,
    rows.SECOND: SECOND,
    rows.PARTED: PARTED,
    rows.TOLD: TOLD,
    rows.UNSURE: UNSURE,
}


def metric(one: Withdrawn) -> str | None:
    """Which count of SG1 something that counts not would have been in; None where in none."""
    if one.what == "concern":
        return CONCERNS
    return BEGUN_AS.get(one.kind or "") if one.what == "begun" else None


def _conclusion(one: Withdrawn) -> str | None:
    return CONCLUDED_AS.get(one.kind or "") if one.what == "concluded" else None


def categories_of(codes: Iterable[str], categories: Mapping[str, str]) -> set[str]:
    """The categories that some codes are counted under; codes the table has none for are left."""
    return {categories[code] for code in codes if code in categories}
