from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.grid import Attendance, Part
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import PlanEnded
from domain.plan import PlanAgreed, Terms
from domain.sitting import (
    AdultNonAttendanceRecorded,
    ConferenceHeld,
    CoreGroupHeld,
    HoldConference,
    HoldCoreGroup,
    RecordAdultNonAttendance,
)
from domain.when import read
from domain.words import Code, ConferenceRef
from tests.controls import (
    CONFERENCE,
    PLAN,
    POLICE,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    attendance,
    ref,
)
from tests.given import Given, at, given

RULES = (
    "R1", "R19", "R20", "R29", "R30", "R31", "R32", "R33", "R34", "R46", "R56", "R156", "R180",
    "R181", "R182", "R202", "R214",
)  # fmt: skip

WITHOUT_ADULT = tuple(
    line for line in a_held_conference().parts[0].attendances if line.role != "adult"
)
A_PLAN = PlanAgreed(
    plan=PLAN,
    version=1,
    conference=CONFERENCE,
    origin=Code("composed"),
    terms=Terms(),
    review_due=None,
)


def meeting(*parts: Part) -> ConferenceHeld:
    """Give a conference held in these parts."""
    return ConferenceHeld(conference=CONFERENCE, parts=parts)


def part(number: int, reason: str, *lines: Attendance, professionals_only: bool = False) -> Part:
    """Give a part with these people."""
    return Part(
        number=number,
        reason=Code(reason),
        professionals_only=professionals_only,
        attendances=lines,
    )


def after(held: ConferenceHeld, *more: object) -> Given:
    """Begin with that meeting on 23 November, and these after it."""
    return given(a_referral(), a_report(), a_conference(), at("2026-11-23", held), *more)


def absence(reason: str = "hospital") -> AdultNonAttendanceRecorded:
    """Give the reason the adult was not there."""
    return AdultNonAttendanceRecorded(conference=CONFERENCE, reason=Code(reason))


def test_holding_a_conference_reckons_what_it_makes_due_in_scotland() -> None:
    """A meeting stores the day of its minutes, the next core group and the review (R180, R182)."""
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    history = given(a_referral(), a_conference(), jurisdiction=SCOTLAND)
    held = history.when(ask, on="2026-11-30").events[0]

    assert isinstance(held, ConferenceHeld)
    assert held.minutes_due is not None
    assert held.next_core_group is not None
    assert held.next_review is not None
    assert held.minutes_due.on == date(2026, 12, 14)
    assert held.next_core_group.on == date(2026, 12, 28)
    assert held.next_review.on == date(2027, 2, 28)


def test_minutes_falling_over_the_holidays_are_due_later_in_scotland() -> None:
    """Ten working days from 18 December end a day later where 2 January is kept (R156)."""
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    history = given(a_referral(), a_conference())
    scottish = replace(history, jurisdiction=SCOTLAND)
    days = [
        event.minutes_due.on
        for one in (history, scottish)
        for event in one.when(ask, on="2026-12-18").events
        if isinstance(event, ConferenceHeld) and event.minutes_due is not None
    ]
    assert days == [date(2027, 1, 6), date(2027, 1, 7)]


def test_england_sets_no_cycle() -> None:
    """Where the nation has no fixed cycle, a meeting makes no core group or review due (B.8)."""
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    held = given(a_referral(), a_conference()).when(ask, on="2026-11-30").events[0]

    assert isinstance(held, ConferenceHeld)
    assert held.next_core_group is None
    assert held.next_review is None


def test_a_meeting_of_an_unknown_day_was_held_by_its_entry() -> None:
    """What a meeting of a day not known makes due is counted from its entry (R156, R180, R182)."""
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    history = given(a_referral(), a_conference(), jurisdiction=SCOTLAND)
    held = history.when(ask, on="2026-11-30", occurred="unknown").events[0]

    assert isinstance(held, ConferenceHeld)
    for due in (held.minutes_due, held.decisions_due, held.next_core_group, held.next_review):
        assert due is not None
        assert (due.start, due.started) == (date(2026, 11, 30), read("unknown"))


def test_a_conference_is_held_once() -> None:
    """A conference already recorded as held is not recorded so again."""
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    after(a_held_conference()).when(ask).then_refused("I1")


