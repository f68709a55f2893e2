"""An answer to a request for access before the request, or before it was known whose it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.words import Code
from tests.spec.governing.test_access_request import AGAIN, ANSWER, KEPT, PART, STOP, asked

RULES = ("R150", "R154")
UNPROVED, EARLY = "access_given_before_identity", "access_answered_before_received"
UNGROUNDED = "access_withheld_without_ground"


@pytest.mark.parametrize(
    ("outcome", "fires"),
    [("given", True), ("given_in_part", True), ("refused", False), ("withdrawn", False)],
)
def test_nothing_is_given_while_it_is_not_known_to_whom(outcome: str, *, fires: bool) -> None:
    """Given while the clock stands for proof of identity: high; once that came, none (L1)."""
    answer = replace(PART, outcome=Code(outcome))
    stopped = asked().when(STOP, on="2026-11-16")
    told = stopped.when(answer, on="2026-11-20")
    (told.then_finding if fires else told.then_no_finding)(UNPROVED)
    if fires:
        told.then_finding(UNPROVED, severity="high")
    stopped.when(AGAIN, on="2026-11-18").when(answer, on="2026-11-20").then_no_finding(UNPROVED)
    unclear = asked().when(replace(STOP, reason=Code("clarification")), on="2026-11-16")
    unclear.when(answer, on="2026-11-20").then_no_finding(UNPROVED)


@pytest.mark.parametrize(
    ("day", "fires"),
    [("2026-11-11", True), ("2026-11-12", False), ("2026-11", False), ("2026-11-11?", False)],
)
def test_a_request_is_answered_after_it_was_received(day: str, *, fires: bool) -> None:
    """One of two days is wrong where it is dated before; low (R150)."""
    told = asked("2026-11-12").when(ANSWER, on="2026-11-20", occurred=day)
    (told.then_finding if fires else told.then_no_finding)(EARLY)
    if fires:
        told.then_finding(EARLY, severity="low")


def test_what_is_kept_back_has_a_ground_whatever_the_answer_is_called() -> None:
    """Also where all is said to be given, and entries were withheld (L2)."""
    asked().when(ANSWER).then_no_finding(UNGROUNDED)
    asked().when(replace(ANSWER, withheld=(KEPT,))).then_no_finding(UNGROUNDED)
    bare = replace(KEPT, ground=Code("not_recorded"))
    asked().when(replace(ANSWER, withheld=(bare,))).then_finding(UNGROUNDED)
