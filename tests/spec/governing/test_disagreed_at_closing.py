"""An adult who disagrees with closing is asked why, wherever that they disagree is recorded."""

from __future__ import annotations

from dataclasses import replace

from domain.closing import RecordAdultViewsOnClosure
from domain.words import Code
from tests.controls import a_closure, a_referral, words
from tests.given import Given, at, given

RULES = ("R13",)

CODE = "disagreement_not_explored"
DISAGREES = replace(a_closure(), views=Code("disagrees"), views_words=None)
VIEWS = RecordAdultViewsOnClosure(views=Code("disagrees"))


def closed(closure: object) -> Given:
    """Close a case."""
    return given(a_referral(), at("2026-12-20", closure))


def test_disagreement_told_with_the_closing_is_explored() -> None:
    """Disagreeing, as the closing tells it, without the adult's words is a finding (R13)."""
    closed(DISAGREES).then_finding(CODE, severity="medium")
    closed(replace(DISAGREES, views_words=words("I am still afraid."))).then_no_finding(CODE)
    closed(replace(DISAGREES, views=Code("agrees"))).then_no_finding(CODE)


def test_it_is_one_disagreement() -> None:
    """Said before the closing too, it is asked after there, once (R13)."""
    for explored, count in (("yes", 0), ("not_recorded", 1)):
        ask = replace(VIEWS, explored=Code(explored))
        before = given(a_referral()).when(ask, on="2026-12-18").history
        both = before.also(at("2026-12-20", DISAGREES))
        assert [one.code for one in both.findings()].count(Code(CODE)) == count
    agreed = given(a_referral()).when(replace(VIEWS, views=Code("agrees")), on="2026-12-18").history
    agreed.also(at("2026-12-20", DISAGREES)).then_finding(CODE)
