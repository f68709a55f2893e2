"""Answers of one enquiry or review that cannot all be so, or that a hard rule needs and has not.

Each hard rule about answers (V6, V10) holds by what is counted unless one of these is there: so a
return that breaks one names the enquiry or the review that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from domain.jurisdictions.england import ENGLAND
from projections.returns.england.words import CONCLUDED_AS
from projections.returns.facts import Enquiry, Facts, Review
from projections.returns.unready import (
    IMPOSSIBLE,
    UNANSWERED,
    UNKNOWN,
    Unready,
    of_enquiry,
)

_AGREE: Final = "Reopen the enquiry and conclude it with answers that agree."
_NO_CONDITION: Final = "none"
_SUPPORT: Final = "lacked_support_not_recorded"


def agreeing(facts: Facts) -> Iterator[Unready]:
    """What of a year's conclusions is to be put right because its answers do not agree."""
    for one in facts.concluded:
        if one.kind in CONCLUDED_AS:
            yield from _of_risks(one)
            yield from _of_the_adult(facts, one)
            if one.capacity == _SUPPORT:
                yield of_enquiry(
                    one,
                    UNANSWERED,
                    "whether the adult, who lacked capacity, was supported is not recorded",
                    "Reopen the enquiry and conclude it with the answer; what was never found out "
                    "stays so.",
                    table="SG3a",
                )
    for each in facts.reviews:
        yield from _of_review(each)


def _of_the_adult(facts: Facts, one: Enquiry) -> Iterator[Unready]:
    """Who is left out of every table though an enquiry was concluded, and what has two answers."""
    ages = () if one.adult is None else facts.ages.get(one.adult, ())
    if ages and max(ages) < ENGLAND.adult_age:
        found = of_enquiry(
            one,
            IMPOSSIBLE,
            "an enquiry was concluded, and by the day of birth the person was under 18 throughout",
            "Look at the day of birth; where it is right, the enquiry is in no table.",
            table="SG1a",
        )
        yield replace(found, personal=True)
    if _NO_CONDITION in one.conditions and len(set(one.conditions)) > 1:
        yield of_enquiry(
            one,
            IMPOSSIBLE,
            "no health condition is recorded, and one beside it",
            _AGREE,
            table="SG1e",
        )


def _of_risks(one: Enquiry) -> Iterator[Unready]:
    answers = {(source, action, outcome) for source, action, outcome in one.risks_found}
    answers |= {(source, said, "") for source, said in one.risks_not_found}
    sources = [source for source, *_ in answers]
    if len(sources) > len(set(sources)):
        yield of_enquiry(
            one,
            IMPOSSIBLE,
            "two different answers are recorded for the risk from one source",
            _AGREE,
            table="SG2c",
        )
    groups = ENGLAND.groups["source_of_risk"]
    named = {groups.get(source, source) for _, source, _ in one.triples}
    if named and not named & UNKNOWN and set(sources) - named:
        yield of_enquiry(
            one,
            IMPOSSIBLE,
            "a risk is recorded from a source that no type of abuse was recorded of",
            _AGREE,
            table="SG2c",
        )
    elif sources and named - UNKNOWN - set(sources):
        yield of_enquiry(
            one,
            UNANSWERED,
            "abuse is recorded from several sources, and what came of the risk from fewer",
            "Reopen the enquiry and conclude it with the risk from each source.",
            table="SG2c",
        )


def _of_review(one: Review) -> Iterator[Unready]:
    fates = {(person, fate) for person, fate in one.individuals if person is not None}
    if len(fates) > len({person for person, _ in fates}):
        yield Unready(
            kind=IMPOSSIBLE,
            table="SG5b",
            case=one.case,
            subject=one.review,
            position=one.position,
            says="the review says of one person both that they died and that they survived",
            remedy="Correct the entry of the review's conclusion.",
        )
