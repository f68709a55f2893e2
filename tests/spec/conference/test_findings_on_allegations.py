from __future__ import annotations

from dataclasses import replace

import pytest

from domain.concern import AllegationAdded
from domain.conclusion import EnquiryReopened
from domain.conference import ConferenceNotRequired
from domain.determination import (
    AbuseFinding,
    AdultAtRiskStatusDetermined,
    ConsiderProtectionOrder,
    DecideResidualConcernAction,
    DetermineAdultAtRiskStatus,
    DissentRecorded,
    FindOnAllegation,
    ProtectionOrderConsidered,
    RecordDissent,
    ResidualConcernActionDecided,
)
from domain.duty import DecideDuty
from domain.enquiry import InquiryOpened
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.monitoring import EndPlan
from domain.outcome import (
    AdultOutcomeRecorded,
    AdultSatisfactionRecorded,
    PachOutcomeRecorded,
    RecordAdultOutcome,
    RecordAdultSatisfaction,
    RecordPachOutcome,
)
from domain.plan import PlanAgreed, PlanNotRequired, Terms
from domain.words import AllegationRef, Code, EnquiryRef
from tests.controls import (
    ALLEGATION,
    CONFERENCE,
    COUNCIL,
    DAY,
    ENQUIRY,
    NATIONS,
    PLAN,
    POLICE,
    REVIEW,
    SECOND_ALLEGATION,
    a_capacity,
    a_closure,
    a_conclusion,
    a_conference,
    a_held_conference,
    a_referral,
    a_risk,
    an_allegation,
    an_enquiry,
    ref,
    words,
)
from tests.given import Given, at, given

RULES = (
    "R5", "R10", "R13", "R67", "R79", "R105", "R120", "R125", "R126", "R127", "R138", "R155",
    "R184", "R204",
)  # fmt: skip


def a_finding(
    value: str = "substantiated",
    allegation: AllegationRef = ALLEGATION,
    supersedes: int | None = None,
) -> AbuseFinding:
    """Give a reasoned finding of the control conference."""
    return AbuseFinding(
        conference=CONFERENCE,
        allegation=allegation,
        finding=Code(value),
        standard=Code("balance_of_probabilities"),
        rationale=words("Two carers saw it."),
        decided_by=(COUNCIL, POLICE),
        supersedes=supersedes,
    )


def find(
    value: str = "substantiated",
    allegation: AllegationRef = ALLEGATION,
    supersedes: int | None = None,
) -> FindOnAllegation:
    """Ask for the control finding."""
    return FindOnAllegation(
        conference=CONFERENCE,
        allegation=allegation,
        finding=Code(value),
        rationale=words("Two carers saw it."),
        decided_by=(COUNCIL, POLICE),
        supersedes=supersedes,
    )


def held(*more: object) -> Given:
    """Begin with a conference held about two allegations, and these after it (versions from 4)."""
    referral = a_referral("2026-11-02", an_allegation(), an_allegation(1))
    return given(referral, a_conference(), at("2026-11-23", a_held_conference()), *more)


def test_a_finding_is_made_on_the_balance_of_probabilities() -> None:
    """A finding records one allegation, and a standard of proof nobody can choose (R67, R155)."""
    held().when(find()).then(a_finding())


def test_a_finding_needs_an_allegation_of_the_case() -> None:
    """A finding on an allegation this case does not have is refused (I4)."""
    held().when(find(allegation=AllegationRef(ref(399)))).then_refused("I4")


@pytest.mark.parametrize("value", ENGLAND.lists["finding"])
def test_every_finding_can_be_made(value: str) -> None:
    """Each value of the list of findings can be recorded (B.9)."""
    held().when(find(value)).then_recorded(AbuseFinding)


def test_a_later_finding_names_the_one_it_supersedes() -> None:
    """An allegation has one current finding: the next names it, by its version (I15)."""
    history = held(a_finding("inconclusive_pending"))

    history.when(find()).then_refused("I15")
    history.when(find(supersedes=3)).then_refused("I15")
    history.when(find(supersedes=4)).then(a_finding(supersedes=4))


