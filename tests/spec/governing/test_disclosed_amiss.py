"""A disclosure by an order that is not named, or of what was withdrawn as another person's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.correction import CorrectRecord
from domain.words import Code
from tests.controls import a_referral, words
from tests.given import Given, given
from tests.spec.governing.test_access_request import ANSWER, ASK
from tests.spec.governing.test_disclosing import ADVICE, DISCLOSE, ENTRY

RULES = ("R154",)
UNNAMED, AMISS = "disclosed_by_order_unnamed", "disclosed_of_another"
ORDERED = replace(DISCLOSE, ground=Code("court_order"), authority=words("Order of 3 November."))
OUT = replace(DISCLOSE, manifest=(ENTRY, replace(ENTRY, entry=2)))


def withdrawn(reason: str = "wrong_person") -> Given:
    """Give a case whose second entry was withdrawn."""
    gone = CorrectRecord(target=2, reason=Code(reason), withdrawn=True)
    return given(a_referral(), ADVICE).when(gone, on="2026-11-05").history


def test_an_order_is_named() -> None:
    """What a court ordered is disclosed by an order that can be found; medium (L22)."""
    case = given(a_referral())
    case.when(ORDERED).then_no_finding(UNNAMED)
    case.when(replace(ORDERED, authority=None)).then_finding(UNNAMED, severity="medium")
    case.when(DISCLOSE).then_no_finding(UNNAMED)  # by another ground


@pytest.mark.parametrize(("reason", "fires"), [("wrong_person", True), ("entered_wrongly", False)])
def test_what_is_another_persons_is_not_disclosed(reason: str, *, fires: bool) -> None:
    """An entry withdrawn as another person's by then, in a manifest; high (L6, L22)."""
    told = withdrawn(reason).when(OUT, on="2026-11-09")
    (told.then_finding if fires else told.then_no_finding)(AMISS)
    if fires:
        told.then_finding(AMISS, severity="high")
    withdrawn(reason).when(DISCLOSE, on="2026-11-09").then_no_finding(AMISS)


def test_what_is_withdrawn_afterwards_or_stands_again_was_rightly_disclosed() -> None:
    """Then its recipients are told, which is another matter; what stands again is this person's."""
    out = given(a_referral(), ADVICE).when(OUT, on="2026-11-04")
    gone = CorrectRecord(target=2, reason=Code("wrong_person"), withdrawn=True)
    out.when(gone, on="2026-11-05").then_no_finding(AMISS)
    again = CorrectRecord(target=2, supersedes=3, reason=Code("entered_wrongly"))
    withdrawn().when(again, on="2026-11-06").when(OUT, on="2026-11-09").then_no_finding(AMISS)


def test_so_it_is_of_an_answer_to_a_request_for_access() -> None:
    """That gives entries by a manifest too."""
    asked = withdrawn().when(ASK, on="2026-11-06")
    other = replace(ANSWER, manifest=(replace(ANSWER.manifest[0], entry=2),))
    asked.when(other, on="2026-11-09").then_finding(AMISS)
    asked.when(ANSWER, on="2026-11-09").then_no_finding(AMISS)
