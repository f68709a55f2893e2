"""How cells say when, and what is never made of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from api.chronologies.dates import at_time, read_date, write_date, write_time
from domain.when import on_day, read


@pytest.mark.parametrize(
    ("cell", "edtf"),
    [
        ("2006-07-06", "2006-07-06"),
        ("06/07/2006", "2006-07-06"),
        ("6.7.2006", "2006-07-06"),
        ("6 July 2006", "2006-07-06"),
        ("Thu 6th Jul 2006", "2006-07-06"),
        ("2005-04", "2005-04"),
        ("April 2005", "2005-04"),
        ("04/2005", "2005-04"),
        ("2012", "2012"),
        ("1990s", "199X"),
        ("2016-07/2016-08", "2016-07/2016-08"),
        ("July 2016 to August 2016", "2016-07/2016-08"),
        ("06/07/2006 - 08/07/2006", "2006-07-06/2006-07-08"),
        ("by 2006-07-06", "/2006-07-06"),
        ("from 2012", "2012/"),
        ("?2006-07-06", "2006-07-06?"),
        ("~2007-12", "2007-12~"),
        ("c. 2005", "2005~"),
        ("about 6 July 2006", "2006-07-06~"),
        ("?~2016-07/2016-08", "2016-07%/2016-08%"),
        ("?by 2006-07-06", "/2006-07-06?"),
        ("unknown", "unknown"),
        ("?", "unknown"),
        ("2006-07-06 14:30", "2006-07-06T13:30:00Z"),
    ],
)
def test_a_cell_is_read_as_what_it_says(cell: str, edtf: str) -> None:
    """A day, a month, a year, a span or a doubt is read as that and nothing more precise."""
    assert read_date(cell).text == edtf


@pytest.mark.parametrize(
    "cell", ["12 March", "06/07/06", "31/02/2006", "2006-13", "38904", "soon", "2008/2006", "Juli"]
)
def test_a_cell_that_is_no_date_is_told_what_to_write(cell: str) -> None:
    """What cannot be read is not guessed at, and the remedy does not repeat it."""
    with pytest.raises(ValueError, match="write a date as") as refused:
        read_date(cell)
    assert cell not in str(refused.value)


@for_all(
    day=st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)),
    form=st.sampled_from(["{}", "{}?", "{}~", "{}%", "/{}", "{}/", "/{}?"]),
    digits=st.sampled_from([10, 7, 4]),
)
def test_what_is_written_reads_the_same(day: date, form: str, digits: int) -> None:
    """Any date written into a cell is read from it again, its doubt in front."""
    when = read(form.format(day.isoformat()[:digits]))
    cell = write_date(when)
    assert read_date(cell) == when
    assert (cell[0] in "?~") == (when.text[-1] in "?~%")


def test_a_day_is_given_no_midnight() -> None:
    """Only a moment has a time of day; the cell of a day's time stays empty."""
    assert write_time(on_day(date(2006, 7, 6))) == ""
    assert write_time(at_time(on_day(date(2006, 7, 6)), "2.30 pm")) == "14:30"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    """In the night the clocks go back, 01:30 means the first unless it says GMT, out and in."""
    night = on_day(date(2006, 10, 29))
    first, second = at_time(night, "01:30"), at_time(night, "01:30 GMT")
    assert (first.text, second.text) == ("2006-10-29T00:30:00Z", "2006-10-29T01:30:00Z")
    assert at_time(night, write_time(second)) == second


def test_an_hour_that_never_came_is_refused() -> None:
    """In the night the clocks go forward, no moment is made up for the missing hour."""
    with pytest.raises(ValueError, match="clocks went forward"):
        at_time(on_day(date(2006, 3, 26)), "01:30")


def test_a_time_needs_one_certain_day() -> None:
    """A time of day beside a month, or beside a doubtful day, would be a false precision."""
    for cell in ("2006-07", "?2006-07-06", "by 2006-07-06"):
        with pytest.raises(ValueError, match="one certain day"):
            at_time(read_date(cell), "14:30")
