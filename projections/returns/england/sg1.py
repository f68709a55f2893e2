"""SG1, demographics: the adults of the year's concerns and enquiries, and how many those were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final, TypeAlias
from uuid import UUID

from projections.returns.england.asked import cell
from projections.returns.england.counting import (
    DOUBTFUL,
    NOT_A_CONCERN,
    YOUNG,
    adult_of,
    age_band,
    categories_of,
    metric,
    of_adults,
    uncounted,
    young,
)
from projections.returns.england.words import (
    BANDS,
    BEGUN_AS,
    CONCERNS,
    CONDITIONS,
    ETHNICITIES,
    GENDERS,
    NOT_KNOWN,
    OTHER_ENQUIRIES,
    SECTION_42_ENQUIRIES,
    SUPPORT_REASONS,
    UNDECLARED,
)
from projections.returns.facts import (
    ANSWERED,
    BIRTH,
    ENQUIRIES,
    ETHNICITY,
    GENDER,
    Concern,
    Enquiry,
    Facts,
    Withdrawn,
)
from projections.returns.facts import CONCERNS as CONCERNED
from projections.returns.table import (
    AS_UNKNOWN,
    Cell,
    Counted,
    Filled,
    LeftOut,
    Table,
    named,
    of_begun,
    of_concern,
    of_withdrawn,
    table,
)

# What the figures of one metric have no use for.
_SPARES: Final = {
    CONCERNS: frozenset({ENQUIRIES}),
    **dict.fromkeys((SECTION_42_ENQUIRIES, OTHER_ENQUIRIES), frozenset({CONCERNED, ANSWERED})),
}
_Involved: TypeAlias = Mapping[str, Mapping[UUID, Counted]]  # by metric, the adults
_Case: TypeAlias = Concern | Enquiry
_GUIDANCE: Final = "Safeguarding Adults Collection guidance 2024-25, SG1: "
_ONCE: Final = _GUIDANCE + "each adult at risk once in each metric"
_NOT_KNOWN: Final = "not_known"  # as it is recorded
_SPLIT: Final = (
    "From memory: that concerns and other enquiries are voluntary here as they are in SG1a."
)
_REPEATS: Final = (
    "Not seen: how often a person repeats. Here each concern and each enquiry counts once in a "
    "category, by the conclusion of the enquiry; a concern by the last of its case that answers."
)


_TWICE: Final = (
    "Not seen: what counts of two cases merged because one concern was entered twice. Here the "
    "first concern of the one merged counts not, and of enquiries of one kind about it those "
    "of one case do: where one is concluded, else of the case that it was merged into."
)


_LARGE: Final = (
    "Derived: of a large-scale enquiry each adult at risk counts by the concern and the enquiry of "
    "their own case; a case that it links and that has none is named where the return is checked."
)
_ABOUT: Final = (
    "Derived: a day that is said to be approximate or uncertain has no bounds: what has it counts "
    "by the day as it is written, and is named where the return is checked."
)
_TRANSFERRED: Final = (
    "Not seen: what of a case two authorities had counts at each. Here a transfer takes along what "
    "had come by its day, the concern that began the case in any event; a concern or an enquiry "
    "that came after it counts here, and is named where its order is not certain."
)


@table(
    "SG1a",
    title="Counts of individuals by age band",
    cites=_ONCE + "; age on the last day of the reporting period, or at death",
    notes=("From memory: the label of an age that is not known.", _LARGE, _ABOUT),
    needs=(CONCERNED, ENQUIRIES, BIRTH),
    spares=_SPARES,
    personal=True,
)
def sg1a(facts: Facts) -> Filled:
    """Each adult once in each of the three metrics, however often they were concerned."""

    def band(adult: UUID) -> str:
        return age_band(facts.ages.get(adult, ())) or NOT_KNOWN

    return _by_person("SG1a", facts, (*BANDS, NOT_KNOWN), band)


@table(
    "SG1b",
    title="Counts of individuals by gender",
    cites=_ONCE + "; the categories are those of the publication code of 2023",
    notes=(
        _SPLIT,
        "Derived: a gender recorded as another than these two has no category, and is not known.",
        _LARGE,
        _ABOUT,
    ),
    needs=(CONCERNED, ENQUIRIES, BIRTH, GENDER),
    spares=_SPARES,
    young=young,
    personal=True,
)
def sg1b(facts: Facts) -> Filled:
    """Each adult once in each metric, by gender."""

    def gender(adult: UUID) -> str:
        return GENDERS.get(facts.genders.get(adult, ""), NOT_KNOWN)

    def other(adult: UUID) -> bool:
        return facts.genders.get(adult, _NOT_KNOWN) not in {_NOT_KNOWN, *GENDERS}

    return _by_person("SG1b", facts, (*GENDERS.values(), NOT_KNOWN), gender, other)


@table(
    "SG1c",
    title="Counts of individuals by ethnicity",
    cites=_ONCE + "; the seven groups are those of the publication code of 2023",
    notes=(_SPLIT, _LARGE, _ABOUT),
    needs=(CONCERNED, ENQUIRIES, BIRTH, ETHNICITY),
    spares=_SPARES,
    young=young,
    personal=True,
)
def sg1c(facts: Facts) -> Filled:
    """Each adult once in each metric, by ethnic group."""

    def group(adult: UUID) -> str:
        return ETHNICITIES.get(facts.ethnicities.get(adult, ""), UNDECLARED)

    return _by_person("SG1c", facts, (*ETHNICITIES.values(), UNDECLARED), group)


@table(
    "SG1d",
    title="Counts of individuals by primary support reason",
    cites=_GUIDANCE + "a person may appear several times",
    notes=(_SPLIT, _REPEATS, _LARGE, _ABOUT),
    needs=(CONCERNED, ENQUIRIES, ANSWERED, BIRTH),
    spares=_SPARES,
    answers=AS_UNKNOWN.format(NOT_KNOWN),
)
def sg1d(facts: Facts) -> Filled:
    """Each concern and each enquiry by the one support reason that is known in its case."""

    def reason(one: _Case) -> Iterable[str]:
        return (SUPPORT_REASONS.get(one.support_reason or "", NOT_KNOWN),)

    return _by_case("SG1d", facts, (*SUPPORT_REASONS.values(), NOT_KNOWN), reason)


@table(
    "SG1e",
    title="Counts of individuals by reported health condition",
    cites=_GUIDANCE + "a person may appear several times; the publication code of 2023 has the "
    "words of the two categories of autism",
    notes=(
        "From memory: every category but the two of autism.",
        "From memory: that those two alone are mandatory, of Section 42 enquiries.",
        "From memory: the label where no condition is recorded.",
        _REPEATS,
        _LARGE,
        _ABOUT,
    ),
    needs=(CONCERNED, ENQUIRIES, ANSWERED, BIRTH),
    spares=_SPARES,
    answers=AS_UNKNOWN.format(NOT_KNOWN),
)
def sg1e(facts: Facts) -> Filled:
    """Each concern and each enquiry once for each different condition known in its case."""

    def conditions(one: _Case) -> Iterable[str]:
        if not one.conditions:  # as of most concerns
            return (NOT_KNOWN,)
        return categories_of(one.conditions, CONDITIONS) or (NOT_KNOWN,)

    return _by_case("SG1e", facts, (*CONDITIONS.values(), NOT_KNOWN), conditions)


@table(
    "SG1f",
    title="Counts of safeguarding activity",
    cites=_GUIDANCE + "concerns raised and enquiries commenced in the year; an enquiry is counted "
    "as a concern too",
    notes=(
        "From memory: that concerns are mandatory here, and other enquiries voluntary.",
        _TWICE,
        _TRANSFERRED,
        _LARGE,
        _ABOUT,
    ),
    needs=(CONCERNED, ENQUIRIES, BIRTH),
    spares=_SPARES,
)
def sg1f(facts: Facts) -> Filled:
    """Every concern received and every enquiry begun in the year, once each."""
    totals = {
        CONCERNS: "Total Number of Safeguarding Concerns",
        SECTION_42_ENQUIRIES: "Total Number of Section 42 Safeguarding Enquiries",
        OTHER_ENQUIRIES: "Total Number of Other Safeguarding Enquiries",
    }
    activity = _activity(facts)
    return Filled(
        cells=tuple(
            cell("SG1f", block, totals[block], "", map(_counted, cases))
            for block, cases in activity.items()
        ),
        left_out=_cases_left_out("SG1f", facts),
    )


def _activity(facts: Facts) -> Mapping[str, Sequence[_Case]]:
    """The concerns received and the enquiries begun in the year, by metric, about adults."""
    children = young(facts)
    begun = of_adults(facts.begun, children)
    return {
        CONCERNS: of_adults(facts.concerns, children),
        **{block: [one for one in begun if one.kind == kind] for kind, block in BEGUN_AS.items()},
    }


def _of_children(facts: Facts) -> Mapping[str, Sequence[_Case]]:
    """What of the year's activity is about somebody who was no adult yet, by metric."""
    children = young(facts)
    if not children:
        return {}
    begun = [one for one in facts.begun if one.adult in children]
    return {
        CONCERNS: [one for one in facts.concerns if one.adult in children],
        **{block: [one for one in begun if one.kind == kind] for kind, block in BEGUN_AS.items()},
    }


