"""What a case is asked across those joined to it: who is let in, what closed, what is brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from domain import joined
from domain.excepting import AccessExceptionReviewed, AccessGrantedException
from domain.joining import CaseSplit
from domain.words import CaseRef, Code, Fact
from tests.controls import (
    CASE,
    MANAGER,
    OFFICER,
    OTHER_CASE,
    a_closure,
    a_referral,
    a_risk,
    an_enquiry,
    ref,
    words,
)
from tests.spec.governing.test_reading_as_one import merged_into, stream

RULES = ("R150", "R154")

THIRD_CASE = CaseRef(ref(3))
LAST = date(2026, 11, 20)
LET_IN = AccessGrantedException(
    worker=OFFICER,
    ground=Code("out_of_hours"),
    rationale=words("The night duty."),
    last_day=LAST,
    granted_by=MANAGER,
)


def judged(exception: int, how: str) -> AccessExceptionReviewed:
    """Give what is recorded where somebody looked at an exception."""
    return AccessExceptionReviewed(exception=exception, judged=Code(how), reviewed_by=MANAGER)


def let_in(*events: object, on: date = LAST) -> date | None:
    """Give until when an officer is let in on a day, by the entries of one case."""
    facts = stream(CASE, 0, a_referral(), *events, a_risk())
    found = joined.exceptions(facts).live(OFFICER, on)
    return None if found is None else found.last_day


def test_an_exception_holds_to_the_end_of_its_last_day() -> None:
    """A worker is let in on the last day of an exception, and not the day after (R150)."""
    assert let_in() is None
    assert let_in(LET_IN) == LAST
    assert let_in(LET_IN, on=date(2026, 11, 21)) is None
    assert let_in(replace(LET_IN, worker=MANAGER)) is None


def test_the_last_exception_that_stands_is_the_one() -> None:
    """Of several the last counts; one judged not justified lets nobody in (R150)."""
    longer = replace(LET_IN, last_day=date(2026, 12, 18))
    assert let_in(LET_IN, longer) == longer.last_day
    assert let_in(longer, LET_IN) == LAST
    assert let_in(longer, LET_IN, judged(3, "not_justified")) == longer.last_day
    assert let_in(LET_IN, judged(2, "justified")) == LAST
    assert let_in(LET_IN, judged(2, "not_justified")) is None


def test_a_case_is_closed_where_the_last_that_leads_it_is() -> None:
    """Of cases read in one another, the one that leads them all says whether it is closed (R150).

    One that is read in none is closed by its own entries alone.
    """
    chain: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, a_referral(), merged_into(OTHER_CASE)),
        OTHER_CASE: stream(OTHER_CASE, 10, a_referral(), a_closure(), merged_into(THIRD_CASE)),
        THIRD_CASE: stream(THIRD_CASE, 20, a_referral()),
    }
    assert joined.leading_closed(CASE, chain) is None
    closed = {**chain, THIRD_CASE: stream(THIRD_CASE, 20, a_referral(), a_closure())}
    assert joined.leading_closed(CASE, closed) == closed[THIRD_CASE][-1].position
    assert joined.leading_closed(THIRD_CASE, closed) is None
    unread: dict[UUID, list[Fact[Any]]] = {CASE: chain[CASE]}
    assert joined.leading_closed(CASE, unread) is None


def test_what_comes_back_by_a_merge_is_not_brought_by_another() -> None:
    """What was split off to a case that is then read in this one is this one's own (R150)."""
    split = CaseSplit(other=OTHER_CASE, place=Code("from"), reason=Code("wrong_case"), entries=(2,))
    streams: dict[UUID, list[Fact[Any]]] = {
        CASE: stream(CASE, 0, a_referral(), an_enquiry(), split),
        OTHER_CASE: stream(OTHER_CASE, 10, a_referral(), a_risk(), merged_into(CASE)),
    }
    told = joined.brought(CASE, streams)
    assert {one.stream for one in told} == {OTHER_CASE}
    assert joined.brought_until(CASE, streams) == told[-1].position
    assert joined.brought(THIRD_CASE, {THIRD_CASE: []}) == []
