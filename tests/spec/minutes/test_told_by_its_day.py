"""Who was to be told by a day is told by it, whoever it is; who is not told was not told late."""

from __future__ import annotations

from datetime import date

import pytest

from domain.conference import DelayReasonRecorded
from domain.feedback import (
    AssignFeedback,
    DecideAgainstFeedback,
    DecidePachFeedback,
    GiveFeedback,
)
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    OFFICER,
    PACH,
    a_conference,
    a_held_conference,
    a_referral,
    words,
)
from tests.given import Given, at, given

RULES = ("R169", "R172", "R173", "R174")

OVERDUE, LATE = "feedback_overdue", "feedback_late"
OTHERS = pytest.mark.parametrize("audience", ["pach", "employer"])


def met() -> Given:
    """A conference held on 23 November."""
    return given(a_referral(), a_conference(), at("2026-11-23", a_held_conference()))


def decided(audience: str, content: str = "limited") -> Given:
    """It is decided there that one of them is told by 1 December."""
    ask = DecidePachFeedback(
        conference=CONFERENCE,
        audience=Code(audience),
        pach=PACH,
        content=Code(content),
        assignee=OFFICER,
        due=date(2026, 12, 1),
    )
    return met().when(ask, on="2026-11-23").history


def tell(audience: str) -> GiveFeedback:
    """Tell one of them."""
    return GiveFeedback(conference=CONFERENCE, audience=Code(audience), content=Code("limited"))


@OTHERS
def test_whoever_is_to_be_told_by_a_day_is(audience: str) -> None:
    """The person alleged, or the employer, untold past the day set is a finding (R174)."""
    decided(audience).on("2026-12-01").then_no_finding(OVERDUE)
    decided(audience).on("2026-12-02").then_finding(OVERDUE, severity="medium")
    decided(audience, "none").on("2026-12-02").then_no_finding(OVERDUE)
    other = "employer" if audience == "pach" else "pach"
    decided(audience).when(tell(other), on="2026-12-01").on("2026-12-24").then_finding(OVERDUE)
    against = DecideAgainstFeedback(
        conference=CONFERENCE, audience=Code(audience), reason=Code("died")
    )
    decided(audience).when(against, on="2026-12-05").then_no_finding(OVERDUE).then_no_finding(LATE)


@OTHERS
def test_whoever_was_told_late_was_told_late(audience: str) -> None:
    """Told after the day set is told late, lighter where a reason is recorded (R174)."""
    in_time = decided(audience).when(tell(audience), on="2026-12-01")
    in_time.then_no_finding(OVERDUE).then_no_finding(LATE)
    late = decided(audience).when(tell(audience), on="2026-12-20")
    late.then_no_finding(OVERDUE).then_finding(LATE, severity="medium")
    reason = DelayReasonRecorded(reason=words("The worker was ill."))
    why = decided(audience).also(at("2026-12-10", reason)).when(tell(audience), on="2026-12-20")
    why.then_finding(LATE, severity="low")


def test_who_is_not_told_was_not_told_late() -> None:
    """That the adult is not told, decided after the day, is no telling that came late (R169)."""
    adult = Code("adult")
    assign = AssignFeedback(conference=CONFERENCE, audience=adult, assignee=OFFICER)
    died = DecideAgainstFeedback(conference=CONFERENCE, audience=adult, reason=Code("died"))
    assigned = met().when(assign, on="2026-11-23").history
    assigned.when(died, on="2026-11-27").then_no_finding(LATE).then_no_finding(OVERDUE)
    assigned.when(tell("adult"), on="2026-11-27").then_finding(LATE)
