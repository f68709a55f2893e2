"""What a meeting heard, found and decided may say in which part of it that fell."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from domain.catalogue import COMMANDS, EVENTS
from domain.determination import DissentRecorded, RecordDissent
from domain.grid import Part
from domain.recording import commands_recording
from domain.words import Code
from tests.controls import (
    CONFERENCE,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
    words,
)
from tests.given import Given, given

RULES = ("R29", "R165")

WHY = words("It was said while she waited.")
ASK = RecordDissent(conference=CONFERENCE, role=Code("police"), reasons=WHY, part=2)
TOLD = DissentRecorded(conference=CONFERENCE, role=Code("police"), reasons=WHY, part=2)
# What plans the parts of a meeting and tells of them, or of passages of its minutes.
OF_PARTS = {"conference-part-planned", "attendance-recorded", "minute-passage-written"}
NAMING = [
    name
    for name, kind in EVENTS.items()
    if "part" in {one.name for one in fields(kind.cls)}
    and name not in {*OF_PARTS, "conference-part-held"}
]


def held(*numbers: int) -> Given:
    """Begin with a conference; where numbers are given, held in these parts."""
    if not numbers:
        return given(a_referral(), a_conference())
    lines = (attendance("chair"),)
    parts = tuple(Part(number=one, reason=Code("whole"), attendances=lines) for one in numbers)
    return given(a_referral(), a_conference(), replace(a_held_conference(), parts=parts))


def test_what_was_said_may_name_its_part() -> None:
    """An entry of a meeting held in parts says in which it fell, or does not (R29, R165)."""
    held(1, 2).when(ASK).then(TOLD)
    held(1, 2).when(replace(ASK, part=None)).then(replace(TOLD, part=None))


def test_a_part_is_one_that_the_meeting_had() -> None:
    """A part the meeting was not held in is not there; before it is held, nobody knows (R29)."""
    held(1).when(ASK).then_not_found()
    held().when(ASK).then(TOLD)


@pytest.mark.parametrize("name", NAMING)
def test_whatever_names_its_part_is_asked_so(name: str) -> None:
    """The part is a field of the event and of each command that records it, none by default."""
    for cls in (EVENTS[name].cls, *(COMMANDS[one].cls for one in commands_recording(name))):
        (part,) = (one for one in fields(cls) if one.name == "part")
        assert part.default is None, cls


def test_what_is_heard_found_and_agreed_names_its_part() -> None:
    """Of the hearing, the agenda, the findings, the advice and the plan, all may (R29)."""
    assert {
        *("adult-views-presented", "report-considered", "agency-position-recorded"),
        *("agenda-item-considered", "abuse-finding", "dissent-recorded", "pach-action-decided"),
        *("legal-advice-considered", "risk-assessed", "plan-agreed", "action-agreed"),
    } <= set(NAMING)


def test_what_is_tabled_explained_and_handed_out_at_a_meeting_names_its_part() -> None:
    """Reports, need and risk, who tells whom, and a plan looked at between, all may (R22, R29)."""
    assert {
        *("report-tabled", "chronology-tabled", "report-confidentiality-set", "report-shared"),
        *("report-share-permitted", "need-assessed", "risk-explained-to-adult"),
        *("feedback-responsibility-assigned", "challenge-contact-named", "pach-feedback-decided"),
        *(
            "carer-disclosure-decided",
            "previous-minutes-considered",
            "dbs-referral-duty-identified",
        ),
        *("plan-monitored", "plan-change-ratified", "serious-incident-process-started"),
        "organisational-change-recommended",
    } <= set(NAMING)


def test_what_does_not_happen_in_a_meeting_names_no_part() -> None:
    """Who is asked and told beforehand, and who is told afterwards, fell in no part of it (R29)."""
    assert not {
        *("feedback-given", "feedback-not-given", "adult-seen", "adult-informed-of-conference"),
        *("adult-declined-attendance", "adult-views-obtained", "regulator-notified"),
    } & set(NAMING)
