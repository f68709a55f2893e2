"""A report that an earlier meeting considered is not asked of a later one as if it were new."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.hearing import ReportConsidered
from domain.jurisdictions import Jurisdiction
from domain.tabling import ReportTabled
from domain.words import Code, Digest, ReportRef
from tests.controls import (
    CONFERENCE,
    COUNCIL,
    NATIONS,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    ref,
)
from tests.given import Given, at, given

RULES = ("R21", "R64")

CONSIDERED = ReportConsidered(
    conference=CONFERENCE,
    kind=Code("investigation"),
    stated_wishes=Code("yes"),
    proposed_outcomes=Code("yes"),
)
NEWER = ReportRef(ref(71))
NOT_CONSIDERED, NOT_TABLED = "report_not_considered", "report_not_tabled"


def initial(nation: Jurisdiction, *more: object) -> Given:
    """Begin with a report, and the initial conference that may have considered it."""
    before = (a_referral(), a_report(), a_conference())
    return given(*before, at("2026-11-23", a_held_conference()), *more, jurisdiction=nation)


def reviewed(history: Given, *more: object) -> Given:
    """Go on with a review conference held the next February."""
    called = at("2027-01-11", a_conference("2027-02-15", REVIEW, "review"))
    return history.also(called, *more, at("2027-02-15", a_held_conference(REVIEW)))


def asked(history: Given, code: str) -> set[str]:
    """Of which meetings it is asked."""
    return {str(one.subject) for one in history.findings() if one.code == code}


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_report_considered_before_is_not_new(nation: Jurisdiction) -> None:
    """The review goes on from it, and is not asked to consider it again (R21, R64)."""
    history = reviewed(initial(nation, CONSIDERED))
    history.then_no_finding(NOT_CONSIDERED).then_no_finding(NOT_TABLED)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_a_report_new_since_is_asked_of_the_next_meeting(nation: Jurisdiction) -> None:
    """One submitted after the meeting that considered another is considered by the next."""
    newer = at("2027-01-08", replace(a_report(), report=NEWER))
    history = initial(nation, CONSIDERED, newer)
    assert asked(reviewed(history), NOT_CONSIDERED) == {str(REVIEW)}
    assert asked(reviewed(history), NOT_TABLED) == set()
    again = replace(CONSIDERED, conference=REVIEW)
    reviewed(history, again).then_no_finding(NOT_CONSIDERED).then_no_finding(NOT_TABLED)


def test_what_no_meeting_considered_is_still_asked() -> None:
    """Neither the meeting it was written for nor a later one is recorded as considering it."""
    assert asked(reviewed(initial(NATIONS[0])), NOT_CONSIDERED) == {str(CONFERENCE), str(REVIEW)}


def test_a_report_tabled_before_need_not_be_tabled_again() -> None:
    """One that lay before the first meeting was there (R21); one that never did was not."""
    agency = replace(a_report(), report=NEWER, kind=Code("agency"))
    tabled = ReportTabled(
        conference=CONFERENCE,
        report=NEWER,
        kind=Code("agency"),
        organisation=COUNCIL,
        tabled_version=1,
        content=Digest("a" * 64),
    )
    begun = given(a_referral(), a_report(), agency, a_conference())
    held = at("2026-11-23", a_held_conference())
    reviewed(begun.also(tabled, held, CONSIDERED)).then_no_finding(NOT_TABLED)
    assert asked(reviewed(begun.also(held, CONSIDERED)), NOT_TABLED) == {
        str(CONFERENCE),
        str(REVIEW),
    }
