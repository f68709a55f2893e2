"""A case closed more than once: which closing counts, whichever was entered first."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from domain.closure import CaseReopened, CloseCase
from domain.words import Code
from tests.controls import a_closure, a_referral, words
from tests.given import At, Given, at, given

RULES = ("R150", "R154")

GONE = replace(a_closure(), reason=Code("risk_removed"), reason_other=None)
DIED = replace(a_closure(), reason=Code("died"), reason_other=None)
AGAIN = CaseReopened(reason=Code("new_information"))


def closed(day: str, event: object = GONE) -> At:
    """Give a closing, or a reopening, of a day, entered at the end of the year."""
    return at("2026-12-31", event, occurred=day)


def case(*events: object) -> Given:
    """Give a referral and what was recorded of the end of its case."""
    return given(a_referral(), *events)


def test_a_closing_of_an_earlier_day_takes_nothing_from_the_one_that_stands() -> None:
    """A case closed on the 20th and, entered later, on the 10th, is closed on the 20th (R150)."""
    twice = case(closed("2026-12-20"), closed("2026-12-10", DIED))

    twice.then_finding("closed_again", severity="medium")
    assert str(twice.case.closed_on) == "2026-12-20"
    assert twice.case.closure.closed is not None
    assert twice.case.closure.closed.reason == "risk_removed"
    case(closed("2026-12-20")).then_no_finding("closed_again")


def test_of_one_day_the_closing_entered_first_counts() -> None:
    """That one closed the case; the other found it closed, and is recorded all the same (R150)."""
    close = CloseCase(reason=Code("died"), rationale=words("She died."))
    twice = case(at("2026-12-20", GONE)).when(close, on="2026-12-20", occurred="2026-12-20")

    twice.then_finding("closed_again")
    assert twice.history.case.closure.closed is not None
    assert twice.history.case.closure.closed.reason == "risk_removed"


def test_the_order_of_entry_does_not_say_which_closing_counts() -> None:
    """Two closings and a reopening between them leave the case closed, however entered (R150)."""
    for order in permutations([closed("2026-12-10"), closed("2026-12-20", DIED)]):
        assert str(case(*order).case.closed_on) == "2026-12-20"
        between = case(*order, closed("2026-12-15", AGAIN))
        assert str(between.case.closed_on) == "2026-12-20"
        between.then_no_finding("closed_again")


def test_a_closing_entered_late_does_not_end_a_case_taken_up_since() -> None:
    """What lies before the case was taken up again leaves it open, and is asked about (R150)."""
    late = case(closed("2026-12-10"), closed("2026-12-20", AGAIN), closed("2026-12-15", DIED))

    assert not late.case.closed
    late.then_finding("closed_again")
    again = case(closed("2026-12-10"), closed("2026-12-20", AGAIN), closed("2026-12-25", DIED))
    assert str(again.case.closed_on) == "2026-12-25"
    again.then_no_finding("closed_again")


def test_the_only_closing_is_undone_by_a_reopening_of_whatever_day() -> None:
    """Nobody takes up what is not closed: the day stated of that is a slip (I14)."""
    assert not case(closed("2026-12-20"), closed("2026-12-15", AGAIN)).case.closed


def test_all_of_one_day_goes_by_the_order_of_entry() -> None:
    """Closed, taken up again and closed on one day: it is closed, and by the last (R154)."""
    day = "2026-12-20"
    story = case(closed(day), closed(day, AGAIN), closed(day, DIED))

    assert story.case.closure.closed is not None
    assert story.case.closure.closed.reason == "died"
    story.then_no_finding("closed_again")
    assert story.case.closure.last == story.case.closure.closed


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_an_uncertain_closing_the_kindest_day_counts(order: tuple[int, int]) -> None:
    """It may have been the last of its month, and what came before is no later entry (R150)."""
    both = [closed("2026-11-20"), closed("2026-11", DIED)]
    twice = case(*(both[number] for number in order))

    assert twice.case.closed_at is not None
    assert str(twice.case.closed_at.last) == "2026-11-30"
    twice.then_finding("closed_again")
