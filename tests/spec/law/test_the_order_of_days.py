"""What came after what: by the days stated, and by the order of entry where they are silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.advocacy import SubstantialDifficultyAssessed
from domain.information import AgencyReportReceived, AgencyReportRequested
from domain.intake import ConsentToShareRecorded
from domain.minutes import MinutesCirculated, Recipient
from domain.releasing import MinutesShareRiskAssessed
from domain.sharing import InformationShared
from domain.stage import Mark, after
from domain.when import instant, read
from domain.words import Code, Digest, ReportRef
from tests.controls import (
    CONFERENCE,
    POLICE,
    PRACTITIONER,
    a_capacity,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R24", "R55", "R82", "R164", "R215")

MASTER = Digest("a" * 64)
TO_ADULT = Recipient(role=Code("adult"), copy=MASTER, source=MASTER)
SENT = MinutesCirculated(conference=CONFERENCE, recipients=(TO_ADULT,), outside=False, due=None)
REPORTED = AgencyReportReceived(agency=POLICE, report=ReportRef(ref(71)))
REQUESTED = AgencyReportRequested(agency=POLICE)


def weighed(result: str) -> MinutesShareRiskAssessed:
    """Give what was found of the risk in the adult's copy."""
    return MinutesShareRiskAssessed(
        conference=CONFERENCE,
        role=Code("adult"),
        result=Code(result),
        rationale=words("Nobody else opens her post."),
        assessed_by=PRACTITIONER,
    )


def held(*more: object) -> Given:
    """Begin with a conference held on 23 November, and these."""
    return given(a_referral(), a_conference(), at("2026-11-23", a_held_conference()), *more)


MOMENT = datetime(2026, 11, 12, 17, tzinfo=UTC)
NOW = Mark(2, instant(MOMENT), MOMENT)


@pytest.mark.parametrize(
    ("one", "other", "later"),
    [
        ("2026-11-10", "2026-11-04", True),  # whatever was entered first
        ("2026-11-04", "2026-11-10", False),
        ("2026-11-04", "2026-11-04", False),  # of one day: as they were entered
        ("2026-11-04T10:00:00Z", "2026-11-04T10:00:00Z", False),  # and of one moment
        ("2026-11", "2026-11-04", False),
        ("2026-11-10?", "2026-11-04", False),
        ("unknown", "2026-11-04", False),
    ],
)
def test_days_go_before_the_order_of_entry(one: str, other: str, later: bool) -> None:  # noqa: FBT001 — a table of cases
    """Two certain days say which came after; where one is not certain, the entries do."""
    assert after(Mark(1, read(one)), Mark(2, read(other))) is later
    certain = read(one).day is not None and "?" not in one and one != other
    assert after(Mark(2, read(one)), Mark(1, read(other))) is (later if certain else True)


def test_the_moment_of_entry_is_nobodys_word() -> None:
    """What is told without a time had happened by its entry, and may have been long before."""
    told = Mark(3, read("2026-11-10"), MOMENT + timedelta(minutes=5))
    assert after(told, NOW)
    assert not after(NOW, told)
    assert after(Mark(1, read("2026-11-13"), MOMENT + timedelta(days=2)), NOW)
    assert not after(NOW, Mark(1, read("2026-11-13"), MOMENT + timedelta(days=2)))


def test_a_report_entered_before_its_request_answers_it() -> None:
    """A report of 10 November answers a request of the 4th, whichever was entered first (R215)."""
    code = "report_not_received"
    late_request = at("2026-11-12", REQUESTED, occurred="2026-11-04")
    report = at("2026-11-12", REPORTED, occurred="2026-11-10")
    meeting = at("2026-11-23", a_held_conference())
    case = given(a_referral(), a_conference(), report, late_request, meeting)
    case.then_no_finding(code)
    older = at("2026-11-12", REPORTED, occurred="2026-11-03")
    given(a_referral(), a_conference(), late_request, older, meeting).then_finding(code)
    before = at("2026-11-24", REQUESTED, occurred="2026-11-04")
    held(before).then_finding(code)  # the meeting was entered first
    held(at("2026-11-24", REQUESTED)).then_no_finding(code)


def test_an_assessment_entered_after_the_sending_counts_by_its_day() -> None:
    """Risk assessed on the 26th, entered after the sending of the 27th, was assessed (R164)."""
    code = "share_risk_not_assessed"
    sent = at("2026-11-27", SENT)
    held(sent, at("2026-11-30", weighed("safe"), occurred="2026-11-26")).then_no_finding(code)
    held(sent, at("2026-11-30", weighed("safe"), occurred="2026-11-28")).then_finding(code)
    against = "shared_against_assessment"
    unsafe = at("2026-11-25", weighed("not_safe"))
    held(unsafe, sent, at("2026-11-30", weighed("safe"), occurred="2026-11-26")).then_no_finding(
        against
    )
    safe = at("2026-11-26", weighed("safe"))
    late = at("2026-11-26", weighed("not_safe"), occurred="2026-11-24")
    held(safe, late, sent).then_no_finding(against)


def test_incapacity_entered_after_the_meeting_is_asked_about() -> None:
    """Lack of capacity of before the last meeting, entered after it, asks who decides (R55)."""
    code = "nobody_decides"
    lacks = a_capacity("lacks_capacity")
    held(at("2026-11-30", lacks, occurred="2026-11-20")).then_finding(code)
    held(at("2026-11-30", lacks)).then_no_finding(code)
    has = at("2026-11-30", a_capacity(), occurred="2026-11-10")  # not the last word
    held(at("2026-11-25", lacks, occurred="2026-11-20"), has).then_finding(code)


def test_difficulty_entered_after_the_meeting_is_asked_about() -> None:
    """Substantial difficulty of before the meeting, entered after it, asks for support (R24)."""
    code = "advocate_not_appointed"
    difficult = SubstantialDifficultyAssessed(
        result=Code("yes"),
        areas=(Code("retaining"),),
        appropriate_person=Code("no"),
        evidence=words("Cannot keep it."),
    )
    held(at("2026-11-30", difficult, occurred="2026-11-20")).then_finding(code)
    held(at("2026-11-30", difficult)).then_no_finding(code)


def test_a_refusal_counts_from_its_day() -> None:
    """What was shared before the adult refused is no finding, whichever was entered first (R82)."""
    code = "shared_after_refusal"
    refused = ConsentToShareRecorded(answer=Code("refused"), given_by=Code("adult"))
    shared = InformationShared(
        conference=None, item=Code("concern"), organisation=POLICE, basis=Code("not_recorded")
    )
    late = at("2026-11-12", refused, occurred="2026-11-10")
    given(a_referral(), late, at("2026-11-12", shared, occurred="2026-11-05")).then_no_finding(code)
    given(a_referral(), late, at("2026-11-12", shared, occurred="2026-11-11")).then_finding(code)
    sharing = at("2026-11-12", shared, occurred="2026-11-11")
    given(a_referral(), sharing, late).then_finding(code)
