from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.jurisdictions import COUNTED_BACK, Jurisdiction, Limit, jurisdictions
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.stage import months_after
from domain.words import Code
from tests.controls import NATIONS

RULES = ("R156", "R180", "R182", "R198")
CALENDARS: dict[str, Calendar] = {nation.code: Calendar(nation) for nation in NATIONS}

DAYS = st.dates(min_value=date(2010, 1, 1), max_value=date(2040, 12, 31))


def limited(nation: Jurisdiction, amount: int, unit: str) -> Calendar:
    """Give the nation's calendar with one limit, called `x`."""
    limit = Limit(amount=amount, unit=Code(unit), counted_from="a day", cite="a test")
    return Calendar(replace(nation, limits={"x": limit}))


@pytest.mark.parametrize(
    ("nation", "start", "amount", "due"),
    [
        (ENGLAND, date(2026, 11, 2), 20, date(2026, 11, 30)),
        (SCOTLAND, date(2026, 11, 2), 20, date(2026, 12, 1)),
        (ENGLAND, date(2026, 12, 14), 20, date(2027, 1, 14)),
        (SCOTLAND, date(2026, 12, 14), 20, date(2027, 1, 15)),
        (ENGLAND, date(2026, 12, 18), 10, date(2027, 1, 6)),
        (SCOTLAND, date(2026, 12, 18), 10, date(2027, 1, 7)),
    ],
)
def test_working_days(nation: Jurisdiction, start: date, amount: int, due: date) -> None:
    """Working days are counted from the day after, past weekends and the nation's holidays."""
    assert limited(nation, amount, "working_days").due("x", start).on == due


def test_core_groups_every_four_weeks() -> None:
    """Four-weekly dates are calendar dates; one that falls on a holiday stays, and can be seen."""
    calendar = CALENDARS["scotland"]
    days = [date(2026, 11, 30)]
    for _ in range(3):
        days.append(calendar.due("core_group", days[-1]).on)

    assert days[1:] == [date(2026, 12, 28), date(2027, 1, 25), date(2027, 2, 22)]
    assert not calendar.works(date(2026, 12, 28))
    assert calendar.works(date(2027, 1, 25))


def test_months_end_with_the_month() -> None:
    """Three months from the 30th of November is the 28th of February, even on a Sunday."""
    assert CALENDARS["scotland"].due("review_conference", date(2026, 11, 30)).on == date(
        2027, 2, 28
    )
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert months_after(date(2026, 8, 31), -6) == date(2026, 2, 28)


def test_hours_end_with_a_day() -> None:
    """A limit in hours ends on the day on which it runs out, since a day has no hour."""
    assert CALENDARS["scotland"].due("decisions_circulated", date(2026, 12, 18)).on == date(
        2026, 12, 19
    )


def test_a_due_date_explains_itself() -> None:
    """A due date keeps its rule, its start, the calendar that set it and the days passed over."""
    due = CALENDARS["scotland"].due("initial_conference", date(2026, 11, 2))

    assert due.rule == "initial_conference"
    assert due.start == date(2026, 11, 2)
    assert due.calendar.startswith("holidays-")
    assert due.calendar.endswith("/sct")
    assert due.skipped == (date(2026, 11, 30),)


def test_why_a_day_is_not_worked() -> None:
    """The calendar says why a day was passed over, in words."""
    calendar = CALENDARS["scotland"]

    assert calendar.why_not(date(2026, 11, 28)) == "Saturday"
    assert "Andrew" in str(calendar.why_not(date(2026, 11, 30)))
    assert calendar.why_not(date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("nation", "day"),
    [
        (ENGLAND, date(2026, 4, 6)),  # Easter Monday
        (ENGLAND, date(2026, 8, 31)),  # the last Monday of August
        (SCOTLAND, date(2026, 8, 3)),  # the first Monday of August
        (SCOTLAND, date(2026, 6, 15)),  # proclaimed once
    ],
)
def test_the_part_of_the_kingdom_is_named(nation: Jurisdiction, day: date) -> None:
    """Holidays of one part of the kingdom are kept there, which a bare calendar would miss."""
    assert not CALENDARS[nation.code].works(day)


def test_an_authoritys_own_days() -> None:
    """An authority adds days it is closed and takes away holidays it works; its name tells."""
    own = Calendar(
        SCOTLAND,
        closed={date(2026, 11, 5): "Local holiday"},
        worked=frozenset({date(2026, 11, 30)}),
    )
    plain = CALENDARS["scotland"]

    due = own.due("initial_conference", date(2026, 11, 2))
    assert due.on == date(2026, 12, 1)
    assert due.skipped == (date(2026, 11, 5),)
    assert own.why_not(date(2026, 11, 5)) == "Local holiday"
    assert own.name != plain.name
    assert own.name.startswith(f"{plain.name}/")
    assert len(own.name) == len(plain.name) + len("/12345678")  # as its stored dates name it


def test_a_day_closed_and_a_day_worked_are_two_tables() -> None:
    """What is closed here and worked there is told apart, by a name that stays as it was stored."""
    day = date(2026, 11, 30)
    closed = Calendar(SCOTLAND, closed={day: "Local holiday"}).name
    worked = Calendar(SCOTLAND, worked=frozenset({day})).name
    assert [name.rpartition("/")[2] for name in (closed, worked)] == ["72943b5a", "030ffeb3"]


@for_all(DAYS, st.integers(min_value=1, max_value=40), st.sampled_from(["england", "scotland"]))
def test_working_days_counted_back(start: date, amount: int, nation: str) -> None:
    """Between the start and the due day lie exactly as many working days as the limit asks for."""
    calendar = limited(jurisdictions()[nation], amount, "working_days")
    due = calendar.due("x", start)
    between = [start + timedelta(days=n + 1) for n in range((due.on - start).days)]

    assert sum(calendar.works(day) for day in between) == amount
    assert calendar.works(due.on)
    assert set(due.skipped) <= set(between)
    assert not any(calendar.works(day) or day.weekday() > 4 for day in due.skipped)


@for_all(DAYS, st.integers(min_value=-24, max_value=24))
def test_months_stay_in_their_month(start: date, months: int) -> None:
    """So many months later is that month, on the same day or on its last."""
    later = months_after(start, months)

    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == months
    assert later.day == start.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_every_limit_can_be_counted(nation: Jurisdiction) -> None:
    """Every time limit of a nation says from when it counts and by what source, and ends after it.

    But for what is counted back from a planned day.
    """
    for rule, limit in nation.limits.items():
        due = CALENDARS[nation.code].due(rule, date(2026, 12, 18))
        assert due.on < due.start if rule in COUNTED_BACK else due.on > due.start
        assert limit.cite
        assert limit.counted_from


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_working_days_are_those_of_the_table(nation: Jurisdiction) -> None:
    """From 2015 to 2030 a day is worked unless a weekend or a holiday; the 20th is due (R198)."""
    years = range(2015, 2031)
    table = holidays.country_holidays("GB", subdiv=nation.subdivision, years=[*years, 2031])
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 61)]
    worked = [day for day in days if day.weekday() <= 4 and day not in table]
    calendar = limited(nation, 20, "working_days")

    assert [day for day in days if calendar.works(day)] == worked
    starts = days[:-60:11]
    assert {start.weekday() for start in starts} == set(range(7))
    for start in starts:
        assert calendar.due("x", start).on == [day for day in worked if day > start][19]


def test_a_unit_nobody_knows() -> None:
    """A limit in a unit of its own invention is an error, not a guess."""
    with pytest.raises(ValueError, match="not a unit"):
        limited(ENGLAND, 3, "moons").due("x", date(2026, 11, 2))
