from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from domain.when import (
    When,
    between,
    days_apart,
    end_of,
    instant,
    months_apart,
    on_day,
    read,
    start_of,
    unknown,
    years_apart,
)

RULES = ("I2",)


def utc(text: str) -> datetime:
    """Give a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-01-15", "2026-01-15T00:00", "2026-01-15T23:59:59.999999"),
        ("2026-07-15", "2026-07-14T23:00", "2026-07-15T22:59:59.999999"),
        ("2026-03-29", "2026-03-29T00:00", "2026-03-29T22:59:59.999999"),  # 23 hours
        ("2026-10-25", "2026-10-24T23:00", "2026-10-25T23:59:59.999999"),  # 25 hours
    ],
)
def test_a_day_is_a_day_in_london(day: str, first: str, last: str) -> None:
    """A local day begins and ends by London's clock, in UTC, whether summer time holds or not."""
    one = date.fromisoformat(day)
    assert (start_of(one), end_of(one)) == (utc(first), utc(last))
    assert on_day(one) == read(day) == When(day, utc(first), utc(last))
    assert (on_day(one).day, on_day(one).uncertain) == (one, False)
    # isoformat() tells UTC from a zone that happens to have the same instant
    assert start_of(one).isoformat() == utc(first).isoformat()


def test_the_last_day_there_is_has_no_end() -> None:
    """A day without a following day cannot be bounded, and is refused instead of wrong."""
    with pytest.raises(ValueError, match="following day"):
        end_of(date.max)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01", "2026-01-01", "2026-01-31"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("2026-21", "2026-03-01", "2026-05-31"),  # a season, as EDTF numbers them
        ("2026-11?", "2026-11-01", "2026-11-30"),
        ("2026-11-02~", "2026-11-02", "2026-11-02"),
        ("2026-01-05/2026-02", "2026-01-05", "2026-02-28"),
        ("2026-01-05/2026-01-05", "2026-01-05", "2026-01-05"),
        ("2026-01-05?/2027", "2026-01-05", "2027-12-31"),
    ],
)
def test_an_imprecise_time_is_bounded_by_what_it_covers(text: str, first: str, last: str) -> None:
    """A month, a year, a doubtful day or a range keeps its text and the bounds of what it says."""
    when = read(text)
    begins, ends = start_of(date.fromisoformat(first)), end_of(date.fromisoformat(last))
    assert when == When(text, begins, ends)


@pytest.mark.parametrize("side", ["", ".."])
def test_a_range_may_be_open_on_one_side(side: str) -> None:
    """A side without an end (`..`) or not known has no bound, and stays what it was said to be."""
    last = date(2026, 2, 3)
    before, after = read(f"{side}/2026-02-03"), read(f"2026-02-03/{side}")
    assert before == When(f"{side}/2026-02-03", None, end_of(last))
    assert after == When(f"2026-02-03/{side}", start_of(last), None)
    assert before.uncertain
    assert after.uncertain
    assert (before.first_day, before.last_day, before.day) == (None, last, None)
    assert (after.first_day, after.last_day, after.day) == (last, None, None)
    assert (before == between(None, last)) is (after == between(last, None)) is (side == "")


def test_a_range_between_days_reads_as_it_is_written() -> None:
    """A range made of days is the range read from its text; without a side it is not known."""
    first, last = date(2026, 1, 5), date(2026, 2, 3)
    assert between(first, last) == read("2026-01-05/2026-02-03")
    assert between(first, first) == When("2026-01-05/2026-01-05", start_of(first), end_of(first))
    assert between(None, None) == unknown() == read("unknown") == When("unknown", None, None)
    assert unknown().unknown
    with pytest.raises(ValueError, match="end before it begins"):
        between(last, first)


