from __future__ import annotations

from dataclasses import replace

import pytest

from domain.agreement import AgreePlanSharing, PlanSharingAgreed
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.plan import PlanAgreed, PlanRevised, Sharing, Terms
from domain.sharing import (
    DecideInformationSharing,
    InformationShared,
    InformationSharingDecided,
    ShareInformation,
)
from domain.words import Code, ConferenceRef, Slug
from tests.controls import (
    CONFERENCE,
    HEALTH,
    NATIONS,
    PLAN,
    POLICE,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R77", "R82", "R95", "R96", "R154", "R203")

HOUSING = Slug("housing")
DECIDE = DecideInformationSharing(
    conference=CONFERENCE,
    item=Code("needs"),
    organisation=HOUSING,
    basis=Code("adults_consent"),
    necessity=words("To find a flat on the ground floor."),
)
SHARE = ShareInformation(item=Code("needs"), organisation=HOUSING, basis=Code("adults_consent"))
PLAN_SENT = ShareInformation(item=Code("plan"), organisation=HEALTH)


def a_plan(*sharing: Sharing) -> PlanAgreed:
    """Give a plan to be shared with these."""
    return PlanAgreed(
        plan=PLAN,
        version=1,
        conference=CONFERENCE,
        origin=Code("composed"),
        terms=Terms(sharing=sharing),
        review_due=None,
    )


def held(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a conference held on 23 November, and these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), a_conference(), meeting, *more, jurisdiction=nation)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_sharing_is_decided(nation: Jurisdiction) -> None:
    """What more is shared, with whom, on what basis and why, is decided in both (R82, R96)."""
    held(nation=nation).when(DECIDE).then(
        InformationSharingDecided(
            conference=CONFERENCE,
            item=Code("needs"),
            organisation=HOUSING,
            decision=Code("share"),
            basis=Code("adults_consent"),
            necessity=words("To find a flat on the ground floor."),
        )
    )


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_information_is_shared_with_the_meeting(nation: Jurisdiction) -> None:
    """What an agency told the meeting is recorded with its basis, and needs no decision (R203)."""
    ask = ShareInformation(
        conference=CONFERENCE,
        item=Code("risk_assessment"),
        shared_by=POLICE,
        basis=Code("public_task"),
        summary=words("Two calls since June."),
    )
    outcome = held(nation=nation).when(ask)
    outcome.then(
        InformationShared(
            conference=CONFERENCE,
            item=Code("risk_assessment"),
            shared_by=POLICE,
            basis=Code("public_task"),
            summary=words("Two calls since June."),
        )
    )
    outcome.then_no_finding("shared_without_decision")


def test_what_goes_out_has_a_decision() -> None:
    """Information shared with somebody outside, and no decision to share it, is a finding (R82)."""
    held().when(SHARE).then_finding("shared_without_decision")
    held().when(DECIDE).when(SHARE).then_no_finding("shared_without_decision")
    held().when(SHARE).when(DECIDE).then_no_finding("shared_without_decision")
    for other in (
        replace(DECIDE, organisation=HEALTH),
        replace(DECIDE, item=Code("outcome")),
        replace(DECIDE, decision=Code("not_share")),
    ):
        held().when(other).when(SHARE).then_finding("shared_without_decision")


def test_somebody_may_be_named_by_their_part() -> None:
    """A decision that names a part covers what went to somebody in that part (R82)."""
    decided = held().when(replace(DECIDE, organisation=None, role=Code("housing")))
    decided.when(replace(SHARE, role=Code("housing"))).then_no_finding("shared_without_decision")
    decided.when(replace(SHARE, role=Code("gp"))).then_finding("shared_without_decision")


def test_a_decision_to_share_says_why() -> None:
    """A decision to share, or not, without its necessity is a finding (R82, R96, R154)."""
    held().when(DECIDE).then_no_finding("sharing_unexplained")
    held().when(replace(DECIDE, necessity=None)).then_finding("sharing_unexplained")


def test_a_plan_goes_to_those_it_was_agreed_to_go_to() -> None:
    """A plan shared with an agency not on its list is a finding (R77, R95)."""
    listed = Sharing(organisation=HEALTH, role=Code("gp"), content=Code("summary"))
    nothing = replace(listed, content=Code("none"))
    elsewhere = replace(listed, organisation=POLICE, role=Code("police"))
    held(a_plan(listed)).when(PLAN_SENT).then_no_finding("plan_shared_beyond")
    held(a_plan(elsewhere)).when(PLAN_SENT).then_finding("plan_shared_beyond")
    held(a_plan(nothing)).when(PLAN_SENT).then_finding("plan_shared_beyond")
    held(a_plan(listed)).when(PLAN_SENT).then_no_finding("shared_without_decision")


def test_the_list_may_be_agreed_apart() -> None:
    """Sharing agreed apart from the terms, or decided of the plan, is on the list (R77, R82)."""
    apart = PlanSharingAgreed(
        plan=PLAN,
        conference=None,
        organisation=HEALTH,
        role=Code("gp"),
        content=Code("full"),
        basis=Code("adults_consent"),
    )
    decided = replace(DECIDE, item=Code("plan"), organisation=HEALTH)
    sent = held(a_plan()).when(PLAN_SENT)
    sent.then_finding("plan_shared_beyond")
    sent.history.also(apart).then_no_finding("plan_shared_beyond")
    sent.when(decided).then_no_finding("plan_shared_beyond")
    none = replace(apart, content=Code("none"))
    sent.history.also(none).then_finding("plan_shared_beyond")


