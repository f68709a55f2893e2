"""An advocate is there by the conference: asked for is not come, and come later was not there."""

from __future__ import annotations

import pytest

from domain.advocacy import (
    AdvocacyAccepted,
    AdvocacyDeclined,
    AdvocacyReferralMade,
    AdvocateAppointed,
    SubstantialDifficultyAssessed,
)
from domain.assessment import AdvocacyConsidered
from domain.words import Code
from tests.controls import a_conference, a_held_conference, a_referral, words
from tests.given import Given, at, given

RULES = ("R2", "R24")

CODE = "advocate_not_appointed"
APPOINTED = AdvocateAppointed(basis=Code("general"))


def difficult(*more: object) -> Given:
    """An adult in difficulty by 16 November."""
    assessed = SubstantialDifficultyAssessed(
        result=Code("yes"),
        areas=(Code("retaining"),),
        appropriate_person=Code("no"),
        evidence=words("Cannot keep it."),
    )
    return given(a_referral(), a_conference(), at("2026-11-16", assessed), *more)


def held(*more: object) -> Given:
    """A conference of 23 November after these."""
    return difficult(*more, at("2026-11-23", a_held_conference()))


def considered(decision: str) -> AdvocacyConsidered:
    """Advocacy considered, with what came of it."""
    return AdvocacyConsidered(
        decision=Code(decision),
        substantial_difficulty=Code("yes"),
    )


@pytest.mark.parametrize(
    "asked",
    [AdvocacyReferralMade(), AdvocacyAccepted(), considered("referred")],
    ids=["made", "accepted", "considered"],
)
def test_who_was_asked_has_not_come(asked: object) -> None:
    """A referral that runs excuses until the conference, and is no advocate there (R24)."""
    difficult(at("2026-11-18", asked)).then_no_finding(CODE)
    held(at("2026-11-18", asked)).then_finding(CODE, severity="high")
    held(at("2026-11-18", asked), at("2026-11-20", APPOINTED)).then_no_finding(CODE)


def test_who_came_later_was_not_there() -> None:
    """An advocate appointed after the conference leaves it as it was, and the day is said (R24)."""
    for day in ("2026-11-20", "2026-11-23"):
        held(at(day, APPOINTED)).then_no_finding(CODE)
    late = held().also(at("2027-06-20", APPOINTED)).then_finding(CODE, severity="high")
    (one,) = (one for one in late.findings() if one.code == CODE)
    assert "by then: an advocate came on 20 June 2027." in one.words
    held().also(at("2026-11-30", APPOINTED, occurred="2026-11-20")).then_no_finding(CODE)
    held().also(at("2027-06-20", AdvocacyDeclined())).then_finding(CODE)