@pytest.mark.parametrize(
    "text",
    [
        *("", "/", "../..", "../", "2026-13", "2026-00", "2026-02-30", "10000", "yesterday"),
        *("2026-02-03/2026-01-05", "2026/2027/2028", "2026-01-05//", "2026-01-05T10:00"),
        *("2026-20", "2026-01-05T10:00Z/x", "2026-01-05?~"),
        *("\uff12026-11-20", "202\uff16", "2026-1\uff11", "2\uff10XX", "2026-11-20T10:00:0\uff13Z"),
        *("2026-11-19 / 2026-11-20", "2026-11-19/ 2026-11-20", "2026-11-19 /", "/ ", " .. /2026"),
        *("2026-11-20/unknown", "unknown/2026-11-20", "unknown/unknown", "unknown/", "../unknown"),
    ],
)
def test_what_is_no_date_is_refused_with_what_is(text: str) -> None:
    """What is not a date, a moment or a range that goes forward is refused; the message says how.

    EDTF is written in ASCII digits, without spaces, and an open side is empty or `..`. The message
    never repeats what was written.
    """
    said = {
        "2026-02-30": "no such day in the calendar",
        "2026-01-05T10:00": "needs its time zone",
        "2026-02-03/2026-01-05": "the end of this range lies before its start",
    }.get(text, "a date is YYYY-MM-DD, YYYY-MM, YYYY")
    with pytest.raises(ValueError, match=said) as refused:
        read(text)
    assert not text or text not in str(refused.value).split()


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 7, 2, 14, 30, tzinfo=timezone(timedelta(hours=1))), "2026-07-02T13:30:00Z"),
        (datetime(2026, 7, 2, 13, 30, 5, 250, tzinfo=UTC), "2026-07-02T13:30:05.000250Z"),
    ],
)
def test_a_moment_is_kept_in_utc(moment: datetime, text: str) -> None:
    """A moment keeps its instant, written in UTC to the second or, where it has them, finer."""
    when = instant(moment)
    assert when == read(text) == When(text, moment, moment)
    assert when.earliest is not None
    assert when.earliest.tzinfo is UTC
    assert when.day == date(2026, 7, 2)
    with pytest.raises(ValueError, match="time zone"):
        instant(moment.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("first", "last", "days", "months", "years"),
    [
        ("2026-01-05", "2026-01-05", (0, 0), (0, 0), (0, 0)),
        ("2025-09-30", "2026-07-01", (274, 274), (10, 10), (0, 0)),
        ("1940-11-03", "2026-11-02", (31410, 31410), (1032, 1032), (85, 85)),
        ("1940-11-03", "2026-11-03", (31411, 31411), (1032, 1032), (86, 86)),
        ("2025", "2026-02-01", (32, 396), (2, 13), (0, 1)),
        ("2025-12-01/", "2026-02-01", (None, 62), (None, 2), (None, 0)),
        ("/2025-12-01", "2026-02-01", (62, None), (2, None), (0, None)),
        ("2025-12-01", "/2026-02-01", (None, 62), (None, 2), (None, 0)),
        ("2025-12-01", "2026-02-01/", (62, None), (2, None), (0, None)),
        ("unknown", "2026-02-01", (None, None), (None, None), (None, None)),
        ("1967-02-15", "2006-07-06", (14386, 14386), (473, 473), (39, 39)),
        ("2005-09", "2006-07-06", (279, 308), (10, 10), (0, 0)),
        ("2006-07-06", "2007-06", (330, 359), (11, 11), (0, 0)),
        ("2012", "2016-11", (1401, 1795), (47, 58), (3, 4)),
        ("/2006-07-06", "2007-06", (330, None), (11, None), (0, None)),
        ("unknown", "2007", (None, None), (None, None), (None, None)),
    ],
)
def test_a_distance_is_the_least_and_the_most_it_can_be(
    first: str,
    last: str,
    days: tuple[int | None, int | None],
    months: tuple[int | None, int | None],
    years: tuple[int | None, int | None],
) -> None:
    """Days, calendar months and completed years lie between what both times can have been."""
    one, other = read(first), read(last)
    assert days_apart(one, other) == days
    assert months_apart(one, other) == months
    assert years_apart(one, other) == years
