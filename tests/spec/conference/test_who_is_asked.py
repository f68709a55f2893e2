from __future__ import annotations

from dataclasses import replace

import pytest

from domain.conference import ConferenceNotRequired, DecideConferenceNotRequired
from domain.dividing import ConferencePartPlanned, PlanConferencePart
from domain.enquiry import PachIdentified
from domain.invitation import (
    ChairAppointed,
    DecideFamilyAttendance,
    FamilyAttendanceDecided,
    InviteParticipant,
    ParticipantInvited,
)
from domain.involvement import AdultInvited, AdultNotInvited
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.words import Code, ParticipantRef, Slug
from tests.controls import (
    CHAIR,
    CONFERENCE,
    COUNCIL,
    HEALTH,
    NATIONS,
    PACH,
    PARTICIPANT,
    POLICE,
    SISTER,
    a_capacity,
    a_conference,
    a_held_conference,
    a_referral,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R6", "R31", "R36", "R37", "R40", "R43", "R44", "R59", "R61")

EACH_NATION = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
RELATIVE = attendance("family", None)


def invited(role: str, agency: Slug | None, number: int = 0) -> ParticipantInvited:
    """Give the invitation of somebody in a part."""
    participant = ParticipantRef(ref(120 + number))
    return ParticipantInvited(
        conference=CONFERENCE, participant=participant, role=Code(role), organisation=agency
    )


def called(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a conference called, of the council and the police, and these."""
    return given(a_referral(), a_conference(), *more, jurisdiction=nation)


def held(*before: object) -> Given:
    """Begin with such a conference held after these."""
    return called(*before, at("2026-11-23", a_held_conference()))


@EACH_NATION
def test_no_conference_where_it_did_not_occur(nation: Jurisdiction) -> None:
    """That it was established early not to have occurred is a reason for no conference (R6).

    On what that rests is asked for.
    """
    ask = DecideConferenceNotRequired(
        reason=Code("not_occurred"), rationale=words("She was away that week.")
    )
    history = given(a_referral(), jurisdiction=nation)
    decided = history.when(ask)
    decided.then(
        ConferenceNotRequired(
            reason=Code("not_occurred"), rationale=words("She was away that week.")
        )
    )
    decided.then_no_finding("not_required_unexplained")
    history.when(replace(ask, rationale=None)).then_finding("not_required_unexplained")


@EACH_NATION
def test_a_part_for_what_is_about_a_third_party(nation: Jurisdiction) -> None:
    """Confidential information about a third party is a reason of its own for a part (R31)."""
    ask = PlanConferencePart(
        conference=CONFERENCE,
        part=1,
        reason=Code("third_party_information"),
        professionals_only=True,
        third_party=SISTER,
    )
    event = called(nation=nation).when(ask).events[0]
    assert isinstance(event, ConferencePartPlanned)
    assert (event.reason, event.third_party) == ("third_party_information", SISTER)
    reasons = nation.lists["part_reason"]
    assert {"criminal_investigation", "third_party_information", "pach_actions"} <= set(reasons)
    short = {one: label for one, label in reasons.items() if one != "third_party_information"}
    without = replace(nation, lists={**nation.lists, "part_reason": short})
    called(nation=without).when(ask).then_refused("I11")


def test_the_adult_is_among_those_asked() -> None:
    """A conference held that the adult was neither asked to, nor why not, is a finding (R36)."""
    code = "adult_not_invited"
    held().then_finding(code)
    ask = AdultInvited(conference=CONFERENCE, method=Code("letter"), supports=())
    held(ask).then_no_finding(code)
    why = AdultNotInvited(
        conference=CONFERENCE, reason=Code("safety"), rationale=words("He would be outside.")
    )
    held(why).then_no_finding(code)


def test_the_chair_is_among_those_there() -> None:
    """A conference held of which no chair is recorded is a finding (R37)."""
    held().then_finding("no_chair")
    chair = ChairAppointed(
        conference=CONFERENCE,
        chair=CHAIR,
        role=Code("independent_chair"),
        organisation=COUNCIL,
        basis=Code("usual"),
    )
    held(chair).then_no_finding("no_chair")


def test_each_agency_sends_somebody_who_can_decide() -> None:
    """An agency involved that was asked, and no manager of it, is a finding (R40)."""
    code = "agency_without_manager"
    officer = invited("police", POLICE)
    held(officer).then_finding(code)
    held(officer, invited("agency_manager", POLICE, 1)).then_no_finding(code)
    # The council's own chair was there; who is asked for an agency not involved is free.
    nurse = invited("other_health", HEALTH, 2)
    held(officer, invited("agency_manager", POLICE, 1), nurse).then_no_finding(code)
    held(officer, invited("agency_manager", HEALTH, 1)).then_finding(code)
    called(officer).then_no_finding(code)
    agencies = replace(a_conference(), agencies=(HEALTH,))
    for role, asked in (("gp", False), ("cqc", False), ("advocate", False), ("police", True)):
        met = given(a_referral(), agencies, invited(role, HEALTH), a_held_conference())
        (met.then_finding if asked else met.then_no_finding)(code)  # some answer for themselves


@EACH_NATION
@pytest.mark.parametrize(
    "role", ["police", "cqc", "commissioning", "gp", "psychiatrist", "other_health", "legal"]
)
def test_other_professionals_come_in_a_part_of_their_own(role: str, nation: Jurisdiction) -> None:
    """Police, regulator, commissioner, GP, psychiatrist and other health have their part (R43)."""
    ask = InviteParticipant(conference=CONFERENCE, participant=PARTICIPANT, role=Code(role))
    event = ParticipantInvited(conference=CONFERENCE, participant=PARTICIPANT, role=Code(role))
    called(nation=nation).when(ask).then(event)
    unlisted = replace(ask, role=Code("bystander"))
    called(nation=nation).when(unlisted).then_refused("I11")


@EACH_NATION
def test_the_councils_lawyer_may_be_asked_with_the_reason(nation: Jurisdiction) -> None:
    """The council's legal representative may be invited, and why; nobody asks for it (R44)."""
    why = words("An injunction is to be weighed.")
    ask = InviteParticipant(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code("legal"), reason=why
    )
    asked = called(nation=nation).when(ask)
    event = asked.events[0]
    assert isinstance(event, ParticipantInvited)
    assert event.reason == why
    assert [one.code for one in held().findings() if "R44" in one.rules] == []


def test_a_relative_who_came_was_to_come() -> None:
    """A relative at a conference, with no decision that they may be there, is a finding (R59)."""
    code = "family_came_undecided"
    came = at("2026-11-23", a_held_conference(CONFERENCE, RELATIVE))
    called(came).then_finding(code)
    held().then_no_finding(code)
    named = replace(RELATIVE, participant=PARTICIPANT)
    there = at("2026-11-23", a_held_conference(CONFERENCE, named))
    decide = DecideFamilyAttendance(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        decision=Code("attend"),
        basis=Code("adult_wish"),
    )
    decided = called().when(decide).history
    decided.also(there).then_no_finding(code)
    called(there).then_finding(code)
    absent = replace(named, attendance=Code("apology"))
    called(at("2026-11-23", a_held_conference(CONFERENCE, absent))).then_no_finding(code)


def test_a_relative_who_was_not_to_come() -> None:
    """One who came, or was asked, against a decision is as one undecided (R59, R60)."""
    no = FamilyAttendanceDecided(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        decision=Code("not_attend"),
        basis=Code("adult_wish"),
        authority_verified=Code("no"),
        alleged_to_have_caused_harm=Code("no"),
    )
    ask = ParticipantInvited(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code("family"), person=SISTER
    )
    came = at(
        "2026-11-23", a_held_conference(CONFERENCE, replace(RELATIVE, participant=PARTICIPANT))
    )
    called(no, came).then_finding("family_came_undecided")
    called(no, ask).then_finding("family_without_basis")
    called(ask, no).then_no_finding("family_without_basis")
    yes = replace(no, decision=Code("attend_part"))
    called(yes, ask, came).then_no_finding("family_came_undecided")
    called(yes, ask, came).then_no_finding("family_without_basis")


def test_a_relative_known_to_be_alleged_stands_out_unflagged() -> None:
    """A relative asked to come who the case says caused harm is found without the flag (R62)."""
    code = "family_alleged"
    yes = FamilyAttendanceDecided(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        decision=Code("attend"),
        basis=Code("lpa"),
        authority_verified=Code("yes"),
        alleged_to_have_caused_harm=Code("not_known"),
    )
    ask = ParticipantInvited(
        conference=CONFERENCE, participant=PARTICIPANT, role=Code("family"), person=PACH
    )
    alleged = PachIdentified(
        person=PACH,
        allegations=(),
        adult_at_risk=Code("no"),
    )
    called(alleged, ask, yes).then_finding(code)
    called(alleged, replace(ask, person=SISTER), yes).then_no_finding(code)
    called(ask, yes).then_no_finding(code)


def test_a_relative_in_the_adults_interests_follows_a_capacity_decision() -> None:
    """A relative admitted in best interests, with no capacity decision, is a finding (R61)."""
    code = "family_without_capacity"
    decide = DecideFamilyAttendance(
        conference=CONFERENCE,
        participant=PARTICIPANT,
        decision=Code("attend"),
        basis=Code("best_interests"),
    )
    called().when(decide).then_finding(code)
    called(a_capacity("lacks_capacity")).when(decide).then_no_finding(code)
    called(a_capacity()).when(decide).then_finding(code)
    money = replace(a_capacity("lacks_capacity"), decision=Code("finances"))
    called(money).when(decide).then_finding(code)
    called().when(replace(decide, basis=Code("adult_wish"))).then_no_finding(code)
    called().when(replace(decide, decision=Code("not_attend"))).then_no_finding(code)