def test_only_a_conference_that_was_called_is_held() -> None:
    """A meeting under a reference this case does not have is not found."""
    ask = HoldConference(conference=ConferenceRef(ref(599)), parts=())
    given(a_referral(), a_conference()).when(ask).then_not_found()


def test_a_conference_is_multi_agency() -> None:
    """A conference with fewer than two agencies present is recorded, with a finding (R1, R202)."""
    alone = part(1, "whole", attendance("adult", None), attendance("chair"))
    absent = replace(attendance("police", POLICE), attendance=Code("apology"))

    after(meeting(alone)).then_finding("fewer_than_two_agencies")
    both = replace(alone, attendances=(*alone.attendances, absent))
    after(meeting(both)).then_finding("fewer_than_two_agencies")
    after(a_held_conference()).then_no_finding("fewer_than_two_agencies")


def test_those_attending_may_commit_their_agency() -> None:
    """Somebody attending for an agency without stated authority is a finding (R46)."""
    unsure = replace(attendance("police", POLICE), delegated_authority=Code("not_stated"))
    after(a_held_conference(CONFERENCE, unsure)).then_finding("authority_not_stated")
    after(a_held_conference()).then_no_finding("authority_not_stated")


def test_the_report_comes_before_the_conference() -> None:
    """A conference held before any report of the enquiry is a finding (R19)."""
    held = at("2026-11-23", a_held_conference())
    given(a_referral(), a_conference(), held).then_finding("no_report")
    given(a_referral(), a_conference(), held, at("2026-11-25", a_report())).then_finding(
        "no_report"
    )
    given(a_referral(), a_report(), a_conference(), held).then_no_finding("no_report")


def test_the_officer_attends() -> None:
    """A conference the enquiry's officer did not attend is a finding (R20)."""
    lines = tuple(
        replace(line, attendance=Code("apology")) if line.role == "investigating_officer" else line
        for line in a_held_conference().parts[0].attendances
    )
    after(meeting(part(1, "whole", *lines))).then_finding("officer_absent")
    after(a_held_conference()).then_no_finding("officer_absent")


def test_an_absent_adult_is_a_high_finding_until_the_reason_is_recorded() -> None:
    """The adult absent from every part with no reason is flagged high, and never refused (R56)."""
    ask = HoldConference(conference=CONFERENCE, parts=(part(1, "whole", *WITHOUT_ADULT),))
    outcome = given(a_referral(), a_conference()).when(ask, on="2026-11-23")

    outcome.then_recorded(ConferenceHeld)
    unexplained = outcome.then_finding("absence_unexplained", severity="high")
    reason = RecordAdultNonAttendance(conference=CONFERENCE, reason=Code("declined"))
    explained = unexplained.when(reason)
    explained.then_recorded(AdultNonAttendanceRecorded)
    explained.then_no_finding("absence_unexplained")


def test_an_adult_who_came_needs_no_reason() -> None:
    """Of an adult who was there, in one part at least, no absence is criticised (R56)."""
    after(a_held_conference()).then_no_finding("absence_unexplained")


@pytest.mark.parametrize(
    "reason", ["criminal_investigation", "third_party_information", "pach_actions"]
)
def test_a_conference_may_be_divided(reason: str) -> None:
    """Each of three reasons divides a conference, each part with its own people (R29 to R32)."""
    first = part(1, reason, *WITHOUT_ADULT, professionals_only=True)
    second = part(2, "with_adult", *WITHOUT_ADULT, attendance("adult", None))
    history = after(meeting(first, second))

    history.then_no_finding("not_professionals_only")
    history.then_no_finding("no_part_for_adult")
    history.then_no_finding("absence_unexplained")


@pytest.mark.parametrize("role", ["adult", "representative", "family"])
def test_a_part_for_professionals_has_only_professionals(role: str) -> None:
    """Somebody on the adult's side recorded in a professionals-only part is a finding (R33)."""
    first = part(1, "pach_actions", *WITHOUT_ADULT, attendance(role, None), professionals_only=True)
    after(meeting(first)).then_finding("not_professionals_only")


def test_a_divided_conference_has_a_part_for_the_adult() -> None:
    """Parts for professionals alone, and no reason for the adult's absence, are a finding (R34)."""
    closed = meeting(part(1, "pach_actions", *WITHOUT_ADULT, professionals_only=True))
    after(closed).then_finding("no_part_for_adult")
    after(closed, absence()).then_no_finding("no_part_for_adult")


