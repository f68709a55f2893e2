"""What follows a meeting by itself, and what it is asked of who came with the adult."""

from __future__ import annotations

from datetime import date

import pytest

from domain.grid import Part
from domain.involvement import AdultAttendanceViewRecorded, AdultSupportArranged
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.sitting import ConferenceHeld, HoldConference
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
)
from tests.given import at, given

HOLD = HoldConference(
    conference=CONFERENCE,
    parts=(Part(number=1, reason=Code("whole"), attendances=(attendance("chair", None),)),),
)


@pytest.mark.parametrize(
    ("nation", "minutes", "core_group"),
    [(ENGLAND, date(2026, 12, 7), None), (SCOTLAND, date(2026, 12, 8), date(2026, 12, 21))],
    ids=["england", "scotland"],
)
def test_a_meeting_sets_the_dates_of_what_follows(
    nation: Jurisdiction, minutes: date, core_group: date | None
) -> None:
    """A conference held is owed its minutes in ten working days, and in Scotland a core group.

    St Andrew's Day is no working day of the Scottish calendar (R156, R180).
    """
    called = given(a_referral(), a_conference(), jurisdiction=nation)
    (event,) = called.when(HOLD, on="2026-11-23").events
    assert isinstance(event, ConferenceHeld)
    assert event.minutes_due is not None
    assert event.minutes_due.on == minutes
    assert (event.next_core_group and event.next_core_group.on) == core_group


def test_a_supporter_that_was_arranged_is_no_supporter_left_out() -> None:
    """Where the adult wished to bring somebody, arranging a supporter answers it (R51)."""
    code = "supporter_not_invited"
    wish = AdultAttendanceViewRecorded(
        conference=CONFERENCE, wishes_to_attend=Code("yes"), wishes_supporter=Code("yes")
    )
    arranged = AdultSupportArranged(
        conference=CONFERENCE, needs=(Code("supporter"),), arranged=(Code("supporter"),)
    )
    begun = (a_referral(), a_conference())
    held = at("2026-11-23", a_held_conference())
    given(*begun, wish, held).then_finding(code)
    given(*begun, wish, arranged, held).then_no_finding(code)
