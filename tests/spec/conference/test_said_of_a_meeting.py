"""What is said of a meeting's times, of authority at it, and of where the adult was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.action import ActionAgreed
from domain.grid import Attendance, Part
from domain.sitting import ConferenceHeld
from domain.when import read
from domain.words import Code, Slug
from tests.controls import (
    ACTION,
    CONFERENCE,
    POLICE,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
)
from tests.given import Given, at, given

RULES = ("R29", "R34", "R46", "R56", "R150")

HELD = a_held_conference()
WHOLE = HELD.parts[0]
ADULT = attendance("adult", None)
OTHERS = tuple(line for line in WHOLE.attendances if line.role != "adult")


def met(*parts: Part, after: tuple[object, ...] = ()) -> Given:
    """Begin with a conference held in these parts."""
    meeting: ConferenceHeld = replace(HELD, parts=parts)
    return given(a_referral(), a_conference(), at("2026-11-23", meeting), *after)


@pytest.mark.parametrize(
    ("started", "ended", "backwards"),
    [
        ("2026-11-23T15:00:00Z", "2026-11-23T14:00:00Z", True),
        ("2026-11-23T15:00:00Z", "2026-11-22", True),
        ("2026-11-23T14:00:00Z", "2026-11-23T15:00:00Z", False),
        ("2026-11-23T15:00:00Z", "2026-11-23T15:00:00Z", False),
        ("2026-11-23T15:00:00Z", "2026-11-23", False),
        ("unknown", "2026-11-23T14:00:00Z", False),
    ],
)
def test_a_part_ends_after_it_began(
    started: str,
    ended: str,
    backwards: bool,  # noqa: FBT001 — a table of cases
) -> None:
    """A part that is said to end before it began is recorded, and a finding (R29, R150)."""
    timed = met(replace(WHOLE, started=read(started), ended=read(ended)))
    code = "part_times_reversed"
    if backwards:
        timed.then_finding(code, severity="low")
    else:
        timed.then_no_finding(code)
    met(replace(WHOLE, started=read(started))).then_no_finding(code)


@pytest.mark.parametrize(
    ("role", "agency", "authority", "flagged"),
    [
        ("gp", None, "no", True),
        ("gp", None, "yes", False),
        ("interpreter", None, "no", False),  # commits nobody
        ("minute_taker", POLICE, "not_stated", False),  # nor whoever takes the minutes
        ("police", POLICE, "not_stated", True),
        ("family", None, "no", False),
    ],
)
def test_authority_is_asked_of_whoever_may_commit_an_agency(
    role: str,
    agency: Slug | None,
    authority: str,
    flagged: bool,  # noqa: FBT001 — a table of cases
) -> None:
    """A professional said to have no authority is a finding, named for an agency or not (R46)."""
    there: Attendance = replace(attendance(role, agency), delegated_authority=Code(authority))
    meeting = met(replace(WHOLE, attendances=(*WHOLE.attendances, there)))
    (meeting.then_finding if flagged else meeting.then_no_finding)("authority_not_stated")


def test_an_action_agreed_by_itself_asks_for_authority_too() -> None:
    """An action taken on apart from a plan needs somebody there who may take it on (R46)."""
    code = "action_without_authority"
    taken = ActionAgreed(
        action=ACTION,
        conference=CONFERENCE,
        plan=None,
        origin=Code("composed"),
        target=Code("adult"),
        kind=Code("safety"),
        owner=POLICE,
        horizon=Code("immediate"),
    )
    unsure = replace(attendance("police", POLICE), delegated_authority=Code("no"))
    without = replace(WHOLE, attendances=(ADULT, attendance("chair"), unsure))
    met(without, after=(taken,)).then_finding(code, severity="medium")
    met(without).then_no_finding(code)
    met(without, after=(replace(taken, conference=None),)).then_no_finding(code)
    met(WHOLE, after=(taken,)).then_no_finding(code)


def test_the_adult_is_in_a_part_of_their_own() -> None:
    """Recorded in the professionals' part alone, the adult was absent from their own (R34, R56)."""
    code = "absence_unexplained"
    closed = Part(
        number=1,
        reason=Code("third_party_information"),
        professionals_only=True,
        attendances=(*OTHERS, ADULT),
    )
    theirs = Part(number=2, reason=Code("with_adult"), attendances=OTHERS)
    met(closed, theirs).then_finding(code, severity="high").then_finding("not_professionals_only")
    came = replace(theirs, attendances=(*OTHERS, ADULT))
    met(closed, came).then_no_finding(code)
    met(replace(closed, attendances=OTHERS), came).then_no_finding(code)
    met(closed).then_no_finding(code).then_finding("no_part_for_adult")