def _counted(one: _Case) -> Counted:
    return of_concern(one) if isinstance(one, Concern) else of_begun(one)


def _involved(facts: Facts) -> _Involved:
    """Each adult of each metric, with the first event that puts them there."""
    return {block: _once(cases) for block, cases in _activity(facts).items()}


def _once(cases: Iterable[_Case]) -> Mapping[UUID, Counted]:
    """Each adult that something is about, with the first of it."""
    first: dict[UUID, _Case] = {}
    for one in cases:
        first.setdefault(one.adult or one.case, one)
    return {adult: _as_adult(one) for adult, one in first.items()}


def _as_adult(one: _Case | Withdrawn) -> Counted:
    """What counts the adult that something is about."""
    position = one.opened_at if isinstance(one, Enquiry) else one.position
    by = (one.rule, one.edition, one.decided) if isinstance(one, Concern) else ()
    return Counted(one.case, adult_of(one), position, *by)


def _by_person(
    code: str,
    facts: Facts,
    categories: Sequence[str],
    of: Callable[[UUID], str],
    recorded: Callable[[UUID], bool] = lambda _: False,
) -> Filled:
    """A table that has each adult once in each metric, in the one category they are of.

    `recorded`: whether what is recorded of them has no category, and counts as not known, which is
    the last.
    """
    cells, involved = list[Cell](), _involved(facts)
    for block, adults in involved.items():
        found: dict[str, list[Counted]] = {category: [] for category in categories}
        for adult, counted in adults.items():
            found[of(adult)].append(counted)
        for category, who in found.items():
            unplaced = who if category == categories[-1] else ()
            others = frozenset(each.subject for each in unplaced if recorded(each.subject))
            cells.append(replace(cell(code, block, category, "", who), recorded=others))
    return Filled(cells=tuple(cells), left_out=_adults_left_out(code, facts, involved))