def test_a_first_finding_supersedes_nothing() -> None:
    """A finding that claims to replace one where there is none is refused (I15)."""
    held().when(find(supersedes=2)).then_refused("I15")


def test_the_chain_goes_on() -> None:
    """A third finding supersedes the second, never the first again (I15)."""
    history = held(a_finding("inconclusive"), a_finding("partly_substantiated", supersedes=4))
    history.when(find(supersedes=4)).then_refused("I15")
    history.when(find(supersedes=5)).then_recorded(AbuseFinding)


def test_each_allegation_has_its_own_chain() -> None:
    """A finding on one allegation leaves another's alone (R155, I15)."""
    history = held(a_finding())
    history.when(find("not_substantiated", SECOND_ALLEGATION)).then_recorded(AbuseFinding)


def test_every_allegation_is_found_on() -> None:
    """A conference held with an allegation left open is a finding, until each has one (R10)."""
    code = "allegation_not_found_on"
    held().then_finding(code)
    held(a_finding()).then_finding(code)
    held(a_finding(), a_finding(allegation=SECOND_ALLEGATION)).then_no_finding(code)


def test_each_allegation_left_open_is_told_by_what_is_alleged_and_where() -> None:
    """Two of one referral, or of one type, are told apart by their words alone (R10, R67)."""
    alike = AllegationAdded(allegation=an_allegation(7))
    history = held(at("2026-11-20", alike)).findings()
    told = [one.words for one in history if one.code == "allegation_not_found_on"]
    assert len(set(told)) == len(told) == 3
    first, second, third = told
    assert "the allegation of neglect and acts of omission (told at [1], number 1) has" in first
    assert "(told at [1], number 2) has neither finding nor deferral" in second
    assert "number" not in third


def test_what_is_alleged_later_was_not_left_open() -> None:
    """A conference is asked for no finding on what was alleged only after it (R10)."""
    later = AllegationAdded(allegation=an_allegation(7))
    first = [a_finding(), a_finding(allegation=SECOND_ALLEGATION)]
    held(*first, at("2027-01-04", later)).then_no_finding("allegation_not_found_on")
    held(*first, at("2027-01-04", later, occurred="2026-11-20")).then_finding(
        "allegation_not_found_on"
    )


def test_a_nation_that_gives_no_verdict_is_not_asked_for_one() -> None:
    """Where the law asks for the adult's status and not a verdict, none is missed (B.8)."""
    history = replace(held(), jurisdiction=SCOTLAND)
    history.then_no_finding("allegation_not_found_on")


def test_a_finding_gives_its_reasons() -> None:
    """A finding without a rationale is recorded, and criticised (R67, R154)."""
    bare = replace(find(), rationale=None)
    held().when(bare).then_finding("finding_unexplained")
    held().when(find()).then_no_finding("finding_unexplained")


@pytest.mark.parametrize("value", ["not_determined", "inconclusive_pending"])
def test_a_deferral_gives_its_reason(value: str) -> None:
    """Putting a finding off without a reason is a finding (R10)."""
    bare = replace(find(value), rationale=None)
    held().when(bare).then_finding("deferral_unexplained")
    held().when(find(value)).then_no_finding("deferral_unexplained")
    said = [one for one in held().when(bare).history.findings() if one.subject == str(ALLEGATION)]
    assert [one.code for one in said if one.code.endswith("unexplained")] == [
        "deferral_unexplained"
    ]


@pytest.mark.parametrize("value", ["not_substantiated", "inconclusive"])
def test_what_remains_to_fear_is_decided_upon(value: str) -> None:
    """An allegation not proved, with no word on the concern that remains, is a finding (R79)."""
    ask = DecideResidualConcernAction(
        conference=CONFERENCE, allegation=ALLEGATION, action=words("Visit weekly.")
    )
    history = held(a_finding(value))
    history.then_finding("residual_concern")
    answered = history.when(ask)
    answered.then_recorded(ResidualConcernActionDecided)
    answered.then_no_finding("residual_concern")
    history.when(replace(ask, action=None)).then_finding("residual_concern")  # says nothing
    history.also(a_risk("none")).then_no_finding("residual_concern")
    history.also(a_risk("low")).then_finding("residual_concern")


