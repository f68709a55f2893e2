"""A due date that falls on a day on which the office is shut says so, and stays where it falls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.calendar import Landing, PolicyCalendar
from domain.jurisdictions import Jurisdiction, Limit
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.policy import Policy
from domain.stage import CHOSEN
from domain.words import Code, Due, Slug
from tests.controls import CALENDARS

RULES = ("R180", "R182")

ST_ANDREW = date(2026, 11, 30)
WEEKS = Limit(amount=4, unit=Code("weeks"), counted_from="", cite="the local procedures")


def reckoned(rule: str, start: date, days: PolicyCalendar = CALENDARS["scotland"]) -> Due:
    """Reckon a limit."""
    due = days.due(rule, start)
    assert due is not None
    return due


def test_the_core_group_of_the_fixture_lands_on_a_holiday() -> None:
    """Four weeks from 30 November 2026 is 28 December, a substitute day: warn (B.4, R180)."""
    due = reckoned("core_group", ST_ANDREW)
    landing = CALENDARS["scotland"].landing(due)
    assert due.on == date(2026, 12, 28)
    assert landing is not None
    assert "Boxing Day" in landing.why
    assert (landing.before, landing.after) == (date(2026, 12, 24), date(2026, 12, 29))


def test_the_review_of_the_fixture_lands_on_a_sunday() -> None:
    """Three months from 30 November 2026 is 28 February 2027, the month's end (B.4, R182)."""
    due = reckoned("review_conference", ST_ANDREW)
    assert CALENDARS["scotland"].landing(due) == Landing(
        why="Sunday", before=date(2027, 2, 26), after=date(2027, 3, 1)
    )


def test_a_date_on_a_working_day_lands_on_nothing() -> None:
    """The next groups of the fixture are on working days; one counted in these is on one always."""
    days = CALENDARS["scotland"]
    for start in (date(2026, 12, 28), date(2027, 1, 25)):
        assert days.landing(reckoned("core_group", start)) is None
    assert days.landing(reckoned("minutes_circulated", date(2026, 12, 18))) is None


def test_a_day_somebody_chose_is_theirs() -> None:
    """A chosen day is not counted in anything: whoever chose a Sunday meant it."""
    due = replace(reckoned("core_group", ST_ANDREW), rule=CHOSEN)
    assert CALENDARS["scotland"].landing(due) is None


@pytest.mark.parametrize(
    ("nation", "shut"), [(ENGLAND, False), (SCOTLAND, True)], ids=["england", "scotland"]
)
def test_the_holidays_are_the_nations(nation: Jurisdiction, *, shut: bool) -> None:
    """St Andrew's Day is a holiday of one nation."""
    nation = replace(nation, limits={**nation.limits, "core_group": WEEKS})
    days = PolicyCalendar(nation)
    landing = days.landing(reckoned("core_group", date(2026, 11, 2), days))
    assert (landing is not None) is shut
    if landing is not None:
        assert "Andrew" in landing.why
        assert (landing.before, landing.after) == (date(2026, 11, 27), date(2026, 12, 1))


def test_the_authoritys_own_days_are_counted_in() -> None:
    """A day the authority is shut is no working day, nor a neighbour; a holiday it works is one."""
    policy = Policy(
        version=Slug("local-1"),
        effective=date(2026, 1, 1),
        closed={
            date(2026, 12, 24): "Shut over Christmas",
            date(2027, 1, 25): "Moving",
        },
        worked=frozenset({ST_ANDREW}),
        adopted=1,
    )
    days = PolicyCalendar(SCOTLAND, (policy,))
    assert days.landing(reckoned("core_group", date(2026, 11, 2), days)) is None
    christmas = days.landing(reckoned("core_group", ST_ANDREW, days))
    assert christmas is not None
    assert christmas.before == date(2026, 12, 23)
    assert days.landing(reckoned("core_group", date(2026, 12, 28), days)) == Landing(
        why="Moving", before=date(2027, 1, 22), after=date(2027, 1, 26)
    )
