"""A duty to enquire was found, and no enquiry followed it in the time the authority gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.adopting import AdoptPolicy, OwnLimit
from domain.causing import OpenLargeScaleEnquiry
from domain.closure import CaseReopened
from domain.duty import Criterion, DecideDuty
from domain.enquiry import OpenEnquiry
from domain.forward import CaseBroughtForward
from domain.intake import StartDutyToInquire, TransferCase
from domain.jurisdictions import Jurisdiction, Limit
from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND
from domain.linking import LinkLargeScaleEnquiry
from domain.policy import Policy
from domain.words import Code, ExternalReference, LargeScaleRef, Personal, Slug
from tests.controls import ADULT, CASE, ENQUIRY, NATIONS, a_closure, a_referral, ref, words
from tests.given import Given, at, given

RULES = ("R150",)
CODE = "duty_without_enquiry"
BROUGHT = CaseBroughtForward(
    adult=ADULT,
    reference=ExternalReference(system=Slug("case-system"), id=Personal(CASE, "S-1")),
    stage=Code("concern"),
    matters=(),
)
EACH_NATION = pytest.mark.parametrize("nation", NATIONS, ids=lambda nation: nation.code)
LAST = {"england": "2026-11-18", "scotland": "2026-11-11"}  # of 14 days from the 4th, and of 7
AFTER = {"england": "2026-11-19", "scotland": "2026-11-12"}


def decide(nation: Jurisdiction, *, met: bool = True, day: str = "2026-11-04") -> DecideDuty:
    """Ask to decide that there is a duty, or none."""
    return DecideDuty(
        criteria=tuple(
            Criterion(criterion=one, answer=Code("yes" if met else "no")) for one in nation.criteria
        ),
        result=nation.duty_enquiries[0] if met else nation.no_duty_results[-2],
        disposal=None if met else Code("advice"),
        decided_on=date.fromisoformat(day),
        rationale=words("Told by two people; the adult agrees."),
    )


def met(nation: Jurisdiction = ENGLAND, policies: tuple[Policy, ...] = ()) -> Given:
    """Begin with a referral on 2 November, and a duty found on the 4th."""
    begun = given(a_referral(), jurisdiction=nation, policies=policies)
    return begun.when(decide(nation), on="2026-11-04").history


def enquire(nation: Jurisdiction, day: str) -> OpenEnquiry:
    """Ask to open the enquiry that the duty asks for."""
    kind = nation.duty_enquiries[0]
    return OpenEnquiry(enquiry=ENQUIRY, kind=kind, opened_on=date.fromisoformat(day))


@EACH_NATION
def test_a_duty_met_asks_for_an_enquiry(nation: Jurisdiction) -> None:
    """No enquiry opened in the time after the duty was found weighs high (R150)."""
    history, last, after = met(nation), LAST[nation.code], AFTER[nation.code]
    history.on(last).then_no_finding(CODE)
    late = history.on(after).then_finding(CODE, severity="high")
    (one,) = (one for one in late.findings() if one.code == CODE)
    assert one.since is not None
    assert one.since.text == last  # the last day in time
    assert last in one.words
    late.when(enquire(nation, after), on=after).then_no_finding(CODE)


@EACH_NATION
def test_no_duty_asks_for_none(nation: Jurisdiction) -> None:
    """Where there is no duty, or none since it was decided anew, nothing is asked (R154)."""
    begun = given(a_referral(), jurisdiction=nation)
    begun.on("2027-02-01").then_no_finding(CODE)
    none = begun.when(decide(nation, met=False)).history
    none.on("2027-02-01").then_no_finding(CODE)
    anew = met(nation).when(decide(nation, met=False, day="2026-11-09"), on="2026-11-09").history
    anew.on("2027-02-01").then_no_finding(CODE)


def test_what_begins_an_enquiry_otherwise_answers() -> None:
    """A council that began to inquire, or enquires into the whole service, enquires (R3)."""
    begun = met(SCOTLAND).when(StartDutyToInquire(urgency=Code("usual"))).history
    begun.on("2027-02-01").then_no_finding(CODE)
    reason = Code("several_adults")
    large = met().when(OpenLargeScaleEnquiry(reason=reason)).history
    large.on("2027-02-01").then_no_finding(CODE)
    linked = met().when(LinkLargeScaleEnquiry(large_scale=LargeScaleRef(ref(700)))).history
    linked.on("2027-02-01").then_no_finding(CODE)
    away = TransferCase(
        authority=Slug("other-council"),
        reason=Code("abuse_occurred_there"),
        counted_by=Code("receiving"),
        accepted=Code("yes"),
    )
    met().when(away).history.on("2027-02-01").then_no_finding(CODE)
    asked = met().when(replace(away, accepted=Code("not_known"))).history
    asked.on("2027-02-01").then_finding(CODE)


def test_an_authority_gives_its_own_time() -> None:
    """The time is the authority's own, where its policy of that day has one (G14)."""
    limit = Limit(amount=2, unit=Code("months"), counted_from="the decision", cite="Ours, 3")
    ours = Policy(
        version=Slug("ours"), effective=date(2026, 1, 1), limits={"enquiry_opened": limit}
    )
    history = met(policies=(ours,))
    history.on("2027-01-04").then_no_finding(CODE)
    history.on("2027-01-05").then_finding(CODE)