def test_a_review_in_scotland_determines_the_adults_status() -> None:
    """A review that does not say whether the adult is at risk still is a finding (R184)."""
    ask = DetermineAdultAtRiskStatus(
        conference=REVIEW, status=Code("not_at_risk"), rationale=words("She has moved.")
    )
    review = a_conference("2027-02-22", REVIEW, "review")
    meeting = at("2027-02-22", a_held_conference(REVIEW))
    history = given(a_referral(), a_conference(), review, meeting, jurisdiction=SCOTLAND)

    history.then_finding("status_not_determined")
    determined = history.when(ask)
    determined.then_recorded(AdultAtRiskStatusDetermined)
    determined.then_no_finding("status_not_determined")


def test_an_initial_conference_in_scotland_considers_orders() -> None:
    """An initial conference that considered no protection order is a finding in Scotland (R204)."""
    ask = ConsiderProtectionOrder(
        conference=CONFERENCE, order=Code("banning"), decision=Code("not_apply")
    )
    history = replace(held(), jurisdiction=SCOTLAND)
    history.then_finding("orders_not_considered")
    considered = history.when(ask)
    considered.then_recorded(ProtectionOrderConsidered)
    considered.then_no_finding("orders_not_considered")
    held().then_no_finding("orders_not_considered")


def test_several_outcomes_may_be_recorded_for_the_adult() -> None:
    """Outcomes are recorded as a set, of the case or of one allegation (R105 to R126)."""
    ask = RecordAdultOutcome(
        outcomes=(Code("increased_monitoring"), Code("care_package_change")), allegation=ALLEGATION
    )
    held().when(ask).then_recorded(AdultOutcomeRecorded)


def test_no_further_action_stands_alone() -> None:
    """No further action beside another outcome is recorded, with a finding (R125)."""
    both = RecordAdultOutcome(outcomes=(Code("no_further_action"), Code("counselling_referral")))
    alone = replace(both, outcomes=(Code("no_further_action"),))
    held().when(both).then_finding("no_action_beside_action")
    held().when(alone).then_no_finding("no_action_beside_action")


def test_a_refusal_of_help_rests_on_a_capacity_decision() -> None:
    """The adult refusing intervention with no capacity decision recorded is a finding (R120)."""
    ask = RecordAdultOutcome(outcomes=(Code("adult_refused_intervention"),))
    code = "refusal_without_capacity"
    held().when(ask).then_finding(code, severity="high")
    held().also(a_capacity()).when(ask).then_no_finding(code)
    asked_too_late = at("2027-01-11", a_capacity())
    held().when(ask, on="2026-12-01").history.also(asked_too_late).then_finding(code)


@pytest.mark.parametrize(
    ("decision", "bears"),
    [
        *((one, True) for one in ("own_safety", "enquiry", "protection_plan")),
        *((one, True) for one in ("accommodation", "medical_treatment", "contact")),
        *((one, False) for one in ("attending_conference", "minutes_recipient")),
        *(("sharing_information", False), ("finances", False)),
    ],
)
def test_a_refusal_of_help_rests_on_capacity_for_that(decision: str, *, bears: bool) -> None:
    """Capacity to come to a meeting, or for its minutes, is not that to refuse help (R120)."""
    ask = RecordAdultOutcome(outcomes=(Code("adult_refused_intervention"),))
    refused = held().also(replace(a_capacity(), decision=Code(decision))).when(ask)
    (refused.then_no_finding if bears else refused.then_finding)("refusal_without_capacity")