def test_the_last_word_before_the_sharing_counts() -> None:
    """What was decided not to be shared any more is not covered by an earlier yes (R82)."""
    code = "shared_without_decision"
    no = replace(DECIDE, decision=Code("not_share"))
    decided = held().when(DECIDE, on="2026-11-24")
    decided.when(no, on="2026-11-26").when(SHARE, on="2026-11-30").then_finding(code)
    decided.when(SHARE, on="2026-11-25").when(no, on="2026-11-26").then_no_finding(code)
    other = replace(no, organisation=HEALTH)
    decided.when(other, on="2026-11-26").when(SHARE, on="2026-11-30").then_no_finding(code)
    again = decided.when(no, on="2026-11-26").when(DECIDE, on="2026-11-27")
    again.when(SHARE, on="2026-11-30").then_no_finding(code)
    # Decided after all, weeks later; or entered late.
    afterwards = held().when(SHARE, on="2026-11-24").when(DECIDE, on="2026-12-14")
    afterwards.then_finding(code)
    late = held().when(SHARE, on="2026-11-24").when(DECIDE, on="2026-12-14", occurred="2026-11-23")
    late.then_no_finding(code)
    taken_back = decided.when(SHARE, on="2026-11-30")
    taken_back.when(no, on="2026-12-14", occurred="2026-11-26").then_finding(code)


def test_a_plan_may_not_go_to_somebody_any_more() -> None:
    """A plan shared after it was agreed that an agency is to have none is a finding (R77, R95)."""
    code = "plan_shared_beyond"
    listed = Sharing(organisation=HEALTH, role=Code("gp"), content=Code("summary"))
    none = AgreePlanSharing(plan=PLAN, organisation=HEALTH, role=Code("gp"), content=Code("none"))
    agreed = held(a_plan(listed))
    agreed.when(none, on="2026-11-26").when(PLAN_SENT, on="2026-11-30").then_finding(code)
    agreed.when(PLAN_SENT, on="2026-11-25").when(none, on="2026-11-26").then_no_finding(code)
    full = replace(none, content=Code("full"))
    again = agreed.when(none, on="2026-11-26").when(full, on="2026-11-27")
    again.when(PLAN_SENT, on="2026-11-30").then_no_finding(code)
    no = replace(DECIDE, item=Code("plan"), organisation=HEALTH, decision=Code("not_share"))
    agreed.when(no, on="2026-11-26").when(PLAN_SENT, on="2026-11-30").then_finding(code)
    revised = PlanRevised(
        plan=PLAN,
        version=2,
        conference=None,
        origin=Code("composed"),
        terms=Terms(sharing=(replace(listed, content=Code("none")),)),
        review_due=None,
    )
    dropped = agreed.also(at("2026-11-26", revised))
    dropped.when(PLAN_SENT, on="2026-11-30").then_finding(code)
    # A later list that says nothing of an agency gives it nothing that an earlier one kept from it.
    kept = held(a_plan(replace(listed, content=Code("none"))))
    silent = kept.also(at("2026-11-26", replace(revised, terms=Terms())))
    silent.when(PLAN_SENT, on="2026-11-30").then_finding(code)


def test_what_was_told_no_meeting_went_out() -> None:
    """Told at no conference, information went to somebody, if it is not said to whom (R82)."""
    unnamed = ShareInformation(item=Code("needs"), shared_by=POLICE)
    held().when(unnamed).then_finding("shared_without_decision")
    held().when(DECIDE).when(unnamed).then_no_finding("shared_without_decision")
    no = replace(DECIDE, decision=Code("not_share"))
    held().when(DECIDE).when(no).when(unnamed).then_no_finding("shared_without_decision")
    at_meeting = replace(unnamed, conference=CONFERENCE)
    held().when(at_meeting).then_no_finding("shared_without_decision")
    listed = Sharing(organisation=HEALTH, role=Code("gp"), content=Code("summary"))
    plan = replace(unnamed, item=Code("plan"))
    held(a_plan(listed)).when(plan).then_no_finding("plan_shared_beyond")
    held(a_plan()).when(plan).then_finding("plan_shared_beyond")


def test_what_a_revision_drops_was_agreed_when_it_was_sent() -> None:
    """A copy sent by an earlier list is not said to be beyond it (R77)."""
    listed = Sharing(organisation=HEALTH, role=Code("gp"), content=Code("summary"))
    revised = PlanRevised(
        plan=PLAN,
        version=2,
        conference=None,
        origin=Code("composed"),
        terms=Terms(),
        review_due=None,
    )
    sent = held(a_plan(listed)).when(PLAN_SENT).history
    sent.also(revised).then_no_finding("plan_shared_beyond")


def test_a_disclosure_after_the_end_is_recorded() -> None:
    """What is shared of a closed case is recorded; a new decision needs it reopened (I14)."""
    closed = held(at("2026-12-20", a_closure()))
    closed.when(SHARE, on="2027-01-10").then_recorded(InformationShared)
    closed.when(DECIDE, on="2027-01-10").then_refused("I14")


def test_sharing_is_decided_at_a_conference_of_the_case() -> None:
    """Nothing is decided at a conference this case does not have."""
    held().when(replace(DECIDE, conference=ConferenceRef(ref(599)))).then_not_found()
