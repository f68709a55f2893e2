"""What is dated before what it comes after: one of the two days is wrong, and is asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.monitoring import PlanEnded
from domain.words import Code
from tests.controls import PLAN, a_conference, a_held_conference, a_referral
from tests.given import Given, at, given
from tests.spec.conference.test_agenda import FOUND
from tests.spec.minutes.test_circulating import APPROVED, TO_ADULT, sent
from tests.spec.plan.test_carrying_out import AGREED
from tests.spec.plan.test_late_stays_late import DONE

RULES = ("R150", "R157")
CODE = "days_out_of_order"
HELD = "2026-11-23"
DAYS = {
    "held": HELD,
    "found": HELD,
    "agreed": HELD,
    "approved": "2026-11-25",
    "sent": "2026-11-26",
    "done": "2026-12-01",
    "ended": "2026-12-02",
}
ENDED = PlanEnded(plan=PLAN, reason=Code("replaced"))


def told(plan: object = AGREED, sending: object = None, **other: str) -> Given:
    """Give a meeting and what came of it, each told on the last day of the year as of a day."""
    events = {
        "held": a_held_conference(),
        "found": FOUND,
        "agreed": plan,
        "approved": APPROVED,
        "sent": sending or sent(TO_ADULT),
        "done": DONE,
        "ended": ENDED,
    }
    days = DAYS | other
    late = (at("2026-12-31", one, occurred=days[name]) for name, one in events.items())
    return given(a_referral(), a_conference(), *late)


@pytest.mark.parametrize(
    ("name", "day", "fires"),
    [
        ("found", "2026-11-22", True),
        ("found", "2026-11-22?", False),
        ("found", "2026-11", False),
        ("agreed", "2026-11-20", True),
        ("approved", "2026-11-22", True),
        ("approved", HELD, False),
        ("approved", "2026-11-27", True),
        ("sent", "2026-11-24", True),
        ("sent", "2026-11-25", False),
        ("done", "2026-11-22", True),
        ("done", HELD, False),
        ("ended", "2026-11-22", True),
        ("ended", "2026-11", False),
        ("held", "2026-11-24", True),
    ],
)
def test_what_comes_after_something_is_of_no_earlier_day(
    name: str, day: str, *, fires: bool
) -> None:
    """Decided before the meeting, sent before approved, ended before agreed: low, where certain."""
    told().then_no_finding(CODE)
    story = told(**{name: day})
    (story.then_finding if fires else story.then_no_finding)(CODE)
    if fires:
        story.then_finding(CODE, severity="low")


def test_a_draft_is_sent_before_it_is_approved() -> None:
    """So the chair and those who were there can look at it (R156)."""
    draft = sent(replace(TO_ADULT, unapproved_draft=True))
    told(sending=draft, sent="2026-11-24").then_no_finding(CODE)


def test_a_plan_made_before_the_meeting_is_told_there() -> None:
    """One that was made elsewhere is of the day it was made (R12)."""
    plan = replace(AGREED, origin=Code("imported"))
    told(plan=plan, agreed="2026-11-20").then_no_finding(CODE)
    told(plan=plan, done="2026-11-20", ended="2026-11-20").then_no_finding(CODE)


def test_what_is_told_without_a_time_may_have_been_before() -> None:
    """A meeting entered as it was written up was held by then, and nobody says which day."""
    late = at("2026-11-30", a_held_conference(), occurred="2026-11-30T17:00:02Z")
    plan = at("2026-11-30", AGREED, occurred=HELD)
    given(a_referral(), a_conference(), late, plan).then_no_finding(CODE)
