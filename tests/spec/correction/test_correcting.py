from __future__ import annotations

from dataclasses import replace

import pytest

from domain import case
from domain.corrected import standing
from domain.correction import (
    AnnotateEntry,
    ChronologyEntryRecorded,
    CorrectRecord,
    EntryAnnotated,
    ErasePersonalData,
    LegalHoldLifted,
    LegalHoldPlaced,
    LiftLegalHold,
    PersonalDataErased,
    PlaceLegalHold,
    ProcessingRestricted,
    ProcessingUnrestricted,
    RecordChronologyEntry,
    RecordCorrected,
    RestrictProcessing,
    UnrestrictProcessing,
)
from domain.when import read
from domain.words import Code
from tests.controls import (
    ADULT,
    POLICE,
    SISTER,
    a_closure,
    a_conference,
    a_referral,
    words,
)
from tests.erasing import erased
from tests.given import Given, at, given

RULES = ("R150", "R154")

CORRECT = CorrectRecord(
    target=1,
    reason=Code("entered_wrongly"),
    asked_by=Code("adult"),
    fields=(Code("channel"),),
    understood=words("She wrote; nobody telephoned."),
)
ERASE = ErasePersonalData(
    scope=Code("person"),
    retention_class=Code("contact_only"),
    authority=Code("court_order"),
    person=ADULT,
)


def begun(*more: object) -> Given:
    """Begin with a referral and a conference called, and these (versions from 3)."""
    return given(a_referral(), a_conference(), *more)


def test_a_correction_is_an_event_that_points_at_another() -> None:
    """A correction names the event it corrects, and changes nothing of it (I12)."""
    before = begun()
    outcome = before.when(CORRECT)
    outcome.then(
        RecordCorrected(
            target=1,
            supersedes=None,
            reason=Code("entered_wrongly"),
            asked_by=Code("adult"),
            fields=(Code("channel"),),
            understood=words("She wrote; nobody telephoned."),
        )
    )
    assert outcome.history.facts[:2] == before.facts


@pytest.mark.parametrize("target", [0, 3, 99])
def test_a_correction_needs_an_event_of_the_case(target: int) -> None:
    """A correction of an event this case does not have is refused (I12)."""
    begun().when(replace(CORRECT, target=target)).then_refused("I12")


def test_a_correction_is_not_corrected() -> None:
    """A correction is replaced by another of the same event, and is itself no target (I12)."""
    history = begun().when(CORRECT).history
    history.when(replace(CORRECT, target=3)).then_refused("I12")


def test_an_earlier_correction_is_never_passed_over() -> None:
    """Correcting an event again names the last correction of it (I12)."""
    history = begun().when(CORRECT).history

    history.when(CORRECT).then_refused("I12")
    history.when(replace(CORRECT, supersedes=2)).then_refused("I12")
    second = history.when(replace(CORRECT, supersedes=3))
    second.then_recorded(RecordCorrected)
    second.when(replace(CORRECT, supersedes=3)).then_refused("I12")
    second.when(replace(CORRECT, supersedes=4)).then_recorded(RecordCorrected)


def test_a_correction_says_what_is_understood_now() -> None:
    """A correction that neither withdraws nor says what is now understood is a finding (R154)."""
    bare = replace(CORRECT, understood=None)
    code = "correction_unexplained"
    begun().when(bare).then_finding(code)
    begun().when(CORRECT).then_no_finding(code)
    begun().when(replace(bare, withdrawn=True)).then_no_finding(code)
    begun().when(replace(bare, occurred=read("2026-10"))).then_no_finding(code)


def test_a_withdrawn_event_stands_no_more() -> None:
    """As now understood a case lacks what was withdrawn; as recorded it has it still (A.3, L5)."""
    withdraw = replace(CORRECT, target=2, fields=(), withdrawn=True)
    facts = begun().when(withdraw).history.facts

    assert [fact.version for fact in standing(facts)] == [1, 3]
    assert not case.replay(standing(facts)).conferences
    assert case.replay(facts).conferences


def test_the_last_correction_decides() -> None:
    """A withdrawal superseded by a later correction is itself undone (I12)."""
    withdrawn = begun().when(replace(CORRECT, target=2, fields=(), withdrawn=True))
    restored = withdrawn.when(replace(CORRECT, target=2, fields=(), supersedes=3))
    assert [fact.version for fact in standing(restored.history.facts)] == [1, 2, 3, 4]


def test_a_corrected_time_is_the_time_that_stands() -> None:
    """As now understood an event stands at its corrected time, and its record is untouched (L5)."""
    facts = (
        begun()
        .when(replace(CORRECT, target=2, fields=(), occurred=read("2026-10-30")))
        .history.facts
    )
    assert standing(facts)[1].occurred.text == "2026-10-30"
    assert facts[1].occurred.text != "2026-10-30"


