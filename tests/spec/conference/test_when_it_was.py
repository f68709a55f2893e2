"""When a meeting and its parts are said to have been, and what cannot both be right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.grid import Part
from domain.sitting import ConferencePartHeld
from domain.when import When, read
from domain.words import Code
from tests.controls import CONFERENCE, a_conference, a_held_conference, a_referral
from tests.given import Given, at, given

RULES = ("R1", "R14", "R29", "R150")

HELD = "2026-11-23"


def part(number: int, started: str | None = None, ended: str | None = None) -> Part:
    """Give a part with its times, as clock times of the day or as EDTF."""
    return Part(number=number, reason=Code("whole"), started=time(started), ended=time(ended))


def time(text: str | None) -> When | None:
    """Read a time; a clock time is one of the day the meeting was held."""
    if text is None:
        return None
    return read(f"{HELD}T{text}:00Z" if len(text) == len("10:00") else text)


def held(*parts: Part, occurred: str = HELD, referred: str = "2026-11-02") -> Given:
    """Give a conference held in these parts on a day, entered at the end of the year."""
    event = replace(a_held_conference(), parts=parts)
    called = at("2026-11-05", a_conference(), occurred="2026-11-05")
    return given(a_referral(referred), called, at("2026-12-31", event, occurred=occurred))


GOOD = (part(1, "10:00", "10:30"), part(2, "10:30", "11:30"))


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("part_on_another_day", part(1, "10:00"), part(2, "2026-11-24T10:00:00Z")),
        ("part_on_another_day", part(1, "10:00"), part(2, "2026-11-24")),
        ("parts_out_of_order", part(1, "11:00"), part(2, "10:00")),
        ("parts_out_of_order", part(1, "2026-11-24"), part(2, "2026-11-23")),
        ("parts_overlap", part(1, "10:00", "10:30"), part(2, "10:15", "11:00")),
    ],
)
def test_times_of_parts_that_cannot_be_are_asked_about(
    code: str, first: Part, second: Part
) -> None:
    """Another day than the conference's, a later part first, two at once: low, for each (R29)."""
    held(first, second).then_finding(code, severity="low")
    held(*GOOD).then_no_finding(code)


@pytest.mark.parametrize("code", ["part_on_another_day", "parts_out_of_order", "parts_overlap"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (part(1), part(2)),
        (part(1, "2026-11-23"), part(2, "2026-11-23")),
        (part(1, "10:00"), part(2, "2026-11-24?")),
        (part(1, "10:00"), part(2, "2026-11")),
        (part(1, "unknown"), part(2, "10:00")),
        (part(1, "2026-11-23", "2026-11-23"), part(2, "2026-11-23", "2026-11-23")),
    ],
)
def test_parts_of_uncertain_times_are_not_asked_about(code: str, first: Part, second: Part) -> None:
    """Of a time that is not certain, or not told, the kindest reading counts (decision 8)."""
    held(first, second).then_no_finding(code)


def test_parts_that_all_lie_on_another_day_are_asked_about_once() -> None:
    """That the meeting's own time and that of all its parts do not agree is one finding (R150)."""
    other = held(part(1, "2026-11-24"), part(2, "2026-11-24"))
    other.then_finding("times_told_apart").then_no_finding("part_on_another_day")
    untimed = held(part(1), part(2, "2026-11-24"))
    untimed.then_finding("times_told_apart").then_no_finding("part_on_another_day")


@pytest.mark.parametrize(
    ("told", "occurred", "fires"),
    [
        (part(2), "2026-11-30", True),
        (part(2), HELD, False),
        (part(2), "2026-11", False),
        (part(2), "unknown", False),
        (part(2), "2026-12-31T17:00:03Z", False),  # as it was entered: nobody said when
        (part(2, "2026-11-30T10:00:00Z"), "2026-11-30", True),
        (part(2, "2026-11-23T10:00:00Z"), "2026-11-30", False),
    ],
)
def test_a_part_recorded_apart_lies_on_the_day_it_says(
    told: Part, occurred: str, *, fires: bool
) -> None:
    """A part without times, told by an entry of its own, lies on the day of that entry (R29)."""
    apart = ConferencePartHeld(conference=CONFERENCE, part=told)
    story = held(part(1)).also(at("2026-12-31", apart, occurred=occurred))
    (story.then_finding if fires else story.then_no_finding)("part_on_another_day")


@pytest.mark.parametrize(
    ("occurred", "fires"),
    [("2026-11-04", True), ("2026-11-05", False), ("2026-11", False)],
)
def test_a_conference_is_held_after_it_was_convened(occurred: str, *, fires: bool) -> None:
    """One held for certain before the day it was convened is asked about; low (R14)."""
    story = held(part(1), occurred=occurred)
    (story.then_finding if fires else story.then_no_finding)("held_before_convened")


def test_what_is_convened_without_a_time_says_nothing_of_when() -> None:
    """A conference entered as it was held, with no day of its convening, was convened by then."""
    called = at("2026-11-30", a_conference(), occurred="2026-11-30T17:00:02Z")
    event = at("2026-11-30", a_held_conference(), occurred=HELD)
    given(a_referral(), called, event).then_no_finding("held_before_convened")


@pytest.mark.parametrize(
    ("referred", "fires"), [("2026-11-24", True), ("2026-11-23", False), ("2026-11", False)]
)
def test_a_conference_is_held_after_its_referral(referred: str, *, fires: bool) -> None:
    """One held for certain before any referral was received is asked about; low (R1)."""
    story = held(part(1), referred=referred)
    (story.then_finding if fires else story.then_no_finding)("held_before_referral")
    if fires:
        story.then_finding("held_before_referral", severity="low")
