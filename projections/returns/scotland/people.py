"""The inquiries by the adult's age and gender; a person may have several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from projections.returns.dataset import Inquiry
from projections.returns.facts import Facts
from projections.returns.scotland.choosing import no_inquiry, of_decided, triggered
from projections.returns.scotland.words import BANDS, DATASET, GENDERS, INQUIRIES, NOT_KNOWN
from projections.returns.table import Cell, Counted, Filled, cell, table

Placed: TypeAlias = Callable[[Facts, Inquiry], str]


def _people(code: str, facts: Facts, categories: Sequence[str], placed: Placed) -> Filled:
    """The inquiries of both kinds by something of their adult; a person may recur."""
    found = triggered(facts.dataset, facts.period)
    cells = list[Cell]()
    for kind, words in INQUIRIES.items():
        by: dict[str, list[Counted]] = {one: [] for one in categories}
        for one in found.by_kind[kind]:
            by[placed(facts, one)].append(of_decided(one))
        cells.extend(cell(code, words, one, "", told) for one, told in by.items())
    return Filled(cells=tuple(cells), left_out=no_inquiry(code, facts))


def _band(facts: Facts, one: Inquiry) -> str:
    """The band that holds every age the adult can have had."""
    ages = facts.dataset.ages.get(one.inquiry, ())
    if not ages:
        return NOT_KNOWN
    found = [band for band, years in BANDS.items() if all(age in years for age in ages)]
    return found[0] if found else NOT_KNOWN


def _gender(facts: Facts, one: Inquiry) -> str:
    code = None if one.adult is None else facts.dataset.genders.get(one.adult)
    return GENDERS.get(code or "", NOT_KNOWN)


@table(
    "Age",
    title="Inquiries by age",
    cites=f"{DATASET}, 2024-25: age is collected for inquiries, of which one person may have "
    "several; its number and bands were not seen. The bands are made of the two that the report of "
    "2021/22 quotes, 25-64 and 85 and over (derived); the age is that on the day of the trigger (a "
    "choice)",
    personal=True,
)
def ages(facts: Facts) -> Filled:
    """The inquiries of indicators 2 and 3 by the adult's age."""
    return _people("Age", facts, (*BANDS, NOT_KNOWN), _band)


@table(
    "Gender",
    title="Inquiries by gender",
    cites=f"{DATASET}, 2024-25: gender is collected for inquiries, of which one person may have "
    "several; its number was not seen. Published are female, male, and trans or non-binary (its "
    "wording was cut off); Other and Not known are this record's",
    personal=True,
)
def genders(facts: Facts) -> Filled:
    """The inquiries of indicators 2 and 3 by the adult's gender."""
    return _people("Gender", facts, (*GENDERS.values(), NOT_KNOWN), _gender)
