"""Whoever was given an entry that is withdrawn as another person's afterwards is told (L6)."""

from __future__ import annotations

from dataclasses import replace

from domain.correction import CorrectRecord
from domain.rectifying import TellRecipient
from domain.words import Code
from tests.controls import a_conference, a_referral
from tests.given import Given, Outcome, given
from tests.spec.governing.test_access_request import ANSWER
from tests.spec.governing.test_access_request import ASK as WANTS_THEIRS
from tests.spec.governing.test_disclosing import ADVICE, DISCLOSE, ENTRY
from tests.spec.governing.test_rectifying import ASK, GRANT, MINUTES, REQUEST

RULES = ("R154",)
CODE, UNTOLD = "of_another_not_told", "recipients_not_told"
GONE = CorrectRecord(target=2, reason=Code("wrong_person"), withdrawn=True)
OUT = replace(DISCLOSE, manifest=(ENTRY, replace(ENTRY, entry=2)))


def _named(history: Given | Outcome) -> list[int | None]:
    """Say of how many it is asked, of each entry."""
    return [one.counted for one in history.on("2026-12-01").findings() if one.code == CODE]


def case(*more: object) -> Given:
    """Give a case whose second entry is another person's, and these."""
    return given(a_referral(), ADVICE, a_conference(), *more)


def test_who_was_given_it_is_named_to_be_told() -> None:
    """By a manifest, or with minutes that went while it stood; the finding counts them; medium."""
    told = case().when(OUT).when(GONE)
    told.then_finding(CODE, severity="medium")
    assert _named(told) == [1]
    asked = case().when(WANTS_THEIRS)
    theirs = replace(ANSWER, manifest=(replace(ANSWER.manifest[0], entry=2),))
    assert _named(asked.when(theirs).when(GONE)) == [1]
    assert _named(case(MINUTES).when(OUT).when(GONE)) == [3]


def test_who_was_not_given_it_is_not() -> None:
    """A manifest without it, minutes after the withdrawal, or a withdrawal for another reason."""
    case().when(DISCLOSE).when(GONE).then_no_finding(CODE)
    case().when(GONE).history.also(MINUTES).then_no_finding(CODE)
    wrong = replace(GONE, reason=Code("entered_wrongly"))
    case(MINUTES).when(OUT).when(wrong).then_no_finding(CODE)
    case(MINUTES).when(OUT).then_no_finding(CODE)
    again = CorrectRecord(target=2, supersedes=5, reason=Code("entered_wrongly"))
    case().when(OUT).when(GONE).when(again).then_no_finding(CODE)


def test_who_was_given_it_afterwards_is_to_be_told_as_well() -> None:
    """That it was given out so late is said apart."""
    late = case().when(GONE).when(OUT)
    late.then_finding(CODE).then_finding("disclosed_of_another")


def test_it_ends_with_a_decision_that_names_them() -> None:
    """From then on each is to be told; of one refused, nobody is."""
    told = case().when(OUT).when(GONE)
    asked = told.when(replace(ASK, targets=(2,)))
    asked.then_finding(CODE)
    asked.when(replace(GRANT, decision=Code("refused"))).then_finding(CODE)
    granted = asked.when(replace(GRANT, entries=(5,)))
    granted.then_no_finding(CODE).then_finding(UNTOLD)
    tell = TellRecipient(request=REQUEST, recipient=1, method=Code("post"))
    granted.when(tell).then_no_finding(UNTOLD).then_no_finding(CODE)


def test_it_is_counted_in_words() -> None:
    """One is told of in the singular."""
    for history, words in ((case(), "1 recipient of"), (case(MINUTES), "3 recipients of")):
        found = history.when(OUT).when(GONE).on("2026-12-01").findings()
        assert any(one.code == CODE and words in one.words for one in found)
