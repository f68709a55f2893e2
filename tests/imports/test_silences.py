"""Silences, and lines that may tell the same: reckoned from a timeline, and never too much."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.timelines.alike import alike
from api.timelines.asked import Period
from api.timelines.silences import Span, silences

FIRST = date(2024, 1, 1)
DAYS = st.integers(0, 120).map(lambda number: FIRST + timedelta(days=number))
DAY = timedelta(days=1)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Give days that an entry may have been in, of which a side may not be known."""
    first = draw(DAYS)
    last = first + timedelta(days=draw(st.integers(0, 20)))
    open_side = draw(st.sampled_from(["", "", "", "first", "last", "both"]))
    return Span(
        first=None if open_side in {"first", "both"} else first,
        last=None if open_side in {"last", "both"} else last,
    )


def in_order(one: Span) -> tuple[bool, date, date]:
    """Order them as a timeline does."""
    return (
        one.first is None and one.last is None,
        one.first or one.last or date.max,
        one.last or date.max,
    )


PERIODS = st.builds(
    lambda since, days: Period(since=since, until=since + timedelta(days=days)),
    DAYS,
    st.integers(0, 150),
)


@given(
    lines=st.lists(spans(), max_size=12).map(lambda found: sorted(found, key=in_order)),
    days=st.integers(1, 40),
    period=st.just(Period()) | PERIODS,
)
def test_no_entry_lies_in_a_silence_and_none_is_missed(
    lines: list[Span], days: int, period: Period
) -> None:
    """Every day of one is without an entry, each is as long as it can be, and long enough."""
    lived = [
        (one.first or one.last, one.last or one.first)
        for one in lines
        if one.first is not None or one.last is not None
    ]
    covered = {
        day
        for first, last in lived
        if first is not None and last is not None
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    }
    since = period.since or (min(covered) if covered else None)
    until = period.until or (max(covered) if covered else None)
    expected = []
    if since is not None and until is not None:
        free = [
            one
            for one in (since + timedelta(days=n) for n in range((until - since).days + 1))
            if one not in covered
        ]
        runs: list[list[date]] = []
        for one in free:
            if runs and runs[-1][-1] + DAY == one:
                runs[-1].append(one)
            else:
                runs.append([one])
        expected = [(run[0], run[-1]) for run in runs if len(run) >= days]
    found = list(silences(lines, days, period))
    assert [(one.since, one.until) for one in found] == expected
    assert all(one.days == (one.until - one.since).days + 1 >= days for one in found)
    places = [one.before for one in found]
    assert places == sorted(places)


def test_an_entry_that_may_fall_in_a_silence_is_named() -> None:
    """One known to have been by a day, or from one, may have been then; a certain one was not."""
    certain = Span(first=FIRST, last=FIRST)
    by = Span(first=None, last=FIRST + timedelta(days=90))
    (one,) = silences([certain, by], 30, Period())
    assert (one.before, one.perhaps) == (1, (1,))
    later = Span(first=FIRST + timedelta(days=90), last=FIRST + timedelta(days=90))
    (one,) = silences([certain, later], 30, Period())
    assert one.perhaps == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Home visit.", "home visit", True),
        ("Home visit.", "Home visits.", False),
        ("Seen at home by the nurse today.", "Seen at home by the nurse, today again.", True),
        ("Seen at home by the nurse.", "Telephoned the surgery about tablets.", False),
        ("Said to be 38 years old.", "Said to be 39 years old.", False),
    ],
)
def test_what_may_tell_the_same(one: str, other: str, same: bool) -> None:  # noqa: FBT001 — a column of the table
    """By the words of the two, on one day; on another day it is another event."""
    assert bool(alike([("2024", one), ("2024", other)])) == same
    assert not alike([("2024", one), ("2025", other)])