def test_a_plan_ends_once_the_adult_is_at_risk_no_longer() -> None:
    """A plan that goes on after the adult was found not at risk is a finding (R184)."""
    code = "not_at_risk_with_active_plan"
    gone = DetermineAdultAtRiskStatus(
        conference=REVIEW, status=Code("not_at_risk"), rationale=words("She has moved.")
    )
    still = replace(gone, status=Code("at_risk"))
    origin = Code("composed")
    plan = PlanAgreed(
        plan=PLAN, version=1, conference=None, origin=origin, terms=Terms(), review_due=None
    )
    review = (a_conference("2027-02-22", REVIEW, "review"), a_held_conference(REVIEW))
    history = replace(held(plan, *review), jurisdiction=SCOTLAND)
    history.when(still).then_no_finding(code)
    goes_on = history.when(gone)
    goes_on.then_finding(code, severity="medium")
    goes_on.when(still).then_no_finding(code)  # at risk again, so that the plan is to go on
    goes_on.when(EndPlan(plan=PLAN, reason=Code("not_at_risk"))).then_no_finding(code)

    before = replace(held(*review), jurisdiction=SCOTLAND).when(gone)
    before.then_no_finding(code)
    before.history.also(at("2027-06-01", plan)).then_no_finding(code)  # of what came since


def test_another_outcome_needs_words() -> None:
    """An outcome of another kind is refused without words (R126, I11)."""
    ask = RecordAdultOutcome(outcomes=(Code("other"),))
    held().when(ask).then_refused("I11")
    said = replace(ask, outcomes_other=words("A dog."))
    held().when(said).then_recorded(AdultOutcomeRecorded)


@pytest.mark.parametrize("subject", ["individual", "provider", "organisation"])
def test_outcomes_for_the_person_alleged_are_recorded_apart(subject: str) -> None:
    """Outcomes for a person, provider or organisation alleged to have caused harm stand apart."""
    ask = RecordPachOutcome(subject=Code(subject), outcomes=(Code("police_action"),))
    held().when(ask).then_recorded(PachOutcomeRecorded)


def test_dissent_is_recorded() -> None:
    """Somebody who disagreed is recorded with their reasons, and nothing is refused (R67)."""
    ask = RecordDissent(
        conference=CONFERENCE,
        organisation=POLICE,
        role=Code("police"),
        reasons=words("Not enough was known."),
    )
    held().when(ask).then_recorded(DissentRecorded)


def test_the_adult_is_asked_whether_they_are_satisfied() -> None:
    """Not asking the adult without saying why is a finding (R13)."""
    ask = RecordAdultSatisfaction(satisfied=Code("not_asked"))
    held().when(ask).then_finding("satisfaction_not_asked")
    said = replace(ask, reason_not_asked=words("She had died."))
    outcome = held().when(said)
    outcome.then_recorded(AdultSatisfactionRecorded)
    outcome.then_no_finding("satisfaction_not_asked")
    asked_later = held().when(ask).when(replace(ask, satisfied=Code("yes")))
    asked_later.then_no_finding("satisfaction_not_asked")


def test_a_concluded_enquiry_knows_the_adults_satisfaction() -> None:
    """An enquiry concluded without the adult's satisfaction being recorded is a finding (R13)."""
    asked = AdultSatisfactionRecorded(satisfied=Code("partly"))
    held(a_conclusion()).then_finding("satisfaction_missing")
    held(asked, a_conclusion()).then_no_finding("satisfaction_missing")


def test_a_concluded_enquiry_had_a_conference_or_a_decision_against() -> None:
    """An enquiry concluded with no conference, and none ruled out, is a finding (R5)."""
    code = "concluded_without_conference"
    ruled_out = ConferenceNotRequired(reason=Code("adult_request"), rationale=words("She asked."))

    given(a_referral(), an_enquiry(), a_conclusion()).then_finding(code)
    given(a_referral(), an_enquiry(), ruled_out, a_conclusion()).then_no_finding(code)
    held(a_conclusion()).then_no_finding(code)


