"""The day an entry tells in a field of its own follows when it is understood to have happened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.advice import ProceedingsOutcomeRecorded
from domain.conclusion import CeaseEnquiryAtAdultsRequest
from domain.corrected import standing
from domain.duty import DecideDuty
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import on_day
from domain.words import Code, ProceedingsRef
from tests.controls import ENQUIRY, a_conclusion, ref
from tests.given import Given, at
from tests.spec.correction.test_due_dates_follow import (
    DAY,
    LATER,
    WEEK,
    found,
    move,
    opened,
    received,
)

RULES = ("I12", "L5", "R150", "R154")


def decided(nation: Jurisdiction, day: date, *, occurred: str | None = None) -> Given:
    """Decide on the duty on a day."""
    result = Code("inquiry" if nation is SCOTLAND else "section_42")
    ask = DecideDuty(criteria=(), result=result, decided_on=day)
    return received(nation).when(ask, on=day, occurred=occurred).history


def told(history: Given, version: int, field: str) -> Any:  # noqa: ANN401 — a day or none
    """The day that an entry tells, as understood."""
    return getattr(standing(history.facts)[version - 1].event, field)


@pytest.mark.parametrize("nation", [ENGLAND, SCOTLAND], ids=lambda one: str(one.code))
def test_a_duty_is_decided_late_by_its_corrected_day(nation: Jurisdiction) -> None:
    """A decision entered for the wrong day is late, or not, by the right one (R150, R154)."""
    code, due = "duty_decided_late", received(nation).case.decision_due
    assert due is not None
    wrong = decided(nation, due.on + timedelta(days=3))
    number = len(wrong.facts)
    assert found(wrong, code, LATER)
    right = move(wrong, number, due.on)
    assert told(right, number, "decided_on") == due.on
    assert not found(right, code, LATER)
    assert not found(right, "times_told_apart", LATER)
    assert wrong.facts[-1].event == right.facts[number - 1].event  # what was stored stays
    assert found(move(decided(nation, due.on), number, due.on + WEEK), code, LATER)


def test_what_is_asked_of_a_decision_runs_from_its_corrected_day() -> None:
    """What is missing of a decision is missing since the day on which it was taken (R154)."""
    begun = decided(SCOTLAND, DAY + timedelta(days=1))
    number = len(begun.facts)
    later = move(begun, number, DAY + timedelta(days=2))
    for one, day in ((begun, 1), (later, 2)):
        (finding,) = found(one, "duty_without_rationale", LATER)
        assert finding.since == on_day(DAY + timedelta(days=day))


def test_an_enquiry_ended_on_its_corrected_day() -> None:
    """Concluded in time by the right day; the day it was asked to end is the request's (R5, R7)."""
    begun = opened(ENGLAND)
    due = begun.facts[1].event.due.on
    late = begun.also(at(due + WEEK, a_conclusion(due + WEEK)))
    assert found(late, "enquiry_late", LATER)
    in_time = move(late, 3, due)
    assert told(in_time, 3, "concluded_on") == due
    assert not found(in_time, "enquiry_late", LATER)
    ask = CeaseEnquiryAtAdultsRequest(enquiry=ENQUIRY, requested_on=DAY + WEEK)
    ceased = begun.when(ask, on=DAY + WEEK).history
    assert told(move(ceased, 3, DAY), 3, "requested_on") == DAY + WEEK


@pytest.mark.parametrize(
    ("occurred", "to"),
    [
        pytest.param("2026-09-08", DAY + WEEK, id="told-apart"),
        pytest.param(None, "2026-09", id="no-one-day"),
        pytest.param(None, "2026-09-10?", id="uncertain"),
    ],
)
def test_a_day_told_apart_stays(occurred: str | None, to: str | date) -> None:
    """Stated as another day than it occurred on, or moved to no one certain day, it stays."""
    begun = decided(ENGLAND, DAY + timedelta(days=2), occurred=occurred)
    number = len(begun.facts)
    assert told(move(begun, number, to), number, "decided_on") == DAY + timedelta(days=2)


def test_where_no_day_is_told_none_is_made() -> None:
    """How proceedings ended may be told without a day; with one, that follows."""
    for day, now in ((None, None), (DAY, DAY + WEEK)):
        ended = ProceedingsOutcomeRecorded(
            proceedings=ProceedingsRef(ref(320)), outcome=Code("convicted"), decided_on=day
        )
        history = received(ENGLAND).also(at(DAY, ended))
        number = len(history.facts)
        assert told(move(history, number, DAY + WEEK), number, "decided_on") == now
