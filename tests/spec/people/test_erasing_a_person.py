from __future__ import annotations

from dataclasses import replace

import pytest

from domain.corrected import standing
from domain.person import (
    CorrectPersonRecord,
    Details,
    ErasePerson,
    PersonErased,
    PersonErasureApproved,
    PersonRecordCorrected,
    PersonRegistered,
    RecordPersonDetails,
    findings,
    replay,
)
from domain.refusal import Refused
from domain.stage import Looking, recorded
from domain.when import read
from domain.words import Code
from tests.controls import ADULT, words
from tests.erasing import ANOTHER, approved, approving, by_the_last, erased
from tests.given import Given, given

RULES = ("L9", "L14")
REGISTERED = PersonRegistered(details=Details(name=words("June Example", ADULT)))
ERASE = ErasePerson(
    scope=Code("person"),
    retention_class=Code("contact_only"),
    authority=Code("erasure_request"),
)
PASSAGE = replace(ERASE, scope=Code("passage"), target=1)


def criticised(history: Given) -> set[str]:
    """Give what is criticised of the person as now understood."""
    person = replay(standing(history.facts))
    looking = Looking(on=history.day, jurisdiction=history.jurisdiction)
    return {one.code for one in findings(person, looking)}


def test_a_person_is_erased_on_two_peoples_word() -> None:
    """One person approves and another erases by it; neither act holds anything of the person."""
    first = approved(given(REGISTERED), ERASE)
    first.then_recorded(PersonErasureApproved)
    ask = by_the_last(first, ERASE)
    first.when(ask).then(recorded(PersonErased, ask))
    first.when(ask, actor=ANOTHER).then_refused("L14", code="same_approver")
    given(REGISTERED).when(ERASE).then_refused("L14", code="not_approved")
    given().when(approving(ERASE)).then_not_found()


@pytest.mark.parametrize("target", [None, 0, 2])
def test_one_passage_is_named_and_there(target: int | None) -> None:
    """Which event's passages are to go is said, and it is one of this person's."""
    erased(given(REGISTERED), PASSAGE).then_recorded(PersonErased)
    outcome = erased(given(REGISTERED), replace(PASSAGE, target=target))
    outcome.then_refused("L9", code="no_target")
    assert isinstance(outcome.error, Refused)
    assert outcome.error.field == "target"


def test_no_case_is_erased_in_a_persons_stream() -> None:
    """A whole case is erased as the case it is: no list has it here."""
    erased(given(REGISTERED), replace(ERASE, scope=Code("case"))).then_refused("I11")


def test_a_person_of_whom_a_passage_was_erased_goes_on() -> None:
    """What was forgotten alone leaves the person as they are, to be told of again."""
    again = RecordPersonDetails(details=Details(name=words("June Again", ADULT)))
    person = erased(given(REGISTERED), PASSAGE).when(again).on("2026-11-30").person
    assert person.details == {"name": words("June Again", ADULT)}
    assert person.version == 4


def test_a_persons_erasure_is_not_withdrawn() -> None:
    """What is gone is shown as gone: when it went can be put right, that it went cannot (L9)."""
    history = erased(given(REGISTERED), PASSAGE).history
    undo = CorrectPersonRecord(target=3, reason=Code("entered_wrongly"), withdrawn=True)
    outcome = history.when(undo)
    outcome.then_refused("L9", code="erased_for_good")
    assert isinstance(outcome.error, Refused)
    assert outcome.error.field == "withdrawn"
    dated = replace(undo, withdrawn=False, occurred=read("2026-11-01"))
    history.when(dated).then_recorded(PersonRecordCorrected)


def test_an_approval_withdrawn_after_its_use_is_criticised() -> None:
    """What an erasure rested on was there when it was carried out; that it is not now is said."""
    history = erased(given(REGISTERED), PASSAGE).history
    code = "erasure_approval_withdrawn"
    withdraw = CorrectPersonRecord(
        target=2, reason=Code("entered_wrongly"), withdrawn=True, understood=words("A slip.")
    )
    assert code not in criticised(history)
    after = history.when(withdraw).history
    assert code in criticised(after)
