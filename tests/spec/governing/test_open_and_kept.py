"""A case taken up again is not on its way to being forgotten, whatever was said of it before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.closure import CloseCase, ReopenCase
from domain.correction import CorrectRecord, ErasePersonalData
from domain.kept_until import Kept, kept_until
from domain.retaining import ReviewRetention, SetRetentionClass
from domain.words import Code
from tests.controls import a_referral, words
from tests.erasing import approved, erased
from tests.given import Given, Outcome, given

RULES = ("R166",)

CLOSE = CloseCase(reason=Code("risk_removed"), rationale=words("The risk is gone."))
REOPEN = ReopenCase(reason=Code("new_information"))
CLASS = SetRetentionClass(
    retention_class=Code("case_record"), trigger=Code("case_closed"), review_on=date(2022, 11, 30)
)
DESTROY = ReviewRetention(decision=Code("destroy"), rationale=words("Nobody asks for it."))
ERASE = ErasePersonalData(
    scope=Code("case"), retention_class=Code("case_record"), authority=Code("retention_ended")
)
OPEN = "erasure_approved_of_open_case"


def classed() -> Given:
    """A case closed in 2016, and classed then."""
    begun = given(a_referral("2016-11-01")).when(CLOSE, on="2016-11-30")
    return begun.when(CLASS, on="2016-12-01").history


def stands(history: Given | Outcome, on: str) -> Kept:
    """Where it stands, judged by a day."""
    told = history.history if isinstance(history, Outcome) else history
    return kept_until(told.case, date.fromisoformat(on), latest=told.facts[-1].version)


def test_a_case_taken_up_again_is_open_whatever_its_class_said() -> None:
    """Classed and due, then reopened: it is worked on, and nobody is asked to look (L15)."""
    assert stands(classed(), "2026-01-05").stands == "due"
    reopened = classed().when(REOPEN, on="2026-01-05")
    assert stands(reopened, "2026-01-06").stands == "open"
    decided = reopened.when(DESTROY, on="2026-01-07")
    assert stands(decided, "2026-01-08").stands == "open"


def test_a_case_whose_closing_was_withdrawn_is_open() -> None:
    """What was decided of it as closed leads nowhere (L15)."""
    gone = CorrectRecord(target=2, reason=Code("entered_wrongly"), withdrawn=True)
    history = classed().when(DESTROY, on="2023-01-05").when(gone, on="2023-01-06")
    assert stands(history, "2023-01-07").stands == "open"


def test_what_was_decided_of_an_open_case_is_not_carried_out_once_it_closes() -> None:
    """A decision to destroy is used of the closing it was made after alone (L15)."""
    decided = classed().when(REOPEN, on="2026-01-05").when(DESTROY, on="2026-01-07")
    closed = decided.when(CLOSE, on="2026-02-02")
    assert stands(closed, "2026-02-03").stands != "to_approve"
    assert stands(closed.when(DESTROY, on="2026-02-04"), "2026-02-05").stands == "to_approve"
    late = given(a_referral("2016-11-01")).when(DESTROY, on="2026-01-07")
    entered = late.when(CLOSE, on="2026-02-02", occurred="2016-11-30")  # the closing, late
    assert stands(entered, "2026-02-03").stands == "to_approve"


def test_an_approval_by_retention_of_an_open_case_waits_for_nobody() -> None:
    """The list leads nobody to erase a case that is open; on another ground it may (L15)."""
    asked = approved(classed().when(REOPEN, on="2026-01-05"), ERASE, on="2026-01-07")
    found = stands(asked, "2026-01-08")
    assert (found.stands, found.approvals) == ("open", ())
    other = replace(ERASE, authority=Code("court_order"))
    asked = approved(classed().when(REOPEN, on="2026-01-05"), other, on="2026-01-07")
    assert stands(asked, "2026-01-08").stands == "approved"


def test_an_erasure_by_retention_approved_of_an_open_case_is_said() -> None:
    """That its time of keeping has ended is not so while it is open, then or after (L15)."""
    due = classed().when(DESTROY, on="2023-01-05")
    approved(due, ERASE, on="2023-01-06").then_no_finding(OPEN)
    again = due.when(REOPEN, on="2026-01-05")
    asked = approved(again, ERASE, on="2026-01-06")
    asked.then_finding(OPEN, severity="high")
    asked.when(CLOSE, on="2026-02-02").then_finding(OPEN)
    approved(again, ERASE, on="2026-01-06", occurred="unknown").then_finding(OPEN)
    erased(again, ERASE, on="2026-01-06").then_finding(OPEN)
    approved(again, replace(ERASE, authority=Code("court_order")), on="2026-01-06").then_no_finding(
        OPEN
    )
    later = approved(due, ERASE, on="2023-01-06").when(REOPEN, on="2026-01-05")
    later.then_no_finding(OPEN)
