"""A request to put the record right, decided twice, carried out by what touches it, and told on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.correction import AnnotateEntry, CorrectRecord
from domain.minutes import MinutesCirculated
from domain.rectifying import TellRecipient
from domain.words import Code, Digest
from tests.controls import words
from tests.given import Given, Outcome, at
from tests.spec.governing.test_rectifying import ASK, GRANT, MINUTES, REFUSE, REQUEST, case

RULES = ("R154",)
LATE, DONE, UNTOLD = "rectification_late", "rectification_not_carried_out", "recipients_not_told"
CORRECT = CorrectRecord(
    target=1,
    reason=Code("disputed_upheld"),
    fields=(Code("channel"),),
    understood=words("By telephone."),
)
TELL = TellRecipient(request=REQUEST, recipient=1, method=Code("post"))
SENT = MinutesCirculated(
    conference=MINUTES.conference, recipients=MINUTES.recipients[:1], outside=False, due=None
)


def test_deciding_again_is_not_late() -> None:
    """The first decision answers the request; the last says what was decided (L5)."""
    asked = case().when(ASK, on="2026-11-12")
    first = asked.when(REFUSE, on="2026-11-20")
    again = first.when(replace(GRANT, rationale=None), on="2027-02-01")
    again.then_no_finding(LATE).then_finding(DONE)
    again.then_no_finding("rectification_refused_unexplained")
    late = asked.when(REFUSE, on="2027-01-20").when(GRANT, on="2027-02-01")
    found = [one for one in late.on("2027-02-01").findings() if one.code == LATE]
    assert [one.position for one in found] == [4]


def test_an_unrelated_correction_carries_out_nothing() -> None:
    """What is named touches an entry that was asked about (L5)."""
    other = replace(CORRECT, target=2, fields=(Code("kind"),))
    asked = case().when(ASK)
    asked.when(other).when(replace(GRANT, entries=(4,))).then_finding(DONE)
    asked.when(CORRECT).when(replace(GRANT, entries=(4,))).then_no_finding(DONE)
    beside = AnnotateEntry(target=2, kind=Code("supplementary"), text=words("Not this."))
    asked.when(beside).when(replace(GRANT, entries=(4,))).then_finding(DONE)


def test_a_correction_that_follows_carries_it_out() -> None:
    """One of the entry asked about that comes after the decision does, also where none named it."""
    asked = case().when(ASK)
    asked.when(CORRECT).when(GRANT).then_finding(DONE)  # before it, and nobody says that it was it
    granted = asked.when(GRANT)
    granted.when(CORRECT).then_no_finding(DONE)
    granted.when(replace(CORRECT, target=2, fields=(Code("kind"),))).then_finding(DONE)
    granted.when(CORRECT).when(replace(GRANT, decision=Code("partly_granted"))).then_no_finding(
        DONE
    )


def test_a_statement_withdrawn_carries_out_nothing() -> None:
    """It no longer stands beside the entry."""
    beside = AnnotateEntry(target=1, kind=Code("disputed"), text=words("She says not."))
    noted = case().when(ASK).when(beside).when(replace(GRANT, entries=(4,)))
    noted.then_no_finding(DONE)
    gone = CorrectRecord(target=4, reason=Code("entered_wrongly"), withdrawn=True)
    noted.when(gone).then_finding(DONE)


def test_neither_a_way_nor_a_reason_tells_nobody() -> None:
    """Somebody is told when it says how, or why they were not (L6)."""
    made = case(SENT).when(ASK).when(GRANT)
    made.when(replace(TELL, method=Code("not_recorded"))).then_finding(UNTOLD)
    made.when(TELL).then_no_finding(UNTOLD)
    why = replace(TELL, method=Code("not_recorded"), not_told_because=words("It was sent back."))
    made.when(why).then_no_finding(UNTOLD)


def test_one_is_counted_as_one() -> None:
    """Of one holder it is said in the singular, of two in the plural."""
    for sent, verb in ((SENT, "1 is not"), (MINUTES, "2 are not")):
        granted = case(sent).when(ASK).when(GRANT)
        (one,) = (one for one in granted.on("2026-11-30").findings() if one.code == UNTOLD)
        assert verb in one.words


def _to_tell(history: Given | Outcome) -> int:
    """Say how many are still to be told."""
    judged = history.on("2027-03-01").findings()
    return sum(one.counted or 0 for one in judged if one.code == UNTOLD)


def test_deciding_again_leaves_told_who_was() -> None:
    """Whoever was told by then need not be told by the same decision made anew."""
    told = case(MINUTES).when(ASK).when(GRANT).when(TELL)
    assert _to_tell(told) == 1
    again = told.when(replace(GRANT, decision=Code("partly_granted")))
    assert _to_tell(again) == 1
    assert _to_tell(again.when(replace(TELL, recipient=2))) == 0


def test_a_copy_made_after_the_decision_is_to_be_told_too() -> None:
    """Until the record is put right, and of what was sent before also then: the same bytes."""
    granted = case(MINUTES).when(ASK).when(GRANT).history
    later = granted.also(SENT)
    assert _to_tell(later) == 3
    later.when(replace(TELL, recipient=4)).then_not_found()
    assert _to_tell(later.when(replace(TELL, recipient=3))) == 2
    assert _to_tell(later.when(GRANT)) == 3  # named now, and each once
    right = granted.when(CORRECT).history
    assert _to_tell(right.also(SENT)) == 3
    anew = replace(SENT, recipients=(replace(SENT.recipients[0], copy=Digest("f" * 64)),))
    assert _to_tell(right.also(anew)) == 2
    assert _to_tell(granted.also(anew)) == 3


@pytest.mark.parametrize("decision", ["refused"])
def test_nobody_is_to_be_told_of_a_refusal(decision: str) -> None:
    """Nothing was put right: copies made afterwards are as the record is."""
    refused = case(MINUTES).when(ASK).when(replace(REFUSE, decision=Code(decision))).history
    assert _to_tell(refused.also(at("2026-12-01", SENT))) == 0
