from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.adopting import AdoptPolicy, policy_of
from domain.allocation import CaseAllocated, InvestigatingOfficerAppointed
from domain.grid import Attendance
from domain.invitation import (
    ApologiesReceived,
    AppointChair,
    AppointMinuteTaker,
    ChairAppointed,
    DecideFamilyAttendance,
    FamilyAttendanceDecided,
    InviteParticipant,
    MinuteTakerAppointed,
    ParticipantInvited,
    ReceiveApologies,
    ReceiveWrittenContribution,
    WrittenContributionReceived,
)
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.policy import Policy
from domain.stored import upcast
from domain.when import read
from domain.words import Code, ConferenceRef, Forgotten, Passage, Slug
from tests.controls import (
    CASE,
    CHAIR,
    CONFERENCE,
    COUNCIL,
    HEALTH,
    MINUTE_TAKER,
    PARTICIPANT,
    POLICE,
    PRACTITIONER,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

DAY_OF, DAY_AFTER, NOT_SAID = "2026-11-23", "2026-11-24", Code("not_recorded")
RULES = (
    "R15", "R16", "R17", "R18", "R38", "R39", "R40", "R42", "R45", "R59", "R60", "R62", "R63",
    "R194", "R216",
)  # fmt: skip


def a_chair(role: str = "independent_chair", basis: str = "usual") -> ChairAppointed:
    """Give an appointment of the control chair."""
    return ChairAppointed(
        conference=CONFERENCE,
        chair=CHAIR,
        role=Code(role),
        organisation=COUNCIL,
        basis=Code(basis),
    )


def a_minute_taker() -> MinuteTakerAppointed:
    """Give an appointment of the control minute taker."""
    return MinuteTakerAppointed(conference=CONFERENCE, minute_taker=MINUTE_TAKER)


def an_invitation(role: str = "gp", organisation: Slug | None = HEALTH) -> ParticipantInvited:
    """Give the invitation of the control participant."""
    return ParticipantInvited(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code(role), organisation=organisation
    )


def held(*before: object) -> Given:
    """Begin with a conference held after these."""
    return given(a_referral(), a_conference(), *before, at("2026-11-23", a_held_conference()))


def test_a_conference_has_a_chair() -> None:
    """A conference held with no chair recorded is a finding (R15)."""
    held().then_finding("no_chair")
    held(a_chair()).then_no_finding("no_chair")


def test_a_conference_has_a_minute_taker() -> None:
    """A conference held with no minute taker recorded is a finding (R16, R39)."""
    held().then_finding("no_minute_taker")
    held(a_minute_taker()).then_no_finding("no_minute_taker")


def test_the_chair_does_not_take_the_minutes() -> None:
    """One person as chair and minute taker is recorded, with a finding (R39)."""
    both = replace(a_minute_taker(), minute_taker=CHAIR)
    held(a_chair(), both).then_finding("chair_took_minutes")
    held(a_chair(), a_minute_taker()).then_no_finding("chair_took_minutes")


@pytest.mark.parametrize("role", SCOTLAND.chair_roles)
def test_a_scottish_chair_holds_a_named_post(role: str) -> None:
    """Each post the Scottish arrangements name may chair without criticism (R194)."""
    history = given(a_referral(), a_conference(), a_chair(role), jurisdiction=SCOTLAND)
    history.then_no_finding("chair_role")


def test_a_chair_outside_the_arrangements_is_recorded_and_criticised() -> None:
    """A chair in a post the area does not name chairs all the same, with a finding (R17, R194)."""
    ask = AppointChair(conference=CONFERENCE, chair=CHAIR, organisation=COUNCIL)
    for nation in (ENGLAND, SCOTLAND):
        outcome = given(a_referral(), a_conference(), jurisdiction=nation).when(ask)
        outcome.then_recorded(ChairAppointed)
        outcome.then_finding("chair_role")


def chairs(effective: str, *roles: str, adopted: int = 0, own: Passage | None = None) -> Policy:
    """Give a policy that says in which posts somebody may chair, adopted at a position."""
    told = AdoptPolicy(
        version=Slug("local-1"),
        effective=date.fromisoformat(effective),
        chair_roles=tuple(map(Code, roles)),
        chair_roles_other=own,
    )
    return policy_of(told, adopted)


def test_an_authority_says_in_which_posts_somebody_may_chair() -> None:
    """A chair is judged by the authority's policy of the day of the conference (R17)."""
    code, lead, usual = "chair_role", "practitioner", ENGLAND.chair_roles[0]
    for role, policies, fires in (
        (lead, (), True),
        (lead, (chairs(DAY_OF, lead),), False),
        (lead, (chairs(DAY_AFTER, lead),), True),
        (lead, (chairs(DAY_OF),), True),
        (lead, (chairs(DAY_OF, lead, adopted=99),), True),  # nobody knew of it
        (usual, (chairs(DAY_OF, lead),), True),
        (NOT_SAID, (chairs(DAY_OF, NOT_SAID),), True),
    ):
        meeting = at(DAY_OF, a_held_conference())
        history = given(a_referral(), a_conference(), a_chair(role), meeting, policies=policies)
        for judged in (DAY_OF, "2027-02-01"):
            found = {one.code for one in history.on(judged).findings()}
            assert (code in found) is fires, (role, policies, judged)
    told = given(a_referral(), a_conference(), a_chair(usual), at(DAY_OF, a_held_conference()))
    (one,) = (
        one
        for one in replace(told, policies=(chairs(DAY_OF, lead),)).findings()
        if one.code == code
    )
    assert one.policy == f"{ENGLAND.policy}/local-1"


HEAD, LOST = words("Head of  Adult Care"), Forgotten(about=CASE)
OURS = words("Duty manager; head of adult care")


@pytest.mark.parametrize(
    ("post", "policies", "fires"),
    [
        (HEAD, (), True),
        (HEAD, (chairs(DAY_OF, "other", own=OURS),), False),
        (HEAD, (chairs(DAY_AFTER, "other", own=OURS),), True),
        (HEAD, (chairs(DAY_OF, "practitioner"),), True),
        (words("Manager"), (chairs(DAY_OF, "other", own=OURS),), True),
        (LOST, (chairs(DAY_OF, "other", own=OURS),), False),
        (HEAD, (chairs(DAY_OF, "other", own=LOST),), False),
    ],
)
def test_a_post_of_the_authoritys_own_is_judged_by_its_policy(
    post: Passage, policies: tuple[Policy, ...], *, fires: bool
) -> None:
    """A chair in a post on no list is criticised unless the policy of the day names it (R17)."""
    chair = replace(a_chair("other"), role_other=post)
    history = given(a_referral(), a_conference(), chair, at(DAY_OF, a_held_conference()))
    found = replace(history, policies=policies).findings()
    assert ("chair_role" in {one.code for one in found}) is fires


def test_a_chair_of_an_earlier_release_was_in_a_post_of_the_list() -> None:
    """What is on no list needs its words (I11), which a chair of before has none of (R15)."""
    bare = AppointChair(
        conference=CONFERENCE, chair=CHAIR, role=Code("other"), organisation=COUNCIL
    )
    outcome = given(a_referral(), a_conference()).when(bare)
    outcome.then_refused("I11", code="other_needs_text")
    old = {"role": "practitioner"}
    assert upcast("chair-appointed", 1, old) == old


def test_the_chair_is_of_the_agency_the_arrangements_name() -> None:
    """In Scotland of social work, where it is said of which; England's sources name none (R194)."""
    code = "chair_role"
    for agency, fires in (("social_work", False), ("not_recorded", False), ("police", True)):
        chair = replace(a_chair(SCOTLAND.chair_roles[0]), agency=Code(agency))
        history = given(a_referral(), a_conference(), chair, jurisdiction=SCOTLAND)
        assert (code in {one.code for one in history.findings()}) is fires, agency
    english = replace(a_chair(ENGLAND.chair_roles[0]), agency=Code("police"))
    given(a_referral(), a_conference(), english).then_no_finding(code)


def test_a_large_conference_has_another_chair_or_a_reason() -> None:
    """Large scale with the usual chair and no reason is a finding; either remedy lifts it (R18)."""
    large = replace(a_conference(), large_scale=True)
    code = "chair_large_scale"
    given(a_referral(), large, a_chair()).then_finding(code)
    given(a_referral(), large, a_chair(basis="independent")).then_no_finding(code)
    explained = replace(a_chair(), rationale=words("Knows all the homes concerned."))
    given(a_referral(), large, explained).then_no_finding(code)


def test_the_officer_who_enquired_is_asked() -> None:
    """A conference the enquiry's officer was neither invited to nor came to is a finding (R38)."""
    meeting = a_held_conference()
    part = replace(
        meeting.parts[0],
        attendances=tuple(
            line for line in meeting.parts[0].attendances if line.role != "investigating_officer"
        ),
    )
    without = at("2026-11-23", replace(meeting, parts=(part,)))
    given(a_referral(), a_conference(), without).then_finding("officer_not_invited")
    held().then_no_finding("officer_not_invited")


def test_the_worker_who_holds_the_case_is_asked() -> None:
    """A conference to which whoever held the case by then was not asked is a finding (R42)."""
    code = "worker_not_invited"
    allocated = CaseAllocated(
        worker=PRACTITIONER, team=Slug("north-team"), reason=Code("not_recorded")
    )
    held(allocated).then_finding(code, severity="medium")
    held().then_no_finding(code)
    held(allocated, an_invitation("key_worker", COUNCIL)).then_no_finding(code)
    named = replace(an_invitation("other_health"), worker=PRACTITIONER)
    held(allocated, named).then_no_finding(code)
    leads = InvestigatingOfficerAppointed(
        officer=PRACTITIONER, organisation=COUNCIL, authorised=Code("yes")
    )
    held(allocated, leads).then_no_finding(code)  # asked as the officer, or found not to be
    held().also(at("2026-12-01", allocated)).then_no_finding(code)


def test_every_agency_involved_is_asked() -> None:
    """An agency involved that was not invited, did not come, did not write is a finding (R216)."""
    three = replace(a_conference(), agencies=(COUNCIL, POLICE, HEALTH))
    meeting = at("2026-11-23", a_held_conference())
    code = "agency_not_invited"

    given(a_referral(), three, meeting).then_finding(code)
    given(a_referral(), three, an_invitation(), meeting).then_no_finding(code)
    wrote = WrittenContributionReceived(conference=CONFERENCE, organisation=HEALTH)
    given(a_referral(), three, wrote, meeting).then_no_finding(code)


def test_two_agencies_left_out_are_two_findings() -> None:
    """Findings of one kind at one event are told apart by what they are about."""
    four = replace(a_conference(), agencies=(COUNCIL, POLICE, HEALTH, Slug("housing-trust")))
    history = given(a_referral(), four, at("2026-11-23", a_held_conference()))
    subjects = [one.subject for one in history.findings() if one.code == "agency_not_invited"]
    assert subjects == ["health-board", "housing-trust"]


def test_who_cannot_come_writes_beforehand() -> None:
    """An invited professional who neither came nor wrote before the meeting is a finding (R45)."""
    wrote = WrittenContributionReceived(conference=CONFERENCE, participant=PARTICIPANT)

    held(an_invitation()).then_finding("absent_unheard")
    held(an_invitation(), at("2026-11-20", wrote)).then_no_finding("absent_unheard")


@pytest.mark.parametrize(("role", "asked"), [("chair", 0), ("minute_taker", 0), ("gp", 1)])
def test_nothing_is_asked_beforehand_of_whoever_was_to_lead(role: str, asked: int) -> None:
    """A chair or minute taker who cannot come is replaced, and has nothing to send (R45)."""
    found = [one for one in held(an_invitation(role)).findings() if one.code == "absent_unheard"]
    assert len(found) == asked


def test_an_agency_is_heard_by_what_it_wrote_or_whom_it_sent() -> None:
    """An agency that wrote in its own name, or sent somebody else, has been heard (R45, R216)."""
    code = "absent_unheard"
    wrote = WrittenContributionReceived(conference=CONFERENCE, organisation=HEALTH)
    held(an_invitation(), at("2026-11-20", wrote)).then_no_finding(code)
    late = (at("2026-11-23", a_held_conference()), at("2026-11-25", wrote))
    given(a_referral(), a_conference(), an_invitation(), *late).then_finding(code)
    another = at("2026-11-23", a_held_conference(CONFERENCE, attendance("other_health", HEALTH)))
    given(a_referral(), a_conference(), an_invitation(), another).then_no_finding(code)
    # Who leads the meeting for the council speaks for nobody else of it.
    held(an_invitation("housing", COUNCIL)).then_finding(code)


def test_an_invitation_made_again_keeps_what_came_of_the_first() -> None:
    """Who wrote, and is invited again, has still written (R45)."""
    wrote = WrittenContributionReceived(conference=CONFERENCE, participant=PARTICIPANT)
    asked = (an_invitation(), at("2026-11-18", wrote), at("2026-11-19", an_invitation()))
    held(*asked).then_no_finding("absent_unheard")


def test_nobody_is_absent_before_the_meeting() -> None:
    """That an invited professional was not heard stands since the meeting (R45)."""
    (one,) = (it for it in held(an_invitation()).findings() if it.code == "absent_unheard")
    assert one.since == read("2026-11-23")


def test_writing_after_the_meeting_is_too_late() -> None:
    """Information that came after the meeting did not inform it (R45)."""
    wrote = WrittenContributionReceived(conference=CONFERENCE, participant=PARTICIPANT)
    meeting = at("2026-11-23", a_held_conference())
    late = (a_conference(), an_invitation(), meeting, at("2026-11-25", wrote))
    given(a_referral(), *late).then_finding("absent_unheard")


def test_who_came_need_not_write() -> None:
    """An invited professional who attended has been heard (R45)."""
    came = Attendance(
        participant=PARTICIPANT,
        role=Code("gp"),
        organisation=HEALTH,
        attendance=Code("attended"),
    )
    meeting = at("2026-11-23", a_held_conference(CONFERENCE, came))
    history = given(a_referral(), a_conference(), an_invitation(), meeting)
    history.then_no_finding("absent_unheard")


def test_a_relative_is_invited_on_a_recorded_basis() -> None:
    """A relative invited without the adult's wish or another basis is a high finding (R60)."""
    relative = an_invitation("family", None)
    decided = FamilyAttendanceDecided(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        decision=Code("attend"),
        basis=Code("adult_wish"),
        authority_verified=Code("not_known"),
        alleged_to_have_caused_harm=Code("no"),
    )
    code = "family_without_basis"
    given(a_referral(), a_conference(), relative).then_finding(code, severity="high")
    given(a_referral(), a_conference(), relative, decided).then_no_finding(code)
    unsaid = replace(decided, basis=Code("not_recorded"))
    given(a_referral(), a_conference(), relative, unsaid).then_finding(code, severity="high")


@pytest.mark.parametrize("basis", ["lpa", "deputy"])
def test_legal_authority_is_verified(basis: str) -> None:
    """A relative admitted by a legal authority nobody verified is a finding (R62, R63)."""
    ask = DecideFamilyAttendance(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        decision=Code("attend"),
        basis=Code(basis),
    )
    history = given(a_referral(), a_conference())
    history.when(ask).then_finding("authority_not_verified")
    verified = replace(ask, authority_verified=Code("yes"))
    history.when(verified).then_no_finding("authority_not_verified")
    refused = replace(ask, decision=Code("not_attend"))
    history.when(refused).then_no_finding("authority_not_verified")


def test_a_relative_alleged_to_have_caused_harm_stands_out() -> None:
    """Admitting a relative alleged to have caused the harm is recorded, with a finding (R62)."""
    ask = DecideFamilyAttendance(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        decision=Code("attend"),
        basis=Code("lpa"),
        authority_verified=Code("yes"),
        alleged_to_have_caused_harm=Code("yes"),
    )
    given(a_referral(), a_conference()).when(ask).then_finding("family_alleged")
    other = replace(ask, alleged_to_have_caused_harm=Code("no"))
    given(a_referral(), a_conference()).when(other).then_no_finding("family_alleged")


def test_every_step_of_inviting_is_recorded_as_given() -> None:
    """Each command of leading and inviting records its own event, with what it was given."""
    history = given(a_referral(), a_conference())
    history.when(AppointMinuteTaker(conference=CONFERENCE, minute_taker=MINUTE_TAKER)).then(
        a_minute_taker()
    )
    history.when(
        InviteParticipant(
            conference=CONFERENCE,
            participant=PARTICIPANT,
            role=Code("gp"),
            organisation=HEALTH,
        )
    ).then(an_invitation())
    history.when(ReceiveApologies(conference=CONFERENCE, participant=PARTICIPANT)).then(
        ApologiesReceived(conference=CONFERENCE, participant=PARTICIPANT)
    )
    history.when(ReceiveWrittenContribution(conference=CONFERENCE, organisation=POLICE)).then(
        WrittenContributionReceived(conference=CONFERENCE, organisation=POLICE)
    )


def test_nobody_is_invited_to_a_conference_never_called() -> None:
    """An invitation to a conference this case does not have is not found."""
    nowhere = AppointMinuteTaker(conference=ConferenceRef(ref(599)), minute_taker=MINUTE_TAKER)
    given(a_referral(), a_conference()).when(nowhere).then_not_found()
