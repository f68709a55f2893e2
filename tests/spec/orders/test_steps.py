"""The steps of an order: each rests on the one before it, and is asked about where it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.order import (
    ProtectionOrderApplied,
    ProtectionOrderGranted,
    RecordProtectionOrderExpired,
    RecordProtectionOrderRecalled,
    RecordProtectionOrderRefused,
    RecordProtectionOrderVaried,
)
from domain.when import read
from domain.words import Code
from tests.controls import a_closure, words
from tests.given import Given, at
from tests.spec.correction.test_what_was_withdrawn import withdrawing
from tests.spec.orders.test_protection_orders import APPLY, DONE, GRANT, ORDER, conferred, granted

RULES = ("R204", "R150")

WITHOUT = "order_carried_out_without_grant"
REFUSED = RecordProtectionOrderRefused(order=ORDER)
RECALLED = RecordProtectionOrderRecalled(order=ORDER)
EXPIRED = RecordProtectionOrderExpired(order=ORDER)
VARIED = RecordProtectionOrderVaried(order=ORDER)


def applied(kind: str = "banning", **changes: object) -> Given:
    """Apply for an order of a kind on 30 November."""
    ask = replace(APPLY, kind=Code(kind), planned_hearing=None, **changes)  # type: ignore[arg-type]  # each test names its own
    return conferred().when(ask, on="2026-11-30").history


def without_entry_of(history: Given, kind: type) -> Given:
    """Withdraw the first entry of a kind."""
    version = next(fact.version for fact in history.facts if isinstance(fact.event, kind))
    return history.when(withdrawing(version), on="2026-12-03").history


def test_what_is_carried_out_was_granted() -> None:
    """Carried out, and never granted, is asked about until the grant is recorded (R204)."""
    done = applied().when(DONE, on="2026-12-02")
    done.then_finding(WITHOUT, severity="medium")
    done.when(GRANT, on="2026-12-03", occurred="2026-12-01").then_no_finding(WITHOUT)


def test_what_is_carried_out_was_not_refused() -> None:
    """Carried out after a refusal is asked about; granted after all, it is not (R204)."""
    refused = applied().when(REFUSED, on="2026-12-01")
    refused.when(DONE, on="2026-12-02").then_finding(WITHOUT)
    again = refused.when(GRANT, on="2026-12-02").when(DONE, on="2026-12-03")
    again.then_no_finding(WITHOUT)
    taken = granted("banning").when(REFUSED, on="2026-12-02")
    taken.when(DONE, on="2026-12-03").then_finding(WITHOUT)
    late = granted("banning").when(REFUSED, on="2026-12-03", occurred="2026-11-30")
    late.when(DONE, on="2026-12-03").then_no_finding(WITHOUT)
    assert late.history.case.order.orders[ORDER].in_force


def test_nothing_is_carried_out_before_its_grant() -> None:
    """Dated before the grant for certain, it is asked about; of one day it is not (R204)."""
    early = granted("removal")
    early.when(DONE, on="2026-12-02", occurred="2026-11-30").then_finding(WITHOUT)
    early.when(DONE, on="2026-12-02", occurred="2026-12-01").then_no_finding(WITHOUT)
    early.when(DONE, on="2026-12-02", occurred="2026-11-30?").then_no_finding(WITHOUT)
    early.when(DONE, on="2026-12-02").when(GRANT, on="2026-12-03").then_no_finding(WITHOUT)
    done = applied("removal").when(DONE, on="2026-11-30")  # which tells no end of a later grant
    later = done.when(GRANT, on="2026-12-03", occurred="2026-12-01").on("2026-12-20")
    later.then_finding(WITHOUT).then_no_finding("order_end_not_recorded")


@pytest.mark.parametrize(
    ("by", "last"), [("sheriff", "2026-12-09"), ("justice_of_the_peace", "2026-12-03")]
)
def test_a_grant_entered_after_it_was_carried_out_leaves_its_end(by: str, last: str) -> None:
    """A removal ends by its carrying out, and by who granted it, in any order of entry (R204)."""
    code, grant = "order_end_not_recorded", replace(GRANT, granted_by=Code(by))
    done = applied("removal").when(DONE, on="2026-12-02")
    late = done.when(grant, on="2026-12-03", occurred="2026-12-01")
    first = granted("removal").when(DONE, on="2026-12-02").history
    anew = without_entry_of(first, ProtectionOrderGranted)
    for history in (late.history, anew.when(grant, on="2026-12-03", occurred="2026-12-01").history):
        history.on(last).then_no_finding(code)
        history.on(date.fromisoformat(last) + timedelta(days=1)).then_finding(code)
        longer = history.when(replace(VARIED, expires_on=date(2026, 12, 20)), on="2026-12-03")
        longer.then_finding("order_too_long")


def test_what_was_carried_out_in_time_is_not_late_for_being_told_again() -> None:
    """An order served twice was carried out the first time (R204)."""
    done = granted("removal").when(DONE, on="2026-12-02")
    done.when(DONE, on="2026-12-07").then_no_finding("order_carried_out_late")


@pytest.mark.parametrize("step", [RECALLED, EXPIRED, REFUSED])
def test_a_grant_entered_after_its_end_leaves_it_ended(step: object) -> None:
    """Ended after the grant was given and before it is written down, it is over (R204)."""
    ended = applied().when(step, on="2026-12-02")
    late = ended.when(GRANT, on="2026-12-03", occurred="2026-12-01").history
    assert not late.case.order.orders[ORDER].in_force
    since = ended.when(GRANT, on="2026-12-03").history
    assert since.case.order.orders[ORDER].in_force


def test_a_grant_that_is_withdrawn_leaves_what_was_carried_out() -> None:
    """Once the entry of the grant does not stand, what was carried out lacks one (R204)."""
    done = granted("banning").when(DONE, on="2026-12-02")
    done.then_no_finding(WITHOUT)
    without_entry_of(done.history, ProtectionOrderGranted).then_finding(WITHOUT)


@pytest.mark.parametrize("step", [VARIED, RECALLED, EXPIRED])
def test_what_is_changed_or_ended_was_granted(step: object) -> None:
    """Varied, recalled or expired, and never granted, is asked about (R204)."""
    code = "order_changed_without_grant"
    changed = applied().when(step, on="2026-12-02")
    changed.then_finding(code, severity="low")
    changed.when(GRANT, on="2026-12-03", occurred="2026-12-01").then_no_finding(code)
    granted("banning").when(step, on="2026-12-02").then_no_finding(code)


def test_an_order_is_decided_once_it_is_applied_for() -> None:
    """Granted or refused days before the application, one of the days is wrong (R150)."""
    code = "days_out_of_order"
    for step in (GRANT, REFUSED):
        applied().when(step, on="2026-12-01", occurred="2026-11-29").then_finding(code)
        applied().when(step, on="2026-12-01", occurred="2026-11-30").then_no_finding(code)


@pytest.mark.parametrize("step", [VARIED, RECALLED, EXPIRED])
def test_an_order_is_changed_or_ended_once_it_is_granted(step: object) -> None:
    """Changed or ended days before the grant, one of the days is wrong (R150)."""
    code = "days_out_of_order"
    granted("banning").when(step, on="2026-12-02", occurred="2026-11-30").then_finding(code)
    granted("banning").when(step, on="2026-12-02", occurred="2026-12-01").then_no_finding(code)
    early = granted("banning").when(step, on="2026-12-02", occurred="2026-11-30")
    early.when(step, on="2026-12-03").then_finding(code)  # the first of the two


def test_a_grant_rests_on_an_application() -> None:
    """Once the application's entry does not stand, it is asked for; entered anew, it counts."""
    code = "order_not_applied_for"
    history = granted("banning").history
    history.then_no_finding(code)
    bare = without_entry_of(history, ProtectionOrderApplied)
    bare.then_finding(code, severity="low")
    anew = bare.when(APPLY, on="2026-12-03", occurred="2026-11-30")
    anew.then_no_finding(code)
    assert anew.history.case.order.orders[ORDER].in_force


