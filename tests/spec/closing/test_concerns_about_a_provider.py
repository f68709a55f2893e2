from __future__ import annotations

from dataclasses import replace

import pytest

from domain.advice import RegulatoryReferralMade
from domain.causing import LargeScaleEnquiryOpened
from domain.concern import Allegation
from domain.determination import AbuseFinding
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.provider import (
    ConcernsSharedWithAuthority,
    NotifyRegulator,
    RegulatorNotified,
    ShareConcernsWithAuthority,
)
from domain.sharing import InformationShared
from domain.words import AllegationRef, Code, ConferenceRef, EnquiryRef, Slug
from tests.controls import (
    ALLEGATION,
    CONFERENCE,
    COUNCIL,
    NATIONS,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
    attendance,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R143", "R144")

CODE = "regulator_not_notified"
WHY = words("Rounds were missed on four nights.")
PROVIDER = Slug("quiet-care")
NEIGHBOURS = Slug("east-council")
PROVED = AbuseFinding(
    conference=None,
    allegation=ALLEGATION,
    finding=Code("substantiated"),
    standard=Code("balance_of_probabilities"),
    rationale=WHY,
    supersedes=None,
)
SHARE = ShareConcernsWithAuthority(
    authority=NEIGHBOURS,
    provider=PROVIDER,
    facts_only=Code("yes"),
    content=(Code("fact"), Code("observation")),
    necessity=words("It places two people there."),
    shared_by=COUNCIL,
    summary=WHY,
)


def case(*more: object, nation: Jurisdiction = ENGLAND, source: str = "provider_private") -> Given:
    """Begin with an allegation against a source, and these."""
    alleged = Allegation(
        ref=AllegationRef(ALLEGATION),
        type=Code("neglect"),
        source=Code(source),
        location=Code("own_home"),
    )
    return given(a_referral("2026-11-02", alleged), *more, jurisdiction=nation)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_the_regulator_of_care_is_told(nation: Jurisdiction) -> None:
    """Concerns about a provider, and its regulator not told, is a finding (R143)."""
    ask = NotifyRegulator(
        body=nation.care_regulators[0], provider=PROVIDER, notified_by=COUNCIL, summary=WHY
    )
    history = case(PROVED, nation=nation)
    history.then_finding(CODE, severity="medium")
    outcome = history.when(ask)
    outcome.then(
        RegulatorNotified(
            body=nation.care_regulators[0], provider=PROVIDER, notified_by=COUNCIL, summary=WHY
        )
    )
    outcome.then_no_finding(CODE)
    elsewhere = replace(ask, body=Code("nursing_and_midwifery"))
    history.when(elsewhere).then_finding(CODE)


@pytest.mark.parametrize("source", ["provider_public", "provider_private", "provider_voluntary"])
def test_any_provider_may_give_cause(source: str) -> None:
    """An allegation found against a provider of any kind is a concern about it (R143)."""
    case(PROVED, source=source).then_finding(CODE)
    case(replace(PROVED, finding=Code("partly_substantiated")), source=source).then_finding(CODE)


def test_where_no_provider_gives_cause_nobody_need_be_told() -> None:
    """An allegation not proved, or against somebody else, is no concern about a provider (R143)."""
    case().then_no_finding(CODE)
    case(replace(PROVED, finding=Code("not_substantiated"))).then_no_finding(CODE)
    case(PROVED, source="known_relative").then_no_finding(CODE)
    later = replace(PROVED, finding=Code("not_substantiated"), supersedes=2)
    case(PROVED, later).then_no_finding(CODE)


def test_a_risk_or_a_large_scale_enquiry_is_such_a_concern() -> None:
    """A risk from a provider, or a large-scale enquiry into one, is a concern too (R143)."""
    case(an_enquiry(), a_conclusion(), source="known_relative").then_finding(CODE)
    none = replace(a_conclusion(), risks_found=())
    case(an_enquiry(), none, source="known_relative").then_no_finding(CODE)
    opened = LargeScaleEnquiryOpened(
        enquiry=EnquiryRef(ref(41)), reason=Code("provider_concerns"), rationale=WHY
    )
    case(opened, source="known_relative").then_finding(CODE)
    case(replace(opened, reason=Code("several_adults")), source="known_relative").then_no_finding(
        CODE
    )


def test_whoever_knows_otherwise_is_told() -> None:
    """A regulator that had a referral, was sent information or came to the meeting knows (R143)."""
    body = Code("care_quality_commission")
    case(PROVED, RegulatoryReferralMade(referral=None, body=body)).then_no_finding(CODE)
    told = InformationShared(
        conference=None, item=Code("concern"), role=Code("cqc"), basis=Code("legal_duty")
    )
    case(PROVED, told).then_no_finding(CODE)
    case(PROVED, replace(told, role=Code("gp"))).then_finding(CODE)
    there = a_held_conference(CONFERENCE, attendance("cqc", Slug("regulator")))
    case(PROVED, a_conference(), at("2026-11-23", there)).then_no_finding(CODE)
    case(PROVED, a_conference(), at("2026-11-23", a_held_conference())).then_finding(CODE)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_facts_go_to_an_authority_that_needs_them(nation: Jurisdiction) -> None:
    """Facts about a provider told to another authority stand with why it needs them (R144)."""
    outcome = case(nation=nation).when(SHARE)
    outcome.then(
        ConcernsSharedWithAuthority(
            authority=NEIGHBOURS,
            provider=PROVIDER,
            facts_only=Code("yes"),
            content=(Code("fact"), Code("observation")),
            necessity=words("It places two people there."),
            shared_by=COUNCIL,
            summary=WHY,
        )
    )
    outcome.then_no_finding("authority_told_without_need")
    outcome.then_no_finding("opinion_shared_with_authority")


def test_an_authority_told_without_need_is_a_finding() -> None:
    """Concerns shared without the reason why they are needed are a finding (R144)."""
    case().when(replace(SHARE, necessity=None)).then_finding("authority_told_without_need")


def test_an_opinion_is_flagged() -> None:
    """More than facts, or an opinion among them, is a finding; not recorded is not (R144)."""
    code = "opinion_shared_with_authority"
    case().when(replace(SHARE, facts_only=Code("no"))).then_finding(code)
    opinion = (Code("fact"), Code("opinion"))
    case().when(replace(SHARE, content=opinion)).then_finding(code)
    bare = replace(SHARE, facts_only=Code("not_recorded"), content=())
    case().when(bare).then_no_finding(code)


def test_a_regulator_told_after_the_end_is_recorded() -> None:
    """What regulators and authorities are told of a closed case is recorded of it (I14)."""
    closed = case(at("2026-12-20", a_closure()))
    tell = NotifyRegulator(body=Code("care_quality_commission"))
    closed.when(tell, on="2027-02-01").then_recorded(RegulatorNotified)
    closed.when(SHARE, on="2027-02-01").then_recorded(ConcernsSharedWithAuthority)
    nowhere = replace(tell, conference=ConferenceRef(ref(599)))
    case().when(nowhere).then_not_found()
