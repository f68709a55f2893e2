"""Each sending of minutes is looked at by itself, and each that goes wrong is named."""

from __future__ import annotations

from domain.minutes import Recipient
from domain.words import Code
from tests.controls import HEALTH, REPORT
from tests.given import Given
from tests.spec.minutes.test_circulating import APPROVED, DRAFTED, MASTER, held, sent

RULES = ("R23", "R162", "R166")

BARE = Recipient(role=Code("gp"), organisation=HEALTH, copy=MASTER, source=MASTER)
CARER = Recipient(role=Code("carer"), copy=MASTER, source=MASTER)
ATTACHED = Recipient(
    role=Code("gp"),
    organisation=HEALTH,
    copy=MASTER,
    source=MASTER,
    basis=Code("information_sharing"),
    reports=(REPORT,),
)


def places(history: Given, code: str) -> list[int]:
    """Give where a finding points to, in the order in which it is told."""
    return [one.position or 0 for one in history.findings() if one.code == code]


def test_each_sending_without_a_basis_is_named() -> None:
    """Two sendings on no recorded basis are two findings, the earlier first (R166)."""
    history = held(DRAFTED, APPROVED, sent(BARE), sent(BARE))
    last = history.facts[-1].position
    assert places(history, "released_without_basis") == [last - 1, last]


def test_each_sending_without_authority_is_named() -> None:
    """Two sendings that nothing permits are two findings, the earlier first (R162)."""
    history = held(DRAFTED, APPROVED, sent(CARER, outside=True), sent(CARER, outside=True))
    last = history.facts[-1].position
    assert places(history, "released_without_authority") == [last - 1, last]


def test_each_sending_with_reports_is_named() -> None:
    """Reports that went twice to somebody who was not there are two findings (R23)."""
    history = held(DRAFTED, APPROVED, sent(ATTACHED), sent(ATTACHED))
    last = history.facts[-1].position
    assert places(history, "reports_with_minutes") == [last - 1, last]
