from __future__ import annotations

from dataclasses import replace

from domain import case
from domain.corrected import standing
from domain.correction import (
    CorrectRecord,
    ErasePersonalData,
    LegalHoldLifted,
    LegalHoldPlaced,
    LiftLegalHold,
    PersonalDataErased,
    ProcessingRestricted,
    ProcessingUnrestricted,
)
from domain.words import Code
from tests.controls import ADULT, a_conference, a_referral, words
from tests.erasing import erased
from tests.given import Given, given

RULES = ("I12", "I16", "L17")

ERASE = ErasePersonalData(
    scope=Code("case"),
    retention_class=Code("contact_only"),
    authority=Code("court_order"),
)
HOLD = LegalHoldPlaced(reason=Code("police"))  # version 3
LIFTED = LegalHoldLifted(hold=3)  # version 4
RESTRICTED = ProcessingRestricted(ground=Code("accuracy_contested"))  # version 3


def begun(*more: object) -> Given:
    """Begin with a referral and a conference called, and these (versions from 3)."""
    return given(a_referral(), a_conference(), *more)


def withdrawing(target: int, *, supersedes: int | None = None) -> CorrectRecord:
    """Say that an event is now understood not to have happened."""
    return CorrectRecord(
        target=target,
        supersedes=supersedes,
        reason=Code("entered_wrongly"),
        understood=words("Nobody asked for this."),
        withdrawn=True,
    )


def alike(history: Given) -> case.Case:
    """Give the case as recorded, where a view would say the same of what stands over it."""
    shown = case.replay(standing(history.facts))
    assert (history.case.held, history.case.restricted) == (shown.held, shown.restricted)
    return history.case


def test_a_hold_whose_lifting_was_withdrawn_stops_an_erasure() -> None:
    """A lifting now understood not to have happened leaves its hold standing (L17, I12)."""
    history = begun(HOLD, LIFTED).when(withdrawing(4)).history

    assert alike(history).held
    erased(history, ERASE).then_refused("L17")
    again = history.when(LiftLegalHold(hold=3))
    again.then_recorded(LegalHoldLifted)
    assert not alike(again.history).held
    erased(again, ERASE).then_recorded(PersonalDataErased)


def test_a_lifting_whose_withdrawal_was_put_right_has_ended_the_hold() -> None:
    """The last correction decides whether a lifting stands, and with it the hold (I12)."""
    history = begun(HOLD, LIFTED).when(withdrawing(4)).history
    undone = replace(withdrawing(4, supersedes=5), withdrawn=False)
    restored = history.when(undone).history

    assert not alike(restored).held
    restored.when(LiftLegalHold(hold=3)).then_not_found()
    erased(restored, ERASE).then_recorded(PersonalDataErased)


def test_a_hold_now_understood_not_to_have_been_placed_stops_nothing() -> None:
    """A placing that was withdrawn is no hold: there is nothing to lift (L17)."""
    history = begun(HOLD).when(withdrawing(3)).history

    assert not alike(history).held
    history.when(LiftLegalHold(hold=3)).then_not_found()
    erased(history, ERASE).then_recorded(PersonalDataErased)


def test_one_hold_withdrawn_leaves_the_other() -> None:
    """Each hold stands by itself (L17)."""
    history = begun(HOLD, LegalHoldPlaced(reason=Code("review"))).when(withdrawing(3)).history

    assert alike(history).held
    erased(history, replace(ERASE, scope=Code("person"), person=ADULT)).then_refused("L17")


def test_a_restriction_stands_as_it_is_now_understood() -> None:
    """A restriction, or its end, that was withdrawn is judged so everywhere (I16)."""
    assert not alike(begun(RESTRICTED).when(withdrawing(3)).history).restricted
    ended = begun(RESTRICTED, ProcessingUnrestricted())
    assert not alike(ended).restricted
    assert alike(ended.when(withdrawing(4)).history).restricted
    assert alike(begun(RESTRICTED, RESTRICTED).when(withdrawing(4)).history).restricted
