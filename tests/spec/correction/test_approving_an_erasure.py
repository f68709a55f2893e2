from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.authority import ROLES, may
from domain.correction import (
    AnnotateEntry,
    CorrectRecord,
    ErasePersonalData,
    ErasureApproved,
    PersonalDataErased,
    RecordCorrected,
)
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.refusal import Refused
from domain.when import read
from domain.words import Actor, Code, WorkerRef
from tests.controls import (
    ACTOR,
    ADULT,
    COUNCIL,
    DAY,
    MANAGER,
    NATIONS,
    SISTER,
    a_closure,
    a_conference,
    a_referral,
    words,
)
from tests.erasing import A_THIRD, ANOTHER, approved, approving, by_the_last, erased
from tests.given import Given, Outcome, at, given

RULES = ("I12", "I13", "I14", "L9", "L14", "R150")

ERASE = ErasePersonalData(
    scope=Code("passage"),
    retention_class=Code("contact_only"),
    authority=Code("court_order"),
    target=1,
)
CASE_WIDE = replace(ERASE, scope=Code("case"), target=None)
WITHDRAW = CorrectRecord(
    target=3, reason=Code("entered_wrongly"), understood=words("A slip."), withdrawn=True
)
TWO_NEEDED = replace(ENGLAND, erasure_approvals=2)


