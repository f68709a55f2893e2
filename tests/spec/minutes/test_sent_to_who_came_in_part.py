"""Minutes and whoever was in a part alone, or sent somebody in their place."""

from __future__ import annotations

from dataclasses import replace

from domain.grid import Attendance, Part
from domain.invitation import ParticipantInvited
from domain.minutes import Recipient
from domain.plan_copies import ReleasePermitted
from domain.sitting import ConferenceHeld
from domain.words import Code, ParticipantRef
from tests.controls import (
    CONFERENCE,
    HEALTH,
    PARTICIPANT,
    POLICE,
    a_conference,
    a_referral,
    attendance,
    ref,
)
from tests.given import Given, at, given
from tests.spec.minutes.test_circulating import APPROVED, DRAFTED, MASTER, sent

RULES = ("R157", "R165")
BEYOND = "copy_beyond_parts"
ASKED = ParticipantInvited(
    conference=CONFERENCE, participant=PARTICIPANT, role=Code("gp"), organisation=HEALTH
)
TO_GP = Recipient(
    participant=PARTICIPANT, role=Code("gp"), organisation=HEALTH, copy=MASTER, source=MASTER
)
CAME = Attendance(
    participant=PARTICIPANT, role=Code("gp"), organisation=HEALTH, attendance=Code("attended")
)
GONE = replace(CAME, attendance=Code("apology"))
DEPUTY = Attendance(
    participant=ParticipantRef(ref(56)),
    role=Code("other_health"),
    organisation=HEALTH,
    attendance=Code("attended"),
)
PERMITTED = ReleasePermitted(
    what=Code("minutes"), role=Code("gp"), organisation=HEALTH, basis=Code("chairs_permission")
)


def held(first: tuple[Attendance, ...], second: tuple[Attendance, ...], *, apart: bool) -> Given:
    """Begin with a meeting in two parts, these in each, and its approved minutes."""
    there = (attendance("chair"), attendance("police", POLICE))
    parts = (
        Part(
            number=1,
            reason=Code("criminal_investigation"),
            professionals_only=apart,
            attendances=(*there, *first),
        ),
        Part(number=2, reason=Code("with_adult"), attendances=(*there, *second)),
    )
    meeting = ConferenceHeld(conference=CONFERENCE, parts=parts)
    begun = (a_referral(), a_conference(), ASKED, at("2026-11-23", meeting))
    return given(*begun, DRAFTED, APPROVED)


def test_a_permission_counts_for_who_came_to_a_part() -> None:
    """Who came to a part alone may have the rest by the chair's permission (R157, R165)."""
    history = held((GONE,), (CAME,), apart=True)
    history.also(sent(TO_GP)).then_finding(BEYOND, severity="high")
    history.also(PERMITTED, sent(TO_GP)).then_no_finding(BEYOND)
    history.also(sent(TO_GP), PERMITTED).then_finding(BEYOND, severity="high")


def test_an_invitation_counts_for_who_came_to_a_part() -> None:
    """Who was asked to all of it and came to a part is owed what was not kept apart (R157)."""
    history = held((GONE,), (CAME,), apart=False)
    history.also(sent(TO_GP)).then_no_finding(BEYOND)
    unasked = replace(TO_GP, participant=DEPUTY.participant, role=DEPUTY.role)
    held((GONE,), (DEPUTY,), apart=False).also(sent(unasked)).then_finding(BEYOND)


def test_who_sent_a_deputy_has_what_the_deputy_heard() -> None:
    """Who was asked and sent another of their agency may have what that one heard (R157, R165)."""
    held((GONE, DEPUTY), (DEPUTY,), apart=True).also(sent(TO_GP)).then_no_finding(BEYOND)
    heard_less = held((GONE,), (DEPUTY,), apart=True).also(sent(TO_GP))
    heard_less.then_finding(BEYOND, severity="high")
