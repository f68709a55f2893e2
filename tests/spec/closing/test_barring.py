from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.advice import RegulatoryReferralMade
from domain.barring import (
    DbsReferralDutyIdentified,
    DbsReferralMade,
    IdentifyDbsReferralDuty,
    RecordDbsReferral,
)
from domain.closure import CaseReopened
from domain.jurisdictions import Jurisdiction
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.outcome import PachOutcomeRecorded
from domain.stage import CHOSEN, NO_CALENDAR
from domain.words import BarringDutyRef, Code, ConferenceRef, Due, Slug
from tests.controls import COUNCIL, NATIONS, PACH, SISTER, a_closure, a_referral, ref, words
from tests.given import Given, at, given

RULES = ("R132", "R133", "R134", "R135", "R136", "R137")

DUTY = BarringDutyRef(ref(84))
PROVIDER = Slug("quiet-care")
WHY = words("Permission was withdrawn on Friday.")
IDENTIFY = IdentifyDbsReferralDuty(
    duty=DUTY,
    provider=PROVIDER,
    person=PACH,
    permission_withdrawn=Code("yes"),
    would_have_been=Code("no"),
    grounds=(Code("harm_test"),),
    due_on=date(2026, 12, 4),
    rationale=WHY,
)
DUE = Due(on=date(2026, 12, 4), rule=CHOSEN, start=date(2026, 11, 24), calendar=NO_CALENDAR)
IDENTIFIED = DbsReferralDutyIdentified(
    duty=DUTY,
    provider=PROVIDER,
    person=PACH,
    permission_withdrawn=Code("yes"),
    would_have_been=Code("no"),
    grounds=(Code("harm_test"),),
    due=DUE,
    rationale=WHY,
)
MADE = DbsReferralMade(duty=DUTY, provider=PROVIDER, made_by=PROVIDER, confirmed=Code("yes"))
OUTCOME = PachOutcomeRecorded(subject=Code("individual"), outcomes=(Code("dbs_referral"),))


def case(*more: object, nation: Jurisdiction = ENGLAND) -> Given:
    """Begin with a referral, and these on 24 November."""
    placed = [
        one if not more or number else at("2026-11-24", one) for number, one in enumerate(more)
    ]
    return given(a_referral(), *placed, jurisdiction=nation)


def test_a_duty_is_identified_with_what_it_rests_on() -> None:
    """The provider's duty is recorded with its conditions, its ground and its day (R133, R134)."""
    given(a_referral()).when(IDENTIFY, on="2026-11-24").then(IDENTIFIED)


@pytest.mark.parametrize(
    "ground",
    [
        pytest.param("relevant_conduct", id="R135-relevant_conduct"),
        pytest.param("harm_test", id="R136-harm_test"),
        pytest.param("relevant_offence", id="R137-relevant_offence"),
    ],
)
def test_a_ground_is_one_of_the_law(ground: str) -> None:
    """The grounds of England's law are its list, and not Scotland's (each of R135 to R137)."""
    ask = replace(IDENTIFY, grounds=(Code(ground),))
    outcome = case().when(ask, on="2026-11-24")
    outcome.then(replace(IDENTIFIED, grounds=(Code(ground),)))
    outcome.then_no_finding("barring_ground_unrecorded")
    case(nation=SCOTLAND).when(ask).then_refused("I11", code="not_in_list")


@pytest.mark.parametrize("ground", SCOTLAND.lists["barring_ground"])
def test_scotland_has_its_own_grounds(ground: str) -> None:
    """The grounds of Scotland's law are its own (R135)."""
    ask = replace(IDENTIFY, grounds=(Code(ground),))
    case(nation=SCOTLAND).when(ask).then_recorded(DbsReferralDutyIdentified)
    case().when(ask).then_refused("I11")


def test_a_duty_without_a_ground_is_a_finding() -> None:
    """A duty whose ground nobody recorded is criticised, not refused (R135, R136, R137)."""
    code = "barring_ground_unrecorded"
    case().when(replace(IDENTIFY, grounds=())).then_finding(code)
    case(IDENTIFIED).then_no_finding(code)