def test_a_core_group_says_what_the_plan_achieves() -> None:
    """A core group that records no effect of the plan is a finding (R181)."""
    ask = HoldCoreGroup(conference=REVIEW, parts=a_held_conference().parts)
    group = a_conference("2026-12-21", REVIEW, "core_group")
    history = given(a_referral(), a_conference(), group, jurisdiction=SCOTLAND)

    silent = history.when(ask, on="2026-12-21")
    silent.then_recorded(CoreGroupHeld)
    silent.then_finding("plan_not_monitored")
    spoken = replace(ask, effect=Code("effective"))
    history.when(spoken, on="2026-12-21").then_no_finding("plan_not_monitored")


def test_core_groups_follow_every_four_weeks_while_there_is_a_plan() -> None:
    """Past the stored day a core group is overdue while a plan is active, and only then (R180)."""
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    history = given(a_referral(), a_report(), a_conference(), jurisdiction=SCOTLAND)
    outcome = history.when(ask, on="2026-11-30")
    held = at("2026-11-30", outcome.events[0])
    before = (a_referral(), a_report(), a_conference(), held)
    with_plan = given(*before, A_PLAN, jurisdiction=SCOTLAND)

    outcome.on("2027-01-15").then_no_finding("core_group_overdue")
    with_plan.on("2026-12-28").then_no_finding("core_group_overdue")
    with_plan.on("2026-12-29").then_finding("core_group_overdue")
    with_plan.on("2027-02-28").then_no_finding("review_overdue")
    with_plan.on("2027-03-01").then_finding("review_overdue")


@pytest.mark.parametrize("kind", ["core_group", "progress"])
def test_a_core_group_however_it_is_held_postpones_no_review(kind: str) -> None:
    """What was called as a core group or to see progress sets no date for a review (R180, R182)."""
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    first = given(a_referral(), a_report(), a_conference(), jurisdiction=SCOTLAND)
    (sets,) = first.when(ask, on="2026-11-30").events
    assert isinstance(sets, ConferenceHeld)
    held = at("2026-11-30", sets)
    other = a_conference("2027-01-25", REVIEW, kind)
    history = given(
        a_referral(), a_report(), a_conference(), held, A_PLAN, other, jurisdiction=SCOTLAND
    )
    later = history.when(replace(ask, conference=REVIEW), on="2027-01-25")
    (event,) = later.events
    assert isinstance(event, ConferenceHeld)
    assert event.next_review is None
    later.on("2027-03-01").then_finding("review_overdue")
    later.on("2027-02-22").then_no_finding("core_group_overdue")

    of_old = replace(event, next_review=sets.next_review)  # as it was recorded before
    history.also(at("2027-01-25", of_old)).on("2027-03-01").then_finding("review_overdue")
    reviewed = replace(ask, conference=REVIEW)
    again = given(*first_and(held), jurisdiction=SCOTLAND).when(reviewed, on="2027-01-25")
    again.on("2027-03-01").then_no_finding("review_overdue")


def first_and(held: object) -> tuple[object, ...]:
    """Give a plan agreed at that meeting, and a review called after it."""
    review = a_conference("2027-01-25", REVIEW, "review")
    return (a_referral(), a_report(), a_conference(), held, A_PLAN, review)


def test_a_core_group_held_as_a_conference_says_what_the_plan_achieves() -> None:
    """A core group is asked what a core group is, by whichever event it is held (R181)."""
    group = a_conference("2026-12-21", REVIEW, "core_group")
    history = given(
        a_referral(), a_conference(), group, at("2026-12-21", a_held_conference(REVIEW))
    )
    history.then_finding("plan_not_monitored")
    history.then_no_finding("no_report")


def test_an_ended_plan_asks_for_no_core_group() -> None:
    """Once the plan has ended, no core group or review is overdue (R180, R184)."""
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    before = given(a_referral(), a_report(), a_conference(), jurisdiction=SCOTLAND)
    held = at("2026-11-30", before.when(ask, on="2026-11-30").events[0])
    ended = PlanEnded(plan=PLAN, reason=Code("risk_removed"))
    history = given(
        a_referral(), a_report(), a_conference(), held, A_PLAN, ended, jurisdiction=SCOTLAND
    )
    history.on("2027-06-01").then_no_finding("core_group_overdue")
    history.on("2027-06-01").then_no_finding("review_overdue")
