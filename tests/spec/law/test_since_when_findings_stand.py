"""Since when what days alone bring is said to stand: the day that passed, in every code alike.

Every law that expects a finding by a later day holds it to this (`tests.since`); here are those
that count from no due date, and the law itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.excepting import GrantAccessException
from domain.finding import Finding
from domain.jurisdictions import Limit
from domain.jurisdictions.england import ENGLAND
from domain.policy import SILENCE, Policy
from domain.stage import found
from domain.when import read
from domain.words import Code, Slug
from tests.controls import (
    OFFICER,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    words,
)
from tests.given import Given, at, given
from tests.since import hold_since

RULES = ("R16", "R150", "R166", "R198")

DAY = date(2026, 11, 2)
LATER = date(2027, 12, 1)


def one_of(history: Given, code: str) -> Finding:
    """Give the one finding of a code that stands much later."""
    (one,) = (it for it in history.on(LATER).findings() if it.code == code)
    return one


def begins(history: Given, code: str, last: date) -> None:
    """Expect it to say that day, and to stand from the day after."""
    assert one_of(history, code).since is not None
    assert str(one_of(history, code).since) == last.isoformat()
    history.on(last).then_no_finding(code)
    history.on(last + timedelta(days=1)).then_finding(code)


def test_silence_begins_when_its_limit_has_passed() -> None:
    """What nobody recorded is too long from the day after the limit, and names its policy (R150).

    That is the policy under which the silence began, also where another took effect in it.
    """
    history = given(a_referral())
    limit = ENGLAND.limits[SILENCE]
    assert limit.unit == "calendar_days"
    begins(history, "nothing_recorded", DAY + timedelta(days=limit.amount))
    for unit, last in (("weeks", date(2026, 11, 16)), ("months", date(2027, 1, 2))):
        own = Limit(amount=2, unit=Code(unit), counted_from="", cite="local")
        early = Policy(
            version=Slug("one"), effective=date(2026, 1, 1), limits={SILENCE: own}, adopted=0
        )
        late = Policy(version=Slug("two"), effective=date(2026, 11, 10), adopted=0)
        history = given(a_referral(), policies=(early, late))
        begins(history, "nothing_recorded", last)
        assert str(one_of(history, "nothing_recorded").policy).endswith("/one")


def test_a_finding_names_the_policy_of_the_day_since_when_it_stands() -> None:
    """Not that of the day it is judged by, also where both were known as it was recorded (R198)."""
    one = Policy(version=Slug("one"), effective=date(2026, 1, 1), adopted=0)
    two = Policy(version=Slug("two"), effective=date(2027, 1, 1), adopted=0)
    held = at("2026-11-23", a_held_conference())
    history = given(a_referral(), a_conference("2026-11-23"), held, policies=(one, two))
    assert str(one_of(history, "raw_notes_not_kept").policy).endswith("/one")


def test_notes_are_missing_from_the_second_day_after() -> None:
    """A meeting may end late: its notes are kept at once on the day after still (R16)."""
    history = given(a_referral(), a_conference("2026-11-23"), at("2026-11-23", a_held_conference()))
    begins(history, "raw_notes_not_kept", date(2026, 11, 24))
    held = at("2026-11-23", a_held_conference(), occurred="2026-11")
    vague = given(a_referral(), a_conference("2026-11-23"), held)
    assert str(one_of(vague, "raw_notes_not_kept").since) == "2026-11"
    unknown = given(a_referral(), a_conference(), replace(held, occurred=read("unknown")))
    assert one_of(unknown, "raw_notes_not_kept").since is None


def test_a_class_is_missing_once_the_case_could_be_settled() -> None:
    """A closed case has four weeks for its class (R166, L15)."""
    closed = given(a_referral(), at("2026-11-09", a_closure()))
    begins(closed, "retention_class_missing", date(2026, 12, 7))


def test_an_exception_is_looked_at_by_its_last_day() -> None:
    """Access given for a time is to be looked at again once that has ended (L13)."""
    ask = GrantAccessException(
        worker=OFFICER, last_day=date(2026, 11, 20), rationale=words("Cover.")
    )
    history = given(a_referral()).when(ask, on=DAY).history
    begins(history, "exception_not_reviewed", date(2026, 11, 20))


@pytest.mark.parametrize("first", [date(2026, 11, 9), date(2026, 11, 11)], ids=["early", "late"])
def test_a_finding_that_says_another_day_is_seen(first: date) -> None:
    """The law itself fails of what stands on the day it names, and of what begins later."""
    one = found("a", "R1", "low", "Said.", position=1, since=date(2026, 11, 9))

    def standing(on: date) -> set[str]:
        return {one.identity} if on >= first else set()

    with pytest.raises(AssertionError, match="says since 2026-11-09"):
        hold_since([one], DAY, LATER, standing)  # type: ignore[arg-type]
    hold_since([one], DAY, DAY, standing)  # type: ignore[arg-type]
