from __future__ import annotations

from dataclasses import replace

import pytest

from domain.dividing import (
    AgreeAlternativeArrangement,
    AlternativeArrangementAgreed,
    ConferencePartPlanned,
    ExcludeParticipant,
    ParticipantExcluded,
    ParticipantUninvited,
    PlanConferencePart,
    UninviteParticipant,
)
from domain.enquiry import PachIdentified
from domain.grid import Part
from domain.invitation import ChairAppointed, ParticipantInvited
from domain.jurisdictions import Jurisdiction
from domain.minutes import MinutesCirculated, Recipient
from domain.sitting import ConferenceHeld, ConferencePartHeld
from domain.when import read
from domain.words import Code, ConferenceRef, Digest, ExternalReference, ParticipantRef, Slug
from tests.controls import (
    ALLEGATION,
    CHAIR,
    CONFERENCE,
    COUNCIL,
    NATIONS,
    PACH,
    PARTICIPANT,
    POLICE,
    PRACTITIONER,
    SISTER,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R29", "R30", "R31", "R32", "R33", "R34", "R35", "R45", "R60", "R154", "R157", "R195")

PLANNED = ConferencePartPlanned(
    conference=CONFERENCE,
    part=1,
    reason=Code("criminal_investigation"),
    professionals_only=True,
    planned_start=read("2026-11-23T10:00:00Z"),
    planned_end=read("2026-11-23T11:00:00Z"),
    police=ExternalReference(system=Slug("police"), id=words("FB/10023")),
    pach=PACH,
    third_party=SISTER,
)
ARRANGED = AlternativeArrangementAgreed(
    conference=CONFERENCE,
    arrangement=words("Each adult is seen at home the same day."),
    adults_affected=(SISTER,),
)
UNINVITED = ParticipantUninvited(
    conference=CONFERENCE, participant=PARTICIPANT, reason=Code("replaced")
)
EXCLUDED = ParticipantExcluded(
    conference=CONFERENCE,
    participant=PARTICIPANT,
    parts=(1,),
    reason=Code("safety"),
    excluded_by=CHAIR,
)
GUEST = ParticipantInvited(
    conference=CONFERENCE,
    participant=PARTICIPANT,
    role=Code("agency_manager"),
    organisation=Slug("health-trust"),
)
PACH_KNOWN = PachIdentified(allegations=(ALLEGATION,), person=PACH, adult_at_risk=Code("no"))
CHAIRED = ChairAppointed(
    conference=CONFERENCE,
    chair=CHAIR,
    role=Code("team_manager"),
    organisation=COUNCIL,
    basis=Code("usual"),
)


def called(*more: object) -> Given:
    """Begin with a conference called for 23 November, and these."""
    return given(a_referral(), a_conference(), *more)


def in_parts(*parts: Part) -> object:
    """Give that conference, held in these parts."""
    return at("2026-11-23", ConferenceHeld(conference=CONFERENCE, parts=parts))


def part(number: int, reason: str, *roles: str, closed: bool = False) -> Part:
    """Give a part with these people."""
    lines = tuple(attendance(role, None if role == "adult" else POLICE) for role in roles)
    return Part(number=number, reason=Code(reason), professionals_only=closed, attendances=lines)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_how_a_conference_is_laid_out_is_recorded(nation: Jurisdiction) -> None:
    """A part planned, another arrangement, and who is not to come are recorded (R29, R35)."""
    history = replace(called(), jurisdiction=nation)
    history.when(
        PlanConferencePart(
            conference=CONFERENCE,
            part=1,
            reason=PLANNED.reason,
            professionals_only=True,
            planned_start=PLANNED.planned_start,
            planned_end=PLANNED.planned_end,
            police=PLANNED.police,
            pach=PACH,
            third_party=SISTER,
        )
    ).then(PLANNED)
    history.when(
        AgreeAlternativeArrangement(
            conference=CONFERENCE, arrangement=ARRANGED.arrangement, adults_affected=(SISTER,)
        )
    ).then(ARRANGED)
    history.when(
        UninviteParticipant(conference=CONFERENCE, participant=PARTICIPANT, reason=Code("replaced"))
    ).then(UNINVITED)
    history.when(
        ExcludeParticipant(
            conference=CONFERENCE, participant=PARTICIPANT, parts=(1,), reason=Code("safety")
        )
    ).then(replace(EXCLUDED, excluded_by=PRACTITIONER))


@pytest.mark.parametrize(
    "reason", ["criminal_investigation", "third_party_information", "pach_actions"]
)
def test_each_reason_for_dividing_is_a_reason_of_its_own(reason: str) -> None:
    """The three reasons for dividing are kept apart, and no other word is taken (R30 to R32)."""
    ask = PlanConferencePart(conference=CONFERENCE, part=1, reason=Code(reason))
    called().when(ask).then_recorded(ConferencePartPlanned)
    called().when(replace(ask, reason=Code("delicate"))).then_refused("I11")


def test_a_part_planned_is_held() -> None:
    """A part planned and not held with the rest is a finding, until it is recorded (R29)."""
    second = replace(PLANNED, part=2, reason=Code("with_adult"), professionals_only=False)
    first = part(1, "pach_actions", "police", closed=True)
    called(PLANNED, second).then_no_finding("part_not_held")
    called(PLANNED, second, in_parts(first)).then_finding("part_not_held", severity="low")
    since_then = called(PLANNED, second, in_parts(first)).findings()
    assert [one.since for one in since_then if one.code == "part_not_held"] == [read("2026-11-23")]
    both = in_parts(first, part(2, "with_adult", "adult"))
    called(PLANNED, second, both).then_no_finding("part_not_held")


@pytest.mark.parametrize(
    "code",
    [
        *("absence_unexplained", "no_part_for_adult", "no_challenge_contact"),
        *("feedback_not_assigned", "no_plan_decision", "agenda_incomplete", "part_not_held"),
        *("officer_absent", "pach_feedback_not_decided", "allegation_not_found_on"),
    ],
)
def test_what_a_later_part_may_bring_is_asked_once_its_day_has_passed(code: str) -> None:
    """Of a meeting whose second part is planned for a later day nothing is missing yet (R29)."""
    second = ConferencePartPlanned(
        conference=CONFERENCE,
        part=2,
        reason=Code("with_adult"),
        professionals_only=False,
        planned_start=read("2026-11-30T10:00:00Z"),
    )
    met = in_parts(part(1, "criminal_investigation", "police", closed=True))
    history = called(PACH_KNOWN, PLANNED, second, met)
    for day in ("2026-11-23", "2026-11-30"):
        history.on(day).then_no_finding(code)
    history.on("2026-12-01").then_finding(code)
    # What the second part did not bring either is missing since that was held.
    if code not in {"absence_unexplained", "no_part_for_adult", "no_challenge_contact"}:
        came = ConferencePartHeld(conference=CONFERENCE, part=part(2, "with_adult", "adult"))
        went_on = history.also(at("2026-11-30", came))
        since = {one.since for one in went_on.findings() if one.code == code}
        assert since == (set() if code == "part_not_held" else {read("2026-11-30")})
    # Put off, it is waited for; planned for the same day, held on no day or closed, it is not.
    later = at("2026-11-27", replace(second, planned_start=read("2026-12-04")))
    called(PACH_KNOWN, PLANNED, second, met, later).on("2026-12-04").then_no_finding(code)
    same_day = replace(second, planned_start=read("2026-11-23T14:00:00Z"))
    called(PACH_KNOWN, PLANNED, same_day, met).then_finding(code)
    called(PACH_KNOWN, PLANNED, replace(second, planned_start=None), met).then_finding(code)
    called(PACH_KNOWN, second, met, at("2026-11-25", a_closure())).then_finding(code)


def test_the_adult_is_not_waited_for_in_a_part_that_is_closed_to_them() -> None:
    """A later part for professionals only puts off no question about the adult (R34, R56)."""
    second = replace(PLANNED, part=2, planned_start=read("2026-11-30"))
    met = in_parts(part(1, "criminal_investigation", "police", closed=True))
    history = called(PLANNED, second, met)
    history.then_finding("absence_unexplained").then_no_finding("no_plan_decision")


def test_a_part_planned_for_professionals_is_for_professionals() -> None:
    """That a part is for professionals only, once planned, need not be said again (R33)."""
    open_ = in_parts(part(1, "criminal_investigation", "police", "adult"))
    called(open_).then_no_finding("not_professionals_only")
    called(PLANNED, open_).then_finding("not_professionals_only")
    after_all = in_parts(part(1, "with_adult", "police", "adult"))
    called(PLANNED, after_all).then_no_finding("not_professionals_only")


def test_another_arrangement_stands_for_the_adults_part() -> None:
    """Where another arrangement was agreed, no part for the adult is asked for (R34, R35)."""
    closed = in_parts(part(1, "pach_actions", "police", closed=True))
    called(closed).then_finding("no_part_for_adult")
    called(ARRANGED, closed).then_no_finding("no_part_for_adult")
    called(ARRANGED, closed).then_finding("absence_unexplained")


def test_somebody_uninvited_is_not_waited_for() -> None:
    """Whoever was uninvited is asked neither to come nor to write, unless invited again (R45)."""
    meeting = at("2026-11-23", a_held_conference())
    called(GUEST, meeting).then_finding("absent_unheard")
    called(GUEST, UNINVITED, meeting).then_no_finding("absent_unheard")
    called(GUEST, replace(EXCLUDED, parts=()), meeting).then_no_finding("absent_unheard")
    called(GUEST, EXCLUDED, meeting).then_finding("absent_unheard")
    called(GUEST, UNINVITED, GUEST, meeting).then_finding("absent_unheard")
    second = replace(GUEST, participant=ParticipantRef(ref(777)))
    called(GUEST, second, UNINVITED, meeting).then_finding("absent_unheard")


def test_a_relative_uninvited_is_no_relative_invited() -> None:
    """A relative invited without a basis is criticised until the invitation is taken back (R60)."""
    relative = replace(GUEST, role=Code("family"), organisation=None)
    called(relative).then_finding("family_without_basis")
    called(relative, UNINVITED).then_no_finding("family_without_basis")


def test_somebody_uninvited_is_owed_no_minutes() -> None:
    """Minutes are owed to whoever was invited, and not to whoever was uninvited (R157)."""
    master = Digest("a" * 64)
    copies = tuple(
        Recipient(role=Code(role), organisation=agency, copy=master, source=master)
        for role, agency in (("investigating_officer", COUNCIL), ("police", POLICE))
    )
    sent = MinutesCirculated(conference=CONFERENCE, recipients=copies, outside=False, due=None)
    meeting = at("2026-11-23", a_held_conference())
    called(GUEST, meeting, sent).then_finding("minutes_not_sent")
    called(GUEST, UNINVITED, meeting, sent).then_no_finding("minutes_not_sent")


def test_keeping_somebody_away_has_its_reason() -> None:
    """Uninviting or excluding somebody without a reason is a finding (R154)."""
    none = Code("not_recorded")
    called(UNINVITED).then_no_finding("uninvited_unexplained")
    called(replace(UNINVITED, reason=none)).then_finding("uninvited_unexplained", severity="low")
    called(EXCLUDED).then_no_finding("excluded_unexplained")
    called(replace(EXCLUDED, reason=none)).then_finding("excluded_unexplained", severity="medium")
    why = replace(EXCLUDED, reason=none, rationale=words("He had threatened her."))
    called(why).then_no_finding("excluded_unexplained")


def test_the_chair_excludes() -> None:
    """An exclusion by somebody other than the chair is a finding (R195)."""
    called(CHAIRED, EXCLUDED).then_no_finding("excluded_not_by_chair")
    by_another = replace(EXCLUDED, excluded_by=PRACTITIONER)
    called(CHAIRED, by_another).then_finding("excluded_not_by_chair", severity="low")
    called(by_another).then_no_finding("excluded_not_by_chair")


def test_whoever_is_excluded_stays_away() -> None:
    """Somebody excluded beforehand and recorded as present in that part is a finding (R33)."""
    there = replace(attendance("provider"), participant=PARTICIPANT)
    meeting = at("2026-11-23", a_held_conference(CONFERENCE, there))
    called(EXCLUDED, meeting).then_finding("excluded_present", severity="medium")
    called(replace(EXCLUDED, parts=(2,)), meeting).then_no_finding("excluded_present")
    away = at("2026-11-23", a_held_conference())
    called(EXCLUDED, away).then_no_finding("excluded_present")
    called(meeting, EXCLUDED).then_no_finding("excluded_present")
    # Nor does one who was excluded during the meeting hide another, who was before it.
    another = replace(EXCLUDED, participant=ParticipantRef(ref(57)))
    before = at("2026-11-23", EXCLUDED, occurred="2026-11-20")
    called(at("2026-11-23", another), before, meeting).then_finding("excluded_present")


def test_nothing_is_laid_out_for_a_conference_never_called() -> None:
    """What names a conference this case does not have is not found."""
    ask = UninviteParticipant(
        conference=ConferenceRef(ref(599)), participant=ParticipantRef(ref(56))
    )
    called().when(ask).then_not_found()