@pytest.mark.parametrize(
    ("kind", "last", "past"),
    [
        ("assessment", "2026-12-07", "2026-12-08"),
        ("removal", "2026-12-07", "2026-12-08"),
        ("warrant", "2026-12-07", "2026-12-08"),
        ("banning", "2026-12-28", "2026-12-29"),
        ("temporary_banning", "2026-12-28", "2026-12-29"),
    ],
)
def test_an_application_comes_to_a_decision(kind: str, last: str, past: str) -> None:
    """A week, or four of a banning order, without a decision is asked about (R204)."""
    code = "order_undecided"
    history = applied(kind)
    history.on(last).then_no_finding(code)
    history.on(past).then_finding(code, severity="medium")
    history.when(GRANT, on=past).then_no_finding(code)
    history.when(REFUSED, on=past).then_no_finding(code)


def test_an_application_waits_for_the_day_it_is_heard() -> None:
    """A hearing planned for later is waited for (R204)."""
    code = "order_undecided"
    ask = replace(APPLY, kind=Code("assessment"), planned_hearing=read("2026-12-15"))
    history = conferred().when(ask, on="2026-11-30").history
    history.on("2026-12-15").then_no_finding(code)
    history.on("2026-12-16").then_finding(code)


def test_a_case_is_not_closed_on_an_open_application() -> None:
    """Closed while an application is undecided, what came of it is asked at once (R204)."""
    code = "order_undecided"
    closed = applied().also(at("2026-12-02", a_closure()))
    closed.then_finding(code)
    closed.when(REFUSED, on="2026-12-03").then_no_finding(code)


