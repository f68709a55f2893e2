"""A date of birth: as much of it as is known, and never one to come."""

from __future__ import annotations

import pytest

from domain.person import Details, PersonDetailsRecorded, PersonRegistered, RecordPersonDetails
from domain.refusal import Refused
from tests.controls import ADULT, words
from tests.given import given

REGISTERED = PersonRegistered(details=Details(name=words("June Example", ADULT)))


def born(text: str) -> RecordPersonDetails:
    """Tell a date of birth."""
    return RecordPersonDetails(details=Details(date_of_birth=words(text, ADULT)))


@pytest.mark.parametrize("text", ["2099-01-01", "2099", "2099-05"])
def test_nobody_is_born_in_the_future(text: str) -> None:
    """A birth that is still to come however it is read is refused, at its field (I3)."""
    outcome = given(REGISTERED).when(born(text)).then_refused("I3", code="not_yet_happened")
    assert isinstance(outcome.error, Refused)
    assert outcome.error.field == "details.date_of_birth"
    assert text not in outcome.error.detail


@pytest.mark.parametrize("text", ["29 February 1948", "1947-02-29"])
def test_what_is_no_date_is_told_how_to_give_one(text: str) -> None:
    """What is no date of birth is refused with an example of one (I11)."""
    outcome = given(REGISTERED).when(born(text)).then_refused("I11", code="not_a_date")
    assert isinstance(outcome.error, Refused)
    assert "1948-02-29" in outcome.error.detail


@pytest.mark.parametrize("text", ["1948-02-29", "1948-02", "1948"])
def test_as_much_as_is_known_is_taken(text: str) -> None:
    """A day, a month or a year alone is a date of birth."""
    given(REGISTERED).when(born(text)).then_recorded(PersonDetailsRecorded)
