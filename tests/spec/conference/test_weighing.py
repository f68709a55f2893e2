from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.advice import (
    ConsiderLegalAdvice,
    ConsiderProceedings,
    ConsiderRegulatoryAction,
    DecideRegulatoryReferral,
    LegalAdviceConsidered,
    LegalAdviceObtained,
    MakeRegulatoryReferral,
    ObtainLegalAdvice,
    ProceedingsConsidered,
    ProceedingsOutcomeRecorded,
    RecordProceedingsOutcome,
    RegulatoryActionConsidered,
    RegulatoryReferralDecided,
    RegulatoryReferralMade,
)
from domain.agenda import ConsiderAgendaItem
from domain.determination import DecideResidualConcernAction
from domain.hearing import DecideFurtherConference
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.monitoring import DecidePachAction
from domain.outcome import RecordAdultSatisfaction
from domain.words import Code, ConferenceRef, ProceedingsRef, RegulatoryReferralRef
from tests.controls import (
    ACTION,
    ALLEGATION,
    CONFERENCE,
    COUNCIL,
    NATIONS,
    PACH,
    POLICE,
    a_closure,
    a_conference,
    a_held_conference,
    a_referral,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = ("R13", "R72", "R73", "R78", "R79", "R85", "R86", "R87", "R154")

WHY = words("The injunction would need it.")
ADVICE = ConsiderLegalAdvice(conference=CONFERENCE, decision=Code("needed"), rationale=WHY)
REFERRAL = RegulatoryReferralRef(ref(75))
NURSING = Code("nursing_and_midwifery")
REFER = DecideRegulatoryReferral(
    referral=REFERRAL,
    conference=CONFERENCE,
    body=NURSING,
    owner=COUNCIL,
    due=date(2026, 12, 4),
    rationale=WHY,
)
CRIME = ProceedingsRef(ref(76))
INJUNCTION = ProceedingsRef(ref(77))
CRIMINAL = ConsiderProceedings(
    proceedings=CRIME, conference=CONFERENCE, kind=Code("criminal"), brought_by=POLICE
)
CIVIL = ConsiderProceedings(proceedings=INJUNCTION, kind=Code("civil"))


def held(*more: object, nation: Jurisdiction = ENGLAND, kind: str = "initial") -> Given:
    """Begin with a conference of a kind held on 23 November, and these."""
    meeting = at("2026-11-23", a_held_conference())
    return given(a_referral(), a_conference(kind=kind), meeting, *more, jurisdiction=nation)


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_legal_advice_is_considered(nation: Jurisdiction) -> None:
    """Whether legal advice is needed, and why, is recorded in both nations (R72)."""
    held(nation=nation).when(ADVICE).then(
        LegalAdviceConsidered(conference=CONFERENCE, decision=Code("needed"), rationale=WHY)
    )


def test_a_conference_without_a_word_of_legal_advice_is_a_finding() -> None:
    """A conference that did not consider legal advice is criticised; a core group is not (R72)."""
    held().then_finding("legal_advice_not_considered")
    held().when(ADVICE).then_no_finding("legal_advice_not_considered")
    held(kind="core_group").then_no_finding("legal_advice_not_considered")
    put_off = replace(ADVICE, decision=Code("not_decided"))
    held().when(put_off).then_finding("legal_advice_not_considered")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_legal_advice_is_privileged_unless_said_otherwise(nation: Jurisdiction) -> None:
    """Legal advice obtained is tagged as privileged, so that nothing sends it on alone (R72)."""
    ask = ObtainLegalAdvice(organisation=COUNCIL, advice=words("An injunction can be sought."))
    event = LegalAdviceObtained(
        conference=None,
        organisation=COUNCIL,
        advice=words("An injunction can be sought."),
        privileged=Code("yes"),
    )
    history = held(nation=nation)
    history.when(ask).then(event)
    history.when(replace(ask, privileged=Code("no"))).then(replace(event, privileged=Code("no")))


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_regulatory_action_is_considered_decided_and_made(nation: Jurisdiction) -> None:
    """A referral to a body is considered, decided with its day, and made (R73)."""
    consider = ConsiderRegulatoryAction(
        conference=CONFERENCE, body=NURSING, decision=Code("needed"), rationale=WHY
    )
    made = MakeRegulatoryReferral(
        referral=REFERRAL, body=NURSING, made_by=COUNCIL, reference=words("NM/7")
    )
    outcome = held(nation=nation).when(consider)
    outcome.then(
        RegulatoryActionConsidered(
            conference=CONFERENCE, body=NURSING, decision=Code("needed"), rationale=WHY
        )
    )
    decided = outcome.when(REFER)
    decided.then(
        RegulatoryReferralDecided(
            referral=REFERRAL,
            conference=CONFERENCE,
            body=NURSING,
            decision=Code("make"),
            owner=COUNCIL,
            due=date(2026, 12, 4),
            rationale=WHY,
        )
    )
    decided.when(made).then(
        RegulatoryReferralMade(
            referral=REFERRAL, body=NURSING, made_by=COUNCIL, reference=words("NM/7")
        )
    )


def test_each_nation_has_its_own_bodies() -> None:
    """A body of the other nation is not one of this nation's list (I11, R73)."""
    english = replace(REFER, body=Code("care_quality_commission"))
    scottish = replace(REFER, body=Code("care_inspectorate"))
    held().when(english).then_recorded(RegulatoryReferralDecided)
    held().when(scottish).then_refused("I11")
    held(nation=NATIONS[1]).when(english).then_refused("I11")


def test_a_referral_decided_is_made_by_its_day() -> None:
    """A referral decided and not made is a finding the day after its day (R73)."""
    decided = held().when(REFER).history
    decided.on("2026-12-04").then_no_finding("regulatory_referral_overdue")
    decided.on("2026-12-05").then_finding("regulatory_referral_overdue")
    made = decided.when(MakeRegulatoryReferral(referral=REFERRAL, body=NURSING))
    made.on("2026-12-05").then_no_finding("regulatory_referral_overdue")
    against = held().when(replace(REFER, decision=Code("not_make")))
    against.on("2026-12-05").then_no_finding("regulatory_referral_overdue")


def test_a_referral_decided_without_a_day_is_asked_of_at_the_end() -> None:
    """One decided without a day and not made is a finding once the case is closed (R73)."""
    code = "regulatory_referral_overdue"
    undated = held().when(replace(REFER, due=None)).history
    undated.on("2026-12-20").then_no_finding(code)
    closed = undated.also(at("2027-01-11", a_closure()))
    closed.then_finding(code)
    closed.when(MakeRegulatoryReferral(referral=REFERRAL, body=NURSING)).then_no_finding(code)


def test_a_referral_made_answers_its_decision_without_naming_it() -> None:
    """A referral to the same body carries out the first decision open; late, it says so (R73)."""
    decided, late = held().when(REFER).history, "regulatory_referral_late"
    unnamed = MakeRegulatoryReferral(body=NURSING)
    made = decided.when(unnamed, on="2026-12-04")
    made.on("2026-12-05").then_no_finding("regulatory_referral_overdue")
    made.on("2026-12-05").then_no_finding(late)
    behind = decided.when(unnamed, on="2026-12-08")
    behind.then_no_finding("regulatory_referral_overdue")
    behind.then_finding(late)
    other = decided.when(replace(unnamed, body=Code("barring")), on="2026-12-04")
    other.on("2026-12-05").then_finding("regulatory_referral_overdue")


def test_a_referral_may_be_decided_otherwise() -> None:
    """A later decision not to make a referral stands under its own reference (R73)."""
    against = replace(REFER, decision=Code("not_make"))
    changed = held().when(REFER).when(against)
    changed.then_recorded(RegulatoryReferralDecided)
    changed.on("2026-12-05").then_no_finding("regulatory_referral_overdue")


def test_an_item_of_the_agenda_shows_that_it_was_considered() -> None:
    """Legal advice and further action noted as considered on the agenda were so (R69, R72)."""
    for item, code in (
        ("legal_advice", "legal_advice_not_considered"),
        ("further_action_or_information", "further_action_not_considered"),
    ):
        ask = ConsiderAgendaItem(conference=CONFERENCE, item=Code(item))
        held().when(ask).then_no_finding(code)
        held().when(replace(ask, outcome=Code("not_considered"))).then_finding(code)
    given_there = ObtainLegalAdvice(conference=CONFERENCE, advice=words("None is needed."))
    held().when(given_there).then_no_finding("legal_advice_not_considered")


def test_a_referral_has_one_decision() -> None:
    """A second decision under one reference is refused (I1); one never decided is not found."""
    held().when(REFER).when(REFER).then_refused("I1")
    held().when(MakeRegulatoryReferral(referral=REFERRAL, body=NURSING)).then_not_found()
    held().when(MakeRegulatoryReferral(body=NURSING)).then_recorded(RegulatoryReferralMade)


@pytest.mark.parametrize(
    "ask",
    [
        ADVICE,
        REFER,
        ConsiderRegulatoryAction(
            conference=CONFERENCE, body=NURSING, decision=Code("not_needed"), rationale=WHY
        ),
    ],
)
def test_what_was_weighed_has_its_reason(
    ask: ConsiderLegalAdvice | DecideRegulatoryReferral | ConsiderRegulatoryAction,
) -> None:
    """A decision about advice or a regulator without its rationale is a finding (R154)."""
    held().when(ask).then_no_finding("consideration_unexplained")
    held().when(replace(ask, rationale=None)).then_finding("consideration_unexplained")


@pytest.mark.parametrize(
    ("kind", "standard"),
    [
        ("criminal", "beyond_reasonable_doubt"),
        ("civil", "balance_of_probabilities"),
        ("disciplinary", "balance_of_probabilities"),
    ],
)
@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_each_kind_of_proceedings_has_its_standard(
    nation: Jurisdiction, kind: str, standard: str
) -> None:
    """Proceedings talked of are recorded with the burden of proof of their kind (R86, R87)."""
    held(nation=nation).when(replace(CRIMINAL, kind=Code(kind))).then(
        ProceedingsConsidered(
            proceedings=CRIME,
            conference=CONFERENCE,
            kind=Code(kind),
            standard=Code(standard),
            status=Code("pending"),
            brought_by=POLICE,
        )
    )


def test_no_prosecution_ends_no_other_proceedings() -> None:
    """Too little evidence for a prosecution leaves the civil matter as it was (R86)."""
    dropped = RecordProceedingsOutcome(proceedings=CRIME, outcome=Code("insufficient_evidence"))
    history = held().when(CRIMINAL).when(CIVIL).when(dropped).history
    assert history.case.advice.pending == (INJUNCTION,)


def test_an_outcome_may_come_after_the_case_is_closed() -> None:
    """How proceedings ended is recorded with its day, also once the case is closed (R87, I14)."""
    ask = RecordProceedingsOutcome(
        proceedings=CRIME, outcome=Code("conviction_or_caution"), decided_on=date(2027, 5, 4)
    )
    closed = held().when(CRIMINAL).history.also(at("2026-12-20", a_closure()))
    closed.when(ask, on="2027-05-05").then(
        ProceedingsOutcomeRecorded(
            proceedings=CRIME, outcome=Code("conviction_or_caution"), decided_on=date(2027, 5, 4)
        )
    )
    closed.when(replace(CIVIL, conference=None), on="2027-05-05").then_refused("I14")


def test_proceedings_are_told_again_under_their_reference() -> None:
    """How they stand now may be told again; another kind under one reference is refused (I1)."""
    begun = replace(CRIMINAL, status=Code("begun"))
    held().when(CRIMINAL).when(begun).then_recorded(ProceedingsConsidered)
    ended = RecordProceedingsOutcome(proceedings=CRIME, outcome=Code("acquittal"))
    told = held().when(CRIMINAL).when(ended).when(begun).history  # what became of them stands
    assert told.case.advice.pending == ()
    held().when(CRIMINAL).when(replace(begun, kind=Code("civil"))).then_refused("I1")
    held().when(
        RecordProceedingsOutcome(proceedings=CRIME, outcome=Code("acquittal"))
    ).then_not_found()


def test_what_is_weighed_is_weighed_at_a_conference_of_the_case() -> None:
    """Nothing is weighed at a conference this case does not have."""
    held().when(replace(ADVICE, conference=ConferenceRef(ref(599)))).then_not_found()


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (
            DecideFurtherConference(
                conference=CONFERENCE, decision=Code("needed"), by_date=date(2027, 2, 1)
            ),
            "by_date",
        ),
        (
            DecideResidualConcernAction(
                conference=CONFERENCE, allegation=ALLEGATION, concern=words("Money still goes.")
            ),
            "concern",
        ),
        (
            RecordAdultSatisfaction(satisfied=Code("partly"), by_whom=Code("advocate")),
            "by_whom",
        ),
        (
            DecidePachAction(
                action=ACTION, conference=CONFERENCE, pach=PACH, kind=Code("disciplinary")
            ),
            "pach",
        ),
    ],
)
def test_a_decision_keeps_what_it_says_beside(ask: object, field: str) -> None:
    """By when, of what, by whom and about whom a decision is stands in it (R13, R78, R79, R85)."""
    (event,) = held().when(ask).events
    assert getattr(event, field) == getattr(ask, field)
    assert getattr(event, field) is not None
