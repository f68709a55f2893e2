"""What a court changes of an order without moving its end."""

from __future__ import annotations

from domain.order import ProtectionOrderVaried, RecordProtectionOrderVaried
from tests.controls import words
from tests.spec.orders.test_protection_orders import ORDER, granted


def test_an_order_may_be_varied_and_end_when_it_did() -> None:
    """A change that names no new end leaves the end the court gave (R204)."""
    outcome = granted("banning")
    before = outcome.history.case.order.orders[ORDER].expires
    change = RecordProtectionOrderVaried(order=ORDER, change=words("The shop is left out."))
    varied = outcome.when(change, on="2027-01-11")
    (event,) = varied.events
    assert isinstance(event, ProtectionOrderVaried)
    assert event.expires is None
    assert before is not None
    assert varied.history.case.order.orders[ORDER].expires == before