@pytest.mark.parametrize("kind", ["removal", "assessment"])
def test_what_ran_out_was_not_carried_out(kind: str) -> None:
    """An end by its time does not carry an order out; one taken back in time need not be."""
    code = "order_not_carried_out"
    history = granted(kind).history
    history.when(EXPIRED, on="2026-12-09").then_finding(code)
    history.when(RECALLED, on="2026-12-09").then_finding(code)
    history.when(RECALLED, on="2026-12-03").on("2026-12-20").then_no_finding(code)
    done = history.when(DONE, on="2026-12-02")
    done.when(EXPIRED, on="2026-12-09").then_no_finding(code)


def test_an_unused_warrant_is_not_asked_about() -> None:
    """Where the door is opened no warrant is needed (R204)."""
    over = granted("warrant").when(EXPIRED, on="2026-12-04").on("2026-12-20")
    over.then_no_finding("order_not_carried_out")


@pytest.mark.parametrize("step", [RECALLED, EXPIRED])
def test_an_order_ends_by_its_own_time(step: object) -> None:
    """An end days after the order's own time ran out is asked about (R204)."""
    code = "order_end_late"
    history = granted("assessment").when(DONE, on="2026-12-02").history  # until 8 December
    history.when(step, on="2026-12-14", occurred="2026-12-10").then_finding(code, severity="low")
    history.when(step, on="2026-12-14", occurred="2026-12-09").then_no_finding(code)
    told_late = history.when(step, on="2026-12-14", occurred="2026-12-14T17:00:00Z")
    told_late.then_no_finding(code)  # nobody said when it ended


def test_nothing_is_carried_out_after_its_end() -> None:
    """Carried out after a recall, or after the end a court stated, is late (R204)."""
    code = "order_carried_out_late"
    recalled = granted("banning").when(RECALLED, on="2026-12-03")
    recalled.when(DONE, on="2026-12-04").then_finding(code)
    recalled.when(DONE, on="2026-12-04", occurred="2026-12-02").then_no_finding(code)
    stated = granted("removal", expires_on=date(2026, 12, 2))
    stated.when(DONE, on="2026-12-03").then_finding(code)
    stated.when(DONE, on="2026-12-02").then_no_finding(code)


def test_somebody_holds_the_end_of_a_banning_order() -> None:
    """Closed while a banning order is in force, its end is a date to hold, until it ends (R204)."""
    code = "order_in_force_at_closing"
    closed = granted("banning").history.also(at("2026-12-20", a_closure()))
    closed.then_finding(code, severity="low")
    closed.when(RECALLED, on="2027-01-11").then_no_finding(code)
    closed.on("2027-06-01").then_finding(code)
    closed.on("2027-06-02").then_no_finding(code)  # its end is asked for instead
    other = granted("assessment").history.also(at("2026-12-03", a_closure()))
    other.then_no_finding(code)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("assessment", True),
        ("banning", True),
        ("temporary_banning", True),
        ("removal", False),
        ("warrant", False),
    ],
)
def test_a_justice_grants_removal_and_entry(kind: str, *, asked: bool) -> None:
    """Section 40 lets a justice of the peace grant no other order; a sheriff grants any (R204)."""
    code = "order_granted_by_justice"
    outcome = granted(kind, "justice_of_the_peace")
    (outcome.then_finding if asked else outcome.then_no_finding)(code)
    granted(kind).then_no_finding(code)


def test_undue_pressure_is_shown_by_something() -> None:
    """Where a refusal is to be passed over for pressure, what shows it is asked for (R204)."""
    code = "pressure_evidence_missing"
    no, shown = Code("no"), Code("shown")
    applied(adult_consents=no, undue_pressure=shown).then_finding(code, severity="low")
    told = words("He answers for her.")
    applied(adult_consents=no, undue_pressure=shown, pressure_evidence=told).then_no_finding(code)
    applied(adult_consents=no, undue_pressure=Code("lacks_capacity")).then_no_finding(code)


def test_steps_come_in_their_order_without_a_word() -> None:
    """Applied for, granted, carried out, changed and ended in its time: nothing is asked."""
    history = granted("banning").when(DONE, on="2026-12-02").history
    for step, day in ((VARIED, "2027-01-11"), (EXPIRED, "2027-06-01")):
        history = history.when(step, on=day).history
    asked = {one.code for one in history.findings()}
    assert not {code for code in asked if code.startswith("order_")}
    assert "days_out_of_order" not in asked
