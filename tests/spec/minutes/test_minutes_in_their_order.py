"""Each step after a meeting is of no earlier day than the one it comes after (B.3, step 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.releasing import DecisionsCirculated
from tests.controls import CONFERENCE, a_conference, a_held_conference, a_referral
from tests.given import Given, at, given
from tests.spec.minutes.test_amending import ACCEPTED, requested
from tests.spec.minutes.test_circulating import TO_ADULT, sent
from tests.spec.minutes.test_master import APPROVED, COPY, DRAFTED, REDACTED

RULES = ("R150", "R157")
CODE = "days_out_of_order"
DECIDED = DecisionsCirculated(conference=CONFERENCE, recipients=(), due=None)
EVENTS = {
    "held": a_held_conference(),
    "decisions": DECIDED,
    "drafted": DRAFTED,
    "asked": requested(),
    "answered": ACCEPTED,
    "approved": APPROVED,
    "redacted": REDACTED,
    "sent": sent(replace(TO_ADULT, copy=COPY)),
}
DAYS = {
    "held": "2026-11-16",
    "decisions": "2026-11-17",
    "drafted": "2026-11-18",
    "asked": "2026-11-19",
    "answered": "2026-11-20",
    "approved": "2026-11-23",
    "redacted": "2026-11-24",
    "sent": "2026-11-25",
}


def told(**other: str) -> Given:
    """Give a meeting and what came of it, each told on the last day of the year as of a day."""
    days = DAYS | other
    late = (at("2026-12-31", one, occurred=days[name]) for name, one in EVENTS.items())
    return given(a_referral(), a_conference(), *late)


def said(history: Given) -> set[str]:
    """Give what is asked, each sentence."""
    return {one.words for one in history.findings() if one.code == CODE}


PAIRS = [
    ("decisions", "held", "The decisions are dated as sent before the conference was held."),
    ("drafted", "held", "The minutes are dated as drafted before the conference was held."),
    ("approved", "held", "The minutes are dated as approved before the conference was held."),
    ("sent", "held", "The minutes are dated as sent before the conference was held."),
    ("asked", "drafted", "An amendment is dated as asked for before the minutes were drafted."),
    ("answered", "asked", "An amendment is dated as answered before it was asked for."),
    ("approved", "drafted", "The minutes are dated as approved before they were drafted."),
    ("redacted", "approved", "A redacted copy is dated before the minutes were approved."),
    ("sent", "drafted", "The minutes are dated as sent before they were drafted."),
    ("sent", "approved", "The minutes are dated as sent before they were approved."),
    ("sent", "redacted", "A redacted copy is dated as sent before it was made."),
]


@pytest.mark.parametrize(("later", "first", "words"), PAIRS)
def test_each_pair_of_steps_has_its_own_sentence(later: str, first: str, words: str) -> None:
    """Dated before what it comes after, each is asked about; on the same day, or by doubt, not."""
    assert said(told()) == set()
    day = DAYS[first]
    before = f"{day[:-2]}{int(day[-2:]) - 1:02}"
    story = told(**{later: before})
    assert words in said(story)
    story.then_finding(CODE, severity="low")
    told(**{later: f"{before}?"}).then_no_finding(CODE)
    assert words not in said(told(**{later: day}))


def test_what_is_dated_before_several_is_told_of_each() -> None:
    """Two sentences of one entry are two findings, each to be answered."""
    story = told(sent="2026-11-10")
    found = [one for one in story.findings() if one.code == CODE]
    assert len({one.identity for one in found}) == len(found) == 4


def test_a_draft_is_sent_after_it_was_drafted() -> None:
    """A draft goes round before it is approved, and after it is written (R156)."""
    draft = sent(replace(TO_ADULT, unapproved_draft=True))
    for day, fires in (("2026-11-20", False), ("2026-11-17", True)):
        events = EVENTS | {"sent": draft}
        late = (
            at("2026-12-31", one, occurred=(DAYS | {"sent": day})[name])
            for name, one in events.items()
        )
        case = given(a_referral(), a_conference(), *late)
        (case.then_finding if fires else case.then_no_finding)(CODE)


def test_it_is_told_of_no_meeting_that_is_none() -> None:
    """Of minutes without their meeting, what comes of the minutes alone is asked."""
    days = DAYS | {"approved": "2026-11-17"}
    names = ("drafted", "approved")
    late = (at("2026-12-31", EVENTS[name], occurred=days[name]) for name in names)
    assert said(given(a_referral(), a_conference(), *late)) == {PAIRS[6][2]}
