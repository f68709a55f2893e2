from __future__ import annotations

from dataclasses import replace

import pytest

from domain.enabling import AdultSupporterRequested
from domain.grid import Attendance, Part
from domain.invitation import ParticipantInvited
from domain.jurisdictions import Jurisdiction
from domain.plan import Action, PlanAgreed, Terms
from domain.sitting import (
    AttendanceRecorded,
    ConferenceHeld,
    ConferencePartHeld,
    HoldConference,
    HoldConferencePart,
    HoldCoreGroup,
    RecordAttendance,
)
from domain.words import Code, ParticipantRef, ReportRef
from tests.controls import (
    ACTION,
    CONFERENCE,
    COUNCIL,
    HEALTH,
    NATIONS,
    PARTICIPANT,
    PLAN,
    POLICE,
    a_conference,
    a_held_conference,
    a_referral,
    a_report,
    attendance,
    ref,
)
from tests.given import Given, at, given

RULES = ("R14", "R20", "R29", "R33", "R45", "R46", "R56", "R202", "R216")

HELD = a_held_conference()
HELD_ON_THE_DAY = at("2026-11-23", HELD)
OFFICER = replace(attendance("investigating_officer"), participant=PARTICIPANT)
INVITED = ParticipantInvited(
    conference=CONFERENCE,
    participant=PARTICIPANT,
    role=Code("investigating_officer"),
    organisation=COUNCIL,
)


def called(*more: object) -> Given:
    """Begin with a report and a conference called for 23 November, and these."""
    return given(a_referral(), a_report(), a_conference(), *more)


def part(number: int, *lines: Attendance, closed: bool = False) -> Part:
    """Give a part with these people."""
    reason = Code("pach_actions" if closed else "with_adult")
    return Part(number=number, reason=reason, professionals_only=closed, attendances=lines)


def whole(*lines: Attendance) -> object:
    """Give a conference held on its day with these people, in one part."""
    held = ConferenceHeld(conference=CONFERENCE, parts=(part(1, *lines),))
    return at("2026-11-23", held)


def line(one: Attendance, number: int = 1) -> AttendanceRecorded:
    """Give one line said apart."""
    return AttendanceRecorded(conference=CONFERENCE, part=number, line=one)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
@pytest.mark.parametrize(
    "how",
    [
        "attended",
        "part_attended",
        "apology",
        "no_response",
        "not_identified",
        "not_contactable",
    ],
)
def test_attendance_is_recorded_line_by_line(how: str, nation: Jurisdiction) -> None:
    """Whether somebody came, or why not, is recorded in each way the grids know (R20, R202)."""
    one = replace(OFFICER, attendance=Code(how))
    history = replace(called(INVITED), jurisdiction=nation)
    history.when(RecordAttendance(conference=CONFERENCE, line=one)).then(line(one))


def test_a_line_said_later_stands_in_the_place_of_the_first() -> None:
    """What is said later of an invited person replaces what the grid said of them (R20, R45)."""
    absent = replace(OFFICER, attendance=Code("no_response"))
    without = called(INVITED, whole(attendance("police", POLICE), absent))
    without.then_finding("officer_absent")
    without.then_finding("absent_unheard")
    came = RecordAttendance(conference=CONFERENCE, line=OFFICER)
    without.when(came).then_no_finding("officer_absent")
    without.when(came).then_no_finding("absent_unheard")
    with_them = called(INVITED, whole(attendance("police", POLICE), OFFICER))
    with_them.then_no_finding("officer_absent")
    with_them.when(replace(came, line=absent)).then_finding("officer_absent")


def test_lines_said_before_the_meeting_are_kept() -> None:
    """Lines told before the meeting are part of its grid, where that does not say more (R202)."""
    alone = whole(attendance("chair"))
    called(alone).then_finding("fewer_than_two_agencies")
    called(line(attendance("police", POLICE)), alone).then_no_finding("fewer_than_two_agencies")
    stayed = replace(OFFICER, attendance=Code("apology"))
    called(INVITED, line(stayed), whole(OFFICER)).then_no_finding("officer_absent")
    called(INVITED, line(OFFICER), whole(attendance("chair"))).then_no_finding("officer_absent")


def test_the_adults_own_line_can_come_later() -> None:
    """That the adult was there after all, said later, ends the finding of their absence (R56)."""
    stayed_away = replace(attendance("adult", None), attendance=Code("absent"))
    absent = whole(attendance("chair"), stayed_away)
    called(absent).then_finding("absence_unexplained")
    called(absent, line(attendance("adult", None))).then_no_finding("absence_unexplained")


def test_lines_are_judged_as_the_grid_is() -> None:
    """A line of its own is asked for authority, and kept out of a closed part (R33, R46)."""
    unsure = replace(attendance("police", POLICE), delegated_authority=Code("not_stated"))
    history = called(whole(*HELD.parts[0].attendances))
    history.then_no_finding("authority_not_stated")
    history.when(RecordAttendance(conference=CONFERENCE, line=unsure)).then_finding(
        "authority_not_stated"
    )
    closed = ConferenceHeld(
        conference=CONFERENCE, parts=(part(1, attendance("police", POLICE), closed=True),)
    )
    adult = RecordAttendance(conference=CONFERENCE, line=attendance("adult", None))
    called(at("2026-11-23", closed)).when(adult).then_finding("not_professionals_only")