def test_how_it_is_counted_is_in_days_of_the_calendar() -> None:
    """Its limit is of days, weeks or months, which need no calendar of an office."""
    given().when(
        AdoptPolicy(
            version=Slug("ours"),
            effective=date(2026, 1, 1),
            limits=(
                OwnLimit(
                    name=Code("enquiry_opened"),
                    amount=7,
                    unit=Code("working_days"),
                    cite=words("Ours, 3"),
                ),
            ),
        )
    ).then_refused("policy", code="no_such_limit")


def test_a_case_closed_unenquired_had_no_more_time() -> None:
    """A case closed with a duty and no enquiry is criticised at once, and stays so."""
    closed = met().also(at("2026-11-06", a_closure()))
    closed.then_finding(CODE)
    closed.on("2027-02-01").then_finding(CODE)
    for reason in ("died", "moved"):
        why = replace(a_closure(), reason=Code(reason), reason_other=None)
        over = met().also(at("2026-11-06", why))
        over.on("2027-02-01").then_no_finding(CODE)
        late = met().also(at("2026-12-01", why))
        late.then_finding(CODE)  # its time had run out


def test_an_enquiry_before_a_closing_is_not_that_of_another_duty() -> None:
    """A duty found after a case was taken up again asks for an enquiry of its own."""
    first = met().when(enquire(ENGLAND, "2026-11-05"), on="2026-11-05").history
    closed = first.also(at("2026-12-01", a_closure()))
    closed.then_no_finding(CODE)
    again = closed.also(at("2027-01-04", CaseReopened(reason=Code("new_referral"))))
    again.on("2027-06-01").then_no_finding(CODE)
    anew = again.when(decide(ENGLAND, day="2027-01-05"), on="2027-01-05").history
    anew.on("2027-06-01").then_no_finding(CODE)  # the first enquiry is open still


def test_what_was_before_a_case_came_is_not_judged() -> None:
    """A duty found before a case was brought forward may have had its enquiry then (R150)."""
    system, came = Slug("case-system"), date(2027, 1, 4)
    brought = given(at(came, BROUGHT, source=system))
    before = decide(ENGLAND, day="2026-12-29")
    late = brought.when(before, on=came, occurred="2026-12-29", source=system).history
    late.on("2027-06-01").then_no_finding(CODE)
    here = brought.when(decide(ENGLAND, day="2027-01-05"), on="2027-01-05").history
    here.on("2027-06-01").then_finding(CODE)
