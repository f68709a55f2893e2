from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.action import ActionAgreed
from domain.advice import RegulatoryReferralDecided
from domain.grid import Attendance
from domain.involvement import AdultInvited
from domain.jurisdictions.scotland import SCOTLAND
from domain.minutes import (
    MinutesApproved,
    MinutesCirculated,
    MinutesDrafted,
    MinutesWithheld,
    Recipient,
)
from domain.releasing import (
    AssessMinutesShareRisk,
    CirculateDecisions,
    DecisionsCirculated,
    MinutesShareRiskAssessed,
    Told,
)
from domain.sitting import ConferenceHeld, CoreGroupHeld, HoldConference, HoldCoreGroup
from domain.when import read
from domain.words import (
    Code,
    ConferenceRef,
    Digest,
    DocumentRef,
    ParticipantRef,
    RegulatoryReferralRef,
)
from tests.controls import (
    ACTION,
    CHAIR,
    CONFERENCE,
    DAY,
    HEALTH,
    PARTICIPANT,
    POLICE,
    PRACTITIONER,
    a_conference,
    a_held_conference,
    a_referral,
    an_allegation,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R152", "R154", "R156", "R157", "R158", "R159", "R160", "R164")

MINUTES = DocumentRef(ref(90))
MASTER = Digest("a" * 64)
AMENDED = Digest("c" * 64)
DRAFTED = MinutesDrafted(conference=CONFERENCE, document=MINUTES, form=Code("multi_agency"))
APPROVED = MinutesApproved(
    conference=CONFERENCE, document=MINUTES, master=MASTER, approved_by=CHAIR
)
TO_POLICE = Recipient(role=Code("police"), organisation=POLICE, copy=MASTER, source=MASTER)
TO_ADULT = Recipient(role=Code("adult"), copy=MASTER, source=MASTER)
TO_REGULATOR = replace(TO_POLICE, role=Code("cqc"), organisation=None, basis=Code("regulator"))
ASSESSED = MinutesShareRiskAssessed(
    conference=CONFERENCE,
    role=Code("adult"),
    result=Code("safe"),
    rationale=words("Nobody else opens her post."),
    assessed_by=PRACTITIONER,
)


def sent(*recipients: Recipient) -> MinutesCirculated:
    """Give copies that went to these."""
    return MinutesCirculated(conference=CONFERENCE, recipients=recipients, outside=False, due=None)


def held(*more: object) -> Given:
    """Begin with a conference on 23 November, its minutes approved, and these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), a_conference(), meeting, DRAFTED, APPROVED, *more)


def with_relative(*more: object) -> Given:
    """The same of what a relative is alleged to have done."""
    alleged = replace(an_allegation(), source=Code("known_relative"))
    meeting = at("2026-11-23", a_held_conference())
    begun = (a_referral(DAY, alleged), a_conference(), meeting, DRAFTED, APPROVED)
    return given(*begun, *more)


def in_scotland() -> tuple[Given, ConferenceHeld]:
    """Give a Scottish case before its conference, and the conference held on 23 November."""
    begun = given(a_referral(), a_conference(), jurisdiction=SCOTLAND)
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    event = begun.when(ask, on="2026-11-23").events[0]
    assert isinstance(event, ConferenceHeld)
    return begun, event


def test_decisions_are_due_within_a_day_in_scotland() -> None:
    """In Scotland a meeting makes its decisions due within 24 hours; in England no limit is set."""
    _, event = in_scotland()
    assert event.decisions_due is not None
    assert event.decisions_due.on == date(2026, 11, 24)
    assert event.decisions_due.on == date(2026, 11, 24)
    group = HoldCoreGroup(conference=CONFERENCE, parts=a_held_conference().parts)
    called = a_conference(kind="core_group")
    monitored = given(a_referral(), called, jurisdiction=SCOTLAND).when(group, on="2026-11-23")
    assert isinstance(monitored.events[0], CoreGroupHeld)
    assert monitored.events[0].decisions_due == event.decisions_due
    ask = HoldConference(conference=CONFERENCE, parts=a_held_conference().parts)
    english = given(a_referral(), a_conference()).when(ask, on="2026-11-23").events[0]
    assert isinstance(english, ConferenceHeld)
    assert english.decisions_due is None


def test_decisions_go_round_before_the_minutes() -> None:
    """What was decided goes round with the day it was due, as the meeting had stored it (R156)."""
    begun, event = in_scotland()
    recipients = (Told(role=Code("police"), organisation=POLICE, method=Code("secure_email")),)
    ask = CirculateDecisions(conference=CONFERENCE, recipients=recipients, decisions=(3,))
    told = begun.also(at("2026-11-23", event)).when(ask).events[0]
    assert isinstance(told, DecisionsCirculated)
    assert (told.recipients, told.decisions, told.due) == (recipients, (3,), event.decisions_due)
    begun.when(replace(ask, conference=ConferenceRef(ref(599)))).then_not_found()


def test_decisions_not_told_in_time_are_criticised() -> None:
    """Decisions not circulated by their day are overdue, and once circulated late (R156)."""
    begun, event = in_scotland()
    history = begun.also(at("2026-11-23", event))
    told = DecisionsCirculated(conference=CONFERENCE, recipients=(), due=event.decisions_due)
    history.on("2026-11-24").then_no_finding("decisions_not_circulated")
    history.on("2026-11-25").then_finding("decisions_not_circulated", severity="medium")
    in_time = history.also(at("2026-11-24", told)).on("2027-01-01")
    in_time.then_no_finding("decisions_not_circulated").then_no_finding("decisions_late")
    late = history.also(at("2026-11-25", told)).on("2027-01-01")
    late.then_finding("decisions_late").then_no_finding("decisions_not_circulated")
    late.then_finding("decisions_late").then_no_finding("decisions_not_circulated")
    again = history.also(at("2026-11-24", told), at("2026-12-01", told)).on("2027-01-01")
    again.then_no_finding("decisions_late")  # somebody more was told, later
    held().on("2027-01-01").then_no_finding("decisions_not_circulated")  # England sets no limit


@pytest.mark.parametrize(
    ("held_at", "ended", "told_at", "late"),
    [
        ("2026-11-23T10:00:00Z", None, "2026-11-24T18:00:00Z", True),  # 32 hours
        ("2026-11-23T10:00:00Z", None, "2026-11-24T10:00:00Z", False),
        ("2026-11-23T10:00:00Z", "2026-11-23T18:30:00Z", "2026-11-24T18:00:00Z", False),
        # Where one is a day, only what is late however it is read.
        ("2026-11-23T10:00:00Z", None, "2026-11-24", False),
        ("2026-11-23", None, "2026-11-24T18:00:00Z", True),  # held by its entry at 17:00
        ("2026-11-23T10:00:00Z", None, "2026-11-25", True),
    ],
)
def test_decisions_within_hours_are_judged_by_the_hour(
    held_at: str, ended: str | None, told_at: str, *, late: bool
) -> None:
    """Told more than 24 hours after a meeting of a known hour ended, decisions are late (R156)."""
    begun, event = in_scotland()
    end = None if ended is None else read(ended)
    event = replace(event, parts=tuple(replace(one, ended=end) for one in event.parts))
    told = DecisionsCirculated(conference=CONFERENCE, recipients=(), due=event.decisions_due)
    met = begun.also(at("2026-11-23", event, occurred=held_at))
    sent = met.also(at("2026-11-26", told, occurred=told_at))
    (sent.then_finding if late else sent.then_no_finding)("decisions_late")
    # Others name parts by their numbers alone.
    asked = AdultInvited(conference=CONFERENCE, method=Code("letter"), parts=(1,), supports=())
    also = sent.also(at("2026-11-26", asked))
    (also.then_finding if late else also.then_no_finding)("decisions_late")


def test_the_risk_in_sharing_is_assessed() -> None:
    """Whether the adult's copy is safe to send is assessed, by whom and why (R164)."""
    ask = AssessMinutesShareRisk(
        conference=CONFERENCE, result=Code("safe"), rationale=ASSESSED.rationale
    )
    held().when(ask).then(ASSESSED)


def test_a_copy_to_the_adult_comes_after_its_assessment() -> None:
    """A copy to the adult with no assessment of the risk in it is a finding (R164)."""
    code = "share_risk_not_assessed"
    held(sent(TO_ADULT)).then_finding(code, severity="low")
    held(sent(TO_ADULT), ASSESSED).then_finding(code)
    held(ASSESSED, sent(TO_ADULT)).then_no_finding(code)
    held(sent(TO_POLICE)).then_no_finding(code)
    of_carer = replace(ASSESSED, role=Code("carer"))
    held(of_carer, sent(TO_ADULT)).then_finding(code)


def test_a_copy_that_is_not_safe_does_not_go() -> None:
    """A copy sent to the adult after it was found not to be safe is a finding (R164)."""
    code = "shared_against_assessment"
    unsafe = replace(ASSESSED, result=Code("not_safe"))
    held(unsafe, sent(TO_ADULT)).then_finding(code, severity="high")
    held(unsafe, ASSESSED, sent(TO_ADULT)).then_no_finding(code)


def test_not_safe_is_explained() -> None:
    """That sharing is not safe is recorded with its reason, or it is a finding (R154, R164)."""
    unsafe = replace(ASSESSED, result=Code("not_safe"))
    bare = held(replace(unsafe, rationale=None), sent(TO_POLICE))
    bare.then_finding("share_risk_unexplained")
    held(unsafe, sent(TO_POLICE)).then_no_finding("share_risk_unexplained")


def test_whoever_holds_replaced_minutes_has_the_new() -> None:
    """Once amended minutes go round, a holder of the old without the new is a finding (R157)."""
    again = replace(APPROVED, master=AMENDED)
    new = replace(TO_POLICE, source=AMENDED, copy=AMENDED)
    code = "replaced_copy_held"
    first = sent(TO_POLICE, TO_ADULT)
    held(ASSESSED, first, again).then_no_finding(code)  # none of the new has gone round yet
    held(ASSESSED, first, again, sent(new)).then_finding(code, severity="medium")
    adults = replace(TO_ADULT, source=AMENDED, copy=AMENDED)
    held(ASSESSED, first, again, sent(new, adults)).then_no_finding(code)
    named = replace(TO_POLICE, participant=PARTICIPANT)
    other = replace(new, participant=ParticipantRef(ref(56)))
    held(sent(named), again, sent(other)).then_finding(code)


def test_minutes_approved_anew_go_to_whoever_has_the_earlier() -> None:
    """Corrected minutes that went to nobody are a finding where somebody has the old (R152)."""
    code = "corrected_minutes_not_sent"
    again = replace(APPROVED, master=AMENDED)
    first = sent(TO_POLICE, TO_ADULT)
    (one,) = (it for it in held(first, again).findings() if it.code == code)
    assert (one.severity, one.counted, one.due) == ("medium", 2, None)
    new = replace(TO_POLICE, source=AMENDED, copy=AMENDED)
    held(first, again).also(sent(new)).then_no_finding(code)
    held(first).then_no_finding(code)
    held(again).then_no_finding(code)  # nobody has the earlier
    held(first, APPROVED).then_no_finding(code)  # it is the same
    held(sent(replace(TO_POLICE, unapproved_draft=True)), again).then_no_finding(code)
    held(first, again, APPROVED).then_no_finding(code)  # what they have is approved once more
    draft = sent(replace(new, unapproved_draft=True))
    held(first, again, draft).then_finding(code)


def test_of_a_sending_that_names_nobody_the_kindest_is_believed() -> None:
    """Sent to nobody named before, somebody has the old; sent so since, all may have the new."""
    code = "corrected_minutes_not_sent"
    again, bare = replace(APPROVED, master=AMENDED), sent()
    held(bare, again).then_finding(code)
    held(bare, again, bare).then_no_finding(code)
    held(sent(TO_POLICE), again, bare).then_no_finding(code)


def test_whoever_is_refused_the_new_minutes_is_answered() -> None:
    """That a holder of the old shall not have the new is decided, and then not asked (R157)."""
    again = replace(APPROVED, master=AMENDED)
    refusal = MinutesWithheld(
        conference=CONFERENCE,
        role=Code("police"),
        organisation=POLICE,
        reason=Code("third_party"),
    )
    new = sent(replace(TO_ADULT, source=AMENDED, copy=AMENDED))
    held(sent(TO_POLICE), again, refusal).then_no_finding("corrected_minutes_not_sent")
    held(refusal, sent(TO_POLICE), again).then_finding("corrected_minutes_not_sent")
    both = held(ASSESSED, sent(TO_POLICE, TO_ADULT), again, new)
    both.then_finding("replaced_copy_held")
    both.also(refusal).then_no_finding("replaced_copy_held")


def test_whoever_contributes_to_the_plan_has_the_minutes() -> None:
    """An agency that took on part of the plan has the minutes or a refusal (R158)."""
    agreed = ActionAgreed(
        action=ACTION,
        conference=CONFERENCE,
        plan=None,
        origin=Code("composed"),
        target=Code("adult"),
        kind=Code("support"),
        description=words("A nurse calls weekly."),
        owner=HEALTH,
        horizon=Code("immediate"),
    )
    code = "plan_contributor_without_minutes"
    held(agreed).then_no_finding(code)  # nothing has gone round yet
    held(agreed, sent(TO_POLICE)).then_finding(code, severity="medium")
    to_health = replace(TO_POLICE, role=Code("other_health"), organisation=HEALTH)
    held(agreed, sent(TO_POLICE, to_health)).then_no_finding(code)
    refused = MinutesWithheld(
        conference=CONFERENCE,
        role=Code("other_health"),
        organisation=HEALTH,
        reason=Code("third_party"),
    )
    held(agreed, refused, sent(TO_POLICE)).then_no_finding(code)
    there = Attendance(role=Code("gp"), organisation=HEALTH, attendance=Code("attended"))
    meeting = at("2026-11-23", a_held_conference(CONFERENCE, there))
    came = given(a_referral(), a_conference(), meeting, DRAFTED, APPROVED, agreed, sent(TO_POLICE))
    came.then_no_finding(code)  # of those who were there it is asked by name


def test_a_regulator_it_refers_to_has_the_minutes() -> None:
    """Where a referral to a regulator was decided, the regulator has the minutes (R159, R160)."""
    decided = RegulatoryReferralDecided(
        referral=RegulatoryReferralRef(ref(97)),
        conference=CONFERENCE,
        body=Code("care_quality_commission"),
        decision=Code("make"),
        rationale=words("Three homes of one provider."),
    )
    code = "regulator_without_minutes"
    with_relative(sent(TO_POLICE)).then_no_finding(code)
    with_relative(decided, sent(TO_POLICE)).then_finding(code, severity="low")
    not_made = replace(decided, decision=Code("not_make"))
    with_relative(not_made, sent(TO_POLICE)).then_no_finding(code)
    with_relative(decided, sent(TO_POLICE, TO_REGULATOR)).then_no_finding(code)


def test_each_regulator_has_the_minutes() -> None:
    """A copy of one regulator is none of another to whom the meeting refers (R160)."""
    code = "regulator_without_minutes"
    nurses = RegulatoryReferralDecided(
        referral=RegulatoryReferralRef(ref(97)),
        conference=CONFERENCE,
        body=Code("nursing_and_midwifery"),
        decision=Code("make"),
        rationale=words("Medicines were left out."),
    )
    to_nurses = replace(
        TO_REGULATOR, role=Code("other"), role_other=words("The nurses' regulator.")
    )
    with_relative(nurses, sent(TO_POLICE, TO_REGULATOR)).then_finding(code, severity="low")
    with_relative(nurses, sent(TO_POLICE, to_nurses)).then_no_finding(code)
    of_care = replace(nurses, body=Code("care_quality_commission"))
    both = (nurses, replace(of_care, referral=RegulatoryReferralRef(ref(98))))
    with_relative(*both, sent(TO_POLICE, to_nurses)).then_finding(code)
    with_relative(*both, sent(TO_POLICE, to_nurses, TO_REGULATOR)).then_no_finding(code)
    barred = replace(nurses, body=Code("barring"))
    with_relative(barred, sent(TO_POLICE)).then_no_finding(code)  # is sent its referral alone


def test_the_regulator_of_care_has_minutes_about_its_provider() -> None:
    """Where what is alleged is of a provider, the regulator of care has the minutes (R159)."""
    code = "regulator_without_minutes"
    held(sent(TO_POLICE)).then_finding(code, severity="low")
    held(sent(TO_POLICE, TO_REGULATOR)).then_no_finding(code)
    with_relative(sent(TO_POLICE)).then_no_finding(code)
    refused = MinutesWithheld(
        conference=CONFERENCE, role=Code("cqc"), reason=Code("criminal_investigation")
    )
    held(refused, sent(TO_POLICE)).then_no_finding(code)