def test_whoever_left_first_left_somehow() -> None:
    """Permission that would have been withdrawn, without how the person left, is a finding (R134).

    That it is not recorded is no answer to that.
    """
    code = "barring_leaving_unrecorded"
    left = replace(IDENTIFIED, permission_withdrawn=Code("no"), would_have_been=Code("yes"))
    case(IDENTIFIED).then_no_finding(code)
    case(left).then_finding(code)
    case(replace(left, leaving_reason=Code("not_recorded"))).then_finding(code)
    for reason in ("resigned", "retired", "redundant", "transferred"):
        case(replace(left, leaving_reason=Code(reason))).then_no_finding(code)


def test_a_duty_rests_on_permission_withdrawn() -> None:
    """A duty with neither permission withdrawn nor that it would have been is a finding (R134)."""
    code = "barring_condition_unrecorded"
    unknown = replace(IDENTIFIED, permission_withdrawn=Code("not_known"))
    case(unknown).then_finding(code)
    case(IDENTIFIED).then_no_finding(code)
    left = replace(unknown, would_have_been=Code("yes"), leaving_reason=Code("resigned"))
    case(left).then_no_finding(code)


def test_a_duty_not_met_by_its_day_is_a_finding() -> None:
    """A duty identified and no referral by its day is a finding the day after (R133)."""
    code = "barring_referral_not_made"
    case(IDENTIFIED).on("2026-12-04").then_no_finding(code)
    case(IDENTIFIED).on("2026-12-05").then_finding(code, severity="high")
    case(IDENTIFIED, MADE).on("2026-12-05").then_no_finding(code)
    case(IDENTIFIED, replace(MADE, duty=None)).on("2026-12-05").then_no_finding(code)
    other = replace(MADE, duty=None, provider=Slug("other-care"))
    case(IDENTIFIED, other).on("2026-12-05").then_finding(code)


def test_a_referral_meets_the_duty_about_the_same_person() -> None:
    """A referral of one person leaves the provider's duty about another (R133)."""
    code, second = "barring_referral_not_made", BarringDutyRef(ref(85))
    sister = replace(IDENTIFIED, duty=second, person=SISTER)
    both = case(IDENTIFIED, sister).on("2026-12-05")
    named = replace(MADE, duty=None, person=PACH)
    told = RegulatoryReferralMade(referral=None, body=Code("barring"), made_by=PROVIDER)

    def open_after(*made: object) -> list[str | None]:
        return [one.subject for one in both.also(*made).findings() if one.code == code]

    assert open_after(MADE) == open_after(named) == open_after(told) == [str(second)]
    assert open_after(MADE, replace(MADE, duty=second)) == []
    assert open_after(told, told) == []
    again = replace(sister, person=PACH)  # a duty recorded twice is met by one referral
    case(IDENTIFIED, again, replace(named, duty=DUTY)).on("2026-12-05").then_no_finding(code)


def test_a_duty_without_a_day_is_asked_of_at_the_end() -> None:
    """England's law has no day: such a duty not met is a finding once the case closes (R133)."""
    code = "barring_referral_not_made"
    undated = case().when(replace(IDENTIFY, due_on=None), on="2026-11-24").history
    undated.on("2027-11-24").then_no_finding(code)
    awaited = "barring_referral_awaited"
    undated.on("2026-12-22").then_no_finding(awaited)
    undated.on("2026-12-23").then_finding(awaited, severity="low")
    undated.also(MADE).on("2026-12-23").then_no_finding(awaited)
    case(IDENTIFIED).on("2026-12-23").then_no_finding(awaited)
    closed = undated.also(at("2026-12-20", a_closure()))
    closed.then_finding(code)
    closed.on("2026-12-23").then_no_finding(awaited)
    again = closed.also(at("2027-01-11", CaseReopened(reason=Code("new_information"))))
    again.then_finding(code)  # to take the case up again meets nothing
    (found,) = [one for one in again.findings() if one.code == code]
    assert found.since is not None
    assert found.since.day == date(2026, 12, 20)
    afterwards = given(a_referral(), at("2026-12-20", a_closure()), again.facts[-1].event)
    afterwards.also(replace(IDENTIFIED, due=None)).then_no_finding(code)  # of what came since
    shut = (a_referral(), at("2026-12-20", a_closure()))
    came = given(*shut, at("2027-01-11", replace(IDENTIFIED, due=None))).on("2027-12-01")
    came.then_no_finding(awaited)  # of a case that is closed


