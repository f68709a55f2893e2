"""Repeat referrals are counted as they are now understood, whatever the record derived then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.case import findings
from domain.concern import LinkReferral, ReferralLinked, RepeatReferralThresholdReached
from domain.correction import CorrectRecord
from domain.joining import CaseMerged
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.policy import Policy
from domain.reading import replayed
from domain.stage import Looking
from domain.when import read
from domain.words import CaseRef, Code, Slug
from tests.controls import (
    CASE,
    NATIONS,
    OTHER_CASE,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
)
from tests.given import Given, at, given

RULES = ("R198", "R200")
CODES = {"england": "repeats_dealt_with_singly", "scotland": "threshold_without_conference"}
EACH = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)


def linked(nation: Jurisdiction, *days: str, first: str = "2026-11-02") -> Given:
    """Join referrals to a case, each on its day."""
    history = given(at("2026-11-02", a_referral(first), occurred=first), jurisdiction=nation)
    for day in days:
        ask = LinkReferral(received=read(day))
        history = history.when(ask, on=day, occurred=day).history
    return history


def third(nation: Jurisdiction) -> Given:
    """Give three: the number is reached with the last."""
    return linked(nation, "2026-11-09", "2026-11-16")


def corrected(history: Given, target: int, occurred: str | None = None) -> Given:
    """Withdraw an entry, or say when it was."""
    when = None if occurred is None else read(occurred)
    ask = CorrectRecord(
        target=target, reason=Code("entered_wrongly"), occurred=when, withdrawn=when is None
    )
    return history.when(ask, on="2026-11-20").history


@EACH
def test_a_referral_withdrawn_is_counted_no_more(nation: Jurisdiction) -> None:
    """Of three, one was a duplicate: two do not make up the number (R200)."""
    code = CODES[nation.code]
    history = third(nation).then_finding(code)
    assert isinstance(history.facts[-1].event, RepeatReferralThresholdReached)
    for target in (1, 2, 3):
        if target > 1:
            corrected(history, target).then_no_finding(code)
    again = corrected(history, 2).when(
        CorrectRecord(target=2, supersedes=5, reason=Code("entered_wrongly"), withdrawn=False),
        on="2026-11-21",
    )
    again.then_finding(code)


@EACH
def test_a_fourth_counts_what_stands(nation: Jurisdiction) -> None:
    """Of four, three stand: the last says so, and the one before it does no more (R200)."""
    code = CODES[nation.code]
    four = linked(nation, "2026-11-09", "2026-11-16", "2026-11-18")
    assert [one.position for one in four.findings() if one.code == code] == [4, 6]
    three = corrected(four, 2)
    (one,) = (one for one in three.findings() if one.code == code)
    assert one.position == 6
    assert "Between 18 May 2026 and 18 November 2026, 3 referrals were received" in one.words


@EACH
def test_a_referral_moved_out_of_the_window_is_counted_no_more(nation: Jurisdiction) -> None:
    """Received seven months before, it is of another time (R200)."""
    code = CODES[nation.code]
    corrected(third(nation), 1, "2026-04-02").then_no_finding(code)
    moved = corrected(third(nation), 1, "2026-10-02").then_finding(code)
    (one,) = (one for one in moved.findings() if one.code == code)
    assert "Between 16 May 2026 and 16 November 2026, 3 referrals were received" in one.words


@EACH
def test_a_referral_moved_into_the_window_makes_up_the_number(nation: Jurisdiction) -> None:
    """No number was reached as they were recorded; it hangs on the referral that makes it up."""
    code = CODES[nation.code]
    apart = linked(nation, "2026-11-09", "2026-11-16", first="2026-04-02").then_no_finding(code)
    moved = corrected(apart, 1, "2026-11-02").then_finding(code, severity="medium")
    (one,) = (one for one in moved.findings() if one.code == code)
    assert (one.position, str(one.since)) == (3, "2026-11-16")
    moved.also(at("2026-11-21", a_conference())).then_no_finding(code)
    if nation is ENGLAND:
        moved.also(at("2026-11-21", an_enquiry())).then_no_finding(code)


@EACH
def test_one_entered_late_is_counted_where_it_belongs(nation: Jurisdiction) -> None:
    """Received between two others and entered after them, it makes up the number at the last."""
    code = CODES[nation.code]
    two = linked(nation, "2026-11-16")
    late = two.when(LinkReferral(received=read("2026-11-09")), on="2026-11-18").history
    (one,) = (one for one in late.then_finding(code).findings() if one.code == code)
    assert one.position == 2


def test_the_time_that_repeats_began_is_over_with_their_number() -> None:
    """A conference that three asked for is due no more where there were two (R198, R200)."""
    met = (at("2026-11-03", a_conference("2026-11-05")), at("2026-11-05", a_held_conference()))
    history = given(a_referral("2026-11-02"), *met, jurisdiction=SCOTLAND)
    for day in ("2026-11-09", "2026-11-16"):
        history = history.when(LinkReferral(received=read(day)), on=day, occurred=day).history
    assert history.case.conference_due == date(2026, 12, 15)
    history.on("2026-12-16").then_finding("conference_overdue")
    two = corrected(history, 4)
    two.on("2026-12-16").then_no_finding("conference_overdue")
    assert two.case.conference_due is None


def test_what_was_reached_stays_judged_by_the_number_of_its_day() -> None:
    """A policy adopted afterwards moves nothing that was recorded (R200)."""
    history = third(SCOTLAND)
    more = Policy(
        version=Slug("local-1"), effective=date(2026, 4, 1), repeat_referrals=4, adopted=99
    )
    replace(history, policies=(more,), kept=[]).then_finding("threshold_without_conference")


def merged(place: str, other: CaseRef) -> CaseMerged:
    """Give what each of two cases records that are read as one."""
    return CaseMerged(other=other, place=Code(place), reason=Code("one_adult"))


def joined(*days: str, told: tuple[str, ...] = ("2026-11-02",)) -> list[str]:
    """Judge a case that another is read in, which told of this one's referral of the 2nd."""
    beside = replace(a_referral("2026-11-09"), earlier_referrals=tuple(map(read, told)))
    other = [
        replace(one, stream=OTHER_CASE, position=one.position + 10)
        for one in given(beside, merged("merged", CASE)).facts
    ]
    links = (
        ReferralLinked(
            reason=Code("repeat"),
            channel=Code("telephone"),
            referrer_role=Code("not_recorded"),
            referrer_confidential=Code("no"),
            received=read(day),
            allegations=(),
        )
        for day in days
    )
    facts = given(a_referral("2026-11-02"), merged("leading", OTHER_CASE), *links).facts
    own = [replace(one, position=one.position + 20 * (one.version > 1)) for one in facts]
    case = replayed(CASE, {CASE: own, OTHER_CASE: other})
    looking = Looking(on=date(2026, 12, 1), jurisdiction=ENGLAND)
    return [one.words for one in findings(case, looking) if one.code == CODES["england"]]


def test_what_another_case_told_of_this_one_is_counted_once() -> None:
    """Read as one, the two referrals are two, and with a third three (R200)."""
    assert joined() == []
    (said,) = joined("2026-11-16")
    assert "3 referrals were received" in said
    (four,) = joined("2026-11-16", told=("2026-11-02", "2026-10-05"))[-1:]
    assert "4 referrals were received" in four
