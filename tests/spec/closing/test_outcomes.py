from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.advice import RegulatoryReferralMade
from domain.closure import CaseReopened
from domain.conclusion import RecordRiskOutcome, RiskOutcomeRecorded
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.outcome import (
    AdultOutcomeRecorded,
    PachOutcomeRecorded,
    RecordAdultOutcome,
    RecordPachOutcome,
)
from domain.words import AllegationRef, Code
from tests.controls import (
    ALLEGATION,
    COUNCIL,
    NATIONS,
    SECOND_ALLEGATION,
    a_closure,
    a_conclusion,
    a_referral,
    an_allegation,
    an_enquiry,
    ref,
    words,
)
from tests.given import Given, at, given

EACH_NATION = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
TEXT = words("A neighbour comes every evening.")

AGAIN = CaseReopened(reason=Code("new_information"))


def outcome(rule: str, code: str, says: str) -> object:
    """Give one value a rule asks for, with what the procedure says of it."""
    return pytest.param(Code(code), says, id=f"{rule}-{code}")


ADULTS = [
    outcome("R105", "increased_monitoring", "increased monitoring"),
    outcome("R106", "relocated", "relocated from property or service"),
    outcome("R107", "care_act_assessment_services", "assessment and services under the care act"),
    outcome("R108", "civil_action", "civil action"),
    outcome("R109", "court_of_protection", "involvement of the court of protection"),
    outcome("R110", "appointeeship_change", "change of appointeeship"),
    outcome("R111", "finance_access_management", "management of access to finances"),
    outcome("R112", "advocacy_imca_referral", "referral to advocacy or an independent mental"),
    outcome("R113", "counselling_referral", "referral for counselling"),
    outcome("R114", "care_package_change", "different care package"),
    outcome("R115", "mental_health_act", "action under the mental health act"),
    outcome("R116", "direct_payment_review", "review of direct payments or support"),
    outcome("R117", "perpetrator_access_management", "management of access to the alleged"),
    outcome("R118", "declaratory_relief", "declaratory relief"),
    outcome("R119", "complaints_referral", "referral to complaints procedure"),
    outcome("R120", "adult_refused_intervention", "adult refused intervention"),
    outcome("R121", "guardianship", "guardianship (mental health act 1983, section 7)"),
    outcome("R122", "sar_referral", "safeguarding adults review"),
    outcome("R123", "placing_authority_action", "action by placing authority"),
    outcome("R124", "plan_or_risk_review", "review of care and support plan or risk assessment"),
    outcome("R125", "no_further_action", "no further action"),
    outcome("R126", "other", "other"),
]
THEIRS = [
    outcome("R127", "prosecution_or_caution", "criminal prosecution or formal caution"),
    outcome("R128", "police_action", "police action"),
    outcome("R129", "assessment_or_services_offered", "offer of assessment or services"),
    outcome("R130", "removed_from_property_or_service", "removal from property, support"),
    outcome("R131", "adult_access_management", "management of access to the adult at risk"),
    outcome("R132", "dbs_referral", "referral to the disclosure and barring service"),
]


