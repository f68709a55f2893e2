from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import get_type_hints

import pytest

from domain import case
from domain.case import Case
from domain.catalogue import EVENTS
from domain.corrected import TIME_TOLD_IN, standing
from domain.correction import CorrectRecord, RecordCorrected
from domain.when import When, instant, read
from domain.words import Code, Due, Slug
from tests.controls import a_referral
from tests.given import Given, at, given

RULES = ("I12", "R198")
MOVED = CorrectRecord(target=1, reason=Code("entered_wrongly"), occurred=read("2026-10-28"))


def understood(history: Given) -> Case:
    """Give the case as now understood."""
    return case.replay(standing(history.facts))


@pytest.mark.parametrize(
    ("occurred", "received", "now"),
    [
        ("2026-11-02", "2026-11-02", "2026-10-28"),  # stated alike
        ("2026-11", "2026-11", "2026-10-28"),
        ("2026-11-02T09:30:00Z", "2026-11-02", "2026-10-28"),  # of one certain day
        ("2026-10-30", "2026-11-02", "2026-11-02"),  # stated apart
        ("2026-11-02?", "2026-11-02", "2026-11-02"),
    ],
)
def test_a_referral_was_received_when_it_is_understood_to_have_happened(
    occurred: str, received: str, now: str
) -> None:
    """`received` follows a corrected time where it told the same time, and else stays (L5)."""
    history = given(at("2026-11-02", a_referral(received), occurred=occurred))
    corrected = history.when(MOVED).history

    assert str(understood(corrected).received) == now
    assert str(corrected.case.received) == now  # also for what is decided next
    assert str(case.replay(corrected.facts).received) == received  # as it was recorded
    assert str(understood(history).received) == received


@pytest.mark.parametrize(("seconds", "now"), [(0, "2026-10-28"), (-61, "2026-11-01")])
def test_a_time_nobody_stated_is_no_other_time(seconds: int, now: str) -> None:
    """Where the door set the moment of recording, the day of receipt follows a correction."""
    (fact,) = given(at("2026-11-02", a_referral("2026-11-01"))).facts
    moment = instant(fact.recorded_at + timedelta(seconds=seconds))
    left_out = replace(fact, header=replace(fact.header, occurred=moment))
    after = replace(given(), facts=(left_out,)).when(MOVED, on="2026-11-03")

    assert str(understood(after.history).received) == now


def test_a_due_date_stays_as_it_was_stored() -> None:
    """What was stored stays stored; what is due by a correction stands in the correction.

    Of one that reckoned none anew (an older release's), the day stored is due still. How due dates
    follow is told in `test_due_dates_follow.py`.
    """
    due = Due(
        on=date(2026, 11, 27),
        rule=Code("initial_conference"),
        start=date(2026, 11, 2),
        calendar=Slug("test"),
    )
    history = given(replace(a_referral("2026-11-02"), conference_due=due))
    older = RecordCorrected(
        target=1,
        supersedes=None,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        occurred=read("2026-10-28"),
    )
    corrected = history.also(older)

    assert understood(corrected).received_on == date(2026, 10, 28)
    assert understood(corrected).conference_due == history.case.conference_due == due.on
    assert corrected.case.conference_due == due.on
    assert history.when(MOVED).history.facts[0].event.conference_due == due  # as it was recorded


def test_the_fields_that_tell_the_time_are_times() -> None:
    """Each field that follows a corrected time is of that event, and is a time."""
    for name, field in TIME_TOLD_IN.items():
        assert get_type_hints(EVENTS[name].cls)[field] is When