def test_a_closed_case_is_corrected() -> None:
    """A closed case still takes corrections and notes (I14)."""
    closed = begun(at("2026-12-01", a_closure()))
    closed.when(CORRECT, on="2027-05-01").then_recorded(RecordCorrected)
    note = AnnotateEntry(target=1, kind=Code("disputed"), text=words("The son disputes this."))
    closed.when(note, on="2027-05-01").then_recorded(EntryAnnotated)


def test_a_note_stands_beside_an_event() -> None:
    """A note needs the event it stands beside, and leaves it as it was."""
    note = AnnotateEntry(target=2, kind=Code("significance"), text=words("The first sign."))
    begun().when(note).then_recorded(EntryAnnotated)
    begun().when(replace(note, target=9)).then_not_found()


def test_another_agencys_line_is_kept_apart() -> None:
    """A line of another chronology is recorded as such, with its time as uncertain as it was."""
    ask = RecordChronologyEntry(
        agency=POLICE,
        text=words("Officers attended and left."),
        source=words("Command log 42"),
        persons=(ADULT,),
        number=7,
        ended=read("2026-05-04"),
    )
    outcome = begun().when(ask, occurred="2026-05~")
    outcome.then_recorded(ChronologyEntryRecorded)
    assert outcome.history.facts[-1].occurred.uncertain


def test_restriction_limits_reading_and_not_recording() -> None:
    """A restricted case still takes what is recorded; the restriction ends by an event (I16)."""
    ask = RestrictProcessing(ground=Code("accuracy_contested"))
    restricted = begun().when(ask)
    restricted.then_recorded(ProcessingRestricted)

    assert restricted.history.case.restricted
    restricted.when(CORRECT).then_recorded(RecordCorrected)
    ended = restricted.when(UnrestrictProcessing(rationale=words("Settled.")))
    ended.then_recorded(ProcessingUnrestricted)
    assert not ended.history.case.restricted


def test_an_erasure_needs_two_people() -> None:
    """Nothing is erased on one person's word (L14)."""
    begun().when(ERASE).then_refused("L14")
    erased(begun(), ERASE).then_recorded(PersonalDataErased)


def test_a_case_erases_whom_it_names_and_goes_on() -> None:
    """Somebody else than the adult is forgotten where the case names them, and it goes on (L9)."""
    sister = replace(ERASE, person=SISTER)
    erased(begun(), sister).then_not_found()
    erased(begun(), replace(sister, scope=Code("passage"), target=1)).then_not_found()
    forgotten = erased(begun(), replace(sister, named=True))
    forgotten.then_recorded(PersonalDataErased)
    assert not forgotten.history.case.erased
    forgotten.when(CORRECT).then_recorded(RecordCorrected)
    assert erased(forgotten, ERASE).history.case.erased


def test_an_erasure_of_a_person_says_of_whom() -> None:
    """Where a case has no adult yet, whoever is to be forgotten is named (L9)."""
    line = given().when(RecordChronologyEntry(agency=POLICE, text=words("Called twice.")))
    erased(line, replace(ERASE, person=None)).then_refused("L9")
    erased(line, replace(ERASE, person=SISTER, named=True)).then_recorded(PersonalDataErased)


def test_a_legal_hold_stands_before_any_erasure() -> None:
    """While a hold stands nothing is erased; each hold is lifted by its own name (L17)."""
    first = begun().when(PlaceLegalHold(reason=Code("police")))
    first.then_recorded(LegalHoldPlaced)
    both = first.when(PlaceLegalHold(reason=Code("review")))

    erased(both, ERASE).then_refused("L17")
    one = both.when(LiftLegalHold(hold=3))
    one.then_recorded(LegalHoldLifted)
    erased(one, ERASE).then_refused("L17")
    one.when(LiftLegalHold(hold=3)).then_not_found()
    erased(one.when(LiftLegalHold(hold=4)), ERASE).then_recorded(PersonalDataErased)


def test_nothing_new_is_recorded_of_an_erased_person() -> None:
    """After the erasure of a person's data the case takes no new event about them (I13)."""
    erased(begun(), ERASE).when(CORRECT).then_refused("I13")


def test_erasing_one_passage_leaves_the_case_open() -> None:
    """The erasure of one passage does not end the case (I13)."""
    passage = replace(ERASE, scope=Code("passage"), person=None, target=1)
    goes_on = erased(begun(), passage)
    goes_on.then_recorded(PersonalDataErased)
    goes_on.when(CORRECT).then_recorded(RecordCorrected)
    erased(begun(), replace(passage, target=99)).then_not_found()
