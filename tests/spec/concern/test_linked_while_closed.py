"""A new concern linked to a closed case has its times, and is asked about once that is reopened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.closure import CaseReopened
from domain.concern import LinkReferral, ReferralLinked
from domain.intake import StartDutyToInquire
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.when import read
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
)
from tests.given import Given, at, given

RULES = ("R150", "R198")
AGAIN = at("2026-11-17", CaseReopened(reason=Code("new_referral")))


def closed(nation: Jurisdiction = SCOTLAND) -> Given:
    """Give a case whose conference was held in time, and that was closed in October."""
    return given(
        a_referral("2026-09-01"),
        a_conference("2026-09-21"),
        at("2026-09-21", a_held_conference(CONFERENCE)),
        at("2026-10-01", a_closure()),
        jurisdiction=nation,
    )


def linked(received: str = "2026-11-16", nation: Jurisdiction = SCOTLAND) -> Given:
    """Link a new concern to it before anybody reopened it."""
    return closed(nation).when(LinkReferral(received=read(received)), on="2026-11-16").history


def _dues(begun: Given) -> list[tuple[bool, bool]]:
    events = (one.event for one in begun.facts)
    return [
        (one.decision_due is not None, one.conference_due is not None)
        for one in events
        if isinstance(one, ReferralLinked)
    ]


def test_a_concern_linked_before_the_reopening_is_asked_about_after_it() -> None:
    """Conference and decision on the duty are due from when it was received (R150, R198)."""
    begun = linked().also(AGAIN)
    assert _dues(begun) == [(True, True)]
    begun.on("2026-11-18").then_no_finding("duty_not_decided")
    begun.on("2026-12-15").then_no_finding("conference_overdue")
    late = begun.on("2027-03-01")
    late.then_finding("duty_not_decided")
    late.then_finding("conference_overdue")


def test_where_no_conference_is_limited_the_decision_is() -> None:
    """England sets no day for a conference; the duty is to be decided all the same (R150)."""
    begun = linked(nation=ENGLAND).also(AGAIN)
    assert _dues(begun) == [(True, False)]
    begun.on("2027-03-01").then_finding("duty_not_decided")


@pytest.mark.parametrize(("day", "answers"), [("2026-11-16", True), ("2026-11-15", False)])
def test_what_was_begun_on_the_day_a_concern_came_answers_it(day: str, *, answers: bool) -> None:
    """An inquiry begun that day, entered before the concern was, is one into it (R150)."""
    begun = closed().also(at("2026-11-14", CaseReopened(reason=Code("new_referral"))))
    started = begun.when(StartDutyToInquire(urgency=Code("usual")), on=day)
    late = started.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16").on("2027-03-01")
    linked_at = late.facts[-1].position
    found = [one.position for one in late.findings() if one.code == "duty_not_decided"]
    assert (linked_at not in found) is answers


def test_while_the_case_is_closed_nothing_is_asked_of_it() -> None:
    """Nobody has said that this case goes on; what the first made due stays (R150, R198)."""
    still = linked().on("2027-03-01")
    said, before_it = (
        [one for one in case.findings() if one.code == "duty_not_decided"]
        for case in (still, closed().on("2027-03-01"))
    )
    assert said == before_it
    still.then_no_finding("conference_overdue")
    before = closed().case
    assert still.case.decision_due == before.decision_due
    assert still.case.asked_anew is None


def test_only_the_first_since_the_closing_begins_a_time() -> None:
    """Another, linked as well while it is closed or once it is open, joins that (R198)."""
    first = linked()
    second = first.when(LinkReferral(received=read("2026-11-16")), on="2026-11-16").history
    assert _dues(second) == [(True, True), (False, False)]
    after = first.also(AGAIN).when(LinkReferral(received=read("2026-11-18")), on="2026-11-18")
    assert _dues(after.history) == [(True, True), (False, False)]


def test_one_of_before_the_closing_that_was_linked_late_begins_none_and_bars_none() -> None:
    """It belongs to the episode that is over; the concern that came since has its time (R198)."""
    begun = linked("2026-09-20").when(LinkReferral(received=read("2026-11-16")), on="2026-11-16")
    assert _dues(begun.history) == [(False, False), (True, True)]


def test_one_linked_before_without_a_time_bars_no_later_one() -> None:
    """An older release began no time so; the next to the reopened case does (R198)."""
    begun = linked()
    bare = tuple(
        replace(one, event=replace(one.event, decision_due=None, conference_due=None))
        if isinstance(one.event, ReferralLinked)
        else one
        for one in begun.facts
    )
    old = replace(begun, facts=bare).also(AGAIN)
    old.on("2027-03-01").then_no_finding("conference_overdue")
    after = old.when(LinkReferral(received=read("2026-11-17")), on="2026-11-17").history
    assert _dues(after) == [(False, False), (True, True)]


@pytest.mark.parametrize("reason", ["duplicate"])
def test_the_same_received_again_begins_none(reason: str) -> None:
    """What was received before the closing is not received anew by being sent twice (R198)."""
    same = LinkReferral(reason=Code(reason), received=read("2026-11-16"))
    assert _dues(closed().when(same, on="2026-11-16").history) == [(False, False)]
