from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.closure import CloseCase, ReopenCase
from domain.correction import LegalHoldPlaced
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.retaining import (
    RetentionClassSet,
    RetentionReviewed,
    ReviewRetention,
    SetRetentionClass,
)
from domain.when import read
from domain.words import Code
from tests.controls import CHAIR, NATIONS, OFFICER, a_referral, words
from tests.given import Given, Outcome, given

RULES = ("R154", "R166")

CLASS = SetRetentionClass(retention_class=Code("case_record"), trigger=Code("case_closed"))
WHY = words("A claim may still be made.")
KEEP = ReviewRetention(decision=Code("keep"), rationale=WHY, review_on=date(2034, 1, 31))
DESTROY = ReviewRetention(decision=Code("destroy"), rationale=WHY)
CLOSE = CloseCase(reason=Code("died"), rationale=words("She died."))
REOPEN = ReopenCase(reason=Code("new_information"))
HOLD = LegalHoldPlaced(reason=Code("court"))


def case(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a referral, and these."""
    return given(a_referral(), *more, jurisdiction=nation)


def closed(nation: Jurisdiction = ENGLAND) -> Outcome:
    """Close it: an open case is not asked when to look again."""
    return case(nation=nation).when(CLOSE, on="2026-11-30")


def due(event: object) -> str | None:
    """The day to look again."""
    assert isinstance(event, RetentionClassSet | RetentionReviewed)
    return None if event.review_due is None else str(event.review_due.on)


def test_a_class_says_when_to_look_again() -> None:
    """The schedule's period counts from the day named, to the month's last day where it must."""
    assert due(case().when(CLASS, on="2026-11-30").events[0]) == "2032-11-30"
    leap = replace(CLASS, started=read("2024-02-29"))
    assert due(case().when(leap).events[0]) == "2030-02-28"
    short = replace(leap, retention_class=Code("contact_only"))
    assert due(case().when(short).events[0]) == "2026-02-28"
    unknown = replace(CLASS, started=read("unknown"))
    assert due(case().when(unknown, on="2026-12-15").events[0]) == "2032-12-15"
    chose = replace(CLASS, review_on=date(2028, 1, 31))
    assert due(case().when(chose).events[0]) == "2028-01-31"
    assert due(case(nation=SCOTLAND).when(CLASS).events[0]) is None


def test_a_case_is_looked_at_by_its_day() -> None:
    """A case nobody looked at again by its day is a finding, until somebody did."""
    code = "retention_review_overdue"
    kept = closed().when(CLASS, on="2026-11-30")
    kept.on("2032-11-30").then_no_finding(code)
    kept.on("2032-12-01").then_finding(code)
    again = kept.when(KEEP, on="2032-12-01")
    again.on("2034-01-31").then_no_finding(code)
    again.on("2034-02-01").then_finding(code)
    kept.when(DESTROY, on="2032-12-01").on("2040-01-01").then_no_finding(code)


def test_whoever_did_it_decided_it() -> None:
    """A review names who decided, or else who is said to have done it."""
    (event,) = case().when(KEEP, performed_by=CHAIR).events
    assert isinstance(event, RetentionReviewed)
    assert event.decided_by == CHAIR
    (event,) = case().when(replace(KEEP, decided_by=OFFICER), performed_by=CHAIR).events
    assert isinstance(event, RetentionReviewed)
    assert event.decided_by == OFFICER


def test_the_finding_hangs_on_who_last_said_the_day() -> None:
    """A class set after a review says the day, so that the finding hangs on it."""
    later = closed().when(CLASS).when(KEEP).when(replace(CLASS, review_on=date(2028, 1, 31)))
    found = [one for one in later.on("2028-02-01").findings() if "retention" in one.code]
    assert [(one.code, one.position) for one in found] == [("retention_review_overdue", 5)]


def test_how_long_a_case_is_kept_has_reasons() -> None:
    """A decision to keep or destroy without its reasons is a finding, until one has them (R154)."""
    code = "retention_unexplained"
    case().when(KEEP).then_no_finding(code)
    bare = case().when(replace(KEEP, rationale=None))
    bare.then_finding(code)
    bare.when(KEEP).then_no_finding(code)


def test_a_case_kept_has_a_day_to_look_again() -> None:
    """A case kept without a day to look again is a finding, unless it is kept permanently."""
    code = "retention_undated"
    closed(SCOTLAND).when(CLASS).then_finding(code)
    closed().when(CLASS).then_no_finding(code)
    undated = closed().when(CLASS).when(replace(KEEP, review_on=None))
    undated.then_finding(code)
    undated.when(KEEP).then_no_finding(code)
    forever = ReviewRetention(decision=Code("keep_permanently"), rationale=WHY)
    undated.when(forever).then_no_finding(code)
    closed(SCOTLAND).when(CLASS).when(DESTROY).then_no_finding(code)


def test_what_is_held_is_not_to_be_destroyed() -> None:
    """Destroying decided while a legal hold stands is a finding; the decision says so itself."""
    code = "destruction_decided_under_hold"
    held = case(HOLD).when(DESTROY)
    held.then_finding(code, severity="high")
    assert getattr(held.events[0], "held", None) is True
    case(HOLD).when(KEEP).then_no_finding(code)
    held.when(KEEP).then_no_finding(code)
    free = case().when(DESTROY)
    free.then_no_finding(code)
    assert getattr(free.events[0], "held", None) is False


@pytest.mark.parametrize("nation", NATIONS)
def test_a_closed_case_has_a_class(nation: Jurisdiction) -> None:
    """A case closed without a class is a finding after four weeks, until one is set (R166, L15)."""
    code = "retention_class_missing"
    case(nation=nation).on("2030-01-01").then_no_finding(code)
    closed = case(nation=nation).when(CLOSE, on="2026-11-30")
    closed.on("2026-12-28").then_no_finding(code)
    (one,) = [it for it in closed.on("2026-12-29").findings() if it.code == code]
    assert one.since == read("2026-12-28")
    closed.when(CLASS, on="2026-12-02").on("2030-01-01").then_no_finding(code)
    closed.when(CLASS, on="2027-03-01").on("2030-01-01").then_no_finding(code)
    case(nation=nation).when(CLASS, on="2026-11-27").when(CLOSE, on="2026-11-30").on(
        "2030-01-01"
    ).then_no_finding(code)


def test_a_reopened_case_is_not_asked_for_its_class() -> None:
    """What was taken up again is asked once it is closed again, from that day (R166)."""
    code = "retention_class_missing"
    again = case().when(CLOSE, on="2026-11-30").when(REOPEN, on="2027-03-01")
    again.on("2030-01-01").then_no_finding(code)
    closed = again.when(CLOSE, on="2027-04-01")
    closed.on("2027-04-29").then_no_finding(code)
    closed.on("2027-04-30").then_finding(code)