def test_scotlands_law_gives_three_months() -> None:
    """In Scotland the referral is due three months after the duty arose, unless sooner (R133)."""
    ask = replace(IDENTIFY, due_on=None, grounds=(Code("harmed"),))
    event = case(nation=SCOTLAND).when(ask, on="2026-11-24").events[0]
    assert isinstance(event, DbsReferralDutyIdentified)
    assert event.due is not None
    assert (event.due.on, event.due.rule) == (date(2027, 2, 24), "barring_referral")
    undated = case().when(replace(IDENTIFY, due_on=None)).events[0]
    assert isinstance(undated, DbsReferralDutyIdentified)
    assert undated.due is None


@pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
def test_the_provider_refers_and_the_council_confirms(nation: Jurisdiction) -> None:
    """A referral says whose it was, what it is called, and that it was confirmed (R132, R133)."""
    ask = RecordDbsReferral(
        provider=PROVIDER, made_by=PROVIDER, person=PACH, reference=words("B/9")
    )
    event = DbsReferralMade(
        provider=PROVIDER,
        made_by=PROVIDER,
        person=PACH,
        reference=words("B/9"),
        confirmed=Code("not_recorded"),
    )
    asked = case(nation=nation).when(ask)
    asked.then(event)
    asked.then_finding("barring_referral_unconfirmed")
    confirmed = case(nation=nation).when(replace(ask, confirmed=Code("yes")))
    confirmed.then_no_finding("barring_referral_unconfirmed")


def test_a_referral_by_somebody_else_is_a_finding() -> None:
    """A referral made by another than the provider is recorded, with a finding (R133)."""
    code = "barring_referred_by_another"
    case(IDENTIFIED, replace(MADE, made_by=COUNCIL)).then_finding(code, severity="medium")
    case(IDENTIFIED, replace(MADE, made_by=None)).then_no_finding(code)
    case(IDENTIFIED, MADE).then_no_finding(code)


def test_an_outcome_of_barring_is_followed_by_the_providers_referral() -> None:
    """Barring as an outcome, without a referral by the provider itself, is a finding (R132)."""
    code = "barring_outcome_without_referral"
    case(OUTCOME).then_finding(code)
    case(OUTCOME, IDENTIFIED, MADE).then_no_finding(code)
    case(OUTCOME, IDENTIFIED, replace(MADE, made_by=COUNCIL)).then_finding(code)
    other = replace(OUTCOME, outcomes=(Code("police_action"),))
    case(other).then_no_finding(code)


def test_a_referral_to_the_barring_body_is_one_wherever_it_is_recorded() -> None:
    """A regulatory referral to the barring body by the provider meets its duty (R132, R133)."""
    told = RegulatoryReferralMade(referral=None, body=Code("barring"), made_by=PROVIDER)
    met = case(IDENTIFIED, OUTCOME, told).on("2027-01-10")
    met.then_no_finding("barring_referral_not_made")
    met.then_no_finding("barring_outcome_without_referral")
    nursing = replace(told, body=Code("nursing_and_midwifery"))
    unmet = case(IDENTIFIED, OUTCOME, nursing).on("2027-01-10")
    unmet.then_finding("barring_referral_not_made")
    unmet.then_finding("barring_outcome_without_referral")


def test_what_barring_names_is_of_the_case() -> None:
    """A duty has a reference of its own; a referral answers a duty of the case (I1)."""
    case(IDENTIFIED).when(IDENTIFY).then_refused("I1")
    case().when(replace(IDENTIFY, conference=ConferenceRef(ref(599)))).then_not_found()
    case().when(RecordDbsReferral(duty=DUTY, provider=PROVIDER)).then_not_found()


def test_a_referral_made_after_the_end_is_recorded() -> None:
    """A referral made after the case closed is recorded; a new duty needs it reopened (I14)."""
    closed = case(IDENTIFIED, at("2026-12-20", a_closure()))
    made = RecordDbsReferral(duty=DUTY, provider=PROVIDER, made_by=PROVIDER)
    closed.when(made, on="2027-02-01").then_recorded(DbsReferralMade)
    again = replace(IDENTIFY, duty=BarringDutyRef(ref(85)))
    closed.when(again, on="2027-02-01").then_refused("I14")
