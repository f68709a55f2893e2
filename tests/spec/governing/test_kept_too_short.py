"""What is to be destroyed, or is approved to go, before its time of keeping has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.words import Code
from tests.erasing import approved
from tests.spec.governing.test_open_and_kept import CLOSE, DESTROY, ERASE, REOPEN, classed

RULES = ("R166",)
OPEN, EARLY = "destruction_decided_of_open_case", "destruction_decided_early"
APPROVED = "erasure_approved_early"
KEEP = replace(DESTROY, decision=Code("keep"), review_on=date(2030, 1, 7))


def test_nothing_is_destroyed_while_it_is_open() -> None:
    """A case that is worked on is needed; keeping it ends the finding (L15)."""
    again = classed().when(REOPEN, on="2026-01-05")
    decided = again.when(DESTROY, on="2026-01-07")
    decided.then_finding(OPEN, severity="medium").then_no_finding(EARLY)
    decided.when(CLOSE, on="2026-02-02").then_finding(OPEN)
    decided.when(KEEP, on="2026-01-08").then_no_finding(OPEN)
    classed().when(DESTROY, on="2023-01-05").then_no_finding(OPEN)


@pytest.mark.parametrize(
    ("day", "fires"),
    [("2022-11-29", True), ("2022-11-30", False), ("2022-12", False)],
)
def test_nothing_is_destroyed_before_the_day_set_to_look(day: str, *, fires: bool) -> None:
    """It is kept until then; keeping it ends the finding (L15)."""
    decided = classed().when(DESTROY, on="2023-01-05", occurred=day)
    (decided.then_finding if fires else decided.then_no_finding)(EARLY)
    if fires:
        decided.then_finding(EARLY, severity="medium").then_no_finding(OPEN)
        decided.when(KEEP, on="2023-01-06").then_no_finding(EARLY)


def test_nothing_is_approved_to_go_before_its_time_has_ended() -> None:
    """On the ground that it ended, of that class, where the day to look is still to come (L15)."""
    approved(classed(), ERASE, on="2022-11-29").then_finding(APPROVED, severity="high")
    approved(classed(), ERASE, on="2022-11-30").then_no_finding(APPROVED)
    ordered = replace(ERASE, authority=Code("court_order"))
    contact = replace(ERASE, retention_class=Code("contact_only"))
    for other in (ordered, contact):
        approved(classed(), other, on="2018-01-05").then_no_finding(APPROVED)
    early = approved(classed(), ERASE, on="2023-01-05").when(KEEP, on="2023-01-06")
    early.then_no_finding(APPROVED)  # the later day is no word on what was approved before
