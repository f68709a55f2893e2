from __future__ import annotations

from typing import Any

import pytest

from domain.jurisdictions.england import ENGLAND
from domain.person import (
    AddExternalReference,
    Details,
    ExternalReferenceAdded,
    Person,
    PersonDetailsRecorded,
    PersonDied,
    PersonRegistered,
    RecordDeath,
    RecordPersonDetails,
    RegisterPerson,
    findings,
)
from domain.stage import Looking, recorded
from domain.when import read
from domain.words import Code, ExternalReference, Forgotten, Passage, Slug
from tests.controls import ADULT, DAY, words
from tests.given import given

LOOKING = Looking(on=DAY, jurisdiction=ENGLAND)


def told(text: str) -> Passage:
    """Give a passage about the adult."""
    return words(text, ADULT)


REGISTERED = PersonRegistered(
    details=Details(name=told("June Example"), date_of_birth=told("1941-04-12"))
)


def test_a_person_is_registered_once() -> None:
    """A second registration under the same reference is refused; details are recorded (I1)."""
    command = RegisterPerson(person=ADULT, details=REGISTERED.details)

    given().when(command).then(REGISTERED)
    given(REGISTERED).when(command).then_refused("I1", code="person_exists")


def test_nobody_is_nobody() -> None:
    """A person who is not registered has no details and no death (I1)."""
    given().when(RecordPersonDetails(details=Details())).then_not_found()
    given().when(RecordDeath(died=read("2026-11-01"))).then_not_found()


def test_details_change_only_what_they_say() -> None:
    """Recording some details leaves the others as they were."""
    change = RecordPersonDetails(details=Details(ethnicity=told("white")))
    outcome = given(REGISTERED).when(change)
    outcome.then(recorded(PersonDetailsRecorded, change))

    person = outcome.on("2026-11-02").person
    assert person.details == {
        "name": told("June Example"),
        "date_of_birth": told("1941-04-12"),
        "ethnicity": told("white"),
    }


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"gender": told("woman")}, "not_in_list"),
        ({"gender": told("other")}, "other_needs_text"),
        ({"date_of_birth": told("a Tuesday")}, "not_a_date"),
    ],
)
def test_sealed_codes_are_codes_all_the_same(details: dict[str, Any], code: str) -> None:
    """A sealed code is held to its list and a sealed date is a date: both will be counted."""
    command = RecordPersonDetails(details=Details(**details))

    given(REGISTERED).when(command).then_refused("I11", code=code)


@pytest.mark.parametrize("born", ["1941", "1941-04", "194X", "1941?", "unknown"])
def test_a_birth_may_be_known_roughly(born: str) -> None:
    """A date of birth may be as uncertain as it is known."""
    command = RecordPersonDetails(details=Details(date_of_birth=told(born)))

    assert given(REGISTERED).when(command).error is None


def test_a_death_is_as_precise_as_it_is_known() -> None:
    """A death within a range of days stays a range."""
    command = RecordDeath(died=read("2026-10-20/2026-11-01"))
    outcome = given(REGISTERED).when(command).then(recorded(PersonDied, command))

    died = outcome.on("2026-11-02").person.died
    assert died is not None
    assert died.day is None
    assert str(died) == "2026-10-20/2026-11-01"


def test_other_systems_names() -> None:
    """What another system calls the person is kept with the person, sealed."""
    reference = ExternalReference(system=Slug("nhs"), id=told("000 000 0000"))
    command = AddExternalReference(reference=reference)

    outcome = given(REGISTERED).when(command)
    outcome.then(ExternalReferenceAdded(reference=reference))
    assert outcome.on("2026-11-02").person.external == (reference,)


def test_a_forgotten_person_replays() -> None:
    """A person whose details were all forgotten replays as a person with forgotten details."""
    forgotten = PersonRegistered(details=Details(name=Forgotten(ADULT)))

    assert given(forgotten).person.details == {"name": Forgotten(ADULT)}
    assert given(forgotten).person.registered is not None


def test_a_death_belongs_to_no_list_of_the_case() -> None:
    """How much is known of the cause is a code of its own (known, awaited, not known)."""
    command = RecordDeath(died=read("2026-11-01"), cause_known=Code("guessed"))

    given(REGISTERED).when(command).then_refused("I11")


def test_a_death_told_again_is_recorded_and_criticised() -> None:
    """A second death is recorded, since it may put the first right, and criticised."""
    first = RecordDeath(died=read("2026-10"))
    history = given(REGISTERED).when(first, occurred="2026-10").then_recorded(PersonDied)
    once = {one.code for one in findings(history.on("2026-11-02").person, LOOKING)}
    assert "death_recorded_again" not in once

    second = RecordDeath(died=read("2026-10-04"))
    again = history.when(second, occurred="2026-10-04").then_recorded(PersonDied)
    person = again.on("2026-11-02").person
    assert person.died == read("2026-10-04")
    assert [(one.code, one.position) for one in findings(person, LOOKING)] == [
        ("death_recorded_again", 3)
    ]


def told_of_birth_and_death(born: str, died: str, *, birth_first: bool) -> Person:
    """Give somebody whose birth and death were recorded in one order or the other."""
    birth = RecordPersonDetails(details=Details(date_of_birth=words(born, ADULT)))
    death = RecordDeath(died=read(died))
    first, second = (birth, death) if birth_first else (death, birth)
    nobody = given(PersonRegistered(details=Details(name=words("June Example", ADULT))))
    return nobody.when(first, occurred="unknown").when(second, occurred="unknown").history.person


@pytest.mark.parametrize("birth_first", [True, False])
@pytest.mark.parametrize(
    ("born", "died", "apart"),
    [
        ("1950-05-02", "1950-05-01", True),
        ("1950-05-02", "1950-05-02", False),
        ("1950", "1950-01-01", False),
        ("1951", "1950", True),
        ("195X", "1949-12-31", True),
        ("195X", "1950-01", False),
        ("1950-05-02", "unknown", False),
        ("1940-01-01", "2026-10", False),
    ],
)
def test_a_death_before_the_birth_is_criticised(
    born: str, died: str, *, apart: bool, birth_first: bool
) -> None:
    """Only where both cannot be, however they are read, whichever was recorded first (R150)."""
    person = told_of_birth_and_death(born, died, birth_first=birth_first)
    found = [(one.code, one.position) for one in findings(person, LOOKING)]
    if apart:
        assert found == [("born_after_death", 3)]
    else:
        assert "born_after_death" not in dict(found)


def test_a_forgotten_birth_says_nothing_of_a_death() -> None:
    """What was erased is held against nothing."""
    forgotten = PersonRegistered(details=Details(date_of_birth=Forgotten(ADULT)))
    history = given(forgotten).when(RecordDeath(died=read("1950")), occurred="1950")
    assert list(findings(history.history.person, LOOKING)) == []
