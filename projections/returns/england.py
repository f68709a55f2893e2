"""England: the first tables of the Safeguarding Adults Collection (annual, by financial year).

Category strings are, to the letter, those of the publication code NHS England released in 2023.
The guidance announced no change of the template for 2024-25 and 2025-26. A year that differs is a
file of its own, so that what was filed before can be made again.

Where the sources seen do not say, the choice is named: the label "Not Known" of an age and the
subcategory of a table with one axis (left empty) are to be held against the template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias
from uuid import UUID

from domain.jurisdictions.england import ENGLAND
from projections.returns.facts import Enquiry, Facts, Withdrawn
from projections.returns.table import (
    Cell,
    Counted,
    Filled,
    LeftOut,
    Table,
    cell,
    named,
    of_begun,
    of_concern,
    of_concluded,
    of_withdrawn,
    table,
)

SECTION_42: Final = "section_42"
OTHER: Final = "other_enquiry"
CONCERNS: Final = "Safeguarding Concerns"
SECTION_42_ENQUIRIES: Final = "Section 42 Enquiries"
OTHER_ENQUIRIES: Final = "Other Enquiries"
CONCLUDED: Final = "Concluded Section 42 Enquiries"
_METRICS: Final = {SECTION_42: SECTION_42_ENQUIRIES, OTHER: OTHER_ENQUIRIES}
NOT_KNOWN: Final = "Not Known"
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

BANDS: Final[Mapping[str, range]] = {
    "18-64": range(18, 65),
    "65-74": range(65, 75),
    "75-84": range(75, 85),
    "85-94": range(85, 95),
    "95+": range(95, 200),
}
TYPES: Final[Mapping[str, str]] = {
    "physical": "Physical Abuse",
    "sexual": "Sexual Abuse",
    "psychological": "Psychological Abuse",
    "financial": "Financial or Material Abuse",
    "discriminatory": "Discriminatory Abuse",
    "organisational": "Organisational Abuse",
    "neglect": "Neglect and Acts of Omission",
    "domestic": "Domestic Abuse",
    "sexual_exploitation": "Sexual Exploitation",
    "modern_slavery": "Modern Slavery",
    "self_neglect": "Self-Neglect",
}
SOURCES: Final[Mapping[str, str]] = {
    "service_provider": "Service Provider",
    "known": "Other - Known to individual",
    "unknown": "Other - Unknown to individual",
}
LOCATIONS: Final[Mapping[str, str]] = {
    "own_home": "Own Home",
    "in_the_community": "In the Community",
    "community_service": "Community Service",
    "care_home_nursing": "Care Home - Nursing",
    "care_home_residential": "Care Home - Residential",
    "hospital_acute": "Hospital - Acute",
    "hospital_mental_health": "Hospital - Mental Health",
    "hospital_community": "Hospital - Community",
    "other": "Other",
}
CAPACITY: Final[Mapping[str, str]] = {
    "lacked": "Yes, they lacked capacity",
    "did_not_lack": "No, they did not lack capacity",
    "not_known": "Don't know",
    "not_recorded": "Not recorded",
}
TYPE, SOURCE, LOCATION = 0, 1, 2  # of a triple
Axis: TypeAlias = tuple[int, Mapping[str, str]]  # which of a triple, and its categories
_AXES: Final = ("type", "source", "location")
SUPPORTED: Final = (
    "Of the enquiries recorded as Yes, in how many of these cases was support provided by an "
    "advocate, family or friend"
)


@table(
    "SG1f",
    title="Counts of safeguarding activity",
    cites="Safeguarding Adults Collection guidance 2024-25, SG1: concerns raised and enquiries "
    "commenced in the year; an enquiry is counted as a concern too",
)
def sg1f(facts: Facts) -> Filled:
    """Every concern received and every enquiry begun in the year, once each."""
    begun = {
        kind: [of_begun(one) for one in facts.begun if one.kind == kind]
        for kind in (SECTION_42, OTHER)
    }
    concerns = map(of_concern, facts.concerns)
    withdrawn = (one for one in facts.withdrawn if _metric(one) is not None)
    twice = (one for one in facts.twice if _metric(one) is not None)
    return Filled(
        cells=(
            cell("SG1f", CONCERNS, "Total Number of Safeguarding Concerns", "", concerns),
            cell(
                "SG1f",
                SECTION_42_ENQUIRIES,
                "Total Number of Section 42 Safeguarding Enquiries",
                "",
                begun[SECTION_42],
            ),
            cell(
                "SG1f",
                OTHER_ENQUIRIES,
                "Total Number of Other Safeguarding Enquiries",
                "",
                begun[OTHER],
            ),
        ),
        left_out=(
            *named("SG1f", DOUBTFUL, map(of_concern, facts.doubtful)),
            *named("SG1f", WITHDRAWN, map(of_withdrawn, withdrawn)),
            *named("SG1f", TWICE, map(of_withdrawn, twice)),
        ),
    )


@table(
    "SG1a",
    title="Counts of individuals by age band",
    cites="Safeguarding Adults Collection guidance 2024-25, SG1: each adult at risk once; age on "
    "the last day of the reporting period, or at death",
)
def sg1a(facts: Facts) -> Filled:
    """Each adult once in each of the three metrics, however often they were concerned."""
    cells, left_out, everybody = list[Cell](), list[LeftOut](), _involved(facts)
    for enquiry_type, involved in everybody.items():
        bands: dict[str, list[Counted]] = {band: [] for band in (*BANDS, NOT_KNOWN)}
        young = list[Counted]()
        for adult, counted in involved.items():
            band = age_band(facts.ages.get(adult, ()))
            (young if band is None else bands[band]).append(counted)
        cells.extend(cell("SG1a", enquiry_type, band, "", who) for band, who in bands.items())
        why = "under 18 on the last day of the period: the collection is about adults"
        left_out.extend(named("SG1a", why, young))
    doubtful = [
        Counted(one.case, one.adult or one.case, one.position)
        for one in facts.doubtful
        if (one.adult or one.case) not in everybody[CONCERNS]
    ]
    withdrawn = [
        Counted(one.case, one.adult or one.case, one.position)
        for one in facts.withdrawn
        if (metric := _metric(one)) and (one.adult or one.case) not in everybody[metric]
    ]
    # Whose concern was entered twice is counted once, by the concern that stands: so each is named.
    twice = [
        Counted(one.case, one.adult or one.case, one.position)
        for one in facts.twice
        if _metric(one) is not None
    ]
    left_out.extend(named("SG1a", DOUBTFUL, doubtful))
    left_out.extend(named("SG1a", WITHDRAWN, withdrawn))
    left_out.extend(named("SG1a", TWICE, twice))
    return Filled(cells=tuple(cells), left_out=tuple(left_out))


def _metric(one: Withdrawn) -> str | None:
    """Which count of SG1 something that counts not would have been in; None where in none."""
    if one.what == "concern":
        return CONCERNS
    return _METRICS.get(one.kind or "") if one.what == "begun" else None


def _involved(facts: Facts) -> Mapping[str, Mapping[UUID, Counted]]:
    """Each adult of each metric, with the first event that puts them there.

    Where an adult is not named, the case stands for them.
    """
    involved: dict[str, dict[UUID, Counted]] = {
        CONCERNS: {},
        SECTION_42_ENQUIRIES: {},
        OTHER_ENQUIRIES: {},
    }
    for concern in facts.concerns:
        adult = concern.adult or concern.case
        involved[CONCERNS].setdefault(adult, Counted(concern.case, adult, concern.position))
    for one in facts.begun:
        adult = one.adult or one.case
        if one.kind in _METRICS:
            counted = Counted(one.case, adult, one.opened_at)
            involved[_METRICS[one.kind]].setdefault(adult, counted)
    return involved


def age_band(ages: Sequence[int]) -> str | None:
    """The band that holds every age a person can have; None for one under 18."""
    if not ages:
        return NOT_KNOWN
    if max(ages) < ENGLAND.adult_age:
        return None
    found = [band for band, years in BANDS.items() if all(age in years for age in ages)]
    return found[0] if found else NOT_KNOWN


@table(
    "SG2a",
    title="Type and source of risk, concluded Section 42 enquiries",
    cites="Safeguarding Adults Collection guidance 2024-25, SG2: a count of one for each different "
    "category that applies; two sources of the same kind are one",
)
def sg2a(facts: Facts) -> Filled:
    """Each concluded enquiry once for each different pair of a type and a kind of source."""
    return _joint("SG2a", facts, rows=(TYPE, TYPES), columns=(SOURCE, SOURCES))


@table(
    "SG2b",
    title="Location and source of risk, concluded Section 42 enquiries",
    cites="Safeguarding Adults Collection guidance 2024-25, SG2: a count of one for each different "
    "category that applies; the locations are those of the publication code",
)
def sg2b(facts: Facts) -> Filled:
    """Each concluded enquiry once for each different pair of a location and a kind of source."""
    return _joint("SG2b", facts, rows=(LOCATION, LOCATIONS), columns=(SOURCE, SOURCES))


@table(
    "SG2a_b1",
    title="Type and location of risk, concluded Section 42 enquiries",
    cites="Safeguarding Adults Collection, SG2a_b1, as the publication code of 2023 names it: a "
    "count of one for each different pair",
)
def sg2a_b1(facts: Facts) -> Filled:
    """Each concluded enquiry once for each different pair of a type and a location."""
    return _joint("SG2a_b1", facts, rows=(TYPE, TYPES), columns=(LOCATION, LOCATIONS))


def _joint(code: str, facts: Facts, *, rows: Axis, columns: Axis) -> Filled:
    """A table of two of what each triple of an enquiry says: type, source and location.

    An enquiry counts once in a cell, however many of its triples fall there.
    """
    (row, categories), (column, subcategories) = rows, columns
    pairs: dict[tuple[str, str], list[Counted]] = {
        (one, other): [] for one in categories for other in subcategories
    }
    lost = list[Counted]()
    for one in _section_42(facts.concluded):
        triples = [(kind, _source(source), location) for kind, source, location in one.triples]
        found = {(triple[row], triple[column]) for triple in triples}
        for pair in found & pairs.keys():
            pairs[pair].append(of_concluded(one))
        if not found or found - pairs.keys():
            lost.append(of_concluded(one))
    either = f"{_AXES[row]} or {_AXES[column]}"
    why = f"no {either} of risk is recorded that the table has a category for"
    return Filled(
        cells=tuple(
            cell(code, CONCLUDED, categories[one], subcategories[other], counted)
            for (one, other), counted in pairs.items()
        ),
        left_out=(*named(code, why, lost), *_withdrawn(code, facts)),
    )


def _withdrawn(code: str, facts: Facts) -> tuple[LeftOut, ...]:
    """The conclusions of Section 42 enquiries that were withdrawn, or entered twice."""
    return tuple(
        one
        for why, found in ((WITHDRAWN, facts.withdrawn), (TWICE, facts.twice))
        for one in named(code, why, map(of_withdrawn, filter(_concluded_42, found)))
    )


def _concluded_42(one: Withdrawn) -> bool:
    return one.what == "concluded" and one.kind == SECTION_42


def _section_42(enquiries: Iterable[Enquiry]) -> list[Enquiry]:
    return [one for one in enquiries if one.kind == SECTION_42]


def _source(code: str) -> str:
    """The kind of source the return counts a detailed one under."""
    return ENGLAND.groups["source_of_risk"].get(code, code)


@table(
    "SG3a",
    title="Mental capacity, concluded Section 42 enquiries",
    cites="Safeguarding Adults Collection, SG3a: whether the adult lacked capacity to make "
    "decisions relating to the enquiry; the four answers add up to all concluded enquiries",
)
def sg3a(facts: Facts) -> Filled:
    """Each concluded enquiry under exactly one answer; the supported are among the first."""
    answers: dict[str, list[Counted]] = {answer: [] for answer in CAPACITY}
    supported = list[Counted]()
    for one in _section_42(facts.concluded):
        code = one.capacity or "not_recorded"
        answer = ENGLAND.groups["concluded_capacity"].get(code, "not_recorded")
        answers[answer].append(of_concluded(one))
        if code == "lacked_supported":
            supported.append(of_concluded(one))
    cells = [
        cell("SG3a", CONCLUDED, CAPACITY[answer], "", counted)
        for answer, counted in answers.items()
    ]
    last = cell("SG3a", CONCLUDED, SUPPORTED, "", supported)
    return Filled(cells=(*cells, last), left_out=_withdrawn("SG3a", facts))


TABLES: Final[tuple[Table, ...]] = (sg1a, sg1f, sg2a, sg2a_b1, sg2b, sg3a)
