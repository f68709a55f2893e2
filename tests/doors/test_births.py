"""A date of birth on the form: the day, the month and the year, as every other date has."""

from __future__ import annotations

import pytest
from httpx2 import Response

from tests.doors.conftest import Doors
from tests.doors.filling import get_form, problems, send

BORN = "command.details.date_of_birth"


def told(doors: Doors, day: str, month: str, year: str) -> tuple[str, Response]:
    """Fill in somebody's date of birth, and give the person and the answer."""
    person = doors.person(name="June Example")
    form = get_form(doors, f"/persons/{person}/record/record-person-details")
    given = {f"{BORN}.day": day, f"{BORN}.month": month, f"{BORN}.year": year}
    pairs = [(name, given.get(name, value)) for name, value in form.pairs()]
    assert set(given) <= {name for name, _ in pairs}
    return person, send(doors, form, "record", pairs)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("29", "2", "1948"), "1948-02-29"),
        (("", "2", "1948"), "1948-02"),
        (("", "", "1948"), "1948"),
    ],
)
def test_a_birth_is_typed_in_three_fields(
    shared: Doors, typed: tuple[str, str, str], kept: str
) -> None:
    """A day, a month with its year, or a year alone is taken as it is known."""
    person, answer = told(shared, *typed)
    assert answer.status_code == 303, answer.text
    seen = shared.get(f"/v1/persons/{person}").json()
    assert kept in str(seen)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("1", "1", "2099"), "This lies in the future: give a day that has been"),
        (("29", "February", "1948"), "Give the date in figures, such as 27 3 2026"),
        (("29", "2", "1947"), "This is no date of birth"),
    ],
)
def test_a_birth_that_cannot_be_is_turned_away_at_its_field(
    shared: Doors, typed: tuple[str, str, str], said: str
) -> None:
    """One in the future, or on no day, is said so in plain words at the field."""
    _, answer = told(shared, *typed)
    assert answer.status_code == 422
    (line,) = problems(answer)
    assert said in line
    assert 'href="#command-details-date_of_birth' in line
