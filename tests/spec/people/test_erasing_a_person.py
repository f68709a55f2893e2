from __future__ import annotations

from dataclasses import replace

import pytest

from domain.person import (
    Details,
    ErasePerson,
    PersonErased,
    PersonRegistered,
    RecordPersonDetails,
)
from domain.refusal import Refused
from domain.stage import recorded
from domain.words import Code
from tests.controls import ADULT, CHAIR, MANAGER, words
from tests.given import given

RULES = ("L9", "L14")
REGISTERED = PersonRegistered(details=Details(name=words("June Example", ADULT)))
ERASE = ErasePerson(
    scope=Code("person"),
    retention_class=Code("contact_only"),
    authority=Code("erasure_request"),
    approved_by=MANAGER,
    also_approved_by=CHAIR,
)
PASSAGE = replace(ERASE, scope=Code("passage"), target=1)


def test_a_person_is_erased_on_two_peoples_word() -> None:
    """The erasure says by what authority and on whose word, and holds nothing of the person."""
    given(REGISTERED).when(ERASE).then(recorded(PersonErased, ERASE))
    alone = given(REGISTERED).when(replace(ERASE, also_approved_by=MANAGER))
    alone.then_refused("L14", code="one_approver")
    given().when(ERASE).then_not_found()


@pytest.mark.parametrize("target", [None, 0, 2])
def test_one_passage_is_named_and_there(target: int | None) -> None:
    """Which event's passages are to go is said, and it is one of this person's."""
    given(REGISTERED).when(PASSAGE).then(recorded(PersonErased, PASSAGE))
    outcome = given(REGISTERED).when(replace(PASSAGE, target=target))
    outcome.then_refused("L9", code="no_target")
    assert isinstance(outcome.error, Refused)
    assert outcome.error.field == "target"


def test_no_case_is_erased_in_a_persons_stream() -> None:
    """A whole case is erased as the case it is: no list has it here."""
    given(REGISTERED).when(replace(ERASE, scope=Code("case"))).then_refused("I11")


def test_a_person_of_whom_a_passage_was_erased_goes_on() -> None:
    """What was forgotten alone leaves the person as they are, to be told of again."""
    again = RecordPersonDetails(details=Details(name=words("June Again", ADULT)))
    person = given(REGISTERED).when(PASSAGE).when(again).on("2026-11-30").person
    assert person.details == {"name": words("June Again", ADULT)}
    assert person.version == 3