def _adults_left_out(code: str, facts: Facts, involved: _Involved) -> tuple[LeftOut, ...]:
    """Who is in no metric, but for what counts not or is not known well enough."""
    children = _of_children(facts)
    each = {block: _once(cases).values() for block, cases in children.items()}
    first = _once(chain(*children.values())).values()

    def withdrawn(one: Withdrawn) -> str | None:
        """Whose concern was entered twice is counted once, by the one that stands: named each."""
        block = metric(one)
        if block is None or one in twice:
            return block
        return None if adult_of(one) in involved[block] else block

    twice = set(facts.twice)
    doubtful, contacts = (
        [one for one in concerns if adult_of(one) not in involved[CONCERNS]]
        for concerns in (facts.doubtful, facts.contacts)
    )
    return (
        *named(code, YOUNG, first, of=each, personal=True),
        *named(code, DOUBTFUL, map(_as_adult, doubtful), of=CONCERNS),
        *named(code, NOT_A_CONCERN, map(_as_adult, contacts), of=CONCERNS),
        *uncounted(code, facts, withdrawn, _as_adult),
    )


def _by_case(
    code: str,
    facts: Facts,
    categories: Sequence[str],
    of: Callable[[_Case], Iterable[str]],
) -> Filled:
    """A table that has each concern and each enquiry, in every category it is of."""
    cells = list[Cell]()
    for block, cases in _activity(facts).items():
        found: dict[str, list[Counted]] = {category: [] for category in categories}
        for one in cases:
            counted = _answered(code, one)
            for category in of(one):
                found[category].append(counted)
        cells.extend(
            cell(code, block, category, "", counted) for category, counted in found.items()
        )
    return Filled(cells=tuple(cells), left_out=_cases_left_out(code, facts))


def _answered(code: str, one: _Case) -> Counted:
    """As it is counted, with the conclusion that answers, where one does, as what decides it."""
    counted = _counted(one)
    if isinstance(one, Enquiry):
        at = one.concluded_at
    else:
        reason_at, conditions_at = one.told_at
        at = reason_at if code == "SG1d" else conditions_at
    if at is None:
        return counted
    return Counted(one.case, counted.subject, counted.position, counted.rule, counted.edition, at)


def _cases_left_out(code: str, facts: Facts) -> tuple[LeftOut, ...]:
    """The concerns and enquiries of the year that a table of cases counts not."""
    each = {block: [*map(_counted, cases)] for block, cases in _of_children(facts).items()}
    return (
        *named(code, YOUNG, chain(*each.values()), of=each, personal=True),
        *named(code, DOUBTFUL, map(of_concern, facts.doubtful), of=CONCERNS),
        *named(code, NOT_A_CONCERN, map(of_concern, facts.contacts), of=CONCERNS),
        *uncounted(code, facts, metric, of_withdrawn),
    )


TABLES: Final[tuple[Table, ...]] = (sg1a, sg1b, sg1c, sg1d, sg1e, sg1f)
