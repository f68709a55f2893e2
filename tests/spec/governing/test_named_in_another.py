"""What entries of one case say of things that another has, once the two are read apart again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.assessment import DesiredOutcomeEvaluated, DesiredOutcomeExpressed
from domain.determination import AbuseFinding
from domain.enquiry import PachIdentified
from domain.finding import Finding
from domain.joining import (
    FROM,
    LEADING,
    MERGED,
    TO,
    CaseMerged,
    CaseSplit,
    CaseUnmerged,
)
from domain.words import CaseRef, Code
from tests.controls import (
    ALLEGATION,
    OUTCOME,
    PACH,
    SECOND_ALLEGATION,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    an_allegation,
    an_enquiry,
    words,
)
from tests.spec.governing.test_a_meeting_parted import criticised
from tests.spec.governing.test_held_once_in_joined_cases import ONE, OTHER

RULES = ("R150",)
CODE = "named_in_another_case"
BOTH = Code("one_adult")

FOUND = AbuseFinding(
    conference=None,
    allegation=SECOND_ALLEGATION,
    finding=Code("substantiated"),
    standard=Code("balance_of_probabilities"),
    supersedes=None,
)
IDENTIFIED = PachIdentified(
    person=PACH, allegations=(ALLEGATION, SECOND_ALLEGATION), adult_at_risk=Code("no")
)
EVALUATED = DesiredOutcomeEvaluated(
    outcome=OUTCOME, status=Code("fully_achieved"), evaluated_by=Code("adult")
)
WISHED = DesiredOutcomeExpressed(
    outcome=OUTCOME, asked=Code("expressed"), words=words("To stay."), expressed_by=Code("adult")
)
MERGE: list[tuple[CaseRef, object]] = [
    (OTHER, CaseMerged(other=ONE, place=MERGED, reason=BOTH)),
    (ONE, CaseMerged(other=OTHER, place=LEADING, reason=BOTH)),
]


def told(*said: object, ended: bool = True) -> list[tuple[CaseRef, object]]:
    """Give two cases of an allegation each, the other merged into one, what is said there, apart.

    The other has an outcome of its own too. The entries of one are numbered from 3.
    """
    second = replace(an_allegation(), ref=SECOND_ALLEGATION)
    entries: list[tuple[CaseRef, object]] = [
        (ONE, a_referral()),
        (OTHER, a_referral("2026-11-02", second)),
        (OTHER, WISHED),
        *MERGE,
        *((ONE, one) for one in said),
    ]
    apart: list[tuple[CaseRef, object]] = [
        (OTHER, CaseUnmerged(other=ONE, place=MERGED, merge=3)),
        (ONE, CaseUnmerged(other=OTHER, place=LEADING, merge=2)),
    ]
    return [*entries, *apart] if ended else entries


def raised(case: CaseRef, entries: list[tuple[CaseRef, object]]) -> Finding:
    """Give the finding that one of the two has."""
    every = criticised(case, entries)
    assert CODE in every
    return every[CODE]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (FOUND, "abuse finding"),
        (IDENTIFIED, "pach identified"),
        (EVALUATED, "desired outcome evaluated"),
    ],
)
def test_what_is_said_of_a_thing_of_the_other_is_named_in_both(said: object, name: str) -> None:
    """Read apart again, each names the other, and what kind of entry it is (R150)."""
    here, there = raised(ONE, told(said)), raised(OTHER, told(said))
    for one, other in ((here, OTHER), (there, ONE)):
        assert (one.severity, one.subject, one.counted) == ("medium", str(other), 1)
        assert name in one.words
    assert (here.position, there.position) == (8, 7)
    assert (here.which, there.which) == ("here", "there")


@pytest.mark.parametrize("case", [ONE, OTHER])
def test_while_both_are_read_as_one_nothing_is_stranded(case: CaseRef) -> None:
    """Nor where what is said is of the case's own, or once the two are joined again (R150)."""
    assert CODE not in criticised(case, told(FOUND, ended=False))
    assert CODE not in criticised(case, told(replace(FOUND, allegation=ALLEGATION)))
    assert CODE not in criticised(case, [*told(FOUND), *MERGE])


def test_what_was_split_off_may_name_what_stayed_behind() -> None:
    """An entry split off names an allegation that stands where it came from (R150)."""
    entries = [
        (ONE, a_referral()),
        (ONE, replace(FOUND, allegation=ALLEGATION)),
        (OTHER, a_referral("2026-11-02", replace(an_allegation(), ref=SECOND_ALLEGATION))),
        (OTHER, CaseSplit(other=ONE, place=TO, reason=Code("wrong_case"), entries=(2,))),
        (ONE, CaseSplit(other=OTHER, place=FROM, reason=Code("wrong_case"), entries=(2,))),
    ]
    here, there = raised(OTHER, entries), raised(ONE, entries)
    assert (here.which, there.which) == ("here", "there")


@pytest.mark.parametrize(("entries", "left"), [((2,), ["here", "there"]), ((2, 3), [])])
def test_an_enquiry_split_off_without_its_conclusion_is_named(
    entries: tuple[int, ...], left: list[str]
) -> None:
    """What is said of an enquiry, and stays behind when it is split off, both cases name (R150)."""
    told_ = [
        (ONE, a_referral()),
        (ONE, an_enquiry()),
        (ONE, a_conclusion()),
        (OTHER, replace(a_referral(), allegations=())),
        (OTHER, CaseSplit(other=ONE, place=TO, reason=Code("wrong_person"), entries=entries)),
        (ONE, CaseSplit(other=OTHER, place=FROM, reason=Code("wrong_person"), entries=entries)),
    ]
    every = [found for case in (ONE, OTHER) if (found := criticised(case, told_).get(CODE))]
    assert [one.which for one in every] == left
    assert all("enquiry concluded" in one.words for one in every)


def test_a_meeting_in_two_halves_is_asked_about_as_one() -> None:
    """Of that `meeting_parted` says what the other case has (R150)."""
    entries = [
        (ONE, a_referral()),
        (ONE, a_conference()),
        (ONE, a_held_conference()),
        (OTHER, replace(a_referral(), allegations=())),
        (OTHER, CaseSplit(other=ONE, place=TO, reason=Code("wrong_person"), entries=(3,))),
        (ONE, CaseSplit(other=OTHER, place=FROM, reason=Code("wrong_person"), entries=(3,))),
    ]
    assert CODE not in criticised(OTHER, entries)
    assert "meeting_parted" in criticised(OTHER, entries)
