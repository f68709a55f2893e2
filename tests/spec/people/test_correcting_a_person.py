from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain import person
from domain.corrected import standing
from domain.jurisdictions.england import ENGLAND
from domain.person import (
    AddExternalReference,
    CorrectPersonRecord,
    Details,
    Person,
    PersonDetailsRecorded,
    PersonDied,
    PersonRecordCorrected,
    PersonRegistered,
    RecordDeath,
    findings,
)
from domain.refusal import Refused
from domain.stage import Looking, recorded
from domain.when import read
from domain.words import Code, ExternalReference, Slug
from tests.controls import ADULT, DAY, words
from tests.given import Given, Outcome, at, given

RULES = ("I12", "R154")
LOOKING = Looking(on=DAY, jurisdiction=ENGLAND)

REGISTERED = PersonRegistered(details=Details(name=words("June Example", ADULT)))
DIED = PersonDied(died=read("2026-10-30"), cause_known=Code("not_known"))
WITHDRAW = CorrectPersonRecord(target=2, reason=Code("wrong_person"), withdrawn=True)


def dead(*more: object, occurred: str | None = "2026-10-30") -> Given:
    """Begin with a person registered and said to have died, and these (versions from 3)."""
    return given(REGISTERED, at("2026-11-02", DIED, occurred=occurred), *more)


def understood(history: Given) -> Person:
    """Give the person as now understood."""
    return person.replay(standing(history.facts))


def codes(history: Given) -> list[str]:
    """List what is criticised of the person as now understood."""
    return [one.code for one in findings(understood(history), LOOKING)]


def test_a_death_told_of_the_wrong_person_is_taken_back() -> None:
    """A death withdrawn stands no more as now understood, and stands in the record still (I12)."""
    outcome = dead().when(WITHDRAW)
    outcome.then(recorded(PersonRecordCorrected, WITHDRAW))

    assert understood(outcome.history).died is None
    assert outcome.history.person.died == read("2026-10-30")
    assert understood(dead()).died == read("2026-10-30")


def test_details_and_references_are_taken_back() -> None:
    """What was learned before a detail withdrawn stands again; a reference withdrawn is gone."""
    other = PersonDetailsRecorded(details=Details(name=words("May Example", ADULT)))
    reference = ExternalReference(system=Slug("nhs"), id=words("000 000 0000", ADULT))
    history = dead(other).when(AddExternalReference(reference=reference)).history
    wrong = history.when(replace(WITHDRAW, target=3)).when(replace(WITHDRAW, target=4)).history

    assert understood(history).details["name"] == words("May Example", ADULT)
    assert understood(history).external == (reference,)
    assert understood(wrong).details["name"] == words("June Example", ADULT)
    assert understood(wrong).external == ()


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"target": 9}, "nothing_to_correct", "target"),
        ({"target": 0}, "nothing_to_correct", "target"),
        ({"target": 3}, "nothing_to_correct", "target"),  # a correction itself
        ({"supersedes": None}, "corrected_before", "supersedes"),
        ({"fields": (Code("channel"),)}, "not_a_field", "fields"),
        ({"fields": (Code("name"),)}, "not_a_field", "fields"),  # a death has none
    ],
)
def test_a_correction_of_a_person_is_refused_as_one_of_a_case_is(
    changed: dict[str, Any], code: str, field: str
) -> None:
    """Of nothing, of a correction, unaware of an earlier one, or of no field: refused (I12)."""
    once = dead().when(WITHDRAW)
    outcome = once.when(replace(WITHDRAW, **{"supersedes": 3, **changed}))
    assert named(outcome) == (code, "I12", field)
    once.when(replace(WITHDRAW, supersedes=3)).then_recorded(PersonRecordCorrected)


def named(outcome: Outcome) -> tuple[str, str, str | None]:
    """Give what a refusal names."""
    assert isinstance(outcome.error, Refused), f"not refused: {outcome.events or outcome.error}"
    return outcome.error.code, outcome.error.rule, outcome.error.field


def test_nobody_is_corrected_who_is_not_there() -> None:
    """Of a person nobody registered nothing is corrected (I1)."""
    given().when(WITHDRAW).then_not_found()


def test_a_correction_names_the_detail_it_is_about() -> None:
    """A correction of details may name each detail, as well as a field of the event (I12)."""
    for name in ("details", "name", "date_of_birth", "external", "occurred"):
        ask = replace(WITHDRAW, target=1, fields=(Code(name),))
        dead().when(ask).then_recorded(PersonRecordCorrected)


def test_the_last_correction_of_a_person_decides() -> None:
    """A withdrawal superseded by a later correction is itself undone (I12)."""
    back = replace(WITHDRAW, supersedes=3, withdrawn=False, understood=words("It was June.", ADULT))
    restored = dead().when(WITHDRAW).when(back)
    assert understood(restored.history).died == read("2026-10-30")


def test_a_death_told_again_is_criticised_until_one_is_withdrawn() -> None:
    """Two deaths are criticised while both stand, and no longer once one is withdrawn."""
    later = RecordDeath(died=read("2026-10-20"))
    twice = dead().when(later, occurred="2026-10-20").history
    assert codes(twice) == ["death_recorded_again"]

    wrong = twice.when(WITHDRAW).history
    assert codes(wrong) == []
    assert understood(wrong).died == read("2026-10-20")


def test_a_correction_of_a_person_says_what_is_understood_now() -> None:
    """A correction that neither withdraws nor says what is understood is a finding (R154)."""
    bare = replace(WITHDRAW, withdrawn=False)
    assert codes(dead().when(bare).history) == ["correction_unexplained"]
    said = replace(bare, understood=words("Her sister died.", ADULT))
    assert codes(dead().when(said).history) == []


@pytest.mark.parametrize(
    ("occurred", "died"),
    [
        ("2026-10-30", "2026-10-20"),  # stated alike
        ("2026-10-30T14:00:00Z", "2026-10-20"),  # of the same day
        ("2026-10", "2026-10-30"),  # stated apart
        ("unknown", "2026-10-30"),
    ],
)
def test_a_corrected_time_of_a_death_is_when_the_person_died(occurred: str, died: str) -> None:
    """The day of death follows the corrected time, unless the two were stated apart (L5)."""
    moved = replace(WITHDRAW, withdrawn=False, occurred=read("2026-10-20"))
    assert understood(dead(occurred=occurred).when(moved).history).died == read(died)
