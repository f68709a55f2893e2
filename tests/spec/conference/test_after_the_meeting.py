"""What certainly came after a meeting was not before it; what is told late of before, was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.contact import NeedAssessed
from domain.invitation import ChairAppointed, MinuteTakerAppointed, ParticipantInvited
from domain.involvement import AdultInvited, AdultNotInvited
from domain.monitoring import PlanReviewed
from domain.plan import PlanNotRequired
from domain.sitting import ConferenceHeld
from domain.words import Code, ConferenceRef, Due, Slug
from tests.controls import (
    CHAIR,
    CONFERENCE,
    COUNCIL,
    MINUTE_TAKER,
    PARTICIPANT,
    PLAN,
    POLICE,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    words,
)
from tests.given import Given, at, given

RULES = ("R1", "R2", "R11", "R15", "R16", "R38", "R40", "R66", "R178", "R179")

MET = "2026-11-23"
INVITED = AdultInvited(conference=CONFERENCE, method=Code("letter"), parts=(), supports=())
NOT_INVITED = AdultNotInvited(
    conference=CONFERENCE, reason=Code("not_recorded"), rationale=words("She is in hospital.")
)
CHAIRED = ChairAppointed(
    conference=CONFERENCE,
    chair=CHAIR,
    role=Code("independent_chair"),
    organisation=COUNCIL,
    basis=Code("usual"),
)
MINUTED = MinuteTakerAppointed(conference=CONFERENCE, minute_taker=MINUTE_TAKER)
OFFICER_ASKED = ParticipantInvited(
    conference=CONFERENCE,
    participant=PARTICIPANT,
    role=Code("investigating_officer"),
    organisation=COUNCIL,
)
POLICE_ASKED = replace(OFFICER_ASKED, role=Code("police"), organisation=POLICE)
NEED = NeedAssessed(conference=CONFERENCE, needs=())
NO_PLAN = PlanNotRequired(
    conference=CONFERENCE, reason=Code("no_risk"), rationale=words("She has moved.")
)
RISK = replace(a_risk(), conference=CONFERENCE)


def met(*more: object, alone: bool = False) -> Given:
    """A conference held on 23 November, the day its minutes are due, and these."""
    due = Due(
        on=date(2026, 12, 7),
        rule=Code("minutes_circulated"),
        start=date(2026, 11, 23),
        calendar=Slug("england"),
    )
    held = replace(a_held_conference(), minutes_due=due)
    if alone:
        (part,) = held.parts
        held = replace(held, parts=(replace(part, attendances=part.attendances[:1]),))
    return given(a_referral(), a_conference(), at(MET, held), *more)


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("adult_not_invited", INVITED),
        ("adult_not_invited", NOT_INVITED),
        ("no_chair", CHAIRED),
        ("no_minute_taker", MINUTED),
        ("officer_not_invited", OFFICER_ASKED),
        ("agency_not_invited", POLICE_ASKED),
    ],
)
def test_preparing_a_meeting_comes_before_it(code: str, event: object) -> None:
    """What is done after a meeting did not prepare it, however it is named (R2, R15, R16, R38)."""
    asked = {one.subject for one in met(alone=True).findings() if one.code == code}
    assert asked
    after = met(at("2026-12-20", event), alone=True)
    assert {one.subject for one in after.findings() if one.code == code} == asked
    told_late = met(at("2026-12-20", event, occurred="2026-11-16"), alone=True)
    assert {one.subject for one in told_late.findings() if one.code == code} < asked
    same_day = met(at("2026-12-20", event, occurred=MET), alone=True)
    assert {one.subject for one in same_day.findings() if one.code == code} < asked
    then_again = met(at("2026-12-20", event, occurred="2026-11-16"), event, alone=True)
    assert {one.subject for one in then_again.findings() if one.code == code} < asked


@pytest.mark.parametrize(
    ("code", "event"),
    [("risk_not_assessed", RISK), ("need_not_assessed", NEED), ("no_plan_decision", NO_PLAN)],
)
def test_what_names_a_meeting_long_after_was_not_done_there(code: str, event: object) -> None:
    """What is said of a meeting once its minutes were due was not done at it (R1, R11, R66)."""
    met().then_finding(code)
    met(at("2027-08-23", event)).then_finding(code)
    met(at("2027-08-23", event, occurred=MET)).then_no_finding(code)
    met(at("2027-08-23", event, occurred="unknown")).then_no_finding(code)
    met(at(MET, event)).then_no_finding(code)
    # Written up with the minutes, by the day these are due.
    met(at("2026-12-07", event)).then_no_finding(code)
    met(at("2026-12-08", event)).then_finding(code)


def test_a_review_that_looked_at_the_plan_did_so_there() -> None:
    """A plan looked at again a year after a review is not what that review decided (R179)."""
    code = "no_plan_decision"
    looked = PlanReviewed(plan=PLAN, conference=REVIEW, result=Code("unchanged"))
    called = (a_conference("2027-02-22", REVIEW, "review"), at("2027-02-22", sat(REVIEW)))

    def judged(*more: object) -> set[str | None]:
        return {one.subject for one in met(*called, *more).findings() if one.code == code}

    assert str(REVIEW) in judged()
    assert str(REVIEW) in judged(at("2028-02-22", looked))
    assert str(REVIEW) not in judged(at("2027-02-22", looked))


def sat(conference: ConferenceRef) -> ConferenceHeld:
    """Give a meeting held whose minutes are due by no day."""
    return a_held_conference(conference)