def case(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a referral of two allegations, and these."""
    both = a_referral("2026-11-02", an_allegation(), an_allegation(1))
    return given(both, *more, jurisdiction=nation)


def without(nation: Jurisdiction, name: str, code: Code) -> Jurisdiction:
    """Give the nation as it would be with one value less in a list."""
    rest = {one: label for one, label in nation.lists[name].items() if one != code}
    return replace(nation, lists={**nation.lists, name: rest})


def adults(*codes: str, allegation: AllegationRef | None = None) -> AdultOutcomeRecorded:
    """Give outcomes for the adult."""
    other = TEXT if "other" in codes else None
    outcomes = tuple(Code(one) for one in codes)
    return AdultOutcomeRecorded(outcomes=outcomes, outcomes_other=other, allegation=allegation)


@EACH_NATION
@pytest.mark.parametrize(("code", "says"), ADULTS)
def test_an_outcome_for_the_adult(code: Code, says: str, nation: Jurisdiction) -> None:
    """An outcome for the adult is of the nation's list, one of several (each of R105 to R126)."""
    beside = Code("relocated" if code == "increased_monitoring" else "increased_monitoring")
    both = (code, beside)
    text = TEXT if code == "other" else None
    ask = RecordAdultOutcome(outcomes=both, outcomes_other=text, allegation=ALLEGATION)
    event = AdultOutcomeRecorded(outcomes=both, outcomes_other=text, allegation=ALLEGATION)
    asked = case(nation=nation).when(ask, on="2026-11-24")
    asked.then(event)
    (known,) = asked.on("2026-11-24").case.adult_outcomes
    assert known.codes == set(both)
    assert known.at.day == date(2026, 11, 24)
    assert says in ENGLAND.label("adult_outcome", code).lower()
    assert nation.label("adult_outcome", code) != code
    short = without(nation, "adult_outcome", code)
    case(nation=short).when(ask).then_refused("I11", code="not_in_list")


@EACH_NATION
@pytest.mark.parametrize("subject", ["individual", "provider", "organisation"])
@pytest.mark.parametrize(("code", "says"), THEIRS)
def test_an_outcome_for_who_caused_harm(
    code: Code, says: str, subject: str, nation: Jurisdiction
) -> None:
    """An outcome for a person, provider or organisation is of a list (each of R127 to R132)."""
    ask = RecordPachOutcome(subject=Code(subject), outcomes=(code,), allegation=ALLEGATION)
    event = PachOutcomeRecorded(subject=Code(subject), outcomes=(code,), allegation=ALLEGATION)
    case(nation=nation).when(ask).then(event)
    assert says in ENGLAND.label("pach_outcome", code).lower()
    assert nation.label("pach_outcome", code) != code
    short = without(nation, "pach_outcome", code)
    case(nation=short).when(ask).then_refused("I11", code="not_in_list")


def test_other_needs_its_text() -> None:
    """Other without what it is is refused, for the adult and for who caused harm (R126, R138)."""
    for ask in (
        RecordAdultOutcome(outcomes=(Code("other"),)),
        RecordPachOutcome(outcomes=(Code("other"),)),
    ):
        case().when(ask).then_refused("I11", code="other_needs_text")
        assert case().when(replace(ask, outcomes_other=TEXT)).error is None


@EACH_NATION
def test_a_list_the_sources_leave_open_is_the_nations_to_fill(nation: Jurisdiction) -> None:
    """A further outcome for who caused harm needs a line in the nation's list alone (R138)."""
    ask = RecordPachOutcome(outcomes=(Code("multi_agency_public_protection"),))
    case(nation=nation).when(ask).then_refused("I11")
    more = {**nation.lists["pach_outcome"], "multi_agency_public_protection": "MAPPA"}
    longer = replace(nation, lists={**nation.lists, "pach_outcome": more})
    case(nation=longer).when(ask).then_recorded(PachOutcomeRecorded)


def test_an_outcome_is_called_by_its_nation() -> None:
    """What only one nation's law knows is said in the other's words (R109, R121, R122, R132)."""
    for name, code, words_ in (
        ("adult_outcome", "guardianship", "Adults with Incapacity (Scotland) Act 2000"),
        ("adult_outcome", "sar_referral", "Learning Review"),
        ("adult_outcome", "court_of_protection", "sheriff court"),
        ("pach_outcome", "dbs_referral", "Protecting Vulnerable Groups"),
    ):
        assert words_ in SCOTLAND.label(name, code)
        assert words_ not in ENGLAND.label(name, code)


def test_no_further_action_stands_alone_for_its_allegation() -> None:
    """No further action beside another outcome of the same allegation is a finding (R125)."""
    code = "no_action_beside_action"
    nothing = adults("no_further_action", allegation=ALLEGATION)
    case(nothing).then_no_finding(code)
    beside = case(nothing, adults("civil_action", allegation=ALLEGATION))
    (one,) = (it for it in beside.findings() if it.code == code)
    assert one.subject == str(ALLEGATION)
    assert "another outcome of the allegation of" in one.words
    (whole,) = (
        it for it in case(adults("no_further_action", "civil_action")).findings() if it.code == code
    )
    assert (whole.subject, whole.words) == (
        None,
        "No further action is recorded beside another outcome.",
    )
    case(nothing, adults("civil_action", allegation=SECOND_ALLEGATION)).then_no_finding(code)
    case(nothing, nothing).then_no_finding(code)


def test_an_outcome_after_the_end_is_recorded() -> None:
    """Outcomes come in after the case was closed, and are recorded of it (I14, R105, R127)."""
    closed = case(at("2026-12-20", a_closure()))
    closed.when(RecordAdultOutcome(outcomes=(Code("civil_action"),)), on="2027-03-01").then(
        adults("civil_action")
    )
    ask = RecordPachOutcome(outcomes=(Code("police_action"),))
    closed.when(ask, on="2027-03-01").then_recorded(PachOutcomeRecorded)
    risk = RecordRiskOutcome(allegation=ALLEGATION, outcome=Code("reduced"))
    closed.when(risk, on="2027-03-01").then_recorded(RiskOutcomeRecorded)


@pytest.mark.parametrize(
    "ask",
    [
        RecordAdultOutcome(outcomes=(Code("civil_action"),), allegation=AllegationRef(ref(39))),
        RecordPachOutcome(outcomes=(Code("police_action"),), allegation=AllegationRef(ref(39))),
    ],
)
def test_an_outcome_is_of_an_allegation_of_the_case(ask: object) -> None:
    """One that names another is refused (I4)."""
    case().when(ask).then_refused("I4", code="unknown_allegation")


@EACH_NATION
def test_the_risk_of_one_allegation_has_its_outcome(nation: Jurisdiction) -> None:
    """What became of the risk is recorded for an allegation of the case, and no other (R147)."""
    ask = RecordRiskOutcome(allegation=SECOND_ALLEGATION, outcome=Code("removed"), rationale=TEXT)
    case(nation=nation).when(ask).then(
        RiskOutcomeRecorded(
            allegation=SECOND_ALLEGATION,
            action=Code("action_taken"),
            outcome=Code("removed"),
            rationale=TEXT,
        )
    )
    unknown = replace(ask, allegation=AllegationRef(ref(39)))
    case(nation=nation).when(unknown).then_refused("I4", code="unknown_allegation")
    case(nation=nation).when(replace(ask, outcome=Code("action_taken"))).then_refused("I11")


def test_what_is_counted_agrees_with_the_allegations() -> None:
    """A conclusion with another risk outcome than any allegation of its source is a finding (R147).

    A later record of the same allegation replaces the earlier one. What became of a risk before the
    case was closed and taken up again says nothing of what was concluded since.
    """
    code = "risk_outcome_differs"

    def risk(what: str, allegation: AllegationRef = ALLEGATION) -> RiskOutcomeRecorded:
        action = Code("action_taken")
        return RiskOutcomeRecorded(allegation=allegation, action=action, outcome=Code(what))

    ended = (an_enquiry(), a_conclusion())  # with a risk from a provider that was reduced
    case(*ended).then_no_finding(code)
    case(risk("remained")).then_no_finding(code)
    case(risk("remained"), *ended).then_finding(code)
    case(risk("reduced"), *ended).then_no_finding(code)
    case(risk("remained"), risk("reduced"), *ended).then_no_finding(code)
    case(risk("remained"), risk("reduced", SECOND_ALLEGATION), *ended).then_no_finding(code)
    since = (at("2027-02-01", a_closure()), at("2027-03-01", AGAIN))
    case(risk("remained"), *since, *ended).then_no_finding(code)
    case(*since, risk("remained"), *ended).then_finding(code)


@EACH_NATION
def test_a_source_of_no_group_is_counted_as_itself(nation: Jurisdiction) -> None:
    """Where sources are listed as they are counted, what is counted agrees as well (R147)."""
    sources = nation.lists["risk_source"]
    plain = replace(
        nation,
        lists={**nation.lists, "source_of_risk": sources},
        groups={**nation.groups, "source_of_risk": {}},
    )
    told = replace(an_allegation(), source=Code("service_provider"))
    triple = replace(a_conclusion().triples[0], source=told.source)
    enquiry = replace(an_enquiry(), kind=nation.duty_enquiries[0])
    ended = (enquiry, replace(a_conclusion(), triples=(triple,)))  # its risk was reduced
    for said, agrees in (("remained", False), ("reduced", True)):
        became = RiskOutcomeRecorded(
            allegation=ALLEGATION, action=Code("action_taken"), outcome=Code(said)
        )
        history = given(a_referral("2026-11-02", told), became, *ended, jurisdiction=plain)
        (history.then_no_finding if agrees else history.then_finding)("risk_outcome_differs")


def test_a_referral_for_barring_recorded_as_any_other_is_one() -> None:
    """A barring referral without a duty stays the provider's to make (R132)."""
    theirs = PachOutcomeRecorded(subject=Code("individual"), outcomes=(Code("dbs_referral"),))
    by_council = RegulatoryReferralMade(referral=None, body=Code("barring"), made_by=COUNCIL)
    case(theirs, by_council).then_finding("barring_outcome_without_referral")
