"""The made-up authority beside the published figures, counted as the return counts.

How far a share may lie from the published one is what chance alone leaves of a sample so small:
three standard errors of a binomial share, which one sample in 370 exceeds. Where a draw is spread
evenly rather than drawn one by one it lies much nearer. So a share off by more is another
calibration, and no luck; and of some hundred enquiries concluded no share can be told apart from
one that is five points away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from math import sqrt
from typing import Final

import pytest

from domain.conclusion import EnquiryConcluded
from domain.duty import Section42DutyDecided
from domain.enquiry import EnquiryOpened
from projections.returns.england.words import SECTION_42
from tests.told import told

SEED, CASES = 2014, 400
ERRORS: Final = 3  # standard errors


@cache
def concluded() -> tuple[EnquiryConcluded, ...]:
    """Give the Section 42 enquiries concluded."""
    authority = told("england", seed=SEED, count=CASES)
    kinds = {one.enquiry: one.kind for one in authority.events(EnquiryOpened)}
    ended = {one.enquiry: one for one in authority.events(EnquiryConcluded)}
    return tuple(one for one in ended.values() if kinds[one.enquiry] == SECTION_42)


def decided() -> Iterator[str]:
    """Give how each concern was decided on."""
    authority = told("england", seed=SEED, count=CASES)
    return (str(one.result) for one in authority.events(Section42DutyDecided))


def types() -> Iterator[str]:
    """Give each different type of harm of each enquiry, as SG2a counts them."""
    return (str(kind) for one in concluded() for kind in {each.type for each in one.triples})


def locations() -> Iterator[str]:
    """Give each different location of each enquiry, as SG2b does."""
    return (str(at) for one in concluded() for at in {each.location for each in one.triples})


def outcomes() -> Iterator[str]:
    """Give whether each risk identified was reduced or removed, as SG2e tells it."""
    for one in concluded():
        for risk in one.risks_found:
            yield "less" if risk.outcome in {"reduced", "removed"} else "as it was"


# Each with the lowest and the highest published share of the years there are, and which those are.
PUBLISHED: Final = [
    pytest.param(decided, "section_42", 0.287, 0.289, id="conversion, 2023-24 and 2024-25"),
    pytest.param(types, "neglect", 0.31, 0.32, id="neglect, 2019-20 to 2023-24"),
    pytest.param(types, "physical", 0.188, 0.205, id="physical, 2021-22 and 2019-20"),
    pytest.param(types, "psychological", 0.136, 0.136, id="psychological, 2021-22"),
    pytest.param(types, "domestic", 0.052, 0.067, id="domestic, 2019-20 and 2020-21"),
    pytest.param(types, "self_neglect", 0.050, 0.063, id="self-neglect, 2019-20 and 2020-21"),
    pytest.param(locations, "own_home", 0.438, 0.48, id="own home, 2019-20 to 2023-24"),
    pytest.param(
        locations, "care_home_residential", 0.229, 0.254, id="residential, 2021-22 and 2019-20"
    ),
    pytest.param(outcomes, "less", 0.89, 0.89, id="reduced or removed, 2018-19 and 2019-20"),
]


@pytest.mark.parametrize(("drawn", "code", "low", "high"), PUBLISHED)
def test_a_share_is_as_published_as_far_as_so_few_can_be(
    drawn: Callable[[], Iterator[str]], code: str, low: float, high: float
) -> None:
    """Each share lies within three standard errors of those published."""
    found = Counter(drawn())
    size = found.total()
    share = found[code] / size
    below, above = (ERRORS * sqrt(one * (1 - one) / size) for one in (low, high))
    assert low - below <= share <= high + above, f"{share:.3f} of {size}"


def test_types_for_each_location_are_as_published() -> None:
    """There are 1.32 counts of a type for each of a location (2021-22), by three standard errors.

    Of a hundred enquiries the number of types of one has a standard deviation of about 0.6, so that
    three standard errors of the ratio are 0.18.
    """
    ratio = sum(1 for _ in types()) / sum(1 for _ in locations())
    assert ratio == pytest.approx(1.32, abs=0.18)
