from __future__ import annotations

from dataclasses import replace

from domain.closing import (
    AdultViewsOnClosureRecorded,
    ClosureChecklistCompleted,
    CompleteClosureChecklist,
    Item,
    RecordAdultViewsOnClosure,
)
from domain.jurisdictions.england import ENGLAND
from domain.words import Code
from tests.controls import a_closure, a_referral, words
from tests.given import Given, at, given

RULES = ("R13", "R154")

WHY = words("There is nobody else there.")
ALL = tuple(Item(item=Code(one), answer=Code("done")) for one in ENGLAND.lists["closure_item"])
DISAGREES = RecordAdultViewsOnClosure(views=Code("disagrees"), explored=Code("yes"))


def case(*more: object) -> Given:
    """Begin with a referral, and these."""
    return given(a_referral(), *more)


def test_disagreement_with_closing_is_explored() -> None:
    """An adult who disagrees with closing, and nobody explored it, is a finding (R13)."""
    code = "disagreement_not_explored"
    explored = case().when(DISAGREES).then_recorded(AdultViewsOnClosureRecorded)
    explored.then_no_finding(code)
    for answer in ("no", "not_recorded"):
        unheard = case().when(replace(DISAGREES, explored=Code(answer)))
        unheard.then_finding(code)
        unheard.when(DISAGREES).then_no_finding(code)
    agrees = RecordAdultViewsOnClosure(views=Code("agrees"))
    case().when(agrees).then_no_finding(code)


def test_the_list_before_closing_is_whole() -> None:
    """A list that leaves something out is a finding once the case is closed (R154)."""
    code = "closure_checklist_incomplete"
    whole, part = ClosureChecklistCompleted(items=ALL), ClosureChecklistCompleted(items=ALL[1:])
    closed = at("2026-12-20", a_closure())
    case(whole, closed).then_no_finding(code)
    case(part, closed).then_finding(code)
    case(part).then_no_finding(code)
    case(closed).then_no_finding(code)
    unsaid = replace(ALL[0], answer=Code("not_recorded"))
    case(replace(whole, items=(unsaid, *ALL[1:])), closed).then_finding(code)


def test_what_was_not_done_before_closing_is_explained() -> None:
    """Something not done before closing, and not why, is a finding (R154)."""
    code = "closure_item_unexplained"
    undone = Item(item=Code("lessons"), answer=Code("not_done"))
    ask = CompleteClosureChecklist(items=(undone,))
    case().when(ask).then_recorded(ClosureChecklistCompleted).then_finding(code)
    case().when(replace(ask, items=(replace(undone, note=WHY),))).then_no_finding(code)
    needless = replace(undone, answer=Code("not_needed"))
    case().when(replace(ask, items=(needless,))).then_no_finding(code)


def test_the_list_says_one_thing_of_each() -> None:
    """A list that says two things of one is refused (I11)."""
    twice = (ALL[0], replace(ALL[0], answer=Code("not_done")))
    case().when(CompleteClosureChecklist(items=twice)).then_refused("I11", code="item_twice")