def test_outcomes_may_come_after_closing() -> None:
    """A closed case still takes outcomes and the adult's satisfaction (I14)."""
    closed = held(at("2026-12-01", a_closure()))
    outcome = RecordPachOutcome(outcomes=(Code("prosecution_or_caution"),))
    satisfaction = RecordAdultSatisfaction(satisfied=Code("yes"))

    closed.when(outcome, on="2027-03-01").then_recorded(PachOutcomeRecorded)
    closed.when(satisfaction, on="2027-03-01").then_recorded(AdultSatisfactionRecorded)
    closed.when(find(), on="2027-03-01").then_refused("I14")


LEFT = "allegation_without_outcome"
MORE = AllegationAdded(allegation=an_allegation(1))
PLANNED = PlanNotRequired(conference=CONFERENCE, reason=Code("no_risk"), rationale=words("Safe."))


def inquired(*after: object, nation: Jurisdiction = SCOTLAND) -> Given:
    """Give a case of a nation, and what follows its referral."""
    return given(a_referral(), *after, jurisdiction=nation)


def test_a_conference_comes_to_something_of_each_allegation() -> None:
    """In Scotland what was alleged before a conference has an outcome once it was held (R10)."""
    held = inquired(a_conference(), a_held_conference())
    held.then_finding(LEFT, severity="medium")
    (found,) = (one for one in held.findings() if one.code == LEFT)
    assert (found.position, found.subject) == (1, str(ALLEGATION))
    status = AdultAtRiskStatusDetermined(
        conference=CONFERENCE, status=Code("at_risk"), rationale=words("As heard.")
    )
    for answer in (
        status,
        PLANNED,
        PachOutcomeRecorded(
            subject=Code("individual"),
            outcomes=(Code("no_further_action"),),
            allegation=ALLEGATION,
        ),
        AdultOutcomeRecorded(outcomes=(Code("no_further_action"),), allegation=ALLEGATION),
        a_finding(),
    ):
        held.also(answer).then_no_finding(LEFT)
    inquired(a_conference(kind="core_group"), a_held_conference()).then_no_finding(LEFT)
    england = inquired(a_conference(), a_held_conference(), nation=ENGLAND)
    england.then_no_finding(LEFT)
    england.then_finding("allegation_not_found_on")


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_no_allegation_is_left_on_file_at_the_end(nation: Jurisdiction) -> None:
    """A case closed, or its enquiry ended, with something alleged and no outcome is named (R10)."""
    closed = inquired(a_closure(), nation=nation)
    closed.then_finding(LEFT)
    replace(closed, facts=closed.facts[:1]).then_no_finding(LEFT)
    opened = replace(an_enquiry(), kind=nation.duty_enquiries[0])
    begun = (
        opened
        if nation is ENGLAND
        else InquiryOpened(
            enquiry=ENQUIRY, kind=nation.duty_enquiries[0], opened_on=DAY, large_scale=False
        )
    )
    ended = inquired(begun, a_conclusion(), nation=nation)
    ended.then_no_finding(LEFT)
    since = ended.also(MORE)
    (found,) = (one for one in since.then_finding(LEFT).findings() if one.code == LEFT)
    assert (found.position, found.subject) == (4, str(SECOND_ALLEGATION))
    since.also(EnquiryReopened(enquiry=ENQUIRY)).then_no_finding(LEFT)
    since.also(replace(begun, enquiry=EnquiryRef(ref(41)))).then_no_finding(LEFT)
    since.also(EnquiryReopened(enquiry=ENQUIRY), a_conclusion()).then_no_finding(LEFT)
    since.also(a_closure()).then_finding(LEFT)
    replace(since, facts=since.facts[:3]).then_no_finding(LEFT)
    refused = given(a_referral(), jurisdiction=nation).when(
        DecideDuty(
            criteria=(),
            result=nation.no_duty_results[0],
            decided_on=DAY,
            rationale=words("Another service answers it."),
        )
    )
    refused.history.also(a_closure()).then_no_finding(LEFT)
