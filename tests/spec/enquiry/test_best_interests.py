from __future__ import annotations

from dataclasses import replace

import pytest

from domain.best_interests import (
    BestInterestsDecisionRecorded,
    IdentifyKeyDecisionMaker,
    KeyDecisionMakerIdentified,
    RecordBestInterestsDecision,
)
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.minutes import MinutesCirculated, Recipient
from domain.stage import recorded
from domain.when import read
from domain.words import Code, Digest
from tests.controls import (
    CONFERENCE,
    NATIONS,
    PRACTITIONER,
    SISTER,
    a_capacity,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    an_enquiry,
    words,
)
from tests.given import Given, at, given

RULES = ("R49", "R55", "R61", "R154", "R163")

MAKER = IdentifyKeyDecisionMaker(
    decision=Code("own_safety"),
    person=SISTER,
    authority=Code("attorney"),
    verified=Code("yes"),
)
DECISION = RecordBestInterestsDecision(
    decision=Code("own_safety"),
    authority=Code("best_interests"),
    worker=PRACTITIONER,
    decided=words("She stays where she is."),
    consulted=(Code("family"), Code("gp")),
    imca=Code("no"),
    rationale=words("It is what she always said."),
)
LACKS = a_capacity("lacks_capacity")
CODE = "nobody_decides"
MINUTES = MinutesCirculated(
    conference=CONFERENCE,
    recipients=(
        Recipient(
            role=Code("police"),
            copy=Digest("a" * 64),
            source=Digest("a" * 64),
            method=Code("secure_email"),
        ),
    ),
    outside=False,
    due=None,
)


def held(*before: object) -> Given:
    """Begin with a conference held after these."""
    return given(a_referral(), a_conference(), *before, at("2026-11-23", a_held_conference()))


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_who_decides_is_recorded(nation: Jurisdiction) -> None:
    """Who decides for the adult, and what, is recorded with its authority and reasons (R55)."""
    history = given(a_referral(), jurisdiction=nation)
    history.when(MAKER).then(recorded(KeyDecisionMakerIdentified, MAKER))
    history.when(DECISION).then(recorded(BestInterestsDecisionRecorded, DECISION))


def test_authority_has_the_nations_names() -> None:
    """An intervention order gives authority in Scotland alone; attorneys bear each law's name."""
    order = replace(MAKER, authority=Code("intervener"))
    given(a_referral(), jurisdiction=SCOTLAND).when(order).then_recorded(KeyDecisionMakerIdentified)
    given(a_referral()).when(order).then_refused("I11")
    labels = [nation.label("decision_authority", "attorney") for nation in (ENGLAND, SCOTLAND)]
    assert labels[0] != labels[1]


def test_somebody_decides_for_an_adult_who_cannot() -> None:
    """Lack of capacity, and neither a decision-maker nor a decision recorded, is found (R55)."""
    code = CODE
    given(a_referral(), LACKS).then_no_finding(code)  # there is time before the conference
    held(LACKS).then_finding(code)
    since_then = held(LACKS).findings()  # since the conference was held without it
    assert [one.since for one in since_then if one.code == code] == [read("2026-11-23")]
    held(LACKS).when(MAKER).then_no_finding(code)
    held(LACKS).when(DECISION).then_no_finding(code)
    other = replace(MAKER, decision=Code("finances"))
    held(LACKS).when(other).then_finding(code)
    given(a_referral(), an_enquiry(), LACKS, a_conclusion()).then_finding(code)


def test_nobody_decided_since_the_first_end_of_anything() -> None:
    """It stands since the earliest day on which something ended, whichever was entered first."""
    late = at("2026-12-01", a_conclusion(), occurred="2026-11-20")
    (one,) = [it for it in held(an_enquiry(), LACKS).also(late).findings() if it.code == CODE]
    assert one.since == read("2026-11-20")


def test_the_last_word_on_capacity_counts() -> None:
    """Where the adult was later found to have capacity, nobody needs to decide for them (R49)."""
    code = CODE
    held(LACKS, a_capacity()).then_no_finding(code)
    held(a_capacity(), LACKS).then_finding(code)


def test_a_decision_for_somebody_is_explained() -> None:
    """A decision for the adult without reasons, or with nobody consulted, is found (R55, R154)."""
    for code, bare in (
        ("best_interests_unexplained", replace(DECISION, rationale=None)),
        ("best_interests_unconsulted", replace(DECISION, consulted=())),
    ):
        given(a_referral()).when(DECISION).then_no_finding(code)
        made = given(a_referral()).when(bare)
        made.then_finding(code)
        made.when(DECISION).then_no_finding(code)


def test_who_has_the_minutes_is_decided() -> None:
    """Minutes of an adult lacking capacity, sent without a decision to whom, are found (R163)."""
    code = "minutes_without_decision"
    about = replace(DECISION, decision=Code("minutes_recipient"), recipient=SISTER)
    held(LACKS).then_no_finding(code)
    held(LACKS).also(MINUTES).then_finding(code)
    held(LACKS).also(MINUTES).when(about).then_no_finding(code)
    held(a_capacity()).also(MINUTES).then_no_finding(code)


def test_capacity_for_the_minutes_is_its_own_question() -> None:
    """An adult who lacks capacity for another decision may decide about the minutes (R163)."""
    able = replace(a_capacity(), decision=Code("minutes_recipient"))
    held(LACKS, able).also(MINUTES).then_no_finding("minutes_without_decision")
