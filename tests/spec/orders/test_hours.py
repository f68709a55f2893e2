"""Limits in hours: by the hour where both hours are recorded, by what is certain where not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.correction import CorrectRecord, RecordCorrected
from domain.jurisdictions import Limit
from domain.jurisdictions.scotland import SCOTLAND
from domain.order import (
    ApplyForProtectionOrder,
    ProtectionOrderExecuted,
    ProtectionOrderGranted,
    RecordProtectionOrderExecuted,
    RecordProtectionOrderGranted,
)
from domain.policy import Policy
from domain.when import read
from domain.words import Code, OrderRef, Slug
from tests.controls import a_referral, ref
from tests.given import Outcome, given

RULES = ("R204",)

ORDER = OrderRef(ref(78))
DONE = RecordProtectionOrderExecuted(order=ORDER)
LATE = "order_carried_out_late"
UNDONE = "order_not_carried_out"


def own(amount: int, unit: str = "hours", *, adopted: int = 0) -> tuple[Policy, ...]:
    """A policy of an authority with a time of its own for a removal, from 20 November on."""
    limit = Limit(amount=amount, unit=Code(unit), counted_from="the grant", cite="Ours, 4")
    names = ("removal_carried_out", "removal_carried_out_urgent")
    version, effective = Slug("local-2"), date(2026, 11, 20)
    limits = dict.fromkeys(names, limit)
    return (Policy(version=version, effective=effective, limits=limits, adopted=adopted),)


def granted(
    kind: str,
    by: str,
    occurred: str,
    *,
    on: str = "2026-12-01",
    policies: tuple[Policy, ...] = (),
) -> Outcome:
    """Apply for an order of a kind and have it granted then, as entered on a day at 17:00."""
    apply = ApplyForProtectionOrder(
        order=ORDER,
        kind=Code(kind),
        applicant=Code("council"),
        adult_consents=Code("yes"),
        undue_pressure=Code("not_in_question"),
    )
    grant = RecordProtectionOrderGranted(
        order=ORDER, granted_by=Code(by), undue_pressure=Code("not_in_question")
    )
    case = given(a_referral(), jurisdiction=SCOTLAND, policies=policies)
    return case.when(apply, on="2026-11-30").when(grant, on=on, occurred=occurred)


@pytest.mark.parametrize(
    ("kind", "by", "granted_at", "done_at", "late"),
    [
        # An urgent removal, and a warrant, has 12 hours; a sheriff's has 72.
        ("removal", "justice_of_the_peace", "2026-12-01T09:00:00Z", "2026-12-02T16:00:00Z", True),
        ("removal", "justice_of_the_peace", "2026-12-01T09:00:00Z", "2026-12-01T21:00:01Z", True),
        ("removal", "justice_of_the_peace", "2026-12-01T09:00:00Z", "2026-12-01T21:00:00Z", False),
        ("removal", "justice_of_the_peace", "2026-12-01T15:00:00Z", "2026-12-02T02:00:00Z", False),
        ("removal", "sheriff", "2026-12-01T09:00:00Z", "2026-12-04T16:00:00Z", True),
        ("removal", "sheriff", "2026-12-01T09:00:00Z", "2026-12-04T08:59:00Z", False),
        ("warrant", "sheriff", "2026-12-01T09:00:00Z", "2026-12-04T09:30:00Z", True),
        ("warrant", "sheriff", "2026-12-01T09:00:00Z", "2028-03-01T09:00:00Z", True),
        ("warrant", "sheriff", "2026-12-01T09:00:00Z", "2026-12-03T09:30:00Z", False),
        ("warrant", "justice_of_the_peace", "2026-12-01T09:00:00Z", "2026-12-02T09:00:00Z", True),
        # Where one is a day, only what is late however it is read: granted by its entry at 17:00.
        ("removal", "justice_of_the_peace", "2026-12-01", "2026-12-02T05:00:00Z", False),
        ("removal", "justice_of_the_peace", "2026-12-01", "2026-12-02T06:00:00Z", True),
        ("removal", "justice_of_the_peace", "2026-12-01T09:00:00Z", "2026-12-01", False),
        ("removal", "justice_of_the_peace", "2026-12-01T09:00:00Z", "2026-12-02", True),
        ("removal", "justice_of_the_peace", "2026-12-01T15:00:00Z", "2026-12-02", False),
        ("removal", "justice_of_the_peace", "2026-12-01", "2026-12-02", False),
        ("removal", "justice_of_the_peace", "2026-12-01", "2026-12-03", True),
        ("warrant", "sheriff", "2026-12-01", "2026-12-04", False),
        ("warrant", "sheriff", "2026-12-01", "2026-12-05", True),
        # Through the night on which clocks go back there are 72 hours all the same.
        ("removal", "sheriff", "2026-10-23T09:00:00+01:00", "2026-10-26T08:00:00Z", False),
        ("removal", "sheriff", "2026-10-23T09:00:00+01:00", "2026-10-26T08:00:01Z", True),
        # What lasts longer is carried out before its end.
        ("assessment", "sheriff", "2026-12-01", "2026-12-08", False),
        ("assessment", "sheriff", "2026-12-01", "2026-12-09", True),
    ],
)
def test_an_order_is_carried_out_within_its_hours(
    kind: str,
    by: str,
    granted_at: str,
    done_at: str,
    late: bool,  # noqa: FBT001 — a table of cases
) -> None:
    """Done after the hours the Act allows is a finding; what may have been in time is none."""
    done = granted(kind, by, granted_at).when(DONE, on="2028-03-02", occurred=done_at)
    (done.then_finding if late else done.then_no_finding)(LATE)


def test_what_is_told_without_a_time_may_have_been_in_time() -> None:
    """Entered at 17:00 with no time stated, it may have been done hours before on that day."""
    urgent = granted("removal", "justice_of_the_peace", "2026-12-01T04:00:00Z")
    urgent.when(DONE, on="2026-12-01", occurred="2026-12-01T17:00:00Z").then_no_finding(LATE)
    urgent.when(DONE, on="2026-12-02", occurred="2026-12-01T16:30:00Z").then_finding(LATE)


@pytest.mark.parametrize(
    ("occurred", "last"),
    [
        ("2026-12-01T09:00:00Z", date(2026, 12, 1)),
        ("2026-12-01T15:00:00Z", date(2026, 12, 2)),
        ("2026-12-01", date(2026, 12, 2)),
    ],
)
def test_a_limit_in_hours_ends_on_the_day_of_its_last_hour(occurred: str, last: date) -> None:
    """Twelve hours from nine in the morning end that day; undone, it is overdue on the next."""
    urgent = granted("removal", "justice_of_the_peace", occurred)
    (event,) = urgent.events
    assert isinstance(event, ProtectionOrderGranted)
    assert event.carry_out_by is not None
    assert event.carry_out_by.on == last
    urgent.on(last).then_no_finding("order_not_carried_out")
    urgent.on(date(2026, 12, 3)).then_finding("order_not_carried_out")
    moved = urgent.when(DONE, on="2026-12-02", occurred="2026-12-01T20:00:00Z")
    (executed,) = moved.events
    assert isinstance(executed, ProtectionOrderExecuted)
    assert executed.expires is not None
    assert executed.expires.on == date(2026, 12, 2)  # 24 hours from then


@pytest.mark.parametrize(
    ("policies", "granted_at", "last", "late"),
    [
        (own(24), "2026-12-01T12:00:00Z", date(2026, 12, 2), True),
        (own(24), "2026-12-01", date(2026, 12, 2), True),
        (own(96), "2026-12-01T12:00:00Z", date(2026, 12, 5), False),
        (own(2, "calendar_days"), "2026-12-01T12:00:00Z", date(2026, 12, 3), False),
        (own(24), "2026-11-19T12:00:00Z", date(2026, 11, 22), True),  # before it is in force
        (own(24, adopted=9), "2026-12-01T12:00:00Z", date(2026, 12, 2), True),
        ((), "2026-12-01T12:00:00Z", date(2026, 12, 4), False),
    ],
)
def test_the_hours_are_those_of_the_policy_that_the_date_names(
    policies: tuple[Policy, ...],
    granted_at: str,
    last: date,
    late: bool,  # noqa: FBT001 — a table of cases
) -> None:
    """An order has the hours of the authority's policy of its day, which its date names (R204)."""
    order = granted("removal", "sheriff", granted_at, policies=policies)
    (event,) = order.events
    assert isinstance(event, ProtectionOrderGranted)
    assert event.carry_out_by is not None
    assert event.carry_out_by.on == last
    done = order.when(DONE, on="2026-12-09", occurred="2026-12-03T13:00:00Z")  # 49 hours from then
    (done.then_finding if late else done.then_no_finding)(LATE)
    for day in (last, last + timedelta(days=1)):
        undone = order.on(day)
        (undone.then_no_finding if day == last else undone.then_finding)(UNDONE)


def test_a_corrected_hour_has_the_hours_of_the_policy_that_the_date_names() -> None:
    """An hour corrected since a policy was adopted has its hours, also as it is judged (R204)."""
    order = granted("removal", "sheriff", "2026-12-01T12:00:00Z")
    since = replace(order.history, policies=own(24, adopted=order.history.facts[-1].position))
    hour = read("2026-12-01T23:30:00Z")
    ask = CorrectRecord(target=3, reason=Code("entered_wrongly"), occurred=hour)
    moved = since.when(ask, on="2026-12-02")
    (event,) = moved.events
    assert isinstance(event, RecordCorrected)
    ((due,),) = ([one.due for one in event.dues],)
    assert due is not None
    assert (due.on, due.policy) == (date(2026, 12, 2), f"{SCOTLAND.policy}/local-2")
    in_time = moved.when(DONE, on="2026-12-09", occurred="2026-12-02T23:00:00Z")
    in_time.then_no_finding(LATE)
    moved.when(DONE, on="2026-12-09", occurred="2026-12-03T00:00:00Z").then_finding(LATE)