def test_parts_are_recorded_one_by_one() -> None:
    """Parts recorded one by one, before the whole or after it, are the conference's parts (R29)."""
    first = part(1, attendance("chair"), attendance("police", POLICE), closed=True)
    second = part(2, attendance("adult", None), OFFICER)
    ask = HoldConferencePart(conference=CONFERENCE, part=first)
    called().when(ask).then(ConferencePartHeld(conference=CONFERENCE, part=first))
    apart = ConferencePartHeld(conference=CONFERENCE, part=first)
    rest = ConferenceHeld(conference=CONFERENCE, parts=(second,))
    for history in (called(apart, rest), called(rest, apart)):
        for code in ("absence_unexplained", "officer_absent", "fewer_than_two_agencies"):
            history.then_no_finding(code)
        assert history.case.sittings[CONFERENCE].part_numbers == {1, 2}


def test_a_part_alone_is_not_the_conference() -> None:
    """Parts held without the conference being held are a finding, and not one of silence (R14)."""
    apart = ConferencePartHeld(conference=CONFERENCE, part=part(1, OFFICER))
    called().on("2026-11-30").then_finding("not_held").then_no_finding("only_parts_held")
    later = called(apart).on("2026-11-30")
    later.then_finding("only_parts_held", severity="low").then_no_finding("not_held")
    called(apart, HELD).then_no_finding("only_parts_held")


def test_a_part_has_one_set_of_people() -> None:
    """A part recorded as held is not recorded again, alone or with the whole (R29)."""
    first = part(1, OFFICER)
    again = HoldConferencePart(conference=CONFERENCE, part=first)
    apart = ConferencePartHeld(conference=CONFERENCE, part=first)
    called(INVITED, apart).when(again).then_refused("I1")
    called(INVITED, HELD).when(again).then_refused("I1")
    whole_of_it = HoldConference(conference=CONFERENCE, parts=(first,))
    called(INVITED, apart).when(whole_of_it).then_refused("I1")
    called(INVITED).when(replace(whole_of_it, parts=(first, first))).then_refused("I1")
    called(INVITED, line(OFFICER)).when(again).then_recorded(ConferencePartHeld)


def test_whoever_takes_on_an_action_could_commit_their_agency() -> None:
    """An action taken on by an agency with nobody there authorised is a finding (R46)."""
    taken = PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(
            actions=(
                Action(action=ACTION, target=Code("adult"), kind=Code("safety"), owner=POLICE),
            )
        ),
        review_due=None,
    )
    unsure = replace(attendance("police", POLICE), delegated_authority=Code("no"))
    code = "action_without_authority"
    called(whole(unsure), taken).then_finding(code, severity="medium")
    called(whole(unsure)).then_no_finding(code)
    called(whole(unsure, attendance("agency_manager", POLICE)), taken).then_no_finding(code)
    called(whole(attendance("chair")), taken).then_no_finding(code)


def test_an_agency_whose_report_was_there_was_heard() -> None:
    """An agency that did not come and whose report was there before is not criticised (R216)."""
    health = replace(INVITED, role=Code("other_health"), organisation=HEALTH)
    report = replace(
        a_report(), report=ReportRef(ref(71)), kind=Code("agency"), organisation=HEALTH
    )
    called(health, HELD_ON_THE_DAY).then_finding("absent_unheard")
    called(health, report, HELD_ON_THE_DAY).then_no_finding("absent_unheard")
    called(health, HELD_ON_THE_DAY, at("2026-11-25", report)).then_finding("absent_unheard")
    involved = replace(a_conference(), agencies=(COUNCIL, POLICE, HEALTH))
    history = given(a_referral(), involved, HELD_ON_THE_DAY)
    history.then_finding("agency_not_invited")
    given(a_referral(), involved, report, HELD_ON_THE_DAY).then_no_finding("agency_not_invited")


def test_a_part_is_recorded_though_nobody_wrote_down_who_came() -> None:
    """A part without a single line of its grid is recorded, and who was not there is asked."""
    held = HoldConference(conference=CONFERENCE, parts=(Part(number=1, reason=Code("whole")),))
    done = given(a_referral(), a_conference()).when(held, on="2026-11-23", occurred="2026-11-23")
    done.then_recorded(ConferenceHeld)
    done.history.then_finding("fewer_than_two_agencies")


def test_whoever_the_adult_wished_to_bring_may_have_come_uninvited() -> None:
    """They are named by the wish (R51); a reference that nobody in the case bears is not taken."""
    supporter = ParticipantRef(ref(7001))
    wished = AdultSupporterRequested(conference=CONFERENCE, supporter=supporter)
    came = replace(OFFICER, participant=supporter)
    one, ask = part(1, came), RecordAttendance(conference=CONFERENCE, line=came)
    called(wished).when(ask).then(line(came))
    for each in (
        ask,
        HoldConferencePart(conference=CONFERENCE, part=one),
        HoldConference(conference=CONFERENCE, parts=(one,)),
        HoldCoreGroup(conference=CONFERENCE, parts=(one,)),
    ):
        assert called(wished).when(each).error is None
        called(INVITED).when(each).then_not_found()