def begun(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a referral and a conference called, and these (versions from 3)."""
    return given(a_referral(), a_conference(), *more, jurisdiction=nation)


def refused(outcome: Outcome) -> tuple[str, str, str | None]:
    """Give what a refusal names: its code, its rule and the field to look at."""
    assert isinstance(outcome.error, Refused), f"not refused: {outcome.events or outcome.error}"
    return outcome.error.code, outcome.error.rule, outcome.error.field


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_an_approval_is_an_act_of_its_own(nation: Jurisdiction) -> None:
    """It names what is to go and on what ground, until when it may be used, and erases nothing."""
    outcome = approved(begun(nation=nation), replace(ERASE, scope=Code("person"), target=None))
    outcome.then_recorded(ErasureApproved)
    (event,) = outcome.events
    assert isinstance(event, ErasureApproved)
    assert (event.scope, event.person, event.authority) == ("person", ADULT, "court_order")
    assert (event.use_by.rule, event.use_by.on) == ("erasure_approval", DAY + timedelta(days=30))
    assert not outcome.history.case.erased


def test_the_erasure_names_the_approval_it_rests_on() -> None:
    """What one person approved another erases, and who both were can be read from the two (L14)."""
    outcome = erased(begun(), ERASE)
    (event,) = outcome.events
    assert isinstance(event, PersonalDataErased)
    assert event.approvals == (3,)
    approval, erasure = outcome.history.facts[2:]
    assert (approval.header.recorded_by, erasure.header.recorded_by) == (MANAGER, ACTOR.worker)


def test_nobody_erases_by_their_own_approval() -> None:
    """Who erases did not approve it, nor may they record it as done by who did (L14)."""
    history = approved(begun(), ERASE).history
    ask = by_the_last(history, ERASE)
    own = ("same_approver", "L14", "approvals[0]")
    assert refused(history.when(ask, actor=ANOTHER)) == own
    assert refused(history.when(ask, performed_by=MANAGER)) == own
    assert refused(history.when(ask, actor=ANOTHER, performed_by=ACTOR.worker)) == own
    history.when(ask).then_recorded(PersonalDataErased)


def test_nobody_approves_in_another_name() -> None:
    """An approval is by whoever records it: a name that somebody else gives has not acted (L14)."""
    outcome = begun().when(approving(ERASE), actor=ANOTHER, performed_by=WorkerRef(SISTER))
    assert refused(outcome) == ("approved_by_other", "L14", "performed_by")


def test_an_erasure_without_an_approval_is_refused() -> None:
    """No approval, an entry that is none, or one that is not there, is not enough (L14)."""
    history = approved(begun(), ERASE).history
    assert refused(history.when(ERASE)) == ("not_approved", "L14", "approvals")
    for version in (0, 2, 4):
        none = history.when(replace(ERASE, approvals=(version,)))
        assert refused(none) == ("no_such_approval", "L14", "approvals[0]")


@pytest.mark.parametrize(
    "otherwise",
    [
        {"target": 2},
        {"scope": Code("case")},
        {"person": ADULT},
        {"authority": Code("erasure_request")},
        {"retention_class": Code("minutes")},
    ],
)
def test_an_approval_is_of_one_erasure(otherwise: dict[str, Any]) -> None:
    """What goes, of whom, of what kind and on what ground is what was approved, or nothing goes."""
    history = approved(begun(), ERASE).history
    ask = replace(by_the_last(history, ERASE), **otherwise)
    assert refused(history.when(ask)) == ("approval_of_other", "L14", "approvals[0]")


def test_an_approval_is_used_once() -> None:
    """A second erasure of the same is approved anew (L14)."""
    history = erased(begun(), ERASE).history
    again = history.when(replace(ERASE, approvals=(3,)))
    assert refused(again) == ("approval_used", "L14", "approvals[0]")
    erased(history, ERASE).then_recorded(PersonalDataErased)


def test_an_approval_that_was_withdrawn_lets_nothing_go() -> None:
    """Withdrawn by a correction it is none; put right again it is one (I12, L14)."""
    withdrawn = approved(begun(), ERASE).when(WITHDRAW)
    ask = replace(ERASE, approvals=(3,))
    assert refused(withdrawn.when(ask)) == ("no_such_approval", "L14", "approvals[0]")
    restored = withdrawn.when(replace(WITHDRAW, withdrawn=False, supersedes=4))
    restored.when(ask).then_recorded(PersonalDataErased)


def test_an_approval_is_good_for_thirty_days() -> None:
    """Counted from the day it was recorded, whenever it is said to have been given (L14)."""
    history = approved(begun(), ERASE, occurred="2026-10-01").history
    ask = by_the_last(history, ERASE)
    history.when(ask, on="2026-12-02").then_recorded(PersonalDataErased)
    late = history.when(ask, on="2026-12-03")
    assert refused(late) == ("approval_expired", "L14", "approvals[0]")


def test_where_two_approvals_are_needed_two_others_give_them() -> None:
    """A nation may ask for more than one: each is by somebody else (L14)."""
    history = approved(approved(begun(nation=TWO_NEEDED), ERASE), ERASE, actor=A_THIRD).history
    one = history.when(replace(ERASE, approvals=(3,)))
    assert refused(one) == ("not_approved", "L14", "approvals")
    twice = history.when(replace(ERASE, approvals=(3, 3)))
    assert refused(twice) == ("same_approver", "L14", "approvals[1]")
    history.when(replace(ERASE, approvals=(3, 4))).then_recorded(PersonalDataErased)


def test_only_who_may_erase_approves() -> None:
    """An approval is given by whoever could have erased, in a case and of a person (L14)."""
    for approve, erase in (
        ("approve-erasure", "erase-personal-data"),
        ("approve-person-erasure", "erase-person"),
    ):
        assert {one for one in ROLES if may(one, approve)} == {
            one for one in ROLES if may(one, erase)
        }


def test_a_closed_and_an_erased_case_are_approved_for_erasure() -> None:
    """What is erased is mostly closed; what was erased before may be erased again (I13, I14)."""
    closed = begun(at("2026-12-01", a_closure()))
    once = erased(closed, CASE_WIDE, on="2027-05-01")
    once.then_recorded(PersonalDataErased)
    erased(once, CASE_WIDE, on="2027-05-02").then_recorded(PersonalDataErased)


def test_an_erasure_is_not_withdrawn() -> None:
    """What is gone is shown as gone: when and why can be put right, that it went cannot (L9)."""
    sister = replace(ERASE, scope=Code("person"), target=None, person=SISTER, named=True)
    for ask in (ERASE, sister):
        history = erased(begun(), ask).history
        undo = replace(WITHDRAW, target=4)
        assert refused(history.when(undo)) == ("erased_for_good", "L9", "withdrawn")
        said = replace(undo, withdrawn=False, occurred=read("2026-11-01"))
        history.when(said).then_recorded(RecordCorrected)


def test_an_approval_withdrawn_after_its_use_is_criticised() -> None:
    """That what an erasure rested on is now understood not to have been is said (R150)."""
    history = erased(begun(), ERASE).history
    code = "erasure_approval_withdrawn"
    history.then_no_finding(code)
    history.when(WITHDRAW).then_finding(code, severity="high")
    unused = approved(begun(), ERASE).when(WITHDRAW)
    unused.then_no_finding(code)


def test_an_erasure_from_a_case_is_recorded_by_anybody_else() -> None:
    """It is the person who counts, not the team or the organisation they act for (L14)."""
    elsewhere = Actor(worker=MANAGER, role=Code("manager"), organisation=COUNCIL, team=ACTOR.team)
    history = approved(begun(), ERASE, actor=elsewhere).history
    history.when(by_the_last(history, ERASE), actor=A_THIRD).then_recorded(PersonalDataErased)


def test_an_approval_of_everything_is_of_what_there_was() -> None:
    """What is recorded since, nobody approved; a second approval, or a passage, is no bar (L14)."""
    note = AnnotateEntry(target=1, kind=Code("context"), text=words("Seen again."))
    for ask in (CASE_WIDE, replace(CASE_WIDE, scope=Code("person"))):
        history = approved(begun(), ask).history
        overtaken = history.when(note).when(replace(ask, approvals=(3,)))
        assert refused(overtaken) == ("approval_overtaken", "L14", "approvals[0]")
        anew = approved(overtaken.history, ask)
        anew.when(replace(ask, approvals=(5,))).then_recorded(PersonalDataErased)
        second = approved(history, ask, actor=A_THIRD)
        second.when(replace(ask, approvals=(3,))).then_recorded(PersonalDataErased)
    passage = approved(begun(), ERASE).when(note)
    passage.when(replace(ERASE, approvals=(3,))).then_recorded(PersonalDataErased)
