"""SG5, Safeguarding Adults Reviews concluded in the year, and the individuals they were about.

An adult of a review need have had no enquiry that year: these tables are of no other table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from projections.returns.england.asked import cell
from projections.returns.england.counting import uncounted
from projections.returns.england.words import (
    DIED,
    INDIVIDUAL_FATES,
    REVIEW_FATES,
    REVIEWED,
    REVIEWS,
    SURVIVED,
)
from projections.returns.facts import REVIEWS as OF_REVIEWS
from projections.returns.facts import Facts, Review, Withdrawn
from projections.returns.table import (
    AS_NONE,
    CASE_GONE,
    Counted,
    Filled,
    LeftOut,
    Table,
    named,
    of_withdrawn,
    table,
)

_CITES: Final = (
    "Safeguarding Adults Collection, SG5, by the publication code of 2023; Care Act 2014, section "
    "44"
)
_YEAR: Final = "From memory: that a review is of the year in which it was concluded."
_BOARD: Final = (
    "Not seen: whether a review counts once where another authority counts its case, as concerns "
    "and enquiries do (SG1). A review is arranged by the board of the area the adult was in, and "
    "who counts a case does not say whose board that was: it counts here, where its conclusion is "
    "recorded. Of a case that was transferred, agree with the other authority which of the two "
    "gives it."
)
_ASKED: Final = "Not seen: whether the table is mandatory; here it is."
_UNKNOWN: Final = "whether somebody died is not recorded"
_FATES: Final = "Correct the review's conclusion: say of each individual whether they died."


@table(
    "SG5a",
    title="Counts of Safeguarding Adults Reviews",
    cites=_CITES,
    notes=(_YEAR, _ASKED, _BOARD),
    needs=(OF_REVIEWS,),
    answers=AS_NONE,
)
def sg5a(facts: Facts) -> Filled:
    """Each review concluded once, by whether one or more of its individuals died."""
    found: dict[str, list[Counted]] = {fate: [] for fate in REVIEW_FATES}
    unknown, (known, gone) = list[Counted](), _gone("SG5a", facts)
    for one in known:
        found.get(_fate(one) or "", unknown).append(_as_review(one))
    return Filled(
        cells=tuple(
            cell("SG5a", REVIEWS, REVIEW_FATES[fate], "", counted)
            for fate, counted in found.items()
        ),
        left_out=(
            *named("SG5a", _UNKNOWN, unknown, remedy=_FATES),
            *gone,
            *_uncounted("SG5a", facts, REVIEWS),
        ),
    )


@table(
    "SG5b",
    title="Counts of individuals involved in Safeguarding Adults Reviews",
    cites=_CITES,
    notes=(
        _YEAR,
        _ASKED,
        _BOARD,
        "From memory: that the columns are age bands. They are left out here: one column.",
    ),
    needs=(OF_REVIEWS,),
    answers=AS_NONE,
)
def sg5b(facts: Facts) -> Filled:
    """Each individual of each review concluded, by whether they died."""
    found: dict[str, list[Counted]] = {fate: [] for fate in INDIVIDUAL_FATES}
    unknown, (known, gone) = list[Counted](), _gone("SG5b", facts)
    for one in known:
        for fate, counted in _individuals(one):
            found.get(fate, unknown).append(counted)
    return Filled(
        cells=tuple(
            cell("SG5b", REVIEWED, INDIVIDUAL_FATES[fate], "", counted)
            for fate, counted in found.items()
        ),
        left_out=(
            *named("SG5b", _UNKNOWN, unknown, remedy=_FATES),
            *gone,
            *_uncounted("SG5b", facts, REVIEWED),
        ),
    )


def _gone(code: str, facts: Facts) -> tuple[list[Review], tuple[LeftOut, ...]]:
    """The reviews of which what was told is known, and what is said of the others: each once."""
    known = [one for one in facts.reviews if one.position not in facts.gone]
    lost = (_as_review(one) for one in facts.reviews if one.position in facts.gone)
    return known, named(code, CASE_GONE, lost)


def _as_review(one: Review) -> Counted:
    return Counted(one.case, one.review, one.position)


def _fate(one: Review) -> str | None:
    """Whether somebody died; None where nobody is known to have, and it is not known of all."""
    fates = {fate for _, fate in one.individuals}
    if DIED in fates:
        return DIED
    return SURVIVED if fates == {SURVIVED} else None


def _individuals(one: Review) -> Iterator[tuple[str, Counted]]:
    """Those a review was about: whoever is named once, and the review stands for whoever is not."""
    fates = {person: fate for person, fate in one.individuals if person is not None}
    for person, fate in fates.items():
        yield fate, Counted(one.case, person, one.position)
    for fate in (fate for nobody, fate in one.individuals if nobody is None):
        yield fate, Counted(one.case, one.review, one.position)


def _uncounted(code: str, facts: Facts, block: str) -> tuple[LeftOut, ...]:
    def reviewed(one: Withdrawn) -> str | None:
        return block if one.what == "reviewed" else None

    return uncounted(code, facts, reviewed, of_withdrawn)


TABLES: Final[tuple[Table, ...]] = (sg5a, sg5b)
