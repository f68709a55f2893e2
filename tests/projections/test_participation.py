"""Which agencies take part in conferences, told as events and shown by agency."""

from __future__ import annotations

from datetime import date

from domain.grid import Attendance
from domain.invitation import ApologiesReceived, ParticipantInvited
from domain.sitting import AttendanceRecorded
from domain.tabling import ReportTabled
from domain.words import Code, ParticipantRef, Slug
from projections.participation import PARTICIPATION, Taken, participation
from projections.rebuild import verify
from tests.controls import (
    CASE,
    CONFERENCE,
    OTHER_CASE,
    PARTICIPANT,
    POLICE,
    REPORT,
    REVIEW,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
)
from tests.projections.conftest import Views, corrected, told

HOSPITAL, BANK = Slug("hospital"), Slug("bank")
OTHERS = ParticipantRef(OTHER_CASE)


def asked(agency: Slug, participant: ParticipantRef = PARTICIPANT) -> ParticipantInvited:
    """Give an invitation to a manager of an agency."""
    return ParticipantInvited(
        conference=CONFERENCE,
        participant=participant,
        role=Code("agency_manager"),
        organisation=agency,
    )


def shown(views: Views, as_at: int | None = None) -> dict[str, tuple[int, ...]]:
    """Invited, there, apologies, absent, reports of each agency in November 2026."""
    return {one.agency: counted(one) for one in taken(views, as_at)}


def taken(views: Views, as_at: int | None = None) -> list[Taken]:
    """The agencies of the conferences held in November 2026."""
    views.follow(PARTICIPATION)
    between = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}
    return list(views.ask(participation, **between, as_at=as_at))


def counted(one: Taken) -> tuple[int, ...]:
    """The five numbers of an agency."""
    return (one.invited, one.there, one.apologies, one.absent, one.reports)


def test_how_each_agency_took_part(views: Views) -> None:
    """Of an agency is shown how often it was asked, came, was sorry, silent or reported (R206)."""
    views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_conference()),
        told("2026-11-11", asked(HOSPITAL)),
        told("2026-11-11", asked(BANK, OTHERS)),
        told("2026-11-12", ApologiesReceived(conference=CONFERENCE, participant=PARTICIPANT)),
        told(
            "2026-11-20",
            ReportTabled(
                conference=CONFERENCE,
                report=REPORT,
                kind=Code("agency"),
                organisation=POLICE,
                tabled_version=1,
            ),
        ),
    )
    assert shown(views) == {}  # a conference counts once it is held
    views.tell(told("2026-11-23", a_held_conference()))
    assert shown(views) == {
        "bank": (1, 0, 0, 1, 0),
        "council": (0, 1, 0, 0, 0),
        "hospital": (1, 0, 1, 0, 0),
        "police": (0, 1, 0, 0, 1),
    }
    assert {one.conferences for one in taken(views)} == {((CONFERENCE, CASE),)}


def test_a_line_that_answers_an_invitation_replaces_the_one_before(views: Views) -> None:
    """What is said later of an invited person in a part stands; before, it is as it was known."""
    line = Attendance(
        participant=PARTICIPANT, role=Code("agency_manager"), attendance=Code("attended")
    )
    away = Attendance(
        participant=PARTICIPANT, role=Code("agency_manager"), attendance=Code("apology")
    )
    before = views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_conference()),
        told("2026-11-11", asked(HOSPITAL)),
        told("2026-11-23", a_held_conference(CONFERENCE, line)),
    )
    views.tell(
        told("2026-11-24", AttendanceRecorded(conference=CONFERENCE, part=1, line=away)),
    )
    assert shown(views, before)["hospital"] == (1, 1, 0, 0, 0)
    assert shown(views)["hospital"] == (1, 0, 1, 0, 0)


def test_a_conference_withdrawn_is_counted_no_more(views: Views) -> None:
    """An entry of a meeting that was entered wrongly takes the attendance with it."""
    before = views.tell(
        told("2026-11-02", a_referral()),
        told("2026-11-10", a_conference()),
        told("2026-11-23", a_held_conference()),
    )
    views.tell(told("2026-11-25", corrected(3, withdrawn=True)))
    assert set(shown(views, before)) == {"council", "police"}
    assert shown(views) == {}
    views.tell(
        told("2026-11-26", a_conference("2026-11-27", REVIEW, kind="review")),
        told("2026-11-27", a_held_conference(REVIEW, attendance("other", HOSPITAL))),
    )
    assert set(shown(views)) == {"council", "hospital", "police"}
    assert verify(PARTICIPATION, views.connect).equal
