"""Where a case stands on its way to being kept or forgotten, and what is to be done next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from domain.closure import CaseClosed, CaseReopened, ReopenCase
from domain.correction import CorrectRecord, ErasePersonalData, LegalHoldLifted, LegalHoldPlaced
from domain.kept_until import NEXT, Kept, kept_until
from domain.retaining import ReviewRetention, SetRetentionClass
from domain.words import Code
from tests.controls import a_referral, words
from tests.erasing import approved, erased
from tests.given import Given, Outcome, at, given

RULES = ("R166",)

CLOSED = CaseClosed(
    reason=Code("risk_removed"),
    rationale=words("The risk is gone."),
    views=Code("not_recorded"),
    review_considered=Code("not_recorded"),
    contact_given=Code("not_recorded"),
)
CLASS = SetRetentionClass(
    retention_class=Code("case_record"), trigger=Code("case_closed"), review_on=date(2032, 11, 30)
)
DESTROY = ReviewRetention(decision=Code("destroy"), rationale=words("Nobody asks for it."))
KEEP = ReviewRetention(
    decision=Code("keep"), rationale=words("A claim may come."), review_on=date(2034, 1, 31)
)
FOR_EVER = replace(KEEP, decision=Code("keep_permanently"), review_on=None)
HOLD = LegalHoldPlaced(reason=Code("court"))
ERASE = ErasePersonalData(
    scope=Code("case"), retention_class=Code("case_record"), authority=Code("retention_ended")
)


def closed(*more: object) -> Given:
    """A case that was closed, and these."""
    return given(a_referral(), at("2026-11-30", CLOSED), *more)


def by(history: Given | Outcome, on: str, **more: Any) -> Kept:  # noqa: ANN401 — as `kept_until`
    """Where it stands, judged by a day."""
    told = history.history if isinstance(history, Outcome) else history
    return kept_until(told.case, date.fromisoformat(on), latest=told.facts[-1].version, **more)


def test_an_open_case_of_which_nothing_was_said_is_not_asked() -> None:
    """Nobody keeps or destroys a case that is being worked on."""
    assert by(given(a_referral()), "2040-01-01").stands == "open"
    reopened = closed(at("2027-01-04", CaseReopened(reason=Code("new_information"))))
    assert by(reopened, "2040-01-01").stands == "open"


def test_a_closed_case_has_a_class() -> None:
    """Closed, without a class: that is the next thing; the day it closed is told (R166, L15)."""
    found = by(closed(), "2026-12-01")
    assert (found.stands, found.command) == ("class_missing", "set-retention-class")


def test_a_case_is_kept_until_its_day_and_due_on_it() -> None:
    """Before its day nothing is to be done; from that day on somebody looks (L15)."""
    history = closed().when(CLASS, on="2026-12-01")
    assert by(history, "2032-11-29").stands == "kept"
    found = by(history, "2032-11-30")
    assert (found.stands, found.command) == ("due", "review-retention")
    assert found.review_due is not None
    assert found.review_due.on == date(2032, 11, 30)


def test_what_is_kept_without_a_day_is_dated_next() -> None:
    """Kept, and nobody says until when; kept permanently is an answer."""
    history = closed().when(replace(CLASS, review_on=None, started=None), on="2026-12-01")
    assert by(history, "2026-12-02").stands == "kept"  # by the nation's schedule
    undated = closed().when(CLASS, on="2026-12-01").when(replace(KEEP, review_on=None))
    assert by(undated, "2026-12-02").stands == "undated"
    for_ever = closed().when(CLASS, on="2026-12-01").when(FOR_EVER)
    assert by(for_ever, "2090-01-01").stands == "kept"


def test_a_decision_to_destroy_waits_for_the_first_of_two() -> None:
    """Decided, not approved: one person approves next (L14)."""
    history = closed().when(CLASS, on="2026-12-01").when(DESTROY, on="2032-12-01")
    found = by(history, "2032-12-02")
    assert (found.stands, found.command) == ("to_approve", "approve-erasure")


def test_an_approval_waits_for_the_second_person_while_it_may_be_used() -> None:
    """Approved: somebody else erases by it, until its day; then it is asked for anew (L14)."""
    history = closed().when(CLASS, on="2026-12-01").when(DESTROY, on="2032-12-01")
    asked = approved(history, ERASE, on="2032-12-02")
    found = by(asked, "2032-12-03")
    assert (found.stands, found.command) == ("approved", "erase-personal-data")
    (one,) = found.approvals
    assert (one.version, one.scope) == (asked.history.facts[-1].version, "case")
    assert by(asked, one.use_by.isoformat()).stands == "approved"
    assert by(asked, "2034-01-01").stands == "to_approve"


def test_an_approval_that_was_overtaken_or_withdrawn_waits_for_nobody() -> None:
    """More was recorded since, or it was withdrawn: nobody can erase by it."""
    history = closed().when(CLASS, on="2026-12-01").when(DESTROY, on="2032-12-01")
    asked = approved(history, ERASE, on="2032-12-02")
    overtaken = asked.when(replace(DESTROY), on="2032-12-03")
    assert by(overtaken, "2032-12-03").stands == "to_approve"
    gone = CorrectRecord(
        target=asked.history.facts[-1].version,
        reason=Code("entered_wrongly"),
        asked_by=Code("worker"),
        withdrawn=True,
    )
    assert by(asked.when(gone, on="2032-12-03"), "2032-12-03").stands == "to_approve"


def test_what_was_decided_before_a_reopening_is_not_carried_out_after_it() -> None:
    """A case that was taken up again, or classed anew, is decided on anew."""
    history = closed().when(CLASS, on="2026-12-01").when(DESTROY, on="2032-12-01")
    classed = history.when(replace(CLASS, review_on=date(2036, 1, 31)), on="2033-01-04")
    assert by(classed, "2033-01-05").stands == "kept"
    reopened = history.when(ReopenCase(reason=Code("new_information")), on="2033-01-04")
    assert by(reopened, "2033-01-05").stands == "open"


def test_a_hold_stands_before_everything_but_a_forgetting() -> None:
    """While a hold stands, that is what is told, with what waits behind it (L17)."""
    history = closed(HOLD).when(CLASS, on="2026-12-01").when(DESTROY, on="2032-12-01")
    found = by(history, "2032-12-02")
    assert (found.stands, found.held, found.command) == ("held", True, "lift-legal-hold")
    assert found.decision == "destroy"
    lifted = closed(HOLD, LegalHoldLifted(hold=3)).when(CLASS, on="2026-12-01")
    assert by(lifted, "2026-12-02").stands == "kept"
    assert by(given(a_referral(), HOLD), "2026-12-02").stands == "held"


def test_what_was_forgotten_is_told_with_its_day() -> None:
    """Erased: nothing is left to do but to make the copy of the keys anew."""
    history = closed().when(CLASS, on="2026-12-01").when(DESTROY, on="2032-12-01")
    gone = erased(history, ERASE, on="2032-12-02")
    assert gone.error is None
    found = by(gone, "2032-12-03")
    assert (found.stands, found.approvals) == ("forgotten", ())
    assert found.at is not None
    assert found.at.position == gone.history.facts[-1].position


def test_an_erased_case_is_forgotten_once_what_is_read_in_it_is() -> None:
    """Until each case read in it is erased too it still tells; each of these goes next (L14)."""
    gone = erased(closed(), ERASE, on="2026-12-02")
    beside, day = given(a_referral()), "2026-12-03"
    alone = by(beside, day, led_by_erased=True)
    assert (alone.stands, alone.command) == ("to_approve", "approve-erasure")
    waits = by(approved(beside, ERASE, on="2026-12-02"), day, led_by_erased=True)
    held = by(given(a_referral(), HOLD), day, led_by_erased=True)
    assert (waits.stands, held.stands) == ("approved", "held")
    done = by(erased(beside, ERASE, on="2026-12-02"), day, led_by_erased=True)
    assert done.stands == "forgotten"
    for merged, stands in (((alone, done), "still_tells"), ((done,), "forgotten")):
        assert by(gone, day, merged=merged).stands == stands


def test_of_what_was_forgotten_no_class_is_asked() -> None:
    """Erased before its class was set: there is nothing left to keep (R166, L9)."""
    code = "retention_class_missing"
    closed().on("2032-12-03").then_finding(code)
    erased(closed(), ERASE, on="2026-12-02").on("2032-12-03").then_no_finding(code)


def test_every_standing_says_what_is_next() -> None:
    """Each is told in words that name a command, or say that nothing is to be done."""
    for stands, step in NEXT.items():
        assert step.words.endswith("."), stands
        assert step.title[0].isupper(), stands
